"""Reference pages made from the code: ``python -m ops.reference`` writes ``docs/settings.md`` and ``docs/defects.md``.

A test compares the pages with what this module makes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from catalogue.defect import definitions
from ops.messages import translator
from ops.settings import Settings
from ops.sources import Limits, SourceSettings
from ops.transports import FilesTransport, FolderTransport, HttpTransport, OaiTransport, SftpTransport

HEAD = "<!-- Made by `python -m ops.reference`; edit the code, not this page. -->\n"


def settings_page() -> str:
    """Every setting of ``lyhde.toml`` and of a source file: key, default, what it is."""
    parts = [
        HEAD,
        "# Settings\n",
        "Defaults < `lyhde.toml` < `LYHDE__SECTION__KEY` in the environment < a command-line flag. Relative paths are",
        "resolved against the configuration file. Unknown keys are errors; all faults are reported in one go.\n",
        "## `lyhde.toml`\n",
        *_table(Settings),
        "\n## A source file (`sources/ID.toml`)\n",
        *_table(SourceSettings, skip=("transport", "limits")),
        '\n### `[transport]` with `kind = "folder"`\n',
        *_table(FolderTransport),
        '\n### `[transport]` with `kind = "files"`\n',
        *_table(FilesTransport),
        '\n### `[transport]` with `kind = "http"`\n',
        *_table(HttpTransport),
        '\n### `[transport]` with `kind = "oai"`\n',
        *_table(OaiTransport),
        '\n### `[transport]` with `kind = "sftp"`\n',
        *_table(SftpTransport),
        "\n### `[limits]`\n",
        *_table(Limits),
    ]
    return "\n".join(parts) + "\n"


def defects_page() -> str:
    """Every defect code with severity and its text in three languages."""
    rows = ["| code | severity | English | suomeksi | på svenska |", "|---|---|---|---|---|"]
    for code, about in definitions().items():
        texts = [about.text, translator("fi")(about.text), translator("sv")(about.text)]
        rows.append(f"| `{code}` | {about.severity} | " + " | ".join(texts) + " |")
    intro = (
        "A defect is bad data, kept as a value with its record and place. *info*: repaired or harmless, recorded;\n"
        "*warning*: a value was left out or doubted; *error*: the record is quarantined with its bytes.\n"
    )
    return "\n".join([HEAD, "# Defects\n", intro, *rows]) + "\n"


def _table(model: type[BaseModel], prefix: str = "", skip: tuple[str, ...] = ()) -> list[str]:
    rows = [] if prefix else ["| key | default | what it is |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        if name in skip:
            continue
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            rows += _table(kind, f"{prefix}{name}.")
        else:
            rows.append(f"| `{prefix}{name}` | {_default(field)} | {_meaning(field)} |")
    return rows


def _default(field: FieldInfo) -> str:
    value: Any = field.get_default()
    if value is PydanticUndefined:
        return "required"
    if value is None or value == ():
        return "–"
    return f"`{', '.join(map(str, value)) if isinstance(value, tuple) else value}`"


def _meaning(field: FieldInfo) -> str:
    choices = [str(c) for c in getattr(field.annotation, "__args__", ()) if isinstance(c, str)]
    return " ".join(part for part in [field.description or "", f"({', '.join(choices)})" if choices else ""] if part)


def main() -> None:
    docs = Path(__file__).resolve().parent.parent / "docs"
    (docs / "settings.md").write_text(settings_page(), "utf-8")
    (docs / "defects.md").write_text(defects_page(), "utf-8")


if __name__ == "__main__":
    main()
