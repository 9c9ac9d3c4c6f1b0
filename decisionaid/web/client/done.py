"""After finishing: thank you, and the tablet goes back."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid.core.sort import Party
from decisionaid.web.client import blueprint
from decisionaid.web.request import seat_client, seat_round
from decisionaid.web.sort_pages import own_sort


@blueprint.get("/done")
def done() -> str | Response:
    """Thank you; the tablet goes back. A round that the keyworker has closed says so here."""
    own, round_ = own_sort(seat_round(), Party.CLIENT), seat_round()
    finished = own is not None and own.sort.finished
    if round_.closed_at is None and not finished:
        return redirect(url_for("client.start"), 303)
    return render_template("client/done.html", called=seat_client().called, finished=finished)
