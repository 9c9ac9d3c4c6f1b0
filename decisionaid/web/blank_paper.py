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
class Paper:
    """A paper that can be printed: the cards of a deck, in usual or in easy words; without a deck, the plan."""

    name: str
    deck: str = ""
    easy: bool = False


@dataclass(frozen=True)
class Blank:
    """A paper to print: a name that tells nothing, and its page."""

    name: str
    html: str


def printed(app: Flask, language: str, *, easy: bool) -> dict[str, bytes]:
    """The cards of each deck and the plan as PDF files, by a name that tells nothing; for the service that this program
    serves.

    Raises:
        NoCrisisLines, NoEasyWords: see `blanks`.
        PrintFailed, PrintTookTooLong, NotAccessible: as the printer says.
    """
    now, pool = datetime.now(UTC), cast(PdfPool, app.extensions["pdf"])
    database: Database = app.extensions["database"]
    with app.app_context(), database.reading() as db:
        service = db.query(Service).order_by(Service.created_at).first()
        on = i18n.local_day(now, service.time_zone if service else "UTC")  # without a service nothing prints
        spoken = [paper.deck for paper in papers(language) if paper.deck and paper.easy == easy]
        found = [blanks(db, service, language, deck=deck, easy=easy, on=on) for deck in spoken or [CARD_DECK]]
        pages = {page.name: page for both in found for page in both}
    return {
        f"{name}.pdf": pool.pdf(page.html, language=language, title=name, style=STYLE, stamp=now)
        for name, page in pages.items()
    }


def kinds(db: Session, service: Service) -> dict[str, tuple[Paper, ...]]:
    """By language the papers that can be printed: none where the service has no crisis lines in it."""
    return {
        language: papers(language) if queries_plan.crisis_lines(db, service.id, language) else ()
        for language in i18n.LANGUAGES
    }


def papers(language: str) -> tuple[Paper, ...]:
    """The papers in this language: the cards of each deck, in easy words too where it has them, and the plan."""
    cards = (
        Paper(_cards(language, deck, easy=easy), deck, easy)
        for deck in decks().card_decks
        for easy in (False, True)
        if not easy or decks().easy_words(deck, language)
    )
    return (*cards, Paper(_plan(language)))


def blanks(
    db: Session, service: Service | None, language: str, *, easy: bool, on: date, deck: str = CARD_DECK
) -> tuple[Blank, Blank]:
    """The cards of a deck and the plan, blank.

    Raises:
        NoCrisisLines: there is no service yet, or it has no lines in this language.
        NoEasyWords: `easy` was asked for, and the deck has none.
    """
    lines = queries_plan.crisis_lines(db, service.id, language) if service else []
    if service is None or not lines:
        raise NoCrisisLines
    if easy and decks().easy_words(deck, language) is None:
        raise NoEasyWords
    held = {"lines": lines, "texts": queries_plan.service_texts(db, service.id, language), "printed_on": on}
    held["nation"] = service.nation
    words = _words(service, language, deck, easy=easy)
    held |= {"words": words, "drawn": _drawn, "sources": _sources(words), "versions": _versions(service, language)}
    with i18n.speaking(language):
        return (
            Blank(_cards(language, deck, easy=easy), render_template("print/cards.html", **held)),
            Blank(_plan(language), render_template("print/blank-plan.html", **held)),
        )


def _cards(language: str, deck: str, *, easy: bool) -> str:
    """A name by the number of the deck: what a service calls a deck might tell."""
    number = decks().card_decks.index(deck) + 1
    return f"cards-{language}{f'-{number}' if number > 1 else ''}{'-easy' if easy else ''}"


def _plan(language: str) -> str:
    return f"plan-{language}"


def _words(service: Service, language: str, deck: str, *, easy: bool = False) -> DeckVoice:
    """What the decks hold and say; the cards that the service has added are among them."""
    return DeckVoice(
        language=language,
        deck=decks().cards(deck, service.spare_cards),
        cards=decks().card_words(deck, language, easy=easy),
        drinking=decks().options(DRINKING_DECK),
        options=decks().option_words(DRINKING_DECK, language),
        safety=decks().safety(SAFETY_DECK),
        check=decks().safety_words(SAFETY_DECK, language),
    )


def _versions(service: Service, language: str) -> tuple[tuple[str, int], ...]:
    """Each deck's name and version: a plan to fill in by hand may follow cards of any deck."""
    found = (version for deck in decks().card_decks for version in _words(service, language, deck).versions)
    return tuple(dict.fromkeys(found))


def _sources(words: DeckVoice) -> tuple[Source, ...]:
    """Where what the red cards and the choices say comes from, each once."""
    return tuple({s.citation: s for s in (*words.safety.sources, *words.drinking.sources)}.values())


def _drawn(name: str) -> Markup:
    """The lines of a picture, without the tint that it has on a screen. An empty name is no picture."""
    assets: Assets = current_app.extensions["assets"]
    return Markup(TINT.sub("", assets.icons[name]) if name else "")  # noqa: S704 - built from the icon package, not from input
