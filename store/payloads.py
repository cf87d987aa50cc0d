"""Payloads: the bytes as received, kept once per content, compressed, named by their SHA-256."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

import zstandard
from sqlalchemy import Connection, select

from catalogue.errors import NotFound
from catalogue.sentence import Sentence
from store.schema import payload
from store.upsert import upsert

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredPayload:
    """`name` is what the source called it."""

    sha256: str
    source: str
    name: str
    media_type: str
    size_bytes: int
    fetched_at: str


def keep_bytes(data_dir: Path, stream: IO[bytes], part_dir: Path | None = None) -> tuple[str, int]:
    """Keep a stream under its content's name: SHA-256 in hex and size. Kept bytes survive a crash from here on.

    The same content is kept once. No row is written: `keep_row` does, in the caller's transaction. `part_dir`, on the
    same disk, is where the file grows: what a killed process leaves there is the caller's to remove.
    """
    folder = part_dir or data_dir / "payloads"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle, part_name = tempfile.mkstemp(suffix=".part", dir=folder)
    part = Path(part_name)
    try:
        with os.fdopen(handle, "wb") as file:
            size = _compress(stream, file, digest)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(data_dir, digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        part.replace(target)
        sync(target.parent)
        sync(target.parent.parent)
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest(), size


def keep_row(connection: Connection, kept: StoredPayload) -> None:
    """Keep what is known about a payload; the first source that sent it stays its source."""
    row = {name: getattr(kept, name) for name in payload.columns.keys()}  # noqa: SIM118 - a column collection
    upsert(connection, payload, [row], update=())


def find(connection: Connection, sha256: str) -> StoredPayload:
    """The payload of a SHA-256. Raises NotFound."""
    row = connection.execute(select(payload).where(payload.c.sha256 == sha256)).one_or_none()
    if row is None:
        raise NotFound("payload", sha256)
    return StoredPayload(**row._mapping)


@contextmanager
def open_payload(data_dir: Path, sha256: str) -> Iterator[BinaryIO]:
    """Read a kept payload as it was received. Raises NotFound where its file is gone."""
    path = path_of(data_dir, sha256)
    if not path.is_file():
        raise NotFound(
            "payload", sha256, Sentence("{path} is missing: restore the data directory from its backup", path=path)
        )
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
        yield cast("BinaryIO", reader)


def has_payload(data_dir: Path, sha256: str) -> bool:
    """Whether the bytes are there."""
    return path_of(data_dir, sha256).is_file()


def lost(connection: Connection, data_dir: Path) -> int:
    """How many payloads are known whose files are not there."""
    return sum(not has_payload(data_dir, name) for name in connection.scalars(select(payload.c.sha256)))


def is_whole(data_dir: Path, sha256: str) -> bool:
    """Whether the bytes are there and are those of the name; reads them all."""
    digest = hashlib.sha256()
    try:
        with open_payload(data_dir, sha256) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
    except (NotFound, OSError, zstandard.ZstdError):
        return False
    return digest.hexdigest() == sha256


def keep_packed(data_dir: Path, sha256: str, stream: IO[bytes]) -> None:
    """Keep a payload that is compressed already, under a name that is known; whole, or not at all."""
    target = path_of(data_dir, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, part_name = tempfile.mkstemp(suffix=".part", dir=target.parent)
    part = Path(part_name)
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(stream, file, CHUNK_BYTES)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable: a name that was just given can be lost with the power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(data_dir: Path, sha256: str) -> Path:
    """Where the bytes of a payload lie, compressed."""
    return data_dir / "payloads" / sha256[:2] / f"{sha256}.zst"


def _compress(source: IO[bytes], target: IO[bytes], digest: hashlib._Hash) -> int:
    """Copy, hash and compress in one pass; the bytes read."""
    size = 0
    with zstandard.ZstdCompressor(level=3).stream_writer(target, closefd=False) as writer:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            writer.write(chunk)
            size += len(chunk)
    return size
