"""Every product of every real ONIX file is somewhere: it stands, is deleted, outdone by another, or in quarantine."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from jobs.checking import check_files

PRODUCT = re.compile(rb"<(?:\w+:)?[Pp]roduct[\s>]")
SETS: dict[str, tuple[int, Counter[str]]] = {
    "onix21-au": (779, Counter()),
    "onix21-edge": (19, Counter({"record.no_title": 1, "payload.no_records": 1})),
    "onix-edge-onixcheck": (10, Counter({"record.no_title": 5})),
    "onix-edge-onixdata": (14, Counter({"record.update_waits": 2})),
    "onix-parity-21-30-31": (49, Counter()),
    "onix30-fi-kirjavalitys": (19, Counter({"payload.unknown_format": 1})),
    "onix30-fi-melinda": (17, Counter({"record.no_title": 3})),
    "onix30-fr-ebooks": (44, Counter({"record.no_title": 4, "payload.unknown_format": 1})),
    "onix30-pl-elibri": (43, Counter()),
}
"""Folder → start tags of products in it, and why something of it is in quarantine."""
OF_A_WHOLE_FILE = ("payload.unknown_format", "payload.no_records")


@pytest.mark.parametrize("folder", SETS)
def test_every_product_is_accounted_for(test_data: Path, folder: str) -> None:
    products, reasons = SETS[folder]
    found, why = 0, Counter[str]()
    for path in sorted((test_data / folder).rglob("*.xml")):
        written = products_in(path)
        *told, summary = check_files([path], "en")
        errors = [one for one in told if one["kind"] == "defect" and one["severity"] == "error"]
        why.update(one["code"] for one in errors)
        parts = sum(summary[part] for part in ("records", "deleted", "superseded", "quarantined"))
        unreadable = sum(one["code"].startswith("payload.") for one in errors)
        assert parts - unreadable == written, path.name
        assert summary["quarantined"] == len(errors)
        assert all(one["index"] and one["text"] for one in errors)
        assert all(one["place"].startswith("line ") or one["code"] in OF_A_WHOLE_FILE for one in errors)
        found += written
    assert (found, why) == (products, reasons)


def products_in(path: Path) -> int:
    """Start tags of products, counted without an XML parser."""
    data = path.read_bytes()
    plain = data.decode("utf-16").encode() if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data
    return len(PRODUCT.findall(plain))


def test_one_record_reference_twice_in_a_file_stands_once(tmp_path: Path) -> None:
    product = """<Product><RecordReference>r1</RecordReference><NotificationType>{}</NotificationType>{}</Product>"""
    title = "<Title><TitleType>01</TitleType><TitleText>Nimi</TitleText></Title>"
    supply = "<SupplyDetail><SupplierName>x</SupplierName></SupplyDetail>"
    for messages, expected in (
        ([("03", title), ("03", title)], (1, 0, 1, 0)),
        ([("03", title), ("05", "")], (0, 1, 1, 0)),
        ([("05", ""), ("03", title)], (1, 0, 1, 0)),
        ([("03", title), ("04", supply)], (1, 0, 1, 0)),
        ([("04", supply)], (0, 0, 0, 1)),
        ([("05", ""), ("04", supply)], (0, 1, 0, 1)),
    ):
        path = tmp_path / "feed.xml"
        path.write_text(f"<ONIXMessage>{''.join(product.format(*one) for one in messages)}</ONIXMessage>", "utf-8")
        *_, summary = check_files([path], "en")
        found = tuple(summary[part] for part in ("records", "deleted", "superseded", "quarantined"))
        assert found == expected, messages
