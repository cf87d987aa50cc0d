"""The embedded server: starts, is found again, survives a kill, and says what is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from catalogue.errors import DownloadFailed, ServiceUnreachable
from index.server import fetch, fetching, jars, start, status, stop
from index.server.jars import Jar, get_jar, locked_jars
from index.server.launch import ADVICE, NOTICE, Folder, start_failure
from index.server.layout import ROOTS, cache_folder
from index.server.ready import answering, process_gone


@pytest.mark.search_server
def test_a_server_is_found_again_survives_a_kill_and_stops(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: start(tmp_path, heap_mb=256), range(2)))
    try:
        assert both[0].url == both[1].url
        assert sorted(s.started_here for s in both) == [False, True]
        with Elasticsearch(both[0].url) as client:
            client.indices.create(index="kept-1")
            client.index(index="kept-1", id="a", document={"title": "Sinuhe"}, refresh=True)
        os.kill(both[0].pid, signal.SIGKILL)
        while status(tmp_path).running:
            time.sleep(0.05)
        again = start(tmp_path, heap_mb=256)
        assert again.started_here
        assert status(tmp_path).url == again.url
        with Elasticsearch(again.url) as client:
            assert client.get(index="kept-1", id="a")["_source"] == {"title": "Sinuhe"}
    finally:
        assert stop(tmp_path)
    assert not status(tmp_path).running
    assert not stop(tmp_path)
    assert Folder.of(tmp_path).log_file.read_text().count(NOTICE) == 2


def test_a_stale_or_broken_ready_file_counts_as_no_server(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    texts = (
        "",
        "{",
        "[]",
        '{"pid": "x", "url": ""}',
        '{"pid": 4194305, "url": "http://127.0.0.1:9"}',
        f'{{"pid": {os.getpid()}, "url": "http://127.0.0.1:9"}}',
    )
    for text in texts:
        ready.write_text(text)
        assert answering(ready, "lyhde") is None


@pytest.mark.search_server
def test_another_data_directorys_server_is_not_taken_for_ours(search_server: str, tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    ready.write_text(f'{{"pid": {os.getpid()}, "url": "{search_server}"}}')
    assert answering(ready, Folder.of(tmp_path).node_name) is None


@pytest.mark.parametrize(("line", "advice"), ADVICE)
def test_a_failed_start_gives_the_end_of_its_own_log_and_advice(tmp_path: Path, line: str, advice: str) -> None:
    folder = Folder.of(tmp_path)
    folder.make()
    folder.log_file.write_text(f"{NOTICE}\nan older start\n{NOTICE}\nfirst\n{line}\n")
    error = start_failure(folder, "it ended while starting")
    assert isinstance(error, ServiceUnreachable)
    assert advice in str(error)
    assert line in str(error)
    assert "an older start" not in str(error)


def test_a_failed_download_names_the_jar_and_the_two_ways_out(tmp_path: Path) -> None:
    jar = Jar("org.example:nothing:1.0", "lib", "0" * 64)
    with pytest.raises(DownloadFailed, match=r"org\.example:nothing:1\.0.*[Tt]ry again, or set elasticsearch\.url"):
        get_jar(jar, tmp_path)


def test_an_altered_jar_is_refused_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def altered(jar: Jar, repository: Path) -> Path:
        path = repository / jar.file_name
        path.write_bytes(b"altered")
        return path

    monkeypatch.setattr(jars, "_resolve", altered)
    with pytest.raises(DownloadFailed, match="sha256"):
        get_jar(Jar("org.example:nothing:1.0", "lib", "0" * 64), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_failed_set_up_leaves_nothing_that_looks_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(jar: Jar, repository: Path) -> Path:
        raise DownloadFailed(jar.coordinate, "no network", "Try again")

    monkeypatch.setattr(fetching, "get_jar", refuse)
    for _ in range(2):
        with pytest.raises(DownloadFailed):
            fetch(tmp_path)


def test_the_lock_holds_every_root_with_a_hash_and_no_address() -> None:
    locked = {jar.coordinate: jar for jar in locked_jars()}
    assert all(locked[root].place == place for root, place in ROOTS)
    assert all(len(jar.sha256) == 64 and "/" not in jar.coordinate for jar in locked.values())


def test_the_cache_follows_the_argument_then_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "lyhde" / "search-server"
    assert cache_folder(tmp_path / "given") == tmp_path / "given" / "search-server"


def test_a_process_is_gone_though_the_one_that_started_it_does_not_look() -> None:
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert not process_gone(child)
        os.kill(child, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while not process_gone(child) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert process_gone(child)
        assert parent.poll() is None
