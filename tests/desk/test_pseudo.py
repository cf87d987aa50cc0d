"""Every page in a language that brackets each message: what stands outside the brackets was never translated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.testclient import TestClient

from catalogue.accessibility import fact_names
from catalogue.record import CatalogueRecord, Labels
from catalogue.vocabularies import class_names
from desk import rendering
from jobs.reviewing import Author, decide
from jobs.views import codewords
from ops import messages
from store import cases, merged, records, sources
from store.database import Store

Desk = Callable[..., TestClient]
NOW = "2026-11-03T08:31:00Z"
SAID = frozenset({"alt", "title", "aria-label", "placeholder", "data-label", "data-words", "data-over", "data-said"})
OURS = frozenset({"Lyhde", "Suomi", "Svenska", "English", "MARC", "ONIX", "ISBN", "YSO"})
DATA = frozenset({"bdi", "time", "code", "kbd", "q", "pre", "textarea"})
"""Elements that hold what people or sources wrote, dates, and keys."""
LOCUS = re.compile(r"\w+[/$@][\w/@·$ ]*|[A-Z]\w+( · [A-Z]\w+)*")
"""Where a source says it: ``245$a``, ``DescriptiveDetail/ProductForm``."""
LABELS = " suomi ruotsi kirjoittaja lukija www.saavutettavuusvaatimukset.fi "
"""Labels that vocabularies give in the reader's language; an address."""
CHAIN = (
    ("same", "kaarna:fi.kaarna.0654", "lintula:lin1000654"),
    ("same", "lintula:lin1000654", "vikens:vik1000654"),
    ("different", "kaarna:fi.kaarna.0654", "vikens:vik1000654"),
)


class Bare(HTMLParser):
    """Collects texts and attributes without a bracket that hold a word."""

    def __init__(self, data: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.depth = 0
        self.data = data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        for name in SAID & named.keys() if tag != "time" else ():
            if (tag, name) != ("td", "title") or not LOCUS.fullmatch(named[name] or ""):
                self.judge(_bare(named[name] or "", 0)[0], f"{tag}[{name}]")
        if tag not in ("meta", "link", "input", "br", "path", "rect", "col", "hr", "img"):
            data = tag in DATA or bool({"chip", "data"} & set((named.get("class") or "").split()))
            self.open.append("data" if data else tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open:
            self.open.pop()

    def handle_data(self, text: str) -> None:
        bare, self.depth = _bare(text, self.depth)
        if not {"data", "script", "style"} & set(self.open):
            self.judge(bare, self.open[-1] if self.open else "")

    def judge(self, text: str, place: str) -> None:
        words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in OURS]
        if any(word.casefold() not in self.data for word in words):
            self.found.append(f"{place}: {' '.join(text.split())[:120]}")


def _bare(text: str, depth: int) -> tuple[str, int]:
    """What stands outside of all brackets, and how deep in them the text ends."""
    kept = []
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        kept.append(letter if depth == 0 and letter != "⟧" else " ")
    return "".join(kept), depth


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    class Bracketed(dict[str, tuple[str, ...]]):
        def get(self, key: str, default: object = None) -> tuple[str, ...]:
            plural = default[-1] if isinstance(default, tuple) else key
            return (f"⟦{key}⟧", f"⟦{plural}⟧")

    class Flat(dict[str, str]):
        def get(self, key: str, default: object = None) -> str:
            return f"⟦{key}⟧"

    monkeypatch.setattr(messages, "messages_of", lambda _language: Bracketed())
    monkeypatch.setattr(messages, "catalogue", lambda _language: Flat())
    rendering.environment.cache_clear()
    yield
    rendering.environment.cache_clear()


def every_page(store: Store) -> Iterator[str]:
    """A page of every route and of every kind of case."""
    yield from ("/", "/queue", "/queue/groups", "/records", "/decisions", "/orphans", "/sources", "/runs", "/runs/1")
    yield from ("/me", "/admin/users", "/admin/users/aino", "/help", "/accessibility", "/nowhere", "/queue?page=0")
    yield from ("/records?q=kello", "/decisions?answer=same", "/runs?state=failed", "/record/w9999999")
    with store.read() as connection:
        found = {(c.kind, c.level, c.reason): c for c in cases.listed(connection)}
        edition = next(e for e in merged.every(connection, "edition") if len(e.merged.members) > 1)
        key = next(str(r.key) for _n, r in records.live_records(connection))
    for case in found.values():
        yield from (f"/case/{case.case}", f"/case/{case.case}/history")
    yield f"/case/{case.case}/raw/{case.members[0]}"
    yield from (f"/record/{edition.id}", f"/record/{edition.id}?tab=history", f"/record/{edition.work}")
    yield from (
        f"/record/{key}",
        f"/raw?record={key}",
        f"/join?left={edition.id}",
        f"/join?left={key}&right={edition.id}",
    )
    yield from (f"/change?record={edition.id}&field={name}" for name in ("extent.pages", "titles.main", "formats"))


def code_names(record: CatalogueRecord) -> Iterator[Labels]:
    """The names that vocabularies give to the codes of a record."""
    yield from (class_names(each.scheme, each.code) for each in record.topics.classification)
    yield from (codewords.audience_names(each.scheme, each.code) for each in record.topics.audience)
    yield from (fact_names(each.code or "") for each in record.accessibility)
    yield from (codewords.relation_names(each.kind) for each in record.relations)
    yield codewords.drm_names(record.availability.drm or "")


def said_by_sources(store: Store) -> str:
    """Everything the catalogue says, in one text, with what its codes are called."""
    with store.read() as connection:
        live = [record for _n, record in records.live_records(connection)]
        said: list[Any] = [r.model_dump_json() for r in live]
        said += [labels.model_dump_json() for record in live for labels in code_names(record)]
        said += [c.model_dump_json() for c in cases.listed(connection)]
        said += [*merged.names(connection, "work"), *merged.names(connection, "edition")]
        said += [known.name for known in sources.every(connection)]
    return " ".join(said).casefold()


@pytest.mark.usefixtures("pseudo")
def test_no_text_or_attribute_escapes_translation(desk: Desk, store: Store) -> None:
    for answer, *pair in CHAIN:
        decide(store, answer, tuple(pair), level="edition", author=Author("aino", NOW))  # type: ignore[arg-type]  # a pair
    client = desk(role="admin", language="fi")
    data = said_by_sources(store) + " aino virtanen " + LABELS
    escaped = []
    for path in every_page(store):
        page = Bare(data)
        page.feed(client.get(path).text.partition("<body>")[2])
        escaped += [f"{path} {found}" for found in page.found]
    assert escaped == []
