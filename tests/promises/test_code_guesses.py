"""P09: nobody guesses their way to a client's cards, and whoever has the code still gets in.

Guesses come from one address and from many, at random and one letter beside the code that is shown. In ./test this runs
in a short form; PROMISES=full in the environment asks for the promised 10,000. The bound is the same for both: at most
100 guesses are looked at in a quarter of an hour, however many are sent.
"""

import random
from dataclasses import dataclass

import pytest
from flask import Flask

from decisionaid.casework import pairing, tries
from decisionaid.storage.database import Database
from decisionaid.storage.models import Pairing
from tests.builders import Case, a_case
from tests.police import Police
from tests.turns import FULL
from tests.web.doors import browser, sign_in
from tests.web.pairs import agree, code_on, scanned, show_code
from tests.web.sorters import token

COUNT = 10_000 if FULL else 600
SEED = 9
LOOKED_AT = 100
DESK, NEIGHBOUR, ELSEWHERE = "127.0.0.1", "203.0.113.7", "198.51.100.20"


@dataclass
class Tally:
    """What became of the guesses."""

    hits: int = 0
    throttled: int = 0
    wrong: int = 0


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def desk(app: Flask, case: Case) -> Police:
    """A desk that shows a code while others guess."""
    desk = sign_in(app)
    show_code(desk, case)
    return desk


def sent(asker: Police, form_token: str, code: str, address: str) -> int:
    """How a typed code from this address is answered."""
    data = {"csrf_token": form_token, "code": code}
    return asker.heard("/join", data, environ_overrides={"REMOTE_ADDR": address})


def guess(app: Flask, shown: str, count: int) -> Tally:
    """Send that many guesses: half of them from one address, the others each from its own."""
    dice, tally, asker = random.Random(SEED), Tally(), browser(app)  # noqa: S311 - guesses to be sent again alike
    form_token = token(asker, "/join")
    for number in range(count):
        address = NEIGHBOUR if number % 2 else f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        status = sent(asker, form_token, a_guess(dice, shown), address)
        tally.hits += status < 400
        tally.throttled += status == 429
        tally.wrong += status == 422
    print(f"P09: {count} guesses, {tally}, seed {SEED}")
    return tally


def a_guess(dice: random.Random, shown: str) -> str:
    """Any code at all, or the one that is shown with one letter of it changed."""
    if dice.random() < 0.5:
        return "".join(dice.choices(pairing.LETTERS, k=pairing.LENGTH))
    place = dice.randrange(pairing.LENGTH)
    other = dice.choice(pairing.LETTERS.replace(shown[place], ""))
    return shown[:place] + other + shown[place + 1 :]


def keeps_guessers_out(app: Flask, shown: str, count: int) -> None:
    tally = guess(app, shown, count)
    assert tally.hits == 0
    assert tally.throttled >= count - LOOKED_AT and tally.throttled + tally.wrong == count


def shown_on(desk: Police, case: Case) -> str:
    return code_on(desk, case).replace(" ", "")


@pytest.mark.promise("P09")
def test_guesses_hit_nothing_and_the_honest_client_gets_in(app: Flask, desk: Police, case: Case) -> None:
    shown, phone, other = shown_on(desk, case), browser(app), browser(app)
    keeps_guessers_out(app, shown, COUNT)
    form_token = token(phone, "/join")
    assert sent(phone, form_token, shown, ELSEWHERE) == 429, "from anywhere else, typing waits"
    assert sent(phone, form_token, shown, DESK) == 303
    goes_on(desk, phone, case)
    show_code(desk, case)
    other.environ_base["REMOTE_ADDR"] = ELSEWHERE
    scanned(other, desk, case)
    goes_on(desk, other, case)


def goes_on(desk: Police, phone: Police, case: Case) -> None:
    agree(desk, case)
    phone.send("/join/words", "/join/go")
    assert phone.get("/s/welcome").status_code == 200


@pytest.mark.promise("P09")
def test_one_address_has_ten_guesses_even_the_desks_own(app: Flask, desk: Police, case: Case) -> None:
    asker = browser(app)
    form_token = token(asker, "/join")
    answers = [sent(asker, form_token, "2222 2222", DESK) for _ in range(12)]
    assert answers == [422] * tries.MOST + [429] * 2
    assert sent(asker, form_token, shown_on(desk, case), DESK) == 429
    assert sent(asker, form_token, shown_on(desk, case), NEIGHBOUR) == 303


@pytest.mark.promise("P09")
def test_an_address_where_no_desk_shows_a_code_is_held_up_like_any(app: Flask, desk: Police, case: Case) -> None:
    keeps_guessers_out(app, shown_on(desk, case), 200)
    with case.database.writing() as db:
        db.query(Pairing).one().desk_address = "another"
    asker = browser(app)
    assert sent(asker, token(asker, "/join"), "2222 2222", DESK) == 429


@pytest.mark.promise("P09")
def test_control_without_the_throttle_it_is_noticed(
    app: Flask, desk: Police, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing, "check_guesses", lambda *_: None)
    with pytest.raises(AssertionError):
        keeps_guessers_out(app, shown_on(desk, case), 300)


@pytest.mark.promise("P09")
def test_control_a_short_code_is_hit_and_noticed(
    app: Flask, desk: Police, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.a_guess", lambda _dice, shown: shown)
    with pytest.raises(AssertionError):
        keeps_guessers_out(app, shown_on(desk, case), 10)
