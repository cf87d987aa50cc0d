"""The page of a case: what its templates are given, for reading it and for an answer that could not be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from babel.numbers import format_decimal
from fastapi.responses import Response

from catalogue.errors import StaleAnswer
from desk.insearch import in_search
from desk.sheet import groups_of
from desk.visit import Visit
from jobs.views.casefile import CaseFile, case_file
from jobs.views.casewords import veto_words
from jobs.views.fieldvalues import fact_words, field_name
from jobs.views.fieldwords import FACTS
from jobs.views.storyline import people, sentence
from ops.messages import Language, _, translator
from store import claims, presence
from store.moments import later

KINDS = {
    ("match", "edition"): _("Match of editions"),
    ("match", "work"): _("Match of works"),
    ("field", "edition"): _("Field of an edition"),
    ("field", "work"): _("Field of a work"),
    ("split", "edition"): _("Contradiction about an edition"),
    ("split", "work"): _("Contradiction about a work"),
    ("gap", "edition"): _("Gap"),
    ("alarm", "edition"): _("Alarm"),
}
STATES = {"answered": _("already answered"), "dissolved": _("no longer asked")}
NO_VALUE = _("No value: leave the field empty")
ANSWERS = {"same": _("Same"), "different": _("Different"), "unsure": _("Not sure"), "field": _("a value")}


@dataclass(frozen=True, slots=True)
class Picked:
    """What a person had filled in when the answer could not be kept."""

    answer: str = ""
    choice: str = ""
    own: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what has changed since a decision."""

    record: str
    source: str
    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setback:
    """Why an answer was not kept: it was stale, or a fault in words."""

    picked: Picked = field(default_factory=Picked)
    stale: StaleAnswer | None = None
    fault: str = ""

    @property
    def status(self) -> int:
        return 409 if self.stale else 422 if self.fault else 200


def case_page(visit: Visit, name: str, setback: Setback | None = None) -> Response:
    """The case as it is now; with a setback what was picked is kept in the form. Raises NotFound."""
    setback = setback or Setback()
    file = case_file(visit.store, name, visit.language)
    with visit.store.read() as connection:
        others = presence.others(connection, name, visit.person.name, visit.now)
        held = claims.held(connection, [name], visit.now).get(name)
        made = [made for made in (file.answered, file.reopening and file.reopening.decision) if made]
        named = [*others, *([held.account] if held else []), *(one.author for one in made), *file.links.authors]
        names = people(connection, named)
    mine = held is not None and held.account == visit.person.name
    values: dict[str, Any] = {
        "file": file,
        "groups": groups_of(file),
        "kind": visit.text(KINDS.get((file.case.kind, file.case.level), file.case.kind)),
        "state_words": visit.text(STATES.get(file.case.state, file.case.state)),
        "open": file.case.state == "open",
        "presence": presence_words(visit, [names[name] for name in others]),
        "holder": held.account if held else "",
        "kept_for_long": mine and held is not None and held.until > later(visit.now, 3600),
        "names": names,
        "names_of": _names_of(file),
        "letters": {member.key: column.letter for column in file.columns for member in column.members},
        "field_words": field_name(file.case.field or "", visit.language),
        "veto_words": veto_words(file.vetoes, visit.language),
        "signed": partial(signed, language=visit.language),
        "picked": setback.picked,
        "picked_words": _picked_words(visit, file, setback.picked),
        "stale": setback.stale,
        "fault": setback.fault,
        "in_search": in_search(visit, (member.work for member in file.members)) if file.answered else None,
        **_said_before(file, names, visit.language),
    }
    return visit.page("case.html", setback.status, nav="queue", **values)


def signed(bits: float, language: Language) -> str:
    """A weight with its sign and one decimal."""
    return str(format_decimal(bits, format="+0.0;−0.0", locale=language))


def presence_words(visit: Visit, others: Iterable[str]) -> str:
    """Who else has the case open, as a sentence; empty where nobody has."""
    names = ", ".join(others)
    return visit.text(_("{names} is looking at this too")).format(names=names) if names else ""


def _said_before(file: CaseFile, names: Mapping[str, str], language: Language) -> dict[str, Any]:
    """The answer that stands, and the one that was given before what was seen has changed."""
    found: dict[str, Any] = {"answered_words": "", "reopened_words": "", "changes": ()}
    if file.answered:
        found["answered_words"] = sentence(file.answered, names, language, file.case)
    if file.reopening:
        found["reopened_words"] = sentence(file.reopening.decision, names, language, file.case)
        sources = {member.key: member.source_name for member in file.members}
        found["changes"] = [
            Change(
                c.record,
                sources.get(c.record, c.record),
                _fact_name(c.field, language),
                tuple(fact_words(c.field, value, language) for value in c.before),
                tuple(fact_words(c.field, value, language) for value in c.after),
            )
            for c in file.reopening.changes
        ]
    return found


def _fact_name(name: str, language: Language) -> str:
    return translator(language)(FACTS.get(name, name))


def _names_of(file: CaseFile) -> Any:
    names = {member.key: member.source_name for member in file.members}
    return lambda keys: list(dict.fromkeys(names.get(key, key) for key in keys))


def _picked_words(visit: Visit, file: CaseFile, picked: Picked) -> str:
    if picked.answer == "field" and picked.choice.isdecimal() and int(picked.choice) < len(file.candidates):
        return "; ".join(one.text for one in file.candidates[int(picked.choice)].said)
    if picked.answer == "field":
        return picked.own if picked.choice == "own" else visit.text(NO_VALUE)
    return visit.text(ANSWERS.get(picked.answer, picked.answer))
