"""Bytes in any encoding to UTF-8, as a stream. What a payload declares is a claim; its bytes decide.

Eight-bit text is judged piece by piece: valid UTF-8 is UTF-8, whatever was declared; otherwise the bytes are
Windows-1252 (which covers Latin-1), or UTF-8 with single foreign bytes where valid sequences are the majority.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from catalogue.defect import Defect
from parsers.payload import CHUNK_BYTES, Payload, Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EIGHT_BIT = {"utf-8", "ascii", "iso8859-1", "cp1252"}
_CODEPAGES = re.compile(r"(?:iso8859|cp|koi8|mac|big5|gb|euc|shift|iso2022|utf-(?:16|32))")
_SEQUENCE = (
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_PIECES = re.compile(rb"(" + _SEQUENCE + rb")|(?:(?!" + _SEQUENCE + rb")[\x80-\xff])+")
_SURROGATES = re.compile(rb"(?:\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])+|\xed[\xa0-\xbf][\x80-\xbf]")
_C1 = re.compile(rb"[\x80-\x9f]")
_CP1252 = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))


def byte_order_mark(head: bytes) -> tuple[str | None, int]:
    """The encoding a byte order mark, or the zero bytes of UTF-16 without one, gives away; and the mark's length."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    if re.match(rb"\0[<{\[\s]\0[^\0]", head):
        return "utf-16-be", 0
    if re.match(rb"[<{\[\s]\0[^\0]\0", head):
        return "utf-16-le", 0
    return None, 0


def canonical_name(declared: str) -> str | None:
    """The codec's name for a declared encoding of text; None for a name that means none."""
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return name if name in _EIGHT_BIT or _CODEPAGES.match(name) else None


def judged(chunk: bytes, *, latin: bool = False) -> tuple[bytes, str | None]:
    """A piece of eight-bit text as UTF-8, and what it was read as; None where it is ASCII and says nothing.

    `latin`: the payload declared an encoding in which every byte means something, so a mixture is not expected.
    """
    if chunk.isascii():
        return chunk, None
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError:
        return _as_cp1252(chunk) if latin else _paired(chunk) or _mixed(chunk)
    return chunk, "utf-8"


def _paired(chunk: bytes) -> tuple[bytes, str] | None:
    """UTF-8 in which each half of a surrogate pair was written for itself (CESU-8); half a pair alone is damage."""
    whole = _SURROGATES.sub(
        lambda m: (
            m[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
        ),
        chunk,
    )
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return whole, "cesu-8"


def _as_cp1252(chunk: bytes) -> tuple[bytes, str]:
    text = codecs.charmap_decode(chunk, "strict", _CP1252)[0]
    return text.encode("utf-8"), "cp1252" if _C1.search(chunk) else "iso8859-1"


def counted_sequences(chunk: bytes) -> tuple[int, int]:
    """How many valid sequences of UTF-8 and how many other letters there are; a run of other bytes counts once."""
    foreign = valid = 0
    for piece in _PIECES.finditer(chunk):
        if piece[1] is not None:
            valid += 1
        else:
            foreign += len(piece[0]) if min(piece[0]) >= 0xC0 else 1
    return valid, foreign


def in_utf8(chunk: bytes, *, foreign: Callable[[bytes], bytes], valid: bytes | None = None) -> bytes:
    """The chunk with each run of bytes that is not UTF-8 replaced, and its valid sequences too where that is asked."""
    return _PIECES.sub(lambda m: (m[1] if valid is None else valid) if m[1] else foreign(m[0]), chunk)


def _mixed(chunk: bytes) -> tuple[bytes, str]:
    valid, foreign = counted_sequences(chunk)
    if valid <= foreign:
        return _as_cp1252(chunk)[0], "cp1252"
    return in_utf8(chunk, foreign=_foreign_letters), "utf-8 with cp1252"


def _foreign_letters(run: bytes) -> bytes:
    """Letters, or one character alone, that slipped in from Windows; a longer run is damage and shown as such."""
    if len(run) == 1 or min(run) >= 0xC0:
        return _as_cp1252(run)[0]
    return "\ufffd".encode() * len(run)


class Utf8Stream:
    """Reads a payload as UTF-8. A disagreement with what was declared is noted once, with its byte offset.

    `read` raises Unreadable where the bytes are not valid in the encoding they must be in.
    """

    def __init__(self, payload: Payload, declared: str | None = None) -> None:
        self._payload = payload
        self._held = b""
        self._offset = 0
        marked, length = byte_order_mark(payload.peek(8))
        self._offset += len(payload.read(length)) if length else 0
        self._declared = (declared or "").strip().lower()
        self._noted = False
        name = marked or canonical_name(self._declared or "utf-8")
        if marked is None and (name is None or name.startswith(("utf-16", "utf-32")) or self._is_utf8_after_all(name)):
            name = "utf-8"  # written for another envelope: the bytes here are single
            self._tell("utf-8", self._offset)
        self._name = name or "utf-8"
        self._convert: Callable[[bytes, bool], bytes] = self._wide
        if self._name in _EIGHT_BIT:
            self._convert = self._eight_bit
        else:
            self._decoder = codecs.getincrementaldecoder(self._name)()
        payload.encoding = payload.encoding or self._name

    def _is_utf8_after_all(self, name: str) -> bool:
        """Whether what begins is UTF-8 and not in the code page that was declared."""
        head = self._payload.peek(CHUNK_BYTES) if name not in _EIGHT_BIT else b""
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError:
            return False
        return not head.isascii() and b"\x1b" not in head

    def read(self, size: int = CHUNK_BYTES) -> bytes:
        """About `size` bytes of UTF-8; empty at the end alone."""
        while True:
            chunk = self._payload.read(size)
            converted = self._convert(chunk, not chunk)
            self._offset += len(chunk)
            if converted or not chunk:
                return converted

    def _eight_bit(self, chunk: bytes, final: bool) -> bytes:
        if chunk.isascii() and not self._held:
            return chunk
        start = self._offset - len(self._held)
        chunk = self._held + chunk
        self._held = b""
        if not final and (cut := _cut_sequence(chunk)):
            chunk, self._held = chunk[:-cut], chunk[-cut:]
        converted, used = judged(chunk, latin=self._name in ("iso8859-1", "cp1252"))
        used = self._name if used == "iso8859-1" else used  # all of it is in cp1252 too
        if used and used != self._name and not self._noted:
            self._tell(used, start + _first_foreign(chunk))
        return converted

    def _wide(self, chunk: bytes, final: bool) -> bytes:
        try:
            return self._decoder.decode(chunk, final).encode("utf-8")
        except UnicodeError as fault:
            place = self._offset + getattr(fault, "start", 0)
            params = {"declared": self._declared or self._name}
            raise Unreadable(Defect("payload.encoding_unreadable", f"byte {place}", params), chunk) from fault

    def _tell(self, used: str, place: int) -> None:
        self._noted = True
        self._payload.encoding = used
        params = {"declared": self._declared or "utf-8", "used": used}
        self._payload.note(Defect("payload.encoding", f"byte {place}", params))


def _first_foreign(chunk: bytes) -> int:
    """Where the bytes stop being UTF-8, or ASCII if they are UTF-8 throughout."""
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError as fault:
        return fault.start
    found = re.search(rb"[\x80-\xff]", chunk)
    return found.start() if found else 0


def _cut_sequence(chunk: bytes) -> int:
    """How many bytes at the end begin a UTF-8 sequence that the next chunk may complete."""
    for back in range(1, min(4, len(chunk) + 1)):
        byte = chunk[-back]
        if byte < 0x80:
            return 0
        if byte >= 0xC0:
            return back if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else 0
    return 0
