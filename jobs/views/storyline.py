"""Decisions as sentences: who said what about which records, in the reader's language. One whole message each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.decision import Case, Decision, sides
from catalogue.keys import RecordKey
from jobs.views.fieldvalues import Said, field_name, joined, read_field, said_list
from ops.messages import Language, _, translator
from store import accounts, cases, history, records
from store.database import Connection

SAME = {
    "edition": _("{person} said that {left} and {right} are the same edition"),
    "work": _("{person} said that {left} and {right} are the same work"),
}
DIFFERENT = {
    "edition": _("{person} said that {left} and {right} are different editions"),
    "work": _("{person} said that {left} and {right} are different works"),
}
UNSURE = {
    "edition": _("{person} was not sure whether {left} and {right} are the same edition"),
    "work": _("{person} was not sure whether {left} and {right} are the same work"),
}
MATCHES = {"same": SAME, "different": DIFFERENT, "unsure": UNSURE}
CHOSE = _("{person} chose {value} for {field}")
CHOSE_OVER = _("{person} chose {value} for {field} over {others}")
REMOVED = _("{person} left {field} empty")
REMOVED_OVER = _("{person} left {field} empty, without {others}")
QUOTED = _("“{text}”")
STOPPED = _("{person} said that {identifier} names no work: it is not matched by")
TRUSTED = _("{person} said that {identifier} is matched by, however many works have it")
UNDID = _("{person} undid decision {number}")


@dataclass(frozen=True, slots=True)
class Told:
    """One decision as a line of history. `title` is that of the record it names first, as far as it lives.

    `undone_by` is the event that took it back; an undo itself has `undoes`.
    """

    decision: Decision
    words: str
    title: Said | None
    undone_by: Decision | None = None

    @property
    def can_undo(self) -> bool:
        return self.decision.answer not in ("undo", "unsure") and self.undone_by is None


def told(connection: Connection, made: Iterable[Decision], language: Language) -> tuple[Told, ...]:
    """Decisions as sentences, in the order given, each with what became of it."""
    listed = list(made)
    names = people(connection, (one.author for one in listed))
    undos = history.undos_of(connection, [one.id for one in listed])
    named = [one.case for one in listed if one.case and one.answer == "field"]
    asked = {case.case: case for case in cases.by_name(connection, named)}
    titles = _titles(connection, [one.left for one in listed if one.identifier is None], language)
    return tuple(
        Told(one, sentence(one, names, language, asked.get(one.case or "")), titles.get(one.left), undos.get(one.id))
        for one in listed
    )


def _titles(connection: Connection, keys: Iterable[str], language: Language) -> dict[str, Said]:
    numbers = records.numbers_of(connection, {RecordKey.parse(key) for key in keys})
    found = records.by_number(connection, sorted(numbers.values())).values()
    titles = {str(one.key): read_field(one.record, "titles.main", language) for one in found if one.record}
    return {key: some[0] for key, some in titles.items() if some}


def sentence(made: Decision, names: Mapping[str, str], language: Language, case: Case | None = None) -> str:
    """A decision in words, without its date. `names` are display names by account, `case` what it answered."""
    text = translator(language)
    person = names.get(made.author, made.author)
    if made.answer == "undo":
        return text(UNDID).format(person=person, number=made.undoes)
    if made.identifier is not None:
        message = STOPPED if made.answer == "stopped" else TRUSTED
        return text(message).format(person=person, identifier=made.left)
    if made.answer == "field":
        return _choice(made, person, (language, case))
    left, right = sides(made)
    message = text(MATCHES[made.answer][made.level])
    return message.format(person=person, left=_named(left), right=_named(right))


def people(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """Account → display name, of those who have an account; others sign with the name they used."""
    found = {name: accounts.find(connection, name) for name in dict.fromkeys(names)}
    return {name: account.display_name if account else name for name, account in found.items()}


def _choice(made: Decision, person: str, how: tuple[Language, Case | None]) -> str:
    language, case = how
    field = made.field or ""
    quoted = translator(language)(QUOTED)
    shown = [quoted.format(text=one.text) for one in said_list(field, made.value, language)]
    value = "; ".join(shown)
    offered = [each["value"] for each in case.candidates if isinstance(each, dict)] if case else list(made.over)
    say: Callable[[Any], str] = (lambda each: joined(said_list(field, each, language))) if case else str
    others = ", ".join(quoted.format(text=say(each)) for each in offered if each != made.value)
    values = {"person": person, "value": value, "field": field_name(field, language), "others": others}
    message = (CHOSE_OVER if others else CHOSE) if shown else (REMOVED_OVER if others else REMOVED)
    return translator(language)(message).format(**values)


def _named(keys: tuple[str, ...]) -> str:
    return keys[0] if len(keys) == 1 else f"{keys[0]} (+{len(keys) - 1})"
