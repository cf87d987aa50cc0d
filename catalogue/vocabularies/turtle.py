"""As much of Turtle as the pinned vocabularies are written in: prefixes, labels, links, nested blank nodes skipped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

_TOKENS = re.compile(
    r'(?P<long>"""(?:[^"\\]|\\.|"(?!""))*""")'
    r'|(?P<text>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<iri><[^>\s]*>)"
    r"|(?P<language>@[A-Za-z][\w-]*)"
    r"|(?P<type>\^\^)"
    r"|(?P<comment>#[^\n]*)"
    r"|(?P<mark>[;,.\[\]()](?=\s|$|[;,.\[\]()]))"
    r"|(?P<name>[^\s;,\[\]()\"<>]+?(?=[;,.]?(?:\s|$)|[;,\[\]()]))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_ENDS = re.compile(r"\.\s*(?:#.*)?$|^\s*(?:PREFIX|BASE)\b", re.IGNORECASE)
_DIRECTIVES = ("@prefix", "@base", "prefix", "base")


class Triple(NamedTuple):
    """One statement: IRIs in full; `language` is set for a text with a language tag, else empty."""

    subject: str
    predicate: str
    value: str
    language: str


@dataclass
class _Reader:
    """The state between two tokens: which prefixes hold, and which statement is being read."""

    prefixes: dict[str, str]
    base: str = ""
    subject: str = ""
    predicate: str = ""
    depth: int = 0  # inside [ ] or ( ): skipped

    def iri(self, term: str) -> str:
        if term == "a":
            return "rdf:type"
        if term.startswith("<"):
            inner = term[1:-1]
            return inner if ":" in inner else self.base + inner
        prefix, _, local = term.partition(":")
        return self.prefixes.get(prefix, prefix + ":") + local

    def directive(self, tokens: list[str]) -> None:
        if len(tokens) == 1:
            self.base = tokens[0][1:-1]
        else:
            self.prefixes[tokens[0].rstrip(":")] = tokens[1][1:-1]

    def mark(self, mark: str) -> None:
        if mark in "[(":
            self.depth += 1
        elif mark in "])":
            self.depth -= 1
        elif self.depth == 0 and mark in ";.":
            self.predicate = ""
            self.subject = self.subject if mark == ";" else ""


def triples(document: str) -> Iterator[Triple]:
    """Every statement of a Turtle document whose subject is named. Collections and blank nodes are left out."""
    return _read(_Reader({}), document)


def statements(lines: Iterable[str], most: int) -> Iterator[Triple]:
    """As `triples`, of a document that comes line by line: what is about one subject is in memory, no more.

    N-Triples is read too, being Turtle. Raises ValueError where a statement is longer than `most` characters.
    """
    reader = _Reader({})
    waiting: list[str] = []
    size = quotes = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        quotes += line.count('"""')
        if quotes % 2 == 0 and _ENDS.search(line):
            yield from _read(reader, "".join(waiting))
            waiting, size, quotes = [], 0, 0
        elif size > most:
            raise ValueError("a statement has no end")
    yield from _read(reader, "".join(waiting))


def _read(reader: _Reader, document: str) -> Iterator[Triple]:
    tokens = [(m.lastgroup or "", m[0]) for m in _TOKENS.finditer(document) if m.lastgroup != "comment"]
    place = 0
    while place < len(tokens):
        kind, token = tokens[place]
        following = tokens[place + 1] if place + 1 < len(tokens) else ("", "")
        place += 1
        if token.lower() in _DIRECTIVES:
            place = _read_directive(reader, tokens, place)
        elif kind == "mark":
            reader.mark(token)
        elif reader.depth == 0 and kind not in ("type", "language"):
            place += 2 if following[0] == "type" else 0
            yield from _statement(reader, kind, token, following)


def _statement(reader: _Reader, kind: str, token: str, following: tuple[str, str]) -> Iterator[Triple]:
    if kind in ("text", "long"):
        language = following[1][1:] if following[0] == "language" else ""
        yield Triple(reader.subject, reader.predicate, _unquoted(token, 3 if kind == "long" else 1), language)
    elif not reader.subject:
        reader.subject = reader.iri(token)
    elif not reader.predicate:
        reader.predicate = reader.iri(token)
    else:
        yield Triple(reader.subject, reader.predicate, reader.iri(token), "")


def _read_directive(reader: _Reader, tokens: list[tuple[str, str]], place: int) -> int:
    parts: list[str] = []
    while not parts or not parts[-1].startswith("<"):
        parts.append(tokens[place][1])
        place += 1
    reader.directive(parts)
    return place + (tokens[place : place + 1] == [("mark", ".")])


def _unquoted(token: str, quotes: int) -> str:
    def plain(found: re.Match[str]) -> str:
        code = found[1]
        return chr(int(code[1:], 16)) if code[0] == "u" and len(code) == 5 else _ESCAPED.get(code, code)

    return _ESCAPE.sub(plain, token[quotes:-quotes])
