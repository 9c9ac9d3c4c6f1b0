"""How to stay safe: what is done about the safety answers, and the risks of the plan."""

from operator import attrgetter

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import planning, signing
from decisionaid.casework.planning import BeingSigned
from decisionaid.core.safety import ResponseKind
from decisionaid.storage.models import Plan
from decisionaid.web import pins, safety
from decisionaid.web.days import are_to_come
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.named import meant_here
from decisionaid.web.request import db, now, seat_round
from decisionaid.web.safety import FORMS, PlannedForm, ResponseForm
from decisionaid.web.together import blueprint
from decisionaid.web.together.plan_forms import RiskForm
from decisionaid.web.together.sitting import begin_plan, plan_to_change, plan_to_see, words


@blueprint.get("/safe")
def safe() -> str:
    """The safety answers with what was done about them, the risks, and what makes them smaller."""
    return _safe_page(plan_to_see())


@blueprint.post("/safe/<kind>")
def respond(kind: str) -> Response:
    """Record what is done about the safety answers."""
    form = FORMS[ResponseKind(kind)](with_pin=True) if kind in FORMS else abort(404)
    plan = begin_plan(seat_round())
    good = form.validate() and _may_plan(plan, form) and ("pin" not in form or pins.confirm(form["pin"]))
    if not (good and safety.record(seat_round(), form)):
        return refused(form, to=url_for("together.safe"))
    return redirect(url_for("together.safe"), 303)


@blueprint.post("/safe/cancelled")
def cancel_advice() -> Response:
    """Record that medical advice is no longer planned."""
    _refuse_while_signing(plan_to_see())
    safety.cancel(seat_round())
    return redirect(url_for("together.safe"), 303)


@blueprint.post("/safe/risk")
def add_risk() -> Response:
    """Name a risk, and what makes it smaller."""
    plan, form = plan_to_change(), RiskForm()
    if not form.validate():
        return refused(form, to=url_for("together.safe"))
    planning.add_risk(
        db(),
        plan,
        form.risk.data or "",
        form.reduces.data or "",
        explained=bool(form.explained.data),
        language=form.language,
        now=now(),
    )
    return redirect(url_for("together.safe"), 303)


@blueprint.post("/safe/risk/remove")
def remove_risk() -> Response:
    """Take a risk off the plan. It can be put back."""
    plan = plan_to_change()
    planning.remove_risk(plan, meant_here(planning.draft(db(), plan).risks, attrgetter("id")), now())
    return redirect(url_for("together.safe"), 303)


@blueprint.post("/safe/risk/back")
def put_risk_back() -> Response:
    """Put a risk back that was taken off."""
    plan = plan_to_change()
    planning.restore_risk(plan, meant_here(planning.draft(db(), plan).risks_taken_out, attrgetter("id")), now())
    return redirect(url_for("together.safe"), 303)


def _may_plan(plan: Plan, form: ResponseForm) -> bool:
    """Take the day on which the change begins; a text that waits for signatures prints advice that is planned, so that
    it is not changed under it."""
    if not isinstance(form, PlannedForm):
        return True
    _refuse_while_signing(plan)
    begins = form.change_begins.data
    if not are_to_come(form.change_begins):
        return False
    if begins is not None:
        planning.set_change_begins(plan, begins, now())
        db().flush()
    return True


def _refuse_while_signing(plan: Plan) -> None:
    if signing.waiting(db(), plan) is not None:
        raise BeingSigned


def _safe_page(plan: Plan) -> str:
    draft = planning.draft(db(), plan)
    forms = safety.waiting_forms(seat_round(), lambda kind: url_for("together.respond", kind=kind), with_pin=True)
    risk = drafted(RiskForm, action=url_for("together.add_risk"))
    return render_template(
        "together/safe.html",
        form=next((form for form in (*forms.values(), risk) if form.errors), None),
        forms=forms,
        risk_form=risk,
        draft=draft,
        strip=safety.strip_of(seat_round(), i18n.current()),
        recorded=safety.recorded(seat_round()),
        verdict=safety.verdict_of(seat_round()),
        being_signed=signing.waiting(db(), plan) is not None,
        red_cards=words().red_cards(goal.card_id for goal in draft.goals),
        words=words(),
    )
