"""Batches mean the same on both back ends and in every size: PostgreSQL takes large ones by COPY."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from store.bulk import LEAST_ROWS
from store.database import Store
from store.schema import defect, outbox, pair
from store.upsert import insert, upsert

SIZES = pytest.mark.parametrize("size", [3, LEAST_ROWS + 1])


def pairs(size: int, score: float = 1.5, vetoes: Any = ("medium",)) -> list[dict[str, Any]]:
    return [
        {"left": n, "right": n + 1, "edition_score": score, "work_score": 2.0, "vetoes": list(vetoes), "model": "å"}
        for n in range(size)
    ]


@SIZES
def test_rows_that_are_there_take_the_new_values(store: Store, size: int) -> None:
    with store.write() as connection:
        upsert(connection, pair, pairs(size))
        upsert(connection, pair, pairs(size, 9.0, ()))
        rows = connection.execute(select(*(pair.c[name] for name in pairs(1)[0])).order_by(pair.c.left)).all()
    assert [tuple(row) for row in rows] == [(n, n + 1, 9.0, 2.0, [], "å") for n in range(size)]


@SIZES
def test_only_the_columns_that_are_named_are_changed(store: Store, size: int) -> None:
    with store.write() as connection:
        upsert(connection, pair, pairs(size))
        upsert(connection, pair, pairs(size, 9.0, ()), update=("edition_score",))
        rows = set(connection.execute(select(pair.c.edition_score, pair.c.model)))
        assert {vetoes for (one,) in connection.execute(select(pair.c.vetoes)) for vetoes in one} == {"medium"}
    assert rows == {(9.0, "å")}


@SIZES
def test_an_empty_update_leaves_what_is_there(store: Store, size: int) -> None:
    with store.write() as connection:
        upsert(connection, outbox, [{"work": str(n), "rev": 1} for n in range(size)])
        upsert(connection, outbox, [{"work": str(n), "rev": 2} for n in range(2 * size)], update=())
        revs = list(connection.scalars(select(outbox.c.rev)))
    assert sorted(revs) == [1] * size + [2] * size


@SIZES
def test_of_two_rows_with_one_key_the_later_stands(store: Store, size: int) -> None:
    with store.write() as connection:
        upsert(connection, outbox, [{"work": "w", "rev": n} for n in range(size)])
        assert list(connection.scalars(select(outbox.c.rev))) == [size - 1]


@SIZES
def test_inserted_rows_are_numbered_in_their_order(store: Store, size: int) -> None:
    common = {"run": 1, "source": "otava", "code": "isbn.checksum", "locus": "020$a", "payload": "", "position": 1}
    rows = [{**common, "source_id": str(n), "params": {"value": None, "ä": [n]}} for n in range(size)]
    with store.write() as connection:
        insert(connection, defect, rows)
        found = connection.execute(select(defect.c.id, defect.c.source_id, defect.c.params).order_by(defect.c.id)).all()
    assert [tuple(row) for row in found] == [(n + 1, str(n), {"value": None, "ä": [n]}) for n in range(size)]


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)  # SQLite does not tell
def test_a_row_that_says_so_already_is_not_written_again(store: Store) -> None:
    def versions() -> set[Any]:
        with store.read() as connection:
            return set(connection.scalars(text("SELECT xmin::text FROM pair")))

    with store.write() as connection:
        upsert(connection, pair, pairs(LEAST_ROWS))
    before = versions()
    with store.write() as connection:
        upsert(connection, pair, pairs(LEAST_ROWS))
    assert versions() == before
