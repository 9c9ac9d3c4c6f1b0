"""The client's own device: a code on the desk, two words on both screens, the cards on the device, and no way back."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from segno import make_qr

from decisionaid.casework import pairing, people
from decisionaid.i18n import LANGUAGES, speaking
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Handover, Pairing, SeatRow, Staff
from decisionaid.web.two_words import WORDS
from tests.builders import Case, a_case
from tests.police import Police, words
from tests.promises.onlookers import colleague, rows
from tests.web.doors import browser, errors, lock, sign_in, unlock
from tests.web.pairs import agree, code_on, connected, own_device, scanned, show_code, token_on, type_code, words_on
from tests.web.sorters import desk_of, one, tablet_of, token

OVER = "That code does not work now. Ask your keyworker for a new one."
NOBODYS_CODE = "2222 2222"


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def desk(app: Flask, case: Case) -> Police:
    return sign_in(app)


@pytest.fixture
def phone(app: Flask) -> Police:
    return browser(app)


def is_out(screen: Police) -> bool:
    """Whether nobody sits in the client's seat at this screen."""
    return not screen.get("/s/").headers["Location"].startswith("/s/")


# The way in


@pytest.mark.parametrize("way", ["typed", "scanned"])
def test_the_clients_own_device_comes_in(desk: Police, phone: Police, case: Case, way: str) -> None:
    show_code(desk, case)
    (type_code if way == "typed" else scanned)(phone, desk, case)
    assert words_on(phone, "/join/words") == words_on(desk, own_device(case))
    assert len(set(words_on(phone, "/join/words"))) == 2
    assert "Continue" not in words(phone.get("/join/words"))
    agree(desk, case)
    phone.send("/join/words", "/join/go")
    assert "Hello, Rowan" in words(phone.get("/s/", follow_redirects=True))
    assert "Connected" in words(desk.get(own_device(case)))
    assert desk.get("/desk/").status_code == 200, "the desk's own seat goes on"


@pytest.mark.parametrize("typed", ["{0}{1}", "{0} {1}", " {0}-{1} "])
@pytest.mark.parametrize("small", [True, False])
def test_a_code_is_read_as_people_type_it(desk: Police, phone: Police, case: Case, typed: str, small: bool) -> None:
    show_code(desk, case)
    code = typed.format(*code_on(desk, case).split())
    phone.send("/join", code=code.lower() if small else code)


@pytest.mark.parametrize(
    "typed", ["", "7K3", "O0O0 1111", "2222 22222", "<script>", "２２２２２２２２", "ABCDEFGH" * 200]
)
def test_what_is_no_code_is_said_at_its_field(phone: Police, case: Case, typed: str) -> None:
    before = rows(case)
    assert [field for field, _said in errors(phone.send("/join", code=typed, status=422))] == ["code"]
    assert rows(case) == before


def test_the_desk_shows_the_same_code_again_and_another_after_a_press(desk: Police, case: Case) -> None:
    show_code(desk, case)
    first = code_on(desk, case), token_on(desk, case)
    assert (code_on(desk, case), token_on(desk, case)) == first
    show_code(desk, case)
    assert set(first).isdisjoint({code_on(desk, case), token_on(desk, case)})


def test_a_desk_that_was_locked_since_shows_no_code(desk: Police, case: Case) -> None:
    show_code(desk, case)
    lock(desk)
    unlock(desk)
    assert "Show a code" in words(desk.get(own_device(case)))


def test_nothing_that_opens_anything_is_stored(desk: Police, phone: Police, case: Case) -> None:
    show_code(desk, case)
    code, scan = code_on(desk, case), token_on(desk, case)
    assert len(scan) == 22, "128 bits"
    phone.send("/join", code=code)
    cookie = phone.get_cookie("joining")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Strict"
    held = str(rows(case))
    assert not [secret for secret in (code.replace(" ", ""), scan, cookie.value) if secret in held]


def test_a_code_has_39_bits_and_no_look_alikes() -> None:
    assert len(set(pairing.LETTERS)) == 30 and not set(pairing.LETTERS) & set("01OILU")
    codes = {pairing.offer("desk", str(number)).code for number in range(1000)}
    assert len(codes) == 1000 and {len(code) for code in codes} == {8}
    assert set("".join(codes)) == set(pairing.LETTERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_there_twice(language: str) -> None:
    assert len(WORDS) == pairing.WORDS
    with speaking(language):
        assert len({str(word) for word in WORDS}) == len(WORDS)


# The same two words, and the keyworker's yes


def test_before_the_yes_nothing_opens(desk: Police, phone: Police, case: Case) -> None:
    show_code(desk, case)
    type_code(phone, desk, case)
    sent = phone.post("/join/go", data={"csrf_token": token(phone, "/join")})
    assert sent.headers["Location"] == "/join/words"
    assert is_out(phone)


def test_a_no_ends_it(desk: Police, phone: Police, case: Case) -> None:
    show_code(desk, case)
    type_code(phone, desk, case)
    agree(desk, case, same="no")
    assert phone.get("/join/words").status_code == 404
    phone.post("/join/go", data={"csrf_token": token(phone, "/join")})
    assert is_out(phone)
    assert "Show a code" in words(desk.get(own_device(case)))


def test_a_yes_is_for_the_device_that_was_looked_at(desk: Police, phone: Police, case: Case) -> None:
    show_code(desk, case)
    type_code(phone, desk, case)
    form = {"csrf_token": token(desk, own_device(case)), "pairing": "another", "same": "yes"}
    assert desk.heard(f"{own_device(case)}/words", form) == 409
    assert desk.heard(f"{own_device(case)}/words", {**form, "same": "maybe"}) == 422
    assert "Continue" not in words(phone.get("/join/words"))


def test_the_desk_may_say_yes_once_and_to_a_device_only(desk: Police, case: Case) -> None:
    show_code(desk, case)
    with case.database.reading() as db:
        waiting = db.query(Pairing).one().id
    form = {"csrf_token": token(desk, own_device(case)), "pairing": waiting, "same": "yes"}
    assert desk.heard(f"{own_device(case)}/words", form) == 409


def test_each_hears_the_words_in_their_language(app: Flask, database: Database) -> None:
    case = a_case(database, language="cy").with_round()
    desk, phone = sign_in(app), browser(app)
    show_code(desk, case)
    type_code(phone, desk, case)
    page = phone.page("/join/words")
    assert page.select_one(".two-words")["lang"] == "cy" and page.html["lang"] == "cy"  # type: ignore[index]
    assert words_on(phone, "/join/words") == words_on(desk, own_device(case))
    assert page.select_one(".two-words").get_text() != desk.page(own_device(case)).select(".soft")[-1].get_text()  # type: ignore[union-attr]


def test_the_page_for_the_code_speaks_as_the_browser_does(phone: Police, case: Case) -> None:
    found = BeautifulSoup(phone.get("/join", headers={"Accept-Language": "cy,en;q=0.5"}).data, "html.parser")
    assert found.html is not None and found.html["lang"] == "cy"


# Wrong, used and late are one


def test_wrong_used_late_and_foreign_codes_have_one_answer(app: Flask, desk: Police, case: Case) -> None:
    show_code(desk, case)
    used, scan = code_on(desk, case), token_on(desk, case)
    browser(app).send("/join", code=used)
    agree(desk, case, same="no")
    answers = {words(browser(app).send("/join", code=code, status=422)) for code in (used, NOBODYS_CODE)}
    show_code(desk, case)
    late = code_on(desk, case)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10)):
        answers.add(words(browser(app).send("/join", code=late, status=422)))
    assert [OVER in answer for answer in {re.sub("([2-9A-Z]{4} ?){2}", "", answer) for answer in answers}] == [True]
    for gone in (scan, "", "x" * 22, "x" * 5000):
        page = browser(app)
        sent = page.press("/join/scan", {"csrf_token": token(page, "/join"), "token": gone}, status=422)
        assert OVER in words(sent)


def test_a_new_code_ends_the_one_before(desk: Police, phone: Police, case: Case) -> None:
    show_code(desk, case)
    before = code_on(desk, case)
    show_code(desk, case)
    phone.send("/join", code=before, status=422)
    connected(desk, phone, case)


def test_what_is_long_over_is_cleared_away(app: Flask, desk: Police, phone: Police, case: Case) -> None:
    connected(desk, phone, case)
    other = a_case(case.database, name="Dilys Rees", reference="DR-0077").with_round()
    show_code(desk, other)
    assert rounds_held(case) == {case.round_id, other.round_id}
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=13)):
        show_code(sign_in(app), other)
    assert rounds_held(case) == {other.round_id}


def rounds_held(case: Case) -> set[str]:
    """The rounds of which a pairing is kept."""
    with case.database.reading() as db:
        return {row.round_id for row in db.query(Pairing)}


def test_each_step_has_its_ten_minutes(desk: Police, phone: Police, case: Case) -> None:
    show_code(desk, case)
    type_code(phone, desk, case)
    form = {"csrf_token": token(desk, own_device(case)), "same": "yes"}
    with case.database.reading() as db:
        form["pairing"] = db.query(Pairing).one().id
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10)):
        assert phone.get("/join/words").status_code == 404
        assert desk.heard(f"{own_device(case)}/words", form) == 409


@pytest.mark.parametrize("step", ["offered", "claimed", "agreed"])
def test_no_step_lasts_longer_when_the_clock_is_set_back(case: Case, step: str) -> None:
    now, earlier = case.now, case.now - timedelta(hours=1)
    with case.database.writing() as db:
        round_, maya = case.round(db), case.keyworker(db)
        shown = pairing.begin(db, round_, maya, desk_token="desk", address="192.0.2.7", now=now)
        db.flush()
        code = pairing.offer("desk", shown.id).code
        if step == "offered":
            assert not pairing._is_at_a_desk(db, case.service_id, "192.0.2.7", earlier)
            assert pairing.of_round(db, round_, earlier) is None
            assert pairing.claim_by_code(db, case.service_id, code, earlier, from_desk=False) is None
        device = pairing.claim_by_code(db, case.service_id, code, now, from_desk=False) or ""
        if step == "claimed":
            assert pairing.waiting(db, case.service_id, device, earlier) is None
            with pytest.raises(pairing.PairingOver):
                pairing.answer(db, round_, shown.id, same=True, now=earlier)
        pairing.answer(db, round_, shown.id, same=True, now=now)
        if step == "agreed":
            assert pairing.connect(db, case.service_id, device, earlier, from_desk=False) is None
        assert pairing.connect(db, case.service_id, device, now, from_desk=False) is not None


def test_the_device_gets_in_once(app: Flask, desk: Police, phone: Police, case: Case) -> None:
    show_code(desk, case)
    type_code(phone, desk, case)
    agree(desk, case)
    kept = phone.get_cookie("joining")
    phone.send("/join/words", "/join/go")
    assert phone.get_cookie("joining") is None
    thief = browser(app)
    assert kept is not None
    thief.set_cookie("joining", kept.value)
    assert thief.get("/join/words").status_code == 404
    thief.post("/join/go", data={"csrf_token": token(thief, "/join")})
    assert is_out(thief)


@pytest.mark.parametrize("sent", ["/join", "/join/scan", "/join/go"])
def test_a_form_from_elsewhere_is_refused(desk: Police, phone: Police, case: Case, sent: str) -> None:
    show_code(desk, case)
    before = rows(case)
    data = {"code": code_on(desk, case), "token": token_on(desk, case)}
    assert phone.heard(sent, data) == 400
    assert rows(case) == before


def test_another_keyworkers_round_does_not_exist(app: Flask, desk: Police, case: Case) -> None:
    colleague(case)
    other = sign_in(app, "idris")
    form = {"csrf_token": token(other, "/desk/account"), "same": "yes", "pairing": "x"}
    assert other.get(own_device(case)).status_code == 404
    assert other.heard(own_device(case), form) == 404
    assert other.heard(f"{own_device(case)}/words", form) == 404


def test_a_round_that_was_closed_meanwhile_opens_nothing(desk: Police, phone: Police, case: Case) -> None:
    show_code(desk, case)
    type_code(phone, desk, case)
    agree(desk, case)
    desk.send(f"/desk/rounds/{case.round_id}/close", reason="Not today.")
    phone.send("/join/words", "/join/go")
    assert is_out(phone)


# The seat on the device


@pytest.mark.promise("P10")
@pytest.mark.parametrize("handed_on", [True, False])
def test_a_device_agreed_to_before_the_client_was_handed_on_is_not_let_in(
    desk: Police, phone: Police, case: Case, *, handed_on: bool
) -> None:
    show_code(desk, case)
    type_code(phone, desk, case)
    agree(desk, case)
    if handed_on:
        staff_id = colleague(case)
        with case.database.writing() as db:
            client, other = (
                db.get_one(Client, (case.service_id, case.client_id)),
                db.get_one(Staff, (case.service_id, staff_id)),
            )
            people.reassign(db, client, other, actor=case.keyworker(db), now=case.later())
    phone.send("/join/words", "/join/go")
    assert is_out(phone) is handed_on, "control: it is let in where nobody was handed on"
    with case.database.reading() as db:
        assert db.query(SeatRow).filter_by(round_id=case.round_id).count() == (0 if handed_on else 1)


def test_there_is_no_way_from_the_device_to_the_desk(desk: Police, phone: Police, case: Case) -> None:
    connected(desk, phone, case)
    assert phone.get("/s/back").status_code == 404
    form = {"csrf_token": token(phone, "/s/welcome"), "pin": "246810", "go": "desk"}
    for path in ("/s/back", "/desk/lock", f"{own_device(case)}/words"):
        assert phone.heard(path, form) == 404
    phone.send("/s/welcome")
    for page in ("/s/welcome", "/s/cards", "/s/card/1", "/s/check"):
        assert "/s/back" not in phone.get(page).text and "tablet" not in words(phone.get(page))


def test_the_device_leaves_and_may_come_in_again(desk: Police, phone: Police, case: Case) -> None:
    connected(desk, phone, case)
    phone.send("/s/welcome", "/s/leave")
    assert is_out(phone)
    connected(desk, phone, case)
    assert phone.get("/s/welcome").status_code == 200


def test_one_pair_of_hands_at_a_time(app: Flask, desk: Police, phone: Police, case: Case) -> None:
    connected(desk, phone, case)
    other = browser(app)
    connected(desk, other, case)
    assert [is_out(each) for each in (phone, other)] == [True, False]
    tablet = tablet_of(app, case)
    assert [is_out(each) for each in (other, tablet)] == [True, False]


def test_from_the_tablet_nobody_joins(app: Flask, case: Case) -> None:
    tablet = tablet_of(app, case)
    assert tablet.get("/join").status_code == 404
    assert tablet.heard("/join", {"csrf_token": token(tablet, "/s/welcome"), "code": "2222"}) == 404


def test_a_locked_desk_joins_nothing(desk: Police, case: Case) -> None:
    lock(desk)
    assert desk.get("/join").status_code == 404


def test_a_code_typed_on_many_devices_at_once_lets_one_in(app: Flask, desk: Police, case: Case) -> None:
    show_code(desk, case)
    code, phones = code_on(desk, case), [browser(app) for _ in range(6)]
    forms = [{"csrf_token": token(phone, "/join"), "code": code} for phone in phones]
    with ThreadPoolExecutor(len(phones)) as hands:
        sent = list(hands.map(lambda phone, form: phone.heard("/join", form), phones, forms))
    assert sorted(sent) == [303] + [422] * 5


# The picture


@pytest.mark.parametrize(
    ("public", "address"), [("https://aid.example.org", "https://aid.example.org"), ("", "http://localhost")]
)
def test_the_picture_leads_to_the_address_that_people_use(
    app: Flask, desk: Police, case: Case, public: str, address: str
) -> None:
    app.config["PUBLIC_URL"] = public
    show_code(desk, case)
    page = desk.page(own_device(case))
    assert one(page, ".join-address").get_text() == f"{address}/join"
    drawn = make_qr(f"{address}/join#{token_on(desk, case)}", error="m")
    modules = one(page, ".qr").find_all("path")[1]["d"]
    assert str(modules) in drawn.svg_inline(border=4, omitsize=True)
    assert token_on(desk, case) not in str(page), "it is in the picture alone"


# What the desk may say


def test_the_desk_says_finished_only_after_its_own_sort(app: Flask, database: Database) -> None:
    case = a_case(database).with_open_sorts()
    desk, phone = desk_of(app, case, begun=False), browser(app)
    connected(desk, phone, case)
    before = words(desk.get(own_device(case)))
    case.sorted_by_client()
    assert words(desk.get(own_device(case))) == before and "has finished" not in before
    case.sorted_by_keyworker()
    assert "Rowan has finished." in words(desk.get(own_device(case)))


def test_how_it_was_made_is_kept(app: Flask, desk: Police, phone: Police, case: Case) -> None:
    connected(desk, phone, case)
    with case.database.reading() as db:
        kept = db.query(Handover).one()
        assert (kept.device, kept.from_desk, kept.by_id) == ("own", False, case.keyworker_id)
    assert "connected the client’s own device" in words(desk.get(f"/desk/clients/{case.client_id}"))


def test_the_desks_own_browser_is_noted_and_stops_being_a_desk(app: Flask, desk: Police, case: Case) -> None:
    beside = sign_in(app)
    show_code(beside, case)
    desk.send("/join", code=code_on(beside, case))
    agree(beside, case)
    old = desk.get_cookie("seat")
    desk.send("/join/words", "/join/go")
    assert desk.get("/s/welcome").status_code == 200 and desk.get("/desk/").status_code == 404
    with case.database.reading() as db:
        assert db.query(Handover).one().from_desk
    copied = browser(app)
    assert old is not None
    copied.set_cookie("seat", old.value)
    assert copied.get("/desk/").headers["Location"] == "/sign-in"
