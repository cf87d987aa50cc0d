"""Whole vocabularies in SKOS as their publishers offer them: RDF/XML, Turtle and N-Triples, gzipped or not.

Read as a stream, concept by concept; a file of any size costs the memory of its largest concept. Nothing in it is
fetched: links are names.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from lxml import etree

from catalogue.vocabularies.turtle import Triple, statements
from parsers.compressed import uncompressed
from parsers.payload import Payload, Unreadable

SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DCT, _DC = "http://purl.org/dc/terms/", "http://purl.org/dc/elements/1.1/"
_SCHEME = f"{SKOS}ConceptScheme"
_MAX_STATEMENT = 8 * 2**20
LABELS = (f"{SKOS}prefLabel", f"{SKOS}altLabel")
MATCHES = (f"{SKOS}exactMatch", f"{SKOS}closeMatch")


class NotSkos(ValueError):
    """The file cannot be read as SKOS; the message says why."""


@dataclass(slots=True)
class Subject:
    """What a file says of one named thing: ``predicate → [(value, language), …]`` in the order of the file."""

    uri: str
    said: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, predicate: str, value: str, language: str) -> None:
        """One statement."""
        self.said.setdefault(predicate, []).append((value, language))

    def values(self, predicate: str, language: str = "") -> list[str]:
        """The values of a predicate in a language, or those without one."""
        return [value for value, spoken in self.said.get(predicate, ()) if spoken == language]

    def is_concept(self) -> bool:
        """Whether it has labels of its own."""
        return any(name in self.said for name in LABELS)


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself: title, date or version, licence; '' where it does not."""

    title: str = ""
    version: str = ""
    licence: str = ""


def about(subject: Subject) -> About | None:
    """What a concept scheme says of its vocabulary; None for anything else and for schemes without a title."""
    titles = [v for name in (f"{_DC}title", f"{_DCT}title") for v, _ in subject.said.get(name, ())]
    if _SCHEME not in subject.values("rdf:type") or not titles:
        return None
    versions = [
        v for name in ("http://www.w3.org/2002/07/owl#versionInfo", f"{_DCT}modified") for v in subject.values(name)
    ]
    licences = subject.values(f"{_DCT}license") + subject.values(f"{_DCT}rights")
    return About(titles[0], next(iter(versions), ""), next(iter(licences), ""))


def read_skos(stream: BinaryIO) -> Iterator[Subject]:
    """Every named thing of a SKOS file. Statements that are not written together come as several. Raises NotSkos."""
    try:
        payload = uncompressed(Payload(stream))
        start = payload.peek(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
        if start[:1] in (b"{", b"["):
            raise NotSkos("JSON-LD is not read: take the file as RDF/XML, Turtle or N-Triples")
        yield from _xml(payload) if start.startswith((b"<?xml", b"<rdf:", b"<!DOCTYPE", b"<!--")) else _turtle(payload)
    except Unreadable as fault:
        raise NotSkos(fault.defect.code) from fault
    except (etree.XMLSyntaxError, UnicodeDecodeError) as fault:
        raise NotSkos(str(fault)) from None


def _xml(payload: Payload) -> Iterator[Subject]:
    """Top-level elements with ``rdf:about``; of nested descriptions only the address is taken."""
    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    depth = 0
    parser = etree.iterparse(
        cast(BinaryIO, payload), events=("start", "end"), remove_comments=True, remove_pis=True, **options
    )
    for event, element in parser:
        depth += 1 if event == "start" else -1
        if event == "end" and depth == 1:
            yield from _described(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _described(element: etree._Element) -> Iterator[Subject]:
    uri = element.get(f"{_RDF}about")
    if not uri:
        return
    found = Subject(uri)
    found.add("rdf:type", _plain(str(element.tag)), "")
    for child in element:
        predicate = _plain(str(child.tag))
        nested = next((each.get(f"{_RDF}about") for each in child if each.get(f"{_RDF}about")), None)
        value = child.get(f"{_RDF}resource") or nested or " ".join((child.text or "").split())
        if value:
            name = "rdf:type" if predicate.endswith("22-rdf-syntax-ns#type") else predicate
            found.add(name, value, child.get(_LANGUAGE) or "")
    yield found


def _plain(tag: str) -> str:
    return tag.replace("{", "").replace("}", "")


def _turtle(payload: Payload) -> Iterator[Subject]:
    """Statements about one subject, as long as they follow each other."""
    lines = io.TextIOWrapper(io.BufferedReader(_Readable(payload)), "utf-8-sig")
    found: Subject | None = None
    known = False
    for subject, predicate, value, language in _typed(statements(lines, _MAX_STATEMENT)):
        known = True
        if found is None or found.uri != subject:
            if found is not None:
                yield found
            found = Subject(subject)
        found.add(predicate, " ".join(value.split()), language)
    if found is not None:
        yield found
    if not known:
        raise NotSkos("there is no statement in it")


def _typed(triples: Iterator[Triple]) -> Iterator[Triple]:
    for triple in triples:
        is_type = triple.predicate.endswith("22-rdf-syntax-ns#type")
        yield triple._replace(predicate="rdf:type") if is_type else triple


class _Readable(io.RawIOBase):
    """A payload as a raw stream."""

    def __init__(self, payload: Payload) -> None:
        self._payload = payload

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._payload.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
