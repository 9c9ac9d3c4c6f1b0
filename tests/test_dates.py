"""The months of one language are never printed in another."""

import subprocess
import sys

MONTHS = """
from datetime import date
from babel import Locale
from babel.dates import format_date
from decisionaid.i18n import _locale_of
for name in ("he_IL", "cy_GB", "pl_PL"):
    print(format_date(date(2026, 11, 1), "LLLL", locale={way}(name)))
"""
"""In a process of its own, as Babel keeps what it has once read."""


def months(way: str) -> list[str]:
    asked = [sys.executable, "-c", MONTHS.replace("{way}", way)]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()


def test_each_language_has_its_own_months() -> None:
    assert months("_locale_of") == ["נובמבר", "Tachwedd", "listopad"]


def test_control_with_the_locales_as_babel_gives_them_welsh_has_hebrew_months() -> None:
    assert months("Locale.parse")[1] == "נובמבר"
