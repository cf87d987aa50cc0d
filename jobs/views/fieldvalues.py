"""Values of a description as a reader sees them: in words of a language, each marked with the language it is in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal

from catalogue.accessibility import fact_names
from catalogue.model import Model
from catalogue.record import (
    AccessibilityFact,
    Audience,
    CataloguedField,
    Classification,
    Contributor,
    Description,
    Identifier,
    Labels,
    Link,
    Relation,
    Series,
    Text,
    Title,
    Topic,
)
from catalogue.vocabularies import class_names, country_names, language_names, relator_names, two_letter
from jobs.views.codewords import audience_names, drm_names, relation_names
from jobs.views.fieldwords import FIELDS, LEVELS, MEDIA, RULES
from merging.choices import identity
from merging.fields import leaves
from merging.rules import load_rules
from merging.sameness import value_key
from ops.messages import Language, _, translator


@dataclass(frozen=True, slots=True)
class Said:
    """One value in words. `language` is the two-letter language of the text where it is known, `url` of a link.

    `value` is the value as the model has it (JSON), which is what a choice of it is made with. Values of one `key`
    say the same: case, punctuation, accents, and the precision of a date left aside.
    """

    text: str
    language: str | None = None
    url: str | None = None
    value: Any = None
    key: str = ""


def field_name(field: str, language: Language) -> str:
    """What a field is called; `field` is a path of `Description`, or a kind of title (``titles.main``)."""
    return translator(language)(FIELDS.get(field) or FIELDS.get(f"{field}.main") or field)


def rule_name(rule: str, language: Language) -> str:
    """What a survivorship rule is called."""
    return translator(language)(RULES.get(rule, rule))


def read_field(description: Description, field: str, language: Language) -> tuple[Said, ...]:
    """The values a description has in a field; none where it says nothing.

    `field` is a path of the survivorship table, ``titles.KIND``, ``identifiers.isbn`` or ``identifiers.other``.
    """
    return tuple(said(field, item, language) for item in items_of(description, field))


def items_of(description: Description, field: str) -> list[Any]:
    """The values of a field as the model has them, as a list whatever the field."""
    group, _dot, part = field.partition(".")
    if group == "titles" and part:
        return [title for title in description.titles if title.kind == part]
    if group == "identifiers" and part:
        return [i for i in description.identifiers if (i.scheme == "isbn") == (part == "isbn")]
    leaf = leaves()[field]
    value = leaf.read(description)
    if leaf.many:
        return list(value)
    return [] if value is None or value == "" else [value]


def said(field: str, value: Any, language: Language) -> Said:
    """One value of a field in words. Values of models may come as their JSON."""
    own_field = (
        "titles" if field.startswith("titles.") else "identifiers" if field.startswith("identifiers.") else field
    )
    item = _as_model(own_field, value)
    plain = item.model_dump(mode="json") if isinstance(item, Model) else item
    found = _of_model(item, language) if isinstance(item, Model) else Said(_scalar(field, item, language))
    return Said(found.text, found.language, found.url, plain, _key(field, item))


def _key(field: str, item: Any) -> str:
    row = load_rules().edition.get(field)
    return identity(item) if isinstance(item, Model) or row is None else str(value_key(item, row))


def said_list(field: str, value: Any, language: Language) -> tuple[Said, ...]:
    """A value of any shape (one, a list, None) in words."""
    if value is None:
        return ()
    return tuple(said(field, one, language) for one in (value if isinstance(value, (list, tuple)) else (value,)))


def in_language(labels: Labels, language: str) -> tuple[str, str] | None:
    """The label of a language and that language; else another's, in the order of the others."""
    for own in (language, *(other for other in ("fi", "sv", "en") if other != language)):
        if text := getattr(labels, own):
            return str(text), own
    return None


def _as_model(field: str, value: Any) -> Any:
    leaf = leaves().get(field)
    if leaf is None or leaf.model is None or isinstance(value, Model) or not isinstance(value, Mapping):
        return value
    return leaf.model.model_validate(value)


def _of_model(item: Model, language: Language) -> Said:
    return _MODELS[type(item)](item, language)


def _title(title: Title, language: Language) -> Said:
    number = f" ({title.number})" if title.number else ""
    return Said(f"{title.text}{number}", _code(title.language))


def _identifier(identifier: Identifier, language: Language) -> Said:
    text = translator(language)
    notes = [identifier.qualifier or ""]
    notes += [] if identifier.role == "own" else [text(_ROLES[identifier.role])]
    notes += [] if identifier.valid else [text(_("not valid"))]
    scheme = "" if identifier.scheme == "isbn" else f"{identifier.scheme.upper().removeprefix('PROPRIETARY:')} "
    said_notes = ", ".join(filter(None, notes))
    return Said(f"{scheme}{identifier.value}" + (f" ({said_notes})" if said_notes else ""))


def _series(series: Series, language: Language) -> Said:
    return Said(f"{series.title} ; {series.number}" if series.number else series.title)


def _contributor(person: Contributor, language: Language) -> Said:
    name = person.name_inverted or person.name
    dates = f", {person.dates}" if person.dates else ""
    roles = [found[0] if (found := in_language(relator_names(role), language)) else role for role in person.roles]
    return Said(f"{name}{dates}" + (f" ({', '.join(roles)})" if roles else ""))


def _topic(topic: Topic, language: Language) -> Said:
    found = in_language(topic.labels, language)
    return Said(*found) if found else Said(topic.source_text or topic.uri or "")


def _classification(code: Classification, language: Language) -> Said:
    notation = f"{code.scheme.upper()} {code.code}"
    found = in_language(class_names(code.scheme, code.code), language)
    return Said(f"{notation} ({found[0]})", found[1]) if found else Said(notation)


def _audience(audience: Audience, language: Language) -> Said:
    if audience.text:
        return Said(audience.text)
    found = in_language(audience_names(audience.scheme, audience.code), language)
    return Said(*found) if found else Said(f"{audience.scheme} {audience.code}")


def _accessibility(fact: AccessibilityFact, language: Language) -> Said:
    found = in_language(fact_names(fact.code or ""), language)
    if found is None:
        return Said(" ".join(filter(None, (fact.code, fact.text))))
    return Said(f"{found[0]}: {fact.text}" if fact.text else found[0], None if fact.text else found[1])


def _text(text: Text, language: Language) -> Said:
    return Said(text.text, _code(text.language))


def _link(link: Link, language: Language) -> Said:
    return Said(f"{translator(language)(_LINKS.get(link.kind, link.kind))}: {link.url}", url=link.url)


def _relation(relation: Relation, language: Language) -> Said:
    target = " ".join(filter(None, (relation.title, (relation.scheme or "").upper(), relation.value)))
    return Said(f"{_relation_word(relation.kind, language)}: {target}")


def _relation_word(kind: str, language: Language) -> str:
    if kind in _RELATIONS:
        return translator(language)(_RELATIONS[kind])
    found = in_language(relation_names(kind), language)
    return found[0] if found else kind


def _catalogued(field: CataloguedField, language: Language) -> Said:
    parts = " ".join(f"${code} {value}" for code, value in field.subfields)
    return Said(f"{field.tag} {field.value or parts}")


_MODELS: Mapping[type, Callable[[Any, Language], Said]] = {
    Title: _title,
    Identifier: _identifier,
    Series: _series,
    Contributor: _contributor,
    Topic: _topic,
    Classification: _classification,
    Audience: _audience,
    AccessibilityFact: _accessibility,
    Text: _text,
    Link: _link,
    Relation: _relation,
    CataloguedField: _catalogued,
}
_ROLES = {
    "other_format": _("of another form"),
    "set": _("of the set"),
    "cancelled": _("cancelled"),
    "related": _("of a related publication"),
}
_LINKS = {"cover": _("cover"), "content": _("content"), "sample": _("sample"), "other": _("other link")}
_RELATIONS = {
    "alternative_format": _("in another form"),
    "print_of": _("in print"),
    "replaces": _("replaces"),
    "replaced_by": _("replaced by"),
    "translation_of": _("translation of"),
    "part_of": _("part of"),
}
_NAMES: Mapping[str, Callable[[str], Labels]] = {
    "languages.text": language_names,
    "languages.original": language_names,
    "languages.declared": language_names,
    "languages.detected": language_names,
    "cataloguing.language": language_names,
    "publication.country": country_names,
    "availability.drm": drm_names,
}


def _scalar(field: str, value: Any, language: Language) -> str:
    text = translator(language)
    if isinstance(value, bool):
        return text(_("yes")) if value else text(_("no"))
    if field in _NAMES:
        found = in_language(_NAMES[field](str(value)), language)
        return found[0] if found else str(value)
    if field in _CODES:
        return text(_CODES[field].get(str(value), str(value)))
    if field == "extent.duration_min":
        return text(_("{minutes} min")).format(minutes=value)
    if field == "extent.size_bytes":
        return text(_("{size} MB")).format(size=format_decimal(round(int(value) / 1_000_000, 1), locale=language))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


_CODES: Mapping[str, Mapping[str, str]] = {"medium": MEDIA, "level": LEVELS}


def fact_words(fact: str, value: str, language: Language) -> str:
    """A value of `catalogue.decision.facts_of` in words: kinds, roles and codes of its text translated."""
    if fact == "titles":
        kind, _space, title = value.partition(" ")
        return title if kind == "main" else f"{title} ({field_name(f'titles.{kind}', language)})"
    if fact == "contributors":
        words = value.split()
        roles = [found for word in words if (found := in_language(relator_names(word), language))]
        name = " ".join(word for word in words if not in_language(relator_names(word), language))
        return f"{name} ({', '.join(role for role, _own in roles)})" if roles else name
    if fact == "identifiers":
        scheme, _space, rest = value.partition(" ")
        return f"{scheme.upper()} {rest.removesuffix(' own')}"
    known = {"languages": "languages.text", "minutes": "extent.duration_min", "medium": "medium", "level": "level"}
    return _scalar(known[fact], value, language) if fact in known else value


def _code(language: str | None) -> str | None:
    """The two-letter code for ``lang``, else the code as it is; None for what is no language."""
    if not language or language in ("und", "mul", "zxx", "mis"):
        return None
    return two_letter(language) or language


def language_name(code: str, language: Language) -> str:
    """What a language is called."""
    found = in_language(language_names(code), language)
    return found[0] if found else code


def joined(values: Iterable[Said]) -> str:
    """Several values on one line."""
    return "; ".join(value.text for value in values)
