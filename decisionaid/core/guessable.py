"""Which passwords and PINs are guessed first."""

from enum import StrEnum
from itertools import pairwise

SHORTEST = 12
"""Letters of a password; length does more than rules about kinds of letters (NIST SP 800-63B, 2017)."""

DIFFERENT = 6
"""How many different letters a password needs."""

SHORTEST_NAME = 4
"""Shorter parts of a name may stand in a password, as they stand in other words too."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_BESIDE = frozenset(pair for row in _ROWS for pair in pairwise(row))
"""Neighbours on a keyboard, from left to right."""


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    PATTERN = "pattern"
    OWN = "own"


def weakness(password: str, *, login: str, name: str, service: str) -> Weakness | None:
    """Why a password is too easy to guess for a person with this login, name and service; None if it is not."""
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if _is_pattern(password.casefold()):
        return Weakness.PATTERN
    own = {_bare(known) for known in (login, *name.split(), service)}
    return Weakness.OWN if any(len(part) >= SHORTEST_NAME and part in _bare(password) for part in own) else None


def is_plain_pin(pin: str) -> bool:
    """Whether this PIN is among the first that people try.

    Runs, up or down, with figures said twice or not (111111, 654321, 112233); two figures only (121212); the same again
    (123123).
    """
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps <= {0, 1, 9} or len(set(pin)) <= 2 or _repeats(pin)  # noqa: PLR2004 - two figures, as it says


def _is_pattern(password: str) -> bool:
    """Whether few letters differ, a shorter text comes again, or two in three letters follow from the one before."""
    fresh = sum(not _follows(a, b) for a, b in pairwise(password))
    return len(set(password)) < DIFFERENT or _repeats(password) or 3 * fresh < len(password)


def _follows(a: str, b: str) -> bool:
    return abs(ord(b) - ord(a)) <= 1 or bool({(a, b), (b, a)} & _BESIDE)


def _repeats(text: str) -> bool:
    """Whether it is a shorter text said twice or more."""
    return text in (text + text)[1:-1]


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
