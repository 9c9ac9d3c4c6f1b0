"""Freezing, signing, or not, because: what is signed is one exact text, once by each."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from decisionaid.casework import signing
from decisionaid.casework.planning import BeingSigned, NothingToPlan, PlanRefused
from decisionaid.casework.signing import AlreadySigned, NoReason, TextChanged
from decisionaid.core.plan import text_hash
from decisionaid.core.sort import Party
from decisionaid.storage.models import History, Plan, Printout, Signature, Signing
from decisionaid.storage.models.case import RoundEnd
from tests.builders import DECK, DECKS, Case
from tests.casework.plans import TEXT, begin, complete, freeze, give_word, today

CLIENT, KEYWORKER = Party


@pytest.fixture
def frozen(agreed: Case) -> Case:
    """A version waits for both signatures."""
    with agreed.database.writing() as db:
        freeze(db, agreed)
    return agreed


def version(case: Case, number: int = 1) -> Signing:
    with case.database.reading() as db:
        return db.scalars(select(Signing).where(Signing.version == number)).one()


def say(case: Case, party: Party, *, number: int = 1, **said: object) -> Signature:
    with case.database.writing() as db:
        waiting = db.scalars(select(Signing).where(Signing.version == number)).one()
        return give_word(db, case, waiting, party, **said)  # type: ignore[arg-type]


def is_open(case: Case) -> bool:
    with case.database.reading() as db:
        return case.round(db).closed_at is None


def test_a_version_holds_the_exact_text_and_the_hash_of_it(frozen: Case) -> None:
    held, digest = version(frozen), DECKS.digest(DECK.id)
    assert (held.version, held.text, held.language, held.deck_digest) == (1, TEXT, "en", digest)
    assert held.text_hash == text_hash(TEXT, "en", 1, digest)
    assert held.agreed_on == today(frozen)
    assert (held.withdrawn_at, held.completed_at) == (None, None)


def test_a_signature_binds_the_hash(frozen: Case) -> None:
    signature = say(frozen, CLIENT)
    assert (signature.text_hash, signature.signs) == (version(frozen).text_hash, True)


@pytest.mark.parametrize("party", Party)
@pytest.mark.parametrize("seen", ["", "0" * 64, text_hash(TEXT, "en", 2, DECKS.digest(DECK.id))])
def test_another_text_than_the_one_seen_is_not_signed(frozen: Case, party: Party, seen: str) -> None:
    with pytest.raises(TextChanged):
        say(frozen, party, seen_hash=seen)
    with frozen.database.reading() as db:
        assert signing.signatures(db, version(frozen)) == {}


@pytest.mark.parametrize("party", Party)
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("again", [True, False])
def test_nobody_gives_their_word_twice(frozen: Case, party: Party, *, first: bool, again: bool) -> None:
    say(frozen, party, signs=first, reason="" if first else "not now")
    with pytest.raises(AlreadySigned):
        say(frozen, party, signs=again, reason="once more")
    with frozen.database.reading() as db:
        assert [word.signs for word in signing.signatures(db, version(frozen)).values()] == [first]


@pytest.mark.parametrize("party", Party)
@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_whoever_does_not_sign_says_why(frozen: Case, party: Party, reason: str) -> None:
    with pytest.raises(NoReason):
        say(frozen, party, signs=False, reason=reason)
    assert say(frozen, party, signs=False, reason="I want to think").reason == "I want to think"


@pytest.mark.parametrize("order", [(CLIENT, KEYWORKER), (KEYWORKER, CLIENT)])
@pytest.mark.parametrize("signs", [(True, True), (True, False), (False, True), (False, False)])
def test_with_both_words_the_version_is_complete_and_the_round_closed(
    frozen: Case, order: tuple[Party, Party], signs: tuple[bool, bool]
) -> None:
    first, second = order
    say(frozen, first, signs=signs[0], reason="because")
    assert is_open(frozen) and version(frozen).completed_at is None
    say(frozen, second, signs=signs[1], reason="because")
    assert version(frozen).completed_at == frozen.now
    with frozen.database.reading() as db:
        round_ = frozen.round(db)
        assert (round_.closed_at, round_.closed_as) == (frozen.now, RoundEnd.PLAN)


@pytest.mark.parametrize("signs", [True, False])
def test_the_history_has_each_word_from_who_gave_it(frozen: Case, *, signs: bool) -> None:
    for party in Party:
        say(frozen, party, signs=signs, reason="because")
    said = "signed" if signs else "did_not_sign"
    with frozen.database.reading() as db:
        of_words = select(History.verb, History.actor).where(History.verb.endswith(said)).order_by(History.at)
        assert db.execute(of_words).all() == [
            (f"client_{said}", frozen.client_id),
            (f"keyworker_{said}", frozen.keyworker_id),
        ]


def test_a_complete_version_takes_no_more_words_and_is_not_withdrawn(frozen: Case) -> None:
    for party in Party:
        say(frozen, party)
    for party in Party:
        with pytest.raises(PlanRefused):
            say(frozen, party)
    with pytest.raises(PlanRefused):
        withdraw(frozen)


@pytest.mark.parametrize("signed", [(), (CLIENT,), (KEYWORKER,)])
def test_one_version_waits_at_a_time(frozen: Case, signed: tuple[Party, ...]) -> None:
    for party in signed:
        say(frozen, party)
    with pytest.raises(BeingSigned), frozen.database.writing() as db:
        freeze(db, frozen)


def test_a_withdrawn_version_is_never_used_and_what_was_signed_stays_on_record(frozen: Case) -> None:
    say(frozen, CLIENT)
    withdraw(frozen)
    with pytest.raises(PlanRefused):
        say(frozen, KEYWORKER)
    with frozen.database.writing() as db:
        assert freeze(db, frozen, "We changed a word.").version == 2
    with frozen.database.reading() as db:
        assert set(signing.signatures(db, version(frozen, 1))) == {CLIENT}
        assert signing.signatures(db, version(frozen, 2)) == {}
        plan = db.scalars(select(Plan)).one()
        waiting = signing.waiting(db, plan)
        assert waiting is not None and waiting.version == 2
        assert signing.latest(db, plan) is None


def test_a_change_between_reviews_makes_the_next_version_of_the_same_plan(agreed: Case) -> None:
    plan_id = complete(agreed)
    assert complete(agreed) == plan_id
    with agreed.database.reading() as db:
        plan = db.scalars(select(Plan)).one()
        first, second = signing.complete_versions(db, plan)
        assert (plan.number, first.version, second.version) == (1, 1, 2)
        assert signing.latest(db, plan) is second
        assert signing.replaced_by(db, plan, first) == (plan, second)
        assert signing.replaced_by(db, plan, second) is None


def test_the_plan_of_a_review_replaces_the_last_one(agreed: Case) -> None:
    complete(agreed)
    ids = (agreed.service_id, agreed.keyworker_id, agreed.client_id)
    again = Case(agreed.database, *ids, now=agreed.now, own_clock=True)
    complete(again.with_round().sorted_by_both().confirmed())
    with agreed.database.reading() as db:
        old, new = db.scalars(select(Plan).order_by(Plan.number)).all()
        first, second = signing.latest(db, old), signing.latest(db, new)
        assert first is not None and second is not None
        assert (old.number, new.number) == (1, 2)
        assert signing.replaced_by(db, old, first) == (new, second)
        assert signing.replaced_by(db, new, second) is None


def test_what_replaced_a_version_is_the_newest_and_not_the_next(agreed: Case) -> None:
    for _ in range(3):
        complete(agreed)
    with agreed.database.reading() as db:
        plan = db.scalars(select(Plan)).one()
        first, second, third = signing.complete_versions(db, plan)
        assert [signing.replaced_by(db, plan, each) for each in (first, second, third)] == [(plan, third)] * 2 + [None]


def test_a_version_signed_after_the_clock_was_set_back_replaces_the_older_one(agreed: Case) -> None:
    """The first was signed while the clock was a day ahead."""
    with agreed.database.writing() as db:
        first = freeze(db, agreed)
        for party in Party:
            agreed.now += timedelta(days=1)
            give_word(db, agreed, first, party, on=today(agreed) - timedelta(days=1))
            agreed.now -= timedelta(days=1)
        second = freeze(db, agreed)
        for party in Party:
            give_word(db, agreed, second, party)
        plan = begin(db, agreed)
        assert signing.replaced_by(db, plan, first) == (plan, second)
        assert signing.replaced_by(db, plan, second) is None


def test_the_number_shown_before_is_the_number_it_gets(agreed: Case) -> None:
    for number in (1, 2):
        with agreed.database.writing() as db:
            assert signing.next_version(db, begin(db, agreed)) == number
        complete(agreed)


def test_a_plan_without_dates_is_not_frozen(agreed: Case) -> None:
    with agreed.database.writing() as db:
        begin(db, agreed).review_date = None
    with pytest.raises(PlanRefused), agreed.database.writing() as db:
        freeze(db, agreed)


@pytest.mark.parametrize("state", ["with_round", "sorted_by_client", "sorted_by_both"])
def test_no_plan_begins_before_the_comparison(case: Case, state: str) -> None:
    getattr(case, state)()
    with pytest.raises(NothingToPlan), case.database.writing() as db:
        begin(db, case)


def test_the_first_paper_stays(agreed: Case) -> None:
    complete(agreed)
    for pdf in (b"%PDF the first", b"%PDF another"):
        with agreed.database.writing() as db:
            signing.keep_paper(db, db.scalars(select(Signing)).one(), pdf, agreed.later())
    with agreed.database.reading() as db:
        assert [printout.pdf for printout in db.scalars(select(Printout))] == [b"%PDF the first"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signing SET text = 'another'",
        "UPDATE signing SET text_hash = '0'",
        "UPDATE signing SET version = 7",
        "UPDATE signature SET signs = 0",
        "UPDATE signature SET reason = ''",
        "DELETE FROM signature",
        "UPDATE printout SET pdf = x'00'",
        "DELETE FROM printout",
    ],
)
def test_the_database_itself_keeps_what_was_signed(agreed: Case, statement: str) -> None:
    complete(agreed)
    with agreed.database.writing() as db:
        signing.keep_paper(db, db.scalars(select(Signing)).one(), b"%PDF", agreed.later())
    with pytest.raises(DatabaseError, match="is kept"), agreed.database.writing() as db:
        db.execute(text(statement))


def withdraw(case: Case) -> None:
    with case.database.writing() as db:
        held = db.scalars(select(Signing).where(Signing.version == 1)).one()
        plan = db.get_one(Plan, (case.service_id, held.plan_id))
        signing.withdraw(db, plan, held, actor=case.keyworker(db), now=case.later())
