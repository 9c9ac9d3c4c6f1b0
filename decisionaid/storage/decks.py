"""The decks that the program speaks with: read once at the start, checked whole, and never changed while it runs."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from decisionaid.core.deck import Deck, DeckWords, Words
from decisionaid.core.deck_options import OptionDeck, OptionDeckWords
from decisionaid.core.deck_safety import SafetyDeck, SafetyWords
from decisionaid.storage.deck_checks import check_alike, check_easy_words, check_structure, check_words
from decisionaid.storage.deck_reading import BrokenDecks, Fault, place_of, read
from decisionaid.storage.deck_shapes import AnyDeck, CardsShape, OptionsShape, SafetyShape, Shape, StructureShape
from decisionaid.storage.deck_word_shapes import (
    CardsWordsShape,
    EasyWordsShape,
    OptionsWordsShape,
    SafetyWordsShape,
    WordsShape,
)

__all__ = ["BrokenDecks", "Decks", "Fault", "check", "load_decks"]

KINDS: dict[str, tuple[type[StructureShape], type[WordsShape]]] = {
    "cards": (CardsShape, CardsWordsShape),
    "options": (OptionsShape, OptionsWordsShape),
    "safety": (SafetyShape, SafetyWordsShape),
}
EASY = "-easy"
"""What the name of a file of easy words ends in, after its language: "en-easy.json"."""
NEEDED = {"life-areas": "cards", "drinking-goal": "options", "safety-check": "safety"}
"""The decks that the program asks for by name, and the kind of each. The last holds the red cards."""

Kind = TypeVar("Kind")
Read = TypeVar("Read", bound=Shape)


@dataclass(frozen=True)
class Decks:
    """All decks, by id, and their words, by language. `languages` are those that every deck speaks.

    A language may be asked for with a region ("en-GB"); where a deck has only the plain one ("en"), that is given.
    All raise KeyError for a deck or language that is not there.
    """

    languages: tuple[str, ...]
    decks: Mapping[str, AnyDeck]
    spoken: Mapping[str, Mapping[str, Words]]
    digests: Mapping[str, str]
    easy: Mapping[str, Mapping[str, DeckWords]]

    def cards(self, deck_id: str, spares: Collection[str] = ()) -> Deck:
        """A deck of cards to sort, with these of its spare cards in use."""
        deck = _of(Deck, self.decks[deck_id])
        return deck.with_spares(spares) if spares else deck

    def card_words(self, deck_id: str, language: str, *, easy: bool = False) -> DeckWords:
        """What the cards say; in short and easy words, where that is asked for and the deck has them."""
        found = self.easy_words(deck_id, language) if easy else None
        return found or _of(DeckWords, self.words(deck_id, language))

    def easy_words(self, deck_id: str, language: str) -> DeckWords | None:
        """What the cards say in short and easy words, or None where the deck has none in this language."""
        held = self.easy[deck_id]
        return held.get(language) or held.get(language.partition("-")[0])

    def options(self, deck_id: str) -> OptionDeck:
        """A deck of equal options."""
        return _of(OptionDeck, self.decks[deck_id])

    def option_words(self, deck_id: str, language: str) -> OptionDeckWords:
        """What the options say."""
        return _of(OptionDeckWords, self.words(deck_id, language))

    def safety(self, deck_id: str) -> SafetyDeck:
        """A safety check."""
        return _of(SafetyDeck, self.decks[deck_id])

    def safety_words(self, deck_id: str, language: str) -> SafetyWords:
        """What the safety check says, and the red cards."""
        return _of(SafetyWords, self.words(deck_id, language))

    def words(self, deck_id: str, language: str) -> Words:
        """The words of any deck."""
        spoken = self.spoken[deck_id]
        return spoken[language] if language in spoken else spoken[language.partition("-")[0]]

    def is_reviewed(self, language: str) -> bool:
        """Whether somebody has read the words of every deck in this language."""
        return all(self.words(deck_id, language).reviewed for deck_id in self.decks)

    def digest(self, *deck_ids: str) -> str:
        """SHA-256 (hex) over the structure and all the words of these decks, however they are laid out in the files."""
        return _digest({id: self.digests[id] for id in deck_ids})


@dataclass
class _Folder:
    """One deck as its files hold it, as far as they can be understood."""

    structure: StructureShape | None = None
    words: dict[str, WordsShape] = field(default_factory=dict)
    easy: dict[str, EasyWordsShape] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)


def load_decks(folder: Path, pictures: Collection[str] | None = None) -> Decks:
    """Read every deck in `folder`, each in a folder of its own: `<id>/<id>.json` and `<id>/<language>.json`; where it
    has them, `<id>/<language>-easy.json`.

    Args:
        pictures: the icon names there are; without it, pictures are not looked up.

    Raises:
        BrokenDecks: with all faults at once.
    """
    folders, faults = _read(folder, pictures)
    if faults:
        raise BrokenDecks(faults)
    return Decks(
        languages=_languages(folders),
        decks={id: held.structure.to_core() for id, held in folders.items() if held.structure},
        spoken={id: {code: words.to_core() for code, words in held.words.items()} for id, held in folders.items()},
        digests={id: _digest(held.raw) for id, held in folders.items()},
        easy={id: dict(_easy_words(held)) for id, held in folders.items()},
    )


def check(folder: Path, pictures: Collection[str] | None = None) -> list[Fault]:
    """Every fault of the decks in `folder`; none means that they can be used."""
    return _read(folder, pictures)[1]


def _read(root: Path, pictures: Collection[str] | None) -> tuple[dict[str, _Folder], list[Fault]]:
    folders, faults = {}, []
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if path.is_dir():
            folders[path.name], found = _folder(path)
            faults += found
    for id, kind in NEEDED.items():
        if id not in folders:
            faults.append(Fault(f"{id}/{id}.json", "", "The program needs this deck, and it is not here"))
        elif (structure := folders[id].structure) and structure.kind != kind:
            faults.append(Fault(f"{id}/{id}.json", "kind", f"The program needs this deck to be of the kind {kind}"))
    # A deck of options that is broken itself is there all the same.
    options = {id for id, held in folders.items() if isinstance(held.structure, OptionsShape | None)}
    languages = _languages(folders)
    for id, held in folders.items():
        faults += _between(id, held, options, languages, pictures)
    return folders, faults


def _folder(path: Path) -> tuple[_Folder, list[Fault]]:
    """One deck: its structure first, then the words, whose shape hangs on what kind of deck it is."""
    held = _Folder()
    name = f"{path.name}/{path.name}.json"
    raw, faults = read(path / f"{path.name}.json", name)
    kind = raw.get("kind") if raw else None
    if not isinstance(kind, str) or kind not in KINDS:
        reason = f"The kind of a deck is one of {', '.join(KINDS)}"
        return held, [*faults, *([Fault(name, "kind", reason)] if raw is not None else [])]
    structure_shape, words_shape = KINDS[kind]
    held.raw[name] = raw
    held.structure = _shaped(structure_shape, raw, name, faults)
    if held.structure and held.structure.id != path.name:
        faults.append(Fault(name, "id", "The id is not the name of the folder"))
    for words in sorted(set(path.iterdir()) - {path / f"{path.name}.json"}):
        _read_words(words, words_shape, held, faults)
    return held, faults


def _read_words(path: Path, shape: type[WordsShape], held: _Folder, faults: list[Fault]) -> None:
    name = f"{path.parent.name}/{path.name}"
    if path.suffix != ".json":
        faults.append(Fault(name, "", "Only JSON files belong here"))
        return
    raw, found = read(path, name)
    faults += found
    easy = path.stem.endswith(EASY) and shape is CardsWordsShape
    language = path.stem.removesuffix(EASY) if easy else path.stem
    words: WordsShape | EasyWordsShape | None = None
    if raw is not None:
        words = _shaped(EasyWordsShape, raw, name, faults) if easy else _shaped(shape, raw, name, faults)
    if words and words.language != language:
        faults.append(Fault(name, "language", "The language is not the name of the file"))
    held.raw[name] = raw
    if isinstance(words, EasyWordsShape):
        held.easy[language] = words
    elif words:
        held.words[language] = words


def _shaped(shape: type[Read], raw: object, name: str, faults: list[Fault]) -> Read | None:
    """What `raw` means, or None with the faults added."""
    try:
        return shape.model_validate(raw)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        faults += [Fault(name, place_of(one["loc"]), one["msg"].removeprefix("Value error, ")) for one in found]
        return None


def _between(
    id: str, held: _Folder, options: Collection[str], languages: tuple[str, ...], pictures: Collection[str] | None
) -> Iterator[Fault]:
    """Faults that no file shows alone."""
    if held.structure is None:
        return
    for place, reason in check_structure(held.structure, options, pictures):
        yield Fault(f"{id}/{id}.json", place, reason)
    yield from _word_faults(id, held, held.structure)
    yield from _easy_faults(id, held, held.structure)
    for language in languages:
        if f"{id}/{language}.json" not in held.raw:
            yield Fault(f"{id}/{language}.json", "", "Another deck speaks this language, and this one does not")
    if not held.words and not languages:
        yield Fault(f"{id}/en.json", "", "There are no words in any language")


def _word_faults(id: str, held: _Folder, structure: StructureShape) -> Iterator[Fault]:
    for language, words in held.words.items():
        for place, reason in check_words(structure, words):
            yield Fault(f"{id}/{language}.json", place, reason)
    for language, place, reason in check_alike(held.words):
        yield Fault(f"{id}/{language}.json", place, reason)


def _easy_faults(id: str, held: _Folder, structure: StructureShape) -> Iterator[Fault]:
    for language, easy in held.easy.items():
        for place, reason in check_easy_words(structure, easy, held.words):
            yield Fault(f"{id}/{language}{EASY}.json", place, reason)


def _easy_words(held: _Folder) -> Iterator[tuple[str, DeckWords]]:
    """The easy words by language, each whole: what they do not say again is as in the usual ones."""
    for language, easy in held.easy.items():
        yield language, easy.beside(_of(DeckWords, held.words[language].to_core()))


def _languages(folders: Mapping[str, _Folder]) -> tuple[str, ...]:
    """Every language that some deck speaks, English first as the one that the decks are written in."""
    spoken = {language for held in folders.values() for language in held.words}
    return tuple(sorted(spoken, key=lambda language: (language != "en", language)))


def _digest(raw: Mapping[str, Any]) -> str:
    plain = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _of(kind: type[Kind], value: object) -> Kind:
    """`value`, which must be of that kind. Raises KeyError where the name belongs to a deck of another kind."""
    if not isinstance(value, kind):
        raise KeyError(f"no {kind.__name__} of that name")
    return value
