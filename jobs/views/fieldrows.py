"""Records side by side: one row for each field, with what each side says of it, sorted by how much it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Any, Literal

from catalogue.merged import MergedRecord, Provenance
from catalogue.record import Description, Labels, Topic
from jobs.views.fieldvalues import Said, field_name, items_of, language_name, read_field, rule_name, said
from jobs.views.fieldwords import FIELDS
from merging.sameness import text_key
from ops.messages import Language, _, translator

Weight = Literal["deciding", "other", "one_sided", "equivalent", "aside", "identical"]
WEIGHTS: tuple[Weight, ...] = ("deciding", "other", "one_sided", "equivalent", "aside", "identical")

DECIDING = frozenset({
    "medium", "formats", "identifiers.isbn", "titles.main", "titles.subtitle", "titles.part", "contributors", "series",
    "languages.text", "edition_statement.number", "edition_statement.text", "edition_statement.abridged", "part.number",
    "part.title", "publication.dates.published", "extent.pages", "extent.duration_min", "level",
})  # fmt: skip
"""The fields of the evidence key, those a person decides by; `catalogue.decision.evidence_key` hashes them."""

ASIDE = ("cataloguing.", "availability.", "texts.links", "relations", "languages.declared")
"""Fields about the record, its links and its supply: where they differ, nothing follows."""
HIDDEN = frozenset({"languages.reason", "languages.detected", "cataloguing.level"})
"""How a record was read, in codes: not what it says."""
BILINGUAL = {"topics.subjects": "labels", "topics.genres": "labels", "texts.descriptions": "language"}
_PAIR = ("fi", "sv")
_TITLES = ("titles.main", "titles.subtitle")


@dataclass(frozen=True, slots=True)
class Value:
    """One value. `sources` say it; of a result, `rule` chose it and `lost` lost to it."""

    said: Said
    sources: tuple[str, ...] = ()
    rule: str = ""
    lost: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column says of a field, the places in its records where it does, and what is wrong there, in words."""

    values: tuple[Value, ...] = ()
    loci: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One field. `cells` are in the order of the columns; an empty cell says nothing. `language` is that of a half.

    `half`: it is one half of a bilingual pair, whose other half is the row above or below.
    """

    field: str
    name: str
    weight: Weight
    result: tuple[Value, ...]
    cells: tuple[Cell, ...]
    language: str | None = None
    half: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """What one column shows: one record or several that are one already.

    Columns of one `group` are one side of a question. `places` tells where a record speaks of a field, `defects` what
    was found wrong in it, by field.
    """

    descriptions: Mapping[str, Description]  # by record key
    group: int = 0
    places: Mapping[str, Callable[[str], tuple[str, ...]]] = dataclass_field(default_factory=dict)
    defects: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=dict)


def rows_of(
    sides: Sequence[Side], result: MergedRecord | None, language: Language, asked: str | None = None
) -> tuple[Row, ...]:
    """Every field that any side or the result speaks of; `asked` is the field a case is about, always deciding.

    In order of weight, then of the table. The halves of a pair stay together, at the place of the weightier.
    """
    provenance = _provenance(result)
    found: list[tuple[Row, ...]] = []
    for field in FIELDS:
        if field in HIDDEN:
            continue
        values = [_values(side, field, language) for side in sides]
        chosen = _chosen(result, field, provenance, language)
        if chosen or any(values):
            found.append(tuple(_split(field, values, chosen, (sides, language, asked))))
    found.sort(key=lambda rows: min(WEIGHTS.index(row.weight) for row in rows))
    top = [_levelled(rows) for rows in found]
    return tuple(row for rows in top for row in rows)


def _levelled(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    weight = min((row.weight for row in rows), key=WEIGHTS.index)
    return tuple(replace(row, weight=weight) for row in rows)


def _split(
    field: str,
    cells: Sequence[Sequence[Value]],
    chosen: Sequence[Value],
    what: tuple[Sequence[Side], Language, str | None],
) -> Iterator[Row]:
    """One row, or one for each language where the field is told in several: Finnish and Swedish always both."""
    sides, language, asked = what
    heard = {v.said.language for cell in (*cells, chosen) for v in cell}
    told = {own for own in heard if own}
    wants_pair = bool(told.intersection(_PAIR)) if field in BILINGUAL else field in _TITLES and len(told) > 1
    name = field_name(field, language)
    if not wants_pair:
        yield _row(field, name, (cells, chosen), (sides, asked, None))
        return
    for own in (*_PAIR, *sorted(told.difference(_PAIR)), None):
        part = [tuple(v for v in cell if v.said.language == own) for cell in cells]
        mine = tuple(v for v in chosen if v.said.language == own)
        if own in _PAIR or mine or any(part):
            template = translator(language)(_("{field} ({language})"))
            full = template.format(field=name, language=language_name(own, language)) if own else name
            yield _row(field, full, (part, mine), (sides, asked, own))


def _row(
    field: str,
    name: str,
    what: tuple[Sequence[Sequence[Value]], Sequence[Value]],
    how: tuple[Sequence[Side], str | None, str | None],
) -> Row:
    (cells, chosen), (sides, asked, own) = what, how
    is_asked = asked is not None and field == ("titles.main" if asked == "titles" else asked)
    weight = "deciding" if is_asked else _weight(field, cells, sides)
    shown = tuple(_cell(field, values, side) for values, side in zip(cells, sides, strict=True))
    return Row(field, name, weight, tuple(chosen), shown, own, own in _PAIR)


def _cell(field: str, values: Sequence[Value], side: Side) -> Cell:
    sources = dict.fromkeys(source for value in values for source in value.sources)
    loci = [place for source in sources if source in side.places for place in side.places[source](field)]
    return Cell(tuple(values), tuple(dict.fromkeys(loci)), side.defects.get(field, ()))


def _weight(field: str, cells: Sequence[Sequence[Value]], sides: Sequence[Side]) -> Weight:
    exact = {frozenset(v.said.text for v in cell) for cell in cells}
    keys = {frozenset(v.said.key for v in cell) for cell in cells}
    if frozenset() in exact and len(cells) > 1:
        if len(keys) <= 2 and not field.startswith(ASIDE):
            return "one_sided"
    elif len(exact) == 1:
        return "identical"
    elif len(keys) == 1:
        return "equivalent"
    if field.startswith(ASIDE):
        return "aside"
    return "deciding" if field in DECIDING and _groups_differ(cells, sides) else "other"


def _groups_differ(cells: Sequence[Sequence[Value]], sides: Sequence[Side]) -> bool:
    """Whether the sides of the question, not only records of one side, say different things."""
    groups: dict[int, set[str]] = {}
    for cell, side in zip(cells, sides, strict=True):
        groups.setdefault(side.group, set()).update(v.said.key for v in cell)
    told = [texts for texts in groups.values() if texts]
    return len(groups) < 2 or (len(told) > 1 and any(texts != told[0] for texts in told))


def _values(side: Side, field: str, language: Language) -> tuple[Value, ...]:
    """What a side says in a field: equal values once, with the records that say them."""
    found: dict[tuple[str, str | None], list[str]] = {}
    kept: dict[tuple[str, str | None], Said] = {}
    for key, description in side.descriptions.items():
        for one in _said(description, field, language):
            place = (one.text, one.language)
            kept.setdefault(place, one)
            found.setdefault(place, []).append(key)
    return tuple(Value(one, tuple(dict.fromkeys(found[place]))) for place, one in kept.items())


def _said(description: Description, field: str, language: Language) -> tuple[Said, ...]:
    if BILINGUAL.get(field) == "labels":
        return tuple(one for topic in items_of(description, field) for one in _labels(topic, language))
    values = read_field(description, field, language)
    if field in _TITLES or field == "texts.descriptions":
        own = description.languages.text
        assumed = said("titles.main", {"text": "", "language": own[0]}, language).language if len(own) == 1 else None
        return tuple(replace(one, language=one.language or assumed) for one in values)
    return values


def _labels(topic: Topic, language: Language) -> Iterator[Said]:
    """A concept in Finnish and in Swedish; one without labels in either as its source wrote it."""
    value = topic.model_dump(mode="json")
    labels: Labels = topic.labels
    for own in _PAIR:
        if text := getattr(labels, own):
            yield Said(text, own, value=value, key=text_key(text))
    if not (labels.fi or labels.sv):
        yield Said(
            labels.en or topic.source_text or topic.uri or "",
            "en" if labels.en else None,
            value=value,
            key=topic.uri or "",
        )


def _provenance(result: MergedRecord | None) -> Mapping[str, list[Provenance]]:
    found: dict[str, list[Provenance]] = {}
    for row in result.provenance if result else ():
        found.setdefault(row.field, []).append(row)
    return found


def _chosen(
    result: MergedRecord | None, field: str, provenance: Mapping[str, list[Provenance]], language: Language
) -> tuple[Value, ...]:
    if result is None:
        return ()
    path = field if field in provenance else field.partition(".")[0]
    rows = provenance.get(path, [])
    found = []
    for one in _said(result.description, field, language):
        row = next((r for r in rows if _same(r.value, one.value)), None)
        rule = rule_name(row.rule, language) if row else ""
        lost = tuple(said(field, each.value, language) for each in row.lost) if row else ()
        found.append(Value(one, row.sources if row else (), rule=rule, lost=lost))
    return tuple(found)


def _same(kept: Any, value: Any) -> bool:
    return type(kept) is type(value) and bool(kept == value)
