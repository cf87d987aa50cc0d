"""What the index holds, for comparing it with the store."""

from __future__ import annotations

from collections.abc import Iterator

from elasticsearch import Elasticsearch

PAGE = 5000
KEEP_ALIVE = "2m"


def revisions(client: Elasticsearch, index: str) -> Iterator[tuple[str, int, bool]]:
    """(id, revision, deleted) of every document of an index as it is now, read from its columns."""
    client.indices.refresh(index=index)
    point = client.open_point_in_time(index=index, keep_alive=KEEP_ALIVE)["id"]
    try:
        after = None
        while True:
            page = client.search(
                pit={"id": point, "keep_alive": KEEP_ALIVE},
                size=PAGE,
                sort=["_shard_doc"],
                search_after=after,
                source=False,
                docvalue_fields=[{"field": name} for name in ("id", "rev", "deleted")],
                track_total_hits=False,
            )
            found = page["hits"]["hits"]
            for hit in found:
                fields = hit["fields"]
                yield fields["id"][0], int(fields["rev"][0]), bool(fields["deleted"][0])
            if len(found) < PAGE:
                return
            after, point = found[-1]["sort"], page["pit_id"]
    finally:
        client.close_point_in_time(id=point)
