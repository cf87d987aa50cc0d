"""The table and the model agree, and a wrong table is told row by row."""

from __future__ import annotations

from importlib import resources

import pytest

from catalogue.errors import ConfigurationError
from catalogue.record import CatalogueRecord, Cataloguing, Message, Notification
from merging.fields import leaves
from merging.registry import RULES
from merging.rules import load_rules, rules_from


def test_every_field_of_a_description_has_a_row() -> None:
    assert set(load_rules().edition) == set(leaves())


def test_works_have_rows_for_known_fields_only() -> None:
    assert set(load_rules().work) <= set(leaves())


def test_every_row_names_a_rule_and_every_rule_is_used() -> None:
    rules = load_rules()
    assert {row.rule for row in (*rules.edition.values(), *rules.work.values())} == set(RULES)


def test_prepublication_carries_known_fields() -> None:
    assert load_rules().carries <= set(leaves())


def test_every_faulty_row_is_named() -> None:
    text = resources.files("merging").joinpath("survivorship.toml").read_text("utf-8")
    wrong = text.replace('formats = { rule = "union" }', 'formats = { rule = "union", colour = 1 }')
    with pytest.raises(ConfigurationError) as caught:
        rules_from(wrong)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "survivorship fields.formats",
        "survivorship work.formats",
    ]


@pytest.mark.parametrize(
    ("rules", "level", "notification", "expected"),
    [
        ("rda", " ", "confirmed", "library_full"),
        ("rda", "#", "confirmed", "library_full"),
        ("rda", "7", "confirmed", "library_minimal"),
        (None, None, "confirmed", "library_minimal"),
        ("isbd", "8", "confirmed", "library_prepublication"),
        ("onix", None, "confirmed", "publisher_confirmed"),
        ("onix", None, "update", "publisher_confirmed"),
        ("onix", None, "early", "publisher_advance"),
        ("onix", None, "advance", "publisher_advance"),
    ],
)
def test_quality_follows_rules_level_and_notification(
    rules: str | None, level: str | None, notification: Notification, expected: str
) -> None:
    record = CatalogueRecord(
        source="a",
        source_id="1",
        message=Message(notification=notification),
        cataloguing=Cataloguing(level=level, rules=rules),
    )
    assert load_rules().quality(record) == expected
