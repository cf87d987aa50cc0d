"""Documents in rows: JSON, compressed. One frame each, so that one record is read without its neighbours."""

from __future__ import annotations

import threading
from typing import Any

import zstandard
from pydantic_core import from_json, to_json

from catalogue.model import Model
from catalogue.record import CatalogueRecord

LEVEL = 3
MAX_DOCUMENT_BYTES = 256 * 1024 * 1024


class _Codec(threading.local):
    """One compressor per thread: they may not be shared."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=False)
        self.decompressor = zstandard.ZstdDecompressor()


_codec = _Codec()


def pack(value: Any) -> bytes:
    """A JSON-able value as one compressed document."""
    return _codec.compressor.compress(to_json(value))


def unpack(data: bytes) -> Any:
    """The value of a document; tuples come back as lists."""
    return from_json(_unpacked(data))


def pack_model(value: Model) -> bytes:
    """A model without the values that are its defaults anyway."""
    return _codec.compressor.compress(value.model_dump_json(by_alias=True, exclude_defaults=True).encode())


def pack_bytes(data: bytes) -> bytes:
    """Bytes of any kind as one compressed document; `unpack_bytes` gives them back."""
    return _codec.compressor.compress(data)


def unpack_record(data: bytes) -> CatalogueRecord:
    """The catalogue record of a document made by `pack_model`."""
    return CatalogueRecord.model_validate_json(_unpacked(data))


def unpack_bytes(data: bytes) -> bytes:
    """The bytes of a document, as they were."""
    return _unpacked(data)


def _unpacked(data: bytes) -> bytes:
    return _codec.decompressor.decompress(data, max_output_size=MAX_DOCUMENT_BYTES)
