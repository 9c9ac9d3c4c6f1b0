"""A page is one form: each press sends all that is typed on it, and what was not pressed is kept as well.

A press takes its own form. Before that, every other form of the page that was changed is saved where it is whole, and
is a draft where it is not. A press with `then` only leads on: it keeps all of the page, and goes there. So does the
script while someone types (X-Typed); it adds and signs nothing.
"""

import json
from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, Response, current_app, g, get_template_attribute, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from decisionaid.casework.negotiating import NotOpen
from decisionaid.casework.planning import PlanRefused
from decisionaid.printing import letters
from decisionaid.web import drafts, page_parts
from decisionaid.web.forms import tidy
from decisionaid.web.page_parts import THEN, Part, fields_of, is_changed
from decisionaid.web.request import go_on, is_typing, withhold

NOW = "X-Now"
"""On the answer to what was saved in typing: what the page holds now (JSON)."""

NAMED = 3
"""How many letters of one field a header names; the page itself names all."""

KEEPS = {
    "admin.keep_details",
    "admin.set_texts",
    "keyworker.change_client",
    "keyworker.keep_details",
    "together.keep_choice",
    "together.keep_dates",
    "together.keep_goal",
    "together.keep_part",
    "together.keep_question",
    "together.keep_reasons",
    "together.talk",
}
"""Forms that keep what stands in them, and may be sent as often as one likes: they are saved as they are typed."""

ADDS = {"together.add_action", "together.add_risk", "together.make_goal"}
"""Forms that add what stands in them: any press of their page adds it, if it is whole; typing never does."""

GRAVITY = [204, 422, 409]
"""What the script has to know first, the last of these first: someone else saved, or something is only a draft."""


def add_to(blueprint: Blueprint) -> None:
    """Keep the whole page at each press of this seat."""
    blueprint.before_request(_keep_page)


def _keep_page() -> AnyResponse | None:
    if request.method != "POST":
        return None
    parts, then = page_parts.sent_parts(), request.form.get(THEN, "")
    leads_on = bool(then) or is_typing()
    kept = [_keep(part) for part in parts if leads_on or not _is_pressed(part)]
    if not leads_on:
        return None
    g.page_kept = True
    return _heard(kept) if is_typing() else _way_on(then)


def _heard(kept: list[tuple[int, Part]]) -> AnyResponse:
    """What the script hears: whether all of it is saved, and what the page holds now."""
    status = max((status for status, _ in kept), key=GRAVITY.index, default=422)
    now = {"drawn": [str(part) for _, part in kept], "fields": g.get("newest", {}), "letters": _letters(kept)}
    return Response(status=status, headers={NOW: json.dumps(now)})


def _letters(kept: list[tuple[int, Part]]) -> dict[str, str]:
    """What the note at each field says of letters that cannot be printed, by the field's name."""
    typed = {name: "".join(values) for _, part in kept for name, values in fields_of(part).items()}
    unprinted = {name: letters.unprinted(tidy(text)) for name, text in typed.items()}
    said = get_template_attribute("components/forms.html", "as_printed")
    return {name: said(dict(list(found.items())[:NAMED])) for name, found in unprinted.items() if found}


def _way_on(then: str) -> AnyResponse:
    """To a page of this seat; an address from elsewhere leads to its first page."""
    home = f"{current_app.blueprints[str(request.blueprint)].url_prefix}/"
    return redirect(then if then.startswith(home) else home, 303)


def _is_pressed(part: Part) -> bool:
    """Whether the press takes this form itself. One that makes a goal of a card leaves a goal in own words alone."""
    return part.path == request.path and not request.form.get("of")


def _keep(part: Part) -> tuple[int, Part]:
    """Save a form that was changed, or keep a draft of it; what the script hears, and what the page holds now."""
    if not is_changed(part):
        if part.was_draft:
            drafts.drop(part)
        return 204, replace(part, was_draft=False)
    endpoint, values = _view_of(part)
    if endpoint in KEEPS or (endpoint in ADDS and not is_typing()):
        return _take(part, endpoint, values)
    drafts.put_by(part.draft_key, fields_of(part))
    return 422, replace(part, was_draft=True)


def _take(part: Part, endpoint: str, values: dict[str, Any]) -> tuple[int, Part]:
    """Let the form's own view take it, as a press of its own: what that writes is committed, or undone."""
    g.beside, g.beside_about, before = part.path, part.about, dict(g.get("newest", {}))
    try:
        answer = cast(AnyResponse, current_app.view_functions[endpoint](**values))
        status, is_kept = answer.status_code, not go_on()
    except (HTTPException, PlanRefused, NotOpen):
        withhold()
        go_on()
        drafts.put_by(part.draft_key, fields_of(part))
        status, is_kept = 422, False
    g.beside = None
    if not is_kept:
        g.newest = before
        return int(status), replace(part, was_draft=True)
    g.press_added = g.get("press_added") or endpoint in ADDS
    drafts.drop(part)
    return 204, replace(part, digest=page_parts.digest(fields_of(part)), was_draft=False)


def _view_of(part: Part) -> tuple[str, dict[str, Any]]:
    """The endpoint of the view that a form goes to, and its arguments; an empty one if it is not of this seat."""
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, values = adapter.match(part.path, method="POST") if adapter else ("", {})
    except HTTPException:
        return "", {}
    return (endpoint, dict(values)) if endpoint.partition(".")[0] == request.blueprint else ("", {})
