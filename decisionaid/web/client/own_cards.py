"""Cards of the client's own: added at any time before Check, removed, and put back."""

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import sorting as verbs
from decisionaid.core.sort import own_number
from decisionaid.i18n import gettext as _
from decisionaid.web.client import blueprint
from decisionaid.web.client.sitting import my_sort
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import complain
from decisionaid.web.request import db, now
from decisionaid.web.sort_forms import OwnCardForm, OwnPressForm
from decisionaid.web.sort_removed import forget, keep, removed_cards


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
        added = verbs.add_own_card(db(), sorting.sort, form.title.data, now())
    except verbs.TooManyOwnCards:
        complain(form.title, _("You can have up to 10 cards of your own. Remove one to add another."))
        return refused(form, to=url_for("client.own"))
    number = len(sorting.deck.ids) + (own_number(added.card_id) or 0)
    return redirect(url_for("client.card", place=number), 303)


@blueprint.post("/card/<int:place>/remove")
def remove_own(place: int) -> Response:
    """Remove a card of one's own. Where that was done before, nothing else is."""
    sorting, form, to = my_sort(), OwnPressForm(), url_for("client.cards")
    if any(form.is_about(card.alias) for card in removed_cards(sorting)):
        return redirect(to, 303)
    face = sorting.face_at(place)
    if not face.own:
        abort(404)
    if not form.is_about(sorting.alias(face.id)):
        return _refused(form, _("This page has changed since you opened it. Look at it again."))
    keep(sorting, verbs.remove_own_card(db(), sorting.sort, sorting.deck.ids, face.id, now()))
    return redirect(to, 303)


@blueprint.post("/own/back")
def put_back() -> Response:
    """Put a removed card back. Where that was done before, nothing else is."""
    sorting, form = my_sort(), OwnPressForm()
    removed = next((card.card for card in removed_cards(sorting) if form.is_about(card.alias)), None)
    if removed is None:
        is_there = any(form.is_about(sorting.alias(face.id)) for face in sorting.faces if face.own)
        return redirect(url_for("client.cards"), 303) if is_there else _refused(form, _("This card is gone."))
    try:
        verbs.put_back_own_card(db(), sorting.sort, sorting.deck.ids, sorting.round.places, removed, now())
    except verbs.TooManyOwnCards:
        return _refused(form, _("You can have up to 10 cards of your own. Remove one to add another."))
    forget(removed)
    return redirect(url_for("client.cards"), 303)


def _refused(form: OwnPressForm, message: str) -> Response:
    complain(form.about, message)
    return refused(form, to=url_for("client.cards"), action=url_for("client.cards"), is_press=True)
