"""`lyhde match fit`: weights from labelled pairs, a file that other commands take, a report."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


@pytest.fixture
def labelled(lyhde: Command, tmp_path: Path) -> tuple[str, str]:
    """Invented feeds, and labels of pairs in one edition and of pairs that are neighbours by title of their own."""
    assert lyhde("demo", "generate", "--records", "500", "--seed", "5", "--out", str(tmp_path / "made")).code == 0
    told = (tmp_path / "made" / "truth.csv").read_text("utf-8").splitlines()
    truth = sorted(csv.DictReader(told), key=lambda row: row["edition"])
    rows = [(a, b, a["edition"] == b["edition"]) for a, b in pairwise(truth)]
    with (tmp_path / "pairs.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["left", "right", "same", "left_cluster", "right_cluster"])
        for left, right, same in rows:
            writer.writerow([left["source_id"], right["source_id"], int(same), left["work"], right["work"]])
    return str(tmp_path / "made" / "feeds"), str(tmp_path / "pairs.csv")


def test_a_fitted_model_is_reported_and_taken_by_other_commands(
    lyhde: Command, labelled: tuple[str, str], tmp_path: Path
) -> None:
    records, pairs = labelled
    out = str(tmp_path / "mine.toml")
    told = lyhde("match", "fit", records, pairs, "--out", out, "--version", "mine").json
    assert told["model"] == "default mine"
    assert {"domains", "reports"} <= told.keys()
    assert told["domains"]["serial"]["calibrated"] == []
    for report in told["reports"]:
        assert report["labels"] >= 200
        assert {"best", "automatic", "asked", "recall_at", "precision_lower_bound", "calibration"} <= report.keys()
    few = tmp_path / "few.csv"
    few.write_text("\n".join(Path(pairs).read_text("utf-8").splitlines()[:30]), "utf-8")
    assert lyhde("match", "evaluate", records, str(few), "--model", out).json["pairs"] == 29
    assert lyhde("match", "what-if", "--model", out).json["model"] == "default mine"
    (tmp_path / "lyhde.toml").write_text('data_dir = "data"\n[rules]\nmatch_model = "mine.toml"\n')
    assert lyhde("resolve").code == 0
    assert lyhde("match", "what-if").json["model"] == "default mine"


def test_too_few_labels_and_an_unknown_record_are_usage_errors(
    lyhde: Command, labelled: tuple[str, str], tmp_path: Path
) -> None:
    few = tmp_path / "few.csv"
    few.write_text("left,right,same\nnobody,none,1\n")
    answer = lyhde("match", "fit", labelled[0], str(few), "--out", str(tmp_path / "m.toml"))
    assert (answer.code, "nobody" in answer.error) == (2, True)
    few.write_text("left,right,same\n")
    assert lyhde("match", "fit", labelled[0], str(few), "--out", str(tmp_path / "m.toml")).code == 2
