""" "Leave this page" stands on every page of the client's seat and of both together, their error pages too."""

import pytest
from flask import Flask

from decisionaid.storage.database import Database
from tests.builders import Case, a_case
from tests.police import Police
from tests.promises.onlookers import addresses, ids_of, sit

UNKNOWN = {"client": "/s/nothing", "together": "/together/nothing"}


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both().confirmed()


def open_sort(database: Database) -> Case:
    return a_case(database, reference="RE-2").with_open_sorts()


def without_it(app: Flask, case: Case, seat: str) -> tuple[int, list[str]]:
    """How many pages this seat was shown, and those of them that have no such button."""
    asker, shown, found = sit(app, case, seat), 0, []
    paths = [a.path for a in addresses(app, "GET", **ids_of(case)) if a.endpoint.startswith(f"{seat}.")]
    for path in [*paths, UNKNOWN[seat]]:
        response = asker.get(path)
        if response.mimetype == "text/html" and response.status_code not in range(300, 400):
            shown += 1
            if (
                f'<form class="leave" method="post" action="{UNKNOWN[seat].rpartition("/")[0]}/leave"'
                not in response.text
            ):
                found.append(path)
    return shown, found


@pytest.mark.promise("P08")
@pytest.mark.parametrize("seat", UNKNOWN)
def test_every_page_can_be_left(app: Flask, database: Database, case: Case, seat: str) -> None:
    shown, found = without_it(app, case, seat)
    assert found == []
    assert shown > 2, "control: hardly a page was shown"
    if seat == "client":
        shown, found = without_it(app, open_sort(database), seat)
        assert found == []
        assert shown > 15, "control: hardly a page was shown"


def test_a_page_that_was_refused_can_be_left(app: Flask, case: Case) -> None:
    tablet = sit(app, case, "client")
    assert isinstance(tablet, Police)
    refused = tablet.press("/s/welcome", {}, status=400)
    assert 'class="leave"' in refused.text


def test_the_desk_is_left_by_signing_out(app: Flask, case: Case) -> None:
    assert 'class="leave"' not in sit(app, case, "keyworker").get("/desk/").text
