"""Reading one deck file: JSON and nothing else, small, shallow, no key twice. No file is trusted."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_BYTES = 256 * 1024
MOST_DEPTH = 6
TEXTS = re.compile(r'"(?:[^"\\]|\\.|\\\Z)*(?:"|\Z)', re.DOTALL)
"""A text, or the rest of the file where it has no end: so nothing is searched twice."""


@dataclass(frozen=True)
class Fault:
    """What is amiss: in which file (as said from the folder of the decks), at which place in it, and why."""

    file: str
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place + ': ' if self.place else ''}{self.reason}"


class BrokenDecks(Exception):
    """The decks cannot be used; `faults` holds all that is amiss, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys came twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]


class _Unfit(Exception):
    """The file is no deck file; the text says why."""


def read(path: Path, name: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """What the file holds, and its faults; None where it cannot be read at all. `name` is what faults call it."""
    try:
        held = _held(path)
    except _Unfit as fault:
        return None, [Fault(name, "", str(fault))]
    except json.JSONDecodeError as fault:
        return None, [Fault(name, f"line {fault.lineno}, column {fault.colno}", f"This is not JSON: {fault.msg}")]
    except UnicodeDecodeError as fault:
        return None, [Fault(name, f"byte {fault.start}", "This is not UTF-8")]
    except (OSError, ValueError) as fault:
        return None, [Fault(name, "", f"The file cannot be read: {type(fault).__name__}")]
    return held, [Fault(name, place, reason) for place, reason in _oddities(held, ())]


def _held(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MOST_BYTES:
        raise _Unfit(f"The file is larger than {MOST_BYTES // 1024} kB")
    text = path.read_bytes().decode("utf-8")
    if (depth := _depth(text)) > MOST_DEPTH:
        raise _Unfit(f"Objects and lists stand {depth} deep, where {MOST_DEPTH} is the most")
    held = json.loads(text, object_pairs_hook=_Object)
    if not isinstance(held, dict):
        raise _Unfit("A deck file holds one object, in { }")
    return held


def place_of(path: tuple[str | int, ...]) -> str:
    """A place in a file, as "cards.3.title"."""
    return ".".join(str(step) for step in path)


def _depth(text: str) -> int:
    """How deep the brackets stand; counted before parsing, so that a parser never has to climb down."""
    depth = deepest = 0
    for sign in re.findall(r"[\[\]{}]", TEXTS.sub("", text)):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _oddities(held: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    """What JSON allows and a deck does not: a key twice, a number that is not whole."""
    if isinstance(held, float):
        yield place_of(path), "This is not a whole number"
    if isinstance(held, _Object):
        yield from ((place_of((*path, key)), "Duplicate key") for key in held.twice)
    if isinstance(held, (dict, list)):
        for step, inner in held.items() if isinstance(held, dict) else enumerate(held):
            yield from _oddities(inner, (*path, step))
