"""Choices as the saving script sends them: each with its epoch, its number and its id."""

import re
import secrets
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.test import TestResponse

from tests.police import Police


@dataclass(frozen=True)
class Save:
    """One choice, and the page that it is made on."""

    path: str
    fields: dict[str, Any]
    epoch: str
    number: int
    csrf: str
    id: str = ""
    waited: int = 0

    def by(self, browser: Police, **changes: Any) -> TestResponse:
        """Send it, with these changes."""
        sent = replace(self, **changes)
        said = f"{sent.epoch} {sent.number} {sent.id} {sent.waited}"
        headers = {"X-Acknowledge": "1", "X-Operation": said}
        return browser.post(sent.path, data={**sent.fields, "csrf_token": sent.csrf}, headers=headers)


def save(browser: Police, path: str, *, page: str = "", **fields: Any) -> Save:
    """The next choice of this browser, as the page there would send it."""
    shown = browser.get(page or path).text
    epoch, number = re.findall(r'data-epoch="(\w+)" data-number="(\d+)"', shown)[0]
    csrf = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', shown)[0]
    return Save(path, fields, epoch, int(number) + 1, csrf, secrets.token_urlsafe(16))
