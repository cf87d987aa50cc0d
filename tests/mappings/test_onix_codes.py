"""Every code of the lists the mapping reads is read; a code of no list is kept and told, with the list it is not in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import mappings.onix
from catalogue.vocabularies.onix_codes import onix_codes, onix_list_names
from mappings.onix.tables import by_code, codes, table


def told(mapped: Any) -> list[tuple[str, str, str]]:
    return [(d.params["list"], d.params["code"], d.locus) for d in mapped.defects if d.code == "code.unknown"]


def read_codes(name: str, *sections: str) -> set[str]:
    return {code for section in sections for code in by_code(name, section)}


KNOWN = {
    1: read_codes("record", "notification"),
    5: read_codes("identifiers", "product"),
    7: read_codes("forms", "medium"),
    10: read_codes("forms", "epub_type"),
    11: read_codes("forms", "epub_format"),
    13: read_codes("identifiers", "collection"),
    15: read_codes("titles", "kind"),
    16: read_codes("identifiers", "work"),
    17: read_codes("contributors", "role") | set(table("contributors")["several"]),
    19: set(by_code("contributors", "unnamed", "codes")),
    21: read_codes("record", "edition"),
    22: read_codes("record", "languages"),
    23: set(codes("extents", "known", "types")),
    24: read_codes("extents", "units"),
    27: read_codes("subjects", "classification", "subject", "genre", "keyword", "named"),
    28: set(codes("subjects", "audience_codes", "known")),
    29: read_codes("subjects", "audience"),
    30: read_codes("subjects", "range"),
    33: read_codes("texts", "description_21", "note_21"),
    38: read_codes("texts", "link_21"),
    44: read_codes("identifiers", "name"),
    45: read_codes("record", "publisher"),
    46: read_codes("supply", "rights"),
    51: read_codes("relations", "product"),
    64: read_codes("record", "status"),
    81: read_codes("forms", "content"),
    101: read_codes("identifiers", "name"),
    144: set(table("supply")["drm"].values()),
    149: read_codes("titles", "level"),
    150: read_codes("forms", "medium"),
    153: read_codes("texts", "description", "note"),
    158: read_codes("texts", "link"),
    163: read_codes("record", "date"),
    164: read_codes("relations", "work"),
    196: set(codes("texts", "accessibility", "known")),
}


@pytest.mark.parametrize("number", sorted(KNOWN))
def test_every_code_of_a_list_is_read(number: int) -> None:
    assert onix_codes(number, "2.1") - KNOWN[number] == set()


def test_every_list_that_is_told_of_has_a_name_in_every_language() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(mappings.onix.__file__).parent.glob("*.py"))
    numbers = {int(n) for call in re.findall(r"(?:unknown|check)\(.*", source) for n in re.findall(r" (\d+)[ ,]", call)}
    numbers |= {7, 10, 11, 33, 38, 78, 150, 153, 158, 163, 166, 175}  # chosen by release or by role
    assert len(numbers) > 45
    assert [n for n in sorted(numbers) if None in onix_list_names(n).model_dump().values()] == []


# fmt: off
UNKNOWN = [  # blocks of a product, what is told
    ({"descriptive": {"ProductForm": "QQ"}}, (150, "QQ", "DescriptiveDetail/ProductForm")),
    ({"descriptive": {"ProductForm": "DG"}}, (150, "DG", "DescriptiveDetail/ProductForm")),  # of 2.1
    ({"descriptive": {"ProductFormDetail": "Z999"}}, (175, "Z999", "DescriptiveDetail/ProductFormDetail")),
    ({"descriptive": {"ProductFormDetail": ["E101", "B999"]}}, (175, "B999", "DescriptiveDetail/ProductFormDetail[2]")),
    ({"descriptive": {"ProductComposition": "77"}}, (2, "77", "DescriptiveDetail/ProductComposition")),
    ({"descriptive": {"TradeCategory": "77"}}, (12, "77", "DescriptiveDetail/TradeCategory")),
    ({"NotificationType": "77"}, (1, "77", "NotificationType")),
    ({"PublishingDetail": {"PublishingStatus": ["88"]}}, (64, "88", "PublishingDetail/PublishingStatus")),
    ({"descriptive": {"EpubUsageConstraint": {"EpubUsageType": ["77"], "EpubUsageStatus": ["01"]}}},
     (145, "77", "DescriptiveDetail/EpubUsageConstraint/EpubUsageType")),
    ({"descriptive": {"EpubUsageConstraint": {"EpubUsageType": ["06"], "EpubUsageStatus": ["77"]}}},
     (146, "77", "DescriptiveDetail/EpubUsageConstraint/EpubUsageStatus")),
    ({"PublishingDetail": {"SalesRestriction": [{"SalesRestrictionType": ["77"]}]}},
     (71, "77", "PublishingDetail/SalesRestriction/SalesRestrictionType")),
    ({"PublishingDetail": {"CountryOfPublication": ["QQ"]}}, (91, "QQ", "PublishingDetail/CountryOfPublication")),
    ({"descriptive": {"Contributor": {"ContributorRole": ["A01"], "PersonName": ["A B"],
                                      "AlternativeName": [{"NameType": ["77"], "PersonName": ["C D"]}]}}},
     (18, "77", "DescriptiveDetail/Contributor/AlternativeName/NameType")),
    ({"descriptive": {"Language": {"LanguageRole": ["77"], "LanguageCode": ["fin"]}}},
     (22, "77", "DescriptiveDetail/Language/LanguageRole")),
    ({"PublishingDetail": {"ROWSalesRightsType": ["77"]}}, (46, "77", "PublishingDetail/ROWSalesRightsType")),
    ({"descriptive": {"AudienceRange": {"AudienceRangeQualifier": ["17"], "AudienceRangePrecision": ["77"],
                                        "AudienceRangeValue": ["7"]}}},
     (31, "77", "DescriptiveDetail/AudienceRange/AudienceRangePrecision")),
    ({"CollateralDetail": {"TextContent": [{"TextType": ["03"], "ContentAudience": ["77"], "Text": ["x"]}]}},
     (154, "77", "CollateralDetail/TextContent/ContentAudience")),
    ({"PublishingDetail": {"PublishingDate": [{"PublishingDateRole": ["01"],
                                               "Date": [{"#": "20240102", "@dateformat": "77"}]}]}},
     (55, "77", "PublishingDetail/PublishingDate/Date")),
    ({"descriptive": {"Collection": {"CollectionType": ["77"], "TitleDetail": [
        {"TitleType": ["01"], "TitleElement": [{"TitleElementLevel": ["02"], "TitleText": ["Sarja"]}]}]}}},
     (148, "77", "DescriptiveDetail/Collection/CollectionType")),
    ({"ProductSupply": {"SupplyDetail": [{"SupplyDate": [{"SupplyDateRole": ["77"], "Date": ["20240102"]}]}]}},
     (166, "77", "ProductSupply/SupplyDetail/SupplyDate/SupplyDateRole")),
    ({"descriptive": {"ProductFormFeature": {"ProductFormFeatureType": ["12"], "ProductFormFeatureValue": ["77"]}}},
     (143, "77", "DescriptiveDetail/ProductFormFeature/ProductFormFeatureValue")),
    ({"descriptive": {"ProductFormFeature": {"ProductFormFeatureType": ["77"], "ProductFormFeatureValue": ["x"]}}},
     (79, "77", "DescriptiveDetail/ProductFormFeature/ProductFormFeatureType")),
]
# fmt: on


@pytest.mark.parametrize(("blocks", "expected"), UNKNOWN)
def test_a_code_of_no_list_is_told(map_product, blocks, expected):
    number, code, locus = expected
    assert told(map_product(**blocks)) == [(f"ONIX list {number}", code, locus)]


def test_a_form_detail_of_no_list_is_kept_as_a_format(map_product):
    assert map_product(descriptive={"ProductFormDetail": ["E101", "Z999"]}).record.formats == ("epub", "Z999")


def test_details_of_the_thing_are_no_formats_and_need_no_word(map_product):
    mapped = map_product(descriptive={"ProductForm": "BB", "ProductFormDetail": ["B206", "P101", "Z102"]})
    assert (mapped.record.formats, told(mapped)) == ((), [])
