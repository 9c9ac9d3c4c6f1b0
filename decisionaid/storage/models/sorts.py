"""What each party answered, alone. Once a sort is finished, triggers refuse every change to any of these rows."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.core.reading import USUAL, Reading
from decisionaid.core.review import Progress
from decisionaid.core.sort import Party
from decisionaid.storage.models.keys import table, within_service
from decisionaid.storage.types import Record, Word, new_id


class Say(StrEnum):
    """How much say the client wants (asked of each client, and again at each review)."""

    MINE = "mine"
    TOGETHER = "together"
    YOURS = "yours"


class Advice(StrEnum):
    """What the client wants to hear from the keyworker."""

    OPTIONS = "options"
    OPINION = "opinion"


class Listened(StrEnum):
    """The client's answer, at a review, to "did you feel listened to?"."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Device(StrEnum):
    """On what the client sorted: a tablet of the service's, a device of their own, or paper that was typed in after."""

    TABLET = "tablet"
    OWN = "own"
    PAPER = "paper"


class SortRecord(Record):
    """One party's sort in one round. `seed` repeats the order in which the cards were shown."""

    __tablename__ = "sort"
    __table_args__ = table(
        within_service("round_id", "round"),
        within_service("author_id", "staff"),
        Index(
            "uq_sort_party",
            "service_id",
            "round_id",
            "party",
            "author_id",
            unique=True,
        ),
        Index(
            "uq_sort_client",
            "service_id",
            "round_id",
            unique=True,
            sqlite_where=text("party = 'client'"),
            postgresql_where=text("party = 'client'"),
        ),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str]
    party: Mapped[Party] = mapped_column(Word(Party))
    author_id: Mapped[str | None]
    language: Mapped[str]
    seed: Mapped[int]
    say: Mapped[Say | None] = mapped_column(Word(Say))
    advice: Mapped[Advice | None] = mapped_column(Word(Advice))
    what_matters: Mapped[str] = mapped_column(default="")
    listened: Mapped[Listened | None] = mapped_column(Word(Listened))
    listened_words: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Handover(Record):
    """How the client's answers came in: the tablet given to them, their own device connected, or their paper typed in.
    By whom, when, and when the tablet came back.

    `from_desk` notes an own device that was the desk's browser: that is asked about, and never printed.
    """

    __tablename__ = "handover"
    __table_args__ = table(within_service("round_id", "round"), within_service("by_id", "staff"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str]
    by_id: Mapped[str]
    device: Mapped[Device] = mapped_column(Word(Device), default=Device.TABLET)
    from_desk: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    back_at: Mapped[datetime | None]


class ReadingRecord(Record):
    """How the client reads in this round. No answer of theirs, so it can still be changed when the sort is finished."""

    __tablename__ = "reading"
    __table_args__ = table(within_service("round_id", "round"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[str] = mapped_column(default=USUAL.size)
    contrast: Mapped[str] = mapped_column(default=USUAL.contrast)
    pictures: Mapped[str] = mapped_column(default=USUAL.pictures)
    words: Mapped[str] = mapped_column(default=USUAL.words)
    voice: Mapped[str] = mapped_column(default=USUAL.voice)
    changed_at: Mapped[datetime]

    @property
    def value(self) -> Reading:
        """The choices as the core knows them."""
        return Reading(self.size, self.contrast, self.pictures, self.words, self.voice)


class SortCard(Record):
    """A card in one sort: the answer, the place, and the words and rulers that go with it (rulers 0-10)."""

    __tablename__ = "sort_card"
    __table_args__ = table(within_service("sort_id", "sort"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    sort_id: Mapped[str] = mapped_column(primary_key=True)
    card_id: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str | None]
    place: Mapped[int | None]
    success: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    importance: Mapped[int | None]
    importance_why: Mapped[str] = mapped_column(default="")
    confidence: Mapped[int | None]
    confidence_why: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]


class OwnCard(Record):
    """A card that the client wrote. Its words keep the language they were written in."""

    __tablename__ = "own_card"
    __table_args__ = table(within_service("sort_id", "sort"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    sort_id: Mapped[str] = mapped_column(primary_key=True)
    card_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    at: Mapped[datetime]


class Question(Record):
    """Something the person wants to ask, pinned to a card or to none."""

    __tablename__ = "question"
    __table_args__ = table(within_service("sort_id", "sort"), Index("ix_question_sort", "service_id", "sort_id"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    sort_id: Mapped[str]
    card_id: Mapped[str | None]
    words: Mapped[str]
    at: Mapped[datetime]


class OptionChoice(Record):
    """A drinking goal chosen. Changing one's mind is ordinary: the newest row counts, the older ones stay."""

    __tablename__ = "option_choice"
    __table_args__ = table(
        within_service("sort_id", "sort"), Index("ix_option_choice_sort", "service_id", "sort_id", "at")
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    sort_id: Mapped[str]
    option: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class OptionView(Record):
    """Which choices were opened in full, and when (R20)."""

    __tablename__ = "option_view"
    __table_args__ = table(within_service("sort_id", "sort"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    sort_id: Mapped[str] = mapped_column(primary_key=True)
    option: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class SafetyReply(Record):
    """The client's answer to one question of the safety check. The newest row counts; the older ones stay, as a
    warning that was changed later still warns."""

    __tablename__ = "safety_reply"
    __table_args__ = table(within_service("sort_id", "sort"), Index("ix_safety_reply_sort", "service_id", "sort_id"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    sort_id: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    at: Mapped[datetime]


class GoalProgress(Record):
    """How one party sees a goal of the last plan, given apart from the other."""

    __tablename__ = "goal_progress"
    __table_args__ = table(within_service("sort_id", "sort"), within_service("goal_id", "agreed_goal"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    sort_id: Mapped[str] = mapped_column(primary_key=True)
    goal_id: Mapped[str] = mapped_column(primary_key=True)
    progress: Mapped[Progress] = mapped_column(Word(Progress))
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class OperationRecord(Record):
    """A choice that a page saved, so that the same one has no second effect; `digest` stands for what it said, and `at`
    is when it was made, which may be well before it arrived."""

    __tablename__ = "operation"
    __table_args__ = table(
        within_service("sort_id", "sort"),
        Index("uq_operation_number", "service_id", "sort_id", "epoch", "number", unique=True),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    sort_id: Mapped[str]
    epoch: Mapped[str]
    number: Mapped[int]
    digest: Mapped[str]
    at: Mapped[datetime]
