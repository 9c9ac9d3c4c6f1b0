"""Titles tell pages apart: of pages that differ by a number alone, each has a title of its own."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from decisionaid.core.sort import Party
from decisionaid.storage.database import Database
from tests.builders import CARDS, a_case
from tests.police import Police, parsed
from tests.promises.onlookers import addresses, ids_of, sit
from tests.web.sorters import desk_of, rate, root, tablet_of, title

NUMBERED = re.compile("<int:(place|number)>")


def titles(app: Flask, browser: Police, **ids: str) -> Iterator[tuple[str, list[str]]]:
    """Of each address that holds a number, the titles of its first two pages, where there are two."""
    pages = [addresses(app, "GET", **ids, place=number, number=number) for number in ("1", "2")]
    for first, second in zip(*pages, strict=True):
        came = [browser.get(one.path) for one in (first, second) if NUMBERED.search(first.rule.rule)]
        if len(shown := [one for one in came if one.status_code == 200 and one.mimetype == "text/html"]) > 1:
            yield first.endpoint, [title(parsed(one)) for one in shown]


def alike(found: dict[str, list[str]]) -> list[str]:
    return [endpoint for endpoint, (first, second) in found.items() if first == second]


@pytest.mark.parametrize("party", Party)
def test_numbered_pages_of_a_sort_have_titles_of_their_own(app: Flask, database: Database, party: Party) -> None:
    case = a_case(database).with_round()
    browser, under = (tablet_of(app, case), "/s") if party is Party.CLIENT else (desk_of(app, case), root(case))
    for card in CARDS[:2]:
        rate(browser, case, card, "definitely", party)
        browser.send(f"{under}/order", add=card)
    found = dict(titles(app, browser, **ids_of(case)))
    of_sort = {"card", "card_words", "ask_card", "goal_detail"}
    assert of_sort <= {endpoint.partition(".")[2].removeprefix("sort_") for endpoint in found}
    assert alike(found) == []


def test_numbered_pages_of_both_together_have_titles_of_their_own(app: Flask, database: Database) -> None:
    case = a_case(database).sorted_by_both().confirmed()
    found = dict(titles(app, sit(app, case, "together"), **ids_of(case)))
    assert "together.card" in found
    assert alike(found) == []


def test_control_titles_that_are_alike_are_named() -> None:
    assert alike({"client.card": ["Card", "Card"], "client.ask_card": ["Ask 1", "Ask 2"]}) == ["client.card"]
