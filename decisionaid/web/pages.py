"""What every template can call: words, dates, pictures, addresses of built files."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from flask import Flask, current_app
from jinja2 import StrictUndefined, pass_eval_context
from jinja2.filters import do_xmlattr
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from decisionaid import i18n
from decisionaid.assets import Assets
from decisionaid.core.in_english import InEnglish
from decisionaid.web.request import seat_reading, service, spoken_decks, spoken_names

LONG, LINE = 900, 60
"""How many letters a box of a plan may hold before it has to go on over the page; and how many a line counts for."""
BETWEEN_FIGURES = re.compile(r"(?<=\d) (?=\d)")


def init_app(app: Flask) -> None:
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.add_extension("jinja2.ext.do")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext
    )
    env.globals.update(
        icon=icon,
        asset=asset,
        day=i18n.day,
        day_of=day_of,
        month=i18n.month,
        part_of_date=i18n.part_of_date,
        clock=i18n.clock,
        reading=seat_reading,
        languages=i18n.LANGUAGES,
        language_reviewed=language_reviewed,
        language_spoken=language_spoken,
    )
    env.filters["unbroken"] = unbroken
    env.filters["xmlattr"] = attributes
    env.tests["long"] = is_long
    env.tests["english"] = lambda text: isinstance(text, InEnglish)
    app.context_processor(language_of_page)


def icon(name: str, cls: str = "") -> Markup:
    """An inline picture; decorative, so it is hidden from screen readers. An empty name is no picture."""
    return Markup(_assets().icon(name, cls) if name else "")  # noqa: S704 - built from the icon package, not from input


@pass_eval_context
def attributes(context: EvalContext, given: Mapping[str, object]) -> str:
    """Attributes of an element, for `xmlattr`: an attribute holds a text alone, and never the mark of its language."""
    held = {name: escape(value).striptags() if hasattr(value, "__html__") else value for name, value in given.items()}
    return do_xmlattr(context, held)


def unbroken(text: str) -> str:
    """A text whose groups of figures stay in one line and in their order, from right to left too: telephone numbers."""
    return BETWEEN_FIGURES.sub("\u00a0", text)


def is_long(texts: Iterable[str | None]) -> bool:
    """Whether texts in one box need so much room that the box must be able to go on over the page."""
    return sum(len(text) + LINE * (1 + text.count("\n")) for text in texts if text) > LONG


def asset(name: str) -> str:
    """The address of a built file."""
    return _assets().url(name)


def day_of(moment: datetime) -> str:
    """The date of a moment at the service, as people say it."""
    return i18n.day(i18n.local_day(moment, service().time_zone))


def _assets() -> Assets:
    return cast(Assets, current_app.extensions["assets"])


def language_of_page() -> dict[str, object]:
    """The language that this page speaks, and which way it runs."""
    code = i18n.current()
    return {"language": code, "direction": _language().direction}


def language_reviewed() -> bool:
    """Whether someone has read the program's words in this page's language, and those of every deck that it shows."""
    language = _language()
    return language.reviewed is not None and spoken_decks().is_reviewed(language.code)


def language_spoken() -> bool:
    """Whether every deck that this page shows has words in its language; the others are shown in English."""
    return spoken_decks().speaks(_language().code, *spoken_names())


def _language() -> i18n.Language:
    return i18n.LANGUAGES.get(i18n.current(), i18n.LANGUAGES[i18n.SOURCE])
