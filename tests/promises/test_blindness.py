"""P04 and P05: before both have finished, and the client has said that it is what they chose, nothing of the other's
sort reaches any page, neither by word nor by any difference."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from math import comb
from pathlib import Path

import pytest
from flask import Flask

from decisionaid.casework import sorting
from decisionaid.core.sort import Party, Rating
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import SortRecord
from tests.builders import CARDS, DECK, Case, a_case
from tests.promises.onlookers import addresses, bare, browser, colleague, desk_token, ids_of, sit, token_of
from tests.turns import FULL
from tests.web.sorters import shuffle_alike
from tests.web.together_table import write

SORTS = 11 if FULL else 3
"""How many sorts of the other party pages are compared over: in the full form, 55 pairs."""

MARKS = {Party.CLIENT: "herons at dusk", Party.KEYWORKER: "otters at dawn"}
STATES = ("nothing", "both write", "client finished", "keyworker finished", "both finished", "confirmed")
HIDDEN = {
    "client": {Party.KEYWORKER},
    "keyworker": {Party.CLIENT},
    "other keyworker": set(Party),
    "admin": set(Party),
    "anonymous": set(Party),
    "together": set(Party),
}
"""Whose words a viewer may not see before the client confirms."""
FRESH = ("/people/new", "/reset")
"""Pages that offer a first password, another each time."""
Pages = dict[str, tuple[int, bytes]]


def case_in(database: Database, state: str) -> Case:
    """A case at this point of the way; each party has written their own tell-tale words wherever one can write."""
    case = a_case(database).with_round()
    if state == "nothing":
        return case
    case.with_open_sorts()
    for party in Party:
        write_everywhere(case, party)
    if state in ("client finished", "both finished", "confirmed"):
        finish(case, Party.CLIENT)
    if state in ("keyworker finished", "both finished", "confirmed"):
        finish(case, Party.KEYWORKER)
    return case.confirmed() if state == "confirmed" else case


def write_everywhere(case: Case, party: Party) -> None:
    """Words on each card, an own card, a question, what matters, the drinking goal."""
    mark = MARKS[party]
    with case.database.writing() as db:
        sort = sorts.load(db, sorts.record_of(db, case.round(db), party))
        assert sort is not None
        for card in CARDS:
            sorting.rate_card(db, sort, CARDS, card, Rating.DEFINITELY, case.later())
            sorting.describe_card(db, sort, CARDS, card, {"why": mark, "success": mark}, case.later())
        if party is Party.CLIENT:
            sorting.add_own_card(db, sort, mark, case.later())
        sorting.ask(db, sort.record, CARDS[0], mark, case.later())
        sorting.ask(db, sort.record, None, mark, case.later())
        sorting.say_what_matters(sort.record, mark, case.later())
        sorting.choose_option(db, sort.record, "less" if party is Party.CLIENT else "stop", mark, case.later())


def finish(case: Case, party: Party) -> None:
    sort_id = case.client_sort_id if party is Party.CLIENT else case.keyworker_sort_id
    with case.database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, sort_id))
        sort = sorts.load(db, record)
        assert sort is not None
        chosen = placeable(sort)[:3] if party is Party.CLIENT else placeable(sort)[-3:]
        sorting.reorder(db, sort, CARDS, DECK.top, chosen, case.later())
        db.flush()
        sorting.finish(db, record, case.round(db), seen=sorts.fingerprint(db, record), now=case.later())


def placeable(sort: sorts.LoadedSort) -> list[str]:
    """The cards that may be put in order."""
    rated = {card: row.answer for card, row in sort.cards.items()}
    return [card for card in CARDS if rated.get(card) == Rating.DEFINITELY.value]


def cookie(case: Case, viewer: str) -> str:
    if viewer == "other keyworker":
        return desk_token(case, colleague(case))
    return "" if viewer == "anonymous" else token_of(case, viewer)


def pages(app: Flask, case: Case, token: str, **blanks: str) -> Pages:
    """Every page of every seat, as somebody with this cookie gets it."""
    looker, found = browser(app, token), {}
    for address in addresses(app, "GET", **ids_of(case), **blanks):
        response = looker.get(address.path)
        found[address.path] = response.status_code, bare(response) + response.headers.get("Location", "").encode()
    return found


def traces(found: Pages, parties: set[Party]) -> list[str]:
    return [path for path, (_, page) in found.items() for party in parties if MARKS[party].encode() in page]


@pytest.mark.in_turn(2)
@pytest.mark.promise("P04")
@pytest.mark.parametrize("state", STATES[:-1])
def test_no_page_shows_a_trace_of_the_other_sort(app: Flask, database: Database, state: str) -> None:
    case, looked_at = case_in(database, state), 0
    for viewer, hidden in HIDDEN.items():
        # Once both have finished, the client looks at their own answers there, to say whether they are right.
        own = {Party.CLIENT} if (viewer, state) == ("together", "both finished") else set()
        found = pages(app, case, cookie(case, viewer))
        assert traces(found, hidden - own) == [], viewer
        looked_at += len(found)
    print(f"P04: {looked_at} answers to {len(HIDDEN)} kinds of people, {state}: 0 traces")


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sorts are shown as if the client had confirmed."""
    monkeypatch.setattr(sorts, "confirmed", lambda *_: True)


@pytest.mark.promise("P04")
@pytest.mark.usefixtures("unguarded")
def test_control_without_the_guard_both_sorts_are_traced(app: Flask, database: Database) -> None:
    case = case_in(database, "both finished")
    found = pages(app, case, cookie(case, "together"), number="2")
    for party in Party:
        assert len(traces(found, {party})) > 0, party


@pytest.mark.promise("P04")
def test_the_same_look_notices_ones_own_words_and_after_confirming_the_others(app: Flask, database: Database) -> None:
    case = case_in(database, "both write")
    assert len(traces(pages(app, case, cookie(case, "client")), {Party.CLIENT})) > 2
    assert len(traces(pages(app, case, cookie(case, "keyworker")), {Party.KEYWORKER})) > 2
    for party in Party:
        finish(case, party)
    write(sit(app, case, "together"), "/together/", to="/together/confirm")
    # The second card of the talk: the first is one that the client wrote, of which the keyworker says nothing.
    both = pages(app, case, cookie(case, "together"), number="2")
    for party in Party:
        assert len(traces(both, {party})) > 0, party


def rewritten(case: Case, party: Party, seed: int, *, finished: bool) -> None:
    """Another sort of this party in the same round, whatever the number makes of it."""
    chance = random.Random(seed)  # noqa: S311 - the same ones each time
    with case.database.writing() as db:
        sort = sorts.load(db, sorts.record_of(db, case.round(db), party))
        assert sort is not None
        for card in chance.sample(CARDS, chance.randint(8, len(CARDS))) if not finished else CARDS:
            sorting.rate_card(db, sort, CARDS, card, chance.choice(list(Rating)), case.later())
            sorting.describe_card(db, sort, CARDS, card, {"why": "x" * chance.randint(0, 40)}, case.later())
        for _ in range(chance.randint(0, 3)):
            sorting.ask(db, sort.record, None, "?" * chance.randint(1, 9), case.later())
        sorting.say_what_matters(sort.record, "y" * chance.randint(0, 40), case.later())
    if finished:
        finish_some(case, party)


def finish_some(case: Case, party: Party) -> None:
    with case.database.writing() as db:
        record = sorts.record_of(db, case.round(db), party)
        sort = sorts.load(db, record)
        assert record is not None
        assert sort is not None
        sorting.reorder(db, sort, CARDS, DECK.top, placeable(sort)[: DECK.top], case.later())
        db.flush()
        sorting.finish(db, record, case.round(db), seen=sorts.fingerprint(db, record), now=case.later())


@contextmanager
def copy_of(case: Case, app: Flask, path: Path) -> Iterator[Case]:
    """The same case in a copy of its database, which the program meanwhile works on."""
    kept = case.database
    with closing(sqlite3.connect(str(kept.engine.url.database))) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    case.database = app.extensions["database"] = Database(f"sqlite:///{path}")
    try:
        yield case
    finally:
        case.database.close()
        case.database = app.extensions["database"] = kept


def seen_over(app: Flask, case: Case, viewer: str, party: Party, tmp_path: Path, finished: bool) -> list[Pages]:
    """What the viewer sees over the same round with several sorts of the other party."""
    token, found = cookie(case, viewer), []
    for seed in range(SORTS):
        with copy_of(case, app, tmp_path / f"{seed}.db") as other:
            rewritten(other, party, seed, finished=finished)
            found.append(pages(app, other, token))
    return found


@pytest.mark.in_turn(4)
@pytest.mark.promise("P05")
@pytest.mark.parametrize("finished", [False, True])
@pytest.mark.parametrize(
    ("viewer", "party"),
    [("client", Party.KEYWORKER), ("keyworker", Party.CLIENT), ("together", Party.KEYWORKER), ("admin", Party.CLIENT)],
)
def test_pages_are_equal_whatever_the_other_sort_says(
    app: Flask, database: Database, tmp_path: Path, viewer: str, party: Party, finished: bool
) -> None:
    case = a_case(database).with_open_sorts()
    first, *others = seen_over(app, case, viewer, party, tmp_path, finished)
    assert len(first) > 80
    for other in others:
        assert differing(first, other) == []
    print(f"P05: {len(first)} pages of {viewer}, {comb(SORTS, 2)} pairs of sorts, seeds from 0: no difference")


def differing(first: Pages, other: Pages) -> list[str]:
    return [path for path in first if first[path] != other[path] and not path.endswith(FRESH)]


@pytest.mark.promise("P05")
@pytest.mark.usefixtures("unguarded")
def test_control_without_the_guard_pages_differ(app: Flask, database: Database, tmp_path: Path) -> None:
    case = a_case(database).with_open_sorts()
    finish_some(case, Party.CLIENT)
    first, other, *_ = seen_over(app, case, "together", Party.KEYWORKER, tmp_path, finished=True)
    assert [path for path in differing(first, other) if first[path][0] == other[path][0] == 200] != []


@pytest.mark.promise("P05")
def test_the_same_comparison_notices_ones_own_sort(app: Flask, database: Database, tmp_path: Path) -> None:
    case = a_case(database).with_open_sorts()
    shuffle_alike(case, Party.CLIENT)
    first, other, *_ = seen_over(app, case, "client", Party.CLIENT, tmp_path, finished=False)
    assert differing(first, other) != []
    assert sit(app, case, "client").get("/s/card/1").status_code == 200
