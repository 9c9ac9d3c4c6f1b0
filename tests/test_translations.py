"""What a language lacks is found: in a broken copy of its files, each thing by its name."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from click.testing import CliRunner

from decisionaid import i18n, packaged, translating
from decisionaid.cli import main
from decisionaid.core.deck import Review
from decisionaid.translating import Report, fault, report

POLISH = i18n.LANGUAGES["pl"]


class Copy:
    """A copy of all translations and decks, to break."""

    def __init__(self, root: Path) -> None:
        self.translations, self.decks = root / "translations", root / "questionnaires"
        shutil.copytree(i18n.CATALOGUES, self.translations)
        shutil.copytree(packaged("questionnaires"), self.decks)

    def catalogue(self, old: str, new: str) -> None:
        path = self.translations / "pl/LC_MESSAGES/messages.po"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def deck(self, file: str, *place: str, to: Any) -> None:
        path = self.decks / file
        held = inner = json.loads(path.read_text("utf-8"))
        for key in place[:-1]:
            inner = inner[key]
        if to is None:
            del inner[place[-1]]
        else:
            inner[place[-1]] = to
        path.write_text(json.dumps(held), "utf-8")

    def report(self, language: i18n.Language = POLISH) -> Report:
        return report(language, self.translations, self.decks)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_a_whole_copy_lacks_a_reader_only(copy: Copy) -> None:
    whole = copy.report()
    assert (whole.missing, whole.stale) == ((), ())
    assert whole.unreviewed == (
        "the words of the program",
        "the deck drinking-goal",
        "the deck life-areas",
        "the deck safety-check",
    )
    assert copy.report(i18n.LANGUAGES["en"]).is_ready


def test_a_word_that_is_not_there_is_missing(copy: Copy) -> None:
    copy.catalogue('msgid "Leave this page"\nmsgstr "Opuść tę stronę"', 'msgid "Leave this page"\nmsgstr ""')
    copy.catalogue('msgid "Saved"', 'msgid "Was saved"')
    assert set(copy.report().missing) == {"'Leave this page'", "'Saved'"}


def test_words_of_the_desk_are_missing_only_where_the_record_promises_them(copy: Copy) -> None:
    desk_too = copy.report(replace(POLISH, seats="all"))
    assert len(desk_too.missing) > 100
    assert not copy.report().missing


def test_a_doubtful_word_is_stale(copy: Copy) -> None:
    copy.catalogue('msgid "Saved"', '#, fuzzy\nmsgid "Saved"')
    assert copy.report().stale == ("'Saved' is fuzzy",)


def test_a_translation_that_lost_a_name_is_stale(copy: Copy) -> None:
    copy.catalogue('msgstr "Dziękujemy, %(name)s"', 'msgstr "Dziękujemy"')
    assert copy.report().stale == ("'Thank you, %(name)s' must have exactly these placeholders: ['%(name)s']",)


def test_deck_words_whose_english_has_changed_are_stale_until_they_are_made_again(copy: Copy) -> None:
    copy.deck("life-areas/en.json", "cards", "food", "line", to="Having enough to eat.")
    copy.deck("safety-check/en.json", "intro", to="Read this first.")
    changed = "is out of date: the English has changed"
    assert copy.report().stale == (f"life-areas/cards.food {changed}", f"safety-check/intro {changed}")
    translating.note_made_from("pl", copy.translations, copy.decks)
    assert copy.report().stale == ()


def test_deck_words_that_are_not_there_are_missing(copy: Copy) -> None:
    copy.deck("life-areas/pl.json", "cards", "food", to=None)
    (copy.decks / "safety-check/pl.json").unlink()
    missing = copy.report().missing
    assert "life-areas/cards.food" in missing
    assert "safety-check/red_cards.drinking" in missing


def test_a_reader_is_asked_for_wherever_there_was_none(copy: Copy) -> None:
    read = {"by": "Ann", "on": "2026-11-01"}
    for deck in ("drinking-goal", "safety-check"):
        copy.deck(f"{deck}/pl.json", "reviewed", to=read)
    language = replace(POLISH, reviewed=Review(**read))
    assert copy.report(language).unreviewed == ("the deck life-areas",)
    copy.deck("life-areas/pl.json", "reviewed", to=read)
    assert copy.report(language).is_ready


def test_what_is_wrong_with_a_translation_is_named() -> None:
    message = Message("%(name)s is here")
    assert fault(message, Message("%(name)s is here", "Mae %(name)s yma")) == ""
    assert fault(message, None) == "missing"
    assert fault(message, Message("%(name)s is here", "")) == "missing"
    assert "placeholders" in fault(message, Message("%(name)s is here", "Mae yma"))
    assert "placeholders" in fault(message, Message("%(name)s is here", "Mae %(enw)s yma"))


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["translations", *words])
    return done.exit_code, done.output


def test_the_command_lists_every_language_and_is_strict_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = run()
    assert code == 0
    assert "en (English; all): 0 missing, 0 stale, 0 not reviewed" in said
    assert "pl (Polski; client and plan): 0 missing, 0 stale, 4 not reviewed" in said
    assert "  not reviewed: the deck life-areas" in said
    assert run("--strict")[0] == 1
    monkeypatch.setattr(i18n, "LANGUAGES", {"en": i18n.LANGUAGES["en"]})
    assert run("--strict")[0] == 0


def test_the_command_keeps_what_was_made_again(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "CATALOGUES", copy.translations)
    (copy.translations / "pl/decks.json").unlink()
    assert "stale: life-areas/cards.food is out of date" in run()[1]
    assert "stale:" not in run("--translated", "pl")[1]
