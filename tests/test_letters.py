"""Whatever letters people type, a plan that was signed has its paper."""

import io
import subprocess

import pikepdf
import pytest

from decisionaid.printing import PdfPool
from decisionaid.printing.typesetter import spelled_out

PAGE = "<!doctype html><html lang=en><title>-</title><h1>My plan</h1><p>Before {} after</p>"


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def claims(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return b"pdfaid" in file.Root.Metadata.read_bytes() if "/Metadata" in file.Root else False


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Żółw", "Żółw"),
        ("Сергій", "Сергій"),
        ("5 °C", "5 °C"),
        ("\N{OTTER}", "[otter]"),
        ("\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}", "[man][woman][girl]"),
        ("\N{WAVING HAND SIGN}\U0001f3fd", "[waving hand sign]"),
    ],
)
def test_letters_print_or_are_spelled_out(pdf_pool: PdfPool, typed: str, printed: str) -> None:
    pdf = pdf_pool.pdf(PAGE.format(f"{typed} \N{OTTER}"), language="en", title="-")
    assert f"Before {printed} [otter] after" in text_of(pdf)
    assert claims(pdf)


@pytest.mark.parametrize("typed", ["हिन्दी", "漢字"])
def test_letters_that_cannot_be_kept_print_without_the_claim(pdf_pool: PdfPool, typed: str) -> None:
    pdf = pdf_pool.pdf(PAGE.format(typed), language="en", title="-")
    assert "My plan" in text_of(pdf) and "after" in text_of(pdf)
    assert not claims(pdf)


def test_letters_that_run_the_other_way_are_kept(pdf_pool: PdfPool) -> None:
    assert claims(pdf_pool.pdf(PAGE.format("تارا"), language="en", title="-"))


def test_what_can_be_set_is_left_as_it_is(pdf_pool: PdfPool) -> None:
    assert "Before ✓ after" in text_of(pdf_pool.pdf(PAGE.format("✓"), language="en", title="-"))


def test_letters_are_never_names() -> None:
    words = "Ŵy Łódź Ünal 漢字 हिन्दी 123 <b>&amp;</b> – “quoted”"
    assert spelled_out(words) == words
