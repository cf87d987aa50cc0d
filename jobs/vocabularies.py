"""Taking in a whole vocabulary from a file: its labels, replacements and matches, beside what is pinned."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from catalogue.vocabularies.concepts import MATCHES, scheme_of, uri_key
from catalogue.vocabularies.headings import use_own
from catalogue.vocabularies.tables import VERSIONS, own_rows, own_versions
from parsers import skos
from parsers.skos import About, NotSkos, Subject

HEADING = "uri\tfi\tsv\ten\talt_fi\talt_sv\treplaced_by"
_REPLACED = "http://purl.org/dc/terms/isReplacedBy"
_NO_CONCEPTS = {f"{skos.SKOS}{kind}" for kind in ("Collection", "OrderedCollection", "ConceptScheme")} | {
    "http://www.w3.org/2002/07/owl#Class"
}
_PRESENT = ("yso", "slm", "seko", "kauno")  # what concepts of replaced vocabularies lead to, in this order


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file gave: the vocabulary, what it says of itself, and how many concepts and matches it has."""

    name: str
    about: About
    concepts: int
    replaced: int
    matches: int

    def as_json(self) -> dict[str, Any]:
        said = {"title": self.about.title, "version": self.about.version, "licence": self.about.licence}
        return {
            "name": self.name,
            **said,
            "concepts": self.concepts,
            "replaced": self.replaced,
            "matches": self.matches,
        }


@dataclass(slots=True)
class _Row:
    labels: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)
    heirs: list[str] = field(default_factory=list)
    matches: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    def is_concept(self) -> bool:
        """Whether it has a label and is not a group or a scheme of concepts."""
        return bool(self.labels) and _NO_CONCEPTS.isdisjoint(self.kinds)


def update_vocabulary(file: Path, folder: Path, now: str) -> TakenIn:
    """Take a SKOS file (RDF/XML, Turtle, N-Triples; gzipped or not) into a folder. A vocabulary's last file stands.

    Records keep what they were linked to until `remap`. Raises UsageError where the file is not one of these or holds
    no concept of a vocabulary we know.
    """
    try:
        with file.open("rb") as stream:
            name, rows, about = _read(skos.read_skos(stream), file)
    except OSError as error:
        raise UsageError(Sentence("{path}: cannot be read: {why}", path=file, why=error.strerror)) from error
    except (NotSkos, ValueError) as error:
        raise UsageError(Sentence("{path}: is no SKOS file: {why}", path=file, why=str(error))) from error
    folder.mkdir(parents=True, exist_ok=True)
    use_own(folder)
    lines = list(_lines(rows, name))
    matches = _matches(rows, name)
    digest = _write(folder / f"{name}.tsv.gz", HEADING, lines)
    _write(folder / f"{MATCHES}.tsv.gz", "uri\tconcept", [f"{other}\t{key}" for other, key in sorted(matches.items())])
    found = TakenIn(name, about, len(lines), sum(not line.endswith("\t") for line in lines), len(matches))
    _keep_version(folder, found, {"file": file.name, "taken_in": now, "sha256": digest})
    use_own(folder)
    return found


def _read(subjects: Iterable[Subject], file: Path) -> tuple[str, dict[str, _Row], About]:
    """The vocabulary most of the concepts are of, its concepts by URI, and what the file says of itself."""
    by_scheme: dict[str, dict[str, _Row]] = {}
    said = About()
    for subject in subjects:
        said = skos.about(subject) or said
        scheme = scheme_of(subject.uri)
        if scheme is not None:
            _add(by_scheme.setdefault(scheme, {}).setdefault(subject.uri, _Row()), subject)
    sizes = Counter({scheme: sum(row.is_concept() for row in rows.values()) for scheme, rows in by_scheme.items()})
    if not sizes.total():
        raise UsageError(Sentence("{path}: has no concept of a vocabulary that is known here", path=file))
    name = sizes.most_common(1)[0][0]
    return name, {uri: row for uri, row in by_scheme[name].items() if row.is_concept()}, said


def _add(row: _Row, subject: Subject) -> None:
    """Statements about one concept may stand in several places of a file."""
    for language in ("fi", "sv", "en"):
        for label in subject.values(skos.LABELS[0], language):
            row.labels.setdefault(language, label)
        row.others.setdefault(language, []).extend(
            label for label in subject.values(skos.LABELS[1], language) if "|" not in label
        )
    row.kinds.update(subject.values("rdf:type"))
    row.heirs += subject.values(_REPLACED)
    row.matches += [uri for name in skos.MATCHES for uri in subject.values(name)]


def _lines(rows: Mapping[str, _Row], name: str) -> Iterator[str]:
    for uri in sorted(rows):
        row = rows[uri]
        labels = [row.labels.get(language, "") for language in ("fi", "sv", "en")]
        others = ["|".join(dict.fromkeys(row.others[language])) for language in ("fi", "sv")]
        yield "\t".join([uri, *labels, *others, _heir(row, name)])


def _heir(row: _Row, name: str) -> str:
    """What took the concept's place; of a replaced vocabulary, the present concept it matches. Only if that is one."""
    if row.heirs:
        return row.heirs[0] if len(set(row.heirs)) == 1 else ""
    if name in _PRESENT:
        return ""
    for scheme in _PRESENT:
        same = {uri for uri in row.matches if scheme_of(uri) == scheme}
        if same:
            return same.pop() if len(same) == 1 else ""
    return ""


def _matches(rows: Mapping[str, _Row], name: str) -> dict[str, str]:
    """Addresses in replaced vocabularies → the key of the one concept that matches them; with those known before."""
    found: dict[str, str] = dict(row.split("\t", 1) for row in own_rows(MATCHES))
    claimed: dict[str, set[str]] = {}
    for uri, row in rows.items() if name in _PRESENT and name != "kauno" else ():
        for other in row.matches:
            if scheme_of(other) not in (None, *_PRESENT):
                claimed.setdefault(uri_key(other), set()).add(uri_key(uri))
    return found | {other: keys.pop() for other, keys in claimed.items() if len(keys) == 1}


def _write(path: Path, heading: str, lines: list[str]) -> str:
    """The same rows give the same bytes; another process never sees half of them."""
    text = "\n".join([heading, *lines, ""]).encode()
    part = path.with_suffix(".part")
    part.write_bytes(gzip.compress(text, 9, mtime=0))
    part.replace(path)
    return sha256(text).hexdigest()


def _keep_version(folder: Path, found: TakenIn, more: dict[str, str]) -> None:
    known = own_versions() | {found.name: {**found.as_json(), **more}}
    lines: list[str] = []
    for name, row in sorted(known.items()):
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items()), ""]
    part = folder / f"{VERSIONS}.part"
    part.write_text("\n".join(lines), "utf-8")
    part.replace(folder / VERSIONS)
