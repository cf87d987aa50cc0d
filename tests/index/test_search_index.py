"""The index as a projection: strict, versioned, rebuilt while it is read, rolled back, and clear about its troubles."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from catalogue.errors import ConfigurationError, LyhdeError, NotFound, ServiceUnreachable
from catalogue.record import Description
from index.analysis import analysis_version
from index.definition import Names
from index.search_index import SearchIndex

Describe = Callable[..., Description]
Document = Callable[..., dict[str, Any]]
server = pytest.mark.search_server


@server
def test_ensure_makes_an_index_once_and_says_whether_it_is_up_to_date(
    search_index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = search_index.status()
    assert search_index.ensure()
    assert search_index.status() == before
    assert (before.documents, before.up_to_date, before.analysis_version) == (0, True, analysis_version())
    monkeypatch.setattr("index.search_index.analysis_version", lambda: "another")
    assert not search_index.ensure()
    assert not search_index.status().up_to_date


@server
def test_an_unknown_field_is_refused_with_the_reason(
    search_index: SearchIndex, document: Document, describe: Describe
) -> None:
    good = document("w11", 1, describe())
    nested = document("w22", 1, describe())
    nested["editions"][0]["colour"] = "red"
    report = search_index.bulk([("w11", 1, good), ("w22", 1, nested), ("w33", 1, {"colour": "red"})])
    assert report.created == 1
    assert [key for key, _ in report.refused] == ["w22", "w33"]
    assert all("colour" in reason for _, reason in report.refused)


@server
def test_a_rebuild_under_live_queries_fails_none_and_loses_nothing(
    search_index: SearchIndex, document: Document, describe: Describe
) -> None:
    old = [(f"w{n}", 1, document(f"w{n}", 1, describe(f"Kirja {n}"))) for n in range(100)]
    search_index.bulk(old, refresh=True)
    newer = ("w7", 2, document("w7", 2, describe("Kirja toinen")))
    stop, totals = threading.Event(), list[int]()

    def read() -> None:
        with SearchIndex(search_index.url, prefix=search_index.names.prefix) as reader:
            while not stop.is_set():
                totals.append(reader.search("kirja")["total"])

    def newly() -> list[Any]:
        """What changed meanwhile: asked for before readers are led to the new index, so let some read until then."""
        before = len(totals)
        while len(totals) < before + 10 and not any(reader.done() for reader in readers):
            time.sleep(0.01)
        return [newer]

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for _ in range(2):
                search_index.rebuild(old, newly)
        finally:
            stop.set()
        assert [reader.result() for reader in readers] == [None, None]
    assert len(totals) >= 20
    assert set(totals) == {100}
    assert {key: rev for key, rev, _ in search_index.revisions()}["w7"] == 2


@server
def test_what_is_written_during_the_switch_is_replayed(
    search_index: SearchIndex, document: Document, describe: Describe
) -> None:
    calls: list[int] = []

    def replay() -> list[tuple[str, int, dict[str, Any]]]:
        calls.append(len(calls))
        rev = len(calls) + 1
        return [("w11", rev, document("w11", rev, describe()))]

    done = search_index.rebuild([("w11", 1, document("w11", 1, describe()))], replay)
    assert calls == [0, 1]
    assert list(search_index.revisions()) == [("w11", 3, False)]
    assert (done.documents, done.index) == (1, search_index.status().index)


@server
def test_a_failed_rebuild_leaves_readers_the_old_index(
    search_index: SearchIndex, document: Document, describe: Describe
) -> None:
    search_index.bulk([("w11", 1, document("w11", 1, describe()))], refresh=True)
    before = search_index.status()
    with pytest.raises(LyhdeError, match="colour"):
        search_index.rebuild([("w22", 1, {"colour": "red"})])
    assert search_index.status() == before

    def broken() -> Iterator[tuple[str, int, dict[str, Any]]]:
        yield "w22", 1, document("w22", 1, describe())
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError):
        search_index.rebuild(broken())
    assert search_index.status() == before
    assert search_index.search("sinuhe")["total"] == 1


@server
def test_a_rollback_reads_the_former_index_and_one_former_index_is_kept(
    search_index: SearchIndex, document: Document, describe: Describe
) -> None:
    first = search_index.status().index
    second = search_index.rebuild([("w11", 1, document("w11", 1, describe()))])
    third = search_index.rebuild([])
    assert (second.previous, third.previous) == (first, second.index)
    assert search_index.search("sinuhe")["total"] == 0
    assert search_index.rollback() == second.index
    assert search_index.search("sinuhe")["total"] == 1
    assert search_index.rollback() is None
    assert search_index.status().index == second.index


@server
def test_a_catalogue_does_not_touch_one_whose_name_begins_alike(search_server: str) -> None:
    with SearchIndex(search_server, prefix="alike") as one, SearchIndex(search_server, prefix="alike-too") as other:
        other.ensure()
        for _ in range(3):
            one.rebuild([])
        assert other.status().index is not None
        assert one.status().index != other.status().index


@server
def test_without_an_index_the_error_says_what_makes_one(search_server: str) -> None:
    with SearchIndex(search_server, prefix="absent") as index:
        index_calls: list[Callable[[], Any]] = [
            lambda: index.search("x"),
            lambda: index.suggest("x"),
            lambda: index.bulk([("w1", 1, {})]),
            lambda: list(index.revisions()),
        ]
        for call in index_calls:
            with pytest.raises(NotFound, match="lyhde index"):
                call()
        assert index.status().index is None


def test_a_server_that_does_not_answer_is_named_with_advice() -> None:
    with (
        SearchIndex("http://user:secret@127.0.0.1:9") as index,
        pytest.raises(ServiceUnreachable, match=r"http://127\.0\.0\.1:9 .*elasticsearch\.url") as caught,
    ):
        index.status()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "headers", "version", "said"),
    [
        (200, {"X-Elastic-Product": "Elasticsearch"}, "8.19.0", "Elasticsearch 8.19.0; version 9 is needed"),
        (400, {"X-Elastic-Product": "Elasticsearch"}, "", "an older version; version 9 is needed"),
        (200, {}, "3.1.0", "is not Elasticsearch"),
        (401, {"X-Elastic-Product": "Elasticsearch"}, "", "elasticsearch.api_key"),
    ],
)
def test_another_kind_or_version_of_server_is_a_clear_configuration_error(
    status: int, headers: dict[str, str], version: str, said: str
) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"version": {"number": version}}).encode()
            self.send_response(status)
            for name, value in {
                **headers,
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with (
            SearchIndex(f"http://127.0.0.1:{other.server_port}") as index,
            pytest.raises(ConfigurationError, match=said),
        ):
            index.ensure()
        other.shutdown()


def test_names_tell_a_catalogues_indices_from_anothers() -> None:
    names = Names("works")
    assert names.is_own(names.new())
    assert not names.is_own(Names("works-1").new())
    assert not Names("works-1").is_own(names.new())
