"""A work out of its editions: what they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalogue.merged import FieldChoice, MergedRecord, Provenance
from catalogue.record import CatalogueRecord, Description
from merging.choices import CATALOGUER
from merging.claims import Claim, Witness
from merging.fields import Leaf, leaves
from merging.rules import Rules, load_rules
from merging.survivorship import settle


def merge_work(
    editions: Sequence[MergedRecord],
    records: Mapping[str, CatalogueRecord],
    choices: Sequence[FieldChoice] = (),
    rules: Rules | None = None,
) -> MergedRecord:
    """The merged record of a work, whatever the order of its editions (at least one, else ValueError).

    The witnesses are the editions, so that a person's word on an edition counts; the sources named are source
    records. `records` has those records by key: an edition is heard by the best cataloguing in it. A main title
    has the language of its expression, one for each language there is.
    """
    if not editions:
        raise ValueError("a work needs an edition")
    rules = rules or load_rules()
    ordered = sorted(editions, key=lambda e: e.members)
    witnesses = [_witness(edition, records, rules) for edition in ordered]
    claims: dict[str, list[Claim]] = {}
    for witness, edition in zip(witnesses, ordered, strict=True):
        for path, rows in _rows(edition).items():
            if path in rules.work:
                claims.setdefault(path, []).extend(_claims(leaves()[path], witness, rows))
    members = tuple(sorted({key for edition in editions for key in edition.members}))
    held = sorted((c for c in choices if c.record in members), key=lambda c: c.record)  # stable: later answers last
    settlement = settle(claims, rules.work, rules, held)
    return MergedRecord.model_validate(
        {
            "level": "work",
            "description": settlement.description,
            "members": members,
            "provenance": settlement.provenance,
            "conflicts": settlement.conflicts,
            "rules_version": rules.version,
        }
    )


def _witness(edition: MergedRecord, records: Mapping[str, CatalogueRecord], rules: Rules) -> Witness:
    known = [rules.quality(records[key]) for key in edition.members if key in records]
    quality = min(known, key=rules.ranks.__getitem__, default="library_minimal")
    description = edition.description
    text = set(description.languages.text)
    if len(text) == 1:
        description = _spoken(description, text.pop())
    return Witness(edition.members[0], description, quality)


def _spoken(description: Description, language: str) -> Description:
    """An expression's titles and descriptions with its language told."""
    own = ("main", "subtitle", "alternative")
    told = {"language": language}
    titles = tuple(t.model_copy(update=told) if t.language is None and t.kind in own else t for t in description.titles)
    texts = tuple(t.model_copy(update=told) if t.language is None else t for t in description.texts.descriptions)
    return description.model_copy(
        update={"titles": titles, "texts": description.texts.model_copy(update={"descriptions": texts})}
    )


def _rows(edition: MergedRecord) -> dict[str, list[Provenance]]:
    """Rows of values by field, in the order of the values in the description."""
    found: dict[str, list[Provenance]] = {}
    for row in edition.provenance:
        if row.value is not None:
            found.setdefault(row.field, []).append(row)
    return found


def _claims(leaf: Leaf, witness: Witness, rows: Sequence[Provenance]) -> list[Claim]:
    value = leaf.read(witness.description)
    values = value if leaf.many else () if value is None else (value,)
    return [
        Claim(v, witness, row.sources, CATALOGUER if row.rule == CATALOGUER else witness.quality, n)
        for n, (v, row) in enumerate(zip(values, rows, strict=False))
    ]
