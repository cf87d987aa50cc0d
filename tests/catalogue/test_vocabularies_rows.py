"""Packed rows and their indexes give what dictionaries would."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.vocabularies import concepts
from catalogue.vocabularies import rows as packed
from catalogue.vocabularies.rows import Index, Rows
from catalogue.vocabularies.tables import read_rows

TABLES = {"yso": ["a\tkissa", "b\t", "c\tåäö"], "empty": [], "slm": ["d\tromaanit"] * 1_100}


def rows_of(tables: dict[str, list[str]]) -> Rows:
    rows = Rows()
    for name, table in tables.items():
        rows.add(name, "".join(f"{row}\n" for row in table).encode())
    return rows


def test_rows_are_numbered_through_all_tables() -> None:
    rows, plain = rows_of(TABLES), [(name, row) for name, table in TABLES.items() for row in table]
    assert len(rows) == len(plain)
    assert [rows[number] for number in range(len(plain))] == plain
    assert list(rows.of()) == list(enumerate(row for _, row in plain))
    assert list(rows.of({"slm"})) == list(enumerate(TABLES["slm"], 3))


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 9))), st.sampled_from([0, packed._HASH]))
def test_an_index_finds_every_row_of_a_word(pairs: list[tuple[str, int]], mask: int) -> None:
    """Also where all words have one hash; then others are among them."""
    plain = defaultdict(set)
    index = Index()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(packed, "_hash", lambda word: hash(word) & mask)
        for word, row in pairs:
            plain[word].add(row)
            index.add(word, row)
        index.sort()
        for word in {word for word, _ in pairs}:
            found = list(index.rows(word))
            assert found == sorted(found)
            assert plain[word] <= set(found)
            assert mask == 0 or plain[word] == set(found)
        assert mask == 0 or not list(index.rows("not there"))


@pytest.mark.parametrize("scheme", ["yso", "slm", "seko", "musa"])
def test_every_pinned_concept_is_found_by_its_uri_and_by_a_label_of_its_own(scheme: str) -> None:
    rows = [row.split("\t") for row in read_rows(scheme)]
    for column, language in enumerate(("fi", "sv", "en"), 1):
        written = defaultdict(set)
        for row in rows:
            written[row[column]].add(row[0])
        for row in rows[:: 20 if scheme == "yso" else 1]:
            found = concepts().by_uri(row[0])
            assert found is not None
            assert (found.uri, getattr(found.labels, language)) == (row[0], row[column] or None)
            named = concepts().by_label(row[column], language, (scheme,))  # type: ignore[arg-type] # zip loses the literals
            expected = row[0] if row[column] and len(written[row[column]]) == 1 else None
            assert (named and named.uri) == expected
