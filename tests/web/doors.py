"""Coming in by the real door: signing in over the sign-in page."""

from flask import Flask

from tests.builders import PASSWORD, PIN
from tests.police import Police

NEW_PASSWORD = "another long password"
NEW_PIN = "135791"


def browser(app: Flask) -> Police:
    """A browser that nobody has used yet."""
    found = app.test_client()
    assert isinstance(found, Police)
    return found


def sign_in(app: Flask, login: str = "maya", password: str = PASSWORD) -> Police:
    """The browser of somebody who has signed in."""
    desk = browser(app)
    desk.send("/sign-in", login=login, password=password)
    return desk


def lock(desk: Police, area: str = "/desk") -> None:
    """Press "Lock the desk"."""
    desk.send(f"{area}/account", f"{area}/lock")


def unlock(desk: Police, pin: str = PIN, *, status: int = 303, area: str = "/desk") -> None:
    """Type a PIN at the locked desk."""
    desk.send(f"{area}/locked", pin=pin, status=status)
