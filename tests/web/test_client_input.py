"""What the client's seat refuses, and how: nothing is lost, nothing half done."""

import pytest
from flask import Flask

from decisionaid.casework import reviewing
from decisionaid.storage.database import Database
from tests.builders import CARDS, Case, a_case
from tests.police import Police, words
from tests.web.sorters import held, one, order, rate, tablet_of, token

CHANGES = (
    *("/s/say", "/s/card/1", "/s/own", "/s/card/1/remove", "/s/order", "/s/words", "/s/words/1", "/s/goal"),
    *("/s/goal/words", "/s/goal/look", "/s/ask", "/s/ask/1", "/s/ask/drop", "/s/safe/1", "/s/check", "/s/last/1"),
)
PAGES = ("/s/", "/s/welcome", "/s/card/1", "/s/cards", "/s/order", "/s/words", "/s/check", "/s/goal", "/s/safe/1")


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return tablet_of(app, case)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/s/say", {"say": "everything"}),
        ("/s/card/1", {"answer": "certainly"}),
        ("/s/card/1", {}),
        ("/s/order", {"add": "no-such-card"}),
        ("/s/order", {"add": CARDS[1]}),
        ("/s/order", {"up": "nowhere"}),
        ("/s/order", {"down": CARDS[1]}),
        ("/s/order", {"out": "nowhere"}),
        ("/s/order", {"order": "no-such-card"}),
        ("/s/words", {"what_matters": "x" * 2001}),
        ("/s/words/1", {"success": "x" * 2001}),
        ("/s/words/1", {"confidence_why": "x" * 2001}),
        ("/s/words/1", {"importance": "11"}),
        ("/s/words/1", {"importance": "-1"}),
        ("/s/words/1", {"confidence": "many"}),
        ("/s/own", {"title": " "}),
        ("/s/own", {"title": "x" * 81}),
        ("/s/goal", {"option": "everything"}),
        ("/s/goal", {}),
        ("/s/goal/words", {"words": "before anything is chosen"}),
        ("/s/goal/look", {"look": "6"}),
        ("/s/goal/look", {"look": "0"}),
        ("/s/ask", {"words": " "}),
        ("/s/ask/1", {"words": "x" * 2001}),
        ("/s/ask/drop", {"drop": "1"}),
        ("/s/safe/1", {"answer": "perhaps"}),
        ("/s/safe/1", {}),
        ("/s/back", {"pin": "12ab56", "go": "desk"}),
        ("/s/back", {"pin": "246810", "go": "home"}),
    ],
)
def test_what_nobody_offered_is_refused_at_its_field(
    tablet: Police, case: Case, path: str, fields: dict[str, str]
) -> None:
    rate(tablet, case, CARDS[0], "definitely")
    tablet.send("/s/order", add=CARDS[0])
    hidden = {str(field["name"]): field["value"] for field in tablet.page(page_of(path)).select("main [type=hidden]")}
    refused = tablet.press(path, {**hidden, **fields}, status=422)
    summary = refused.text.partition("data-error-summary")[2]
    target = summary.partition('href="#')[2].partition('"')[0]
    assert f'id="{target}"' in refused.text, f"the summary links to #{target}, which is nowhere"
    assert "<title>Error:" in refused.text


def page_of(path: str) -> str:
    """The page with the form that goes there."""
    return "/s/goal?open=1" if path.startswith("/s/goal") else path.removesuffix("/drop")


def test_too_long_a_text_comes_back_as_it_was_typed(tablet: Police) -> None:
    typed = "My afternoons. " * 200
    refused = tablet.send("/s/words", what_matters=typed, status=422)
    assert typed.strip() in refused.text


def test_placing_a_card_twice_is_refused(tablet: Police, case: Case) -> None:
    for card in CARDS[:2]:
        rate(tablet, case, card, "definitely")
        tablet.send("/s/order", add=card)
    for twice in ({"add": CARDS[0]}, {"order": [CARDS[0], CARDS[0]]}):
        tablet.send("/s/order", **twice, status=422)
    assert order(case) == list(CARDS[:2])


def test_a_sixth_place_is_refused(tablet: Police, case: Case) -> None:
    for card in CARDS[:6]:
        rate(tablet, case, card, "definitely")
    for card in CARDS[:5]:
        tablet.send("/s/order", add=card)
    tablet.send("/s/order", add=CARDS[5], status=422)
    assert order(case) == list(CARDS[:5])


def test_an_eleventh_own_card_is_refused_and_its_words_kept(tablet: Police, case: Case) -> None:
    for number in range(10):
        tablet.send("/s/own", title=f"Card {number}")
    refused = tablet.send("/s/own", title="One more", status=422)
    assert "One more" in refused.text
    assert len(held(case).own) == 10


@pytest.mark.parametrize(
    "path",
    [
        *("/s/card/0", "/s/card/25", "/s/card/x", "/s/words/1", "/s/words/0", "/s/goal/0", "/s/goal/6"),
        *("/s/safe/0", "/s/safe/99", "/s/ask/25", "/s/last", "/s/last/1", "/s/listened"),
    ],
)
def test_a_place_out_of_range_does_not_exist(tablet: Police, path: str) -> None:
    assert tablet.get(path).status_code == 404


def test_only_an_own_card_can_be_taken_away(tablet: Police) -> None:
    assert tablet.heard("/s/card/1/remove", {"csrf_token": token(tablet, "/s/card/1")}) == 404


def test_no_page_answers_before_the_sort_has_begun(app: Flask, case: Case) -> None:
    tablet = tablet_of(app, case, begun=False)
    for path in ("/s/card/1", "/s/order", "/s/check", "/s/say"):
        assert tablet.get(path).location == "/s/", path
    assert tablet.get("/s/").location == "/s/welcome"


def test_finishing_needs_the_answers_that_were_on_the_page(tablet: Police, case: Case) -> None:
    tablet.send("/s/card/1", answer="possibly")
    seen = one(tablet.page("/s/check"), "input[name=seen]")["value"]
    tablet.send("/s/card/2", answer="possibly")
    assert "Check them again, then finish" in words(tablet.send("/s/check", seen=seen, status=409))
    assert not held(case).finished
    tablet.send("/s/check")
    assert held(case).finished


def test_a_finished_sort_refuses_every_change_and_shows_done(tablet: Police) -> None:
    before = token(tablet, "/s/card/1")
    tablet.send("/s/check")
    _assert_over(tablet, before)


def test_a_round_that_the_keyworker_closed_refuses_every_change(tablet: Police, case: Case) -> None:
    before = token(tablet, "/s/card/1")
    with case.database.writing() as db:
        reviewing.close_round(db, case.round(db), "Moved away", actor=case.keyworker(db), now=case.later())
    _assert_over(tablet, before)
    assert "These cards are closed" in words(tablet.get("/s/done"))


def _assert_over(tablet: Police, csrf_token: str) -> None:
    for path in CHANGES:
        sent = {"csrf_token": csrf_token, "answer": "possibly", "words": "x"}
        assert tablet.heard(path, sent) == 409, path
    for path in PAGES:
        assert tablet.get(path).location == "/s/done", path
