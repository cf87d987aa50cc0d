"""Asks: what a person decides, however high the score. Each rule answers where it wants to be asked."""

from __future__ import annotations

import numpy as np

from matching.columns import Flags
from matching.comparisons import Compared
from matching.similarity import UNKNOWN, proportion
from matching.vetoes import Rule, described_alike, reproduction, same_sender

_LEAST_EXTENT = 0.9
_THIN_WORDS = 2


def library_duplicate(pairs: Compared) -> Flags:
    """Two live records of one sender that share no identifier: a duplicate of its own, or two editions."""
    left, right = pairs.both("publisher_product")
    products = (left == 1) & (right == 1) & pairs.at("isbn", "different")  # EPUB and PDF, or vetoed
    found: Flags = same_sender(pairs) & ~_identified(pairs) & ~products
    return found


def title_words(pairs: Compared) -> Flags:
    """Each title has a word the other lacks, unless another sender's ISBN and the author agree."""
    return _titles_part(pairs) & ~(pairs.at("isbn", "own") & ~same_sender(pairs) & _author_agrees(pairs))


def title_words_of_one_language(pairs: Compared) -> Flags:
    """The same between works, or subtitles that part what a main title of one or two words does not: "Matematiikka",
    geometry and algebra. A translation has other words, and other evidence.
    """
    parts = _titles_part(pairs) | _subtitles_part(pairs)
    return parts & ~pairs.at("language", "different") & ~_linked(pairs)


def title_longer(pairs: Compared) -> Flags:
    """One main title has a word that the other record lacks, and each has an ISBN of its own: "Brave new world" and
    "Brave new world revisited".
    """
    longer = pairs.at("own_words", "one_side") & ~pairs.at("title", "swapped", "other_form")
    return longer & pairs.at("isbn", "different") & ~_identified(pairs)


def title_order(pairs: Compared) -> Flags:
    """Main titles of the same words in another order, and no identifier in common: a dictionary of two languages."""
    left, right = pairs.both("main_set")
    mains = pairs.columns.texts["main"].codes
    turned: Flags = (left == right) & (mains[pairs.pairs.left] != mains[pairs.pairs.right])
    return turned & ~pairs.at("title", "swapped", "other_form") & ~_identified(pairs)


def thin(pairs: Compared) -> Flags:
    """A title of one or two words, subtitle and all, and neither author nor identifier to go with it."""
    short = np.minimum(*pairs.both("title_words")) <= _THIN_WORDS
    found: Flags = short & ~_author_agrees(pairs) & ~_identified(pairs)
    return found


def thin_unlinked(pairs: Compared) -> Flags:
    """The same between works, where neither names the other as one with it."""
    return thin(pairs) & ~_linked(pairs)


def isbn_author_conflict(pairs: Compared) -> Flags:
    """A shared ISBN, and first authors who cannot be one person."""
    return pairs.at("isbn", "own") & pairs.at("author", "namesake", "different")


def author_conflict(pairs: Compared) -> Flags:
    """First authors who cannot be one person, and no ISBN in common: of works that is a veto, or nearly so."""
    return pairs.at("author", "namesake", "different") & ~pairs.at("isbn", "own")


def isbn_title_conflict(pairs: Compared) -> Flags:
    """A shared ISBN, and titles that have little in common."""
    unlike = pairs.at("title", "weak", "different") & ~pairs.at("title_words", "all", "most")
    return pairs.at("isbn", "own") & unlike


def extent_ratio(pairs: Compared) -> Flags:
    """Pages or minutes that differ by more than a tenth, unless ISBN, author and title all agree."""
    agreed = pairs.at("isbn", "own") & _author_agrees(pairs) & pairs.at("title", "same", "swapped", "other_form")
    return (_shrunk(pairs, "pages") | _shrunk(pairs, "minutes")) & ~agreed


def language_subset(pairs: Compared) -> Flags:
    """One record names more languages of the text than the other."""
    return pairs.at("language", "subset")


def abridged_unstated(pairs: Compared) -> Flags:
    """One record says abridged, the other nothing."""
    left, right = pairs.both("abridged")
    found: Flags = ((left == 2) & (right == 0)) | ((left == 0) & (right == 2))
    return found


def easy_unstated(pairs: Compared) -> Flags:
    """One record says that its language was made easy, the other nothing, and they share no ISBN."""
    left, right = pairs.both("easy")
    found: Flags = (left != right) & ~pairs.at("isbn", "own")
    return found


def daisy_unstated(pairs: Compared) -> Flags:
    """One record says Daisy, the other does not tell its format."""
    left, right = pairs.both("daisy")
    found: Flags = ((left == 2) & (right == 0)) | ((left == 0) & (right == 2))
    return found


def code_slip(pairs: Compared) -> Flags:
    """Two catalogued copies that agree in everything but a language, a number of edition or series, or a medium."""
    odd = pairs.at("language", "different") | pairs.at("edition", "different") | pairs.at("series_number", "different")
    return (odd & described_alike(pairs)) | reproduction(pairs)


EDITION_ASKS: dict[str, Rule] = {
    "library_duplicate": library_duplicate,
    "title_words": title_words,
    "title_longer": title_longer,
    "title_order": title_order,
    "thin": thin,
    "author_conflict": author_conflict,
    "isbn_author_conflict": isbn_author_conflict,
    "isbn_title_conflict": isbn_title_conflict,
    "extent_ratio": extent_ratio,
    "language_subset": language_subset,
    "abridged_unstated": abridged_unstated,
    "easy_unstated": easy_unstated,
    "daisy_unstated": daisy_unstated,
    "code_slip": code_slip,
}

INSISTED = frozenset({"isbn_author_conflict", "isbn_title_conflict"})
"""Asked about however low the score: one identifier and everything else different is somebody's mistake."""

WORK_ASKS: dict[str, Rule] = {
    "title_words": title_words_of_one_language,
    "thin": thin_unlinked,
    "isbn_author_conflict": isbn_author_conflict,
    "isbn_title_conflict": isbn_title_conflict,
}


def _identified(pairs: Compared) -> Flags:
    return pairs.at("isbn", "own") | pairs.at("other_id", "shared") | pairs.at("issn", "shared")


def _linked(pairs: Compared) -> Flags:
    """Whether one names the other by title or number as of its work, or both name a third."""
    numbers = pairs.at("isbn", "own", "pointing") | pairs.at("other_id", "linked") | pairs.at("issn", "linked")
    return numbers | pairs.at("original_title", "linked")


def _author_agrees(pairs: Compared) -> Flags:
    return pairs.at("author", "same", "initials", "spelling", "elsewhere")


def _shrunk(pairs: Compared, column: str) -> Flags:
    kept = proportion(pairs.columns.numbers[column], pairs.pairs)
    found: Flags = (kept != UNKNOWN) & (kept < _LEAST_EXTENT)
    return found


def _subtitles_part(pairs: Compared) -> Flags:
    short = np.minimum(*pairs.both("main_words")) <= _THIN_WORDS
    found: Flags = pairs.at("own_words", "both_beside") & short & ~_identified(pairs)
    return found


def _titles_part(pairs: Compared) -> Flags:
    return pairs.at("own_words", "both") & ~pairs.at("title", "swapped", "other_form")
