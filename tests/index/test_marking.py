"""Marks in titles: a word in any form, never another word that looks like it."""

from __future__ import annotations

import pytest

from index.marking import marked

MARKED = [
    ("Kissa ja koira", "fin", "kissoja", "<mark>Kissa</mark> ja koira"),
    ("Käden jälki", "fin", "kädet", "<mark>Käden</mark> jälki"),
    ("Kirjastoauto tulee", "fin", "autot", "<mark>Kirjastoauto</mark> tulee"),
    ("Kirjaston vanha auto", "fin", "kirjastoautot", "<mark>Kirjaston</mark> vanha <mark>auto</mark>"),
    ("Itä-Suomen järvet", "fin", "itäsuomi", "<mark>Itä</mark>-<mark>Suomen</mark> järvet"),
    ("EU:n historia", "fin", "EU:ssa", "<mark>EU</mark>:n historia"),
    ("Topeliuksen satuja", "fin", "Topelius", "<mark>Topeliuksen</mark> satuja"),
    ("Böckernas hus & hem", "swe", "bok", "<mark>Böckernas</mark> hus &amp; hem"),
    ("Kattens liv", "swe", "katter", "<mark>Kattens</mark> liv"),
    ("Arbetsmarknaden", "swe", "marknad", "<mark>Arbetsmarknaden</mark>"),
    ("Händernas språk", None, "hand", "<mark>Händernas</mark> språk"),
    ("Carl von Linnés resor", "swe", "linne linnés", "Carl von <mark>Linnés</mark> resor"),
    ("Winter <tales>", "eng", "winter", "<mark>Winter</mark> &lt;tales&gt;"),
    ("Se", "fin", "se", "<mark>Se</mark>"),
]
UNMARKED = [
    ("Virren sanat", "fin", "virta"),
    ("Saa nähdä", "fin", "sää"),
    ("Turvattu elämä", "fin", "turve"),
    ("Moninaisuus työssä", "fin", "nainen"),
    ("Kirjaston väki", "fin", "kirjastoauto"),
    ("Far åker", "swe", "fåren"),
    ("Bokens träd", "swe", "boende"),
    ("Erfarenheter", "swe", "enhet"),
    ("Bostadslån", "swe", "slån"),
    ("The hand", "eng", "händer"),
    ("Vintern", "swe", ""),
]


@pytest.mark.parametrize(("title", "language", "query", "html"), MARKED)
def test_a_word_of_the_query_is_marked_in_any_form(title: str, language: str | None, query: str, html: str) -> None:
    assert marked(title, language, query) == html


@pytest.mark.parametrize(("title", "language", "query"), UNMARKED)
def test_another_word_is_not_marked(title: str, language: str, query: str) -> None:
    assert marked(title, language, query) is None
