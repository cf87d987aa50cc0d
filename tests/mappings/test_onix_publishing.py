"""Edition statement, publisher, dates, availability, texts and links."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("described", "number", "text", "abridged"),
    [
        ({"EditionNumber": "2"}, 2, None, None),
        ({"EditionNumber": "2", "EditionStatement": "2., uudistettu painos"}, 2, "2., uudistettu painos", None),
        ({"EditionNumber": "andra"}, None, "andra", None),
        ({"EditionType": "ABR"}, None, None, True),
        ({"EditionType": ["NED", "UBR"]}, None, None, False),
        ({"NoEdition": ""}, None, None, None),
    ],
)
def test_edition_statement(map_product, described, number, text, abridged):
    assert map_product(described).record.edition_statement.model_dump() == {
        "number": number, "text": text, "abridged": abridged,
    }  # fmt: skip


def publishing(onix, dates=(), **more):
    nodes = [onix(PublishingDateRole=role, Date=value) for role, value in dates]
    return {**onix(**more), "PublishingDate": nodes}


@pytest.mark.parametrize(
    ("notification", "status", "dates", "expected"),
    [
        ("03", "04", [("01", "20240315")], {"published": "2024-03-15"}),
        ("03", None, [("01", "202403")], {"published": "2024-03"}),
        ("03", None, [("01", "2024")], {"published": "2024"}),
        ("03", "02", [("01", "20240315")], {"announced": "2024-03-15"}),
        ("02", None, [("01", "20240315")], {"announced": "2024-03-15"}),
        ("02", "04", [("01", "20240315")], {"published": "2024-03-15"}),
        ("03", "04", [("01", "2024"), ("11", "1968"), ("20", "1965")], {"published": "2024", "original": "1965"}),
        ("03", "04", [("01", "2024"), ("11", "1968")], {"published": "2024", "original": "1968"}),
        ("03", "04", [("12", "2024")], {}),
        ("03", "04", [("01", "20241301")], {}),
    ],
)
def test_dates_of_publication(map_product, onix, notification, status, dates, expected):
    more = {"PublishingStatus": status} if status else {}
    mapped = map_product(NotificationType=notification, PublishingDetail=publishing(onix, dates, **more))
    found = mapped.record.publication.dates.model_dump(exclude_none=True)
    assert found == expected


@pytest.mark.parametrize(
    ("publishers", "expected"),
    [
        ([("01", "Otava")], "Otava"),
        ([("02", "Teos"), ("01", "Otava")], "Otava"),
        ([("02", "Teos")], "Teos"),
        ([(None, "Otava")], "Otava"),
        ([("17", "Kirjapaino")], None),
    ],
)
def test_the_publisher_is_who_publishes(map_product, onix, publishers, expected):
    nodes = [onix(PublisherName=name, **({"PublishingRole": role} if role else {})) for role, name in publishers]
    assert map_product(PublishingDetail=onix(Publisher=nodes)).record.publication.publisher == expected


def test_place_country_and_imprint(map_product, onix):
    detail = onix(Imprint=onix(ImprintName="Seven"), CityOfPublication="Åbo", CountryOfPublication="FI")
    publication = map_product(PublishingDetail=detail).record.publication
    assert (publication.imprint, publication.place, publication.country) == ("Seven", "Åbo", "FI")


def test_punctuation_of_a_library_is_left_out(map_product, onix):
    detail = onix(Imprint=onix(ImprintName="Seven ;"), CityOfPublication="Åbo :", Publisher=onix(PublisherName="A/B"))
    publication = map_product(PublishingDetail=detail).record.publication
    assert (publication.imprint, publication.place, publication.publisher) == ("Seven", "Åbo", "A/B")


def rights(onix, *rows, **more):
    nodes = [onix(SalesRightsType=kind, Territory=onix(**territory)) for kind, territory in rows]
    return onix(SalesRights=nodes, **more)


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [
        ([("01", {"CountriesIncluded": "FI SE"})], {}, True),
        ([("02", {"RegionsIncluded": "WORLD"})], {}, True),
        ([("02", {"RegionsIncluded": "WORLD", "CountriesExcluded": "FI US"})], {}, False),
        ([("01", {"CountriesIncluded": "SE"})], {}, False),
        ([("01", {"RegionsIncluded": "ECZ"})], {}, True),
        ([("03", {"CountriesIncluded": "FI"})], {}, False),
        ([("01", {"CountriesIncluded": "SE"})], {"ROWSalesRightsType": "02"}, True),
        ([("01", {"CountriesIncluded": "SE"})], {"ROWSalesRightsType": "03"}, False),
        ([("03", {"CountriesIncluded": "US"}), ("02", {"RegionsIncluded": "WORLD"})], {}, True),
        ([], {}, None),
        ([("00", {"RegionsIncluded": "WORLD"})], {}, None),
    ],
)
def test_lendable_in_finland_by_territory(map_product, onix, rows, more, expected):
    assert map_product(PublishingDetail=rights(onix, *rows, **more)).record.availability.lendable_fi is expected


@pytest.mark.parametrize(
    ("constraint", "restriction", "expected"),
    [(("06", "03"), None, False), (("06", "01"), None, True), (("02", "03"), None, True), (None, "09", False),
     (None, "06", True)],
)  # fmt: skip
def test_lendable_unless_lending_or_libraries_are_excluded(map_product, onix, constraint, restriction, expected):
    detail = rights(onix, ("02", {"RegionsIncluded": "WORLD"}))
    if restriction:
        detail["SalesRestriction"] = [onix(SalesRestrictionType=restriction)]
    described = {}
    if constraint:
        described["EpubUsageConstraint"] = onix(EpubUsageType=constraint[0], EpubUsageStatus=constraint[1])
    assert map_product(described, PublishingDetail=detail).record.availability.lendable_fi is expected


def test_from_the_latest_embargo_until_the_earliest_end(map_product, onix):
    detail = publishing(onix, [("02", "20240901"), ("13", "20291023")])
    supply = onix(SupplyDetail=onix(SupplyDate=onix(SupplyDateRole="02", Date="20240915")))
    found = map_product(PublishingDetail=detail, ProductSupply=supply).record.availability
    assert (found.from_, found.until) == ("2024-09-15", "2029-10-23")


def test_a_market_without_finland_says_nothing_of_finland(map_product, onix):
    supply = onix(
        Market=onix(Territory=onix(CountriesIncluded="US")),
        SupplyDetail=onix(SupplyDate=onix(SupplyDateRole="02", Date="20300101")),
    )
    assert map_product(ProductSupply=supply).record.availability.from_ is None


@pytest.mark.parametrize(
    ("protections", "word"),
    [(["00"], "none"), (["02"], "watermark"), (["02", "03"], "adobe"), (["06"], "lcp"), ([], None), (["Q9"], "Q9")],
)
def test_drm_is_the_strongest_protection(map_product, protections, word):
    assert map_product({"EpubTechnicalProtection": protections}).record.availability.drm == word


@pytest.mark.parametrize(
    ("kind", "part", "word"),
    [("03", "descriptions", "description"), ("02", "descriptions", "short_description"), ("04", "notes", "contents"),
     ("06", "notes", "review"), ("12", "notes", "biography"), ("Q9", "notes", "Q9")],
)  # fmt: skip
def test_kinds_of_text(map_product, onix, kind, part, word):
    text = onix(TextType=kind, ContentAudience="00", Text={"#": "<p>Hyvä</p>", "@language": "fi", "@textformat": "05"})
    texts = map_product(CollateralDetail=onix(TextContent=text)).record.texts
    assert [(t.kind, t.language, t.text) for t in getattr(texts, part)] == [(word, "fin", "<p>Hyvä</p>")]


def test_texts_for_the_trade_alone_are_withheld(map_product, onix):
    text = onix(TextType="03", ContentAudience="02", Text="Kampanja!")
    assert map_product(CollateralDetail=onix(TextContent=text)).record.texts.descriptions == ()


@pytest.mark.parametrize(
    ("given", "expected", "repaired"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry", True),
        ("Tom &amp;amp; Jerry", "Tom &amp; Jerry", True),  # once
        ("Caf&eacute;", "Café", True),
        ("Tom & Jerry", "Tom & Jerry", False),
        ("R&D; mitä nyt", "R&D; mitä nyt", False),
    ],
)
def test_text_escaped_twice_is_repaired_once(map_product, titled, given, expected, repaired):
    mapped = map_product({"TitleDetail": titled(given)})
    assert mapped.record.titles[0].text == expected
    assert [d.code for d in mapped.defects] == (["text.double_escape"] if repaired else [])


def test_markup_keeps_the_escapes_of_its_own(map_product, onix):
    text = onix(TextType="03", Text={"#": "<p>Tom &amp; Jerry &amp;amp; muut</p>", "@textformat": "05"})
    mapped = map_product(CollateralDetail=onix(TextContent=text))
    assert mapped.record.texts.descriptions[0].text == "<p>Tom &amp; Jerry &amp; muut</p>"
    assert [d.code for d in mapped.defects] == ["text.double_escape"]


@pytest.mark.parametrize(
    ("kind", "url", "expected"),
    [("01", "https://a.fi/k.jpg", ["cover"]), ("15", "https://a.fi/n.epub", ["sample"]),
     ("28", "http://a.fi", ["content"]),
     ("01", "www.a.fi/k.jpg", ["cover"]), ("01", "HTTPS://a.fi/k.jpg", ["cover"]),
     ("04", "https://a.fi/kuva.jpg", []), ("01", "k.jpg", []), ("01", "javascript:alert(1)", [])],
)  # fmt: skip
def test_links_lead_to_the_web(map_product, onix, kind, url, expected):
    resource = onix(ResourceContentType=kind, ResourceVersion=onix(ResourceLink=url))
    links = map_product(CollateralDetail=onix(SupportingResource=resource)).record.texts.links
    assert [link.kind for link in links] == expected
