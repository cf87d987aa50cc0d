"""The one way fields are settled, for editions and works alike: claims, rule, people's choices, provenance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.merged import Conflict, FieldChoice, Lost, Provenance
from catalogue.record import Description
from merging.choices import apply_choices, identity
from merging.claims import Claim, Kept, Outcome, Question, Settled, distinct, losers
from merging.fields import Leaf, assemble, leaves, plain
from merging.registry import RULES
from merging.rules import FieldRule, Rules
from merging.sameness import agrees

PREPUBLICATION = "prepublication"


@dataclass(frozen=True, slots=True)
class Settlement:
    """A description with its provenance, row by row in the order of the table, and its open questions."""

    description: Description
    provenance: tuple[Provenance, ...]
    conflicts: tuple[Conflict, ...]


def settle(
    claims_of: Callable[[Leaf], list[Claim]],
    table: Mapping[str, FieldRule],
    rules: Rules,
    choices: Sequence[FieldChoice] = (),
) -> Settlement:
    """Every field of `table` out of the claims made for it. `choices` are those of this cluster alone."""
    outcomes: dict[str, Outcome] = {}
    values: dict[str, Any] = {}
    provenance: list[Provenance] = []
    conflicts: list[Conflict] = []
    chosen = _by_field(choices)
    known = leaves()
    for path, row in table.items():
        leaf = known[path]
        claims = claims_of(leaf)
        if not claims and path not in chosen:
            continue
        outcome = _settle_field(claims, row, rules, outcomes)
        if path in chosen:
            outcome = apply_choices(leaf, chosen[path], claims, outcome)
        outcomes[path] = outcome
        if outcome.kept:
            values[path] = [k.value for k in outcome.kept] if leaf.many else outcome.kept[0].value
        provenance += _rows(path, row.rule, outcome)
        conflicts += [_conflict(question) for question in outcome.questions]
    return Settlement(assemble(values), tuple(provenance), tuple(conflicts))


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
    """Note a held value with the one it lost to, or by itself."""
    key = identity(value)
    winner = next((k for k in outcome.kept if not many or identity(k.value) == key), None)
    if winner is None:
        outcome.dropped.append((value, sources, PREPUBLICATION))
    elif not agrees(winner.value, value):
        winner.lost.append((value, sources))


def _rows(path: str, rule: str, outcome: Outcome) -> list[Provenance]:
    rows = [_row(path, kept.rule or rule, kept) for kept in outcome.kept]
    for dropper in sorted({dropper for _, _, dropper in outcome.dropped}):
        lost = [(value, sources) for value, sources, by in outcome.dropped if by == dropper]
        rows.append(_row(path, dropper, Kept(None, (), lost)))
    return rows


def _row(path: str, rule: str, kept: Kept) -> Provenance:
    lost = tuple(_lost(kept.lost)) if kept.lost else ()
    return Provenance(field=path, value=plain(kept.value), sources=kept.sources, rule=rule, lost=lost)


def _lost(lost: Sequence[tuple[Any, tuple[str, ...]]]) -> list[Lost]:
    return [Lost(value=plain(value), sources=sources) for value, sources in distinct(lost)]


def _conflict(question: Question) -> Conflict:
    candidates = [(question.chosen, question.chosen_sources), *question.others]
    return Conflict(field=question.field, chosen=plain(question.chosen), candidates=tuple(_lost(candidates)))
