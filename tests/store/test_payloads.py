from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from catalogue.errors import NotFound
from store import payloads
from store.database import Store
from store.payloads import StoredPayload


class Torn(io.BytesIO):
    """A stream that breaks in the middle."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("the disk is gone")
        return super().read(5)


def test_bytes_come_back_as_they_were_received(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    sha256, size = payloads.keep_bytes(tmp_path, io.BytesIO(data))
    assert (sha256, size) == (hashlib.sha256(data).hexdigest(), len(data))
    with payloads.open_payload(tmp_path, sha256) as stream:
        assert stream.read(len(data) + 1) == data


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    for _ in range(3):
        payloads.keep_bytes(tmp_path, io.BytesIO(b"<ONIXMessage/>"))
    assert len([path for path in (tmp_path / "payloads").rglob("*") if path.is_file()]) == 1


def test_the_name_of_a_payload_is_as_durable_as_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    sha256, _ = payloads.keep_bytes(tmp_path, io.BytesIO(b"<ONIXMessage/>"))
    path = payloads.path_of(tmp_path, sha256)
    assert synced == [each.stat().st_ino for each in (path, path.parent, path.parent.parent)]


def test_a_payload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk is gone"):
        payloads.keep_bytes(tmp_path, Torn(b"0123456789"))
    assert [path for path in (tmp_path / "payloads").rglob("*") if path.is_file()] == []


def test_the_first_sender_of_a_content_stays_its_source(store: Store) -> None:
    first = StoredPayload("a" * 64, "otava", "a.xml", "application/xml", 7, "2026-01-01T00:00:00Z")
    with store.write() as connection:
        payloads.keep_row(connection, first)
        payloads.keep_row(connection, StoredPayload("a" * 64, "wsoy", "b.xml", "", 7, "2026-01-02T00:00:00Z"))
        assert payloads.find(connection, "a" * 64) == first


def test_a_missing_payload_is_named(store: Store, tmp_path: Path) -> None:
    with store.read() as connection, pytest.raises(NotFound):
        payloads.find(connection, "b" * 64)
    with pytest.raises(NotFound, match="backup"), payloads.open_payload(tmp_path, "b" * 64):
        pass
