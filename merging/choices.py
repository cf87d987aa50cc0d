"""A person's word on a field: it outranks feeds until what it was chosen over changes.

A scalar field (and a title of one kind, named ``titles.main``, ``titles.subtitle`` or ``titles.original``) holds one
value: the choice stands while the sources say nothing but what they said then, or what was chosen; null removes.
A list field is changed item by item: what was there then and is not in the chosen value is removed and does not come
back, whoever sends it; what is chosen is there; what is new since then is added by its rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_args

from pydantic import ValidationError

from catalogue.merged import FieldChoice
from catalogue.record import (
    Contributor,
    Description,
    Identifier,
    Link,
    Series,
    Text,
    Title,
    TitleKind,
    Topic,
)
from catalogue.sentence import Sentence
from merging.claims import Claim, Kept, Outcome, Question, losers, sources_of
from merging.fields import Leaf, leaves, tree
from merging.persons import name_key
from merging.sameness import text_key
from merging.topics import said as topic_words
from merging.unions import item_key

CATALOGUER = "cataloguer"
_SLOTS = {f"titles.{kind}": kind for kind in get_args(TitleKind)}
_WORD: dict[type, str] = {Title: "text", Topic: "source_text", Contributor: "name", Series: "title"}


def said(field: str, descriptions: Iterable[Description]) -> tuple[str, ...]:
    """The folded values records say in a field now, sorted: what a choice made now is made over (`FieldChoice.over`).

    Raises ValueError where there is no such field.
    """
    leaf = _leaf(field)
    found: set[str] = set()
    for description in descriptions:
        value = leaf.read(description)
        for item in value if leaf.many else (value,):
            if item is not None and (field not in _SLOTS or item.kind == _SLOTS[field]):
                found.add(identity(item))
    return tuple(sorted(found))


def asked(field: str, values: Iterable[Any]) -> tuple[str, ...] | None:
    """What a choice among items of a list field is made over: those items (JSON), and not the rest of the list.

    None for a field that holds one value, or one title of a kind: there a choice is made over all that is said.
    """
    leaf = _leaf(field)
    if not leaf.many or field in _SLOTS:
        return None
    return tuple(sorted({identity(item) for value in values for item in chosen_value(field, value)}))


def chosen_value(field: str, value: Any) -> Any:
    """A chosen value as the model has it: None, a scalar, or a tuple of items. Raises ValueError if it cannot be one.

    A text stands for an item of which it is the word: a title, a subject, a contributor, a series.
    """
    leaf = _leaf(field)
    if value is None:
        return () if leaf.many else None
    if not leaf.many:
        return leaf.read(_assembled(leaf.path, value))
    items = [_item(leaf, field, item) for item in (value if isinstance(value, (list, tuple)) else [value])]
    return leaf.read(_assembled(leaf.path, items))


def identity(value: Any) -> str:
    """The folded text by which choices know a value."""
    if isinstance(value, Title):
        return text_key(f"{value.kind} {value.text}")
    if isinstance(value, Contributor):
        return name_key(value)
    if isinstance(value, Identifier):
        return f"{value.scheme} {value.value}"
    if isinstance(value, Topic):
        return value.uri or text_key(value.source_text or next(iter(sorted(topic_words(value))), ""))
    if isinstance(value, Series):
        return text_key(f"{value.title} {value.number or ''}")
    if isinstance(value, Text):
        return text_key(f"{value.kind} {value.language or ''} {value.text}")
    if isinstance(value, Link):
        return value.url
    key = item_key(value)
    return " ".join(str(part) for part in key) if isinstance(key, tuple) else text_key(str(key))


def apply_choices(leaf: Leaf, choices: Sequence[FieldChoice], claims: Sequence[Claim], outcome: Outcome) -> Outcome:
    """The outcome of a field after people's choices for it, in their order."""
    for choice in choices:
        value = chosen_value(choice.field, choice.value)
        if not leaf.many:
            outcome = _one(choice, value, claims, outcome)
        elif choice.field in _SLOTS:
            outcome = _slot(choice, value, claims, outcome)
        else:
            outcome = _items(choice, value, claims, outcome)
    return outcome


def _one(choice: FieldChoice, value: Any, claims: Sequence[Claim], outcome: Outcome) -> Outcome:
    own = identity(value) if value is not None else ""
    now = {identity(c.value) for c in claims}
    if not now <= {*choice.over, own}:
        return outcome
    others = losers(c for c in claims if identity(c.value) != own)
    if value is None:
        return Outcome(dropped=[(*lost, CATALOGUER) for lost in others])
    agreeing = sources_of(c for c in claims if identity(c.value) == own)
    return Outcome([Kept(value, agreeing, others, CATALOGUER)])


def _slot(choice: FieldChoice, value: Sequence[Title], claims: Sequence[Claim], outcome: Outcome) -> Outcome:
    """As for a scalar, for the titles of one kind; a chosen title that has a language leaves other languages' alone."""
    kind = _SLOTS[choice.field]
    languages = {title.language for title in value}
    whole = not value or None in languages

    def meant(title: Title) -> bool:
        return title.kind == kind and (whole or title.language is None or title.language in languages)

    slot = [c for c in claims if meant(c.value)]
    replaced = [n for n, kept in enumerate(outcome.kept) if meant(kept.value)]
    single = _one(choice.model_copy(update={"over": (*choice.over, *map(identity, value))}), None, slot, outcome)
    if single is outcome:
        return outcome
    chosen = [Kept(title, _agreeing(title, slot), [], CATALOGUER) for title in value]
    lost = losers(c for c in slot if identity(c.value) not in {identity(t) for t in value})
    if chosen:
        chosen[0].lost, lost = lost, []
    rest = [kept for n, kept in enumerate(outcome.kept) if n not in replaced]
    place = replaced[0] if replaced else len(rest) if kind != "main" else 0
    kept = [*rest[:place], *chosen, *rest[place:]]
    questions = [q for q in outcome.questions if q.field != choice.field]
    return Outcome(kept, [*outcome.dropped, *((*one, CATALOGUER) for one in lost)], questions)


def _items(choice: FieldChoice, value: Sequence[Any], claims: Sequence[Claim], outcome: Outcome) -> Outcome:
    wanted = {identity(item): item for item in value}
    gone = set(choice.over) - set(wanted)
    kept: list[Kept] = []
    dropped = list(outcome.dropped)
    for one in outcome.kept:
        own = identity(one.value)
        if own in gone:
            dropped += [(*lost, CATALOGUER) for lost in [(one.value, one.sources), *one.lost]]
        elif own in wanted:
            kept.append(Kept(wanted.pop(own), one.sources, _unlike(one, value), CATALOGUER))
        else:
            kept.append(one)
    kept += [Kept(item, _agreeing(item, claims), [], CATALOGUER) for item in wanted.values()]
    heard = {*choice.over, *map(identity, value)}
    open_still = [q for q in outcome.questions if not {identity(v) for v in _values(q)} <= heard]
    return Outcome(kept, dropped, open_still)


def _values(question: Question) -> list[Any]:
    return [question.chosen, *(value for value, _ in question.others)]


def _unlike(one: Kept, chosen: Sequence[Any]) -> list[tuple[Any, tuple[str, ...]]]:
    return one.lost if one.value in chosen else [(one.value, one.sources), *one.lost]


def _agreeing(value: Any, claims: Sequence[Claim]) -> tuple[str, ...]:
    own = identity(value)
    return sources_of(c for c in claims if identity(c.value) == own)


def _leaf(field: str) -> Leaf:
    leaf = leaves().get("titles" if field in _SLOTS else field)
    if leaf is None:
        raise ValueError(Sentence("no such field: {field!r}", field=field))
    return leaf


def _item(leaf: Leaf, field: str, item: Any) -> Any:
    if isinstance(item, str) and leaf.model is not None:
        if leaf.model not in _WORD:
            raise ValueError(Sentence("{field} needs an object, not a text: {given!r}", field=field, given=item))
        item = {_WORD[leaf.model]: item}
    if field in _SLOTS:
        own = item.model_dump() if isinstance(item, Title) else item
        return {**own, "kind": _SLOTS[field]}
    return item


def _assembled(path: str, value: Any) -> Description:
    try:
        return Description.model_validate(tree({path: value}))
    except ValidationError as fault:
        raise ValueError(Sentence("not a value of {path}: {why}", path=path, why=fault.errors()[0]["msg"])) from fault
