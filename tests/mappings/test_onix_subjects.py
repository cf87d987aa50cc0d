"""Subjects, genres, classification and audience; concepts in both languages alike."""

from __future__ import annotations

import pytest

from mappings.onix.subjects import split_keywords


def topics_of(map_product, onix, rows, language="fin"):
    nodes = [onix(SubjectSchemeIdentifier=scheme, **{tag: value}) for scheme, tag, value in rows]
    described = {"Subject": nodes, "Language": onix(LanguageRole="01", LanguageCode=language)}
    mapped = map_product(described)
    return mapped.record.topics, [d for d in mapped.defects if d.code == "topic.unlinked"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("teknologia;tulevaisuus; Internet", ["teknologia", "tulevaisuus", "Internet"]),
        ("BUSINESS, LEADERSHIP", ["BUSINESS", "LEADERSHIP"]),
        ("Stockholm, Sverige; Åbo", ["Stockholm, Sverige", "Åbo"]),
        ("kissat;;", ["kissat"]),
        (" ", []),
    ],
)
def test_keywords_in_one_text_are_parted(text, words):
    assert split_keywords(text) == words


@pytest.mark.parametrize(
    ("language", "scheme", "text", "fi", "sv"),
    [
        ("fin", "20", "kissa", "kissa", "katt"),
        ("swe", "20", "katt", "kissa", "katt"),
        ("fin", "20", "katt", "kissa", "katt"),  # one language declared for everything
        ("fin", "71", "kissa", "kissa", "katt"),
        ("swe", "71", "katt", "kissa", "katt"),
        ("fin", "64", "kissa", "kissa", "katt"),
        ("fin", "65", "katt", "kissa", "katt"),
        ("eng", "71", "kissa", "kissa", "katt"),
    ],
)
def test_a_word_becomes_a_concept_with_both_labels(map_product, onix, language, scheme, text, fi, sv):
    topics, unlinked = topics_of(map_product, onix, [(scheme, "SubjectHeadingText", text)], language)
    assert [(t.labels.fi, t.labels.sv, t.source_text) for t in topics.subjects] == [(fi, sv, text)]
    assert topics.subjects[0].uri.startswith("http://www.yso.fi/onto/yso/p")
    assert unlinked == []


def test_a_concept_is_found_by_its_uri_or_number(map_product, onix):
    topics, _ = topics_of(map_product, onix, [("71", "SubjectHeadingText", "kissa")])
    uri = topics.subjects[0].uri
    for code in (uri, uri.rpartition("/")[2]):
        found, _ = topics_of(map_product, onix, [("71", "SubjectCode", code)])
        assert [t.uri for t in found.subjects] == [uri]


@pytest.mark.parametrize(("language", "word"), [("fin", "romaanit"), ("swe", "romaner")])
def test_a_word_that_names_a_genre_is_a_genre(map_product, onix, language, word):
    topics, _ = topics_of(map_product, onix, [("20", "SubjectHeadingText", word)], language)
    assert [(g.scheme, g.labels.fi, g.labels.sv) for g in topics.genres] == [("slm", "romaanit", "romaner")]
    assert topics.subjects == ()


def test_an_unknown_keyword_is_kept_and_counted(map_product, onix):
    topics, unlinked = topics_of(map_product, onix, [("20", "SubjectHeadingText", "hömppähärveli")])
    assert [(t.scheme, t.uri, t.source_text) for t in topics.subjects] == [("keyword", None, "hömppähärveli")]
    assert [(d.locus, d.severity) for d in unlinked] == [("DescriptiveDetail/Subject/SubjectHeadingText", "info")]


def test_words_of_other_languages_are_not_looked_up(map_product, onix):
    topics, unlinked = topics_of(map_product, onix, [("20", "SubjectHeadingText", "kissa")], "fre")
    assert [(t.scheme, t.uri) for t in topics.subjects] == [("keyword", None)]
    assert unlinked == []


@pytest.mark.parametrize(
    ("identifier", "code", "scheme"),
    [("93", "FFH", "thema"), ("94", "1DNF", "thema"), ("98", "5AL", "thema"), ("10", "FIC022000", "bisac"),
     ("66", "84.2", "ykl"), ("01", "650.1", "dewey"), ("09", "894.541", "udc"), ("73", "N", "fi-kirja-ala"),
     ("48", "Hc", "sab"), ("24", "01", "proprietary"), ("Q9", "x", "onix-27:Q9")],
)  # fmt: skip
def test_notations_are_classification(map_product, onix, identifier, code, scheme):
    topics, _ = topics_of(map_product, onix, [(identifier, "SubjectCode", code)])
    assert [(c.scheme, c.code) for c in topics.classification] == [(scheme, code)]


def test_a_senders_own_scheme_keeps_notation_and_words(map_product, onix):
    subject = onix(
        SubjectSchemeIdentifier="24", SubjectSchemeName="tuoteryhmä", SubjectCode="03",
        SubjectHeadingText="tietokirjallisuus",
    )  # fmt: skip
    topics = map_product({"Subject": subject}).record.topics
    assert topics.classification[0].model_dump() == {"scheme": "proprietary:tuoteryhmä", "code": "03"}
    assert (topics.subjects[0].scheme, topics.subjects[0].source_text) == (
        "proprietary:tuoteryhmä",
        "tietokirjallisuus",
    )


def test_more_than_ten_keywords_are_kept(map_product, onix):
    words = ";".join(f"asia{n}" for n in range(25))
    topics, _ = topics_of(map_product, onix, [("20", "SubjectHeadingText", words)])
    assert len(topics.subjects) == 25


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({"Audience": [("AudienceCodeType", "01"), ("AudienceCodeValue", "02")]}, ("onix-audience", "02")),
        ({"Audience": [("AudienceCodeType", "15"), ("AudienceCodeValue", "3")]}, ("fi-kouluaste", "3")),
        ({"AudienceRange": [("AudienceRangeQualifier", "17"), ("AudienceRangePrecision", ["03", "04"]),
                            ("AudienceRangeValue", ["7", "12"])]}, ("age", "7-12")),
        ({"AudienceRange": [("AudienceRangeQualifier", "17"), ("AudienceRangePrecision", "03"),
                            ("AudienceRangeValue", "7")]}, ("age", "7-")),
        ({"AudienceRange": [("AudienceRangeQualifier", "27"), ("AudienceRangePrecision", "01"),
                            ("AudienceRangeValue", "6")]}, ("fi-luokka", "6")),
        ({"EditionType": "ETR"}, ("onix-edition", "ETR")),
        ({"EditionType": "SMP"}, ("onix-edition", "SMP")),
    ],
)  # fmt: skip
def test_audiences(map_product, onix, described, expected):
    nodes = {tag: onix(**dict(v)) if isinstance(v, list) else v for tag, v in described.items()}
    audience = map_product(nodes).record.topics.audience
    assert [(a.scheme, a.code) for a in audience] == [expected]


def test_a_range_in_two_composites_is_one(map_product, onix):
    bounds = (("03", "7"), ("04", "12"))
    ranges = [onix(AudienceRangeQualifier="18", AudienceRangePrecision=p, AudienceRangeValue=v) for p, v in bounds]
    audience = map_product({"AudienceRange": ranges}).record.topics.audience
    assert [(a.scheme, a.code) for a in audience] == [("age", "7-12")]


@pytest.mark.parametrize(
    ("described", "is_easy"),
    [
        ({"EditionStatement": "Selkokirja"}, True),
        ({"EditionStatement": "Lättläst utgåva"}, True),
        ({"AudienceDescription": "Selkokielinen laitos"}, True),
        ({"TitleDetail": ("Sinuhe", "selkomukautus")}, True),
        ({"Collection": "Lättläst klassiker"}, True),
        ({"Collection": "Otavan kirjasto"}, False),
        ({"TitleDetail": ("Selkokieli", "opas kirjoittajille")}, False),
        ({"EditionStatement": "2. painos"}, False),
    ],
)
def test_an_easy_language_is_told_in_words_too(map_product, onix, titled, described, is_easy):
    described = dict(described)
    if isinstance(named := described.get("TitleDetail"), tuple):
        described["TitleDetail"] = titled(named[0], Subtitle=named[1])
    if "Collection" in described:
        element = onix(TitleElementLevel="02", TitleText=described["Collection"])
        described["Collection"] = onix(TitleDetail=onix(TitleType="01", TitleElement=element))
    audience = map_product(described).record.topics.audience
    assert [(a.scheme, a.code) for a in audience] == ([("onix-edition", "ETR")] if is_easy else [])
