"""The command line without a search server: options anywhere, exit codes, clear errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from cli.main import hoist

Command = Callable[..., Any]

ONIX = """<?xml version="1.0" encoding="UTF-8"?>
<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference">
<Header><Sender><SenderName>Testi</SenderName></Sender><SentDateTime>20260101</SentDateTime></Header>{products}
</ONIXMessage>"""
PRODUCT = """<Product><RecordReference>{n}</RecordReference><NotificationType>03</NotificationType>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>ED</ProductForm>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>{title}</TitleText></TitleElement></TitleDetail></DescriptiveDetail></Product>"""


WORDS = ("kettu", "meri", "tuuli", "lumi", "susi", "pelto")


def product(number: int) -> str:
    title = f"Vanha {WORDS[number % 6]} ja uusi {WORDS[number // 6]}"
    return PRODUCT.format(n=number, title=title)


def onix(path: Path, count: int) -> Path:
    path.write_text(ONIX.format(products="".join(map(product, range(count)))), "utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "hoisted"),
    [
        (["search", "x", "--json"], ["--json", "search", "x"]),
        (["search", "--config", "a", "x"], ["--config", "a", "search", "x"]),
        (["run", "--data-dir=d", "--quiet"], ["--data-dir=d", "--quiet", "run"]),
        (["search", "--", "--json"], ["search", "--", "--json"]),
    ],
)
def test_global_options_may_stand_anywhere(words: list[str], hoisted: list[str]) -> None:
    assert hoist(words) == hoisted


def test_the_version_is_told(lyhde: Command) -> None:
    answer = lyhde("--version")
    assert (answer.code, answer.out.split()) == (0, ["lyhde", version("lyhde")])


def test_an_empty_installation_is_well(lyhde: Command) -> None:
    answer = lyhde("doctor", "--json")
    assert answer.code == 0
    assert {check["state"] for check in answer.json["checks"]} <= {"ok", "warn"}


def test_every_fault_of_the_configuration_is_told_at_once(lyhde: Command, tmp_path: Path) -> None:
    (tmp_path / "sources" / "a.toml").write_text(
        'feed = "sometimes"\nunknown = 1\n[transport]\nkind = "folder"\npath="x"\n'
    )
    (tmp_path / "sources" / "b.toml").write_text("not toml")
    answer = lyhde("config", "check")
    assert answer.code == 3
    for part in ("a.toml", "feed", "sometimes", "unknown", "b.toml"):
        assert part in answer.error


def test_a_table_of_rules_that_cannot_be_read_is_a_fault_of_the_configuration(lyhde: Command, tmp_path: Path) -> None:
    (tmp_path / "lyhde.toml").write_text('data_dir = "data"\n[rules]\nmatch_model = "mine.toml"\n')
    assert lyhde("config", "check").code == 3
    answer = lyhde("resolve")
    assert (answer.code, str(tmp_path / "mine.toml") in answer.error) == (3, True)


def test_what_if_tells_splits_joins_and_values_of_an_empty_catalogue(lyhde: Command) -> None:
    found = lyhde("match", "what-if", "--accept", "9", "--reject", "1").json
    assert (found["splits"], found["joins"], found["values"], found["asks"]) == ([], [], [], 0)
    assert found["model"].endswith("accept 9, reject 1")


def test_an_unknown_source_is_a_usage_error_that_names_those_there_are(lyhde: Command) -> None:
    answer = lyhde("run", "nothere")
    assert answer.code == 2
    assert "nothere" in answer.error


def test_files_at_hand_are_a_delta(lyhde: Command, tmp_path: Path) -> None:
    assert lyhde("harvest", "--file", str(onix(tmp_path / "a.xml", 30)), "--source", "mine").code == 0
    onix(tmp_path / "b.xml", 3)
    counts = lyhde("harvest", "--file", str(tmp_path / "b.xml"), "--source", "mine", "--json").json["sources"][0][
        "counts"
    ]
    assert (counts["received"], counts["unchanged"], counts["absent"]) == (3, 3, 0)
    assert len(lyhde("export", "records").lines) == 30


def test_a_sharply_smaller_complete_feed_is_held_and_deletes_nothing(lyhde: Command, tmp_path: Path) -> None:
    lyhde("harvest", "--file", str(onix(tmp_path / "a.xml", 30)), "--source", "mine", "--complete-feed")
    answer = lyhde(
        "harvest", "--file", str(onix(tmp_path / "a.xml", 3)), "--source", "mine", "--complete-feed", "--json"
    )
    assert answer.code == 6
    assert answer.json["sources"][0]["state"] == "held"
    assert len(lyhde("export", "records").lines) == 30
    run = lyhde("hold", "list", "--json").json["held"][0]["run"]
    assert lyhde("hold", "approve", str(run)).code == 0
    assert len(lyhde("export", "records").lines) == 3


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.xml", b"", "payload.empty"),
        ("page.xml", b"<!DOCTYPE html><html><body>Login</body></html>", "payload.html"),
        ("cut.xml", ONIX.format(products=product(1)).encode()[:-30], "payload.truncated"),
        (
            "bomb.xml",
            b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><ONIXMessage>&d;</ONIXMessage>',
            "payload.xml_forbidden",
        ),
        ("letter.txt", b"Dear colleagues, the feed is late today.", "payload.unknown_format"),
    ],
)
def test_bad_files_are_told_with_code_and_place(
    lyhde: Command, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    answer = lyhde("source", "check", str(tmp_path / name))
    defects = [line for line in answer.lines if line["kind"] == "defect"]
    assert code in [defect["code"] for defect in defects]
    assert all(defect["text"] and not re.search(r"\{\w+\}", defect["text"]) for defect in defects)
    assert answer.lines[-1]["kind"] == "summary"


def test_a_bad_source_does_not_stop_the_others(lyhde: Command, tmp_path: Path) -> None:
    onix(tmp_path / "good.xml", 5)
    (tmp_path / "bad.xml").write_text("<html><body>Sign in</body></html>")
    for name in ("good", "bad"):
        (tmp_path / "sources" / f"{name}.toml").write_text(f'[transport]\nkind = "folder"\npath = "../{name}.xml"\n')
    answer = lyhde("harvest", "--json")
    states = {source["source"]: source["state"] for source in answer.json["sources"]}
    assert answer.code == 6
    assert states["good"] == "promoted"
    assert states["bad"] in ("failed", "held")
    assert "bad" in next(s["message"] for s in answer.json["sources"] if s["source"] == "bad")


def test_loose_files_are_clustered_without_a_store(lyhde: Command, tmp_path: Path) -> None:
    one, two = onix(tmp_path / "one.xml", 3), onix(tmp_path / "two.xml", 3)
    clusters = lyhde("match", "cluster", str(one), str(two)).lines
    members = [(member["file"], member["index"]) for cluster in clusters for member in cluster["members"]]
    assert len(members) == len(set(members)) == 6


def test_the_version_of_every_pinned_vocabulary_is_told(lyhde: Command) -> None:
    told = lyhde("vocabulary", "status", "--json").json
    assert told["yso"]["version"]
    assert "relators" in lyhde("vocabulary", "status").out


def test_a_source_file_to_start_from_is_written_and_valid(lyhde: Command, tmp_path: Path) -> None:
    assert lyhde("source", "add", "new", str(tmp_path)).code == 0
    assert lyhde("config", "check", "--json").json["sources"] == ["new"]
    assert lyhde("source", "add", "new", str(tmp_path)).code == 2


def test_labelled_pairs_and_clusters_measure_the_matcher(lyhde: Command, tmp_path: Path) -> None:
    records = onix(tmp_path / "records.xml", 4)
    pairs, scores, truth = tmp_path / "pairs.csv", tmp_path / "scores.csv", tmp_path / "truth.csv"
    pairs.write_text("left,right,same\n0,1,0\n1,2,false\n3,3,1\n")
    truth.write_text("source_id,cluster\n0,a\n1,b\n2,c\n3,d\n")
    measured = lyhde("match", "evaluate", str(records), str(pairs), "--scores", str(scores)).json
    assert measured["pairs"] == 3
    assert {"precision", "recall", "f1"} <= set(measured["automatic"])
    assert scores.read_text().splitlines()[0] == "left,right,score,probability,verdict,vetoes"
    found = lyhde("match", "cluster-evaluate", str(records), str(truth)).json
    assert (found["records"], found["b3"]["f1"], found["by_score"]["b3"]["f1"]) == (4, 1.0, 1.0)


def test_a_table_without_the_columns_is_a_usage_error(lyhde: Command, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("a,b\n1,2\n")
    answer = lyhde("match", "evaluate", str(onix(tmp_path / "records.xml", 1)), str(pairs))
    assert answer.code == 2
    assert "left, right, same" in answer.error


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "mitään ei ole vielä haravoitu"),
        ("sv", "ingenting har skördats ännu"),
        ("en", "nothing was harvested yet"),
    ],
)
def test_the_doctor_speaks_the_language_of_the_settings(
    lyhde: Command, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("LYHDE__LANGUAGE", language)
    assert said in lyhde("doctor").out
    causes = {check["name"]: check["cause"] for check in lyhde("doctor", "--json").json["checks"]}
    assert causes["store"] == "nothing was harvested yet", "programs read English"
