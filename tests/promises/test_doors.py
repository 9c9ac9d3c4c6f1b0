"""P10: every address answers exactly the people it is declared for."""

import pytest
from flask import Flask

from decisionaid.storage.database import Database
from tests.builders import Case, a_case
from tests.police import Police
from tests.promises.onlookers import (
    HOMES,
    Address,
    addresses,
    browser,
    colleague,
    csrf_of,
    desk_token,
    disabled,
    elsewhere,
    ids_of,
    own_device_token,
    sit,
)
from tests.web.cases import frozen, signed

SORT = (
    "card rate cards order change_order words what_matters card_words describe goal choose goal_words look goal_detail "
    "goal_all ask keep_question drop_question ask_card keep_card_question drop_card_question last last_goal "
    "see_progress check finish"
)
ACCOUNT = (
    "first_steps keep_first_steps locked unlock lock sign_out account keep_details password change_password pin "
    "change_pin"
)
DECLARED = {
    "everybody": {"public": "home away said health favicon sweep_up who_sits"},
    "whoever has no seat": {"public": "sign_in try_sign_in choose_language"},
    "whoever does not hold the tablet": {"public": "join claim claim_by_scan two_words go_on"},
    "client": {
        "client": f"{SORT} done leave back take_back own add_own remove_own listened keep_listened safe safe_question "
        "put_back answer_safe after_question safe_end tell start welcome begin say keep_say blank unreachable worker "
        "reading keep_reading"
    },
    "keyworker": {
        "keyworker": f"{ACCOUNT} caseload plans new_client add_client client_page client_details change_client "
        "safety_answers deal_with_safety choose_cards "
        "print_plan plan_file blank blank_file open_round hand_over give_tablet from_paper type_in sit_together "
        "closing close_round sort_start sort_begin sort_done own_device show_code same_words "
        + " ".join(f"sort_{name}" for name in SORT.split())
    },
    "together": {
        "together": "goals make_goal keep_reasons goal keep_goal move_goal add_action remove_action safe "
        "put_goal_back put_action_back respond cancel_advice add_risk remove_risk put_risk_back "
        "side_by_side table pause leave desk take_back plan "
        "part keep_part choice keep_choice questions keep_question dates keep_dates moved moved_table preview freeze "
        "withdraw sign give_word done print_plan file start confirm not_right say_not_right card talk how settle"
    },
    "admin": {
        "admin": f"{ACCOUNT} clients client reassign people new_person add_person person disable enable "
        "new_first_password reset service name_service texts set_texts crisis_lines set_crisis_lines "
        "spare_cards set_spare_cards"
    },
}
SEAT_OF = {
    f"{blueprint}.{name}": seat
    for seat, named in DECLARED.items()
    for blueprint, names in named.items()
    for name in names.split()
}
"""The one table: every endpoint, and who it is for."""
SIGN_IN = {"public.sign_in", "public.try_sign_in", "public.choose_language"}
EMPTY = {"keyworker.plan_file", "keyworker.blank_file", "together.file", "together.goal", "together.moved_table"}
EMPTY |= {"public.two_words"}
"""Pages that show one thing of many, of which this case holds none."""
ON_THE_TABLET = {"client.back", "client.take_back"}
"""What the client's seat has only on the service's tablet: there is no way from an own device to the desk."""
WHOSE = {"client_id", "round_id", "signing_id"}
"""Ids that belong to one keyworker."""
LEFT_QUIETLY = {"client", "together"}
"""Seats whose pages send whoever has none to the neutral page; the others to the sign-in."""
SITS = {
    "anonymous": "",
    "disabled": "",
    "client": "client",
    "client on their own device": "client",
    "together": "together",
    "admin": "admin",
    "keyworker": "keyworker",
    "other keyworker": "keyworker",
    "elsewhere": "keyworker",
}
"""Each kind of person, and the seat they sit in."""


@pytest.fixture
def case(database: Database) -> Case:
    return signed(frozen(a_case(database, own_clock=True).sorted_by_both().confirmed()))


def person(app: Flask, case: Case, kind: str) -> Police:
    """A browser with somebody of this kind before it."""
    if kind == "other keyworker":
        return browser(app, desk_token(case, colleague(case)))
    if kind == "elsewhere":
        service_id, staff_id = elsewhere(case)
        return browser(app, desk_token(case, staff_id, service_id))
    if kind == "disabled":
        return disabled(app, case)
    if kind == "client on their own device":
        return browser(app, own_device_token(case))
    return sit(app, case, kind)


def expected(kind: str, address: Address) -> str:
    """What the table says: in, not there, or sent to the door."""
    seat, sits = SEAT_OF[address.endpoint], SITS[kind]
    if seat == "everybody":
        return "in"
    if seat == "whoever has no seat":
        return {"": "in", "client": "not there", "together": "not there"}.get(sits, "home")
    if seat == "whoever does not hold the tablet":
        return "not there" if kind in ("client", "together") else "in"
    if not sits:
        return "to the door"
    if kind == "client on their own device" and address.endpoint in ON_THE_TABLET:
        return "not there"
    foreign = kind in ("other keyworker", "elsewhere") and bool(WHOSE & set(address.rule.arguments))
    return "not there" if seat != sits or foreign else "in"


ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}


def outcome(asker: Police, address: Address, token: str, wanted: str) -> str:
    """What happens. A press that is to be let in comes from another site: the refusal of that shows that the door was
    open, and nothing changes.
    """
    fields = {"csrf_token": token} if address.method == "POST" else None
    headers = ELSEWHERE if fields and wanted == "in" else {}
    response = asker.led(asker.open(address.path, method=address.method, data=fields, headers=headers))
    to = response.headers.get("Location", "")
    if response.status_code == 404:
        return "not there"
    door = "/away" if SEAT_OF[address.endpoint] in LEFT_QUIETLY else "/sign-in"
    if response.status_code == 303 and to == door and address.endpoint != "public.home":
        return "to the door"
    return "home" if to in HOMES.values() and address.endpoint in SIGN_IN else "in"


def differences(app: Flask, case: Case, kind: str) -> list[str]:
    """Where the program and the table disagree for somebody of this kind."""
    asker, found = person(app, case, kind), []
    token = csrf_of(asker, HOMES.get(SITS[kind], "/sign-in"))
    assert token
    for address in addresses(app, **ids_of(case)):
        wanted = expected(kind, address)
        answer = outcome(asker, address, token, wanted)
        if answer != wanted and not (answer == "not there" and address.endpoint in EMPTY):
            found.append(f"{kind}: {address.method} {address.path} is {answer}, not {wanted}")
    return found


@pytest.mark.promise("P10")
def test_every_endpoint_is_declared(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(SEAT_OF)


@pytest.mark.promise("P10")
def test_an_undeclared_endpoint_is_noticed_and_closed(own_app: Flask, case: Case) -> None:
    own_app.add_url_rule("/desk/undeclared", "undeclared", lambda: "open")
    own_app.add_url_rule("/undeclared", "public.undeclared", lambda: "open")
    with pytest.raises(AssertionError):
        test_every_endpoint_is_declared(own_app)
    for kind in ("anonymous", "keyworker"):
        asker = person(own_app, case, kind)
        assert [asker.get(path).status_code for path in ("/desk/undeclared", "/undeclared")] == [404, 404]


@pytest.mark.promise("P10")
@pytest.mark.parametrize("kind", SITS)
def test_every_address_answers_as_declared(app: Flask, case: Case, kind: str) -> None:
    assert differences(app, case, kind) == []
    print(f"P10: {len(addresses(app))} addresses for each of {len(SITS)} kinds of people: as the table says")


@pytest.mark.promise("P10")
def test_a_door_left_open_is_noticed(app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SEAT_OF, "keyworker.caseload", "admin")
    assert len(differences(app, case, "keyworker")) == 1
