"""Coming in by the real door: signing in over the sign-in page."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.test import Cookie

from tests.builders import PASSWORD, PIN, Case
from tests.once import once
from tests.police import Police, parsed

Cookies = dict[tuple[str, str, str], Cookie]

NEW_PASSWORD = "another long password"
NEW_PIN = "135791"


STEPS: dict[str, Any] = {
    "password": NEW_PASSWORD,
    "password_again": NEW_PASSWORD,
    "pin": NEW_PIN,
    "pin_again": NEW_PIN,
}


def browser(app: Flask) -> Police:
    """A browser that nobody has used yet."""
    found = app.test_client()
    assert isinstance(found, Police)
    return found


def sign_in(app: Flask, login: str = "maya", password: str = PASSWORD) -> Police:
    """The browser of somebody who has signed in."""

    def held() -> Cookies:
        desk = browser(app)
        desk.send("/sign-in", login=login, password=password)
        return cookies(desk)

    return holding(app, once(app.extensions["database"], held, login, password, repr(app.config)))


def sat_once(make: Callable[..., Police], app: Flask, case: Case, *args: object) -> Police:
    """The browser that `make(app, case, *args)` gives, with all that it did; done for the first test that asks."""

    def held() -> tuple[Cookies, dict[str, Any]]:
        return cookies(make(app, case, *args)), case.known()

    found, known = once(case.database, held, make, args, repr(sorted(case.known().items())))
    case.learn(known)
    return holding(app, found)


def cookies(held_by: Police) -> Cookies:
    """Whatever this browser sends along."""
    return dict(held_by._cookies or {})


def holding(app: Flask, held: Cookies) -> Police:
    """A browser that sends these along."""
    found = browser(app)
    found._cookies = dict(held)
    return found


def lock(desk: Police, area: str = "/desk") -> None:
    """Press "Lock"."""
    desk.send(f"{area}/account", f"{area}/lock")


def unlock(desk: Police, pin: str = PIN, *, status: int = 303, area: str = "/desk") -> None:
    """Type a PIN at the locked desk."""
    desk.send(f"{area}/locked", pin=pin, status=status)


def errors(response: Any) -> list[tuple[str, str]]:
    """What the summary says, each with the field that it links to (which must be on the page)."""
    page = parsed(response)
    found = []
    for link in page.select("[data-error-summary] a"):
        field = str(link["href"]).removeprefix("#")
        assert page.find(id=field) is not None, f"the summary links to #{field}, which is not there"
        found.append((field, link.get_text(strip=True)))
    assert page.title is not None
    assert ("Error:" in page.title.get_text()) == bool(found)
    return found
