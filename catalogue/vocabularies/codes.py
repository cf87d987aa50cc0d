"""Codes with names: languages (ISO 639-2/B), countries (ISO 3166-1 alpha-2) and roles (MARC relators)."""

from __future__ import annotations

from functools import cache

from catalogue.folding import fold
from catalogue.record import Labels
from catalogue.vocabularies.tables import read_rows, read_toml

_RELATOR_HOMES = ("http://id.loc.gov/vocabulary/relators/", "https://id.loc.gov/vocabulary/relators/")


def language(text: str) -> str | None:
    """ISO 639-2/B code of a two- or three-letter code (B, T, withdrawn) or of a name in fi, sv or en.

    Groups (``smi``) and the codes of no language (``mul``, ``und``, ``zxx``) are codes too. Codes of ISO 639-3
    that have no 639-2 code stay as they are (``fkv``). None where nothing is known by this name.
    """
    plain = text.strip().lower()
    tag = plain.replace("_", "-").partition("-")[0]
    aliases, _ = _languages()
    code = aliases.get(plain) or (aliases.get(tag) if 2 <= len(tag) <= 3 else None)
    return code or _language_words().get(fold(plain))


def language_names(code: str) -> Labels:
    """Names of a language in fi, sv and en, by any of its codes; empty labels where unknown."""
    aliases, names = _languages()
    return names.get(aliases.get(code.strip().lower(), ""), Labels())


def two_letter(code: str) -> str | None:
    """ISO 639-1 code of a language code, where it has one."""
    return _two_letter().get(_languages()[0].get(code.strip().lower(), ""))


def country(code: str) -> str | None:
    """ISO 3166-1 alpha-2 of a MARC country code (lower case: ``fi``, ``sw``, ``xxu``, ``nyu``) or an ISO code.

    Two capitals are read as ISO, small letters as MARC first: ``SE`` is Sweden, MARC's ``se`` the Seychelles.
    """
    given = code.strip().strip("#^|")
    marc, names = _countries()
    if given.isupper():
        return given if given in names else None
    if given in marc:
        return marc[given] or None
    return given.upper() if given.upper() in names and len(given) == 2 else None


def marc_country(code: str) -> str | None:
    """MARC code of a country (lower case: ``fi``, ``sw``, ``xxu``) by its ISO 3166-1 alpha-2; None where MARC has none.

    The country's own code, not that of one of its parts; of several the one in use.
    """
    return _marc_countries().get(code.strip().upper())


def country_names(code: str) -> Labels:
    """Names of a country in fi, sv and en by its ISO code; empty labels where unknown."""
    return _countries()[1].get(code.strip().upper(), Labels())


def relator(text: str) -> str | None:
    """MARC relator of a code, a relator URI, or a word of 700 $e in fi, sv or en; None where unknown."""
    plain = text.strip()
    for home in _RELATOR_HOMES:
        plain = plain.removeprefix(home)
    words, names = _relators()
    return plain.lower() if plain.lower() in names else words.get(fold(plain))


def relator_names(code: str) -> Labels:
    """What a role is called in fi, sv and en; empty labels where unknown."""
    return _relators()[1].get(code.strip().lower(), Labels())


@cache
def _languages() -> tuple[dict[str, str], dict[str, Labels]]:
    aliases: dict[str, str] = {}
    names: dict[str, Labels] = {}
    for row in read_rows("languages"):
        code, two, fi, sv, en, _ = row.split("\t")
        names[code] = Labels(fi=fi or None, sv=sv or None, en=en or None)
        aliases[code] = code
        if two:
            aliases.setdefault(two, code)
    table = read_toml("languages.toml")
    return table["terminology"] | table["withdrawn"] | aliases, names


@cache
def _two_letter() -> dict[str, str]:
    rows = (row.split("\t") for row in read_rows("languages"))
    return {code: two for code, two, *_ in rows if two}


@cache
def _language_words() -> dict[str, str]:
    index: dict[str, str] = {}
    several: set[str] = set()
    for row in read_rows("languages"):
        code, _, *names, others = row.split("\t")
        for word in (*names, *others.split("|")):
            key = fold(word)
            if key and index.setdefault(key, code) != code:
                several.add(key)
    for key in several:
        del index[key]
    return index | {fold(w): code for code, words in read_toml("languages.toml")["words"].items() for w in words}


@cache
def _countries() -> tuple[dict[str, str], dict[str, Labels]]:
    marc: dict[str, str] = {}
    names: dict[str, Labels] = {}
    for row in read_rows("countries"):
        kind, code, iso, fi, sv, en = row.split("\t")
        if kind == "iso":
            names[code] = Labels(fi=fi or None, sv=sv or None, en=en or None)
        else:
            marc[code] = iso
    return marc, names


@cache
def _marc_countries() -> dict[str, str]:
    """ISO code → MARC code: what the hand-written table prefers, else the code of a country before that of a part."""
    found: dict[str, str] = dict(read_toml("countries.toml")["preferred"])
    marc, _ = _countries()
    for code, iso in sorted(marc.items(), key=lambda row: (len(row[0]) != 2, not row[0].startswith("xx"), row[0])):
        if iso:
            found.setdefault(iso, code)
    return found


@cache
def _relators() -> tuple[dict[str, str], dict[str, Labels]]:
    words: dict[str, str] = {}
    names: dict[str, Labels] = {}
    for row in read_rows("relators"):
        code, *columns = row.split("\t")
        per_language = [column.split("|") for column in columns]
        names[code] = Labels(**{k: w[0] or None for k, w in zip(("fi", "sv", "en"), per_language, strict=True)})
        for word in (w for column in per_language for w in column):
            words.setdefault(fold(word), code)
    words.pop("", None)
    return words, names
