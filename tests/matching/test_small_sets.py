"""Few records go a shorter way: it comes to the same as the way of many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.evidence import Constraint
from matching import clustering, columns, scoring
from matching.explain import explain_all
from matching.features import Features
from matching.resolution import Resolution, resolve

Featured = Callable[..., Features]

WORDS = ["saari", "yö", "ja", "meri", "Öarnas", "talvi", "2"]
ISBNS = ["9789524970013", "9789524970020"]
TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "title": TITLES,
            "author": st.sampled_from(["Salo, Eeva", "Salo, E.", "Berg, Anna", ""]),
            "language": st.sampled_from(["fin", "swe", ()]),
            "medium": st.sampled_from(["ebook", "audiobook", "print"]),
            "year": st.sampled_from(["2019", "2020", "2021"]),
            "volume": st.sampled_from([None, "1", "2"]),
            "isbns": st.lists(st.sampled_from(ISBNS), max_size=1),
        }
    ),
    min_size=2,
    max_size=9,
)


def outcome(found: Resolution) -> Any:
    scores = [(level, part.score.tolist(), part.vetoes.tolist(), part.asks.tolist()) for level, part in _levels(found)]
    return found.editions, found.works, found.asks, found.contradictions, list(found.pairs), scores


def _levels(found: Resolution) -> Sequence[Any]:
    return sorted(found.scored.levels.items())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(described=RECORDS, bound=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.booleans()), max_size=3))
def test_few_records_come_to_what_many_would(
    featured: Featured, described: list[dict[str, Any]], bound: list[tuple[int, int, bool]]
) -> None:
    records = [
        featured(f"{'abc'[n % 3]}:{n}", **{name: value for name, value in each.items() if value is not None})
        for n, each in enumerate(described)
    ]
    words = [
        Constraint(kind="must" if together else "cannot", level="edition", left=records[a].key, right=records[b].key)
        for a, b, together in bound
        if a < b < len(records)
    ]
    ends = [(0, n) for n in range(1, len(records))]
    few = outcome(resolve(records, words)), explain_all(records, ends, "edition"), explain_all(records, ends, "work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "FEW", 0)
        patch.setattr(clustering, "FEW", 0)
        many = (
            outcome(resolve(records, words)),
            explain_all(records, ends, "edition"),
            explain_all(records, ends, "work"),
        )
    assert few == many


@given(
    ends=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20),
)
def test_few_nodes_have_the_components_of_many(ends: list[tuple[int, int]]) -> None:
    table = np.array(ends, np.int64).reshape(-1, 2)
    few = clustering._connected(table[:, 0], table[:, 1], 12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "FEW", 0)
        many = clustering._connected(table[:, 0], table[:, 1], 12)
    assert few.tolist() == many.tolist()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(described=RECORDS, at_once=st.integers(1, 5))
def test_pairs_scored_some_at_a_time_come_to_what_all_at_once_do(
    featured: Featured, described: list[dict[str, Any]], at_once: int
) -> None:
    records = [
        featured(f"{'abc'[n % 3]}:{n}", **{name: value for name, value in each.items() if value is not None})
        for n, each in enumerate(described)
    ]
    whole = outcome(resolve(records))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scoring, "_AT_ONCE", at_once)
        assert outcome(resolve(records)) == whole
