"""One client's story, round by round, told with the verbs of casework at the times when it is said to have happened."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from decisionaid import i18n
from decisionaid.casework import people, reviewing, sorting
from decisionaid.core.review import Progress
from decisionaid.core.sort import Party, Rating
from decisionaid.demonstration.press import Press
from decisionaid.demonstration.talks import Talk
from decisionaid.storage import sorts
from decisionaid.storage.decks import Decks
from decisionaid.storage.kept_decks import round_deck
from decisionaid.storage.models import Client, Round, Service, SortRecord, Staff
from decisionaid.storage.models.sorts import Advice, Listened, Say


@dataclass
class Story:
    """The story of one client; `tell` makes it happen."""

    db: Session
    service: Service
    keyworker: Staff
    decks: Decks
    data: dict[str, Any]
    press: Press
    today: datetime
    clock: datetime = field(init=False)
    replies: dict[str, str] = field(init=False, default_factory=dict)

    def tell(self, person: dict[str, Any]) -> Client:
        """Add the client and go through every round of theirs."""
        rounds = person["rounds"]
        self.clock = self.today - timedelta(days=(rounds[0]["days_ago"] if rounds else 0) + 1)
        client = people.add_client(self.db, self.keyworker, self._details(person), now=self.later())
        for each in rounds:
            self._round(client, each)
        return client

    def later(self, minutes: int = 3) -> datetime:
        """The next moment of the story."""
        self.clock += timedelta(minutes=minutes)
        return self.clock

    @property
    def day(self) -> date:
        """The date at the service."""
        return i18n.local_day(self.clock, self.service.time_zone)

    def words(self, client: Client) -> dict[str, Any]:
        """What is said in this client's language."""
        words: dict[str, Any] = self.data["words"][client.language]
        return words

    def _details(self, person: dict[str, Any]) -> dict[str, object]:
        kept = ("name", "preferred_name", "reference", "second_identifier")
        details: dict[str, object] = {name: person[name] for name in kept if name in person}
        return {**details, "language": person.get("language", "en"), "telephone": "07700 900123", "may_text": True}

    def _round(self, client: Client, told: dict[str, Any]) -> None:
        self.clock = self.today - timedelta(days=told["days_ago"])
        deck = round_deck(self.decks, "life-areas")
        round_ = reviewing.open_round(self.db, client, self.keyworker, deck=deck, now=self.later())
        for party in Party:
            if told.get(party.value):
                self.replies = {**self.data["safety"], **told.get("safety", {})}
                self._sort(client, round_, party, self.data["sorts"][told[party.value]])
        if told.get("talk"):
            reviewing.confirm(self.db, round_, now=self.later())
            Talk(self, client, round_).tell(told["talk"], signed=bool(told.get("signed")))

    def _sort(self, client: Client, round_: Round, party: Party, answers: dict[str, list[str]]) -> None:
        mine = party is Party.CLIENT
        author = None if mine else self.keyworker
        language = client.language if mine else self.keyworker.language
        record = sorting.begin(self.db, round_, party, author=author, language=language, now=self.later())
        self._cards(client, record, answers)
        words = self.words(client)
        if mine:
            self._clients_own(record, words)
        sorting.choose_option(self.db, record, "less", words["option_words" if mine else "advice"], self.later())
        self._progress(round_, record)
        self.db.flush()
        sorting.finish(self.db, record, round_, seen=sorts.fingerprint(self.db, record), now=self.later())
        self.db.flush()

    def _cards(self, client: Client, record: SortRecord, answers: dict[str, list[str]]) -> None:
        deck = [card.id for card in self.decks.cards("life-areas").cards]
        sort = sorts.load(self.db, record)
        assert sort is not None  # noqa: S101 - it was begun a line ago
        for card in deck:
            rating = Rating.DEFINITELY if card in answers["yes"] else Rating.NOT
            rating = Rating.POSSIBLY if card in answers["maybe"] else rating
            sorting.rate_card(self.db, sort, deck, card, rating, self.later(1))
        sorting.reorder(self.db, sort, deck, 5, answers["order"], self.later())
        for card, said in self.words(client)[record.party.value].items():
            if card in answers["order"]:
                rulers = {"importance": 8, "confidence": 5} if record.party is Party.CLIENT else {}
                sorting.describe_card(self.db, sort, deck, card, {**said, **rulers}, self.later())

    def _clients_own(self, record: SortRecord, words: dict[str, Any]) -> None:
        sorting.say(record, how_much=Say.TOGETHER, advice=Advice.OPTIONS, now=self.later())
        sorting.say_what_matters(record, words["what_matters"], self.later())
        sorting.ask(self.db, record, "accommodation", words["question"], self.later())
        for question in self.decks.safety("safety-check").questions:
            calm = next(answer.id for answer in question.answers if not answer.warns)
            reply = self.replies.get(question.id, calm)
            sorting.answer_safety(self.db, record, question.id, reply, self.later())

    def _progress(self, round_: Round, record: SortRecord) -> None:
        for number, goal in enumerate(sorts.goals_under_review(self.db, round_)):
            progress = [Progress.CARRY_ON, Progress.ACHIEVED][number % 2]
            sorting.see_progress(self.db, record, goal.id, progress, "", self.later())
        if round_.is_review and record.party is Party.CLIENT:
            sorting.say_listened(record, Listened.PARTLY, "", self.later())
