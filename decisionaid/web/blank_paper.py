"""What is printed blank, for the day when the tablet fails: cards to cut out with their answer sheet, and a plan to
fill in by hand. Rendered from the decks, in one language, with the service's crisis lines and sentences."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from flask import Flask, current_app, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from decisionaid import i18n
from decisionaid.assets import Assets
from decisionaid.core.deck import Source
from decisionaid.printing import PdfPool
from decisionaid.storage import queries_plan
from decisionaid.storage.database import Database
from decisionaid.storage.decks import CARD_DECK
from decisionaid.storage.models import Service
from decisionaid.web.plan_words import DRINKING_DECK, SAFETY_DECK, DeckVoice
from decisionaid.web.request import decks

STYLE = "blank"
"""The stylesheet of all of it."""

TINT = re.compile(r"<\w+[^>]*opacity[^>]*/>")


class NoCrisisLines(Exception):
    """Nothing prints without the service's crisis lines in the language of the paper."""


class NoEasyWords(Exception):
    """The deck has no short and easy words in this language."""


@dataclass(frozen=True)
class Blank:
    """A paper to print: a name that tells nothing, and its page."""

    name: str
    html: str


def printed(app: Flask, language: str, *, easy: bool) -> dict[str, bytes]:
    """The cards and the plan as PDF files, by a name that tells nothing; for the service that this program serves.

    Raises:
        NoCrisisLines, NoEasyWords: see `blanks`.
        PrintFailed, PrintTookTooLong, NotAccessible: as the printer says.
    """
    now, pool = datetime.now(UTC), cast(PdfPool, app.extensions["pdf"])
    database: Database = app.extensions["database"]
    with app.app_context(), database.reading() as db:
        service = db.query(Service).order_by(Service.created_at).first()
        on = i18n.local_day(now, service.time_zone if service else "UTC")  # without a service nothing prints
        pages = blanks(db, service, language, easy=easy, on=on)
    return {
        f"{page.name}.pdf": pool.pdf(page.html, language=language, title=page.name, style=STYLE, stamp=now)
        for page in pages
    }


def kinds(db: Session, service: Service) -> dict[str, tuple[str, ...]]:
    """By language the names of the papers that can be printed: none where the service has no crisis lines in it."""
    return {
        language: _names(language) if queries_plan.crisis_lines(db, service.id, language) else ()
        for language in i18n.LANGUAGES
    }


def blanks(db: Session, service: Service | None, language: str, *, easy: bool, on: date) -> tuple[Blank, Blank]:
    """The cards and the plan, blank.

    Raises:
        NoCrisisLines: there is no service yet, or it has no lines in this language.
        NoEasyWords: `easy` was asked for, and the deck has none.
    """
    lines = queries_plan.crisis_lines(db, service.id, language) if service else []
    if service is None or not lines:
        raise NoCrisisLines
    if easy and decks().easy_words(CARD_DECK, language) is None:
        raise NoEasyWords
    held = {"lines": lines, "texts": queries_plan.service_texts(db, service.id, language), "printed_on": on}
    held["nation"] = service.nation
    words = _words(service, language, easy)
    held |= {"words": words, "drawn": _drawn, "sources": _sources(words)}
    with i18n.speaking(language):
        return (
            Blank(_cards(language, easy=easy), render_template("print/cards.html", **held)),
            Blank(_plan(language), render_template("print/blank-plan.html", **held)),
        )


def _names(language: str) -> tuple[str, ...]:
    easy = (_cards(language, easy=True),) if decks().easy_words(CARD_DECK, language) else ()
    return (_cards(language), *easy, _plan(language))


def _cards(language: str, *, easy: bool = False) -> str:
    return f"cards-{language}{'-easy' if easy else ''}"


def _plan(language: str) -> str:
    return f"plan-{language}"


def _words(service: Service, language: str, easy: bool) -> DeckVoice:
    """What the decks hold and say; the cards that the service has added are among them."""
    return DeckVoice(
        language=language,
        deck=decks().cards(CARD_DECK, service.spare_cards),
        cards=decks().card_words(CARD_DECK, language, easy=easy),
        drinking=decks().options(DRINKING_DECK),
        options=decks().option_words(DRINKING_DECK, language),
        safety=decks().safety(SAFETY_DECK),
        check=decks().safety_words(SAFETY_DECK, language),
    )


def _sources(words: DeckVoice) -> tuple[Source, ...]:
    """Where what the red cards and the choices say comes from, each once."""
    return tuple({s.citation: s for s in (*words.safety.sources, *words.drinking.sources)}.values())


def _drawn(name: str) -> Markup:
    """The lines of a picture, without the tint that it has on a screen. An empty name is no picture."""
    assets: Assets = current_app.extensions["assets"]
    return Markup(TINT.sub("", assets.icons[name]) if name else "")  # noqa: S704 - built from the icon package, not from input
