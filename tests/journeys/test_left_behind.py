"""P03: once a client has finished, the browser holds none of the words they typed, open or closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import weakened
from tests.journeys.device import device
from tests.journeys.left_behind import history, words_in
from tests.journeys.presses import SORTER, at, finish, press
from tests.journeys.test_hand_over import settled, to_client, to_desk
from tests.promises import telling

TYPED = [
    *("Amberlight", "Bramblewood", "Cinderpath", "Dovecotes", "Elderwyrm", "Foxtrotter", "Gossamers", "Hollowbrook"),
    *("Ivorytower", "Juniperus", "Kestrelwing", "Larkspurs", "Mosslands", "Nettlebeds", "Oakenshaw", "Pebblestone"),
    *("Quarryman", "Rookeries", "Silverbirch", "Tanglewood"),
]
"""Twenty words: ten cards of their own, seven in other fields, and three typed and not sent."""

KEPT = """async () => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}, await caches.keys(),
  (await indexedDB.databases()).map((each) => each.name), navigator.serviceWorker?.controller?.scriptURL ?? ""])"""
EVERYTHING = (
    *(weakened.no_store, weakened.autocomplete, weakened.sweep),
    *(weakened.without("pagehide"), weakened.without("epoch")),
)
SECOND = "Umberfield"
"""Typed in a second tab, and not sent."""


def type_all(page: Page) -> None:
    """All words, as a client would: most are sent, and three stay in their fields."""
    press(page, "Start", "/s/say")
    words = iter(TYPED)
    for _ in range(9):
        page.goto("/s/own")
        page.locator("[name=title]").fill(next(words))
        press(page, "Add this card", "/s/card/[0-9]+")
    for path in ("/s/ask", "/s/ask/1", "/s/ask/2", "/s/ask/3", "/s/ask/4", "/s/ask/5", "/s/ask/6"):
        send(page, path, "words", next(words))
    send(page, "/s/words", "what_matters", next(words))
    for path, name in (("/s/own", "title"), ("/s/ask", "words"), ("/s/ask/7", "words")):
        page.goto(path)
        page.locator(f"main [name={name}]").first.fill(next(words))


def send(page: Page, path: str, name: str, word: str) -> None:
    page.goto(path)
    page.locator(f"main [name={name}]").first.fill(word)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator(f"main form:has([name={name}]) button:not([aria-pressed])").first.click()
    page.goto(path)
    assert word in page.content()


@contextmanager
def finished(chrome: Browser, profile: Path, address: str, *missing: weakened.Weaken) -> Iterator[BrowserContext]:
    """The tablet back at the desk after a client has typed all that and finished."""
    with weakened.way(address, *missing) as way, device(chrome, profile, way) as context:
        page = context.pages[0]
        to_client(page)
        type_all(page)
        tab = context.new_page()
        tab.goto("/s/cards")
        assert TYPED[0] in tab.content()
        tab.goto("/s/words")
        tab.locator("[name=what_matters]").fill(SECOND)
        finish(page)
        to_desk(page)
        settled(page)
        yield context


@pytest.mark.promise("P03")
def test_the_browser_keeps_none_of_the_words(chrome: Browser, address: str, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with finished(chrome, profile, address) as context:
        held = context.pages[0].evaluate(KEPT) + str(context.cookies())
        assert [word for word in (*TYPED, SECOND) if word in held] == []
        tab = context.pages[1]
        at(tab, "/desk/")
        assert [word for word in (*TYPED, SECOND) if word in tab.content()] == []
    assert words_in(profile, (*TYPED, SECOND)) == {}
    files = sum(path.is_file() for path in profile.rglob("*"))
    print(f"P03: {len(TYPED)} words in {files} files of the closed profile: 0")
    history_tells_nothing(profile)


def history_tells_nothing(profile: Path) -> None:
    """No address and no title that the browser remembers holds a name or a telling word; the client's hold no id."""
    kept = [(url.removeprefix("http://").partition("/")[2], title) for url, title in history(profile)]
    among = [*telling.every_word(), *(word.lower() for word in (*TYPED, SORTER, "Rahman", "Maya", "Osei"))]
    assert [told for url, title in kept if (told := telling.told(f"{url} {title}", among))] == []
    clients = [url for url, _ in kept if url.startswith("s/")]
    assert len(clients) > 9, "control: the client's pages are not in the history that was read"
    assert [url for url in clients if any(len(part) > 12 for part in url.split("/"))] == []


@pytest.mark.promise("P03")
def test_control_with_everything_off_the_words_stay_behind(chrome: Browser, address: str, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with finished(chrome, profile, address, *EVERYTHING):
        pass
    found = words_in(profile, TYPED)
    assert len(found) > 9, f"control: {found}"
