"""Telling the keyworker at once: the safety answers alone, by the client's own act, before anyone has finished."""

from datetime import datetime

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import safety as verbs
from decisionaid.storage import queries_safety
from decisionaid.web.client import blueprint
from decisionaid.web.client.sitting import my_sort
from decisionaid.web.plan_words import called
from decisionaid.web.request import db, now, seat, seat_round, staff


@blueprint.post("/safe/<int:number>/tell")
def tell(number: int) -> Response:
    """Send the safety answers as they are now, and go back to the question. Typing in a paper sort sends nothing, as
    its client is not here."""
    sorting = my_sort()
    if seat().from_paper:
        abort(404)
    verbs.tell(db(), sorting.round, now())
    return redirect(url_for("client.safe_question", number=number, _anchor="told"), 303)


@blueprint.context_processor
def _who_and_when() -> dict[str, object]:
    return {"keyworker_called": lambda: called(staff()), "told_at": _told_at}


def _told_at() -> datetime | None:
    """When the answers were last sent, if they were."""
    return queries_safety.seen(db(), [seat_round()])[seat_round().id].told
