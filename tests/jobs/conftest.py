"""Small ONIX feeds made on the spot, and a store to harvest them into."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import LyhdeError
from catalogue.evidence import ClusterLevel
from jobs import delta, resolving, reviewing
from jobs.harvesting import harvest
from jobs.reviewing import Answered, Author
from ops.sources import SourceSettings
from store import cases, decisions, features, matches, merged, records
from store.database import Store, open_store

PRODUCT = """<Product><RecordReference>{ref}</RecordReference><NotificationType>{kind}</NotificationType>
<ProductIdentifier><ProductIDType>01</ProductIDType><IDTypeName>own</IDTypeName><IDValue>{ref}</IDValue></ProductIdentifier>
{blocks}</Product>
"""
DETAIL = """<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>EA</ProductForm>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>{title}</TitleText></TitleElement></TitleDetail></DescriptiveDetail>"""
PUBLISHING = """<PublishingDetail><Publisher><PublishingRole>01</PublishingRole>
<PublisherName>{publisher}</PublisherName></Publisher></PublishingDetail>"""

COLLATERAL = """<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
<Text>{text}</Text></TextContent></CollateralDetail>"""


def product(
    ref: str, title: str | None = None, kind: str = "03", publisher: str | None = None, *, text: str | None = None
) -> str:
    """One product; without title, text and publisher it holds no blocks."""
    blocks = DETAIL.format(title=title) if title is not None else ""
    blocks += COLLATERAL.format(text=text) if text is not None else ""
    blocks += PUBLISHING.format(publisher=publisher) if publisher is not None else ""
    return PRODUCT.format(ref=ref, kind=kind, blocks=blocks)


BOOK = """<Product><RecordReference>{ref}</RecordReference><NotificationType>03</NotificationType>
{isbn}<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>ED</ProductForm>
<ProductFormDetail>E101</ProductFormDetail>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>{title}</TitleText></TitleElement></TitleDetail>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
<PersonNameInverted>{author}</PersonNameInverted></Contributor>
<Language><LanguageRole>01</LanguageRole><LanguageCode>fin</LanguageCode></Language>
{subject}</DescriptiveDetail>{texts}
<PublishingDetail><Publisher><PublishingRole>01</PublishingRole><PublisherName>{publisher}</PublisherName></Publisher>
<PublishingStatus>04</PublishingStatus>
<PublishingDate><PublishingDateRole>01</PublishingDateRole><Date dateformat="00">{date}</Date></PublishingDate>
</PublishingDetail>{supply}</Product>"""
ISBN = "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{}</IDValue></ProductIdentifier>"
NOW = "2026-01-01T00:00:00Z"
AINO = Author("aino", NOW)
BERIT = Author("berit", NOW, "looked at both books", role="senior")


def e_book(ref: str, isbn: str = "", **changed: str) -> str:
    """An e-book; `changed` replaces values, `subject`, `texts` and `supply` are blocks."""
    values = {"title": "Kesäyön valot", "author": "Meri, Aino", "publisher": "Kaarna", "date": "20200301"}
    blocks = {"subject": "", "texts": "", "supply": ""}
    return BOOK.format(ref=ref, isbn=ISBN.format(isbn) if isbn else "", **values | blocks | changed)


@pytest.fixture
def book() -> Callable[..., str]:
    return e_book


@pytest.fixture
def deliver_to(tmp_path: Path, message: Callable[..., bytes]) -> Callable[..., None]:
    """Let a source, with further settings or without, send these products, to a store, as its whole feed."""

    def send(store: Store, source: str, *products: str, **settings: Any) -> None:
        folder = tmp_path / source
        folder.mkdir(exist_ok=True)
        (folder / "feed.xml").write_bytes(message(*products))
        about = {"id": source, "transport": {"kind": "folder", "path": folder}, **settings}
        harvest(store, SourceSettings.model_validate(about), NOW)

    return send


@pytest.fixture
def deliver(store: Store, deliver_to: Callable[..., None]) -> Callable[..., None]:
    """Let a source send these products as its whole feed."""
    return partial(deliver_to, store)


@pytest.fixture
def store_in(tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Opens further stores beside the one of the test, by any name."""
    with ExitStack() as kept:

        def opened(name: str) -> Store:
            folder = tmp_path / "stores" / name
            folder.mkdir(parents=True)
            store = open_store(f"sqlite:///{folder / 'lyhde.sqlite'}", folder)
            kept.callback(store.close)
            return store

        yield opened


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(store_url, tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def onix() -> Callable[..., str]:
    return product


@pytest.fixture
def message() -> Callable[..., bytes]:
    """A whole message of products, sent at a time."""

    def make(*products: str, sent: str | None = None) -> bytes:
        when = f"<SentDateTime>{sent}</SentDateTime>" if sent else ""
        header = f"<Header><Sender><SenderName>Otava</SenderName></Sender>{when}</Header>"
        xmlns = "http://ns.editeur.org/onix/3.0/reference"
        return f'<ONIXMessage release="3.0" xmlns="{xmlns}">{header}\n{"".join(products)}</ONIXMessage>\n'.encode()

    return make


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """The file a source's feed is written to."""
    folder = tmp_path / "feed"
    folder.mkdir()
    return folder / "feed.xml"


@pytest.fixture
def otava(feed: Path) -> Callable[..., SourceSettings]:
    """The source whose feed lies in that file's folder."""

    def make(**settings: Any) -> SourceSettings:
        transport = {"kind": "folder", "path": feed.parent}
        return SourceSettings.model_validate({"id": "otava", "transport": transport, **settings})

    return make


def decided(store: Store) -> dict[str, Any]:
    """Everything that a resolve decides: who is where, merged content, cases."""
    with store.read() as connection:
        return {
            "places": matches.places(connection),
            "merged": {level: list(merged.every(connection, level)) for level in ("edition", "work")},
            "cases": {c.case: c.model_copy(update={"priority": 0}) for c in cases.listed(connection, state=None)},
            "pairs": list(matches.all_pairs(connection)),
            "queued": features.dirty_records(connection),
        }


@pytest.fixture(scope="session")
def state() -> Callable[[Store], dict[str, Any]]:
    return decided


def told(store: Store) -> dict[str, Any]:
    """What a store says apart from the ids it minted: who is together, every merged value with where it is from, and
    what is asked.
    """
    with store.read() as connection:
        levels: tuple[ClusterLevel, ...] = ("edition", "work")
        return {
            "records": sorted(str(record.key) for _, record in records.live_records(connection)),
            "asked": {(c.case, c.reason) for c in cases.listed(connection)},
            **{level: sorted(m.merged.model_dump_json() for m in merged.every(connection, level)) for level in levels},
        }


@pytest.fixture(scope="session")
def content() -> Callable[[Store], dict[str, Any]]:
    return told


class Person:
    """Somebody who answers this and that, as chance will have it."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.chance = store, random.Random(seed)

    def act(self) -> Answered | None:
        """One answer; None where it was refused or there was nothing to answer."""
        chosen = self.chance.choice(["match"] * 4 + ["field", "undo", "undo", "separate", "join", "join", "choose"])
        with self.store.read() as connection:
            asked, made = cases.listed(connection), decisions.standing(connection)
            places = matches.places(connection)
            keys = {n: str(key) for n, key in records.keys_of(connection, sorted(places)).items()}
        try:
            return getattr(self, f"_{chosen}")({"cases": asked, "made": made, "places": places, "keys": keys})
        except LyhdeError:
            return None

    def _match(self, known: dict[str, Any]) -> Answered | None:
        found = [case for case in known["cases"] if case.kind in ("match", "split")]
        if not found:
            return None
        case, answer = self.chance.choice(found), self.chance.choice(["same", "different", "different", "unsure"])
        return reviewing.answer_match(self.store, case.case, version=case.version, answer=answer, author=BERIT)

    def _field(self, known: dict[str, Any]) -> Answered | None:
        found = [case for case in known["cases"] if case.kind == "field"]
        if not found:
            return None
        case = self.chance.choice(found)
        value = self.chance.choice(case.candidates)["value"]
        return reviewing.answer_field(self.store, case.case, version=case.version, value=value, author=AINO)

    def _undo(self, known: dict[str, Any]) -> Answered | None:
        return reviewing.undo(self.store, self.chance.choice(known["made"]).id, BERIT) if known["made"] else None

    def _separate(self, known: dict[str, Any]) -> Answered:
        key = known["keys"][self.chance.choice(sorted(known["keys"]))]
        return reviewing.separate(self.store, key, AINO, level=self.chance.choice(["edition", "work"]))

    def _join(self, known: dict[str, Any]) -> Answered:
        names = [(known["keys"][n], p.edition, p.work) for n, p in sorted(known["places"].items())]
        which, level = self.chance.randrange(3), self.chance.choice(["edition", "work"])
        left, right = (self.chance.choice(names)[which] for _ in "12")
        return reviewing.join(self.store, left, right, level=level, author=BERIT)

    def _choose(self, known: dict[str, Any]) -> Answered:
        place = self.chance.choice(sorted(known["places"].values()))
        value = self.chance.choice(["Otava", None])
        name = self.chance.choice([place.edition, place.work])
        return reviewing.decide_field(self.store, name, field="publication.publisher", value=value, author=AINO)


@pytest.fixture(scope="session")
def somebody() -> Callable[[Store, int], Person]:
    return Person


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each resolve so far that could be one of a part was one."""
    found: list[bool] = []
    original = delta.resolve_changes

    def watched(*arguments: Any) -> Any:
        done = original(*arguments)
        found.append(done is not None)
        return done

    monkeypatch.setattr(resolving, "resolve_changes", watched)
    return found


@pytest.fixture
def as_magazines(store: Store) -> Callable[[str], None]:
    """Take the books of a name for a serial, and those whose names begin with it for its issues."""

    def go(title: str) -> None:
        with store.write() as connection:
            levels = {
                number: record.model_copy(
                    update={"level": "serial" if name == title else "issue", "medium": "emagazine"}
                )
                for number, record in records.live_records(connection)
                if record.level == "monograph" and (name := record.titles[0].text).startswith(title)
            }
            if levels:
                records.replace_mapped(connection, levels)
            features.drop_features(connection, sorted(levels))
            features.mark_dirty(connection, sorted(levels), NOW)

    return go
