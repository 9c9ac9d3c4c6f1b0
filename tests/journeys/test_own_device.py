"""The client sorts on a phone of their own, beside a desk that stays open: by the picture, and by the typed code."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from decisionaid.casework import pairing
from decisionaid.i18n import LANGUAGES
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Pairing, Staff
from decisionaid.web.seat import LANGUAGE
from tests.browser import check_accessible, widths_of
from tests.journeys.conftest import NewPage
from tests.journeys.presses import SORTER, YES, at, named, open_client, press, rate, sign_in
from tests.turns import FULL


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """The client's own."""
    return new_page(viewport={"width": 390, "height": 844}, has_touch=True)


@pytest.fixture
def database(address: str, tmp_path: Path) -> Iterator[Database]:
    """What the server of this test writes to."""
    found = Database(f"sqlite:///{tmp_path / 'demonstration.db'}")
    yield found
    found.close()


@pytest.fixture
def showing(desk: Page) -> Page:
    """A desk that shows a code, found on the way that a keyworker takes."""
    sign_in(desk)
    open_client(desk, SORTER)
    named(desk, f"Give {SORTER} the tablet").click()
    press(desk, "Connect their own device", "/desk/rounds/[^/]+/own-device")
    named(desk, "Show a code").click()
    expect(desk.locator(".code")).to_be_visible()
    return desk


def scan(desk: Page, database: Database) -> str:
    """What the picture says, as the program draws it: the address with the token after the #."""
    cookie = next(cookie for cookie in desk.context.cookies() if cookie.get("name") == "seat")
    with database.reading() as db:
        shown = pairing.offer(cookie.get("value", ""), db.query(Pairing).one().id)
    return f"{desk.locator('.join-address').inner_text()}#{shown.token}"


def say_yes(desk: Page, phone: Page) -> None:
    """The desk sees by itself that a device waits, both show the same words, and the phone sees the yes by itself."""
    at(phone, "/join/words")
    words = phone.locator(".two-words").inner_text()
    expect(desk.locator(".two-words")).to_have_text(words.replace("\n", ""))
    named(desk, "Yes, the same").click()
    expect(phone.get_by_role("button", name="Continue")).to_be_visible()
    press(phone, "Continue", "/s/welcome")
    expect(desk.locator("main")).to_contain_text("Connected")


@pytest.mark.parametrize("way", ["typed", "scanned"])
def test_from_the_code_to_the_cards(showing: Page, phone: Page, database: Database, way: str) -> None:
    if way == "typed":
        phone.goto("/join")
        phone.get_by_label("Code").fill(showing.locator(".code").inner_text())
        press(phone, "Continue", "/join/words")
    else:
        picture = scan(showing, database)
        phone.goto(picture)
        at(phone, "/join/words")
        token = urlsplit(picture).fragment
        for _ in range(3):
            phone.go_back()
            held = phone.evaluate("document.querySelector('[data-scan]')?.elements.token.value ?? ''")
            assert token not in phone.url and token not in phone.content() and token not in held
        phone.goto("/join/words")
    say_yes(showing, phone)
    press(phone, "Start", "/s/say")
    phone.goto("/s/card/1")
    rate(phone, "/s", [YES, YES])
    phone.goto("/s/cards")
    expect(phone.get_by_text("tablet")).to_have_count(0)
    press(showing, "Clients", "/desk/")


def test_by_keyboard_and_without_script(showing: Page, new_page: NewPage) -> None:
    phone = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    phone.goto("/join")
    phone.get_by_label("Code").press_sequentially(showing.locator(".code").inner_text())
    phone.keyboard.press("Enter")
    at(phone, "/join/words")
    expect(showing.locator(".two-words")).to_be_visible()
    showing.get_by_role("button", name="Yes, the same").press("Enter")
    expect(showing.locator("main")).to_contain_text("Nearly there")
    named(phone, "Check again").press("Enter")
    phone.get_by_role("button", name="Continue").press("Enter")
    at(phone, "/s/welcome")


def test_a_no_is_seen_on_the_phone(showing: Page, phone: Page) -> None:
    phone.goto("/join")
    phone.get_by_label("Code").fill(showing.locator(".code").inner_text())
    press(phone, "Continue", "/join/words")
    named(showing, "No, end it").click()
    expect(phone.locator("h1")).to_have_text("Ask for a new code")


@pytest.mark.promise("P36")
@pytest.mark.parametrize("language", LANGUAGES if FULL else ["cy"])
def test_each_page_of_the_way_is_accessible(
    showing: Page, phone: Page, database: Database, address: str, language: str
) -> None:
    at_desk = language if LANGUAGES[language].at_desk else "en"
    with database.writing() as db:
        db.query(Staff).update({"language": language})
        db.query(Client).update({"language": language})
    phone.context.add_cookies([{"name": LANGUAGE, "value": language, "url": address}])
    showing.reload()
    phone.goto("/join")
    looked_at(showing, at_desk, 1)
    phone.locator("[name=code]").fill("2222")
    phone.locator("main .button-main").click()
    expect(phone.locator("[data-error-summary]")).to_be_visible()
    looked_at(phone, language, 2)
    phone.locator("[name=code]").fill(showing.locator(".code").inner_text())
    phone.locator("main .button-main").click()
    at(phone, "/join/words")
    looked_at(phone, language, 3)
    expect(showing.locator(".two-words")).to_be_visible()
    looked_at(showing, at_desk, 4)
    showing.locator("[name=same][value=yes]").click()
    expect(phone.locator("[data-waits=agreed]")).to_be_visible()
    looked_at(phone, language, 5)
    phone.locator("main .button-main").click()
    at(phone, "/s/welcome")
    expect(showing.locator("[data-waits=connected]")).to_be_visible()
    looked_at(showing, at_desk, 6)


def looked_at(page: Page, language: str, number: int) -> None:
    """Axe finds nothing on the page of this number, and it is in this language."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    check_accessible(page, widths_of(language, number))
