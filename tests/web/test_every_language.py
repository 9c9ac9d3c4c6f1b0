"""Each language on screen and on paper: two people compare in their own, and every letter is there."""

import io
import json
import subprocess
import unicodedata
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from fontTools.ttLib import TTFont
from PIL import Image

from decisionaid import assets, i18n, packaged, translating
from decisionaid.casework import sorting
from decisionaid.core.sort import Rating
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import SortRecord
from tests.builders import CARDS, Case, a_case
from tests.police import Police
from tests.web.test_settled_language import marks
from tests.web.together_table import both_sign, days, in_days, paper, printed, sit, write

TYPED = {"cy": "Rydw i eisiau cysgu’n ŵyl", "pl": "Chcę zasnąć bez picia, żółwim krokiem"}
"""What a client types, as it must come back."""

ADVICE, HEARD = "I would like us to look at the nights", "You want to sleep without a drink"
NEUTRAL = {"\N{SOFT HYPHEN}", "\n"}
LETTERS = list(assets.BUILD.glob("*.woff2"))
PACKAGED = "Atkinson-Hyperlegible-Next"


def with_words(case: Case, language: str, advice_in: str = "en") -> Case:
    """Both have sorted, each with words in their own language on the first card."""
    case.with_open_sorts()
    with case.database.writing() as db:
        said = ((case.client_sort_id, language, TYPED[language]), (case.keyworker_sort_id, advice_in, ADVICE))
        for sort_id, spoken, words in said:
            record = db.get_one(SortRecord, (case.service_id, sort_id))
            record.language = spoken
            sort = sorts.load(db, record)
            assert sort is not None
            sorting.rate_card(db, sort, CARDS, CARDS[0], Rating.DEFINITELY, case.later())
            sorting.reorder(db, sort, CARDS, 5, (CARDS[0],), case.later())
            sorting.describe_card(db, sort, CARDS, CARDS[0], {"why": words}, case.later())
    return case.sorted_by_both().confirmed()


def agreed(app: Flask, database: Database, language: str) -> Police:
    """A table at which the two have talked the first card through, made a goal of it, and signed."""
    table = sit(app, with_words(a_case(database, language=language), language))
    write(table, "/together/card/1", {"outcome": "client_choice", "heard": HEARD, "written_in": "en"})
    write(table, "/together/card/1", to="/together/goals")
    write(table, "/together/goal/1", {"why": TYPED[language]})
    step = {"step-what": TYPED[language], "step-who": "Rowan", **days("step-by_when", in_days(5))}
    write(table, "/together/goal/1", step, to="/together/goal/1/action")
    return table


@pytest.mark.parametrize("language", TYPED)
def test_each_party_stands_in_their_own_language(app: Flask, database: Database, language: str) -> None:
    table = agreed(app, database, language)
    talk = "/together/card/1"
    assert marks(table, talk, TYPED[language]) == {language}
    assert marks(table, talk, ADVICE) == {"en"}
    assert HEARD in str(table.page(talk).select_one("textarea[name=heard]"))
    assert [str(box.get("lang")) for box in table.page(talk).select("textarea[name=heard]")] == ["en"]
    english = {said.text.strip() for said in table.page(talk).select(".beneath[lang=en]")}
    assert "What do you want to do about this for now?" in english
    both_sign(table)


def test_control_words_that_are_marked_wrongly_are_seen(app: Flask, database: Database) -> None:
    table = sit(app, with_words(a_case(database, language="pl"), "pl", advice_in="pl"))
    assert marks(table, "/together/card/1", ADVICE) == {"pl"}


@pytest.mark.parametrize("language", TYPED)
def test_the_paper_says_all_in_the_clients_language(app: Flask, database: Database, language: str) -> None:
    table = agreed(app, database, language)
    both_sign(table)
    pdf = paper(table)
    text = printed(pdf)
    with i18n.speaking(language):
        expected = [
            i18n.gettext(said)
            for said in ("My plan", "What we will work on", "If I need someone", "Signature", "By when", "Who", "Date")
        ]
        expected.append(i18n.gettext("page %(number)s of %(count)s") % {"number": 1, "count": 2})
    assert [said for said in expected if said not in text] == []
    assert TYPED[language] in text
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert {font for page in file.pages for font in fonts(page) if PACKAGED not in font} == set()
        assert str(file.Root.Lang) == language
    assert 0.01 < ink(pdf) < 0.2


def fonts(page: pikepdf.Page) -> set[str]:
    return {str(font.BaseFont) for font in page.resources.Font.values()}


def ink(pdf: bytes) -> float:
    """How much of the first page is dark."""
    picture = subprocess.run(
        ["pdftoppm", "-r", "50", "-gray", "-f", "1", "-l", "1", "-"], input=pdf, capture_output=True, check=True
    )
    dots = Image.open(io.BytesIO(picture.stdout)).histogram()
    return sum(dots[:128]) / sum(dots)


def letters(language: str) -> set[str]:
    """Every sign that the words of a language need, of the program and of its decks."""
    with i18n.speaking(language):
        said = [i18n.gettext(text) for message in translating.messages(desk=False) for text in _texts(message.id)]
    decks = [path.read_text("utf-8") for path in packaged("questionnaires").glob(f"*/{language}*.json")]
    assert len(decks) > 3, "three decks, and the easy words of one"
    said += [str(json.loads(deck)) for deck in decks]
    return {unicodedata.normalize("NFC", letter) for text in said for letter in text} - NEUTRAL


def _texts(said: object) -> list[str]:
    return [said] if isinstance(said, str) else list(said)  # type: ignore[call-overload]


def drawn(files: list[Path]) -> set[str]:
    """Every sign that these letters can draw."""
    return {chr(code) for file in files for code in TTFont(file).getBestCmap()}


@pytest.mark.promise("P36")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("weight", ["400", "700"])
def test_no_letter_is_missing(language: str, weight: str) -> None:
    ours, needed = [file for file in LETTERS if weight in file.name], letters(language)
    assert needed - drawn(ours) == set()
    print(f"P36: {len(needed)} letters of {language} in weight {weight}: 0 missing")


@pytest.mark.promise("P36")
def test_control_a_missing_letter_is_found() -> None:
    western = [assets.ROOT / assets.FONTS / f"{assets.FONT}-latin-400-normal.woff2"]
    assert {"ą", "ę", "ł", "ż"} <= letters("pl") - drawn(western)
