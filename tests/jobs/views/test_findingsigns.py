"""The short version of a weight, read aloud: the words and the sign before them never contradict each other."""

from __future__ import annotations

import pytest

from catalogue.evidence import Finding
from jobs.views.findingsigns import LEAST_BITS, sign_of, signed
from jobs.views.findingwords import FINDINGS
from matching.model import load_model


def finding(name: str, bits: float, left: str | None = "a", right: str | None = "b") -> Finding:
    comparison, level = name.split(".")
    return Finding(comparison=comparison, level=level, bits=bits, left=left, right=right)


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("publisher.all", "+"),
        ("title.same", "+"),
        ("own_words.none", "+"),
        ("pages.near", "+"),
        ("year.near", "−"),
        ("year.next", "−"),
        ("pages.similar", "−"),
        ("publisher.none_elsewhere", "−"),
        ("own_words.both", "−"),
        ("author.one_sided", "?"),
        ("year.unknown", "?"),
        ("isbn.pointing", None),
        ("title.loose", None),
    ],
)
def test_the_sign_is_that_of_the_words(name: str, sign: str | None) -> None:
    assert sign_of(*name.split(".")) == sign


def test_what_weighs_much_never_speaks_against_its_words() -> None:
    model = load_model()
    against = [
        f"{level} {comparison}.{name} {bits}"
        for level in ("edition", "work")
        for comparison, weights in model.level(level).weights.items()  # type: ignore[arg-type]  # a level
        for name, bits in weights.items()
        if abs(bits) >= LEAST_BITS and sign_of(comparison, name) == ("−" if bits > 0 else "+")
    ]
    assert against == []


def test_agreement_that_weighs_little_is_not_shown_as_a_contradiction() -> None:
    assert signed([finding("publisher.all", -0.5), finding("language.same", 0.5)]) == ()


def test_for_comes_before_against_before_what_is_not_known() -> None:
    found = [
        finding("prior.edition", -9.0),
        finding("year.near", -4.1),
        finding("isbn.unknown", 0.0, right=None),
        finding("author.same", 4.0),
        finding("isbn.pointing", -4.0),
    ]
    told = [(sign, f"{f.comparison}.{f.level}") for sign, f in signed(found)]
    assert told == [("+", "author.same"), ("−", "year.near"), ("−", "isbn.pointing"), ("?", "isbn.unknown")]


def test_the_title_is_named_once_and_by_its_own_name() -> None:
    agree = [finding("title.same", 1.0), finding("own_words.none", 2.2), finding("full_title.same", 1.2)]
    assert [f.comparison for _sign, f in signed(agree)] == ["title"]
    differ = [finding("title.same", 1.0), finding("own_words.both", -4.5)]
    assert [(sign, f.comparison) for sign, f in signed(differ)] == [("−", "own_words")]


def test_every_finding_with_words_has_a_sign_or_none_on_purpose() -> None:
    neither = {name for name in FINDINGS if not name.startswith("prior.") and sign_of(*name.split(".")) is None}
    assert neither == {
        "title.loose", "full_title.loose", "title_words.some", "contributors.some", "responsibility.some",
        "series.some", "publisher.some", "own_words.one_side", "edition_text.alike", "isbn.pointing",
    }  # fmt: skip
