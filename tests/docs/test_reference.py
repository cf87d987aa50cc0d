"""Pages made from the code are as the code is; what the documents name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ops.reference import defects_page, settings_page

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_settings_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == settings_page()


def test_the_defects_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "defects.md").read_text("utf-8") == defects_page()


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
