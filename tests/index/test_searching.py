"""In how many round trips a page is asked for, and of which step the facets are counted."""

from __future__ import annotations

from typing import Any

import pytest

from index.definition import FALLBACK, SEARCH
from index.question import Question
from index.searching import search


class Answering:
    """Stands in for the client: each template finds so many works; notes what was asked for in each round trip."""

    def __init__(self, totals: dict[str, int]) -> None:
        self._totals = totals
        self.trips: list[list[tuple[str, int, bool]]] = []

    def msearch_template(self, search_templates: list[dict[str, Any]]) -> dict[str, Any]:
        asked = [(each["id"], each["params"]) for each in search_templates[1::2]]
        self.trips.append([(name, given["size"], "facets" in given) for name, given in asked])
        return {"responses": [self._answer(name, given) for name, given in asked]}

    def _answer(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        total = self._totals[name]
        found = [{"_source": {"id": f"w{n}"}, "sort": [1.0, f"w{n}"]} for n in range(min(total, given["size"]))]
        answer: dict[str, Any] = {"hits": {"total": {"value": total}, "hits": found}}
        if "facets" in given:
            answer["aggregations"] = {"medium": {"values": {"buckets": [{"key": "ebook", "doc_count": total}]}}}
        return answer


def asked(strict: int, near: int, **more: Any) -> tuple[dict[str, Any], list[list[tuple[str, int, bool]]]]:
    client: Any = Answering({SEARCH: strict, FALLBACK: near})
    return search(client, "works", Question("talvi", **more)), client.trips


@pytest.mark.parametrize(("strict", "near"), [(3, 9), (50, 60), (2, 2), (0, 0)])
def test_where_the_typed_words_do_all_is_had_in_one_round_trip_and_facets_are_counted_of_them(
    strict: int, near: int
) -> None:
    page, trips = asked(strict, near)
    assert trips == [[(SEARCH, 10, True), (FALLBACK, 10, False)]]
    assert (page["tolerant"], page["total"], page["facets"]["medium"][0]["count"]) == (False, strict, strict)


@pytest.mark.parametrize(("strict", "near"), [(0, 1), (2, 3), (2, 900)])
def test_where_near_words_are_shown_the_facets_are_theirs_and_come_without_hits(strict: int, near: int) -> None:
    page, trips = asked(strict, near)
    assert trips == [[(SEARCH, 10, True), (FALLBACK, 10, False)], [(FALLBACK, 0, True)]]
    assert (page["tolerant"], page["total"], page["facets"]["medium"][0]["count"]) == (True, near, near)
    assert len(page["hits"]) == min(near, 10)


def test_who_wants_the_typed_words_alone_asks_for_nothing_else() -> None:
    page, trips = asked(1, 9, tolerant=False)
    assert trips == [[(SEARCH, 10, True)]]
    assert (page["tolerant"], page["total"]) == (False, 1)
