"""Real feeds: pymarc as the oracle, the same records in several envelopes, and what must be refused."""

from __future__ import annotations

import gzip
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pymarc
import pytest

from catalogue.parsed import BadRecord, ParsedRecord
from parsers.registry import parse


def read(path: Path) -> list[ParsedRecord | BadRecord]:
    with path.open("rb") as stream:
        return list(parse(stream))


def as_ours(record: pymarc.Record) -> Any:
    """A record of pymarc in our shape."""
    return [
        [f.tag, normalize("NFC", f.data)]
        if f.control_field
        else [f.tag, "".join(f.indicators), [[s.code, normalize("NFC", s.value)] for s in f.subfields]]
        for f in record.fields
    ]


MONTHS = ("changed_records_2024*.mrc.gz", "new_records_2024*.mrc.gz")


@pytest.mark.parametrize(
    "pattern",
    [
        "marc-fi-fennica/fennica.mrc",
        "marc-fi-yso-conversion/*.mrc",
        "odl-fi-ekirjasto/marc/*.mrc",
        "marc-gpo-2024/changed_records_202401_744_utf8.mrc.gz",
        *(pytest.param(f"marc-gpo-2024/{months}", marks=pytest.mark.soak) for months in MONTHS),
    ],
)
def test_fields_and_text_are_those_of_pymarc(test_data: Path, pattern: str) -> None:
    compared = count = 0
    for path in sorted(test_data.glob(pattern)):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        ours = list(parse(io.BytesIO(data)))
        theirs = list(pymarc.MARCReader(data, to_unicode=True))
        assert len(ours) == len(theirs)
        count += len(ours)
        for mine, other in zip(ours, theirs, strict=True):
            if isinstance(mine, ParsedRecord) and other is not None and not mine.defects:
                assert mine.content[1] == as_ours(other), path.name
                compared += 1
    assert compared >= 0.98 * count > 0


@pytest.mark.parametrize("name", ["marc8.dat", "one.dat", "marc.dat", "multi_isbn.dat", "test.dat", "diacritic.dat"])
def test_marc8_is_that_of_pymarc(test_data: Path, name: str) -> None:
    path = test_data / "marc-broken" / "pymarc" / name
    theirs = [as_ours(r) for r in pymarc.MARCReader(path.read_bytes(), to_unicode=True) if r]
    assert [r.content[1] for r in read(path) if isinstance(r, ParsedRecord)] == theirs


def test_marc8_lines_are_their_unicode_twins(test_data: Path) -> None:
    from parsers.marc.marc8 import from_marc8

    folder = test_data / "marc-broken" / "pymarc"
    marc8 = (folder / "test_marc8.txt").read_bytes().split(b"\n")
    utf8 = (folder / "test_utf8.txt").read_bytes().decode("utf-8").split("\n")
    for raw, text in zip(marc8, utf8, strict=True):
        assert normalize("NFC", from_marc8(raw)[0]) == normalize("NFC", text)


def test_fennica_is_the_same_in_three_envelopes(test_data: Path) -> None:
    folder = test_data / "marc-fi-fennica"
    iso, xml = (
        {r.content[1][0][1]: r.content[1] for r in read(folder / name) if isinstance(r, ParsedRecord)}
        for name in ("fennica.mrc", "fennica.marcxml.xml")
    )
    assert iso == xml
    for path in sorted((folder / "alephseq").iterdir()):
        for record in read(path):
            assert isinstance(record, ParsedRecord)
            twin = iso[record.content[1][0][1]]
            assert record.content[1] == twin or record.content[1][1] != twin[1]  # an older version, by its 005


def test_the_same_product_is_the_same_tree_in_reference_and_short_tags(test_data: Path) -> None:
    folder = test_data / "onix-parity-21-30-31"
    (reference,), (short,) = (read(folder / f"Onix3.1-single-{tags}.xml") for tags in ("ref", "short"))
    assert isinstance(reference, ParsedRecord)
    assert isinstance(short, ParsedRecord)
    assert reference.content == short.content
    assert len(reference.content["DescriptiveDetail"][0]) > 10


def test_deleted_ids_are_written_as_the_feed_writes_them(test_data: Path) -> None:
    folder = test_data / "marc-gpo-2024"
    known = set()
    for path in folder.glob("changed_records_20240[1-4]*.mrc.gz"):
        known |= {r.content[1][0][1] for r in read(path) if isinstance(r, ParsedRecord)}
    deleted = [r for path in sorted(folder.glob("*.csv")) for r in read(path)]
    assert len(deleted) == 730
    assert any(isinstance(r, ParsedRecord) and r.content[1][0][1] in known for r in deleted)


SETS = {
    "onix21-au": {},
    "onix21-edge": {"header_invalid_sentdate.xml": "payload.no_records"},  # a header and no product
    "onix-edge-onixcheck": {},
    "onix-edge-onixdata": {},
    "onix30-pl-elibri": {},
    "odl-fi-ekirjasto/onix30-short": {},
    "odl-fi-ekirjasto/marc": {},
    "marc-fi-yso-conversion": {},
    "marc-sv-libris": {},
    "truth-melinda-matching/index": {},
    "marc-broken": {
        "bad_records.mrc": "payload.truncated",
        "namespace-test.xml": "payload.unknown_format",
        "test_marc8.txt": "payload.unknown_format",
        "test_utf8.txt": "payload.unknown_format",
        "bad-marcxml.xml": "marc.xml_record",
        "bad.xml": "payload.unknown_format",
        "oai-response-4.xml": "payload.no_records",  # ids alone
        "oai-response-5.xml": "payload.xml_syntax",
        "small.xml": "payload.no_records",
        "small-bad-entities.xml": "payload.no_records",
        "oai-pmh-one-record-2.xml": "marc.xml_record",  # Dublin Core inside, as in the three below
        "oai-pmh-one-record-first.xml": "marc.xml_record",
        "sample-oai-no-namespace.xml": "marc.xml_record",
        "sample-oai-pmh.xml": "marc.xml_record",
    },
}


@pytest.mark.parametrize("folder", SETS)
def test_only_what_is_broken_is_refused(test_data: Path, folder: str) -> None:
    refused: dict[str, str] = {}
    kinds: Counter[str] = Counter()
    for path in sorted((test_data / folder).rglob("*")):
        if path.is_file() and path.suffix != ".md" and path.name != "metadata.json":
            for record in read(path):
                kinds[type(record).__name__] += 1
                if isinstance(record, BadRecord):
                    refused[path.name] = record.defect.code
                else:
                    json.dumps(record.content)
    assert refused == SETS[folder]
    assert kinds["ParsedRecord"]


def test_every_pair_of_the_labelled_set_is_read(test_data: Path) -> None:
    import zipfile

    (packed,) = (test_data / "truth-hathi-goldfinch").rglob("*.zip")
    with zipfile.ZipFile(packed) as whole, whole.open(whole.namelist()[0]) as stream:
        assert sum(isinstance(r, ParsedRecord) for r in parse(stream)) == 20_416  # type: ignore[arg-type] # ZipExtFile is a BinaryIO in all but name
