"""Small ONIX feeds made on the spot, and a store to harvest them into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.sources import SourceSettings
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


def product(ref: str, title: str | None = None, kind: str = "03", publisher: str | None = None) -> str:
    """One product; without title and publisher it holds no blocks."""
    blocks = DETAIL.format(title=title) if title is not None else ""
    blocks += PUBLISHING.format(publisher=publisher) if publisher is not None else ""
    return PRODUCT.format(ref=ref, kind=kind, blocks=blocks)


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
