"""The query contract: parameters by their JSON Schema, and golden requests with what the real server answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import orjson
import pytest
from jsonschema_rs import validator_for

from catalogue.record import (
    AccessibilityFact,
    Contributor,
    Description,
    Extent,
    Identifier,
    Labels,
    Languages,
    Publication,
    PublicationDates,
    Title,
    Topic,
    Topics,
)
from index.definition import FALLBACK, SEARCH, SUGGEST, parameter_schema, templates
from index.question import LISTED, Question
from index.search_index import SearchIndex

GOLDEN = Path(__file__).parent / "contract"
DAY = date(2026, 1, 31)
VOLATILE = ("took", "_index", "_score", "max_score", "sort", "_shards", "rev", "timed_out")
WINTER = Topic(uri="http://www.yso.fi/onto/yso/p2797", labels=Labels(fi="talvi", sv="vinter"))
SEA = Topic(uri="http://www.yso.fi/onto/yso/p2687", labels=Labels(fi="meri", sv="havet"))


def checked(template: str, parameters: dict[str, Any]) -> list[str]:
    """What the JSON Schema finds wrong with the parameters of a template."""
    schema = {**parameter_schema(), "$ref": f"#/$defs/{template}"}
    return [error.message for error in validator_for(schema).iter_errors(parameters)]


@pytest.mark.parametrize("template", [SEARCH, FALLBACK, SUGGEST])
def test_the_schema_names_the_parameters_that_the_template_uses(template: str) -> None:
    used = set(re.findall(r"\{\{[#^/]?(\w+)(?:\.\w+)?\}\}", templates()[template])) - {"toJson"}
    schema = parameter_schema()["$defs"]
    known = schema["question" if template != SUGGEST else template]["properties"]
    assert used - set(known) == set()
    assert set(known) - used - {"lang"} == set()


@pytest.mark.parametrize("question", [
    Question("talvi", "sv", as_of=DAY), Question("talvi", sort="title", limit=5000, as_of=DAY),
    Question("a" * 900, filters={name: ["x", "y"] for name in LISTED}, as_of=DAY),
    Question("talvi", filters={"year": ["2019-"], "duration": ["-300"], "lendable": ["yes"]}, as_of=DAY),
])  # fmt: skip
def test_what_we_ask_holds_by_the_schema(question: Question) -> None:
    for template in (SEARCH, FALLBACK):
        assert checked(template, question.parameters(facets=True)) == []
        assert checked(template, question.parameters([1.5, "w11"])) == []


@pytest.mark.parametrize("parameters", [
    {"colour": {"any": ["red"]}}, {"size": -1}, {"size": 5000}, {"q": ""}, {"medium": ["ebook"]}, {"year": {}},
    {"by_title": False}, {"by_title": True, "by_newest": True}, {"as_of": "tomorrow"}, {"lang": "no"},
])  # fmt: skip
def test_what_the_templates_do_not_take_is_refused(parameters: dict[str, Any]) -> None:
    assert checked(SEARCH, parameters) != []


@pytest.fixture(scope="module")
def shelf(document: Callable[..., dict[str, Any]], filled: Callable[..., SearchIndex]) -> SearchIndex:
    """Four works: what each facet and filter is about is in two of them at least."""

    def of(title: str, code: str, medium: str, year: str, **more: Any) -> Description:
        about = {
            "titles": (Title(text=title, language=code),),
            "languages": Languages(text=(code,)),
            "medium": medium,
            "formats": ("epub" if medium == "ebook" else "mp3",),
            "publication": Publication(publisher="Kaarna", dates=PublicationDates(published=year)),
            "contributors": (Contributor(name="Aino Routalahti", roles=("aut",)),),
        }
        return Description.model_validate(Description(**(about | more)).model_dump(by_alias=True))

    winter, sea = Topics(subjects=(WINTER,)), Topics(subjects=(SEA,))
    heard = {"contributors": (Contributor(name="Krista Ahti", roles=("nrt",)),), "extent": Extent(duration_min=240)}
    read = (AccessibilityFact(code="13"),)
    isbn = (Identifier(scheme="isbn", value="9789510396230"),)
    return filled(
        document("w11", 1, of("Kivisaaren talvi", "fin", "ebook", "2019", topics=winter, identifiers=isbn),
                 of("Vintern på Stenön", "swe", "audiobook", "2021", topics=winter, **heard)),
        document("w22", 1, of("Talvi meren takana", "fin", "ebook", "2021", topics=sea, accessibility=read)),
        document("w33", 1, of("Havet", "swe", "ebook", "2020", topics=sea)),
        document("w44", 1, of("Meri", "fin", "audiobook", "2020", topics=sea, **heard)),
    )  # fmt: skip


CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "words": (SEARCH, {"q": "talvi", "lang": "fi", "facets": {"size": 15}}),
    "everything": (SEARCH, {"lang": "sv", "by_title": True, "size": 3}),
    "isbn": (SEARCH, {"q": "978-951-0-39623-0"}),
    "two-media": (SEARCH, {"medium": {"any": ["audiobook"]}, "language": {"any": ["swe"]}, "facets": {"size": 5}}),
    "subject": (SEARCH, {"q": "meri", "subject": {"any": [str(SEA.uri)]}, "facets": {"size": 5}}),
    "lengths": (SEARCH, {"duration": {"lte": 300}, "year": {"gte": 2020, "lte": 2020}}),
    "marked": (SEARCH, {"q": "talvi", "highlight": True}),
    "parts": (SEARCH, {"q": "meritalvi", "parts_fi": "meri talvi"}),
    "mistyped": (FALLBACK, {"q": "kivisaarem talvi", "facets": {"size": 3}}),
    "mistyped-facets": (FALLBACK, {"q": "kivisaarem talvi", "size": 0, "facets": {"size": 3}}),
    "beginnings": (SUGGEST, {"q": "ta me"}),
}


def asked(shelf: SearchIndex, template: str, parameters: dict[str, Any]) -> Any:
    """What a front end is answered that asks the alias itself."""
    body = orjson.dumps({"id": template, "params": parameters})
    headers = {"Content-Type": "application/json"}
    request = Request(f"{shelf.url}/{shelf.names.read}/_search/template", body, headers)
    with urlopen(request, timeout=60) as answer:
        return orjson.loads(answer.read())


def steady(value: Any) -> Any:
    """An answer without what differs from run to run."""
    if isinstance(value, dict):
        return {key: steady(inner) for key, inner in value.items() if key not in VOLATILE}
    return [steady(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.search_server
@pytest.mark.parametrize("name", CASES)
def test_golden_requests_are_answered_as_before(shelf: SearchIndex, name: str, tmp_path: Path) -> None:
    """Where it fails: look at the file named below; if it is right, copy it to ``tests/index/contract``."""
    template, given = CASES[name]
    parameters = {"as_of": DAY.isoformat(), **given}
    assert checked(template, parameters) == []
    answer = steady(asked(shelf, template, parameters))
    real = {"template": template, "params": parameters, "response": answer}
    file = tmp_path / f"{name}.json"
    file.write_bytes(orjson.dumps(real, option=orjson.OPT_INDENT_2) + b"\n")
    known = GOLDEN / file.name
    assert known.exists(), f"see {file}"
    assert orjson.loads(known.read_bytes()) == real, f"see {file}"


@pytest.mark.search_server
def test_a_facet_is_counted_without_its_own_filter_and_with_all_others(shelf: SearchIndex) -> None:
    def counts(name: str, **filters: list[str]) -> dict[Any, int]:
        found = shelf.search("", filters=filters, as_of=DAY)["facets"][name]
        return {each["value"]: each["count"] for each in found}

    assert counts("medium") == {"ebook": 3, "audiobook": 2}
    assert counts("medium", medium=["ebook"]) == {"ebook": 3, "audiobook": 2}
    assert counts("language", medium=["audiobook"]) == {"fin": 1, "swe": 1}
    assert counts("language", medium=["audiobook"], language=["swe"]) == {"fin": 1, "swe": 1}
    assert counts("subject", medium=["audiobook"], language=["swe"]) == {WINTER.uri: 1}


@pytest.mark.search_server
@pytest.mark.parametrize("chosen", [{}, {"medium": ["audiobook"]}, {"language": ["swe"], "year": ["2020-"]}])
def test_a_count_is_what_choosing_the_value_alone_would_give(shelf: SearchIndex, chosen: dict[str, list[str]]) -> None:
    for name, values in shelf.search("", filters=chosen, as_of=DAY)["facets"].items():
        for each in values:
            total = shelf.search("", filters={**chosen, name: [str(each["value"])]}, as_of=DAY)["total"]
            assert total == each["count"], (name, each)


@pytest.mark.search_server
def test_words_are_marked_in_any_form_in_the_title_that_is_shown(shelf: SearchIndex) -> None:
    def marked(lang: Any, query: str) -> list[Any]:
        found = shelf.ask(Question(query, lang, as_of=DAY, highlight=True))
        return [hit.get("marked_title") for hit in found["hits"]]

    assert marked("sv", "vintern") == ["<mark>Vintern</mark> på Stenön"]
    assert marked("sv", "vintrar") == ["<mark>Vintern</mark> på Stenön"]
    assert marked("fi", "kivisaaren talvi") == ["<mark>Kivisaaren</mark> <mark>talvi</mark>"]
    assert marked("fi", "vintern") == [None]
