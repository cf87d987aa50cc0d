"""The search API as an ASGI app: its routes in one tuple, its guards in one list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from api import changes, entrance, linked, opds, pages, search, trouble, works
from api.gate import Methods, QueryLimit
from api.openapi import describe
from api.problems import refuse
from api.service import Service
from catalogue.errors import LyhdeError
from jobs.connections import opened_store
from jobs.figures import KeptFigures, read_figures
from jobs.searching import SearchDoor
from ops.asgi import BodyLimit, Boundary, RateLimit, RequestLog, RequestMetrics, SecurityHeaders
from ops.compressing import LEAST_BYTES, LEVEL, WeakTags
from ops.logs import get_logger
from ops.metrics import Figures, Metrics
from ops.settings import Settings

ROUTERS = (entrance, search, works, changes, linked, opds, pages)
"""Modules with a `router`."""
POLICY = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {"Cross-Origin-Resource-Policy": "cross-origin", "Permissions-Policy": "", "Referrer-Policy": "no-referrer"}
MAX_BODY_BYTES = 1_024  # nothing here reads one
SEEN = ("ETag", "Last-Modified", "Location", "Retry-After")
PREFLIGHT_KEPT_S = 7_200
log = get_logger("api")


def create_app(settings: Settings, as_of: datetime | None = None) -> FastAPI:
    """The API. Its store is opened when the app starts, and closed when it ends; `as_of` stands for now, in tests.

    The search index is asked where it is; it is never started here.
    """

    def figures() -> Figures:
        read: KeptFigures = app.state.figures
        return read()

    metrics = Metrics(figures)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with opened_store(settings) as store:
            service = Service(settings, store, SearchDoor(settings), metrics, as_of)
            app.state.figures = KeptFigures(lambda: _figures(service))
            app.state.service = service
            yield
            service.search.close()

    app = FastAPI(
        title="Lyhde",
        version=version("lyhde"),
        lifespan=lifespan,
        middleware=_guards(settings, metrics),
        openapi_url="/openapi.json",
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    trouble.add_to(app)
    for module in ROUTERS:
        app.include_router(module.router)
    describe(app, settings.api.public_url)
    return app


def _guards(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """From the outside in."""
    about = settings.api
    return [
        Middleware(RequestLog, log),
        Middleware(RequestMetrics, metrics),
        Middleware(SecurityHeaders, POLICY, HEADERS),
        Middleware(
            CORSMiddleware,
            allow_origins=about.cors_origins,
            allow_methods=("GET", "HEAD"),
            allow_headers=("If-None-Match",),
            expose_headers=SEEN,
            max_age=PREFLIGHT_KEPT_S,
        ),
        Middleware(WeakTags),
        Middleware(GZipMiddleware, LEAST_BYTES, LEVEL),  # what is published is no secret
        Middleware(Boundary, log, refuse),
        Middleware(RateLimit, about.requests_per_minute, refuse=refuse),
        Middleware(BodyLimit, MAX_BODY_BYTES, refuse),
        Middleware(QueryLimit, refuse),
        Middleware(Methods),
    ]


def _figures(service: Service) -> Figures:
    """The figures of the store, with the index's documents where it answers."""
    try:
        documents = service.search.documents()
    except LyhdeError:
        documents = {}
    return read_figures(service.store, datetime.now(UTC), documents)
