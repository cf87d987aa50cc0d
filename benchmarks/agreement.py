"""Agreement of our MARC export with what libraries made of the same input: ``python -m benchmarks.agreement [SET…]``.

Prints, per MARC tag, how many expected fields our export has letter for letter, then every kind of difference with its
verdict and reason out of ``agreement.toml``; a kind that nobody explained is shown as such. ``--kinds`` shows examples.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from catalogue.parsed import MarcContent, MarcField, ParsedRecord
from jobs.checking import mapped
from jobs.converting import marc_of
from parsers.registry import parse

TABLE = Path(__file__).with_suffix(".toml")
NOW = "2000-01-01T00:00:00Z"
SETS = ("onix30-fi-melinda", "onix30-fi-kirjavalitys", "marc-fi-helmet", "marc-fi-yso-conversion")
HEADINGS = (
    "tag",
    "expected",
    "of the house",
    "equal",
    "fields that agree",
    "subfields that agree",
    "agree or ours is right",
)
UNEXPLAINED = "unexplained"


class Difference(NamedTuple):
    """`kind` as ``TAG what``; `expected` and `ours` are the field or part that differs, "" where there is none.

    `field` numbers the expected fields of a comparison; 0 for a field of ours that is not expected.
    """

    set: str
    tag: str
    kind: str
    expected: str
    ours: str
    field: int = 0


@dataclass(slots=True)
class Tally:
    """Of one tag: fields expected, and those of them that our export has as they are."""

    expected: int = 0
    equal: int = 0
    house: int = 0  # expected, but a phrase or field of the house that made the expectation
    parts: int = 0  # subfields (places of a fixed field) of the expectation, without those of the house
    equal_parts: int = 0
    right: int = 0  # not equal, but every difference is one in which ours is right or either is allowed


@dataclass(slots=True)
class Agreement:
    records: int = 0
    tags: dict[str, Tally] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    fields: int = 0  # expected fields that were not found as they are, counted through


class Reason(NamedTuple):
    kind: re.Pattern[str]
    match: re.Pattern[str]
    verdict: str
    reason: str
    set: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sets", nargs="*", help="only these sets")
    options.add_argument("--kinds", action="store_true", help="an example of every kind")
    chosen = options.parse_args()
    data = Path(os.environ["LYHDE_TEST_DATA"]).resolve()
    table = reasons()
    everything = Agreement()
    for name in chosen.sets or SETS:
        found = compare_set(data, name)
        _judge(found, table)
        _report(name, found)
        _add(everything, found)
    _report("all sets", everything)
    _kinds(everything, table, examples=chosen.kinds)


def reasons() -> list[Reason]:
    """The rows of the table, in its order: the first that fits a difference gives its reason."""
    rows = tomllib.loads(TABLE.read_text("utf-8"))["difference"]
    return [
        Reason(
            kind=re.compile(f"(?:{row['kind']})$"),
            match=re.compile(row.get("match", ""), re.S),
            verdict=row["verdict"],
            reason=row["reason"],
            set=row.get("set", ""),
        )
        for row in rows
    ]


def reason_of(difference: Difference, table: list[Reason]) -> Reason | None:
    """Why a difference is right or wrong; None where nobody said."""
    text = difference.expected or difference.ours
    fitting = (r for r in table if r.kind.match(difference.kind) and r.match.search(text))
    return next((r for r in fitting if r.set in ("", difference.set)), None)


def compare_set(data: Path, name: str) -> Agreement:
    """Every pair of expectation and our export of one set."""
    found = Agreement()
    for expected, ours in _pairs(data / name, name):
        found.records += 1
        _compare(found, name, expected, ours)
    return found


def _pairs(folder: Path, name: str) -> Iterator[tuple[MarcContent, MarcContent]]:
    if name == "marc-fi-yso-conversion":
        theirs = [item.content for item in _parsed(folder / "converted_records.mrc")]
        yield from zip(theirs, _exported(folder / "test_records.mrc"), strict=True)
        return
    for path in sorted(folder.rglob("input.*")):
        expected = next(
            (p for p in (path.parent / "output.json", path.parent / "outputSucces.json") if p.exists()), None
        )
        theirs = _expected(expected) if expected else []
        ours = _exported(path) if theirs else []
        if name == "marc-fi-helmet":
            yield from _by_title(theirs, ours)
        else:
            yield from zip(theirs, ours, strict=False)  # the library refused some products of an input


def _by_title(theirs: list[MarcContent], ours: list[MarcContent]) -> Iterator[tuple[MarcContent, MarcContent]]:
    titles = {_title(content): content for content in ours}
    yield from ((content, titles[_title(content)]) for content in theirs if _title(content) in titles)


def _title(content: MarcContent) -> str:
    titles = (f[2][0][1] for f in content[1] if f[0] == "245")
    return re.sub(r"\W", "", next(titles, ""))


def _parsed(path: Path) -> list[ParsedRecord]:
    with path.open("rb") as stream:
        return [item for item in parse(BytesIO(stream.read())) if isinstance(item, ParsedRecord)]


def _exported(path: Path) -> list[MarcContent]:
    records = [mapped(item).record for item in _parsed(path)]
    return [marc_of(record, NOW) for record in records if record is not None]


def _expected(path: Path) -> list[MarcContent]:
    text = json.loads(path.read_text("utf-8"))
    rows = [row.get("record", row) for row in (text if isinstance(text, list) else [text])]
    return [[row["leader"], [_field(f) for f in row["fields"]]] for row in rows if "leader" in row]


def _field(row: dict[str, Any]) -> MarcField:
    if "value" in row:
        return [row["tag"], row["value"]]
    subfields = [[s["code"], s.get("value", "")] for s in row["subfields"]]
    return [row["tag"], row.get("ind1", " ") + row.get("ind2", " "), subfields]


def _compare(found: Agreement, name: str, expected: MarcContent, ours: MarcContent) -> None:
    fixed = [["LDR", expected[0]], *expected[1]], [["LDR", ours[0]], *ours[1]]
    for tag in sorted({f[0] for f in (*fixed[0], *fixed[1])}):
        left, right = ([f for f in rows if f[0] == tag] for rows in fixed)
        if tag == "LDR" or len((left or right)[0]) == 2:
            _compare_fixed(found, name, (left, right))
        else:
            _compare_fields(found, name, (left, right))


def _compare_fixed(found: Agreement, name: str, pair: tuple[list[MarcField], list[MarcField]]) -> None:
    """Leader and control fields, place by place; lengths and addresses of the leader are not compared."""
    left, right = pair
    tag = (left or right)[0][0]
    tally = found.tags.setdefault(tag, Tally())
    tally.expected += len(left)
    for number in range(max(len(left), len(right))):
        a = _comparable(left[number]) if number < len(left) else ""
        b = _comparable(right[number]) if number < len(right) else ""
        tally.parts += len(a)
        tally.equal_parts += sum(x == y for x, y in zip(a, b, strict=False))
        if a == b:
            tally.equal += 1
            continue
        found.fields += 1
        rows = [(f"{tag}/{place}", x, y) for place, x, y in _places(a, b)]
        if not a or not b or tag in ("001", "005"):
            rows = [(f"{tag} {'differs' if a and b else 'missing' if a else 'extra'}", a, b)]
        found.differences += [Difference(name, tag, *row, found.fields if a else 0) for row in rows]


def _comparable(row: MarcField) -> str:
    return f"{row[1][5:9]}a{row[1][17:20]}" if row[0] == "LDR" else str(row[1]).replace("^", " ")


def _places(a: str, b: str) -> Iterator[tuple[str, str, str]]:
    names = {0: "05", 1: "06", 2: "07", 3: "08", 5: "17", 6: "18", 7: "19"} if len(a) == 8 else {}
    if len(a) >= 40:
        for start, end in ((0, 6), (6, 15), (15, 18), (35, 38)):
            if a[start:end] != b[start:end]:
                yield f"{start:02d}-{end - 1:02d}", a[start:end], b[start:end]
    for n, (x, y) in enumerate(zip(a.ljust(40)[:40], b.ljust(40)[:40], strict=True)):
        if x != y and (len(a) < 40 or 18 <= n < 35 or n >= 38):
            yield names.get(n, f"{n:02d}"), x, y


def _compare_fields(found: Agreement, name: str, pair: tuple[list[MarcField], list[MarcField]]) -> None:
    tag = (pair[0] or pair[1])[0][0]
    tally = found.tags.setdefault(tag, Tally())
    left, right = [list(rows) for rows in pair]
    tally.expected += len(left)
    tally.parts += sum(len(each[2]) for each in left)
    for each in list(left):
        if each in right:
            tally.equal += 1
            tally.equal_parts += len(each[2])
            left.remove(each)
            right.remove(each)
    for a, b in _paired(left, right):
        left.remove(a)
        right.remove(b)
        tally.equal_parts += sum((Counter(map(tuple, a[2])) & Counter(map(tuple, b[2]))).values())
        found.fields += 1
        found.differences += [Difference(name, tag, *row, found.fields) for row in _within(tag, a, b)]
    for each in left:
        found.fields += 1
        found.differences.append(Difference(name, tag, f"{tag} missing", _text(each), "", found.fields))
    found.differences += [Difference(name, tag, f"{tag} extra", "", _text(each)) for each in right]


def _paired(left: list[MarcField], right: list[MarcField]) -> Iterator[tuple[MarcField, MarcField]]:
    """Fields that are meant to be one, the most alike first; each once."""
    scored = ((_alike(a, b), x, y) for x, a in enumerate(left) for y, b in enumerate(right))
    taken: tuple[set[int], set[int]] = set(), set()
    found: list[tuple[MarcField, MarcField]] = []
    for score, x, y in sorted(scored, key=lambda row: -row[0]):
        if score and x not in taken[0] and y not in taken[1]:
            taken[0].add(x)
            taken[1].add(y)
            found.append((left[x], right[y]))
    yield from found


def _alike(a: MarcField, b: MarcField) -> float:
    """How many subfields two fields share; those of one code and nearly one text count half."""
    exact = sum((Counter(map(tuple, a[2])) & Counter(map(tuple, b[2]))).values())
    loose = sum((Counter(map(_loosely, a[2])) & Counter(map(_loosely, b[2]))).values())
    return exact + loose / 2


def _loosely(subfield: list[str]) -> tuple[str, str]:
    return subfield[0], re.sub(r"[\W_]+", "", subfield[1].lower())[:20]


def _within(tag: str, a: MarcField, b: MarcField) -> Iterator[tuple[str, str, str]]:
    """Kind, expected and our part of every difference inside two fields that are meant to be one."""
    for place in (0, 1):
        if a[1][place] != b[1][place]:
            yield f"{tag} ind{place + 1}", a[1][place], b[1][place]
    if sorted(a[2]) == sorted(b[2]) and a[2] != b[2]:
        yield f"{tag} order", _text(a), _text(b)
    for code in dict.fromkeys(s[0] for s in (*a[2], *b[2])):
        left = Counter(v for c, v in a[2] if c == code)
        right = Counter(v for c, v in b[2] if c == code)
        said, ours = sorted((left - right).elements()), sorted((right - left).elements())
        for x, y in zip(said, ours, strict=False):
            bare = [re.sub(r"[\W_]+", "", text.lower()) for text in (x, y)]
            yield f"{tag} ${code} {'punctuation' if bare[0] == bare[1] else 'differs'}", x, y
        yield from ((f"{tag} ${code} missing", x, "") for x in said[len(ours) :])
        yield from ((f"{tag} ${code} extra", "", y) for y in ours[len(said) :])


def _text(row: MarcField) -> str:
    return f"{row[1].replace(' ', '#')} " + " ".join(f"${code} {value}" for code, value in row[2])


def _judge(found: Agreement, table: list[Reason]) -> None:
    """Count what a house alone would write, so that agreement can be told without it."""
    for difference in found.differences:
        known = reason_of(difference, table)
        if known is None or known.verdict != "house" or not difference.kind.endswith("missing"):
            continue
        whole = " $" not in difference.kind
        found.tags[difference.tag].house += whole
        found.tags[difference.tag].parts -= difference.expected.count(" $") if whole else 1
    verdicts: dict[tuple[str, int], set[str]] = {}
    for each in found.differences:
        known = reason_of(each, table)
        if each.field and not (known and known.verdict == "house" and each.kind == f"{each.tag} missing"):
            verdicts.setdefault((each.tag, each.field), set()).add(known.verdict if known else UNEXPLAINED)
    for (tag, _), said in verdicts.items():
        found.tags[tag].right += said <= {"ours", "both", "house"}


def _add(everything: Agreement, found: Agreement) -> None:
    everything.records += found.records
    everything.differences += found.differences
    for tag, tally in found.tags.items():
        known = everything.tags.setdefault(tag, Tally())
        for each in fields(Tally):
            setattr(known, each.name, getattr(known, each.name) + getattr(tally, each.name))


def _report(name: str, found: Agreement) -> None:
    print(f"\n## {name}: {found.records} records\n\n| {' | '.join(HEADINGS)} |\n{'|---' * len(HEADINGS)}|")
    rows = [(tag, tally) for tag, tally in sorted(found.tags.items()) if tally.expected]
    total = Tally(*(sum(getattr(t, f.name) for _, t in rows) for f in fields(Tally)))
    for tag, tally in (*rows, ("all", total)):
        rest = tally.expected - tally.house
        shares = (
            _share(tally.equal, rest),
            _share(tally.equal_parts, tally.parts),
            _share(tally.equal + tally.right, rest),
        )
        print(f"| {tag} | {tally.expected} | {tally.house or ''} | {tally.equal} | {' | '.join(shares)} |")


def _share(equal: int, of: int) -> str:
    return f"{100 * equal / of:.0f} %" if of else "–"


def _kinds(found: Agreement, table: list[Reason], *, examples: bool) -> None:
    counted: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], Difference] = {}
    for each in found.differences:
        known = reason_of(each, table)
        key = (each.kind, known.verdict if known else UNEXPLAINED, known.reason if known else "")
        counted[key] += 1
        first.setdefault(key, each)
    print("\n## Kinds of differences\n\n| kind | times | right | reason |\n|---|---|---|---|")
    for key, times in sorted(counted.items()):
        print(f"| {key[0]} | {times} | {key[1]} | {key[2]} |")
        if examples or key[1] == UNEXPLAINED:
            print(f"    {first[key].set}: {first[key].expected[:150]!r} | ours {first[key].ours[:150]!r}")
    verdicts = Counter[str]()
    for key, times in counted.items():
        verdicts[key[1]] += times
    print("\n" + ", ".join(f"{verdict}: {times}" for verdict, times in verdicts.most_common()))


if __name__ == "__main__":
    main()
