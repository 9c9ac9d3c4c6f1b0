"""P02, P06, P07 in a real browser that keeps pages for Back: each seat stays its own, and what is finished is shut."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from decisionaid.demonstration import PIN
from tests.journeys.conftest import NewPage
from tests.journeys.presses import MAYBE, SORTER, YES, at, chosen, finish, hand_over, named, open_client, press, sign_in
from tests.journeys.presses import seat as seat_client

Rows = Callable[[], list[tuple[object, ...]]]

WRONG = "000000"
FORGE = """([path, fields, token]) => fetch(path, {
    method: "POST", body: new URLSearchParams({ ...fields, csrf_token: token }),
}).then(({ status, url }) => (status === 200 ? new URL(url).pathname : status))"""
"""Posts from within a page, with the cookies of its browser; gives the page that it led to, or why it was not taken."""


@pytest.fixture
def chrome(windowed_chrome: Browser) -> Browser:
    """What Back brings up again is the whole browser's doing."""
    return windowed_chrome


@pytest.fixture
def clients_rows(address: str, tmp_path: Path) -> Rows:
    """All that clients' sorts hold in this test's database."""

    def held() -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(tmp_path / "demonstration.db")) as looking:
            mine = "SELECT id FROM sort WHERE party = 'client'"
            cards = looking.execute(f"SELECT * FROM sort_card WHERE sort_id IN ({mine})").fetchall()  # noqa: S608 - ours
            return sorted([*cards, *looking.execute("SELECT * FROM sort WHERE party = 'client'")], key=repr)

    return held


def desk_paths(page: Page) -> list[str]:
    """Where the pages of the desk lead that a keyworker sees before the tablet is handed over."""
    found = {"/desk/", "/desk/account", "/together/", "/together/plan", "/admin/"}
    for path in ("/desk/", "/desk/plans", page.url):
        page.goto(path)
        found |= set(page.locator("a[href^='/desk']").evaluate_all("links => links.map(one => one.pathname)"))
    return sorted(found)


def statuses(page: Page, paths: list[str]) -> set[int]:
    """What the server says where somebody types these addresses in."""
    answers = [page.goto(path) for path in paths]
    return {answer.status for answer in answers if answer}


def to_hand_over(page: Page) -> list[str]:
    """From signing in to just before the tablet is given; the addresses of the desk that were on the way."""
    sign_in(page)
    open_client(page, SORTER)
    paths = desk_paths(page)
    open_client(page, SORTER)
    named(page, f"Give {SORTER} the tablet").click()
    return paths


@pytest.mark.promise("P02")
def test_in_the_clients_seat_the_desk_does_not_exist_and_its_copied_cookie_is_dead(
    tablet: Page, new_page: NewPage
) -> None:
    paths = to_hand_over(tablet)
    copied = tablet.context.cookies()
    hand_over(tablet)
    assert statuses(tablet, paths) == {404}
    print(f"{len(paths)} addresses of the desk: 404; a copied cookie: signing in")
    thief = new_page()
    thief.context.add_cookies(copied)  # type: ignore[arg-type]
    thief.goto("/desk/")
    at(thief, "/sign-in")


@pytest.mark.promise("P02")
def test_second_tab_of_the_desk_opens_nothing_after_the_hand_over(tablet: Page) -> None:
    paths = to_hand_over(tablet)
    tab = tablet.context.new_page()
    tab.goto("/desk/")
    token = tab.locator("[name=csrf_token]").first.input_value()
    assert tab.evaluate(FORGE, ["/desk/lock", {}, "no token"]) == 400, "control: before the hand-over the desk is there"
    hand_over(tablet)
    at(tab, "/s/.*")
    # A form of the seat before leads to the page that says that nothing was saved.
    assert tab.evaluate(FORGE, ["/desk/lock", {}, token]) == 400
    assert statuses(tab, paths) == {404}


@pytest.mark.promise("P02")
def test_control_before_the_hand_over_both_open_the_desk(tablet: Page, new_page: NewPage) -> None:
    paths = [path for path in to_hand_over(tablet) if path.startswith("/desk")]
    assert statuses(tablet, paths) == {200}
    thief = new_page()
    thief.context.add_cookies(tablet.context.cookies())  # type: ignore[arg-type]
    thief.goto("/desk/")
    at(thief, "/desk/")


@pytest.mark.promise("P02")
def test_five_wrong_pins_and_the_right_one_opens_nothing(tablet: Page) -> None:
    seat_client(tablet)
    for _ in range(5):
        tablet.goto("/s/back")
        tablet.get_by_label("PIN").fill(WRONG)
        with tablet.expect_response(lambda answer: answer.request.method == "POST"):
            named(tablet, "Go to my client list").click()
    tablet.goto("/s/back")
    expect(tablet.get_by_label("PIN")).to_have_count(0)
    token = tablet.locator("[name=csrf_token]").first.input_value()
    assert tablet.evaluate(FORGE, ["/s/back", {"pin": PIN, "go": "desk"}, token]) == "/s/back"
    assert statuses(tablet, ["/desk/"]) == {404}
    tablet.goto("/s/back")
    press(tablet, "Keyworker: sign in", "/sign-in")


def back_to_the_card(page: Page) -> None:
    """Back to a card that was answered, however many pages that takes."""
    for _ in range(8):
        page.go_back()
        if page.url.endswith("/s/card/1"):
            return
    raise AssertionError("Back led to no card")


def changed_mind(page: Page) -> None:
    """Another answer than before; and the page has said what came of it."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        chosen(page, MAYBE).click()


def answered(page: Page) -> None:
    seat_client(page)
    chosen(page, YES).click()
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


@pytest.mark.promise("P06")
def test_back_after_finishing_leads_to_no_card_that_can_be_changed(tablet: Page, clients_rows: Rows) -> None:
    answered(tablet)
    token = tablet.locator("[name=csrf_token]").first.input_value()
    finish(tablet)
    before = clients_rows()
    for _ in range(4):
        tablet.go_back()
        tablet.wait_for_load_state()
        assert tablet.locator("[name=answer]").count() == 0, tablet.url
    assert tablet.evaluate(FORGE, ["/s/card/1", {"answer": MAYBE}, token]) == 409
    assert clients_rows() == before


@pytest.mark.promise("P06")
def test_control_before_finishing_back_leads_to_the_card_and_changes_it(tablet: Page, clients_rows: Rows) -> None:
    answered(tablet)
    tablet.goto("/s/check")
    before = clients_rows()
    back_to_the_card(tablet)
    changed_mind(tablet)
    assert clients_rows() != before


@pytest.mark.promise("P07")
def test_what_the_desk_posts_for_the_client_is_not_taken(desk: Page, tablet: Page, clients_rows: Rows) -> None:
    seat_client(tablet)
    sign_in(desk)
    token = desk.locator("[name=csrf_token]").first.input_value()
    before = clients_rows()
    posts = [("/s/card/1", {"answer": YES}), ("/s/order", {"add": "alcohol"}), ("/s/words", {"what_matters": "FORGED"})]
    assert {desk.evaluate(FORGE, [path, fields, token]) for path, fields in posts} == {404}
    assert clients_rows() == before


@pytest.mark.promise("P07")
def test_control_the_same_from_the_clients_page_is_taken(tablet: Page, clients_rows: Rows) -> None:
    seat_client(tablet)
    before = clients_rows()
    token = tablet.locator("[name=csrf_token]").first.input_value()
    assert tablet.evaluate(FORGE, ["/s/card/1", {"answer": YES}, token]) == "/s/card/1"
    assert clients_rows() != before
