"""The service, its staff and its clients."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from decisionaid.casework import passwords, people, seats
from decisionaid.casework.people import LastAdmin, LoginTaken, ReferenceTaken
from decisionaid.core.guessable import SHORTEST
from decisionaid.storage import queries_plan
from decisionaid.storage.models import Client, History, Nation, Role, Service, ServiceText, Staff
from tests.builders import NOW, PASSWORD, PASSWORD_HASH, PIN_HASH, Case, a_case, a_person


def admin(db: Session, login: str = "robin") -> Staff:
    return db.scalars(select(Staff).where(Staff.login == login)).one()


def service(db: Session) -> Service:
    return db.scalars(select(Service)).one()


def add(db: Session, login: str, role: Role = Role.KEYWORKER) -> Staff:
    words = {"name": "Sam Adeyemi", "password_hash": PASSWORD_HASH, "language": "en", "actor": "a test"}
    return people.add_staff(db, service(db), login=login, role=role, now=NOW, **words)


def details(reference: str, name: str = "Ida Marsh") -> dict[str, object]:
    return {"reference": reference, "name": name, "language": "en"}


def test_somebody_new_has_a_first_password_to_be_changed(case: Case) -> None:
    with case.database.writing() as db:
        staff = add(db, "sam")
        assert (staff.must_change, staff.pin_hash) == (True, None)
        assert staff.password_hash != PASSWORD and passwords.matches(staff.password_hash, PASSWORD)


@pytest.mark.parametrize("login", ["maya", "MAYA", " Maya "])
def test_a_login_is_one_persons(case: Case, login: str) -> None:
    with pytest.raises(LoginTaken), case.database.writing() as db:
        add(db, login)


def test_the_last_admin_who_can_sign_in_stays(case: Case) -> None:
    with case.database.writing() as db:
        second = a_person(db, service(db), "kit", "Kit Lowe", Role.ADMIN)
        people.disable(db, admin(db), actor=second, now=NOW)
        with pytest.raises(LastAdmin):
            people.disable(db, second, actor=second, now=NOW)
        people.enable(db, admin(db), actor=second, now=NOW)
        people.disable(db, second, actor=admin(db), now=NOW)
        people.disable(db, case.keyworker(db), actor=admin(db), now=NOW)


ENDS_SEATS: dict[str, Callable[[Session, Staff, Staff], None]] = {
    "disabled": lambda db, staff, by: people.disable(db, staff, actor=by, now=NOW),
    "reset": lambda db, staff, by: people.reset(db, staff, PASSWORD_HASH, actor=by.id, now=NOW),
    "password changed": lambda db, staff, _by: people.change_password(db, staff, PASSWORD_HASH, seat=None, now=NOW),
}


@pytest.mark.promise("P17")
@pytest.mark.parametrize("what", ENDS_SEATS)
def test_what_ends_every_seat_of_a_person(case: Case, what: str) -> None:
    with case.database.writing() as db:
        tokens = [seats.open_desk(db, case.keyworker(db), NOW) for _ in range(3)]
        others = seats.open_desk(db, admin(db), NOW)
    with case.database.writing() as db:
        ENDS_SEATS[what](db, case.keyworker(db), admin(db))
    with case.database.reading() as db:
        assert [seats.seated(db, token, NOW) for token in tokens] == [None] * 3
        assert seats.seated(db, others, NOW) is not None


@pytest.mark.parametrize("what", ["reset", "password changed"])
def test_new_password_of_the_keyworker_leaves_clients_seats_alone(case: Case, what: str) -> None:
    case.with_round()
    other = a_case(case.database, name="Ida Marsh", reference="IM-0101").with_round()
    clients, own = [hand_over(case), own_device(other)], [sit_together(case), sit_together(other)]
    third = a_case(case.database, name="Jo Hale", reference="JH-0202").with_round()
    own.append(from_paper(third))
    with case.database.writing() as db:
        ENDS_SEATS[what](db, case.keyworker(db), admin(db))
    with case.database.reading() as db:
        assert [seats.seated(db, token, NOW) is not None for token in clients] == [True, True]
        assert [seats.seated(db, token, NOW) for token in own] == [None, None, None]


def test_new_pin_ends_no_seat(case: Case) -> None:
    case.with_round()
    tokens = [hand_over(case), sit_together(case)]
    with case.database.writing() as db:
        people.change_pin(db, case.keyworker(db), "another hash", now=NOW)
    with case.database.reading() as db:
        assert all(seats.seated(db, token, NOW) for token in tokens)


def hand_on(db: Session, case: Case) -> None:
    sam = a_person(db, service(db), "sam", "Sam Adeyemi", Role.KEYWORKER)
    people.reassign(db, db.get_one(Client, (case.service_id, case.client_id)), sam, actor=admin(db), now=NOW)


ENDS_CLIENTS: dict[str, Callable[[Session, Case], None]] = {
    "keyworker disabled": lambda db, case: people.disable(db, case.keyworker(db), actor=admin(db), now=NOW),
    "only the mark is set": lambda db, case: setattr(case.keyworker(db), "disabled_at", NOW),
    "client handed on": hand_on,
}


@pytest.mark.promise("P10")
@pytest.mark.parametrize("what", ENDS_CLIENTS)
def test_client_whose_seat_the_service_ends_is_told_for_the_rest_of_the_day(case: Case, what: str) -> None:
    case.with_round()
    token = own_device(case)
    with case.database.writing() as db:
        assert seats.was_cut_short(db, token, NOW) is None, "control: it has not ended yet"
        ENDS_CLIENTS[what](db, case)
    with case.database.reading() as db:
        assert seats.seated(db, token, NOW) is None
        found = seats.was_cut_short(db, token, NOW)
        assert found is not None and found.round_id == case.round_id
        assert seats.was_cut_short(db, token, NOW + seats.LONGEST) is None


@pytest.mark.parametrize("what", ["signs out", "idle", "from paper", "another device"])
def test_seat_that_ends_in_any_other_way_is_told_nothing(case: Case, what: str) -> None:
    case.with_round()
    token = from_paper(case) if what == "from paper" else own_device(case)
    with case.database.writing() as db:
        found = seats.seated(db, token, NOW)
        assert found is not None
        if what == "signs out":
            seats.end(db, found[0])
        if what == "from paper":
            people.disable(db, case.keyworker(db), actor=admin(db), now=NOW)
    if what == "another device":
        own_device(case)
    later = NOW + (seats.IDLE[seats.SeatKind.CLIENT] if what == "idle" else timedelta())
    with case.database.reading() as db:
        assert (seats.seated(db, token, later), seats.was_cut_short(db, token, later)) == (None, None)


@pytest.mark.promise("P10")
def test_who_hands_a_client_on_loses_every_seat_opened_for_that_client(case: Case) -> None:
    case.with_round()
    other = a_case(case.database, name="Ida Marsh", reference="IM-0101").with_round()
    opened = [sit_together(case), hand_over(case), sit_together(other)]
    with case.database.writing() as db:
        desk = seats.open_desk(db, case.keyworker(db), NOW)
        sam = a_person(db, service(db), "sam", "Sam Adeyemi", Role.KEYWORKER)
        client = db.get_one(Client, (case.service_id, case.client_id))
        people.reassign(db, client, sam, actor=admin(db), now=NOW)
    with case.database.reading() as db:
        alive = [seats.seated(db, token, NOW) is not None for token in (*opened, desk)]
    assert alive == [False, False, True, True]


def sit_together(case: Case) -> str:
    with case.database.writing() as db:
        return seats.open_together(db, desk_of(db, case), case.round(db), NOW)


def hand_over(case: Case) -> str:
    with case.database.writing() as db:
        return seats.hand_over(db, desk_of(db, case), case.round(db), NOW)


def own_device(case: Case) -> str:
    with case.database.writing() as db:
        return seats.open_own_device(db, case.round(db), case.keyworker_id, NOW)


def from_paper(case: Case) -> str:
    with case.database.writing() as db:
        return seats.open_from_paper(db, desk_of(db, case), case.round(db), NOW)


def desk_of(db: Session, case: Case) -> seats.Seated:
    found = seats.seated(db, seats.open_desk(db, case.keyworker(db), NOW), NOW)
    assert found is not None
    return found[0]


def test_changing_ones_password_keeps_the_seat_before_the_screen(case: Case) -> None:
    with case.database.writing() as db:
        here, there = (seats.open_desk(db, case.keyworker(db), NOW) for _ in range(2))
    with case.database.writing() as db:
        found = seats.seated(db, here, NOW)
        assert found is not None
        people.change_password(db, case.keyworker(db), PASSWORD_HASH, seat=found[0], now=NOW)
        assert (seats.seated(db, here, NOW) is None, seats.seated(db, there, NOW)) == (False, None)


def test_a_reset_forgets_the_pin_and_asks_for_the_first_steps_again(case: Case) -> None:
    with case.database.writing() as db:
        staff = case.keyworker(db)
        assert (staff.pin_hash, staff.must_change) == (PIN_HASH, False)
        people.reset(db, staff, "another hash", actor=admin(db).id, now=NOW)
        assert (staff.password_hash, staff.pin_hash, staff.must_change) == ("another hash", None, True)


def test_a_reference_is_one_clients(case: Case) -> None:
    with case.database.writing() as db:
        staff = case.keyworker(db)
        other = people.add_client(db, staff, details("IM-0101"), now=NOW)
        with pytest.raises(ReferenceTaken):
            people.add_client(db, staff, details("IM-0101"), now=NOW)
        with pytest.raises(ReferenceTaken):
            people.change_client(db, other, details("RE-0522"), actor=staff, now=NOW)
        people.change_client(db, other, details("IM-0101", "Ida Moor"), actor=staff, now=NOW)
        assert (other.name, other.sought) == ("Ida Moor", "ida moor im 0101 idamoor im0101")


@pytest.mark.parametrize("typed", ["im-0101", "IM–0101", "IM 0101", "ＩＭ－０１０１"])
def test_a_reference_in_other_letters_is_the_same_one(case: Case, typed: str) -> None:
    with case.database.writing() as db:
        staff = case.keyworker(db)
        ida = people.add_client(db, staff, details("IM-0101"), now=NOW)
        with pytest.raises(ReferenceTaken):
            people.add_client(db, staff, details(typed), now=NOW)
        other = people.add_client(db, staff, details("X-1"), now=NOW)
        with pytest.raises(ReferenceTaken):
            people.change_client(db, other, details(typed), actor=staff, now=NOW)
        people.change_client(db, ida, details(typed), actor=staff, now=NOW)
        assert (ida.reference, ida.reference_key) == (typed, "im0101")


def test_a_changed_reference_is_taken_and_the_old_one_is_free(case: Case) -> None:
    with case.database.writing() as db:
        staff = case.keyworker(db)
        ida = people.add_client(db, staff, details("IM-0101"), now=NOW)
        people.change_client(db, ida, details("IM-0102"), actor=staff, now=NOW)
        with pytest.raises(ReferenceTaken):
            people.add_client(db, staff, details("im0102"), now=NOW)
        people.add_client(db, staff, details("im0101"), now=NOW)


def test_the_database_itself_refuses_a_second_one(case: Case) -> None:
    with case.database.writing() as db:
        keys = {"service_id": case.service_id, "keyworker_id": case.keyworker_id, "added_at": NOW}
        db.add_all(Client(**keys, **details(reference)) for reference in ("IM-0101", "im 0101"))
        with pytest.raises(IntegrityError):
            db.flush()
        db.rollback()


def test_two_services_may_use_one_reference_and_one_login(case: Case) -> None:
    with case.database.writing() as db:
        other = people.found_service(db, "Mill Street", language="en", now=NOW)
        maya = a_person(db, other, "maya", "Maya Brook", Role.KEYWORKER)
        assert people.add_client(db, maya, details("RE-0522"), now=NOW).service_id == other.id


def test_a_service_text_is_kept_and_an_empty_one_taken_away(case: Case) -> None:
    def keep(language: str, **texts: str) -> None:
        with case.database.writing() as db:
            people.set_texts(db, service(db), language, texts, actor=admin(db), now=NOW)

    keep("en", complaint="Ring the office", advocate=" Ask for one ", elsewhere="no field of ours")
    keep("cy", complaint="Ffoniwch y swyddfa")
    keep("en", complaint="Write to us", advocate="  ")
    with case.database.reading() as db:
        assert queries_plan.service_texts(db, case.service_id, "en") == {"complaint": "Write to us"}
        assert queries_plan.service_texts(db, case.service_id, "cy") == {"complaint": "Ffoniwch y swyddfa"}
        assert len(db.scalars(select(ServiceText)).all()) == 2


def test_crisis_lines_keep_their_order_and_their_language(case: Case) -> None:
    lines = [("Night line", "01632 960001"), ("Day line", "01632 960002")]
    for order in (lines, lines[::-1]):
        with case.database.writing() as db:
            people.set_crisis_lines(db, service(db), "en", order, actor=admin(db), now=NOW)
        with case.database.reading() as db:
            held = queries_plan.crisis_lines(db, case.service_id, "en")
            assert [(line.name, line.number) for line in held] == order
            assert len(queries_plan.crisis_lines(db, case.service_id, "cy")) == 1


def test_the_history_holds_no_words_that_somebody_typed(case: Case) -> None:
    with case.database.writing() as db:
        staff = case.keyworker(db)
        people.describe_self(db, staff, language="en", telephone="01632 960199", hours="Mondays", now=NOW)
        people.set_texts(db, service(db), "en", {"complaint": "Ring the office"}, actor=admin(db), now=NOW)
        people.name_service(
            db, service(db), "Mill Street", nation=Nation.WALES, time_zone="Europe/London", actor=admin(db), now=NOW
        )
        client = people.add_client(db, staff, details("IM-0101"), now=NOW)
        people.change_client(db, client, details("IM-0102"), actor=staff, now=NOW)
    with case.database.reading() as db:
        told = [f"{entry.actor} {entry.verb} {entry.subject}" for entry in db.scalars(select(History))]
    assert len(told) >= 6
    for typed in ("01632", "Mondays", "Call", "Mill Street", "Ida", "IM-0101", "IM-0102", "RE-0522", "Rowan"):
        assert not [entry for entry in told if typed in entry]


# --- passwords and PINs ---


def test_a_password_matches_itself_alone() -> None:
    assert passwords.matches(PASSWORD_HASH, PASSWORD)
    for other in ("", PASSWORD.upper(), PASSWORD + " ", PASSWORD[:-1]):
        assert not passwords.matches(PASSWORD_HASH, other)


@pytest.mark.usefixtures("shipped_hashes")
def test_a_password_is_hashed_at_the_cost_that_owasp_asks_for() -> None:
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, PASSWORD) and not passwords.matches(kept, PASSWORD + " ")


@pytest.mark.parametrize("kept", [None, "", "no hash", "$argon2id$v=19$broken"])
def test_where_nothing_is_kept_nothing_matches(kept: str | None) -> None:
    assert not passwords.matches(kept, PASSWORD)
    assert not passwords.matches(kept, "")


def test_a_first_password_is_long_and_never_the_same() -> None:
    made = {passwords.new_password() for _ in range(100)}
    assert len(made) == 100 and min(map(len, made)) >= SHORTEST


def test_two_hashes_of_one_password_differ() -> None:
    assert passwords.hashed(PASSWORD) != PASSWORD_HASH
