"""Names of persons: the direct and the inverted form."""

from __future__ import annotations

import re

_YEARS = re.compile(r"[,\s]*\(?(?<!\w)(?P<born>\d{4})?\s*[-–]\s*(?P<died>\d{4})?\)?\.?$")
_BORN = re.compile(r"[,\s]*\(?\b(?:s|f|b|synt|syntynyt|född|born)\b\.?\s*(?P<born>\d{4})\)?\.?$")
_DIED = re.compile(r"[,\s]*\(?\b(?:k|d|kuoll?|kuollut|död|died)\b\.?\s*(?P<died>\d{4})\)?\.?$")
_DIGIT = re.compile(r"\d")
_PARTICLES = frozenset(
    ("af", "av", "da", "de", "del", "della", "den", "der", "di", "du", "la", "le", "van", "von", "zu", "zur")
)


_SUFFIXES = frozenset(("jr", "sr", "junior", "senior", "nuorempi", "vanhempi", "d.y", "d.ä", "d. y", "d. ä"))
_NUMERALS = frozenset(("ii", "iii", "iv"))  # of a family only behind a comma: Johannes Paavali II is no family's


def split_suffix(name: str) -> tuple[str, str]:
    """A direct name without what tells it from its namesakes, and that: ``"Ali King, Jr." → ("Ali King", "Jr.")``."""
    bare, comma, last = name.rpartition(",")
    if comma and " " in bare and _bare(last) in _SUFFIXES | _NUMERALS:
        return bare.strip(), last.strip()
    words = name.split()
    taken = 2 if len(words) > 3 and _bare(" ".join(words[-2:])) in _SUFFIXES else 1
    if not comma and len(words) > 2 and _bare(" ".join(words[-taken:])) in _SUFFIXES:
        return " ".join(words[:-taken]), " ".join(words[-taken:])
    return name.strip(), ""


def _bare(word: str) -> str:
    return word.strip().rstrip(".").lower()


def is_inverted(name: str) -> bool:
    """Whether a name has its family name first, by its comma; ``Ali King, Jr.`` has not."""
    return "," in split_suffix(name)[0]


def direct_name(inverted: str) -> str:
    """``"Waltari, Mika" → "Mika Waltari"``; a direct name stays.

    What follows a second comma stays last: ``"Aspnäs, Torsten, jr" → "Torsten Aspnäs, jr"``.
    """
    if inverted.count(",") == 1 and not is_inverted(inverted):
        return inverted.strip()
    family, comma, rest = inverted.partition(",")
    given, _, suffix = rest.partition(",")
    direct = f"{given.strip()} {family.strip()}".strip() if comma else inverted.strip()
    return f"{direct}, {suffix.strip()}" if suffix.strip() else direct


def is_particle(word: str) -> bool:
    """Whether a word belongs to the family name behind it (von, af, de)."""
    return word in _PARTICLES


def inverted_name(direct: str) -> str:
    """``"Mika Waltari" → "Waltari, Mika"``: the last word is taken for the family name; one word stays.

    Particles belong to it: ``"Eva von Schantz" → "von Schantz, Eva"``. What tells namesakes apart comes last:
    ``"Ali King Jr." → "King, Ali, Jr."``.
    """
    name, suffix = split_suffix(direct)
    words = name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    if len(words) < 2:
        return direct.strip()
    inverted = f"{' '.join(words[start:])}, {' '.join(words[:start])}"
    return f"{inverted}, {suffix}" if suffix else inverted


def split_life_dates(name: str) -> tuple[str, str | None]:
    """A heading without its years, and the years: ``"Waltari, Mika, 1908-1979" → ("Waltari, Mika", "1908-1979")``.

    ``"s. 1954"``, ``"född 1954"`` give ``"1954-"``; ``"k. 1872"``, ``"död 1872"`` give ``"-1872"``.
    """
    for pattern in (_YEARS, _BORN, _DIED) if _DIGIT.search(name) else ():
        found = pattern.search(name)
        if found and any(found.groupdict().values()):
            years = {"born": "", "died": "", **{k: v or "" for k, v in found.groupdict().items()}}
            return name[: found.start()].strip(" ,"), f"{years['born']}-{years['died']}"
    return name.strip(), None
