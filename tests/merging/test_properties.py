"""What holds for any records whatever: order, repetition, minus one, mirror, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.folding import fold
from catalogue.merged import FieldChoice, MergedRecord
from catalogue.names import direct_name
from catalogue.record import (
    AccessibilityFact,
    Audience,
    AuthorityId,
    Availability,
    CataloguedField,
    CatalogueRecord,
    Cataloguing,
    Classification,
    Contributor,
    EditionStatement,
    Extent,
    Identifier,
    Labels,
    Languages,
    Link,
    Message,
    Part,
    Publication,
    PublicationDates,
    Relation,
    Series,
    Text,
    Texts,
    Title,
    Topic,
    Topics,
)
from merging.edition import merge_edition
from merging.fields import leaves
from merging.work import merge_work

LANGUAGES = st.sampled_from([None, "fin", "swe"])


def some(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


def of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


titles = st.builds(
    Title,
    kind=of("main", "main", "subtitle", "original", "parallel", "alternative", "part"),
    text=of("Meri", "MERI", "Meri ja maa", "Havet", "Sjö och land", "Meri (e-kirja)", "ja maa", "!?", "Mérí"),
    language=LANGUAGES,
    number=of(None, None, "1", "2"),
)
contributors = st.builds(
    Contributor,
    name=of("Mika Waltari", "Waltari, Mika", "M. Waltari", "MIKA WALTARI", "Waltari Mika", "Tove Jansson"),
    kind=of("person", "person", "body"),
    roles=some(of("aut", "nrt", "trl", "oth"), 2),
    ids=some(st.builds(AuthorityId, scheme=of("isni"), value=of("1", "2")), 1),
    dates=of(None, None, "1908-1979"),
)
topics = st.builds(
    Topic,
    uri=of(None, "yso:p1", "yso:p2"),
    labels=st.builds(Labels, fi=of(None, "kissat", "meri"), sv=of(None, "katter", "sjö")),
    source_text=of(None, "Kissat", "katter", "meret"),
).filter(lambda t: t.uri or t.source_text or t.labels != Labels())
identifiers = st.builds(
    Identifier,
    scheme=of("isbn"),
    value=of("9789510000007", "9789510123456"),
    role=of("own", "other_format", "cancelled"),
    valid=st.booleans(),
)
texts = st.builds(Text, kind=of("main", "short"), language=LANGUAGES, text=of("Kirja.", "Bok.", "Kirja merestä."))
notes = st.builds(Text, kind=of("general", "source"), language=LANGUAGES, text=of("Huom.", "Obs.", "HUOM"))
relations = st.builds(
    Relation,
    kind=of("print_of", "translation_of"),
    scheme=of(None, "isbn"),
    value=of(None, "9789510000007"),
    title=of("Meri", "MERI"),
)
kept_fields = st.builds(
    CataloguedField, tag=of("336", "008"), value=of(None, "x"), subfields=of((), (("a", "teksti"),))
)
publications = st.builds(
    Publication,
    publisher=of(None, "WSOY", "Wsoy Oy", "Otava", "Schildts Förlag"),
    imprint=of(None, "Loisto", "LOISTO"),
    place=of(None, "Helsinki", "Helsingfors", "Åbo"),
    country=of(None, "FI", "SE", "XX"),
    dates=st.builds(
        PublicationDates,
        published=of(None, "2021", "2021-05", "2011"),
        announced=of(None, "2021-04", "2020"),
        copyright=of(None, "2021"),
        original=of(None, "1945", "1945-11"),
    ),
)
extents = st.builds(
    Extent,
    pages=of(None, 300, 301, 412),
    duration_min=of(None, 60, 90),
    size_bytes=of(None, 1000),
    text=of(None, "300 sivua", "300 sidor"),
    illustrations=of(None, "kuvitettu"),
)
all_topics = st.builds(
    Topics,
    subjects=some(topics, 4),
    genres=some(topics, 2),
    classification=some(st.builds(Classification, scheme=of("ykl", "udc"), code=of("84.2", "84. 2", "59")), 2),
    audience=some(st.builds(Audience, scheme=of("marc"), code=of("j", "e"), text=of(None, "Nuoret")), 2),
)
all_texts = st.builds(
    Texts,
    descriptions=some(texts),
    notes=some(notes),
    links=some(st.builds(Link, kind=of("cover"), url=of("https://a/", "http://a"))),
)
languages = st.builds(
    Languages,
    text=some(of("fin", "swe", "und"), 2),
    original=some(of("fin", "swe", "und"), 2),
    declared=some(of("fin", "swe"), 1),
    detected=of(None, "fin", "swe"),
    reason=of(None, "declared", "detected"),
)
records = st.builds(
    CatalogueRecord,
    source=of("lib", "lab", "pub"),
    source_id=st.integers(1, 9).map(str),
    medium=of("ebook", "ebook", "other"),
    formats=some(of("epub", "pdf")),
    identifiers=some(identifiers),
    titles=st.lists(titles, min_size=1, max_size=4).map(tuple),
    responsibility=of(None, "Mika Waltari", "Mika Waltari ; kuvitus X"),
    series=some(st.builds(Series, title=of("Sarja", "Sarja kaksi", "SARJA"), number=of(None, "1", "2")), 2),
    contributors=some(contributors, 4),
    languages=languages,
    edition_statement=st.builds(
        EditionStatement, number=of(None, 1, 2), text=of(None, "2. painos"), abridged=of(None, True, False)
    ),
    part=st.builds(Part, number=of(None, "1", "2"), title=of(None, "Ja maa", "Ja maa ja taivas")),
    publication=publications,
    extent=extents,
    topics=all_topics,
    accessibility=some(st.builds(AccessibilityFact, code=of("10", "36"), text=of(None, "Ei", "Nej")), 2),
    texts=all_texts,
    relations=some(relations, 2),
    availability=st.builds(
        Availability, until=of(None, "2030"), lendable_fi=of(None, True, False), drm=of(None, "none", "lcp")
    ),
    message=st.builds(Message, notification=of("confirmed", "confirmed", "advance")),
    cataloguing=st.builds(
        Cataloguing, level=of(" ", "7", "8", None), rules=of("rda", "onix"), fields=some(kept_fields, 2)
    ),
)
clusters = st.lists(records, min_size=1, max_size=4, unique_by=lambda r: r.key)
quick = settings(max_examples=40, deadline=None)


@quick
@given(clusters, st.randoms(use_true_random=False))
def test_order_of_members_never_matters(members: list[CatalogueRecord], random: Any) -> None:
    shuffled = list(members)
    random.shuffle(shuffled)
    assert merge_edition(shuffled) == merge_edition(members)


@quick
@given(clusters, st.randoms(use_true_random=False))
def test_order_of_editions_never_matters(members: list[CatalogueRecord], random: Any) -> None:
    editions = [merge_edition([m]) for m in members]
    known = {str(m.key): m for m in members}
    shuffled = list(editions)
    random.shuffle(shuffled)
    assert merge_work(shuffled, known) == merge_work(editions, known)


choices = some(
    st.builds(
        FieldChoice,
        record=st.builds("{}:{}".format, of("lib", "lab", "pub"), st.integers(1, 9)),
        field=of("publication.publisher"),
        value=of(None, "Otava", "Kaarna"),
        over=st.just(("otava", "schildts förlag", "wsoy", "wsoy oy")),
    )
)


@quick
@given(clusters, records, choices, of("deleted", "withdrawn"))
def test_without_a_member_all_is_as_if_it_had_never_been(
    members: list[CatalogueRecord], other: CatalogueRecord, made: tuple[FieldChoice, ...], status: Any
) -> None:
    gone = other.model_copy(update={"source_id": "10", "status": status})
    held = FieldChoice(record=str(gone.key), field="publication.publisher", value="Kaarna", over=())
    before = merge_edition(members, made)
    assert merge_edition([*members, gone], [*made, held]) == before


@quick
@given(clusters, records)
def test_without_an_edition_a_work_is_as_if_it_had_never_been(
    members: list[CatalogueRecord], other: CatalogueRecord
) -> None:
    gone = other.model_copy(update={"source_id": "10"})
    known = {str(m.key): m for m in [*members, gone]}
    editions = [merge_edition([m]) for m in members]
    assert merge_work(editions, known) == merge_work(editions, {k: r for k, r in known.items() if r is not gone})


@quick
@given(clusters)
def test_merging_a_merged_record_changes_nothing(members: list[CatalogueRecord]) -> None:
    once = merge_edition(members).description
    again = merge_edition([CatalogueRecord(source="lib", source_id="1", **dict(once))]).description
    changed = {path: (leaf.read(once), leaf.read(again)) for path, leaf in leaves().items()}
    different = {path: pair for path, pair in changed.items() if pair[0] != pair[1]}
    assert not different, different


@quick
@given(clusters)
def test_every_value_has_a_row_of_provenance_in_its_place(members: list[CatalogueRecord]) -> None:
    merged = merge_edition(members)
    shown = merged.description.model_dump(mode="json")
    keys = set(merged.members)
    for path, leaf in leaves().items():
        value: Any = shown
        for name in path.split("."):
            value = None if value is None else value[name]
        rows = [r for r in merged.provenance if r.field == path and r.value is not None]
        assert [r.value for r in rows] == (value if leaf.many else [] if value is None else [value]) or _default(value)
        assert all(r.sources and set(r.sources) <= keys and list(r.sources) == sorted(r.sources) for r in rows)


def _default(value: Any) -> bool:
    return value in ("monograph", "other")


@quick
@given(clusters)
def test_nothing_a_record_says_is_lost(members: list[CatalogueRecord]) -> None:
    merged = merge_edition(members)
    for path, leaf in leaves().items():
        known = [r.value for r in merged.provenance if r.field == path]
        known += [lost.value for r in merged.provenance if r.field == path for lost in r.lost]
        for member in members:
            value = leaf.read(member)
            for item in value if leaf.many else (value,):
                if item is not None:
                    said = item.model_dump(mode="json") if leaf.model else item
                    assert any(_tells(k, said) for k in known), (path, said, known)


def _tells(known: Any, said: Any) -> bool:
    """Whether a value says everything another says, after folding."""
    if said is None or known == said:
        return True
    if isinstance(said, str) and isinstance(known, str):
        a, b = fold(known), fold(said)
        return (
            a == b or sorted(a.split()) == sorted(b.split()) or known.startswith(f"{said}-") or _same_url(known, said)
        )
    if isinstance(said, list) and isinstance(known, list):
        return all(any(_tells(k, s) for k in known) for s in said)
    if isinstance(said, dict) and isinstance(known, dict):
        if "name" in said:
            return _person(known, said)
        if "uri" in said and not said["uri"]:
            return _words(said) <= _words(known)
        return all(_tells(known.get(name), part) for name, part in said.items() if name != "as_given")
    return False


def _person(known: dict[str, Any], said: dict[str, Any]) -> bool:
    parts = [p for p in said if p not in ("name", "name_inverted", "sequence")]
    name = fold(direct_name(said["name"])).split(), fold(direct_name(known["name"])).split()
    return sorted(name[0]) == sorted(name[1]) and all(_tells(known[p], said[p]) for p in parts)


def _words(topic: dict[str, Any]) -> set[str]:
    return {fold(t) for t in (*topic["labels"].values(), topic["source_text"]) if t}


def _same_url(known: str, said: str) -> bool:
    return "://" in known and known.partition("://")[2].rstrip("/") == said.partition("://")[2].rstrip("/")


_SWAP = {"fin": "swe", "swe": "fin", "fi": "sv", "sv": "fi"}


def _mirrored(value: Any) -> Any:
    if isinstance(value, dict):
        return {_SWAP.get(k, k): _mirrored(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mirrored(v) for v in value]
    return _SWAP.get(value, value) if isinstance(value, str) else value


@quick
@given(clusters)
def test_finnish_and_swedish_swapped_give_the_mirror_image(members: list[CatalogueRecord]) -> None:
    swapped = [CatalogueRecord.model_validate(_mirrored(m.model_dump())) for m in members]
    assert _ordered(merge_edition(swapped)) == _ordered(merge_edition(members), mirror=True)


@quick
@given(clusters)
def test_works_of_swapped_languages_are_mirror_images(members: list[CatalogueRecord]) -> None:
    def work(of_records: Sequence[CatalogueRecord]) -> MergedRecord:
        return merge_work([merge_edition([r]) for r in of_records], {str(r.key): r for r in of_records})

    swapped = [CatalogueRecord.model_validate(_mirrored(m.model_dump())) for m in members]
    assert _ordered(work(swapped)) == _ordered(work(members), mirror=True)


def _ordered(merged: MergedRecord, *, mirror: bool = False) -> Any:
    shown = merged.model_dump(mode="json")
    return _mirrored(shown) if mirror else _mirrored(_mirrored(shown))
