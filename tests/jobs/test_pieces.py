"""Loose files are opened as a harvest opens them: gzip, zstd and zip, with the same suspicion."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from catalogue.errors import LossBudgetExceeded, UsageError
from jobs.checking import Tally, check_files, read_files
from jobs.pieces import require_some

DELETES = b"000000101\n000000102\n"
HTML = b"<!DOCTYPE html><html><body>maintenance</body></html>"


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return packed.getvalue()


def check(path: Path, data: bytes) -> tuple[list[dict[str, object]], Tally]:
    path.write_bytes(data)
    tally = Tally()
    return list(tally.over(check_files([path], "en"))), tally


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress])
def test_compressed_or_not_a_file_is_read_under_its_own_name(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (*_, summary), tally = check(tmp_path / "ids.txt", pack(DELETES))
    assert (summary["file"], summary["format"], summary["deleted"]) == (str(tmp_path / "ids.txt"), "deleteids", 2)
    assert (tally.read, tally.unread) == (2, 0)


def test_an_archive_gives_a_summary_of_each_member(tmp_path: Path) -> None:
    rows, tally = check(tmp_path / "a.zip", zipped(b=HTML, sub__a=DELETES))
    told = [(row["file"], row["deleted"], row["quarantined"]) for row in rows if row["kind"] == "summary"]
    assert told == [(f"{tmp_path}/a.zip/b", 0, 1), (f"{tmp_path}/a.zip/sub/a", 2, 0)]
    assert (tally.read, tally.unread) == (2, 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(), "the archive holds no files"),
        (zipped(**{"..__..__etc__passwd": DELETES}), "leads out of the archive"),
        (zipped(**{"C:\\feeds\\a.txt": DELETES}), "leads out of the archive"),
        (zipped(a=zipped(b=DELETES)), "is an archive itself"),
        (zipped(a=b" " * 2**22), "more than 200 times its size"),
        (zipped(a=DELETES)[:-30], "damaged archive"),
        (b"PK\x03\x04 and nothing more", "damaged archive"),
    ],
)
def test_an_archive_that_is_refused_is_one_defect_with_the_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    rows, tally = check(tmp_path / "a.zip", data)
    defect, summary = rows
    assert (defect["code"], summary["quarantined"]) == ("payload.compression", 1)
    assert reason in str(defect["text"])
    assert (tally.read, tally.unread) == (0, 1)


def test_members_before_the_one_that_is_refused_were_read(tmp_path: Path) -> None:
    rows, _ = check(tmp_path / "a.zip", zipped(a=DELETES, b=gzip.compress(DELETES)))
    assert [row["file"] for row in rows if row["kind"] == "summary"] == [f"{tmp_path}/a.zip/a", f"{tmp_path}/a.zip"]


def test_nothing_is_left_behind_where_files_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "unpacking"))
    (tmp_path / "unpacking").mkdir()
    check(tmp_path / "a.zip", zipped(a=DELETES, b=DELETES))
    (tmp_path / "a.zip").write_bytes(zipped(a=DELETES, b=DELETES))
    assert list(read_files([tmp_path / "a.zip"]))
    assert not list((tmp_path / "unpacking").iterdir())


def test_a_file_that_is_not_there_is_a_mistake_of_the_command(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.xml", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            list(check_files([path], "en"))


@pytest.mark.parametrize(("read", "unread", "raises"), [(0, 3, True), (1, 3, False), (0, 0, False), (2, 0, False)])
def test_only_where_nothing_at_all_was_read_is_the_budget_exceeded(read: int, unread: int, raises: bool) -> None:
    if raises:
        with pytest.raises(LossBudgetExceeded, match="3 records"):
            require_some(read, unread)
    else:
        require_some(read, unread)
