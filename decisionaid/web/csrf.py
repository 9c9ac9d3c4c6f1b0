"""Forms are taken only from pages that this browser was given, and a form says whose page it stood on.

A token holds three things under a fresh mask, so that a compressed page tells nothing of them (BREACH): the page on
which the form stood; a label for the seat, round and person that it was drawn for; and a seal over both, made with the
cookie that the browser holds. The seal alone lets a form take effect. The mask, which no other form has, names the form
as it was drawn, so that a press counts once. The gate checks every request that can change something.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request

from decisionaid.casework import drafts
from decisionaid.casework.presses import Press
from decisionaid.casework.seats import Seated

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
VISIT = "visit"
LENGTH = 32
"""Bytes of the mask, and of the seal."""

LABEL = 16


class FormElsewhere(Exception):
    """The form was drawn for another seat, round or person, or has no token: it takes no effect."""


class ForeignForm(Exception):
    """The form came from another site."""


@dataclass(frozen=True)
class Sent:
    """What the token of a form says."""

    seal: bytes = b""
    label: bytes = b""
    page: str = ""
    operation: str = ""
    """A name for the form as it was drawn: no other form has it, not even the same one drawn again."""

    def is_from(self, cookie: str) -> bool:
        """Whether it was drawn for the browser that holds this cookie."""
        return hmac.compare_digest(self.seal, _seal(cookie, self.label, self.page))

    def is_of(self, seat: Seated) -> bool:
        """Whether it was drawn for this person, kind of seat and round, though perhaps before a new sign-in or PIN."""
        return hmac.compare_digest(self.label, _label(seat, self.page))


def init_app(app: Flask) -> None:
    app.jinja_env.globals["csrf_token"] = token
    app.after_request(_keep_visit)


def token() -> str:
    """The masked token for a form on this page."""
    mask, label = secrets.token_bytes(LENGTH), _label(g.get("seat"), request.path)
    inside = _seal(_cookie(), label, request.path) + label + request.path.encode()
    return base64.urlsafe_b64encode(mask + _masked(inside, mask)).decode()


def check_site() -> None:
    """Raise ForeignForm for another site's form. A browser that says nothing of it is held to the token alone."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_ours = origin is None or origin == request.host_url.rstrip("/")
    if not (is_ours if site is None else site in ("same-origin", "none")):
        raise ForeignForm


def sent() -> Sent:
    """What the token of this request says; one that cannot be read says nothing."""
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    try:
        raw = base64.urlsafe_b64decode(given.encode())
        inside = _masked(raw[LENGTH:], raw[:LENGTH])
        label, page = inside[LENGTH : LENGTH + LABEL], inside[LENGTH + LABEL :].decode()
        return Sent(inside[:LENGTH], label, page, hashlib.sha256(raw[:LENGTH]).hexdigest()[:LENGTH])
    except ValueError:
        return Sent()


def is_this_browsers(form: Sent) -> bool:
    """Whether the form was drawn for who is before the screen now."""
    return form.is_from(_cookie())


def press(form: Sent, seat: Seated) -> Press:
    """This press: the form as it was drawn, and a digest of what it sends.

    The digest is keyed with the cookie, which is stored nowhere, so that nobody can try a PIN against it.
    """
    fields = [field for field in request.form.items(multi=True) if field[0] != FIELD]
    asked = json.dumps([request.full_path, *fields]).encode()
    key = hashlib.sha256(b"press:" + _cookie().encode()).digest()
    return Press(seat.service_id, form.operation, hmac.digest(key, asked, "sha256").hex(), form.page)


def _seal(cookie: str, label: bytes, page: str) -> bytes:
    key = hashlib.sha256(b"form:" + cookie.encode()).digest()
    return hmac.digest(key, label + page.encode(), "sha256")


def _label(seat: Seated | None, page: str) -> bytes:
    """Whose form it is, in a few bytes that only the server can make; before a sign-in it is nobody's."""
    if seat is None:
        return bytes(LABEL)
    whose = drafts.owner(seat)
    parts = (whose.service_id, whose.staff_id, whose.kind, whose.round_id, whose.seat_hash, page)
    return hmac.digest(seat.form_key, "\n".join(map(str, parts)).encode(), "sha256")[:LABEL]


def _masked(inside: bytes, mask: bytes) -> bytes:
    stream = hashlib.shake_256(mask).digest(len(inside))
    return bytes(a ^ b for a, b in zip(inside, stream, strict=True))


def _cookie() -> str:
    return str(g.get("token") or _visit())


def _visit() -> str:
    """A random value that stands in for a session before anyone has signed in."""
    if "visit" not in g:
        g.visit = request.cookies.get(VISIT) or secrets.token_urlsafe(24)
        g.visit_is_new = VISIT not in request.cookies
    return str(g.visit)


def _keep_visit(response: Response) -> Response:
    if g.get("visit_is_new"):
        secure = bool(current_app.config["SECURE_COOKIES"])
        response.set_cookie(VISIT, g.visit, httponly=True, samesite="Strict", secure=secure)
    return response
