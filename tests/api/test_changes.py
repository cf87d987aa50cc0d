"""The change feed: whoever follows it has what the API shows."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.resolving import resolve
from jobs.retiring import retire
from jobs.reviewing import Author, join, undo

pytestmark = pytest.mark.search_server
AUTHOR = Author("test", "2026-02-01T04:00:00Z", note="same", role="senior")
PATHS = {"w": "/works/", "e": "/editions/"}


class Replica:
    """Follows the feed as docs/front-end.md says."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.since = 0
        self.held: dict[str, Any] = {}

    def follow(self, limit: int = 100) -> None:
        more = True
        while more:
            feed = self.api.json(f"/changes?since={self.since}&limit={limit}")
            for change in feed["changes"]:
                self.held.pop(change["id"], None)
                if change["op"] == "upsert":
                    self.read(change["id"])
            self.since, more = feed["next"], feed["more"]

    def read(self, name: str) -> None:
        answer = self.api.client.get(PATHS[name[0]] + name, follow_redirects=False)
        if answer.status_code == 200:
            self.held[name] = answer.json()


def everything(api: Any, works: list[str]) -> dict[str, Any]:
    """What the API shows of these works, by reading them."""
    found: dict[str, Any] = {}
    for work in works:
        found[work] = api.json(f"/works/{work}")
        for edition in (*found[work]["editions"]["editions"], *found[work]["also_in"]["editions"]):
            found[edition["id"]] = api.json(edition["url"])
    return found


def test_a_replica_equals_the_catalogue_through_decisions_and_a_sources_end(own_api: Any) -> None:
    works = [hit["id"] for hit in own_api.json("/search?limit=100")["hits"]]
    replica = Replica(own_api)
    replica.follow()
    assert replica.held == everything(own_api, works)
    ebooks = [w for w in works if replica.held[w]["media"] == ["ebook"] and replica.held[w]["languages"] == ["fin"]]
    made = join(own_api.store, ebooks[0], ebooks[1], level="work", author=AUTHOR)
    replica.follow(limit=3)
    (gone,) = set(ebooks[:2]) - set(replica.held)
    assert replica.held == everything(own_api, [w for w in works if w != gone])
    undo(own_api.store, made.decision.id, AUTHOR)
    replica.follow()
    assert replica.held == everything(own_api, works)
    retire(own_api.store, "kaarna", "2026-02-02T04:00:00Z")
    resolve(own_api.store, "2026-02-02T04:00:00Z")
    replica.follow()
    left = [w for w in works if own_api.client.get(f"/works/{w}").status_code == 200]
    assert 0 < len(left) < len(works)
    assert replica.held == everything(own_api, left)


def test_the_feed_is_read_in_pages_that_end(api: Any) -> None:
    whole = api.json("/changes?limit=1000")
    assert whole["more"] is False
    part = api.json("/changes?limit=5")
    assert part["changes"] == whole["changes"][:5]
    assert (part["next"], part["more"]) == (whole["changes"][4]["rev"], True)
    after = api.json(f"/changes?since={whole['next']}")
    assert after == {"changes": [], "next": whole["next"], "more": False}


@pytest.mark.parametrize("query", ["since=-1", "since=x", "since=9223372036854775808", "limit=0", "limit=1001"])
def test_a_bad_place_in_the_feed_is_named(api: Any, query: str) -> None:
    assert api.json(f"/changes?{query}", 400)["errors"][0]["parameter"] == query.partition("=")[0]


def test_a_place_that_is_not_reached_yet_is_waited_at(api: Any) -> None:
    assert api.json("/changes?since=9223372036854775807")["changes"] == []
