"""What readers find, on the real server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from catalogue.errors import UsageError
from catalogue.record import (
    AccessibilityFact,
    Audience,
    Availability,
    Contributor,
    Description,
    Extent,
    Identifier,
    Labels,
    Languages,
    Publication,
    PublicationDates,
    Series,
    Title,
    Topic,
    Topics,
)
from index.documents import tombstone
from index.question import FILTERS, Question
from index.search_index import SearchIndex

pytestmark = pytest.mark.search_server

Describe = Callable[..., Description]
Document = Callable[..., dict[str, Any]]
Filled = Callable[..., SearchIndex]
FILMS = Topic(uri="http://www.yso.fi/onto/yso/p1235", labels=Labels(fi="elokuvat", sv="filmer"))
TITLES = (Title(text="Sinuhe egyptiläinen", language="fin"), Title(text="Sinuhe egyptiern", language="swe"))


@pytest.fixture(scope="module")
def sinuhe(describe: Describe, document: Document, filled: Filled) -> SearchIndex:
    about = describe(
        titles=TITLES,
        identifiers=(Identifier(scheme="isbn", value="9789510396230"),),
        topics=Topics(subjects=(FILMS,)),
    )
    other = describe("Tuntematon sotilas", contributors=(Contributor(name="Väinö Linna"),))
    return filled(document("w11", 1, about), document("w22", 1, other))


@pytest.mark.parametrize(
    ("query", "tolerant"),
    [
        ("sinuhe", False),
        ("SINUHE EGYPTILÄINEN", False),
        ("egyptierna", False),
        ("waltari sinuhe", False),
        ("elokuva", False),
        ("filmerna", False),
        ("978-951-0-39623-0", False),
        ("ISBN 951 0 39623 0", False),
        ("w11", False),
        ("sinuhr egyptiläinen", True),
    ],
)
def test_a_work_is_found_by(sinuhe: SearchIndex, query: str, tolerant: bool) -> None:
    found = sinuhe.search(query)
    assert [hit["id"] for hit in found["hits"]] == ["w11"]
    assert found["tolerant"] == tolerant


@pytest.mark.parametrize(
    "query", ["sinuhe linna", "egyptilainen kissa", '"}},{"match_all":{}}', "{{q}}", "\\", "*", "a" * 2000]
)
def test_nothing_is_found_by(sinuhe: SearchIndex, query: str) -> None:
    assert sinuhe.search(query)["hits"] == []


def test_a_hit_is_shown_in_the_readers_language_and_marked_with_its_own(sinuhe: SearchIndex) -> None:
    shown = {lang: sinuhe.search("sinuhe", lang)["hits"][0] for lang in ("fi", "sv", "en")}
    assert {lang: (hit["title"], hit["title_language"]) for lang, hit in shown.items()} == {
        "fi": ("Sinuhe egyptiläinen", "fin"),
        "sv": ("Sinuhe egyptiern", "swe"),
        "en": ("Sinuhe egyptiläinen", "fin"),
    }
    assert shown["fi"].keys() >= {"id", "contributors", "media", "languages", "year", "score"}
    assert shown["fi"]["contributors"] == [{"name": "Mika Waltari", "roles": ["aut"]}]


def test_facets_have_uris_and_labels_in_the_readers_language_else_another_marked(sinuhe: SearchIndex) -> None:
    def subject(lang: Any) -> dict[str, Any]:
        (value,) = sinuhe.search("", lang)["facets"]["subject"]
        return value

    assert subject("sv") == {"value": FILMS.uri, "count": 1, "label": "filmer", "label_language": "sv"}
    assert (subject("en")["label"], subject("en")["label_language"]) == ("elokuvat", "fi")
    assert sinuhe.search("", "sv")["facets"]["language"][0]["label"] == "finska"


def test_filters_must_hold_together_on_one_edition(describe: Describe, document: Document, filled: Filled) -> None:
    def of(medium: str, year: str) -> Description:
        return describe(medium=medium, publication=Publication(dates=PublicationDates(published=year)))

    index = filled(document("w11", 1, of("ebook", "2012"), of("audiobook", "2020")))
    expected = {("ebook", "2012"): 1, ("ebook", "2020"): 0, ("audiobook", "2015-2021"): 1, ("ebook", "2013-"): 0}
    for (medium, year), total in expected.items():
        assert index.search("", filters={"medium": [medium], "year": [year]})["total"] == total
    assert index.search("", filters={"medium": ["ebook", "print"]})["total"] == 1


def test_a_concept_filter_takes_the_uri(sinuhe: SearchIndex) -> None:
    assert sinuhe.search("", filters={"subject": [str(FILMS.uri)]})["total"] == 1
    assert sinuhe.search("", filters={"subject": ["http://www.yso.fi/onto/yso/p1"]})["total"] == 0


@pytest.mark.parametrize(
    ("day", "seen"), [("2024-01-31", []), ("2024-02-01", ["w11"]), ("2024-06-30", ["w11"]), ("2024-07-01", [])]
)
def test_availability_is_decided_when_it_is_asked(
    describe: Describe, document: Document, filled: Filled, day: str, seen: list[str]
) -> None:
    about = describe(availability=Availability(**{"from": "2024-02", "until": "2024-06"}))
    index = filled(document("w11", 1, about))
    moment = date.fromisoformat(day)
    assert [hit["id"] for hit in index.search("sinuhe", as_of=moment)["hits"]] == seen
    assert [hit["id"] for hit in index.suggest("sinu", as_of=moment)["hits"]] == seen


def test_a_work_is_hidden_whose_only_available_edition_is_in_print(
    describe: Describe, document: Document, filled: Filled
) -> None:
    gone = describe(availability=Availability(until="2020"))
    index = filled(document("w11", 1, gone, describe(medium="print")))
    assert index.search("sinuhe")["total"] == 0


def test_pages_follow_each_other_without_a_gap_or_a_repeat(
    describe: Describe, document: Document, filled: Filled
) -> None:
    index = filled(*(document(f"w{n}", 1, describe(f"Kirja {n}")) for n in range(25)))
    for sort in ("relevance", "title", "author", "newest"):
        seen: list[str] = []
        after = None
        for size in (10, 10, 5):
            page = index.ask(Question("kirja", limit=10, sort=sort), after)
            assert (len(page["hits"]), page["total"]) == (size, 25)
            seen += [hit["id"] for hit in page["hits"]]
            after = page["next"]
        assert after is None
        assert len(set(seen)) == 25
        if sort == "title":
            assert seen == [f"w{n}" for n in range(25)]


def test_titles_are_in_the_order_of_finnish_and_swedish(describe: Describe, document: Document, filled: Filled) -> None:
    titles = ["2 kirjaa", "10 kirjaa", "Étude", "Zorron kirja", "Åbo", "Ähtäri", "Öinen"]
    index = filled(*(document(f"w{n}", 1, describe(title)) for n, title in enumerate(titles)))
    for lang in ("fi", "sv"):
        assert [hit["title"] for hit in index.ask(Question("", lang, sort="title"))["hits"]] == titles


EACH_FILTER: list[tuple[str, str, dict[str, Any]]] = [
    ("subject", str(FILMS.uri), {"topics": Topics(subjects=(FILMS,))}),
    ("genre", str(FILMS.uri), {"topics": Topics(genres=(FILMS,))}),
    ("audience", "onix28:02", {"topics": Topics(audience=(Audience(scheme="onix28", code="02"),))}),
    ("collection", "Keltainen kirjasto", {"series": (Series(title="Keltainen kirjasto"),)}),
    ("language", "sv", {"languages": Languages(text=("swe",))}),
    ("medium", "audiobook", {"medium": "audiobook"}),
    ("format", "pdf", {"formats": ("pdf",)}),
    ("publisher", "WSOY", {"publication": Publication(publisher="WSOY")}),
    ("narrator", "Krista Ahti", {"contributors": (Contributor(name="Krista Ahti", roles=("nrt",)),)}),
    ("accessibility", "13", {"accessibility": (AccessibilityFact(code="13"),)}),
    ("year", "1970-1980", {"publication": Publication(dates=PublicationDates(published="1975"))}),
    ("duration", "-300", {"extent": Extent(duration_min=240)}),
    ("lendable", "yes", {"availability": Availability(lendable_fi=True)}),
]


@pytest.fixture(scope="module")
def filtered(describe: Describe, document: Document, filled: Filled) -> SearchIndex:
    """One work for each filter, which alone has its value, and one that has none."""
    told = [("plain", "", {}), *EACH_FILTER]
    return filled(*(document(name, 1, describe(f"Kirja {name}", **more)) for name, _, more in told))


def test_every_filter_is_tried() -> None:
    assert {name for name, _, _ in EACH_FILTER} == set(FILTERS)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, value, _ in EACH_FILTER])
def test_a_filter_finds_what_has_its_value_and_nothing_else(filtered: SearchIndex, name: str, value: str) -> None:
    found = filtered.search("kirja", filters={name: [value]}, limit=50)
    assert [hit["id"] for hit in found["hits"]] == [name]


def test_a_foreign_cursor_is_a_usage_error(sinuhe: SearchIndex) -> None:
    with pytest.raises(UsageError):
        sinuhe.search("sinuhe", after="bm90IG91cnM")


def test_suggest_takes_typed_words_as_beginnings_in_any_order(sinuhe: SearchIndex) -> None:
    for query in ("s", "egy sin", "wal sinu", "Sinuhe egyptiläinen", "MIKA W"):
        assert [hit["id"] for hit in sinuhe.suggest(query)["hits"]] == ["w11"] or query == "s"
    assert sinuhe.suggest("uhe")["hits"] == []
    assert sinuhe.suggest("")["hits"] == []
    assert sinuhe.suggest("s", "sv")["hits"][0]["title"] in ("Sinuhe egyptiern", "Tuntematon sotilas")


def test_the_work_named_exactly_comes_first(describe: Describe, document: Document, filled: Filled) -> None:
    longer = ("Kissan päivät ja kissa", "Kissa kissa", "Kissat kissojen maassa", "Kissa")
    index = filled(*(document(f"w{n}", 1, describe(title)) for n, title in enumerate(longer)))
    assert index.search("kissa")["hits"][0]["title"] == "Kissa"


@pytest.mark.parametrize(
    ("query", "title", "language", "other"),
    [
        ("sienikirjat", "Kirja sienistä", "fin", "Kirja kaloista"),
        ("Uusi sienikirja", "Uudet sienet: kirja", "fin", "Uusi kirja"),
        ("grottbjörnens", "Björnen i grottan", "swe", "Björnen i skogen"),
    ],
)
def test_a_compound_that_nobody_had_before_finds_its_parts_apart(
    describe: Describe, document: Document, filled: Filled, query: str, title: str, language: str, other: str
) -> None:
    index = filled(document("w11", 1, describe(title, language)), document("w22", 1, describe(other, language)))
    found = index.ask(Question(query, tolerant=False))
    assert [hit["id"] for hit in found["hits"]] == ["w11"]


def test_a_tombstone_hides_a_work_and_an_older_revision_does_not_bring_it_back(
    describe: Describe, document: Document, filled: Filled
) -> None:
    index = filled(document("w11", 1, describe()), document("w22", 1, describe("Tuntematon sotilas")))
    stone = tombstone("w11", 5, merged_into="w22")
    assert index.bulk([("w11", 5, stone)], refresh=True).updated == 1
    assert index.bulk([("w11", 4, document("w11", 4, describe()))], refresh=True).newer == 1
    assert index.search("w11")["total"] == 0
    assert sorted(index.revisions()) == [("w11", 5, True), ("w22", 1, False)]
