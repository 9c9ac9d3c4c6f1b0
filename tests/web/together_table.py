"""Sitting down together in tests: a browser in this seat, over a case at some point of the way."""

import subprocess
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from werkzeug.test import TestResponse

from decisionaid.casework import seats
from decisionaid.casework.seats import SeatKind
from decisionaid.core.sort import Party
from decisionaid.storage.models import Round
from tests.builders import NAMES, PIN, Case
from tests.clock import LONDON
from tests.police import Police, form_to, own_fields, parsed


def sit(app: Flask, case: Case) -> Police:
    """A browser at which the two sit together over the case's round."""
    now = datetime.now(UTC)
    with case.database.writing() as db:
        token = seats.open_desk(db, case.keyworker(db), now)
        db.flush()
        seat, _ = seats.seated(db, token, now) or (None, None)
        assert seat is not None
        token = seats.open_together(db, seat, db.get_one(Round, (case.service_id, case.round_id)), now)
    browser = app.test_client()
    browser.set_cookie("seat", token)
    assert isinstance(browser, Police)
    assert seat.kind is SeatKind.KEYWORKER
    return browser


def days(name: str, on: date) -> dict[str, str]:
    """A date as its three boxes are sent."""
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def in_days(number: int) -> date:
    """The date so many days from now, where the service is."""
    return datetime.now(LONDON).date() + timedelta(days=number)


def write(
    browser: Police, page_path: str, fields: dict[str, str] | None = None, *, to: str | None = None, status: int = 303
) -> TestResponse:
    """Send a form (by default the one that goes to the page itself) as a browser would, with these fields changed."""
    page = parsed(browser.get(page_path))
    target = to or page_path
    form, button = form_to(page, target)
    assert form is not None, f"{page_path}: no form goes to {target}"
    held: dict[str, str | list[str]] = {
        str(area["name"]): area.get_text().removeprefix("\n") for area in form.find_all("textarea")
    }
    for box in form.find_all("input", attrs={"name": True}):
        if box.get("type") not in ("radio", "checkbox") or box.has_attr("checked"):
            held[str(box["name"])] = str(box.get("value", ""))
    changed = fields or {}
    held["drawn"] = [str(box["value"]) for box in form.find_all("input", attrs={"name": "drawn"})]
    held |= own_fields(button)
    of_form = [*form.find_all(["input", "textarea", "button", "select"]), *page.select(f'[form="{form.get("id")}"]')]
    there = {str(box["name"]) for box in of_form if box.get("name")}
    assert not set(changed) - there, f"the form to {target} has no {set(changed) - there}"
    return browser.press(target, {**held, **changed}, status=status)


def both_sign(browser: Police, reason: str = "", client: str = NAMES[Party.CLIENT]) -> None:
    """The plan is frozen, with the keyworker's reason where one is needed, and both sign it."""
    is_asked = bool(parsed(browser.get("/together/preview")).select("[name=word]"))
    word = {"word": "reason", "reason": reason, "pin": PIN} if reason and is_asked else {}
    write(browser, "/together/preview", word, to="/together/freeze")
    for party, more in (
        ("client", {"client-name": client}),
        ("keyworker", {"keyworker-name": NAMES[Party.KEYWORKER], "keyworker-pin": PIN}),
    ):
        write(browser, "/together/sign", {f"{party}-signs": "yes", **more}, to=f"/together/sign/{party}")


def printed(pdf: bytes) -> str:
    """The text of a PDF, spaces folded."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def paper(browser: Police, version: int = 1) -> bytes:
    """The PDF of a version, by the press that prints it."""
    sent_on = write(browser, "/together/done", to=f"/together/print/{version}").headers["Location"]
    file = browser.get(sent_on)
    assert file.mimetype == "application/pdf"
    return bytes(file.data)
