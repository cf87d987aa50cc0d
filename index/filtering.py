"""The filters and facets of the stored templates, as Mustache: each facet is counted without its own filter.

What a reader chose is a `post_filter`, and each facet has all the other choices as a filter of its own. So a facet goes
on showing what else might be chosen, and a value's count is the number of works that choosing it alone would give.
Choices about editions must hold together on one edition, in the counts too: editions are counted, then their works.
"""

from __future__ import annotations

OF_WORK = {name: f"facet.{name}" for name in ("subject", "genre", "audience", "collection")}
OF_EDITION = {
    name: f"editions.{name}"
    for name in ("language", "medium", "format", "publisher", "narrator", "accessibility", "year")
}
FACETS = (*OF_WORK, *OF_EDITION)
"""Every facet; its name is that of its filter."""
RANGES = {"year": "editions.year", "duration": "editions.duration_min"}
_DAY = "{{as_of}}{{^as_of}}now/d{{/as_of}}"
OFFERED = f"""{{"bool": {{
  "filter": [{{"term": {{"editions.published": true}}}}],
  "must_not": [
    {{"range": {{"editions.available_from": {{"gt": "{_DAY}"}}}}}},
    {{"range": {{"editions.available_until": {{"lt": "{_DAY}"}}}}}}
  ]
}}}}"""
"""An edition that readers can have on the day."""


def assembled(template: str) -> str:
    """A template with `<<offered>>`, `<<chosen>>` and `<<facets>>` filled in."""
    parts = {"offered": OFFERED, "chosen": _chosen(), "facets": ",\n".join(_facet(name) for name in FACETS)}
    for name, part in parts.items():
        template = template.replace(f"<<{name}>>", part)
    return template


def _chosen(without: str = "") -> str:
    """The clauses of everything chosen but one, as the items of a list."""
    editions = f'{{"nested": {{"path": "editions", "query": {{"bool": {{"filter": [{_of_edition(without)}]}}}}}}}}'
    return f"{_of_work(without)}{editions}"


def _of_work(without: str) -> str:
    return "".join(_terms(name, field) for name, field in OF_WORK.items() if name != without)


def _of_edition(without: str) -> str:
    terms = {name: field for name, field in OF_EDITION.items() if name not in RANGES}
    clauses = [_terms(name, field) for name, field in terms.items() if name != without]
    clauses += [
        f'{{{{#{name}}}}}{{"range": {{"{field}": {{{{#toJson}}}}{name}{{{{/toJson}}}}}}}},{{{{/{name}}}}}\n'
        for name, field in RANGES.items()
        if name != without
    ]
    lendable = '{{#lendable_only}}{"term": {"editions.lendable_fi": true}},{{/lendable_only}}\n'
    return "".join([*clauses, lendable, OFFERED])


def _terms(name: str, field: str) -> str:
    values = f"{{{{#toJson}}}}{name}.any{{{{/toJson}}}}"
    return f'{{{{#{name}}}}}{{"terms": {{"{field}": {values}}}}},{{{{/{name}}}}}\n'


def _facet(name: str) -> str:
    if name in OF_WORK:
        values = f'"values": {{"terms": {{"field": "{OF_WORK[name]}", "size": {{{{facets.size}}}}}}}}'
        return f'"{name}": {{"filter": {{"bool": {{"filter": [{_chosen(name)}]}}}}, "aggs": {{{values}}}}}'
    order = '{"_key": "desc"}' if name in RANGES else '[{"works": "desc"}, {"_key": "asc"}]'
    values = (
        f'"values": {{"terms": {{"field": "{OF_EDITION[name]}", "size": {{{{facets.size}}}}, "order": {order}}},'
        ' "aggs": {"works": {"reverse_nested": {}}}}'
    )
    those = f'"those": {{"filter": {{"bool": {{"filter": [{_of_edition(name)}]}}}}, "aggs": {{{values}}}}}'
    editions = f'"editions": {{"nested": {{"path": "editions"}}, "aggs": {{{those}}}}}'
    works = f'{{"bool": {{"filter": [{_of_work(name)}{{"match_all": {{}}}}]}}}}'
    return f'"{name}": {{"filter": {works}, "aggs": {{{editions}}}}}'
