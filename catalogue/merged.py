"""The merged record: one description out of many, and for every value where it came from."""

from __future__ import annotations

from typing import Any

from catalogue.evidence import ClusterLevel
from catalogue.model import Model
from catalogue.record import Description, Identifier, Link


class Lost(Model):
    """A value that did not win, and the records that gave it."""

    value: Any
    sources: tuple[str, ...]


class Provenance(Model):
    """Where one value of a merged record came from (`lyhde record explain`).

    `field` is a dotted path of `Description` (``publication.publisher``); for a list each value has its own row.
    `rule` is the name of the survivorship rule that chose.
    """

    field: str
    value: Any
    sources: tuple[str, ...]  # SOURCE:SOURCE_ID, sorted
    rule: str
    lost: tuple[Lost, ...] = ()


class Conflict(Model):
    """A deciding field for which the rules found no ground to choose; `chosen` stands until a person answers."""

    field: str
    chosen: Any
    candidates: tuple[Lost, ...]  # every distinct value with its sources, the chosen one first


class FieldChoice(Model):
    """A person's value for a field of one cluster. `over` are the folded values it was chosen over.

    It stands while the sources still say what they said then; `record` is the record key the choice is held by.
    """

    record: str
    field: str
    value: Any
    over: tuple[str, ...] = ()


class MergedIssue(Model):
    """One issue of an e-magazine, merged from the records that describe it ."""

    number: str | None = None
    date: str | None = None
    title: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    formats: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    members: tuple[str, ...]


class MergedRecord(Model):
    """An edition or a work. `members` are record keys (edition) or all record keys of its editions (work)."""

    level: ClusterLevel
    description: Description
    members: tuple[str, ...]
    provenance: tuple[Provenance, ...]
    conflicts: tuple[Conflict, ...] = ()
    issues: tuple[MergedIssue, ...] = ()  # newest first
    rules_version: str
