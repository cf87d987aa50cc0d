"""The stop list: identifiers that name no work, by frequency and by hand, and people's words on it as events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from catalogue.decision import Decision, StopAnswer
from catalogue.errors import UsageError
from catalogue.identifiers import is_gtin, isbn13, issn
from catalogue.model import Model
from catalogue.sentence import Sentence
from jobs.deciding import Author
from jobs.rules import rules_now
from jobs.settling import MATCHING
from matching.facts import ByHand, SetFacts
from store import decisions, facts, lookup
from store.database import Connection, Store


class StopRow(Model):
    """One identifier. `state`: it is not used, or it is used however many works have it. `in_effect`: the last
    resolve obeyed; else the next one will. `works` that have it, of an ISBN; at most so many are counted.
    """

    identifier: str
    state: StopAnswer
    by: Literal["frequency", "hand"]
    in_effect: bool
    works: int | None = None
    reason: str | None = None
    author: str | None = None
    made_at: str | None = None
    decision: int | None = None


def by_hand(connection: Connection) -> ByHand:
    """What people say of identifiers as it stands: of two words on one the newer counts."""
    said = {made.identifier: made.answer for made in _standing(connection)}
    stopped, trusted = (
        tuple(sorted(name for name, answer in said.items() if name and answer == wanted))
        for wanted in ("stopped", "trusted")
    )
    return ByHand(stopped=stopped, trusted=trusted)


def is_heeded(connection: Connection, wanted: ByHand) -> bool:
    """Whether the last resolve knew what people say now."""
    return _known(connection).by_hand == wanted


def stopped_now(connection: Connection) -> frozenset[str]:
    """The identifiers that the last resolve did not use."""
    return _known(connection).stop_list


def listed(store: Store) -> list[StopRow]:
    """Everything that is on the stop list or kept off it by hand, sorted."""
    with store.read() as connection:
        known, made = _known(connection), {each.identifier: each for each in _standing(connection) if each.identifier}
        rows = [_by_hand(each, known) for each in made.values()]
        rows += [
            StopRow(identifier=name, state="stopped", by="frequency", in_effect=name in known.stop_list)
            for name in known.glued
            if name not in made
        ]
        counted = [row.model_copy(update={"works": _works(connection, row.identifier)}) for row in rows]
    return sorted(counted, key=lambda row: row.identifier)


def say(store: Store, answer: StopAnswer, name: str, author: Author) -> Decision:
    """Keep an event: an identifier names no work from the next resolve on, or is used again however frequent it is.

    Raises UsageError for what is no identifier of a publication, without a reason, or where it is said already.
    """
    identifier = identifier_of(name)
    if not (author.note or "").strip():
        raise UsageError(Sentence("a reason is needed"))
    with store.write(in_turn=True) as connection:
        last = next((each for each in reversed(_standing(connection)) if each.identifier == identifier), None)
        if last and last.answer == answer:
            raise UsageError(
                Sentence("{name}: this is what decision {number} says already", name=identifier, number=str(last.id))
            )
        return decisions.append(connection, _event(answer, identifier, author))


def identifier_of(name: str) -> str:
    """The form in which matching knows an identifier: an ISBN in 13 digits, a GTIN, else ``scheme:value``.

    Raises UsageError; for an ISSN too, which names a serial whatever has it.
    """
    bare = name.strip()
    if found := isbn13(bare):
        return found
    if is_gtin(bare):
        return bare
    scheme, colon, value = bare.partition(":")
    if issn(bare) or scheme.lower() == "issn":
        raise UsageError(Sentence("{name}: an ISSN names a serial, and cannot be on the list", name=name))
    if not colon or not value.strip() or not scheme.isidentifier() or scheme.lower() in ("isbn", "gtin"):
        raise UsageError(Sentence("{name}: not an ISBN, a GTIN or SCHEME:VALUE (doi:10.1234/5)", name=name))
    return f"{scheme.lower()}:{value.strip()}"


def _standing(connection: Connection) -> Sequence[Decision]:
    return decisions.standing_with(connection, ("stopped", "trusted"))


def _known(connection: Connection) -> SetFacts:
    return SetFacts.model_validate(facts.get_fact(connection, MATCHING) or {})


def _by_hand(made: Decision, known: SetFacts) -> StopRow:
    name, stopped = made.identifier or "", made.answer == "stopped"
    obeyed = known.by_hand.stopped if stopped else known.by_hand.trusted
    return StopRow(
        identifier=name,
        state="stopped" if stopped else "trusted",
        by="hand",
        in_effect=name in obeyed,
        reason=made.note,
        author=made.author,
        made_at=made.made_at,
        decision=made.id,
    )


def _works(connection: Connection, identifier: str) -> int | None:
    return lookup.count_works(connection, identifier) if isbn13(identifier) else None


def _event(answer: StopAnswer, identifier: str, author: Author) -> Decision:
    named = identifier if ":" in identifier else f"{'isbn' if isbn13(identifier) else 'gtin'}:{identifier}"
    return Decision(
        id=0,
        answer=answer,
        level="work",
        left=named,
        value={"identifier": identifier},
        evidence_key="",
        note=author.note,
        author=author.name,
        role=author.role,
        via=author.via,
        made_at=author.at,
        rules_version=" ".join(rules_now()),
    )
