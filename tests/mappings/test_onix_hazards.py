"""Hazards of ONIX list 143 are kept with the statements of accessibility."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("kind", "code", "kept"),
    [("12", "13", ["143:13"]), ("12", "00", ["143:00"]), ("12", "01", []), ("09", "13", ["13"])],
)
def test_a_hazard_is_a_statement_of_accessibility(
    map_product: Callable[..., Any], onix: Callable[..., Any], kind: str, code: str, kept: list[str]
) -> None:
    feature = onix(ProductFormFeatureType=kind, ProductFormFeatureValue=code)
    mapped = map_product({"ProductFormFeature": feature})
    assert [fact.code for fact in mapped.record.accessibility] == kept
