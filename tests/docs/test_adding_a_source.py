"""The source files of the guide are source files, one for every way a feed can come."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from ops.sources import Limits, SourceFormat, read_source
from ops.transports import HttpTransport

DOCS = Path(__file__).parent.parent.parent / "docs"
EXAMPLES = re.findall(r"```toml\n(.*?)```", (DOCS / "adding-a-source.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_is_a_source(tmp_path: Path, number: int) -> None:
    file = tmp_path / f"source-{number}.toml"
    file.write_text(EXAMPLES[number], "utf-8")
    assert read_source(file).format in get_args(SourceFormat)


def test_every_transport_of_a_source_file_has_an_example(tmp_path: Path) -> None:
    found = set()
    for number, example in enumerate(EXAMPLES):
        (tmp_path / f"s{number}.toml").write_text(example, "utf-8")
        transport = read_source(tmp_path / f"s{number}.toml").transport
        found.add(
            f"{transport.kind} in pages" if isinstance(transport, HttpTransport) and transport.paged else transport.kind
        )
    assert found == {"folder", "http", "http in pages", "oai", "sftp"}


def test_every_guard_is_in_the_table_with_its_limit() -> None:
    table = (DOCS / "sources.md").read_text("utf-8")
    limits = set(Limits.model_fields) - {"min_records"}
    assert {name for name in limits if f"| `{name}` |" in table} == limits
