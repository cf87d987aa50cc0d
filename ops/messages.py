"""Messages in Finnish, Swedish and English: gettext catalogues, read once per process.

English is the message id. Code marks its texts with `_`, makes a `Sentence` of them, or shows them with `text` or
(counted) `ngettext`; templates do the same and have ``{% trans %}``; the defects' texts are in
``catalogue/defects.toml``.
``python -m ops.messages`` brings the catalogues up to date and lists what is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from catalogue.defect import definitions
from catalogue.sentence import _ as _  # noqa: PLC0414 - faces take it from here

Language = Literal["fi", "sv", "en"]
TRANSLATED: tuple[Language, ...] = ("fi", "sv")
ROOMS = (
    "cli", "flows", "desk", "api", "jobs", "index", "harvest", "store", "parsers", "merging", "ops", "catalogue",
)  # fmt: skip
HOW = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {"_": None, "text": None, "ngettext": (1, 2), "Sentence": None}
KEYWORDS_OF_STORE = {"_": None, "Sentence": None}
"""`text` is SQL there."""


@cache
def messages_of(language: Language) -> dict[str, tuple[str, ...]]:
    """Message id → its texts in one language, one for each plural form. English is its own catalogue."""
    if language == "en":
        return {}
    file = resources.files("ops").joinpath("locale", language, "lyhde.po")
    with file.open("rb") as stream:
        messages = read_po(stream, locale=language)
    return {_name(m): texts for m in messages if m.id and not m.fuzzy and (texts := _texts(m)) and all(texts)}


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Message id → text of one language; of a counted message, the text for one."""
    return {name: texts[0] for name, texts in messages_of(language).items()}


def translator(language: Language) -> Callable[[str], str]:
    """A function from message id to text; an id without a translation is shown as it is."""
    known = catalogue(language)
    return lambda text: known.get(text, text)


def counter(language: Language) -> Callable[[str, str, int], str]:
    """A function (singular, plural, count) → the text for so many. Finnish, Swedish and English part at one."""
    known = messages_of(language)

    def counted(singular: str, plural: str, count: int) -> str:
        texts = known.get(singular, (singular, plural))
        return texts[0] if count == 1 else texts[-1]

    return counted


def _name(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(map(str, message.string or ()))


def wanted(root: Path) -> Catalog:
    """Every message of the code under `root` and of the defect table."""
    template = Catalog(project="Lyhde", charset="utf-8", fuzzy=False)
    for room in ROOMS:
        keywords = KEYWORDS_OF_STORE if room == "store" else KEYWORDS
        found = extract_from_dir(root / room, HOW, options_map=OPTIONS, keywords=keywords)
        for name, line, message, _comments, _context in found:
            template.add(message, locations=[(f"{room}/{name}", line)])
    for code, definition in definitions().items():
        template.add(definition.text, auto_comments=[code], locations=[("catalogue/defects.toml", 0)])
    return template


def missing(language: Language, root: Path) -> list[str]:
    """Message ids that the code uses and the language's catalogue lacks."""
    known = catalogue(language)
    return [_name(m) for m in wanted(root) if m.id and _name(m) not in known]


def update(language: Language, root: Path) -> None:
    """Bring one catalogue up to date with the code: new messages empty, unused ones gone, none fuzzy."""
    path = root / "ops" / "locale" / language / "lyhde.po"
    template = wanted(root)
    current = Catalog(locale=language, project="Lyhde", fuzzy=False)
    if path.exists():
        with path.open("rb") as stream:
            current = read_po(stream, locale=language)
    current.update(template, no_fuzzy_matching=True)
    current.obsolete.clear()
    with path.open("wb") as out:
        write_po(out, current, width=110, no_location=True, omit_header=True, sort_output=True)


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent
    for name in TRANSLATED:
        update(name, here)
        catalogue.cache_clear()
        for text in missing(name, here):
            sys.stdout.write(f"{name}: {text}\n")
