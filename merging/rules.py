"""The survivorship table: which rule decides each field, with which options (``survivorship.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from catalogue.errors import ConfigurationError
from catalogue.record import CatalogueRecord
from catalogue.ruletables import DEFAULT, survivorship_in_use

Quality = Literal[
    "cataloguer",
    "library_full",
    "library_minimal",
    "publisher_confirmed",
    "library_prepublication",
    "publisher_advance",
]


@dataclass(frozen=True, slots=True)
class Words:
    """Words that do not tell publishers apart, and phrases that do not tell titles apart; all folded."""

    company: frozenset[str]
    form: tuple[tuple[str, ...], ...]  # longest first


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One row of the table. `order` gives each class of quality its place; a smaller place is heard first.

    `ask`: whether sources that differ make a question: never (""), between equal standing ("equals"), between
    any ("any"). `compare` says how much they must differ, with `near` (0-1, similarity that is no question),
    `tolerance` (years) or `ratio` (smaller : larger).
    """

    field: str
    rule: str
    order: Mapping[str, int]
    words: Words
    superset: bool = False
    company_words: bool = False
    dates: bool = False
    ask: Literal["", "equals", "any"] = ""
    compare: Literal["exact", "text", "year", "count"] = "exact"
    near: float = 1.0
    tolerance: int = 0
    ratio: float = 1.0
    unspecific: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    main: frozenset[str] = frozenset()
    along: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole table. `edition` has a row for every field; `work` for those that editions share."""

    version: str
    edition: Mapping[str, FieldRule]
    work: Mapping[str, FieldRule]
    carries: frozenset[str]
    prepublication: frozenset[str]
    full: frozenset[str]
    ranks: Mapping[str, int]  # best_source order of the classes
    reading: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def quality(self, record: CatalogueRecord) -> Quality:
        """The class of one source record, from its rules of description, encoding level and notification."""
        cataloguing, read = record.cataloguing, self.reading
        early = record.message.notification in read["prepublication_notifications"]
        if cataloguing.rules in read["publisher_rules"]:
            return "publisher_advance" if early else "publisher_confirmed"
        if early or cataloguing.level in read["prepublication_levels"]:
            return "library_prepublication"
        return "library_full" if cataloguing.level in read["full_levels"] else "library_minimal"


def load_rules(name_or_path: str | None = None) -> Rules:
    """The rules that come with the program (``default``), those of a TOML file, or without a name those in use.

    Raises ConfigurationError, naming the row, where the table is wrong, or the file cannot be read. A file is read
    once: what changes in it counts for the next process.
    """
    return _read(name_or_path or survivorship_in_use())


@cache
def _read(name_or_path: str) -> Rules:
    own = resources.files("merging").joinpath("survivorship.toml")
    try:
        return rules_from((own if name_or_path == DEFAULT else Path(name_or_path)).read_text("utf-8"))
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise ConfigurationError([f"{name_or_path}: {fault}"]) from fault


def rules_from(text: str) -> Rules:
    """Rules out of the text of a table. Raises ConfigurationError with every faulty row."""
    table = tomllib.loads(text)
    orders = {name: {quality: n for n, quality in enumerate(row)} for name, row in table["orders"].items()}
    form = sorted((tuple(phrase.split()) for phrase in table["words"]["form"]), key=lambda p: (-len(p), p))
    words = Words(frozenset(table["words"]["company"]), tuple(form))
    faults: list[str] = []
    rows: dict[str, dict[str, FieldRule]] = {"fields": {}, "work": {}}
    for part, into in rows.items():
        for path, options in table[part].items():
            try:
                into[path] = _row(path, dict(options), orders, words)
            except (KeyError, TypeError, ValueError) as fault:
                faults.append(f"survivorship {part}.{path}: {fault}")
    if faults:
        raise ConfigurationError(faults)
    early = table["prepublication"]
    return Rules(
        version=table["version"],
        edition=rows["fields"],
        work=rows["work"],
        carries=frozenset(early["carries"]),
        prepublication=frozenset(early["classes"]),
        full=frozenset(early["into"]),
        ranks=orders["best_source"],
        reading={name: frozenset(values) for name, values in table["quality"].items()},
    )


def _row(path: str, options: dict[str, Any], orders: Mapping[str, Mapping[str, int]], words: Words) -> FieldRule:
    rule = options.pop("rule")
    order = orders[options.pop("order", rule if rule in orders else "best_source")]
    if "with" in options:
        options["along"] = options.pop("with")
    for name in ("unspecific", "kinds", "main"):
        if name in options:
            options[name] = frozenset(options[name])
    if "values" in options:
        options["values"] = tuple(options["values"])
    return FieldRule(field=path, rule=rule, order=order, words=words, **options)
