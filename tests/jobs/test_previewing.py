"""What-if: what other weights, thresholds or rules would change is told, and is what happens when they are used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from catalogue.ruletables import use_tables
from jobs.exporting import export
from jobs.fitting import write_model
from jobs.previewing import Thresholds, model_to_try, what_if
from jobs.resolving import resolve
from matching.model import load_model
from merging.rules import load_rules
from store import facts, merged
from store.database import Store

NOW = "2026-01-01T00:00:00Z"
Feed = Callable[..., None]
Book = Callable[..., str]
Found = dict[str, Any]


def editions(store: Store) -> dict[str, list[str]]:
    return {each["edition"]: sorted(each["members"]) for each in export(store, "clusters")}


def values(store: Store) -> dict[tuple[str, str], dict[str, list[Any]]]:
    """What editions and works say, by level and members: field → values."""
    found: dict[tuple[str, str], dict[str, list[Any]]] = {}
    with store.read() as connection:
        for level in ("edition", "work"):
            for each in merged.every(connection, level):  # type: ignore[arg-type]  # both are levels
                said = found.setdefault((level, " ".join(each.merged.members)), {})
                for row in each.merged.model_dump(mode="json")["provenance"]:
                    if row["value"] is not None:
                        said.setdefault(row["field"], []).append(row["value"])
    return found


def foretold(found: Found) -> dict[tuple[str, str, str], tuple[list[Any], list[Any]]]:
    return {(v["level"], " ".join(v["members"]), v["field"]): (v["before"], v["after"]) for v in found["values"]}


@pytest.fixture(autouse=True)
def shipped_tables() -> Iterator[None]:
    yield
    use_tables()


@pytest.fixture
def resolved(store: Store, deliver_to: Feed, book: Book) -> Store:
    deliver_to(store, "kaarna", book("a", "9789524970013", publisher="Kaarna Oy"))
    deliver_to(store, "aalto", book("b", "9789524970013", publisher="Aalto", date="20200302"))
    deliver_to(store, "saari", book("c", "9789524970020", title="Skärgårdens ljus", author="Berg, Eva"))
    resolve(store, NOW)
    return store


@pytest.fixture
def strict(tmp_path: Path) -> str:
    """The file of a model that joins nothing."""
    write_model(model_to_try("default", Thresholds(accept=99.0)), tmp_path / "strict.toml")
    return str(tmp_path / "strict.toml")


def test_the_tables_in_use_change_nothing(resolved: Store) -> None:
    found = what_if(resolved, load_model())
    assert (found["splits"], found["joins"], found["values"]) == ([], [], [])
    assert found["editions"] == len(editions(resolved))


def test_what_was_previewed_is_what_comes(resolved: Store, strict: str) -> None:
    before, said = editions(resolved), values(resolved)
    found = what_if(resolved, load_model(strict))
    assert (editions(resolved), values(resolved)) == (before, said)
    (split,) = (each for each in found["splits"] if each["level"] == "edition")

    use_tables(model=strict)
    resolve(resolved, NOW)
    now, after = editions(resolved), values(resolved)
    assert sorted(now.values()) == sorted([*split["parts"], ["saari:c"]])
    told = foretold(found)
    assert told
    for (level, members, field), (_, expected) in told.items():
        assert after[level, members].get(field, []) == expected
    for (level, members), fields in after.items():
        if fields != said.get((level, members)):
            assert any(place[:2] == (level, members) for place in told)

    back = what_if(resolved, load_model("default"))
    use_tables()
    resolve(resolved, NOW)
    joins = [join["members"] for join in back["joins"] if join["level"] == "edition"]
    assert [members for members in editions(resolved).values() if len(members) > 1] == joins
    assert values(resolved) == said


def test_values_that_other_rules_would_choose_are_told_and_come(resolved: Store, tmp_path: Path) -> None:
    table = resources.files("merging").joinpath("survivorship.toml").read_text("utf-8")
    row = '"publication.dates.published" = { rule = "prefer_confirmed_publisher",'
    own = str(tmp_path / "own.toml")
    changed = table.replace("survivorship-", "own-").replace(row, row.replace("prefer_confirmed_publisher", "earliest"))
    Path(own).write_text(changed, "utf-8")
    found = what_if(resolved, load_model(), load_rules(own))
    assert (found["splits"], found["joins"]) == ([], [])
    use_tables(survivorship=own)
    resolve(resolved, NOW)
    after = values(resolved)
    assert {field for _, _, field in foretold(found)} == {"publication.dates.published"}
    for (level, members, field), (_, expected) in foretold(found).items():
        assert after[level, members].get(field, []) == expected


def test_a_resolve_with_another_model_keeps_its_version_with_the_result(resolved: Store, strict: str) -> None:
    assert resolve(resolved, NOW).skipped
    use_tables(model=strict)
    assert not resolve(resolved, NOW).skipped
    with resolved.read() as connection:
        assert load_model(strict).stamp in facts.get_fact(connection, "rules")
    assert resolve(resolved, NOW).skipped


def test_thresholds_that_are_not_named_stay(strict: str) -> None:
    base = load_model("default")
    assert model_to_try("default", Thresholds()) == base
    other = model_to_try("default", Thresholds("work", reject=1.0))
    assert (other.work.accept, other.work.reject, other.edition) == (base.work.accept, 1.0, base.edition)
    assert load_model(strict).stamp != base.stamp
