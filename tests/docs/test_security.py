"""What is claimed about security is shown by tests that exist, and every boundary of trust was thought through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desk import visit

ROOT = Path(__file__).parent.parent.parent
MODEL = (ROOT / "SECURITY.md").read_text("utf-8")
VERIFIED = (ROOT / "docs" / "security-verification.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d[\d., –-]*) \|([^|]*)\|([^|]*)\|([^|]*)\|$", VERIFIED, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", VERIFIED)))


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_exists(name: str) -> None:
    file, _, test = name.partition("::")
    assert (
        re.search(rf"^def {test}\b", (ROOT / file).read_text("utf-8"), re.MULTILINE)
        if test
        else (ROOT / file).is_file()
    )


def test_every_point_that_is_met_names_a_test() -> None:
    assert len(ROWS) >= 40
    assert [point for point, _, how, shown in ROWS if not how.strip() or "tests/" not in shown] == []


def test_what_is_not_met_has_its_reason() -> None:
    section = VERIFIED.split("## Not met, and why")[1]
    rows = re.findall(r"^\| (\d[^|]*)\|([^|]*)\|([^|]*)\|$", section, re.MULTILINE)
    assert len(rows) >= 8
    assert all(len(reason.strip()) > 20 for _, _, reason in rows)


def test_every_boundary_has_all_six_threats() -> None:
    boundaries = re.split(r"^### Boundary \d: ", MODEL, flags=re.MULTILINE)[1:]
    assert len(boundaries) == 4
    for text in boundaries:
        assert re.findall(r"^\| ([STRIDE]) \|", text, re.MULTILINE) == list("STRIDE")


def test_the_privacy_notice_names_every_cookie() -> None:
    notice = (ROOT / "docs" / "privacy.md").read_text("utf-8")
    cookies = {value for name, value in vars(visit).items() if name.endswith("_COOKIE")}
    assert cookies == set(re.findall(r"`(__Host-[\w-]+)`", notice))
