"""Backups and copies: the same content on either back end, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from catalogue.decision import Decision
from catalogue.errors import ConfigurationError, UsageError
from store import backup, copying, decisions, merged, payloads, records, rowstream
from store.database import Store, connect_store, migrate_to, open_store, schema_version
from store.rowstream import Digest
from store.schema import SCHEMA_VERSION
from store.staging import StagedRow

AT = "2026-01-01T03:00:00Z"
PAYLOAD = "Sinuhe egyptiläinen ".encode() * 1000
DECISION = Decision(
    id=0, answer="same", level="edition", left="otava:1", right="helmet:2", evidence_key="k", author="Åsa", made_at=AT,
    weight=-0.1, seen={"otava:1": {"title": "Åbo \ud800"}},
)  # fmt: skip
RELEASED = ("0001", "0002", "0003")

ON_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def quiet(_said: str) -> None:
    pass


@pytest.fixture
def full(store: Store, promote: Callable[..., Any], row: Callable[..., StagedRow]) -> Store:
    """A store with something of everything that is hard to carry: bytes, JSON, numbers that were given out and went."""
    promote([row(n, f"ä{n}") for n in range(1, 6)])
    promote([row(1, "ä1", title="Työmiehen vaimo", outcome="changed")], night=1)
    sha256, size = payloads.keep_bytes(store.data_dir, io.BytesIO(PAYLOAD))
    with store.write() as connection:
        payloads.keep_row(connection, payloads.StoredPayload(sha256, "otava", "a.xml", "text/xml", size, AT))
        decisions.append(connection, DECISION)
        for name in ("w1", "w2", "w3"):
            merged.log(connection, "upsert", name, at=AT)
        connection.execute(text("DELETE FROM change_log WHERE id = 'w3'"))
        connection.execute(text("INSERT INTO desk_session VALUES (:token, 'åsa', '', '', '')"), {"token": b"\0\xff"})
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store beside the first, with a data directory of its own."""
    url = f"sqlite:///{tmp_path / 'other.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_database")()
    opened = connect_store(url, tmp_path / "other")
    yield opened
    opened.close()


@pytest.fixture
def archive(full: Store, tmp_path: Path) -> Path:
    path = tmp_path / "one.lyhde"
    backup.write(full, path, AT, tell=quiet)
    return path


def restore(store: Store, path: Path, *, force: bool = False) -> None:
    with backup.opened(path) as (archive, manifest):
        copying.check_replaceable(store, force=force)
        backup.restore_payloads(archive, manifest, store.data_dir)
        copying.replace(store, backup.content(archive, manifest), quiet)


def everything(store: Store) -> dict[str, tuple[int, str]]:
    """Table → rows and SHA-256."""
    found = {}
    with store.read() as connection:
        for shape in rowstream.shapes(connection):
            digest = Digest()
            assert sum(1 for _ in rowstream.read_lines(connection, shape, digest)) == digest.rows
            found[shape.name] = digest.said
    return found


def test_a_restored_backup_is_what_was_backed_up(full: Store, other: Store, archive: Path) -> None:
    restore(other, archive)
    assert everything(other) == everything(full)
    assert everything(full)["record_revision"][0] == 1
    with other.read() as connection:
        assert decisions.every(connection) == [DECISION.model_copy(update={"id": 1})]
    with payloads.open_payload(other.data_dir, hashlib.sha256(PAYLOAD).hexdigest()) as stream:
        assert stream.read() == PAYLOAD


@ON_SQLITE
def test_numbers_are_never_given_out_again(other: Store, archive: Path) -> None:
    restore(other, archive)
    with other.write() as connection:
        assert merged.log(connection, "upsert", "w4", at=AT) == 4
        assert decisions.append(connection, DECISION).id == 2


@ON_SQLITE
def test_sign_ins_do_not_come_back(other: Store, archive: Path) -> None:
    restore(other, archive)
    with other.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM desk_session")) == 0


def test_a_copy_is_what_was_copied(full: Store, other: Store) -> None:
    with copying.content_of(full) as content:
        found = copying.replace(other, content, quiet)
    assert found == everything(other) == everything(full)


@pytest.mark.parametrize("other", ["sqlite"], indirect=True)
def test_a_backup_shows_one_moment_though_others_write(full: Store, other: Store, tmp_path: Path) -> None:
    before = everything(full)

    def write(said: str) -> None:
        with full.write() as connection:
            merged.log(connection, "upsert", said, at=AT)

    backup.write(full, tmp_path / "b.lyhde", AT, tell=write)
    restore(other, tmp_path / "b.lyhde")
    assert everything(other) == before
    assert everything(full) != before


def test_a_store_that_holds_something_is_replaced_only_by_force(full: Store, archive: Path) -> None:
    before = everything(full)
    with full.write() as connection:
        merged.log(connection, "upsert", "w9", at=AT)
    with pytest.raises(UsageError, match="--force"):
        restore(full, archive)
    restore(full, archive, force=True)
    assert everything(full) == before


def flipped(data: bytes) -> bytes:
    place = data.index(b"payloads/", data.index(b"rows/work_term")) + 520
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: data[: len(data) // 2], "no backup|damaged"),
        (lambda data: data[:-20_000], "no backup|damaged"),
        (flipped, "is not what was written"),
        (lambda data: data.replace(b'"version": 1', b'"version": 2'), "damaged"),
        (lambda data: b"<html>" * 2000, "no backup"),
        (lambda data: b"", "no backup"),
    ],
    ids=["half", "end", "bit", "manifest", "other", "empty"],
)
@ON_SQLITE
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    full: Store, archive: Path, spoil: Callable[[bytes], bytes], said: str
) -> None:
    before = everything(full)
    archive.write_bytes(spoil(archive.read_bytes()))
    with pytest.raises(UsageError, match=said):
        restore(full, archive, force=True)
    assert everything(full) == before


@ON_SQLITE
def test_a_backup_of_a_newer_program_is_refused(full: Store, archive: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.lyhde"
    with tarfile.open(archive) as old, tarfile.open(newer, "w") as new:
        for member in old.getmembers():
            data = old.extractfile(member).read()  # type: ignore[union-attr]  # every member is a file
            if member.name == backup.MANIFEST:
                data = sealed = json.dumps({**json.loads(data), "schema": "9999"}).encode()
            elif member.name == backup.SEAL:
                data = hashlib.sha256(sealed).hexdigest().encode()
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    with pytest.raises(ConfigurationError, match="newer than this program"):
        restore(full, newer, force=True)


@ON_SQLITE
def test_a_backup_never_replaces_another_and_is_for_its_owner_alone(full: Store, archive: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there already"):
        backup.write(full, archive, AT, tell=quiet)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@ON_SQLITE
def test_payload_files_that_are_gone_or_damaged_are_named(full: Store, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(PAYLOAD).hexdigest()
    payloads.path_of(full.data_dir, sha256).write_bytes(b"rot")
    manifest = backup.write(full, tmp_path / "b.lyhde", AT, tell=quiet)
    assert manifest.missing == [sha256]


@ON_SQLITE
def test_a_damaged_payload_file_is_mended_by_restoring(full: Store, archive: Path) -> None:
    sha256 = hashlib.sha256(PAYLOAD).hexdigest()
    payloads.path_of(full.data_dir, sha256).write_bytes(b"rot")
    restore(full, archive, force=True)
    assert payloads.is_whole(full.data_dir, sha256)


@pytest.mark.parametrize("version", RELEASED)
def test_a_store_of_every_released_schema_is_brought_up_to_date(fresh_url: str, tmp_path: Path, version: str) -> None:
    old = connect_store(fresh_url, tmp_path)
    fill(old, version)
    old.close()
    new = open_store(fresh_url, tmp_path)
    check(new, version)
    new.close()


@pytest.mark.parametrize("version", RELEASED[-1:])
@pytest.mark.parametrize("other", ["sqlite"], indirect=True)
def test_a_backup_of_an_older_schema_is_restored_and_brought_up_to_date(
    fresh_url: str, tmp_path: Path, other: Store, version: str
) -> None:
    old = connect_store(fresh_url, tmp_path)
    fill(old, version)
    assert backup.write(old, tmp_path / "old.lyhde", AT, tell=quiet).schema == version
    assert schema_version(old) == version  # a backup is made before the upgrade: it upgrades nothing
    old.close()
    restore(other, tmp_path / "old.lyhde")
    check(other, version)


def fill(store: Store, version: str) -> None:
    """What a store of that schema held."""
    with store.write() as connection:
        migrate_to(connection, version)
        connection.execute(
            text(
                "INSERT INTO source_record (source, source_id, status, payload, position, run, revision, first_seen_at,"
                " updated_at) VALUES ('otava', 'ä', 'deleted', 'p', 1, 1, 1, :at, :at)"
            ),
            {"at": AT},
        )
        if version >= "0002":
            connection.execute(
                text(
                    'INSERT INTO decision (answer, level, "left", "right", over, lifts, evidence_key, author, made_at)'
                    " VALUES ('same', 'edition', 'otava:1', 'helmet:2', '[]', '[]', 'k', 'Åsa', :at)"
                ),
                {"at": AT},
            )
            connection.execute(
                text(
                    'INSERT INTO review_case ("case", kind, level, state, priority, opened, changed_at, document)'
                    " VALUES ('m1', 'match', 'edition', 'answered', 1, :at, :at, :document)"
                ),
                {"at": AT, "document": b"x"},
            )


def check(store: Store, version: str) -> None:
    """That it is still there, in the present schema."""
    assert schema_version(store) == SCHEMA_VERSION
    with store.write() as connection:
        assert records.count(connection) == {"deleted": 1}
        if version >= "0002":
            (made,) = decisions.every(connection)
            assert (made.author, made.seen, made.case) == ("Åsa", {}, None)
            assert connection.execute(text("SELECT version, reopened FROM review_case")).one() == (1, None)
            assert decisions.append(connection, DECISION).id == 2


def _restore_for_ever(url: str, folder: Path, path: Path, ready: Any) -> None:
    def tell(said: str) -> None:
        if said == "rows":
            ready.set()

    def slowly(lines: Iterator[bytes]) -> Iterator[bytes]:
        for line in lines:
            yield line
            time.sleep(0.5)

    store = connect_store(url, folder)
    with backup.opened(path) as (archive, manifest):
        backup.restore_payloads(archive, manifest, store.data_dir)
        content = backup.content(archive, manifest)
        slow = copying.Content(
            content.schema, content.shapes, content.counters, lambda *what: slowly(content.lines(*what))
        )
        copying.replace(store, slow, tell)


def test_a_restore_that_is_killed_leaves_the_old_store_and_can_be_done_again(
    full: Store, archive: Path, store_url: str, tmp_path: Path
) -> None:
    with full.write() as connection:
        merged.log(connection, "upsert", "w9", at=AT)
    before = everything(full)
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_restore_for_ever, args=(store_url, tmp_path, archive, ready), daemon=True)
    process.start()
    assert ready.wait(60)
    time.sleep(0.5)
    process.kill()
    process.join()
    assert everything(full) == before
    restore(full, archive, force=True)
    assert everything(full) != before
