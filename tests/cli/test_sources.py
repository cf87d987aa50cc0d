"""`lyhde source report` and `lyhde harvest replay`, as a program calls them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops.messages import translator

Command = Callable[..., Any]
HEAD = '<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference"><Header/>'
PRODUCT = """<Product><RecordReference>{n}</RecordReference><NotificationType>03</NotificationType>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>ED</ProductForm>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>{title}</TitleText></TitleElement></TitleDetail></DescriptiveDetail></Product>"""


@pytest.fixture
def delivered(lyhde: Command, tmp_path: Path) -> Command:
    rows = [PRODUCT.format(n=n, title=f"Kirja {n}" if n else "") for n in range(4)]
    (tmp_path / "feed.xml").write_text(f"{HEAD}{''.join(rows)}</ONIXMessage>")
    assert lyhde("harvest", "--file", str(tmp_path / "feed.xml"), "--source", "otava").code == 0
    return lyhde


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_report_is_whole_in_every_language(delivered: Command, language: str) -> None:
    report = delivered("source", "report", "otava", "--lang", language)
    assert report.code == 0
    for heading in ("Missing fields", "Timeliness", "The last deliveries, newest first"):
        said = translator(language)(heading)  # type: ignore[arg-type]  # one of the three
        assert said in report.out
        assert language == "en" or said != heading
    word = {"fi": "tietue", "sv": "post", "en": "record"}[language]
    assert f"feed.xml, {word} 1" in report.out


def test_a_check_ends_with_5_only_where_nothing_could_be_read(lyhde: Command, tmp_path: Path) -> None:
    page, ids = tmp_path / "feed.html", tmp_path / "ids.zip"
    page.write_text("<!DOCTYPE html><html><body>maintenance</body></html>")
    with zipfile.ZipFile(ids, "w") as made:
        made.writestr("gone.txt", "000000101\n000000102\n")
    answer = lyhde("source", "check", str(page))
    assert (answer.code, [row["kind"] for row in answer.lines]) == (5, ["defect", "summary"])
    answer = lyhde("source", "check", str(page), str(ids))
    assert answer.code == 0
    assert [row["file"] for row in answer.lines if row["kind"] == "summary"] == [str(page), f"{ids}/gone.txt"]


def test_a_held_page_of_html_is_called_one(lyhde: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYHDE__LANGUAGE", "fi")
    page = tmp_path / "feed.xml"
    page.write_text("<html><body>maintenance</body></html>")
    answer = lyhde("harvest", "--file", str(page), "--source", "otava")
    assert answer.code == 6
    for told in (answer.error, lyhde("hold", "list").out):
        assert "feed.xml, tietue 1" in " ".join(told.split())
        assert "HTML-sivu" in told


def test_a_report_for_programs(delivered: Command) -> None:
    card = delivered("source", "report", "otava", "--json").json
    assert {"source", "name", "live", "rejected", "missing", "faults", "reused", "late", "trend"} <= set(card)
    assert card["rejected"][0]["examples"][0]["file"] == "feed.xml"
    assert delivered("source", "report", "nobody").code == 2


def test_a_replay_tells_what_came_out(delivered: Command) -> None:
    assert delivered("harvest", "replay", "otava", "--json").json == {
        "replayed": [{"source": "otava", "run": 2, "items": 1, "released": 0, "outdated": 0, "still": 1, "lost": 0}]
    }
    assert delivered("harvest", "replay").code == 2
