"""Talking one card through: both reasons, what was heard, and what the two do with it for now."""

from dataclasses import fields, replace
from datetime import date
from operator import attrgetter

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import negotiating, planning
from decisionaid.casework.negotiating import ChangedMeanwhile, Settled
from decisionaid.core import negotiation as rules
from decisionaid.core.negotiation import DRINKING, DateNeeded, Outcome, ReasonNeeded, SettlementRefused
from decisionaid.core.sort import Rating
from decisionaid.storage import sorts
from decisionaid.storage.models import Settlement
from decisionaid.web.days import are_to_come
from decisionaid.web.drafts import drafted, overtaken, refused
from decisionaid.web.editions import Newer
from decisionaid.web.forms import complain
from decisionaid.web.named import gone, meant
from decisionaid.web.request import db, holds_now, now, seat_round, staff, today
from decisionaid.web.together import blueprint
from decisionaid.web.together.forms import HowForm, TalkForm
from decisionaid.web.together.plan_forms import WrittenForm
from decisionaid.web.together.points import Point, points
from decisionaid.web.together.sitting import both, desk_words, words

RIGHT = {"yes": True, "no": False}
SAYS_MORE = {Outcome.IN_BETWEEN, Outcome.TRY_UNTIL, Outcome.DIFFER}
"""Outcomes that are said in words, or until a date; the others are settled by one press."""


@blueprint.get("/card/<int:number>")
def card(number: int) -> str:
    """A card, by its place in the order of talk."""
    point = _point(number)
    kept = _kept(point)
    said = _settled(kept)
    given = {"seen_version": kept.version if kept else 0, "heard": said.heard, "written_in": said.heard_language}
    return _card_page(point, drafted(TalkForm, about=point.card, data=given), kept)


@blueprint.post("/card/<int:number>")
def talk(number: int) -> Response:
    """Keep what was heard, whether it is right, and an outcome that needs no more words."""
    form, point = TalkForm(), _meant()
    if point is None:
        return gone(form)
    number, kept = point.number, _kept(point)
    if not form.validate():
        return refused(form, to=url_for("together.card", number=number), about=point.card)
    said = _with_heard(_settled(kept), form)
    outcome, is_outcome = Outcome(form.outcome.data) if form.outcome.data else None, False
    if outcome is not None and outcome not in SAYS_MORE and _is_whole(point, outcome, said.reason):
        said, outcome, is_outcome = replace(said, outcome=outcome, until=None), None, True
    try:
        _keep(point, said, form.seen_version.data or 0, is_outcome=is_outcome)
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("together.card", number=number), about=point.card)
    holds_now(form.seen_version.name, (form.seen_version.data or 0) + 1)
    if outcome is not None:
        return redirect(url_for("together.how", number=number, outcome=outcome.value), 303)
    return redirect(url_for("together.card", number=number), 303)


@blueprint.get("/card/<int:number>/<outcome>")
def how(number: int, outcome: str) -> str:
    """What goes with an outcome: a date, words, a reason."""
    point, chosen = _point(number), _outcome(outcome)
    kept = _kept(point)
    said = _settled(kept)
    given = {"until": said.until, "words": said.words, "reason": said.reason, "written_in": said.language}
    form = drafted(HowForm, about=point.card, data={"seen_version": kept.version if kept else 0, **given})
    return _how_page(point, chosen, form, kept)


@blueprint.post("/card/<int:number>/<outcome>")
def settle(number: int, outcome: str) -> Response:
    """Keep an outcome with what goes with it."""
    chosen, form, point = _outcome(outcome), HowForm(), _meant()
    if point is None:
        return gone(form)
    number, kept = point.number, _kept(point)
    here = url_for("together.how", number=number, outcome=outcome)
    is_trial = chosen is Outcome.TRY_UNTIL and form.until.data != _settled(kept).until
    if not form.validate() or (is_trial and not are_to_come(form.until)):
        return refused(form, to=here, about=point.card)
    try:
        _keep(point, _with_outcome(_settled(kept), chosen, form), form.seen_version.data or 0)
    except DateNeeded:
        complain(form.until, i18n.gettext("Enter a date in the future"))
    except ReasonNeeded:
        complain(form.reason, i18n.gettext("The client wants this. Write why it is not done for now."))
    except ChangedMeanwhile:
        return overtaken(form, to=here, about=point.card)
    else:
        return redirect(url_for("together.card", number=number), 303)
    return refused(form, to=here, about=point.card)


def _with_heard(said: Settled, form: TalkForm) -> Settled:
    """What was heard; whether that is right is asked again when the words change."""
    heard = form.heard.data or ""
    changed = heard != said.heard
    right = RIGHT.get(form.right.data or "", None if changed else said.heard_right)
    language = _language(form, said.heard_language, changed)
    return replace(said, heard=heard, heard_right=right, heard_language=language)


def _with_outcome(said: Settled, outcome: Outcome, form: HowForm) -> Settled:
    until: date | None = form.until.data if outcome is Outcome.TRY_UNTIL else None
    words, reason = form.words.data or "", form.reason.data or ""
    language = _language(form, said.language, (words, reason) != (said.words, said.reason))
    return replace(said, outcome=outcome, until=until, words=words, reason=reason, language=language)


def _language(form: WrittenForm, held: str, changed: bool) -> str:
    """What a text is written in: as was said, or as it was while nobody changes it."""
    return form.language if changed or form.written_in.raw_data else held


def _keep(point: Point, said: Settled, seen_version: int, *, is_outcome: bool = True) -> None:
    negotiating.settle(
        db(),
        seat_round(),
        point.card,
        said,
        client_rating=point.client_rating,
        seen_version=seen_version,
        actor=staff().id,
        today=today(),
        now=now(),
        is_outcome=is_outcome,
    )


def _kept(point: Point) -> Settlement | None:
    return negotiating.settlements(db(), seat_round()).get(point.card)


def _settled(kept: Settlement | None) -> Settled:
    if kept is None:
        return Settled("", None, None, None, "", "", i18n.current(), i18n.current())
    return Settled(**{field.name: getattr(kept, field.name) for field in fields(Settled)})


def _is_whole(point: Point, outcome: Outcome, reason: str) -> bool:
    try:
        rules.check(outcome, point.client_rating, reason, None, today())
    except SettlementRefused:
        return False
    return True


def _needs_reason(point: Point, outcome: Outcome) -> bool:
    return outcome not in rules.FOLLOWS_CLIENT and point.client_rating is Rating.DEFINITELY


def _outcome(name: str) -> Outcome:
    return Outcome(name) if name in set(Outcome) else abort(404)


def _meant() -> Point | None:
    """The card that the form is about, wherever it stands in the order of talk."""
    return meant(points().all, attrgetter("card"))


def _point(number: int) -> Point:
    return next((point for point in points().all if point.number == number), None) or abort(404)


def _card_page(point: Point, form: TalkForm, kept: Settlement | None) -> str:
    asked = sorts.questions(db(), both().client.record)
    return render_template(
        "together/card.html",
        **_shared(point, form, kept),
        next_point=next((other for other in points().talk if other.number == point.number + 1), None),
        client_card=both().client.cards.get(point.card),
        keyworker_card=both().keyworker.cards.get(point.card),
        client_language=both().client.record.language,
        keyworker_language=both().keyworker.record.language,
        questions=[question for question in asked if question.card_id == point.card],
        goal_number=_goal_number(point),
        is_open=seat_round().closed_at is None,
    )


def _how_page(point: Point, outcome: Outcome, form: HowForm, kept: Settlement | None) -> str:
    shared = _shared(point, form, kept)
    return render_template("together/how.html", **shared, outcome=outcome, needs_reason=_needs_reason(point, outcome))


def _shared(point: Point, form: TalkForm | HowForm, kept: Settlement | None) -> dict[str, object]:
    return {
        "point": point,
        "form": form,
        "kept": kept,
        "changed": form.is_overtaken,
        "newer": _newer(kept) if form.is_overtaken and kept else [],
        "words": words(),
        "desk_title": _desk_title(point),
        "is_drinking": point.card == DRINKING,
        "red_card": words().red_card if point.card == DRINKING else words().red_card_of(point.card),
        "outcomes": Outcome,
    }


def _newer(kept: Settlement) -> list[Newer]:
    """The texts that somebody else saved, under the names that the forms give them."""
    talk_form, how_form = TalkForm(formdata=None), HowForm(formdata=None)
    saved = (
        (talk_form.heard, kept.heard, kept.heard_language),
        (how_form.words, kept.words, kept.language),
        (how_form.reason, kept.reason, kept.language),
    )
    return [Newer(str(field.label.text), text, language) for field, text, language in saved if text]


def _desk_title(point: Point) -> str:
    spoken = desk_words()
    return spoken.options.title if point.card == DRINKING else spoken.title(point.card, both().client)


def _goal_number(point: Point) -> int | None:
    """Which of the plan's goals was made of this card, if any."""
    plan = planning.plan_of(db(), seat_round())
    goals = planning.draft(db(), plan).goals if plan else ()
    return next((number for number, goal in enumerate(goals, start=1) if goal.card_id == point.card), None)
