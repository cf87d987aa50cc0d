"""Builds the pinned tables: ``python -m catalogue.vocabularies.build DIR``.

DIR holds the folders ``vocab-yso``, ``vocab-slm-seko-musa``, ``vocab-libris``, ``vocab-marc``, ``vocab-ykl``,
``vocab-thema`` and ``vocab-onix`` as they were received.
Language and country names come from the installed Babel (CLDR). The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.core import get_global

from catalogue.folding import fold
from catalogue.vocabularies.classes import THEMA, thema_codes
from catalogue.vocabularies.onix_codes import FILES, code_lists, list_codes
from catalogue.vocabularies.tables import read_toml
from catalogue.vocabularies.turtle import triples

LANGUAGES = ("fi", "sv", "en")
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_REPLACED = "http://purl.org/dc/terms/isReplacedBy"
_YSO_LINE = re.compile(r"<([^>]+)>\t(.+)")
_NO_COUNTRY = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
_WORD_STARTS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = {"u": "US", "c": "CA", "k": "GB", "a": "AU"}  # MARC codes of states, provinces and countries of a country

_Subject = dict[str, list[str]]  # "prefLabel@fi" → values, in document order


def main(arguments: Sequence[str] | None = None) -> None:
    """Write every table and ``versions.toml`` into the package's ``data`` folder (or `--out`)."""
    parser = argparse.ArgumentParser(prog="python -m catalogue.vocabularies.build", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder that holds vocab-yso, vocab-slm-seko-musa, vocab-libris …")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data")
    chosen = parser.parse_args(arguments)
    build(chosen.folder, chosen.out)


def build(folder: Path, out: Path) -> None:
    """All tables from the received vocabularies in `folder` to `out`. Raises OSError where a file is missing."""
    skos = folder / "vocab-slm-seko-musa"
    tables = {
        "yso": ("uri\tfi\tsv\ten\talt_fi\talt_sv\treplaced_by", _yso(folder / "vocab-yso")),
        **{
            name: ("uri\tfi\tsv\ten\talt_fi\talt_sv\treplaced_by", _skos(skos / f"{name}-skos.ttl.gz"))
            for name in ("slm", "seko", "musa")
        },
        "languages": ("code\ttwo\tfi\tsv\ten\tothers", _languages(folder)),
        "countries": ("kind\tcode\tiso\tfi\tsv\ten", _countries(folder / "vocab-libris" / "countries.ttl")),
        "relators": ("code\tfi\tsv\ten", _relators(folder / "vocab-libris" / "relators.ttl")),
        "ykl": ("code\tfi\tsv\ten", _ykl(folder / "vocab-ykl")),
    }
    out.mkdir(parents=True, exist_ok=True)
    written = {name: _write(out / f"{name}.tsv.gz", heading, rows) for name, (heading, rows) in tables.items()}
    written["thema"] = _unaltered(folder / "vocab-thema" / THEMA, out / THEMA)
    for release, name in FILES.items():
        written[f"onix-{release}"] = _unaltered_lists(folder / "vocab-onix" / Path(name).name, out / name)
    (out / "versions.toml").write_text(_versions(written), "utf-8")


def _write(path: Path, heading: str, rows: Iterable[Sequence[str]]) -> tuple[int, str]:
    lines = ["\t".join(row) for row in rows]
    text = "\n".join([heading, *lines, ""]).encode()
    path.write_bytes(gzip.compress(text, 9, mtime=0))
    return len(lines), sha256(text).hexdigest()


def _unaltered(received: Path, path: Path) -> tuple[int, str]:
    """A list that may be given on only as it was received: a copy. The number of its codes, and its hash."""
    data = received.read_bytes()
    path.write_bytes(data)
    return len(thema_codes(data)), sha256(gzip.decompress(data)).hexdigest()


def _unaltered_lists(received: Path, path: Path) -> tuple[int, str]:
    """EDItEUR's code lists, a copy too. The number of codes of all lists, and the hash."""
    data = received.read_bytes()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    count = sum(len(list_codes(definition)) for definition in code_lists(data).values())
    return count, sha256(gzip.decompress(data)).hexdigest()


def _versions(written: dict[str, tuple[int, str]]) -> str:
    origins = read_toml("origins.toml")
    whole = sha256("".join(digest for _, digest in written.values()).encode()).hexdigest()[:12]
    lines = ["# Written by catalogue.vocabularies.build: what is pinned, from where, under which licence.", ""]
    lines.append(f'pinned = "{whole}"')
    for name, (count, digest) in written.items():
        lines += ["", f'["{name}"]' if "." in name else f"[{name}]"]
        lines += [f'{key} = "{value}"' for key, value in origins[name].items()]
        lines += [f"count = {count}", f'sha256 = "{digest}"']
    return "\n".join([*lines, ""])


def _yso(folder: Path) -> Iterator[tuple[str, ...]]:
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for language in LANGUAGES:
        for line in _text(folder / f"yso-ysoplaces-cicero-{language}.tsv.gz").splitlines():
            found = _YSO_LINE.fullmatch(line)
            if found:
                labels[found[1]][language] = _clean(found[2])
    for uri in sorted(labels, key=lambda u: int(u.rpartition("/p")[2])):
        yield (uri, *(labels[uri].get(language, "") for language in LANGUAGES), "", "", "")


def _skos(path: Path) -> Iterator[tuple[str, ...]]:
    for uri, values in sorted(_subjects(path).items()):
        preferred = [values.get(f"{_SKOS}prefLabel@{language}", [""])[0] for language in LANGUAGES]
        if f"{_SKOS}Concept" not in values["rdf:type@"] or not any(preferred):
            continue
        others = [
            "|".join(v for v in values.get(f"{_SKOS}altLabel@{language}", []) if "|" not in v)
            for language in ("fi", "sv")
        ]
        yield (uri, *preferred, *others, values.get(f"{_REPLACED}@", [""])[0])


def _languages(folder: Path) -> Iterator[tuple[str, ...]]:
    names = read_toml("languages.toml")["names"]
    marc = _marc_languages(folder / "vocab-marc" / "marc_languages.yaml")
    swedish = {
        uri.rpartition("/")[2]: values for uri, values in _subjects(folder / "vocab-libris" / "languages.ttl").items()
    }
    cldr_names = [_cldr(language, "languages") for language in LANGUAGES]
    for code in sorted(_language_codes(marc)):
        two = _alpha2(code)
        cldr = [known.get(two or code) or known.get(code) or "" for known in cldr_names]
        libris = swedish.get(code, {})
        libris_names = [v for k in ("prefLabel@sv", "altLabel@sv") for v in libris.get(_SKOS + k, [])]
        fallback = ["", libris_names[0] if libris_names else "", marc.get(code, "")]
        own = names.get(code, {})
        best = [own.get(lang) or a or b for lang, a, b in zip(LANGUAGES, cldr, fallback, strict=True)]
        others = [w for w in (*cldr, *libris_names, marc.get(code, "")) if w and w not in best]
        yield (code, two, *best, "|".join(dict.fromkeys(others)))


def _language_codes(marc: dict[str, str]) -> set[str]:
    """MARC's codes in force, and the three-letter codes of CLDR that stand for no other code."""
    table = read_toml("languages.toml")
    gone = set(table["terminology"]) | set(table["withdrawn"])
    aliases = get_global("language_aliases")
    cldr = {c for c in _cldr("en", "languages") if len(c) == 3 and c.isalpha() and c not in aliases}
    return (set(marc) | cldr | set(table["names"])) - gone


def _alpha2(code: str) -> str:
    table = read_toml("languages.toml")
    if code in table["two_letter"]:
        return str(table["two_letter"][code])
    terminology = {b: t for t, b in table["terminology"].items()}
    aliases = get_global("language_aliases")
    return next((two for c in (code, terminology.get(code, "")) if len(two := aliases.get(c, "")) == 2), "")


def _marc_languages(path: Path) -> dict[str, str]:
    section = path.read_text("utf-8").split("# ISO 639-3 codes")[0]
    pairs = re.findall(r"^'?(\w{3})'?:\s*['\"]?(.*?)['\"]?$", section, re.MULTILINE)
    return {code: re.sub(r"\s*\((?:Other|Artificial language)\)$", "", _clean(name)) for code, name in pairs}


def _countries(path: Path) -> Iterator[tuple[str, ...]]:
    finnish, swedish, english = (_cldr(language, "territories") for language in LANGUAGES)
    codes = sorted(c for c in english if len(c) == 2 and c.isalpha() and c not in _NO_COUNTRY)
    for code in codes:
        yield ("iso", code, code, finnish.get(code, ""), swedish.get(code, ""), english[code])
    by_name = {fold(swedish[code]): code for code in codes if code in swedish}
    by_hand = read_toml("countries.toml")["marc"]
    for uri, values in sorted(_subjects(path).items()):
        if f"{_SKOS}notation@" in values:
            code = uri.rpartition("/")[2]
            part = _PARTS.get(code[-1], "") if len(code) == 3 else ""
            iso = by_hand[code] if code in by_hand else part or by_name.get(fold(values[f"{_SKOS}prefLabel@sv"][0]), "")
            yield ("marc", code, iso, "", "", "")


def _relators(path: Path) -> Iterator[tuple[str, ...]]:
    by_hand = read_toml("relators.toml")
    libris: dict[str, tuple[list[str], str]] = {}
    for uri, values in _subjects(path).items():
        term = _WORD_STARTS.sub(" ", uri.rpartition("/")[2]).lower()
        swedish = values.get(f"{_SKOS}prefLabel@sv", []) + values.get(f"{_SKOS}altLabel@sv", [])
        for code in values.get(f"{_SKOS}notation@", []):
            libris[code] = [s.lower() for s in swedish], term
    for code in sorted(libris.keys() | by_hand.keys()):
        swedish, term = libris.get(code, ([], ""))
        own = by_hand.get(code, {})
        words = own.get("fi", []), [*own.get("sv", []), *swedish], [term, *own.get("en", [])]
        yield (code, *("|".join(dict.fromkeys(filter(None, each))) for each in words))


def _ykl(folder: Path) -> Iterator[tuple[str, ...]]:
    (path,) = folder.glob("ykl-skos-*.ttl.gz")
    classes = {}
    for values in _subjects(path).values():
        for code in values.get(f"{_SKOS}notation@", []):
            names = [values.get(f"{_SKOS}prefLabel@{language}", [""])[0] for language in LANGUAGES]
            if any(names):
                classes[code] = names
    yield from ((code, *classes[code]) for code in sorted(classes))


def _cldr(language: str, kind: Literal["languages", "territories"]) -> dict[str, str]:
    return {str(code): str(name) for code, name in getattr(Locale(language), kind).items()}


def _subjects(path: Path) -> dict[str, _Subject]:
    subjects: dict[str, _Subject] = defaultdict(lambda: defaultdict(list))
    for triple in triples(_text(path)):
        subjects[triple.subject][f"{triple.predicate}@{triple.language}"].append(_clean(triple.value))
    return subjects


def _text(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")


def _clean(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
