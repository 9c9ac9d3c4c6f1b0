"""Who sits before the screen: every change of seat kills the old token, and no seat lasts for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from decisionaid.casework import people, seats
from decisionaid.casework.seats import IDLE, LONGEST, PIN_TRIES, Seated, SeatKind
from decisionaid.storage.models import Client, Handover, SeatRow, Staff
from decisionaid.storage.models.sorts import Device
from tests.builders import NOW, Case

MINUTE = timedelta(minutes=1)
SOON = timedelta(microseconds=1)
CLIENT, KEYWORKER, TOGETHER, ADMIN = SeatKind

Change = Callable[[Session, Case, Seated], str]

# Every step to another seat, and the kind of seat that it opens.
CHANGES: dict[str, tuple[Change, SeatKind]] = {
    "hand the tablet over": (lambda db, case, seat: seats.hand_over(db, seat, case.round(db), NOW), CLIENT),
    "sit down together": (lambda db, case, seat: seats.open_together(db, seat, case.round(db), NOW), TOGETHER),
    "go back to the desk": (lambda db, _case, seat: seats.back_to_desk(db, seat, NOW), KEYWORKER),
    "unlock": (lambda db, _case, seat: seats.unlock(db, seat, NOW), KEYWORKER),
}


@pytest.fixture
def desk(case: Case) -> Case:
    """A round is open."""
    return case.with_round()


def sign_in(case: Case, staff_id: str = "", now: datetime = NOW) -> str:
    with case.database.writing() as db:
        return seats.open_desk(db, db.get_one(Staff, (case.service_id, staff_id or case.keyworker_id)), now)


def who(case: Case, token: str, now: datetime = NOW) -> Seated | None:
    with case.database.reading() as db:
        found = seats.seated(db, token, now)
        return found[0] if found else None


def seat_of(case: Case, token: str) -> Seated:
    found = who(case, token)
    assert found is not None
    return found


def change(case: Case, token: str, name: str) -> str:
    with case.database.writing() as db:
        return CHANGES[name][0](db, case, seat_of(case, token))


def admin_of(case: Case, login: str = "robin") -> str:
    with case.database.reading() as db:
        return db.scalars(select(Staff.id).where(Staff.login == login)).one()


def test_signing_in_opens_the_seat_of_ones_role(desk: Case) -> None:
    keyworker, admin = seat_of(desk, sign_in(desk)), seat_of(desk, sign_in(desk, admin_of(desk)))
    assert (keyworker.kind, keyworker.staff_id, keyworker.round_id) == (KEYWORKER, desk.keyworker_id, None)
    assert (admin.kind, admin.round_id) == (ADMIN, None)


@pytest.mark.parametrize(("must_change", "pin_hash"), [(True, "hash"), (False, None), (True, None)])
def test_who_has_not_taken_the_first_steps_is_unready(desk: Case, pin_hash: str | None, *, must_change: bool) -> None:
    token = sign_in(desk)
    assert not seat_of(desk, token).unready
    with desk.database.writing() as db:
        staff = desk.keyworker(db)
        staff.must_change, staff.pin_hash, staff.language = must_change, pin_hash, "cy"
    assert (seat_of(desk, token).unready, seat_of(desk, token).language) == (True, "cy")


@pytest.mark.parametrize("token", ["", "x", "unknown" * 6])
def test_an_unknown_token_is_nobody(desk: Case, token: str) -> None:
    sign_in(desk)
    assert who(desk, token) is None


def test_the_database_does_not_hold_the_token(desk: Case) -> None:
    token = sign_in(desk)
    with desk.database.reading() as db:
        row = db.scalars(select(SeatRow)).one()
        assert token not in {str(getattr(row, column.key)) for column in SeatRow.__table__.columns}


@pytest.mark.promise("P02")
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_seat_kills_the_old_token(desk: Case, name: str) -> None:
    old = sign_in(desk)
    new = change(desk, old, name)
    assert (who(desk, old), seat_of(desk, new).kind) == (None, CHANGES[name][1])
    assert new != old


@pytest.mark.promise("P02")
def test_a_client_or_together_seat_is_for_one_round_and_the_desk_for_none(desk: Case) -> None:
    token = sign_in(desk)
    for name in ("hand the tablet over", "sit down together", "go back to the desk"):
        token = change(desk, token, name)
        kind = CHANGES[name][1]
        assert seat_of(desk, token).round_id == (None if kind is KEYWORKER else desk.round_id)


@pytest.mark.parametrize("back", ["sit down together", "go back to the desk"])
def test_when_the_tablet_was_given_and_came_back_is_noted(desk: Case, back: str) -> None:
    token = change(desk, sign_in(desk), "hand the tablet over")
    with desk.database.reading() as db:
        given = db.scalars(select(Handover)).one()
        assert (given.round_id, given.by_id, given.at, given.back_at) == (desk.round_id, desk.keyworker_id, NOW, None)
    with desk.database.writing() as db:
        ids = {"service_id": desk.service_id, "round_id": desk.round_id, "by_id": desk.keyworker_id}
        db.add(Handover(**ids, device=Device.OWN, at=NOW - MINUTE))
    change(desk, token, back)
    with desk.database.reading() as db:
        came_back = {given.device: given.back_at for given in db.scalars(select(Handover))}
        assert came_back == {Device.TABLET: NOW, Device.OWN: None}, "a device of the client's own is not taken back"


@pytest.mark.parametrize("kind", SeatKind)
def test_a_seat_ends_when_nobody_was_there_for_long(desk: Case, kind: SeatKind) -> None:
    token = seat_of_kind(desk, kind)
    assert who(desk, token, NOW + IDLE[kind] - SOON) is not None
    assert who(desk, token, NOW + IDLE[kind]) is None


@pytest.mark.parametrize("kind", SeatKind)
@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=400)])
def test_a_seat_that_was_seen_in_the_future_is_over(desk: Case, kind: SeatKind, back: timedelta) -> None:
    token = seat_of_kind(desk, kind)
    assert who(desk, token, NOW - back) is None
    assert who(desk, token, NOW - timedelta(seconds=1)) is not None, "a request that came a moment before"


def test_a_seat_that_was_ended_stays_so_when_the_clock_is_set_back(desk: Case) -> None:
    token, later = seat_of_kind(desk, CLIENT), NOW + timedelta(minutes=20)
    with desk.database.writing() as db:
        seats.end_of_client(db, db.get_one(Client, (desk.service_id, desk.client_id)), later)
    assert who(desk, token, later - timedelta(minutes=10)) is None
    with desk.database.reading() as db:
        assert seats.was_cut_short(db, token, later) is not None
        assert seats.was_cut_short(db, token, NOW - timedelta(minutes=10)) is None


@pytest.mark.parametrize("kind", SeatKind)
def test_no_seat_outlasts_the_day_however_busy(desk: Case, kind: SeatKind) -> None:
    token = seat_of_kind(desk, kind)
    moment = NOW
    while moment + IDLE[kind] / 2 < NOW + LONGEST:
        moment += IDLE[kind] / 2
        with desk.database.writing() as db:
            seats.note_seen(db, seat_of_at(desk, token, moment), moment)
    with desk.database.writing() as db:
        seats.note_seen(db, seat_of_at(desk, token, NOW + LONGEST - SOON), NOW + LONGEST - SOON)
    assert who(desk, token, NOW + LONGEST) is None


@pytest.mark.parametrize(("after", "stale"), [(timedelta(0), False), (MINUTE - SOON, False), (MINUTE, True)])
def test_being_seen_is_noted_once_a_minute(desk: Case, after: timedelta, *, stale: bool) -> None:
    token = sign_in(desk)
    with desk.database.reading() as db:
        found = seats.seated(db, token, NOW + after)
        assert found is not None and found[1] is stale


@pytest.mark.promise("P10")
@pytest.mark.parametrize("kind", [CLIENT, KEYWORKER, TOGETHER])
def test_the_seat_of_whoever_is_disabled_dies(desk: Case, kind: SeatKind) -> None:
    """Also where only the mark is set: every request looks at it."""
    tokens = [seat_of_kind(desk, kind), sign_in(desk)]
    with desk.database.writing() as db:
        desk.keyworker(db).disabled_at = NOW
    assert [who(desk, token) for token in tokens] == [None, None]
    with desk.database.writing() as db:
        desk.keyworker(db).disabled_at = None
    assert who(desk, tokens[0]) is not None, "control: the mark alone had ended it"
    with desk.database.writing() as db:
        people.disable(db, desk.keyworker(db), actor=db.get_one(Staff, (desk.service_id, admin_of(desk))), now=NOW)
        people.enable(db, desk.keyworker(db), actor=db.get_one(Staff, (desk.service_id, admin_of(desk))), now=NOW)
    assert [who(desk, token) for token in tokens] == [None, None], "who is let in again signs in again"


def test_signing_out_ends_one_seat_and_ending_ones_own_spares_the_one_before_the_screen(desk: Case) -> None:
    here, there, elsewhere = sign_in(desk), sign_in(desk), sign_in(desk)
    with desk.database.writing() as db:
        seats.end(db, seat_of(desk, elsewhere))
    assert [who(desk, token) is None for token in (here, there, elsewhere)] == [False, False, True]
    with desk.database.writing() as db:
        seats.end_own(db, desk.keyworker(db), but=seat_of(desk, here))
    assert [who(desk, token) is None for token in (here, there)] == [False, True]


def test_ending_all_of_one_person_ends_nobody_elses(desk: Case) -> None:
    mine, admins = sign_in(desk), sign_in(desk, admin_of(desk))
    with desk.database.writing() as db:
        seats.end_all(db, desk.keyworker(db), NOW)
    assert (who(desk, mine), who(desk, admins) is None) == (None, False)


@pytest.mark.promise("P02")
def test_five_wrong_pins_and_only_a_full_sign_in_is_left(desk: Case) -> None:
    token = change(desk, sign_in(desk), "hand the tablet over")
    for left in (4, 3, 2, 1, 0, None):
        assert seat_of(desk, token).pin_spent is (left is None)
        with desk.database.writing() as db:
            assert seats.take_try(db, seat_of(desk, token)) == left
    assert seat_of(desk, token).pin_spent
    assert PIN_TRIES == 5


def test_wrong_pins_are_those_of_one_seat(desk: Case) -> None:
    token, other = sign_in(desk), sign_in(desk)
    with desk.database.writing() as db:
        seats.take_try(db, seat_of(desk, token))
    assert (seat_of(desk, token).pin_failures, seat_of(desk, other).pin_failures) == (1, 0)


def test_a_dead_seat_has_no_tries(desk: Case) -> None:
    seat = seat_of(desk, sign_in(desk))
    with desk.database.writing() as db:
        seats.end(db, seat)
        assert seats.take_try(db, seat) is None
        seats.lock(db, seat)
        seats.note_seen(db, seat, NOW)
        assert db.scalars(select(SeatRow)).all() == []


def test_a_locked_desk_stays_locked_until_it_is_unlocked(desk: Case) -> None:
    token = sign_in(desk)
    with desk.database.writing() as db:
        seats.lock(db, seat_of(desk, token))
    assert seat_of(desk, token).locked
    assert not seat_of(desk, change(desk, token, "unlock")).locked


def seat_of_kind(case: Case, kind: SeatKind) -> str:
    """A token of a seat of this kind, opened at NOW."""
    if kind is ADMIN:
        return sign_in(case, admin_of(case))
    token = sign_in(case)
    steps = {CLIENT: "hand the tablet over", TOGETHER: "sit down together"}
    return change(case, token, steps[kind]) if kind in steps else token


def seat_of_at(case: Case, token: str, moment: datetime) -> Seated:
    found = who(case, token, moment)
    assert found is not None, moment - NOW
    return found
