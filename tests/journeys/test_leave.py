"""P08: "Leave this page" hides at once, ends the session now or at the next contact, and Back shows nothing."""

import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from decisionaid.demonstration import PIN
from tests.journeys.presses import SORTER, YES, at, open_client, rate, seat

WORDS = "To see my girl at weekends."
CLOSED = "This page is closed"


@pytest.fixture
def chrome(windowed_chrome: Browser) -> Browser:
    """What Back brings up again is the whole browser's doing."""
    return windowed_chrome


@pytest.fixture
def left(tablet: Page) -> Page:
    """A tablet whose client wrote something, saw it, and left."""
    seat(tablet)
    rate(tablet, "/s", [YES])
    tablet.goto("/s/words")
    tablet.locator("[name=what_matters]").fill(WORDS)
    tablet.get_by_role("button", name="Save", exact=True).click()
    expect(tablet.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    tablet.goto("/s/check")
    expect(tablet.locator("main")).to_contain_text(WORDS)
    tablet.get_by_role("button", name="Leave this page").click()
    expect(tablet.locator("body:not([data-page=check])")).to_have_count(1)
    return tablet


@pytest.mark.promise("P08")
def test_back_after_leaving_shows_nothing_of_the_clients(left: Page) -> None:
    assert WORDS not in left.content()
    for _ in range(3):
        left.go_back()
        left.wait_for_load_state()
        assert WORDS not in left.content()
        assert left.locator("[data-page=card], [data-page=words], [data-page=check]").count() == 0


def on_the_cards(tablet: Page) -> None:
    """A page that can be left, with the client's words on it."""
    seat(tablet)
    tablet.goto("/s/own")
    tablet.locator("[name=title]").fill(WORDS)
    tablet.get_by_role("button", name="Add this card").click()
    at(tablet, "/s/card/[0-9]+")
    tablet.goto("/s/cards")
    expect(tablet.locator("main")).to_contain_text(WORDS)


def is_closed(tablet: Page) -> None:
    """The neutral page's words under its address, and nothing else."""
    assert tablet.locator("body").inner_text().strip() == CLOSED
    assert (tablet.title(), urlsplit(tablet.url).path) == ("Closed", "/away")
    assert WORDS not in tablet.content()


def answers(address: str, cookie: str) -> bool:
    """Whether the server still answers whoever brings this cookie."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request("GET", "/s/cards", headers={"Cookie": f"seat={cookie}"})
    status = connection.getresponse().status
    connection.close()
    return status == 200


def cookie_of(tablet: Page) -> str:
    return next(each["value"] for each in tablet.context.cookies() if each["name"] == "seat")


def wait_until_dead(address: str, cookie: str) -> None:
    until = time.monotonic() + 10
    while answers(address, cookie):
        assert time.monotonic() < until, "the session is still alive"
        time.sleep(0.1)


@pytest.mark.promise("P08")
def test_it_hides_at_once_however_slow_the_network_is(tablet: Page, address: str) -> None:
    on_the_cards(tablet)
    cookie, held = cookie_of(tablet), list[Route]()
    tablet.route("**/s/leave", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    began = time.monotonic()
    tablet.get_by_role("button", name="Leave this page").click()
    is_closed(tablet)
    assert time.monotonic() - began < 1
    assert answers(address, cookie), "control: the server knows already, so that nothing was waited for"
    held[0].continue_()
    wait_until_dead(address, cookie)
    expect(tablet.locator("main")).to_contain_text("You can close this window now.")


@pytest.mark.promise("P08")
@pytest.mark.parametrize("page", ["/s/cards", "/s/own", "/s/back"])
def test_three_times_shift_leaves(tablet: Page, address: str, page: str) -> None:
    on_the_cards(tablet)
    cookie = cookie_of(tablet)
    tablet.goto(page)
    if page == "/s/own":
        tablet.locator("[name=title]").focus()
    for _ in range(2):
        tablet.keyboard.press("Shift")
    tablet.keyboard.down("Shift")  # it comes up on another page, and the browser may never say that it did
    at(tablet, "/away")
    wait_until_dead(address, cookie)
    expect(tablet.locator("main")).to_contain_text("You can close this window now.")


@pytest.mark.parametrize(
    "keys", [("Shift", "Shift"), ("Shift", "Shift", "a", "Shift"), ("Shift", "Shift", "", "Shift")]
)
def test_other_presses_of_shift_do_nothing(tablet: Page, keys: tuple[str, ...]) -> None:
    on_the_cards(tablet)
    for key in keys:
        if key:
            tablet.keyboard.press(key)
        else:
            time.sleep(1.6)
    time.sleep(0.3)
    expect(tablet.locator("main")).to_contain_text(WORDS)


@pytest.mark.promise("P08")
def test_without_network_it_hides_at_once_and_ends_with_the_next_contact(tablet: Page, address: str) -> None:
    on_the_cards(tablet)
    cookie = cookie_of(tablet)
    tablet.evaluate("localStorage.setItem('waiting', 'something'); sessionStorage.setItem('seen', 'something')")
    tablet.context.set_offline(True)
    tablet.get_by_role("button", name="Leave this page").click()
    is_closed(tablet)
    assert tablet.evaluate("[localStorage.length, localStorage.getItem('left'), sessionStorage.length]") == [1, "1", 0]
    time.sleep(2.5)
    is_closed(tablet)
    assert answers(address, cookie)
    tablet.context.set_offline(False)
    wait_until_dead(address, cookie)
    expect(tablet.locator("main")).to_contain_text("You can close this window now.")
    assert tablet.evaluate("localStorage.length") == 0


@pytest.mark.promise("P08")
def test_a_tab_closed_without_network_ends_the_seat_with_the_next_page(tablet: Page, address: str) -> None:
    on_the_cards(tablet)
    cookie, context = cookie_of(tablet), tablet.context
    context.set_offline(True)
    tablet.get_by_role("button", name="Leave this page").click()
    is_closed(tablet)
    tablet.close()
    context.set_offline(False)
    later = context.new_page()
    later.add_init_script(
        "addEventListener('DOMContentLoaded', () => console.log('hidden: ' + document.documentElement.hidden), true)"
    )
    said: list[str] = []
    later.on("console", lambda message: said.append(message.text))
    later.goto("/s/cards")
    at(later, "/away")
    wait_until_dead(address, cookie)
    assert "hidden: true" in said, "the page was to be seen before it was left"
    later.goto("/sign-in")
    expect(later.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.promise("P08")
def test_a_page_of_an_earlier_session_ends_the_one_that_is_there_now(tablet: Page, address: str) -> None:
    on_the_cards(tablet)
    older = tablet.context.new_page()
    older.goto("/s/cards")
    tablet.goto("/s/back")
    tablet.get_by_label("PIN").fill(PIN)
    tablet.get_by_role("button", name="Go to my client list").click()
    at(tablet, "/desk/")
    open_client(tablet, SORTER)
    tablet.locator("a[href$=hand-over]").first.click()
    tablet.get_by_role("button", name="Lock and give the tablet").click()
    at(tablet, "/s/.*")
    cookie = cookie_of(tablet)
    older.get_by_role("button", name="Leave this page").click()
    at(older, "/away")
    wait_until_dead(address, cookie)
