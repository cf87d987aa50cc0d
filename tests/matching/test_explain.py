"""An explanation is complete: its weights sum to the score, for pairs that nobody would propose too."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest

from catalogue.evidence import ClusterLevel
from matching.comparisons import COMPARISONS
from matching.explain import explain
from matching.features import Features
from matching.resolution import resolve

Featured = Callable[..., Features]
LEVELS: tuple[ClusterLevel, ...] = ("edition", "work")


@pytest.fixture
def various(featured: Featured) -> list[Features]:
    return [
        featured("a:1"),
        featured("b:1", year="2020", pages=210),
        featured("c:1", medium="audiobook", narrator="Lahti, Olli"),
        featured("d:1", title="Öarna", author="Berg, Anna", language="swe"),
        featured("e:1", title="", author=""),
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_findings_sum_to_the_score(various: list[Features], level: ClusterLevel) -> None:
    for left, right in combinations(various, 2):
        scored = explain(left, right, level)
        assert scored.findings[0].comparison == "prior"
        assert [f.comparison for f in scored.findings[1:]] == list(COMPARISONS)
        assert sum(f.bits for f in scored.findings) == pytest.approx(scored.score)


@pytest.mark.parametrize("level", LEVELS)
def test_an_explanation_does_not_depend_on_the_side(various: list[Features], level: ClusterLevel) -> None:
    for left, right in combinations(various, 2):
        there, back = explain(left, right, level), explain(right, left, level)
        assert there.score == back.score
        assert (there.vetoes, there.asks, there.verdict) == (back.vetoes, back.asks, back.verdict)


def test_an_explained_score_is_the_score_in_the_set(various: list[Features]) -> None:
    found = resolve(various)
    assert list(found.pairs)
    for pair in found.pairs:
        left, right = various[pair.left], various[pair.right]
        assert explain(left, right, "edition").score == pytest.approx(pair.edition_score, abs=1e-3)
        assert explain(left, right, "work").score == pytest.approx(pair.work_score, abs=1e-3)


def test_values_are_shown_as_the_source_wrote_them(featured: Featured) -> None:
    scored = explain(featured("a:1", title="Yön ÄÄNI"), featured("b:1", title="Yön ääni"), "edition")
    title = next(f for f in scored.findings if f.comparison == "title")
    assert (title.left, title.right, title.level) == ("Yön ÄÄNI", "Yön ääni", "same")


def test_a_probability_is_shown_where_labels_calibrate_the_domain(featured: Featured) -> None:
    book = explain(featured("a:1"), featured("b:1"), "edition")
    audio = explain(featured("a:1", medium="audiobook"), featured("b:1", medium="audiobook"), "edition")
    assert book.probability == pytest.approx(1 / (1 + 2**-book.score), abs=1e-6)
    assert audio.probability is None
    assert audio.thresholds.accept > book.thresholds.accept
    assert explain(featured("a:1"), featured("b:1"), "work").probability is None


def test_features_survive_json(various: list[Features]) -> None:
    for record in various:
        assert Features.from_json(record.to_json()) == record


def test_every_level_of_a_comparison_is_reachable_by_number(various: list[Features]) -> None:
    for name, comparison in COMPARISONS.items():
        assert len(set(comparison.levels)) == len(comparison.levels) <= np.iinfo(np.int8).max, name
