"""Members of the metadata in a form that nothing can be read from: told, so that nothing is lost silently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mappings.onix.extents import minutes_of
from mappings.opds.people import name_of
from mappings.opds.reading import Reading, listed, plain, spoken, table, texts_of

_SHOWN = 80  # characters of what was sent


def report_unread(reading: Reading) -> None:
    """Defect ``opds.member`` for every value, or item of a list, that its member cannot hold."""
    for kind, names in table()["shapes"].items():
        for name in names:
            value = reading.metadata.get(name)
            for each, locus in listed(value, f"metadata.{name}") if kind in _LISTS else ((value, f"metadata.{name}"),):
                if each not in (None, "", [], {}) and not _FITS[kind](each):
                    shown = plain(each) or str(each)
                    reading.report("opds.member", locus, value=shown[:_SHOWN])


def _is_topic(value: Any) -> bool:
    about = value if isinstance(value, dict) else {"name": value}
    return bool(plain(about.get("code")) or any(spoken(about.get("name"))))


def _is_state(value: Any) -> bool:
    return bool(plain(value.get("state") if isinstance(value, dict) else value))


def _is_identifier(value: Any) -> bool:
    return bool(plain(value.get("value") if isinstance(value, dict) else value))


def _is_number(value: Any) -> bool:
    return plain(value).partition(".")[0].isdigit()


_LISTS = frozenset({"names", "words", "topics", "identifiers"})
_FITS: dict[str, Callable[[Any], bool]] = {
    "titles": lambda value: any(spoken(value)),
    "texts": lambda value: any(texts_of(value)),
    "names": lambda value: bool(name_of(value)),
    "words": lambda value: bool(plain(value)),
    "topics": _is_topic,
    "identifiers": _is_identifier,
    "dates": lambda value: bool(plain(value)),
    "lengths": lambda value: _is_number(value) or minutes_of(plain(value), "") is not None,
    "numbers": _is_number,
    "objects": lambda value: isinstance(value, dict),
    "states": _is_state,
}
