"""Languages told outside the mapping: short titles are unsure, and a sender's habit is noticed by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jobs.detecting import language_of
from jobs.remapping import remap
from store import defects, features, records
from store.database import Store

FINNISH = [
    "Kesäyön hiljaiset äänet", "Vanhan talon salaisuus", "Lumen alla nukkuva maa", "Meren rannalla kasvoi puu",
    "Isän kadonneet kirjeet", "Pieni opas metsän eläimiin", "Syksyn viimeinen juna pohjoiseen",
    "Kuinka opin rakastamaan hiljaisuutta", "Äidin keittiön parhaat herkut", "Sodan jälkeen tuli kevät",
]  # fmt: skip
SWEDISH = [
    "Flickan som gick över isen",
    "Den långa vägen hem till skärgården",
    "Vi som aldrig sade något till varandra",
]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kesäyön hiljaiset äänet", "fin"),
        ("Den långa vägen hem till skärgården", "swe"),
        ("The long way home to the islands", "eng"),
        ("Der lange Weg nach Hause in die Berge", "ger"),
        ("SOTA JA RAUHA VENÄJÄN MAALLA", "fin"),
        ("Sinuhe", None),
        ("Tokio 2", None),
        ("1984", None),
        ("", None),
        ("   ", None),
        ("Kalevala", None),
        ("Ondskan", None),
        ("Maailmanennätykset", "fin"),
        ("Sommarnattsdrömmar", "swe"),
        ("Sjukvårdspersonalen", "swe"),
        ("Enlightenment", None),
        ("Middlemarch", None),
        ("Hærværksmænd", None),
        ("Raamatukogu", None),
        ("En kväll i maj", "swe"),
        ("Frøken Smillas fornemmelse for sne", None),
        ("Kvinnen som kledte seg naken for sin elskede", None),
        ("Mees, kes teadis ussisõnu", "est"),
        ("Sofies verden", None),
        ("Anna Karenina", None),
    ],
)
def test_a_title_is_in_a_language_or_nobody_knows(text: str, language: str | None) -> None:
    assert language_of(text) == language


def languages_of(store: Store) -> dict[str, Any]:
    with store.read() as connection:
        return {record.source_id: record.languages for _, record in records.live_records(connection)}


def test_a_sender_of_one_language_is_noticed_and_trusted_again(
    store: Store, deliver: Any, book: Callable[..., str]
) -> None:
    finnish = [book(f"f{n}", title=f"{title} {word}") for n, title in enumerate(FINNISH) for word in ("ja muuta",)]
    more = [book(f"g{n}", title=f"Tarina siitä että {title.lower()}") for n, title in enumerate(FINNISH)]
    deliver("kustantaja", *finnish, *more)
    assert {lang.reason for lang in languages_of(store).values()} == {"declared"}
    swedish = [book(f"s{n}", title=title) for n, title in enumerate(SWEDISH)]
    deliver("kustantaja", *finnish, *more, *swedish, book("x", title="Sinuhe"))
    found = languages_of(store)
    assert (found["s0"].text, found["s0"].detected, found["s0"].reason) == (("swe",), "swe", "detected")
    assert (found["f0"].text, found["f0"].reason) == (("fin",), "declared_by_rote")
    assert (found["x"].text, found["x"].detected, found["x"].reason) == (("fin",), None, "declared_by_rote")
    with store.read() as connection:
        assert {d.source_id for d in defects.of_code(connection, "language.disagrees")} == {"s0", "s1", "s2"}
        assert len(features.dirty_records(connection)) == len(found)
    assert remap(store, [], "2026-01-02T00:00:00Z").changed == 0
    deliver("kustantaja", *finnish, *more, *(b.replace(">fin<", ">swe<") for b in swedish), book("x", title="Sinuhe"))
    found = languages_of(store)
    assert {(lang.text, lang.reason) for key, lang in found.items() if key[0] != "s"} == {(("fin",), "declared")}
    assert {(lang.text, lang.reason) for key, lang in found.items() if key[0] == "s"} == {(("swe",), "declared")}
