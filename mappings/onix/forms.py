"""Medium, formats and accessibility: what a product is (ONIX lists 150, 175, 81, 196; 2.1: 7, 78, 10, 11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalogue.accessibility import contradictions
from catalogue.vocabularies.onix_codes import is_onix_code
from mappings.onix.reading import Reading, Values, counted, nodes_of, text_of, texts_of
from mappings.onix.tables import by_code, codes, table

_PATH = "DescriptiveDetail/"


def read_form(reading: Reading) -> Values:
    """``medium``, ``formats`` and ``online``: the form decides; details and content type where it leaves it open.

    Places that contradict each other give the defect ``form.disagree``.
    """
    form = text_of(reading.descriptive, "ProductForm")
    details = _details(reading)
    content = _content(reading)
    by_form = _medium(reading, form)
    by_detail = _of_details(details)
    by_type = "ebook" if "EpubType" in reading.descriptive else ""  # 2.1
    is_open = not form or form in codes("forms", "delivered", "open") or by_form == "other"
    medium = (content or by_detail or by_type or by_form) if is_open else by_form
    if medium == "image" and by_form == "ebook":
        medium = "ebook"  # a picture book or comic
    if by_form == "audiobook" and content == "music":
        medium = "music"
    _disagreement(reading, medium, {"ProductForm": by_form if not is_open else "", "ProductFormDetail": by_detail})
    formats = _formats(reading, form, details)
    online = form in codes("forms", "delivered", "online") or (not form and medium in ("ebook", "audiobook"))
    return {"medium": medium, "formats": formats, "online": online}


def binding(reading: Reading, languages: Sequence[str]) -> str | None:
    """How a printed book is bound, in words of the language of its text (Finnish, Swedish, else English)."""
    words = table("forms")["binding"].get(text_of(reading.descriptive, "ProductForm"))
    if words is None:
        return None
    return str(words.get(languages[0] if languages else "", words["eng"]))


def _medium(reading: Reading, form: str) -> str:
    if not form:
        return "other"
    reading.check(form, 7 if reading.legacy else 150, f"{_PATH}ProductForm")
    medium = by_code("forms", "medium").get(form, "other")
    return _of_box(reading) or medium if medium == "mixed" else medium


def _of_box(reading: Reading) -> str:
    """The medium of all products in a box or pack, where it is one: two printed books are print."""
    parts = [text_of(part, "ProductForm") for part in nodes_of(reading.descriptive, "ProductPart")]
    media = {by_code("forms", "medium").get(form, "other") for form in parts}
    return media.pop() if len(media) == 1 and not media & {"other", "mixed"} else ""


def _details(reading: Reading) -> list[str]:
    found = texts_of(reading.descriptive, "ProductFormDetail")
    for number, code in enumerate(found, 1):
        place = f"[{number}]" if number > 1 else ""
        reading.check(code, _details_list(reading), f"{_PATH}ProductFormDetail{place}")
    return found or _of_parts(reading)


def _details_list(reading: Reading) -> int:
    return 78 if reading.legacy else 175


def _of_parts(reading: Reading) -> list[str]:
    """The formats of an e-book that is sold in several at once."""
    if text_of(reading.descriptive, "ProductForm") not in codes("forms", "delivered", "online"):
        return []
    return [
        code for part in nodes_of(reading.descriptive, "ProductPart") for code in texts_of(part, "ProductFormDetail")
    ]


def _of_details(details: list[str]) -> str:
    """A text with sound is an e-book: of several files the text tells what it is."""
    media = {m for d in details if (m := by_code("forms", "detail", "medium").get(d))}
    return next((m for m in ("ebook", "audiobook", "video") if m in media), "")


def _content(reading: Reading) -> str:
    """What the primary content is (list 81); '' where nothing is said. 2.1 repeats one element, the first is it."""
    tag = "PrimaryContentType" if "PrimaryContentType" in reading.descriptive else "ProductContentType"
    code = text_of(reading.descriptive, tag)
    if not code:
        return ""
    medium = by_code("forms", "content").get(code)
    if medium is None:
        reading.unknown(code, 81, f"{_PATH}{tag}")
    return medium if medium and medium != "other" else ""


def _disagreement(reading: Reading, medium: str, told: dict[str, str]) -> None:
    others = {place: word for place, word in told.items() if word and word != medium}
    if "PrimaryContentType" in reading.descriptive or "music" in told.values() or medium in ("music", "mixed", "image"):
        return
    if others:
        values = ", ".join(f"{place} {word}" for place, word in told.items() if word)
        reading.report("form.disagree", f"{_PATH}ProductForm", values=values, used=medium)


def _formats(reading: Reading, form: str, details: list[str]) -> list[str]:
    """Formats by name. A code of no list stays as it is; one that tells of the thing is no format."""
    known, number = by_code("forms", "detail", "format"), _details_list(reading)
    found = [known.get(d, d) for d in details if d in known or not is_onix_code(number, d, reading.release)]
    for tag, section, listed in (("EpubType", "epub_type", 10), ("EpubFormat", "epub_format", 11)):
        for code in texts_of(reading.descriptive, tag):
            word = by_code("forms", section).get(code)
            if word is None:
                reading.unknown(code, listed, f"{_PATH}{tag}")
                found.append(code)
            elif word != "other" and (tag == "EpubType" or not found):
                found.append(word)
    if not found and form in codes("forms", "delivered", "streamed"):
        found.append("streaming")
    if form in by_code("forms", "carrier"):
        found.append(by_code("forms", "carrier")[form])
    if form and form not in by_code("forms", "medium"):
        found.append(form)
    return list(dict.fromkeys(found))


def read_accessibility(reading: Reading) -> list[Values]:
    """Every statement of ProductFormFeature type 09 (list 196) with its words; hazards of type 12 as ``143:NN``."""
    facts: list[Values] = []
    for node, locus in counted(reading.descriptive, "ProductFormFeature", _PATH):
        kind, code = text_of(node, "ProductFormFeatureType"), text_of(node, "ProductFormFeatureValue")
        reading.check(kind, 79, f"{locus}/ProductFormFeatureType")
        if kind == "12":
            reading.check(code, 143, f"{locus}/ProductFormFeatureValue")
            facts += [{"code": f"143:{code}", "source": "onix"}] if code in _hazards() else []
        if kind != "09":
            continue
        if code and code not in codes("texts", "accessibility", "known"):
            reading.unknown(code, 196, f"{locus}/ProductFormFeatureValue")
        words = [reading.plain(d, f"{locus}/ProductFormFeatureDescription") for d in _descriptions(node)]
        facts.extend({"code": code or None, "text": text or None, "source": "onix"} for text in words or [""])
    if len(facts) > 1:
        _contradictions(reading, {str(fact["code"]) for fact in facts})
    return facts


def _hazards() -> frozenset[str]:
    return codes("texts", "accessibility", "hazards")


def _contradictions(reading: Reading, stated: set[str]) -> None:
    """Both statements stay: which of them is true is the publisher's to say."""
    for code, others in contradictions().items():
        against = sorted(stated.intersection(others)) if code in stated else []
        if against:
            values = ", ".join((code, *against))
            reading.report("accessibility.contradiction", f"{_PATH}ProductFormFeature", values=values)


def _descriptions(node: dict[str, Any]) -> list[Any]:
    return list(node.get("ProductFormFeatureDescription", ()))


def read_trade(reading: Reading) -> bool:
    """Whether the sender trades it as a periodical or newspaper (list 12)."""
    category = text_of(reading.descriptive, "TradeCategory")
    reading.check(category, 12, f"{_PATH}TradeCategory")
    return category in codes("forms", "trade", "periodical")


def drm(reading: Reading) -> str | None:
    """The strongest technical protection named (list 144); None where nothing is said."""
    if "EpubTechnicalProtection" not in reading.descriptive:
        return None
    words = by_code("supply", "drm")
    found = set()
    for number, code in enumerate(texts_of(reading.descriptive, "EpubTechnicalProtection"), 1):
        if code not in words:
            place = f"[{number}]" if number > 1 else ""
            reading.unknown(code, 144, f"{_PATH}EpubTechnicalProtection{place}")
        found.add(words.get(code, code))
    return next((word for word in table("supply")["drm"] if word in found), min(found, default=None))


def usage_constraints(reading: Reading) -> list[tuple[str, str]]:
    """Usage type and status (lists 145, 146) of every constraint."""
    found = []
    for node, locus in counted(reading.descriptive, "EpubUsageConstraint", _PATH):
        usage, status = text_of(node, "EpubUsageType"), text_of(node, "EpubUsageStatus")
        reading.check(usage, 145, f"{locus}/EpubUsageType")
        reading.check(status, 146, f"{locus}/EpubUsageStatus")
        found.append((usage, status))
    return found
