"""The catalogue record: our model of one description of one publication, still from one source.

The field names are the contract of the command line's JSON. Codes are the standards' own: languages are
ISO 639-2/B, roles are MARC relators, countries are ISO 3166-1 alpha-2, dates are ISO 8601 and may be partial
(``2021``, ``2021-05``). Lists may be empty; an unknown scalar is null.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from catalogue.keys import RecordKey
from catalogue.model import Model

Status = Literal["live", "deleted", "withdrawn"]
Notification = Literal["early", "advance", "confirmed", "update", "delete"]
Level = Literal["monograph", "serial", "issue", "component", "set"]
Medium = Literal[
    "ebook", "audiobook", "emagazine", "print", "music", "notated_music", "video", "map", "image", "game",
    "software", "mixed", "object", "microform", "other",
]  # fmt: skip
IdentifierRole = Literal["own", "other_format", "set", "cancelled", "related"]
TitleKind = Literal["main", "subtitle", "original", "parallel", "alternative", "part", "series", "key", "former"]


class Message(Model):
    """What the sender said about the record itself (ONIX lists 1 and 64; MARC LDR/05)."""

    notification: Notification = "confirmed"
    publishing_status: str | None = None  # ONIX list 64 code
    sent_at: str | None = None  # ISO 8601; MARC 005, ONIX SentDateTime


class Identifier(Model):
    """`scheme`: isbn (13 digits, no hyphens), issn (NNNN-NNNN), gtin, doi, urn, oclc, proprietary:NAME …"""

    scheme: str
    value: str
    role: IdentifierRole = "own"
    valid: bool = True
    as_given: str | None = None  # what the source wrote, where it differs
    qualifier: str | None = None  # MARC 020 $q and the like


class Title(Model):
    """A title of one kind. `number` is the part or volume number that belongs to it."""

    kind: TitleKind = "main"
    text: str
    language: str | None = None
    number: str | None = None
    nonfiling: int = 0  # characters skipped in sorting (MARC 245 ind. 2, ONIX TitlePrefix)


class Series(Model):
    title: str
    number: str | None = None
    issn: str | None = None


class AuthorityId(Model):
    scheme: str  # isni, orcid, viaf, kanto, asteri …
    value: str


class Contributor(Model):
    """A person or body; `name_inverted` is "Waltari, Mika", `name` is "Mika Waltari"."""

    name: str
    name_inverted: str | None = None
    kind: Literal["person", "body"] = "person"
    roles: tuple[str, ...] = ()  # MARC relator codes: aut, nrt, trl, ill, edt …
    ids: tuple[AuthorityId, ...] = ()
    sequence: int | None = None
    dates: str | None = None  # "1908-1979"
    variants: tuple[str, ...] = ()  # the name in other scripts (MARC 880), in direct order


class Languages(Model):
    """`text` is what matching and display use; `declared` is what the source said."""

    text: tuple[str, ...] = ()
    original: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    detected: str | None = None
    reason: str | None = None  # why `text` is what it is: a word of catalogue/languages.py


class EditionStatement(Model):
    number: int | None = None
    text: str | None = None
    abridged: bool | None = None


class Part(Model):
    number: str | None = None
    title: str | None = None


class Issue(Model):
    """An issue of a magazine: its number ("5/2024"), date, and the ISSN of its serial."""

    number: str | None = None
    date: str | None = None
    serial_issn: str | None = None


class PublicationDates(Model):
    published: str | None = None
    announced: str | None = None
    copyright: str | None = None
    original: str | None = None


class Publication(Model):
    publisher: str | None = None
    imprint: str | None = None
    place: str | None = None
    country: str | None = None
    dates: PublicationDates = PublicationDates()


class Extent(Model):
    pages: int | None = None
    duration_min: int | None = None
    size_bytes: int | None = None
    text: str | None = None
    illustrations: str | None = None  # and other physical details, sound and colour (MARC 300 $b)
    dimensions: str | None = None  # "21 cm" (MARC 300 $c)
    accompanying: str | None = None  # what comes with it (MARC 300 $e)


class Labels(Model):
    fi: str | None = None
    sv: str | None = None
    en: str | None = None


class Topic(Model):
    """A subject or genre: a concept by URI with labels, or only the source's words."""

    uri: str | None = None
    scheme: str | None = None  # yso, kauno, slm, keyword, fast, lcsh …
    labels: Labels = Labels()
    source_text: str | None = None


class Classification(Model):
    scheme: str  # ykl, udc, dewey, thema, bisac, sab …
    code: str


class Audience(Model):
    scheme: str
    code: str
    text: str | None = None


class Topics(Model):
    subjects: tuple[Topic, ...] = ()
    genres: tuple[Topic, ...] = ()
    classification: tuple[Classification, ...] = ()
    audience: tuple[Audience, ...] = ()


class AccessibilityFact(Model):
    """One statement of ONIX list 196 (its code) or of MARC 341/532 (its text)."""

    code: str | None = None
    text: str | None = None
    source: str | None = None


class Text(Model):
    """A description or note; HTML is sanitised, plain text otherwise."""

    kind: str
    language: str | None = None
    text: str


class Link(Model):
    kind: str  # cover, content, sample, other
    url: str


class Texts(Model):
    descriptions: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    links: tuple[Link, ...] = ()


class Relation(Model):
    """To another publication: alternative_format, print_of, replaces, replaced_by, translation_of, part_of …"""

    kind: str
    scheme: str | None = None
    value: str | None = None
    title: str | None = None


class Availability(Model):
    """Coarse facts only: dates are filtered at query time, `lendable_fi` is yes, no or unknown (None)."""

    from_: str | None = Field(default=None, alias="from")
    until: str | None = None
    lendable_fi: bool | None = None
    drm: str | None = None


class CataloguedField(Model):
    """A field of MARC 21 as a library wrote it: for what has no place in this record, so that it is not lost.

    A control field has a `value`, a data field `indicators` and `subfields` (code, value).
    """

    tag: str
    value: str | None = None
    indicators: str = ""
    subfields: tuple[tuple[str, str], ...] = ()


class Cataloguing(Model):
    level: str | None = None  # MARC LDR/17; "prepublication" … kept as the standard's code
    rules: str | None = None  # rda, aacr2, isbd …
    language: str | None = None
    agency: str | None = None
    fields: tuple[CataloguedField, ...] = ()


class Description(Model):
    """The bibliographic content, shared by source records and merged records."""

    level: Level = "monograph"
    medium: Medium = "other"
    formats: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    titles: tuple[Title, ...] = ()
    responsibility: str | None = None
    series: tuple[Series, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    languages: Languages = Languages()
    edition_statement: EditionStatement = EditionStatement()
    part: Part = Part()
    issue: Issue | None = None
    publication: Publication = Publication()
    extent: Extent = Extent()
    topics: Topics = Topics()
    accessibility: tuple[AccessibilityFact, ...] = ()
    texts: Texts = Texts()
    relations: tuple[Relation, ...] = ()
    availability: Availability = Availability()
    cataloguing: Cataloguing = Cataloguing()

    def title(self, kind: TitleKind = "main") -> Title | None:
        """The first title of a kind, or None."""
        return next((t for t in self.titles if t.kind == kind), None)

    def own_isbns(self) -> tuple[str, ...]:
        """Valid ISBN-13s that name this very publication."""
        return tuple(i.value for i in self.identifiers if i.scheme == "isbn" and i.role == "own" and i.valid)


class CatalogueRecord(Description):
    """One source's description of one publication."""

    source: str
    source_id: str
    status: Status = "live"
    message: Message = Message()

    @property
    def key(self) -> RecordKey:
        return RecordKey(self.source, self.source_id)
