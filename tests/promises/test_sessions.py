"""P17: the headers of every response, forms of our own pages only, and sessions that end when they end."""

import pytest
from flask import Flask, Response

from decisionaid.storage.database import Database
from decisionaid.web.headers import HEADERS
from tests.builders import PASSWORD, Case, a_case
from tests.police import Police
from tests.promises.onlookers import HOMES, SEATS, addresses, browser, csrf_of, ids_of, rows, sit
from tests.web.doors import sign_in
from tests.web.together_table import write


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both().confirmed()


def unprotected(app: Flask, case: Case, *seats: str) -> list[str]:
    """The responses, of every address and seat, that lack a header or carry another value."""
    found = []
    for seat in seats:
        asker = sit(app, case, seat)
        for address in addresses(app, **ids_of(case)):
            response = asker.open(address.path, method=address.method)
            if any(response.headers.get(name) != value for name, value in HEADERS.items()):
                found.append(f"{seat} {address.method} {address.path}")
    return found


@pytest.mark.promise("P17")
def test_every_response_carries_the_headers(app: Flask, case: Case) -> None:
    assert unprotected(app, case, "anonymous", *SEATS) == []
    for path in ("/nothing/here", "/static/nothing.css", "/desk/%00"):
        assert browser(app).get(path).headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


@pytest.mark.promise("P17")
def test_a_weaker_header_is_noticed(own_app: Flask, case: Case) -> None:
    def weaken(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src *"
        return response

    own_app.after_request(weaken)
    assert len(unprotected(own_app, case, "anonymous")) > 100


@pytest.mark.promise("P17")
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "127.0.0.1@evil.example"]
)
def test_another_host_is_refused(app: Flask, case: Case, host: str) -> None:
    response = browser(app).get("/sign-in", base_url=f"http://{host}/")
    assert response.status_code == 400
    assert "evil" not in response.text
    assert browser(app).get("/sign-in", base_url="http://127.0.0.1:8000/").status_code == 200


def refused(asker: Police, path: str, token: str, **headers: str) -> bool:
    response = asker.post(path, data={"csrf_token": token} if token else {}, headers=headers)
    return response.status_code == 303 and asker.led(response).status_code == 400


@pytest.mark.in_turn(2)
@pytest.mark.promise("P17")
@pytest.mark.parametrize("seat", SEATS)
def test_every_press_needs_this_sessions_token(app: Flask, case: Case, seat: str) -> None:
    home = HOMES[seat]
    foreign = csrf_of(sit(app, case, seat), home)  # first, as a second seat of a client's ends the one before
    asker = sit(app, case, seat)
    mine = csrf_of(asker, home)
    visitors = csrf_of(browser(app), "/sign-in")
    before, tried = rows(case), 0
    own = [a.path for a in addresses(app, "POST", **ids_of(case)) if a.endpoint.startswith(f"{seat}.")]
    held_back = {f"{home}first-steps", f"{home}locked"}
    for path in set(own) - held_back:
        wrong = ("", "x", "=" * 88, "é", foreign, visitors, mine[:-4] + "AAAA")
        assert all(refused(asker, path, token) for token in wrong), path
        assert refused(asker, path, mine, **{"Sec-Fetch-Site": "cross-site"})
        assert refused(asker, path, mine, Origin="https://evil.example")
        tried += 1
    assert tried > 9
    assert rows(case) == before
    print(f"P17: {tried} presses of the {seat}, each with nine wrong tokens or origins: 0 taken")


@pytest.mark.promise("P17")
def test_this_sessions_own_token_is_taken(app: Flask, case: Case) -> None:
    desk = sit(app, case, "keyworker")
    assert desk.post("/desk/lock", data={"csrf_token": csrf_of(desk, "/desk/")}).status_code == 303


def replay(app: Flask, cookie: str, path: str) -> str:
    """Where somebody is sent who brings this cookie."""
    return browser(app, cookie).get(path).headers.get("Location", "in")


def cookie_of(asker: Police) -> str:
    cookie = asker.get_cookie("seat")
    assert cookie is not None
    return cookie.value


@pytest.mark.promise("P17")
@pytest.mark.parametrize(
    ("page", "press", "fields"),
    [
        ("/desk/account", "/desk/sign-out", {}),
        ("/desk/rounds/{round_id}/hand-over", "", {}),
        ("/desk/clients/{client_id}", "/desk/rounds/{round_id}/together", {}),
    ],
)
def test_a_cookie_is_dead_once_its_seat_was_left(
    app: Flask, case: Case, page: str, press: str, fields: dict[str, str]
) -> None:
    desk = sign_in(app)
    held, ids = cookie_of(desk), ids_of(case)
    assert replay(app, held, "/desk/account") == "in"
    write(desk, page.format(**ids), fields, to=press.format(**ids) or None)
    assert replay(app, held, "/desk/account") == "/sign-in"


@pytest.mark.promise("P17")
def test_a_cookie_that_was_planted_is_never_anybodys_seat(app: Flask, case: Case) -> None:
    planted = "p" * 43
    desk = browser(app, planted)
    desk.send("/sign-in", login="maya", password=PASSWORD)
    assert desk.get("/desk/").status_code == 200
    assert cookie_of(desk) != planted
    assert replay(app, planted, "/desk/") == "/sign-in"
