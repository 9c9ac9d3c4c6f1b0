"""Typing in a sort done on paper: when it may be, whose name stands with it, and that it is marked as such."""

import pytest

from decisionaid.casework import paper, reviewing, seats, sorting
from decisionaid.casework.paper import PaperRefused
from decisionaid.casework.seats import Seated, SeatKind
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.models import Client, Handover, History
from decisionaid.storage.models.sorts import Device
from tests.builders import Case


def at_desk(case: Case) -> str:
    """The cookie of the keyworker, signed in."""
    with case.database.writing() as db:
        return seats.open_desk(db, case.keyworker(db), case.now)


def who(case: Case, token: str) -> Seated | None:
    with case.database.reading() as db:
        found = seats.seated(db, token, case.now)
        return found[0] if found else None


def seat_of(case: Case, token: str) -> Seated:
    found = who(case, token)
    assert found is not None
    return found


def typed_in(case: Case, desk: str = "") -> Seated:
    """The seat in which paper is typed in, opened from this desk."""
    seat = seat_of(case, desk or at_desk(case))
    with case.database.writing() as db:
        token = paper.type_in(db, seat, case.round(db), case.later())
    return seat_of(case, token)


def may(case: Case) -> bool:
    with case.database.reading() as db:
        return paper.may_type_in(db, case.round(db))


def given_on(case: Case, device: Device) -> Case:
    """The tablet was handed over, or the client's own device connected."""
    with case.database.writing() as db:
        given = Handover(service_id=case.service_id, round_id=case.round_id, by_id=case.keyworker_id, at=case.later())
        given.device = device
        db.add(given)
    return case


def test_it_opens_the_clients_seat_for_this_round_and_ends_the_desk(case: Case) -> None:
    desk = at_desk(case.sorted_by_keyworker_alone())
    seat = typed_in(case, desk)
    assert (seat.kind, seat.round_id, seat.from_paper) == (SeatKind.CLIENT, case.round_id, True)
    assert not seat.own_device, "the PIN takes it back to the desk"
    assert who(case, desk) is None


def test_who_typed_and_when_is_kept_and_the_clients_sort_has_begun_in_their_language(case: Case) -> None:
    case.sorted_by_keyworker_alone()
    with case.database.writing() as db:
        db.get_one(Client, (case.service_id, case.client_id)).language = "pl"
    typed_in(case)
    with case.database.reading() as db:
        kept = db.query(Handover).one()
        assert (kept.device, kept.by_id, kept.round_id, kept.at) == (
            Device.PAPER,
            case.keyworker_id,
            case.round_id,
            case.now,
        )
        assert db.query(History).filter_by(verb="typed_in", actor=case.keyworker_id).count() == 1
        begun = sorts.record_of(db, case.round(db), Party.CLIENT)
        assert begun is not None
        assert (begun.author_id, begun.language, begun.finished_at) == (None, "pl", None)


def test_typing_can_stop_and_go_on_later_with_the_same_sort(case: Case) -> None:
    seat = typed_in(case.sorted_by_keyworker_alone())
    with case.database.writing() as db:
        back = seats.back_to_desk(db, seat, case.later())
    with case.database.reading() as db:
        assert db.query(Handover).one().back_at == case.now
    typed_in(case, back)
    with case.database.reading() as db:
        assert db.query(Handover).count() == 2


@pytest.mark.promise("P07")
def test_not_before_the_keyworkers_own_sort_is_finished(case: Case) -> None:
    case.with_round()
    assert not may(case)
    case.with_open_sorts()
    assert not may(case)
    with pytest.raises(PaperRefused):
        typed_in(case)
    with case.database.reading() as db:
        assert db.query(Handover).count() == 0
    case.sorted_by_keyworker()
    assert may(case), "control: it is never allowed"


@pytest.mark.promise("P07")
def test_not_when_the_client_has_finished_or_the_round_is_closed(case: Case) -> None:
    typed_in(case.sorted_by_keyworker_alone())
    case.sorted_by_client()
    with pytest.raises(PaperRefused):
        typed_in(case)
    with case.database.writing() as db:
        reviewing.close_round(db, case.round(db), "moved away", actor=case.keyworker(db), now=case.later())
    assert not may(case)


@pytest.mark.promise("P07")
@pytest.mark.parametrize("device", [Device.TABLET, Device.OWN])
def test_not_where_the_client_had_a_device_whether_they_have_begun_or_not(case: Case, device: Device) -> None:
    given_on(case.sorted_by_keyworker_alone(), device)
    with pytest.raises(PaperRefused):
        typed_in(case)
    with case.database.writing() as db:
        sorting.begin(db, case.round(db), Party.CLIENT, author=None, language="en", now=case.later())
    assert not may(case)


@pytest.mark.promise("P04")
def test_whether_it_may_be_says_nothing_of_whether_the_client_has_begun(case: Case) -> None:
    assert may(case.sorted_by_keyworker_alone())
    with case.database.writing() as db:
        sorting.begin(db, case.round(db), Party.CLIENT, author=None, language="en", now=case.later())
    assert may(case)


@pytest.mark.promise("P07")
def test_control_a_rule_that_always_allows_writes_before_the_keyworker_has_finished(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "may_type_in", lambda _db, _round: True)
    assert typed_in(case.with_open_sorts()).from_paper
