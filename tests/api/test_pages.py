"""`/page/…`: a folder of the operator beside the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.search_server


def test_the_page_of_the_operator_is_served_and_nothing_else(altered: Any, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("<!doctype html><title>Haku</title>", "utf-8")
    (tmp_path / "secret.html").write_text("no")
    api = altered("api", pages_dir=tmp_path / "pages")
    page = api.client.get("/page/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for path in ("/page/other.html", "/page/..%2fsecret.html", "/page/index.txt", "/page/%2e%2e"):
        assert api.client.get(path).status_code in (400, 404), path
    assert altered("api", pages_dir=None).client.get("/page/").status_code == 404
