"""What a sender sent, as text a cataloguer can read: lines of MARC, indented XML or JSON. Never markup to a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from catalogue.errors import NotFound
from catalogue.keys import RecordKey
from catalogue.sentence import Sentence, words_of
from store import payloads, records
from store.database import Store

MAX_CHARACTERS = 60_000


@dataclass(frozen=True, slots=True)
class Original:
    """One record in its own format. `cut`: there was more than is shown. `file` is what the source called the feed."""

    key: str
    format: str  # "MARC 21", "ONIX 3.0" …
    text: str
    cut: bool
    file: str
    position: int
    fetched_at: str
    payload: str  # SHA-256 of the file, by which it is kept


def original(store: Store, name: str) -> Original:
    """The record as it was read from its payload. Raises NotFound where it is unknown or nothing of it was kept."""
    with store.read() as connection:
        try:
            stored = records.find(connection, RecordKey.parse(name))
        except ValueError as error:
            raise NotFound("record", name, words_of(error)) from error
        kept = records.parsed_content(connection, stored.number) if stored else None
        if stored is None or kept is None:
            raise NotFound("record", name, Sentence("nothing of it is kept but its id"))
        payload = payloads.find(connection, stored.payload)
    dialect, content = kept["dialect"], kept["content"]
    text, cut = _capped(_lines(dialect, content))
    place = (payload.name, stored.position, payload.fetched_at, stored.payload)
    return Original(name, _FORMATS[dialect], text, cut, *place)


_FORMATS = {"marc21": "MARC 21", "onix-2.1": "ONIX 2.1", "onix-3.0": "ONIX 3.0", "onix-3.1": "ONIX 3.1"}
_FORMATS["opds-2.0"] = "OPDS 2.0"


def _lines(dialect: str, content: Any) -> Iterator[str]:
    if dialect == "opds-2.0":
        return iter(json.dumps(content, ensure_ascii=False, indent=2).split("\n"))
    return _marc(content) if dialect == "marc21" else _onix("Product", content, 0)


def _capped(lines: Iterator[str]) -> tuple[str, bool]:
    taken: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > MAX_CHARACTERS:
            return "\n".join([*taken, line[: max(0, MAX_CHARACTERS - size + len(line))]]), True
        taken.append(line)
    return "\n".join(taken), False


def _marc(content: Sequence[Any]) -> Iterator[str]:
    """``=245  10$aTitle /$cName``: the mnemonic form, blanks of indicators as backslashes, as in MarcEdit."""
    yield f"=LDR  {content[0]}"
    for tag, *rest in content[1]:
        if len(rest) == 1:
            yield f"={tag}  {rest[0]}"
        else:
            indicators, subfields = rest
            yield f"={tag}  {indicators.replace(' ', chr(92))}" + "".join(
                f"${code}{value}" for code, value in subfields
            )


def _onix(tag: str, node: Any, depth: int) -> Iterator[str]:
    """A composite over several lines, a leaf on one; attributes as they came."""
    indent = "  " * depth
    if not isinstance(node, Mapping):
        yield f"{indent}<{tag}>{escape(str(node))}</{tag}>" if node != "" else f"{indent}<{tag}/>"
        return
    attributes = "".join(f" {name[1:]}={quoteattr(str(value))}" for name, value in node.items() if name[:1] == "@")
    if "#" in node:
        yield f"{indent}<{tag}{attributes}>{escape(str(node['#']))}</{tag}>"
        return
    yield f"{indent}<{tag}{attributes}>"
    for name, occurrences in node.items():
        if name[:1] != "@":
            for one in occurrences:
                yield from _onix(name, one, depth + 1)
    yield f"{indent}</{tag}>"
