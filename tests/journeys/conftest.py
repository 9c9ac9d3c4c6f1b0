"""What all journeys share: the demonstration made once and copied, a server of the test's own, and two browsers."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect

from decisionaid.demonstration import prepare
from tests.browser import CHROMIUM_FLAGS, chromium, close, shell
from tests.forked import served

PATIENCE = 30_000
"""Milliseconds that a press may take to be answered where other tests have the machine."""

expect.set_options(timeout=PATIENCE)

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's database, made once, by whichever of the processes that run tests comes first."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    path = folder / "demonstration.db"
    with (folder / "demonstration.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not path.exists():
            prepare(path)
    return path


@pytest.fixture
def address(demonstration: Path, tmp_path: Path) -> Iterator[str]:
    """A server over this test's own copy of the demonstration."""
    copy = tmp_path / demonstration.name
    shutil.copy(demonstration, copy)
    with served(copy) as address:
        yield address


@pytest.fixture(scope="session")
def browsers(playwright: Playwright) -> Iterator[Callable[[str], Browser]]:
    """Gives the one running browser of a program; started where there is none, or the last was ended."""
    running: dict[str, Browser] = {}

    def browser(program: str) -> Browser:
        if program not in running or not running[program].is_connected():
            running[program] = playwright.chromium.launch(
                executable_path=program,
                args=CHROMIUM_FLAGS,
                # Pages that the browser keeps for Back are what a journey wants to see.
                ignore_default_args=["--disable-back-forward-cache"],
            )
        return running[program]

    yield browser
    for each in running.values():
        close(each)


@pytest.fixture
def chrome(browsers: Callable[[str], Browser]) -> Browser:
    """One Chromium for all journeys; each page of a test has a context, and so cookies, of its own."""
    return browsers(shell())


@pytest.fixture
def windowed_chrome(browsers: Callable[[str], Browser]) -> Browser:
    """The whole browser, for journeys that ask what it keeps of a page that was left."""
    return browsers(chromium())


@pytest.fixture
def window(chrome: Browser) -> Iterator[Page]:
    """A page that a test shows what it likes, without a server; see `screen`."""
    context = chrome.new_context()
    yield context.new_page()
    close(context)


@pytest.fixture
def new_page(chrome: Browser, address: str) -> Iterator[NewPage]:
    """Makes a page in a context of its own, on this test's server; takes what `Browser.new_context` takes."""
    contexts: list[BrowserContext] = []

    def made(**options: object) -> Page:
        context = chrome.new_context(**{"base_url": address, "locale": "en-GB", **options})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield made
    for context in contexts:
        for page in context.pages:
            with suppress(Error):  # on its way to another page it is slow to close
                page.wait_for_load_state(timeout=2_000)
        close(context)


@pytest.fixture
def tablet(new_page: NewPage) -> Page:
    """The tablet that goes from hand to hand."""
    return new_page(viewport={"width": 820, "height": 1180}, has_touch=True)


@pytest.fixture
def desk(new_page: NewPage) -> Page:
    """The keyworker's own screen."""
    return new_page(viewport={"width": 1280, "height": 900})
