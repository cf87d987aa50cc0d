"""Fields that MARC 21 defines and our record has no place for: kept as the library wrote them, to be written back."""

from __future__ import annotations

import re

from catalogue.vocabularies import language
from mappings.marc.draft import Draft, Subfields, Values, first
from mappings.marc.tables import table

_FORMS = table("marc_forms")
_PHYSICAL: dict[str, str] = _FORMS["carrier"]["007"]
_ELSEWHERE = frozenset("689")  # links to other fields, whose numbers change, and local subfields
_READ: dict[str, tuple[frozenset[str], list[str]]] = {
    tag: (_ELSEWHERE.union(row["codes"]), row.get("indicators", []))
    for row in table("marc")["read"]
    for tag in row["tags"]
}
_LINK = re.compile(r"(\d{3})-\d\d")  # of 880 $6; the script behind it is kept
_FIXED_LENGTH, _SHORTEST_FIXED = 40, 38  # blanks at the end may have been cut off
_SHIFTED = re.compile(r"[ |]+[a-z]+|[a-z][ |]+[a-z]?|[a-z]+[|]", re.IGNORECASE)
_SPOKEN_OF = frozenset("adh2")  # subfields of 041 that our languages hold


def kept_field(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """A data field that nothing else reads, or that says more than what is read of it."""
    draft.kept.append((tag, indicators, subfields))


def keep_if_more(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """A data field that is read, where it has subfields or indicators that say more than what is read of it."""
    codes, usual = _READ[tag]
    if usual and indicators not in usual:
        draft.kept.append((tag, indicators, subfields))
        return
    for code, _ in subfields:
        if code not in codes:
            draft.kept.append((tag, indicators, subfields))
            return


def keep_whole(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """A data field whose text is read as one, where it has several subfields or says more than that text."""
    if len(subfields) > 1 and sum(code not in _ELSEWHERE for code, _ in subfields) > 1:
        kept_field(draft, tag, indicators, subfields)
    else:
        keep_if_more(draft, tag, indicators, subfields)


def more_languages(draft: Draft, indicators: str, codes: list[tuple[str, str]]) -> None:
    """041 where it tells more than text and original: of subtitles, summaries, accompanying texts; one code each."""
    said = {code for code, _ in codes}
    if said - _SPOKEN_OF or {"a", "d"} <= said:
        draft.kept.append(("041", indicators, codes))


def settle_kept(draft: Draft) -> list[Values]:
    """All kept fields in the record's order, fixed fields first; a 007 of another carrier than the record's is left."""
    leader = draft.leader
    fixed = [("LDR", f"00000{leader[5:12]}00000{leader[17:]}")]  # without the lengths of what it stood on
    fixed += [("006", value) for value in draft.modified if len(value) == 18]
    fixed += [("007", value) for value in _physical(draft) if len(value) > 1]
    if _is_whole(draft.fixed):  # some systems add codes of their own behind it
        fixed.append(("008", draft.fixed[:_FIXED_LENGTH].ljust(_FIXED_LENGTH)))
    settled: list[Values] = [{"tag": tag, "value": value} for tag, value in fixed]
    for tag, indicators, subfields in draft.kept:
        said = [(code, text) for code, value in subfields if code not in _ELSEWHERE and (text := value.strip())]
        if tag == "880":
            said.insert(0, ("6", _LINK.sub(r"\1-00", first(subfields, "6")).replace("260", "264")))
        if said:
            settled.append({"tag": tag, "indicators": indicators, "subfields": said})
    return settled


def _is_whole(fixed: str) -> bool:
    """Whether the positions of an 008 are in their places: the language is, where no more than blanks are cut off, and
    no code stands half in its place and half beside it."""
    code = fixed[35:38]
    if len(fixed) < _FIXED_LENGTH:
        return len(fixed) >= _SHORTEST_FIXED and language(code) is not None
    return _SHIFTED.fullmatch(code) is None


def _physical(draft: Draft) -> list[str]:
    """007 of the record's own carrier; all of them, of a text with its disc, where one agrees."""
    said = [_PHYSICAL.get(value[:2]) for value in draft.physical]
    if not draft.carrier or draft.carrier in said:
        return draft.physical
    return [value for value, carrier in zip(draft.physical, said, strict=True) if carrier is None]
