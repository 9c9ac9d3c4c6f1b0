"""P11: what is somebody else's is answered exactly as what does not exist, and nothing is written."""

import re
import sys
from dataclasses import replace

import pytest
from flask import Flask, abort
from werkzeug.test import TestResponse

from decisionaid.casework import people, reviewing
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Staff
from decisionaid.web import request
from tests.builders import ROUND_DECK, Case, a_case
from tests.police import Police
from tests.promises.onlookers import (
    HOMES,
    Address,
    addresses,
    bare,
    browser,
    csrf_of,
    desk_token,
    elsewhere,
    ids_of,
    rows,
    sit,
)
from tests.web.cases import frozen, signed

ADA: dict[str, object] = {"name": "Ada Finch", "preferred_name": "Ada", "reference": "AF-1", "language": "en"}
TYPED = {**ADA, "reason": "moved", "keyworker": "", "deck": "life-areas"}
UNKNOWN = ["u" * 22, "nobody", "%00", "..", "x" * 300]
IDS = {"client_id", "round_id", "signing_id", "staff_id"}


@pytest.fixture
def case(database: Database) -> Case:
    """Maya's case, come as far as a signed plan."""
    return signed(frozen(a_case(database, own_clock=True).sorted_by_both().confirmed()))


@pytest.fixture
def others(case: Case) -> Case:
    """A client and a round of a keyworker in another service."""
    service_id, staff_id = elsewhere(case)
    with case.database.writing() as db:
        staff = db.get_one(Staff, (service_id, staff_id))
        client = people.add_client(db, staff, ADA, now=case.later())
        round_ = reviewing.open_round(db, client, staff, deck=ROUND_DECK, now=case.later())
        return replace(case, service_id=service_id, keyworker_id=staff_id, client_id=client.id, round_id=round_.id)


def carrying_ids(app: Flask, seat: str, ids: dict[str, str]) -> list[Address]:
    """Every address of the seat in which an id stands."""
    found = [a for a in addresses(app, **ids) if a.endpoint.startswith(f"{seat}.")]
    return [address for address in found if IDS & set(address.rule.arguments)]


def ask(asker: Police, address: Address, token: str) -> TestResponse:
    fields = {**TYPED, "csrf_token": token} if address.method == "POST" else None
    return asker.led(asker.open(address.path, method=address.method, data=fields))


def answers(app: Flask, asker: Police, seat: str, ids: dict[str, str], token: str) -> list[tuple[int, bytes]]:
    """The status and page at each address that carries an id."""
    got = [ask(asker, address, token) for address in carrying_ids(app, seat, ids)]
    return [(response.status_code, bare(response)) for response in got]


def refused_alike(app: Flask, asker: Police, seat: str, foreign: dict[str, str]) -> None:
    """Foreign ids answer 404, to the byte as unknown ones do."""
    token = csrf_of(asker, HOMES[seat])
    assert token
    theirs = answers(app, asker, seat, foreign, token)
    assert len(theirs) > 5
    assert {status for status, _ in theirs} == {404}
    for unknown in UNKNOWN:
        assert answers(app, asker, seat, dict.fromkeys(IDS, unknown), token) == theirs, unknown
    print(f"P11: {len(theirs)} addresses of the {seat} with foreign and {len(UNKNOWN)} unknown ids: all 404, all alike")


@pytest.mark.promise("P11")
def test_another_keyworkers_ids_do_not_exist(app: Flask, case: Case) -> None:
    other = a_case(case.database, login="idris", name="Elin Frost", reference="EF-0533").with_round()
    desk = browser(app, desk_token(case, other.keyworker_id))
    before = rows(case)
    refused_alike(app, desk, "keyworker", ids_of(case))
    assert rows(case) == before


@pytest.mark.promise("P11")
@pytest.mark.parametrize("seat", ["keyworker", "admin"])
def test_another_services_ids_do_not_exist(app: Flask, case: Case, others: Case, seat: str) -> None:
    asker = sit(app, case, seat)
    before = rows(case)
    refused_alike(app, asker, seat, ids_of(others))
    assert rows(case) == before


@pytest.mark.promise("P11")
def test_a_foreign_id_in_a_field_is_like_an_unknown_one(app: Flask, case: Case, others: Case) -> None:
    admin = sit(app, case, "admin")
    path, token = f"/admin/clients/{case.client_id}", csrf_of(admin, "/admin/")
    before = rows(case)
    sent = [{"csrf_token": token, "keyworker": id_} for id_ in (others.keyworker_id, "u" * 22)]
    theirs, unknown = (admin.press(path, fields, status=422) for fields in sent)
    assert re.sub(others.keyworker_id.encode(), b"u" * 22, bare(theirs)) == bare(unknown)
    assert {**rows(case), "form_draft": []} == before


@pytest.mark.promise("P11")
@pytest.mark.parametrize("seat", ["keyworker", "admin"])
def test_control_the_same_addresses_answer_their_owner_and_write(app: Flask, case: Case, seat: str) -> None:
    asker, before = sit(app, case, seat), rows(case)
    got = answers(app, asker, seat, ids_of(case), csrf_of(asker, HOMES[seat]))
    assert sum(status in (200, 303) for status, _ in got) >= 5
    assert rows(case) != before


@pytest.mark.promise("P11")
def test_control_a_desk_that_does_not_ask_whose_client_it_is_is_noticed(
    app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def anybodys(client_id: str) -> Client:
        return request.db().get(Client, (request.seat().service_id, client_id)) or abort(404)

    for name, module in list(sys.modules.items()):
        if name.startswith("decisionaid.web") and hasattr(module, "own_client"):
            monkeypatch.setattr(module, "own_client", anybodys)
    other = a_case(case.database, login="idris", name="Elin Frost", reference="EF-0533").with_round()
    with pytest.raises(AssertionError):
        refused_alike(app, browser(app, desk_token(case, other.keyworker_id)), "keyworker", ids_of(case))
