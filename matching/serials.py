"""Issues of magazines: they never enter scoring, but join the edition of their serial.

An issue finds its serial by ISSN, else by title and publisher; of several editions it takes the one of its own
medium and language. Where serials of one publisher share a title, the subtitle tells them apart. Issues without a
serial make an edition of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from matching.features import Features

Name = TypeVar("Name")
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
    orphans: dict[tuple[str, str, str], int] = {}
    orphan_works: dict[str, int] = {}
    for number in part:
        issue = features[number]
        if issue.form.level != "issue":
            continue
        names = list(serial_names(issue))
        serial = _serial_of(issue, names, serials, features)
        if serial is not None and _is_same_edition(issue, features[serial]):
            editions[home[serial]].append(number)
            works[work_of[serial]].append(number)
            continue
        edition = (names[0], issue.form.medium, " ".join(issue.form.languages))
        _put(editions, orphans, edition, number)
        if serial is not None:
            works[work_of[serial]].append(number)
        else:
            _put(works, orphan_works, names[0], number)
    return editions, works


def serial_names(record: Features) -> Iterator[str]:
    """What a serial and its issues are found by, the surest first."""
    yield from (f"issn {value}" for value in record.ids.issns)
    title = record.title.main.split()
    while len(title) > 1 and title[-1].isdecimal():
        title.pop()
    yield f"{_TITLE}{' '.join(title)} | {record.imprint.publisher}"


def _serial_of(
    issue: Features, names: Sequence[str], serials: Mapping[str, list[int]], features: Sequence[Features]
) -> int | None:
    for name in names:
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
