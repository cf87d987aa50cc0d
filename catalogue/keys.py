"""How records are named everywhere: ``SOURCE:SOURCE_ID``, and how contents are hashed."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

from catalogue.sentence import Sentence

SOURCE_ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")


class RecordKey(NamedTuple):
    """One record of one source . Sorts by source, then by the source's own id."""

    source: str
    source_id: str

    def __str__(self) -> str:
        return f"{self.source}:{self.source_id}"

    @classmethod
    def parse(cls, text: str) -> RecordKey:
        """Split at the first colon. Raises ValueError where there is none or the source id is not one."""
        source, colon, source_id = text.partition(":")
        if not colon or not source_id or not SOURCE_ID_PATTERN.fullmatch(source) or not is_text(source_id):
            raise ValueError(Sentence("not a record name (SOURCE:SOURCE_ID): {name!r}", name=text))
        return cls(source, source_id)


def is_text(name: str) -> bool:
    """Whether a name can be written down at all: not NUL, nor a lone surrogate (bytes that were not UTF-8)."""
    return _NO_TEXT.search(name) is None


def content_hash(data: bytes) -> bytes:
    """16 bytes of blake2b: what "the same content" means for payloads, records and merged records."""
    return blake2b(data, digest_size=16).digest()


def fingerprint(parts: list[str]) -> str:
    """Hex hash of a sorted list of names: the membership of a cluster, whatever order it came in."""
    return content_hash("\n".join(sorted(parts)).encode()).hex()
