"""Sixty and more decks with one fault each, and where it must be told. Each is made from ours by one small edit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

LIFE, LIFE_EN, LIFE_CY = "life-areas/life-areas.json", "life-areas/en.json", "life-areas/cy.json"
GOAL, GOAL_EN = "drinking-goal/drinking-goal.json", "drinking-goal/en.json"
SAFE, SAFE_EN = "safety-check/safety-check.json", "safety-check/en.json"
SAFE_CY, SAFE_PL = "safety-check/cy.json", "safety-check/pl.json"
HOME, DRINKING, DRUGS = ("cards", 0), ("cards", 11), ("cards", 12)

QUESTIONS = ("drinks", "sedatives", "units", "withdrawal", "fit-or-dts", "pregnancy", "illness", "medicines")

Edit = Callable[[Path], None]


def put(*path: str | int, to: Any) -> Edit:
    """Write a value at that place of the file."""

    def edit(file: Path) -> None:
        held = json.loads(file.read_text("utf-8"))
        inner = held
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to
        file.write_text(json.dumps(held, ensure_ascii=False), "utf-8")

    return edit


def drop(*path: str | int) -> Edit:
    """Take out what stands at that place of the file."""

    def edit(file: Path) -> None:
        held = json.loads(file.read_text("utf-8"))
        inner = held
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]
        file.write_text(json.dumps(held, ensure_ascii=False), "utf-8")

    return edit


def again(*path: str | int) -> Edit:
    """Say the first of a list a second time, at its end."""

    def edit(file: Path) -> None:
        held = json.loads(file.read_text("utf-8"))
        inner = held
        for step in path:
            inner = inner[step]
        inner.append(inner[0])
        file.write_text(json.dumps(held, ensure_ascii=False), "utf-8")

    return edit


def swap(old: str, new: str) -> Edit:
    """Change the text of the file, where it stands first."""

    def edit(file: Path) -> None:
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    return edit


def hold(content: bytes) -> Edit:
    """Let the file hold just this."""

    def edit(file: Path) -> None:
        file.write_bytes(content)

    return edit


def gone(file: Path) -> None:
    file.unlink()


def a_sign_less_everywhere(file: Path) -> None:
    """Lose the same sign in every language, so that none differs from another."""
    for language in ("en", "cy", "pl"):
        drop("red_cards", "drinking", "signs", 2)(file.parent / f"{language}.json")


def without_card(id: str) -> Edit:
    """Take a card out, of the deck and of all its words."""

    def edit(file: Path) -> None:
        for words in file.parent.glob("*.json"):
            held = json.loads(words.read_text("utf-8"))
            if words == file:
                held["cards"] = [card for card in held["cards"] if card["id"] != id]
            else:
                del held["cards"][id]
            words.write_text(json.dumps(held, ensure_ascii=False), "utf-8")

    return edit


def no_gate(file: Path) -> None:
    """Ask nobody anything first."""
    for number in (0, 1):
        put("questions", number, "gate", to=False)(file)


def card(number: int) -> dict[str, Any]:
    return {"id": f"card-{number}", "domain": "many", "pictures": ["house-line"] * 3}


BAD: dict[str, tuple[str, Edit, str, str]] = {
    # what a file is
    "not JSON": (LIFE, hold(b"{cards: []}"), "line 1, column 2", "This is not JSON"),
    "cut short": (LIFE_EN, hold(b'{"language": "en"'), "line 1, column 18", "This is not JSON"),
    "empty": (LIFE_EN, hold(b""), "line 1, column 1", "This is not JSON"),
    "YAML": (LIFE_EN, hold(b"a: &a [x]\nb: [*a, *a]\n"), "line 1, column 1", "This is not JSON"),
    "not UTF-8": (LIFE_EN, hold(b'{"title": "\xff"}'), "byte 11", "This is not UTF-8"),
    "a list": (LIFE_EN, hold(b"[]"), "", "one object"),
    "nothing": (LIFE_EN, hold(b"null"), "", "one object"),
    "no structure but null": (LIFE, hold(b"null"), "", "one object"),
    "too large": (LIFE_EN, hold(b'{"title": "' + b"a" * 256 * 1024 + b'"}'), "", "larger than 256 kB"),
    "too deep": (LIFE_EN, hold(b"[" * 100_000), "", "100000 deep"),
    "quotes without end": (LIFE_EN, hold(b'"' + b'\\"' * 120_000), "line 1, column 1", "This is not JSON"),
    "a last backslash": (LIFE_EN, hold(b'"' + b'\\"' * 120_000 + b"\\"), "line 1, column 1", "This is not JSON"),
    "a little too deep": (LIFE, put("cards", 0, "opens", to=[[[[1]]]]), "", "7 deep"),
    "a giant number": (LIFE, hold(b'{"version": ' + b"9" * 5000 + b"}"), "", "cannot be read"),
    "no structure": (LIFE, gone, "", "FileNotFoundError"),
    "no kind": (LIFE, drop("kind"), "kind", "cards, options, safety"),
    "a list for a kind": (LIFE, put("kind", to=["cards"]), "kind", "cards, options, safety"),
    "unknown kind": (LIFE, put("kind", to="quiz"), "kind", "cards, options, safety"),
    # how JSON can be twisted
    "a key twice": (
        LIFE_EN, swap('"title": "Alcohol"', '"title": "A", "title": "B"'), "cards.drinking.title", "Duplicate key",
    ),
    "NaN": (LIFE, swap('"version": 2', '"version": NaN'), "version", "not a whole number"),
    "infinity": (LIFE, swap('"top": 5', '"top": 1e999'), "top", "not a whole number"),
    "a fraction": (LIFE, put("top", to=2.5), "top", "not a whole number"),
    "a number as text": (LIFE, put("top", to="5"), "top", "valid integer"),
    "a text as number": (LIFE_EN, put("cards", "food", "title", to=7), "cards.food.title", "valid string"),
    "true for a number": (LIFE, put("version", to=True), "version", "valid integer"),
    "a lone surrogate": (LIFE_EN, swap('"A place to live"', '"\\ud800"'), "cards.accommodation.title", "valid string"),
    # names
    "id is not the folder": (LIFE, put("id", to="other"), "id", "name of the folder"),
    "id with a capital": (LIFE, put(*HOME, "id", to="Home"), "cards.0.id", "match pattern"),
    "id with a path": (LIFE, put(*HOME, "id", to="../etc"), "cards.0.id", "match pattern"),
    "a card twice": (LIFE, again("cards"), "cards", "stands 2 times"),
    "a source twice": (LIFE, again("sources"), "sources", "stands 2 times"),
    "an unknown field": (LIFE, put(*HOME, "weight", to=3), "cards.0.weight", "not permitted"),
    "an unknown field in words": (LIFE_EN, put("cards", "food", "score", to="9"), "cards.food.score", "not permitted"),
    "language is not the file": (LIFE_EN, put("language", to="cy"), "language", "name of the file"),
    "an unknown direction": (LIFE_EN, put("direction", to="up"), "direction", "'ltr' or 'rtl'"),
    # what must be there
    "no version": (LIFE, drop("version"), "version", "required"),
    "version 0": (LIFE, put("version", to=0), "version", "greater than or equal to 1"),
    "no cards": (LIFE, put("cards", to=[]), "cards", "at least 1"),
    "201 cards": (LIFE, put("cards", to=[card(n) for n in range(201)]), "cards", "at most 200"),
    "more places than cards": (LIFE, put("top", to=25), "top", "fewer cards"),
    "two pictures": (LIFE, put(*HOME, "pictures", to=["key", "tree"]), "cards.0.pictures", "three pictures, or none"),
    "a fourth picture": (LIFE, put(*HOME, "pictures", to=["key"] * 4), "cards.0.pictures", "at most 3"),
    "an unknown picture": (LIFE, put(*HOME, "pictures", 1, to="unicorn"), "cards.0.pictures.1", "no picture 'unicorn'"),
    "opens nothing": (LIFE, put(*DRINKING, "opens", to="nowhere"), "cards.11.opens", "no deck of options 'nowhere'"),
    "opens a deck of cards": (LIFE, put(*DRINKING, "opens", to="life-areas"), "cards.11.opens", "no deck of options"),
    "no words for a card": (LIFE_CY, drop("cards", "food"), "cards.food", "no words"),
    "words for no card": (LIFE_EN, swap('"food": {', '"feast": {'), "cards.feast", "nothing of this name"),
    "a language of the safety check less": (SAFE_CY, gone, "", "needs every language"),
    "no English": (GOAL_EN, gone, "", "Every deck needs English"),
    "no short answer": (LIFE_EN, drop("short", "possibly"), "short.possibly", "required"),
    "no question to the keyworker": (LIFE_EN, drop("questions", "keyworker"), "questions.keyworker", "required"),
    # words
    "a tag": (LIFE_EN, put("cards", "food", "line", to="Eat <b>well</b>."), "cards.food.line", "HTML"),
    "a script": (LIFE_EN, put("title", to="<script>alert(1)</script>"), "title", "HTML"),
    "an entity": (LIFE_EN, put("cards", "food", "line", to="Fish &amp; chips."), "cards.food.line", "HTML"),
    "a numbered entity": (LIFE_EN, put("cards", "food", "line", to="Fish &#38; chips."), "cards.food.line", "HTML"),
    "a line break": (LIFE_EN, put("cards", "food", "line", to="Eat\nwell."), "cards.food.line", "Invisible"),
    "turned text": (LIFE_EN, put("cards", "food", "line", to="Eat \u202ewell."), "cards.food.line", "Invisible"),
    "blank": (LIFE_EN, put("cards", "food", "title", to="  "), "cards.food.title", "spaces"),
    "no title": (LIFE_EN, put("cards", "food", "title", to=""), "cards.food.title", "at least 1"),
    "a long title": (LIFE_EN, put("cards", "food", "title", to="a" * 41), "cards.food.title", "at most 40"),
    "a long line": (LIFE_EN, put("cards", "food", "line", to="a" * 91), "cards.food.line", "at most 90"),
    "a long example": (
        LIFE_EN, put("cards", "food", "examples", 0, to="a" * 61), "cards.food.examples.0", "at most 60",
    ),
    "no example": (LIFE_EN, put("cards", "food", "examples", to=[]), "cards.food.examples", "at least 1"),
    # the options
    "no source": (GOAL, put("options", 0, "sources", to=[]), "options.0.sources", "at least 1"),
    "an unknown source": (GOAL, put("options", 0, "sources", to=["hearsay"]), "options.0.sources", "no 'hearsay'"),
    "an undated source": (GOAL, drop("sources", 0, "date"), "sources.0.date", "required"),
    "no such day": (GOAL, put("sources", 0, "date", to="2026-02-30"), "sources.0.date", "day"),
    "a source by http": (GOAL, put("sources", 0, "url", to="http://a.example"), "sources.0.url", "match pattern"),
    "a script for an address": (GOAL, put("sources", 0, "url", to="javascript:1"), "sources.0.url", "match pattern"),
    "surer than sure": (GOAL, put("options", 0, "sureness", to=4), "options.0.sureness", "less than or equal to 3"),
    "stopping without red": (GOAL, put("options", 0, "warns", to=False), "options.0.warns", "red card must stand"),
    "a fact on no option": (GOAL, put("facts", 0, "about", to=["pray"]), "facts.0.about", "no 'pray'"),
    "a heading twice": (GOAL, put("headings", 1, "id", to="means"), "headings", "stands 2 times"),
    "nobody to sign it off": (GOAL, drop("signed_off"), "signed_off", "required"),
    "no hard points": (
        GOAL_EN, drop("options", "less", "sections", "hard"), "options.less.sections.hard", "required",
    ),
    "one good point": (
        GOAL_EN, put("options", "less", "sections", "good", to=["All."]), "options.less.sections.good", "at least 2",
    ),
    "no funding": (GOAL_EN, drop("funding"), "funding", "required"),
    "no update policy": (GOAL_EN, drop("update_policy"), "update_policy", "required"),
    # safety
    "no dont_know": (SAFE, drop("questions", 3, "answers", 2), "questions.3.answers", "dont_know"),
    "a calm dont_know": (
        SAFE, put("questions", 3, "answers", 2, "warns", to=False), "questions.3.answers", "dont_know",
    ),
    "a gate with a calm dont_know": (
        SAFE, put("questions", 0, "answers", 2, "warns", to=False), "questions.0.answers", "dont_know",
    ),
    "yes does not warn": (
        SAFE, put("questions", 3, "answers", 0, "warns", to=False), "questions.3.answers", "No answer",
    ),
    "everything warns": (
        SAFE, put("questions", 3, "answers", 1, "warns", to=True), "questions.3.answers", "Every answer",
    ),
    "no gate": (SAFE, no_gate, "questions", "at least one"),
    "a gate after another question": (SAFE, put("questions", 3, "gate", to=True), "questions", "come first"),
    "a gate behind": (SAFE, put("questions", 0, "gate", to=False), "questions", "come first"),
    "a gate that a no does not close": (
        SAFE, put("questions", 1, "answers", 1, "warns", to=True), "questions.1.answers", "A gate needs",
    ),
    "a gate without a no": (SAFE, drop("questions", 0, "answers", 1), "questions.0.answers", "A gate needs"),
    "nothing for life": (SAFE, drop("questions", 4, "lifetime"), "questions", "lifetime"),
    "a warning that points nowhere": (LIFE, drop(*DRUGS, "points"), "cards.12.points", "points: true"),
    "an opening that points nowhere": (LIFE, put(*DRINKING, "points", to=False), "cards.11.points", "points: true"),
    "an answer unsaid": (
        SAFE_EN, drop("questions", "illness", "answers", "no"), "questions.illness.answers.no", "no words",
    ),
    "no 999": (
        SAFE_EN, put("red_cards", "drugs", "emergency", to="Help!"), "red_cards.drugs.emergency", "number must stand",
    ),
    "no red card on drugs": (SAFE_EN, drop("red_cards", "drugs"), "red_cards.drugs", "required"),
    # what may not be lost
    "a sign less in Welsh": (SAFE_CY, drop("red_cards", "drinking", "signs", 2), "red_cards.drinking.signs", "3 warn"),
    "a sign less in Polish": (SAFE_PL, drop("red_cards", "drugs", "signs", 0), "red_cards.drugs.signs", "4 in another"),
    "a sign less everywhere": (SAFE_EN, a_sign_less_everywhere, "red_cards.drinking.signs", "at least, not 3"),
    "a question unsaid in Welsh": (SAFE_CY, drop("questions", "medicines"), "questions.medicines", "no words"),
    "an answer unsaid in Polish": (
        SAFE_PL, drop("questions", "units", "answers", "over-30"), "questions.units.answers.over-30", "no words",
    ),
    **{
        f"no question on {id}": (SAFE, drop("questions", number), "questions", f"{id!r} may not be taken out")
        for number, id in enumerate(QUESTIONS)
    },
    "a warning answer taken out": (
        SAFE, drop("questions", 2, "answers", 3), "questions.2.answers", "'over-30' must be there",
    ),
    "a warning answer made calm": (
        SAFE, put("questions", 1, "answers", 0, "warns", to=False), "questions.1.answers", "'yes' must be there",
    ),
    "a danger taken out": (SAFE, put("questions", 1, "dangers", to=["drinking"]), "questions.1.dangers", "'drugs'"),
    "a gate made an ordinary question": (
        SAFE, put("questions", 1, "gate", to=False), "questions.1.gate", "asked this question first",
    ),
    "fits forgotten in the next round": (
        SAFE, put("questions", 4, "lifetime", to=False), "questions.4.lifetime", "every later round",
    ),
    **{
        f"no card on {id}": (LIFE, without_card(id), "cards", f"{id!r} may not be taken out")
        for id in ("drinking", "drugs", "safer-using", "medicines")
    },
    "medicines that point nowhere": (LIFE, drop("cards", 25, "points"), "cards.25.points", "points: true"),
    "drugs without a red card": (LIFE, drop(*DRUGS, "warns"), "cards.12.warns", "'drugs' must stand"),
    "drinking that opens nothing": (LIFE, drop(*DRINKING, "opens"), "cards.11.opens", "must open 'drinking-goal'"),
    "no signs": (SAFE_EN, put("red_cards", "drugs", "signs", to=[]), "red_cards.drugs.signs", "at least 1"),
    "a red card that is not there": (LIFE, put(*DRINKING, "warns", to="gambling"), "cards.11.warns", "Input should be"),
    "a question of no danger": (SAFE, put("questions", 1, "dangers", to=[]), "questions.1.dangers", "at least 1"),
    "a red card on no fact": (SAFE, put("facts", to=[]), "facts", "none about 'drugs'"),
    "a safety fact on nothing": (SAFE, put("facts", 0, "about", to=["luck"]), "facts.0.about", "no 'luck'"),
    "a safety fact from hearsay": (SAFE, put("facts", 0, "sources", to=["aunt"]), "facts.0.sources", "no 'aunt'"),
    "nobody to sign the check off": (SAFE, drop("signed_off"), "signed_off", "required"),
}  # fmt: skip
