"""What a printed plan looks like and what it reads out, found by tools that have no part in making it (poppler)."""

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, groupby
from pathlib import Path

import pikepdf
from bs4 import BeautifulSoup
from PIL import Image, ImageOps

FOOT = 15
"""The most words in the foot of a page; a page has more."""
MARGINS = (17.0, 14.0, 17.0, 8.0)
"""Left, top, right and under the foot, in mm: what the plan leaves white, and every printer can."""
POINTS = 72 / 25.4
FIRST_LINE = (MARGINS[1] + 2) * POINTS
"""Above where the first line of a page begins, in points."""
INK = 40
"""From which darkness (of 255) a dot counts, so that the soft edge of a line does not."""


@lru_cache(maxsize=16)
def tool(name: str, pdf: bytes, *options: str) -> str:
    """What a tool says of a file; asked once, however many tests look at the same file."""
    return subprocess.run([name, *options], input=pdf, capture_output=True, check=True).stdout.decode()


def tokens(text: str) -> list[str]:
    """The words of a text, without what stands between them."""
    return re.findall(r"\w+", text)


def fact(pdf: bytes, name: str) -> str:
    """One line of what pdfinfo tells."""
    return next(line.partition(":")[2].strip() for line in tool("pdfinfo", pdf, "-").splitlines() if name + ":" in line)


def text_of(html: str, without: str = "svg") -> list[str]:
    """The words of a page, less these parts: those that stand for a picture, if nothing else is said."""
    page = BeautifulSoup(html, "html.parser")
    for part in page.select(without):
        part.decompose()
    return tokens(page.get_text(" "))


# What it looks like


@dataclass(frozen=True)
class Word:
    """A word on a page, in points from its top left corner."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Word") -> bool:
        """Whether the middle thirds of the letters lie on each other."""
        mine, theirs = (self.bottom - self.top) / 3, (other.bottom - other.top) / 3
        beside = self.right <= other.left + 0.5 or other.right <= self.left + 0.5
        under = self.bottom - mine <= other.top + theirs or other.bottom - theirs <= self.top + mine
        return not beside and not under

    def beside(self, other: "Word") -> bool:
        """Whether the other begins to its right, on the same line; or over the page, on the first."""
        same = self.page == other.page and abs(self.bottom - other.bottom) < 3
        over = self.page + 1 == other.page and other.top < FIRST_LINE
        return self.left < other.left and (same or over)


def words_of(pdf: bytes) -> list[Word]:
    """Every word that can be seen; what is a point high, as captions are, is there to be heard."""
    root = ET.fromstring(tool("pdftotext", pdf, "-bbox", "-", "-"))  # noqa: S314 - written by the tool just run
    found = []
    for number, page in enumerate(root.iter("{http://www.w3.org/1999/xhtml}page"), start=1):
        for word in page:
            left, top, right, bottom = (float(word.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax"))
            if bottom - top > 4:
                found.append(Word(number, word.text or "", left, top, right, bottom))
    return found


def collisions(words: list[Word]) -> list[tuple[str, str]]:
    """Words of one page that are printed over one another."""
    return [
        (a.text, b.text)
        for _, page in groupby(words, key=lambda word: word.page)
        for a, b in combinations(page, 2)
        if a.covers(b)
    ]


def out_of_step(words: list[Word], html: str) -> list[str]:
    """Names of facts whose words do not begin beside the name."""
    found = []
    for name in BeautifulSoup(html, "html.parser").select(".plan-facts > dt"):
        said = name.find_next_sibling("dd")
        assert said is not None
        first, begins = name.get_text().split()[0], said.get_text().split()[0]
        pairs = [(a, b) for a in words if a.text == first for b in words if b.text == begins]
        if not any(a.beside(b) for a, b in pairs):
            found.append(name.get_text())
    return found


def faults_of_pages(pdf: bytes, folder: Path) -> list[str]:
    """Pages that are not A4, pages with nothing on them, or with something beyond the margins."""
    size = fact(pdf, "Page size")
    found = [] if size.endswith("(A4)") else [size]
    shown = _pictures(pdf, folder)
    texts = tool("pdftotext", pdf, "-", "-").split("\f")[: len(shown)]
    left, top, right, bottom = (round(side * POINTS) - 1 for side in MARGINS)
    for number, (picture, text) in enumerate(zip(shown, texts, strict=True), start=1):
        ink = picture.point(lambda dark: 255 * (dark > INK)).getbbox()
        if ink is None or len(text.split()) <= FOOT:
            found.append(f"page {number} is empty")
        elif ink[0] < left or ink[1] < top or ink[2] > picture.width - right or ink[3] > picture.height - bottom:
            found.append(f"page {number} goes over its margins")
    return found


def _pictures(pdf: bytes, folder: Path) -> list[Image.Image]:
    """Each page, a dot a point; the darker the higher."""
    (folder / "paper.pdf").write_bytes(pdf)
    for old in folder.glob("page*.pgm"):
        old.unlink()
    subprocess.run(["pdftoppm", "-r", "72", "-gray", folder / "paper.pdf", folder / "page"], check=True)
    return [ImageOps.invert(Image.open(file)) for file in sorted(folder.glob("page*.pgm"))]


# What it reads out


def heard(pdf: bytes) -> str:
    """The text in the order in which the tags have it; spaces and line ends are not to be relied on."""
    return "\n".join(re.findall(r'^ *"(.*)"$', tool("pdfinfo", pdf, "-struct-text", "-"), re.MULTILINE))


def reads_out(pdf: bytes, html: str) -> bool:
    """Whether the words of a text are heard one after the other, with nothing between."""
    words, signed = tokens(heard(pdf)), text_of(html)
    return any(words[start : start + len(signed)] == signed for start in range(len(words)))


def faults_of_tags(pdf: bytes, html: str, language: str) -> list[str]:
    """Where the tags say something else than the text that was signed, or cannot be relied on."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        if "/StructTreeRoot" not in file.Root:
            return ["no tags"]
        tags = list(_elements(file.Root.StructTreeRoot.K))
        found = _headings(tags, html) + _tables(tags) + _figures(tags, html)
        if str(file.Root.get("/Lang", "")) != language:
            found.append("another language")
        if any("/Annots" in page for page in file.pages):
            found.append("something to press")
        return found


def faults_of_fonts(pdf: bytes) -> list[str]:
    """Fonts that are not in the file, or whose letters cannot be taken out again."""
    rows = tool("pdffonts", pdf, "-").splitlines()[2:]
    whole = re.compile(r" yes +yes +yes +\d+ +\d+$")
    return [row for row in rows if not whole.search(row)] if rows else ["no font"]


def _elements(kids: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element of the tree, in order."""
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid.get("/K", pikepdf.Array()))


def _headings(tags: list[pikepdf.Dictionary], html: str) -> list[str]:
    levels = [str(tag.S) for tag in tags if re.fullmatch(r"/H\d", str(tag.S))]
    wanted = [f"/{tag.name.upper()}" for tag in BeautifulSoup(html, "html.parser").find_all(re.compile(r"^h\d$"))]
    wanted += ["/H2", "/H3", "/H3"]  # where both sign
    return [] if levels == wanted else [f"headings {levels}, not {wanted}"]


def _tables(tags: list[pikepdf.Dictionary]) -> list[str]:
    """Each cell says under which header of its row and of its column it stands."""
    ids = {bytes(tag.ID) for tag in tags if tag.S == "/TH" and "/ID" in tag}
    cells = [tag.A.get("/Headers", pikepdf.Array()) for tag in tags if tag.S == "/TD"]
    return ["a cell without its two headers" for named in cells if len({bytes(h) for h in named} & ids) < 2]


def _figures(tags: list[pikepdf.Dictionary], html: str) -> list[str]:
    said = [str(tag.get("/Alt", "")) for tag in tags if tag.S == "/Figure"]
    wanted = [title.get_text() for title in BeautifulSoup(html, "html.parser").select("svg title")]
    return [] if said == wanted else [f"pictures read out as {said}, not {wanted}"]
