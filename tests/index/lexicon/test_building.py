"""From a word list to tables, on a small list; what a table says is read back."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from index.lexicon.building import words_of
from index.lexicon.hand_lists import HandLists
from index.lexicon.lexicon import Lexicon
from index.lexicon.tables import Tables
from index.lexicon.writing import write_tables

PARADIGMS = {
    "kirja": "kirja kirjan kirjaa kirjassa kirjat kirjoja kirjani kirjakin kirjaksi",
    "talo": "talo talon taloa talossa talot taloja talolla taloksi",
    "kirjatalo": "kirjatalo kirjatalon kirjataloa kirjatalossa kirjatalot",
    "virsi": "virsi virren virttä virressä virret virsiä virsissä",
    "virta": "virta virran virtaa virrassa virrat virtoja virroissa",
}
HAND = HandLists("fi", known_limit=9.0, unknown_limit=9.0, further_limit=9.0)
BUILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_building import built
built(Path(sys.argv[1]))
"""


def built(folder: Path) -> Path:
    listed = {lemma: set(forms.split()) for lemma, forms in PARADIGMS.items()}
    lemmas: dict[str, set[str]] = {}
    for lemma, forms in listed.items():
        for form in forms:
            lemmas.setdefault(form, set()).add(lemma)
    return write_tables(words_of(HAND, lemmas, listed), folder)


def test_what_was_built_is_read_back(tmp_path: Path) -> None:
    words = Lexicon(HAND, Tables(built(tmp_path)))
    assert words.lemmas("kirjoja") == ["kirja"]
    assert [part.surface for part in words.analyse("kirjatalo")[0].parts] == ["kirja", "talo"]
    assert [part.surface for part in words.analyse("kirjantaloja")[0].parts] == ["kirjan", "taloja"]
    assert words.entry("nothing") is None


def test_possessives_and_clitics_are_no_forms_of_their_own(tmp_path: Path) -> None:
    assert not {"kirjani", "kirjakin"} & set(Lexicon(HAND, Tables(built(tmp_path))).forms("kirja"))


def test_all_forms_with_a_stem_that_another_lemma_has_are_kept(tmp_path: Path) -> None:
    entry = Tables(built(tmp_path)).entry("virta")
    assert entry
    assert {"virran", "virrassa", "virrat"} <= set(entry.shared)  # `vir`, as virsi has it


def test_the_same_list_gives_the_same_bytes(tmp_path: Path) -> None:
    found = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-c", BUILD, str(tmp_path / seed), str(Path(__file__).parent)]
        subprocess.run(command, check=True, cwd=Path(__file__).parents[3], env={**os.environ, "PYTHONHASHSEED": seed})
        found.add(hashlib.sha256((tmp_path / seed / "fi.xz").read_bytes()).hexdigest())
    assert len(found) == 1
