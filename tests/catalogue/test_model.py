"""Models are values: equal by their fields, never by which object they are."""

from __future__ import annotations

from catalogue.record import Labels, Part, Title, Topic


def test_models_with_equal_fields_are_equal_and_hash_alike() -> None:
    one, other = Topic(uri="x", labels=Labels(fi="kirja")), Topic(uri="x", labels=Labels(fi="kirja"))
    assert one == other
    assert len({one, other}) == 1


def test_a_value_given_equals_the_same_value_by_default() -> None:
    assert Title(text="Kotona", nonfiling=0) == Title(text="Kotona")


def test_models_differ_by_a_field_or_by_their_kind() -> None:
    assert Title(text="Kotona") != Title(text="Hemma")
    assert Labels() != Part()
