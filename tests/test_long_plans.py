"""A plan on paper that holds as much as it can: nothing is cut off, runs together, or stands alone."""

import re
from pathlib import Path

import pytest
from flask import Flask

from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from decisionaid.web.pages import is_long, unbroken
from tests.builders import a_case
from tests.paper import collisions, fact, faults_of_pages, tool, words_of
from tests.web.together_table import both_sign, days, in_days, paper, sit, write

NAME = "Wolfeschlegelsteinhausenbergerdorff von Hohenlohe-Langenburg-Apfelbaum-Yorkminst"
"""Eighty letters, as many as a name may have."""
SENTENCE = (
    "I want to sleep better, to have more days without a drink, and my sister to trust me with the children again. "
)
LIST = "- one\n- two\n- three, on 01632 960117\n\n"
GOAL = ("success", "why", "support", "how_we_know", "unmet")
SIZES = {"one": (1990, 4), "two": (150, 4), "three": (10, 0)}
"""How many letters each field of a goal has, and how many steps the goal has."""
NUMBER = "020 7946 0958"
"""A phone number that stands nowhere else on a plan, in groups that no other number has."""
URDU = f"مجھے کال کریں {NUMBER} شام کو"


def test_a_full_plan_flows_on_from_page_to_page(app: Flask, database: Database, tmp_path: Path) -> None:
    case = a_case(database, name=NAME).sorted_by_both().confirmed()
    table = sit(app, case)
    for number, (title, (letters, steps)) in enumerate(SIZES.items(), start=1):
        write(table, "/together/goals", {"title": f"Goal {title}, with a title that is as long as people write them"})
        fields = dict.fromkeys(GOAL, (SENTENCE * 20)[:letters])
        write(table, f"/together/goal/{number}", fields)
        step = {"step-what": (SENTENCE * 2)[:70], "step-who": "Rowan", **days("step-by_when", in_days(5))}
        for _ in range(steps):
            write(table, f"/together/goal/{number}", step, to=f"/together/goal/{number}/action")
    boxes = table.page("/together/plan/support").select("textarea")
    fields = {str(box["name"]): LIST + (SENTENCE * 20)[:900] for box in boxes}
    write(table, "/together/plan/support", fields)
    for _ in range(2):
        both_sign(table, client=NAME)
    first, second = (paper(table, version) for version in (1, 2))
    for pdf in (first, second):
        assert faults_of_pages(pdf, tmp_path) == []
        assert collisions(words_of(pdf)) == []
        assert int(fact(pdf, "Pages")) > 6
    pages = [page.split("\n") for page in tool("pdftotext", first, "-layout", "-", "-").split("\f")[:-1]]
    headings = {tag.get_text() for tag in table.page("/together/preview").select("article h2, article h3")}
    for lines in pages:
        text = " ".join(" ".join(lines).split())
        assert "This plan was replaced by plan 1, version 2" in text
        assert all(part in text for part in (*re.split("[ -]", NAME), "RE-0522", "Plan 1, version 1")), text[-300:]
        body = [line.strip() for line in lines if line.strip()]
        assert body[-1 - foot(body)] not in headings
    whole = "\n".join(line.strip() for lines in pages for line in lines)
    assert LIST.strip() in whole
    assert "replaced" not in tool("pdftotext", second, "-", "-")


def foot(body: list[str]) -> int:
    """How many lines at the end of a page are its foot."""
    return len(body) - next(n for n, line in enumerate(body) if "version 1 · printed" in line)


def test_figures_stay_in_their_order_among_letters_that_run_the_other_way(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    write(table, "/together/plan/support", {"aftercare": URDU})
    both_sign(table)
    assert as_seen(paper(table)).count(NUMBER) == 1


@pytest.mark.parametrize("isolated", [True, False], ids=["as they are", "control"])
def test_phone_numbers_stay_in_their_order_on_a_page_that_runs_the_other_way(
    app: Flask, database: Database, pdf_pool: PdfPool, *, isolated: bool
) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    phones = table.page("/together/preview").select_one(".plan-phones")
    assert phones is not None
    numbers = [strong.get_text() for strong in phones.select("strong") if " " in strong.get_text()]
    assert numbers == ["116 123", "01632 960117", "01632 960140"], "Samaritans, the service's line, the keyworker"
    body = str(phones) if isolated else str(phones).replace('dir="ltr"', "")
    page = f'<!doctype html><html lang="he" dir="rtl"><title>-</title><article class="plan"><h1>-</h1>{body}'
    seen = as_seen(pdf_pool.pdf(page, language="he", title="-"))
    assert [number in seen for number in numbers] == [isolated] * 3


def as_seen(pdf: bytes) -> str:
    """The words of a paper as they stand from left to right in each line, whichever way they are read."""
    in_lines = sorted(words_of(pdf), key=lambda word: (word.page, round(word.top), word.left))
    return " ".join(" ".join(word.text for word in in_lines).split())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("01632 960117", "01632\u00a0960117"),
        ("116 123, or 999", "116\u00a0123, or 999"),
        ("at 9 or 10 am", "at 9 or 10 am"),
    ],
)
def test_groups_of_figures_are_one(typed: str, kept: str) -> None:
    assert unbroken(typed) == kept


@pytest.mark.parametrize(("texts", "long"), [(["a" * 900], True), (["a", None, ""], False), (["a\n" * 20], True)])
def test_what_needs_room_may_go_on_over_the_page(texts: list[str | None], *, long: bool) -> None:
    assert is_long(texts) is long
