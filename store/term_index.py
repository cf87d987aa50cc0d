"""Things found by terms: a narrow table of (term, owner), read by its key one way and by its index the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import aliased

from catalogue.terms import asked_terms
from store.batches import batches
from store.upsert import upsert

LAST = "\U0010ffff"
SHORTEST_BEGINNING = 3
"""Letters from which on a last word may be the beginning of another: of fewer, too many words begin so."""


@dataclass(frozen=True, slots=True)
class TermIndex:
    """`table` has the columns ``term`` and `owner`, and nothing else."""

    table: Table
    owner: str

    def keep(self, connection: Connection, wanted: Mapping[str, Collection[str]]) -> None:
        """Owner → its terms from now on, those it had before forgotten."""
        own, term = self.table.c[self.owner], self.table.c.term
        for part in batches(sorted(wanted), 200):
            before: dict[str, set[str]] = {name: set() for name in part}
            for name, known in connection.execute(select(own, term).where(own.in_(part))):
                before[name].add(known)
            now = {name: set(wanted[name]) for name in part}
            gone = [{"own": name, "gone": each} for name in part for each in sorted(before[name] - now[name])]
            rows = [{"term": each, self.owner: name} for name in part for each in sorted(now[name] - before[name])]
            if gone:
                connection.execute(delete(self.table).where(own == bindparam("own"), term == bindparam("gone")), gone)
            upsert(connection, self.table, rows, update=())

    def forget(self, connection: Connection, names: Collection[str]) -> None:
        """These owners are no more."""
        for part in batches(sorted(names)):
            connection.execute(delete(self.table).where(self.table.c[self.owner].in_(part)))

    def forget_all(self, connection: Connection) -> None:
        """Begin anew."""
        connection.execute(delete(self.table))

    def find(self, connection: Connection, text: str, most: int) -> list[str]:
        """Owners that meet all words of a text, at most so many; the last may be the beginning of one.

        Those that have it whole come first; among equals the order is that of the ids.
        """
        terms = self._terms(connection, text)
        if not terms:
            return []
        *exact, last = terms
        sizes = self._sizes(connection, terms, most)
        if any(not sizes[term] for term in exact):
            return []
        found: list[str] = []
        if sizes[last]:
            found += connection.scalars(self._all_of(sorted(terms, key=sizes.__getitem__)).limit(most))
        if len(found) < most and _is_beginning(last):
            found += connection.scalars(self._begun(sorted(exact, key=sizes.__getitem__), last).limit(most))
        return list(dict.fromkeys(found))[:most]

    def count(self, connection: Connection, text: str, most: int) -> int:
        """How many owners have all words of a text; of more than `most` with its rarest word so many are looked at."""
        terms = self._terms(connection, text)
        sizes = self._sizes(connection, terms, most)
        if not terms or not all(sizes.values()):
            return 0
        own, term = self.table.c[self.owner], self.table.c.term
        rarest, *others = sorted(terms, key=sizes.__getitem__)
        found = list(connection.scalars(select(own).where(term == rarest).limit(most)))
        for other in others:
            also = select(own).where(term == other)
            found = [name for part in batches(found) for name in connection.scalars(also.where(own.in_(part)))]
        return len(found)

    def met(self, connection: Connection, text: str, column: ColumnElement[str]) -> ColumnElement[bool]:
        """The same as a condition on the owner in `column`: for texts that many meet."""
        terms = self._terms(connection, text)
        if not terms:
            return literal(value=False)
        *exact, last = terms
        own, term = self.table.c[self.owner], self.table.c.term
        meets = [term == each for each in exact]
        meets.append((term >= last) & (term < last + LAST) if _is_beginning(last) else term == last)
        return and_(*(column.in_(select(own).where(met)) for met in meets))

    def _terms(self, connection: Connection, text: str) -> list[str]:
        """The terms to be met: a word as typed where it is one, else its folded words."""
        found: list[str] = []
        for asked in asked_terms(text):
            known = select(literal(1)).where(self.table.c.term == asked.whole).limit(1)
            found += [asked.whole] if asked.whole and connection.scalar(known) else asked.words
        return list(dict.fromkeys(found))

    def _all_of(self, terms: Sequence[str]) -> Select[tuple[str]]:
        """Owners of all terms, the rarest given first: it leads, the others are looked up in each."""
        rarest, *others = terms
        lead: Any = aliased(self.table)
        wanted = select(lead.c[self.owner]).where(lead.c.term == rarest)
        for term in others:
            wanted = wanted.where(self._also(lead.c[self.owner], term=term))
        return wanted.order_by(lead.c[self.owner])

    def _begun(self, exact: Sequence[str], start: str) -> Select[tuple[str]]:
        """Owners of all terms and of a longer one that begins so; in its order where there is no other."""
        lead: Any = aliased(self.table)
        own = lead.c[self.owner]
        if not exact:
            return select(own).where(_longer(lead.c.term, start)).order_by(lead.c.term, own)
        wanted = select(own).where(lead.c.term == exact[0], self._also(own, longer=start))
        for term in exact[1:]:
            wanted = wanted.where(self._also(own, term=term))
        return wanted.order_by(own)

    def _also(self, column: ColumnElement[str], *, term: str = "", longer: str = "") -> ColumnElement[bool]:
        """Whether an owner has a term, or one longer than it."""
        other: Any = aliased(self.table)
        met = other.c.term == term if term else _longer(other.c.term, longer)
        return exists().where(other.c[self.owner] == column, met)

    def _sizes(self, connection: Connection, terms: Sequence[str], most: int) -> dict[str, int]:
        """Term → how many owners have it, counted up to `most`."""
        counted = _counted(self.table)
        return {term: connection.scalar(counted, {"asked": term, "most": most}) or 0 for term in terms}


@cache
def _counted(table: Table) -> Select[tuple[int]]:
    some = select(literal(1)).where(table.c.term == bindparam("asked")).limit(bindparam("most", type_=Integer))
    return select(func.count()).select_from(some.subquery())


def _longer(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    return (column > start) & (column < start + LAST)


def _is_beginning(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING
