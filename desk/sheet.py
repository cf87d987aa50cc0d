"""The table of fields as templates print it: groups of rows, each value in parts against the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desk.differences import Part, differences
from jobs.views.casefile import CaseFile
from jobs.views.fieldrows import Cell, Row, Value, Weight

LONG = 220
"""Characters above which a value is clamped to three lines, with the rest behind a button."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One value: its parts, its language, the records that say it, and what it won over."""

    parts: tuple[Part, ...]
    language: str | None
    url: str | None
    sources: tuple[str, ...]
    is_long: bool
    lost: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        return any(part.kind != "same" for part in self.parts)


@dataclass(frozen=True, slots=True)
class ShownCell:
    values: tuple[Shown, ...]
    loci: tuple[str, ...]
    defects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One field. `rules` chose the result; `letters` are the columns whose values stand in it."""

    row: Row
    result: tuple[Shown, ...]
    cells: tuple[ShownCell, ...]
    rules: tuple[str, ...]
    letters: tuple[str, ...]

    @property
    def plain(self) -> tuple[Shown, ...]:
        """What the first column says, beside nothing."""
        return tuple(_shown(value, (Part("same", value.said.text),)) for value in self.row.cells[0].values)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one weight. Rows that do not differ are folded away."""

    weight: Weight
    rows: tuple[ShownRow, ...]

    @property
    def folded(self) -> bool:
        return self.weight not in ("deciding", "other")


def groups_of(file: CaseFile) -> tuple[Group, ...]:
    """The rows of a case in groups, in the order in which a person needs them."""
    letters = {member.key: column.letter for column in file.columns for member in column.members}
    found: dict[Weight, list[ShownRow]] = {}
    for row in file.rows:
        found.setdefault(row.weight, []).append(_shown_row(row, letters))
    return tuple(Group(weight, tuple(rows)) for weight, rows in found.items())


def shown_rows(rows: Sequence[Row], names: Mapping[str, str]) -> tuple[ShownRow, ...]:
    """Rows of one record: `names` are the sources' names by record key, shown where a value comes from."""
    return tuple(_shown_row(row, names) for row in rows)


def _shown_row(row: Row, letters: Mapping[str, str]) -> ShownRow:
    cells = tuple(_shown_cell(cell, row.result) for cell in row.cells)
    result = tuple(_shown(value, (Part("same", value.said.text),)) for value in row.result)
    sources = {letters[source] for value in row.result for source in value.sources if source in letters}
    rules = tuple(dict.fromkeys(value.rule for value in row.result if value.rule))
    return ShownRow(row, result, cells, rules, tuple(sorted(sources)))


def _shown_cell(cell: Cell, result: Sequence[Value]) -> ShownCell:
    alone = len(cell.values) == 1 and len(result) == 1
    return ShownCell(tuple(_against(v, result, alone) for v in cell.values), cell.loci, cell.defects)


def _against(value: Value, result: Sequence[Value], alone: bool) -> Shown:
    """A value beside the one of the result it stands for: that of the same key, or the only one there is."""
    said = value.said
    partner = next((r.said for r in result if r.said.text == said.text), None)
    partner = partner or next((r.said for r in result if r.said.key and r.said.key == said.key), None)
    if partner is None and alone:
        partner = result[0].said
    parts = differences(partner.text, said.text) if partner else (Part("unlike", said.text),)
    if partner and partner.key == said.key and said.key and parts == (Part("unlike", said.text),):
        parts = (Part("same", said.text),)  # the same in other words: a year of a date, a URI of a label
    return _shown(value, parts)


def _shown(value: Value, parts: tuple[Part, ...]) -> Shown:
    said = value.said
    return Shown(
        parts, said.language, said.url, value.sources, len(said.text) > LONG, tuple(one.text for one in value.lost)
    )
