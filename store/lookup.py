"""Works by folded words, identifiers and ids, out of the database alone: what the desk searches with.

Whoever wants ranking asks the search index.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from catalogue.publicid import decode
from store import minted
from store.people_schema import work_term
from store.schema import membership
from store.term_index import TermIndex

MOST = 2_000
"""Works that are counted; a total of so many means "at least"."""
WORKS = TermIndex(work_term, "work")


def keep_terms(connection: Connection, wanted: Mapping[str, Collection[str]]) -> None:
    """Work → its terms from now on, those it had before forgotten."""
    WORKS.keep(connection, wanted)


def forget(connection: Connection, works: Collection[str]) -> None:
    """These works are no more."""
    WORKS.forget(connection, works)


def forget_all(connection: Connection) -> None:
    """Begin anew."""
    WORKS.forget_all(connection)


def find_works(connection: Connection, text: str, limit: int = 25, after: int = 0) -> tuple[list[str], int]:
    """Ids of the works that fit, from position `after` on, and how many there are (at most `MOST` are counted).

    `text`: words of titles and names, an ISBN or ISSN in any notation, a SOURCE:ID or a source's id, or a public id,
    also of an edition or one that redirects. All words must be met; the last may be the beginning of one.
    """
    named = _by_public_id(connection, text)
    found = [named] if named else WORKS.find(connection, text, MOST)
    return found[after : after + limit], len(found)


def count_works(connection: Connection, text: str) -> int:
    """How many works have all words of a title; at most `MOST` are counted."""
    return WORKS.count(connection, text, MOST)


def _by_public_id(connection: Connection, text: str) -> str | None:
    try:
        kind, _ = decode(text)
    except ValueError:
        return None
    current = minted.resolve_id(connection, text.strip().lower().replace("-", ""))
    if current is None:
        return None
    column = membership.c.work if kind == "w" else membership.c.edition
    return connection.scalar(select(membership.c.work).where(column == current).limit(1))
