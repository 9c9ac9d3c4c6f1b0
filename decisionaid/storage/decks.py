"""The decks that the program speaks with: read once at the start, checked whole, and never changed while it runs."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from decisionaid.core.deck import SOURCE, Deck, DeckWords, Words
from decisionaid.core.deck_options import OptionDeck, OptionDeckWords
from decisionaid.core.deck_safety import SafetyDeck, SafetyWords
from decisionaid.core.in_english import in_english
from decisionaid.storage.deck_faults import faults_between
from decisionaid.storage.deck_folders import Folder, languages_of, read_folder, shape_folder
from decisionaid.storage.deck_reading import BrokenDecks, Fault
from decisionaid.storage.deck_shapes import AnyDeck, SafetyShape

__all__ = ["BrokenDecks", "Decks", "Fault", "check", "load_decks", "shaped"]

CARD_DECK, OPTIONS_DECK, SAFETY_DECK = "life-areas", "drinking-goal", "safety-check"
NEEDED = {CARD_DECK: "cards", OPTIONS_DECK: "options", SAFETY_DECK: "safety"}
"""The decks that the program asks for by name, and the kind of each. The last holds the red cards."""

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Decks:
    """All decks, by id, and their words, by language. `languages` are those that some deck speaks.

    A language may be asked for with a region ("en-GB"); where a deck has only the plain one ("en"), that is given, and
    English where it does not speak the language at all. All raise KeyError for a deck that is not there.
    `files` is what each deck was read from: by id, what each file holds by its name.
    """

    languages: tuple[str, ...]
    decks: Mapping[str, AnyDeck]
    spoken: Mapping[str, Mapping[str, Words]]
    digests: Mapping[str, str]
    easy: Mapping[str, Mapping[str, DeckWords]]
    files: Mapping[str, Mapping[str, Any]]

    @property
    def card_decks(self) -> tuple[str, ...]:
        """The decks of cards that a round can be started with, by id: first the usual one, which is always there."""
        found = (id for id, deck in self.decks.items() if isinstance(deck, Deck))
        return tuple(sorted(found, key=lambda id: (id != CARD_DECK, id)))

    def card_titles(self, language: str) -> dict[str, str]:
        """What each deck of cards is called, by id; first the usual one."""
        return {id: self.words(id, language).title for id in self.card_decks}

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
        """The words of any deck. English ones that stand for another language are marked as such."""
        spoken = self.spoken[deck_id]
        found = next((spoken[code] for code in _plainer(language) if code in spoken), None)
        return found or in_english(spoken[SOURCE])

    def speaks(self, language: str, *deck_ids: str) -> bool:
        """Whether each of these decks has words in this language, so that none falls back on English."""
        return all(set(_plainer(language)) & set(self.spoken[id]) for id in deck_ids)

    def is_reviewed(self, language: str) -> bool:
        """Whether somebody has read the words of every deck in this language."""
        return all(self.words(deck_id, language).reviewed for deck_id in self.decks)

    def digest(self, *deck_ids: str) -> str:
        """SHA-256 (hex) over the structure and all the words of these decks, however they are laid out in the files."""
        return _digest({id: self.digests[id] for id in deck_ids})

    def with_others(self, others: "Decks") -> "Decks":
        """These decks, with each that `others` hold in the place of the one of that name."""
        return replace(
            self,
            decks={**self.decks, **others.decks},
            spoken={**self.spoken, **others.spoken},
            digests={**self.digests, **others.digests},
            easy={**self.easy, **others.easy},
            files={**self.files, **others.files},
        )

    def drawn(self, pictures: Collection[str]) -> "Decks":
        """These decks as they can be shown with these pictures: any other is left out."""
        return replace(self, decks={id: deck.drawn(pictures) for id, deck in self.decks.items()})


def load_decks(
    folder: Path,
    pictures: Collection[str] | None = None,
    languages: Collection[str] = (),
    *,
    own: Path | None = None,
) -> Decks:
    """Read every deck in `folder`, each in a folder of its own: `<id>/<id>.json` and `<id>/<language>.json`; where it
    has them, `<id>/<language>-easy.json`.

    Args:
        pictures: the icon names there are; without it, pictures are not looked up.
        languages: those that the program speaks.
        own: a folder of the service's own, whose decks stand beside those of `folder`, or in the place of one of the
            same name.

    Raises:
        BrokenDecks: with all faults at once.
    """
    folders, faults = _read(folder, pictures, languages, own)
    if faults:
        raise BrokenDecks(faults)
    return _decks(folders)


def shaped(files: Mapping[str, Mapping[str, Any]]) -> Decks:
    """The decks that these files make, by id, as `Decks.files` holds them; nothing is checked between them.

    Raises:
        BrokenDecks: with the faults of each file.
    """
    read = {id: shape_folder(id, raw) for id, raw in files.items()}
    if faults := [fault for _, found in read.values() for fault in found]:
        raise BrokenDecks(faults)
    return _decks({id: held for id, (held, _) in read.items()})


def _decks(folders: Mapping[str, Folder]) -> Decks:
    return Decks(
        languages=languages_of(folders),
        decks={id: held.structure.to_core() for id, held in folders.items() if held.structure},
        spoken={id: {code: words.to_core() for code, words in held.words.items()} for id, held in folders.items()},
        digests={id: _digest(held.raw) for id, held in folders.items()},
        easy={id: dict(_easy_words(held)) for id, held in folders.items()},
        files={id: held.raw for id, held in folders.items()},
    )


def check(
    folder: Path,
    pictures: Collection[str] | None = None,
    languages: Collection[str] = (),
    *,
    own: Path | None = None,
) -> list[Fault]:
    """Every fault of the decks in `folder`, as `load_decks` would raise them; none means that they can be used."""
    return _read(folder, pictures, languages, own)[1]


def _read(
    root: Path, pictures: Collection[str] | None, languages: Collection[str], own: Path | None
) -> tuple[dict[str, Folder], list[Fault]]:
    folders, faults = {}, []
    paths = _paths(root) | (_paths(own) if own else {})
    for id, path in sorted(paths.items()):
        folders[id], found = read_folder(path)
        faults += found
    for id, kind in NEEDED.items():
        if id not in folders:
            faults.append(Fault(f"{id}/{id}.json", "", "The program needs this deck, and it is not here"))
        elif (structure := folders[id].structure) and structure.kind != kind:
            faults.append(Fault(f"{id}/{id}.json", "kind", f"The program needs this deck to be of the kind {kind}"))
    faults += faults_between(folders, pictures, languages)
    faults += _left_behind(folders, root, own)
    return folders, [_placed(fault, paths, own) for fault in faults]


def _left_behind(folders: Mapping[str, Folder], root: Path, own: Path | None) -> Iterator[Fault]:
    """Where a safety check of the service's own was not compared with ours of now. What a newer one asks or warns of
    would otherwise be missing after an upgrade, and nobody would know."""
    if own is None or not all((folder / SAFETY_DECK).is_dir() for folder in (root, own)):
        return
    mine, ours = folders[SAFETY_DECK].structure, read_folder(root / SAFETY_DECK)[0].structure
    if isinstance(mine, SafetyShape) and ours and mine.made_from != ours.version:
        now = ours.version
        said = f"Ours is version {now}. Compare this deck with it, take in what is new, and write {now} here"
        yield Fault(f"{SAFETY_DECK}/{SAFETY_DECK}.json", "made_from", said)


def _paths(root: Path) -> dict[str, Path]:
    return {path.name: path for path in root.iterdir() if path.is_dir()} if root.is_dir() else {}


def _placed(fault: Fault, paths: Mapping[str, Path], own: Path | None) -> Fault:
    """The fault, with the whole path of the file where that lies in the service's own folder."""
    is_own = own is not None and paths.get(fault.file.partition("/")[0], Path()).parent == own
    return replace(fault, file=f"{own}/{fault.file}") if is_own else fault


def _easy_words(held: Folder) -> Iterator[tuple[str, DeckWords]]:
    """The easy words by language, each whole: what they do not say again is as in the usual ones."""
    for language, easy in held.easy.items():
        yield language, easy.beside(_of(DeckWords, held.words[language].to_core()))


def _plainer(language: str) -> tuple[str, str]:
    """A language with its region, as it was asked for, and without."""
    return language, language.partition("-")[0]


def _digest(raw: Mapping[str, Any]) -> str:
    plain = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _of(kind: type[Kind], value: object) -> Kind:
    """`value`, which must be of that kind. Raises KeyError where the name belongs to a deck of another kind."""
    if not isinstance(value, kind):
        raise KeyError(f"no {kind.__name__} of that name")
    return value
