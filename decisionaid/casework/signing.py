"""Freezing a version of the plan, signing it or not, and keeping its paper byte for byte."""

from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from decisionaid.casework import history, readiness, sealing
from decisionaid.casework import safety as responding
from decisionaid.casework.planning import BeingSigned, PlanRefused, draft
from decisionaid.casework.reviewing import finish_round
from decisionaid.core import safety
from decisionaid.core.plan import Agreement, Missing, is_name_of, text_hash
from decisionaid.core.safety import ResponseKind, Rules, SafetyStepMissing, Verdict, Word
from decisionaid.core.sort import Party
from decisionaid.storage import queries_safety
from decisionaid.storage.models import Client, Plan, Printout, Round, Signature, Signing, Staff
from decisionaid.storage.models.case import RoundEnd


class AlreadySigned(PlanRefused):
    """This party has already said yes or no to this version."""


class TextChanged(PlanRefused):
    """What was on the screen is not the text that was frozen."""


class NotReady(PlanRefused):
    """Something still stands in the way of signing, the safety step among it; `missing` lists it."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(*missing)
        self.missing = missing


class NotTheirName(PlanRefused):
    """The typed name is not the name of the person who signs."""


class NoReason(PlanRefused):
    """Whoever does not sign says why."""


def freeze(
    db: Session,
    plan: Plan,
    text: str,
    *,
    rules: Rules,
    word: Word | None = None,
    language: str,
    deck_digest: str,
    actor: Staff,
    today: date,
    now: datetime,
) -> Signing:
    """Freeze the plan's exact text as its next version, ready to be signed.

    `text` is rendered by the web. `word` is the keyworker's reason or "no" on this text, which `actor` has given with
    their PIN and which the text prints; it counts for no other text. One that is not needed is not kept.

    Raises:
        NotReady: the plan lacks something, as `readiness.lacking` says. No way leads to signing past the safety rule.
        BeingSigned: another version waits for signatures.
        PlanRefused: the round ended without a plan.
    """
    round_ = db.get_one(Round, (plan.service_id, plan.round_id), with_for_update=True)
    _refuse_ended(round_)
    verdict = safety.judge(rules, queries_safety.facts_of(db, round_), today)
    word = word if verdict.needs_word else None
    _refuse_unready(db, plan, verdict, word, language, today)
    if plan.review_date is None or plan.revisit_date is None:
        raise PlanRefused
    versions = select(func.max(Signing.version)).where(
        Signing.service_id == plan.service_id, Signing.plan_id == plan.id
    )
    version = (db.scalar(versions) or 0) + 1
    signing = Signing(
        service_id=plan.service_id,
        plan_id=plan.id,
        version=version,
        language=language,
        text=text,
        text_hash=text_hash(text, language, version, deck_digest),
        deck_digest=deck_digest,
        review_date=plan.review_date,
        revisit_date=plan.revisit_date,
        agreed_on=today,
        prepared_by=actor.id,
        prepared_at=now,
        safety_word=word.kind if word else None,
        safety_reason=word.reason if word else "",
        safety_by=actor.id if word else None,
    )
    db.add(signing)
    db.flush()
    _note(db, plan, actor.id, "plan_frozen", now, signing)
    if word is not None:
        _note(db, plan, actor.id, f"safety_word_{word.kind}", now, signing)
        _deal_with(db, plan, word, rules, actor, today, now)
    return signing


def _deal_with(db: Session, plan: Plan, word: Word, rules: Rules, actor: Staff, today: date, now: datetime) -> None:
    """A reason that was given for signing is also what was done about the warnings."""
    round_ = db.get_one(Round, (plan.service_id, plan.round_id))
    responding.respond(
        db,
        round_,
        ResponseKind.REASON,
        rules_=rules,
        words=word.reason,
        language=actor.language,
        actor=actor,
        today=today,
        now=now,
    )


def _refuse_unready(db: Session, plan: Plan, verdict: Verdict, word: Word | None, language: str, today: date) -> None:
    round_ = db.get_one(Round, (plan.service_id, plan.round_id))
    lacking = readiness.lacking(db, round_, draft(db, plan), verdict=verdict, word=word, language=language, today=today)
    if lacking:
        raise NotReady(lacking)
    if waiting(db, plan) is not None:
        raise BeingSigned


def next_version(db: Session, plan: Plan) -> int:
    """The number that the next frozen version will carry."""
    versions = select(func.max(Signing.version)).where(
        Signing.service_id == plan.service_id, Signing.plan_id == plan.id
    )
    return (db.scalar(versions) or 0) + 1


def withdraw(db: Session, plan: Plan, signing: Signing, *, actor: Staff, now: datetime) -> None:
    """Take a frozen version back to change it. What was signed so far stays on record; the version is never used."""
    if signing.completed_at is not None:
        raise PlanRefused
    signing.withdrawn_at = now
    _note(db, plan, actor.id, "plan_withdrawn", now, signing)


def sign(
    db: Session,
    plan: Plan,
    signing: Signing,
    party: Party,
    *,
    signs: bool,
    name: str,
    reason: str,
    agreement: Agreement | None,
    share_agreement: bool,
    seen_hash: str,
    rules: Rules,
    today: date,
    now: datetime,
) -> Signature:
    """One party's word on a frozen version. With both words given the version is complete and the round has done
    its work.

    Raises:
        TextChanged: `seen_hash` is not the hash of the frozen text.
        NotReady: the safety rule does not allow a signature today. Not to sign is always allowed.
        NotTheirName: the name is not that of this round's client or keyworker. Not to sign needs none.
        PlanAltered: the frozen text was changed past the program.
        AlreadySigned, NoReason.
        PlanRefused: the version was withdrawn or is complete, or its round ended without a plan.
    """
    _check(db, signing, party, signs=signs, reason=reason, seen_hash=seen_hash)
    _refuse_ended(db.get_one(Round, (plan.service_id, plan.round_id)))
    signer, names = _signer(db, plan, party)
    if signs and not is_name_of(name, names):
        raise NotTheirName
    if signs:
        _check_safety(db, plan, signing, rules, today)
    signature = Signature(
        service_id=signing.service_id,
        signing_id=signing.id,
        party=party,
        signs=signs,
        name=name,
        reason=reason,
        agreement=agreement,
        share_agreement=share_agreement,
        text_hash=signing.text_hash,
        at=now,
    )
    db.add(signature)
    db.flush()
    _note(db, plan, signer, f"{party}_signed" if signs else f"{party}_did_not_sign", now, signing)
    if len(signatures(db, signing)) == len(Party):
        _complete(db, plan, signing, now)
    return signature


def _signer(db: Session, plan: Plan, party: Party) -> tuple[str, tuple[str, ...]]:
    """Whose word it is: their id, and the names that they go by."""
    if party is Party.CLIENT:
        client = db.get_one(Client, (plan.service_id, plan.client_id))
        return client.id, (client.name, client.preferred_name)
    round_ = db.get_one(Round, (plan.service_id, plan.round_id))
    return round_.keyworker_id, (db.get_one(Staff, (plan.service_id, round_.keyworker_id)).name,)


def word_on(signing: Signing) -> Word | None:
    """The keyworker's reason or "no" on a frozen text, if one was given for it."""
    return Word(signing.safety_word, signing.safety_reason) if signing.safety_word else None


def keep_paper(db: Session, signing: Signing, pdf: bytes, now: datetime) -> None:
    """Keep the PDF of a complete version; the first one stays."""
    if db.get(Printout, (signing.service_id, signing.id)) is None:
        key = {"service_id": signing.service_id, "signing_id": signing.id}
        db.add(Printout(**key, pdf=pdf, pdf_hash=sealing.paper_hash(pdf), printed_at=now))


def waiting(db: Session, plan: Plan) -> Signing | None:
    """The frozen version that waits for signatures, if any."""
    return db.scalar(_of(plan).where(Signing.withdrawn_at.is_(None), Signing.completed_at.is_(None)))


def latest(db: Session, plan: Plan) -> Signing | None:
    """The newest complete version of a plan."""
    return db.scalar(_of(plan).where(Signing.completed_at.is_not(None)).order_by(Signing.version.desc()).limit(1))


def complete_versions(db: Session, plan: Plan) -> list[Signing]:
    """All complete versions of a plan, oldest first."""
    return list(db.scalars(_of(plan).where(Signing.completed_at.is_not(None)).order_by(Signing.version)))


def replaced_by(db: Session, plan: Plan, signing: Signing) -> tuple[Plan, Signing] | None:
    """The version that came after this one, of this plan or of a later one; None while it stands.

    By their numbers and not by when they were signed, as a clock may have been set back since.
    """
    if signing.completed_at is None:
        return None
    of_this = and_(Plan.number == plan.number, Signing.version > signing.version)
    later = (
        select(Plan, Signing)
        .join(Signing, (Signing.service_id == Plan.service_id) & (Signing.plan_id == Plan.id))
        .where(Plan.service_id == plan.service_id, Plan.client_id == plan.client_id)
        .where(Signing.completed_at.is_not(None), or_(Plan.number > plan.number, of_this))
        .order_by(Plan.number.desc(), Signing.version.desc())
    )
    found = db.execute(later.limit(1)).first()
    return (found[0], found[1]) if found else None


def signatures(db: Session, signing: Signing) -> dict[Party, Signature]:
    """What each party said of a version."""
    mine = (Signature.service_id == signing.service_id, Signature.signing_id == signing.id)
    return {row.party: row for row in db.scalars(select(Signature).where(*mine))}


def _check(db: Session, signing: Signing, party: Party, *, signs: bool, reason: str, seen_hash: str) -> None:
    if signing.withdrawn_at is not None or signing.completed_at is not None:
        raise PlanRefused
    sealing.check_text(db, signing)
    if seen_hash != signing.text_hash:
        raise TextChanged
    if party in signatures(db, signing):
        raise AlreadySigned
    if not signs and not reason.strip():
        raise NoReason


def _refuse_ended(round_: Round) -> None:
    """Raise PlanRefused where the round ended without a plan."""
    if round_.closed_as in (RoundEnd.STOPPED, RoundEnd.NOT_RIGHT):
        raise PlanRefused


def _check_safety(db: Session, plan: Plan, signing: Signing, rules: Rules, today: date) -> None:
    round_ = db.get_one(Round, (plan.service_id, plan.round_id))
    try:
        safety.check(rules, queries_safety.facts_of(db, round_), word_on(signing), today)
    except SafetyStepMissing as error:
        raise NotReady((Missing.SAFETY_STEP,)) from error


def _complete(db: Session, plan: Plan, signing: Signing, now: datetime) -> None:
    signing.completed_at = now
    finish_round(db.get_one(Round, (plan.service_id, plan.round_id)), now)
    _note(db, plan, plan.client_id, "plan_complete", now, signing)


def _of(plan: Plan) -> Select[Signing]:
    return select(Signing).where(Signing.service_id == plan.service_id, Signing.plan_id == plan.id)


def _note(db: Session, plan: Plan, actor: str, verb: str, now: datetime, signing: Signing) -> None:
    round_ = db.get_one(Round, (plan.service_id, plan.round_id))
    history.of_round(db, round_, actor=actor, verb=verb, at=now, subject=str(signing.version))
