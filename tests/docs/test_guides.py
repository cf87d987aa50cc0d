"""The cataloguers' guides speak the interface's own words, and say the same in each language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PICTURES = DOCS / "images"
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
MOST_BYTES, MOST_BYTES_IN_ALL = 60_000, 1_000_000
NOT_OF_THE_INTERFACE = {"bold", "lihavoidut", "fetstil"}  # where the guide says what bold words are
NO_PAGE_OF_ITS_OWN = {"README.md"}


def catalogue(language: str) -> dict[str, str]:
    """Message → translation."""
    with (ROOT / "ops" / "locale" / language / "lyhde.po").open("rb") as file:
        found = read_po(file, locale=language)
    return {entry.id: entry.string for entry in found if isinstance(entry.id, str) and isinstance(entry.string, str)}


def in_bold(language: str) -> list[str]:
    text = (DOCS / f"cataloguers.{language}.md").read_text("utf-8")
    words = [" ".join(found.split()) for found in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)]
    return [word for word in words if word not in NOT_OF_THE_INTERFACE]


def pictures() -> Iterator[tuple[Path, str, Path]]:
    """Document, alternative text, picture."""
    for page in DOCUMENTS:
        for words, target in PICTURE.findall(page.read_text("utf-8")):
            yield page, words, (page.parent / target).resolve()


def test_bold_words_are_messages_of_the_interface() -> None:
    known = catalogue("fi")
    found = in_bold("en")
    assert len(found) > 50
    assert [word for word in found if word not in known] == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_bold_words_are_the_same_messages_in_every_language(language: str) -> None:
    known = catalogue(language)
    assert Counter(in_bold(language)) == Counter(known[word] for word in in_bold("en"))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_guide_shows_pictures_in_its_own_language(language: str) -> None:
    shown = [picture.name for page, _, picture in pictures() if page.name == f"cataloguers.{language}.md"]
    assert shown
    assert [name for name in shown if not name.endswith(f".{language}.png")] == []


def test_pictures_of_documents_exist_and_none_is_idle() -> None:
    assert {picture for _, _, picture in pictures()} == set(PICTURES.glob("*.png"))


def test_pictures_are_described() -> None:
    assert [(page.name, words) for page, words, _ in pictures() if len(words.split()) < 5] == []


def test_pictures_are_small() -> None:
    sizes = {picture.name: picture.stat().st_size for picture in PICTURES.glob("*.png")}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
    assert sum(sizes.values()) < MOST_BYTES_IN_ALL


def test_every_page_is_in_the_list_of_documents() -> None:
    listed = set(re.findall(r"\]\(([\w.-]+\.md)\)", (DOCS / "README.md").read_text("utf-8")))
    assert {page.name for page in DOCS.glob("*.md")} - NO_PAGE_OF_ITS_OWN <= listed
