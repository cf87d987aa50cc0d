"""Finnish and Swedish are complete, and every placeholder survives translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue.defect import Defect, definitions
from ops.messages import TRANSLATED, Language, catalogue, counter, messages_of, missing, wanted
from ops.saying import defect_text

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_lacks_a_translation(language: Language) -> None:
    assert missing(language, ROOT) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_survive_translation(language: Language) -> None:
    for message, texts in messages_of(language).items():
        for text in texts:
            assert _placeholders(text) == _placeholders(message), message


def _placeholders(text: str) -> set[str]:
    found = {f"{{{name}}}" for name in re.findall(r"\{(\w+)(?:!r)?\}", text)}
    return (found | set(re.findall(r"%\(\w+\)s", text))) - {"{count}", "%(count)s"}


def test_a_counted_message_has_a_text_for_one_and_for_many() -> None:
    counted = counter("fi")
    assert counted("{count} source", "{count} sources", 1).format(count=1) == "1 lähde"
    assert counted("{count} source", "{count} sources", 2).format(count=2) == "2 lähdettä"
    assert counter("en")("{count} source", "{count} sources", 0).format(count=0) == "0 sources"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_left_over(language: Language) -> None:
    used = {message.id if isinstance(message.id, str) else message.id[0] for message in wanted(ROOT)}
    assert set(catalogue(language)) - used == set()


@pytest.mark.parametrize("code", sorted(definitions()))
def test_every_defect_has_words_without_its_parameters_too(code: str) -> None:
    for language in ("fi", "sv", "en"):
        assert defect_text(Defect(code), language)
