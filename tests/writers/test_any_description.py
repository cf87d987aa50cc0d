"""Any description at all becomes a record that others read as it was written."""

from __future__ import annotations

import json

import pymarc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from catalogue.record import Description
from writers.encoding import MARCXML_HEAD, MARCXML_TAIL, to_iso2709, to_marcxml
from writers.jsonld import to_jsonld
from writers.marc.record import to_marc
from writers.marc.sheet import Control

CONTROL = Control(id="e1", day="2026-11-22", sources=("a:1",))
TEXT = st.text(max_size=30)
SAID = st.one_of(st.none(), TEXT)
YEAR = st.one_of(st.none(), st.sampled_from(["1799", "2024", "2024-02", "2024-02-29"]))
CODES = st.lists(st.sampled_from(["fin", "swe", "eng", "mul", "fit", "zxx"]), max_size=8)


def rows(**parts: st.SearchStrategy[object]) -> st.SearchStrategy[list[dict[str, object]]]:
    return st.lists(st.fixed_dictionaries(parts), max_size=3)


MEDIA = ["ebook", "audiobook", "emagazine", "print", "game", "music", "video", "other", "map"]
KINDS = ["main", "subtitle", "original", "parallel", "key"]
DATES = ("published", "announced", "copyright", "original")
DESCRIPTIONS = st.fixed_dictionaries(
    {
        "medium": st.sampled_from(MEDIA),
        "level": st.sampled_from(["monograph", "serial", "issue", "component", "set"]),
        "formats": st.lists(st.sampled_from(["epub", "mp3", "cd", "streaming", "odd"]), max_size=2, unique=True),
        "identifiers": rows(
            scheme=st.sampled_from(["isbn", "issn", "gtin", "doi", "proprietary", "proprietary:a b", "oclc"]),
            value=TEXT,
            role=st.sampled_from(["own", "other_format", "set", "cancelled", "related"]),
            valid=st.booleans(),
            qualifier=SAID,
        ),
        "titles": rows(kind=st.sampled_from(KINDS), text=TEXT, number=SAID),
        "contributors": rows(name=TEXT, name_inverted=SAID, roles=st.lists(st.sampled_from(["aut", "nrt", "x"]))),
        "languages": st.fixed_dictionaries({"text": CODES, "original": CODES}),
        "publication": st.fixed_dictionaries(
            {
                "publisher": SAID,
                "country": st.sampled_from([None, "FI", "SE", "US", "XX"]),
                "dates": st.fixed_dictionaries(dict.fromkeys(DATES, YEAR)),
            }
        ),
        "extent": st.fixed_dictionaries(
            {"pages": st.integers(0, 10**6), "duration_min": st.integers(0, 10**5)}
        ),
        "topics": st.fixed_dictionaries(
            {"subjects": rows(scheme=st.sampled_from(["keyword", "name", "ysa", "yso"]), source_text=SAID, uri=SAID)}
        ),
        "accessibility": rows(code=st.sampled_from([None, "14", "09", "00", "?"]), text=SAID, source=st.just("341")),
        "texts": st.fixed_dictionaries({"notes": rows(kind=st.sampled_from(["general", "odd"]), text=TEXT)}),
        "relations": rows(kind=st.sampled_from(["print_of", "part_of", "odd"]), value=SAID, title=SAID),
    }
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(DESCRIPTIONS)
def test_any_description_is_a_record_that_others_read(values: dict[str, object]) -> None:
    description = Description.model_validate(values)
    content = to_marc(description, CONTROL)
    assert len(content[0]) == 24
    fixed = next(field[1] for field in content[1] if field[0] == "008")
    assert len(fixed) == 40
    packed = to_iso2709(content)
    assert packed is not None
    read = next(iter(pymarc.MARCReader(packed)))
    assert read is not None
    assert [field.tag for field in read.fields] == [field[0] for field in content[1]]
    root = etree.fromstring(MARCXML_HEAD + to_marcxml(content) + MARCXML_TAIL)
    assert len(root[0]) == len(content[1]) + 1
    json.dumps(to_jsonld(description, "e1"))
