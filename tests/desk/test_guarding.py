"""Forms from elsewhere, other host names, and what a page may load."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from desk.app import create_app
from desk.guarding import POLICY
from ops.logs import configure_logs
from ops.settings import LogSettings, Settings

Desk = Callable[..., TestClient]
HOST = "127.0.0.1"
FORMS = [  # Sec-Fetch-Site, Origin, status
    ("same-origin", None, 303),
    ("same-origin", f"https://{HOST}", 303),
    (None, f"https://{HOST}", 303),
    ("none", None, 303),
    (None, None, 403),
    ("cross-site", None, 403),
    ("same-site", None, 403),
    ("cross-site", f"https://{HOST}", 403),
    ("same-origin", "https://elsewhere.example", 403),
    (None, "https://elsewhere.example", 403),
    (None, f"https://{HOST}.elsewhere.example", 403),
    (None, "null", 403),
    (None, "", 403),
    (None, f"https://{HOST}:8443", 403),
    ("", None, 403),
]


@pytest.mark.parametrize(("site", "origin", "status"), FORMS)
def test_a_form_is_taken_from_our_own_pages_alone(
    desk: Desk, site: str | None, origin: str | None, status: int
) -> None:
    client = desk()
    client.headers.pop("sec-fetch-site")
    given = {"sec-fetch-site": site, "origin": origin}
    headers = {name: value for name, value in given.items() if value is not None}
    answer = client.post("/language", data={"language": "sv"}, headers=headers)
    assert answer.status_code == status
    assert (status == 303) == ("set-cookie" in answer.headers)


def test_reading_is_free_wherever_the_link_stands(desk: Desk) -> None:
    assert desk().get("/queue", headers={"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "desk.example:99@x", ""])
def test_another_host_name_is_refused(desk: Desk, host: str) -> None:
    assert desk().get("/queue", headers={"host": host}).status_code == 421


def test_the_public_address_is_ours(settings: Settings) -> None:
    about = settings.desk.model_copy(update={"public_url": "https://desk.library.example"})
    with TestClient(create_app(settings.model_copy(update={"desk": about}))) as client:
        headers = {"host": "desk.library.example", "origin": "https://desk.library.example"}
        sent = client.post("/language", data={"language": "sv"}, headers=headers, follow_redirects=False)
        assert sent.status_code == 303


@pytest.mark.parametrize("path", ["/", "/queue", "/nowhere", "/healthz", "/metrics", "/sign-in", "/admin/users"])
def test_every_answer_carries_the_headers(desk: Desk, path: str) -> None:
    headers = desk().get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "permissions-policy" in headers
    assert headers["cache-control"] == "no-store"


def test_a_refusal_carries_the_headers_too(desk: Desk) -> None:
    answer = desk().post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, answer.headers["content-security-policy"]) == (403, POLICY)
    assert "Lomake tuli muualta" in answer.text


def test_a_body_too_long_is_refused(desk: Desk) -> None:
    assert desk().post("/me", data={"language": "x" * 300_000}).status_code == 413


def test_too_many_requests_are_told_to_wait(settings: Settings) -> None:
    about = settings.desk.model_copy(update={"requests_per_minute": 3})
    with TestClient(create_app(settings.model_copy(update={"desk": about})), base_url="https://localhost") as client:
        codes = [client.get("/sign-in").status_code for _ in range(5)]
        answer = client.get("/sign-in")
    assert codes == [200, 200, 200, 429, 429]
    assert int(answer.headers["retry-after"]) > 0


def test_a_bug_shows_a_number_that_stands_in_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_args: object, **_kept: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("desk.sources.source_health", broken)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    configure_logs(LogSettings())
    client = desk()
    answer = client.get("/sources")
    assert answer.status_code == 500
    assert "a secret of ours" not in answer.text
    assert "Traceback" not in answer.text
    number = answer.text.split("<code>")[1].split("</code>")[0]
    assert number in capsys.readouterr().err


def test_static_files_are_kept_for_a_year_under_their_hash(desk: Desk) -> None:
    client = desk()
    page = client.get("/queue").text
    path = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = client.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert answer.headers["content-encoding"] == "gzip"
    assert client.get(path.replace("/static/", "/static/0")).status_code == 404
    assert client.get("/static/x/..%2Fapp.py").status_code == 404
