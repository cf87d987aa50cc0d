"""Logs: standard logging rendered by structlog on stderr; JSON in production, plain lines on a terminal."""

from __future__ import annotations

import logging
import sys

import structlog

from ops.settings import LogSettings


def configure_logs(settings: LogSettings, *, verbose: bool = False, quiet: bool = False) -> None:
    """`verbose` lowers the level to info, `quiet` raises it to error."""
    level = "info" if verbose else "error" if quiet else settings.level
    plain = settings.format == "plain" or (settings.format == "auto" and sys.stderr.isatty())
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if plain:
        renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,  # without local values: they may hold a password or a session
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in ("elastic_transport", "httpx2", "httpcore2", "jgo", "urllib3", "alembic"):
        logging.getLogger(chatty).setLevel(max(root.level, logging.ERROR))  # their faults reach us as errors
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger bound to a room's name."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
