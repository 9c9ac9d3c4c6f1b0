"""The red card on drugs stands where the drug card is: in the talk, in the plan, and on its paper; and nowhere else."""

import pytest
from flask import Flask

from decisionaid.storage.database import Database
from tests.builders import DECK, DECKS, a_case
from tests.police import Police, parsed
from tests.web.together_table import both_sign, paper, printed, sit, write

CHECK = DECKS.safety("safety-check")
PLACES = {"the plan": "/together/preview", "the page on staying safe": "/together/safe"}


@pytest.fixture
def table(app: Flask, database: Database) -> Police:
    return sit(app, a_case(database).sorted_by_both().confirmed())


def red(language: str = "en") -> dict[str, str]:
    """What each red card says first."""
    words = DECKS.safety_words(CHECK.id, language)
    return {danger: card.title for danger, card in words.red_cards.items()}


def shown(table: Police, path: str) -> list[str]:
    """The red cards of a page, in their order, each whole and named by its own heading."""
    page = parsed(table.get(path))
    boxes = page.select(".safety, .plan-safety")
    titles = [str(title.get_text()) for box in boxes for title in box.select("h2")]
    named = [box["aria-labelledby"] for box in page.select(".safety")]
    assert len(set(named)) == len(named)
    assert all("999" in box.get_text() for box in boxes)
    return titles


def goal_on(table: Police, card: str) -> None:
    """Make a goal of a card, by its page in the talk."""
    title = DECKS.card_words(DECK.id, "en").cards[card].title
    page = parsed(table.get("/together/table"))
    paths = [
        str(link["href"]) for link in page.select("a[href^='/together/card/']") if link.get_text(strip=True) == title
    ]
    write(table, paths[0], {"outcome": "client_choice"})
    write(table, paths[0], to="/together/goals")


@pytest.mark.parametrize("path", PLACES.values(), ids=PLACES)
def test_a_plan_with_a_goal_on_drugs_carries_both_red_cards(table: Police, path: str) -> None:
    write(table, "/together/goals", {"title": "Walk more"})
    assert shown(table, path) == [red()["drinking"]]
    goal_on(table, "drugs")
    assert shown(table, path) == [red()["drinking"], red()["drugs"]]


def test_the_paper_carries_it_with_its_signs_and_its_sources(table: Police) -> None:
    goal_on(table, "drugs")
    card = DECKS.safety_words(CHECK.id, "en").red_cards["drugs"]
    boxes = parsed(table.get("/together/preview")).select(".plan-safety")
    assert tuple(sign.get_text() for sign in boxes[1].select("li")) == card.signs
    both_sign(table)
    text = printed(paper(table))
    assert card.title in text
    cited = [source.citation.split(".")[0] for source in CHECK.sources_of({"drugs"})]
    assert [start for start in cited if start not in text] == []


def test_a_plan_without_a_goal_on_drugs_cites_nothing_on_drugs(table: Police) -> None:
    """The control."""
    write(table, "/together/goals", {"title": "Walk more"})
    text = table.get("/together/preview").text
    only = set(CHECK.sources_of({"drugs"})) - set(CHECK.sources_of({"drinking"}))
    assert only
    assert [source.citation for source in only if source.citation in text] == []
    assert all(source.citation in text for source in CHECK.sources_of({"drinking"}))


def test_each_card_of_the_talk_carries_its_own_red_card(table: Police) -> None:
    words, page = DECKS.card_words(DECK.id, "en"), parsed(table.get("/together/table"))
    titles = {words.cards[card.id].title: card.warns for card in DECK.cards}
    links = page.select("a[href^='/together/card/']")
    met = {str(link.get_text(strip=True)): str(link["href"]) for link in links}
    assert set(titles) <= set(met)
    for title, danger in titles.items():
        assert shown(table, met[title]) == ([red()[danger]] if danger else []), title


@pytest.mark.parametrize("language", ["cy", "pl"])
def test_in_a_language_that_nobody_has_read_it_stands_in_english_too(
    app: Flask, database: Database, language: str
) -> None:
    table = sit(app, a_case(database, language=language).sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    boxes = parsed(table.get("/together/preview")).select(".plan-safety")
    assert [(box.get("lang"), box.h2.get_text()) for box in boxes if box.h2] == [
        (None, red(language)["drinking"]),
        ("en", red("en")["drinking"]),
    ]
    signs = DECKS.safety_words(CHECK.id, "en").red_cards["drinking"].signs
    assert tuple(sign.get_text() for sign in boxes[1].select("li")) == signs
    write(table, "/together/preview", to="/together/freeze")
    assert "printed in English too, because" in table.get("/together/sign").get_data(as_text=True)


def test_control_in_a_language_that_was_read_it_stands_once(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.jinja_env.globals, "language_reviewed", lambda: True)
    table = sit(app, a_case(database, language="cy").sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    assert len(parsed(table.get("/together/preview")).select(".plan-safety")) == 1
    write(table, "/together/preview", to="/together/freeze")
    assert "printed in English too" not in table.get("/together/sign").get_data(as_text=True)
