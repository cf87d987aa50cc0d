"""Questions and answers: cases, decisions, and the evidence a decision was made on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from catalogue.evidence import ClusterLevel, Finding
from catalogue.folding import fold
from catalogue.keys import content_hash
from catalogue.model import Model
from catalogue.record import CatalogueRecord

CaseKind = Literal["match", "field", "split", "gap", "alarm"]
CaseState = Literal["open", "answered", "dissolved"]
Answer = Literal["same", "different", "unsure", "field"]
StopAnswer = Literal["stopped", "trusted"]
"""What is said of an identifier: it names no work, or it names one however often it is used."""


class Case(Model):
    """A question for a cataloguer. Its id is stable: kind, level, record keys and evidence key."""

    case: str
    kind: CaseKind
    level: ClusterLevel
    reason: str
    members: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    field: str | None = None
    candidates: tuple[Any, ...] = ()
    evidence_key: str
    opened: str
    priority: int
    state: CaseState = "open"
    version: int = 1  # grows with every change of state or evidence; an answer names the one it was given on
    reopened: int | None = None  # the decision whose evidence changed


RE_ATTACHED = "re-attached"
"""How a decision came (`via`) that stands for older ones, which its note names, under the new ids of their records."""


class Decision(Model):
    """An answer: an event, never a patch. `undoes` names the decision it takes back."""

    id: int
    answer: Answer | StopAnswer | Literal["undo"]
    level: ClusterLevel
    left: str
    right: str | None = None
    field: str | None = None
    value: Any = None
    over: tuple[str, ...] = ()
    evidence_key: str
    note: str | None = None
    author: str
    made_at: str
    undoes: int | None = None
    lifts: tuple[str, ...] = ()
    case: str | None = None  # the question it answers; None for one that nobody asked
    role: str | None = None  # what the author was: cataloguer, senior, …
    via: str | None = None  # desk, command line, import
    rules_version: str | None = None
    weight: float | None = None  # as it was shown, in bits
    seconds: int | None = None  # from opening the case to the answer
    seen: dict[str, Any] = Field(default_factory=dict)  # record key → its decision-relevant facts then

    @property
    def records(self) -> tuple[str, ...]:
        """The keys of every record it was about, sorted."""
        left, right = sides(self)
        return tuple(sorted({*left, *right, *self.seen}))

    @property
    def identifier(self) -> str | None:
        """The identifier that it is about, or that the one it takes back was about, if it is about no record."""
        about = self.value if self.field is None and isinstance(self.value, dict) else {}
        return about.get("identifier")


def stands_for(decision: Decision) -> tuple[int, ...]:
    """The decisions that a re-attached one stands for, the first made first; none for any other."""
    if decision.via != RE_ATTACHED or decision.answer == "undo":
        return ()
    return tuple(int(number) for number in re.findall(r"\d+", decision.note or ""))


def age(decision: Decision) -> tuple[int, int]:
    """Sorts decisions by when a person said it: a re-attached one is as old as the first it stands for."""
    return min((decision.id, *stands_for(decision))), decision.id


def sides(decision: Decision) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The record keys a decision was about: left and right of a match; those it was shown on, and none, of a field;
    none of an identifier.
    """
    if decision.identifier is not None:
        return (), ()
    shown: dict[str, Any] = decision.value if decision.field is None and isinstance(decision.value, dict) else {}
    left = shown.get("left") or [decision.left]
    right = shown.get("right") or ([decision.right] if decision.right else [])
    return tuple(left), tuple(right)


def case_id(kind: CaseKind, level: ClusterLevel, members: list[str], evidence: str) -> str:
    """Stable id of a case : 12 hex digits behind the kind's first letter."""
    text = "\n".join([kind, level, *sorted(members), evidence])
    return f"{kind[0]}{content_hash(text.encode()).hex()[:12]}"


class EvidenceChange(Model):
    """What a record said in one field when a decision was made, and what it says now; () where it said nothing.

    Of a field with many values only those that went and those that came are listed.
    """

    record: str  # SOURCE:SOURCE_ID
    field: str  # a name of `facts_of`
    before: tuple[str, ...]
    after: tuple[str, ...]


Facts = dict[str, list[str]]


def facts_of(record: CatalogueRecord) -> Facts:
    """What of a record decides whether it is the same as another, as its source wrote it; values sorted.

    Title, contributors, ISBN, form, language, date, extent, edition, part, series number; never price, stock,
    cover, summary or subjects.
    """
    dates, extent, statement = record.publication.dates, record.extent, record.edition_statement
    found: Facts = {
        "titles": sorted(_joined(t.kind, t.text, t.number) for t in record.titles),
        "contributors": sorted(_joined(c.name, *sorted(c.roles)) for c in record.contributors),
        "identifiers": sorted(_joined(i.scheme, i.value, i.role) for i in record.identifiers),
        "level": [record.level],
        "medium": [record.medium],
        "formats": sorted(record.formats),
        "languages": sorted(record.languages.text),
        "published": _said(dates.published),
        "announced": _said(dates.announced),
        "copyright": _said(dates.copyright),
        "original_date": _said(dates.original),
        "pages": _said(extent.pages),
        "minutes": _said(extent.duration_min),
        "edition": _said(statement.number, statement.text),
        "abridged": _said(statement.abridged),
        "part": _said(record.part.number, record.part.title),
        "series": sorted(_joined(s.title, s.number) for s in record.series),
    }
    return {field: values for field, values in found.items() if values}


def evidence_key(records: Iterable[CatalogueRecord]) -> str:
    """Hash of the folded facts of all records shown, in whatever order they and their values come."""
    return key_of({str(record.key): facts_of(record) for record in records})


def key_of(seen: Mapping[str, Facts]) -> str:
    """The same, from record keys and their facts: a decision's key is that of what its author saw."""
    folded = sorted(
        (key, sorted((field, sorted(map(fold, values))) for field, values in facts.items() if values))
        for key, facts in seen.items()
    )
    return content_hash(json.dumps(folded, ensure_ascii=False).encode()).hex()


def changes_since(seen: Mapping[str, Any], records: Iterable[CatalogueRecord]) -> tuple[EvidenceChange, ...]:
    """What decides, and is not what it was when a decision was made, by record and field.

    `seen` is the decision's; a record it does not name is one that its author did not see.
    """
    changes = []
    for record in sorted(records, key=lambda record: record.key):
        then, now = seen.get(str(record.key)), facts_of(record)
        if then is None:
            continue
        for field in sorted({*then, *now}, key=_ORDER.index):
            before, after = then.get(field, []), now.get(field, [])
            gone, come = _unlike(before, after), _unlike(after, before)
            if gone or come:
                changes.append(EvidenceChange(record=str(record.key), field=field, before=gone, after=come))
    return tuple(changes)


_ORDER = (
    *("titles", "contributors", "identifiers", "level", "medium", "formats", "languages"),
    *("published", "announced", "copyright", "original_date", "pages", "minutes", "edition", "abridged", "part"),
    "series",
)


def _unlike(values: list[str], others: list[str]) -> tuple[str, ...]:
    known = set(map(fold, others))
    return tuple(value for value in values if fold(value) not in known)


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _said(*values: str | int | bool | None) -> list[str]:
    text = " ".join(str(value) for value in values if value is not None)
    return [text] if text else []
