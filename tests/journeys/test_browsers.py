"""A browser that hangs costs one test some seconds, and not the whole run its end."""

import os
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests import browser
from tests.browser import close, shell


def test_a_browser_that_does_not_say_that_it_has_closed_is_ended(
    browsers: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "CLOSED_WITHIN", 0.5)
    stuck = browsers(shell())
    page = stuck.new_page()
    for process in browser.ours():
        os.kill(process, signal.SIGSTOP)
    close(page.context)
    assert not stuck.is_connected()
    fresh = browsers(shell()).new_page()
    assert fresh.title() == ""
    close(fresh.context)
