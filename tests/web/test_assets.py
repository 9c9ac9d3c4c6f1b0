"""What is built for pages and plans: whole, the same each time, and found by its plain name."""

import gzip
import json
import re
from gettext import GNUTranslations
from pathlib import Path
from shutil import copy

import brotli
import pytest
from fontTools.ttLib import TTFont

from decisionaid import assets
from decisionaid.assets import Assets, AssetsFailed, AssetsMissing

DECK = {
    "cards": [{"id": "home", "pictures": ["armchair", "bed"]}],
    "options": {"one": {"picture": "stairs"}},
    "heading_pictures": {"what": "compass"},
}
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Card"\nmsgstr "Cerdyn"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return small_checkout(tmp_path / "one")


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    """What is built of it, for tests that only read."""
    return built(small_checkout(tmp_path_factory.mktemp("built") / "one"))


def small_checkout(root: Path) -> Path:
    """A program with one style sheet, one script, two pictures and one translated word."""
    static = root / "decisionaid" / "static"
    (static / "css").mkdir(parents=True)
    copy(assets.ROOT / "decisionaid/static/css/fonts.css", static / "css")
    copy(assets.ROOT / "decisionaid/static/favicon.svg", static)
    write(static / "css" / "client.css", '@import "./fonts.css";\n.card { margin-inline: 1rem; }\n')
    write(static / "js" / "saving.js", 'import { wait } from "./parts/wait.js";\nwait("saved");\n')
    write(static / "js" / "parts" / "wait.js", "export const wait = (word) => document.title.concat(word);\n")
    write(static / "icons.txt", "# Pictures\ntree\n")
    write(root / "questionnaires" / "areas" / "areas.json", json.dumps(DECK))
    write(root / "decisionaid" / "translations" / "cy" / "LC_MESSAGES" / "messages.po", PO)
    (root / "node_modules").symlink_to(assets.ROOT / "node_modules")
    return root


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def built(root: Path) -> Assets:
    assets.build(root)
    return Assets.load(root / "decisionaid" / "static" / "build")


def contents(build: Assets) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in build.folder.iterdir()}


def test_every_plain_name_leads_to_a_file_whose_name_carries_a_hash(build: Assets) -> None:
    assert {"client.css", "saving.js", "favicon.svg"} <= build.files.keys()
    for name in build.files:
        stem, suffix = name.rsplit(".", 1)
        assert re.fullmatch(rf"/static/{stem}-[0-9A-Z]{{8}}\.{suffix}", build.url(name))
        assert build.path(name).is_file()


def test_parts_of_styles_and_scripts_are_in_their_entry_and_nowhere_else(build: Assets) -> None:
    assert not {"fonts.css", "wait.js"} & build.files.keys()
    assert "concat" in build.path("saving.js").read_text()


def test_letters_are_named_apart_and_lie_beside_the_style_sheet(build: Assets) -> None:
    style = build.path("client.css").read_text()
    fonts = re.findall(r'url\("?([^")]+)"?\)', style)
    assert len(fonts) == 4
    assert all((build.folder / font).read_bytes().startswith(b"wOF2") for font in fonts)
    families = set(re.findall(r"font-family:\"?([^\";]+)\"?;.*?(latin-ext|letters)-[47]00", style))
    name = "Atkinson Hyperlegible Next"
    assert families == {(name, "letters"), (f"{name} Ext", "latin-ext")}


@pytest.mark.parametrize("weight", ["400", "700"])
def test_the_letters_of_our_languages_are_one_small_file_that_leaves_none_out(build: Assets, weight: str) -> None:
    western = assets.ROOT / assets.FONTS / f"{assets.FONT}-latin-{weight}-normal.woff2"
    joined = build.path(f"letters-{weight}.woff2")
    assert joined.stat().st_size < western.stat().st_size + 1000
    with TTFont(joined) as font, TTFont(western) as before:
        assert {ord(letter) for letter in assets.FURTHER} | before.getBestCmap().keys() == font.getBestCmap().keys()
        assert "GPOS" in font and before["hhea"].ascent == font["hhea"].ascent


def test_the_style_sheet_asks_the_joined_letters_for_each_letter_that_they_have(build: Assets) -> None:
    style = build.path("client.css").read_text()
    said = re.search(r"letters-400[^}]*unicode-range:([^;}]+)", style)
    assert said
    ranges = [part.strip().removeprefix("U+").split("-") for part in said[1].split(",")]
    asked = {code for ends in ranges for code in range(int(ends[0], 16), int(ends[-1], 16) + 1)}
    assert {ord(letter) for letter in assets.FURTHER} <= asked


def test_what_is_compressed_beforehand_opens_to_the_same(build: Assets) -> None:
    for name in ("client.css", "saving.js", "favicon.svg"):
        path = build.path(name)
        assert brotli.decompress(Path(f"{path}.br").read_bytes()) == path.read_bytes()
        assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes()


def test_the_same_sources_give_the_same_bytes_wherever_they_lie(checkout: Path, tmp_path: Path) -> None:
    assert contents(built(checkout)) == contents(built(small_checkout(tmp_path / "a place with spaces")))


def test_a_change_gives_a_new_name_and_takes_the_old_file_away(checkout: Path) -> None:
    before = built(checkout).path("client.css")
    write(checkout / "decisionaid/static/css/client.css", ".card { margin: 0; }")
    after = built(checkout).path("client.css")
    assert after.exists()
    assert not before.exists()
    assert not Path(f"{before}.br").exists()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("decisionaid/static/icons.txt", "treee\n"),
        ("questionnaires/areas/areas.json", '{"cards": [{"picture": "treee"}]}'),
        ("questionnaires/areas/areas.json", '{"picture": "../duotone/tree"}'),
    ],
)
def test_an_unknown_picture_is_named_with_the_file_that_asks_for_it(checkout: Path, file: str, text: str) -> None:
    write(checkout / file, text)
    with pytest.raises(AssetsFailed, match=rf"tree.*, named in {file}"):
        assets.build(checkout)


def test_a_fault_in_a_source_is_told_and_leaves_the_last_build_whole(checkout: Path) -> None:
    before = contents(built(checkout))
    write(checkout / "decisionaid/static/js/saving.js", 'import "./nowhere.js";')
    with pytest.raises(AssetsFailed, match=r"nowhere\.js"):
        assets.build(checkout)
    assert contents(Assets.load(checkout / "decisionaid/static/build")) == before
    assert [path.name for path in (checkout / "decisionaid/static").glob(".build-*")] == []


def test_pictures_of_pages_and_of_decks_become_inline_svg(build: Assets) -> None:
    assert build.icons.keys() == {"tree", "armchair", "bed", "stairs", "compass"}
    assert build.icon("tree").startswith('<svg class="icon" aria-hidden="true" focusable="false" viewBox="0 0 256 256"')
    assert build.icon("armchair", "large").startswith('<svg class="icon large" ')
    assert build.icon("tree").count("<svg") == build.icon("tree").count("</svg>") == 1
    assert "style=" not in build.icon("tree")


@pytest.mark.parametrize(
    ("drawn", "rounded"),
    [
        ("M1.41.59,8", "M1.4 0.6,8"),
        ("l.97.02-3.456Z", "l1 0-3.5Z"),
        ("a8,8,0,0,1,11-11.63.26.25", "a8,8,0,0,1,11-11.6 0.3 0.2"),
        ('opacity="0.2"', 'opacity="0.2"'),
    ],
)
def test_pictures_are_drawn_to_a_tenth(drawn: str, rounded: str) -> None:
    assert assets._rounded(drawn) == rounded


def test_each_icon_that_a_template_names_is_listed() -> None:
    asked = re.compile(r"""(?:icon\(|\b(?:before|after|picture|icon_name) ?= ?)["']([a-z-]+)["']""")
    pages = sorted((assets.ROOT / "templates").rglob("*.html"))
    names = {name for page in pages for name in asked.findall(page.read_text("utf-8"))}
    assert names
    assert names <= assets.icon_names(assets.ROOT).keys(), "add these to decisionaid/static/icons.txt"


def test_catalogues_are_compiled(checkout: Path) -> None:
    assets.build(checkout)
    with (checkout / "decisionaid/translations/cy/LC_MESSAGES/messages.mo").open("rb") as compiled:
        assert GNUTranslations(compiled).gettext("Card") == "Cerdyn"


def test_without_a_build_the_reader_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match=r"run \./run, or `decisionaid assets`"):
        Assets.load(tmp_path)


def test_an_unknown_name_is_refused(build: Assets) -> None:
    with pytest.raises(AssetsMissing, match=r"nothing\.css"):
        build.url("nothing.css")
    with pytest.raises(AssetsMissing, match="armchairs"):
        build.icon("armchairs")


def test_the_programs_own_build_has_each_picture_and_calls_no_other_host() -> None:
    build = Assets.load()
    assert assets.icon_names(assets.ROOT).keys() == build.icons.keys()
    for name in build.files:
        if name.endswith((".css", ".js")):
            text = build.path(name).read_text("utf-8").replace("http://www.w3.org/", "")
            assert not re.search(r"https?:|url\(\"?//", text), name
