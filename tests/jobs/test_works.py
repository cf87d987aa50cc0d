"""Expressions of one work find each other across feeds and formats, in either direction between the languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import pytest

from jobs.clustering import cluster_files

ISBN = [f"978952497{n:03}{d}" for n, d in ((1, 3), (2, 0), (3, 7), (4, 4), (5, 1), (6, 8))]
ISSN = ["1237-0711", "1457-3822"]
FORMS = {"ebook": ("ED", "E101"), "audio": ("AJ", "A103"), "print": ("BB", "B101")}


class Book(NamedTuple):
    """One expression as a feed describes it."""

    title: str
    language: str
    author: str
    translator: str | None = None
    publisher: str = "Kaarna"


SINUHE = (
    Book("Sinuhe egyptiläinen", "fin", "Waltari, Mika"),
    Book("Sinuhe egyptiern", "swe", "Waltari, Mika", "Ringbom, Ole", "Holmvik"),
)
SOLDIER = (
    Book("Tuntematon sotilas", "fin", "Linna, Väinö"),
    Book("Okänd soldat", "swe", "Linna, Väinö", "Wik, Nils", "Holmvik"),
)
SUMMER = (
    Book("Sommarboken", "swe", "Jansson, Tove", None, "Holmvik"),
    Book("Kesäkirja", "fin", "Jansson, Tove", "Kilpi, Kaija"),
)
BOTH_WAYS = pytest.mark.parametrize(("original", "translation"), [SINUHE, SOLDIER, SUMMER], ids=lambda b: b.title)


def element(name: str, *inner: str | None) -> str:
    content = "".join(part for part in inner if part)
    return f"<{name}>{content}</{name}>" if content else ""


def value(name: str, text: str | None) -> str:
    return element(name, escape(text) if text else None)


def title_detail(kind: str, text: str | None) -> str:
    level = value("TitleElementLevel", "01")
    return element("TitleDetail", value("TitleType", kind), element("TitleElement", level, value("TitleText", text)))


def person(role: str, name: str | None) -> str:
    inner = value("ContributorRole", role) + value("PersonNameInverted", name)
    return element("Contributor", value("SequenceNumber", "1"), inner) if name else ""


def identifier(name: str, kind: str, number: str | None) -> str:
    return element(name, value(f"{name.removesuffix('Identifier')}IDType", kind), value("IDValue", number))


def onix(ref: str, isbn: str, form: str, book: Book, **more: Any) -> str:
    """A product; `more`: original (title), narrator, products and works (code and number of what it is related to)."""
    original, narrator = more.get("original"), more.get("narrator")
    product_form, detail = FORMS[form]
    language = element("Language", value("LanguageRole", "01"), value("LanguageCode", book.language))
    description = [
        value("ProductComposition", "00"), value("ProductForm", product_form), value("ProductFormDetail", detail),
        title_detail("01", book.title), title_detail("03", original) if original else "",
        person("A01", book.author), person("B06", book.translator), person("E07", narrator), language,
    ]  # fmt: skip
    role, date = value("PublishingDateRole", "01"), '<Date dateformat="00">20200301</Date>'
    publisher = element("Publisher", value("PublishingRole", "01"), value("PublisherName", book.publisher))
    publishing = element("PublishingDetail", publisher, element("PublishingDate", role, date))
    related = [
        element("RelatedWork", value("WorkRelationCode", code), identifier("WorkIdentifier", "11", number))
        for code, number in more.get("works", ())
    ] + [
        element("RelatedProduct", value("ProductRelationCode", code), identifier("ProductIdentifier", "15", number))
        for code, number in more.get("products", ())
    ]
    head = value("RecordReference", ref) + value("NotificationType", "03")
    blocks = element("DescriptiveDetail", *description) + publishing + element("RelatedMaterial", *related)
    return element("Product", head, identifier("ProductIdentifier", "15", isbn), blocks)


def field(tag: str, indicators: str, *subfields: tuple[str, str | None]) -> str:
    inner = "".join(f'<subfield code="{code}">{escape(text)}</subfield>' for code, text in subfields if text)
    return f'<datafield tag="{tag}" ind1="{indicators[0]}" ind2="{indicators[1]}">{inner}</datafield>'


def marc(name: str, number: str, form: str, book: Book, *fields: str, serial: bool = False) -> str:
    """A library's record; `number` is an ISBN, or the ISSN of a serial."""
    kind, electronic = ("i" if form == "audio" else "a"), form != "print"
    coded = f"200301{'c20009999' if serial else 's2020    '}fi |||||{'o' if electronic else ' '}".ljust(35)
    spoken = "spw" if form == "audio" else "txt"
    inner = [
        f"<leader>00000n{kind}{'s' if serial else 'm'} a22000004i 4500</leader>",
        f'<controlfield tag="001">{name}</controlfield><controlfield tag="003">FI-X</controlfield>',
        f'<controlfield tag="008">{coded}{book.language} c</controlfield>',
        field("022" if serial else "020", "  ", ("a", number)),
        field("035", "  ", ("a", f"(FI-X){name}")),
        field("100", "1 ", ("a", book.author)) if book.author else "",
        field("245", "10", ("a", book.title)),
        field("264", " 1", ("b", book.publisher), ("c", "2000" if serial else "2020")),
        field("336", "  ", ("b", spoken)),
        field("338", "  ", ("b", "cr" if electronic else "nc")),
        field("700", "1 ", ("a", book.translator), ("4", "trl")) if book.translator else "",
        *fields,
    ]
    return element("record", *inner)


@pytest.fixture
def works(tmp_path: Path) -> Any:
    """The ids of the records of each work, once these products and library records are clustered."""

    def find(products: Sequence[str] = (), records: Sequence[str] = ()) -> list[list[str]]:
        message = f'<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference">{"".join(products)}'
        collection = f'<collection xmlns="http://www.loc.gov/MARC21/slim">{"".join(records)}'
        (tmp_path / "onix.xml").write_text(f"{message}</ONIXMessage>", "utf-8")
        (tmp_path / "marc.xml").write_text(f"{collection}</collection>", "utf-8")
        found: dict[str, list[str]] = {}
        files = [tmp_path / name for name, made in (("onix.xml", products), ("marc.xml", records)) if made]
        for cluster in cluster_files(files):
            found.setdefault(cluster["work"], []).extend(m["source_id"] for m in cluster["members"])
        return sorted(sorted(members) for members in found.values())

    return find


@BOTH_WAYS
def test_original_and_translation_as_text_recording_and_print(works: Any, original: Book, translation: Book) -> None:
    products = [
        onix("o-e", ISBN[0], "ebook", original, products=[("13", ISBN[2])]),
        onix("o-a", ISBN[1], "audio", original, narrator="Franck, Jukka"),
        onix("o-p", ISBN[2], "print", original),
        onix("t-e", ISBN[3], "ebook", translation, original=original.title),
        onix("t-a", ISBN[4], "audio", translation, narrator="Strand, Nils"),
    ]
    first = field("240", "10", ("a", original.title))
    records = [marc("1", ISBN[5], "print", translation, first), marc("2", ISBN[0], "ebook", original)]
    assert works(products, records) == [["1", "2", "o-a", "o-e", "o-p", "t-a", "t-e"]]


@BOTH_WAYS
@pytest.mark.parametrize(
    ("tag", "code", "number"),
    [("765", "t", "title"), ("765", "z", ISBN[0]), ("765", "w", "(FI-X)001"), ("240", "a", "title")],
)
def test_a_translation_names_its_original(
    works: Any, original: Book, translation: Book, tag: str, code: str, number: str
) -> None:
    link = field(tag, "0 ", (code, original.title if number == "title" else number))
    records = [marc("001", ISBN[0], "print", original), marc("002", ISBN[1], "ebook", translation, link)]
    assert works(records=records) == [["001", "002"]]


@BOTH_WAYS
@pytest.mark.parametrize(
    ("of_original", "of_translation"),
    [
        ({"products": [("11", ISBN[1])]}, {}),  # available in another language
        ({}, {"products": [("11", ISBN[0])]}),
        ({"works": [("01", "A0220090000012B4")]}, {"works": [("01", "A0220090000012B4")]}),  # one ISTC
        ({"works": [("01", "A0220090000012B4")]}, {"works": [("29", "A0220090000012B4")]}),  # translated from it
    ],
)
def test_a_publisher_links_a_translation(
    works: Any, original: Book, translation: Book, of_original: dict[str, Any], of_translation: dict[str, Any]
) -> None:
    products = [
        onix("o", ISBN[0], "ebook", original, **of_original),
        onix("t", ISBN[1], "audio", translation, **of_translation),
    ]
    assert works(products) == [["o", "t"]]


@BOTH_WAYS
def test_translations_meet_where_the_original_is_not_there(works: Any, original: Book, translation: Book) -> None:
    english = Book("A Name in English", "eng", original.author, "Smith, John", "Fen House")
    products = [
        onix("t", ISBN[1], "ebook", translation, original=original.title),
        onix("e", ISBN[2], "audio", english, original=original.title.upper()),
    ]
    assert works(products) == [["e", "t"]]


OTHER = {"fin": Book("Taikatalvi", "fin", "Jansson, Tove"), "swe": Book("Trollvinter", "swe", "Jansson, Tove")}


@pytest.mark.parametrize("language", ["fin", "swe"])
@pytest.mark.parametrize(
    "code", ["00", "01", "02", "07", "08", "12", "22", "23", "30", "34", "35", "41", "43", "44", "45", "46"]
)
def test_a_product_shown_beside_another_is_no_other_form_of_it(works: Any, language: str, code: str) -> None:
    book = next(b for b in SUMMER if b.language == language)
    products = [
        onix("o", ISBN[0], "ebook", book, products=[(code, ISBN[1])]),
        onix("t", ISBN[1], "ebook", OTHER[language]),
    ]
    assert works(products) == [["o"], ["t"]]


@pytest.mark.parametrize("tag", ["770", "772", "773", "774", "777", "786", "787"])
def test_a_host_a_part_or_a_companion_is_another_work(works: Any, tag: str) -> None:
    link = field(tag, "0 ", ("z", ISBN[1]), ("w", "(FI-X)002"))
    records = [marc("001", ISBN[0], "ebook", SUMMER[1], link), marc("002", ISBN[1], "ebook", OTHER["fin"])]
    assert works(records=records) == [["001"], ["002"]]


MAGAZINES = [Book("Ympäristö", "fin", "", None, "SYKE"), Book("Miljö", "swe", "", None, "SYKE")]


@pytest.mark.parametrize("magazine", MAGAZINES)
def test_a_magazine_in_print_and_online_is_one_work(works: Any, magazine: Book) -> None:
    link = field("776", "08", ("x", ISSN[0]))
    online = marc("001", ISSN[1], "ebook", magazine, link, serial=True)
    assert works(records=[online, marc("002", ISSN[0], "print", magazine, serial=True)]) == [["001", "002"]]


@pytest.mark.parametrize("tag", ["775", "765", "767"])
def test_a_magazine_in_two_languages_is_one_work(works: Any, tag: str) -> None:
    records = [
        marc(str(n), ISSN[n], "ebook", magazine, field(tag, "08", ("x", ISSN[1 - n])), serial=True)
        for n, magazine in enumerate(MAGAZINES)
    ]
    assert works(records=records) == [["0", "1"]]


def test_a_magazine_that_changed_its_title_is_another(works: Any) -> None:
    after = MAGAZINES[0]._replace(title="Luonto ja kaupunki")
    records = [
        marc("0", ISSN[0], "ebook", MAGAZINES[0], field("785", "00", ("x", ISSN[1])), serial=True),
        marc("1", ISSN[1], "ebook", after, field("780", "00", ("x", ISSN[0])), serial=True),
    ]
    assert works(records=records) == [["0"], ["1"]]
