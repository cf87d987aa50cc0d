"""Fields of many features: each distinct value once, and which record has which."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matching import fields
from matching.blocking import FIELDS as KEY_FIELDS
from matching.columns import FIELDS as COLUMN_FIELDS
from matching.features import Features
from matching.fields import combined, distinct, read_fields

Featured = Callable[..., Features]


@pytest.fixture
def some(featured: Featured) -> list[Features]:
    titles = ("Kivisaaren talvi", "Vintern på Stenön", "Kivisaaren talvi", "Vintern på Stenön", "Kesä")
    return [featured(f"a:{n}", title=title) for n, title in enumerate(titles)]


def test_every_record_has_its_own_value(some: list[Features], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "_AT_ONCE", 2)
    read = read_fields(some, ["title.main", "key"])
    for name, look in (("title.main", lambda f: f.title.main), ("key", lambda f: f.key)):
        field = read[name]
        assert [field.values[code] for code in field.codes] == [look(f) for f in some]
        assert len(set(field.values)) == len(field.values)


def test_combinations_hold_what_each_record_has_of_every_field(some: list[Features]) -> None:
    names = ["title.main", "title.full", "form.medium"]
    read = read_fields(some, names)
    both = combined([read[name] for name in names])
    expected = [(f.title.main, f.title.full, f.form.medium) for f in some]
    assert [both.values[code] for code in both.codes] == expected
    assert len(both.values) == len(set(expected))


def test_no_records_have_no_values() -> None:
    read = read_fields([], ["title.main", "people.author"])
    assert [len(field.codes) for field in read.values()] == [0, 0]
    assert combined(list(read.values())).values == []


def test_the_fields_that_are_read_exist(some: list[Features]) -> None:
    assert set(read_fields(some, sorted({*KEY_FIELDS, *COLUMN_FIELDS}))) == {*KEY_FIELDS, *COLUMN_FIELDS}


def test_parts_that_records_share_are_read_as_their_own(featured: Featured) -> None:
    some = [featured(f"a:{n}", title="Talvi", medium=medium) for n, medium in enumerate(["ebook", "print", "ebook"])]
    assert some[0].form is some[2].form
    read = read_fields(some, ["form.medium", "title.main", "numbering.volume"])
    assert [read["form.medium"].values[code] for code in read["form.medium"].codes] == ["ebook", "print", "ebook"]
    assert list(read) == ["form.medium", "title.main", "numbering.volume"]


def test_distinct_numbers_ascend_each_once() -> None:
    assert distinct(np.array([3, 1, 3, 2, 1], np.int64)).tolist() == [1, 2, 3]
    assert distinct(np.zeros(0, np.int64)).tolist() == []
