"""`lyhde db`: backup, restore and copy as an operator calls them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
EXPORTS = ("works", "editions", "records", "clusters", "cases", "changes")
ONIX = """<?xml version="1.0" encoding="UTF-8"?>
<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference">
<Header><Sender><SenderName>Testi</SenderName></Sender></Header>{products}</ONIXMessage>"""
PRODUCT = """<Product><RecordReference>{n}</RecordReference><NotificationType>03</NotificationType>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>ED</ProductForm>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>{title}</TitleText></TitleElement></TitleDetail></DescriptiveDetail></Product>"""


@pytest.fixture
def harvested(lyhde: Command, tmp_path: Path) -> Command:
    """An installation with a small catalogue."""
    titles = ("Yö", "Älä unohda", "Åbo", "Meren laulu", "meren laulu")
    feed = tmp_path / "feed.xml"
    feed.write_text(ONIX.format(products="".join(PRODUCT.format(n=n, title=t) for n, t in enumerate(titles))), "utf-8")
    for words in (("harvest", "--file", str(feed), "--source", "mine"), ("resolve",)):
        assert lyhde(*words).code == 0
    return lyhde


def exports(lyhde: Command) -> dict[str, str]:
    return {what: lyhde("export", what).out for what in EXPORTS}


def test_a_move_to_postgresql_and_back_changes_no_export(
    harvested: Command, tmp_path: Path, fresh_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exports(harvested)
    assert "Älä unohda" in before["works"]
    url = fresh_database()
    done = harvested("db", "copy", "--to", url, "--json").json
    assert (done["place"], done["tables"]["source_record"]) == (url, 5)
    monkeypatch.setenv("LYHDE__STORE__URL", url)
    said = {check["name"]: check["cause"] for check in harvested("doctor", "--json").json["checks"]}
    assert said["store"].startswith("PostgreSQL")
    assert "payloads" not in said
    assert exports(harvested) == before
    assert harvested("db", "copy", "--to", f"sqlite:///{tmp_path / 'back.sqlite'}").code == 0
    monkeypatch.setenv("LYHDE__STORE__URL", f"sqlite:///{tmp_path / 'back.sqlite'}")
    assert exports(harvested) == before


def test_a_backup_is_restored_into_the_other_back_end(
    harvested: Command, tmp_path: Path, fresh_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exports(harvested)
    (tmp_path / "backups").mkdir()
    place = Path(harvested("db", "backup", "--out", str(tmp_path / "backups"), "--json").json["place"])
    assert place.parent == tmp_path / "backups"
    monkeypatch.setenv("LYHDE__STORE__URL", fresh_database())
    done = harvested("db", "restore", str(place), "--json").json
    assert (done["payloads"], done["missing"]) == (1, [])
    assert exports(harvested) == before


def test_received_files_that_are_gone_are_told_and_come_back(harvested: Command, tmp_path: Path) -> None:
    harvested("db", "backup", "--out", str(tmp_path / "a.lyhde"))
    shutil.rmtree(tmp_path / "data" / "payloads")
    assert "1 received files are not in" in harvested("doctor").out
    harvested("db", "restore", str(tmp_path / "a.lyhde"), "--force")
    assert "received files" not in harvested("doctor").out


def test_a_restore_over_a_catalogue_wants_to_be_told_twice(harvested: Command, tmp_path: Path) -> None:
    harvested("db", "backup", "--out", str(tmp_path / "a.lyhde"))
    refused = harvested("db", "restore", str(tmp_path / "a.lyhde"))
    assert (refused.code, "--force" in refused.error) == (2, True)
    assert harvested("db", "restore", str(tmp_path / "a.lyhde"), "--force").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("restore", "none.lyhde"), 2, "none.lyhde"),
        (("copy", "--to", "postgresql://a:kielo@127.0.0.1:1/b"), 2, "--password-file"),
        (("copy", "--to", "postgresql://a@127.0.0.1:1/b"), 4, "does not answer"),
        (("copy", "--to", "nonsense"), 3, "store.url"),
        (("backup", "--out", "/proc/none/a.lyhde"), 2, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    harvested: Command, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = harvested("db", *words)
    assert (answer.code, said in answer.error, "kielo" in answer.error) == (code, True, False)


def test_the_store_is_not_copied_onto_itself(harvested: Command, tmp_path: Path) -> None:
    answer = harvested("db", "copy", "--to", f"sqlite:///{tmp_path / 'data' / 'lyhde.sqlite'}", "--force")
    assert (answer.code, "is the store itself" in answer.error) == (2, True)


def test_an_installation_without_a_catalogue_has_nothing_to_back_up(lyhde: Command, tmp_path: Path) -> None:
    assert lyhde("db", "backup", "--out", str(tmp_path / "a.lyhde")).code == 3
    assert lyhde("db", "upgrade", "--json").json == {"schema": "0007", "before": None}
    assert lyhde("db", "backup", "--out", str(tmp_path / "a.lyhde")).code == 0


def test_a_purge_counts_first_and_then_forgets(harvested: Command) -> None:
    counted = harvested("db", "purge", "--before", "2020-01-01", "--dry-run", "--json").json
    assert (counted["dry_run"], counted["audit"], "record_revisions" in counted) == (True, 0, False)
    done = harvested("db", "purge", "--before", "2020-01-01", "--revisions")
    assert done.code == 0
    assert harvested("db", "purge", "--before", "soon").code == 2
