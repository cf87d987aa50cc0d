"""Series: 490 and 440 as on the publication, 800-830 as traced."""

from __future__ import annotations

import re
from functools import lru_cache

from catalogue.folding import fold
from catalogue.identifiers import issn
from mappings.marc.draft import Draft, Subfields, Values, every
from mappings.marc.kept import kept_field
from mappings.marc.punctuation import balance, trim, trim_statement, unbracket
from mappings.marc.titles import part_number

_ISSN = re.compile(r"[,;.]?\s*\(?ISSN:?\s*(\d{4}-\d{3}[\dX])\)?")


def series_field(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """490 and 440. $a may repeat for a subseries, each with its own $v and $x."""
    if tag == "490":
        kept_field(draft, tag, indicators, subfields)
    current: Values = {}
    for code, value in subfields:
        if code == "a" or (code == "p" and not current):
            current = _series(value).copy()
            if current["title"]:
                current["traced"] = indicators[:1] == "1"
                draft.series.append(current)
        elif current:
            _detail(current, code, value)


def traced_series(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """800-830: the title stands in $t under a name, else in $a."""
    kept_field(draft, tag, indicators, subfields)
    name = "a" if tag == "830" else "t"
    title = " ".join(value.strip() for value in every(subfields, name + ("np" if tag == "830" else "p")))
    found = _series(title).copy()
    if not found["title"]:
        return
    for code, value in subfields:
        if code in "vx":
            _detail(found, code, value)
    draft.traced.append(found)


def settle_series(draft: Draft) -> list[Values]:
    """Each series once: a traced form joins the statement it belongs to and keeps the number of either."""
    if not draft.series and not draft.traced:
        return []
    if len(draft.series) == 1 and len(draft.traced) <= 1:
        only = draft.series[0]
        if not draft.traced or only["traced"]:
            return [_together(draft.traced[0] if draft.traced else only, only)]
    traced = list(draft.traced)
    found: list[Values] = []
    statements = [s for s in draft.series if s["traced"]]
    for series in draft.series:
        partner = next((t for t in traced if fold(t["title"]) == fold(series["title"])), None)
        if partner is None and series["traced"] and len(statements) == len(draft.traced):
            partner = draft.traced[statements.index(series)]
        if partner in traced:
            traced.remove(partner)
            found.append(_together(partner, series))
        else:
            found.append(series)
    return _unique([*found, *traced])


def _unique(found: list[Values]) -> list[Values]:
    unique: dict[tuple[str, str], Values] = {}
    for series in found:
        series.pop("traced", None)
        number = (series.get("number") or "").replace(" ", "")  # "1990,7" and "1990, 7" are one
        unique.setdefault((fold(series["title"]), number), series)
    return list(unique.values())


def _together(traced: Values, series: Values) -> Values:
    return {"title": traced["title"]} | {
        key: value for key in ("number", "issn") if (value := series.get(key) or traced.get(key))
    }


@lru_cache(maxsize=2048)
def _series(written: str) -> Values:
    """Title, number and ISSN; to be copied, for the next one may be of the same series."""
    bare = trim_statement(unbracket(written))
    stated = _ISSN.search(bare) if "ISSN" in bare else None
    bare = trim_statement(bare[: stated.start()] + bare[stated.end() :]) if stated else bare
    title, mark, number = bare.rpartition(" ; ")
    numbered = mark and any(c.isdigit() for c in number)
    found: Values = (
        {"title": trim_statement(title), "number": part_number(number)} if numbered else {"title": balance(bare)}
    )
    if stated and (valid := issn(stated[1])):
        found["issn"] = valid
    return found


def _detail(series: Values, code: str, value: str) -> None:
    if code == "v" and (number := part_number(value)):
        series["number"] = number
    elif code == "x" and (valid := issn(trim(value))):
        series["issn"] = valid
    elif code == "p" and (part := trim(value)):
        series["title"] = f"{series['title']}. {part}"
