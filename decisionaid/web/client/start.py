"""The beginning: what this is and who sees what, how much say the client wants; and coming back to where they were."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import sorting as verbs
from decisionaid.core.sort import Party, SortFinished
from decisionaid.storage.models.sorts import Advice, Say
from decisionaid.web.client import blueprint
from decisionaid.web.client.sitting import my_sort
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.request import db, now, seat_client, seat_round
from decisionaid.web.sort_forms import SayForm
from decisionaid.web.sort_pages import own_sort, saved, where


@blueprint.get("/")
def start() -> Response:
    """Where the person was; Welcome, where they have not begun."""
    own, round_ = own_sort(seat_round(), Party.CLIENT), seat_round()
    if round_.closed_at is not None or (own is not None and own.sort.finished):
        return redirect(url_for("client.done"), 303)
    return redirect(where(own) if own else url_for("client.welcome"), 303)


@blueprint.get("/welcome")
def welcome() -> str | Response:
    """What this is, who sees what and when, and that one can stop at any time."""
    own, round_ = own_sort(seat_round(), Party.CLIENT), seat_round()
    if round_.closed_at is not None or (own is not None and own.sort.finished):
        return redirect(url_for("client.done"), 303)
    called, begun = seat_client().called, own is not None
    return render_template("client/welcome.html", called=called, begun=begun, is_review=round_.is_review)


@blueprint.post("/welcome")
def begin() -> Response:
    """Begin; or go on, where it has begun."""
    round_ = seat_round()
    if round_.closed_at is not None:
        raise SortFinished
    verbs.begin(db(), round_, Party.CLIENT, author=None, language=i18n.current(), now=now())
    return redirect(url_for("client.say"), 303)


@blueprint.get("/say")
def say() -> str:
    """How much say the client wants, and whether they want options or an opinion."""
    return my_sort().show("client/say.html", form=drafted(SayForm))


@blueprint.post("/say")
def keep_say() -> Response:
    sorting, form = my_sort(), SayForm()
    if not form.validate():
        return refused(form, to=url_for("client.say"))
    how_much = Say(form.say.data) if form.say.data else None
    advice = Advice(form.advice.data) if form.advice.data else None
    if how_much or advice:
        verbs.say(sorting.record, how_much=how_much, advice=advice, now=now())
    return saved(url_for("client.say"))
