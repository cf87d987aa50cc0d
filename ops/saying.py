"""Sentences and errors in a reader's language."""

from __future__ import annotations

import re
from dataclasses import replace

from catalogue.defect import Defect, place
from catalogue.errors import ConfigurationError, LyhdeError
from catalogue.sentence import Sentence, Share, joined
from catalogue.vocabularies import onix_list_names
from ops.formats import number, percent
from ops.messages import Language, _, translator

_ONIX_LIST = re.compile(r"ONIX list (\d+)")


def said(words: str | LyhdeError, language: Language) -> str:
    """A sentence, or what an error says, in a language; amounts as it writes them. Other text is given as it is."""
    if isinstance(words, ConfigurationError):
        return "\n".join(said(fault, language) for fault in words.faults)
    if isinstance(words, LyhdeError):
        return said(words.message, language)
    if not isinstance(words, Sentence):
        return words
    params = {name: _param(value, language) for name, value in words.params.items()}
    return translator(language)(words.template).format_map(params)


def defect_text(defect: Defect, language: Language = "en") -> str:
    """A defect in words of a reader's language."""
    given = defect.params.get("list", "")
    if isinstance(given, str) and (named := _list_name(given, language)):
        defect = replace(defect, params={**defect.params, "list": named})
    return said(defect.words, language)


def _list_name(given: str, language: Language) -> str | None:
    """``ONIX list 150`` with the name a reader knows it by; None for any other list, which keeps its own."""
    found = _ONIX_LIST.fullmatch(given)
    if found is None:
        return None
    name = getattr(onix_list_names(int(found[1])), language)
    return translator(language)(_("ONIX list {number} ({name})")).format(number=found[1], name=name) if name else None


def place_text(locus: str, language: Language = "en") -> str:
    """A defect's place in words: a line or a byte in a reader's language; a path or a tag is the same in each."""
    return said(place(locus), language)


def _param(value: object, language: Language) -> str:
    if isinstance(value, tuple):
        return joined(value, [_param(each, language) for each in value])
    if isinstance(value, Share):
        return percent(value, language)
    if isinstance(value, int | float):
        return number(value, language)
    return said(str(value) if not isinstance(value, str) else value, language)
