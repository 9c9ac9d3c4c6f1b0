"""The words that would tell a bystander what this is about, of each language."""

import re

from decisionaid import PACKAGE
from decisionaid.i18n import LANGUAGES

FOLDER = PACKAGE / "translations"


def words(code: str) -> list[str]:
    """A language's list: words or how they begin, in small letters."""
    lines = (FOLDER / code / "telling.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def every_word() -> list[str]:
    """Those of all languages: a bystander reads any of them."""
    return sorted({word for code in LANGUAGES for word in words(code)})


def told(text: str, among: list[str]) -> list[str]:
    """Which of them this text holds, at the beginning of one of its words."""
    return [word for word in among if re.search(rf"(?<![^\W_]){re.escape(word)}", text.casefold())]
