"""The short ways give what the rules give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from catalogue.record import CatalogueRecord, Classification, Identifier, Labels, Series, Text, Title, Topic
from merging.alone import untouched
from merging.claims import Claim, Witness
from merging.registry import RULES
from merging.rules import FieldRule, load_rules

Maker = Callable[..., CatalogueRecord]
QUALITIES = {"vikens:3": "library_minimal", "kaarna:1": "publisher_confirmed", "lintula:2": "library_full"}
ONE_VALUE = frozenset(
    {"best_source", "prefer_library", "prefer_publisher", "prefer_confirmed_publisher", "most_specific", "earliest"}
)
ROWS = [row for row in load_rules().edition.values() if row.rule in ONE_VALUE or row.rule == "first_of"]


def said(record: CatalogueRecord, values: Sequence[Any], *, yields: bool = False) -> list[Claim]:
    """Claims of as many witnesses as there are values."""
    return [
        Claim(value, Witness(name, record, quality, yields), (name,), quality)
        for value, (name, quality) in zip(values, QUALITIES.items(), strict=False)
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.field)
@pytest.mark.parametrize("value", ["2024", "AKVARIUM", "XX", "other"])
def test_what_all_say_is_what_the_rule_would_choose(row: FieldRule, value: str, library: Maker) -> None:
    claims = said(library("lintula:2"), [value] * 3)
    assert untouched(claims, row) == RULES[row.rule](claims, row, {})


@pytest.mark.parametrize(
    ("values", "yields"),
    [(["2024", "2023"], False), ([1, True], False), (["Saari", "SAARI"], False), (["Saari", "Saari"], True)],
)
def test_where_not_all_say_the_same_the_rule_decides(values: list[Any], yields: bool, library: Maker) -> None:
    claims = said(library("lintula:2"), values, yields=yields)
    assert all(untouched(claims, row) is None for row in ROWS)


LISTS: list[tuple[str, list[Any]]] = [
    ("formats", ["epub"]),
    ("formats", ["pdf", "epub"]),
    ("identifiers", [Identifier(scheme="isbn", value="9789510000007"), Identifier(scheme="doi", value="10.1/x")]),
    ("languages.text", ["und"]),
    ("languages.text", ["swe"]),
    ("topics.subjects", [Topic(uri="u:1", labels=Labels(fi="meri"), scheme="yso"), Topic(uri="u:2", scheme="yso")]),
    ("topics.subjects", [Topic(source_text="meri")]),
    ("topics.classification", [Classification(scheme="ykl", code="84.2"), Classification(scheme="udc", code="8")]),
    ("texts.descriptions", [Text(kind="summary", text="En ö.", language="swe")]),
    ("series", [Series(title="Keltainen kirjasto", number="12")]),
    ("titles", [Title(text="Saari")]),
    ("titles", [Title(text="Ön", kind="parallel", language="swe")]),
]


def lists(record: CatalogueRecord, *spoken: Sequence[Any]) -> list[Claim]:
    """Claims of as many witnesses as there are lists."""
    return [
        Claim(value, claim.witness, claim.sources, claim.quality, place)
        for claim, values in zip(said(record, [None] * len(spoken)), spoken, strict=True)
        for place, value in enumerate(values)
    ]


@pytest.mark.parametrize(("field", "values"), LISTS)
def test_the_list_that_all_say_is_what_the_rule_would_keep(field: str, values: list[Any], library: Maker) -> None:
    row = load_rules().edition[field]
    claims = lists(library("lintula:2"), values, values, values)
    outcome = untouched(claims, row)
    assert outcome is not None
    assert outcome == RULES[row.rule](claims, row, {})


@pytest.mark.parametrize(
    "spoken",
    [
        (["pdf", "epub"], ["epub", "pdf"]),
        (["pdf", "epub"], ["pdf"]),
        (["pdf"], ["pdf", "epub"]),
        (["pdf", "epub"], ["pdf", "epub"], ["pdf"]),
        (["pdf", "pdf"], ["pdf", "pdf"]),
    ],
)
def test_where_lists_differ_the_rule_decides(spoken: tuple[list[str], ...], library: Maker) -> None:
    assert untouched(lists(library("lintula:2"), *spoken), load_rules().edition["formats"]) is None


def test_where_a_person_chose_one_item_the_rule_decides(library: Maker) -> None:
    claims = lists(library("lintula:2"), ["pdf", "epub"], ["pdf", "epub"])
    claims[1].quality = "cataloguer"
    assert untouched(claims, load_rules().edition["formats"]) is None
