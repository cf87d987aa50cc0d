"""Record names, and hashes that know no order."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.keys import RecordKey, content_hash, fingerprint


@given(
    st.from_regex(r"[a-z0-9][a-z0-9_-]*", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
)
def test_a_record_name_comes_back(source: str, source_id: str) -> None:
    key = RecordKey(source, source_id)
    assert RecordKey.parse(str(key)) == key


@pytest.mark.parametrize("name", ["kaarna:a\0b", "kaarna:\ud800"])
def test_what_no_database_can_hold_is_no_record_name(name: str) -> None:
    with pytest.raises(ValueError, match="not a record name"):
        RecordKey.parse(name)


def test_the_first_colon_splits() -> None:
    assert RecordKey.parse("kaarna:fi:kaarna:101") == RecordKey("kaarna", "fi:kaarna:101")


@pytest.mark.parametrize("text", ["", "kaarna", "kaarna:", ":1", "Kaarna:1", "-k:1", "käärna:1", "w1234"])
def test_other_texts_are_no_record_names(text: str) -> None:
    with pytest.raises(ValueError, match="not a record name"):
        RecordKey.parse(text)


@given(st.lists(st.text(max_size=8)), st.randoms())
def test_a_fingerprint_ignores_order(parts: list[str], random: Random) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert fingerprint(shuffled) == fingerprint(parts)


def test_a_content_hash_has_sixteen_bytes() -> None:
    assert len(content_hash(b"")) == 16
    assert content_hash(b"a") != content_hash(b"b")
