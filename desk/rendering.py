"""Templates: one Jinja environment for each language, escaping everything, refusing what is not given."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from catalogue.vocabularies import two_letter
from desk.statics import address
from ops import formats
from ops.messages import Language, counter, translator

LIVE = Markup(
    ' hx-boost=\'{"target":"#main","select":"#main","swap":"outerHTML",'
    '"selectOOB":"#status:innerHTML,#tools:innerHTML"}\''
)
"""The attribute of a form or link that htmx sends and whose answer it puts in the place of ``#main``.

Without JavaScript the form or link does the same by itself; the status line and the tools of the header follow.
"""


@cache
def environment(language: Language) -> Environment:
    """The templates in one language, with what every page needs: `when`, `day`, `number`, `static`, `live`."""
    made = Environment(
        loader=PackageLoader("desk"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]  # from jinja2.ext.i18n
        translator(language),
        counter(language),
        newstyle=True,
    )
    made.filters["lang"] = language_tag
    made.globals.update(
        static=address,
        live=LIVE,
        language=language,
        number=lambda value: formats.number(value, language),
        percent=lambda share: formats.percent(share, language),
        span=lambda seconds: formats.said_span(seconds, language),
        when=_when,
        day=_day,
        age=_age,
    )
    return made


def language_tag(code: str | None) -> str:
    """The tag for ``lang`` of a language code of ours (``fin`` → ``fi``); empty for what is no one language."""
    if not code or code in ("und", "mul", "zxx", "mis"):
        return ""
    return two_letter(code) or code


def render(name: str, language: Language, /, **values: Any) -> str:
    """A page as text. Raises UndefinedError for a value that a template wants and nobody gave."""
    return environment(language).get_template(name).render(values)


@pass_context
def _when(context: Context, at: str | None) -> Markup:
    """A time of the store: said in few words, exact in the title."""
    return _time(context, at, formats.said_time)


@pass_context
def _day(context: Context, at: str | None) -> Markup:
    """The day of a time of the store, the exact time in the title."""
    return _time(context, at, formats.said_day)


@pass_context
def _age(context: Context, at: str) -> str:
    return formats.said_age(at, context["language"], _now(context))


def _time(context: Context, at: str | None, say: Any) -> Markup:
    if not at:
        return Markup("–")
    language = context["language"]
    said, exact = say(at, language, _now(context)), formats.exact_time(at, language)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(escape(at), exact, said)


def _now(context: Context) -> datetime:
    now = context.get("now")
    return now if isinstance(now, datetime) else datetime.now(UTC)
