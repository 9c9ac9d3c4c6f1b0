"""How a person gets about: what is pressed is found by the words on it, and each press leads to the page it should."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from decisionaid.demonstration import PASSWORD, PIN
from decisionaid.visitor import Visitor

CARDS = 24
YES, MAYBE, NOT_NOW = "definitely", "possibly", "definitely_not"
SORTER = "Sadia"
"""Of the demonstration: her keyworker has finished, and she has not begun."""


def named(page: Page, words: str) -> Locator:
    """The button or link with these words on it."""
    return (
        page.get_by_role("button", name=words, exact=True).or_(page.get_by_role("link", name=words, exact=True)).first
    )


def at(page: Page, path: str) -> None:
    """The page under this path (a pattern) has come, whichever others were on their way before it."""
    expect(page).to_have_url(re.compile(f"^http://[^/]+{path}([?#].*)?$"))
    page.wait_for_load_state()


def press(page: Page, words: str, then: str) -> None:
    """Press what has these words on it, and arrive under `then`, a pattern of a path."""
    what = named(page, words)
    # In the bar of a client's page by its key: a tap has to wait until the bar of a new page takes one.
    if what.evaluate("one => Boolean(one.closest('.bottom-bar-in'))"):
        what.press("Enter")
    else:
        what.click()
    at(page, then)


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Login").fill("maya")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in", "/desk/")


def open_client(page: Page, called: str) -> None:
    """From the caseload to a client's page."""
    page.goto("/desk/")
    page.locator(".case", has_text=called).locator(".case-open").click()
    at(page, "/desk/clients/[^/]+")


def hand_over(page: Page) -> None:
    """From the page about giving the tablet to the client's first."""
    at(page, "/desk/rounds/[^/]+/hand-over")
    press(page, "Lock and give the tablet", "/s/welcome")


def seat(page: Page) -> None:
    """The tablet in the hands of a client who has not begun. The desk's part, which other journeys press through, is
    sent without a screen; from the hand-over on the tablet has that cookie."""
    here = page.request.get("/health").url
    desk = Visitor(urlsplit(here).netloc)
    desk.go("/sign-in")
    caseload = desk.send("/sign-in", login="maya", password=PASSWORD)
    for client in [link for link in caseload.links if re.fullmatch("/desk/clients/(?!new)[^/]+", link)]:
        if f"Give {SORTER} the tablet" in desk.go(client).words:
            break
    [giving] = [link for link in desk.page.links if link.endswith("/hand-over")]
    desk.go(giving)
    desk.send(giving)
    page.context.add_cookies([{"name": name, "value": value, "url": here} for name, value in desk.cookies.items()])
    page.goto("/s/welcome")
    press(page, "Start", "/s/say")
    page.goto("/s/card/1")


def chosen(page: Page, answer: str) -> Locator:
    return page.locator(f"[name=answer][value={answer}]")


def rate(page: Page, under: str, answers: list[str]) -> None:
    """Rate the cards from the first on, with Next after each, up to the card after them or the order."""
    for place, answer in enumerate(answers, 1):
        at(page, f"{under}/card/{place}")
        chosen(page, answer).click()
        expect(chosen(page, answer)).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
        last = place == CARDS
        press(page, "Next" if last else "Next card", f"{under}/order" if last else f"{under}/card/{place + 1}")


def rate_the_rest(page: Page, under: str, answers: list[str]) -> None:
    """Rate the cards after those that were rated on the screen, without it, and go to the order."""
    here = urlsplit(page.url)
    visitor = Visitor(here.netloc)
    visitor.cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    for place, answer in enumerate(answers, CARDS - len(answers) + 1):
        visitor.go(f"{under}/card/{place}")
        visitor.send(f"{under}/card/{place}", answer=answer)
    page.goto(f"{under}/order")


def order(page: Page) -> list[str]:
    """The cards' ids as the page shows them placed."""
    return [card.get_attribute("data-card") or "" for card in page.locator("[data-card]").all()]


def offered(page: Page) -> list[str]:
    """The ids of the cards that can still be placed."""
    return [button.get_attribute("value") or "" for button in page.locator("[name=add]").all()]


def finish(page: Page) -> None:
    page.goto("/s/check")
    press(page, "These are right. I’ve finished", "/s/done")


def take_back(page: Page) -> None:
    """The keyworker's PIN, and on to sitting together."""
    press(page, "For the keyworker: take the tablet back", "/s/back")
    page.get_by_label("PIN").fill(PIN)
    press(page, "Look at it together", "/together/.*")
