"""The language that stands: declared before detected, unless the sender declares the same for everything."""

from __future__ import annotations

import pytest

from catalogue.languages import Found, Habit, agree, believable, chosen, plain_words, with_languages, words_of
from catalogue.record import CatalogueRecord, Cataloguing, Languages, Text, Texts, Title


def record(declared: tuple[str, ...], *texts: Text) -> CatalogueRecord:
    reason = "declared" if declared else None
    return CatalogueRecord(
        source="s", source_id="1", titles=(Title(text="Nimi"),),
        languages=Languages(text=declared, declared=declared, reason=reason), texts=Texts(descriptions=texts),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("declared", "detected", "constant", "text", "reason"),
    [
        (["fin"], "fin", False, ["fin"], "declared"),
        (["fin"], "swe", False, ["fin"], "declared"),
        (["fin"], None, False, ["fin"], "declared"),
        (["fin"], "swe", True, ["swe"], "detected"),
        (["fin"], "fin", True, ["fin"], "declared_by_rote"),
        (["fin"], None, True, ["fin"], "declared_by_rote"),
        (["swe"], "fin", True, ["fin"], "detected"),
        (["fin", "swe"], "swe", True, ["fin", "swe"], "declared_by_rote"),
        ([], "swe", False, ["swe"], "detected"),
        (["und"], "fin", False, ["fin"], "detected"),
        (["mul"], "fin", False, ["mul"], "declared"),
        (["zxx"], "fin", False, ["zxx"], "declared"),
        (["nob"], "nor", True, ["nob"], "declared_by_rote"),
        (["smi"], "sme", True, ["smi"], "declared_by_rote"),
    ],
)
def test_what_is_chosen_and_why(
    declared: list[str], detected: str | None, constant: bool, text: list[str], reason: str
) -> None:
    given = Languages(
        text=tuple(declared), declared=tuple(declared), detected=detected, reason="declared" if declared else None
    )
    found = chosen(given, is_constant=constant)
    assert (list(found.text), found.reason) == (text, reason)
    assert chosen(found, is_constant=constant) == found  # choosing again changes nothing
    assert chosen(chosen(found, is_constant=not constant), is_constant=constant) == found  # nor does a flip and back


@pytest.mark.parametrize(
    ("title", "texts", "detected"),
    [
        ("fin", ("swe",), "fin"),
        ("eng", ("fin",), "fin"),  # many a Finnish book has an English title
        ("eng", ("swe",), "swe"),
        ("eng", (None,), "eng"),
        (None, ("swe", None, "swe", "eng"), "swe"),
        (None, (None,), None),
    ],
)
def test_title_and_descriptions_together(
    title: str | None, texts: tuple[str | None, ...], detected: str | None
) -> None:
    given = record((), *(Text(kind="description", text="x") for _ in texts))
    told, defects = with_languages(given, Found(title, texts))
    assert told.languages.detected == detected
    assert [text.language for text in told.texts.descriptions] == list(texts)
    assert defects == ()


@pytest.mark.parametrize(
    ("declared", "cataloguing", "found", "detected"),
    [
        ("eng", None, Found("eng", ("fin",)), "eng"),  # an English book described in Finnish
        ("fin", None, Found("eng", ("fin",)), "fin"),  # a Finnish book with an English title
        ("fin", None, Found("swe", ("fin",)), "swe"),  # a Swedish title says more than a description in Finnish
        ("swe", None, Found("fin", ("swe",)), "fin"),
        ("rus", "fin", Found(None, ("fin",)), None),  # a library describes in its own language
        ("rus", "swe", Found(None, ("swe",)), None),
        ("fin", "fin", Found(None, ("fin",)), "fin"),
        ("swe", "fin", Found("eng", ("fin",)), "eng"),
        ("rus", None, Found(None, ("fin",)), "fin"),
    ],
)
def test_a_description_in_another_language_than_the_book_s(
    declared: str, cataloguing: str | None, found: Found, detected: str | None
) -> None:
    given = record((declared,), Text(kind="description", text="x"))
    given = given.model_copy(update={"cataloguing": Cataloguing(language=cataloguing)})
    assert with_languages(given, found)[0].languages.detected == detected


@pytest.mark.parametrize(
    ("declared", "found", "kept"),
    [
        (["rus"], Found("cze", ("eng", "pol")), Found(None, ("eng", None))),
        (["rus"], Found("fin", ("rus",)), Found("fin", ("rus",))),
        (["fin"], Found("cze"), Found("cze")),
        ([], Found("cze"), Found("cze")),
        (["rus", "fin"], Found("cze"), Found("cze")),
    ],
)
def test_a_romanised_title_is_not_taken_for_its_kin(declared: list[str], found: Found, kept: Found) -> None:
    assert believable(found, declared) == kept


def test_a_disagreement_is_told_and_the_declared_language_stands() -> None:
    told, defects = with_languages(record(("fin",), Text(kind="d", text="x", language="fin")), Found("swe", ("swe",)))
    assert told.languages.text == ("fin",)
    assert told.texts.descriptions[0].language == "swe"
    assert [(d.code, dict(d.params)) for d in defects] == [
        ("language.disagrees", {"declared": "fin", "detected": "swe", "used": "fin"}),
        ("language.text_disagrees", {"declared": "fin", "detected": "swe"}),
    ]


@pytest.mark.parametrize(("one", "other"), [("nor", "nno"), ("nno", "nor"), ("smi", "smn"), ("fin", "fin")])
def test_codes_that_say_the_same_agree(one: str, other: str) -> None:
    assert agree(one, [other])
    assert not agree(one, ["swe"])


def counted(*rows: tuple[int, list[str], str | None]) -> Habit:
    habit = Habit()
    for number, declared, detected in rows:
        for _ in range(number):
            habit.count(declared, detected)
    return habit


@pytest.mark.parametrize(
    ("rows", "constant"),
    [
        ([(90, ["fin"], "fin"), (10, ["fin"], "swe")], True),
        ([(90, ["swe"], "swe"), (10, ["swe"], "fin")], True),
        ([(90, ["fin"], "fin"), (10, ["swe"], "swe")], False),  # it declares what it sends
        ([(60, ["fin"], "fin"), (20, ["fin"], "swe"), (20, ["swe"], "swe")], False),  # wrong, but not by rote
        ([(100, ["fin"], "fin")], False),
        ([(90, ["fin"], "fin"), (10, ["fin"], "eng")], False),  # English titles of Finnish books
        ([(80, ["fin"], "fin"), (20, ["fin"], "eng")], True),
        ([(80, ["swe"], "swe"), (20, ["swe"], "eng")], True),
        ([(60, ["swe"], "swe"), (36, ["swe"], None), (4, ["swe"], "fin")], True),  # the unsure say nothing
        ([(9, ["fin"], None), (7, ["fin"], "fin"), (4, ["fin"], "swe")], True),
        ([(16, ["fin"], None), (5, ["fin"], "fin"), (4, ["fin"], "swe")], False),  # nine show anything
        ([(15, ["fin"], "fin"), (4, ["fin"], "swe")], False),  # too few to tell
        ([(300, ["fin"], None), (2, ["fin"], "swe")], False),
        ([(50, [], "swe")], False),
    ],
)
def test_a_sender_that_declares_one_language_for_everything(
    rows: list[tuple[int, list[str], str | None]], constant: bool
) -> None:
    assert counted(*rows).is_constant() is constant


def test_a_short_text_is_no_evidence_and_markup_no_words() -> None:
    assert plain_words("Liian lyhyt.") == ""
    assert plain_words("<p>Kaksi&amp;yksi " + "sana " * 20 + "</p>") == ("Kaksi&yksi " + "sana " * 20).strip()
    assert len(plain_words("sana " * 500)) == 200


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Vinterboken äänikirja", "Vinterboken"),
        ("Talvikirja (E-ljudbok)", "Talvikirja ( )"),
        ("Talvikirja. E-bok", "Talvikirja."),
        ("Äänikirjaston historia", "Äänikirjaston historia"),
        ("Ljudboksläsaren", "Ljudboksläsaren"),
    ],
)
def test_a_word_for_the_form_shows_no_language(title: str, words: str) -> None:
    named = record(("fin",)).model_copy(update={"titles": (Title(text=title),)})
    assert words_of(named).title == words
