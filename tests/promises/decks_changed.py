"""Clients at every stage of a round, every page that is theirs, and a folder of decks in which everything changes."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from decisionaid import create_app, packaged
from decisionaid.casework import sorting
from decisionaid.core.sort import Party, Rating
from decisionaid.printing import PdfPool
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.decks import Decks
from decisionaid.storage.kept_decks import RoundDeck
from decisionaid.storage.models import Plan, Signing, SortRecord
from tests.builders import CARDS, DECK, ROUND_DECK, Case, a_case
from tests.police import Police
from tests.promises.onlookers import addresses, bare, desk_token, token_of
from tests.web.together_table import both_sign, printed, sit, write

USED = CARDS[0]
"""The card that is taken out: answered, placed, described, asked about, settled, and a goal."""

NEWEST = {"keyworker.blank", "keyworker.blank_file", "keyworker.choose_cards", "admin.spare_cards"}
"""Pages that belong to no round, and so speak of the newest decks: paper to fill in by hand, cards for the next round,
and cards to add."""

FRESH_EACH_TIME = {"admin.new_person", "admin.new_first_password"}
"""Pages that offer a password, another each time."""

CLOCK = re.compile(r"\b\d\d?[:.]\d\d\b")
Answers = dict[str, tuple[int, str | None, bytes | str]]


@dataclass(frozen=True)
class Stage:
    """A client at one stage of a round, with the cookie of each seat that is open for it."""

    case: Case
    cookies: Mapping[str, str]
    signing: tuple[str, int, int]
    """The id, the plan's number and the version of a signed plan; empty where there is none."""


def program(database: Database, pool: PdfPool, decks: Decks) -> Flask:
    """The program as it starts with these decks."""
    app = create_app(DATABASE=database, PDF_POOL=pool, DECKS=decks, TESTING=True)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def stages(
    app: Flask, database: Database, deck: RoundDeck = ROUND_DECK, languages: tuple[str, ...] = ("en", "pl", "cy")
) -> dict[str, Stage]:
    """A client at each stage, all of one keyworker's; these languages take turns."""
    app.test_client_class = Police
    made: dict[str, Callable[[Case], Case]] = {
        "opened": lambda case: case.with_round(),
        "sorting": _sorting,
        "finished": lambda case: case.sorted_by_both(),
        "talking": lambda case: _talked(app, case),
        "waiting": lambda case: _frozen(app, case),
        "signed": lambda case: _signed(app, case),
        "sorting again": lambda case: _sorting(_again(_signed(app, case))),
        "looking back": lambda case: _again(_signed(app, case)).sorted_by_both().confirmed(),
    }
    cases = {
        name: make(
            replace(a_case(database, reference=f"ST-{number}", name=f"Rowan {number}", language=language), deck=deck)
        )
        for number, ((name, make), language) in enumerate(zip(made.items(), cycle(languages), strict=False))
    }
    found = {name: Stage(case, _cookies(case, name), _signing(case)) for name, case in cases.items()}
    app.test_client_class = FlaskClient
    return found


def look(app: Flask, of: Mapping[str, Stage]) -> Answers:
    """What every page of every seat answers, at each stage."""
    found: Answers = {}
    for name, stage in of.items():
        for seat, cookie in stage.cookies.items():
            browser = app.test_client()
            browser.set_cookie("seat", cookie)
            for path in pages_of(app, stage, seat):
                found[f"{name}, {seat}: {path}"] = _answer(browser, path)
    return found


def change(folder: Path) -> Path:
    """Change every word of the cards and of the choices in each language, but for Polish, which is taken out; put a new
    card in the place of one that was used. Returns the folder."""
    shutil.copytree(packaged("questionnaires"), folder)
    for deck in ("life-areas", "drinking-goal"):
        for path in (folder / deck).glob("*.json"):
            held = json.loads(path.read_text("utf-8"))
            if path.stem in ("pl", "pl-easy"):
                path.unlink()
                continue
            if path.stem == deck:
                held["version"] += 1
                _replace_card(held.get("cards", []))
            else:
                _reword(held)
                if deck == "life-areas":
                    held["cards"]["brand-new"] = {**held["cards"].pop(USED), "title": "Brand new"}
            path.write_text(json.dumps(held, ensure_ascii=False), "utf-8")
    return folder


def _replace_card(cards: list[dict[str, Any]]) -> None:
    for card in cards:
        if card["id"] == USED:
            card["id"] = "brand-new"


def _reword(held: Any) -> None:
    """Begin each text with another letter."""
    for key, value in held.items() if isinstance(held, dict) else enumerate(held):
        if isinstance(value, str) and key not in ("language", "direction", "on"):
            held[key] = f"Z{value[1:]}"
        elif isinstance(value, dict | list):
            _reword(value)


def _sorting(case: Case) -> Case:
    case.with_open_sorts()
    for party, sort_id in ((Party.CLIENT, case.client_sort_id), (Party.KEYWORKER, case.keyworker_sort_id)):
        with case.database.writing() as db:
            record = db.get_one(SortRecord, (case.service_id, sort_id))
            sort, now = sorts.load(db, record), case.later()
            assert sort is not None
            for card in CARDS[:4]:
                sorting.rate_card(db, sort, CARDS, card, Rating.DEFINITELY, now)
            sorting.reorder(db, sort, CARDS, DECK.top, [USED], now)
            sorting.describe_card(db, sort, CARDS, USED, {"why": "It matters."}, now)
            sorting.ask(db, record, USED, "How long?", now)
            sorting.choose_option(db, record, "less", "For now", now)
            if party is Party.CLIENT:
                sorting.add_own_card(db, sort, "My dog", now)
    return case


def _talked(app: Flask, case: Case) -> Case:
    case.sorted_by_both().confirmed()
    table = sit(app, case)
    write(table, "/together/card/1", {"heard": "A home first.", "right": "yes"})
    write(table, "/together/card/1", {"outcome": "client_choice"})
    write(table, "/together/card/1", to="/together/goals")
    write(table, "/together/goals", {"title": "Walk more"})
    return case


def _frozen(app: Flask, case: Case) -> Case:
    _talked(app, case)
    write(sit(app, case), "/together/preview", to="/together/freeze")
    return case


def _signed(app: Flask, case: Case) -> Case:
    _talked(app, case)
    both_sign(sit(app, case))
    return case


def _again(case: Case) -> Case:
    return replace(case, round_id="", client_sort_id="", keyworker_sort_id="").with_round()


def _cookies(case: Case, stage: str) -> dict[str, str]:
    """One of each seat that the stage has; opening one of them can end another, so together comes last."""
    seats = ["together"] if stage in ("signed", "waiting") else ["client", "together"]
    found = {seat: token_of(case, seat) for seat in seats}
    return {**found, "keyworker": desk_token(case, case.keyworker_id), "admin": token_of(case, "admin")}


def _signing(case: Case) -> tuple[str, int, int]:
    with case.database.reading() as db:
        mine = db.query(Signing, Plan).join(Plan, Plan.id == Signing.plan_id).filter(Plan.client_id == case.client_id)
        found = mine.filter(Signing.completed_at.is_not(None)).first()
        return (found[0].id, found[1].number, found[0].version) if found else ("", 0, 0)


def pages_of(app: Flask, stage: Stage, seat: str) -> list[str]:
    """Every page of this seat, with each number that a card, a goal or a point can have."""
    signing, plan, version = stage.signing
    ids = {"client_id": stage.case.client_id, "round_id": stage.case.round_id, "signing_id": signing}
    found = set()
    for address in addresses(app, "GET", **ids, staff_id=stage.case.keyworker_id):
        if address.endpoint.partition(".")[0] != seat or address.endpoint in NEWEST | FRESH_EACH_TIME:
            continue
        if address.endpoint.endswith("file"):
            found.add(address.path.replace("plan-1-1", f"plan-{plan}-{version}"))
            continue
        blank = next((blank for blank in ("number", "place") if blank in address.rule.arguments), None)
        numbers = range(1, len(CARDS) + 3) if blank == "place" else range(1, 7)
        asked = [{**ids, blank: str(number)} for number in numbers] if blank else [ids]
        for values in asked:
            found |= {a.path for a in addresses(app, "GET", **values) if a.endpoint == address.endpoint}
    return sorted(found)


def _answer(browser: FlaskClient, path: str) -> tuple[int, str | None, bytes | str]:
    """Status, where it leads, and the page less its form tokens; of paper its words, less the time of printing."""
    answer = browser.get(path)
    if answer.mimetype == "application/pdf":
        return answer.status_code, None, CLOCK.sub("", printed(answer.data))
    return answer.status_code, answer.location, bare(answer)
