"""Titles: one main title (with its subtitle) for each language, one original, every other title once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from catalogue.folding import is_all_caps
from catalogue.record import Title
from merging.claims import Claim, Kept, Outcome, Settled, ranked
from merging.rules import FieldRule
from merging.sameness import contains, text_key, without_form
from merging.standing import Reading, choose
from merging.unions import grouped, united

_ORDER = ("main", "subtitle", "part", "original", "parallel", "alternative", "former", "series", "key")
_SAME_AS_MAIN = frozenset({"parallel", "alternative", "former", "key"})


def titles(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """Main titles by standing within each language (capitals and appended forms never win; a superset does).

    A subtitle that its main title already says is lost to it. A title that repeats a main title is one with it.
    """
    kinds = {kind: [c for c in claims if c.value.kind == kind] for kind in {c.value.kind for c in claims}}
    outcome = Outcome()
    if row.kinds:
        kinds = {kind: found for kind, found in kinds.items() if kind in row.kinds}
    _single("main", kinds.pop("main", []), row, outcome)
    _single("subtitle", _unsaid(kinds.pop("subtitle", []), outcome), row, outcome)
    _single("original", kinds.pop("original", []), row, outcome)
    for kind in (k for k in _ORDER if k in kinds):
        rest = _unrepeated(kinds[kind], outcome) if kind in _SAME_AS_MAIN else kinds[kind]
        outcome.kept += [united(group) for group in grouped(ranked(rest, row), _key)]
    outcome.kept.sort(key=lambda kept: _ORDER.index(kept.value.kind))  # stable
    return outcome


def _key(claim: Claim) -> Hashable:
    return text_key(claim.value.text), text_key(claim.value.number or "")


def _single(kind: str, claims: list[Claim], row: FieldRule, outcome: Outcome) -> None:
    """One title of a kind for each language it is written in."""
    joined = _joined(claims) if kind == "main" and len(claims) > 1 else {}
    for slot in _slots(ranked(claims, row)):
        if len(slot) == 1:
            outcome.kept.append(Kept(slot[0].value, slot[0].sources))
            continue
        reading = _reading({claim: _title_key(claim.value, joined, row) for claim in slot})
        chosen = choose(slot, row, reading, f"titles.{kind}")
        kept = chosen.kept[0]
        same = [c.value for c in slot if text_key(c.value.text) == text_key(kept.value.text)]
        kept.value = _completed(kept.value, same)
        outcome.kept.append(kept)
        outcome.questions += chosen.questions if kind == "main" else []


def _reading(keys: dict[Claim, tuple[str, bool]]) -> Reading:
    return Reading(
        key=lambda claim: keys[claim][0], text=lambda claim: claim.value.text, poor=lambda claim: keys[claim][1]
    )


def _completed(title: Title, same: list[Title]) -> Title:
    """A title with the language and number that others who write it tell."""
    language = title.language or next((t.language for t in same if t.language), None)
    number = title.number or next((t.number for t in same if t.number), None)
    if (language, number) == (title.language, title.number):
        return title
    return title.model_copy(update={"language": language, "number": number})


def _slots(claims: list[Claim]) -> list[list[Claim]]:
    """Claims by the language of the title. Where no title says its language, all are one title's.

    A title without one counts as of its record's language of text. Equal texts are one title unless each says
    a language of its own.
    """
    if len(claims) == 1 or not any(c.value.language for c in claims):
        return [claims] if claims else []
    spoken: dict[str, list[Claim]] = {}
    unspoken: list[Claim] = []
    for claim in claims:
        if claim.value.language:
            spoken.setdefault(claim.value.language, []).append(claim)
        else:
            unspoken.append(claim)
    slots = list(spoken.items())
    for claim in unspoken:
        _place(claim, slots)
    place = {claim: n for n, claim in enumerate(claims)}
    ordered = [sorted(slot, key=place.__getitem__) for _, slot in slots]
    return sorted(ordered, key=lambda slot: place[slot[0]])


def _place(claim: Claim, slots: list[tuple[str, list[Claim]]]) -> None:
    """Put a title without a language where its text is, else where its record's language is, else with the first."""
    key = text_key(claim.value.text)
    language = claim.witness.language
    by_text = next((s for _, s in slots if any(text_key(c.value.text) == key for c in s)), None)
    by_language = next((s for code, s in slots if code == language), None)
    if by_text is None and by_language is None and language:
        slots.append((language, [claim]))
    else:
        (by_text or by_language or slots[0][1]).append(claim)


def _joined(claims: Sequence[Claim]) -> dict[str, str]:
    """Main titles that hold what another record keeps apart: "main subtitle" → "main", folded."""
    found: dict[str, str] = {}
    for witness in {c.witness: None for c in claims}:
        mains = [text_key(t.text) for t in witness.description.titles if t.kind == "main"]
        more = [text_key(t.text) for t in witness.description.titles if t.kind in ("subtitle", "part")]
        found.update((f"{main} {rest}", main) for main in mains for rest in more)
    return found


def _title_key(title: Title, joined: dict[str, str], row: FieldRule) -> tuple[str, bool]:
    """The key of a title, and whether its form is a poor one."""
    full = text_key(title.text)
    key = without_form(full, row.words)
    while key in joined:  # each step is shorter
        key = joined[key]
    return key, key != full or is_all_caps(title.text)


def _unsaid(subtitles: list[Claim], outcome: Outcome) -> list[Claim]:
    """The subtitles that no main title of the outcome holds already; the others are lost to it."""
    rest = []
    for claim in subtitles:
        key = text_key(claim.value.text)
        holder = next((k for k in outcome.kept if contains(text_key(k.value.text), key)), None)
        if holder is None:
            rest.append(claim)
        else:
            _lose(holder, claim)
    return rest


def _unrepeated(claims: list[Claim], outcome: Outcome) -> list[Claim]:
    """The titles that repeat no main title; the others are noted on it."""
    rest = []
    for claim in claims:
        key = text_key(claim.value.text)
        same = next((k for k in outcome.kept if k.value.kind == "main" and text_key(k.value.text) == key), None)
        if same is None:
            rest.append(claim)
        else:
            _lose(same, claim)
    return rest


def _lose(kept: Kept, claim: Claim) -> None:
    kept.lost.append((claim.value, claim.sources))
