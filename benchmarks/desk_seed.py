"""A store of any size for the desk: two sample catalogues, resolved once for real, then copied under other names.

Each copy has record ids, public ids, ISBNs and two words in its titles of its own, so that every page, search and
answer works as on the original. Deterministic, and kept in a folder: made once.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Table, text

from catalogue.folding import fold
from catalogue.identifiers import with_check_digit
from catalogue.keys import content_hash
from catalogue.publicid import decode, encode, is_mintable
from catalogue.vocabularies.tables import read_rows
from jobs.rules import rules_now
from store import people_schema, schema
from store.bulk import copy_in
from store.database import Store, open_store
from store.documents import pack_bytes, unpack_bytes
from store.queue_rows import LOOK

SEED = 8
AT = "2026-11-01T02:00:00Z"
FIXTURES = Path(__file__).parent.parent / "fixtures"
DOCUMENTS = {"mapped", "features", "document"}
ISBN = re.compile(r"(?<!\d)97[89]\d{10}(?!\d)")
ONCE = ("source", "payload", "harvest_run", "set_fact")
COPIED = (
    "source_record", "record_document", "record_features", "membership", "pair", "public_id", "merged_record",
    "review_case", "case_member", "queue_row", "queue_term", "work_term",
)  # fmt: skip
ROWS_AT_ONCE = 200_000
Maker = Callable[["Copy"], Any]


@dataclass
class Copy:
    """One copy of a sample: what its names become."""

    number: int
    records: int  # added to record numbers
    words: tuple[str, str]
    ids: dict[str, str]
    chance: random.Random

    def key(self, key: str) -> str:
        return f"{key}-{self.number}"

    def isbn(self, place: int) -> str:
        return with_check_digit(f"978{(self.number * 1_000 + place) % 10**9:09}")

    def title(self, title: str) -> str:
        return f"{title} {self.words[0]} {self.words[1]}"


@dataclass
class Sample:
    """The rows of a resolved sample catalogue, each value that differs in a copy as the function that makes it."""

    name: str
    rows: dict[str, list[dict[str, Any]]]
    columns: dict[str, list[str]]
    isbns: dict[str, int] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)

    @property
    def records(self) -> int:
        return len(self.rows["membership"])

    @property
    def cases(self) -> int:
        return len(self.rows["review_case"])


def seeded(folder: Path, records: int, cases: int, url: str | None = None) -> str:
    """The address of a store of that size (within a percent); made in `folder`, or in the database of `url`.

    One made by other rules is made anew: its answers would wait for a resolve.
    """
    target = folder / f"desk-{records}-{cases}"
    address = url or f"sqlite:///{target / 'lyhde.sqlite'}"
    done = target / ("done.postgresql" if url else "done")
    rules = " ".join(rules_now())
    if done.exists() and done.read_text() == rules:
        return address
    if not url:
        shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    for sample in folder.glob("sample-*"):
        shutil.rmtree(sample)
    asking, plain = (read_sample(folder, name, place) for place, name in enumerate(("review", "demo")))
    often = max(1, cases // asking.cases)
    others = max(0, records - often * asking.records) // plain.records
    store = open_store(address, target)
    _fill(store, [(asking, often), (plain, others)])
    store.close()
    done.write_text(rules)
    return address


def read_sample(folder: Path, name: str, place: int) -> Sample:
    """A sample catalogue of the project, harvested and resolved by the real commands."""
    home = folder / f"sample-{name}"
    if not (home / "lyhde.sqlite").exists():
        for command in ("harvest", "resolve"):
            lyhde = [sys.executable, "-m", "cli.main", "--config", str(FIXTURES / name / "lyhde.toml")]
            subprocess.run([*lyhde, "--data-dir", str(home), "--quiet", command], check=False, cwd=FIXTURES.parent)
    database = sqlite3.connect(home / "lyhde.sqlite")
    database.row_factory = sqlite3.Row
    rows, columns = {}, {}
    for table in (*ONCE, *COPIED):
        found = database.execute(f'SELECT * FROM "{table}"')
        columns[table] = [about[0] for about in found.description]
        rows[table] = [dict(row) for row in found]
    sample = Sample(name, rows, columns)
    _prepare(sample, place)
    return sample


# --- what differs in a copy ---------------------------------------------------------------------------------------
def _prepare(sample: Sample, place: int) -> None:
    live = {row["record"] for row in sample.rows["membership"]}
    for table, column in (("source_record", "id"), ("record_document", "record"), ("record_features", "record")):
        sample.rows[table] = [row for row in sample.rows[table] if row[column] in live]
    names = {row["id"]: (row["source"], row["source_id"]) for row in sample.rows["source_record"]}
    documents = [_json(row["mapped"]) for row in sample.rows["record_document"]]
    isbns = sorted({isbn for document in documents for isbn in ISBN.findall(document)})
    sample.isbns = {isbn: 500 * place + number for number, isbn in enumerate(isbns)}
    sample.titles = {t["text"] for d in documents for t in json.loads(d).get("titles", []) if len(t["text"]) > 3}
    sample.ids = sorted(row["id"] for row in sample.rows["public_id"] if not row["retired_at"])
    tokens = _tokens(sample, names.values())
    pattern = re.compile("|".join(re.escape(token) for token in sorted(tokens, key=len, reverse=True)))
    for table in COPIED:
        for row in sample.rows[table]:
            _prepare_row(table, row, (pattern, tokens))


def _key(form: str, key: str, copy: Copy) -> str:
    return form.format(f'"{copy.key(key)}"')


def _title(title: str, copy: Copy) -> str:
    return f'"text":{_quoted(copy.title(title))}'


def _case_name(name: str, copy: Copy) -> str:
    return f'"{_case(name, copy)}"'


def _tokens(sample: Sample, names: Iterable[tuple[str, str]]) -> dict[str, Maker]:
    """Piece of a document → what it is in a copy."""
    tokens: dict[str, Maker] = {isbn: _of(Copy.isbn, n) for isbn, n in sample.isbns.items()}
    for source, source_id in names:
        tokens[f'"{source}:{source_id}"'] = partial(_key, "{}", f"{source}:{source_id}")
        tokens[f'"source_id":"{source_id}"'] = partial(_key, '"source_id":{}', source_id)
    for title in sample.titles:
        tokens[f'"text":{_quoted(title)}'] = partial(_title, title)
    for row in sample.rows["review_case"]:
        tokens[f'"{row["case"]}"'] = partial(_case_name, row["case"])
    return tokens


def _prepare_row(table: str, row: dict[str, Any], known: tuple[re.Pattern[str], dict[str, Maker]]) -> None:
    for column, value in row.items():
        if isinstance(value, bytes) and column in DOCUMENTS:
            row[column] = _document(_json(value), known)
    numbers = {"source_record": ["id"], "pair": ["left", "right"]}.get(table, ["record"])
    public = {"public_id": ["id"], "merged_record": ["id", "work"]}.get(table, ["edition", "work"])
    makers: list[tuple[list[str], Callable[[Any], Maker]]] = [
        (numbers, lambda value: lambda copy: value + copy.records),
        (public, lambda value: lambda copy: copy.ids.get(value, value)),
        (["case"], lambda value: lambda copy: _case(value, copy)),
        (["source_id", "record_key"], lambda value: _of(Copy.key, value)),
        (["term"], lambda value: _term(value, known[1])),
    ]
    for columns, make in makers:
        row |= {column: make(row[column]) for column in columns if column in row}
    if table == "queue_row":
        _prepare_queue_row(row)


def _prepare_queue_row(row: dict[str, Any]) -> None:
    row["title"] = lambda copy, title=row["title"]: " ↔ ".join(copy.title(t) for t in title.split(" ↔ "))
    row["rank"] = lambda copy, rank=row["rank"]: rank - copy.chance.randrange(16)
    row["opened"] = lambda copy: f"2026-{copy.chance.randrange(4, 11):02}-{copy.chance.randrange(1, 29):02}T02:00:00Z"
    row["due"] = None
    if "↔" in row["reason"]:
        start = row["reason"].rpartition(": ")[0]
        row["reason"] = lambda copy: f"{start}: {' ↔ '.join(sorted(copy.chance.choices(HOUSES, WEIGHTS, k=2)))}"


HOUSES = [f"{name} {kind}" for kind in ("kustannus", "förlag", "Oy", "Ab") for name in (
    "Otava", "WSOY", "Tammi", "Gummerus", "Like", "Atena", "Teos", "Siltala", "Schildts", "Förlaget", "Karisto",
    "Minerva", "Docendo", "Bazar", "Aula", "Kosmos",
)]  # fmt: skip
WEIGHTS = [1 / (n + 1) for n in range(len(HOUSES))]


def _document(document: str, known: tuple[re.Pattern[str], dict[str, Maker]]) -> Maker:
    """A document cut at the pieces that differ, so that a copy only joins them."""
    pattern, tokens = known
    pieces: list[str | Maker] = []
    last = 0
    for match in pattern.finditer(document):
        pieces += [document[last : match.start()], tokens[match[0]]]
        last = match.end()
    pieces.append(document[last:])
    return lambda copy: pack_bytes("".join(_made(piece, copy) for piece in pieces).encode())


def _term(term: str, tokens: dict[str, Maker]) -> Maker:
    if term in tokens:
        return tokens[term]
    if f'"{term}"' in tokens or f'"source_id":"{term}"' in tokens:
        return _of(Copy.key, term)
    return lambda _: term


def _of(method: Callable[[Copy, Any], str], argument: Any) -> Maker:
    return lambda copy: method(copy, argument)


def _made(value: Any, copy: Copy) -> Any:
    return value(copy) if callable(value) else value


def _case(name: str, copy: Copy) -> str:
    return name[0] + content_hash(f"{name}{copy.number}".encode()).hex()[:12]


def _json(data: bytes) -> str:
    return unpack_bytes(data).decode()


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


# --- writing ------------------------------------------------------------------------------------------------------
def _fill(store: Store, samples: list[tuple[Sample, int]]) -> None:
    writer = _Writer(store)
    numbers = _mintable()
    words = [label for row in read_rows("yso") for label in row.split("\t")[1:3] if label.isalpha() and len(label) > 4]
    chance = random.Random(SEED)
    for table in ONCE:
        seen: dict[str, dict[str, Any]] = {}
        for sample, _ in samples:
            seen |= {json.dumps([row[c] for c in _keys(table)]): row for row in sample.rows[table]}
        for number, row in enumerate(seen.values(), 1):
            writer.add(table, {**row, "id": number} if table == "harvest_run" else row)
    last = copied = 0
    for sample, times in samples:
        highest = max(row["id"] for row in (_original(sample)))
        for _ in range(times):
            copied += 1
            ids = {name: encode(decode(name)[0], next(numbers)) for name in sample.ids}
            copy = Copy(copied, last, (chance.choice(words), chance.choice(words)), ids, chance)
            _copy(writer, sample, copy)
            last += highest
    writer.finish(next(numbers))


def _original(sample: Sample) -> list[dict[str, int]]:
    zero = Copy(0, 0, ("", ""), {}, random.Random(SEED))
    return [{"id": row["id"](zero)} for row in sample.rows["source_record"]]


def _keys(table: str) -> list[str]:
    return [column.name for column in schema.metadata.tables[table].primary_key.columns]


def _copy(writer: _Writer, sample: Sample, copy: Copy) -> None:
    for table in COPIED:
        for row in sample.rows[table]:
            writer.add(table, {column: _made(value, copy) for column, value in row.items()})
    for word in {fold(word) for word in copy.words}:
        for name in sample.ids:
            if name.startswith("w"):
                writer.add("work_term", {"term": word, "work": copy.ids[name]})
        for row in sample.rows["review_case"]:
            writer.add("queue_term", {"term": word, "case": _made(row["case"], copy)})


def _mintable() -> Iterator[int]:
    return (number for number in range(1, 10**9) if is_mintable(number))


class _Writer:
    """Rows into tables by the hundred thousand, through the driver of either database."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.waiting: dict[str, list[dict[str, Any]]] = {}
        self.looks: Counter[tuple[Any, ...]] = Counter()
        self.sqlite = store.engine.dialect.name == "sqlite"
        self.count = 0

    def add(self, table: str, row: dict[str, Any]) -> None:
        self.waiting.setdefault(table, []).append(row)
        self.count += 1
        if table == "queue_row":
            self.looks[tuple(row[name] for name in LOOK)] += 1
        if self.count >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        with self.store.write() as connection:
            for name, rows in self.waiting.items():
                table = schema.metadata.tables[name]
                columns = list(rows[0])
                if self.sqlite:
                    marks = ", ".join("?" * len(columns))
                    listed = ", ".join(f'"{column}"' for column in columns)
                    values = [tuple(row.values()) for row in rows]
                    connection.exec_driver_sql(f'INSERT OR IGNORE INTO "{name}" ({listed}) VALUES ({marks})', values)
                else:
                    copy_in(connection, table, columns, _values(table, columns, rows))
        self.waiting, self.count = {}, 0

    def finish(self, number: int) -> None:
        """What hangs on all rows: the ledger, the newest numbers, the planner's statistics."""
        self.flush()
        with self.store.write() as connection:
            counts = [{**dict(zip(LOOK, look, strict=True)), "cases": n} for look, n in self.looks.items()]
            for row in counts:
                row["reopened"] = bool(row["reopened"])
            connection.execute(people_schema.queue_count.insert(), counts)
            connection.execute(schema.minted_number.insert(), [{"kind": kind, "last": number} for kind in "ew"])
            connection.execute(schema.change_log.insert(), {"op": "upsert", "id": "w11", "at": AT})
            if not self.sqlite:
                for table in ("source_record", "harvest_run"):
                    connection.execute(
                        text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
                    )
        with self.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE" if self.sqlite else "VACUUM ANALYZE")


def _values(table: Table, columns: list[str], rows: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """As PostgreSQL wants them: JSON as values, truth as truth."""
    made = [
        json.loads if isinstance(kind, JSON) else bool if isinstance(kind, Boolean) else None
        for kind in (table.c[column].type for column in columns)
    ]
    for row in rows:
        yield tuple(
            make(value) if make and value is not None else value for make, value in zip(made, row.values(), strict=True)
        )
