"""Questions and answers: cases, decisions, and the evidence a decision was made on."""

from __future__ import annotations

import json
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


class Decision(Model):
    """An answer: an event, never a patch. `undoes` names the decision it takes back."""

    id: int
    answer: Answer | Literal["undo"]
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


def case_id(kind: CaseKind, level: ClusterLevel, members: list[str], evidence: str) -> str:
    """Stable id of a case : 12 hex digits behind the kind's first letter."""
    text = "\n".join([kind, level, *sorted(members), evidence])
    return f"{kind[0]}{content_hash(text.encode()).hex()[:12]}"


def evidence_key(records: list[CatalogueRecord]) -> str:
    """Hash of the folded, decision-relevant fields of all records shown, whatever their order.

    Title, contributors, ISBN, form, language, date, extent, edition, part, series number; never price, stock,
    cover, summary or subjects.
    """
    sides = sorted(f"{record.key}\n{_relevant(record)}" for record in records)
    return content_hash("\n\n".join(sides).encode()).hex()


def _relevant(record: CatalogueRecord) -> str:
    facts: dict[str, Any] = {
        "titles": sorted(f"{t.kind} {fold(t.text)} {t.number or ''}" for t in record.titles),
        "contributors": sorted(f"{fold(c.name)} {' '.join(sorted(c.roles))}" for c in record.contributors),
        "identifiers": sorted(f"{i.scheme} {i.value} {i.role}" for i in record.identifiers),
        "form": [record.level, record.medium, sorted(record.formats)],
        "languages": sorted(record.languages.text),
        "dates": record.publication.dates.model_dump(),
        "extent": [record.extent.pages, record.extent.duration_min],
        "edition": record.edition_statement.model_dump(),
        "part": record.part.model_dump(),
        "series": sorted(f"{fold(s.title)} {s.number or ''}" for s in record.series),
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)
