"""What a closed browser has left in the folder of its profile."""

import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import brotli

GZIP = rb"\x1f\x8b\x08"

CACHE_HEADER = 24
"""Bytes before the address that a kept answer begins with; the length of the address stands in the bytes from 12 on."""


def words_in(profile: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """Each word that some file holds, as it was typed, in two bytes a letter, or packed; with the files."""
    wanted = list(words)
    found: dict[str, list[str]] = {}
    for path in (path for path in profile.rglob("*") if path.is_file() and not path.is_symlink()):
        kept = [path.read_bytes()]
        kept += _unpacked(kept[0])
        for word in wanted:
            spelt = [word.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
            if any(each in data for each in spelt for data in kept):
                found.setdefault(word, []).append(path.relative_to(profile).as_posix())
    return found


def history(profile: Path) -> list[tuple[str, str]]:
    """The addresses and titles that the browser remembers."""
    with sqlite3.connect(f"file:{profile}/Default/History?mode=ro&immutable=1", uri=True) as kept:
        rows = kept.execute("SELECT url, title FROM urls").fetchall()
    return [(str(url), str(title)) for url, title in rows]


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The insides of a kept answer that was sent small."""
    start = CACHE_HEADER + int.from_bytes(data[12:16], "little")
    if b"content-encoding:br" in data.lower().replace(b": ", b":") and start < len(data):
        yield _unbrotlied(data[start:])
    for packed in re.finditer(GZIP, data):
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(data[packed.start() :])


def _unbrotlied(data: bytes) -> bytes:
    """As much as there is of it, before what the browser wrote after."""
    reader, whole = brotli.Decompressor(), b""
    with suppress(brotli.error):
        for at in range(0, len(data), 64):
            whole += reader.process(data[at : at + 64])
    return whole
