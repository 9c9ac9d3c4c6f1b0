"""Decks that were changed since: what a review makes of both, what is missing of a picture, and what was altered."""

from dataclasses import replace

import pytest
from flask import Flask, g
from sqlalchemy import text

from decisionaid.core import safety
from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from decisionaid.storage.decks import Decks, load_decks
from decisionaid.storage.kept_decks import KeptDecks, round_deck
from decisionaid.storage.models import AgreedGoal, Round, Service
from decisionaid.web.plan_words import DRINKING_DECK
from decisionaid.web.safety import rules_of
from tests.builders import CARDS, DECK, DECKS, Case, a_case
from tests.casework.plans import begin
from tests.police import Police, words
from tests.promises.decks_changed import USED, change, program
from tests.promises.onlookers import sit
from tests.web.sorters import tablet_of
from tests.web.together_table import both_sign, write

CALM = next(card for card in DECK.cards if not card.points and card.id != USED)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Decks:
    return load_decks(change(tmp_path_factory.mktemp("questionnaires") / "changed"))


@pytest.fixture
def first(app: Flask, database: Database) -> Case:
    """A first round with a signed plan whose goal is the card that is taken out later."""
    case = a_case(database).sorted_by_both().confirmed()
    table = sit(app, case, "together")
    write(table, "/together/goals", {"title": "Walk more"})
    with database.writing() as db:
        db.query(AgreedGoal).one().card_id = USED
    both_sign(table)
    return case


@pytest.fixture
def later(database: Database, pdf_pool: PdfPool, changed: Decks) -> Flask:
    """The program, started with the changed decks."""
    app = program(database, pdf_pool, changed)
    app.test_client_class = Police
    return app


@pytest.fixture
def review(first: Case, later: Flask, changed: Decks) -> Case:
    """Both have sorted the changed cards."""
    desk = sit(later, first, "keyworker")
    write(desk, f"/desk/clients/{first.client_id}", to=f"/desk/clients/{first.client_id}/rounds")
    with first.database.reading() as db:
        newest = db.query(Round).order_by(Round.number.desc()).first()
        assert newest is not None and newest.deck_digest == changed.digest(DECK.id, DRINKING_DECK)
    asked = changed.cards(DECK.id).ids
    case = replace(first, round_id=newest.id, client_sort_id="", keyworker_sort_id="", cards=asked)
    return case.sorted_by_both().confirmed()


def test_a_review_shows_what_only_one_of_the_rounds_asked(later: Flask, review: Case, changed: Decks) -> None:
    table = sit(later, review, "together")
    rows = table.page("/together/moved/table").select("tbody tr")
    said = {
        " ".join(row.th.get_text(" ").split()): [td.get_text() for td in row.select("td")] for row in rows if row.th
    }
    was = DECKS.card_words(DECK.id, "en").cards
    assert len(said) == len(CARDS) + 1
    assert said[was[USED].title] == ["Yes · 1", "Not asked", "Not now", "Not asked"]
    assert said["Brand new"][::2] == ["Not asked", "Not asked"]
    assert f"{changed.card_words(DECK.id, 'en').cards[CARDS[1]].title} Then: {was[CARDS[1]].title}" in said
    page = words(table.get("/together/moved"))
    assert f"Cards that were only there then: {was[USED].title}" in page
    assert "Cards that are new: Brand new" in page


def test_control_where_nothing_was_changed_a_review_speaks_of_no_other_cards(app: Flask, first: Case) -> None:
    case = replace(first, round_id="", client_sort_id="", keyworker_sort_id="").sorted_by_both().confirmed()
    page = words(sit(app, case, "together").get("/together/moved")) + words(
        sit(app, case, "together").get("/together/moved/table")
    )
    assert not any(said in page for said in ("Then:", "only there then", "that are new", "Not asked"))


def test_the_paper_of_a_review_says_nothing_of_a_card_that_was_not_asked_then(
    later: Flask, review: Case, changed: Decks
) -> None:
    table = sit(later, review, "together")
    write(table, "/together/goals", {"title": "Walk more"})
    for card, expected in (("brand-new", False), (CARDS[1], True)):
        with review.database.writing() as db:
            plan = begin(db, review)
            goal = db.query(AgreedGoal).filter_by(plan_id=plan.id).one()
            goal.card_id = card
        assert ("What we said last time" in words(table.get("/together/preview"))) is expected, card


def test_a_card_whose_picture_is_gone_is_shown_without(later: Flask, first: Case) -> None:
    case = replace(first, round_id="", client_sort_id="", keyworker_sort_id="").with_round()
    kept = later.extensions["kept_decks"]
    kept._pictures = frozenset()
    page = tablet_of(later, case).page("/s/card/1")
    assert page.select_one(".card-picture") is not None and not page.select(".card-picture .pictogram")
    assert page.select_one("h1") is not None


def test_cards_that_were_altered_in_the_database_are_not_shown(later: Flask, first: Case) -> None:
    with first.database.writing() as db:
        db.execute(text("DROP TRIGGER deck_kept_update"))
        db.execute(text("UPDATE deck SET files = replace(files, 'A place to live', 'A place to stay')"))
    answer = sit(later, first, "together").get("/together/table")
    assert answer.status_code == 409
    assert "These cards cannot be shown" in words(answer)


def rules(app: Flask, case: Case) -> safety.Rules:
    """The safety rule of a round, as a page of its keyworker asks for it."""
    with app.test_request_context(), case.database.reading() as db:
        g.db, g.service = db, db.get_one(Service, case.service_id)
        return rules_of(case.round(db))


def test_a_calm_card_that_was_taken_out_stays_calm_where_a_review_carries_it_over(later: Flask, review: Case) -> None:
    assert not DECK.card(USED).points
    assert USED in rules(later, review).calm_cards


def test_control_what_no_deck_of_this_service_knows_points(
    later: Flask, review: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeptDecks, "all", lambda *_: ())
    assert USED not in rules(later, review).calm_cards


def test_of_a_card_the_newest_deck_decides_whether_it_points(
    later: Flask, first: Case, changed: Decks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {CALM.id, USED} <= rules(later, first).calm_cards, "one that is no longer there is as it was"
    warier = changed.cards(DECK.id)
    warier = replace(warier, cards=tuple(replace(c, points=c.points or c.id == CALM.id) for c in warier.cards))
    decks = replace(changed, decks={**changed.decks, DECK.id: warier})
    monkeypatch.setitem(later.extensions, "decks", decks)
    assert CALM.id not in rules(later, first).calm_cards
    assert "safer" in rules(later, first).calm_options and "stop" not in rules(later, first).calm_options


def test_a_deck_without_the_clients_language_speaks_english_and_says_so(
    later: Flask, database: Database, changed: Decks
) -> None:
    assert not changed.speaks("pl", DECK.id)
    case = a_case(database, language="pl").with_round(round_deck(changed, DECK.id))
    tablet = tablet_of(later, case)
    card = tablet.page("/s/card/1")
    assert card.html is not None and card.h1 is not None
    title = card.select_one("h1 bdi")
    assert title is not None and (card.html["lang"], title["lang"]) == ("pl", "en")
    assert card.h1.get_text() in {words.title for words in changed.card_words(DECK.id, "en").cards.values()}
    note = "Niektóre karty lub możliwości są po angielsku"
    assert note in tablet.page("/s/welcome").get_text()
    table = sit(later, replace(case, cards=changed.cards(DECK.id).ids).sorted_by_both().confirmed(), "together")
    write(table, "/together/goals", {"title": "Walk more"})
    assert note in words(table.get("/together/preview"))
    write(table, "/together/preview", to="/together/freeze")
    assert note in words(table.get("/together/sign"))


def test_control_a_deck_in_the_clients_language_says_nothing_of_english(app: Flask, database: Database) -> None:
    tablet = tablet_of(app, a_case(database, language="pl").with_round())
    assert "Niektóre karty" not in tablet.page("/s/welcome").get_text()
    assert not tablet.page("/s/card/1").select("[lang=en]")
