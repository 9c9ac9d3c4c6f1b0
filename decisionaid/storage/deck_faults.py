"""The faults that no file of a deck shows alone: what its files owe each other, and what the decks do."""

from collections.abc import Collection, Iterator, Mapping

from decisionaid.core.deck import SOURCE
from decisionaid.storage.deck_checks import check_alike, check_easy_words, check_structure, check_words
from decisionaid.storage.deck_folders import EASY, Folder, languages_of
from decisionaid.storage.deck_reading import Fault
from decisionaid.storage.deck_shapes import CardsShape, OptionsShape, SafetyShape, StructureShape


def faults_between(
    folders: Mapping[str, Folder], pictures: Collection[str] | None, languages: Collection[str]
) -> Iterator[Fault]:
    """Every such fault of these decks. `pictures` and `languages` are the program's, as `load_decks` takes them."""
    # A deck of options that is broken itself is there all the same.
    options = {id for id, held in folders.items() if isinstance(held.structure, OptionsShape | None)}
    spoken = sorted({*languages_of(folders), *languages})
    for id, held in folders.items():
        yield from _between(id, held, options, pictures)
        yield from _silences(id, held, spoken)
    yield from _titles(folders)


def _between(id: str, held: Folder, options: Collection[str], pictures: Collection[str] | None) -> Iterator[Fault]:
    """Faults that no file shows alone."""
    if held.structure is None:
        return
    for place, reason in check_structure(held.structure, options, pictures):
        yield Fault(f"{id}/{id}.json", place, reason)
    yield from _word_faults(id, held, held.structure)
    yield from _easy_faults(id, held, held.structure)


def _silences(id: str, held: Folder, spoken: Collection[str]) -> Iterator[Fault]:
    """The languages that a deck may not leave out: English, and of a safety check every one that anybody can choose."""
    if held.structure is None:
        return
    if f"{id}/{SOURCE}.json" not in held.raw:
        yield Fault(f"{id}/{SOURCE}.json", "", "Every deck needs English: it is shown where a language is missing")
    for language in spoken if isinstance(held.structure, SafetyShape) else ():
        if language != SOURCE and f"{id}/{language}.json" not in held.raw:
            yield Fault(f"{id}/{language}.json", "", "The safety check needs every language that the program speaks")


def _titles(folders: Mapping[str, Folder]) -> Iterator[Fault]:
    """Decks of cards that cannot be told apart where one of them is chosen."""
    taken: dict[tuple[str, str], str] = {}
    for id, held in folders.items():
        for language, words in held.words.items() if isinstance(held.structure, CardsShape) else ():
            other = taken.setdefault((language, words.title.casefold()), id)
            if other != id:
                yield Fault(f"{id}/{language}.json", "title", f"The deck {other!r} has this title too")


def _word_faults(id: str, held: Folder, structure: StructureShape) -> Iterator[Fault]:
    for language, words in held.words.items():
        for place, reason in check_words(structure, words):
            yield Fault(f"{id}/{language}.json", place, reason)
    for language, place, reason in check_alike(held.words):
        yield Fault(f"{id}/{language}.json", place, reason)


def _easy_faults(id: str, held: Folder, structure: StructureShape) -> Iterator[Fault]:
    for language, easy in held.easy.items():
        for place, reason in check_easy_words(structure, easy, held.words):
            yield Fault(f"{id}/{language}{EASY}.json", place, reason)
