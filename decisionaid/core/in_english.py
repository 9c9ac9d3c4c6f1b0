"""English words that stand where a deck lacks the language of the page, and that say so wherever they are shown."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from html import escape
from typing import Any, TypeVar

from decisionaid.core.deck import SOURCE, Words

Kind = TypeVar("Kind", bound=Words)

OF_ITSELF = {"language", "name", "direction", "reviewed"}
"""What words say of themselves, which nobody reads aloud."""


class InEnglish(str):
    """A text like any other, but a template shows it with its language. Where no element can stand, as in an attribute
    or a picture, the template takes the text alone."""

    __slots__ = ()

    def __html__(self) -> str:
        return f'<bdi lang="{SOURCE}" dir="ltr">{escape(self)}</bdi>'


def in_english(words: Kind) -> Kind:
    """The same words, each text of them marked."""
    said = (field.name for field in fields(words) if field.name not in OF_ITSELF)
    return replace(words, **{name: _marked(getattr(words, name)) for name in said})


def _marked(held: Any) -> Any:
    match held:
        case str():
            return InEnglish(held)
        case Mapping():
            return {key: _marked(inner) for key, inner in held.items()}
        case tuple():
            return tuple(_marked(inner) for inner in held)
        case _ if is_dataclass(held) and not isinstance(held, type):
            return replace(held, **{field.name: _marked(getattr(held, field.name)) for field in fields(held)})
    return held
