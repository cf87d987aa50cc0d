"""The one way fields are settled, for editions and works alike: claims, rule, people's choices, provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.merged import FieldChoice
from merging.alone import untouched
from merging.choices import apply_choices, identity
from merging.claims import Claim, Kept, Outcome, Question, Settled, distinct, losers
from merging.fields import leaves, plain, tree
from merging.registry import RULES
from merging.rules import FieldRule, Rules
from merging.sameness import agrees

PREPUBLICATION = "prepublication"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Content of a merged record, not yet validated (`MergedRecord` does it in one go, which is what makes it fast).

    `description` is a tree of values, `provenance` rows in the order of the table, `conflicts` the open questions.
    """

    description: Mapping[str, Any]
    provenance: Sequence[Mapping[str, Any]]
    conflicts: Sequence[Mapping[str, Any]]


def settle(
    claims: Mapping[str, list[Claim]],
    table: Mapping[str, FieldRule],
    rules: Rules,
    choices: Sequence[FieldChoice] = (),
) -> Settlement:
    """Every field of `table` out of the claims made for it, by path. `choices` are those of this cluster alone."""
    outcomes: dict[str, Outcome] = {}
    values: dict[str, Any] = {}
    provenance: list[Mapping[str, Any]] = []
    conflicts: list[Mapping[str, Any]] = []
    chosen = _by_field(choices)
    known = leaves()
    for path, row in table.items():
        said = claims.get(path, [])
        if not said and path not in chosen:  # most fields of most records
            continue
        many = known[path].many
        outcome = untouched(said, row) or _settle_field(said, row, rules, outcomes)
        if path in chosen:
            outcome = apply_choices(known[path], chosen[path], said, outcome)
        outcomes[path] = outcome
        if outcome.kept:
            values[path] = tuple(k.value for k in outcome.kept) if many else outcome.kept[0].value
        provenance += _rows(path, row.rule, outcome)
        if outcome.questions:
            conflicts += [_conflict(question) for question in outcome.questions]
    return Settlement(tree(values), provenance, conflicts)


def _by_field(choices: Iterable[FieldChoice]) -> dict[str, list[FieldChoice]]:
    found: dict[str, list[FieldChoice]] = {}
    for choice in choices:
        path = "titles" if choice.field.startswith("titles.") else choice.field
        found.setdefault(path, []).append(choice)
    return found


def _settle_field(claims: list[Claim], row: FieldRule, rules: Rules, outcomes: Settled) -> Outcome:
    """The rule's outcome, the claims of prepublication records held back where a full record is there."""
    held: list[Claim] = []
    if row.field not in rules.carries:
        held = [c for c in claims if c.witness.yields]
    if not held:
        return RULES[row.rule](claims, row, outcomes) if claims else Outcome()
    heard = [c for c in claims if c not in held]
    outcome = RULES[row.rule](heard, row, outcomes) if heard else Outcome()
    for value, sources in losers(c for c in held):
        _hold(outcome, value, sources, many=leaves()[row.field].many)
    return outcome


def _hold(outcome: Outcome, value: Any, sources: tuple[str, ...], *, many: bool) -> None:
    """Note a held value with the one it lost to, or by itself; a source that says no other than the winner is one."""
    key = identity(value)
    winner = next((k for k in outcome.kept if not many or identity(k.value) == key), None)
    if winner is None:
        outcome.dropped.append((value, sources, PREPUBLICATION))
    elif agrees(winner.value, value):
        winner.sources = tuple(sorted({*winner.sources, *sources}))
    else:
        winner.lost.append((value, sources))


def _rows(path: str, rule: str, outcome: Outcome) -> list[Mapping[str, Any]]:
    rows = [_row(path, kept.rule or rule, kept) for kept in outcome.kept]
    if not outcome.dropped:
        return rows
    for dropper in sorted({dropper for _, _, dropper in outcome.dropped}):
        lost = [(value, sources) for value, sources, by in outcome.dropped if by == dropper]
        rows.append(_row(path, dropper, Kept(None, (), lost)))
    return rows


def _row(path: str, rule: str, kept: Kept) -> Mapping[str, Any]:
    """The content of a `Provenance`."""
    row = {"field": path, "value": plain(kept.value), "sources": kept.sources, "rule": rule}
    if kept.lost:
        row["lost"] = _lost(kept.lost)
    return row


def _lost(lost: Sequence[tuple[Any, tuple[str, ...]]]) -> tuple[Mapping[str, Any], ...]:
    return tuple({"value": plain(value), "sources": sources} for value, sources in distinct(lost))


def _conflict(question: Question) -> Mapping[str, Any]:
    """The content of a `Conflict`."""
    candidates = [(question.chosen, question.chosen_sources), *question.others]
    return {"field": question.field, "chosen": plain(question.chosen), "candidates": _lost(candidates)}
