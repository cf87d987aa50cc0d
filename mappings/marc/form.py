"""Medium, carrier, formats and level: every place that tells the form votes, the heaviest side is believed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mappings.marc.draft import Draft, Subfields, first, flat
from mappings.marc.tables import alternatives, table
from mappings.marc.words import NOTHING_SAID, FormWords, form_words

_FORMS = table("marc_forms")
_CARRIER_WEIGHT: dict[str, int] = _FORMS["weight"]["carrier"]
_CONTENT_WEIGHT: dict[str, int] = _FORMS["weight"]["content"]
_LEADER: dict[str, str] = _FORMS["content"]["leader"]
_CONTENT: dict[str, str] = _FORMS["content"]["336"]
_CONTENT_TERMS: dict[str, str] = _FORMS["content"]["336_terms"]
_CARRIER: dict[str, str] = _FORMS["carrier"]["338"]
_CARRIER_TERMS: dict[str, str] = _FORMS["carrier"]["338_terms"]
_MEDIA: dict[str, str] = _FORMS["carrier"]["337"]
_MEDIA_TERMS: dict[str, str] = _FORMS["carrier"]["337_terms"]
_PHYSICAL: dict[str, str] = _FORMS["carrier"]["007"]
_ITEM: dict[str, str] = _FORMS["carrier"]["item"]
_ITEM_FORMAT: dict[str, str] = _FORMS["format"]["item"]
_CARRIER_FORMAT: dict[str, str] = _FORMS["format"]["carrier"]
_MEDIUM: dict[str, str] = _FORMS["medium"]
_VOLUME_WORDS = alternatives(table("marc_words")["extent"]["volumes"])
_VOLUMES = re.compile(  # "2 v.", "3 osaa"; "v." alone is of a set still coming out
    rf"(?<!\d)(?:[2-9]|[1-9]\d)\s*(?:{_VOLUME_WORDS})(?![\w/])|^\s*(?:{_VOLUME_WORDS})\.?\s*(?:<[^>]*>)?\s*[:;]?\s*$",
    re.I,
)
_ITEM_AT_29 = frozenset("efgkor")
_GAME_CODE = {"computer": 26, "object": 33}  # where 008 has a g
_GAME_WORDS = ("peli", "game", "spel")

Votes = list[tuple[str, str]]
"""(place, what it says) in the order of the table of weights."""


def type_field(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """336, 337, 338 and 347: content, media, carrier and file type."""
    draft.kept.append((tag, indicators, subfields))
    if tag == "347":
        draft.carrier_words.append(("347", f"{first(subfields, 'a')} {first(subfields, 'b')}"))
    else:
        draft.types.append((tag, flat(subfields)))


def _type(tag: str, written: tuple[str, ...]) -> tuple[str, str, str]:
    """Tag, $a and $b of 336-338."""
    said = dict(zip(written[-2::-2], written[::-2], strict=True))  # backwards, so that the first of a code stands
    return tag, said.get("a", "").lower().strip(" .,;"), said.get("b", "").strip()


class _Witness(NamedTuple):
    """All that tells the form of one record; records of one kind have the same, so it is judged once."""

    kind: str  # LDR/06
    item: str  # 008/23 or 008/29
    physical: tuple[str, ...]  # 007/00-01
    modified: tuple[str, ...]  # 006/06 of electronic resources
    fields: tuple[tuple[str, tuple[str, ...]], ...]  # 336-338: tag, codes and values
    words: tuple[tuple[str, FormWords], ...]  # what free text says, by place

    def types(self) -> list[tuple[str, str, str]]:
        """336-338: tag, $a, $b."""
        return [_type(tag, written) for tag, written in self.fields]


class _Verdict(NamedTuple):
    content: str
    carrier: str
    disputes: tuple[tuple[str, str], ...]  # what the places say, what was used


def settle_form(draft: Draft) -> None:
    """Decide content, carrier and medium, and report the places that disagree."""
    draft.said = _words(draft)
    verdict = _judge(
        _Witness(
            draft.leader[6],
            _item(draft),
            tuple([field[:2] for field in draft.physical]),
            tuple([field[6] for field in draft.modified if field[:1] == "m" and len(field) > 6]),
            tuple(draft.types),
            tuple(draft.said),
        )
    )
    draft.content = verdict.content
    draft.carrier = verdict.carrier or _unsaid_carrier(draft)
    for values, used in verdict.disputes:
        draft.report("form.disagree", "LDR", values=values, used=used)
    if draft.content == "computer" and _is_document(draft):
        draft.content = "text"
    draft.medium = _medium(draft)


@lru_cache(maxsize=2048)
def _judge(witness: _Witness) -> _Verdict:
    disputes: list[tuple[str, str]] = []
    content = _decide(_content_votes(witness), _CONTENT_WEIGHT, disputes)
    carrier = _decide(_carrier_votes(witness), _CARRIER_WEIGHT, disputes)
    return _Verdict(content, carrier, tuple(disputes))


def formats(draft: Draft, qualifiers: list[str]) -> tuple[str, ...]:
    """Formats in our words (epub, pdf, mp3, daisy, audio-cd …): those of the carrier's own kind only.

    `qualifiers` are the 020 $q of the ISBNs that name this very publication.
    """
    words = [form_words(text) for text in qualifiers]
    words += [said for place, said in draft.said if place in ("300", "347")]
    return _formats((draft.content, draft.carrier), _item(draft), tuple(words))


@lru_cache(maxsize=2048)
def _formats(form: tuple[str, str], item_code: str, words: tuple[FormWords, ...]) -> tuple[str, ...]:
    content, used = form
    found: dict[str, None] = {}
    for said in words:
        if not said.carriers or not used or used in said.carriers:
            found.update(dict.fromkeys(said.formats))
    item = _ITEM_FORMAT.get(item_code)
    if item:
        found[item] = None
    carrier = _CARRIER_FORMAT.get(f"{content}/{used}") or _CARRIER_FORMAT.get(used)
    if carrier and not _more_exact(found, carrier):
        found[carrier] = None
    if "mp3-cd" in found:
        return tuple(word for word in found if word not in ("mp3", "cd"))
    return tuple(found)


def level(draft: Draft) -> str:
    """Level from LDR/07, with LDR/19 and 300 for sets; issues of magazines are told elsewhere."""
    code = draft.leader[7]
    if code in "si":
        return "serial"
    if code in ("a", "b", "d"):
        return "component"
    if code == "c" or draft.leader[19] == "a":
        return "set"
    if draft.carrier == "print" and any(_VOLUMES.search(extent) for extent in draft.extents):
        return "set"
    return "monograph"


def _more_exact(found: dict[str, None], carrier: str) -> bool:
    """Whether the words already name the disc more exactly than the carrier does (mp3-cd, daisy)."""
    return carrier in found or (carrier == "cd" and bool(found.keys() & {"mp3-cd", "daisy", "mp3"}))


def _words(draft: Draft) -> list[tuple[str, FormWords]]:
    texts = [("300", text) for text in draft.extents]
    texts += draft.carrier_words
    for field in draft.isbns:
        for code, value in field:
            if code == "q" or (code == "a" and "(" in value):
                texts.append(("020$q", value))
    for text in draft.genre_words:
        texts.append(("655", text))
    return [(place, said) for place, text in texts if (said := form_words(text)) is not NOTHING_SAID]


def _content_votes(witness: _Witness) -> Votes:
    votes = [("LDR/06", _LEADER[witness.kind])] if witness.kind in _LEADER else []
    for tag, term, code in witness.types():
        if tag == "336" and (said := _CONTENT.get(code) or _CONTENT_TERMS.get(term)):
            votes.append(("336", said))
    if witness.kind == "m" and len(votes) > 1 and ("336", "computer") not in votes:
        del votes[0]  # LDR/06 m was long used of any electronic document; what is in it says 336
    if witness.kind not in "ij" and any(field.startswith("s") for field in witness.physical):
        votes.append(("007", "spoken"))
    votes += [(place, content) for place, said in witness.words for content in said.contents]
    if witness.kind in "jcdm":  # an MP3 of music or in a computer file is not speech
        votes = [(place, said) for place, said in votes if said != "spoken" or place in ("LDR/06", "336")]
    return votes


def _carrier_votes(witness: _Witness) -> Votes:
    votes: Votes = []
    types = witness.types()
    for tag, term, code in types:
        if tag == "338":  # a template's $b beside a corrected $a: both are heard
            votes += [("338", s) for s in (_CARRIER.get(code), _CARRIER_TERMS.get(term)) if s]
    if not votes:
        said = [_MEDIA.get(b) or _MEDIA_TERMS.get(a) for tag, a, b in types if tag == "337"]
        votes += [("337", carrier) for carrier in said if carrier]
    votes += [("007", _PHYSICAL[field]) for field in witness.physical if field in _PHYSICAL]
    item = _ITEM.get(witness.item)
    if item and (item != "micro" or ("micro" in {said for _, said in votes})):  # alone it is said of the copy filmed
        votes.append(("008", item))
    votes += [("006", _ITEM[form]) for form in witness.modified if form in ("o", "q")]
    votes += [(place, said.carriers[0]) for place, said in witness.words if said.carriers]
    return _without_generic(votes)


def _without_generic(votes: Votes) -> Votes:
    """ "Electronic" is said of discs too: such weak words do not speak against a computer or audio disc."""
    strong = {said for place, said in votes if place in ("338", "007", "300")}
    for disc in ("computer_disc", "audio_disc"):
        if disc in strong and not any(said == "online" and place in ("338", "007") for place, said in votes):
            return [(place, disc if said == "online" else said) for place, said in votes]
    return votes


def _decide(votes: Votes, weight: dict[str, int], disputes: list[tuple[str, str]]) -> str:
    if not votes:
        return ""
    sums: dict[str, int] = {}
    for place, said in dict.fromkeys(votes):
        sums[said] = sums.get(said, 0) + weight[place]
    if len(sums) == 1:
        return votes[0][1]
    used = max(sums, key=lambda said: (sums[said], -_rank(votes, said, weight)))
    if _is_dispute(votes, used):
        values = ", ".join(dict.fromkeys(f"{place} {said}" for place, said in votes))
        disputes.append((values, used))
    return used


def _rank(votes: Votes, said: str, weight: dict[str, int]) -> int:
    places = list(weight)
    return min(places.index(place) for place, what in votes if what == said)


def _is_dispute(votes: Votes, used: str) -> bool:
    """Several 336-338 in one record describe several parts and do not disagree; other places do."""
    agreeing = {place for place, said in votes if said == used}
    return any(said != used and place not in agreeing and place != "020$q" for place, said in votes)


def _item(draft: Draft) -> str:
    at = 29 if draft.leader[6] in _ITEM_AT_29 else 23
    return draft.fixed[at : at + 1]


def _unsaid_carrier(draft: Draft) -> str:
    """A text of which nothing says otherwise is printed, if the record is full enough to have said so."""
    if draft.leader[6] in "acdet" and (draft.extents or (draft.fixed and _item(draft) == " ")):
        return "print"
    return ""


def _is_document(draft: Draft) -> bool:
    return draft.fixed[26:27] in ("d", "e") and draft.carrier == "online"


def _medium(draft: Draft) -> str:
    content, carrier = draft.content, draft.carrier
    if content == "text" and carrier == "online" and draft.leader[7] in "sib":
        return "emagazine" if draft.leader[7] != "i" or draft.fixed[21:22] in "mnp" else "other"
    if content in _GAME_CODE and _is_game(draft):
        return "game"
    if content == "text" and any("daisy" in said.formats for place, said in draft.said if place != "020$q"):
        return "audiobook"
    return _MEDIUM.get(f"{content}/{carrier}") or _MEDIUM.get(content, "other")


def _is_game(draft: Draft) -> bool:
    at = _GAME_CODE[draft.content]
    if draft.fixed[at : at + 1] == "g":
        return True
    said = " ".join((*draft.genre_words, *draft.extents)).lower()
    return any(word in said for word in _GAME_WORDS)
