"""P33: whatever is sent, nothing breaks: a form is taken, refused or not found, and never a fault of ours."""

import random

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from decisionaid.storage.database import Database
from tests.builders import CARDS, Case, a_case
from tests.police import Police, outcome
from tests.promises.onlookers import HOMES, Address, addresses, csrf_of, ids_of, sit
from tests.web.together_table import write

POSTS = 100
WORDS = "definitely not less stop up down y yes no en xx client keyworker differ in_between try_until life-areas own-1"
DIGITS = "0 1 2 11 13 31 -1 1.5 1e9 NaN 0x10 ١٢ 99999999999999999999 2026-02-30 true null [] {} %s%n {{7*7}}"
STRANGE = ["", " ", "\x00", "a\x00b", "\r\n", "\t", "\u202e", "\ufffe", "🦦" * 90, "e\u0301" * 50, "' OR 1=1 --"]
LONG = ["x" * 81, "x" * 5000, ",".join(CARDS), "../../etc/passwd"]
ODD = [*WORDS.split(), *DIGITS.split(), *STRANGE, *LONG, *CARDS[:4]]
NUMBERS = ["0", "1", "2", "3", "9", "99", "9999999999", "99999999999999999999", "9" * 400]
KEPT = ("sign-out", "leave", "lock", "hand-over", "desk", "back", "locked", "together")
"""What would end the seat, and with it the trying."""


def names_of(app: Flask, asker: Police, seat: str, ids: dict[str, str]) -> list[str]:
    """Every field of every form of this seat."""
    found: set[str] = set()
    for address in addresses(app, "GET", **ids):
        if address.endpoint.startswith(f"{seat}."):
            page = BeautifulSoup(asker.get(address.path).data, "html.parser")
            found |= {str(box["name"]) for box in page.select("form [name]")}
    return sorted(found - {"csrf_token"})


def mutated(chance: random.Random, names: list[str]) -> dict[str, list[str]]:
    """A form that nobody's page would send."""
    chosen = chance.sample(names, chance.randint(0, min(len(names), 12)))
    return {name: [chance.choice(ODD) for _ in range(chance.choice((1, 1, 1, 2)))] for name in chosen}


def varied(chance: random.Random, address: Address, ids: dict[str, str]) -> str:
    """The address with other numbers in it."""
    path = address.rule.rule
    for name in address.rule.arguments:
        number = chance.choice(NUMBERS) if name in ("place", "number", "version") else ""
        odd = chance.choice(["", "support", "client", "differ", "en", "\x00", "x" * 300])
        path = path.replace(f"<int:{name}>", number).replace(f"<{name}>", ids.get(name, odd or "unknown"))
    return path


def send(app: Flask, case: Case, seat: str, posts: int = POSTS) -> list[int]:
    """Send mutated forms to the addresses of this seat; returns the statuses."""
    chance = random.Random(f"{seat}-33")  # noqa: S311 - the same ones each time
    ids, asker = ids_of(case), sit(app, case, seat)
    names, got = names_of(app, asker, seat, ids), []
    own = [a for a in addresses(app, "POST", **ids) if a.endpoint.startswith(f"{seat}.")]
    own = [address for address in own if not address.path.endswith(KEPT)]
    token = csrf_of(asker, HOMES[seat])
    for _ in range(posts):
        address = chance.choice(own)
        fields = mutated(chance, names)
        path = varied(chance, address, ids)
        response = asker.post(path, data={**fields, "csrf_token": token})
        assert response.status_code < 500, (path, fields)
        led_to = asker.get(response.location) if response.status_code == 303 else response
        assert led_to.status_code < 500, (path, fields, response.location)
        got.append(outcome(response, led_to))
    return got


@pytest.mark.in_turn(3)
@pytest.mark.promise("P33")
@pytest.mark.parametrize("seat", ["client", "keyworker", "admin"])
def test_no_mutated_post_breaks_anything(app: Flask, database: Database, seat: str) -> None:
    got = send(app, a_case(database).with_open_sorts(), seat)
    assert {303, 422} & set(got)
    assert 400 not in got
    print(f"P33: {len(got)} mutated posts of the {seat}, seed {seat}-33: 0 faults of ours")


@pytest.mark.in_turn(2)
@pytest.mark.promise("P33")
@pytest.mark.parametrize("is_frozen", [False, True])
def test_no_mutated_post_breaks_sitting_together(app: Flask, database: Database, is_frozen: bool) -> None:
    case = a_case(database).sorted_by_both().confirmed()
    if is_frozen:
        table = sit(app, case, "together")
        write(table, "/together/goals", {"title": "Walk more"})
        write(table, "/together/preview", to="/together/freeze")
    got = send(app, case, "together")
    assert len(got) == POSTS
    print(f"P33: {len(got)} mutated posts of both together, plan {'frozen' if is_frozen else 'open'}: 0 faults of ours")


@pytest.mark.promise("P33")
def test_a_view_that_breaks_is_noticed(own_app: Flask, database: Database) -> None:
    for endpoint in own_app.view_functions:
        if endpoint.startswith("client."):
            own_app.view_functions[endpoint] = lambda **_: str(1 // 0)
    own_app.view_functions["client.start"] = own_app.view_functions["public.sign_in"]
    with pytest.raises(AssertionError):
        send(own_app, a_case(database).with_open_sorts(), "client")
