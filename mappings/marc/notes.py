"""Descriptions (520), notes (5XX), accessibility (341, 532) and links (856)."""

from __future__ import annotations

import re
from functools import lru_cache

from mappings.marc.draft import Draft, Said, Subfields, Values, every, first
from mappings.marc.kept import keep_if_more, keep_whole
from mappings.marc.originals import original_of, stated_original
from mappings.marc.tables import alternatives, table

_NOTES: dict[str, str] = table("marc")["notes"]
_SUMMARIES: dict[str, str] = table("marc")["summaries"]
_LINK_WORDS = table("marc_words")["links"]
_COVER = re.compile(rf"(?<!\w)(?:{alternatives(_LINK_WORDS['cover'])})(?!\w)", re.IGNORECASE)
_SAMPLE = re.compile(rf"(?<!\w)(?:{alternatives(_LINK_WORDS['sample'])})", re.IGNORECASE)
_ONLY_NAMED = re.compile(rf"^\W*(?:{alternatives(table('marc_words')['summaries']['starts'])})(?!\w)", re.IGNORECASE)
_NOT_TEXT = frozenset("012456789wux")
_OF_ORIGINALS = frozenset(("500", "534"))
_HOLDINGS = "600"  # 866-868 are of copies
_SHORT = 250  # characters: below it, a summary that begins by saying it is one is only a remark
_ADDRESS = re.compile(r"(?:https?|ftp)://\S+$|urn:\S+$", re.IGNORECASE)
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")


def note(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """5XX: the text of all its subfields, under the kind its tag stands for; its parts and addresses are kept."""
    if tag < _HOLDINGS:
        keep_whole(draft, tag, indicators, subfields)
    if len(subfields) == 1 and subfields[0][0] not in _NOT_TEXT:
        text = subfields[0][1].strip()
    else:
        text = " ".join(value.strip() for code, value in subfields if code not in _NOT_TEXT).strip()
        text = text or " ".join(value.strip() for value in every(subfields, "u") if not _ADDRESS.match(value.strip()))
    if text:
        draft.notes[_NOTES[tag], text, draft.source_language] = None
    if tag in _OF_ORIGINALS and (title := original_of(subfields) if tag == "534" else stated_original(text)):
        draft.stated_originals.append(title)


def coded_holdings(draft: Draft, _tag: str, _: str, subfields: Subfields) -> None:
    """863: volumes and years of a serial, as ``1-10:1-4 (1990-1999)``."""
    volumes = ":".join(value.strip() for value in every(subfields, "abcdef"))
    years = ":".join(value.strip() for value in every(subfields, "ijkl"))
    text = f"{volumes} ({years})" if volumes and years else volumes or years
    if text:
        draft.notes["holdings", text, draft.source_language] = None


def summary(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """520. A remark that there is a summary ("Tiivistelmä ruotsiksi.") is a note, not a description."""
    keep_whole(draft, tag, indicators, subfields)
    text = " ".join(value.strip() for value in every(subfields, "ab"))
    if not text:
        return
    remark = len(text) < _SHORT and _ONLY_NAMED.match(text)
    kind = "summary_language" if remark else _SUMMARIES.get(indicators[:1], "description")
    kept = draft.notes if remark else draft.descriptions
    kept[kind, text, draft.source_language] = None


def described(draft: Draft, languages: tuple[str, ...]) -> dict[Said, None]:
    """The descriptions, and those of 880 in the language of the text, where it is one."""
    if not draft.script_descriptions:
        return draft.descriptions
    own = languages[0] if len(languages) == 1 else None
    return draft.descriptions | {("description", text, own): None for text in draft.script_descriptions}


def settle_texts(said: dict[Said, None]) -> list[Values]:
    """Notes or descriptions in their order, each once."""
    return [{"kind": kind, "text": text, "language": language} for kind, text, language in said]


def accessibility_content(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """341: the mode of access with its features, and 532: the note, kept where its indicator says of what."""
    if tag == "532":
        keep_if_more(draft, tag, indicators, subfields)
    text = ": ".join(part for part in (first(subfields, "a"), ", ".join(every(subfields, "bcde"))) if part)
    if text.strip():
        draft.accessibility.append({"text": text.strip(), "source": tag})


def link(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """856 $u. Its kind is told by the words of $3, $y and $z, then by the second indicator (2 = related)."""
    subfields = [(code, value.replace("\\", "/") if code == "u" else value) for code, value in subfields]
    keep_if_more(draft, tag, indicators, subfields)
    words = ""
    addresses: list[str] = []
    for code, value in subfields:
        if code == "u":
            address = value.strip()
            addresses.append(f"http://{address}" if address.lower().startswith("www.") else address)
        elif code in "3yz":
            words = f"{words} {value}"
    for address in addresses:
        if _ADDRESS.match(address):
            kind = _kind(words, indicators[1:2], address[-5:].lower().endswith(_PICTURES))
            draft.links.append({"kind": kind, "url": address})


@lru_cache(maxsize=2048)
def _kind(words: str, second: str, picture: bool) -> str:
    if _COVER.search(words) or (picture and second not in ("0", "1")):
        return "cover"
    if _SAMPLE.search(words):
        return "sample"
    return "content" if second in ("0", "1") else "other"
