"""What a proxy forwards is believed of the proxies that are named, and of nobody else."""

from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask, request
from werkzeug.test import Client

from decisionaid import cli, create_app
from decisionaid.casework.tries import ONE_PERSON
from decisionaid.printing import PdfPool
from decisionaid.serving import BehindProxies, proxies
from decisionaid.storage.database import Database
from tests.builders import DECKS, a_case
from tests.police import Police
from tests.web.doors import browser, errors

PROXY, SECOND, STRANGER, CLIENT = "10.0.0.5", "192.168.7.1", "203.0.113.9", "198.51.100.7"


def seen(peer: str, named: tuple[str, ...], **forwarded: str) -> tuple[str | None, str, str]:
    """Address, scheme and host as the program sees them."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: [request.remote_addr, request.scheme, request.host])
    headers = {f"X-Forwarded-{name.title()}": value for name, value in forwarded.items()}
    client = Client(BehindProxies(app, proxies(named)))
    answer: list[Any] | None = client.get("/", headers=headers, environ_overrides={"REMOTE_ADDR": peer}).json
    assert answer is not None
    return answer[0], answer[1], answer[2]


@pytest.mark.parametrize("named", [(PROXY,), ("10.0.0.0/24",), ("2001:db8::/64", PROXY)])
@pytest.mark.parametrize("peer", [PROXY, f"::ffff:{PROXY}"])
def test_a_named_proxy_is_believed(peer: str, named: tuple[str, ...]) -> None:
    found = seen(peer, named, **{"for": CLIENT}, proto="https", host="aid.example")
    assert found == (CLIENT, "https", "aid.example")


@pytest.mark.parametrize("peer", [STRANGER, CLIENT, "10.0.1.5", "not an address"])
def test_nobody_else_is(peer: str) -> None:
    found = seen(peer, ("10.0.0.0/24",), **{"for": CLIENT}, proto="https", host="aid.example")
    assert found == (peer, "http", "localhost")


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (f"{CLIENT}, {SECOND}", CLIENT),
        (f"1.2.3.4, {CLIENT}, {SECOND}", CLIENT),
        (f"{PROXY}, {CLIENT}", CLIENT),
        (f"1.2.3.4, {STRANGER}", STRANGER),
        (SECOND, PROXY),
        ("", PROXY),
    ],
)
def test_of_a_row_the_address_is_the_first_that_no_proxy_has(said: str, address: str) -> None:
    assert seen(PROXY, (PROXY, SECOND), **{"for": said})[0] == address


@pytest.mark.parametrize("named", ["everybody", "0.0.0.0/0", "::/0", "10.0.0.5/8", ""])
def test_serve_takes_addresses_and_networks_only(named: str) -> None:
    refused = CliRunner().invoke(cli.main, ["serve", "--behind-proxy", named])
    assert refused.exit_code == 2
    assert "like 10.0.0.5 or 10.0.0.0/24" in " ".join(refused.output.split())


# The count of tries by address


@pytest.fixture
def behind(database: Database, pdf_pool: PdfPool) -> Flask:
    """The program behind a proxy."""
    a_case(database)
    app = create_app(DATABASE=database, PDF_POOL=pdf_pool, DECKS=DECKS, BEHIND_PROXY=(PROXY,))
    app.test_client_class = Police
    return app


def last_of_six_guesses(app: Flask, peer: str) -> str:
    """Guess once more than is free, each time saying to come from elsewhere; returns what the last one hears."""
    asker = browser(app)
    asker.environ_base["REMOTE_ADDR"] = peer
    said = ""
    for number in range(ONE_PERSON.free + 1):
        asker.environ_base["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
        said = errors(asker.send("/sign-in", login="maya", password="wrong", status=422))[0][1]
    return said


def test_who_lies_about_their_address_waits_all_the_same(behind: Flask) -> None:
    assert "Too many tries" in last_of_six_guesses(behind, STRANGER)


def test_control_six_people_behind_the_proxy_do_not(behind: Flask) -> None:
    assert "don’t match" in last_of_six_guesses(behind, PROXY)
