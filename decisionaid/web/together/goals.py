"""What the two will work on: one to three goals, each with its words."""

from operator import attrgetter

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import planning
from decisionaid.casework.planning import Draft
from decisionaid.core.negotiation import MOST_GOALS, USUAL_GOALS, FourthNeedsReason, TooManyGoals
from decisionaid.core.sort import Party
from decisionaid.storage.models import AgreedGoal, Plan
from decisionaid.web.drafts import drafted, overtaken, refused
from decisionaid.web.editions import ChangedMeanwhile, catch_up, changes, drawn
from decisionaid.web.forms import complain
from decisionaid.web.named import gone, meant, meant_here
from decisionaid.web.request import db, is_beside, now, seat_round
from decisionaid.web.together import blueprint
from decisionaid.web.together.plan_forms import ActionForm, GoalForm, MoveForm, NewGoalForm, NoGoalForm
from decisionaid.web.together.points import Point, points
from decisionaid.web.together.sitting import both, plan_to_change, plan_to_edit, words
from decisionaid.web.together.writing import held_texts, keep_texts

WORDS_OF_A_GOAL = ("title", "success", "why", "support", "how_we_know", "unmet")
STEPS = {"up": -1, "down": 1}


@blueprint.get("/goals")
def goals() -> str:
    """The goals so far, and what they could be made of."""
    plan = planning.plan_of(db(), seat_round())
    draft = planning.draft(db(), plan) if plan else None
    taken = {goal.card_id for goal in draft.goals} if draft else set()
    form, reasons = _named_by_card(drafted(NewGoalForm)), _reasons_form(draft) if draft else None
    return render_template(
        "together/goals.html",
        form=form if form.errors or reasons is None or not reasons.errors else reasons,
        goal_form=form,
        reasons=reasons,
        changed=catch_up(reasons, held_texts(draft, NoGoalForm)) if draft and reasons else [],
        overtaken=reasons is not None and reasons.is_overtaken,
        draft=draft,
        wanted=[point for point in points().all if _is_wanted(point) and point.card not in taken],
        words=words(),
        usual=USUAL_GOALS,
        most=MOST_GOALS,
    )


@blueprint.post("/goals")
def make_goal() -> Response:
    """Agree a goal, of a card or in words of its own; a fourth says why, a sixth is refused."""
    plan, form = plan_to_change(), _named_by_card(NewGoalForm())
    if not form.validate():
        return refused(form, to=url_for("together.goals"))
    point = _point_of(form)
    number = _number_of(planning.draft(db(), plan), point)
    if number is not None:
        return redirect(url_for("together.goal", number=number), 303)
    try:
        goal = _add(plan, form, point)
    except FourthNeedsReason:
        complain(
            form.fourth_goal_reason, i18n.gettext("More than 3 goals at once is a lot. Write why it makes sense here.")
        )
    except TooManyGoals:
        complain(form.title, _most_goals())
    else:
        _prefill(plan, goal, point)
        return redirect(url_for("together.goal", number=len(planning.draft(db(), plan).goals)), 303)
    return refused(form, to=url_for("together.goals"))


@blueprint.post("/goals/reasons")
def keep_reasons() -> Response:
    """Why there is no goal for now, or why there are more than three."""
    plan, form = plan_to_change(), NoGoalForm()
    if not form.validate():
        return refused(form, to=url_for("together.goals"))
    try:
        keep_texts(plan, form, changes(form, held_texts(planning.draft(db(), plan), NoGoalForm)))
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("together.goals"))
    return redirect(url_for("together.goals"), 303)


@blueprint.get("/goal/<int:number>")
def goal(number: int) -> str:
    """One goal, by its place on the plan."""
    draft = planning.draft(db(), plan_to_edit())
    row = numbered(draft, number)
    form = drafted(GoalForm, about=row.id, data={**drawn(_held(row)), "written_in": row.language})
    step = drafted(ActionForm, action=url_for("together.add_action", number=number), about=row.id)
    return render_template(
        "together/goal.html",
        form=form if form.errors or not step.errors else step,
        goal_form=form,
        action_form=step,
        changed=catch_up(form, _held(row)),
        goal=row,
        number=number,
        count=len(draft.goals),
        actions=draft.actions_of(row),
        taken_out=draft.taken_out_of(row),
        point=points().of(row.card_id) if row.card_id else None,
        words=words(),
        client_card=both().client.cards.get(row.card_id or ""),
        client_language=both().client.record.language,
    )


@blueprint.post("/goal/<int:number>")
def keep_goal(number: int) -> Response:
    """Keep the words of a goal. The client's words on the card stay as they are; these stand beside them."""
    plan, form = plan_to_change(), GoalForm()
    goals = planning.draft(db(), plan).goals
    row = meant(goals, attrgetter("id"))
    if row is None:
        return gone(form)
    number = goals.index(row) + 1
    if not form.validate():
        return refused(form, to=url_for("together.goal", number=number), about=row.id)
    try:
        said = {name: form[name].data or "" for name in changes(form, _held(row))}
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("together.goal", number=number), about=row.id)
    if said or form.written_in.raw_data:
        planning.describe_goal(plan, row, said, language=form.language, now=now())
    return redirect(url_for("together.goal", number=number), 303)


@blueprint.post("/goal/<int:number>/move")
def move_goal(number: int) -> Response:
    """Move a goal up or down, or take it off the plan: the goal that the form names, wherever it stands now."""
    plan, form = plan_to_change(), MoveForm()
    row = meant_here(planning.draft(db(), plan).goals, attrgetter("id"))
    if not form.validate():
        abort(422)
    if form.do.data == "drop":
        planning.drop_goal(plan, row, now())
    else:
        planning.move_goal(db(), plan, row, STEPS[str(form.do.data)], now())
    return redirect(url_for("together.goals"), 303)


@blueprint.post("/goals/back")
def put_goal_back() -> Response:
    """Put a goal back that was taken off the plan, with its words and steps."""
    plan = plan_to_change()
    row = meant_here(planning.draft(db(), plan).goals_taken_out, attrgetter("id"))
    try:
        planning.restore_goal(db(), plan, row, now())
    except TooManyGoals:
        form = NewGoalForm()
        form.title.errors = [_most_goals()]
        return refused(form, to=url_for("together.goals"), action=url_for("together.make_goal"))
    return redirect(url_for("together.goals"), 303)


def _most_goals() -> str:
    return i18n.gettext("A plan can have up to 5 goals. Remove one first.")


def numbered(draft: Draft, number: int) -> AgreedGoal:
    """The goal in this place, from 1; a place without one does not exist."""
    return draft.goals[number - 1] if 0 < number <= len(draft.goals) else abort(404)


def _reasons_form(draft: Draft) -> NoGoalForm:
    return drafted(NoGoalForm, action=url_for("together.keep_reasons"), data=drawn(held_texts(draft, NoGoalForm)))


def _held(goal: AgreedGoal) -> dict[str, str]:
    return {name: getattr(goal, name) for name in WORDS_OF_A_GOAL}


def _number_of(draft: Draft, point: Point | None) -> int | None:
    """The place of the goal that was made of this card before: a card makes one goal."""
    cards = [goal.card_id for goal in draft.goals]
    return cards.index(point.card) + 1 if point is not None and point.card in cards else None


def _is_wanted(point: Point) -> bool:
    """Whether both put a card in their pile: what a goal is most easily made of."""
    row = point.row
    return row is not None and all(rating is not None and rating.weight > 0 for rating in map(row.rating, Party))


def _named_by_card(form: NewGoalForm) -> NewGoalForm:
    """The form of a goal that a card's button makes: it is called as the card is."""
    point = next((point for point in points().all if point.card == form.of.data), None)
    if point is not None and not is_beside():
        title = str(point.title)  # what a person typed bears no mark of its language
        form.card.data, form.title.data, form.title.raw_data = point.card, title, [title]
    return form


def _point_of(form: NewGoalForm) -> Point | None:
    card = form.card.data or ""
    found = next((point for point in points().all if point.card == card), None)
    return found if found is not None or not card else abort(422)


def _add(plan: Plan, form: NewGoalForm, point: Point | None) -> AgreedGoal:
    return planning.add_goal(
        db(),
        plan,
        form.title.data or "",
        card=point.card if point else None,
        language=form.language,
        reason_for_fourth=form.fourth_goal_reason.data or "",
        now=now(),
    )


def _prefill(plan: Plan, goal: AgreedGoal, point: Point | None) -> None:
    """A copy of the client's words to begin with; the words themselves stay in the sort."""
    card = both().client.cards.get(point.card) if point else None
    if card is not None and (card.success or card.why):
        said = {"success": card.success, "why": card.why}
        planning.describe_goal(plan, goal, said, language=both().client.record.language, now=now())
