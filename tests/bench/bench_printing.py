"""What printing costs: a four-page plan, cold, warm and twenty at once, beside WeasyPrint on its own.

Run with `python tests/bench/bench_printing.py [stylesheet [folder of fonts]]`; in one process alone the page is laid
out with the same styles, without tags, checks or a process between.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import weasyprint

from decisionaid.printing import PdfPool

STYLES = """
@page { size: A4; margin: 20mm; @bottom-center { content: counter(page) " / " counter(pages) } }
body { font: 11pt "Noto Sans", sans-serif }
table { border-collapse: collapse; table-layout: fixed; width: 100% }
th, td { border: 1px solid; padding: 2mm; text-align: left }
"""
STEP = "<tr><th scope=row>Step {n}</th><td>Walk to the shop, call a friend, note it. ŵ ŷ â<td>Sam<td>3 May"
PART = "<h2>Part {n}</h2><p>{words}</p><table><caption>Steps</caption><tr>{heads}</tr>{steps}</table>"


def plan() -> str:
    """Four pages with two tables."""
    heads = "".join(f"<th scope=col>{name}" for name in ("Goal", "What", "Who", "When"))
    steps = "".join(STEP.format(n=n) for n in range(16))
    words = "How the week went, in a few more words. " * 20
    parts = "".join(PART.format(n=n, words=words, heads=heads, steps=steps) for n in range(2))
    return f"<html lang=en><title>Plan</title><h1>Plan</h1>{parts}</html>"


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


@contextmanager
def styles() -> Iterator[tuple[Path, Path]]:
    """The stylesheet and folder of fonts named on the command line, or plain ones."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "print.css"
        plain.write_text(STYLES)
        stylesheet = Path(sys.argv[1]) if sys.argv[1:] else plain
        yield stylesheet, Path(sys.argv[2]) if sys.argv[2:] else stylesheet.parent


def main() -> None:
    page = plan()
    with styles() as (stylesheet, font_dir):
        pool = PdfPool(stylesheet=stylesheet, font_dir=font_dir)

        def print_one() -> bytes:
            return pool.pdf(page, language="en", title="Plan")

        first = milliseconds(print_one)
        warm = [milliseconds(print_one) for _ in range(20)]
        with ThreadPoolExecutor(20) as callers:
            twenty = milliseconds(lambda: list(callers.map(lambda _: print_one(), range(20))))
        size = len(print_one())
        pool.close()
    bare = [milliseconds(weasyprint.HTML(string=f"<style>{STYLES}</style>{page}").write_pdf) for _ in range(8)]
    print(f"first, with the start of a process  {first:6.0f} ms   (bound 1000)")
    print(f"warm, median of 20                  {median(warm):6.0f} ms   (bound 300; slowest {max(warm):.0f})")
    print(
        f"WeasyPrint alone, median of 8       {median(bare):6.0f} ms   (warm / alone {median(warm) / median(bare):.2f})"
    )
    print(f"twenty at once, two processes       {twenty:6.0f} ms   ({20_000 / twenty:.1f} a second)")
    print(f"size                                {size / 1000:6.1f} kB   (bound 100)")


if __name__ == "__main__":
    main()
