"""Issues of magazines: they never enter scoring, but join the edition of their serial.

An issue finds its serial by ISSN, else by title and publisher; of several editions it takes the one of its own
medium and language. Where serials of one publisher share a title, the subtitle tells them apart. Issues without a
serial make an edition of their own for each title, and for each subtitle that is a magazine's and not an issue's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from matching.features import Features
from matching.words import words

Name = TypeVar("Name", bound=Hashable)
Clusters = list[list[int]]
_TITLE = "title "


def attach_issues(
    features: Sequence[Features], part: Sequence[int], editions: Clusters, works: Clusters
) -> tuple[Clusters, Clusters]:
    """Editions and works with the issues of the part added. Clusters and `part` hold record numbers, `part` in the
    order of record keys.
    """
    editions, works = [list(e) for e in editions], [list(w) for w in works]
    home = {number: place for place, members in enumerate(editions) for number in members}
    work_of = {number: place for place, members in enumerate(works) for number in members}
    serials: dict[str, list[int]] = defaultdict(list)
    for number in part:
        if features[number].form.level == "serial":
            for name in serial_names(features[number]):
                serials[name].append(number)
    issues = [number for number in part if features[number].form.level == "issue"]
    found = {number: _serial_of(features[number], serials, features) for number in issues}
    called = orphan_names({n: features[n] for n in issues if found[n] is None})
    orphans: dict[tuple[str, str, str], int] = {}
    orphan_works: dict[str, int] = {}
    for number in issues:
        issue, serial = features[number], found[number]
        if serial is not None and _is_same_edition(issue, features[serial]):
            editions[home[serial]].append(number)
            works[work_of[serial]].append(number)
            continue
        name = called[number] if serial is None else f"work {work_of[serial]}"
        _put(editions, orphans, (name, issue.form.medium, " ".join(issue.form.languages)), number)
        if serial is not None:
            works[work_of[serial]].append(number)
        else:
            _put(works, orphan_works, name, number)
    return editions, works


def orphan_names(issues: Mapping[Name, Features]) -> dict[Name, str]:
    """What issues whose serial is not there are gathered by: an ISSN, else title and publisher, and the subtitle where
    it tells magazines of one title apart.

    It does where two or more subtitles are each borne by issues of different numbers and say nothing of an issue, or
    where one source has one number with both. An issue with another subtitle, or none, goes by the title alone.
    """
    names = {number: next(serial_names(issue)) for number, issue in issues.items()}
    of_title: dict[str, list[Features]] = defaultdict(list)
    for number, issue in issues.items():
        if names[number].startswith(_TITLE):
            of_title[names[number]].append(issue)
    apart = {name: _magazines(alike) for name, alike in of_title.items()}
    return {
        number: f"{name} : {issues[number].title.subtitle}"
        if issues[number].title.subtitle in apart.get(name, ())
        else name
        for number, name in names.items()
    }


def _magazines(issues: Sequence[Features]) -> set[str]:
    """The subtitles that tell issues of one title and publisher apart as magazines."""
    numbers: dict[str, set[str]] = defaultdict(set)
    beside: dict[tuple[str, str], set[str]] = defaultdict(set)
    for issue in issues:
        subtitle, number = issue.title.subtitle, next((told for told in issue.issue or () if told), "")
        if subtitle and number and not _says_issue(subtitle):
            numbers[subtitle].add(number)
            if issue.form.sender:
                beside[issue.form.sender, number].add(subtitle)
    found = {subtitle for subtitle, borne in numbers.items() if len(borne) > 1}
    found = found.union(*(subtitles for subtitles in beside.values() if len(subtitles) > 1))
    return found if len(found) > 1 else set()


def _says_issue(subtitle: str) -> bool:
    """Whether a subtitle is that of an issue: a season, a month, a number, a word such as ``joulunumero``."""
    tokens = subtitle.split()
    if any(token.isdecimal() or token in words().months or token in words().seasons for token in tokens):
        return True
    return any(token.endswith(words().issue_ends) for token in tokens)


def serial_names(record: Features) -> Iterator[str]:
    """What a serial and its issues are found by, the surest first."""
    yield from (f"issn {value}" for value in record.ids.issns)
    title = record.title.main.split()
    while len(title) > 1 and title[-1].isdecimal():
        title.pop()
    yield f"{_TITLE}{' '.join(title)} | {record.imprint.publisher}"


def _serial_of(issue: Features, serials: Mapping[str, list[int]], features: Sequence[Features]) -> int | None:
    for name in serial_names(issue):
        found: Sequence[int] = serials.get(name, ())
        if name.startswith(_TITLE):
            found = _called_alike(issue, found, features)
        if found:
            return min(found, key=lambda number: not _is_same_edition(issue, features[number]))
    return None


def _called_alike(issue: Features, found: Sequence[int], features: Sequence[Features]) -> Sequence[int]:
    """Of serials with the issue's title those with its subtitle; all where subtitles do not tell them apart."""
    subtitles = {number: features[number].title.subtitle for number in found}
    wanted = issue.title.subtitle
    if not wanted or len(set(subtitles.values())) < 2:
        return found
    same = [number for number in found if subtitles[number] == wanted]
    return same or [number for number in found if not subtitles[number]]


def _is_same_edition(issue: Features, serial: Features) -> bool:
    media = {issue.form.medium, serial.form.medium} - {"other"}
    told = issue.form.languages and serial.form.languages
    return len(media) < 2 and (not told or bool(set(issue.form.languages) & set(serial.form.languages)))


def _put(clusters: Clusters, places: dict[Name, int], name: Name, number: int) -> None:
    if name in places:
        clusters[places[name]].append(number)
    else:
        places[name] = len(clusters)
        clusters.append([number])
