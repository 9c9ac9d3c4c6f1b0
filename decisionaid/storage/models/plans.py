"""The care plan as it is worked on, and each version as it was signed."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.core.plan import ActionKind, Agreement
from decisionaid.core.safety import WordKind
from decisionaid.core.sort import Party
from decisionaid.storage.models.keys import table, within_service
from decisionaid.storage.types import Record, Word, new_id


class Plan(Record):
    """The plan of one round while it is worked on.

    `change_begins` is the day on which the client starts to stop or cut down, where the two have said one.
    """

    __tablename__ = "plan"
    __table_args__ = table(
        within_service("round_id", "round"),
        within_service("client_id", "client"),
        UniqueConstraint("service_id", "round_id"),
        UniqueConstraint("service_id", "client_id", "number"),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    client_id: Mapped[str]
    round_id: Mapped[str]
    number: Mapped[int]
    drinking_option: Mapped[str | None]
    drinking_allocated: Mapped[bool] = mapped_column(default=False)
    change_begins: Mapped[date | None]
    revisit_date: Mapped[date | None]
    review_date: Mapped[date | None]
    copy_given: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]


class PlanText(Record):
    """One written field of a plan, as declared in `core.plan.FIELDS`, in the language it was typed in."""

    __tablename__ = "plan_text"
    __table_args__ = table(within_service("plan_id", "plan"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    language: Mapped[str]


class AgreedGoal(Record):
    """A goal that both agreed to work on. One that is dropped stays on record."""

    __tablename__ = "agreed_goal"
    __table_args__ = table(within_service("plan_id", "plan"), Index("ix_agreed_goal_plan", "service_id", "plan_id"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[str]
    position: Mapped[int]
    card_id: Mapped[str | None]
    title: Mapped[str]
    success: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    support: Mapped[str] = mapped_column(default="")
    how_we_know: Mapped[str] = mapped_column(default="")
    unmet: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    dropped_at: Mapped[datetime | None]


class Action(Record):
    """Something that somebody will do: what, who, by when, and which agency. `goal_id` is empty for a step
    of the whole plan. One that is taken out stays on record until the client is erased."""

    __tablename__ = "action"
    __table_args__ = table(
        within_service("plan_id", "plan"),
        within_service("goal_id", "agreed_goal"),
        Index("ix_action_plan", "service_id", "plan_id"),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[str]
    goal_id: Mapped[str | None]
    kind: Mapped[ActionKind] = mapped_column(Word(ActionKind))
    what: Mapped[str]
    who: Mapped[str] = mapped_column(default="")
    by_when: Mapped[date | None]
    agency: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]


class Risk(Record):
    """A risk seen in what was chosen, that it was explained, and what makes it smaller (R21)."""

    __tablename__ = "risk"
    __table_args__ = table(within_service("plan_id", "plan"), Index("ix_risk_plan", "service_id", "plan_id"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[str]
    risk: Mapped[str]
    reduces: Mapped[str] = mapped_column(default="")
    explained: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str]
    at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]


class QuestionAnswer(Record):
    """Who will answer a question that was asked on a card, and by when (R15)."""

    __tablename__ = "question_answer"
    __table_args__ = table(within_service("plan_id", "plan"), within_service("question_id", "question"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    answered: Mapped[bool] = mapped_column(default=False)
    who: Mapped[str] = mapped_column(default="")
    by_when: Mapped[date | None]


class Signing(Record):
    """One version of a plan, frozen: the exact text, its language and its hash. What is signed is this and nothing
    else.

    `safety_word`, `safety_reason` and `safety_by` (a staff id) are the keyworker's reason or "no" on this text.
    """

    __tablename__ = "signing"
    __table_args__ = table(within_service("plan_id", "plan"), UniqueConstraint("service_id", "plan_id", "version"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[str]
    version: Mapped[int]
    language: Mapped[str]
    text: Mapped[str]
    text_hash: Mapped[str]
    deck_digest: Mapped[str]
    review_date: Mapped[date]
    revisit_date: Mapped[date]
    agreed_on: Mapped[date]
    prepared_by: Mapped[str]
    prepared_at: Mapped[datetime]
    safety_word: Mapped[WordKind | None] = mapped_column(Word(WordKind))
    safety_reason: Mapped[str] = mapped_column(default="", server_default="")
    safety_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]


class Signature(Record):
    """One party's word on one version: signs, or does not sign, because. Never changed, never deleted."""

    __tablename__ = "signature"
    __table_args__ = table(within_service("signing_id", "signing"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    signing_id: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[Party] = mapped_column(Word(Party), primary_key=True)
    signs: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    agreement: Mapped[Agreement | None] = mapped_column(Word(Agreement))
    share_agreement: Mapped[bool] = mapped_column(default=False)
    text_hash: Mapped[str]
    at: Mapped[datetime]


class Printout(Record):
    """The PDF of a signing, kept byte for byte; `pdf_hash` is SHA-256 over it."""

    __tablename__ = "printout"
    __table_args__ = table(within_service("signing_id", "signing"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    signing_id: Mapped[str] = mapped_column(primary_key=True)
    pdf: Mapped[bytes]
    pdf_hash: Mapped[str] = mapped_column(server_default="")
    printed_at: Mapped[datetime]
