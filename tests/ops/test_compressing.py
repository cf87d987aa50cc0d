"""Compressed answers: from a size on, only for who asks, and with an ETag that promises no more than it may."""

from __future__ import annotations

import gzip

import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ops.compressing import LEAST_BYTES, LEVEL, WeakTags

LONG, SHORT = "x" * LEAST_BYTES, "x" * (LEAST_BYTES - 1)


async def answer(request: Request) -> Response:
    body = LONG if request.url.path == "/long" else SHORT
    return Response(body, media_type="application/json", headers={"ETag": request.query_params.get("etag", '"a"')})


app = Starlette(routes=[Route("/long", answer), Route("/short", answer)])
app.add_middleware(GZipMiddleware, LEAST_BYTES, LEVEL)
app.add_middleware(WeakTags)
client = TestClient(app)


@pytest.mark.parametrize(
    ("path", "accepted", "etag", "compressed"),
    [
        ("/long", "gzip, br", 'W/"a"', True),
        ("/long", "identity", '"a"', False),
        ("/short", "gzip", 'W/"a"', False),
    ],
)
def test_long_answers_are_compressed_and_who_accepts_that_is_given_weak_tags(
    path: str, accepted: str, etag: str, compressed: bool
) -> None:
    for method in ("GET", "HEAD"):
        got = client.request(method, path, headers={"Accept-Encoding": accepted})
        assert got.headers["etag"] == etag
    got = client.get(path, headers={"Accept-Encoding": accepted})
    assert got.text in (LONG, SHORT)
    assert ("content-encoding" in got.headers) is compressed


def test_what_is_long_enough_varies_with_what_is_accepted() -> None:
    for accepted in ("gzip", "identity"):
        assert client.get("/long", headers={"Accept-Encoding": accepted}).headers["vary"] == "Accept-Encoding"


def test_a_weak_tag_stays_weak_and_the_body_shrinks() -> None:
    with client.stream("GET", "/long?etag=W/%22a%22", headers={"Accept-Encoding": "gzip"}) as got:
        sent = b"".join(got.iter_raw())
    assert got.headers["etag"] == 'W/"a"'
    assert len(sent) < LEAST_BYTES / 2
    assert gzip.decompress(sent) == LONG.encode()
