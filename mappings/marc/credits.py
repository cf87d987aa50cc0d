"""What a statement of responsibility or a note on performers says of a named person."""

from __future__ import annotations

import re

from catalogue.folding import fold
from mappings.marc.punctuation import trim
from mappings.marc.tables import alternatives, table

_TABLE = table("marc_words")["credit"]
_CONNECTORS = frozenset(_TABLE["connectors"]["words"])
_BARE = frozenset(("by", "av"))  # of an author only where nothing stands before: "compiled by" is another thing
_ROLE_OF = {fold(word): code for code, words in _TABLE.items() if code != "connectors" for word in words}
_ROLE_WORDS = re.compile(rf"(?<!\w)(?:{alternatives(list(_ROLE_OF))})(?!\w)")
_READERS = re.compile(
    rf"^\W*(?:{alternatives(_TABLE['nrt'])})\s*[:.]?\s+(?P<names>[^;:()\[\]\d]+?)[\s.\])]*$", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*,\s*|\s+(?:ja|och|and|&)\s+")
_NAME = re.compile(r"[^\W\d_a-zåäö][\w.'’-]*(?:\s+(?:von|af|av|de|la|van|der|den|[^\W\d_a-zåäö][\w.'’-]*))+")


def role_said(word: str) -> str | None:
    """The relator of a word of 245 $c or $e as cataloguers write it (``äänikirjan lukija``, ``toim.``)."""
    return None if fold(word) in _BARE else _ROLE_OF.get(fold(word))


def credited_roles(statement: str, name: str) -> list[str]:
    """Roles of a person in 245 $c, read only from the part between semicolons that holds the whole name.

    The role word must stand before the name; a part that opens with names alone credits authors, if it is the first.
    Given names may be initials there ("O. Manninen").
    """
    wanted = fold(name)
    initials = re.sub(r"(?<!\S)(\S)\S* (?=\S)", r"\1 ", wanted)
    for number, part in enumerate(statement.split(" ; ")):
        folded = f" {fold(part)} "
        at = max(folded.find(f" {wanted} "), folded.find(f" {initials} "))
        if at < 0:
            continue
        before = folded[:at]
        said = _ROLE_WORDS.findall(before)
        if said and (said[-1] not in _BARE or before.split()[0] == said[-1]):
            return [_ROLE_OF[said[-1]]]
        return ["aut"] if number == 0 and _only_names(part, len(before.split())) else []
    return []


def _only_names(part: str, before: int) -> bool:
    """Whether the words before a name (`before` of them, folded) are names: capitals and small words between them."""
    if ":" in part:
        return False
    for word in part.split():
        if before <= 0:
            break
        before -= len(fold(word).split())
        bare = word.strip("[](),.")
        if bare and not bare[0].isupper() and bare.lower() not in _CONNECTORS:
            return False
    return True


def narrators(text: str) -> list[str]:
    """Names out of ``Lukija: Aku Laitinen`` or ``read by A and B``; none unless the pattern is the whole part."""
    for part in text.split(" ; "):
        found = _READERS.match(trim(part).strip("[]"))
        if found:
            names = [trim(name) for name in _BETWEEN.split(found["names"])]
            return names if all(_NAME.fullmatch(name) for name in names) else []
    return []
