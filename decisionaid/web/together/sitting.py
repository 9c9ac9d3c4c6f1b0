"""What every page of this seat stands on: whose language is spoken, the names, and when the two sorts may be seen."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import planning, signing
from decisionaid.casework.planning import BeingSigned, PlanRefused
from decisionaid.core.comparison import Comparison, compare
from decisionaid.core.sort import Sort
from decisionaid.storage import queries_plan, sorts
from decisionaid.storage.models import Plan, Round
from decisionaid.storage.models.case import RoundEnd
from decisionaid.storage.sorts import LoadedSort, Viewer
from decisionaid.web import plan_words
from decisionaid.web.drafts import unfinished_page
from decisionaid.web.plan_words import DeckVoice, called
from decisionaid.web.request import db, decks_of, now, seat_client, seat_round, staff, today
from decisionaid.web.safety import Strip, strip_of
from decisionaid.web.together import blueprint

WEEKS_TO_REVISIT = 3
WEEKS_TO_REVIEW = 12

BEFORE_CONFIRMING = {"start", "confirm", "not_right", "say_not_right", "pause", "leave", "desk", "take_back"}
"""The pages that answer before the client has confirmed: none of them shows anything of the keyworker's sort."""


@dataclass(frozen=True)
class Both:
    """The two finished sorts, as records and as the core reasons about them, and what the core makes of them."""

    client: LoadedSort
    keyworker: LoadedSort
    values: tuple[Sort, Sort]
    comparison: Comparison


@blueprint.before_request
def sit_down() -> Response | None:
    """Speak the client's language, and show nothing of the two sorts before the client has confirmed their own."""
    g.desk_language = i18n.current()
    i18n.speak(seat_client().language)
    page = (request.endpoint or "").partition(".")[2]
    if page in BEFORE_CONFIRMING or may_compare(seat_round()):
        return None
    return redirect(url_for("together.start"), 303)


@blueprint.context_processor
def _everywhere() -> dict[str, object]:
    return {
        "client_called": seat_client().called,
        "keyworker_called": called(staff()),
        "desk_language": g.desk_language,
        "in_desk_language": _in_desk_language,
        "is_review": seat_round().is_review,
        "strip_in_sight": _strip,
        "typed_elsewhere": _typed_elsewhere,
    }


def may_compare(round_: Round) -> bool:
    """Whether both have finished and the client has said that their answers are right."""
    if "may_compare" not in g:
        g.may_compare = sorts.confirmed(db(), round_) and sorts.both_finished(db(), round_)
    return bool(g.may_compare)


def both() -> Both:
    """The two sorts of this round."""
    if "both" not in g:
        g.both = load_both(seat_round())
    found: Both = g.both
    return found


def load_both(round_: Round) -> Both:
    """The two sorts of a round of this client. The sight of *together* gives neither before both may be seen."""
    seen = sorts.sight(db(), round_, Viewer.TOGETHER)
    if seen.client is None or seen.keyworker is None:
        abort(404)
    deck = decks_of(round_).cards(round_.deck_id, round_.spare_cards)
    client, keyworker = (sort.value(deck.ids, round_.places) for sort in (seen.client, seen.keyworker))
    return Both(seen.client, seen.keyworker, (client, keyworker), compare(client, keyworker))


def words() -> DeckVoice:
    """The decks in the client's language."""
    if "words" not in g:
        g.words = plan_words.voice(decks_of(seat_round()), seat_round(), i18n.current())
    found: DeckVoice = g.words
    return found


def desk_words() -> DeckVoice:
    """The decks in the desk's language."""
    return plan_words.voice(decks_of(seat_round()), seat_round(), g.desk_language)


def plan_to_see() -> Plan:
    """The plan as far as it is, for a page that shows or edits it; a page that has nothing to edit sends on."""
    plan = planning.plan_of(db(), seat_round())
    if plan is None:
        abort(redirect(url_for("together.goals"), 303))
    return plan


def plan_to_edit() -> Plan:
    """The plan for a page with forms; a version that is being signed, or was followed by another plan, has none."""
    plan = plan_to_see()
    if signing.waiting(db(), plan) is not None:
        abort(redirect(url_for("together.sign"), 303))
    if not queries_plan.is_newest(db(), plan):
        abort(redirect(url_for("together.done"), 303))
    return plan


def plan_to_change() -> Plan:
    """The plan for a verb, begun if need be.

    Raises:
        BeingSigned: a frozen version waits for signatures.
        PlanRefused: this plan was followed by another, or its round ended without one.
    """
    round_ = seat_round()
    if round_.closed_as in (RoundEnd.STOPPED, RoundEnd.NOT_RIGHT):
        raise PlanRefused
    plan = begin_plan(round_)
    db().refresh(plan, with_for_update=True)  # of two who save at once the second sees what the first has saved
    if signing.waiting(db(), plan) is not None:
        raise BeingSigned
    if not queries_plan.is_newest(db(), plan):
        raise PlanRefused
    return plan


def begin_plan(round_: Round) -> Plan:
    """The plan of this round: the one begun before, or a new one with the usual dates."""
    weeks = {"weeks_to_review": WEEKS_TO_REVIEW, "weeks_to_revisit": WEEKS_TO_REVISIT}
    return planning.begin(db(), round_, **weeks, today=today(), now=now())


def _typed_elsewhere() -> str | None:
    """Another page of this seat on which something that was typed is only a draft."""
    page, seat = unfinished_page() or "", str(blueprint.url_prefix)
    return page if page.startswith(f"{seat}/") and page != request.path else None


def _strip() -> Strip | None:
    """The safety answers that wait for someone, on every page that comes after the client has confirmed."""
    page = (request.endpoint or "").partition(".")[2]
    return None if page in BEFORE_CONFIRMING else strip_of(seat_round(), i18n.current())


def _in_desk_language(words: Callable[[], Markup]) -> Markup:
    """The same words once more, as a template says them in the desk's language."""
    with i18n.speaking(g.desk_language):
        return words()
