"""Styles, scripts, letters and icons: built by `decisionaid assets`, read by what shows a page or prints a plan.

Styles and scripts are bundled by esbuild, under names that carry a hash of what is in them: a browser may keep them for
ever.
"""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import brotli
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
"""The checkout; a build needs its node_modules."""

BUILD = Path(__file__).parent / "static" / "build"
"""Where what was built lies."""

URL = "/static/"
"""Where the program serves what was built."""

STYLE_PARTS = {
    "base", "card", "client-parts", "components", "desk-parts", "fields", "fonts", "reading", "together-parts",
    "tokens",
}  # fmt: skip
"""Style sheets that only others import; each of the rest is an entry."""

ESBUILD_OPTIONS = """
--bundle --minify --format=esm --target=es2021,chrome99,firefox97,safari15.4 --entry-names=[name]-[hash]
--asset-names=[name]-[hash] --loader:.woff2=file --loader:.svg=copy --legal-comments=none --log-level=warning
""".split()  # noqa: SIM905 - it reads as the command line that it is
"""The target is the first of each browser that knows cascade layers."""

COMPRESSED = {".css", ".js", ".svg"}
"""What is worth compressing; letters already are."""

FONT = "atkinson-hyperlegible-next"
FONTS = Path("node_modules/@fontsource") / FONT / "files"

FURTHER = "ŴŵŶŷẀẁẂẃẄẅỲỳŸĄąĆćĘęŁłŃńŚśŹźŻż"
"""What Welsh and Polish need beyond Western European letters. They are set among these, at half a kilobyte; the file
for all of Europe has 7, and would be one more to fetch. `css/fonts.css` says the same in numbers."""

ICONS = Path("node_modules/@phosphor-icons/core/assets/duotone")

ICON = '<svg class="{cls}" aria-hidden="true" focusable="false" viewBox="0 0 256 256" fill="currentColor">{svg}</svg>'


class AssetsFailed(Exception):
    """A build could not be made; the text says what to change."""


class AssetsMissing(Exception):
    """There is no build to read, or not that file in it; the text says what to run."""


@dataclass(frozen=True)
class Assets:
    """A build. `files` maps a plain name ("client.css") to its hashed one, `icons` a name to the inside of its svg."""

    folder: Path
    files: Mapping[str, str]
    icons: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path = BUILD) -> Self:
        """Read a build; raises AssetsMissing where there is none."""
        try:
            return cls(folder, _json(folder / "manifest.json"), _json(folder / "icons.json"))
        except FileNotFoundError as missing:
            raise AssetsMissing(f"Nothing is built in {folder}: run ./run, or `decisionaid assets`.") from missing

    def url(self, name: str) -> str:
        """The address of a file, as "/static/client-2QWERTY3.css"."""
        return URL + self._file(name)

    def path(self, name: str) -> Path:
        """The file itself, for what reads it from disk."""
        return self.folder / self._file(name)

    def icon(self, name: str, cls: str = "") -> str:
        """An icon as inline svg in the colour of the text around it; decoration, so a screen reader passes over it.

        `cls` is one more class, from a template and not from input.
        """
        if name not in self.icons:
            raise AssetsMissing(
                f"No icon {name!r}: add it to decisionaid/static/icons.txt, then run `decisionaid assets`."
            )
        return ICON.format(cls=f"icon {cls}".rstrip(), svg=self.icons[name])

    def _file(self, name: str) -> str:
        try:
            return self.files[name]
        except KeyError:
            raise AssetsMissing(f"No {name!r} in {self.folder}: run `decisionaid assets`.") from None


def build(root: Path = ROOT) -> None:
    """Build everything of the checkout at `root`. The same sources give the same bytes.

    Raises:
        AssetsFailed: a fault in a source, or a package that is not there.
    """
    compile_catalogues(root / "decisionaid" / "translations")
    static = root / "decisionaid" / "static"
    icons = _icons(root, icon_names(root))
    with TemporaryDirectory(dir=static, prefix=".build-") as temporary:
        fresh = Path(temporary)
        with TemporaryDirectory(dir=static, prefix=".letters-") as letters:
            _join_letters(root / FONTS, Path(letters))
            manifest = _bundle(root, _entries(static), fresh, Path(letters))
        for path in sorted(fresh.iterdir()):
            _compress(path)
        _write(fresh / "icons.json", icons)
        _write(fresh / "manifest.json", manifest)
        _replace(static / "build", fresh)


def compile_catalogues(translations: Path) -> None:
    """Write the .mo beside each .po."""
    for source in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as words:
            catalogue = read_po(words)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


def icon_names(root: Path) -> dict[str, str]:
    """Every icon that pages or decks use, with the file that names it first (as said from `root`)."""
    listed = root / "decisionaid" / "static" / "icons.txt"
    lines = listed.read_text("utf-8").splitlines() if listed.exists() else []
    names = {name: "decisionaid/static/icons.txt" for line in lines if (name := line.partition("#")[0].strip())}
    for deck in sorted((root / "questionnaires").glob("*/*.json")):
        for name in _pictures(json.loads(deck.read_text("utf-8"))):
            names.setdefault(name, deck.relative_to(root).as_posix())
    return dict(sorted(names.items()))


def _pictures(value: Any, named: bool = False) -> Iterator[str]:
    """Each text under a key "picture", "pictures" or "…_pictures", however deep."""
    if isinstance(value, str) and named:
        yield value
    elif isinstance(value, (list, dict)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _pictures(inner, named or str(key).endswith(("picture", "pictures")))


def _icons(root: Path, names: Mapping[str, str]) -> dict[str, str]:
    folder = root / ICONS
    if not folder.is_dir():
        raise AssetsFailed(f"No icons in {folder}: run `npm ci --ignore-scripts`.")
    known = {path.name.removesuffix("-duotone.svg"): path for path in folder.glob("*-duotone.svg")}
    unknown = [f"  {name!r}, named in {where}" for name, where in names.items() if name not in known]
    if unknown:
        raise AssetsFailed("The icon package has no such picture:\n" + "\n".join(unknown))
    return {name: _rounded(_inside(known[name].read_text("utf-8"))) for name in names}


def _inside(svg: str) -> str:
    """What stands between <svg …> and </svg>."""
    return re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.DOTALL).strip()


def _rounded(svg: str) -> str:
    """Drawn to a tenth of a 256th part: an edge moves by less than a pixel, and a page may hold thirty pictures."""
    apart = re.sub(r"(\.\d+)(?=\.)", r"\1 ", svg)  # as in "1.41.59", which is two numbers
    return re.sub(r"-?\d*\.\d{2,}", lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), apart)


def _entries(static: Path) -> list[Path]:
    """What a page asks for by name: style sheets, the scripts that lie directly in js/, and the picture of a tab."""
    styles = [path for path in static.glob("css/*.css") if path.stem not in STYLE_PARTS]
    return sorted([*styles, *static.glob("js/*.js"), *static.glob("*.svg")])


def _join_letters(fonts: Path, folder: Path) -> None:
    """Write the letters of our languages in each weight; style sheets find them as "our-letters/letters-400.woff2"."""
    from fontTools import merge, subset  # takes 0.2 seconds, and whoever only reads a build never needs it

    options = subset.Options(flavor="woff2")
    for weight in ("400", "700"):
        western, european = (fonts / f"{FONT}-{part}-{weight}-normal.woff2" for part in ("latin", "latin-ext"))
        further, joined = folder / f"further-{weight}.woff2", folder / f"letters-{weight}.woff2"
        with subset.load_font(european, options) as font:
            cutter = subset.Subsetter(options)
            cutter.populate(text=FURTHER)
            cutter.subset(font)
            subset.save_font(font, further, options)
            made = font["head"].created
        with merge.Merger().merge([western, further]) as font:
            # The same sources give the same bytes: no time of the build is in them.
            font["head"].created = font["head"].modified = made
            font.recalcTimestamp = False
            subset.save_font(font, joined, options)


def _bundle(root: Path, entries: list[Path], folder: Path, letters: Path) -> dict[str, str]:
    """Let esbuild write `entries` and all that they import; returns what each is called now."""
    if not entries:
        return {}
    told = folder / "told.json"
    relative = [path.relative_to(root).as_posix() for path in entries]
    where = (f"--outdir={folder}", f"--metafile={told}", f"--alias:our-letters={letters}")
    command = [_esbuild(root), *relative, *ESBUILD_OPTIONS, *where]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode or done.stderr.strip():
        raise AssetsFailed(done.stderr.strip())
    outputs = _json(told)["outputs"]
    told.unlink()
    return dict(sorted((_plain_name(output), Path(name).name) for name, output in outputs.items()))


def _esbuild(root: Path) -> str:
    """The bundler's own program: npm fetches the one for this machine, so node is not needed to run it."""
    for program in sorted((root / "node_modules" / "@esbuild").glob("*/bin/esbuild")):
        return str(program)
    raise AssetsFailed(f"No esbuild in {root / 'node_modules'}: run `npm ci --ignore-scripts`.")


def _plain_name(output: Mapping[str, Any]) -> str:
    source = output.get("entryPoint") or next(iter(output["inputs"]))
    return Path(source).name


def _compress(path: Path) -> None:
    """Put path.br and path.gz beside `path`, for a server to send as they are."""
    if path.suffix in COMPRESSED:
        plain = path.read_bytes()
        Path(f"{path}.br").write_bytes(brotli.compress(plain, quality=11))
        Path(f"{path}.gz").write_bytes(gzip.compress(plain, compresslevel=9, mtime=0))


def _replace(folder: Path, fresh: Path) -> None:
    """Move `fresh` into `folder`, the manifest last: whoever reads meanwhile finds the old build or the new, whole."""
    folder.mkdir(exist_ok=True)
    names = {path.name for path in fresh.iterdir()}
    for name in sorted(names, key=lambda name: (name == "manifest.json", name)):
        (fresh / name).replace(folder / name)
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink()


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _write(path: Path, value: Mapping[str, str]) -> None:
    path.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    # As a file of its own, so that ./run can build before all the rest can be imported.
    try:
        build()
    except AssetsFailed as failed:
        sys.exit(str(failed))
