"""Hard cases in Finnish, Swedish and English, as ONIX and MARC that a sender or library might send: every veto and ask
fires where it must and keeps still where it must not. The cases stand in ``hard_cases.toml``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast
from xml.sax.saxutils import escape

import pytest

from catalogue.evidence import ClusterLevel, ScoredPair
from catalogue.record import CatalogueRecord
from jobs.checking import read_files
from matching.asks import EDITION_ASKS, WORK_ASKS
from matching.explain import explain
from matching.features import Features, extract
from matching.resolution import resolve
from matching.vetoes import EDITION_VETOES, WORK_VETOES

TABLE = tomllib.loads((Path(__file__).parent / "hard_cases.toml").read_text("utf-8"))
LANGUAGES = ("fi", "sv", "en")
CODES = {"fi": "fin", "sv": "swe", "en": "eng"}
RULES: dict[str, frozenset[str]] = {
    "edition": frozenset(EDITION_VETOES) | frozenset(EDITION_ASKS),
    "work": frozenset(WORK_VETOES) | frozenset(WORK_ASKS),
}
Spec = Mapping[str, Any]


@dataclass(frozen=True)
class HardCase:
    """One row of the table in one language. `rule` fires or not; where it is empty only the verdict counts."""

    number: int
    language: str
    topic: str
    rule: str
    fires: bool
    level: ClusterLevel
    verdict: Literal["same", "ask", "different", ""]
    sides: tuple[Spec, Spec]

    @property
    def name(self) -> str:
        said = f"{self.rule}-{'fires' if self.fires else 'still'}" if self.rule else self.verdict
        return f"{self.number}-{self.language}-{self.level}-{said}"


def cases() -> Iterator[HardCase]:
    for number, row in enumerate(TABLE["case"]):
        for language in LANGUAGES:
            sides = row.get(language, row.get("each"))
            if sides is not None:
                about = (row["topic"], row.get("rule", ""), row.get("fires", True), row.get("level", "edition"))
                yield HardCase(number, language, *about, row.get("verdict", ""), (sides[0], sides[1]))


CASES = list(cases())


def element(name: str, *content: str) -> str:
    """An element around text or elements; nothing where there is no content."""
    inside = "".join(content)
    return f"<{name}>{inside}</{name}>" if inside else ""


def coded(name: str, codes: str) -> str:
    return "".join(element(name, code) for code in codes.split())


def onix(name: str, spec: Spec, language: str) -> str:
    """A product: that of the language's novel, with what the case says otherwise ("" leaves a thing out)."""
    said = {**TABLE["onix"], **TABLE["novel"][language], "language": CODES[language], **spec}
    isbn = element("ProductIDType", "15") + element("IDValue", said["isbn"])
    year = f'<Date dateformat="05">{said["year"]}</Date>'
    publishing = element("PublishingRole", "01") + element("PublisherName", escape(said["publisher"]))
    return element(
        "Product",
        element("RecordReference", name),
        element("NotificationType", "03"),
        element("ProductIdentifier", isbn) if said["isbn"] else "",
        element("DescriptiveDetail", descriptive(said)),
        element(
            "PublishingDetail",
            element("Publisher", publishing),
            element("PublishingStatus", "04"),
            element("PublishingDate", element("PublishingDateRole", "01"), year),
        ),
    )


def descriptive(said: Spec) -> str:
    own = element("TitleText", escape(said["title"])) + element("Subtitle", escape(said.get("subtitle", "")))
    return "".join(
        (
            element("ProductComposition", "00"),
            element("ProductForm", said["form"]),
            coded("ProductFormDetail", said["detail"]),
            collection(said.get("series", "")),
            title_detail("01", own),
            contributors(said),
            coded("EditionType", said.get("type", "")),
            element("EditionNumber", said.get("edition", "")),
            *(element("Language", "<LanguageRole>01</LanguageRole>", code) for code in languages(said)),
            *extents(said),
        )
    )


def languages(said: Spec) -> list[str]:
    return [element("LanguageCode", code) for code in said["language"].split()]


def title_detail(level: str, content: str) -> str:
    parts = element("TitleElement", element("TitleElementLevel", level), content)
    return element("TitleDetail", element("TitleType", "01"), parts)


def collection(series: str) -> str:
    name, _, number = series.partition(" ; ")
    content = element("PartNumber", number) + element("TitleText", escape(name))
    return element("Collection", element("CollectionType", "10"), title_detail("02", content)) if name else ""


def contributors(said: Spec) -> str:
    roles = {"A01": said["author"], "E07": said.get("narrator", ""), "B06": said.get("translator", "")}
    return "".join(
        element(
            "Contributor",
            element("SequenceNumber", str(number)),
            element("ContributorRole", role),
            element("PersonNameInverted", escape(who)),
        )
        for number, (role, who) in enumerate(roles.items(), 1)
        if who
    )


def extents(said: Spec) -> Iterator[str]:
    for key, kind, unit in (("pages", "00", "03"), ("minutes", "09", "05")):
        if said.get(key):
            value = element("ExtentType", kind) + element("ExtentValue", said[key]) + element("ExtentUnit", unit)
            yield element("Extent", value)


def marc(name: str, spec: Sequence[str], language: str) -> dict[str, Any]:
    """A library's record as MARC in JSON: the language's record with the tags of the case in the place of its own.

    A line is ``TAG INDICATORS $a…``; a tag alone leaves that tag out; ``LDR am`` and ``008 2021 fi o fin`` say type and
    level, year, country, form of item and language.
    """
    lines = list(TABLE["marc"][language])
    replaced = {line[:3] for line in spec}
    lines = [line for line in lines if line[:3] not in replaced] + [line for line in spec if len(line) > 3]
    by_tag: dict[str, str] = {line[:3]: line[4:] for line in lines if line[:3] in ("LDR", "008", "006", "007")}
    kind, (year, country, form, code) = by_tag["LDR"], by_tag["008"].split()
    serial = kind[1] == "s"
    dates = f"{'c' if serial else 's'}{year}{'9999' if serial else '    '}{country.ljust(3)}"
    told = f"210101{dates}    {'  ' if serial else ''}".ljust(23) + form.replace("#", " ")
    fields: list[dict[str, Any]] = [{"001": name}, {"008": f"{told.ljust(35)}{code}  "}]
    fields += [{tag: by_tag[tag]} for tag in ("007",) if tag in by_tag]
    for line in sorted(line for line in lines if line[:3] not in by_tag):
        tag, indicators, rest = line[:3], line[4:6], line[7:]
        subfields = [{part[0]: part[1:].strip()} for part in rest.split("$")[1:]]
        ind1, ind2 = indicators.replace("#", " ")
        fields.append({tag: {"ind1": ind1, "ind2": ind2, "subfields": subfields}})
    return {"leader": f"00000n{kind} a2200000 i 4500", "fields": fields}


def read_records(folder: Path, products: Sequence[str], records: Sequence[Mapping[str, Any]]) -> list[CatalogueRecord]:
    """The records of an ONIX message and of a file of MARC in JSON, read from the folder they are written to."""
    header = "<Header><Sender><SenderName>Kaarna</SenderName></Sender></Header>"
    namespace = "http://ns.editeur.org/onix/3.0/reference"
    (folder / "feed.xml").write_text(
        f'<ONIXMessage release="3.0" xmlns="{namespace}">{header}{"".join(products)}</ONIXMessage>', "utf-8"
    )
    (folder / "feed.json").write_text("\n".join(map(json.dumps, records)), "utf-8")
    return [record for _, _, record in read_files(sorted(folder.iterdir()))]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Features]:
    """The features of every side, read from payloads by our own parsers and mappings."""
    folder = tmp_path_factory.mktemp("hard")
    products, records, senders = [], [], {}
    for case in CASES:
        for side, spec in zip("lr", case.sides, strict=True):
            name = f"{case.number}{case.language}{case.level[0]}{side}{case.rule}"
            if "marc" in spec:
                records.append(marc(name, spec["marc"], case.language))
            else:
                products.append(onix(name, spec["onix"], case.language))
            senders[name] = spec.get("from", "library" if "marc" in spec else f"publisher-{side}")
    found = {record.source_id: record for record in read_records(folder, products, records)}
    assert found.keys() == senders.keys()
    return {name: extract(record.model_copy(update={"source": senders[name]})) for name, record in found.items()}


def scored(case: HardCase, read: Mapping[str, Features]) -> ScoredPair:
    left, right = (read[f"{case.number}{case.language}{case.level[0]}{side}{case.rule}"] for side in "lr")
    return explain(left, right, case.level)


@pytest.mark.parametrize("case", CASES, ids=lambda case: cast(HardCase, case).name)
def test_a_hard_case_is_decided_as_it_must(case: HardCase, read: Mapping[str, Features]) -> None:
    pair = scored(case, read)
    if case.rule:
        assert (case.rule in (*pair.vetoes, *pair.asks)) is case.fires, case.topic
    if case.verdict:
        assert pair.verdict == case.verdict, (case.topic, pair.score, pair.vetoes, pair.asks)


@pytest.mark.parametrize(("level", "rule"), sorted((level, rule) for level, rules in RULES.items() for rule in rules))
def test_every_veto_and_ask_is_tried_in_both_directions_and_three_languages(level: str, rule: str) -> None:
    tried = {(case.fires, case.language) for case in CASES if (case.level, case.rule) == (level, rule)}
    assert tried == {(fires, language) for fires in (True, False) for language in LANGUAGES}


@pytest.mark.parametrize(
    ("language", "magazine", "other", "issue", "next_issue"),
    [
        ("fi", "Luotolainen", "Luotolaisen lapset", "5/2024", "nro 6/2024"),
        ("sv", "Skärgårdsbladet", "Skärgårdsbladets barn", "5/2024", "nr 6/2024"),
        ("en", "The Islander", "The Islander's children", "5/2024", "no. 6/2024"),
    ],
)
def test_an_issue_joins_its_magazine_and_no_other(
    tmp_path: Path, language: str, magazine: str, other: str, issue: str, next_issue: str
) -> None:
    titles = {"i5": f"{magazine} {issue}", "i6": f"{magazine} {next_issue}", "o5": f"{other} {issue}"}
    products = [onix(name, {"title": title, "author": ""}, language) for name, title in titles.items()]
    serials = [
        marc(name, ["LDR as", f"008 2001 fi o {CODES[language]}", "100", f"245 00 $a{title}."], language)
        for name, title in (("m", magazine), ("o", other))
    ]
    found = {record.source_id: extract(record) for record in read_records(tmp_path, products, serials)}
    names = list(found)
    together = {frozenset(names[n] for n in members) for members in resolve([*found.values()]).editions}
    assert together == {frozenset({"m", "i5", "i6"}), frozenset({"o", "o5"})}
