"""Zip archives, unpacked with suspicion: names, counts, declared and actual sizes are checked, nothing is nested."""

from __future__ import annotations

import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from struct import unpack_from
from typing import IO

from catalogue.sentence import Sentence

MAX_MEMBERS = 10_000
MAX_DIRECTORY_BYTES = 16 << 20
MAX_RATIO = 200
RATIO_FROM_BYTES = 1 << 20
CHUNK_BYTES = 1 << 20
TAIL_BYTES = (1 << 16) + 256  # the end of the directory stands there, with a comment of up to 64 KB
_DRIVE = re.compile(r"[A-Za-z]:")
_ARCHIVES = {".zip", ".gz", ".bz2", ".xz", ".zst", ".7z", ".tar", ".tgz", ".rar"}
_DAMAGES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, RuntimeError, UnicodeError)
_MAGIC = (b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")


MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip archive begins, and one that holds nothing."""


class ArchiveRefused(Exception):
    """The message says what is wrong with the archive."""


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip archive does."""
    with path.open("rb") as file:
        return file.read(4).startswith(MAGICS)


def unpack(path: Path, folder: Path, max_bytes: int) -> Iterator[tuple[str, Path]]:
    """Name and unpacked file of every member, in order of name. Raises ArchiveRefused for anything suspicious."""
    if _directory_bytes(path) > MAX_DIRECTORY_BYTES:
        raise ArchiveRefused(Sentence("its list of files is larger than {most} bytes", most=MAX_DIRECTORY_BYTES))
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, max_bytes)
            left = max_bytes
            for number, member in enumerate(members, 1):
                target = folder / f"{path.stem}-{number:05}"
                with archive.open(member) as packed:
                    left -= _copy(packed, target, (member, left))
                yield _name(member), target
    except _DAMAGES as error:
        raise ArchiveRefused(Sentence("it is a damaged archive: {why}", why=error)) from error


def _directory_bytes(path: Path) -> int:
    """How large an archive says its directory is, which the library reads whole; 0 where no end of one is found."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read()
    found = [unpack_from("<I", tail, at + 12)[0] for at in _places(tail, b"PK\x05\x06", 22)]
    found += [unpack_from("<Q", tail, at + 40)[0] for at in _places(tail, b"PK\x06\x06", 56)]  # zip64
    return max((each for each in found if each <= size), default=0)


def _places(tail: bytes, mark: bytes, length: int) -> Iterator[int]:
    at = tail.find(mark)
    while 0 <= at <= len(tail) - length:
        yield at
        at = tail.find(mark, at + 1)


def _members(archive: zipfile.ZipFile, max_bytes: int) -> list[zipfile.ZipInfo]:
    members = [member for member in archive.infolist() if not _is_folder(member) and not _is_hidden(_name(member))]
    if not members:
        raise ArchiveRefused(Sentence("the archive holds no files"))
    if len(members) > MAX_MEMBERS:
        raise ArchiveRefused(
            Sentence("the archive holds {count} files, more than {most}", count=len(members), most=MAX_MEMBERS)
        )
    if len({_name(member) for member in members}) < len(members):
        raise ArchiveRefused(Sentence("the archive holds two files of one name"))
    if sum(member.file_size for member in members) > max_bytes:
        raise ArchiveRefused(Sentence("the archive unpacks to more than {most} bytes", most=max_bytes))
    for member in members:
        fault = _fault(member)
        if fault:
            raise ArchiveRefused(
                Sentence("the archive's member {member!r} is refused: {fault}", member=member.filename, fault=fault),
            )
    return sorted(members, key=_name)


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; programs of Windows part its folders in their own way."""
    return member.filename.replace("\\", "/")


def _is_folder(member: zipfile.ZipInfo) -> bool:
    return _name(member).endswith("/")


def _fault(member: zipfile.ZipInfo) -> Sentence | None:
    name = PurePosixPath(_name(member))
    too_small = member.file_size > RATIO_FROM_BYTES and member.file_size > MAX_RATIO * max(1, member.compress_size)
    if name.is_absolute() or ".." in name.parts or _DRIVE.match(str(name)):
        return Sentence("its name leads out of the archive")
    if member.flag_bits & 1:
        return Sentence("it is encrypted")
    if stat.S_ISLNK(member.external_attr >> 16):
        return Sentence("it is a link")
    if name.suffix.lower() in _ARCHIVES:
        return Sentence("it is an archive itself")
    return Sentence("it unpacks to more than {most} times its size", most=MAX_RATIO) if too_small else None


def _copy(packed: IO[bytes], target: Path, about: tuple[zipfile.ZipInfo, int]) -> int:
    """Unpack one member; the bytes written. The declared size is not believed."""
    member, left = about
    written = 0
    with target.open("wb") as file:
        while chunk := packed.read(CHUNK_BYTES):
            if not written and chunk.startswith(_MAGIC):
                raise ArchiveRefused(
                    Sentence("the archive's member {member!r} is an archive itself", member=member.filename)
                )
            written += len(chunk)
            if written > left or (written > RATIO_FROM_BYTES and written > MAX_RATIO * max(1, member.compress_size)):
                raise ArchiveRefused(
                    Sentence("the archive's member {member!r} unpacks to too many bytes", member=member.filename),
                )
            file.write(chunk)
    return written


def _is_hidden(name: str) -> bool:
    """Files that packing programs leave behind."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith(".") and not part.startswith("..") for part in parts)
