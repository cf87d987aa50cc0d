"""Vetoes: what makes two records different whatever else agrees. Only a person may overrule one.

Each rule answers, for many pairs at once, where it forbids. An attribute that one side does not tell forbids
nothing. The names are stable: people's decisions lift vetoes by name.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matching.columns import Flags
from matching.comparisons import Compared
from matching.people import CONFLICTING
from matching.similarity import any_shared

Rule = Callable[[Compared], Flags]

IDENTIFIED = ("own",)
_ON_PAPER = frozenset({"print", "notated_music", "microform"})


def medium(pairs: Compared) -> Flags:
    """Print, e-book and audiobook are never one edition; a reproduction described as its original may be."""
    return pairs.at("medium", "different") & ~reproduction(pairs)


def language(pairs: Compared) -> Flags:
    """Languages of the text, both known, with none in common, unless all else says that one code is a slip."""
    return pairs.at("language", "different") & ~described_alike(pairs)


def volume(pairs: Compared) -> Flags:
    """Different volume or part numbers, in the records themselves or in a series that both name."""
    return pairs.at("volume", "different") | (pairs.at("series_number", "different") & ~described_alike(pairs))


def volume_of_work(pairs: Compared) -> Flags:
    """The same between works, where nobody is asked about a slip."""
    return pairs.at("volume", "different") | pairs.at("series_number", "different")


def title_number(pairs: Compared) -> Flags:
    """Titles of monographs that name different numbers, years or months."""
    return pairs.at("title_numbers", "different") & ~_has_level(pairs, "serial")


def title_number_of_one_language(pairs: Compared) -> Flags:
    """The same between works, where no translation can have changed the wording of a number."""
    return title_number(pairs) & ~pairs.at("language", "different")


def narrator(pairs: Compared) -> Flags:
    """Narrators known on both sides, nobody in common."""
    return pairs.at("narrator", "different")


def abridged(pairs: Compared) -> Flags:
    """An abridged text against one that says it is whole."""
    return pairs.differ("abridged")


def daisy(pairs: Compared) -> Flags:
    """A Daisy audiobook against an ordinary one."""
    return pairs.differ("daisy")


def carrier(pairs: Compared) -> Flags:
    """A recording on a physical carrier against a file."""
    return pairs.differ("physical")


def edition_number(pairs: Compared) -> Flags:
    """Both edition numbers known, and different; of one year and extent, impressions may have been counted."""
    return pairs.at("edition", "different") & ~described_alike(pairs)


def set_or_part(pairs: Compared) -> Flags:
    """A whole set against one volume of it."""
    left, right = pairs.both("is_set")
    volumes = pairs.columns.texts["volume"].codes
    part_left, part_right = volumes[pairs.pairs.left] != 0, volumes[pairs.pairs.right] != 0
    found: Flags = ((left == 1) & (right == 0) & part_right) | ((right == 1) & (left == 0) & part_left)
    return found


def serial(pairs: Compared) -> Flags:
    """A serial against anything else."""
    return _only_one_has_level(pairs, "serial")


def component(pairs: Compared) -> Flags:
    """A component part (an article, a short story) against a whole publication."""
    return _only_one_has_level(pairs, "component")


def sender_isbn(pairs: Compared) -> Flags:
    """Two products of one publisher with different ISBNs, unless their formats say EPUB and PDF of one text."""
    left, right = pairs.both("publisher_product")
    formats = pairs.columns.sets["formats"]
    told = (formats.count(pairs.pairs.left) > 0) & (formats.count(pairs.pairs.right) > 0)
    one_sender = same_sender(pairs) & (left == 1) & (right == 1)
    found: Flags = one_sender & isbns_differ(pairs) & ~(told & ~_formats_meet(pairs))
    return found


def author(pairs: Compared) -> Flags:
    """Different first authors, both known, and no identifier in common."""
    identified = pairs.at("isbn", "own", "pointing") | pairs.at("other_id", "shared", "linked")
    bodies_left, bodies_right = pairs.both("author_is_body")
    comparable = bodies_left == bodies_right
    found: Flags = pairs.at("author", "namesake", "different") & ~identified & comparable
    return found


def sender_titles(pairs: Compared) -> Flags:
    """Two records of one sender whose titles, subtitles and all, each say something else: works of one body, or
    products of one publisher and medium with ISBNs of their own.

    A body gives many works one heading ("Annual report", "Summary: …"), a publisher many books one series name; who
    described them apart meant it.
    """
    bodies = np.logical_and(*(side == 1 for side in pairs.both("author_is_body")))
    products = np.logical_and(*(side == 1 for side in pairs.both("publisher_product")))
    bodies |= products & pairs.at("isbn", "different") & pairs.at("medium", "same")
    identified = pairs.at("isbn", "own", "pointing") | pairs.at("other_id", "shared", "linked")
    apart = pairs.at("own_words", "both", "both_beside") & ~pairs.at("language", "different")
    found: Flags = same_sender(pairs) & bodies & apart & ~identified & ~pairs.at("original_title", "linked")
    return found


EDITION_VETOES: dict[str, Rule] = {
    "medium": medium,
    "language": language,
    "volume": volume,
    "title_number": title_number,
    "narrator": narrator,
    "abridged": abridged,
    "daisy": daisy,
    "carrier": carrier,
    "edition_number": edition_number,
    "set_or_part": set_or_part,
    "serial": serial,
    "component": component,
    "sender_isbn": sender_isbn,
}

WORK_VETOES: dict[str, Rule] = {
    "volume": volume_of_work,
    "title_number": title_number_of_one_language,
    "author": author,
    "sender_titles": sender_titles,
    "set_or_part": set_or_part,
    "serial": serial,
    "component": component,
}


def untold_translation(pairs: Compared) -> Flags:
    """Texts in different languages whose titles differ and of which at most one names its original.

    Such a pair tells nothing about whether they are one work: other records of the two may.
    """
    unlike = pairs.at("title", "unknown", "loose", "weak", "different", "alike")
    linked = pairs.at("original_title", "linked", "differ") | pairs.at("isbn", "own", "pointing", "related")
    linked |= pairs.at("other_id", "shared", "linked") | pairs.at("issn", "shared", "linked")
    return pairs.at("language", "different") & unlike & ~linked


def described_alike(pairs: Compared) -> Flags:
    """Two library records without ISBNs of one printed thing, by title, author, publisher, date and extent.

    Of two catalogued copies that agree in so much, one odd code (a language by rote, a number of another series, a
    reproduction under its original's description) is a slip more often than another edition: a case for a person.
    """
    own, products = pairs.columns.sets["own_isbns"], pairs.both("publisher_product")
    bare = (own.count(pairs.pairs.left) == 0) & (own.count(pairs.pairs.right) == 0)
    catalogued = (products[0] == 0) & (products[1] == 0)
    imprint = pairs.at("publisher", "all", "most", "some") & _titled_and_dated(pairs)
    extent = pairs.at("pages", "same", "close") | pairs.at("volumes", "same")
    found: Flags = bare & catalogued & of_paper(pairs) & imprint & extent & ~pairs.at("author", *CONFLICTING)
    return found


def reproduction(pairs: Compared) -> Flags:
    """A microform or a score beside print, of one title, year and author: libraries describe the original in both."""
    same_thing = _titled_and_dated(pairs) & ~pairs.at("author", *CONFLICTING)
    return pairs.at("medium", "different") & of_paper(pairs) & same_thing


def _titled_and_dated(pairs: Compared) -> Flags:
    titled = pairs.at("title", "same") | pairs.at("title_words", "all")
    return titled & pairs.at("year", "same", "first", "shared")


def of_paper(pairs: Compared) -> Flags:
    """Whether both records describe print, or music or a reproduction that libraries describe as print."""
    media = pairs.columns.texts["medium"]
    known = np.array([value in _ON_PAPER for value in media.values])
    found: Flags = known[media.codes[pairs.pairs.left]] & known[media.codes[pairs.pairs.right]]
    return found


def same_sender(pairs: Compared) -> Flags:
    """Whether both records come from one sender that is known to be one."""
    codes = pairs.columns.texts["sender"].codes
    left, right = codes[pairs.pairs.left], codes[pairs.pairs.right]
    found: Flags = (left == right) & (left != 0)
    return found


def isbns_differ(pairs: Compared) -> Flags:
    """Both sides have an ISBN of their own, and none is shared (ISBNs they point to with do not count)."""
    own = pairs.columns.sets["own_isbns"]
    both = (own.count(pairs.pairs.left) > 0) & (own.count(pairs.pairs.right) > 0)
    return both & ~pairs.at("isbn", *IDENTIFIED)


def _formats_meet(pairs: Compared) -> Flags:
    formats = pairs.columns.sets["formats"]
    return any_shared(formats, formats, pairs.pairs)


def _has_level(pairs: Compared, name: str) -> Flags:
    values = pairs.columns.texts["level"].values
    code = values.index(name) if name in values else -1
    codes = pairs.columns.texts["level"].codes
    found: Flags = (codes[pairs.pairs.left] == code) | (codes[pairs.pairs.right] == code)
    return found


def _only_one_has_level(pairs: Compared, name: str) -> Flags:
    codes = pairs.columns.texts["level"].codes
    different: Flags = np.not_equal(codes[pairs.pairs.left], codes[pairs.pairs.right])
    return different & _has_level(pairs, name)
