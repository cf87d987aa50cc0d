from __future__ import annotations

from catalogue.publicid import decode
from store import matches, minted
from store.database import Store
from store.matches import Place

AT = "2026-01-01T00:00:00Z"


def resolve(store: Store, *clusters: list[int]) -> tuple[str, ...]:
    """Name clusters at both levels alike and keep the memberships, as a resolve does."""
    with store.write() as connection:
        works = minted.name_clusters(connection, "work", clusters, AT)
        editions = minted.name_clusters(connection, "edition", clusters, AT)
        found = {
            member: Place(editions.ids[index], works.ids[index])
            for index, cluster in enumerate(clusters)
            for member in cluster
        }
        matches.save_membership(connection, found)
    return works.ids


def leads_to(store: Store, name: str) -> str | None:
    with store.read() as connection:
        return minted.resolve_id(connection, name)


def test_numbers_are_minted_once_and_only_safe_ones(store: Store) -> None:
    with store.write() as connection:
        first = minted.mint(connection, "work", 60, AT)
        more = minted.mint(connection, "work", 60, AT)
    numbers = [decode(name)[1] for name in first + more]
    assert numbers == sorted(set(numbers))
    assert not {32, 33, 34, 35, 36} & set(numbers)


def test_a_merge_redirects_and_a_split_revives(store: Store) -> None:
    one, two = resolve(store, [1], [2, 3])
    assert resolve(store, [1, 2, 3]) == (two,)
    assert leads_to(store, one) == two
    assert resolve(store, [1], [2, 3]) == (one, two)
    assert leads_to(store, one) == one


def test_redirects_are_followed_over_several_merges(store: Store) -> None:
    one, two, three = resolve(store, [1], [2, 3], [4, 5, 6, 7, 8, 9])
    resolve(store, [1, 2, 3])
    resolve(store, [1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert [leads_to(store, name) for name in (one, two, three)] == [three, three, three]


def test_an_id_whose_members_are_gone_leads_nowhere_until_they_return(store: Store) -> None:
    (name,) = resolve(store, [1, 2])
    with store.write() as connection:
        for level, ids in (("work", [name]), ("edition", ["e" + name[1:]])):
            minted.retire_empty(connection, level, ids, AT)
        matches.save_membership(connection, {}, gone=[1, 2])
    assert leads_to(store, name) is None
    with store.read() as connection:
        assert minted.is_minted(connection, name)
    assert resolve(store, [2]) == (name,)
    assert leads_to(store, name) == name


def test_a_name_that_was_never_minted_is_unknown(store: Store) -> None:
    assert leads_to(store, "w99") is None


def test_levels_do_not_share_ids(store: Store) -> None:
    resolve(store, [1], [2])
    with store.read() as connection:
        places = matches.places(connection)
    assert [place.work[0] + place.edition[0] for place in places.values()] == ["we", "we"]
