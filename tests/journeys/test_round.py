"""One whole round, pressed as two people press it. Pages that have something yet to be said are looked at by axe on the
way; `test_axe` looks at all as they are in the end."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from decisionaid.demonstration import PIN
from tests.journeys.presses import (
    CARDS,
    MAYBE,
    NOT_NOW,
    YES,
    at,
    hand_over,
    named,
    open_client,
    press,
    rate,
    rate_the_rest,
    sign_in,
    take_back,
)
from tests.web.together_table import days, in_days

CALLED = "Walter"
PRESSED = 6
"""So many cards each of the two rates on the screen."""
WORDS = "To wake up with a clear head."


@pytest.mark.in_turn(1)
def test_one_round_from_signing_in_to_the_printed_plan(desk: Page, tablet: Page) -> None:
    desk.goto("/sign-in")
    sign_in(desk)
    add_client(desk)
    keyworker_sorts(desk)
    sign_in(tablet)
    open_client(tablet, CALLED)
    named(tablet, f"Give {CALLED} the tablet").click()
    hand_over(tablet)
    client_sorts(tablet)
    client_chooses(tablet)
    client_finishes(tablet)
    take_back(tablet)
    compare(tablet)
    talk(tablet)
    agree(tablet)
    sign(tablet)
    paper_opens(tablet)
    back_to_desk(tablet)


def fill(page: Page, **values: str) -> None:
    """Type into the fields with these names."""
    for name, value in values.items():
        page.locator(f'main .box[name="{name}"]').fill(value)


def by_when(page: Page, from_now: int, field: str = "step-by_when") -> None:
    fill(page, **days(field, in_days(from_now)))


def add_client(desk: Page) -> None:
    press(desk, "Add a client", "/desk/clients/new")
    fill(desk, name="Walter Trial", preferred_name=CALLED, reference="WT-0001")
    press(desk, "Add this client", "/desk/clients/(?!new)[^/]+")


def keyworker_sorts(desk: Page) -> None:
    named(desk, "Start the first round").click()
    named(desk, "Do your own cards").click()
    press(desk, "Start", "/desk/rounds/[^/]+/sort/.*")
    sort = urlsplit(desk.url).path.partition("/sort/")[0] + "/sort"
    desk.goto(f"{sort}/card/1")
    answers = [YES if place % 3 == 1 else NOT_NOW for place in range(1, CARDS + 1)]
    rate(desk, sort, answers[:PRESSED])
    rate_the_rest(desk, sort, answers[PRESSED:])
    place_first(desk, 3)
    desk.goto(f"{sort}/check")
    press(desk, "Finish my cards", "/desk/.*")


def place_first(page: Page, count: int) -> None:
    for placed in range(1, count + 1):
        page.locator("[name=add]").first.click()
        expect(page.locator("[data-card]")).to_have_count(placed)


def client_sorts(tablet: Page) -> None:
    press(tablet, "Start", "/s/say")
    named(tablet, "Both of us together").click()
    press(tablet, "Next: the cards", "/s/card/1")
    answers = [YES if place % 4 == 1 else MAYBE for place in range(1, CARDS + 1)]
    rate(tablet, "/s", answers[:PRESSED])
    rate_the_rest(tablet, "/s", answers[PRESSED:])
    place_first(tablet, 3)
    press(tablet, "Next", "/s/words")


def client_chooses(tablet: Page) -> None:
    fill(tablet, what_matters=WORDS)
    press(tablet, "Next", "/s/words/1")
    fill(tablet, success="I sleep through.", why="I am tired.")
    press(tablet, "Next", "/s/words/2")
    press(tablet, "Next", "/s/words/3")
    press(tablet, "Next", "/s/goal.*")
    tablet.locator("[name=option][value=less]").click()
    press(tablet, "Next", "/s/safe.*")


def client_finishes(tablet: Page) -> None:
    tablet.goto("/s/check")
    expect(tablet.locator("main")).to_contain_text(WORDS)
    press(tablet, "These are right. I’ve finished", "/s/done")


def compare(tablet: Page) -> None:
    expect(tablet.locator("main")).to_contain_text(WORDS)
    press(tablet, "This is what I chose", "/together/.*")
    tablet.goto("/together/side-by-side")
    press(tablet, "The same as a table", "/together/table")


def talk(tablet: Page) -> None:
    press(tablet, "Picture", "/together/side-by-side")
    tablet.locator(".bottom-bar .button-main").click()
    at(tablet, "/together/card/1")
    fill(tablet, heard="Nights are the hardest.")
    named(tablet, "Yes, that’s it").click()
    expect(named(tablet, "Yes, that’s it")).to_have_attribute("aria-pressed", "true")
    tablet.locator("[name=outcome][value=client_choice]").click()
    expect(tablet.locator("#settled")).to_be_visible()


def agree(tablet: Page) -> None:
    tablet.goto("/together/goals")
    fill(tablet, title="Sleep through the night")
    press(tablet, "Add this goal", "/together/goal/1")
    fill(tablet, **{"step-what": "Ask the doctor", "step-who": CALLED})
    by_when(tablet, 7)
    named(tablet, "Add this step").click()
    expect(tablet.locator("#steps")).to_contain_text("Ask the doctor")
    tablet.goto("/together/choice")
    tablet.locator("[name=option][value=less]").check()
    press(tablet, "Save", "/together/safe")
    fill(tablet, **{"planned-with_whom": "Example Surgery"})
    by_when(tablet, 7, "planned-day")
    tablet.locator("button[formaction='/together/safe/planned']").click()
    expect(tablet.locator("main")).to_contain_text("Medical advice is planned with Example Surgery")


def sign(tablet: Page) -> None:
    press(tablet, "Our plan", "/together/plan")
    press(tablet, "Preview the plan", "/together/preview")
    press(tablet, "Next: sign", "/together/sign")
    for party, name in (("client", "Walter Trial"), ("keyworker", "Maya Osei")):
        asked = tablet.locator(f".view[data-party={party}]")
        asked.locator("[value=yes]").check()
        asked.locator(f"[name={party}-name]").fill(name)
        if party == "keyworker":
            asked.locator("[name=keyworker-pin]").fill(PIN)
        asked.get_by_role("button", name="Confirm").click()
        expect(asked.locator("form") if party == "client" else tablet.locator(".view form")).to_have_count(0)
    at(tablet, "/together/done")


def paper_opens(tablet: Page) -> None:
    form = tablet.locator("main form[action*='/together/print/']").first
    sent: dict[str, str | float | bool] = {"csrf_token": form.locator("[name=csrf_token]").input_value()}
    paper = tablet.request.post(form.get_attribute("action") or "", form=sent)
    assert paper.ok and paper.body().startswith(b"%PDF-")


def back_to_desk(tablet: Page) -> None:
    press(tablet, "Back to my client list", "/together/desk")
    tablet.get_by_label("PIN").fill(PIN)
    press(tablet, "Unlock", "/desk/")
