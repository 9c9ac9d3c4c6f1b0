"""What people do about the safety answers: the client sends them, and staff record what was done about a warning."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from decisionaid.casework import history
from decisionaid.core import safety as rules
from decisionaid.core.clock import after
from decisionaid.core.safety import Facts, ResponseKind, Rules, Sign
from decisionaid.storage import queries_safety
from decisionaid.storage.models import Round, SafetyReply, SafetyResponse, SafetyTold, SortRecord, Staff

GIVEN_WITHIN = timedelta(weeks=12)


class ResponseRefused(Exception):
    """What is to be recorded lacks something."""


class NameNeeded(ResponseRefused):
    """Medical advice names a clinician or a service."""


class DayNeeded(ResponseRefused):
    """Medical advice has a day."""


class AdviceInPast(ResponseRefused):
    """Advice that is planned is still to come."""


class AdviceTooLate(ResponseRefused):
    """Advice is planned for the day on which the change begins at the latest, or the first check-in: `last`."""

    def __init__(self, last: date | None) -> None:
        super().__init__(last)
        self.last = last


class NotGivenThen(ResponseRefused):
    """Advice that was given was given today or within the last twelve weeks."""


class WordsNeeded(ResponseRefused):
    """A reason, or why the client declined, is written in words."""


class NothingSeen(ResponseRefused):
    """The warnings of this round are not yet for this keyworker's eyes."""


def tell(db: Session, round_: Round, now: datetime) -> None:
    """The client sends the safety answers that they gave so far to their keyworker, before both have finished."""
    of_round = (SortRecord.service_id == SafetyReply.service_id) & (SortRecord.id == SafetyReply.sort_id)
    mine = (SortRecord.service_id == round_.service_id, SortRecord.round_id == round_.id)
    newest = db.scalar(select(func.max(SafetyReply.at)).join(SortRecord, of_round).where(*mine))
    db.add(SafetyTold(service_id=round_.service_id, round_id=round_.id, at=after(newest, now)))
    history.of_round(db, round_, actor="client", verb="safety_told", at=now)


def respond(
    db: Session,
    round_: Round,
    kind: ResponseKind,
    *,
    rules_: Rules,
    with_whom: str = "",
    day: date | None = None,
    words: str = "",
    shown: Collection[str] | None = None,
    language: str,
    actor: Staff,
    today: date,
    now: datetime,
) -> SafetyResponse:
    """Record what is done about the warnings that this keyworker may see. Nothing recorded before is changed.

    `shown` is the part of what is `in_question` that the page showed: what came since goes on waiting. Without it the
    response is about all.

    Raises:
        ResponseRefused: it lacks a name, a day or words, or its day cannot be; or nothing may be seen yet.
    """
    seen = in_sight(db, round_)
    if seen is None:
        raise NothingSeen
    facts = seen.facts
    _check(kind, with_whom, day, words, facts, today)
    verdict = rules.judge(rules_, facts, today)
    response = SafetyResponse(
        service_id=round_.service_id,
        round_id=round_.id,
        kind=kind,
        with_whom=with_whom,
        day=day,
        words=words,
        language=language,
        about=_of(shown, rules.change_of(rules_, verdict.points)),
        signs=_of(shown, (sign.token for sign in verdict.signs)),
        by_id=actor.id,
        at=now,
    )
    db.add(response)
    history.of_round(db, round_, actor=actor.id, verb=f"safety_{kind}", at=now)
    return response


@dataclass(frozen=True)
class InSight:
    """What the rule reads of a round, as far as its keyworker may see it: `whole`, or the sent answers alone."""

    facts: Facts
    whole: bool


def in_sight(db: Session, round_: Round) -> InSight | None:
    """What the keyworker of this round may see; None where they may see nothing."""
    seen = queries_safety.seen(db, [round_])[round_.id]
    if seen.whole:
        return InSight(queries_safety.facts_of(db, round_), whole=True)
    return InSight(queries_safety.as_told(db, round_, seen.told), whole=False) if seen.told else None


def waiting(rules_: Rules, seen: InSight, today: date) -> tuple[Sign, ...]:
    """The warnings that nobody has dealt with. Where the client has only sent their answers, none counts as missing."""
    found = rules.judge(rules_, seen.facts, today)
    signs = rules.waiting(found, seen.facts.responses, rules.change_of(rules_, found.points), today)
    return signs if seen.whole else tuple(sign for sign in signs if sign.kind is not rules.SignKind.MISSING)


def in_question(rules_: Rules, seen: InSight, today: date) -> frozenset[str]:
    """What a response given now would be about: the warnings, and the change that they stand against."""
    found = rules.judge(rules_, seen.facts, today)
    return frozenset(sign.token for sign in found.signs) | rules.change_of(rules_, found.points)


def _of(shown: Collection[str] | None, tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(token for token in tokens if shown is None or token in shown))


def _check(kind: ResponseKind, with_whom: str, day: date | None, words: str, facts: Facts, today: date) -> None:
    if kind in (ResponseKind.PLANNED, ResponseKind.GIVEN):
        _check_advice(kind, with_whom, day, facts, today)
    if kind in (ResponseKind.DECLINED, ResponseKind.REASON) and not rules.is_reason(words):
        raise WordsNeeded


def _check_advice(kind: ResponseKind, with_whom: str, day: date | None, facts: Facts, today: date) -> None:
    if not rules.is_name(with_whom):
        raise NameNeeded
    if day is None:
        raise DayNeeded
    if kind is ResponseKind.GIVEN and not today - GIVEN_WITHIN <= day <= today:
        raise NotGivenThen
    last = rules.last_day_for_advice(facts)
    if kind is ResponseKind.PLANNED and day < today:
        raise AdviceInPast
    if kind is ResponseKind.PLANNED and last is not None and day > last:
        raise AdviceTooLate(last)
