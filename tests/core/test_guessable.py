"""Passwords and PINs that are guessed first are refused; those that people may well choose are not."""

import pytest

from decisionaid.core.guessable import Weakness, is_plain_pin, weakness

PATTERNS = """
aaaaaaaaaaaa abababababab passwordpassword PasswordPassword abcdefghijkl lkjihgfedcba 123456789012 qwertyuiopasdf
aaaabbbbccccdddd 111122223333 correctcorrect zyxwvutsrqponm abcabcxyzxyz
"""
GOOD = """
a long enough password|correct horse battery|tea and toast at 8|Llanfairpwllgwyngyll|мой длинный пароль|
sixteen crows fly|hillside and lanes|zq8-kfW_aA21x|Annes plan is kept|seren a'r lleuad|moon over seas|mississippi mud
"""
PLAIN = "111111 123456 654321 121212 112233 332211 123123 257257 567890 098765 100000 122333 123321 898989"
MIXED = "246810 135791 271828 902174 190283 123987 112244"


def said(password: str) -> Weakness | None:
    return weakness(password, login="maya", name="Ann Osei-Bonsu", service="Hill Lane")


@pytest.mark.parametrize("password", PATTERNS.split())
def test_a_pattern_is_refused(password: str) -> None:
    assert said(password) is Weakness.PATTERN


@pytest.mark.parametrize("password", [text.strip() for text in GOOD.split("|")])
def test_a_few_words_are_taken(password: str) -> None:
    assert said(password) is None


@pytest.mark.parametrize(
    "password", ["Our MAYA is here", "bonsu and his tree x osei-bonsu", "we live on hill-lane", "m.a.y.a. was here"]
)
def test_what_others_know_of_this_person_is_refused(password: str) -> None:
    assert said(password) is Weakness.OWN


def test_short_is_eleven_letters() -> None:
    assert said("moon over s") is Weakness.SHORT
    assert said("moon over se") is None


@pytest.mark.parametrize("pin", PLAIN.split())
def test_a_plain_pin_is_refused(pin: str) -> None:
    assert is_plain_pin(pin)


@pytest.mark.parametrize("pin", MIXED.split())
def test_a_mixed_pin_is_taken(pin: str) -> None:
    assert not is_plain_pin(pin)
