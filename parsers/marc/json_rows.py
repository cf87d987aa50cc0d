"""MARC-in-JSON as rows (Catmandu, ruby-marc's hashes) and as MARCXML turned into JSON."""

from __future__ import annotations

from typing import Any

_TEXTS = ("#text", "$t", "_", "__text", "text", "content", "value", "$")
_LEADER = "LDR"
_ROW = 4  # tag, indicators and one code at least


def as_keyed(value: dict[str, Any]) -> dict[str, Any] | None:
    """A record of one of these shapes with ``leader`` and ``fields``; None for any other object.

    Catmandu's is ``{"record": [["LDR", null, null, "_", …], ["245", "1", "0", "a", …, "c", …]]}``, ruby-marc's has rows
    ``["245", "1", "0", [["a", …]]]`` in ``fields``, MARCXML's has ``controlfield`` and ``datafield``.
    """
    rows = value.get("record")
    if isinstance(rows, list) and rows and all(isinstance(row, list) and len(row) >= _ROW for row in rows):
        leader = next((row[4] for row in rows if row[0] == _LEADER and len(row) > _ROW), None)
        own = [] if any(row[0] == "001" for row in rows) or not value.get("_id") else [{"001": value["_id"]}]
        return {"leader": leader, "fields": own + [_object(row) for row in rows if row[0] != _LEADER]}
    if any(isinstance(value.get(name), list | dict) for name in ("datafield", "controlfield")):
        fields = [*_controls(value.get("controlfield")), *_data(value.get("datafield"))]
        return {"leader": _text(value.get("leader")), "fields": fields}
    return None


def row_field(row: list[Any]) -> dict[str, Any] | None:
    """A row of ruby-marc as an object of the shape ``{tag, …}``; None for what is no such row."""
    if len(row) == 2 and isinstance(row[0], str) and not isinstance(row[1], list | dict):
        return {"tag": row[0], "value": row[1]}
    if len(row) == _ROW and isinstance(row[0], str) and isinstance(row[3], list):
        pairs = [{"code": pair[0], "value": pair[1]} for pair in row[3] if isinstance(pair, list) and len(pair) == 2]
        return (
            {"tag": row[0], "ind1": row[1], "ind2": row[2], "subfields": pairs} if len(pairs) == len(row[3]) else None
        )
    return None


def _object(row: list[Any]) -> dict[str, Any]:
    """A row of Catmandu; a control field has the one code ``_``."""
    codes, values = row[3::2], row[4::2]
    if codes[:1] == ["_"]:
        return {"tag": row[0], "value": next(iter(values), None)}
    pairs = [{"code": code, "value": value} for code, value in zip(codes, values, strict=False)]
    return {"tag": row[0], "ind1": row[1], "ind2": row[2], "subfields": pairs}


def _controls(given: Any) -> list[dict[str, Any]]:
    return [{"tag": each.get("tag"), "value": _text(each)} for each in _plain(given)]


def _data(given: Any) -> list[dict[str, Any]]:
    found = []
    for each in _plain(given):
        pairs = [{"code": sub.get("code"), "value": _text(sub)} for sub in _plain(each.get("subfield"))]
        found.append({"tag": each.get("tag"), "ind1": each.get("ind1"), "ind2": each.get("ind2"), "subfields": pairs})
    return found


def _plain(given: Any) -> list[dict[str, Any]]:
    """Elements, their attributes under plain names: converters write ``@tag``, ``-tag`` or ``{"$": {"tag": …}}``."""
    found = []
    for each in given if isinstance(given, list) else [given]:
        if isinstance(each, dict):
            inner = each.get("$")
            found.append(
                {name.lstrip("@-"): value for name, value in each.items()} | (inner if isinstance(inner, dict) else {})
            )
    return found


def _text(given: Any) -> Any:
    if not isinstance(given, dict):
        return given[0] if isinstance(given, list) and len(given) == 1 else given
    return next((given[name] for name in _TEXTS if name in given and not isinstance(given[name], dict)), "")
