"""Products written from the ONIX specification, what each of their elements becomes."""

from __future__ import annotations

from typing import Any

import pytest


def read(record: Any, path: str) -> Any:
    """A field of a record as its JSON has it, without what is not said."""
    value: Any = record.model_dump(mode="json", exclude_defaults=True)
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def contributor(**elements: str | list[Any]) -> dict[str, Any]:
    return {tag: value if isinstance(value, list) else [value] for tag, value in elements.items()}


def title(*elements: dict[str, list[Any]]) -> dict[str, Any]:
    return {"TitleType": ["01"], "TitleElement": list(elements)}


WORLD = {"RegionsIncluded": ["WORLD"]}
ISBN = "9789510123454"

# fmt: off
ROWS = [  # blocks of a product, field, its value
    # Titles: a second element of the product's level is another title of it.
    ({"descriptive": {"TitleDetail": [title(
        {"TitleElementLevel": ["01"], "TitleText": ["Eka"]}, {"TitleElementLevel": ["01"], "TitleText": ["Toka"]})]}},
     "titles", [{"text": "Eka"}, {"kind": "alternative", "text": "Toka"}]),
    # Contributors: several names in one element are not turned round; a name in another script is a variant.
    ({"descriptive": {"Contributor": contributor(ContributorRole="A01", PersonName="A Aho, B Boman ja C Cygnaeus")}},
     "contributors", [{"name": "A Aho, B Boman ja C Cygnaeus", "name_inverted": "A Aho, B Boman ja C Cygnaeus",
                       "roles": ["aut"]}]),
    ({"descriptive": {"Contributor": contributor(ContributorRole="A01", PersonName="Boman, B")}},
     "contributors", [{"name": "B Boman", "name_inverted": "Boman, B", "roles": ["aut"]}]),
    ({"descriptive": {"Contributor": contributor(
        ContributorRole="A01", NameType="01", PersonName="Anna Akhmatova", AlternativeName=[
            {"NameType": ["05"], "PersonName": ["Анна Ахматова"]}, {"NameType": ["04"], "PersonName": ["Anna Gorenko"]},
        ])}},
     "contributors", [{"name": "Anna Akhmatova", "name_inverted": "Akhmatova, Anna", "roles": ["aut"],
                       "variants": ["Анна Ахматова"]}]),
    # Languages: one without a role is that of the text.
    ({"descriptive": {"Language": {"LanguageCode": ["swe"]}}}, "languages.text", ["swe"]),
    # Extent in words.
    ({"descriptive": {"Extent": {"ExtentType": ["00"], "ExtentValue": ["xii, 285 s."], "ExtentUnit": ["03"]}}},
     "extent", {"text": "xii, 285 s."}),
    ({"descriptive": {"Extent": {"ExtentType": ["00"], "ExtentValue": ["285 s."], "ExtentUnit": ["03"]}}},
     "extent", {"pages": 285}),
    ({"descriptive": {"Extent": {"ExtentType": ["00"], "ExtentValue": ["0"], "ExtentUnit": ["03"]}}}, "extent", None),
    # An ISBN written as libraries write it.
    ({"ProductIdentifier": {"ProductIDType": ["15"], "IDValue": ["978-951-0-12345-4 (sid.)"]}},
     "identifiers", [{"scheme": "isbn", "value": ISBN, "as_given": "978-951-0-12345-4 (sid.)", "qualifier": "sid."}]),
    ({"ProductIdentifier": {"ProductIDType": ["02"], "IDValue": ["951-0-12345-5 (nid.)"]}},
     "identifiers", [{"scheme": "isbn", "value": ISBN, "as_given": "951-0-12345-5 (nid.)", "qualifier": "nid."}]),
    # A concept by its address keeps the words it came with.
    ({"descriptive": {"Subject": {"SubjectSchemeIdentifier": ["71"], "SubjectHeadingText": ["koirat"],
                                  "SubjectCode": ["http://www.yso.fi/onto/yso/p5319"]}}},
     "topics.subjects", [{"uri": "http://www.yso.fi/onto/yso/p5319", "scheme": "yso", "source_text": "koirat",
                          "labels": {"fi": "koira", "sv": "hund", "en": "dog"}}]),
    # Dates: the printed counterpart's is a first publication where no other is told.
    ({"PublishingDetail": {"PublishingDate": [{"PublishingDateRole": ["01"], "Date": ["2024"]},
                                              {"PublishingDateRole": ["19"], "Date": ["2001"]}]}},
     "publication.dates", {"published": "2024", "original": "2001"}),
    ({"PublishingDetail": {"PublishingDate": [{"PublishingDateRole": ["01"], "Date": ["2024"]},
                                              {"PublishingDateRole": ["19"], "Date": ["2024"]}]}},
     "publication.dates", {"published": "2024"}),
    ({"PublishingDetail": {"PublishingDate": [{"PublishingDateRole": ["11"], "Date": ["1998"]},
                                              {"PublishingDateRole": ["19"], "Date": ["2001"]}]}},
     "publication.dates", {"original": "1998"}),
    ({"PublishingDetail": {"PublishingDate": [{"PublishingDateRole": ["01"],
                                               "Date": [{"#": "kevät 2024", "@dateformat": "12"}]}]}},
     "publication.dates", {"published": "2024"}),
    # Rights: regions may be excluded; a restriction stands with the rights or the market it limits.
    ({"PublishingDetail": {"SalesRights": [{"SalesRightsType": ["01"],
                                            "Territory": [WORLD | {"RegionsExcluded": ["ECZ"]}]}]}},
     "availability.lendable_fi", False),
    ({"PublishingDetail": {"SalesRights": [{"SalesRightsType": ["01"], "Territory": [
        {"CountriesIncluded": ["FI"], "RegionsIncluded": ["WORLD"], "RegionsExcluded": ["ECZ"]}]}]}},
     "availability.lendable_fi", True),
    ({"PublishingDetail": {"SalesRights": [{"SalesRightsType": ["07"], "Territory": [WORLD],
                                            "SalesRestriction": [{"SalesRestrictionType": ["09"]}]}]}},
     "availability.lendable_fi", False),
    ({"PublishingDetail": {"SalesRights": [
        {"SalesRightsType": ["07"], "Territory": [{"CountriesIncluded": ["SE"]}],
         "SalesRestriction": [{"SalesRestrictionType": ["09"]}]},
        {"SalesRightsType": ["01"], "Territory": [{"CountriesIncluded": ["FI"]}]}]}},
     "availability.lendable_fi", True),
    ({"PublishingDetail": {"SalesRights": [{"SalesRightsType": ["01"], "Territory": [WORLD]}],
                           "SalesRestriction": [{"SalesRestrictionType": ["07"]}]}},  # to schools only
     "availability.lendable_fi", False),
    ({"PublishingDetail": {"SalesRights": [{"SalesRightsType": ["01"], "Territory": [
        {"CountriesIncluded": ["se, fi"]}]}]}}, "availability.lendable_fi", True),
    ({"PublishingDetail": {"SalesRights": [{"SalesRightsType": ["01"]}]}}, "availability.lendable_fi", None),
    # What names Finland most closely counts, in whatever order.
    ({"PublishingDetail": {"SalesRights": [
        {"SalesRightsType": ["01"], "Territory": [WORLD]},
        {"SalesRightsType": ["03"], "Territory": [{"CountriesIncluded": ["FI"]}]}]}},
     "availability.lendable_fi", False),
    ({"PublishingDetail": {"SalesRights": [
        {"SalesRightsType": ["03"], "Territory": [WORLD]},
        {"SalesRightsType": ["01"], "Territory": [{"RegionsIncluded": ["ECZ"]}]}]}}, "availability.lendable_fi", True),
    ({"ProductSupply": {"Market": [{"Territory": [{"CountriesIncluded": ["FI"]}],
                                    "SalesRestriction": [{"SalesRestrictionType": ["09"]}]}]}},
     "availability.lendable_fi", False),
    ({"ProductSupply": {"Market": [{"Territory": [{"CountriesIncluded": ["SE"]}],
                                    "SalesRestriction": [{"SalesRestrictionType": ["09"]}]}]}},
     "availability.lendable_fi", None),
]
# fmt: on


@pytest.mark.parametrize(("blocks", "field", "expected"), ROWS)
def test_what_the_specification_says_is_read(map_product, blocks, field, expected):
    mapped = map_product(**blocks)
    assert read(mapped.record, field) == expected
    assert mapped.defects == ()


# fmt: off
ROWS_21 = [  # elements of 2.1, field, its value
    ({"Audience": [{"AudienceCodeType": ["01"], "AudienceCodeValue": ["02"]}]},
     "topics.audience", [{"scheme": "onix-audience", "code": "02"}]),
    ({"CopyrightStatement": [{"CopyrightYear": ["2001"]}], "CopyrightYear": ["2001"]},
     "publication.dates", {"copyright": "2001"}),
    ({"PlaceAsSubject": ["Rovaniemi"]}, "topics.subjects",
     [{"uri": "http://www.yso.fi/onto/yso/p94382", "scheme": "yso", "source_text": "Rovaniemi",
       "labels": {"fi": "Rovaniemi", "sv": "Rovaniemi", "en": "Rovaniemi"}}]),
    ({"ReplacesEAN13": [ISBN]}, "relations", [{"kind": "replaces", "scheme": "isbn", "value": ISBN}]),
    ({"AlternativeFormatEAN13": [ISBN]}, "relations",
     [{"kind": "alternative_format", "scheme": "isbn", "value": ISBN}]),
    ({"EpublicationBasedOnEAN13": [ISBN]}, "relations", [{"kind": "print_of", "scheme": "isbn", "value": ISBN}]),
    ({"ReviewQuote": ["Hyvä kirja."]}, "texts.notes", [{"kind": "review", "text": "Hyvä kirja."}]),
    ({"NotificationType": ["12"]}, "message.notification", "update"),
    ({"TranslationOfTitle": ["Namn"], "FormerTitle": ["Vanha", "Vanhempi"]}, "titles",
     [{"text": "Nimi"}, {"kind": "parallel", "text": "Namn"}, {"kind": "former", "text": "Vanha"},
      {"kind": "former", "text": "Vanhempi"}]),
    ({"PagesArabic": ["285"]}, "extent", {"pages": 285}),
    ({"PagesArabic": ["285"], "NumberOfPages": ["300"]}, "extent", {"pages": 300}),
    ({"CoverImageLink": ["https://example.org/1.jpg"]}, "texts.links",
     [{"kind": "cover", "url": "https://example.org/1.jpg"}]),
    ({"ProductForm": ["DZ"], "EpubType": ["000"]}, "medium", "ebook"),
    ({"ProductForm": [], "EpubType": ["029"]}, "medium", "ebook"),
    ({"Contributor": [{"ContributorRole": ["A01"], "PersonName": ["Anna Akhmatova"],
                       "Name": [{"PersonNameType": ["05"], "PersonName": ["Анна Ахматова"]}]}]}, "contributors",
     [{"name": "Anna Akhmatova", "name_inverted": "Akhmatova, Anna", "roles": ["aut"],
       "variants": ["Анна Ахматова"]}]),
    ({"SalesRights": [{"SalesRightsType": ["01"], "RightsTerritory": ["WORLD"]}],
      "NotForSale": [{"RightsCountry": ["FI US"]}]}, "availability.lendable_fi", False),
]
# fmt: on


@pytest.mark.parametrize(("elements", "field", "expected"), ROWS_21)
def test_what_the_specification_of_2_1_says_is_read(map_node, elements, field, expected):
    content = {"RecordReference": ["R1"], "ProductForm": ["BB"], "Title": [{"TitleText": ["Nimi"]}]}
    mapped = map_node(content | elements)
    assert read(mapped.record, field) == expected
    assert mapped.defects == ()


def test_an_audience_in_words_alone_is_kept(map_product):
    audience = {"AudienceCodeType": ["02"], "AudienceCodeTypeName": ["Oma"], "AudienceHeadingText": ["Alakoulu"]}
    found = read(map_product(descriptive={"Audience": audience}).record, "topics.audience")
    assert found == [{"scheme": "proprietary:Oma", "code": "Alakoulu", "text": "Alakoulu"}]


@pytest.mark.parametrize(
    ("given", "expected", "code"),
    [
        ("<i>Kalevala</i> ja lapset", "Kalevala ja lapset", "text.sanitised"),
        ("Kale<br/>vala", "Kale vala", "text.sanitised"),
        ('<span class="x">Kalevala</span>', "Kalevala", "text.sanitised"),
        ("Ka\u00adle\u200bvala", "Kalevala", "text.control_characters"),
        ("Jos x < y ja y > z", "Jos x < y ja y > z", None),
        ("<Kalevala>", "<Kalevala>", None),
    ],
)
def test_a_title_has_no_markup_and_no_marks_that_nobody_sees(map_product, given, expected, code):
    detail = {"TitleType": ["01"], "TitleElement": [{"TitleElementLevel": ["01"], "TitleText": [given]}]}
    mapped = map_product(descriptive={"TitleDetail": [detail]})
    assert mapped.record.titles[0].text == expected
    assert [d.code for d in mapped.defects] == ([code] if code else [])
