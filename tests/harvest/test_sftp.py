"""Files from a real SSH server on loopback."""

from __future__ import annotations

import asyncio
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest
import stamina

from catalogue.errors import ConfigurationError, FeedRefused, ServiceUnreachable
from harvest.fetched import FetchedFile, Seen
from harvest.sftp import by_file
from harvest.transports import fetch
from ops.sources import SourceSettings

Source = Callable[..., SourceSettings]


class SshServer:
    """An SFTP server over a folder, in a thread of its own."""

    def __init__(self, root: Path, keys: Path) -> None:
        self.root = root
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        ours = asyncssh.generate_private_key("ssh-ed25519")
        ours.write_private_key(keys / "key")
        self.allowed = asyncssh.import_authorized_keys(ours.export_public_key().decode())
        self.opened: list[str] = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.server = self._do(self._listen())
        self.port = self.server.get_port()
        line = f"[127.0.0.1]:{self.port} {self.host_key.export_public_key().decode()}"
        (keys / "known_hosts").write_text(line)

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    async def _listen(self) -> Any:
        server = self

        class Sftp(asyncssh.SFTPServer):
            def __init__(self, chan: Any) -> None:
                super().__init__(chan, chroot=os.fsencode(server.root))

            def open(self, path: bytes, pflags: int, attrs: Any) -> Any:
                server.opened.append(path.decode())
                return super().open(path, pflags, attrs)

        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[self.host_key], authorized_client_keys=self.allowed, sftp_factory=Sftp
        )

    async def _stop(self) -> None:
        self.server.close()
        await self.server.wait_closed()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def close(self) -> None:
        self._do(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[SshServer]:
    root, keys = tmp_path / "root", tmp_path / "keys"
    (root / "out").mkdir(parents=True)
    keys.mkdir()
    server = SshServer(root, keys)
    with stamina.set_testing(True, attempts=2):
        yield server
    server.close()


@pytest.fixture
def otava(ssh: SshServer, tmp_path: Path) -> Source:
    def make(limits: dict[str, Any] | None = None, **changed: Any) -> SourceSettings:
        transport = {
            "kind": "sftp",
            "host": "127.0.0.1",
            "port": ssh.port,
            "username": "lyhde",
            "key_file": str(tmp_path / "keys" / "key"),
            "known_hosts_file": str(tmp_path / "keys" / "known_hosts"),
            "path": "out",
            "settle_s": 0,
            "internal": True,
            **changed,
        }
        return SourceSettings.model_validate({"id": "otava", "transport": transport, "limits": limits or {}})

    return make


def put(ssh: SshServer, name: str, data: bytes, at: int = 1_700_000_000) -> Path:
    path = ssh.root / "out" / name
    path.write_bytes(data)
    os.utime(path, (at, at))
    return path


def get(source: SourceSettings, tmp_path: Path, known: dict[str, Seen] | None = None) -> list[FetchedFile]:
    folder = tmp_path / "incoming"
    folder.mkdir(exist_ok=True)
    return list(fetch(source, known or {}, folder))


def test_whole_files_come_oldest_first_and_nothing_there_changes(ssh: SshServer, otava: Source, tmp_path: Path) -> None:
    put(ssh, "b.xml", b"<b/>", 1_700_000_000)
    put(ssh, "a.xml", b"<a/>", 1_700_000_100)
    put(ssh, ".hidden.xml", b"<h/>")
    put(ssh, "c.xml.part", b"<c")
    put(ssh, "notes.txt", b"x")
    (ssh.root / "out" / "link.xml").symlink_to("/etc/passwd")
    before = sorted(path.name for path in (ssh.root / "out").iterdir())
    files = get(otava(pattern="*.xml"), tmp_path)
    assert [(file.name, file.path and file.path.read_bytes()) for file in files] == [
        ("b.xml", b"<b/>"),
        ("a.xml", b"<a/>"),
    ]
    assert [file.last_modified for file in files] == ["1700000000 4", "1700000100 4"]
    assert sorted(path.name for path in (ssh.root / "out").iterdir()) == before


def test_only_the_newest_are_taken_where_that_is_asked_for(ssh: SshServer, otava: Source, tmp_path: Path) -> None:
    for number in range(4):
        put(ssh, f"{number}.xml", b"<a/>", 1_700_000_000 + number)
    assert [file.name for file in get(otava(newest=2), tmp_path)] == ["2.xml", "3.xml"]


def test_a_file_that_is_known_is_not_transferred_again(ssh: SshServer, otava: Source, tmp_path: Path) -> None:
    put(ssh, "a.xml", b"<a/>")
    (first,) = get(otava(), tmp_path)
    (again,) = get(otava(), tmp_path, {"a.xml": Seen(first.sha256, None, first.last_modified)})
    assert (again.known, again.path, again.sha256) == (True, None, first.sha256)
    assert len(ssh.opened) == 1
    put(ssh, "a.xml", b"<b/>", 1_700_000_001)
    (changed,) = get(otava(), tmp_path, {"a.xml": Seen(first.sha256, None, first.last_modified)})
    assert (changed.known, len(ssh.opened)) == (False, 2)


def test_what_is_known_is_looked_up_by_file() -> None:
    known = {name: Seen(name) for name in ("a.zip/1.xml", "a.zip.old", "a.zip/b/2.xml", "c.xml")}
    assert {file: list(found) for file, found in by_file(known).items()} == {
        "a.zip": ["a.zip/1.xml", "a.zip/b/2.xml"],
        "a.zip.old": ["a.zip.old"],
        "c.xml": ["c.xml"],
    }


def test_members_of_a_known_archive_are_known(ssh: SshServer, otava: Source, tmp_path: Path) -> None:
    with zipfile.ZipFile(ssh.root / "out" / "feed.zip", "w") as archive:
        archive.writestr("a.xml", "<a/>")
        archive.writestr("b.xml", "<b/>")
    first = get(otava(), tmp_path)
    assert [file.name for file in first] == ["feed.zip/a.xml", "feed.zip/b.xml"]
    known = {file.name: Seen(file.sha256, None, file.last_modified) for file in first}
    assert [(file.name, file.known) for file in get(otava(), tmp_path, known)] == [(name, True) for name in known]


def test_a_file_somebody_is_writing_is_left_for_the_next_time(
    ssh: SshServer, otava: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harvest import sftp

    put(ssh, "done.xml", b"<a/>")
    put(ssh, "growing.xml", b"<a>")
    listed = sftp._listed

    async def grow(*given: Any) -> Any:
        found = await listed(*given)
        put(ssh, "growing.xml", b"<a>more", 1_700_000_005)
        return found

    monkeypatch.setattr(sftp, "_listed", grow)
    assert [file.name for file in get(otava(), tmp_path)] == ["done.xml"]


def test_a_server_with_another_key_is_refused(ssh: SshServer, otava: Source, tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    (tmp_path / "keys" / "known_hosts").write_text(f"[127.0.0.1]:{ssh.port} {other}")
    with pytest.raises(FeedRefused, match="not in transport"):
        get(otava(), tmp_path)


def test_a_server_nobody_knows_is_refused(ssh: SshServer, otava: Source, tmp_path: Path) -> None:
    (tmp_path / "keys" / "known_hosts").write_text("")
    with pytest.raises(FeedRefused, match="not in transport"):
        get(otava(), tmp_path)


def test_a_key_that_is_not_ours_does_not_open(ssh: SshServer, otava: Source, tmp_path: Path) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / "keys" / "key")
    with pytest.raises(FeedRefused, match="does not let lyhde in"):
        get(otava(), tmp_path)


@pytest.mark.parametrize("name", ["key", "known_hosts"])
def test_keys_that_cannot_be_read_are_a_fault_of_the_configuration(otava: Source, tmp_path: Path, name: str) -> None:
    (tmp_path / "keys" / name).unlink()
    with pytest.raises(ConfigurationError, match=f"transport.{name}"):
        get(otava(), tmp_path)


def test_a_folder_that_is_not_there_is_refused(otava: Source, tmp_path: Path) -> None:
    with pytest.raises(FeedRefused, match="otava: sftp://127"):
        get(otava(path="nowhere"), tmp_path)


def test_a_file_above_the_cap_is_refused(ssh: SshServer, otava: Source, tmp_path: Path) -> None:
    put(ssh, "a.xml", b"<a>" + b"x" * 2000)
    with pytest.raises(FeedRefused, match="larger than 1000 bytes"):
        get(otava(limits={"max_bytes": 1000}), tmp_path)


def test_only_an_internal_source_may_be_near(otava: Source, tmp_path: Path) -> None:
    with pytest.raises(FeedRefused, match="this very machine"):
        get(otava(internal=False), tmp_path)


def test_a_server_that_is_away_is_unreachable(ssh: SshServer, otava: Source, tmp_path: Path) -> None:
    with pytest.raises(ServiceUnreachable, match="otava: sftp://127"):
        get(otava(port=1), tmp_path)
