"""What every command is given: settings, output, the time, and the doors to store and index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import typer

from catalogue.errors import LyhdeError
from catalogue.vocabularies.headings import use_own
from cli.output import Output
from ops.logs import configure_logs
from ops.messages import translator
from ops.settings import Settings, load_settings
from ops.sources import SourceSettings, load_sources

GREATEST = 2**63 - 1  # what the database can count to
Number = Annotated[int, typer.Argument(max=GREATEST)]


@dataclass
class Context:
    """Made once per call from the global options; nothing is opened before it is asked for."""

    config: Path | None
    data_dir: Path | None
    as_of: datetime | None
    verbose: bool
    out: Output

    @cached_property
    def settings(self) -> Settings:
        settings = load_settings(self.config, data_dir=self.data_dir)
        configure_logs(settings.log, verbose=self.verbose, quiet=self.out.quiet)
        use_own(settings.vocabularies_dir)
        return settings

    @cached_property
    def sources(self) -> dict[str, SourceSettings]:
        return load_sources(self.settings.sources_dir)

    @cached_property
    def text(self) -> Callable[[str], str]:
        """Translate a message into the reader's language."""
        return translator(self.settings.language)

    def said(self, words: str | LyhdeError) -> str:
        """What a job or an error says, in the reader's language."""
        from ops.saying import said

        return said(words, self.settings.language)

    @property
    def now(self) -> str:
        """The time of this call, UTC, ISO 8601 to the second; ``--as-of`` in tests."""
        return (self.as_of or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def context_of(context: typer.Context) -> Context:
    """Our context inside typer's."""
    found: Any = context.find_root().obj
    assert isinstance(found, Context)  # noqa: S101 - the root callback always sets it
    return found
