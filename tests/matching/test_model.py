"""The model file: complete, ordered as sense demands, and every fault of another one named."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.errors import ConfigurationError
from matching.comparisons import COMPARISONS
from matching.fitting import fitted_limits
from matching.model import load_model


def test_the_default_model_weighs_every_comparison_that_tells_something() -> None:
    model = load_model()
    assert set(model.edition.weights) | set(model.work.weights) == set(COMPARISONS)
    for level in (model.edition, model.work):
        assert level.reject < level.accept
        for name in ("title", "author"):
            assert level.weights[name]["same"] > level.weights[name]["different"]


@pytest.mark.parametrize("domain", ["audio", "serial"])
def test_a_domain_without_labels_asks_where_the_one_with_labels_is_sure(domain: str) -> None:
    model = load_model()
    known, unknown = model.thresholds("edition", "monograph"), model.thresholds("edition", domain)
    assert unknown.accept > known.accept
    assert unknown.reject == known.reject
    assert model.thresholds("work", domain) == model.thresholds("work", "monograph")


def test_the_default_model_is_the_one_by_hand_in_all_that_labels_do_not_fit() -> None:
    fitted, by_hand = load_model(), load_model("by-hand")
    for name in fitted.edition.weights.keys() - fitted_limits().keys():
        assert fitted.edition.weights[name] == by_hand.edition.weights[name], name
    assert fitted.work == by_hand.work
    assert fitted.domains["audio"] == by_hand.domains["audio"]


def test_every_fault_of_a_model_is_named(tmp_path: Path) -> None:
    text = Path("matching/models/default.toml").read_text("utf-8")
    bad = tmp_path / "bad.toml"
    bad.write_text(text.replace("title = { same", "heading = { same").replace("one_sided =", "onesided ="), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_model(str(bad))
    assert len(caught.value.faults) > 3
    assert any("'heading'" in fault for fault in caught.value.faults)


def test_a_model_that_is_not_there_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        load_model("nowhere")
