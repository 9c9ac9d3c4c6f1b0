"""The door of this seat: both have finished, and the client says whether their own answers are what they chose."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import planning, reviewing, signing
from decisionaid.storage import sorts
from decisionaid.storage.models import Round
from decisionaid.storage.sorts import Viewer
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.request import db, now, seat_round, staff
from decisionaid.web.together import blueprint
from decisionaid.web.together.forms import NotRightForm
from decisionaid.web.together.look_again import look_again
from decisionaid.web.together.own_answers import own_answers
from decisionaid.web.together.sitting import begin_plan, may_compare, words


@blueprint.get("/")
def start() -> str | Response:
    """Where the two stand: on to the comparison, to the signatures, to the plan, or first the client's own word."""
    round_ = seat_round()
    if may_compare(round_):
        return redirect(url_for(_onward(round_)), 303)
    if round_.closed_at is not None:
        return render_template("together/closed.html")
    if not sorts.both_finished(db(), round_):
        return render_template("together/not-yet.html")
    return _own_answers_page(round_)


@blueprint.post("/confirm")
def confirm() -> Response:
    """ "This is what I chose": the comparison opens, and with it a plan that has the usual dates."""
    round_ = seat_round()
    reviewing.confirm(db(), round_, now=now())
    db().flush()
    begin_plan(round_)
    return redirect(url_for("together.start"), 303)


@blueprint.get("/not-right")
def not_right() -> str | Response:
    if not _may_still_say():
        return redirect(url_for("together.start"), 303)
    return render_template("together/not-right.html", form=drafted(NotRightForm))


@blueprint.post("/not-right")
def say_not_right() -> Response:
    """ "These are not right": this round closes unseen and a fresh one opens."""
    form = NotRightForm()
    if not form.validate():
        return refused(form, to=url_for("together.not_right"))
    reviewing.not_right(db(), seat_round(), form.reason.data, actor=staff(), now=now())
    return redirect(url_for("together.start"), 303)


def _may_still_say() -> bool:
    round_ = seat_round()
    return round_.closed_at is None and sorts.both_finished(db(), round_) and not may_compare(round_)


def _own_answers_page(round_: Round) -> str:
    """The client's own sort, by the sight of the client alone: the keyworker's cannot come along."""
    own = sorts.sight(db(), round_, Viewer.CLIENT).client
    assert own is not None  # noqa: S101 - both have finished
    asked = look_again(round_, own)
    return render_template("together/own-answers.html", own=own_answers(db(), own, words()), look_again=asked)


def _onward(round_: Round) -> str:
    plan = planning.plan_of(db(), round_)
    if plan is not None and signing.waiting(db(), plan) is not None:
        return "together.sign"
    if plan is not None and signing.latest(db(), plan) is not None:
        return "together.done"
    return "together.moved" if round_.is_review else "together.side_by_side"
