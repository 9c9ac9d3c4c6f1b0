"""P14: forty payloads, typed wherever a plan is: the paper calls nobody, reads no file, and shows each as typed."""

import contextlib
import html
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from textwrap import wrap

import pikepdf
import pytest
import weasyprint
from flask import Flask
from sqlalchemy.orm import Session
from weasyprint.urls import URLFetcher, URLFetcherResponse

from decisionaid.casework import people, planning, signing, sorting
from decisionaid.casework import safety as responding
from decisionaid.core.plan import FIELDS, ActionKind
from decisionaid.core.safety import ResponseKind
from decisionaid.core.sort import Party
from decisionaid.printing import PdfPool, PrintFailed
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Plan, Question, Service, Signing, SortRecord, Staff
from tests.builders import CARDS, RULES, Case, a_case
from tests.paper import heard
from tests.police import Police
from tests.test_printing import HOSTILE_OTHERWISE, REACHING_OUT, SECRET, Listener, Watch
from tests.web.together_table import in_days, paper, sit, write

TITLE, WORDS = 80, 500
"""The most letters of a name, as the forms take it, and of words: fewer than the forms take, as forty share a plan."""
ELSEWHERE = {"what_matters", "no_goal_reason", "fourth_goal_reason"}
"""Fields that are typed another way, or that a plan like this one does not print."""
GOAL = ("success", "why", "support", "how_we_know", "unmet")
ENDINGS = ("svg", "png", "css", "txt")


def typeable(text: str) -> str:
    """What a form lets through of a text: so many letters, and those that can be printed. What has no end gets spaces,
    as this is not about the breaking of lines."""
    text = "".join(letter for letter in text if letter.isprintable())[:WORDS]
    return text if len(text) < WORDS else " ".join(wrap(text, 60))[:WORDS]


@dataclass
class Canaries:
    """Files that nobody may open, and a server that nobody may call."""

    folder: Path
    web: Listener = field(default_factory=Listener)

    def __post_init__(self) -> None:
        for ending in ENDINGS:
            (self.folder / f"secret.{ending}").write_text(SECRET)
        self.files = Watch(self.folder)

    def payloads(self) -> list[str]:
        """All forty, aimed at these."""
        at = {"file": (self.folder / "secret.svg").as_uri(), "web": self.web.address + "/a.svg"}
        doubled = [form.replace("{at}", "{file}") + form.replace("{at}", "{web}") for form in REACHING_OUT]
        return [typeable(form.format(**at)) for form in (*doubled, *HOSTILE_OTHERWISE)]

    def names(self) -> list[str]:
        """Those that are short enough for a name."""
        return [short for form in REACHING_OUT if len(short := form.format(at=self.web.address)) <= TITLE]

    def touched(self) -> tuple[int, int]:
        """Files opened and calls made since the last time."""
        opened, called, self.web.hits = self.files.opens(), self.web.hits, 0
        return opened, called

    def close(self) -> None:
        self.files.close()
        self.web.close()


@pytest.fixture
def canaries(tmp_path: Path) -> Iterator[Canaries]:
    (tmp_path / "canaries").mkdir()
    found = Canaries(tmp_path / "canaries")
    yield found
    found.close()


class Anything(URLFetcher):  # type: ignore[misc]  # the base class has no types
    """Fetches whatever a page asks for, and goes on where there is nothing."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        try:
            return super().fetch(url, headers)
        except OSError:
            return URLFetcherResponse(url, b"", {"Content-Type": "text/plain"})


class Hand:
    """Types the next payload wherever it is asked to, and remembers which it typed."""

    def __init__(self, payloads: Sequence[str], names: Sequence[str], start: int = 0) -> None:
        self._words, self._names = islice(cycle(payloads), start, None), cycle(names)
        self.typed: list[str] = []

    def words(self) -> str:
        return self._type(self._words)

    def name(self) -> str:
        return self._type(self._names)

    def _type(self, source: Iterator[str]) -> str:
        self.typed.append(next(source))
        return self.typed[-1]


def fill(app: Flask, case: Case, hand: Hand) -> Police:
    """Type into everything that prints, from the cards to the word on the plan; the two sit over what came of it."""
    case.with_open_sorts()
    with case.database.writing() as db:
        _who_it_is(db, case, hand)
        _the_cards(db, case, hand)
    table = sit(app, case.sorted_by_both().confirmed())
    _the_talk(table, hand)
    with case.database.writing() as db:
        _the_plan(db, case, hand)
    write(table, "/together/preview", to="/together/freeze")
    with case.database.writing() as db:
        _the_signing(db, case, hand)
    return table


def _who_it_is(db: Session, case: Case, hand: Hand) -> None:
    keyworker, now = case.keyworker(db), case.later()
    service = db.get_one(Service, case.service_id)
    details: dict[str, object] = {key: hand.name() for key in ("name", "preferred_name", "reference")}
    people.change_client(db, db.get_one(Client, (case.service_id, case.client_id)), details, actor=keyworker, now=now)
    people.describe_self(db, keyworker, language="en", telephone=hand.name(), hours=hand.name(), now=now)
    keyworker.name = hand.name()
    admin = db.query(Staff).filter_by(login="robin").one()
    texts = {name: hand.words() for name in people.SERVICE_TEXTS if name not in {field.name for field in FIELDS}}
    people.set_texts(db, service, "en", texts, actor=admin, now=now)
    people.set_crisis_lines(db, service, "en", [(hand.name(), hand.name())], actor=admin, now=now)


def _the_cards(db: Session, case: Case, hand: Hand) -> None:
    """Of both; the card that the client writes is agreed on as a goal."""
    for sort_id in (case.client_sort_id, case.keyworker_sort_id):
        record = db.get_one(SortRecord, (case.service_id, sort_id))
        sort = sorts.load(db, record)
        assert sort is not None
        for card in CARDS[:1]:
            sorting.describe_card(db, sort, CARDS, card, {"why": hand.words()}, case.later())
        if record.party is Party.CLIENT:
            sorting.say_what_matters(record, hand.words(), case.later())
            sorting.ask(db, record, None, hand.words(), case.later())


def _the_talk(table: Police, hand: Hand) -> None:
    """One card is left open and one is differed on, each with words and a reason."""
    for place, outcome in ((1, "differ"), (2, "left_open")):
        write(table, f"/together/card/{place}/{outcome}", {"words": hand.words(), "reason": hand.words()})


def _the_plan(db: Session, case: Case, hand: Hand) -> None:
    plan, english = db.query(Plan).filter_by(round_id=case.round_id).one_or_none(), {"language": "en"}
    plan = plan or planning.begin(
        db, case.round(db), weeks_to_review=12, weeks_to_revisit=3, today=in_days(0), now=case.later()
    )
    goals = []
    for _ in range(2):
        goal = planning.add_goal(db, plan, hand.name(), card=None, reason_for_fourth="", now=case.later(), **english)
        planning.describe_goal(plan, goal, {column: hand.words() for column in GOAL}, now=case.later(), **english)
        goals.append(goal)
    step = {"what": hand.words(), "who": hand.name(), "agency": hand.name(), "by_when": in_days(5)}
    planning.add_action(db, plan, goals[0], {**step, "kind": ActionKind.OWN}, now=case.later(), **english)
    _the_advice(db, case, hand)
    planning.add_risk(db, plan, hand.words(), hand.words(), explained=True, now=case.later(), **english)
    planning.set_drinking(plan, "less", allocated=False, now=case.later())
    for each in FIELDS:
        if each.name not in ELSEWHERE:
            planning.set_text(db, plan, each.name, hand.words(), now=case.later(), **english)
    asked = db.query(Question).filter_by(sort_id=case.client_sort_id).one()
    planning.answer_question(db, plan, asked.id, answered=False, who=hand.name(), by_when=None, now=case.later())


def _the_advice(db: Session, case: Case, hand: Hand) -> None:
    """Medical advice that is planned with somebody."""
    db.flush()
    responding.respond(
        db,
        case.round(db),
        ResponseKind.PLANNED,
        rules_=RULES,
        with_whom=hand.name(),
        day=in_days(3),
        language="en",
        actor=case.keyworker(db),
        today=in_days(0),
        now=case.later(),
    )


def _the_signing(db: Session, case: Case, hand: Hand) -> None:
    """The client signs with a name; the keyworker says why not."""
    frozen, plan = db.query(Signing).one(), db.query(Plan).one()
    name, reason = f"{db.query(Client).one().name} {hand.name()}", hand.words()
    for party, signs in ((Party.CLIENT, True), (Party.KEYWORKER, False)):
        signing.sign(
            db,
            plan,
            frozen,
            party,
            signs=signs,
            name=name,
            reason="" if signs else reason,
            agreement=None,
            share_agreement=False,
            seen_hash=frozen.text_hash,
            rules=RULES,
            today=in_days(0),
            now=case.later(),
        )


def squeezed(text: str) -> str:
    """A text less its spaces and line ends, which the paper sets anew."""
    return "".join(text.split())


def printed(pdf: bytes) -> str:
    """The words of a paper in the order in which its tags have them."""
    return squeezed(heard(pdf))


def missing(words: str, typed: Sequence[str]) -> list[str]:
    """What was typed and does not stand on the paper letter by letter."""
    return [each for each in typed if not stands(squeezed(each), words)]


def stands(text: str, words: str) -> bool:
    """Whether a text is there in one piece, or in two: a page may end in a cell with others beside it."""
    return text in words or any(text[:cut] in words and text[cut:] in words for cut in range(1, len(text)))


def live(pdf: bytes) -> list[str]:
    """What of a file does more than stand there: scripts, forms, links, attached files."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        names = set(file.Root.get("/Names", pikepdf.Dictionary()).keys())
        found = {"/EmbeddedFiles", "/JavaScript"} & names
        found |= {"/OpenAction", "/AA", "/AcroForm", "/AF"} & set(file.Root.keys())
        return sorted(found | {key for page in file.pages for key in ("/Annots", "/AA", "/AF") if key in page})


@pytest.mark.in_turn(2)
@pytest.mark.promise("P14")
@pytest.mark.parametrize("start", [0, 17])
def test_a_whole_plan_of_payloads_prints_them_and_does_nothing_else(
    app: Flask, database: Database, canaries: Canaries, start: int
) -> None:
    payloads = canaries.payloads()
    hand = Hand(payloads, canaries.names(), start)
    table = fill(app, a_case(database), hand)
    pdf = paper(table)
    assert canaries.touched() == (0, 0)
    assert len(payloads) >= 40 and set(hand.typed) >= set(payloads)
    assert live(pdf) == []
    words = printed(pdf)
    assert missing(words, hand.typed) == []
    assert SECRET not in words and "root:x:" not in words
    print(f"P14: {len(payloads)} payloads in {len(hand.typed)} fields: 0 files, 0 calls, all printed as typed")


@pytest.mark.promise("P14")
def test_each_of_the_two_protections_alone_lets_nothing_out_and_without_both_it_is_noticed(
    app: Flask, database: Database, canaries: Canaries, pdf_pool: PdfPool
) -> None:
    hand = Hand(canaries.payloads()[: len(REACHING_OUT)], canaries.names())
    fill(app, a_case(database), hand)
    with database.reading() as db:
        escaped = db.query(Signing).one().text
    raw = html.unescape(escaped)
    canaries.touched()
    weasyprint.HTML(string=escaped).write_pdf()
    assert canaries.touched() == (0, 0)
    with contextlib.suppress(PrintFailed):
        pdf_pool.pdf(raw, language="en", title="-")
    assert canaries.touched() == (0, 0)
    both_off = weasyprint.HTML(string=raw, url_fetcher=Anything()).write_pdf(pdf_tags=True)
    opened, called = canaries.touched()
    assert opened and called
    assert len(missing(printed(both_off), hand.typed)) > 20
    assert live(both_off) != []
