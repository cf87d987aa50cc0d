"""Real MARC of libraries in Finland, Sweden and the United States: every record maps, none raises."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from catalogue.parsed import ParsedRecord
from mappings.marc.record import map_marc
from parsers.registry import parse

FILES = [
    "marc-fi-fennica/fennica.mrc",
    "marc-fi-yso-conversion/test_records.mrc",
    "marc-fi-yso-conversion/converted_records.mrc",
    "marc-sv-libris/*.json",
    "marc-fi-helmet/*/outputSucces.json",
    "odl-fi-ekirjasto/marc/*.mrc",
    "marc-broken/**/*.mrc",
    "marc-broken/**/*.marc",
    "truth-melinda-matching/**/*.json",
    "marc-gpo-2024/new_records_202401*.mrc.gz",
]


def read(path: Path) -> list[ParsedRecord]:
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    return [r for r in parse(io.BytesIO(data)) if isinstance(r, ParsedRecord) and r.dialect == "marc21"]


@pytest.mark.parametrize("pattern", FILES)
def test_every_real_record_is_mapped_or_says_why_not(test_data: Path, pattern: str) -> None:
    for path in sorted(test_data.glob(pattern)):
        for parsed in read(path):
            mapped = map_marc(parsed, "koe", f"f{parsed.index}")
            refused = [defect for defect in mapped.defects if defect.severity == "error"]
            assert (mapped.record is None) == bool(refused), path.name


def test_a_translation_of_fennica_has_its_original_and_its_people(test_data: Path) -> None:
    mapped = (map_marc(parsed, "fennica", "") for parsed in read(test_data / "marc-fi-fennica/fennica.mrc"))
    found = {m.record.source_id: m.record for m in mapped if m.record is not None}
    record = found["000095841"]
    assert [(t.kind, t.text) for t in record.titles] == [
        ("main", "Ajan lyhyt historia"),
        ("subtitle", "alkuräjähdyksestä mustiin aukkoihin"),
        ("original", "A brief history of time"),
    ]
    assert [(c.name, c.roles) for c in record.contributors] == [
        ("Stephen Hawking", ("aut",)),
        ("Carl Sagan", ("aui",)),
        ("Risto Varteva", ("trl",)),
    ]
    assert (record.edition_statement.number, record.extent.pages, record.languages.original) == (7, 193, ("eng",))
    assert {t.labels.sv for t in record.topics.subjects if t.scheme == "yso"} >= {"svarta hål", "kosmologi"}
