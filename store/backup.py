"""Backups: one file with everything a store holds, rows and payloads, from either back end and for either.

A tar file without compression of its own, whose members are, in this order:
``head.json`` (format, its version, schema, time), ``rows/TABLE.ndjson.zst`` (a head line, then one line for each
row, see `store.rowstream`), ``payloads/AB/SHA256.zst`` as in the data directory, ``manifest.json`` (rows and SHA-256
of every table, size and SHA-256 of every member) and ``manifest.sha256``. What ends before its manifest is no backup.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import zstandard

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from store import copying, payloads, rowstream
from store.copying import Content
from store.database import Store, check_known
from store.rowstream import Digest, Shape
from store.schema import payload

FORMAT = "lyhde-backup"
FORMAT_VERSION = 1
CHUNK_BYTES = 1 << 20
PAYLOAD_NAME = re.compile(r"payloads/([0-9a-f]{2})/(\1[0-9a-f]{62})\.zst")
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
Tell = Callable[[str], None]


@dataclass(slots=True)
class Manifest:
    """What a backup holds. `tables` maps to (rows, SHA-256 of the lines), `members` to (bytes, SHA-256)."""

    schema: str
    made_at: str
    version: int = FORMAT_VERSION
    format: str = FORMAT
    back_end: str = ""
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    members: dict[str, tuple[int, str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    payloads: bool = True

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def write(store: Store, target: Path, at: str, *, with_payloads: bool = True, tell: Tell) -> Manifest:
    """Write a backup, as of one moment, while others go on writing. It is there whole, or not at all.

    Payload files that the store names and that are gone or damaged are listed as `missing`. Raises UsageError where
    the file is there already or cannot be written.
    """
    if target.exists():
        raise UsageError(Sentence("{target} is there already: give another name", target=target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as folder:
            part = Path(folder) / "part"
            with copying.content_of(store) as content:
                manifest = Manifest(content.schema, at, back_end=store.engine.dialect.name, payloads=with_payloads)
                with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as archive:
                    _Writer(archive, manifest, Path(folder)).write(store, content, tell)
            part.chmod(0o600)  # it holds the hashes of passwords
            payloads.sync(part)
            part.rename(target)
            payloads.sync(target.parent)
    except OSError as error:
        raise UsageError(
            Sentence("{target} cannot be written: {why}", target=target, why=error.strerror or error)
        ) from error
    return manifest


@contextmanager
def opened(source: Path) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """A backup that was read once from end to end and is whole.

    Raises UsageError where it is damaged or none, ConfigurationError where its schema is newer than this program.
    """
    try:
        with tarfile.open(source, "r:") as archive:
            manifest = _manifest(archive)
            check_known(manifest.schema, f"{source}: the backup")
            _check_members(archive, manifest)
            yield archive, manifest
    except (tarfile.TarError, EOFError) as error:
        raise UsageError(Sentence("{source} is damaged, or no backup: {why}", source=source, why=error)) from error
    except OSError as error:
        raise UsageError(
            Sentence("{source} cannot be read: {why}", source=source, why=error.strerror or error)
        ) from error


def restore_payloads(archive: tarfile.TarFile, manifest: Manifest, data_dir: Path) -> int:
    """Put the payload files that are missing or not whole into the data directory; how many.

    It may be cut off and done again.
    """
    written = 0
    for name in manifest.members:
        found = PAYLOAD_NAME.fullmatch(name)
        if found and not payloads.is_whole(data_dir, found[2]):
            with _member(archive, name) as stream:
                payloads.keep_packed(data_dir, found[2], stream)
            written += 1
    return written


def content(archive: tarfile.TarFile, manifest: Manifest) -> Content:
    """The rows of a backup, to be put into a store."""
    shapes = [_shape(archive, name) for name in manifest.tables]

    def lines(shape: Shape, digest: Digest) -> Iterator[bytes]:
        with _rows(archive, shape.name) as stream:
            stream.readline()
            for line in stream:
                digest.add(line)
                yield line
        if digest.said != manifest.tables[shape.name]:
            raise UsageError(Sentence("table {table} of the backup is not what its manifest says", table=shape.name))

    return Content(manifest.schema, shapes, manifest.counters, lines)


@dataclass(slots=True)
class _Writer:
    archive: tarfile.TarFile
    manifest: Manifest
    folder: Path
    payloads: list[str] = field(default_factory=list)

    def write(self, store: Store, content: Content, tell: Tell) -> None:
        head = {name: getattr(self.manifest, name) for name in ("format", "version", "schema", "made_at", "back_end")}
        self._add_bytes("head.json", _json(head))
        self.manifest.counters = content.counters
        tell("rows")
        for shape in content.shapes:
            self._add_rows(shape, content)
        if self.manifest.payloads:
            tell("payloads")
            self._add_payloads(store)
        sealed = _json(self.manifest.as_json())
        self._add_bytes(MANIFEST, sealed)
        self._add_bytes(SEAL, hashlib.sha256(sealed).hexdigest().encode())

    def _add_rows(self, shape: Shape, content: Content) -> None:
        """A member's size stands before it: the rows are packed beside the backup first."""
        digest, packed = Digest(), self.folder / "rows"
        with packed.open("wb") as file, zstandard.ZstdCompressor(level=3).stream_writer(file, closefd=False) as stream:
            stream.write(_json(shape.as_json()) + b"\n")
            for line in content.lines(shape, digest):
                stream.write(line)
                if shape.name == payload.name:
                    self.payloads.append(rowstream.row_of(shape, line)[shape.names.index("sha256")])
        self.manifest.tables[shape.name] = digest.said
        self._add_file(_rows_name(shape.name), packed)
        packed.unlink()

    def _add_payloads(self, store: Store) -> None:
        """The files that the rows name. They were kept before their rows, and nothing removes them."""
        for digest in self.payloads:
            if payloads.is_whole(store.data_dir, digest):
                self._add_file(f"payloads/{digest[:2]}/{digest}.zst", payloads.path_of(store.data_dir, digest))
            else:
                self.manifest.missing.append(digest)

    def _add_bytes(self, name: str, data: bytes) -> None:
        self._add(name, io.BytesIO(data), len(data))

    def _add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as stream:
            self._add(name, stream, path.stat().st_size)

    def _add(self, name: str, stream: IO[bytes], size: int) -> None:
        about = tarfile.TarInfo(name)
        about.size = size
        reader = _Hashing(stream)
        self.archive.addfile(about, reader)
        if name not in (MANIFEST, SEAL):
            self.manifest.members[name] = (size, reader.sha.hexdigest())


class _Hashing(io.RawIOBase):
    """A stream that hashes what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.sha = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.sha.update(data)
        return data


def _manifest(archive: tarfile.TarFile) -> Manifest:
    """The manifest, by its seal. Raises UsageError where it cannot be believed."""
    names = archive.getnames()
    if names[:1] != ["head.json"] or names[-2:] != [MANIFEST, SEAL]:
        raise UsageError(Sentence("{name} is no backup, or was cut off before its end", name=archive.name))
    with _member(archive, MANIFEST) as sealed, _member(archive, SEAL) as seal:
        data = sealed.read()
        if hashlib.sha256(data).hexdigest().encode() != seal.read():
            raise UsageError(
                Sentence("{name} is damaged: {member} is not what was written", name=archive.name, member=MANIFEST)
            )
    given = json.loads(data)
    if given.get("format") != FORMAT or given.get("version") != FORMAT_VERSION:
        raise UsageError(
            Sentence(
                "{name} is of format {version}, {known} is known here",
                name=archive.name,
                version=given.get("version"),
                known=str(FORMAT_VERSION),
            )
        )
    manifest = Manifest(**given)
    manifest.tables = {name: (rows, sha) for name, (rows, sha) in manifest.tables.items()}
    manifest.members = {name: (size, sha) for name, (size, sha) in manifest.members.items()}
    if set(names) != {*manifest.members, MANIFEST, SEAL}:
        raise UsageError(Sentence("{name} is damaged: its members are not those of its manifest", name=archive.name))
    return manifest


def _check_members(archive: tarfile.TarFile, manifest: Manifest) -> None:
    for name, expected in manifest.members.items():
        digest, size = hashlib.sha256(), 0
        with _member(archive, name) as stream:
            while data := stream.read(CHUNK_BYTES):
                digest.update(data)
                size += len(data)
        if (size, digest.hexdigest()) != expected:
            raise UsageError(
                Sentence("{name} is damaged: {member} is not what was written", name=archive.name, member=name)
            )


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    stream = archive.extractfile(name)
    if stream is None:
        raise UsageError(Sentence("{name}: {member} is no file", name=archive.name, member=name))
    return stream


@contextmanager
def _rows(archive: tarfile.TarFile, table: str) -> Iterator[IO[bytes]]:
    with _member(archive, _rows_name(table)) as packed, zstandard.ZstdDecompressor().stream_reader(packed) as reader:
        yield io.BufferedReader(reader, CHUNK_BYTES)


def _shape(archive: tarfile.TarFile, table: str) -> Shape:
    with _rows(archive, table) as stream:
        try:
            return rowstream.shape_of(stream.readline())
        except ValueError as error:
            raise UsageError(Sentence("{name}: {why}", name=archive.name, why=error)) from error


def _rows_name(table: str) -> str:
    return f"rows/{table}.ndjson.zst"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
