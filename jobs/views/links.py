"""The chain of answers that cannot all hold, link by link, as the page of a contradiction shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from catalogue.decision import Case, Decision
from catalogue.record import CatalogueRecord
from jobs.views.fieldvalues import Said, read_field
from ops.messages import Language
from store import history, sources
from store.database import Connection


@dataclass(frozen=True, slots=True)
class End:
    """A record at one end of a link."""

    key: str
    source: str
    source_name: str
    title: Said


@dataclass(frozen=True, slots=True)
class Link:
    """One answer of the chain, read from the left. `weight` is what the evidence alone says of the two, in bits.

    `made` is None where the answer is not known any more; `undone`: it was taken back since the case was opened.
    """

    left: End
    right: End
    answer: Literal["same", "different"]
    weight: float
    weakest: bool
    made: Decision | None
    undone: bool


@dataclass(frozen=True, slots=True)
class Links:
    """The whole chain: first the "same" answers from one end to the other, last the "different" that forbids them.

    A chain of one "same" has no "different": a rule, or what else is in their editions, stands against it.
    """

    every: tuple[Link, ...] = ()

    @property
    def weakest(self) -> Link | None:
        """What "different" parts."""
        return next((link for link in self.every if link.weakest), None)

    @property
    def against(self) -> Link | None:
        """What "same" replaces."""
        last = self.every[-1] if self.every else None
        return last if last and last.answer == "different" else None

    @property
    def authors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(link.made.author for link in self.every if link.made))


NO_LINKS = Links()


def links_of(connection: Connection, case: Case, records: Mapping[str, CatalogueRecord], language: Language) -> Links:
    """The chain of a split case in reading order, empty for every other kind. `records` are those that live, by key."""
    if case.kind != "split":
        return NO_LINKS
    edges: Sequence[Mapping[str, Any]] = [edge for edge in case.candidates if isinstance(edge, Mapping)]
    made = {one.id: one for one in history.about(connection, case.members)}
    undone = history.undos_of(connection, sorted(made))
    names = {known.id: known.name for known in sources.every(connection)}

    def end(key: str) -> End:
        source = key.partition(":")[0]
        titles = read_field(records[key], "titles.main", language) if key in records else ()
        return End(key, source, names.get(source, source), next(iter(titles), Said(key)))

    return Links(
        tuple(
            Link(
                left=end(left),
                right=end(right),
                answer=edge["answer"],
                weight=edge["weight"],
                weakest=edge["weakest"],
                made=made.get(edge["decision"]),
                undone=edge["decision"] in undone,
            )
            for edge, (left, right) in zip(edges, _in_line(edges), strict=True)
        )
    )


def _in_line(edges: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The ends of each edge, turned so that every link begins where the one before it ended."""
    turned: list[tuple[str, str]] = []
    here = edges[-1]["left"] if edges else ""
    for edge in edges:
        ends = (edge["left"], edge["right"])
        turned.append(ends if edge["answer"] == "different" or ends[0] == here else (ends[1], ends[0]))
        here = turned[-1][1]
    return turned
