"""What is said to people, before the language is known: an English text that remembers what it was made of.

A `Sentence` is its English text, for logs, tests and JSON. `ops.saying` says it in a reader's language: the template
is looked up in the gettext catalogues, numbers and shares are written as that language writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self


def _(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


class Share(float):
    """A share of one, said in per cent."""

    __slots__ = ()


class Sentence(str):
    """``Sentence("no case {name!r}", name=…)``: `template` is the message id, `params` what fills it.

    Whole numbers and floats are amounts, written with the separators of a language: give numbers that are names (of a
    run, of a line) as text. A list is a list of names, or of sentences. A sentence within a sentence is said in the
    same language, and so is what an exception says in one; any other value is foreign text and stays as it is.
    """

    template: str
    params: Mapping[str, Any]

    def __new__(cls, template: str, /, **params: object) -> Self:
        known = {name: _kept(value) for name, value in params.items()}
        said = super().__new__(cls, template.format_map({name: in_english(value) for name, value in known.items()}))
        said.template = template
        said.params = known
        return said

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.template,), dict(self.params)


def words_of(error: BaseException) -> str:
    """What an exception says: its `Sentence` where it carries one, else foreign text."""
    said = error.args[0] if len(error.args) == 1 else None
    return said if isinstance(said, Sentence) else str(error)


def in_english(value: object) -> str:
    """A parameter as English texts have it."""
    if isinstance(value, tuple):
        return joined(value, [in_english(each) for each in value])
    if isinstance(value, Share):
        return f"{value:.1%}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def joined(values: tuple[object, ...], said: list[str]) -> str:
    """A list in one line: names by commas, sentences by semicolons."""
    return ("; " if any(isinstance(value, Sentence) for value in values) else ", ").join(said)


def as_json(said: str) -> Any:
    """What is stored of a text: template and parameters of a `Sentence`, any other as it is."""
    if not isinstance(said, Sentence):
        return str(said)
    return {"template": said.template, "params": {name: _stored(value) for name, value in said.params.items()}}


def from_json(stored: Any) -> str:
    """The text that `as_json` stored; a plain text stays one."""
    if not isinstance(stored, dict):
        return str(stored)
    template, params = stored["template"], stored["params"]
    return Sentence(template, **{name: _read(value) for name, value in params.items()})


def _kept(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(_kept(each) for each in value)
    if isinstance(value, BaseException):
        return words_of(value)
    plain = isinstance(value, Sentence | Share | int | float) and not isinstance(value, bool)
    return value if plain else str(value)


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_stored(each) for each in value]
    if isinstance(value, Share):
        return {"share": float(value)}
    return as_json(value) if isinstance(value, str) else value


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(each) for each in value)
    if isinstance(value, dict):
        return Share(value["share"]) if "share" in value else from_json(value)
    return value
