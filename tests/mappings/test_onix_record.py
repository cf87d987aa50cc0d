"""Life of the record, its id, and defects with their places."""

from __future__ import annotations

import pytest

from catalogue.parsed import MessageHeader


@pytest.mark.parametrize(
    ("notification", "publishing_status", "status", "meant"),
    [
        ("01", None, "live", "early"),
        ("02", "02", "live", "advance"),
        ("03", "04", "live", "confirmed"),
        ("03", "07", "live", "confirmed"),
        ("03", "16", "live", "confirmed"),
        ("04", "04", "live", "update"),
        ("03", "01", "withdrawn", "confirmed"),
        ("03", "11", "withdrawn", "confirmed"),
        ("03", "17", "withdrawn", "confirmed"),
        ("89", "04", "withdrawn", "confirmed"),
        ("88", None, "withdrawn", "update"),
        ("05", "04", "deleted", "delete"),
        ("05", "01", "deleted", "delete"),
    ],
)
def test_status_is_what_sender_and_publisher_say(map_product, onix, notification, publishing_status, status, meant):
    publishing = onix(PublishingStatus=publishing_status) if publishing_status else {}
    record = map_product(NotificationType=notification, PublishingDetail=publishing).record
    assert (record.status, record.message.notification) == (status, meant)
    assert record.message.publishing_status == publishing_status


@pytest.mark.parametrize(
    ("status", "found"), [("88", ["code.unknown"]), ("77", ["code.unknown"]), ("04", []), (None, [])]
)
def test_a_publishing_status_of_no_list_is_reported(map_product, onix, status, found):
    """88 and 89 are notifications of a test; as publishing status they mean nothing."""
    defects = map_product(PublishingDetail=onix(PublishingStatus=status) if status else {}).defects
    assert [d.code for d in defects] == found


def test_a_delete_needs_no_title(map_product):
    mapped = map_product({"TitleDetail": None}, NotificationType="05")
    assert mapped.record.status == "deleted"
    assert mapped.record.titles == ()


def test_a_product_without_title_is_no_record(map_product):
    mapped = map_product({"TitleDetail": None})
    assert mapped.record is None
    assert [(d.code, d.severity, d.source_id) for d in mapped.defects] == [("record.no_title", "error", "R1")]


def test_a_test_message_is_explained(map_product):
    assert [d.code for d in map_product(NotificationType="89").defects] == ["record.test"]


@pytest.mark.parametrize(
    ("identifiers", "expected"),
    [
        ([("15", "9789510123450")], "f1"),  # the check digit is wrong
        ([("01", "77"), ("15", "978-951-0-12345-4")], "9789510123454"),
        ([], "f1"),
    ],
)
def test_a_record_without_reference_is_named_by_isbn_or_place(map_product, onix, identifiers, expected):
    nodes = [onix(ProductIDType=kind, IDValue=value) for kind, value in identifiers]
    mapped = map_product(RecordReference=None, ProductIdentifier=nodes)
    assert mapped.record.source_id == expected
    told = next(d for d in mapped.defects if d.code == "record.no_id")
    assert dict(told.params) == {"used": expected}
    assert (told.source, told.source_id, told.index) == ("kustantaja", expected, 1)


def test_time_of_the_message_is_the_products_own_or_the_headers(map_product):
    header = MessageHeader(sent_at="20240501T1200")
    assert map_product(header=header).record.message.sent_at == "2024-05-01T12:00:00Z"
    stamped = map_product(header=header, **{"@datestamp": "20240603"}).record
    assert stamped.message.sent_at == "2024-06-03T00:00:00Z"


@pytest.mark.parametrize(
    ("elements", "code", "locus", "params"),
    [
        ({"NotificationType": "77"}, "code.unknown", "NotificationType", {"code": "77", "list": "ONIX list 1"}),
        (
            {"descriptive": {"ProductForm": "QQ"}},
            "code.unknown",
            "DescriptiveDetail/ProductForm",
            {"code": "QQ", "list": "ONIX list 150"},
        ),
        (
            {"descriptive": {"ProductFormDetail": ["E101", "E999"]}},
            "code.unknown",
            "DescriptiveDetail/ProductFormDetail[2]",
            {"code": "E999", "list": "ONIX list 175"},
        ),
        (
            {"descriptive": {"Language": [{"LanguageRole": ["01"], "LanguageCode": ["qqq"]}]}},
            "language.unknown",
            "DescriptiveDetail/Language/LanguageCode",
            {"code": "qqq"},
        ),
        (
            {"descriptive": {"Contributor": [{"ContributorRole": ["A01"], "PersonName": ["Aino Ek"]},
                                             {"ContributorRole": ["Q1"], "PersonName": ["Bo Ek"]}]}},
            "code.unknown",
            "DescriptiveDetail/Contributor[2]/ContributorRole",
            {"code": "Q1", "list": "ONIX list 17"},
        ),
        (
            {"PublishingDetail": {"PublishingDate": [{"PublishingDateRole": ["01"], "Date": ["20231340"]}]}},
            "date.impossible",
            "PublishingDetail/PublishingDate/Date",
            {"value": "20231340"},
        ),
    ],
)  # fmt: skip
def test_every_defect_names_its_place(map_product, elements, code, locus, params):
    defects = map_product(**elements).defects
    assert [(d.code, d.locus, dict(d.params)) for d in defects] == [(code, locus, params)]


def test_a_place_in_2_1_is_told_in_its_own_words(map_node):
    content = {
        "RecordReference": ["R1"],
        "Title": [{"TitleType": ["01"], "TitleText": ["Nimi"]}],
        "ProductForm": ["QQ"],
        "OtherText": [{"TextTypeCode": ["01"], "Text": ["a"]}, {"TextTypeCode": ["ZZ"], "Text": ["b"]}],
        "PublicationDate": ["20240230"],
    }
    told = [(d.code, d.locus, d.params.get("list")) for d in map_node(content).defects]
    assert told == [
        ("code.unknown", "ProductForm", "ONIX list 7"),
        ("code.unknown", "OtherText[2]/TextTypeCode", "ONIX list 33"),
        ("date.impossible", "PublicationDate", None),
    ]


def test_a_publishers_record_says_so(map_product, onix):
    record = map_product(NotificationType="02", RecordSourceName="Kirjavälitys").record
    assert record.cataloguing.model_dump() == {
        "level": "8",
        "rules": "onix",
        "language": None,
        "agency": "Kirjavälitys",
        "fields": (),
    }


def test_blocks_that_a_sender_doubles_are_read_together(map_product, onix):
    texts = [onix(TextContent=onix(TextType="03", ContentAudience="00", Text=text)) for text in ("Yksi.", "Kaksi.")]
    found = map_product(CollateralDetail=texts)
    assert [text.text for text in found.record.texts.descriptions] == ["Yksi.", "Kaksi."]
