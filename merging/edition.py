"""An edition out of the records that describe it."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.merged import FieldChoice, MergedRecord
from catalogue.record import CatalogueRecord, Description
from merging.claims import Claim, Witness
from merging.fields import told
from merging.issues import merge_issues, serial_views
from merging.rules import Rules, load_rules
from merging.survivorship import Settlement, settle


def merge_edition(
    members: Sequence[CatalogueRecord], choices: Sequence[FieldChoice] = (), rules: Rules | None = None
) -> MergedRecord:
    """The merged record of an edition, whatever the order of its members and choices.

    Deleted and withdrawn records are as if they had never been. Issues of a magazine (level "issue") become its
    `issues`; where there is nothing else, the serial is described by what they say of it. Choices held by a record
    that is not a member do not count. Raises ValueError where no member is live.
    """
    rules = rules or load_rules()
    live = sorted((m for m in members if m.status == "live"), key=lambda m: str(m.key))
    if not live:
        raise ValueError("an edition needs a live record")
    issues = [m for m in live if m.level == "issue"]
    described = [m for m in live if m.level != "issue"] or serial_views(issues)
    names = tuple(str(m.key) for m in live)
    held = sorted((c for c in choices if c.record in names), key=lambda c: c.record)  # stable: later answers last
    settlement = settle_records(described, rules, held)
    return MergedRecord.model_validate(
        {
            "level": "edition",
            "description": settlement.description,
            "members": names,
            "provenance": settlement.provenance,
            "conflicts": settlement.conflicts,
            "issues": merge_issues(issues, lambda group: _described(group, rules)),
            "rules_version": rules.version,
        }
    )


def settle_records(records: Sequence[CatalogueRecord], rules: Rules, choices: Sequence[FieldChoice] = ()) -> Settlement:
    """Source records settled by the edition table."""
    qualities = [rules.quality(record) for record in records]
    full = not rules.full.isdisjoint(qualities)
    claims: dict[str, list[Claim]] = {}
    for record, quality in zip(records, qualities, strict=True):
        name = str(record.key)
        yields = full and quality in rules.prepublication
        witness = Witness(name, record, quality, yields)
        _gather(witness, (name,), claims)
    return settle(claims, rules.edition, rules, choices)


def _gather(witness: Witness, sources: tuple[str, ...], claims: dict[str, list[Claim]]) -> None:
    quality = witness.quality
    for leaf, value in told(witness.description):
        own = claims.setdefault(leaf.path, [])
        if leaf.many:
            own += [Claim(v, witness, sources, quality, n) for n, v in enumerate(value)]
        else:
            own.append(Claim(value, witness, sources, quality))


def _described(records: Sequence[CatalogueRecord], rules: Rules) -> Description:
    return Description.model_validate(settle_records(records, rules).description)
