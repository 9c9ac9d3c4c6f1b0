"""Neither sees any trace of the other's sort before both have finished: every state of a round × every viewer."""

from collections.abc import Callable
from typing import Any

import pytest

from decisionaid.casework import history, people, reviewing, sorting
from decisionaid.core.sort import Party, Rating
from decisionaid.storage import queries_client, sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Role, Service, SortRecord
from decisionaid.storage.queries_client import NEWEST_EVENTS
from decisionaid.storage.sorts import LoadedSort, Sight, Viewer
from tests.builders import CARDS, Case, a_case, a_person

CLIENT, KEYWORKER, TOGETHER = Viewer
TELLTALE = {Party.CLIENT: "lighthouse", Party.KEYWORKER: "harbour"}
"""A word that stands in one sort alone, so that any trace of it is found."""


def nothing(case: Case) -> Case:
    return case.with_round()


def begun(case: Case) -> Case:
    """Both sort, and each has written something; nobody has finished."""
    case.with_open_sorts()
    for party in Party:
        _write(case, party)
    return case


def client_only(case: Case) -> Case:
    return begun(case).sorted_by_client()


def keyworker_only(case: Case) -> Case:
    return begun(case).sorted_by_keyworker()


def both_unconfirmed(case: Case) -> Case:
    return begun(case).sorted_by_both()


def both_confirmed(case: Case) -> Case:
    return both_unconfirmed(case).confirmed()


def closed_with_a_plan(case: Case) -> Case:
    both_confirmed(case)
    with case.database.writing() as db:
        reviewing.finish_round(case.round(db), case.later())
    return case


def closed_as_not_right(case: Case) -> Case:
    both_unconfirmed(case)
    with case.database.writing() as db:
        round_ = case.round(db)
        reviewing.not_right(db, round_, "one is not right", actor=case.keyworker(db), now=case.later())
    return case


def closed_half_way(case: Case) -> Case:
    """Stopped when only the client had finished: the keyworker never learns that."""
    client_only(case)
    with case.database.writing() as db:
        reviewing.close_round(db, case.round(db), "moved away", actor=case.keyworker(db), now=case.later())
    return case


Way = Callable[[Case], Case]
# Who sees the client's sort, who the keyworker's; and what each is told of the other's being finished.
STATES: dict[Way, tuple[set[Viewer], set[Viewer], dict[Viewer, bool]]] = {
    nothing: (set(), set(), {}),
    begun: ({CLIENT}, {KEYWORKER}, {}),
    client_only: ({CLIENT}, {KEYWORKER}, {CLIENT: False}),
    keyworker_only: ({CLIENT}, {KEYWORKER}, {KEYWORKER: False}),
    both_unconfirmed: ({CLIENT}, {KEYWORKER}, dict.fromkeys(Viewer, True)),
    both_confirmed: ({CLIENT, TOGETHER}, {KEYWORKER, TOGETHER}, dict.fromkeys(Viewer, True)),
    closed_with_a_plan: ({CLIENT, TOGETHER}, {KEYWORKER, TOGETHER}, dict.fromkeys(Viewer, True)),
    closed_as_not_right: ({CLIENT}, {KEYWORKER}, dict.fromkeys(Viewer, True)),
    closed_half_way: ({CLIENT}, {KEYWORKER}, {CLIENT: False}),
}


@pytest.mark.promise("P04")
@pytest.mark.parametrize("state", STATES)
def test_who_sees_what(database: Database, state: Way) -> None:
    case = state(a_case(database))
    client_seen, keyworker_seen, told = STATES[state]
    for viewer in Viewer:
        seen, traces = look(case, viewer)
        assert (seen.client is not None, TELLTALE[Party.CLIENT] in traces) == (viewer in client_seen,) * 2
        assert (seen.keyworker is not None, TELLTALE[Party.KEYWORKER] in traces) == (viewer in keyworker_seen,) * 2
        assert seen.other_finished is told.get(viewer), viewer


@pytest.mark.promise("P04")
@pytest.mark.parametrize(("viewer", "other"), [(CLIENT, Party.KEYWORKER), (KEYWORKER, Party.CLIENT)])
def test_whoever_has_not_finished_sees_the_same_whatever_the_other_does(
    database: Database, viewer: Viewer, other: Party
) -> None:
    case = a_case(database).with_open_sorts()
    before = look(case, viewer)[1]
    for step in (_write, _finish):
        step(case, other)
        seen, after = look(case, viewer)
        assert (after, seen.other_finished) == (before, None)


@pytest.mark.promise("P04")
def test_who_takes_over_sees_their_own_sort_and_not_that_of_who_was_before(database: Database) -> None:
    case = keyworker_only(a_case(database))
    _pass_on(case)
    seen, _ = look(case, KEYWORKER)
    assert seen == Sight(None, None, None)
    case.sorted_by_client()
    for viewer in (CLIENT, KEYWORKER, TOGETHER):
        assert TELLTALE[Party.KEYWORKER] not in look(case, viewer)[1]
    assert look(case, CLIENT)[0].other_finished is False, "whoever takes over has not finished"


def test_the_history_tells_of_a_sort_before_the_client_has_confirmed_only_who_made_it(database: Database) -> None:
    case = both_unconfirmed(a_case(database))
    assert told_of_sorts(case) == [("sort_begun", "Maya Osei"), ("sort_finished", "Maya Osei")]
    _pass_on(case)
    assert told_of_sorts(case) == [], "Sam has not sorted"


def test_control_after_the_client_has_confirmed_the_history_tells_of_both_sorts(database: Database) -> None:
    case = both_confirmed(a_case(database))
    both = [*(("sort_begun", by) for by in (None, "Maya Osei")), *(("sort_finished", by) for by in (None, "Maya Osei"))]
    assert told_of_sorts(case) == both
    _pass_on(case)
    assert told_of_sorts(case) == both


def test_the_history_is_one_clients(database: Database) -> None:
    case, other = a_case(database), a_case(database, name="Joe Marsh", reference="JM-1")
    with database.reading() as db:
        before = queries_client.events(db, db.get_one(Client, (case.service_id, case.client_id)))
    both_confirmed(other)
    with database.reading() as db:
        assert queries_client.events(db, db.get_one(Client, (case.service_id, case.client_id))) == before
        assert len(queries_client.events(db, db.get_one(Client, (other.service_id, other.client_id)))) > len(before)


def test_the_history_is_told_from_the_newest_event_back(database: Database) -> None:
    case = a_case(database)
    with database.writing() as db:
        client = db.get_one(Client, (case.service_id, case.client_id))
        for number in range(NEWEST_EVENTS + 5):
            history.of_client(db, client, actor="x", verb="client_changed", at=case.later(), subject=str(number))
    with database.reading() as db:
        told = [int(event.subject) for event in queries_client.events(db, client)]
    assert told == list(range(NEWEST_EVENTS + 4, 4, -1))


@pytest.mark.promise("P04")
@pytest.mark.parametrize("state", [begun, client_only, keyworker_only, both_unconfirmed, closed_as_not_right])
def test_control_without_the_protection_both_would_show(
    database: Database, state: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = state(a_case(database))
    monkeypatch.setattr(sorts, "_done", lambda _record: True)
    monkeypatch.setattr(sorts, "confirmed", lambda _db, _round: True)
    seen, traces = look(case, TOGETHER)
    assert seen.other_finished and all(word in traces for word in TELLTALE.values())


def look(case: Case, viewer: Viewer) -> tuple[Sight, str]:
    """What `viewer` may see, and every column of it as one text."""
    with case.database.reading() as db:
        seen = sorts.sight(db, case.round(db), viewer)
        return seen, repr([_everything(sort) for sort in (seen.client, seen.keyworker) if sort])


def told_of_sorts(case: Case) -> list[tuple[str, str | None]]:
    """What the history tells the client's keyworker of sorts, each with the member of staff who made it, in order."""
    with case.database.reading() as db:
        told = queries_client.events(db, db.get_one(Client, (case.service_id, case.client_id)))
    return sorted(
        ((event.verb, event.by) for event in told if event.verb.startswith("sort_")), key=lambda e: (e[0], e[1] or "")
    )


def _pass_on(case: Case) -> None:
    """Another keyworker takes the client over."""
    with case.database.writing() as db:
        after = a_person(db, db.get_one(Service, case.service_id), "sam", "Sam Adeyemi", Role.KEYWORKER)
        client = db.get_one(Client, (case.service_id, case.client_id))
        people.reassign(db, client, after, actor=case.keyworker(db), now=case.later())


def _everything(sort: LoadedSort) -> list[dict[str, Any]]:
    rows = [sort.record, *sort.cards.values(), *sort.own]
    return [{column.key: getattr(row, column.key) for column in row.__table__.columns} for row in rows]


def _write(case: Case, party: Party) -> None:
    sort_id = case.client_sort_id if party is Party.CLIENT else case.keyworker_sort_id
    with case.database.writing() as db:
        sort = sorts.load(db, db.get_one(SortRecord, (case.service_id, sort_id)))
        assert sort is not None
        sorting.rate_card(db, sort, CARDS, CARDS[0], Rating.DEFINITELY, case.later())
        sorting.describe_card(db, sort, CARDS, CARDS[0], {"success": TELLTALE[party]}, case.later())


def _finish(case: Case, party: Party) -> None:
    finish = case.sorted_by_client if party is Party.CLIENT else case.sorted_by_keyworker
    finish()
