"""The shapes of MARC-in-JSON, told apart by what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

from catalogue.defect import Defect
from catalogue.parsed import MarcContent, MarcField
from catalogue.sentence import Sentence
from parsers.doubled import Doubled
from parsers.marc.deleteids import DELETED_LEADER
from parsers.marc.json_rows import as_keyed, row_field
from parsers.marc.leader import tidy_leader

MAX_WRAPPERS = 4
_SIERRA_LEADER = "_"


class NotMarc(ValueError):
    """The object is no MARC record; the message says why."""


def marc_objects(value: Any, depth: int = MAX_WRAPPERS) -> Iterator[dict[str, Any]]:
    """The MARC records in a JSON value, through wrapping objects and arrays."""
    if isinstance(value, dict):
        if isinstance(value.get("fields"), list | dict) or isinstance(value.get("varFields"), list):
            yield value
            return
        if (keyed := as_keyed(value)) is not None:
            yield keyed
            return
        if value.get("deleted") is True and isinstance(value.get("id"), str | int):
            yield {**value, "varFields": []}  # Sierra says no more of what is gone
            return
        value = list(value.values())
    if isinstance(value, list) and depth:
        for item in value:
            if isinstance(item, dict | list):
                yield from marc_objects(item, depth - 1)


def read_object(record: dict[str, Any]) -> tuple[MarcContent, tuple[Defect, ...]]:
    """Leader and fields. Raises NotMarc with the reason where a field has no known shape."""
    if isinstance(record.get("varFields"), list):
        return _sierra(record)
    leader, defects = tidy_leader(_string(record.get("leader")))
    return [leader, [field for given in _list(record["fields"]) for field in _fields(given)]], defects


def _string(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Doubled):
        return _string(value[-1])
    if isinstance(value, dict | list):
        raise NotMarc(Sentence("there is a structure where a text belongs"))
    text = str(value)
    return text if text.isascii() else normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))


def _fields(given: Any) -> Iterator[MarcField]:
    given = row_field(given) if isinstance(given, list) else given
    if not isinstance(given, dict):
        raise NotMarc(Sentence("a field is not an object"))
    if "tag" in given:
        yield _tagged(given)
        return
    for tag, content in given.items():
        for each in content if isinstance(content, list) and content else [content]:
            yield _keyed(_string(tag), each)


def _keyed(tag: str, content: Any) -> MarcField:
    """Pymarc's: ``{tag: value}`` or ``{tag: {ind1, ind2, subfields: [{code: value}]}}``."""
    if not isinstance(content, dict):
        return [tag, _string(content)]
    return [tag, _indicators(content), [pair for item in _list(content.get("subfields")) for pair in _pairs(item)]]


def _tagged(given: dict[str, Any]) -> MarcField:
    """Melinda's: ``{tag, value}`` or ``{tag, ind1, ind2, subfields: [{code, value}]}``."""
    tag = _string(given["tag"])
    tag = tag.zfill(3) if isinstance(given["tag"], int) else tag
    if "subfields" not in given:
        return [tag, _string(given.get("value"))]
    return [tag, _indicators(given), _subfields(given["subfields"], "code", "value")]


def _subfields(given: Any, code: str, value: str) -> list[list[str]]:
    found = []
    for item in _list(given):
        if not isinstance(item, dict):
            raise NotMarc(Sentence("a subfield is not an object"))
        found.append([_string(item.get(code)) or " ", _string(item.get(value))])
    return found


def _pairs(item: Any) -> Iterator[list[str]]:
    if not isinstance(item, dict):
        raise NotMarc(Sentence("a subfield is not an object"))
    for code, value in item.items():
        for each in value if isinstance(value, Doubled) else (value,):
            yield [_string(code) or " ", _string(each)]


def _list(given: Any) -> list[Any]:
    """What may come several times: writers leave the list out around a single one."""
    if given is None:
        return []
    if not isinstance(given, list | dict):
        raise NotMarc(Sentence("there is a text where a list belongs"))
    return given if isinstance(given, list) else [given]


def _indicators(given: dict[str, Any]) -> str:
    if isinstance(both := given.get("indicators"), list | str):
        return "".join(_string(one)[:1] or " " for one in both[:2]).ljust(2)
    return "".join((_string(given.get(name)) or " ")[:1] for name in ("ind1", "ind2"))


def _sierra(record: dict[str, Any]) -> tuple[MarcContent, tuple[Defect, ...]]:
    """Sierra's varFields: the leader is the field tagged "_"; the record's own id stands outside the fields."""
    leader, fields = _string(record.get("leader")), []
    for given in record["varFields"]:
        if not isinstance(given, dict):
            raise NotMarc(Sentence("a field is not an object"))
        if given.get("fieldTag") == _SIERRA_LEADER:
            leader = _string(given.get("content"))
        elif given.get("marcTag"):
            fields.append(_sierra_field(given))
    if record.get("id") is not None and all(field[0] != "001" for field in fields):
        fields.insert(0, ["001", _string(record["id"])])
    leader, defects = tidy_leader(leader or (DELETED_LEADER if record.get("deleted") else ""))
    if record.get("deleted"):
        leader = leader[:5] + "d" + leader[6:]
    return [leader, fields], defects


def _sierra_field(given: dict[str, Any]) -> MarcField:
    tag = _string(given["marcTag"])
    if tag < "010" and "content" in given:
        return [tag, _string(given["content"])]
    pairs = _subfields(given.get("subfields"), "tag", "content")
    if not pairs and given.get("content"):
        pairs = [[" ", _string(given["content"])]]
    return [tag, _indicators(given), pairs]
