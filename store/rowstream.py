"""The store's rows as a stream that does not depend on the back end: what backups hold and what is copied.

A row is one line of JSON, an array in the order of the table's columns; binary values are base64. Tables come in order
of name, rows in order of primary key, so that equal content gives equal lines, and equal SHA-256, wherever it is kept.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from catalogue.sentence import Sentence
from store import listing_schema
from store.engines import is_postgresql
from store.people_schema import desk_session, presence
from store.schema import metadata

assert listing_schema.harvest_list.metadata is metadata  # noqa: S101 - every part of the schema is loaded

LEFT_OUT = frozenset({desk_session.name, presence.name})
"""Not kept and not copied: a sign-in that was ended must not come back with a backup."""

PAGE = 2_000
_KINDS: dict[str, type[TypeEngine[Any]]] = {  # the first that fits names a column's kind
    "json": JSON,
    "bytes": LargeBinary,
    "bool": Boolean,
    "float": Float,
    "int": Integer,
    "text": Text,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as the stream sees it: its columns with their kinds, and its primary key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.columns)

    def as_json(self) -> dict[str, Any]:
        return {"table": self.name, "columns": [list(column) for column in self.columns], "key": list(self.key)}


@dataclass(slots=True)
class Digest:
    """How many rows went by, and the SHA-256 of their lines."""

    rows: int = 0
    sha: Any = field(default_factory=sha256)

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.sha.update(line)

    @property
    def said(self) -> tuple[int, str]:
        return self.rows, self.sha.hexdigest()


def shapes(connection: Connection) -> list[Shape]:
    """The tables of the store as they are in the database, whatever its schema's version."""
    found = inspect(connection)
    names = sorted(set(found.get_table_names()) & set(metadata.tables) - LEFT_OUT)
    return [
        Shape(
            name,
            tuple((column["name"], _kind(column["type"])) for column in found.get_columns(name)),
            tuple(found.get_pk_constraint(name)["constrained_columns"]),
        )
        for name in names
    ]


def read_lines(connection: Connection, shape: Shape, digest: Digest) -> Iterator[bytes]:
    """The rows of a table, in order; `digest` is complete when they were all taken."""
    binary = [place for place, (_, kind) in enumerate(shape.columns) if kind == "bytes"]
    table = as_table(shape)
    wanted = select(table).order_by(*(table.c[name] for name in shape.key)).execution_options(yield_per=PAGE)
    for row in connection.execute(wanted):
        line = _line(list(row), binary)
        digest.add(line)
        yield line


def row_of(shape: Shape, line: bytes) -> list[Any]:
    """The row of a line. Raises ValueError where it is none of this table."""
    row: list[Any] = json.loads(line)
    if not isinstance(row, list) or len(row) != len(shape.columns):
        raise ValueError(
            Sentence("{table}: a row of {count} values is needed", table=shape.name, count=len(shape.columns))
        )
    for place, (_, kind) in enumerate(shape.columns):
        if kind == "bytes" and row[place] is not None:
            row[place] = base64.b64decode(row[place], validate=True)
    return row


def shape_of(line: bytes) -> Shape:
    """The shape that `Shape.as_json` wrote. Raises ValueError."""
    try:
        given = json.loads(line)
        columns = tuple((str(name), str(kind)) for name, kind in given["columns"])
        shape = Shape(str(given["table"]), columns, tuple(map(str, given["key"])))
    except (KeyError, TypeError) as error:
        raise ValueError(Sentence("not the head of a table: {why}", why=error)) from error
    if shape.name not in metadata.tables or not {kind for _, kind in columns} <= set(_KINDS):
        raise ValueError(Sentence("no table of ours: {table}", table=shape.name))
    return shape


def as_table(shape: Shape) -> Table:
    """The table of a shape, in types that both back ends read alike."""
    columns = (Column(name, _KINDS[kind](), primary_key=name in shape.key) for name, kind in shape.columns)
    return Table(shape.name, MetaData(), *columns)


def counters(connection: Connection) -> dict[str, int]:
    """The last number that tables with numbered rows gave out, gone rows included, as far as the back end knows."""
    if is_postgresql(connection):
        return {name: value for name, (_, value) in _sequences(connection).items()}
    if not inspect(connection).has_table("sqlite_sequence"):
        return {}
    rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
    return {name: seq for name, seq in rows if name in metadata.tables}


def raise_counters(connection: Connection, least: dict[str, int]) -> None:
    """Never give out a number again: go on behind these, and behind every row there is."""
    if not is_postgresql(connection):
        _raise_on_sqlite(connection, least)
        return
    for name, (sequence, value) in _sequences(connection).items():
        table = metadata.tables[name]
        newest = connection.scalar(select(func.max(next(iter(table.primary_key.columns))))) or 0
        last = max(value, newest, least.get(name, 0))
        if last:
            connection.execute(select(func.setval(sequence, last)))


def _raise_on_sqlite(connection: Connection, least: dict[str, int]) -> None:
    known = counters(connection)
    numbered = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")))
    for name, value in least.items():
        if name in known and value > known[name]:
            connection.execute(
                text("UPDATE sqlite_sequence SET seq = :seq WHERE name = :name"), {"name": name, "seq": value}
            )
        elif name in numbered - set(known) and value:
            connection.execute(
                text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), {"name": name, "seq": value}
            )


def _sequences(connection: Connection) -> dict[str, tuple[str, int]]:
    """Table → its sequence, and the last number of it (0: none yet)."""
    found = {}
    for name in sorted(set(inspect(connection).get_table_names()) & set(metadata.tables)):
        keys = list(metadata.tables[name].primary_key.columns)
        sequence = connection.scalar(select(func.pg_get_serial_sequence(f'"{name}"', keys[0].name)))
        if sequence:
            wanted = text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608 - the server's own name
            found[name] = (str(sequence), int(connection.scalar(wanted) or 0))
    return found


def _line(row: list[Any], binary: list[int]) -> bytes:
    for place in binary:
        if row[place] is not None:
            row[place] = base64.b64encode(row[place]).decode("ascii")
    return json.dumps(row, separators=(",", ":")).encode("ascii") + b"\n"


def _kind(given: TypeEngine[Any]) -> str:
    return next(name for name, kind in _KINDS.items() if isinstance(given, kind))
