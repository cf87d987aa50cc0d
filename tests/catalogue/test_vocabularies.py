"""The pinned concepts and codes: the same in Finnish and Swedish, and never guessed."""

from __future__ import annotations

import pytest

from catalogue.vocabularies import (
    class_names,
    concepts,
    country,
    country_names,
    language,
    language_names,
    relator,
    relator_names,
    two_letter,
    versions,
)
from catalogue.vocabularies.tables import read_rows

FINLAND = "http://www.yso.fi/onto/yso/p94426"
NOVELS = "http://urn.fi/URN:NBN:fi:au:slm:s518"


@pytest.mark.parametrize(
    ("uri", "fi", "sv"),
    [
        (FINLAND, "Suomi", "Finland"),
        ("https://www.yso.fi/onto/yso/p94426", "Suomi", "Finland"),
        ("http://finto.fi/yso/fi/page/p94426", "Suomi", "Finland"),
        ("https://finto.fi/yso/sv/page/p94426", "Suomi", "Finland"),
        (NOVELS, "romaanit", "romaner"),
        ("http://urn.fi/urn:nbn:fi:au:slm:s518", "romaanit", "romaner"),
        ("URN:NBN:fi:au:slm:s518", "romaanit", "romaner"),
        (" http://www.yso.fi/onto/yso/p19378 ", "kissa", "katt"),
        ("http://www.yso.fi/onto/musa/p1122", "pastoraalit", "pastoraler"),
    ],
)
def test_a_concept_is_found_however_its_uri_is_written(uri: str, fi: str, sv: str) -> None:
    found = concepts().by_uri(uri)
    assert found is not None
    assert (found.labels.fi, found.labels.sv) == (fi, sv)


def test_other_names_of_a_concept_are_told_by_language() -> None:
    other = {"fi": ("saippuasarjat",), "sv": ("såpoperor", "såpor")}
    assert concepts().alternatives("URN:NBN:fi:au:slm:s1005") == other
    assert concepts().alternatives(FINLAND) == concepts().alternatives("http://example.org/p94426") == {}


@pytest.mark.parametrize("uri", ["", "http://www.yso.fi/onto/yso/p0", "http://example.org/p94426", "p94426"])
def test_an_unknown_uri_is_no_concept(uri: str) -> None:
    assert concepts().by_uri(uri) is None


@pytest.mark.parametrize(
    ("fi", "sv", "schemes"),
    [
        ("romaanit", "romaner", ["slm"]),
        ("kissa", "katt", ["yso"]),
        ("Helsinki", "Helsingfors", ["yso"]),
        ("elämäkerrat", "biografier", ["slm"]),
        ("lohikäärmeet", "drakar", ["yso"]),
    ],
)
def test_a_label_finds_the_same_concept_in_both_languages(fi: str, sv: str, schemes: list[str]) -> None:
    found = concepts().by_label(fi, "fi", schemes)
    assert found is not None
    assert found == concepts().by_label(sv, "sv", schemes)
    assert found == concepts().by_label(f"  {fi.upper()} ", "fi", schemes)


@pytest.mark.parametrize(
    ("text", "fi", "is_place"), [("kemi", "kemia", False), ("Kemi", "Kemi", True), ("KEMI", None, None)]
)
def test_case_tells_a_town_from_a_science(text: str, fi: str | None, is_place: bool | None) -> None:
    found = concepts().by_label(text, "sv", ["yso"])
    assert (found.labels.fi if found else None) == fi
    assert (found.is_place if found else None) == is_place


def test_a_label_of_several_concepts_finds_none() -> None:
    assert concepts().by_label("romaanit", "fi") is None  # in YSO and in SLM
    assert concepts().by_label("romaanit", "fi", ["yso"]) is not None


def test_no_letter_is_folded_away_in_a_label() -> None:
    assert concepts().by_label("lohikaarmeet", "fi", ["yso"]) is None


def test_a_concept_replaced_by_one_that_is_not_pinned_stays() -> None:
    retired = concepts().by_uri("http://www.yso.fi/onto/musa/p1122")
    assert retired is not None
    assert retired.replaced_by is not None
    assert concepts().current(retired) == retired


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("fin", "fin"), ("fi", "fin"), ("FIN", "fin"), ("suomi", "fin"), ("Finska", "fin"), ("Finnish", "fin"),
        ("swe", "swe"), ("sv", "swe"), ("ruotsi", "swe"), ("svenska", "swe"), ("sv-FI", "swe"), ("Swedish", "swe"),
        ("fra", "fre"), ("fre", "fre"), ("fr", "fre"), ("deu", "ger"), ("de", "ger"), ("zh", "chi"), ("ell", "gre"),
        ("smi", "smi"), ("lap", "smi"), ("sme", "sme"), ("se", "sme"), ("pohjoissaame", "sme"),  # codespell:ignore sme
        ("mul", "mul"), ("und", "und"), ("zxx", "zxx"), ("mis", "mis"),  # codespell:ignore mis
        ("nb", "nob"), ("no", "nor"),
        ("fkv", "fkv"), ("fit", "fit"), ("scr", "hrv"), ("tl", "tgl"),
        ("", None), ("qqq", None), ("|||", None), ("   ", None), ("xx", None), ("elvish", None), ("fin swe", None),
    ],
)  # fmt: skip
def test_languages_by_code_and_name(given: str, code: str | None) -> None:
    assert language(given) == code


def test_every_language_has_names_and_its_two_letter_code_leads_back() -> None:
    for row in read_rows("languages"):
        code, two, fi, sv, en, _ = row.split("\t")
        assert language(code) == code
        assert all((fi, sv, en)), code
        if two:
            assert language(two) == code


def test_language_names_are_by_any_code() -> None:
    assert language_names("fin").sv == "finska"
    assert language_names("sv").fi == "ruotsi"
    assert language_names("smi").fi == "saamelaiskielet"
    assert language_names("nonsense").fi is None
    assert two_letter("swe") == "sv"
    assert two_letter("fra") == "fr"
    assert two_letter("smi") is None
    assert two_letter("tgl") == "tl"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("fi", "FI"), ("FI", "FI"), ("fi ", "FI"), ("sw", "SE"), ("SE", "SE"), ("se", "SC"), ("9a", "AX"), ("AX", "AX"),
        ("xxu", "US"), ("nyu", "US"), ("xxk", "GB"), ("enk", "GB"), ("stk", "GB"), ("onc", "CA"), ("gw", "DE"),
        ("er", "EE"), ("ru", "RU"), ("xxr", "RU"), ("xr", "CZ"), ("dk", "DK"), ("no", "NO"), ("ic", "IS"),
        ("xx", None), ("vp", None), ("|||", None), ("##", None), ("", None), ("ZZ", None), ("qqq", None),
    ],
)  # fmt: skip
def test_countries_by_marc_and_iso_code(code: str, expected: str | None) -> None:
    assert country(code) == expected


def test_country_names_are_in_three_languages() -> None:
    assert country_names("FI").model_dump() == {"fi": "Suomi", "sv": "Finland", "en": "Finland"}
    assert country_names("AX").sv == "Åland"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("aut", ["aut", "kirjoittaja", "Kirjoittaja.", "kirj.", "författare", "förf.,", "author"]),
        ("trl", ["kääntäjä", "suomentaja", "suom.", "översättare", "övers.", "translator"]),
        ("nrt", ["lukija", "kertoja", "uppläsare", "inläsare", "narrator"]),
        ("ill", ["kuvittaja", "kuv.", "illustratör", "ill.", "illustrator"]),
        ("edt", ["toimittaja", "toim.", "redaktör", "red.", "editor"]),
        ("pht", ["valokuvaaja", "fotograf", "photographer"]),  # codespell:ignore fotograf
        ("cmp", ["säveltäjä", "kompositör", "tonsättare", "composer"]),
        ("exp", ["asiantuntija", "expert"]),
        ("csl", ["konsultti", "konsult", "consultant"]),
        ("bdd", ["sidoksen suunnittelija", "bokbandsformgivare", "binding designer"]),
        ("bjd", ["suojakannen suunnittelija", "skyddsomslagsformgivare", "bookjacket designer"]),
        ("csp", ["projektikonsultti", "projektkonsult", "consultant to a project"]),
        ("ltr", ["tekstaaja", "textare", "letterer"]),
        ("gdv", ["pelinkehittäjä", "spelutvecklare", "game developer"]),
    ],
)
def test_roles_are_read_in_each_language(code: str, words: list[str]) -> None:
    assert [relator(word) for word in words] == [code] * len(words)
    assert relator(f"http://id.loc.gov/vocabulary/relators/{code}") == code


@pytest.mark.parametrize("text", ["", "xyz", "nonsense", "."])
def test_an_unknown_role_is_none(text: str) -> None:
    assert relator(text) is None


def test_every_role_is_named_in_finnish_swedish_and_english() -> None:
    rows = [row.split("\t") for row in read_rows("relators")]
    assert len(rows) > 300
    assert [code for code, *names in rows if not all(names)] == []
    assert relator_names("nrt").model_dump() == {"fi": "lukija", "sv": "uppläsare", "en": "narrator"}


def test_the_pinned_versions_say_what_is_there() -> None:
    pinned = versions()
    for name in ("yso", "slm", "seko", "musa", "languages", "countries", "relators", "ykl"):
        assert pinned[name]["count"] == len(read_rows(name))
        assert pinned[name]["licence"]
        assert pinned[name]["origin"]


@pytest.mark.parametrize(
    ("scheme", "code", "names"),
    [
        ("ykl", "65.93", ("Betoni- ja kipsityöt", "Betong- och gipsarbete", "Concrete crafts and plaster crafts")),
        ("ykl", " 65.93 ", ("Betoni- ja kipsityöt", "Betong- och gipsarbete", "Concrete crafts and plaster crafts")),
        ("thema", "ABQ", (None, None, "Art: financial aspects")),
        ("thema", "XXXXX", (None, None, None)),
        ("dewey", "839", (None, None, None)),
    ],
)
def test_classes_have_names(scheme: str, code: str, names: tuple[str | None, ...]) -> None:
    found = class_names(scheme, code)
    assert (found.fi, found.sv, found.en) == names


def test_every_pinned_concept_is_found_by_its_own_uri() -> None:
    for scheme in ("yso", "slm", "seko", "musa"):
        for row in read_rows(scheme)[::50]:
            uri = row.split("\t")[0]
            found = concepts().by_uri(uri)
            assert found is not None
            assert (found.uri, found.scheme) == (uri, scheme)
