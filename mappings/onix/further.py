"""What a publisher says beside title, people and subjects, as notes: prizes, contents, dissertation, scale, licence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalogue.parsed import OnixNode
from catalogue.vocabularies import onix_code_names
from mappings.onix.reading import Reading, Values, block, counted, nodes_of, text_of, texts_of
from mappings.onix.titles import title_of

_PATH = "DescriptiveDetail/"
_ACHIEVEMENT = 41
_CONTENTS = "contents"


def further_notes(reading: Reading, languages: Sequence[str], notes: Sequence[Values]) -> list[Values]:
    """Notes out of Prize, ContentItem, ThesisType, MapScale and EpubLicense. `notes` are those of the texts: where
    they have the table of contents, the items of the content are not listed again."""
    found = [{"kind": "awards", "text": text} for text in _prizes(reading, languages)]
    if "ContentDetail" in reading.product and all(note["kind"] != _CONTENTS for note in notes):
        items = list(_items(reading))
        found += [{"kind": _CONTENTS, "text": " -- ".join(items)}] if items else []
    described = reading.descriptive
    thesis = [
        reading.text(described, tag, _PATH[:-1]) for tag in ("ThesisPresentedTo", "ThesisYear") if tag in described
    ]
    if text := ", ".join([part for part in thesis if part]):
        found.append({"kind": "dissertation", "text": text})
    if (scale := text_of(described, "MapScale")).isdigit():
        found.append({"kind": "scale", "text": f"1:{scale}"})
    if "EpubLicense" in described:
        found += [{"kind": "terms", "text": text} for text in _licences(reading)]
    return found


def _prizes(reading: Reading, languages: Sequence[str]) -> Iterator[str]:
    """``Nordiska rådets litteraturpris, 2020 (nominerad)``; what was won in words of the text's language (list 41)."""
    for node, locus in counted(reading.collateral, "Prize", "CollateralDetail/"):
        code = text_of(node, "PrizeCode")
        reading.check(code, 41, f"{locus}/PrizeCode")
        names = onix_code_names(_ACHIEVEMENT, code)
        achieved = {"fin": names.fi, "swe": names.sv}.get(languages[0] if languages else "") or (names.en or "").lower()
        named = [reading.text(node, tag, locus) for tag in ("PrizeName", "PrizeYear")]
        text = reading.text(node, "PrizeStatement", locus) or ", ".join(part for part in named if part)
        if text:
            yield text if "PrizeStatement" in node or not achieved else f"{text} ({achieved})"


def _items(reading: Reading) -> Iterator[str]:
    """Each item of the content with a title, and whose it is."""
    for node, locus in counted(block(reading.product, "ContentDetail"), "ContentItem", "ContentDetail/"):
        details = counted(node, "TitleDetail", f"{locus}/")
        title = next((text for detail, place in details if (text := title_of(reading, detail, place))), "")
        names = [name for each in nodes_of(node, "Contributor") if (name := text_of(each, "PersonName"))]
        if title:
            yield f"{title} / {', '.join(names)}" if names else title


def _licences(reading: Reading) -> Iterator[str]:
    """The name of each licence with the address of its text."""
    for node, locus in counted(reading.descriptive, "EpubLicense", _PATH):
        name = reading.text(node, "EpubLicenseName", locus)
        links = _links(node)
        if name or links:
            yield ": ".join(part for part in (name, " ".join(links)) if part)


def _links(node: OnixNode) -> list[str]:
    expressions = nodes_of(node, "EpubLicenseExpression")
    return [link for each in expressions for link in texts_of(each, "EpubLicenseExpressionLink")]
