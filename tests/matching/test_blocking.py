"""Candidate pairs: what must meet meets, and blocks that are too large are refined or reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from matching.blocking import blocking_keys, candidate_pairs
from matching.facts import SetFacts
from matching.features import Features

Featured = Callable[..., Features]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"isbns": ["9789524970013"], "title": "Yksi asia"}, {"isbns": ["9789524970013"], "title": "Toinen asia"}),
        ({"title": "Sää ja meri"}, {"title": "Saa ja meri"}),
        ({"title": "Saaren pitkä talvi"}, {"title": "Saaren talvi, pitkä"}),
        ({"title": "Komisario Ranta 2: Yö"}, {"title": "Yö"}),
        ({"title": "Natt", "series": [("Kommissarie Strand", "2")]}, {"title": "Kommissarie Strand 2: Mörker"}),
        ({"author": "", "title": "Kotiseudun kirja"}, {"title": "Kotiseudun kirja"}),
        ({"author": "", "title": "Luodot : saariston runoja"}, {"title": "Luodot"}),
        ({"author": "Berg, Anna", "title": "Skären : dikter"}, {"author": "Ek, Sara", "title": "Skären"}),
    ],
)
def test_records_that_may_be_one_share_a_key(featured: Featured, left: dict[str, Any], right: dict[str, Any]) -> None:
    assert set(blocking_keys(featured("a:1", **left))) & set(blocking_keys(featured("b:1", **right)))


def test_a_block_above_the_cap_is_refined(featured: Featured) -> None:
    records = [featured(f"a:{n}", language=("fin", "swe")[n % 2], year="2021") for n in range(8)]
    pairs, oversize = candidate_pairs(records, SetFacts(), 4)
    assert oversize == []
    found = {(int(left), int(right)) for left, right in zip(pairs.left, pairs.right, strict=True)}
    within = {(left, right) for left in range(8) for right in range(left + 1, 8) if left % 2 == right % 2}
    assert found == within | {(0, 1)}  # the first of each part speaks for it


def test_a_block_that_stays_too_large_gives_no_pairs_and_is_reported(featured: Featured) -> None:
    records = [featured(f"a:{n}") for n in range(9)]
    pairs, oversize = candidate_pairs(records, SetFacts(), 4)
    assert len(pairs) == 0
    assert {block.size for block in oversize} == {9}
    assert {block.kind for block in oversize} >= {"title", "word"}
