"""Cases: what matching and merging could not decide becomes a question, once, until its evidence changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.decision import Case, CaseKind, Decision, case_id, evidence_key, sides
from catalogue.evidence import ClusterLevel, Finding
from catalogue.keys import RecordKey, content_hash
from catalogue.merged import MergedRecord
from jobs.chains import Chain, chains
from jobs.constraints import Standing
from jobs.remerging import Remerged
from matching.explain import explain, explain_all
from matching.features import Features
from matching.resolution import Resolution
from store import sources
from store.batches import batches
from store.database import Connection
from store.shelf import Shelf

PRIORITY: dict[CaseKind, int] = {"alarm": 90, "split": 70, "match": 50, "field": 30, "gap": 10}
EDITION_FIRST = 10  # an edition split in two is what readers see
CASES_IN_ONE_GO = 200
EVIDENCE_CHANGED = "evidence changed"
"""The reason of a case that asks a decision again; `Case.reopened` names it."""

Homes = Mapping[ClusterLevel, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything a resolve left open. `homes` gives the members of each record's cluster, by level and key.

    `beside` finds features of records that are none of `features`, and are members of a cluster that stands: a decision
    that is asked again, or contradicts others, may name them. One that changed since has none until the next resolve.
    """

    found: Resolution
    features: Sequence[Features]
    homes: Homes
    standing: Standing
    beside: Callable[[Collection[str]], Mapping[str, Features]] = lambda _keys: {}

    def of(self, keys: Collection[str]) -> dict[str, Features]:
        """Features by key, of those of these records that have any."""
        known = {each.key: each for each in self.features if each.key in keys}
        missing = set(keys) - known.keys()
        return {**known, **self.beside(missing)} if missing else known


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case to be made: its records, and the two of them that are shown against one another."""

    kind: CaseKind
    level: ClusterLevel
    members: tuple[str, ...]
    reason: str
    pair: tuple[str, str] | None = None
    candidates: tuple[Any, ...] = ()
    reopened: int | None = None


def wanted_cases(connection: Connection, questions: Questions) -> list[Wanted]:
    """What to ask of matches, each case once.

    Questions about records of which none can publish are not asked: their answer would change nothing to see. Where
    a decision is asked again, that is the only question between its clusters.
    """
    publishing = {name for name, role in sources.roles(connection).items() if role == "catalogue"}
    again = [asked for made in questions.standing.changed if (asked := _asked_again(made, questions))]
    between = {(w.level, key) for w in again for key in _crossings(w, questions.homes)}
    found = list(again)
    for ask in questions.found.asks:
        pair = (questions.features[ask.left].key, questions.features[ask.right].key)
        home = questions.homes[ask.level]
        both = (home[pair[0]], home[pair[1]])
        is_public = any(RecordKey.parse(key).source in publishing for side in both for key in side)
        if is_public and (ask.level, frozenset(both)) not in between:
            found.append(_match(ask.level, pair, both, ", ".join(ask.reasons)))
    return found + [split for chain in _chains(questions) if (split := _split(chain, questions))]


def shown_in(wanted: Sequence[Wanted]) -> set[str]:
    """The records that are shown against one another."""
    return {key for each in wanted for key in each.pair or ()}


def made_cases(
    shelf: Shelf,
    wanted: Sequence[Wanted],
    questions: tuple[Resolution, Mapping[str, Features]],
    now: str,
    *,
    known: Mapping[str, Case] | None = None,
) -> Iterator[list[Case]]:
    """The cases, some hundred at a time, with their evidence out of the store.

    `shelf`: of the same transaction. `questions`: what was found, and the features of all records that are shown.
    `known` are open cases by id: one that would come out as it is is not made again.
    """
    found, features = questions
    for part in batches(wanted, CASES_IN_ONE_GO):
        shown = shelf.contents(sorted({key for each in part for key in each.members}))
        evidence = [evidence_key([shown[key] for key in each.members if key in shown]) for each in part]
        cases = [_made(each, key, now) for each, key in zip(part, evidence, strict=True)]
        fresh = [n for n, case in enumerate(cases) if not _is_as_it_was((known or {}).get(case.case), case)]
        for n, told in zip(fresh, _findings([part[n] for n in fresh], features, found), strict=True):
            cases[n] = cases[n].model_copy(update={"findings": told})
        yield [(case if n in set(fresh) else (known or {})[case.case]) for n, case in enumerate(cases)]


def field_cases(merged: MergedRecord, standing: Standing, now: str) -> Iterator[Case]:
    """Asked again only when what the sources say in this very field changes; `reopened`: a choice that lapsed."""
    for conflict in merged.conflicts:
        candidates = tuple(each.model_dump(mode="json") for each in conflict.candidates)
        said = json.dumps([conflict.field, [c["value"] for c in candidates]], ensure_ascii=False, sort_keys=True)
        evidence = content_hash(said.encode()).hex()
        yield Case(
            case=case_id("field", merged.level, list(merged.members), evidence),
            kind="field",
            level=merged.level,
            reason=conflict.field,
            members=merged.members,
            field=conflict.field,
            candidates=candidates,
            evidence_key=evidence,
            opened=now,
            priority=_priority("field", merged.level),
            reopened=standing.chose(merged.level, merged.members, conflict.field),
        )


def cases_of_fields(done: Remerged, standing: Standing, now: str) -> list[Case]:
    """The field cases of everything that was merged anew."""
    return [case for merged in done.conflicted for case in field_cases(merged, standing, now)]


def is_as_before(old: Case | None, case: Case) -> bool:
    """Whether a case says what an open one of its id says already."""
    own = ("state", "opened", "priority", "version")
    if old is None or (case.reopened is not None and case.reopened != old.reopened):
        return False
    return case.model_copy(update={**{name: getattr(old, name) for name in own}, "reopened": old.reopened}) == old


def homes_of(found: Resolution, features: Sequence[Features]) -> dict[ClusterLevel, dict[str, tuple[str, ...]]]:
    """The members of each record's edition and work, by key."""
    levels: tuple[tuple[ClusterLevel, Sequence[Sequence[int]]], ...] = (
        ("edition", found.editions),
        ("work", found.works),
    )
    homes: dict[ClusterLevel, dict[str, tuple[str, ...]]] = {}
    for level, clusters in levels:
        home = homes.setdefault(level, {})
        for cluster in clusters:
            keys = tuple(sorted(features[n].key for n in cluster))
            home.update(dict.fromkeys(keys, keys))
    return homes


def _match(
    level: ClusterLevel, pair: tuple[str, str], both: tuple[tuple[str, ...], tuple[str, ...]], reason: str
) -> Wanted:
    """Each side begins with the record that is shown."""
    shown = tuple((key, *(other for other in side if other != key)) for key, side in zip(pair, both, strict=True))
    return Wanted("match", level, tuple(sorted({*both[0], *both[1]})), reason, pair, shown)


def _asked_again(made: Decision, questions: Questions) -> Wanted | None:
    known = questions.homes[made.level]
    left, right = (tuple(key for key in side if key in known) for side in sides(made))
    if not left or not right:
        return None
    asked = _match(made.level, (left[0], right[0]), (left, right), EVIDENCE_CHANGED)
    return Wanted("match", made.level, asked.members, asked.reason, asked.pair, asked.candidates, made.id)


def _crossings(asked: Wanted, homes: Homes) -> Iterator[frozenset[tuple[str, ...]]]:
    home = homes[asked.level]
    yield from (frozenset((home[a], home[b])) for a in asked.candidates[0] for b in asked.candidates[1])


def _chains(questions: Questions) -> list[Chain]:
    keys = [each.key for each in questions.features]
    broken = [(c.level, keys[c.left], keys[c.right]) for c in questions.found.contradictions]
    return chains(broken, questions.standing.constraints) if broken else []


def _split(chain: Chain, questions: Questions) -> Wanted | None:
    """Candidates are the edges of the chain in order, each with the decision behind it; None where one of its records
    changed since."""
    ends = {key for edge in chain.edges for key in (edge.left, edge.right)}
    features = questions.of(ends)
    if not ends <= features.keys():
        return None
    edges: list[dict[str, Any]] = []
    for edge in chain.edges:
        made = questions.standing.made.get(edge.decision)
        scored = explain(features[edge.left], features[edge.right], chain.level, facts=questions.found.facts)
        told = {"decision": edge.decision, "author": made.author if made else None}
        answer = "same" if edge.kind == "must" else "different"
        edges.append({"left": edge.left, "right": edge.right, "answer": answer, "weight": scored.score, **told})
    weakest = min((e for e in edges if e["answer"] == "same"), key=lambda e: e["weight"], default=None)
    marked = [{**edge, "weakest": edge is weakest} for edge in edges]
    return Wanted("split", chain.level, chain.members, "contradiction", None, tuple(marked))


def _made(wanted: Wanted, evidence: str, now: str) -> Case:
    return Case(
        case=case_id(wanted.kind, wanted.level, list(wanted.members), evidence),
        kind=wanted.kind,
        level=wanted.level,
        reason=wanted.reason,
        members=wanted.members,
        candidates=wanted.candidates,
        evidence_key=evidence,
        opened=now,
        priority=_priority(wanted.kind, wanted.level),
        reopened=wanted.reopened,
    )


def _is_as_it_was(old: Case | None, case: Case) -> bool:
    if old is None:
        return False
    told = [json.dumps(each.candidates, sort_keys=True) for each in (old, case)]
    return told[0] == told[1] and (old.reason, old.reopened) == (case.reason, case.reopened)


def _findings(
    wanted: Sequence[Wanted], features: Mapping[str, Features], found: Resolution
) -> list[tuple[Finding, ...]]:
    """The findings between the two records shown of each case; a case without such has none."""
    told: list[tuple[Finding, ...]] = [()] * len(wanted)
    levels: tuple[ClusterLevel, ...] = ("edition", "work")
    for level in levels:
        chosen = [(n, each.pair) for n, each in enumerate(wanted) if each.pair and each.level == level]
        keys = sorted({key for _, pair in chosen for key in pair})
        place = {key: n for n, key in enumerate(keys)}
        ends = [(place[left], place[right]) for _, (left, right) in chosen]
        scored = explain_all([features[key] for key in keys], ends, level, facts=found.facts) if ends else []
        for (n, _), pair in zip(chosen, scored, strict=True):
            told[n] = pair.findings
    return told


def _priority(kind: CaseKind, level: ClusterLevel) -> int:
    return PRIORITY[kind] + (EDITION_FIRST if level == "edition" else 0)
