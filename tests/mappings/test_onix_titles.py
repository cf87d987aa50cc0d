"""Titles, series, parts, and issues of magazines."""

from __future__ import annotations

import pytest

from mappings.onix.serials import issue_in


def kinds(record):
    return [(t.kind, t.text) for t in record.titles]


@pytest.mark.parametrize(
    ("code", "kind"),
    [("02", "key"), ("03", "original"), ("05", "alternative"), ("06", "parallel"), ("08", "former"),
     ("10", "alternative"), ("13", "alternative"), ("16", "original"), ("ZZ", "alternative")],
)  # fmt: skip
def test_types_of_title(map_product, titled, code, kind):
    record = map_product({"TitleDetail": [titled("Toinen", code), titled("Ensimmäinen")]}).record
    assert kinds(record) == [("main", "Ensimmäinen"), (kind, "Toinen")]


def test_a_prefix_is_not_sorted_by(map_product, onix):
    element = onix(TitleElementLevel="01", TitlePrefix="The", TitleWithoutPrefix="Satapur Moonstone")
    french = onix(TitleElementLevel="01", TitlePrefix="L’", TitleWithoutPrefix="étranger")
    for each, text, nonfiling in ((element, "The Satapur Moonstone", 4), (french, "L’étranger", 2)):
        record = map_product({"TitleDetail": onix(TitleType="01", TitleElement=each)}).record
        assert (record.titles[0].text, record.titles[0].nonfiling) == (text, nonfiling)


def test_capitals_stay_as_given_and_a_distributors_capitals_are_left_out(map_product, titled):
    assert kinds(map_product({"TitleDetail": titled("KWIATY")}).record) == [("main", "KWIATY")]
    record = map_product({"TitleDetail": [titled("Kwiaty dla"), titled("KWIATY DLA", "10")]}).record
    assert kinds(record) == [("main", "Kwiaty dla")]


def test_subtitle_stands_apart_in_the_main_title_alone(map_product, titled):
    details = [titled("Huominen", Subtitle="olosuhteet"), titled("Tomorrow", "03", Subtitle="conditions")]
    assert kinds(map_product({"TitleDetail": details}).record) == [
        ("main", "Huominen"), ("subtitle", "olosuhteet"), ("original", "Tomorrow : conditions"),
    ]  # fmt: skip


def test_the_only_title_is_the_main_one_whatever_its_type(map_product, titled):
    assert kinds(map_product({"TitleDetail": titled("Nimi", "10")}).record) == [("main", "Nimi")]


def test_language_of_a_title_is_what_is_stated(map_product, onix):
    element = onix(TitleElementLevel="01", TitleText={"#": "Vägen", "@language": "sv"})
    record = map_product({"TitleDetail": onix(TitleType="01", TitleElement=element)}).record
    assert record.titles[0].language == "swe"


def test_a_collection_in_the_title_is_a_series_with_the_number(map_product, onix):
    elements = [
        onix(SequenceNumber="2", TitleElementLevel="01", PartNumber="33", TitleText="Statek-Miecz"),
        onix(SequenceNumber="1", TitleElementLevel="02", TitleText="Thorgal"),
    ]
    record = map_product({"TitleDetail": onix(TitleType="01", TitleElement=elements)}).record
    assert kinds(record) == [("main", "Statek-Miecz")]
    assert [(s.title, s.number) for s in record.series] == [("Thorgal", "33")]
    assert record.part.number is None


@pytest.mark.parametrize(
    ("elements", "sequence", "expected"),
    [
        ([{"TitleElementLevel": ["02"], "PartNumber": ["2"], "TitleText": ["Sarja"]}], None, ("Sarja", "2")),
        (
            [{"TitleElementLevel": ["02"], "TitleText": ["Sarja"]}, {"TitleElementLevel": ["01"], "PartNumber": ["1"]}],
            None,
            ("Sarja", "1"),
        ),
        ([{"TitleElementLevel": ["02"], "TitleText": ["Sarja"]}], "7", ("Sarja", "7")),
        (
            [
                {"TitleElementLevel": ["02"], "TitleText": ["Sarja"]},
                {"TitleElementLevel": ["03"], "TitleText": ["Ala"]},
            ],
            None,
            ("Sarja. Ala", None),
        ),
    ],
)
def test_collections_are_series(map_product, onix, elements, sequence, expected):
    collection = onix(TitleDetail=onix(TitleType="01", TitleElement=elements))
    if sequence:
        collection["CollectionSequence"] = [onix(CollectionSequenceType="03", CollectionSequenceNumber=sequence)]
    collection["CollectionIdentifier"] = [onix(CollectionIDType="02", IDValue="1456789X")]
    record = map_product({"Collection": collection}).record
    assert [(s.title, s.number, s.issn) for s in record.series] == [(*expected, "1456-789X")]


def test_a_part_number_of_its_own_is_part_of_the_title(map_product, titled):
    record = map_product({"TitleDetail": titled("Kootut teokset", PartNumber="5")}).record
    assert (record.titles[0].number, record.part.number) == ("5", "5")


@pytest.mark.parametrize(
    ("title", "likely", "expected"),
    [
        ("5/2024", False, ("", "5/2024", "2024")),
        ("Tekniikan Maailma 05/2024", False, ("Tekniikan Maailma", "5/2024", "2024")),
        ("Suomen Kuvalehti 51-52/2023", False, ("Suomen Kuvalehti", "51-52/2023", "2023")),
        ("Anna nro 3/2024", False, ("Anna", "3/2024", "2024")),
        ("Språkbruk, nr 2 2024", False, ("Språkbruk", "2/2024", "2024")),
        ("Allt om mat 2024/3", False, ("Allt om mat", "3/2024", "2024")),
        ("Kippari 2018 02", True, ("Kippari", "2/2018", "2018")),
        ("Kippari 2018 02", False, None),
        ("Kotiliesi 3.5.2024", True, ("Kotiliesi", None, "2024-05-03")),
        ("Image marraskuu 2024", True, ("Image", None, "2024-11")),
        ("Nya Argus maj 2024", True, ("Nya Argus", None, "2024-05")),
        ("Almanakka 2018/19", False, None),
        ("Vuosi 1918", True, None),
        ("1984", True, None),
        ("Sota 1939-1945", True, None),
        ("Sota 1939–45", True, None),
        ("Kippari 2018-02", True, ("Kippari", "2/2018", "2018")),
        ("Catch-22", True, None),
        ("Kuusi kohtausta", True, None),
    ],
)
def test_what_a_title_says_of_an_issue(title, likely, expected):
    found = issue_in(title, likely)
    assert (found and (found["name"].strip(" ,"), found["number"], found["date"])) == expected


def test_an_issue_is_no_monograph(map_product, titled, onix):
    collection = onix(
        TitleDetail=onix(TitleType="01", TitleElement=onix(TitleElementLevel="02", TitleText="Tekniikan Maailma")),
        CollectionIdentifier=onix(CollectionIDType="02", IDValue="1456-789X"),
    )
    record = map_product({"TitleDetail": titled("5/2024"), "Collection": collection}).record
    assert (record.level, record.medium) == ("issue", "emagazine")
    assert record.issue.model_dump() == {"number": "5/2024", "date": "2024", "serial_issn": "1456-789X"}
    assert kinds(record) == [("main", "Tekniikan Maailma"), ("alternative", "5/2024")]
    assert record.series == ()


def test_a_book_in_a_series_with_an_issn_is_a_monograph(map_product, onix):
    element = onix(TitleElementLevel="02", TitleText="SKS:n toimituksia", PartNumber="1405")
    collection = onix(
        TitleDetail=onix(TitleType="01", TitleElement=element),
        CollectionIdentifier=onix(CollectionIDType="02", IDValue="1456-789X"),
    )
    record = map_product({"Collection": collection}).record
    assert (record.level, record.issue, record.series[0].number) == ("monograph", None, "1405")


def test_a_numbered_book_in_a_series_with_an_issn_is_a_monograph(map_product, titled, onix):
    collection = onix(
        TitleDetail=onix(TitleType="01", TitleElement=onix(TitleElementLevel="02", TitleText="Tutkimuksia")),
        CollectionIdentifier=onix(CollectionIDType="02", IDValue="1456-789X"),
    )
    author = onix(ContributorRole="A01", PersonName="Aino Ek")
    described = {"TitleDetail": titled("Selvitys nro 5"), "Collection": collection, "Contributor": author}
    assert map_product(described).record.level == "monograph"
    assert map_product(described | {"TitleDetail": titled("Tutkimuksia nro 5")}).record.level == "issue"


def test_a_periodical_of_the_trade_is_a_serial(map_product):
    record = map_product({"TradeCategory": "18"}).record
    assert (record.level, record.medium) == ("serial", "emagazine")


@pytest.mark.parametrize(
    ("written", "number"),
    [("Osa 7", "7"), ("Del 3", "3"), ("Vol. IV", "IV"), ("2.5", "2.5"), ("toinen osa", "2"), ("A", "A")],
)
def test_a_part_number_stands_without_its_label_as_it_does_in_marc(map_product, onix, written, number):
    elements = [
        onix(TitleElementLevel="02", TitleText="Yön sarja", PartNumber=written),
        onix(TitleElementLevel="01", TitleText="Kettu"),
    ]
    (series,) = map_product({"TitleDetail": onix(TitleType="01", TitleElement=elements)}).record.series
    assert (series.title, series.number) == ("Yön sarja", number)
