"""Cards of the client's own: added at any time before Check, and taken away again."""

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import sorting as verbs
from decisionaid.i18n import gettext as _
from decisionaid.web.client import blueprint
from decisionaid.web.client.sitting import my_sort
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import complain
from decisionaid.web.request import db, now
from decisionaid.web.sort_forms import OwnCardForm


@blueprint.get("/own")
def own() -> str:
    """Room for a card of one's own."""
    return my_sort().show("client/own.html", form=drafted(OwnCardForm))


@blueprint.post("/own")
def add_own() -> Response:
    """Add a card of one's own; it is rated like the others."""
    sorting, form = my_sort(), OwnCardForm()
    if not form.validate():
        return refused(form, to=url_for("client.own"))
    try:
        verbs.add_own_card(db(), sorting.sort, form.title.data, now())
    except verbs.TooManyOwnCards:
        complain(form.title, _("You have ten cards of your own. Take one away to make room."))
        return refused(form, to=url_for("client.own"))
    return redirect(url_for("client.card", place=len(sorting.faces) + 1), 303)


@blueprint.post("/card/<int:place>/remove")
def remove_own(place: int) -> Response:
    """Take a card of one's own away again."""
    sorting = my_sort()
    face = sorting.face_at(place)
    if not face.own:
        abort(404)
    verbs.remove_own_card(db(), sorting.sort, sorting.deck.ids, face.id, now())
    return redirect(url_for("client.cards"), 303)
