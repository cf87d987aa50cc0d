"""What the XML and the JSON reader say of a fault, in sentences of ours by its kind; unknown kinds keep their words."""

from __future__ import annotations

import json
import re

from lxml import etree

from catalogue.sentence import Sentence

_MISMATCH = re.compile(r".*mismatch: (?P<start>\S+) line (?P<line>\d+) and (?P<end>\S+)", re.DOTALL)

XML_FAULTS: dict[str, Sentence] = {  # by libxml2's name of the error
    "ERR_ATTRIBUTE_NOT_FINISHED": Sentence("a value of an attribute has no closing quotation mark"),
    "ERR_ATTRIBUTE_NOT_STARTED": Sentence("a value of an attribute stands without quotation marks"),
    "ERR_ATTRIBUTE_REDEFINED": Sentence("a tag has the same attribute twice"),
    "ERR_ATTRIBUTE_WITHOUT_VALUE": Sentence("an attribute has no value"),
    "ERR_CDATA_NOT_FINISHED": Sentence("a CDATA section does not end"),
    "ERR_COMMENT_NOT_FINISHED": Sentence("a comment does not end"),
    "ERR_DOCUMENT_EMPTY": Sentence("there is no start tag where one was expected"),
    "ERR_DOCUMENT_END": Sentence("something stands behind the end of the document"),
    "ERR_ENTITYREF_SEMICOL_MISSING": Sentence("a reference to a character has no semicolon"),
    "ERR_GT_REQUIRED": Sentence("a tag does not end"),
    "ERR_HYPHEN_IN_COMMENT": Sentence("two hyphens stand inside a comment"),
    "ERR_INVALID_CHAR": Sentence("there is a character that XML does not allow"),
    "ERR_INVALID_CHARREF": Sentence("a reference names no character"),
    "ERR_INVALID_DEC_CHARREF": Sentence("a reference names no character"),
    "ERR_INVALID_HEX_CHARREF": Sentence("a reference names no character"),
    "ERR_INVALID_ENCODING": Sentence("there are bytes that are no character"),
    "ERR_LT_IN_ATTRIBUTE": Sentence("< stands in the value of an attribute"),
    "ERR_LTSLASH_REQUIRED": Sentence("an end tag is missing"),
    "ERR_MISPLACED_CDATA_END": Sentence("]]> stands outside a CDATA section"),
    "ERR_NAME_REQUIRED": Sentence("< or & is followed by no name"),
    "ERR_PI_NOT_FINISHED": Sentence("a processing instruction does not end"),
    "ERR_RESERVED_XML_NAME": Sentence("an XML declaration stands inside the document"),
    "ERR_SPACE_REQUIRED": Sentence("a space is missing between the parts of a tag"),
    "ERR_TAG_NAME_MISMATCH": Sentence("a start tag is closed by another end tag"),
    "ERR_TAG_NOT_FINISHED": Sentence("an end tag is missing"),
    "ERR_UNDECLARED_ENTITY": Sentence("a named character is not known"),
}
TOO_MUCH: dict[str, Sentence] = {  # by the beginning of what it says of a limit
    "Excessive depth": Sentence("elements nested beyond all measure"),
    "Maximum entity": Sentence("characters that unpack beyond all measure"),
}
JSON_FAULTS: dict[str, Sentence] = {  # by Python's words
    "Expecting value": Sentence("a value was expected"),
    "Expecting ',' delimiter": Sentence("a comma was expected"),
    "Expecting ':' delimiter": Sentence("a colon was expected"),
    "Expecting property name enclosed in double quotes": Sentence("a name in quotation marks was expected"),
    "Unterminated string starting at": Sentence("a text has no closing quotation mark"),
    "Invalid \\escape": Sentence("a backslash is followed by no known letter"),
    "Invalid \\uXXXX escape": Sentence("\\u is not followed by four digits"),
    "Invalid control character at": Sentence("there is a control character in a text"),
    "Extra data": Sentence("something stands behind the end of the value"),
    "Illegal trailing comma before end of object": Sentence("a comma stands before the end of an object"),
    "Illegal trailing comma before end of array": Sentence("a comma stands before the end of a list"),
}


def xml_fault(entry: etree._LogEntry) -> str:
    """Why a document is not well-formed."""
    found = _MISMATCH.fullmatch(entry.message.strip()) if entry.type_name == "ERR_TAG_NAME_MISMATCH" else None
    if found:
        return Sentence("{start} of line {line} is closed by {end}", **found.groupdict())
    kind, words = str(entry.type_name), str(entry.message)
    return XML_FAULTS.get(kind, words.strip())


def xml_excess(message: str) -> str:
    """What there is too much of in a document."""
    other = Sentence("a part that is larger than any reader of XML takes")
    return next((words for start, words in TOO_MUCH.items() if start in message), other)


def json_fault(fault: json.JSONDecodeError) -> str:
    """Why a text is no JSON."""
    return JSON_FAULTS.get(fault.msg.removesuffix(": "), fault.msg)
