"""P07: paper typed in is the one way from the desk to the client's side, marked as such. P04, P05: it shows nothing of
the keyworker's."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from decisionaid.casework import paper, seats
from decisionaid.core.sort import Party
from decisionaid.storage.database import Database
from decisionaid.storage.models import Handover
from decisionaid.storage.models.sorts import Device
from tests.builders import Case, a_case
from tests.promises.onlookers import csrf_of, desk_token, sit
from tests.promises.test_blindness import MARKS, Pages, copy_of, finish, pages, rewritten, traces, write_everywhere
from tests.promises.test_client_seat import FORGED, of_client
from tests.web.sorters import shuffle_alike


def from_paper(case: Case) -> str:
    """The cookie of the client's seat, opened to type in their paper."""
    now = datetime.now(UTC)
    desk = desk_token(case, case.keyworker_id)
    with case.database.writing() as db:
        found = seats.seated(db, desk, now)
        assert found is not None
        return paper.type_in(db, found[0], case.round(db), now)


def pressed(app: Flask, case: Case) -> int:
    """Everything forged, sent to where paper is typed in; what that answers."""
    desk = sit(app, case, "keyworker")
    fields = {**FORGED, "csrf_token": csrf_of(desk, "/desk/")}
    return desk.heard(f"/desk/rounds/{case.round_id}/paper", fields)


@pytest.mark.promise("P07")
def test_before_the_own_sort_is_finished_paper_opens_and_writes_nothing(app: Flask, database: Database) -> None:
    case = a_case(database).with_open_sorts()
    before = of_client(case)
    assert pressed(app, case) == 409
    assert of_client(case) == before
    case.sorted_by_keyworker()
    assert pressed(app, case) == 303, "control: it never opens"


@pytest.mark.promise("P07")
def test_whatever_is_sent_along_no_answer_is_written_and_the_way_is_kept(app: Flask, database: Database) -> None:
    case = a_case(database).with_open_sorts().sorted_by_keyworker()
    before = of_client(case)
    assert pressed(app, case) == 303
    assert of_client(case) == before
    with database.reading() as db:
        kept = db.query(Handover).one()
        assert (kept.device, kept.by_id) == (Device.PAPER, case.keyworker_id)


@pytest.mark.promise("P04")
def test_where_paper_is_typed_in_nothing_of_the_keyworkers_is_shown(app: Flask, database: Database) -> None:
    case = a_case(database).with_open_sorts()
    for party in Party:
        write_everywhere(case, party)
    finish(case, Party.KEYWORKER)
    found = pages(app, case, from_paper(case))
    assert traces(found, {Party.KEYWORKER}) == []
    assert len(traces(found, {Party.CLIENT})) > 2, "control: no page was looked at"
    assert MARKS[Party.CLIENT].encode() in found["/s/check"][1]


def seen_over(app: Flask, case: Case, party: Party, tmp_path: Path) -> list[Pages]:
    """What is seen where paper is typed in, over several sorts of this party in the same round."""
    found = []
    for seed in range(4):
        with copy_of(case, app, tmp_path / f"{seed}.db") as other:
            rewritten(other, party, seed, finished=party is Party.KEYWORKER)
            if party is Party.CLIENT:
                other.sorted_by_keyworker()
            found.append(pages(app, other, from_paper(other)))
    return found


def differing(found: list[Pages]) -> list[str]:
    """The pages that differ, but for the one that names the sitting: each browser here has its own."""
    first, *others = found
    return [path for other in others for path in first if first[path] != other[path] and path != "/seat"]


@pytest.mark.promise("P05")
def test_its_pages_are_equal_whatever_the_keyworker_said(app: Flask, database: Database, tmp_path: Path) -> None:
    case = a_case(database).with_open_sorts()
    shuffle_alike(case, Party.CLIENT)
    found = seen_over(app, case, Party.KEYWORKER, tmp_path)
    assert len(found[0]) > 80
    assert differing(found) == []
    assert found[0]["/s/card/1"][0] == 200


@pytest.mark.promise("P05")
def test_the_same_comparison_notices_what_the_client_said(app: Flask, database: Database, tmp_path: Path) -> None:
    case = a_case(database).with_open_sorts()
    shuffle_alike(case, Party.CLIENT)
    assert differing(seen_over(app, case, Party.CLIENT, tmp_path))
