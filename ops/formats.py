"""Dates, spans and numbers as people say them in Finnish, Swedish and English, on Helsinki's clock."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel import dates, numbers

from ops.messages import Language, _, counter, translator

HELSINKI = ZoneInfo("Europe/Helsinki")
LOCALES: dict[Language, str] = {"fi": "fi", "sv": "sv_FI", "en": "en_GB"}
CLOCKS: dict[Language, str] = {"fi": "HH.mm", "sv": "HH:mm", "en": "HH:mm"}
NEAR = {-1: _("yesterday {time}"), 0: _("today {time}"), 1: _("tomorrow {time}")}
NEAR_DAYS = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}


def moment(text: str) -> datetime:
    """A time of the store (UTC, ISO 8601) on Helsinki's clock."""
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(HELSINKI)


def said_time(text: str, language: Language, now: datetime) -> str:
    """A time of the store in few words: "tänään 03.12", "12.11. 03.12", and with the year where it is another."""
    at = moment(text)
    here = now.astimezone(HELSINKI)
    clock = dates.format_time(at, CLOCKS[language], locale=LOCALES[language])
    days = (at.date() - here.date()).days
    if days in NEAR:
        return translator(language)(NEAR[days]).format(time=clock)
    return f"{_day(at, language, here)} {clock}"


def said_day(text: str, language: Language, now: datetime) -> str:
    """The day of a time of the store: "eilen", "12.11.", "12.11.2025"."""
    at = moment(text)
    here = now.astimezone(HELSINKI)
    days = (at.date() - here.date()).days
    return translator(language)(NEAR_DAYS[days]) if days in NEAR_DAYS else _day(at, language, here)


def exact_time(text: str, language: Language) -> str:
    """Day, date and clock to the second, for the title of what is said in few words."""
    at = moment(text)
    day = dates.format_date(at, "full", locale=LOCALES[language])
    return f"{day} {dates.format_time(at, CLOCKS[language] + _seconds(language), locale=LOCALES[language])}"


def said_span(seconds: float, language: Language) -> str:
    """How long something took, in its two greatest units: "48 s", "12 min 5 s", "2 h 10 min"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return translator(language)(_("{hours} h {minutes} min")).format(
            hours=number(hours, language), minutes=minutes_left
        )
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def said_age(text: str, language: Language, now: datetime) -> str:
    """How long ago a time of the store was, in whole days; "today" within the first."""
    days = (now.astimezone(HELSINKI).date() - moment(text).date()).days
    if days < 1:
        return translator(language)(_("today"))
    ngettext = counter(language)
    return ngettext("{count} day", "{count} days", days).format(count=number(days, language))


def number(value: float, language: Language) -> str:
    """A number with the separators of the language."""
    return numbers.format_decimal(value, locale=LOCALES[language])


def percent(share: float, language: Language) -> str:
    """A share of one in per cent, with one decimal below ten per cent."""
    return numbers.format_percent(
        share,
        "#,##0.#\N{NO-BREAK SPACE}%" if abs(share) < 0.1 else "#,##0\N{NO-BREAK SPACE}%",
        locale=LOCALES[language],
    )


def _day(at: datetime, language: Language, here: datetime) -> str:
    if at.year == here.year:
        return dates.format_skeleton("MMMd", at, locale=LOCALES[language])
    return dates.format_date(at, "medium", locale=LOCALES[language])


def _seconds(language: Language) -> str:
    return CLOCKS[language][2] + "ss"
