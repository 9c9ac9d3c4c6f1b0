"""The screens that both seats share: one table, laid under each seat's own addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from decisionaid.web import sort_ask, sort_cards, sort_check, sort_goal, sort_last, sort_order, sort_saving, sort_words
from decisionaid.web.sort_pages import Sorting


@dataclass(frozen=True)
class Screen:
    """A page (GET) or a press (POST): its endpoint, its address, and what answers it."""

    method: str
    name: str
    rule: str
    answer: Callable[..., Any]


SCREENS = (
    Screen("GET", "card", "/card/<int:place>", sort_cards.card_page),
    Screen("POST", "rate", "/card/<int:place>", sort_cards.rate),
    Screen("GET", "cards", "/cards", sort_cards.cards_page),
    Screen("GET", "order", "/order", sort_order.order_page),
    Screen("POST", "change_order", "/order", sort_order.change_order),
    Screen("GET", "words", "/words", sort_words.words_page),
    Screen("POST", "what_matters", "/words", sort_words.say_what_matters),
    Screen("GET", "card_words", "/words/<int:place>", sort_words.card_words_page),
    Screen("POST", "describe", "/words/<int:place>", sort_words.describe),
    Screen("GET", "goal", "/goal", sort_goal.goal_page),
    Screen("POST", "choose", "/goal", sort_goal.choose),
    Screen("POST", "goal_words", "/goal/words", sort_goal.write),
    Screen("POST", "look", "/goal/look", sort_goal.look),
    Screen("GET", "goal_detail", "/goal/<int:number>", sort_goal.detail_page),
    Screen("GET", "goal_all", "/goal/all", sort_goal.all_page),
    Screen("GET", "ask", "/ask", sort_ask.ask_page),
    Screen("POST", "keep_question", "/ask", sort_ask.ask),
    Screen("POST", "drop_question", "/ask/drop", sort_ask.drop),
    Screen("GET", "ask_card", "/ask/<int:place>", sort_ask.ask_page),
    Screen("POST", "keep_card_question", "/ask/<int:place>", sort_ask.ask),
    Screen("POST", "drop_card_question", "/ask/<int:place>/drop", sort_ask.drop),
    Screen("GET", "last", "/last", sort_last.first_page),
    Screen("GET", "last_goal", "/last/<int:number>", sort_last.last_page),
    Screen("POST", "see_progress", "/last/<int:number>", sort_last.see_progress),
    Screen("GET", "check", "/check", sort_check.check_page),
    Screen("POST", "finish", "/check", sort_check.finish),
)


def lay_under(blueprint: Blueprint, my_sort: Callable[..., Sorting], *, under: str = "", prefix: str = "") -> None:
    """Give a seat all shared screens. `my_sort` finds its own sort; it takes what `under` names (a round's id)."""
    for screen in SCREENS:
        view = _view(screen.answer, my_sort)
        blueprint.add_url_rule(under + screen.rule, prefix + screen.name, view, methods=[screen.method])
    blueprint.context_processor(lambda: {"epoch": sort_saving.epoch})


def _view(answer: Callable[..., Any], my_sort: Callable[..., Sorting]) -> Callable[..., Any]:
    def view(**named: Any) -> Any:
        whose = {name: named.pop(name) for name in ("round_id",) if name in named}
        return answer(my_sort(**whose), **named)

    return view
