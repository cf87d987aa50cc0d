"""Subjects, genres, classifications and audiences (ONIX lists 27-30)."""

from __future__ import annotations

from functools import cache

from catalogue.parsed import OnixNode
from mappings.easy import says_easy
from mappings.onix.reading import Reading, Values, counted, nodes_of, text_of, texts_of
from mappings.onix.tables import by_code, codes
from mappings.topics import Topics

_PATH = "DescriptiveDetail/"


class ProductTopics(Topics):
    """The topics of a product, with what it is read from."""

    def __init__(self, reading: Reading, text_languages: list[str]) -> None:
        super().__init__(reading, text_languages)
        self.reading = reading


def read_topics(reading: Reading, text_languages: list[str], medium: str) -> Values:
    """Subjects, genres, classification and audience of a product."""
    topics = ProductTopics(reading, text_languages)
    for node, locus in counted(reading.descriptive, "Subject", _PATH):
        _subject(topics, node, locus)
    for node, locus in counted(reading.descriptive, "NameAsSubject", _PATH):
        name = next(
            (t for tag in ("PersonNameInverted", "PersonName", "CorporateName") if (t := text_of(node, tag))), ""
        )
        if name or text_of(node, "KeyNames"):
            name = name or ", ".join(p for p in (text_of(node, "KeyNames"), text_of(node, "NamesBeforeKey")) if p)
            topics.term("subjects", "name", name, locus)
    _audiences(topics)
    _easy_editions(topics)
    return topics.values()


def _subject(topics: ProductTopics, node: OnixNode, locus: str) -> None:
    code = text_of(node, "SubjectCode")
    part, scheme = _scheme(topics.reading, text_of(node, "SubjectSchemeIdentifier"), locus)
    if part == "classification" and code:
        topics.classify(scheme, code)
        return
    place = f"{locus}/SubjectHeadingText"
    texts = [text for each in node.get("SubjectHeadingText", ()) if (text := topics.reading.plain(each, place))]
    if part == "classification":  # a heading without its notation
        for text in texts:
            topics.term("subjects", scheme, text, locus)
    elif part == "keyword":
        for word in (w for text in texts or [code] for w in split_keywords(text)):
            topics.term("subjects", scheme, word, place)
    elif part == "named":
        _named(topics, scheme, code, (texts, node, locus))
    else:
        _heading(topics, f"{part}s", scheme, (code, texts, locus))


@cache
def _schemes() -> dict[str, tuple[str, str]]:
    """Code of list 27 → how it is read, and the scheme's name with us."""
    parts = ("classification", "subject", "genre", "keyword", "named")
    return {code: (part, scheme) for part in parts for code, scheme in by_code("subjects", part).items()}


def _scheme(reading: Reading, identifier: str, locus: str) -> tuple[str, str]:
    known = _schemes().get(identifier)
    if known is None:
        reading.unknown(identifier, 26 if reading.legacy else 27, f"{locus}/SubjectSchemeIdentifier")
        return "named", f"onix-27:{identifier}" if identifier else "proprietary"
    return known


def _named(topics: ProductTopics, scheme: str, code: str, rest: tuple[list[str], OnixNode, str]) -> None:
    """The sender's own scheme under its name: the notation and the words are both kept."""
    texts, node, locus = rest
    name = topics.reading.text(node, "SubjectSchemeName", locus)
    scheme = f"{scheme}:{name}" if name else scheme
    if code:
        topics.classify(scheme, code)
    for text in texts:
        topics.term("subjects", scheme, text, locus)


def _heading(topics: ProductTopics, part: str, scheme: str, rest: tuple[str, list[str], str]) -> None:
    """A term of a vocabulary. Its code counts where it leads to a concept, else its words."""
    code, texts, locus = rest
    if code and (concept := topics.find(scheme, code, part)):
        topics.linked("subjects", concept, next(iter(texts), code))
        return
    for text in texts or [code]:
        for word in text.split(";"):
            if word.strip():
                topics.term(part, scheme, word.strip(), f"{locus}/SubjectHeadingText")


def split_keywords(text: str) -> list[str]:
    """List 27 code 20: several keywords in one text, parted by semicolons, else by commas."""
    for separator in (";", ","):
        if separator in text:
            return [word.strip() for word in text.split(separator) if word.strip()]
    return [text.strip()] if text.strip() else []


def _audiences(topics: ProductTopics) -> None:
    reading = topics.reading
    for node, locus in counted(reading.descriptive, "Audience", _PATH):
        kind, code = text_of(node, "AudienceCodeType"), text_of(node, "AudienceCodeValue")
        scheme = by_code("subjects", "audience").get(kind)
        if scheme is None:
            reading.unknown(kind, 29, f"{locus}/AudienceCodeType")
            scheme = f"onix-29:{kind}"
        if scheme == "proprietary" and text_of(node, "AudienceCodeTypeName"):
            scheme = f"proprietary:{text_of(node, 'AudienceCodeTypeName')}"
        if scheme == "onix-audience" and code not in codes("subjects", "audience_codes", "known"):
            reading.unknown(code, 28, f"{locus}/AudienceCodeValue")
        words = reading.text(node, "AudienceHeadingText", locus)
        if code or words:
            topics.audience(scheme, code or words, words or None)
    _ranges(topics)
    for node in (n for n, _ in counted(reading.descriptive, "Complexity", _PATH)):
        if text_of(node, "ComplexityCode"):
            topics.audience(f"onix-32:{text_of(node, 'ComplexitySchemeIdentifier')}", text_of(node, "ComplexityCode"))


def _ranges(topics: ProductTopics) -> None:
    """``7-12``, ``7-``, ``-12`` or ``7``: precisions 03 from, 04 to, 01 exactly (list 31), in one composite or two."""
    bounds: dict[str, dict[str, str]] = {}
    for node, locus in counted(topics.reading.descriptive, "AudienceRange", _PATH):
        qualifier = text_of(node, "AudienceRangeQualifier")
        scheme = by_code("subjects", "range").get(qualifier)
        if scheme is None:
            topics.reading.unknown(qualifier, 30, f"{locus}/AudienceRangeQualifier")
        if scheme is None or scheme == "other-grade":
            scheme = f"onix-30:{qualifier}"
        for precision in texts_of(node, "AudienceRangePrecision"):
            topics.reading.check(precision, 31, f"{locus}/AudienceRangePrecision")
        precisions, values = texts_of(node, "AudienceRangePrecision"), texts_of(node, "AudienceRangeValue")
        bounds.setdefault(scheme, {}).update(zip(precisions, values, strict=False))
    for scheme, found in bounds.items():
        if "01" in found:
            topics.audience(scheme, found["01"])
        elif found:
            topics.audience(scheme, f"{found.get('03', '')}-{found.get('04', '')}")


def _easy_editions(topics: ProductTopics) -> None:
    """Editions made easier to read (selkokieli, lättläst): by EditionType, else by what the product's words say."""
    described = topics.reading.descriptive
    easy = [code for code in texts_of(described, "EditionType") if code in codes("record", "edition", "easy")]
    for code in easy:
        topics.audience("onix-edition", code)
    if easy:
        return
    said = [*texts_of(described, "EditionStatement"), *texts_of(described, "AudienceDescription")]
    said += [topic["source_text"] for topic in topics.parts["genres"].values()]
    for detail in (*nodes_of(described, "TitleDetail"), *nodes_of(described, "Collection")):
        for element in (e for d in (detail, *nodes_of(detail, "TitleDetail")) for e in nodes_of(d, "TitleElement")):
            said += texts_of(element, "Subtitle")
            said += texts_of(element, "TitleText") if text_of(element, "TitleElementLevel") == "02" else ()
    text = next((text for text in said if says_easy(text)), None)
    if text is not None:
        topics.audience("onix-edition", "ETR", text)


def audience_notes(reading: Reading) -> list[Values]:
    """What the sender says of the audience in words."""
    found = reading.descriptive.get("AudienceDescription", ())
    texts = (reading.plain(each, f"{_PATH}AudienceDescription") for each in found)
    return [{"kind": "audience", "text": text} for text in texts if text]
