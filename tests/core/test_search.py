"""People are found however their name, reference or telephone number is written; one reference is one."""

import pytest

from decisionaid.core.search import dialled, folded, haystack, is_found, reference_key


@pytest.mark.parametrize(
    ("name", "sought"),
    [
        ("Łukasz Żak", "lukasz"),
        ("Łukasz Żak", "ŁUKASZ żak"),
        ("Đặng Thị", "dang thi"),
        ("Søren Ørsted", "soren orsted"),
        ("Işıl Yıldız", "isil yildiz"),
        ("İpek", "ipek"),
        ("Œdipe Lœb", "oedipe loeb"),
        ("Mæve Ægir", "maeve aegir"),
        ("Anna Groß", "gross"),
        ("Anna Gross", "groß"),
        ("Guðrún Þóra", "gudrun thora"),
        ("Ħal Ŧor", "hal tor"),
        ("Siân", "sian"),
        ("Siân", "sia\u0302n"),
        ("O’Hara", "o'hara"),
        ("O'Hara", "ohara"),
        ("O‘Hara", "o´hara"),
        ("O Hara", "o'hara"),
        ("OʼHara", "o hara"),
        ("Smith-Jones", "smith jones"),
        ("Smith–Jones", "smith-jones"),
        ("Smith Jones", "smith-jones"),
        ("Smith-Jones", "smithjones"),
        ("Roel Aikin", "Aikin, Roel"),
        ("Roel Aikin", "aik ro"),
        ("Ｒｏｅｌ", "roel"),
        ("李小龍", "小龍"),
        ("Анна Іванова", "іванова"),
    ],
)
def test_a_name_is_found(name: str, sought: str) -> None:
    assert is_found(sought, haystack(name, "", "X-1", ""))


@pytest.mark.parametrize("sought", ["km0601", "KM-0601", "km 0601", "km–0601", "ＫＭ０６０１", "0601", "Katy KM0601"])
def test_a_reference_is_found(sought: str) -> None:
    assert is_found(sought, haystack("Katy Moss", "", "KM-0601", ""))


@pytest.mark.parametrize(
    "sought", ["lukas z", "aikin roel x", "-", "'", "", "  ", "960118", "km0602", "1632 960118", "Katy 01632 960117"]
)
def test_nobody_else_is(sought: str) -> None:
    assert not is_found(sought, haystack("Roel Aikin", "", "KM-0601", "01632 960117"))


@pytest.mark.parametrize(
    "written",
    ["01632 960117", "01632960117", "+44 1632 960117", "+44 (0)1632 960117", "0044 1632-960117", "(01632) 960 117"],
)
def test_a_telephone_number_is_found_however_it_is_written(written: str) -> None:
    for sought in ("01632 960117", "+441632960117", "0044 1632 960 117", "960117", "960 117", "01632.960.117"):
        assert is_found(sought, haystack("Roel Aikin", "", "X-1", written))


@pytest.mark.parametrize(("sought", "found"), [("01632 9", True), ("0163 2", False), ("0163-29", True)])
def test_five_figures_may_be_part_of_a_telephone_number_and_fewer_are_words(sought: str, *, found: bool) -> None:
    """Without its first 0 and with its spaces left out, as the number is held: 1632 9 are five."""
    assert is_found(sought, haystack("Roel Aikin", "", "KM-1", "01632 960117")) is found


def test_a_number_from_abroad_keeps_its_country() -> None:
    assert dialled("+48 22 123 45 67") == dialled("0048 22 1234567") == "48221234567"
    assert dialled("") == ""


def test_people_are_listed_by_their_names() -> None:
    people = ["Zoë", "Ådne", "Łukasz", "Adam", "Marek", "Lena"]
    assert sorted(people, key=folded) == ["Adam", "Ådne", "Lena", "Łukasz", "Marek", "Zoë"]


@pytest.mark.parametrize(
    "written", ["HL-1", "hl-1", "HL–1", "HL 1", "HL1", "ＨＬ－１", "HL—1", " hl  1", "HL\u22121", "HL\u00a01"]
)
def test_one_reference_is_one(written: str) -> None:
    assert reference_key(written) == "hl1"


@pytest.mark.parametrize(
    ("one", "other"),
    [("1-23", "12-3"), ("AB-C", "A-BC"), ("HL-1", "HL-11"), ("HL/1", "HL.1"), ("é1", "e1"), ("--", "-- 1")],
)
def test_two_are_two(one: str, other: str) -> None:
    assert reference_key(one) != reference_key(other)
    assert reference_key(one) and reference_key(other)
