"""Identifiers as search terms: any notation a reader types meets the same term."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from catalogue.identifiers import isbn10
from catalogue.keys import RecordKey
from catalogue.record import Description, Identifier

SHORTEST_BARE_ID = 6  # a source's own "1984" must not answer a search for the book
_MARC_NUMBER = re.compile(r"\(([^()]+)\)(.+)")
_NOISE = re.compile(r"[\s‐-―−-]+")


def identifier_terms(ids: Sequence[str], whole: Sequence[Description], members: Sequence[str]) -> list[str]:
    """Terms for the public ids, for every number of the descriptions, and for the records behind them.

    Written as the analyser `id_query` leaves a query: without spaces and hyphens. Case is the index's business.
    """
    terms = {*ids, *_of_members(members)}
    for description in whole:
        terms.update(term for i in description.identifiers if i.role != "related" for term in _of_identifier(i))
        terms.update(term for c in description.contributors for a in c.ids for term in _own(a.scheme, a.value))
    return sorted({bare for term in terms if (bare := _NOISE.sub("", term))})


def _of_identifier(identifier: Identifier) -> Iterator[str]:
    if identifier.scheme in ("isbn", "issn", "gtin", "doi", "urn"):
        yield identifier.value
    else:
        yield from _own(identifier.scheme, identifier.value)
    if identifier.scheme == "isbn" and (twin := isbn10(identifier.value)):
        yield twin


def _of_members(members: Iterable[str]) -> Iterator[str]:
    for member in members:
        yield member
        key = RecordKey.parse(member)
        yield from _own(key.source, key.source_id)


def _own(scheme: str, value: str) -> Iterator[str]:
    """An id with and without whose it is: ``FIN11:000043470``, and as MARC 035 writes it, ``(FIN11)000043470``."""
    given = _MARC_NUMBER.fullmatch(value)
    agency, number = given.groups() if given else (scheme.removeprefix("proprietary:"), value)
    yield f"{agency}:{number}"
    yield f"({agency}){number}"
    if len(number) >= SHORTEST_BARE_ID:
        yield number
