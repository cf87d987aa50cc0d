"""Titles: one main title (with its subtitle) for each language, one original, every other title once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from catalogue.folding import is_all_caps
from catalogue.record import Title
from merging.claims import Claim, Kept, Outcome, Settled, language_of, losers, ranked, sources_of
from merging.rules import FieldRule
from merging.sameness import agrees, contains, similarity, text_key, without_form
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
    assumed = language_of(settled)
    _single(_slots(ranked(kinds.pop("main", []), row), assumed), row, outcome)
    _single(_slots(_unsaid(ranked(kinds.pop("subtitle", []), row), outcome), assumed), row, outcome)
    originals = ranked(kinds.pop("original", []), row)
    _single([originals] if originals else [], row, outcome)
    for kind in (k for k in _ORDER if k in kinds):
        rest = _unrepeated(kinds[kind], outcome) if kind in _SAME_AS_MAIN else kinds[kind]
        outcome.kept += [united(group) for group in grouped(ranked(rest, row), _key)]
    first = _originally(settled)
    outcome.kept.sort(key=lambda kept: (_ORDER.index(kept.value.kind), kept.value.language not in first))  # stable
    return outcome


def _originally(settled: Settled) -> frozenset[str]:
    """The languages a work was first written in: its title in one of them stands before the translations'."""
    outcome = settled.get("languages.original")
    return frozenset(kept.value for kept in outcome.kept) if outcome else frozenset()


def _key(claim: Claim) -> Hashable:
    return text_key(claim.value.text), text_key(claim.value.number or "")


def _single(slots: list[list[Claim]], row: FieldRule, outcome: Outcome) -> None:
    """One title of a kind for each slot. Only a main title makes a question."""
    joined = _joined(slots)
    for slot in slots:
        if all(claim.value == slot[0].value for claim in slot):
            outcome.kept.append(Kept(slot[0].value, sources_of(slot)))
            continue
        reading = _reading({claim: _title_key(claim.value, joined, row) for claim in slot})
        chosen = choose(slot, row, reading, f"titles.{slot[0].value.kind}")
        kept = chosen.kept[0]
        same = [c for c in slot if text_key(c.value.text) == text_key(kept.value.text)]
        spoken = next((c.value.language for c in slot if c.value.language), None) if len(slots) > 1 else None
        kept.value = _completed(kept.value, [c.value for c in same], spoken)
        kept.lost += losers(c for c in same if not agrees(kept.value, c.value))
        outcome.kept.append(kept)
        outcome.questions += chosen.questions if kept.value.kind == "main" else []


def _reading(keys: dict[Claim, tuple[str, bool]]) -> Reading:
    return Reading(
        key=lambda claim: keys[claim][0], text=lambda claim: claim.value.text, poor=lambda claim: keys[claim][1]
    )


def _completed(title: Title, same: list[Title], spoken: str | None) -> Title:
    """A title with the number and language that others who write it tell, else the language of its place."""
    language = title.language or next((t.language for t in same if t.language), spoken)
    number = title.number or next((t.number for t in same if t.number), None)
    if (language, number) == (title.language, title.number):
        return title
    return title.model_copy(update={"language": language, "number": number})


def _slots(claims: list[Claim], assumed: str | None) -> list[list[Claim]]:
    """Claims by the language of the title. Where no title says its language, all are one title's.

    A title without one counts as being in the language of the edition (`assumed`). Equal texts are one title
    unless each says a language of its own.
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
        _place(claim, slots, assumed)
    place = {claim: n for n, claim in enumerate(claims)}
    ordered = [sorted(slot, key=place.__getitem__) for _, slot in slots]
    return sorted(ordered, key=lambda slot: place[slot[0]])


def _place(claim: Claim, slots: list[tuple[str, list[Claim]]], assumed: str | None) -> None:
    """Put a title without a language where its text is, else where the language is, else with the most alike."""
    key = text_key(claim.value.text)
    by_text = next((s for _, s in slots if any(text_key(c.value.text) == key for c in s)), None)
    by_language = next((s for code, s in slots if code == assumed), None)
    if by_text is None and by_language is None and assumed:
        slots.append((assumed, [claim]))
    else:
        (by_text or by_language or max((s for _, s in slots), key=lambda s: _nearness(key, s))).append(claim)


def _nearness(key: str, slot: list[Claim]) -> float:
    return max(similarity(key, text_key(claim.value.text)) for claim in slot)


def _joined(slots: list[list[Claim]]) -> dict[str, str]:
    """Main titles that hold what another record keeps apart: "main subtitle" → "main", folded."""
    found: dict[str, str] = {}
    if not any(len(slot) > 1 and slot[0].value.kind == "main" for slot in slots):
        return found
    for witness in {c.witness: None for slot in slots for c in slot}:
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
