"""OPDS feeds as a stream: publications wherever they stand, whatever happens to the ones before them."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.parsed import BadRecord, ParsedRecord
from parsers.payload import MAX_RECORD_BYTES
from parsers.registry import parse


def publication(name: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"title": name, "identifier": f"urn:x:{name}", **more}, "links": []}


def feed(*publications: Any, **more: Any) -> bytes:
    about = {"metadata": {"title": "F"}, "links": [{"rel": "self", "type": "application/opds+json"}]}
    return json.dumps({**about, **more, "publications": list(publications)}, indent=1).encode()


def read(data: bytes) -> list[ParsedRecord | BadRecord]:
    found = parse(io.BytesIO(data))
    assert found.format == "opds"
    return list(found)


def told(found: list[ParsedRecord | BadRecord]) -> list[str]:
    """Titles of what was read, defect codes of what was not."""
    return [f.content["metadata"]["title"] if isinstance(f, ParsedRecord) else f.defect.code for f in found]


def test_publications_of_groups_and_of_the_feed_are_read_with_their_places() -> None:
    groups = [{"metadata": {"title": "G"}, "publications": [publication("a")]}, {"navigation": []}]
    nested = [{"groups": [{"publications": [publication("b"), publication("c")]}]}]
    found = read(feed(publication("d"), groups=groups + nested))
    assert told(found) == ["a", "b", "c", "d"]
    places = ["$.groups[0].publications[0]", "$.groups[2].groups[0].publications[0]"]
    assert [f.locus for f in found if isinstance(f, ParsedRecord)][:2] == places
    assert [f.index for f in found] == [1, 2, 3, 4]


@pytest.mark.parametrize("levels", [9, 60, 3_000])
def test_groups_nested_too_deeply_are_told_with_their_place(levels: int) -> None:
    deep = b'{"groups": [' * levels + json.dumps({"publications": [publication("x")]}).encode() + b"]}" * levels
    found = read(
        b'{"metadata": {}, "groups": [' + deep + b'], "publications": [' + json.dumps(publication("a")).encode() + b"]}"
    )
    assert told(found) == ["opds.publication", "a"]
    assert isinstance(found[0], BadRecord)
    assert found[0].defect.locus == "$" + ".groups[0]" * 9


@pytest.mark.parametrize(
    ("data", "titles"),
    [
        (json.dumps(publication("a", **{"@type": "http://schema.org/Book"})).encode(), ["a"]),
        (json.dumps({**publication("a"), "images": []}).encode(), ["a"]),
        (feed(), []),
        (
            json.dumps(publication("a")).encode().replace(b'"links": []', b'"links": [], "navigation": []'),
            ["payload.no_records"],
        ),
        (b"[" + feed(publication("a")) + b",\n" + feed(publication("b")) + b"]", ["a", "b"]),
        (feed(publication("a")) + b"\n" + feed(publication("b")), ["a", "b"]),
        ("\ufeff".encode() + feed(publication("a")), ["a"]),
        (feed(publication("ä")).decode().encode("utf-16"), ["ä"]),
        (b'{"publications": {"metadata": {"title": "a"}}}', ["a"]),
        (
            b'{"publications": [{"metadata": {"title": "x", "title": "a"}},'
            b' {"metadata": {}, "metadata": {"title": "b"}}]}',
            ["a", "b"],
        ),
        (b'{"navigation": [{"title": "n"}], "metadata": {"identifier": "x"}}', ["payload.no_records"]),
    ],
)
def test_shapes_of_a_feed(data: bytes, titles: list[str]) -> None:
    assert told(read(data)) == titles


@pytest.mark.parametrize(
    "damage",
    [
        b'{"metadata": {"title": "x" "y"}}',
        b'{"metadata": {"title": x}}',
        b'{"metadata": {"title": "x,\n "identifier": "y"}}',
        b'{"metadata": {"title": "x"},, "links": [{}]}',
        b'"a text"',
        b"[1, 2]",
        b'{"links": []}',
        b'{"metadata": []}',
        b'{"metadata": ' + b'{"a":' * 90 + b"1" + b"}" * 91,
        b'{"metadata": ' + b'{"a":' * 2_000 + b"1" + b"}" * 2_000 + b', "t": tru}',
    ],
)
def test_each_publication_around_the_damage_is_read(damage: bytes) -> None:
    data = feed(publication("a"), "HERE", publication("b")).replace(b'"HERE"', damage)
    found = read(data)
    assert told(found)[0] == "a"
    assert told(found)[-1] == "b"
    bad = [f for f in found if isinstance(f, BadRecord)]
    assert [(b.defect.code, b.defect.locus, b.ends_payload) for b in bad] == [
        ("opds.publication", "$.publications[1]", False)
    ]


def test_a_publication_too_large_is_left_out_and_the_next_one_read() -> None:
    large = publication("big", description="x" * (MAX_RECORD_BYTES * 2))
    found = read(feed(publication("a"), large, publication("b")))
    assert told(found) == ["a", "record.too_large", "b"]


@pytest.mark.parametrize("cut", [5, 40, 90])
def test_a_feed_that_stops_is_partial(cut: int) -> None:
    whole = feed(publication("a"), publication("b"))
    result = parse(io.BytesIO(whole[:-cut]), "opds")
    found = list(result)
    assert isinstance(found[-1], BadRecord)
    assert found[-1].defect.code == "payload.truncated"
    assert result.partial
    assert "a" in told(found)


def test_what_is_no_json_behind_a_feed_ends_it() -> None:
    found = read(feed(publication("a")) + b"\n<html>")
    assert told(found) == ["a", "opds.json"]


def test_texts_are_put_right_and_told() -> None:
    given = publication("a\x07", description="<p>x</p><script>bad()</script>", note="e\u0301 \ud800")
    item = read(feed(given))[0]
    assert isinstance(item, ParsedRecord)
    assert item.content["metadata"] == {
        "title": "a", "identifier": "urn:x:a", "description": "<p>x</p>", "note": "é ?",
    }  # fmt: skip
    codes = {(d.code, d.locus) for d in item.defects}
    assert codes == {
        ("text.control_characters", "metadata.title"),
        ("text.control_characters", "metadata.identifier"),
        ("text.sanitised", "metadata.description"),
    }


def test_each_language_of_a_description_is_made_safe() -> None:
    item = read(feed(publication("a", description={"fi": "<p>x</p><script>bad()</script>", "sv": "y"})))[0]
    assert isinstance(item, ParsedRecord)
    assert item.content["metadata"]["description"] == {"fi": "<p>x</p>", "sv": "y"}
    assert [(d.code, d.locus) for d in item.defects] == [("text.sanitised", "metadata.description.fi")]


def test_the_state_of_loans_is_no_part_of_a_publication() -> None:
    def read_with(available: int) -> Any:
        link = {"href": "b", "properties": {"copies": {"available": available}, "holds": {"total": 3}, "price": 1}}
        return read(feed({**publication("a"), "links": [link]}))[0]

    assert read_with(1) == read_with(2)
    assert read_with(1).content["links"] == [{"href": "b", "properties": {"price": 1}}]


def test_numbers_beyond_all_measure_stay_words() -> None:
    item = read(feed("HERE").replace(b'"HERE"', b'{"metadata": {"title": 1e999, "d": 1' + b"0" * 5000 + b"}}"))[0]
    assert isinstance(item, ParsedRecord)
    assert item.content["metadata"]["title"] == "1e999"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 400))
def test_no_bytes_make_the_parser_raise(noise: bytes, place: int) -> None:
    whole = feed(publication("a"), publication("b"))
    for data in (noise, whole[:place] + noise + whole[place:]):
        list(parse(io.BytesIO(data), "opds"))


def test_memory_does_not_grow_with_the_feed() -> None:
    def peak(count: int) -> int:
        one = json.dumps(publication("x", description="x" * 20_000)).encode()
        data = b'{"links": [], "publications": [' + b",".join([one] * count) + b"]}"
        tracemalloc.start()
        assert sum(1 for _ in parse(io.BytesIO(data), "opds")) == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(400) < 2 * peak(40) + 500_000


def test_addresses_written_as_seen_from_the_feed_are_made_whole() -> None:
    links = [{"rel": "self", "href": "https://opds.example/kirjat/sivu?n=2"}]
    images = [{"href": "../kannet/1.jpg"}, {"href": "https://kuvat.example/1.jpg"}, {"href": "http://[x"}]
    sample = {"rel": ["preview"], "href": "/naytteet/1.epub"}
    own = {"rel": "self", "href": "https://toinen.example/1/"}
    found = read(
        feed(
            {"metadata": {"title": "a"}, "images": images, "links": [sample]},
            {"metadata": {"title": "b"}, "images": [{"href": "kansi.jpg"}], "links": [own]},
            links=links,
        )
    )
    first, second = (f.content for f in found if isinstance(f, ParsedRecord))
    assert [image["href"] for image in first["images"]] == [
        "https://opds.example/kannet/1.jpg",
        "https://kuvat.example/1.jpg",
        "http://[x",
    ]
    assert first["links"][0]["href"] == "https://opds.example/naytteet/1.epub"
    assert second["images"][0]["href"] == "https://toinen.example/1/kansi.jpg"
