"""Languages (ONIX list 22): what the sender declares, in ISO 639-2/B."""

from __future__ import annotations

from catalogue import vocabularies
from mappings.onix.reading import Reading, Values, counted, text_of
from mappings.onix.tables import by_code, codes

_UNDETERMINED = "und"
_OF_TEXT = "01"  # what a language without a role is taken for


def language_code(reading: Reading, given: str, locus: str) -> str:
    """ISO 639-2/B of a code as written; an unknown one is kept in small letters and reported."""
    code = vocabularies.language(given)
    if code is None:
        reading.report("language.unknown", locus, code=given)
        return given.lower()
    return code


def read_languages(reading: Reading, is_recording: bool) -> Values:
    """``text`` holds what is known; ``und`` is declared but is not a language of the text."""
    text: list[str] = []
    audio: list[str] = []
    original: list[str] = []
    for node, locus in counted(reading.descriptive, "Language", "DescriptiveDetail/"):
        given, role = text_of(node, "LanguageCode"), text_of(node, "LanguageRole") or _OF_TEXT
        if not given:
            continue
        code = language_code(reading, given, f"{locus}/LanguageCode")
        if role not in by_code("record", "languages"):
            reading.unknown(role, 22, f"{locus}/LanguageRole")
        for roles, found in (("text", text), ("audio", audio), ("original", original)):
            if role in codes("record", "languages", roles) and code not in found:
                found.append(code)
    declared = audio + [c for c in text if c not in audio] if is_recording and audio else text or audio
    reason = "declared" if declared else None
    if not declared and reading.header.default_language:
        declared = [language_code(reading, reading.header.default_language, "Header/DefaultLanguageOfText")]
        reason = "header_default"
    known = [c for c in declared if c != _UNDETERMINED]
    return {"text": known, "original": original, "declared": declared, "reason": reason if known else None}
