"""How the client's pages look and read: chosen by a press, kept for the round, and nothing of it is an answer."""

import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from decisionaid import packaged
from decisionaid.casework import reading
from decisionaid.core.reading import CHOICES, USUAL
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.decks import load_decks
from decisionaid.storage.kept_decks import round_deck
from decisionaid.storage.models import ReadingRecord
from tests.builders import DECK, DECKS, Case, a_case
from tests.police import Police
from tests.promises.onlookers import browser, token_of
from tests.web.sorters import held, one, root, tablet_of, token
from tests.web.together_table import sit

PAGES = ("welcome", "say", "card/1", "cards", "order", "own", "words", "goal", "safe/1", "check", "back", "reading")
UNUSUAL = [(name, said) for name, values in CHOICES.items() for said in values[1:]]


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


def marks(page: BeautifulSoup) -> dict[str, str]:
    """What the style sheet is told of how this person reads."""
    assert page.html is not None
    return {name: str(page.html[name]) for name in page.html.attrs if name.removeprefix("data-") in CHOICES}


def choose(tablet: Police, name: str, said: str, *, status: int = 303) -> None:
    tablet.send("/s/reading", status=status, **{name: said})


@pytest.mark.parametrize(("name", "said"), UNUSUAL)
def test_each_choice_marks_every_page_of_the_seat(app: Flask, case: Case, name: str, said: str) -> None:
    tablet = tablet_of(app, case)
    assert marks(tablet.page("/s/card/1")) == {}
    choose(tablet, name, said)
    for path in PAGES:
        assert marks(tablet.page(f"/s/{path}")) == {f"data-{name}": said}, path
    choose(tablet, name, CHOICES[name][0])
    assert marks(tablet.page("/s/card/1")) == {}


def test_a_choice_can_be_made_before_the_sort_begins_and_after_it_is_finished(app: Flask, case: Case) -> None:
    tablet = tablet_of(app, case, begun=False)
    choose(tablet, "size", "larger")
    tablet.send("/s/welcome")
    assert marks(tablet.page("/s/say")) == {"data-size": "larger"}
    tablet.send("/s/check", seen=seen(case))
    assert marks(tablet.page("/s/done")) == {"data-size": "larger"}
    choose(tablet, "size", "largest")
    page = tablet.page("/s/reading")
    assert one(page, "[name=size][value=largest]")["aria-pressed"] == "true"
    assert marks(tablet.page("/s/done")) == {"data-size": "largest"}


def seen(case: Case) -> str:
    with case.database.reading() as db:
        return sorts.fingerprint(db, held(case).record)


def test_choices_stay_when_the_tablet_comes_again(app: Flask, case: Case) -> None:
    tablet = tablet_of(app, case)
    choose(tablet, "contrast", "more")
    choose(tablet, "voice", "on")
    tablet.send("/s/card/1", "/s/leave")
    again = browser(app, token_of(case, "client"))
    assert marks(again.page("/s/card/1")) == {"data-contrast": "more", "data-voice": "on"}


def test_what_nobody_offers_is_refused_and_nothing_is_kept(app: Flask, case: Case) -> None:
    tablet = tablet_of(app, case)
    choose(tablet, "size", "enormous", status=422)
    with case.database.reading() as db:
        assert db.query(ReadingRecord).all() == []


def test_it_is_seen_in_no_other_seat(app: Flask, case: Case) -> None:
    """Nor does it change what was answered."""
    tablet = tablet_of(app, case)
    before = seen(case)
    for name, said in UNUSUAL:
        choose(tablet, name, said)
    assert seen(case) == before
    for seat, path in (("keyworker", f"{root(case)}/"), ("keyworker", "/desk/")):
        assert marks(browser(app, token_of(case, seat)).page(path)) == {}
    table = sit(app, a_case(case.database, reference="RE-2").sorted_by_both().confirmed())
    assert marks(table.page("/together/side-by-side")) == {}


def test_a_refusal_looks_as_the_person_reads(app: Flask, case: Case) -> None:
    tablet = tablet_of(app, case)
    choose(tablet, "size", "largest")
    tablet.send("/s/check", seen=seen(case))
    refused = tablet.press("/s/say", {"csrf_token": token(tablet, "/s/reading")}, status=409)
    assert marks(BeautifulSoup(refused.data, "html.parser")) == {"data-size": "largest"}


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/s/card/7", "/s/card/7"),
        ("/s/goal/all", "/s/goal/all"),
        ("", "/s/"),
        ("https://elsewhere.example/", "/s/"),
        ("//elsewhere.example/s/card/1", "/s/"),
        ("/desk/", "/s/"),
        ("/s/card/1\n", "/s/"),
    ],
)
def test_it_leads_back_to_where_one_came_from_and_nowhere_else(
    app: Flask, case: Case, asked: str, leads_to: str
) -> None:
    tablet = tablet_of(app, case)
    page = BeautifulSoup(tablet.get("/s/reading", query_string={"back": asked}).data, "html.parser")
    assert one(page, ".bottom-bar .button-main")["href"] == leads_to
    assert str(one(tablet.page("/s/card/3"), ".reading-link")["href"]) == "/s/reading?back=/s/card/3"


# Easy words


@pytest.mark.parametrize("language", DECKS.easy[DECK.id])
def test_easy_words_stand_on_the_clients_cards(app: Flask, database: Database, language: str) -> None:
    case = a_case(database, language=language).with_open_sorts()
    usual, easy = (DECKS.card_words(DECK.id, language, easy=easy) for easy in (False, True))
    differing = [card for card in DECK.ids if usual.cards[card].title != easy.cards[card].title]
    assert len(differing) > 5
    tablet = tablet_of(app, case)
    choose(tablet, "words", "easy")
    place = held(case).shown(DECK.ids).index(differing[0]) + 1
    text = tablet.get(f"/s/card/{place}").text
    assert easy.cards[differing[0]].line in text
    assert usual.cards[differing[0]].line not in text
    titles = tablet.get("/s/cards").text
    assert all(easy.cards[card].title in titles for card in differing)


def test_the_table_has_the_usual_words(app: Flask, database: Database) -> None:
    case = a_case(database).sorted_by_both().confirmed()
    tablet = browser(app, token_of(case, "client"))
    choose(tablet, "words", "easy")
    usual, easy = (DECKS.card_words(DECK.id, "en", easy=easy) for easy in (False, True))
    text = sit(app, case).get("/together/table").text
    assert all(usual.cards[card].title in text for card in DECK.ids)
    assert easy.cards["mental-health"].title not in text


def test_a_deck_without_easy_words_does_not_offer_them(app: Flask, case: Case, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(packaged("questionnaires"), tmp_path / "decks"))
    for path in copy.glob("*/*-easy.json"):
        path.unlink()
    tablet = tablet_of(app, case)
    assert tablet.page("/s/reading").select("#words")
    choose(tablet, "words", "easy")
    other = a_case(case.database, reference="RE-0523").with_round(round_deck(load_decks(copy), DECK.id))
    with case.database.writing() as db:
        reading.choose(db, other.round(db), {"words": "easy"}, other.later())
    tablet = tablet_of(app, other)
    assert not tablet.page("/s/reading").select("#words")
    assert DECKS.card_words(DECK.id, "en").questions["client"] in tablet.get("/s/card/1").text


def test_usual_is_what_nobody_has_chosen() -> None:
    assert USUAL.marks == {}
    assert not USUAL.easy and not USUAL.aloud
