"""The request after a change of hands: it tells the browser to drop what it kept of whoever was here before.

The answer that changes the seat comes too early for that: the page it leaves is kept for "Back" only once the next one
stands. So that answer leaves a short-lived cookie, the page that follows asks for one picture that cannot be seen, and
the picture's answer clears. A picture is fetched without script, too.
"""

from typing import Any

from flask import Flask, Response, current_app, g, request

from decisionaid.web.request import is_taken

CLEARS = '"cache", "storage"'
"""What the browser is told to drop (Clear-Site-Data). Cookies stay: one of them is the new seat."""

WAITS = 60
"""Seconds in which the next page may ask. Later, what a device keeps may already be the new person's, not yet sent."""

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def init_app(app: Flask) -> None:
    app.jinja_env.globals["sweeping"] = sweeping
    app.after_request(_leave_word)


def ask() -> None:
    """Have this page or the next one sweep, though the seat's cookie stays what it is (a locked desk)."""
    g.sweep = True


def sweeping() -> bool:
    """Whether this page follows a change of hands."""
    return _name() in request.cookies or bool(g.get("sweep"))


def picture() -> Response:
    """An empty picture. Only who comes with the cookie is swept, which no other site can have sent."""
    answer = Response(PICTURE, mimetype="image/svg+xml")
    if _name() in request.cookies:
        answer.headers["Clear-Site-Data"] = CLEARS
        answer.delete_cookie(_name(), **_kept())
    return answer


def _leave_word(response: Response) -> Response:
    changed = (g.get("new_token") or g.get("stood_up")) and is_taken(response)
    if changed or g.get("sweep"):
        response.set_cookie(_name(), "1", max_age=WAITS, **_kept())
    return response


def _name() -> str:
    return "__Host-sweep" if current_app.config["SECURE_COOKIES"] else "sweep"


def _kept() -> dict[str, Any]:
    secure = bool(current_app.config["SECURE_COOKIES"])
    return {"path": "/", "httponly": True, "samesite": "Strict", "secure": secure}
