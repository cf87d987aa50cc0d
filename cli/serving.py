"""`lyhde desk serve` and `lyhde api serve`: the two web faces, until they are told to end."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import Context, context_of
from ops.settings import Settings

desk = typer.Typer(help="The review desk.", no_args_is_help=True)
api = typer.Typer(help="The search API.", no_args_is_help=True)
Host = Annotated[str, typer.Option(help="address to listen at")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="port; 0: any free one")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(desk, name="desk")
    app.add_typer(api, name="api")


@desk.command("serve")
def serve_desk(context: typer.Context, host: Host = "127.0.0.1", port: Port = 0) -> None:
    """Serve the desk until SIGTERM; prints its address."""
    from desk.app import create_app
    from ops.serving import serve

    ours = context_of(context)
    if not _has_accounts(ours.settings):
        ours.out.talk(ours.text("There is no account yet. Add one: lyhde user add NAME --role admin"))
    serve(
        create_app(ours.settings),
        host,
        port,
        lambda address: _announce(ours, address),
        trusted_proxies=ours.settings.serving.trusted_proxies,
    )


@api.command("serve")
def serve_api(context: typer.Context, host: Host = "127.0.0.1", port: Port = 0) -> None:
    """Serve the search API until SIGTERM; prints its address. The embedded search server is started if need be."""
    from api.app import create_app
    from jobs.connections import kept_server
    from ops.serving import serve

    ours = context_of(context)
    settings = ours.settings
    with kept_server(settings) as trouble:
        if trouble:
            ours.out.talk(f"{ours.said(trouble)}\n" + ours.text("Works and editions are served without search."))
        serve(
            create_app(settings, ours.as_of),
            host,
            port,
            lambda address: _announce(ours, address),
            trusted_proxies=settings.serving.trusted_proxies,
        )


def _announce(ours: Context, address: str) -> None:
    if ours.out.as_json:
        ours.out.ndjson([{"address": address}])
    else:
        ours.out.line(address)


def _has_accounts(settings: Settings) -> bool:
    from jobs.connections import opened_store
    from store import accounts

    with opened_store(settings) as store, store.read() as connection:
        return accounts.count(connection) > 0
