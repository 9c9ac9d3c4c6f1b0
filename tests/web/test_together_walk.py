"""From "this is what I chose" to the paper, without script."""

from flask import Flask

from decisionaid.storage.database import Database
from tests.builders import a_case
from tests.police import words
from tests.web.together_table import both_sign, days, in_days, printed, sit, write


def test_from_the_answers_to_the_paper(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both())
    write(table, "/together/", to="/together/confirm")
    assert "To talk about, in this order" in words(table.get("/together/", follow_redirects=True))
    write(table, "/together/card/1", {"heard": "Mornings are hard", "outcome": "client_choice"})
    assert "What you decided for now" in words(table.get("/together/card/1"))
    write(table, "/together/card/1", to="/together/goals")
    write(table, "/together/goal/1", {"success": "I go twice a week"})
    step = {"step-what": "Ring the plots", "step-who": "Rowan", **days("step-by_when", in_days(5))}
    write(table, "/together/goal/1", step, to="/together/goal/1/action")
    write(table, "/together/dates", {**days("revisit", in_days(21)), **days("review", in_days(84))})
    both_sign(table)
    paper = table.get(write(table, "/together/done", to="/together/print/1").headers["Location"])
    assert paper.mimetype == "application/pdf"
    text = printed(paper.data)
    facts = ("I go twice a week", "Ring the plots", "Rowan Ellis, RE-0522", "signed on screen", "Plan 1, version 1")
    assert not [fact for fact in (*facts, "116 123", "page 1 of") if fact not in text]
