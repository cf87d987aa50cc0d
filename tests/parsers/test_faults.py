"""What readers of XML and JSON complain of, in words that are translated."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from lxml import etree

from catalogue.sentence import Sentence
from parsers.detect import Format
from parsers.faults import JSON_FAULTS, TOO_MUCH, XML_FAULTS, json_fault, xml_fault
from parsers.registry import parse

BROKEN_XML = [
    "<a><b></a>", "<a b></a>", "<a b=c></a>", '<a b="1" b="2"/>', '<a b="<"/>', "<a>x</a>y", "<a", "<a>", "<a><!-- x",
    "<a><![CDATA[x", "<a><?x y", "<a>&foo;</a>", "<a>&foo</a>", "<a>\x01</a>", "<1a/>", "x<a/>",
    '<a><b c="1"d="2"/></a>', "<a></a ", "<a><!-- x -- y --></a>",
    "<a>]]></a>", '<a b="x', "<a>&#xZ;</a>", "<a>&#Z;</a>",
    '<a><?xml version="1.0"?></a>', "</a>", '<a b="&lt">x</a>',
]  # fmt: skip
BROKEN_JSON = [
    "{",
    '{"a" 1}',
    '{"a": }',
    '{"a": 1 "b": 2}',
    '{"a": "x',
    '{"a": "\\q"}',
    '{"a": "\\u12"}',
    "[1 2]",
    "{1}",
    "1 2",
]


@pytest.mark.parametrize("text", BROKEN_XML)
def test_every_usual_fault_of_xml_has_words_of_ours(text: str) -> None:
    parsed = etree.iterparse(BytesIO(text.encode()), resolve_entities=False, no_network=True)
    with pytest.raises(etree.XMLSyntaxError):
        list(parsed)
    entry = next(each for each in parsed.error_log if each.level_name == "FATAL")
    assert isinstance(xml_fault(entry), Sentence), entry.type_name


@pytest.mark.parametrize("text", BROKEN_JSON)
def test_every_usual_fault_of_json_has_words_of_ours(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as fault:
        json.loads(text)
    assert isinstance(json_fault(fault.value), Sentence), fault.value.msg


def test_the_names_of_faults_are_those_of_the_xml_reader() -> None:
    assert {name for name in XML_FAULTS if not hasattr(etree.ErrorTypes, name)} == set()
    assert all(isinstance(words, Sentence) for table in (XML_FAULTS, TOO_MUCH, JSON_FAULTS) for words in table.values())


@pytest.mark.parametrize(
    ("data", "form", "detail"),
    [
        ("<ONIXMessage><Product><a b='1' b='2'/></Product></ONIXMessage>", None, "Attribute b redefined"),
        ("<ONIXMessage><Product>" + "<a>" * 300 + "</Product></ONIXMessage>", None, "Excessive depth in document"),
    ],
)
def test_what_the_reader_itself_says_stays_beside_it(data: str, form: Format | None, detail: str) -> None:
    (bad,) = parse(BytesIO(data.encode()), form)
    assert detail in bad.defect.params["detail"]  # type: ignore[union-attr]  # a bad record, or the test fails
    assert detail not in bad.defect.words  # type: ignore[union-attr]  # as above
