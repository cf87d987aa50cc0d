"""Medium, formats, accessibility, extents and languages."""

from __future__ import annotations

import pytest

from catalogue.parsed import MessageHeader


@pytest.mark.parametrize(
    ("form", "details", "content", "medium", "formats"),
    [
        ("EA", ["E101"], None, "ebook", ("epub",)),
        ("ED", ["E101", "E127"], "10", "ebook", ("epub", "mobi")),
        ("DG", ["E107"], None, "ebook", ("pdf",)),
        ("AJ", ["A103"], "01", "audiobook", ("mp3",)),
        ("AN", [], None, "audiobook", ()),
        ("AO", [], None, "audiobook", ("streaming",)),
        ("EC", [], "10", "ebook", ("streaming",)),
        ("EC", ["E101"], None, "ebook", ("epub",)),
        ("AJ", ["A208"], None, "audiobook", ("daisy",)),
        ("EB", ["A103"], None, "audiobook", ("mp3",)),
        ("EA", [], "01", "audiobook", ()),
        ("EA", ["E101", "A305"], None, "ebook", ("epub",)),
        ("EA", ["E101"], "07", "ebook", ("epub",)),
        ("AC", [], None, "audiobook", ("cd",)),
        ("AJ", [], "03", "music", ()),
        ("BC", ["B104"], None, "print", ()),
        ("DB", [], None, "software", ("cd-rom",)),
        ("PI", [], None, "notated_music", ()),
        ("CA", [], None, "map", ()),
        ("VI", [], None, "video", ("dvd",)),
        ("ZE", [], None, "game", ()),
        ("SA", [], None, "mixed", ()),
        ("00", ["E101"], None, "ebook", ("epub",)),
        ("00", [], None, "other", ()),
        (None, [], None, "other", ()),
        ("QQ", [], None, "other", ("QQ",)),
        ("EA", ["E199"], None, "ebook", ("E199",)),
    ],
)
def test_medium_and_formats(map_product, form, details, content, medium, formats):
    record = map_product({"ProductForm": form, "ProductFormDetail": details, "PrimaryContentType": content}).record
    assert (record.medium, record.formats) == (medium, formats)


@pytest.mark.parametrize(
    ("form", "detail", "used"), [("BC", "E101", "print"), ("AJ", "E101", "audiobook"), ("BB", "A103", "print")]
)
def test_places_that_tell_different_forms_are_told(map_product, form, detail, used):
    mapped = map_product({"ProductForm": form, "ProductFormDetail": detail})
    assert mapped.record.medium == used
    assert [(d.code, d.params["used"]) for d in mapped.defects] == [("form.disagree", used)]


def test_an_e_book_sold_in_several_formats_has_them_all(map_product, onix):
    parts = [onix(ProductForm="EA", ProductFormDetail=d) for d in ("E101", "E107")]
    record = map_product({"ProductComposition": "10", "ProductPart": parts}).record
    assert (record.level, record.formats) == ("monograph", ("epub", "pdf"))


@pytest.mark.parametrize(
    ("epub_type", "formats"),
    [("029", ("epub",)), ("002", ("pdf",)), ("022", ("mobi",)), ("099", ()), ("777", ("777",))],
)
def test_epub_types_of_2_1(map_node, epub_type, formats):
    content = {"Title": [{"TitleText": ["Nimi"]}], "ProductForm": ["DG"], "EpubType": [epub_type]}
    record = map_node(content).record
    assert (record.medium, record.formats) == ("ebook", formats)


def test_no_statement_of_accessibility_is_lost(map_product, onix):
    features = [
        onix(ProductFormFeatureType="09", ProductFormFeatureValue="14"),
        onix(ProductFormFeatureType="09", ProductFormFeatureValue="00", ProductFormFeatureDescription="Kuvat kerrottu"),
        onix(ProductFormFeatureType="09", ProductFormFeatureValue="Q7"),
        onix(ProductFormFeatureType="15", ProductFormFeatureValue="101A"),
    ]
    mapped = map_product({"ProductFormFeature": features})
    assert [(a.code, a.text) for a in mapped.record.accessibility] == [
        ("14", None), ("00", "Kuvat kerrottu"), ("Q7", None),
    ]  # fmt: skip
    assert [(d.code, d.params["list"]) for d in mapped.defects] == [("code.unknown", "ONIX list 196")]


@pytest.mark.parametrize(
    ("stated", "against"),
    [(["09", "04"], "09, 04"), (["04", "09", "85"], "09, 04, 85"), (["08", "03"], "08, 03"), (["04", "85", "14"], None),
     (["09", "14"], None), (["08"], None), (["75", "09"], None)],
)  # fmt: skip
def test_statements_of_accessibility_that_contradict_each_other_are_kept_and_told(map_product, onix, stated, against):
    features = [onix(ProductFormFeatureType="09", ProductFormFeatureValue=code) for code in stated]
    mapped = map_product({"ProductFormFeature": features})
    assert [fact.code for fact in mapped.record.accessibility] == stated
    told = [d.params["values"] for d in mapped.defects if d.code == "accessibility.contradiction"]
    assert told == ([against] if against else [])


@pytest.mark.parametrize(
    ("hazards", "against"), [(["00", "13"], "143:00, 143:13"), (["15", "16"], "143:15, 143:16"), (["14", "16"], None)]
)
def test_hazards_that_contradict_each_other_are_kept_and_told(map_product, onix, hazards, against):
    features = [onix(ProductFormFeatureType="12", ProductFormFeatureValue=code) for code in hazards]
    mapped = map_product({"ProductFormFeature": features})
    assert [fact.code for fact in mapped.record.accessibility] == [f"143:{code}" for code in hazards]
    told = [d.params["values"] for d in mapped.defects if d.code == "accessibility.contradiction"]
    assert told == ([against] if against else [])


@pytest.mark.parametrize(
    ("kind", "value", "unit", "field", "expected"),
    [
        ("09", "0061100", "16", "duration_min", 371),
        ("09", "00611", "15", "duration_min", 371),
        ("09", "611", "15", "duration_min", 371),
        ("09", "371", "15", "duration_min", 371),  # 3 h 71 min cannot be: plain minutes
        ("09", "371", "05", "duration_min", 371),
        ("09", "6,5", "04", "duration_min", 390),
        ("09", "6.5", "04", "duration_min", 390),
        ("09", "22260", "06", "duration_min", 371),
        ("09", "6:11:00", "16", "duration_min", 371),
        ("09", "6 h 11 min", "05", "duration_min", 371),
        ("09", "6 t 11 min", "15", "duration_min", 371),
        ("09", "6 tuntia 11 minuuttia", "15", "duration_min", 371),
        ("09", "6 tim. 11 min.", "05", "duration_min", 371),
        ("09", "PT6H11M", "16", "duration_min", 371),
        ("09", "371 min", "05", "duration_min", 371),
        ("09", "6 h", "04", "duration_min", 360),
        ("09", "6,5 h", "04", "duration_min", 390),
        ("09", "0371 minutes", "15", "duration_min", 371),
        ("09", "noin 6", "04", "duration_min", None),
        ("09", "0000000", "16", "duration_min", None),
        ("00", "275", "03", "pages", 275),
        ("10", "275 s.", "03", "pages", 275),
        ("00", "0", "03", "pages", None),
        ("00", "n. 275", "03", "pages", None),
        ("22", "489.0", "19", "size_bytes", 512753664),
        ("22", "577461288", "17", "size_bytes", 577461288),
    ],
)
def test_extents_are_whole_numbers(map_product, onix, kind, value, unit, field, expected):
    extent = onix(ExtentType=kind, ExtentValue=value, ExtentUnit=unit)
    assert getattr(map_product({"Extent": extent}).record.extent, field) == expected


@pytest.mark.parametrize(("form", "pages"), [("EA", 310), ("BB", 300)])
def test_which_count_of_pages_depends_on_the_medium(map_product, onix, form, pages):
    extents = [onix(ExtentType=t, ExtentValue=v, ExtentUnit="03") for t, v in (("00", "300"), ("10", "310"))]
    assert map_product({"ProductForm": form, "Extent": extents}).record.extent.pages == pages


@pytest.mark.parametrize(
    ("rows", "form", "text", "original"),
    [
        ([("01", "fin")], "EA", ("fin",), ()),
        ([("01", "fi"), ("02", "sv")], "EA", ("fin",), ("swe",)),
        ([("01", "fin"), ("01", "swe")], "EA", ("fin", "swe"), ()),
        ([("06", "fin"), ("07", "swe")], "EA", ("fin", "swe"), ("fin",)),
        ([("08", "swe")], "AJ", ("swe",), ()),
        ([("01", "fin"), ("08", "swe")], "EA", ("fin",), ()),
        ([("01", "deu")], "EA", ("ger",), ()),
        ([("01", "und")], "EA", (), ()),
        ([("03", "eng")], "EA", (), ()),
    ],
)
def test_languages_of_text_and_original(map_product, onix, rows, form, text, original):
    nodes = [onix(LanguageRole=role, LanguageCode=code) for role, code in rows]
    languages = map_product({"ProductForm": form, "Language": nodes}).record.languages
    assert (languages.text, languages.original) == (text, original)
    assert languages.reason == ("declared" if text else None)


def test_the_header_tells_the_language_where_the_product_does_not(map_product):
    languages = map_product(header=MessageHeader(default_language="swe")).record.languages
    assert (languages.text, languages.declared, languages.reason) == (("swe",), ("swe",), "header_default")
