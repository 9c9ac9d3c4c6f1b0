"""Finding people by part of a name, reference or telephone number, however it is written."""

import re
import unicodedata

SHORTEST_NUMBER = 5
"""Figures from which on something sought may be a telephone number."""

_LETTER = re.compile(r"LATIN SMALL (?:LETTER|LIGATURE) (?:DOTLESS )?([A-Z]{1,2})(?: WITH .+)?")
"""The names of letters that Unicode does not take apart: "LATIN SMALL LETTER L WITH STROKE"."""

_OTHERWISE = {"ð": "d", "þ": "th"}
"""Letters whose names do not say what people type for them."""

_APOSTROPHES = str.maketrans("", "", "'’‘ʼ´`′ʻ")


def folded(text: str) -> str:
    """`text` as it is compared: small letters of the plain alphabet, no apostrophes, spaces for dashes and dots."""
    apart = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return " ".join("".join(map(_plain, apart)).split())


def haystack(name: str, preferred_name: str, reference: str, telephone: str) -> str:
    """All by which a client is found. It begins with the name, so that it also puts people in order."""
    texts = [folded(text) for text in (name, preferred_name, reference)]
    joined = [text.replace(" ", "") for text in texts if " " in text]
    return " ".join(filter(None, (*texts, *joined, dialled(telephone))))


def needles(sought: str) -> list[list[str]]:
    """What to look for in a haystack: all of one list or all of another have to be in it.

    The words of what is sought, in any order; or a telephone number. Of dots and dashes alone nothing is found.
    """
    words, number = folded(sought).split(), dialled(sought)
    is_number = len(number) >= SHORTEST_NUMBER and not any(letter.isalpha() for letter in sought)
    return [each for each in (words, [number] if is_number else []) if each]


def is_found(sought: str, held: str) -> bool:
    """Whether what is sought is in a haystack."""
    return any(all(word in held for word in words) for words in needles(sought))


def dialled(telephone: str) -> str:
    """The figures of a telephone number without 0, +44 or 0044 before them, which may be written or not."""
    figures = "".join(str(unicodedata.decimal(figure)) for figure in telephone if figure.isdecimal())
    is_abroad = telephone.lstrip(" (").startswith("+") or figures.startswith("00")
    return (figures.lstrip("0").removeprefix("44") if is_abroad else figures).lstrip("0")


def reference_key(reference: str) -> str:
    """What makes two references the same: not their case, width, dashes or spaces.

    HL-1, hl–1, "HL 1" and HL1 are one; 1-23 and 12-3 are two, as between two figures or two letters a dash tells.
    """
    text = unicodedata.normalize("NFKC", reference).casefold()
    dashed = "-".join("".join(" " if _is_dash(letter) else letter for letter in text).split())
    return re.sub(r"(?<=\d)-(?=[^\W\d])|(?<=[^\W\d])-(?=\d)", "", dashed) or text


def _plain(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    if not letter.isalnum():
        return " "
    named = _LETTER.fullmatch(unicodedata.name(letter, ""))
    return _OTHERWISE.get(letter) or (named[1].lower() if named else letter)


def _is_dash(letter: str) -> bool:
    return unicodedata.category(letter) == "Pd" or letter in "\N{MINUS SIGN}\N{SOFT HYPHEN}"
