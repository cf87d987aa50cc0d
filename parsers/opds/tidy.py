"""A publication's texts as the mappings expect them: NFC, without control characters, markup safe to show."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

from catalogue.defect import Defect
from parsers.doubled import Doubled
from parsers.onix.markup import escaped_markup

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
MAX_DEPTH = 40
"""No honest description is nested deeper."""
_MARKED_UP = ("description",)
_OF_THE_MOMENT = ("copies", "holds", "availability")  # of a link: who has borrowed what just now is no description


def tidy(publication: dict[str, Any]) -> tuple[dict[str, Any], tuple[Defect, ...]]:
    """The publication with its texts put right, and what was repaired, with the path inside the publication.

    Raises RecursionError where it is nested beyond `MAX_DEPTH`.
    """
    repairs: list[Defect] = []
    content: dict[str, Any] = _plain(publication, "", repairs, MAX_DEPTH)
    metadata = content["metadata"]
    for name in _MARKED_UP:
        _sanitise(metadata, name, "metadata", repairs)
    for link in content["links"] if isinstance(content.get("links"), list) else ():
        properties = link.get("properties") if isinstance(link, dict) else None
        if isinstance(properties, dict):
            link["properties"] = {k: v for k, v in properties.items() if k not in _OF_THE_MOMENT}
    return content, tuple(repairs)


def _sanitise(holder: dict[str, Any], name: str, path: str, repairs: list[Defect]) -> None:
    """A marked-up text, or each of a language map, made safe to show."""
    text, place = holder.get(name), f"{path}.{name}"
    if isinstance(text, dict):
        for tag in text:
            if isinstance(text[tag], str):
                _sanitise(text, tag, place, repairs)
    elif isinstance(text, str) and (found := escaped_markup(text)) is not None:
        holder[name], defects = found
        repairs += [Defect(defect.code, place) for defect in defects]


def _plain(value: Any, path: str, repairs: list[Defect], depth: int) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _text(value, path, repairs)
    if not isinstance(value, list | dict):
        return value
    if isinstance(value, Doubled) and not any(isinstance(each, list | dict) for each in value):
        *others, value = value
        repairs += [Defect("opds.member", path, {"value": str(each)}) for each in others if each != value]
        return _plain(value, path, repairs, depth)
    if depth == 0:
        raise RecursionError
    if isinstance(value, list):
        return [_plain(each, f"{path}[{number}]", repairs, depth - 1) for number, each in enumerate(value)]
    names = [(name, name if name.isascii() else _text(name, path, [])) for name in value]
    return {new: _plain(value[name], f"{path}.{new}".lstrip("."), repairs, depth - 1) for name, new in names}


def _text(text: str, path: str, repairs: list[Defect]) -> str:
    """Half a surrogate pair becomes a replacement character."""
    whole = normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    clean = _CONTROLS.sub("", whole)
    if clean != whole:
        repairs.append(Defect("text.control_characters", path))
    return clean
