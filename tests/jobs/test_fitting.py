"""Fitting over files: what a label must name, and how many there must be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pymarc
import pytest

from catalogue.errors import UsageError
from jobs.clustering import evaluate_pairs, unique_features
from jobs.fitting import fit_to_labels, report_of, write_model
from matching.model import load_model

FEED = Path("fixtures/demo/feeds/lintula/lintula.mrc")
PLAIN: dict[str, Any] = {"level": "edition", "base": "default", "version": "1"}


def test_a_label_of_an_unknown_record_is_named() -> None:
    with pytest.raises(UsageError, match="nobody"):
        fit_to_labels(FEED, [{"left": "nobody", "right": "none", "same": "1"}], **PLAIN)


def test_too_few_labels_are_refused() -> None:
    with pytest.raises(UsageError, match="100 labels"):
        fit_to_labels(FEED, [], **PLAIN)


def test_a_written_model_is_read_again_and_reported(tmp_path: Path) -> None:
    model = load_model()
    write_model(model, tmp_path / "model.toml")
    assert load_model(str(tmp_path / "model.toml")).edition == model.edition
    assert report_of(model)["model"] == f"default {model.version}"
    with pytest.raises(UsageError, match="cannot be written"):
        write_model(model, tmp_path / "no" / "model.toml")


def test_a_label_may_be_of_a_record_that_its_library_deleted(tmp_path: Path) -> None:
    book = pymarc.Record(leader="00000nam a2200000 a 4500")
    gone = pymarc.Record(leader="00000dam a2200000 a 4500")
    for name, record in (("b1", book), ("b2", gone)):
        record.add_field(pymarc.Field(tag="001", data=name))
        subfields = [pymarc.Subfield("a", "Hiljaisten vesien saari")]
        record.add_field(pymarc.Field(tag="245", indicators=pymarc.Indicators("1", "0"), subfields=subfields))
    path = tmp_path / "two.mrc"
    path.write_bytes(book.as_marc() + gone.as_marc())
    assert [f.key.partition(":")[2] for f in unique_features(path)] == ["b1"]
    found, rows = evaluate_pairs(path, [{"left": "b1", "right": "b2", "same": "1"}], "edition")
    assert (found["pairs"], len(rows)) == (1, 1)
