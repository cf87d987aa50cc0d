"""What every answer is like: caches, methods, other sites' pages, headers, problems in three languages."""

from __future__ import annotations

from typing import Any

import pytest

from api.problems import KINDS
from jobs.reviewing import Author, decide_field, undo
from ops.compressing import LEAST_BYTES
from ops.messages import translator

pytestmark = pytest.mark.search_server
AUTHOR = Author("test", "2026-02-01T04:00:00Z")
SITE = "https://kirjasto.example"


@pytest.fixture
def paths(api: Any) -> list[str]:
    """One of every address."""
    work, magazine = api.work(), api.magazine()
    return [
        "/", "/search?q=talvi", "/suggest?q=tal", f"/works/{work}", f"/works/{work}/editions", f"/editions/{magazine}",
        f"/editions/{magazine}/issues", "/changes", "/problems", "/problems/gone",
    ]  # fmt: skip


def test_what_a_client_has_is_not_sent_again(api: Any, paths: list[str]) -> None:
    plain = {"Accept-Encoding": "identity"}
    for path in paths:
        first = api.client.get(path, headers=plain)
        etag = first.headers["etag"]
        assert etag.startswith('"')
        for told in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            again = api.client.get(path, headers={**plain, "If-None-Match": told})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag), path
            assert again.headers["cache-control"] == first.headers["cache-control"]
        assert api.client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_long_answers_are_compressed_under_a_weak_tag_that_still_counts(api: Any, paths: list[str]) -> None:
    for path in paths:
        first = api.client.get(path, headers={"Accept-Encoding": "gzip"})
        etag = first.headers["etag"]
        assert etag.startswith('W/"')
        assert (first.headers.get("content-encoding") == "gzip") == (len(first.content) >= LEAST_BYTES), path
        again = api.client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": etag})
        assert (again.status_code, again.headers["etag"]) == (304, etag)


def test_the_etag_changes_with_the_work_and_comes_back_with_undo(own_api: Any) -> None:
    edition = own_api.json(f"/works/{own_api.work()}")["editions"]["editions"][0]
    before = own_api.client.get(edition["url"])
    made = decide_field(own_api.store, edition["id"], field="extent.pages", value=4711, author=AUTHOR)
    changed = own_api.client.get(edition["url"], headers={"If-None-Match": before.headers["etag"]})
    assert changed.status_code == 200
    assert changed.json()["extent"]["pages"] == 4711
    assert changed.json()["revision"] > before.json()["revision"]
    undo(own_api.store, made.decision.id, AUTHOR)
    again = own_api.json(edition["url"])
    assert again["extent"] == before.json()["extent"]


def test_languages_have_etags_of_their_own(api: Any) -> None:
    work = api.work()
    tags = {lang: api.client.get(f"/works/{work}?lang={lang}").headers["etag"] for lang in ("fi", "sv", "en")}
    assert len(set(tags.values())) == 3


def test_works_say_when_they_changed(api: Any) -> None:
    answer = api.client.get(f"/works/{api.work()}")
    assert answer.headers["last-modified"] == "Sat, 31 Jan 2026 04:00:00 GMT"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert api.client.get("/changes").headers["cache-control"] == "no-cache"


def test_head_is_get_without_its_body(api: Any, paths: list[str]) -> None:
    for path in (*paths, "/nowhere", "/search?limit=x", "/healthz", "/readyz", "/openapi.json"):
        get, head = api.client.get(path), api.client.head(path)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers.get("etag") == get.headers.get("etag")
        assert head.headers["content-length"] == str(len(get.content))


def test_options_tells_the_methods(api: Any, paths: list[str]) -> None:
    for path in paths:
        answer = api.client.options(path)
        assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_nothing_is_written(api: Any, paths: list[str], method: str) -> None:
    for path in paths:
        answer = api.client.request(method, path)
        assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method")
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_bodies_are_refused(api: Any) -> None:
    assert api.client.request("GET", "/search", content=b"x" * 2000).json()["type"] == "/problems/body"
    assert api.client.request("GET", "/search", content=iter([b"x" * 2000])).status_code in (200, 413)
    assert api.client.post("/search", content=iter([b"x" * 2000])).status_code in (405, 413)


def test_pages_of_other_sites_read_it_only_where_they_may(api: Any, altered: Any) -> None:
    told = {"Origin": SITE}
    assert "access-control-allow-origin" not in api.client.get("/search", headers=told).headers
    allowing = altered("api", cors_origins=(SITE,)).client
    answer = allowing.get("/search", headers=told)
    assert answer.headers["access-control-allow-origin"] == SITE
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert set(answer.headers["vary"].split(", ")) == {"Origin", "Accept-Encoding"}
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in allowing.get("/search", headers={"Origin": "https://x.example"}).headers
    assert allowing.get("/nowhere", headers=told).headers["access-control-allow-origin"] == SITE


def test_browsers_may_ask_beforehand(altered: Any) -> None:
    client = altered("api", cors_origins=("*",)).client
    told = {"Origin": SITE, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "If-None-Match"}
    answer = client.options("/search", headers=told)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert client.options("/search", headers={**told, "Access-Control-Request-Method": "DELETE"}).status_code == 400


def test_every_answer_carries_the_headers_of_safety(api: Any, paths: list[str]) -> None:
    for path in (*paths, "/nowhere", "/search?limit=x", "/healthz", "/metrics"):
        headers = api.client.get(path).headers
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


def test_too_many_requests_of_one_address_have_to_wait(altered: Any) -> None:
    client = altered("api", requests_per_minute=3).client
    answers = [client.get("/problems?lang=sv") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["title"] == "För många begäranden"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_problems_speak_the_readers_language(api: Any, lang: str) -> None:
    answer = api.client.get(f"/works/nothing?lang={lang}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == lang
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert problem["title"] == translator(lang)("There is nothing here")  # type: ignore[arg-type]  # a language of ours
    assert (problem["status"], problem["instance"]) == (404, "/works/nothing")


def test_every_problem_is_explained_where_its_type_leads(api: Any) -> None:
    listed = api.json("/problems?lang=fi")["problems"]
    assert [problem["type"] for problem in listed] == [f"/problems/{kind.name}" for kind in KINDS]
    for problem in listed:
        assert api.json(f"{problem['type']}?lang=fi") == problem
    assert api.json("/problems/nothing", 404)["type"] == "/problems/not-found"


def test_every_problem_is_worded_in_finnish_and_swedish() -> None:
    for kind in KINDS:
        for lang in ("fi", "sv"):
            text = translator(lang)
            assert text(kind.title) != kind.title
            assert text(kind.meaning) != kind.meaning
