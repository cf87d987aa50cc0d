"""Which tables of rules this process goes by: the match model and the survivorship rules, by name or file."""

from __future__ import annotations

DEFAULT = "default"
"""The tables that come with the program."""

_IN_USE = {"model": DEFAULT, "survivorship": DEFAULT}


def use_tables(*, model: str = DEFAULT, survivorship: str = DEFAULT) -> None:
    """Go by these from now on: a name, or the path of a TOML file. They are read, and checked, when first needed."""
    _IN_USE.update(model=model, survivorship=survivorship)


def model_in_use() -> str:
    """The name or path of the match model."""
    return _IN_USE["model"]


def survivorship_in_use() -> str:
    """The name or path of the survivorship rules."""
    return _IN_USE["survivorship"]
