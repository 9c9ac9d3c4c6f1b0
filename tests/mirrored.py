"""A language of the tests, made of files alone as any other: the English words in letters that run from right to left.

Letter stands for letter, so lengths stay; figures, names in placeholders and tags stay as they are. No letter of ours
is left in a word that was marked, so what is still in Latin letters on a page was not.
"""

import json
import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask

from decisionaid import create_app, i18n, packaged, translating
from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from decisionaid.storage.decks import load_decks
from tests.police import Police

CODE = "en-XB"
NAME = "Mirrored"
RECORD = {"name": NAME, "direction": "rtl", "dates": "he_IL", "reviewed": None, "seats": "client and plan"}

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_HEBREW = "אבגדהוזחטיכלמנסעפצקרשתםןףץ"
_LETTERS = str.maketrans(_LATIN + _LATIN.upper(), _HEBREW + _HEBREW)
_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd]|{\w+}|<[^>]+>)")
_ABOUT = {"language": CODE, "name": NAME, "direction": "rtl", "reviewed": None}


def mirrored(text: str) -> str:
    """`text` in the other letters."""
    return "".join(part if _KEPT.fullmatch(part) else part.translate(_LETTERS) for part in _KEPT.split(text))


def speak_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write its files into `folder`, beside those of the other languages, and let the program read them."""
    translations, questionnaires = folder / "translations", folder / "questionnaires"
    shutil.copytree(i18n.CATALOGUES, translations)
    shutil.copytree(packaged("questionnaires"), questionnaires)
    catalogue = translations / CODE / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    (translations / CODE / "language.json").write_text(json.dumps(RECORD), "utf-8")
    (catalogue / "messages.mo").write_bytes(_catalogue())
    for words in questionnaires.glob("*/en.json"):
        said = _mirrored_deck(json.loads(words.read_text("utf-8"))) | _ABOUT
        words.with_name(f"{CODE}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    monkeypatch.setattr(i18n, "CATALOGUES", translations)
    monkeypatch.setattr(i18n, "LANGUAGES", i18n.read_languages(translations))


def an_app(folder: Path, database: Database, pdf_pool: PdfPool) -> Flask:
    """The program over the decks that `speak_it` wrote."""
    decks = load_decks(folder / "questionnaires")
    app = create_app(DATABASE=database, PDF_POOL=pdf_pool, DECKS=decks, TESTING=True)
    app.test_client_class = Police
    return app


def _catalogue() -> bytes:
    said = Catalog(locale="en")
    for message in translating.messages(desk=False):
        if message.id:
            texts = [message.id] if isinstance(message.id, str) else list(message.id)
            other = [mirrored(text) for text in texts]
            said.add(message.id, other[0] if isinstance(message.id, str) else tuple(other), context=message.context)
    compiled = BytesIO()
    write_mo(compiled, said)
    return compiled.getvalue()


def _mirrored_deck(said: Any) -> Any:
    if isinstance(said, dict):
        return {key: _mirrored_deck(inner) for key, inner in said.items()}
    if isinstance(said, list):
        return [_mirrored_deck(inner) for inner in said]
    return mirrored(said) if isinstance(said, str) else said
