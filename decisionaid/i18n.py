"""All of language in one place: which language is spoken, messages, and dates as people say them.

Words themselves live in templates, forms and deck files only.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, localedata
from babel.dates import format_date, format_time
from babel.support import LazyProxy, Translations
from pydantic import TypeAdapter

from decisionaid.core.deck import Review

CATALOGUES = Path(__file__).parent / "translations"
SOURCE = "en"
"""The language that the program is written in, and falls back on."""

PSEUDO = "en-XA"

_language: ContextVar[str] = ContextVar("language", default=SOURCE)


@dataclass(frozen=True)
class Language:
    """A language that screens and plans can speak, as its record says.

    `dates` is the locale that dates are said in. `reviewed` is None until somebody who speaks
    it has read its words through. `seats` is what its words cover: all, or what a client sees and the printed plan.
    """

    code: str
    name: str
    direction: Literal["ltr", "rtl"]
    dates: str
    reviewed: Review | None
    seats: Literal["all", "client and plan"]

    @property
    def at_desk(self) -> bool:
        """Whether the desk can speak it."""
        return self.seats == "all"


def read_languages(folder: Path) -> dict[str, Language]:
    """The languages that have a record in `folder`, by code: English first, the others in order."""
    records = sorted(folder.glob("*/language.json"), key=lambda path: (path.parent.name != SOURCE, path.parent.name))
    return {path.parent.name: _language_of(path.parent.name, path.read_text("utf-8")) for path in records}


def _language_of(code: str, record: str) -> Language:
    return TypeAdapter(Language).validate_python({**json.loads(record), "code": code})


LANGUAGES = read_languages(CATALOGUES)


def desk_languages() -> list[Language]:
    """Those that somebody at the desk can choose."""
    return [language for language in LANGUAGES.values() if language.at_desk]


def current() -> str:
    """The code of the language that is spoken now."""
    return _language.get()


def speak(code: str) -> None:
    """Speak `code` from here on; an unknown one is English."""
    _language.set(_known(code))


def speak_at_desk(code: str) -> None:
    """Speak `code` at the desk from here on; one that has only the client's words is English there."""
    language = LANGUAGES.get(code)
    speak(code if language and language.at_desk else SOURCE)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak `code` for a while, as when a plan is rendered in the client's language."""
    token = _language.set(_known(code))
    try:
        yield
    finally:
        _language.reset(token)


def _known(code: str) -> str:
    return code if code in LANGUAGES or code == PSEUDO else SOURCE


def gettext(message: str) -> str:
    """`message` in the current language."""
    return _catalogue(current()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """`one` or `many`, as the current language counts."""
    return _catalogue(current()).ngettext(one, many, number)


def pgettext(context: str, message: str) -> str:
    """`message` in the current language, where the same English means two things."""
    return _catalogue(current()).pgettext(context, message)


def npgettext(context: str, one: str, many: str, number: int) -> str:
    """`one` or `many` in a context."""
    return _catalogue(current()).npgettext(context, one, many, number)


def lazy_gettext(message: str) -> str:
    """`message`, translated when it is shown: for the labels of forms."""
    return LazyProxy(gettext, message, enable_cache=False)  # type: ignore[return-value]


def day(value: date, *, weekday: bool = False, year: bool = True) -> str:
    """A date as people say it: "27 August 2026". Its parts are held together by spaces that do not break."""
    pattern = "d MMMM y" if year else "d MMMM"
    said = format_date(value, f"EEEE {pattern}" if weekday else pattern, locale=_locale())
    return said.replace(" ", "\N{NO-BREAK SPACE}")


def month(value: date) -> str:
    """A month as people say it: "August"."""
    return format_date(value, "MMMM", locale=_locale())


def part_of_date(value: str) -> str:
    """A date of a deck, in ISO at least the year, as people say it: "2026", "November 2026", "23 November 2026"."""
    if len(value) == len("2026"):
        return value
    if len(value) == len("2026-11"):
        return format_date(date.fromisoformat(f"{value}-01"), "LLLL y", locale=_locale())
    return day(date.fromisoformat(value))


@cache
def time_zones() -> tuple[str, ...]:
    """The time zones to choose from, by the names of places: "Europe/London"."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def local_day(moment: datetime, zone: str) -> date:
    """The date of a moment at the service."""
    return moment.astimezone(ZoneInfo(zone)).date()


def clock(moment: datetime, zone: str) -> str:
    """The time of day at the service: "11:40"."""
    return format_time(moment.astimezone(ZoneInfo(zone)), "HH:mm", locale=_locale())


def _locale() -> Locale:
    language = LANGUAGES.get(current()) or LANGUAGES[SOURCE]
    return _locale_of(language.dates)


@cache
def _locale_of(dates: str) -> Locale:
    """The locale of this name, with data of its own.

    Babel (2.18) shares parts of the data between locales, and writes into them what the first of them inherits: a plan
    in Welsh had Hebrew months after one in Hebrew.
    """
    data = localedata.load(str(Locale.parse(dates)))
    data.update(deepcopy(dict(data)))
    return Locale.parse(dates)


@cache
def _catalogue(code: str) -> NullTranslations:
    if code == PSEUDO:
        return _Pseudo()
    return Translations.load(str(CATALOGUES), [code], "messages")


_ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")


class _Pseudo(NullTranslations):
    """English with accents and brackets: a word without them on a page was not marked for translation."""

    def gettext(self, message: str) -> str:
        return "[" + _accent(message) + "]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)


def _accent(message: str) -> str:
    parts = message.split("%(")
    spoken = [parts[0].translate(_ACCENTED)]
    for part in parts[1:]:
        name, _, rest = part.partition(")")
        kind, rest = rest[:1], rest[1:]
        spoken.append(f"%({name}){kind}{rest.translate(_ACCENTED)}")
    return "".join(spoken)
