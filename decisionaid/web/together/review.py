"""The review: what moved since the last round and who moved, and each old goal as both see it, apart."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.core.review import changes
from decisionaid.storage import queries_plan, sorts
from decisionaid.storage.models import AgreedGoal, Plan, Round
from decisionaid.web import plan_words
from decisionaid.web.request import db, decks_of, seat_round
from decisionaid.web.together import blueprint
from decisionaid.web.together.sitting import both, load_both, words


@blueprint.get("/moved")
def moved() -> str | Response:
    """What moved, in each person's colour; a first round has nothing to look back at."""
    last = queries_plan.last_plan(db(), seat_round())
    if last is None:
        return redirect(url_for("together.side_by_side"), 303)
    return render_template("together/moved.html", **_what_moved(last))


@blueprint.get("/moved/table")
def moved_table() -> str:
    """Every card, with both answers and places then and now."""
    last = queries_plan.last_plan(db(), seat_round()) or abort(404)
    return render_template("together/moved-table.html", **_what_moved(last))


def _what_moved(last: Plan) -> dict[str, object]:
    round_ = db().get_one(Round, (last.service_id, last.round_id))
    before, now = load_both(round_), both()
    client = now.client.record
    return {
        "changes": changes(before.values, now.values),
        "since": before.client.record.finished_at,
        "words": words(),
        "words_then": plan_words.voice(decks_of(round_), round_, i18n.current()),
        "client": now.client,
        "goals": _progress(queries_plan.goals_of(db(), last)),
        "own_before": [own.title for own in before.client.own],
        "own_now": [own.title for own in now.client.own],
        "listened": client.listened,
        "listened_words": client.listened_words,
        "client_language": client.language,
        "keyworker_language": now.keyworker.record.language,
    }


def _progress(goals: list[AgreedGoal]) -> list[tuple[AgreedGoal, object, object]]:
    """Each goal of the last plan with what the client and the keyworker said of it, each without the other's."""
    client, keyworker = (sorts.progress(db(), sort.record) for sort in (both().client, both().keyworker))
    return [(goal, client.get(goal.id), keyworker.get(goal.id)) for goal in goals]
