"""Prizes, contents, dissertations, scales and licences become notes; parts of a box relations; meetings bodies."""

from __future__ import annotations

from typing import Any

import pytest

Product = Any


def notes(record: Any, kind: str) -> list[str]:
    return [note.text for note in record.texts.notes if note.kind == kind]


def in_language(onix: Product, code: str) -> Any:
    return onix(LanguageRole="01", LanguageCode=code)


@pytest.mark.parametrize(
    ("language", "prize", "text"),
    [
        (
            "swe",
            {"PrizeName": "Nordiska priset", "PrizeYear": "2020", "PrizeCode": "07"},
            "Nordiska priset, 2020 (nominerad)",
        ),
        ("fin", {"PrizeName": "Finlandia", "PrizeYear": "2020", "PrizeCode": "01"}, "Finlandia, 2020 (voittaja)"),
        ("est", {"PrizeName": "Finlandia", "PrizeCode": "04"}, "Finlandia (short-listed)"),
        ("fin", {"PrizeName": "Finlandia"}, "Finlandia"),
        ("fin", {"PrizeName": "X", "PrizeCode": "01", "PrizeStatement": "Finlandia-voittaja"}, "Finlandia-voittaja"),
    ],
)
def test_a_prize_is_named_in_the_language_of_the_text(
    map_product: Any, onix: Product, language: str, prize: dict[str, str], text: str
) -> None:
    described = {"Language": in_language(onix, language)}
    record = map_product(described, CollateralDetail=onix(Prize=onix(**prize))).record
    assert notes(record, "awards") == [text]


def item(onix: Product, titled: Any, text: str, **more: Any) -> Any:
    return onix(TitleDetail=titled(text), **more)


def test_items_of_the_content_are_its_table_of_contents(map_product: Any, onix: Product, titled: Any) -> None:
    second = item(onix, titled, "Yö", Contributor=onix(ContributorRole="A01", PersonName="Bo Ek"))
    content = onix(ContentItem=[item(onix, titled, "Ilta", TextItem=onix(TextItemType="03")), second, onix(X="1")])
    assert notes(map_product(ContentDetail=content).record, "contents") == ["Ilta -- Yö / Bo Ek"]
    told = onix(TextContent=onix(TextType="04", Text="1 Ilta"))
    assert notes(map_product(ContentDetail=content, CollateralDetail=told).record, "contents") == ["1 Ilta"]


def test_dissertations_scales_and_licences_are_notes(map_product: Any, onix: Product) -> None:
    link = onix(EpubLicenseExpressionType="02", EpubLicenseExpressionLink="https://example.org/l")
    licence = onix(EpubLicenseName="CC BY 4.0", EpubLicenseExpression=link)
    described = {"ThesisPresentedTo": "Åbo Akademi", "ThesisYear": "2001", "MapScale": "50000", "EpubLicense": licence}
    record = map_product(described).record
    assert notes(record, "dissertation") == ["Åbo Akademi, 2001"]
    assert notes(record, "scale") == ["1:50000"]
    assert notes(record, "terms") == ["CC BY 4.0: https://example.org/l"]


def test_a_review_says_whose_words_it_is(map_product: Any, onix: Product) -> None:
    said = onix(TextType="06", Text="Hieno!", TextAuthor="A. Kriitikko", SourceTitle="Helsingin Sanomat")
    described = onix(TextType="03", Text="Kuvaus.", TextAuthor="Kustantaja")
    texts = map_product(CollateralDetail=onix(TextContent=[said, described])).record.texts
    assert [note.text for note in texts.notes] == ["Hieno! (A. Kriitikko, Helsingin Sanomat)"]
    assert [text.text for text in texts.descriptions] == ["Kuvaus."]


def part(onix: Product, isbn: str, form: str) -> Any:
    return onix(ProductIdentifier=onix(ProductIDType="15", IDValue=isbn), ProductForm=form)


@pytest.mark.parametrize(
    ("forms", "medium"),
    [(("BB", "BC"), "print"), (("BB", "AC"), "mixed"), (("00", "00"), "mixed"), (("AC",), "audiobook")],
)
def test_a_box_is_what_is_in_it(map_product: Any, onix: Product, forms: tuple[str, ...], medium: str) -> None:
    isbns = ("9789100196868", "9789511400004")
    parts = [part(onix, isbn, form) for isbn, form in zip(isbns, forms, strict=False)]
    record = map_product({"ProductForm": "SA", "ProductComposition": "10", "ProductPart": parts}).record
    assert record.medium == medium
    assert [(r.kind, r.value) for r in record.relations] == [("has_part", isbn) for isbn in isbns[: len(forms)]]


def test_a_meeting_is_a_body_with_its_number_date_and_place(map_product: Any, onix: Product) -> None:
    held = onix(ConferenceName="Bokens dagar", ConferenceNumber="3", ConferenceDate="2019", ConferencePlace="Åbo")
    record = map_product({"Conference": [held, onix(ConferenceName="Kirjamessut")]}).record
    assert [(c.name, c.kind) for c in record.contributors] == [
        ("Bokens dagar (3 : 2019 : Åbo)", "body"),
        ("Kirjamessut", "body"),
    ]


@pytest.mark.parametrize(
    ("written", "number"), [("Tome 3", "3"), ("Vol. 12", "12"), ("7", "7"), ("Kesä 1984 ja muut", None)]
)
def test_a_title_in_a_collection_that_is_a_number_is_its_number(
    map_product: Any, onix: Product, written: str, number: str | None
) -> None:
    elements = [onix(TitleElementLevel="02", TitleText="Sarja"), onix(TitleElementLevel="01", TitleText=written)]
    collection = onix(CollectionType="10", TitleDetail=onix(TitleType="01", TitleElement=elements))
    (series,) = map_product({"Collection": collection}).record.series
    assert (series.title, series.number) == ("Sarja", number)
