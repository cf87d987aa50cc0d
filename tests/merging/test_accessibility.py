"""Statements of accessibility outlive merging, each with the sources that made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalogue.record import AccessibilityFact
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
