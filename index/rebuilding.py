"""A new index beside the one that is read: filled, checked, switched to; the old one kept for a rollback."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from catalogue.errors import LyhdeError, ServiceUnreachable
from catalogue.sentence import Sentence
from index.aliases import Aliases
from index.bulk import BulkReport, BulkWriter, Versioned
from index.definition import SERVING, Names, index_body
from index.spool import Piece, Spool

Replay = Callable[[], Iterable[Versioned]]
HEALTH_TIMEOUT = "60s"
SHOWN_REASONS = 5


@dataclass(frozen=True)
class Rebuilt:
    """`index` is read now, `previous` can be rolled back to, `documents` counts works and tombstones."""

    index: str
    previous: str | None
    documents: int


def rebuild(client: Elasticsearch, names: Names, pieces: Iterable[Piece], replay: Replay) -> Rebuilt:
    """Make, fill, check and switch. `replay` gives what changed since `pieces` was begun; it is called twice,
    before the switch and after it, so that nothing written meanwhile is lost.

    On any failure the new index is deleted and readers keep the old one.
    """
    with Spool(pieces) as spool:
        return _rebuild(client, names, spool, replay)


def _rebuild(client: Elasticsearch, names: Names, spool: Spool, replay: Replay) -> Rebuilt:
    aliases = Aliases(client, names)
    before, new = aliases.current(), names.new()
    client.indices.create(index=new, **index_body(loading=True, vocabulary=spool.vocabulary))
    try:
        writer = BulkWriter(client, new, is_alias=False)
        report = writer.send(spool.lines())
        report.add(writer.write(replay()))
        _settle(client, new)
        _check(client, new, report)
    except BaseException:
        aliases.drop([new])
        raise
    aliases.switch(new)
    late = BulkWriter(client, names.write, is_alias=True).write(replay())
    aliases.drop([name for name in aliases.all() if name not in (before, new)])
    return Rebuilt(new, before, report.created + late.created)


def _settle(client: Elasticsearch, index: str) -> None:
    """From loading to serving: everything on disk, visible, and copied where there is a second node."""
    client.indices.refresh(index=index)
    client.indices.flush(index=index)
    client.indices.put_settings(index=index, settings={"index": SERVING})
    health = client.cluster.health(
        index=index, wait_for_status="yellow", wait_for_no_relocating_shards=True, timeout=HEALTH_TIMEOUT
    )
    if health["timed_out"]:
        raise ServiceUnreachable(
            Sentence(
                "the new index {index} did not become healthy in {time}: see the cluster",
                index=index,
                time=HEALTH_TIMEOUT,
            )
        )


def _check(client: Elasticsearch, index: str, report: BulkReport) -> None:
    if report.refused:
        some = "; ".join(f"{key}: {reason}" for key, reason in report.refused[:SHOWN_REASONS])
        raise LyhdeError(
            Sentence(
                "the index refused {count} documents, readers keep the old one: {some}",
                count=len(report.refused),
                some=some,
            )
        )
    held = client.count(index=index)["count"]
    if held != report.created:
        raise LyhdeError(
            Sentence(
                "the new index holds {held} documents, {created} were written; readers keep the old",
                held=held,
                created=report.created,
            )
        )
