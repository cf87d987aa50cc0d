"""Accessibility between standards: ONIX list 196, schema.org's properties, MARC 341 and 532."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

from catalogue.record import AccessibilityFact, Description, Labels

_PROPERTIES = {
    "accessMode": "modes",
    "accessModeSufficient": "sufficient",
    "accessibilityFeature": "features",
    "accessibilityHazard": "hazards",
    "accessibilityControl": "controls",
    "conformsTo": "conforms_to",
}
MODES = ("textual", "visual", "auditory", "tactile")
"""Values of schema.org's accessMode that a publication of ours can have."""


@dataclass(slots=True)
class Access:
    """What is known of a publication's accessibility, in schema.org's terms.

    `features` are (accessibilityFeature, mode of access it helps with or "", kind of help: textual, visual, auditory,
    tactile). `sufficient` are the modes, joined by commas, in which all content can be had. `summaries` are texts.
    """

    modes: list[str] = field(default_factory=list)
    features: list[tuple[str, str, str]] = field(default_factory=list)
    hazards: list[str] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    sufficient: list[str] = field(default_factory=list)
    conforms_to: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)

    def features_of(self, mode: str) -> list[tuple[str, str]]:
        """Kind of help and feature of one mode of access."""
        return [(kind, feature) for feature, helped, kind in self.features if helped == mode]


def access_of(description: Description) -> Access:
    """All facts of a description in schema.org's terms, each term once, in the order of the facts."""
    found = Access(modes=list(_table()["modes"].get(description.medium, ())))
    for fact in description.accessibility:
        row = _table()["facts"].get(fact.code or "")
        name, _, value = (fact.code or "").partition(":")
        if row is not None:
            _add_row(found, row, fact)
        elif name in _PROPERTIES and value:
            _add_property(found, name, value)
        elif fact.source == "341":
            _add_field(found, fact.text or "")
        elif fact.text and name not in _table()["said"]:
            found.summaries.append(fact.text)
    found.modes += [mode for _, mode, _ in found.features if mode]
    for name in ("modes", "features", "hazards", "controls", "sufficient", "conforms_to", "summaries"):
        setattr(found, name, list(dict.fromkeys(getattr(found, name))))
    return found


def said_of(description: Description, language: Literal["fi", "sv", "en"]) -> Iterator[tuple[str, str]]:
    """MARC 532: first indicator and text of every fact that is a statement in words, or has a sentence in our table."""
    for fact in description.accessibility:
        row = _table()["facts"].get(fact.code or "")
        if fact.source == "341":
            continue
        name, _, value = (fact.code or "").partition(":")
        if row is None and (value or fact.text) and name in _table()["said"]:
            yield _said(name, value or fact.text or "", language)
            continue
        if row is None and (value or not fact.text) and name in _PROPERTIES:
            continue  # a feature or mode: its place is 341
        if row is None and fact.source == "schema.org" and fact.text:
            yield "8", fact.text
        elif row is None:
            text = ": ".join(part for part in (fact.code and f"ONIX 196/{fact.code}", fact.text) if part)
            yield "8", text
        elif row.get("summary"):
            yield row["note"], fact.text or row[language]
        else:
            yield row["note"], f"{row[language]}: {fact.text}" if fact.text else row[language]


def _said(name: str, value: str, language: str) -> tuple[str, str]:
    """A property and its value in the words of list 196 for the same, else in our own."""
    row = _sentences().get((name, value))
    if row is not None:
        return row["note"], row[language]
    about = _table()["said"][name]
    return about["note"], f"{about[language]}: {value}"


def fact_names(code: str) -> Labels:
    """What a statement of ONIX list 196, or a hazard of list 143 (``143:14``), says; empty labels where it is none."""
    row = _table()["facts"].get(code, {})
    return Labels(fi=row.get("fi"), sv=row.get("sv"), en=row.get("en"))


@cache
def contradictions() -> dict[str, tuple[str, ...]]:
    """Codes of statements, and for each the codes that cannot be true beside it."""
    return {code: tuple(others.split()) for code, others in _table()["contradictions"].items()}


def _add_row(found: Access, row: dict[str, Any], fact: AccessibilityFact) -> None:
    mode, kind = row.get("mode", ""), row.get("kind", "")
    found.features += [(feature, mode, kind) for feature in row.get("features", ())]
    found.hazards += row.get("hazard", ())
    found.controls += row.get("control", ())
    if "sufficient" in row:
        found.sufficient.append(row["sufficient"])
    if "conforms_to" in row:
        found.conforms_to.append(row["conforms_to"])
    if row.get("summary") and fact.text:
        found.summaries.append(fact.text)


def _add_property(found: Access, name: str, value: str) -> None:
    """A fact that is a property of schema.org and its value (``accessibilityFeature:alternativeText``)."""
    if name == "accessibilityFeature":
        found.features.append((value, _modes_helped().get(value, ""), _terms().get(value, "textual")))
    else:
        values: list[str] = getattr(found, _PROPERTIES[name])
        values.append(value)


def _add_field(found: Access, text: str) -> None:
    """A fact of MARC 341: ``mode: feature, feature``. Terms that are not schema.org's stay in the words of 532."""
    mode, _, listed = text.partition(": ")
    if mode not in MODES:
        found.summaries.append(text)
        return
    found.modes.append(mode)
    for name in listed.split(", ") if listed else ():
        known = _terms().get(name)
        found.features.append((name, mode, known or "textual"))


@cache
def _modes_helped() -> dict[str, str]:
    """accessibilityFeature → mode of access it helps with."""
    rows = _table()["facts"].values()
    return {feature: row.get("mode", "") for row in rows for feature in row.get("features", ())}


@cache
def _sentences() -> dict[tuple[str, str], dict[str, Any]]:
    """Property of schema.org and value → the row of the table that says just this."""
    names = {
        "hazard": "accessibilityHazard",
        "control": "accessibilityControl",
        "sufficient": "accessModeSufficient",
        "conforms_to": "conformsTo",
    }
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in _table()["facts"].values():
        for key in names.keys() & row.keys():
            values = [row[key]] if isinstance(row[key], str) else row[key]
            if len(values) == 1:
                found.setdefault((names[key], values[0]), row)
    return found


@cache
def _terms() -> dict[str, str]:
    """accessibilityFeature → kind of help."""
    rows = _table()["facts"].values()
    return {feature: row.get("kind", "textual") for row in rows for feature in row.get("features", ())}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("catalogue").joinpath("accessibility.toml").read_text("utf-8"))
