"""Availability: from when, until when, whether it may be lent in Finland, and how it is protected."""

from __future__ import annotations

from functools import cache, lru_cache

from catalogue.parsed import OnixNode
from mappings.onix.forms import drm, usage_constraints
from mappings.onix.publishing import dates_of, publishing_dates
from mappings.onix.reading import Reading, Values, counted, leaf, nodes_of, text_of, texts_of
from mappings.onix.tables import by_code, codes, table


def read_availability(reading: Reading) -> Values:
    """Coarse facts. `lendable_fi` is None where the record does not tell."""
    starts, ends = _dates(reading)
    return {
        "from": max(starts, default=None),
        "until": min(ends, default=None),
        "lendable_fi": _lendable(reading),
        "drm": drm(reading),
    }


def _dates(reading: Reading) -> tuple[list[str], list[str]]:
    """Starts and ends: the latest embargo and the earliest end hold. Markets count where Finland is in them."""
    found = publishing_dates(reading)
    market: list[tuple[str, str]] = []
    for supply, path in counted(reading.product, "ProductSupply", ""):
        if not _reaches_finland(supply):
            continue
        for each, place in counted(supply, "MarketPublishingDetail", f"{path}/"):
            found = [*found, *dates_of(reading, each, ("MarketDate", "MarketDateRole"), f"{place}/")]
        for each, place in counted(supply, "SupplyDetail", f"{path}/"):
            market += dates_of(reading, each, ("SupplyDate", "SupplyDateRole"), f"{place}/")
    first, last = codes("record", "date", "from"), codes("record", "date", "until")
    starts = [d for role, d in found if role in first]
    if market:
        supplied = codes("supply", "date", "from")
        starts += [d for role, d in market if role in supplied]
    return starts, [d for role, d in found if role in last]


def _reaches_finland(supply: OnixNode) -> bool:
    if "Market" not in supply:
        return True
    territories = [t for m in nodes_of(supply, "Market") for t in nodes_of(m, "Territory")]
    return not territories or any(holds_finland(t) for t in territories)


def holds_finland(territory: OnixNode) -> bool:
    """Whether Finland is in a territory: named, or in a region that holds it and not excluded."""
    return _nearness(territory) > 0


def _nearness(territory: OnixNode) -> int:
    """How closely a territory names Finland: 3 as a country, 2 in a region, 1 in the world, 0 not at all."""
    included, excluded = _said(territory, "CountriesIncluded"), _said(territory, "CountriesExcluded")
    regions, without = _said(territory, "RegionsIncluded"), _said(territory, "RegionsExcluded")
    return _judged(included, excluded, regions, without)


@lru_cache(maxsize=1024)
def _judged(included: str, excluded: str, regions: str, without: str) -> int:
    """A sender writes the same few lists of countries again and again."""
    finland, holding, _ = _names()
    if finland in excluded.split():
        return 0
    if finland in included.split():
        return 3
    found = holding.intersection(regions.split())
    if not found or not holding.isdisjoint(without.split()):
        return 0
    return 1 if found == {table("supply")["territory"]["world"]} else 2


def _said(territory: OnixNode, tag: str) -> str:
    found = territory.get(tag)
    if not found:
        return ""
    return _tidy(found[0] if len(found) == 1 and isinstance(found[0], str) else " ".join(map(leaf, found)))


@lru_cache(maxsize=1024)
def _tidy(listed: str) -> str:
    """A list of countries in capitals between spaces; senders write commas and small letters too."""
    return listed.upper().replace(",", " ").replace(";", " ")


@cache
def _names() -> tuple[str, frozenset[str], frozenset[str]]:
    """Finland; the regions that hold it; the names of what is left of the world."""
    names = table("supply")["territory"]
    return names["country"], frozenset(names["regions"]), frozenset(names["rest_of_world"])


def _lendable(reading: Reading) -> bool | None:
    """No where there are no rights in Finland, libraries are excluded or lending is prohibited; yes where there are
    rights and nothing of the kind, or lending is permitted."""
    for_sale = _for_sale(reading)
    usage = table("supply")["usage"]
    lend = {status for kind, status in usage_constraints(reading) if kind == usage["lend"]}
    if for_sale is False or _libraries_excluded(reading) or usage["prohibited"] in lend:
        return False
    return True if for_sale or lend & codes("supply", "usage", "permitted") else None


def _for_sale(reading: Reading) -> bool | None:
    """Whether the sales rights (list 46) cover Finland: what names it most closely counts ("the world", but "not
    Finland"), the rest of the world where nothing does."""
    words = by_code("supply", "rights")
    rest = text_of(reading.publishing, "ROWSalesRightsType")
    reading.check(rest, 46, "PublishingDetail/ROWSalesRightsType")
    named, nearest, says = False, 0, False
    for node, locus in counted(reading.publishing, "SalesRights", "PublishingDetail/"):
        code = text_of(node, "SalesRightsType")
        word = words.get(code)
        if word is None:
            reading.unknown(code, 46, f"{locus}/SalesRightsType")
            continue
        territories = nodes_of(node, "Territory")
        if any(_is_rest_of_world(t) for t in territories):
            rest = rest or code
        elif word != "unknown" and (near := max(map(_nearness, territories), default=0)) > nearest:
            nearest, says = near, word == "for_sale"
        named = named or (word == "for_sale" and bool(territories))
    if nearest:
        return says
    word = words.get(rest)
    if word in ("for_sale", "not_for_sale"):
        return word == "for_sale"
    return False if named and not rest else None


def _is_rest_of_world(territory: OnixNode) -> bool:
    regions = _said(territory, "RegionsIncluded")
    return bool(regions) and not _names()[2].isdisjoint(regions.split())


def _libraries_excluded(reading: Reading) -> bool:
    """Whether a restriction on sales keeps libraries out: of the product, of rights or a market in Finland."""
    found = list(counted(reading.publishing, "SalesRestriction", "PublishingDetail/"))
    for rights, locus in counted(reading.publishing, "SalesRights", "PublishingDetail/"):
        if "SalesRestriction" in rights and any(map(_may_hold_finland, nodes_of(rights, "Territory"))):
            found += counted(rights, "SalesRestriction", f"{locus}/")
    for supply, path in counted(reading.product, "ProductSupply", ""):
        if "Market" in supply and _reaches_finland(supply):
            for market, locus in counted(supply, "Market", f"{path}/"):
                found += counted(market, "SalesRestriction", f"{locus}/")
    kinds = []
    for each, locus in found:
        for kind in texts_of(each, "SalesRestrictionType"):
            reading.check(kind, 71, f"{locus}/SalesRestrictionType")
            kinds.append(kind)
    return not codes("supply", "restriction", "no_libraries").isdisjoint(kinds)


def _may_hold_finland(territory: OnixNode) -> bool:
    return holds_finland(territory) or _is_rest_of_world(territory)
