"""Texts of together and the desk, in Chromium, by keyboard: what is typed is saved, or kept for who typed it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Request, Route, expect

from decisionaid.demonstration import PIN
from tests.browser import check_accessible
from tests.journeys.presses import at, named, open_client, sign_in

OTHER = "Jo"
"""Of the demonstration: both have finished, and the talk can begin."""

MARK = "Thistledown"
PART = "/together/plan/support"
BOX = "[name=aftercare]"


@pytest.fixture
def table(desk: Page) -> Page:
    """The two before a text of their plan."""
    sign_in(desk)
    to_table(desk)
    desk.goto(PART)
    return desk


def to_table(page: Page) -> None:
    open_client(page, OTHER)
    page.locator('form[action$="/together"] button').first.click()
    at(page, "/together/.*")
    if named(page, "This is what I chose").count():
        named(page, "This is what I chose").click()
    page.goto("/together/goals")
    if not page.locator(".goal-list").count():
        page.locator("[name=title]").fill("Walk more")
        named(page, "Add this goal").click()
        at(page, "/together/goal/1")


def type_words(page: Page, words: str = MARK, box: str = BOX) -> None:
    """With the keyboard, into the end of a field."""
    page.locator(box).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def state(page: Page, says: str) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", says)


def held(page: Page, path: str = PART, box: str = BOX) -> str:
    """What the server holds, asked as from another tab."""
    shown = page.request.get(path).text()
    found = re.search(rf'name="{box[6:-1]}"[^>]*>\n([^<]*)<', shown)
    assert found, shown[:2000]
    return found[1]


def slow(page: Page) -> list[str]:
    """Answers to what is typed come late; returns what was sent."""
    sent: list[str] = []

    def late(route: Route) -> None:
        if "x-typed" in route.request.headers:
            sent.append(route.request.post_data or "")
            page.wait_for_timeout(300)
        route.continue_()

    page.route("**/together/**", late)
    return sent


def cut(page: Page) -> Callable[[], None]:
    """No server answers a press; returns what brings it back."""

    def nobody(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("connectionrefused")
        else:
            route.continue_()

    page.context.route("**/*", nobody)
    return lambda: page.context.unroute("**/*", nobody)


def test_text_is_saved_after_a_pause_and_says_so_only_then(table: Page) -> None:
    sent = slow(table)
    type_words(table)
    state(table, "typed")
    state(table, "saved")
    assert len(sent) == 1 and held(table) == MARK
    type_words(table, " down")
    table.keyboard.press("Tab")
    state(table, "saved")
    assert held(table) == f"{MARK} down"
    check_accessible(table)


@pytest.mark.parametrize("way", ["Our plan", "Take a break"])
def test_header_link_at_the_worst_moment_takes_the_text_along(table: Page, way: str) -> None:
    slow(table)
    order: list[str] = []
    table.on("response", lambda answer: order.append("saved") if answer.request.method == "POST" else None)
    table.on("request", lambda asked: order.append("left") if asked.is_navigation_request() else None)
    type_words(table)
    link = table.locator(".page-head").get_by_role("link", name=way)
    link.focus()
    table.keyboard.press("Enter")
    at(table, "/together/(plan|break)")
    assert held(table) == MARK
    assert order[:2] == ["saved", "left"]


def test_letter_that_cannot_be_printed_is_named_where_it_was_typed(table: Page) -> None:
    note = table.locator("#aftercare-letters")
    table.locator(BOX).fill("Mind \ue000 this")
    expect(note).to_have_text("On paper “\ue000” cannot be drawn. It prints as “[U+E000]”.")
    expect(table.locator(BOX)).to_have_attribute("aria-describedby", "aftercare-letters")
    assert held(table) == "Mind \ue000 this"
    table.locator(BOX).fill("Mind this")
    expect(note).to_be_empty()


def test_link_pressed_by_mouse_in_mid_word_takes_the_text_along(table: Page) -> None:
    type_words(table)
    table.locator(".page-head").get_by_role("link", name="Our plan").click()
    at(table, "/together/plan")
    assert held(table) == MARK


def test_bar_button_after_a_save_under_way_meets_no_newer_text(table: Page) -> None:
    slow(table)
    type_words(table)
    table.keyboard.press("Tab")  # the first is on its way
    type_words(table, " too")
    named(table, "Save").click()
    at(table, "/together/plan")
    assert held(table) == f"{MARK} too"


def test_back_saves_on_the_way_out(table: Page) -> None:
    type_words(table)
    table.go_back()
    expect(table.locator("h1")).not_to_contain_text("Support")
    table.wait_for_timeout(500)
    assert held(table) == MARK


def test_step_in_mid_typing_is_there_after_all_goals(table: Page) -> None:
    table.goto("/together/goal/1")
    if not table.locator("[name=step-what]").is_visible():
        table.get_by_text("Add a step", exact=True).click()
    type_words(table, box="[name=step-what]")
    type_words(table, " It helps", box="[name=why]")
    table.locator(".page-head").get_by_role("link", name="All goals").click()
    at(table, "/together/goals")
    table.goto("/together/goal/1")
    expect(table.locator("[name=step-what]")).to_have_value(MARK)
    assert table.locator("[name=why]").input_value().endswith(" It helps")


def test_server_that_is_gone_leaves_the_text_on_the_page(table: Page) -> None:
    back = cut(table)
    type_words(table)
    state(table, "unsaved")
    expect(table.locator("[data-saved]")).to_contain_text("Not saved yet")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    table.on("dialog", stay)
    table.locator(".page-head").get_by_role("link", name="Our plan").click()
    table.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    at(table, PART)
    assert table.locator(BOX).input_value() == MARK
    back()
    state(table, "saved")
    assert held(table) == MARK


def test_offline_asks_before_the_page_goes(table: Page) -> None:
    type_words(table)
    table.context.set_offline(True)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    table.on("dialog", stay)
    table.evaluate("location.reload()")
    table.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert table.locator(BOX).input_value() == MARK
    table.context.set_offline(False)
    state(table, "saved")
    assert held(table) == MARK


def test_leaving_hides_at_once_and_saves_what_was_typed(table: Page) -> None:
    slow(table)
    type_words(table)
    named(table, "Leave this page").click()
    expect(table.locator("h1")).to_have_text("This page is closed")
    at(table, "/away")
    table.wait_for_timeout(1500)
    sign_in(table)
    to_table(table)
    assert held(table) == MARK


def test_lock_in_mid_typing_gives_the_words_back_after_the_pin(desk: Page) -> None:
    sign_in(desk)
    open_client(desk, OTHER)
    details = f"{desk.url}/details"
    desk.goto(details)
    other = desk.context.new_page()
    other.goto("/desk/")
    type_words(desk, box="[name=contact_note]")
    named(other, "Lock").click()
    at(desk, "/desk/locked")
    desk.bring_to_front()
    desk.get_by_label("PIN").fill(PIN)
    named(desk, "Unlock").click()
    at(desk, "/desk/.*")
    desk.goto(details)
    assert desk.locator("[name=contact_note]").input_value().endswith(MARK)


def test_no_pin_is_sent_by_typing(table: Page) -> None:
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.post_data or "")

    table.on("request", note)
    table.goto("/together/safe")
    table.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    table.locator("[type=password]").first.focus()
    table.keyboard.type("246813")
    type_words(table, box="[name=risk-risk]")
    state(table, "typed")
    table.wait_for_timeout(1500)
    assert sent and not [body for body in sent if "246813" in body]


def test_control_without_the_script_the_header_link_loses_the_text(table: Page) -> None:
    table.route("**/typed-*.js", lambda route: route.abort())
    table.goto(PART)
    type_words(table)
    table.locator(".page-head").get_by_role("link", name="Our plan").click()
    at(table, "/together/plan")
    assert held(table) == ""
