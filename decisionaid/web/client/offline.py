"""What the tablet keeps so that sorting goes on without a network: cards as nobody has answered them yet, and the
script that shows them. Never an answer, and never a card in the client's own words."""

from dataclasses import replace

from flask import Response, abort, current_app, render_template, url_for

from decisionaid.storage.sorts import LoadedSort
from decisionaid.web.client import blueprint
from decisionaid.web.client.sitting import my_sort
from decisionaid.web.sort_cards import blank_page


@blueprint.get("/blank/<int:place>")
def blank(place: int) -> str:
    """A card of the deck as it is before any answer."""
    sorting = my_sort()
    bare = replace(sorting, sort=LoadedSort(sorting.record, {}, sorting.sort.own))
    if bare.face_at(place).own:
        abort(404)
    return blank_page(bare, place)


@blueprint.get("/blank")
def unreachable() -> str:
    """What stands in place of every other page while there is no network."""
    return render_template("client/unreachable.html", back_to=url_for("client.card", place=1))


@blueprint.get("/worker.js")
def worker() -> Response:
    """The script that stands between the client's pages and the network; it may do so below this address alone."""
    script = current_app.extensions["assets"].path("worker.js").read_bytes()
    return Response(script, mimetype="text/javascript")
