"""Which letters can be printed, and what stands in place of those that cannot.

The printer takes each letter from whichever font of this machine has it. Where none has, an empty box would be drawn,
and the file could not call itself PDF/A: so such a letter is given by its name instead, on the paper and in the note
at its field.
"""

import subprocess
import sys
import unicodedata
from functools import cache

_UNNAMED = ("Co", "Cn", "Cs")
_UNSEEN = ("Cf", "Mn")
"""What shapes its neighbours and is not drawn by itself: without a font for it nothing is missed."""

_AS_SPACE, _NOT_TEXT = "\t\n\r\u2028\u2029", "\ufff9\ufffa\ufffb"
"""Ends of lines of every kind, and marks of another program's notes, which no printer draws though fonts have them."""

_UNKNOWN = "\ufffd"
"""Stands where another program could not read a letter; the printer takes it for a letter that is missing."""


@cache
def _drawn() -> bytearray:
    """For each code point of Unicode whether some font has it, as fontconfig tells."""
    drawn = bytearray(sys.maxunicode + 1)
    told = subprocess.run(["fc-list", "--format", "%{charset} "], capture_output=True, text=True, check=True)  # noqa: S607 - fontconfig's own, as the printer finds it
    for span in told.stdout.split():
        first, _, last = span.partition("-")
        start, end = int(first, 16), int(last or first, 16) + 1
        drawn[start:end] = b"\1" * (end - start)
    return drawn


class _Instead(dict[int, str]):
    """What is printed for each letter, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _instead(chr(code))
        return self[code]


_INSTEAD = _Instead()


def _instead(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter in _AS_SPACE:
        return letter if kind == "Cc" else "\n"
    if kind == "Cc" or letter in _NOT_TEXT:
        return ""
    if letter != _UNKNOWN and _drawn()[ord(letter)]:
        return letter
    if kind in _UNSEEN:
        return ""
    if kind in _UNNAMED:
        return f"[U+{ord(letter):04X}]"
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


def spelled_out(text: str) -> str:
    """A text with each letter that cannot be printed given by its name, in square brackets: "[otter]"."""
    return text.translate(_INSTEAD)


def unprinted(text: str) -> dict[str, str]:
    """The letters of a text that cannot be printed, each with what is printed instead."""
    named = {letter: _INSTEAD[ord(letter)] for letter in sorted(set(text))}
    return {letter: instead for letter, instead in named.items() if instead.strip() and instead != letter}
