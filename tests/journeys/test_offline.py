"""A tablet that loses its network in mid-sort goes on, through a reload too, and sends everything when it returns."""

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser import check_accessible
from tests.journeys.device import device
from tests.journeys.presses import MAYBE, NOT_NOW, YES, at, chosen, named, press, seat

CARDS = 24
GONE = (
    """Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()]).then((left) => !left.flat().length)"""
)


def until(page: Page, holds: str) -> None:
    """Wait until a promise of the page comes true."""
    ends = time.monotonic() + 20
    while not page.evaluate(holds):
        assert time.monotonic() < ends, holds
        time.sleep(0.05)


def state(page: Page, says: str) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", says)


def said(page: Page) -> Locator:
    """The one of all its sayings that the bar shows."""
    return page.locator("[data-saved] > [data-when]:visible")


def kept(page: Page) -> list[str]:
    """What the worker has put by."""
    found = page.evaluate(
        """async () => {
          const names = await caches.keys();
          const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
          return requests.flat().map((request) => new URL(request.url).pathname);
        }"""
    )
    return sorted(found)


def unsent(page: Page) -> Any:
    """What waits on the device."""
    return json.loads(page.evaluate("localStorage.getItem('unsent')") or "null")


def offline(page: Page) -> None:
    """No network. A page that has just come is told a little late, so what it posts is held up as well."""
    page.context.route("**/s/**", _no_post)
    page.context.set_offline(True)


def online(page: Page) -> None:
    page.context.unroute("**/s/**", _no_post)
    page.context.set_offline(False)


def _no_post(route: Route) -> None:
    if route.request.method == "POST":
        route.abort("internetdisconnected")
    else:
        route.continue_()


@pytest.fixture
def ready(tablet: Page) -> Page:
    """A tablet with a sort under way that has put by what it needs."""
    seat(tablet)
    chosen(tablet, YES).click()
    state(tablet, "saved")
    until(tablet, f"caches.match('/s/blank/{CARDS}').then(Boolean)")
    tablet.reload()
    until(tablet, "navigator.serviceWorker.controller !== null")
    return tablet


@pytest.mark.promise("P25")
def test_offline_and_back_through_a_reload(ready: Page) -> None:
    page = ready
    offline(page)
    chosen(page, MAYBE).click()
    state(page, "offline")
    expect(said(page)).to_have_text("No internet. Not saved yet. Keep this page open.")
    for place, answer in ((2, NOT_NOW), (3, YES)):
        press(page, "Next card", f"/s/card/{place}")
        expect(page.locator("main")).to_contain_text("no internet")
        assert page.locator("[aria-pressed=true]").count() == 0
        chosen(page, answer).click()
        state(page, "offline")
    check_accessible(page)
    page.reload()
    expect(chosen(page, YES)).to_have_attribute("aria-pressed", "true")
    assert [one["alias"] for one in unsent(page)["waiting"]] == ["1:1", "2:2", "3:0"]
    page.goto("/s/order")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no internet right now")
    press(page, "Back to the cards", "/s/card/1")
    expect(chosen(page, MAYBE)).to_have_attribute("aria-pressed", "true")
    online(page)
    state(page, "saved")
    assert unsent(page)["waiting"] == []
    for place, answer in ((1, MAYBE), (2, NOT_NOW), (3, YES)):
        page.goto(f"/s/card/{place}")
        expect(chosen(page, answer)).to_have_attribute("aria-pressed", "true")


def test_only_blank_cards_and_the_shell_are_put_by(ready: Page) -> None:
    put_by = kept(ready)
    blanks = {"/s/blank", *(f"/s/blank/{place}" for place in range(1, CARDS + 1))}
    assert {path for path in put_by if not path.startswith("/static/")} == blanks
    pressed = ready.evaluate(
        """async () => {
          const pages = await Promise.all((await caches.keys()).map(async (name) => {
            const cache = await caches.open(name);
            return Promise.all((await cache.keys()).map(async (key) => (await cache.match(key)).text()));
          }));
          return pages.flat().filter((text) => text.includes('aria-pressed="true"')).length;
        }"""
    )
    assert pressed == 0
    assert ready.locator("link[rel=manifest]").count() == 0


def test_words_are_never_kept_on_the_device_and_their_page_says_so(ready: Page) -> None:
    ready.goto("/s/words")
    offline(ready)
    box = ready.locator("[name=what_matters]")
    box.press_sequentially("My mornings")
    expect(said(ready)).to_have_text("Not saved yet. Keep this page open.")
    box.blur()
    state(ready, "offline")
    named(ready, "Order").click()
    at(ready, "/s/words")
    assert "mornings" not in ready.evaluate("JSON.stringify(localStorage)")
    online(ready)
    at(ready, "/s/order")
    ready.goto("/s/words")
    expect(box).to_have_value("My mornings")


@pytest.mark.parametrize("goes", ["leave", "finish"])
def test_nothing_stays_on_the_device_after_the_client_has_left(ready: Page, goes: str) -> None:
    assert kept(ready) != []
    if goes == "leave":
        named(ready, "Leave this page").click()
        expect(ready.locator("[data-page=card]")).to_have_count(0)
        ready.goto("/health-of-nobody")
    else:
        ready.goto("/s/check")
        press(ready, "These are right. I’ve finished", "/s/done")
    until(ready, GONE)
    assert unsent(ready) is None


def test_half_an_hour_without_a_touch_wipes_what_waits_and_asks_before(ready: Page) -> None:
    ready.clock.install()
    ready.reload()
    offline(ready)
    chosen(ready, MAYBE).click()
    state(ready, "offline")
    question = ready.get_by_role("heading", name="Are you still there?")
    expect(question).to_have_count(0)
    ready.clock.fast_forward("28:10")
    expect(question).to_be_visible()
    ready.get_by_role("button", name="I’m still here").click()
    expect(question).to_have_count(0)
    assert len(unsent(ready)["waiting"]) == 1
    ready.clock.fast_forward("28:10")
    expect(question).to_be_visible()
    ready.clock.fast_forward("02:00")
    expect(ready.get_by_role("heading", name="You were away for a while")).to_be_visible()
    until(ready, GONE)
    assert unsent(ready) is None


def test_killed_browser_leaves_no_unsent_answer_and_the_bar_said_to_keep_the_page(
    chrome: Browser, address: str, tmp_path: Path
) -> None:
    """The seat's cookie ends with the browser, and what was not sent goes with it: that is why the page says so."""
    with device(chrome, tmp_path / "profile", address) as context:
        page = context.pages[0]
        seat(page)
        chosen(page, YES).click()
        state(page, "saved")
        offline(page)
        chosen(page, MAYBE).click()
        expect(said(page)).to_have_text("No internet. Not saved yet. Keep this page open.")
        assert len(unsent(page)["waiting"]) == 1
        page.wait_for_timeout(1000)
        kill(tmp_path / "profile")
    with device(chrome, tmp_path / "profile", address) as context:
        page = context.pages[0]
        page.goto("/s/card/1")
        at(page, "/away")
        page.wait_for_function("localStorage.getItem('unsent') === null")  # by the page's second request


def kill(profile: Path) -> None:
    """End the browser of this profile at once, as a flat battery does."""
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"--user-data-dir={profile}".encode() in line.read_bytes().split(b"\0"):
                os.kill(int(line.parent.name), signal.SIGKILL)


def test_the_tablet_is_not_given_back_before_all_is_sent_or_let_go(ready: Page) -> None:
    page = ready
    page.goto("/s/back")
    page.route("**/s/card/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.evaluate(
        """() => {
          const held = JSON.parse(localStorage.getItem('unsent'));
          held.waiting = [{ alias: "4:1", id: "a-choice-not-sent-yet", number: 0, at: Date.now() }];
          localStorage.setItem('unsent', JSON.stringify(held));
        }"""
    )
    page.reload()
    page.get_by_label("PIN").fill("000000")
    named(page, "Go to my client list").click()
    expect(page.get_by_role("heading", name="Some choices are not sent yet")).to_be_visible()
    at(page, "/s/back")
    named(page, "Delete them").click()
    assert unsent(page)["waiting"] == []
    expect(page.get_by_role("heading", name="Some choices are not sent yet")).to_have_count(0)
