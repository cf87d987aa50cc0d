"""How seldom cycles are looked for, and that it is put back."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from ops.collecting import COLLECT_AFTER, HARDLY_EVER, collect_seldom, collecting_hardly_ever


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_after_work_on_many_records_cycles_are_looked_for_as_before() -> None:
    collect_seldom()
    with pytest.raises(ValueError, match="cut off"):
        _cut_off()
    assert gc.get_threshold() == COLLECT_AFTER


def _cut_off() -> None:
    with collecting_hardly_ever():
        assert gc.get_threshold() == HARDLY_EVER
        raise ValueError("cut off")
