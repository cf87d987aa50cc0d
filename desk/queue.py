"""The queue: open questions in their order, narrowed by facets; its whole state stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from catalogue.decision import CaseKind, CaseState
from catalogue.evidence import ClusterLevel
from desk.reasons import KINDS, STATES, reason_words, why_words
from desk.visit import Cataloguer, Viewer, Visit
from jobs.views.fieldvalues import language_name
from jobs.views.fieldwords import LEVELS, MEDIA
from jobs.views.storyline import people
from ops.messages import _
from store import queue, sources
from store.queue import QueueEntry, QueueQuery

router = APIRouter()
PAGE = 25
REASONS_SHOWN = 8
FACETS: tuple[tuple[str, str], ...] = (
    ("kind", _("Kind")),
    ("reason", _("Reason")),
    ("source", _("Source")),
    ("medium", _("Medium")),
    ("language", _("Language")),
    ("level", _("Level")),
    ("reopened", _("Asked again")),
    ("mine", _("Kept for me")),
)


class Asked(BaseModel):
    """The query of the address. `after` and `page` say where in the list; `q` is searched for."""

    model_config = ConfigDict(frozen=True)

    kind: CaseKind | None = None
    reason: Annotated[str | None, Field(max_length=200)] = None
    source: Annotated[str | None, Field(max_length=100)] = None
    language: Annotated[str | None, Field(max_length=10)] = None
    medium: Annotated[str | None, Field(max_length=20)] = None
    level: ClusterLevel | None = None
    reopened: Literal["yes"] | None = None
    mine: Literal["yes"] | None = None
    state: CaseState = "open"
    q: Annotated[str, Field(max_length=200)] = ""
    after: Annotated[str, Field(max_length=200)] = ""
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    def query(self) -> QueueQuery:
        """The same for the store."""
        return QueueQuery(
            self.kind,
            self.reason,
            self.source,
            self.language,
            self.medium,
            self.level,
            self.q,
            self.mine is not None,
            True if self.reopened else None,
            self.state,
        )

    def link(self, **changes: Any) -> str:
        """The address of the same question with changes, from its first page on."""
        kept = {**self.model_dump(exclude={"after", "page"}), **changes}
        said = {
            key: value
            for key, value in kept.items()
            if value not in (None, "", 1) and (key, value) != ("state", "open")
        }
        return f"/queue?{urlencode(said)}" if said else "/queue"

    @property
    def chosen(self) -> dict[str, str]:
        """Facet → the value that narrows it."""
        return {name: value for name, _label in FACETS if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One line of a facet. `link` narrows to it, or lets go of it where it is chosen."""

    words: str
    count: int
    link: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the list. `more`: values there are beyond those shown."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    more: int


@router.get("/queue")
def show(visit: Viewer, asked: Annotated[Asked, Query()]) -> Response:
    """A page of the queue."""
    with visit.store.read() as connection:
        found = queue.page(
            connection, asked.query(), visit.person.name, now=visit.now, limit=PAGE, after=asked.after or None
        )
        names = {known.id: known.name for known in sources.every(connection)}
        workers = people(connection, _people_of(found.rows))
    first = (asked.page - 1) * PAGE + 1
    return visit.page(
        "queue.html",
        nav="queue",
        asked=asked,
        total=found.total,
        rows=[_line(visit, entry, names, workers) for entry in found.rows],
        facets=_facets(visit, asked, found.facets, names),
        states=[(visit.text(words), asked.link(state=state), asked.state == state) for state, words in STATES.items()],
        first=first,
        last=first + len(found.rows) - 1,
        newer=asked.link() if asked.page > 1 else None,
        older=asked.link(after=found.next, page=asked.page + 1) if found.next else None,
    )


@router.get("/queue/groups")
def groups(visit: Viewer, asked: Annotated[Asked, Query()]) -> Response:
    """Open cases that are alike, most first."""
    with visit.store.read() as connection:
        found = queue.signatures(connection, replace(asked.query(), text="", mine=False))
    shown = [
        {
            "kind": group.kind,
            "kind_words": visit.text(KINDS[group.kind]),
            "words": reason_words(group.reason, visit.language),
            "cases": group.cases,
            "link": Asked(kind=group.kind, reason=group.reason, source=asked.source).link(),
        }
        for group in found
    ]
    return visit.page("queue_groups.html", nav="queue", groups=shown, total=sum(group.cases for group in found))


@router.post("/next")
def give_next(visit: Cataloguer) -> Response:
    """The next case for me: nobody else is given it for some minutes."""
    with visit.store.write() as connection:
        case = queue.next_for(connection, visit.person.name, visit.now, visit.settings.desk.claim_minutes)
    if case is None:
        return visit.redirect("/", said=visit.text("Nothing is left to decide just now."))
    return visit.redirect(f"/case/{case}")


def _people_of(entries: Sequence[QueueEntry]) -> set[str]:
    """The accounts that keep these cases or have them open."""
    kept = {entry.claim.account for entry in entries if entry.claim}
    return kept.union(*(entry.present for entry in entries))


def _line(visit: Visit, entry: QueueEntry, names: Mapping[str, str], workers: Mapping[str, str]) -> dict[str, Any]:
    """What a row shows. `names` are those of sources, `workers` display names by account."""
    row, mine = entry.row, visit.person.name
    claim = entry.claim
    return {
        **asdict(row),
        "kind_words": visit.text(KINDS[row.kind]),
        "reason_words": reason_words(row.reason, visit.language),
        "why_words": why_words(row, visit.language),
        "medium_words": visit.text(MEDIA.get(row.medium, row.medium)),
        "source_names": [(source, names.get(source, source)) for source in row.sources],
        "kept_by": workers[claim.account] if claim and claim.account != mine else "",
        "mine": bool(claim and claim.account == mine),
        "present": [workers[name] for name in entry.present if name != mine],
        "deferred": entry.deferred,
    }


def _facets(
    visit: Visit, asked: Asked, counted: Mapping[str, Sequence[tuple[str, int]]], names: Mapping[str, str]
) -> list[Facet]:
    found = []
    for name, label in FACETS:
        values = counted.get(name, ())
        shown = _shown(name, values, getattr(asked, name))
        lines = tuple(_value(visit, asked, (name, value, count), names) for value, count in shown)
        if lines:
            found.append(Facet(name, visit.text(label), lines, len(values) - len(shown)))
    return found


def _shown(name: str, values: Iterable[tuple[str, int]], chosen: Any) -> list[tuple[str, int]]:
    every = list(values)
    if name != "reason":
        return every
    return [item for place, item in enumerate(every) if place < REASONS_SHOWN or item[0] == chosen]


def _value(visit: Visit, asked: Asked, item: tuple[str, str, int], names: Mapping[str, str]) -> FacetValue:
    name, value, count = item
    chosen = getattr(asked, name) == value
    link = asked.link(**{name: None if chosen else value})
    return FacetValue(value_words(visit, (name, value), names), count, link, chosen)


def value_words(visit: Visit, item: tuple[str, str], names: Mapping[str, str]) -> str:
    """A value of a facet in words."""
    name, value = item
    table = {"kind": KINDS, "medium": MEDIA, "level": LEVELS}.get(name)
    if table is not None:
        return visit.text(table.get(value, value))
    if name == "reason":
        return reason_words(value, visit.language)
    if name == "language":
        return language_name(value, visit.language)
    if name in ("reopened", "mine"):
        return visit.text("yes")
    return names.get(value, value)
