"""XML that is none by the letter: documents put into one file, undeclared prefixes, references to no character."""

from __future__ import annotations

import re
from typing import Any

import pytest

from parsers.payload import CHUNK_BYTES

GOOD = "<Product><RecordReference>r1</RecordReference><Title><TitleText>Sinuhe</TitleText></Title></Product>"
TREE = {"RecordReference": ["r1"], "Title": [{"TitleText": ["Sinuhe"]}]}


def message(*products: str) -> str:
    return f'<ONIXMessage release="2.1">{"".join(products)}</ONIXMessage>'


def codes(record: Any) -> list[str]:
    return [defect.code for defect in record.defects]


DECLARED = '<?xml version="1.0"\n encoding="UTF-8"?>'
DOCTYPE = '<!DOCTYPE ONIXMessage\n SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize("padding", [0, 1, 5, 20, 60, 100])
@pytest.mark.parametrize("before", ["", DECLARED, f"{DECLARED}\n{DOCTYPE}\n", "\n<!-- next -->\n"])
@pytest.mark.parametrize("bare", [False, True])
def test_documents_one_after_the_other_are_all_read(read: Any, bare: bool, before: str, padding: int) -> None:
    """Files that were put into one; the second begins wherever a chunk ends."""
    first = GOOD if bare else message(GOOD)
    gap = " " * (CHUNK_BYTES - len(before + first) - padding)
    records = read(before + first + gap + before + first + before + first)
    assert [r.content for r in records] == [TREE] * 3
    assert [r.defects for r in records] == [()] * 3
    lines = [int(r.locus.removeprefix("line ")) for r in records]
    assert lines == [1 + before.count("\n") * n for n in (1, 2, 3)]


def test_text_after_the_message_harms_no_record(read: Any) -> None:
    (record,) = read(message(GOOD) + "\nEOF\n")
    assert record.content == TREE


def test_a_prefix_that_was_never_declared_counts_as_one(read: Any) -> None:
    (record,) = read(re.sub("<(/?)", r"<\1o:", message(GOOD)))
    assert (record.content, record.dialect) == (TREE, "onix-2.1")


@pytest.mark.parametrize(
    "bad",
    [
        "&#0;",
        "&#x1F;",
        "&#xD800;",
        "&#57343;",
        "&#xfffe;",
        "&#65535;",
        "&#x110000;",
        "&#1114112;",
        "&#99999999999;",
        "\ufffe",
        "\uffff",
        "\x01",
    ],
)
def test_what_is_no_character_is_taken_out_and_told(read: Any, bad: str) -> None:
    first, second = read(message(GOOD.replace("Sinuhe", f"Sinu{bad}he"), GOOD))
    assert first.content == second.content == TREE
    assert (codes(first), codes(second)) == (["text.control_characters"], [])


@pytest.mark.parametrize(
    "kept", ["&#9;", "&#x85;", "&#55295;", "&#xE000;", "&#65533;", "&#x10FFFF;", "&#1114111;", "&#228;"]
)
def test_a_reference_to_any_character_stays(read: Any, kept: str) -> None:
    (record,) = read(message(GOOD.replace("Sinuhe", f"a{kept}b")))
    assert (len(record.content["Title"][0]["TitleText"][0]), record.defects) == (3, ())
