"""Forms are taken only from pages that this browser was given.

The secret is derived from the cookie that the browser holds, so nothing is stored; each page carries it under a
fresh mask, so that a compressed page tells nothing of it (BREACH). Checked in one place for every request that can
change something.
"""

import base64
import hashlib
import hmac
import secrets

from flask import Flask, Response, current_app, g, request

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
VISIT = "visit"
LENGTH = 32


class FormExpired(Exception):
    """The form's token is missing or belongs to another session; what was typed is offered to be sent again."""


class ForeignForm(Exception):
    """The form came from another site."""


def init_app(app: Flask) -> None:
    app.jinja_env.globals["csrf_token"] = token
    app.after_request(_keep_visit)


def token() -> str:
    """The masked token for a form on this page."""
    mask = secrets.token_bytes(LENGTH)
    masked = bytes(a ^ b for a, b in zip(mask, _secret(), strict=True))
    return base64.urlsafe_b64encode(mask + masked).decode()


def check() -> None:
    """Raise ForeignForm for another site's form, FormExpired for one without this browser's token."""
    if not _from_our_pages():
        raise ForeignForm
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not _unmasked_equals(sent):
        raise FormExpired


def _from_our_pages() -> bool:
    """What the browser says of where the form stood; a browser that says nothing is held to the token alone."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")


def _unmasked_equals(sent: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(sent.encode())
    except ValueError:
        return False
    if len(raw) != 2 * LENGTH:
        return False
    unmasked = bytes(a ^ b for a, b in zip(raw[:LENGTH], raw[LENGTH:], strict=True))
    return hmac.compare_digest(unmasked, _secret())


def _secret() -> bytes:
    holder = g.get("new_token") or g.get("token") or _visit()
    return hashlib.sha256(b"form:" + holder.encode()).digest()


def _visit() -> str:
    """A random value that stands in for a session before anybody has signed in."""
    if "visit" not in g:
        g.visit = request.cookies.get(VISIT) or secrets.token_urlsafe(24)
        g.visit_is_new = VISIT not in request.cookies
    return str(g.visit)


def _keep_visit(response: Response) -> Response:
    if g.get("visit_is_new"):
        secure = bool(current_app.config["SECURE_COOKIES"])
        response.set_cookie(VISIT, g.visit, httponly=True, samesite="Strict", secure=secure)
    return response
