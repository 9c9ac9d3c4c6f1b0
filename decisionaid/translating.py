"""What a language still lacks: words that are missing, words whose English has changed, words that nobody has read.

It reads the sources of the program, so it is for a checkout.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from decisionaid import PACKAGE, i18n, packaged
from decisionaid.i18n import SOURCE, Language

DESK_ONLY = (
    "admin/",
    "keyworker/",
    "account/",
    "components/clients.html",
    "web/admin/",
    "web/keyworker/",
    "web/account",
)
"""Templates and modules that no client sees: a language of the client's seat and the plan needs no words for them."""

MADE_FROM = "decks.json"
"""The file beside a language's record that keeps, for each piece of a deck, the English that it was made from."""

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
JINJA = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true", "silent": "false"}
ABOUT = {"language", "name", "direction", "reviewed"}
"""What a deck's words say about themselves."""

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")

Digests = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Report:
    """What one language lacks, as lines to read."""

    language: Language
    missing: tuple[str, ...]
    stale: tuple[str, ...]
    unreviewed: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether all is said, fresh, and read by somebody."""
        return not (self.missing or self.stale or self.unreviewed)

    def lines(self) -> list[str]:
        """The language and what it covers, then one line for each thing that it lacks."""
        lacks = {"missing": self.missing, "stale": self.stale, "not reviewed": self.unreviewed}
        said = ", ".join(f"{len(places)} {kind}" for kind, places in lacks.items())
        title = f"{self.language.code} ({self.language.name}; {self.language.seats}): {said}"
        return [title, *(f"  {kind}: {place}" for kind, places in lacks.items() for place in places)]


def report(language: Language, translations: Path, questionnaires: Path) -> Report:
    """What `language` lacks in these two folders."""
    folder = translations / language.code
    faults = dict(_catalogue_faults(language, folder)) | dict(_deck_faults(language, folder, questionnaires))
    missing = tuple(place for place, reason in faults.items() if reason == "missing")
    stale = tuple(f"{place} {reason}" for place, reason in faults.items() if reason != "missing")
    return Report(language, missing, stale, tuple(_unreviewed(language, questionnaires)))


def note_made_from(code: str, translations: Path, questionnaires: Path) -> None:
    """Keep that a language's deck words say what the English says now."""
    text = json.dumps(english(questionnaires), indent=1, sort_keys=True)
    (translations / code / MADE_FROM).write_text(text + "\n", "utf-8")


def messages(*, desk: bool = True) -> Catalog:
    """All that is marked in the program and its templates; without the `desk`, what a client may see or take home."""
    found = Catalog()
    for file, message, context in _marked():
        if desk or not file.startswith(DESK_ONLY):
            found.add(message, context=context)
    return found


@cache
def _marked() -> list[tuple[str, str | tuple[str, ...], str | None]]:
    """Each marked message with the file it stands in and its context."""
    found: list[tuple[str, str | tuple[str, ...], str | None]] = []
    for folder, pattern, method in ((PACKAGE, "**.py", "python"), (packaged("templates"), "**.html", "jinja2")):
        options = {pattern: JINJA if method == "jinja2" else {}}
        extracted = extract_from_dir(
            folder, [(pattern, method)], options, keywords=KEYWORDS, comment_tags=(), strip_comment_tags=False
        )
        found += [(file, message, context) for file, _line, message, _comments, context in extracted if message]
    return found


def fault(message: Message, said: Message | None) -> str:
    """What is not right about a translation, or nothing."""
    if said is None or not all(_texts(said.string)):
        return "missing"
    if said.fuzzy:
        return "is fuzzy"
    needed = set.union(*_placeholders(message.id))
    # A plural may say its count as a word ("un cerdyn").
    fewest = len(needed) - (not isinstance(message.id, str))
    if any(not held <= needed or len(held) < fewest for held in _placeholders(said.string)):
        return f"must have exactly these placeholders: {sorted(needed)}"
    return ""


def _texts(said: object) -> list[str]:
    """A message or its translation, as one or as each of its plurals."""
    return [said] if isinstance(said, str) else [str(each) for each in said]  # type: ignore[attr-defined]


def _placeholders(said: object) -> list[set[str]]:
    return [set(_PLACEHOLDER.findall(text)) for text in _texts(said)]


def _catalogue_faults(language: Language, folder: Path) -> Iterator[tuple[str, str]]:
    if language.code == SOURCE:
        return
    path = folder / "LC_MESSAGES" / "messages.po"
    said = Catalog()
    if path.exists():
        with path.open("rb") as file:
            said = read_po(file, locale=language.code.replace("-", "_"))
    for message in messages(desk=language.at_desk):
        if message.id and (wrong := fault(message, said.get(message.id, message.context))):
            yield repr(_texts(message.id)[0]), wrong


def english(questionnaires: Path) -> Digests:
    """For each deck, a short digest of each piece of its English."""
    return {
        path.parent.name: {place: _digest(said) for place, said in _pieces(path)}
        for path in sorted(questionnaires.glob(f"*/{SOURCE}.json"))
    }


def _pieces(path: Path) -> Iterator[tuple[str, Any]]:
    """The words of a deck: card by card, option by option, question by question, and what stands alone."""
    for key, value in json.loads(path.read_text("utf-8")).items():
        if isinstance(value, dict) and key not in ABOUT:
            yield from ((f"{key}.{inner}", said) for inner, said in value.items())
        elif key not in ABOUT:
            yield key, value


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:8]


def _deck_faults(language: Language, folder: Path, questionnaires: Path) -> Iterator[tuple[str, str]]:
    if language.code == SOURCE:
        return
    kept = folder / MADE_FROM
    made_from: Digests = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for deck, pieces in english(questionnaires).items():
        words = questionnaires / deck / f"{language.code}.json"
        said = dict(_pieces(words)) if words.exists() else {}
        for place, digest in pieces.items():
            if place not in said:
                yield f"{deck}/{place}", "missing"
            elif made_from.get(deck, {}).get(place) != digest:
                yield f"{deck}/{place}", "is out of date: the English has changed"


def _unreviewed(language: Language, questionnaires: Path) -> Iterator[str]:
    if language.reviewed is None:
        yield "the words of the program"
    for path in sorted(questionnaires.glob(f"*/{language.code}.json")):
        if json.loads(path.read_text("utf-8"))["reviewed"] is None:
            yield f"the deck {path.parent.name}"


def all_reports() -> list[Report]:
    """The report of every language of the program."""
    return [report(language, i18n.CATALOGUES, packaged("questionnaires")) for language in i18n.LANGUAGES.values()]
