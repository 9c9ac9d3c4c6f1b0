"""The safety answers as staff see them, and the forms by which they record what was done: at the desk and together."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar, cast

from flask import g, request
from sqlalchemy.orm import Session
from wtforms import Field, HiddenField

from decisionaid import i18n
from decisionaid.casework import safety as verbs
from decisionaid.casework.safety import InSight
from decisionaid.core import safety as rule
from decisionaid.core.deck_safety import SafetyWords
from decisionaid.core.safety import Response, ResponseKind, Rules, Sign, Verdict
from decisionaid.i18n import lazy_gettext as _
from decisionaid.storage import queries_safety
from decisionaid.storage.models import Round, SafetyResponse
from decisionaid.web.days import are_to_come
from decisionaid.web.drafts import drafted
from decisionaid.web.forms import DayField, LineField, Needed, PlainForm, SecretField, SixFigures, WordsField, complain
from decisionaid.web.plan_words import DRINKING_DECK, SAFETY_DECK
from decisionaid.web.request import all_decks, db, decks, decks_of, now, service, staff, today

DIGEST = 12
"""Hex digits by which a form names what its page showed."""

Kept = TypeVar("Kept")
Recorded = tuple[tuple[SafetyResponse, str], ...]
"""What was recorded about warnings, oldest first, each with the name of who recorded it."""


@dataclass(frozen=True)
class Strip:
    """The warnings of a round that nobody has dealt with. `planned` is medical advice that is planned."""

    round_id: str
    waiting: tuple[Sign, ...]
    words: SafetyWords
    planned: Response | None

    def question(self, sign: Sign) -> str:
        """The question that a warning is about; one that the deck no longer asks goes by its id."""
        known = self.words.questions.get(sign.question)
        return known.text if known else sign.question

    def answer(self, sign: Sign) -> str | None:
        """What was answered, in words; None where there is no answer."""
        if sign.kind is rule.SignKind.MISSING:
            return None
        known = self.words.questions.get(sign.question)
        return (known.answers.get(sign.answer or "") if known else None) or sign.answer


def rules_of(round_: Round) -> Rules:
    """The safety rule of a round: the newest questions, and what the newest decks say of each card and option.

    Where they know it no longer, the deck that the round was opened with decides; at a review, where goals may be
    carried over from any earlier round, those of the other rounds too. Any of these may have had another deck of cards,
    so all of them are asked.
    """
    kept = (decks(), decks_of(round_), *(all_decks() if round_.is_review else ()))
    cards = [each.cards(id) for each in kept for id in each.card_decks]
    options = [each.options(DRINKING_DECK) for each in kept]
    return rule.rules(decks().safety(SAFETY_DECK), *cards, *options)


def verdict_of(round_: Round) -> Verdict:
    """What the safety rule says today of a round of which both may see all."""
    return rule.judge(rules_of(round_), _kept(round_, "facts", queries_safety.facts_of), today())


def strip_of(round_: Round, language: str) -> Strip | None:
    """The safety answers of a round as far as its keyworker may see them, in this language; None where they may not."""
    seen = _kept(round_, "in_sight", verbs.in_sight)
    return _strip(round_, seen, language) if seen is not None else None


def strips_of_caseload(keyworker_id: str, language: str) -> dict[str, Strip]:
    """The safety answers of each client that wait for this keyworker, by client: those of the newest round in sight."""
    rounds = queries_safety.newest_in_sight(db(), service().id, keyworker_id)
    whole = queries_safety.facts(db(), [round_ for round_, seen in rounds if seen.whole])
    found = {}
    for round_, _seen in rounds:
        seen = InSight(whole[round_.id], whole=True) if round_.id in whole else verbs.in_sight(db(), round_)
        strip = _strip(round_, seen, language) if seen is not None else None
        if strip is not None and strip.waiting:
            found[round_.client_id] = strip
    return found


def recorded(round_: Round) -> Recorded:
    """What was recorded about the warnings of a round."""
    return tuple(queries_safety.responses(db(), round_))


def counted(round_: Round) -> Recorded:
    """The part of it that counts today."""
    zone, on = service().time_zone, today()
    return tuple(each for each in recorded(round_) if rule.counts(each[0].kind, i18n.local_day(each[0].at, zone), on))


def dealt_with(recorded_: Recorded) -> Recorded:
    """The part of it by which warnings were dealt with."""
    return tuple(each for each in recorded_ if each[0].kind in rule.DEALT_WITH)


def _strip(round_: Round, seen: InSight, language: str) -> Strip:
    return Strip(
        round_id=round_.id,
        waiting=verbs.waiting(rules_of(round_), seen, today()),
        words=decks().safety_words(SAFETY_DECK, language),
        planned=rule.planned_advice(seen.facts.responses, today()),
    )


def _kept(round_: Round, what: str, ask: Callable[[Session, Round], Kept]) -> Kept:
    """What the database says, asked once for a page; a press may change it between two questions."""
    if request.method != "GET":
        return ask(db(), round_)
    kept: dict[tuple[str, str], Kept] = g.setdefault("safety", {})
    if (what, round_.id) not in kept:
        kept[what, round_.id] = ask(db(), round_)
    return kept[what, round_.id]


class ResponseForm(PlainForm):
    """What was done about the warnings. `pin` is asked where the client sits beside the keyworker."""

    PREFIX = ""
    kind: ResponseKind
    asked = ""
    """What the page shows that draws it, for `shown`: a warning that came later is not dealt with by this press."""

    shown = HiddenField()

    def __init__(self, *, with_pin: bool, **kwargs: object) -> None:
        super().__init__(prefix=f"{self.kind}-", **kwargs)
        if not with_pin and "pin" in self:
            del self.pin


class PlannedForm(ResponseForm):
    """Medical advice that is planned."""

    kind = ResponseKind.PLANNED
    with_whom = LineField(
        _("Who will give it? Name a doctor, nurse or service"), validators=[Needed(_("Enter who will give the advice"))]
    )
    day = DayField(_("On which day?"), validators=[Needed(_("Enter the day of the advice"))], bounded=True)
    change_begins = DayField(_("When does stopping or cutting down begin? You can leave this empty"))


class GivenForm(ResponseForm):
    """Medical advice that was given."""

    kind = ResponseKind.GIVEN
    with_whom = LineField(
        _("Who gave it? Name a doctor, nurse or service"), validators=[Needed(_("Enter who gave the advice"))]
    )
    day = DayField(_("On which day was it given?"), validators=[Needed(_("Enter the day of the advice"))], bounded=True)


class DeclinedForm(ResponseForm):
    """The client does not want medical advice."""

    kind = ResponseKind.DECLINED
    words = WordsField(
        _("What did the client say, and what did you explain?"),
        validators=[Needed(_("Write what the client said and what you explained"))],
    )
    pin = SecretField(_("Keyworker’s PIN"), validators=[Needed(_("Enter your PIN")), SixFigures()])


class ReasonForm(ResponseForm):
    """Nothing more is to be done about the warnings, and why."""

    kind = ResponseKind.REASON
    words = WordsField(
        _("Keyworker’s reason for going ahead without medical advice"), validators=[Needed(_("Write the reason"))]
    )
    pin = SecretField(_("Keyworker’s PIN"), validators=[Needed(_("Enter your PIN")), SixFigures()])


FORMS: dict[ResponseKind, type[ResponseForm]] = {
    form.kind: form for form in (PlannedForm, GivenForm, DeclinedForm, ReasonForm)
}
"""The forms by what they record, in the order in which they are offered."""


def waiting_forms(
    round_: Round, address: Callable[[str], str], *, with_pin: bool, kinds: Iterable[ResponseKind] = tuple(FORMS)
) -> dict[str, ResponseForm]:
    """The forms of a page, by what they record, with what was typed and not taken. `address` is where each goes."""
    asked = " ".join(sorted(map(_digest, _in_question(round_))))
    forms = {kind.value: drafted(partial(FORMS[kind], with_pin=with_pin), action=address(kind.value)) for kind in kinds}
    for form in forms.values():
        form.asked = asked
    return forms


def record(round_: Round, form: ResponseForm) -> bool:
    """Record what a valid form says. False where a rule refuses it, with the message at its field."""
    if isinstance(form, PlannedForm) and not are_to_come(form.day):
        return False
    try:
        verbs.respond(
            db(),
            round_,
            form.kind,
            rules_=rules_of(round_),
            with_whom=_text(form, "with_whom"),
            day=form["day"].data if "day" in form else None,
            words=_text(form, "words"),
            shown=[token for token in _in_question(round_) if _digest(token) in (form.shown.data or "").split()],
            language=str(g.get("desk_language") or i18n.current()),
            actor=staff(),
            today=today(),
            now=now(),
        )
    except verbs.ResponseRefused as refused:
        complain(_field(form, refused), _why(refused))
        return False
    return True


def cancel(round_: Round) -> None:
    """Record that medical advice is no longer planned."""
    verbs.respond(
        db(),
        round_,
        ResponseKind.CANCELLED,
        rules_=rules_of(round_),
        language=i18n.current(),
        actor=staff(),
        today=today(),
        now=now(),
    )


def _in_question(round_: Round) -> frozenset[str]:
    seen = _kept(round_, "in_sight", verbs.in_sight)
    return verbs.in_question(rules_of(round_), seen, today()) if seen is not None else frozenset()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:DIGEST]


def _text(form: ResponseForm, name: str) -> str:
    return str(form[name].data or "") if name in form else ""


def _field(form: ResponseForm, refused: verbs.ResponseRefused) -> Field:
    about = {verbs.NameNeeded: "with_whom", verbs.WordsNeeded: "words"}
    name = about.get(type(refused), "day")
    return cast(Field, form[name] if name in form else form["words"])


def _why(refused: verbs.ResponseRefused) -> str:
    if isinstance(refused, verbs.AdviceTooLate) and refused.last is not None:
        said = i18n.gettext(
            "Choose a day up to %(day)s: by the day the change begins, and no later than your first check-in"
        )
        return said % {"day": i18n.day(refused.last)}
    messages: dict[type[verbs.ResponseRefused], str] = {
        verbs.NameNeeded: i18n.gettext("Enter the name of a doctor, nurse or service, with at least 3 letters"),
        verbs.WordsNeeded: i18n.gettext("Write at least 20 characters"),
        verbs.AdviceInPast: i18n.gettext("Enter a day from today"),
        verbs.NotGivenThen: i18n.gettext("Enter a day in the last 12 weeks"),
    }
    return messages.get(type(refused), i18n.gettext("Enter the day of the advice"))
