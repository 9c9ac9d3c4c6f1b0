"""P41: whatever letters people type, a plan that was signed has its paper, in full; and where no font has a letter, its
field says before what will be printed instead."""

import io
import json
import subprocess
import unicodedata
from collections import Counter

import pikepdf
import pytest
from flask import Flask
from markupsafe import escape

from decisionaid.printing import NotAccessible, PdfPool, letters
from decisionaid.storage.database import Database
from decisionaid.web.forms import WORDS, tidy
from tests.builders import a_case
from tests.hostile import TEXTS
from tests.police import words
from tests.promises.every_form import on_page
from tests.promises.onlookers import browser
from tests.web.together_table import both_sign, paper, sit, write

PAGE = "<!doctype html><html lang=en><title>-</title><article class=plan><h1>My plan</h1><p>Before {} after"
READ_BACK_WRONGLY = {"Gujarati"}
"""Drawn right; but whoever copies the letters out of a PDF, or has it read out, misses one of a syllable's."""


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def drawn(text: str) -> Counter[str]:
    """The letters to be seen of a text, whatever their order, as each script is told in one of its own."""
    return Counter(
        letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter)[0] not in "CZM"
    )


def claims(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return b"pdfaid" in file.Root.Metadata.read_bytes() if "/Metadata" in file.Root else False


@pytest.mark.promise("P41")
@pytest.mark.parametrize("kind", TEXTS)
def test_every_text_prints_in_full(pdf_pool: PdfPool, kind: str) -> None:
    typed = tidy(TEXTS[kind])
    pdf = pdf_pool.pdf(PAGE.format(escape(typed)), language="en", title="-")
    assert claims(pdf)
    missing = drawn(f"My plan Before {letters.spelled_out(typed)} after") - drawn(text_of(pdf))
    assert (missing == Counter()) is (kind not in READ_BACK_WRONGLY), missing


@pytest.mark.promise("P41")
def test_every_text_is_signed_and_printed(app: Flask, database: Database) -> None:
    assert len(TEXTS) >= 60
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    whole, versions = [tidy(text)[: WORDS - 10] for text in TEXTS.values()], 0
    while whole:
        typed = whole.pop(0)
        while whole and len(typed) + len(whole[0]) + 3 < WORDS:
            typed += f" | {whole.pop(0)}"
        write(table, "/together/plan/support", {"aftercare": typed})
        both_sign(table)
        versions += 1
        found = paper(table, versions)
        assert claims(found)
        missing = drawn(letters.spelled_out(tidy(typed))) - drawn(text_of(found))
        assert set(missing) <= drawn("".join(TEXTS[kind] for kind in READ_BACK_WRONGLY)).keys(), missing
    print(f"P41: {len(TEXTS)} texts on {versions} signed plans: all printed in full")


@pytest.mark.promise("P41")
def test_control_a_letter_without_a_font_takes_the_claim_from_a_paper(
    pdf_pool: PdfPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = TEXTS["a letter not yet given out"]
    assert claims(pdf_pool.pdf(PAGE.format(typed), language="en", title="-"))
    monkeypatch.setattr("decisionaid.printing.pool.spelled_out", lambda text: text)
    pdf = pdf_pool.pdf(PAGE.format(typed), language="en", title="-")
    assert not claims(pdf)
    assert "after" in text_of(pdf), "it prints all the same"
    with pytest.raises(NotAccessible):  # what else is wrong is no letter's fault
        pdf_pool.pdf(PAGE.format(typed) + "<svg width=9 height=9><rect /></svg>", language="en", title="-")


@pytest.mark.promise("P41")
def test_its_field_and_the_preview_say_what_will_be_printed(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    for typed, is_told in (("Ring 李小龍 🦦", False), ("Mind \ue000 this", True)):
        write(table, "/together/plan/support", {"aftercare": typed})
        page = table.page("/together/plan/support")
        hints = " ".join(hint.get_text() for hint in page.select("[id$=aftercare-letters]"))
        assert ("It prints as “[U+E000]”." in hints) is is_told
        assert ("It prints as “[U+E000]”." in words(table.get("/together/preview"))) is is_told
    box = table.page("/together/plan/support").select("[name$=aftercare]")[0]
    assert "letters" in str(box["aria-describedby"])


@pytest.mark.promise("P41")
def test_a_text_saved_in_typing_hears_what_will_be_printed(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    for typed, notes in (("Mind \ue000 this", ["aftercare"]), ("Mind this", [])):
        page = table.page("/together/plan/support")
        forms = on_page(app, "together", "/together/plan/support", page, fill=False, whole=True)
        drawn = next(each for each in forms if "aftercare" in each.data)
        data = {**drawn.data, "aftercare": typed}
        answer = table.post(drawn.path, data=data, headers={"X-Acknowledge": "1", "X-Typed": "1"})
        said = json.loads(answer.headers["X-Now"])["letters"]
        assert (answer.status_code, list(said)) == (204, notes)
        assert all("It prints as “[U+E000]”." in note for note in said.values())


def test_a_secret_is_not_looked_at(app: Flask) -> None:
    client = browser(app)
    sent = client.led(client.post("/sign-in", data={"login": "maya", "password": "\ue000" * 20}))
    assert "U+E000" not in words(sent)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\uf0b7 Ring", "• Ring"),
        ("\uf0d8\uf0fc", "➢✓"),
        ("one\r\ntwo\rthree\u2028four\u2029five\u0085six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("a\ufffeb\U0001ffffc\ufdd0d", "abcd"),
        ("\ue000 stays, to be named", "\ue000 stays, to be named"),
        ("\u202eabc\x00\x07", "abc"),
        ("\u200b\ufeff \u2060\u00ad\u3164", ""),
        ("\u0301\ufe0f", ""),
        (
            "\u200c\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u200c\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f467"),
    ],
)
def test_what_a_word_processor_leaves_is_made_plain(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    ("letter", "instead"),
    [
        ("a", "a"),
        ("\n", "\n"),
        ("\u2028", "\n"),
        ("\x07", ""),
        ("\ufff9", ""),
        ("\ue000", "[U+E000]"),
        ("\u0378", "[U+0378]"),
        ("\ud83d", "[U+D83D]"),
        ("\ufffd", "[replacement character]"),
        ("Ż", "Ż"),
        ("✓", "✓"),
        ("李", "李"),
        ("\N{OTTER}", "\N{OTTER}"),
    ],
)
def test_what_stands_in_place_of_a_letter(letter: str, instead: str) -> None:
    assert letters.spelled_out(letter) == instead
    assert letters.unprinted(letter) == ({letter: instead} if instead.startswith("[") else {})


def test_a_letter_that_no_font_here_has_is_given_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_drawn", lambda: bytearray(0x110000))
    assert letters._instead("\N{OTTER}") == "[otter]"
    assert letters._instead("李") == "[cjk unified ideograph-674e]"
    assert letters._instead("\u200d") == ""
