"""A case in words: the question, why it is asked, what speaks for and against, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.decision import Case
from catalogue.evidence import Finding, Thresholds
from catalogue.record import CatalogueRecord
from jobs.views.fieldvalues import field_name, said
from jobs.views.findingsigns import Sign, signed
from jobs.views.findingwords import ASKS, FINDINGS, VETOES
from matching.checking import vetoes_across
from matching.facts import SetFacts
from matching.features import extract
from matching.model import load_model
from ops.messages import Language, _, counter, translator
from store import facts, sources
from store.database import Connection

MOST_OF_A_SIDE = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table of weights. `share` is the bar's length, 0 to 100, of the heaviest; `note`: how rare."""

    comparison: str
    words: str
    left: str | None
    right: str | None
    bits: float
    total: float
    share: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a pair scored as it did. `signs` is the short version: sign, words."""

    steps: tuple[Step, ...]
    silent: int  # comparisons that told nothing
    total: float
    thresholds: Thresholds
    model: str
    signs: tuple[tuple[Sign, str], ...]


def question_of(case: Case, language: Language) -> str:
    """The question a case asks, in one line."""
    text = translator(language)
    if case.kind == "field":
        return text(_("Which value is right: {field}?")).format(field=field_name(case.field or "", language))
    if case.kind == "split":
        return text(_("Do these belong together?"))
    return text(_("The same edition?")) if case.level == "edition" else text(_("The same work?"))


def reasons_of(case: Case, language: Language) -> tuple[str, ...]:
    """Why it is asked, a sentence for each reason."""
    text = translator(language)
    if case.kind == "field":
        return (text(_("The sources differ, and no rule has ground to choose.")),)
    if case.reopened is not None or case.reason.startswith("evidence"):
        changed = ASKS["evidence_changed"]
        return (text(changed),)
    codes = [code.strip() for code in case.reason.split(",") if code.strip()] or ["score"]
    return tuple(text(ASKS.get(code, code)) for code in codes)


def explained(
    case: Case, records: Sequence[CatalogueRecord], language: Language, alike: int | None = None
) -> Explained | None:
    """The findings of a case as lines with a running total; None where it has none.

    `alike` is how many works have the words of the title, where that was counted.
    """
    if not case.findings:
        return None
    text = translator(language)
    model = load_model()
    heaviest = max(abs(f.bits) for f in case.findings) or 1.0
    steps, total = [], 0.0
    for finding in case.findings:
        total += finding.bits
        if finding.bits:
            share = round(100 * abs(finding.bits) / heaviest)
            words = text(_words(finding))
            note = _rarity(alike, language) if alike and finding.comparison == "title" else ""
            left, right = (_side(finding.comparison, side, language) for side in (finding.left, finding.right))
            steps.append(Step(finding.comparison, words, left, right, finding.bits, round(total, 6), share, note))
    return Explained(
        steps=tuple(steps),
        silent=len(case.findings) - len(steps),
        total=round(total, 2),
        thresholds=model.thresholds(case.level, _domain(records)),
        model=f"{model.name} {model.version}",
        signs=tuple((sign, text(_words(finding))) for sign, finding in signed(case.findings)),
    )


def vetoes_between(connection: Connection, case: Case, records: Mapping[str, CatalogueRecord]) -> tuple[str, ...]:
    """The names of vetoes between the two sides of an open match: what "same" would overrule.

    Of a side of many records the first `MOST_OF_A_SIDE` are looked at; the answer itself looks at all.
    """
    asked = case.candidates if case.kind == "match" and case.state == "open" else ()
    sides = [[key for key in side if key in records][:MOST_OF_A_SIDE] for side in asked]
    if len(sides) != 2 or not all(sides):
        return ()
    kept = facts.get_fact(connection, "matching")
    mixed = sources.mixed_origins(connection)
    left, right = ([extract(records[key], mixed_origin=records[key].source in mixed) for key in side] for side in sides)
    return vetoes_across(left, right, case.level, SetFacts.model_validate(kept) if kept else SetFacts())


def veto_words(names: Sequence[str], language: Language) -> tuple[str, ...]:
    """Vetoes as sentences."""
    text = translator(language)
    return tuple(text(VETOES.get(name, name)) for name in names)


def _rarity(alike: int, language: Language) -> str:
    ngettext = counter(language)
    said = ngettext("{count} work has the words of this title", "{count} works have the words of this title", alike)
    return said.format(count=alike)


def _side(comparison: str, value: str | None, language: Language) -> str | None:
    """What one side says, codes of media and languages in words."""
    if value is None or comparison not in _CODED:
        return value
    return ", ".join(said(_CODED[comparison], code, language).text for code in value.split(", "))


_CODED = {"medium": "medium", "language": "languages.text"}


def _words(finding: Finding) -> str:
    return FINDINGS.get(f"{finding.comparison}.{finding.level}", f"{finding.comparison}: {finding.level}")


def _domain(records: Sequence[CatalogueRecord]) -> str:
    if any(record.level == "serial" for record in records):
        return "serial"
    return "audio" if any(record.medium == "audiobook" for record in records) else "monograph"
