"""Fitting: parts that no cluster crosses, weights that labels move, thresholds with a bound, a file that reads back."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.columns import Columns, build_columns
from matching.comparisons import COMPARISONS
from matching.evaluate import accept_from, calibration, lower_bound, reject_below
from matching.facts import SetFacts
from matching.features import Features
from matching.fitting import LEAST_LABELS, Labelled, fit_model, fitted_limits, parts
from matching.model import MatchModel, load_model
from matching.modelfile import model_text
from matching.similarity import Pairs

Featured = Callable[..., Features]


def test_all_pairs_of_a_cluster_are_in_one_part_however_long_the_chain() -> None:
    ends = [(f"c{n}", f"c{n + 1}") for n in range(40)] + [(f"d{n}", f"e{n}") for n in range(200)]
    found = parts(ends)
    assert len(set(found[:40].tolist())) == 1
    assert set(found.tolist()) == set(range(5))
    assert parts(list(reversed(ends))).tolist() == found.tolist()[::-1]


def test_the_lower_bound_is_below_the_share_and_rises_with_the_pairs() -> None:
    assert 0.9 < lower_bound(99, 100) < 0.99 < lower_bound(9990, 10000) < 0.999
    assert lower_bound(0, 0) == 0


def test_a_threshold_to_join_by_itself_needs_enough_labels_to_be_sure() -> None:
    assert accept_from([True] * 100, [5.0] * 100, 0.995) is None
    assert accept_from([True] * 2000 + [False] * 200, [5.0] * 2000 + [1.0] * 200, 0.995) == 5.0


def test_below_the_lower_threshold_few_same_pairs_are_lost() -> None:
    scores = [float(n) for n in range(1000)]
    assert reject_below([True] * 1000, scores, 0.005) == 5.0


def test_calibration_sets_what_was_foretold_beside_what_is_so() -> None:
    rows = calibration([True, True, False, False], [9.0, 0.0, 0.0, -9.0], (0.0, 0.4, 0.9))
    assert [(row.pairs, row.same) for row in rows] == [(1, 0.0), (2, 0.5), (1, 1.0)]
    assert rows[1].foretold == 0.5


@pytest.fixture(scope="module")
def labelled(featured: Featured) -> tuple[Columns, Labelled]:
    """Novels described twice, and pairs of one author's different novels, drawn at random."""
    draw = random.Random(4)
    syllables = ["ra", "ki", "tuo", "mel", "sa", "vi", "lon", "har", "pe", "ny"]

    def title() -> str:
        return " ".join("".join(draw.choices(syllables, k=3)) for _ in range(3))

    records: list[Features] = []
    ends, same = [], []
    for n in range(2 * LEAST_LABELS):
        alike = n % 2 == 0
        about: dict[str, Any] = {"title": title(), "year": str(draw.randint(1990, 2020)), "medium": "print"}
        other = about if alike else {**about, "title": title(), "year": str(draw.randint(1990, 2020))}
        ends.append((len(records), len(records) + 1))
        records += [featured(f"a:{n}", **about), featured(f"b:{n}", **other)]
        same.append(alike)
    sides = np.array(ends, np.int64)
    pairs = Pairs(sides[:, 0], sides[:, 1])
    names = [(str(left), str(right)) for left, right in ends]
    return build_columns(records, SetFacts()), Labelled(pairs, np.array(same), parts(names))


@pytest.fixture(scope="module")
def fitted(labelled: tuple[Columns, Labelled]) -> MatchModel:
    return fit_model(*labelled, load_model(), level="edition", version="test")


def test_labels_move_the_weights_they_speak_of_and_no_others(fitted: MatchModel) -> None:
    base = load_model()
    weights = fitted.edition.weights
    assert weights["title"]["same"] > weights["title"]["different"]
    for name in ("narrator", "volume", "isbn"):
        assert weights[name] == base.edition.weights[name]
    assert fitted.work == base.work
    assert fitted.version == "test"


def test_levels_in_order_keep_their_order(fitted: MatchModel) -> None:
    for name in ("title", "title_words", "year", "pages"):
        values = list(fitted.edition.weights[name].values())
        assert values == sorted(values, reverse=True)


def test_what_labels_know_nothing_of_stays_as_it_was_beside_what_they_move(fitted: MatchModel) -> None:
    before, after = load_model().edition.weights["author"], fitted.edition.weights["author"]
    assert (after["namesake"], after["different"]) == (before["namesake"], before["different"])
    ordered = [after[n] for n in ("same", "initials", "elsewhere", "spelling", "family_only", "one_sided")]
    assert ordered == sorted(ordered, reverse=True)


def test_no_labels_make_what_agrees_count_against_a_pair(labelled: tuple[Columns, Labelled]) -> None:
    columns, told = labelled
    lies = Labelled(told.pairs, ~told.same, told.part)
    weights = fit_model(columns, lies, load_model(), level="edition", version="of lies").edition.weights
    for name, limits in fitted_limits().items():
        assert all(weights[name].get(level, 0) >= 0 for level in limits.speaks_for), name
        assert all(weights[name].get(level, 0) <= 0 for level in limits.against), name


def test_the_limits_name_levels_that_there_are_and_each_once() -> None:
    for name, limits in fitted_limits().items():
        assert set(limits.levels) <= set(COMPARISONS[name].levels) - {"unknown"}
        assert len(set(limits.levels)) == len(limits.levels)
        assert "one_sided" not in limits.speaks_for


def test_a_domain_with_few_labels_is_not_calibrated(fitted: MatchModel) -> None:
    assert fitted.domains["audio"].calibrated == ()
    assert fitted.domains["audio"].raised["edition"] > 0
    assert all(report.domain == "monograph" for report in fitted.reports)


def test_a_model_file_reads_back_to_the_model(fitted: MatchModel, tmp_path: Path) -> None:
    path = tmp_path / "model.toml"
    path.write_text(model_text(fitted, "of a test"), "utf-8")
    again = load_model(str(path))
    assert again.edition == fitted.edition
    assert again.domains == fitted.domains
    assert again.thresholds("edition", "monograph") == fitted.thresholds("edition", "monograph")
