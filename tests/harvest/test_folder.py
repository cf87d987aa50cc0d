from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.errors import FeedRefused
from harvest.fetched import FetchedFile, Seen
from harvest.folder import Received, opened
from harvest.transports import fetch
from ops.sources import SourceSettings


def source(path: Path, pattern: str = "**/*", **limits: int) -> SourceSettings:
    transport = {"kind": "folder", "path": path, "pattern": pattern}
    return SourceSettings.model_validate({"id": "otava", "transport": transport, "limits": limits})


def files(settings: SourceSettings, folder: Path, known: dict[str, Seen] | None = None) -> list[FetchedFile]:
    folder.mkdir(exist_ok=True)
    return list(fetch(settings, known or {}, folder))


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def test_a_folder_gives_its_files_in_order_of_name(tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    (feed / "sub").mkdir(parents=True)
    for name in ("b.xml", "a.mrc", "sub/c.xml", ".hidden.xml", "d.xml.part", "e.txt"):
        (feed / name).write_bytes(name.encode())
    (feed / "outside.xml").symlink_to("/etc/hostname")
    found = files(source(feed, "**/*.*"), tmp_path / "work")
    assert [file.name for file in found] == ["a.mrc", "b.xml", "e.txt", "sub/c.xml"]
    assert [file.media_type for file in found][:2] == ["application/marc", "application/xml"]


def test_a_single_file_is_a_feed_too(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    (file,) = files(source(tmp_path / "a.xml"), tmp_path / "work")
    assert (file.name, file.sha256) == ("a.xml", hashlib.sha256(b"<a/>").hexdigest())


def test_the_same_bytes_under_the_same_name_are_known(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    known = {"a.xml": Seen(hashlib.sha256(b"<a/>").hexdigest()), "b.xml": Seen("b" * 64)}
    assert [file.known for file in files(source(tmp_path, "*.xml"), tmp_path / "work", known)] == [True]


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedRefused, match="otava: there is no file or folder"):
        files(source(tmp_path / "none"), tmp_path / "work")


def test_a_file_above_the_byte_cap_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"x" * 101)
    with pytest.raises(FeedRefused, match="larger than 100 bytes"):
        files(source(tmp_path / "a.xml", max_bytes=100), tmp_path / "work")


def test_an_archive_gives_its_members(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("2.xml", b"<b/>"), ("1.xml", b"<a/>"), ("__MACOSX/._1.xml", b"x"))
    found = files(source(path), tmp_path / "work")
    assert [file.name for file in found] == ["a.zip/1.xml", "a.zip/2.xml"]
    assert [file.path and file.path.read_bytes() for file in found] == [b"<a/>", b"<b/>"]


def test_of_an_archive_only_the_members_that_are_the_feed_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("readme.txt", b"Hei!"), ("vol/1.xml", b"<a/>"), ("cover.jpg", b"\xff\xd8"))
    settings = source(path).model_copy(update={"members": "*.xml"})
    work = tmp_path / "work"
    assert [file.name for file in files(settings, work)] == ["a.zip/vol/1.xml"]
    assert len(list(work.iterdir())) == 1


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.xml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def _inner() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.xml", b"<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([("../evil.xml", b"<a/>")], "leads out"),
        ([("/etc/evil.xml", b"<a/>")], "leads out"),
        ([("..\\evil.xml", b"<a/>")], "leads out"),
        ([("C:\\feeds\\evil.xml", b"<a/>")], "leads out"),
        ([("\\\\host\\evil.xml", b"<a/>")], "leads out"),
        ([("a\\b.xml", b"<a/>"), ("a/b.xml", b"<a/>")], "two files of one name"),
        ([(_link(), b"/etc/passwd")], "a link"),
        ([("inner.zip", b"PK")], "an archive itself"),
        ([("disguised.xml", _inner())], "an archive itself"),
        ([("bomb.xml", b" " * 5_000_000)], "200 times"),
        ([], "holds no files"),
        ([("__MACOSX/._a.xml", b"<a/>")], "holds no files"),
        ([("1.xml", b"1" * 600_000), ("2.xml", b"2" * 600_000)], "unpacks to more than 1000000 bytes"),
    ],
)
def test_a_suspicious_archive_is_refused(
    tmp_path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]], reason: str
) -> None:
    cap = 1_000_000 if "1000000" in reason else 100_000_000
    path = zipped(tmp_path / "a.zip", *members)
    with pytest.raises(FeedRefused, match=reason):
        files(source(path, max_bytes=cap), tmp_path / "work")


def test_folders_of_an_archive_made_on_windows_are_folders(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("autumn\\", b""), ("autumn\\b.xml", b"<b/>"), ("autumn\\.a.xml", b"<a/>"))
    assert [file.name for file in files(source(path), tmp_path / "work")] == ["a.zip/autumn/b.xml"]


def test_an_archive_that_is_refused_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "autumn.zip", ("inner.zip", b"PK"))
    with pytest.raises(FeedRefused, match=r"autumn\.zip: the archive's member 'inner\.zip'"):
        files(source(path), tmp_path / "work")


def test_a_directory_that_would_fill_the_memory_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvest.archive.MAX_DIRECTORY_BYTES", 1000)
    names = [(f"{n}.xml", b"<a/>") for n in range(30)]
    path = zipped(tmp_path / "a.zip", *names)
    with monkeypatch.context() as patch:
        patch.setattr(zipfile, "ZipFile", None)
        with pytest.raises(FeedRefused, match="list of files is larger than 1000 bytes"):
            files(source(path), tmp_path / "work")
    assert len(files(source(zipped(tmp_path / "b.zip", *names[:10])), tmp_path / "work")) == 10


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("1.xml", b"<a>" + b"kirja" * 999 + b"</a>"))
    data = bytearray(path.read_bytes())
    data[45:50] = b"\0\0\0\0\0"
    path.write_bytes(data)
    with pytest.raises(FeedRefused, match="damaged archive"):
        files(source(path), tmp_path / "work")


def _spoilt_name(data: bytearray) -> None:
    data[data.rfind("ä".encode())] = 0xFF


def _spoilt_body(data: bytearray) -> None:
    data[55:90] = b"\xaa" * 35


@pytest.mark.parametrize(
    ("packing", "spoil", "reason"),
    [
        (zipfile.ZIP_DEFLATED, _spoilt_name, "damaged archive"),
        (zipfile.ZIP_LZMA, _spoilt_body, "damaged archive"),
        (zipfile.ZIP_BZIP2, _spoilt_body, "Invalid data stream"),
    ],
)
def test_damage_is_told_however_it_shows(
    tmp_path: Path, packing: int, spoil: Callable[[bytearray], None], reason: str
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("ä.xml", bytes(range(256)) * 99)
    data = bytearray(path.read_bytes())
    spoil(data)
    path.write_bytes(data)
    with pytest.raises(FeedRefused, match=reason):
        files(source(path), tmp_path / "work")


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped(path, ("1.xml", b"<a/>"), ("1.xml", b"<b/>"))
    with pytest.raises(FeedRefused, match="two files of one name"):
        files(source(path), tmp_path / "work")


def test_a_file_name_that_is_no_text_is_written_down(tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / os.fsdecode(b"p\xe4iv\xe4.xml")).write_bytes(b"<ONIXMessage/>")
    assert [file.name for file in files(source(folder), tmp_path / "work")] == ["p\\xe4iv\\xe4.xml"]


def test_a_file_that_goes_away_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(FeedRefused, match=r"gone.xml cannot be read"):
        list(opened(source(tmp_path), Received("gone.xml", tmp_path / "gone.xml"), {}, tmp_path))
