"""Finnish and Swedish are complete, and every placeholder survives translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue.defect import Defect, definitions
from ops.messages import TRANSLATED, Language, catalogue, defect_text, missing, wanted

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_lacks_a_translation(language: Language) -> None:
    assert missing(language, ROOT) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_survive_translation(language: Language) -> None:
    for message, text in catalogue(language).items():
        assert sorted(re.findall(r"\{\w+\}", message)) == sorted(re.findall(r"\{\w+\}", text)), message


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_left_over(language: Language) -> None:
    used = {str(message.id) for message in wanted(ROOT)}
    assert set(catalogue(language)) - used == set()


@pytest.mark.parametrize("code", sorted(definitions()))
def test_every_defect_has_words_without_its_parameters_too(code: str) -> None:
    for language in ("fi", "sv", "en"):
        assert defect_text(Defect(code), language)
