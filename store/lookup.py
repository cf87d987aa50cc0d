"""Works by folded words, identifiers and ids, out of the database alone: what the desk searches with.

Words of a question must all be met; the last may be the beginning of one. Works that have it whole come first. Among
equals the order is that of the ids. Whoever wants ranking asks the search index.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, func, literal, select
from sqlalchemy.orm import aliased

from catalogue.publicid import decode
from catalogue.terms import asked_terms
from store import minted
from store.batches import batches
from store.people_schema import work_term
from store.schema import membership
from store.upsert import upsert

MOST = 10_000
"""Works that are counted; a total of so many means "at least"."""
LAST = "\U0010ffff"


def keep_terms(connection: Connection, wanted: Mapping[str, Collection[str]]) -> None:
    """Work → its terms from now on, those it had before forgotten."""
    for part in batches(sorted(wanted), 200):
        before: dict[str, set[str]] = {work: set() for work in part}
        for work, term in connection.execute(select(work_term.c.work, work_term.c.term).where(_of(part))):
            before[work].add(term)
        rows = []
        for work in part:
            now = set(wanted[work])
            rows += [{"term": term, "work": work} for term in sorted(now - before[work])]
            for gone in batches(sorted(before[work] - now)):
                connection.execute(delete(work_term).where(work_term.c.work == work, work_term.c.term.in_(gone)))
        upsert(connection, work_term, rows, update=())


def forget(connection: Connection, works: Collection[str]) -> None:
    """These works are no more."""
    for part in batches(sorted(works)):
        connection.execute(delete(work_term).where(_of(part)))


def forget_all(connection: Connection) -> None:
    """Begin anew."""
    connection.execute(delete(work_term))


def find_works(connection: Connection, text: str, limit: int = 25, after: int = 0) -> tuple[list[str], int]:
    """Ids of the works that fit, from position `after` on, and how many there are (at most `MOST` are counted).

    `text`: words of titles and names, an ISBN or ISSN in any notation, a SOURCE:ID or a source's id, or a public id,
    also of an edition or one that redirects.
    """
    named = _by_public_id(connection, text)
    found = [named] if named else _by_terms(connection, _terms(connection, text))
    return found[after : after + limit], len(found)


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


def _terms(connection: Connection, text: str) -> list[str]:
    """The terms to be met: a word as typed where it is one, else its folded words."""
    found: list[str] = []
    for asked in asked_terms(text):
        whole = asked.whole and connection.scalar(_has(asked.whole))
        found += [asked.whole] if asked.whole and whole else asked.words
    return list(dict.fromkeys(found))


def _by_terms(connection: Connection, terms: Sequence[str]) -> list[str]:
    if not terms:
        return []
    *exact, last = terms
    sizes = {term: connection.scalar(_size(term)) or 0 for term in terms}
    if any(not sizes[term] for term in exact):
        return []
    found: list[str] = []
    if sizes[last]:
        found += connection.scalars(_all_of(sorted(terms, key=sizes.__getitem__)))
    if len(found) < MOST:
        begun = _begun(sorted(exact, key=sizes.__getitem__), last).limit(MOST)
        found += connection.scalars(begun)
    return list(dict.fromkeys(found))[:MOST]


def _all_of(terms: Sequence[str]) -> Select[tuple[str]]:
    """Works that have all terms, the rarest given first: it leads, the others are looked up in each."""
    rarest, *others = terms
    lead = aliased(work_term)
    wanted = select(lead.c.work).where(lead.c.term == rarest)
    for term in others:
        wanted = wanted.where(_also(lead.c.work, exactly=term))
    return wanted.order_by(lead.c.work).limit(MOST)


def _begun(exact: Sequence[str], start: str) -> Select[tuple[str]]:
    """Works that have all terms and a longer one that begins so; in the order of that term where there is no other."""
    lead = aliased(work_term)
    if not exact:
        return select(lead.c.work).where(_longer(lead.c.term, start)).order_by(lead.c.term, lead.c.work)
    wanted = select(lead.c.work).where(lead.c.term == exact[0], _also(lead.c.work, start=start))
    for term in exact[1:]:
        wanted = wanted.where(_also(lead.c.work, exactly=term))
    return wanted.order_by(lead.c.work)


def _also(work: ColumnElement[str], *, exactly: str = "", start: str = "") -> ColumnElement[bool]:
    other = aliased(work_term)
    met = other.c.term == exactly if exactly else _longer(other.c.term, start)
    return exists().where(other.c.work == work, met)


def _longer(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    return (column > start) & (column < start + LAST)


def _has(term: str) -> Select[tuple[int]]:
    return select(literal(1)).where(work_term.c.term == term).limit(1)


def _size(term: str) -> Select[tuple[int]]:
    some = select(literal(1)).where(work_term.c.term == term).limit(MOST).subquery()
    return select(func.count()).select_from(some)


def _of(works: Sequence[str]) -> ColumnElement[bool]:
    return work_term.c.work.in_(works)
