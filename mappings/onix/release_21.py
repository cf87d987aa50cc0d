"""ONIX 2.1 in the shape of 3.0: the same composites in their blocks, under their later names.

Code values stay: where a list differs between the releases, the mapping reads the list of the release.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from catalogue.parsed import OnixNode
from mappings.onix.tables import table

_Blocks = dict[str, OnixNode]
"""The blocks of 3.0 by their names; "" is the product itself."""

_SAME = ("RecordReference", "NotificationType", "RecordSourceName", "ProductIdentifier", "@datestamp")
_STEP = re.compile(r"([A-Za-z]+)(\[\d+\])?")
_FRONT_COVER = "04"  # list 38
_TITLE_TAGS = ("TitleText", "TitlePrefix", "TitleWithoutPrefix", "Subtitle", "PartNumber", "YearOfAnnual")


def upgraded(product: OnixNode) -> OnixNode:
    """A 2.1 product as a 3.0 product. The input is not changed."""
    new: OnixNode = {tag: product[tag] for tag in _SAME if tag in product}
    blocks: _Blocks = {
        "": new,
        "DescriptiveDetail": {},
        "CollateralDetail": {},
        "PublishingDetail": {},
        "RelatedMaterial": {},
    }
    for tag, (home, composite, type_tag, code, value_tag) in _codes().items():
        if tag in product:
            _add(blocks[home], composite, [{type_tag: [code], value_tag: [value]} for value in product[tag]])
    for tag, (name, home) in _moves().items():
        if tag in product:
            _add(blocks[home], name, product[tag])
    sent = product.keys()
    for upgrade, tags in _UPGRADES:
        if not sent.isdisjoint(tags):
            upgrade(product, blocks)
    return new | {name: [block] for name, block in blocks.items() if name and block}


@lru_cache(maxsize=4096)
def locus_21(path: str) -> str:
    """A place in 3.0's words, in the words of 2.1: ``DescriptiveDetail/TitleDetail[2]`` → ``Title[2]``."""
    names: dict[str, str] = table("release_21")["locus"]
    steps = []
    for step in path.split("/"):
        found = _STEP.fullmatch(step)
        name = names.get(found[1], found[1]) if found else step
        if name:
            steps.append(name + ((found[2] or "") if found else ""))
    return "/".join(steps)


@cache
def _codes() -> dict[str, tuple[str, str, str, str, str]]:
    """Bare value of 2.1 → block, composite, the composite's type element, its code, its value element."""
    rows = table("release_21")
    return {tag: (rows["home"].get(row[0], ""), *row) for tag, row in rows["codes"].items()}


@cache
def _moves() -> dict[str, tuple[str, str]]:
    """Element of 2.1 → its name in 3.0, the block it stands in."""
    rows = table("release_21")
    kept = {tag: (tag, home) for home, tags in rows["blocks"].items() for tag in tags.split()}
    return kept | {tag: (name, home) for home, names in rows["renamed"].items() for tag, name in names.items()}


def _add(node: OnixNode, tag: str, occurrences: list[Any]) -> None:
    """Put occurrences in a block. A list of the product itself is never added to: it is replaced by a longer one."""
    node[tag] = [*node[tag], *occurrences] if tag in node else occurrences


def _title_element(node: OnixNode, level: str) -> OnixNode:
    return {"TitleElementLevel": [level]} | {tag: node[tag] for tag in _TITLE_TAGS if tag in node}


def _titles(product: OnixNode, new: _Blocks) -> None:
    details = [
        {"TitleType": each.get("TitleType", ["01"]), "TitleElement": [_title_element(each, "01")]}
        for each in product.get("Title", ())
        if isinstance(each, dict)
    ]
    if not details and ("DistinctiveTitle" in product or "TitleWithoutPrefix" in product):  # 2.0, deprecated in 2.1
        element = _title_element(product, "01")
        if "DistinctiveTitle" in product:
            element["TitleText"] = product["DistinctiveTitle"]
        details.append({"TitleType": ["01"], "TitleElement": [element]})
    for tag, code in (("TranslationOfTitle", "06"), ("FormerTitle", "08")):  # 2.0
        for text in product.get(tag, ()):
            element = {"TitleElementLevel": ["01"], "TitleText": [text]}
            details.append({"TitleType": [code], "TitleElement": [element]})
    if details:
        _add(new["DescriptiveDetail"], "TitleDetail", details)


def _collections(product: OnixNode, new: _Blocks) -> None:
    for tag, name_tag, number_tag in (
        ("Series", "TitleOfSeries", "NumberWithinSeries"),
        ("Set", "TitleOfSet", "ItemNumberWithinSet"),
    ):
        for each in product.get(tag, ()):
            if not isinstance(each, dict):
                continue
            source = next((t for t in each.get("Title", ()) if isinstance(t, dict)), each)
            element = _title_element(source, "02")
            if name_tag in each:
                element["TitleText"] = each[name_tag]
            if number_tag in each:
                element["PartNumber"] = each[number_tag]
            collection = {"TitleDetail": [{"TitleType": ["01"], "TitleElement": [element]}]}
            collection["CollectionIdentifier"] = [
                {"CollectionIDType": i.get("SeriesIDType", []), "IDValue": i.get("IDValue", [])}
                for i in each.get("SeriesIdentifier", ())
                if isinstance(i, dict)
            ] + [{"CollectionIDType": ["02"], "IDValue": [value]} for value in each.get("SeriesISSN", ())]
            if tag == "Set":
                collection["SetIdentifier"] = each.get("ProductIdentifier", [])
            _add(new["DescriptiveDetail"], "Collection", [collection])


def _contributors(product: OnixNode, new: _Blocks) -> None:
    block = new["DescriptiveDetail"]
    block["Contributor"] = [_contributor(each) for each in block["Contributor"]]


def _contributor(person: Any) -> Any:
    if not isinstance(person, dict) or person.keys().isdisjoint(("PersonNameIdentifier", "PersonDate", "Name")):
        return person
    return person | {
        "AlternativeName": [
            n | {"NameType": n.get("PersonNameType", [])} for n in person.get("Name", ()) if isinstance(n, dict)
        ],
        "NameIdentifier": [
            i | {"NameIDType": i.get("PersonNameIDType", [])}
            for i in person.get("PersonNameIdentifier", ())
            if isinstance(i, dict)
        ],
        "ContributorDate": [
            d | {"ContributorDateRole": d.get("PersonDateRole", [])}
            for d in person.get("PersonDate", ())
            if isinstance(d, dict)
        ],
    }


def _subjects(product: OnixNode, new: _Blocks) -> None:
    for each in product.get("MainSubject", ()):
        if isinstance(each, dict):
            subject = each | {"SubjectSchemeIdentifier": each.get("MainSubjectSchemeIdentifier", [])}
            _add(new["DescriptiveDetail"], "Subject", [subject])
    for tag in ("PersonAsSubject", "CorporateBodyAsSubject"):
        for each in product.get(tag, ()):
            names = each if isinstance(each, dict) else {"CorporateName": [each]}
            _add(new["DescriptiveDetail"], "NameAsSubject", [names])


def _extents(product: OnixNode, new: _Blocks) -> None:
    pages = product.get("NumberOfPages") or product.get("PagesArabic")
    if pages:
        extent = {"ExtentType": ["00"], "ExtentValue": pages, "ExtentUnit": ["03"]}
        _add(new["DescriptiveDetail"], "Extent", [extent])


def _texts(product: OnixNode, new: _Blocks) -> None:
    for each in product.get("OtherText", ()):
        if isinstance(each, dict):
            _add(new["CollateralDetail"], "TextContent", [each | {"TextType": each.get("TextTypeCode", [])}])
    for each in product.get("MediaFile", ()):
        if isinstance(each, dict):
            resource = {
                "ResourceContentType": each.get("MediaFileTypeCode", []),
                "ResourceVersion": [{"ResourceLink": each.get("MediaFileLink", [])}],
            }
            _add(new["CollateralDetail"], "SupportingResource", [resource])
    for link in product.get("CoverImageLink", ()):  # 2.0
        resource = {"ResourceContentType": [_FRONT_COVER], "ResourceVersion": [{"ResourceLink": [link]}]}
        _add(new["CollateralDetail"], "SupportingResource", [resource])


def _publishing(product: OnixNode, new: _Blocks) -> None:
    for tag, composite in (("PublisherName", "Publisher"), ("ImprintName", "Imprint")):
        if tag in product and composite not in product:
            _add(new["PublishingDetail"], composite, [{tag: product[tag]}])
    if "CopyrightYear" in product and "CopyrightStatement" not in product:
        _add(new["PublishingDetail"], "CopyrightStatement", [{"CopyrightYear": product["CopyrightYear"]}])


def _territory(rights: OnixNode) -> OnixNode:
    regions = [*rights.get("RightsTerritory", ()), *rights.get("RightsRegion", ())]
    territory = {"CountriesIncluded": rights.get("RightsCountry", []), "RegionsIncluded": regions}
    return {"Territory": [territory]}


def _rights(product: OnixNode, new: _Blocks) -> None:
    for each in product.get("SalesRights", ()):
        if isinstance(each, dict):
            rights = {"SalesRightsType": each.get("SalesRightsType", [])} | _territory(each)
            _add(new["PublishingDetail"], "SalesRights", [rights])
    for each in product.get("NotForSale", ()):
        if isinstance(each, dict):
            _add(new["PublishingDetail"], "SalesRights", [{"SalesRightsType": ["03"]} | _territory(each)])
    for each in product.get("SupplyDetail", ()):
        if isinstance(each, dict) and "OnSaleDate" in each:
            supply = {"SupplyDate": [{"SupplyDateRole": ["02"], "Date": each["OnSaleDate"]}]}
            _add(new[""], "ProductSupply", [_market(each) | {"SupplyDetail": [supply]}])


def _market(supply: OnixNode) -> OnixNode:
    """The market of a supply that names its countries or regions; one without names none."""
    named = {
        "CountriesIncluded": supply.get("SupplyToCountry", []),
        "RegionsIncluded": [*supply.get("SupplyToTerritory", ()), *supply.get("SupplyToRegion", ())],
        "CountriesExcluded": supply.get("SupplyToCountryExcluded", []),
    }
    return {"Market": [{"Territory": [named]}]} if named["CountriesIncluded"] or named["RegionsIncluded"] else {}


def _relations(product: OnixNode, new: _Blocks) -> None:
    for each in product.get("RelatedProduct", ()):
        if isinstance(each, dict):
            related = each | {"ProductRelationCode": each.get("RelationCode", [])}
            _add(new["RelatedMaterial"], "RelatedProduct", [related])
    for each in new["RelatedMaterial"].get("RelatedProduct", ()):
        for tag, code in (("ISBN", "02"), ("EAN13", "03")):
            if tag in each:
                named = [{"ProductIDType": [code], "IDValue": [value]} for value in each[tag]]
                each["ProductIdentifier"] = [*each.get("ProductIdentifier", ()), *named]
    for each in product.get("WorkIdentifier", ()):
        _add(new["RelatedMaterial"], "RelatedWork", [{"WorkRelationCode": ["01"], "WorkIdentifier": [each]}])


_UPGRADES: tuple[tuple[Callable[[OnixNode, _Blocks], None], frozenset[str]], ...] = tuple(
    (upgrade, frozenset(tags.split()))
    for upgrade, tags in (
        (_titles, "Title DistinctiveTitle TitleWithoutPrefix TranslationOfTitle FormerTitle"),
        (_collections, "Series Set"),
        (_contributors, "Contributor"),
        (_subjects, "MainSubject PersonAsSubject CorporateBodyAsSubject"),
        (_extents, "NumberOfPages PagesArabic"),
        (_texts, "OtherText MediaFile CoverImageLink"),
        (_publishing, "PublisherName ImprintName CopyrightYear"),
        (_rights, "SalesRights NotForSale SupplyDetail"),
        (
            _relations,
            "RelatedProduct WorkIdentifier ReplacesISBN ReplacedByISBN AlternativeFormatISBN EpublicationBasedOnISBN "
            "AlternativeProductISBN ReplacesEAN13 ReplacedByEAN13 AlternativeFormatEAN13 EpublicationBasedOnEAN13 "
            "AlternativeProductEAN13",
        ),
    )
)
"""Each step and the elements of 2.1 without any of which it has nothing to do."""
