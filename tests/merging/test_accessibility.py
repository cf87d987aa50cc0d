"""Statements of accessibility outlive merging, each with the sources that made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.merged import FieldChoice
from catalogue.record import AccessibilityFact
from merging.choices import asked
from merging.edition import merge_edition
from writers.jsonld import to_jsonld

Maker = Callable[..., Any]


def test_every_statement_is_kept_with_its_sources(library: Maker, publisher: Maker) -> None:
    code = AccessibilityFact(code="14", source="onix")
    text = AccessibilityFact(text="visual: longDescription", source="341")
    merged = merge_edition(
        [
            publisher("pub:1", accessibility=(code,)),
            publisher("pub:2", accessibility=(code,)),
            library("lib:1", accessibility=(text,)),
        ]
    )
    assert merged.description.accessibility == (code, text)
    told = {row.value["code"]: row.sources for row in merged.provenance if row.field == "accessibility"}
    assert told == {"14": ("pub:1", "pub:2"), None: ("lib:1",)}
    features = to_jsonld(merged.description, "e1")["accessibilityFeature"]
    assert features == ["alternativeText", "longDescription"]


def stated(*codes: str) -> tuple[AccessibilityFact, ...]:
    return tuple(AccessibilityFact(code=code, source="onix") for code in codes)


@pytest.mark.parametrize(
    ("one", "other", "kept", "asks"),
    [
        (("143:13",), ("143:14",), {"143:13", "143:14"}, True),  # flashing, no flashing
        (("143:00",), ("143:17",), {"143:00", "143:17"}, True),  # no hazards, motion
        (("09",), ("04",), {"09", "04"}, True),  # inaccessible, EPUB Accessibility 1.1
        (("08",), ("04", "14"), {"04", "14"}, False),  # not assessed here, assessed there
        (("08",), ("14",), {"08", "14"}, False),
        (("14",), ("16",), {"14", "16"}, False),
        (("143:13", "143:14"), ("14",), {"143:13", "143:14", "14"}, False),  # at odds with itself
    ],
)
def test_statements_that_cannot_both_be_true_are_asked_about(
    publisher: Maker, one: tuple[str, ...], other: tuple[str, ...], kept: set[str], asks: bool
) -> None:
    merged = merge_edition(
        [publisher("pub:1", accessibility=stated(*one)), publisher("pab:1", accessibility=stated(*other))]
    )
    assert {fact.code for fact in merged.description.accessibility} == kept
    assert [c.field for c in merged.conflicts] == ["accessibility"] * asks
    told = {v.value["code"] for r in merged.provenance if r.field == "accessibility" for v in r.lost}
    assert told == {*one, *other} - kept


def test_an_answer_removes_the_statement_that_is_untrue(publisher: Maker) -> None:
    members = [
        publisher(f"{name}:1", accessibility=stated(code, "14"))
        for name, code in (("pub", "143:13"), ("pab", "143:14"))
    ]
    (conflict,) = merge_edition(members).conflicts
    over = asked("accessibility", [each.value for each in conflict.candidates])
    true = next(each.value for each in conflict.candidates if each.value["code"] == "143:14")
    choice = FieldChoice(record="pab:1", field="accessibility", value=true, over=over or ())
    merged = merge_edition(members, [choice])
    assert {fact.code for fact in merged.description.accessibility} == {"14", "143:14"}
    assert merged.conflicts == ()
