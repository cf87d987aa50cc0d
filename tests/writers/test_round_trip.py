"""MARC → our record → MARC → our record, and ONIX → our record → MARC → our record, on real records.

What may differ is listed here, each with its reason; everything else must be the same.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pymarc
import pytest

from catalogue.accessibility import access_of
from catalogue.record import AuthorityId, CatalogueRecord, Contributor, Identifier
from jobs.checking import mapped, read_files
from jobs.converting import marc_of
from parsers.registry import parse
from writers.encoding import MARCXML_HEAD, MARCXML_TAIL, to_iso2709, to_marcxml
from writers.marc.notes import plain_text
from writers.marc.punctuation import stop

NOW = "2026-11-22T00:00:00Z"
Values = dict[str, Any]
MARC_SETS = ("marc-fi-fennica/fennica.mrc", "marc-sv-libris", "marc-fi-helmet", "marc-fi-yso-conversion")
ONIX_SETS = ("onix30-fi-kirjavalitys", "onix30-fi-melinda", "onix30-pl-elibri", "onix30-fr-ebooks")


def files(folder: Path) -> Iterator[Path]:
    """Of a set, its inputs."""
    if folder.is_file():
        yield folder
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".json", ".xml", ".mrc") and not path.name.startswith(("output", "metadata", "converted")):
            yield path


def again(record: CatalogueRecord) -> CatalogueRecord:
    """What is read out of our MARC of a record: ISO 2709, or MARCXML where that is too short."""
    content = marc_of(record, NOW)
    data = to_iso2709(content) or MARCXML_HEAD + to_marcxml(content) + MARCXML_TAIL
    (item,) = list(parse(BytesIO(data)))
    found = mapped(item).record  # type: ignore[arg-type]  # a good record: asserted by the next line
    assert found is not None
    return found


def language_of_cataloguing(first: Values, second: Values) -> None:
    """040 $b is always written: the language of the terms. Notes are then in it."""
    if first["cataloguing"]["language"] is None:
        first["cataloguing"]["language"] = second["cataloguing"]["language"]
    for text in (*first["texts"]["notes"], *first["texts"]["descriptions"]):
        text["language"] = text["language"] or second["cataloguing"]["language"]


def rules(first: Values, _: Values) -> None:
    """LDR/18 i: the export has ISBD punctuation, whatever the source had."""
    first["cataloguing"]["rules"] = first["cataloguing"]["rules"] or "isbd"


def hyphens_of_isbns(first: Values, second: Values) -> None:
    """ISBNs are written with hyphens; a qualifier without its full stop."""
    for record in (first, second):
        for identifier in record["identifiers"]:
            identifier["as_given"] = None
            identifier["qualifier"] = (identifier["qualifier"] or "").rstrip(".")


def made_extent(first: Values, second: Values) -> None:
    """300 is written where the source had none: its unit is known from the form."""
    first["extent"]["text"] = first["extent"]["text"] or second["extent"]["text"]


def words_of_concepts(first: Values, second: Values) -> None:
    """A concept's heading is its preferred label; a free word may now be found, its language being said."""
    found = {t["source_text"]: t for part in ("subjects", "genres") for t in second["topics"][part] if t["uri"]}
    for part in ("subjects", "genres"):
        first["topics"][part] = [
            found.get(t["source_text"], t) if t["scheme"] in ("local", "place") else t for t in first["topics"][part]
        ]
        for topic in (*first["topics"][part], *second["topics"][part]):
            topic["source_text"] = None if topic["uri"] else topic["source_text"]


def full_stops(first: Values, second: Values) -> None:
    """Notes that are written anew end with a full stop; two that differ by it alone are one."""
    for record in (first, second):
        for part in ("notes", "descriptions"):
            ended = [text | {"text": stop(plain_text(text["text"]))} for text in record["texts"][part]]
            record["texts"][part] = list({str(text): text for text in ended}.values())
        for audience in record["topics"]["audience"]:
            if audience["scheme"] == "521":
                audience["text"] = stop(audience["text"])


def detected_language(first: Values, second: Values) -> None:
    """A language that was found in the text stands in 041 like any other."""
    if first["languages"]["reason"] == "detected":
        first["languages"] |= {"declared": first["languages"]["text"], "reason": "declared", "detected": None}
        second["languages"]["detected"] = None
        for mine, theirs in zip(first["titles"], second["titles"], strict=True):
            mine["language"] = theirs["language"]


def order_of_fields(first: Values, second: Values) -> None:
    """Fields are sorted by tag: lists whose order says nothing are in that order."""
    for record in (first, second):
        for holder, key in (
            (record, "relations"), (record["texts"], "notes"), (record["topics"], "classification"),
            (record["topics"], "subjects"), (record["topics"], "genres"),
        ):  # fmt: skip
            holder[key].sort(key=str)


def catalogued_fields(first: Values, second: Values) -> None:
    """Kept fields come back as they are; those of the form are made where there were none."""
    made = ("336", "337", "338", "100", "110", "111", "700", "710", "711")  # a name's words stand in our own field
    kept, again_kept = (record["cataloguing"].pop("fields") for record in (first, second))
    back = [{f["tag"], *(value for _, value in f["subfields"])} for f in again_kept]
    data = [f for f in kept if f["value"] is None]
    lost = [f for f in data if not any({f["tag"], *(value for _, value in f["subfields"])} <= one for one in back)]
    assert [field for field in lost if field["tag"] not in made] == [], first["source_id"]


ALLOWED: tuple[Callable[[Values, Values], None], ...] = (
    language_of_cataloguing, rules, hyphens_of_isbns, made_extent, words_of_concepts, full_stops, detected_language,
    order_of_fields, catalogued_fields,
)  # fmt: skip


@pytest.mark.parametrize("name", MARC_SETS)
def test_marc_comes_back_as_it_was(test_data: Path, name: str) -> None:
    for _, _, record in read_files(files(test_data / name)):
        if record.status != "live":
            continue
        first, second = record.model_dump(mode="json"), again(record).model_dump(mode="json")
        for allow in ALLOWED:
            allow(first, second)
        assert second == first, record.source_id


def registered(contributor: Contributor) -> set[AuthorityId]:
    """Ids of agencies that MARC's $0 can name."""
    return {known for known in contributor.ids if not known.scheme.startswith("proprietary")}


def is_number(identifier: Identifier) -> bool:
    """Numbers of this publication, its set and its other formats; those of related ones stand in 787."""
    return identifier.scheme in ("isbn", "issn") and identifier.role != "related"


def claims(record: CatalogueRecord) -> Values:
    """What MARC can hold of a publisher's description, and we say we keep."""
    dates, topics = record.publication.dates, record.topics
    return {
        "medium": record.medium,
        "formats": {"kindle" if f == "mobi" else f for f in record.formats} - {"streaming"},  # no word of 347
        "numbers": {(i.scheme, i.value, i.role) for i in record.identifiers if i.valid and is_number(i)},
        "titles": [(t.kind, t.text.rstrip(" ./")) for t in record.titles],
        "contributors": sorted(
            ((c.name_inverted or c.name).rstrip("."), c.kind, c.roles, str(registered(c))) for c in record.contributors
        ),
        "text": record.languages.text,
        "original": record.languages.original,
        "publisher": record.publication.publisher,
        "country": record.publication.country,
        "year": (dates.published or dates.announced or "")[:4],
        "pages": record.extent.pages,
        "minutes": record.extent.duration_min,
        "concepts": {t.uri for t in (*topics.subjects, *topics.genres) if t.uri},
        "descriptions": {stop(plain_text(t.text)) for t in record.texts.descriptions},
        "series": [(s.title, s.issn) for s in record.series],
        "features": {(name, mode) for name, mode, _ in access_of(record).features},
        "edition": bool(record.edition_statement.number or record.edition_statement.text),
    }


ODD = {
    "ABC1111111111111": "an editor's name is one word, his inverted name another; pages of a recording",
    "ABC1234567": "a name that holds a verb",
}


@pytest.mark.parametrize("name", ONIX_SETS)
def test_onix_comes_back_as_far_as_marc_can_hold_it(test_data: Path, name: str) -> None:
    for path, _, record in read_files(files(test_data / name)):
        if record.status != "live" or record.source_id in ODD:
            continue
        second = again(record)
        first_claims, second_claims = claims(record), claims(second)
        for part in ("concepts", "descriptions"):
            assert first_claims.pop(part) <= second_claims.pop(part), path
        assert second_claims == first_claims, path


@pytest.mark.parametrize("name", [*MARC_SETS, *ONIX_SETS])
def test_other_programs_read_every_record(test_data: Path, tmp_path: Path, name: str) -> None:
    contents = [marc_of(record, NOW) for _, _, record in read_files(files(test_data / name))]
    packed = [data for content in contents if (data := to_iso2709(content)) is not None]
    for content, read in zip(contents, pymarc.MARCReader(b"".join(packed)), strict=True):
        assert read is not None
        assert [field.tag for field in read.fields] == [field[0] for field in content[1]]
    if shutil.which("yaz-marcdump") is None:
        pytest.skip("yaz-marcdump is not installed")
    xml = MARCXML_HEAD + b"".join(map(to_marcxml, contents)) + MARCXML_TAIL
    for form, data in (("marc", b"".join(packed)), ("marcxml", xml)):
        (tmp_path / form).write_bytes(data)
        done = subprocess.run(["yaz-marcdump", "-n", "-i", form, str(tmp_path / form)], capture_output=True, check=True)
        assert done.stdout + done.stderr == b""


@pytest.mark.parametrize("name", ["marc-sv-libris", "onix30-fi-kirjavalitys"])
def test_a_third_record_equals_the_second(test_data: Path, name: str) -> None:
    for _, _, record in read_files(files(test_data / name)):
        if record.status == "live":
            second = again(record)
            one, two = second.model_dump(mode="json"), again(second).model_dump(mode="json")
            for allow in (words_of_concepts, order_of_fields):
                allow(one, two)
            assert two == one, record.source_id
