"""A publication's texts as the mappings expect them: NFC, without control characters, markup safe to show."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

from catalogue.defect import Defect
from parsers.onix.markup import escaped_markup

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
_MARKED_UP = ("description",)
_OF_THE_MOMENT = ("copies", "holds", "availability")  # of a link: who has borrowed what just now is no description


def tidy(publication: dict[str, Any]) -> tuple[dict[str, Any], tuple[Defect, ...]]:
    """The publication with its texts put right, and what was repaired, with the path inside the publication."""
    repairs: list[Defect] = []
    content: dict[str, Any] = _plain(publication, "", repairs)
    metadata = content["metadata"]
    for name in _MARKED_UP:
        if isinstance(text := metadata.get(name), str) and (found := escaped_markup(text)) is not None:
            metadata[name], defects = found
            repairs += [Defect(defect.code, f"metadata.{name}") for defect in defects]
    for link in content["links"] if isinstance(content.get("links"), list) else ():
        properties = link.get("properties") if isinstance(link, dict) else None
        for name in _OF_THE_MOMENT if isinstance(properties, dict) else ():
            properties.pop(name, None)
    return content, tuple(repairs)


def _plain(value: Any, path: str, repairs: list[Defect]) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _text(value, path, repairs)
    if isinstance(value, list):
        return [_plain(each, f"{path}[{number}]", repairs) for number, each in enumerate(value)]
    if isinstance(value, dict):
        names = [(name, name if name.isascii() else _text(name, path, [])) for name in value]
        return {new: _plain(value[name], f"{path}.{new}".lstrip("."), repairs) for name, new in names}
    return value


def _text(text: str, path: str, repairs: list[Defect]) -> str:
    """Half a surrogate pair becomes a replacement character."""
    whole = normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    clean = _CONTROLS.sub("", whole)
    if clean != whole:
        repairs.append(Defect("text.control_characters", path))
    return clean
