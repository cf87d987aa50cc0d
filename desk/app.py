"""The review desk as an ASGI app: its routes in one tuple, its guards in one list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from desk import (
    about,
    answers,
    cases,
    decisions,
    home,
    languages,
    me,
    mending,
    people,
    probes,
    queue,
    records,
    runs,
    signing,
    sources,
    statics,
    trouble,
)
from desk.guarding import POLICY, OriginCheck, Reference
from desk.outbox import Outbox
from desk.visit import Desk
from jobs.catching_up import catch_up
from jobs.connections import opened_store
from jobs.figures import KeptFigures, figures_of
from ops.asgi import (
    BodyLimit,
    Boundary,
    HostCheck,
    RateLimit,
    RequestLog,
    RequestMetrics,
    SecurityHeaders,
    own_hosts,
)
from ops.compressing import LEVEL, WeakTags
from ops.logs import get_logger
from ops.metrics import Figures, Metrics
from ops.settings import Settings
from store.moments import FORM

ROUTERS = (
    statics,
    probes,
    signing,
    languages,
    home,
    cases,
    answers,
    records,
    mending,
    decisions,
    queue,
    sources,
    runs,
    me,
    people,
    about,
)
"""Modules with a `router`. A page is added here and nowhere else."""
MAX_BODY_BYTES = 200_000  # the longest form is a free edit with its note
log = get_logger("desk")


def create_app(settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> FastAPI:
    """The desk. Its store is opened when the app starts, and closed when it ends."""

    def figures() -> Figures:
        read: KeptFigures = app.state.figures
        return read()

    metrics = Metrics(figures)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with opened_store(settings) as store:
            catch_up(store, clock().astimezone(UTC).strftime(FORM), settings.desk.priority)
            app.state.figures = figures_of(store)
            outbox = Outbox(settings, store)
            app.state.desk = Desk(settings, store, metrics, clock, outbox.is_down)
            outbox.start()
            yield
            outbox.stop()

    app = FastAPI(
        title="Lyhde",
        lifespan=lifespan,
        middleware=_guards(settings, metrics),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    trouble.add_to(app)
    for module in ROUTERS:
        app.include_router(module.router)
    return app


def _guards(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """From the outside in."""
    public = settings.desk.public_url
    refuse = trouble.refuse
    return [
        Middleware(Reference),
        Middleware(RequestLog, log),
        Middleware(RequestMetrics, metrics),
        Middleware(SecurityHeaders, POLICY),
        Middleware(WeakTags),
        Middleware(GZipMiddleware, 500, LEVEL),  # pages hold no secret: no token, the session is a cookie
        Middleware(Boundary, log, refuse),
        Middleware(HostCheck, own_hosts(public), refuse),
        Middleware(RateLimit, settings.desk.requests_per_minute, refuse=refuse),
        Middleware(BodyLimit, MAX_BODY_BYTES, refuse),
        Middleware(OriginCheck, urlsplit(public).netloc.lower() if public else None, refuse),
    ]
