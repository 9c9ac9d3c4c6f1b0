"""What somebody will do: the steps of a goal, the safe step, and the risks of the plan."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import planning, readiness
from decisionaid.core import safety
from decisionaid.core.plan import ActionKind
from decisionaid.storage.models import Action, Plan
from decisionaid.web.drafts import drafted, overtaken, refused
from decisionaid.web.request import db, now, seat_round
from decisionaid.web.together import blueprint
from decisionaid.web.together.goals import numbered
from decisionaid.web.together.plan_forms import (
    ActionForm,
    RemoveForm,
    RiskForm,
    SafeStepForm,
    SafetyReasonForm,
)
from decisionaid.web.together.sitting import plan_to_change, plan_to_edit, words
from decisionaid.web.together.writing import claim, held_texts, keep_texts, newer


@blueprint.post("/goal/<int:number>/action")
def add_action(number: int) -> Response:
    """Add a step to a goal."""
    plan, form = plan_to_change(), ActionForm()
    draft = planning.draft(db(), plan)
    goal = numbered(draft, number)
    if not form.validate():
        return refused(form, to=url_for("together.goal", number=number), about=goal.id)
    said = {**_step(form), "kind": ActionKind(form.kind.data)}
    planning.add_action(db(), plan, goal, said, language=form.language, now=now())
    return redirect(url_for("together.goal", number=number, _anchor="steps"), 303)


@blueprint.post("/goal/<int:number>/action/remove")
def remove_action(number: int) -> Response:
    """Take a step off a goal."""
    plan = plan_to_change()
    draft = planning.draft(db(), plan)
    planning.remove_action(db(), plan, _named(draft.actions_of(numbered(draft, number))), now())
    return redirect(url_for("together.goal", number=number, _anchor="steps"), 303)


@blueprint.get("/safe")
def safe() -> str:
    """Risks, what makes them smaller, and the safe step where the plan needs one."""
    return _safe_page(plan_to_edit())


@blueprint.post("/safe/step")
def add_safe_step() -> Response:
    """Medical advice on stopping safely: who, and by when."""
    plan, form = plan_to_change(), SafeStepForm()
    if not form.validate():
        return refused(form, to=url_for("together.safe"))
    said = {**_step(form), "kind": ActionKind.SAFE_WITHDRAWAL}
    planning.add_action(db(), plan, None, said, language=form.language, now=now())
    return redirect(url_for("together.safe"), 303)


@blueprint.post("/safe/step/remove")
def remove_safe_step() -> Response:
    """Take the safe step off."""
    plan = plan_to_change()
    planning.remove_action(db(), plan, _named(planning.draft(db(), plan).actions_of(None)), now())
    return redirect(url_for("together.safe"), 303)


@blueprint.post("/safe/reason")
def keep_safety_reason() -> Response:
    """Why the plan goes on without the safe step, in the keyworker's words."""
    plan, form = plan_to_change(), SafetyReasonForm()
    if not form.validate():
        return refused(form, to=url_for("together.safe"))
    if not claim(plan, form):
        return overtaken(form, to=url_for("together.safe"))
    keep_texts(plan, form)
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
    """Take a risk off."""
    plan, form = plan_to_change(), RemoveForm()
    found = next((risk for risk in planning.draft(db(), plan).risks if risk.id == form.what.data), None)
    planning.remove_risk(db(), plan, found or abort(422), now())
    return redirect(url_for("together.safe"), 303)


def _step(form: ActionForm | SafeStepForm) -> dict[str, object]:
    return {name: form[name].data or "" for name in ("what", "who", "agency")} | {"by_when": form.by_when.data}


def _named(actions: tuple[Action, ...]) -> Action:
    form = RemoveForm()
    return next((action for action in actions if action.id == form.what.data), None) or abort(422)


def _safe_page(plan: Plan) -> str:
    draft = planning.draft(db(), plan)
    held = held_texts(draft, SafetyReasonForm)
    step = drafted(SafeStepForm, action=url_for("together.add_safe_step"))
    risk = drafted(RiskForm, action=url_for("together.add_risk"))
    reason = drafted(
        SafetyReasonForm, action=url_for("together.keep_safety_reason"), data={**held, "edition": plan.edition}
    )
    signs = readiness.signs(db(), seat_round(), words().safety.calm)
    return render_template(
        "together/safe.html",
        form=next((form for form in (step, risk, reason) if form.errors), reason),
        step_form=step,
        risk_form=risk,
        reason_form=reason,
        changed=newer(reason, held.items()),
        draft=draft,
        steps_held=draft.actions_of(None),
        signs=signs,
        step_needed=safety.safe_step_needed(plan.drinking_option, signs),
        step_missing=readiness.safety_step_missing(draft, signs),
        red_cards=words().red_cards(goal.card_id for goal in draft.goals),
        words=words(),
    )
