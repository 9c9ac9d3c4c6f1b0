"""P26: a choice that is sent again, three times, ten times at once or the next day, counts once and is answered alike;
and whatever is forged or out of its turn is refused, with nothing changed."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from flask import Flask

from decisionaid.casework import presses
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import OperationRecord
from tests.builders import Case, a_case
from tests.forked import served
from tests.police import Police
from tests.promises.onlookers import rows, token_of
from tests.web.saves import Save, save
from tests.web.sorters import desk_of, held, root, tablet_of

ASKED = {"words": "Who would come with me?"}
"""A question asked twice would stand there twice."""


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_open_sorts()


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return tablet_of(app, case)


def questions(case: Case) -> int:
    with case.database.reading() as db:
        return len(sorts.questions(db, held(case).record))


@pytest.mark.promise("P26")
def test_three_times_is_once(tablet: Police, case: Case) -> None:
    sent = save(tablet, "/s/ask", **ASKED)
    assert [sent.by(tablet, waited=wait).status_code for wait in (0, 3000, 9000)] == [204, 204, 204]
    assert questions(case) == 1


@pytest.mark.promise("P26")
def test_control_without_its_id_it_counts_each_time(
    tablet: Police, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presses, "take", lambda *_: None)
    csrf = save(tablet, "/s/ask").csrf
    for _ in range(3):
        assert tablet.post("/s/ask", data={**ASKED, "csrf_token": csrf}).status_code == 303
    assert questions(case) == 3


@pytest.mark.promise("P26")
def test_after_finishing_it_is_answered_as_before_and_changes_nothing(tablet: Police, case: Case) -> None:
    sent = save(tablet, "/s/ask", **ASKED)
    assert sent.by(tablet).status_code == 204
    tablet.send("/s/check")
    before = rows(case)
    assert sent.by(tablet).status_code == 204
    assert sent.by(tablet, id="a-new-one-after-the-end", number=2).status_code == 409
    assert rows(case) == before


@pytest.mark.promise("P26")
def test_the_next_day_it_is_answered_as_before_from_a_new_seat_and_not_at_all_from_the_old(
    app: Flask, tablet: Police, case: Case
) -> None:
    sent = save(tablet, "/s/ask", **ASKED)
    assert sent.by(tablet).status_code == 204
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=True):
        assert sent.by(tablet).status_code == 410
        later = tablet_of(app, case)
        csrf = save(later, "/s/ask").csrf
        assert sent.by(later, csrf=csrf).status_code == 204
    assert questions(case) == 1


@pytest.fixture
def folder(empty_database: Path, tmp_path: Path) -> Path:
    """A folder with a database that the server takes for its demonstration's."""
    shutil.copy(empty_database, tmp_path / "demonstration.db")
    return tmp_path


@pytest.fixture
def shipped(folder: Path) -> Iterator[tuple[Case, str, str]]:
    """The shipped server: a case, its client's cookie, and the server's address."""
    database = Database(f"sqlite:///{folder / 'demonstration.db'}")
    case = a_case(database).with_open_sorts()
    cookie = f"seat={token_of(case, 'client')}"
    with served(folder / "demonstration.db") as address:
        yield case, cookie, urlsplit(address).netloc
    database.close()


def at_once(shipped: tuple[Case, str, str], said: str) -> list[int]:
    """What ten copies of one press are answered, sent over ten connections at the same moment."""
    _, cookie, host = shipped
    page = _ask(host, "GET", cookie)[1]
    csrf, epoch = (page.partition(mark)[2].partition('"')[0] for mark in ('csrf_token" value="', 'data-epoch="'))
    headers = {"X-Acknowledge": "1", **({"X-Operation": said.format(epoch=epoch)} if said else {})}
    body = urlencode({**ASKED, "csrf_token": csrf})
    with ThreadPoolExecutor(10) as network:
        copies = [network.submit(_ask, host, "POST", cookie, body, headers) for _ in range(10)]
        return [copy.result()[0] for copy in copies]


def _ask(
    host: str, method: str, cookie: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    connection = HTTPConnection(host, timeout=30)
    kind = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, "/s/ask", body, {**kind, **(headers or {})})
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


@pytest.mark.promise("P26")
def test_ten_at_once_is_once(shipped: tuple[Case, str, str]) -> None:
    assert at_once(shipped, "{epoch} 1 ten-copies-of-one-press 0") == [204] * 10
    assert questions(shipped[0]) == 1
    print("P26: 10 copies at once over 10 connections: 1 effect, 10 acknowledged")


@pytest.mark.promise("P26")
def test_ten_at_once_from_a_page_without_script_is_once(shipped: tuple[Case, str, str]) -> None:
    assert at_once(shipped, "") == [204] * 10
    assert questions(shipped[0]) == 1


BAD: dict[str, tuple[int, Callable[[Save], Save]]] = {
    "a number set back": (409, lambda sent: _changed(sent, id="another-id-altogether", number=1)),
    "a number left out": (409, lambda sent: _changed(sent, id="another-id-altogether", number=3)),
    "the same id with another body": (422, lambda sent: _changed(sent, fields={"words": "Who pays?"})),
    "the same id for another page": (422, lambda sent: _changed(sent, path="/s/ask/3")),
    "an older device": (409, lambda sent: _changed(sent, id="another-id-altogether", epoch="0" * 16, number=2)),
    "an epoch that is none": (422, lambda sent: _changed(sent, epoch="<script>")),
    "a number below nothing": (422, lambda sent: _changed(sent, number=-1)),
    "a wait below nothing": (422, lambda sent: _changed(sent, waited=-1)),
    "an id of one letter": (422, lambda sent: _changed(sent, id="a")),
    "ten megabytes": (413, lambda sent: _changed(sent, fields={"words": "x" * 10_000_000}, number=2)),
}


def _changed(sent: Save, **changes: object) -> Save:
    return Save(**{**vars(sent), **changes})


@pytest.mark.promise("P26")
@pytest.mark.parametrize("what", BAD)
def test_what_is_forged_or_out_of_turn_is_refused_and_nothing_changes(tablet: Police, case: Case, what: str) -> None:
    status, forged = BAD[what]
    sent = save(tablet, "/s/ask", **ASKED)
    assert sent.by(tablet).status_code == 204
    before = rows(case)
    refused = forged(sent).by(tablet)
    assert refused.status_code == status
    assert rows(case) == before
    print(f"P26: {len(BAD)} forged or out of turn: all refused, nothing changed")
    assert save(tablet, "/s/ask", words="And then?").by(tablet).status_code == 204


@pytest.mark.promise("P26")
def test_an_operation_of_another_sort_is_refused(app: Flask, case: Case) -> None:
    """The keyworker's pages carry which client they are about; what was saved for one is no word on the other."""
    first, second = case, _second_client(case)
    desk = desk_of(app, first, begun=False)
    desk.send(f"{root(second)}/")
    sent = save(desk, f"{root(first)}/ask", **ASKED)
    assert sent.by(desk).status_code == 204
    before = rows(case)
    assert sent.by(desk, path=f"{root(second)}/ask").status_code == 409
    assert sent.by(desk, path="/desk/rounds/of-nobody/sort/ask").status_code == 404
    assert rows(case) == before


def _second_client(case: Case) -> Case:
    return a_case(case.database, reference="RE-9", name="Ash Lee").with_round()


@pytest.mark.promise("P26")
def test_a_second_tablet_ends_the_first_ones_seat(app: Flask, tablet: Police, case: Case) -> None:
    sent = save(tablet, "/s/card/1", answer="possibly")
    second = tablet_of(app, case, begun=False)
    assert sent.by(tablet).status_code == 410
    assert held(case, Party.CLIENT).cards == {}
    assert save(second, "/s/card/1", answer="definitely").by(second).status_code == 204


def test_a_refusal_says_which_number_is_held(tablet: Police) -> None:
    sent = save(tablet, "/s/card/1", answer="possibly")
    assert sent.by(tablet).status_code == 204
    assert sent.by(tablet, id="another-id-altogether").headers["X-Operation"] == "1"


def test_a_choice_that_waited_was_made_when_it_was_made(tablet: Police, case: Case) -> None:
    for waited in (0, 60_000, 10**11):
        before = held(case).record.changed_at
        assert save(tablet, "/s/card/1", answer="possibly").by(tablet, waited=waited).status_code == 204
        with case.database.reading() as db:
            newest = db.query(OperationRecord).order_by(OperationRecord.number.desc()).first()
            assert newest is not None
            made = held(case).cards.popitem()[1].answered_at
            assert made == newest.at >= held(case).record.opened_at
        if waited == 60_000:
            assert newest.at < before
