"""One deck as its files hold it: the structure, and the words by language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from decisionaid.core.deck import SOURCE
from decisionaid.storage.deck_reading import Fault, place_of, read
from decisionaid.storage.deck_shapes import CardsShape, OptionsShape, SafetyShape, Shape, StructureShape
from decisionaid.storage.deck_word_shapes import (
    CardsWordsShape,
    EasyWordsShape,
    OptionsWordsShape,
    SafetyWordsShape,
    WordsShape,
)

KINDS: dict[str, tuple[type[StructureShape], type[WordsShape]]] = {
    "cards": (CardsShape, CardsWordsShape),
    "options": (OptionsShape, OptionsWordsShape),
    "safety": (SafetyShape, SafetyWordsShape),
}
EASY = "-easy"
"""What the name of a file of easy words ends in, after its language: "en-easy.json"."""

Read = TypeVar("Read", bound=Shape)


@dataclass
class Folder:
    """One deck as far as its files can be understood. `raw` is what they hold, by name ("life-areas/en.json")."""

    structure: StructureShape | None = None
    words: dict[str, WordsShape] = field(default_factory=dict)
    easy: dict[str, EasyWordsShape] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)


def read_folder(path: Path) -> tuple[Folder, list[Fault]]:
    """The deck in this folder, and the faults of each of its files."""
    raw: dict[str, Any] = {}
    faults: list[Fault] = []
    structure = path / f"{path.name}.json"
    for file in (structure, *sorted(set(path.iterdir()) - {structure})):
        name = f"{path.name}/{file.name}"
        if file.suffix == ".json":
            raw[name], found = read(file, name)
            faults += found
        else:
            faults.append(Fault(name, "", "Only JSON files belong here"))
    held, found = shape_folder(path.name, raw)
    return held, faults + found


def shape_folder(id: str, raw: Mapping[str, Any]) -> tuple[Folder, list[Fault]]:
    """What these files mean: the structure first, then the words, whose shape hangs on the kind of the deck."""
    held, faults, name = Folder(), list[Fault](), f"{id}/{id}.json"
    structure = raw[name]
    kind = structure.get("kind") if structure else None
    if not isinstance(kind, str) or kind not in KINDS:
        reason = f"The kind of a deck is one of {', '.join(KINDS)}"
        return held, [Fault(name, "kind", reason)] if structure is not None else []
    structure_shape, words_shape = KINDS[kind]
    held.raw.update(raw)
    held.structure = _shaped(structure_shape, structure, name, faults)
    if held.structure and held.structure.id != id:
        faults.append(Fault(name, "id", "The id is not the name of the folder"))
    for file, words in raw.items():
        if file != name:
            _take_words(file, words, words_shape, held, faults)
    return held, faults


def _take_words(name: str, raw: Any, shape: type[WordsShape], held: Folder, faults: list[Fault]) -> None:
    stem = name.rpartition("/")[2].removesuffix(".json")
    easy = stem.endswith(EASY) and shape is CardsWordsShape
    language = stem.removesuffix(EASY) if easy else stem
    words: WordsShape | EasyWordsShape | None = None
    if raw is not None:
        words = _shaped(EasyWordsShape, raw, name, faults) if easy else _shaped(shape, raw, name, faults)
    if words and words.language != language:
        faults.append(Fault(name, "language", "The language is not the name of the file"))
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


def languages_of(folders: Mapping[str, Folder]) -> tuple[str, ...]:
    """Every language that some deck speaks, English first as the one that the decks are written in."""
    spoken = {language for held in folders.values() for language in held.words}
    return tuple(sorted(spoken, key=lambda language: (language != SOURCE, language)))
