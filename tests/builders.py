"""Cases for tests, made by the same verbs that people's presses call. All people are invented."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from sqlalchemy import text
from sqlalchemy.orm import Session

from decisionaid import i18n, packaged
from decisionaid.casework import passwords, people, reviewing, sorting
from decisionaid.core.safety import rules
from decisionaid.core.sort import Party, Rating
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.decks import load_decks
from decisionaid.storage.kept_decks import RoundDeck, round_deck
from decisionaid.storage.models import Client, Nation, Role, Round, Service, SortRecord, Staff
from decisionaid.storage.triggers import TRIGGERS
from tests.once import once

P = ParamSpec("P")

PASSWORD = "a long enough password"
PIN = "246810"
NAMES = {Party.CLIENT: "Rowan Ellis", Party.KEYWORKER: "Maya Osei"}
"""What the two are called, and sign with."""
NOW = datetime(2026, 8, 20, 9, 30, tzinfo=UTC)
DECKS = load_decks(packaged("questionnaires"))
DECK = DECKS.cards("life-areas")
ROUND_DECK = round_deck(DECKS, DECK.id)
CARDS = tuple(card.id for card in DECK.cards)
CHECK = DECKS.safety("safety-check")
CALM = {q.id: next(a.id for a in q.answers if not a.warns) for q in CHECK.questions} | {"units": "under-15"}
"""A calm answer to each question of the safety check, by somebody who drinks."""

RULES = rules(CHECK, DECKS.options("drinking-goal"), DECK)

PASSWORD_HASH, PIN_HASH = passwords.hashed(PASSWORD), passwords.hashed(PIN)


def step(take: Callable[Concatenate["Case", P], "Case"]) -> Callable[Concatenate["Case", P], "Case"]:
    """A step of a case, which is taken once from each state of the database, and copied from then on."""

    @wraps(take)
    def taken(case: "Case", /, *args: P.args, **kwargs: P.kwargs) -> "Case":
        def known() -> dict[str, Any]:
            take(case, *args, **kwargs)
            return case.known()

        before = repr((take.__name__, args, kwargs, sorted(case.known().items())))
        case.learn(once(case.database, known, before))
        return case

    return taken


@dataclass
class Case:
    """One client with a keyworker at some point of the way. Each step returns the case, so that steps read as a
    sentence."""

    database: Database
    service_id: str
    keyworker_id: str
    client_id: str
    round_id: str = ""
    client_sort_id: str = ""
    keyworker_sort_id: str = ""
    now: datetime = field(default=NOW)
    pace: timedelta = timedelta(minutes=1)
    """How long each thing takes them."""
    replies: dict[str, str] = field(default_factory=CALM.copy)
    """What the client answers to the safety check."""
    own_clock: bool = False
    """Whether they answer it by the case's own clock, for tests of verbs; by the machine's, for tests of pages."""
    cards: tuple[str, ...] = CARDS
    """The cards of the round, in the deck's order."""
    deck: RoundDeck = ROUND_DECK
    """What rounds are opened with, where nothing else is said."""

    def known(self) -> dict[str, Any]:
        """What it knows of itself, without the database."""
        return {name: value for name, value in vars(self).items() if name != "database"} | {
            "replies": self.replies.copy()
        }

    def learn(self, known: dict[str, Any]) -> None:
        """Go on as one that knows this, over the same database."""
        vars(self).update({**known, "replies": known["replies"].copy(), "database": self.database})

    @step
    def with_round(self, deck: RoundDeck | None = None) -> "Case":
        """A round is open, with this deck or the case's own."""
        with self.database.writing() as db:
            round_ = reviewing.open_round(
                db,
                db.get_one(Client, (self.service_id, self.client_id)),
                self.keyworker(db),
                deck=deck or self.deck,
                now=self.later(),
            )
            self.round_id = round_.id
        return self

    @step
    def with_open_sorts(self) -> "Case":
        """Both have begun to sort; nothing is answered."""
        if not self.round_id:
            self.with_round()
        with self.database.writing() as db:
            round_ = self.round(db)
            client = sorting.begin(db, round_, Party.CLIENT, author=None, language="en", now=self.later())
            keyworker = self.keyworker(db)
            other = sorting.begin(db, round_, Party.KEYWORKER, author=keyworker, language="en", now=self.later())
            self.client_sort_id, self.keyworker_sort_id = client.id, other.id
        return self

    def sorted_by_client(
        self, answers: dict[str, Rating] | None = None, order: tuple[str, ...] | None = None
    ) -> "Case":
        """The client has answered (all maybe, the first five in order, by default) and finished."""
        return self._sorted(Party.CLIENT, answers, order)

    def sorted_by_keyworker(
        self, answers: dict[str, Rating] | None = None, order: tuple[str, ...] | None = None
    ) -> "Case":
        """The keyworker has answered and finished."""
        return self._sorted(Party.KEYWORKER, answers, order)

    @step
    def sorted_by_keyworker_alone(self) -> "Case":
        """The keyworker has finished; the client has not begun."""
        if not self.round_id:
            self.with_round()
        with self.database.writing() as db:
            round_, keyworker = self.round(db), self.keyworker(db)
            own = sorting.begin(db, round_, Party.KEYWORKER, author=keyworker, language="en", now=self.later())
            self.keyworker_sort_id = own.id
        return self.sorted_by_keyworker(dict.fromkeys(CARDS, Rating.NOT), ())

    @step
    def sorted_by_both(self) -> "Case":
        """Both have finished: the client put the first cards forward, the keyworker others."""
        definite = dict.fromkeys(self.cards[:6], Rating.DEFINITELY)
        rest = dict.fromkeys(self.cards[6:], Rating.NOT)
        self.sorted_by_client({**definite, **rest})
        other = dict.fromkeys(self.cards[3:10], Rating.DEFINITELY)
        return self.sorted_by_keyworker({**dict.fromkeys(self.cards, Rating.NOT), **other}, self.cards[3:8])

    @step
    def confirmed(self) -> "Case":
        """The client has said that the answers are what they chose."""
        with self.database.writing() as db:
            reviewing.confirm(db, self.round(db), now=self.later())
        return self

    @step
    def _sorted(self, party: Party, answers: dict[str, Rating] | None, order: tuple[str, ...] | None) -> "Case":
        if not (self.client_sort_id if party is Party.CLIENT else self.keyworker_sort_id):
            self.with_open_sorts()
        answers = answers or dict.fromkeys(self.cards, Rating.POSSIBLY)
        sort_id = self.client_sort_id if party is Party.CLIENT else self.keyworker_sort_id
        with self.database.writing() as db:
            record = db.get_one(SortRecord, (self.service_id, sort_id))
            sort = sorts.load(db, record)
            assert sort is not None
            for card, answer in answers.items():
                sorting.rate_card(db, sort, self.cards, card, answer, self.later())
            placed = self.cards[:5] if order is None else order
            sorting.reorder(db, sort, self.cards, DECK.top, placed, self.later())
            for question, reply in self.replies.items() if party is Party.CLIENT else ():
                sorting.answer_safety(
                    db, record, question, reply, self.later() if self.own_clock else datetime.now(UTC)
                )
            db.flush()
            sorting.finish(db, record, self.round(db), seen=sorts.fingerprint(db, record), now=self.later())
        return self

    def later(self) -> datetime:
        """A moment on, each time it is asked."""
        self.now += self.pace
        return self.now

    def round(self, db: Session) -> Round:
        return db.get_one(Round, (self.service_id, self.round_id))

    def keyworker(self, db: Session) -> Staff:
        return db.get_one(Staff, (self.service_id, self.keyworker_id))


def a_service(database: Database) -> str:
    """A service with a crisis line; returns its id."""
    with database.writing() as db:
        service = people.found_service(db, "Hill Lane", language="en", nation=Nation.ENGLAND, now=NOW)
        admin = a_person(db, service, "robin", "Robin Pryce", Role.ADMIN)
        for language in i18n.LANGUAGES:
            people.set_crisis_lines(db, service, language, [("Night line", "01632 960117")], actor=admin, now=NOW)
        return service.id


def a_person(db: Session, service: Service, login: str, name: str, role: Role) -> Staff:
    """Somebody who works there and has taken the first steps."""
    staff = Staff(
        service_id=service.id,
        login=login,
        name=name,
        role=role,
        password_hash=PASSWORD_HASH,
        pin_hash=PIN_HASH,
        must_change=False,
        telephone="01632 960140",
        created_at=NOW,
    )
    db.add(staff)
    db.flush()
    return staff


def a_case(
    database: Database,
    *,
    login: str = "maya",
    name: str = "Rowan Ellis",
    reference: str = "RE-0522",
    language: str = "en",
    own_clock: bool = False,
) -> Case:
    """A client on the caseload of the keyworker `login`; the service is begun if there is none."""
    details = {"name": name, "reference": reference, "language": language}
    begun = once(database, lambda: _begun(database, login, details), "a case", login, *details.values())
    return Case(database, *begun, own_clock=own_clock)


def _begun(database: Database, login: str, details: dict[str, str]) -> tuple[str, str, str]:
    with database.reading() as db:
        service = db.query(Service).first()
    service_id = service.id if service else a_service(database)
    first_name = details["name"].split(maxsplit=1)[0]
    with database.writing() as db:
        kept = db.get_one(Service, service_id)
        keyworker = db.query(Staff).filter_by(service_id=service_id, login=login).first()
        keyworker = keyworker or a_person(db, kept, login, "Maya Osei", Role.KEYWORKER)
        client = people.add_client(db, keyworker, {**details, "preferred_name": first_name}, now=NOW)
        return service_id, keyworker.id, client.id


def open_up(database: Database) -> None:
    """Take the triggers off, so that a test can write what the program never would."""
    with database.writing() as db:
        for trigger in TRIGGERS:
            for statement in trigger.drop("sqlite"):
                db.execute(text(statement))
