"""Printing: what comes out can be read by everyone, and what goes in cannot reach out."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import page as checker
import pikepdf
import pytest

from decisionaid.printing import NotAccessible, PdfPool, PrinterBusy, PrintFailed, PrintTookTooLong
from decisionaid.printing.pool import PER_SEAT

STAMP = datetime(2031, 5, 4, 9, 30, tzinfo=UTC)
STYLES = """
@page { size: A4; margin: 20mm; @bottom-center { content: counter(page) "/" counter(pages); font-family: "Noto Sans" } }
body { font: 11pt "Noto Sans", sans-serif }
table { border-collapse: collapse; table-layout: fixed; width: 100% }
th, td { border: 1px solid; padding: 2mm; text-align: left }
caption { break-after: avoid }
"""
SECRET = "the-canary-sings"


def plan(body: str, language: str = "en") -> str:
    return f'<!doctype html><html lang="{language}"><head><title>-</title></head><body>{body}</body></html>'


def text(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def children() -> dict[int, str]:
    """This process's children: id and state ("Z" for a zombie)."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == os.getpid():
            found[int(stat.parent.name)] = state
    return found


@pytest.fixture(scope="module")
def stylesheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("styles") / "print.css"
    file.write_text(STYLES)
    return file


@pytest.fixture(scope="module")
def pool(stylesheet: Path) -> Iterator[PdfPool]:
    pool = PdfPool(stylesheets={"print": stylesheet}, seconds=10)
    pool.warm()
    yield pool
    pool.close()


# What comes out


def test_is_tagged_named_and_in_its_language(pool: PdfPool) -> None:
    page = plan("<h1>My plan</h1><table><caption>Steps</caption><tr><th scope=row>One<td>Walk</table>")
    pdf = pikepdf.open(io.BytesIO(pool.pdf(page, language="cy", title="Plan", stamp=STAMP)))
    assert pdf.Root.StructTreeRoot.K
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.Lang == "cy"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert {str(key): str(value) for key, value in pdf.docinfo.items() if key != "/Producer"} == {
        "/Title": "Plan",
        "/CreationDate": "D:20310504093000Z",
        "/ModDate": "D:20310504093000Z",
    }


def test_says_that_it_is_both_pdf_a_3a_and_pdf_ua_1(pool: PdfPool) -> None:
    pdf = pikepdf.open(io.BytesIO(pool.pdf(plan("<h1>Plan</h1>"), language="en", title="Plan")))
    with pdf.open_metadata() as metadata:
        said = {name: metadata[name] for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")}
    assert said == {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}


def test_a_page_that_not_everyone_can_read_is_refused(pool: PdfPool) -> None:
    with pytest.raises(NotAccessible) as refused:
        pool.pdf(
            plan("<h1>Plan</h1><svg width=9 height=9><rect width=9 height=9 /></svg>"), language="en", title="Plan"
        )
    assert refused.value.faults
    pool.pdf(
        plan("<h1>Plan</h1><svg width=9 height=9><title>A square</title><rect width=9 height=9 /></svg>"),
        language="en",
        title="Plan",
    )


def test_a_stream_that_ends_in_a_return_is_no_fault(pool: PdfPool) -> None:
    """One file in thirty has one; the checker alone would refuse it."""
    files = [
        pool.pdf(plan(f"<h1>Plan {n}</h1>"), language="en", title="Plan", stamp=STAMP + timedelta(seconds=n))
        for n in range(100)
    ]
    odd = [file for file in files if b"\r\nendstream" in file]
    assert odd
    assert not any(checker.is_pdf_compliant_bytes(file, profile="3a") for file in odd)
    assert all(checker.is_pdf_compliant_bytes(file, profile="ua1") for file in files)
    for file in odd:
        assert pikepdf.open(io.BytesIO(file)).check_pdf_syntax() == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "I will walk to the shop on Tuesday."), ("cy", "Mae'r tŷ yn agos; dŵr, gŵyl, tân, ŵ ŷ â ê î ô û ï Ŵ Ŷ Â")],
)
def test_the_words_can_be_taken_out_again(pool: PdfPool, language: str, words: str) -> None:
    pdf = pool.pdf(plan(f"<h1>-</h1><p>{words}</p>", language), language=language, title="Plan")
    assert words in " ".join(text(pdf).split())


def test_the_same_page_and_stamp_give_the_same_bytes_in_every_process(stylesheet: Path) -> None:
    page = plan("<h1>Plan</h1><p><b>Walk</b> <i>slowly</i></p>")
    copies = set()
    for _ in range(2):
        single = PdfPool(stylesheets={"print": stylesheet}, processes=1)
        copies |= {single.pdf(page, language="en", title="Plan", stamp=STAMP) for _ in range(2)}
        single.close()
    assert len(copies) == 1


def test_a_stamp_without_time_zone_is_refused(pool: PdfPool) -> None:
    with pytest.raises(ValueError, match="time zone"):
        pool.pdf(plan("<h1>Plan</h1>"), language="en", title="Plan", stamp=STAMP.replace(tzinfo=None))


def test_the_page_cannot_describe_the_file(pool: PdfPool) -> None:
    page = (
        "<html><title>telling</title><meta name=author content=telling><meta name=keywords content=telling><h1>-</h1>"
    )
    pdf = pikepdf.open(io.BytesIO(pool.pdf(page, language="en", title="Plan")))
    assert "telling" not in str(dict(pdf.docinfo.items())) + pdf.Root.Metadata.read_bytes().decode()


def test_what_lies_beside_the_stylesheet_is_used_and_nothing_further(tmp_path: Path) -> None:
    folder = tmp_path / "build"
    folder.mkdir()
    installed = subprocess.run(["fc-match", "-f", "%{file}", "Noto Serif"], capture_output=True, check=True)
    shutil.copy(installed.stdout.decode(), folder / "letters.ttf")
    for place, word in ((folder, "inside"), (tmp_path, "beside")):
        (place / f"{word}.svg").write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">{word}</text></svg>'
        )
    face = (
        "@layer base { @font-face { font-family: Packaged; src: url(./letters.ttf) } body { font-family: Packaged } }"
    )
    (folder / "print.css").write_text(face)
    pool = PdfPool(stylesheets={"print": folder / "print.css"}, processes=1)
    page = plan('<h1>-</h1><img src="asset:inside.svg" alt="In"><img src="asset:../beside.svg" alt="Out">')
    pdf = pool.pdf(page, language="en", title="Plan")
    pool.close()
    assert "inside" in text(pdf)
    assert "beside" not in text(pdf)
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "+Packaged" in fonts


# What goes in


class Watch:
    """Counts opens of any file in a folder, by any process (Linux inotify)."""

    OPENED = 0x20

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        for file in folder.iterdir():
            assert libc.inotify_add_watch(self._descriptor, bytes(file), self.OPENED) > 0

    def opens(self) -> int:
        """How many since the last call."""
        if not select.select([self._descriptor], [], [], 0)[0]:
            return 0
        return len(os.read(self._descriptor, 2**16)) // 16

    def close(self) -> None:
        os.close(self._descriptor)


class Listener:
    """A server that counts who calls."""

    def __init__(self) -> None:
        self.hits = 0
        listener = self

        class Count(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.hits += 1
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Count)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


REACHING_OUT = [
    '<img src="{at}" alt="-">',
    '<img src="{at}#x" alt="-">',
    '<img src="{at}?x=1" alt="-">',
    '<link rel=stylesheet href="{at}">',
    '<link rel=attachment href="{at}">',
    '<a rel=attachment href="{at}">x</a>',
    '<object data="{at}" type="image/svg+xml">x</object>',
    '<embed src="{at}" type="image/png">',
    "<style>@import url({at});</style>",
    '<style>@import "{at}" print;</style>',
    "<style>@font-face {{ font-family: f; src: url({at}) }} p {{ font-family: f }}</style><p>x</p>",
    "<style>@color-profile --f {{ src: url({at}) }}</style>",
    '<p style="background: url({at})">x</p>',
    '<p style="background-image: url({at}), url({at})">x</p>',
    '<ul><li style="list-style-image: url({at})">x</ul>',
    '<p style="content: url({at})">x</p>',
    "<style>p::before {{ content: url({at}) }}</style><p>x</p>",
    "<style>@page {{ background: url({at}); @top-left {{ content: url({at}) }} }}</style>",
    '<p style="border-image: url({at}) 1">x</p>',
    '<svg width=9 height=9><title>x</title><image href="{at}" width=9 height=9 /></svg>',
    '<svg width=9 height=9><title>x</title><image xlink:href="{at}" width=9 height=9 /></svg>',
    '<svg width=9 height=9><title>x</title><use href="{at}#a" /></svg>',
    "<svg width=9 height=9><title>x</title><style>@import url({at});</style><rect width=9 height=9 /></svg>",
]
HOSTILE_OTHERWISE = [
    '<iframe src="{file}"></iframe><iframe src="{web}"></iframe>',
    '<script>fetch("{web}")</script><script src="{web}"></script>',
    '<p onclick="x()" onload="fetch(\'{web}\')">x</p>',
    '<base href="{web}/"><img src="a.png" alt="-"><link rel=stylesheet href="b.css">',
    '<base href="{file}"><img src="secret.png" alt="-">',
    '<meta http-equiv=refresh content="0; url={web}"><video src="{web}" poster="{web}"></video>',
    '<img src="file:///etc/passwd" alt="-"><link rel=attachment href="file:///etc/passwd">',
    '<img src="FILE://localhost/etc/passwd" alt="-"><img src="/etc/passwd" alt="-"><img src="../etc/passwd" alt="-">',
    '<img src="asset:/etc/passwd" alt="-"><img src="asset:../../../../etc/passwd" alt="-"><img src="asset:" alt="-">',
    '<img src="ftp://127.0.0.1/a" alt="-"><img src="gopher://127.0.0.1/" alt="-"><img src="//127.0.0.1/a" alt="-">',
    """<img alt="-" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Cuse href='{web}'/%3E">""",
    '<link rel=stylesheet href="data:text/css,@import url({web});"><link rel=attachment href="data:,x">',
    '<img src="data:image/png;base64,AAAA" alt="-"><img src="data:image/gif;base64,!" alt="-">',
    "<style>" + "p{{" * 3000 + "</style>",
    "<div>" * 5000 + "deep",
    "<b><i>" * 400 + "<table>" * 60 + "deep",
    "<p>" + "x" * 60_000,
    "<p style='width: 1e30px; height: 1e30px; margin: -1e30px; font-size: 1e30px'>x</p>",
    "<p>&#x202E;&#x0;&#xFFFE;&#xD800;\x1b[0m\x7f</p><p lang='x\"y'>x</p>",
    "<style>p {{ counter-increment: a 2147483648; columns: 100000 }} p::after {{ content: counter(a) }}</style><p>",
]
PAYLOADS = [form.replace("{at}", "{file}") + form.replace("{at}", "{web}") for form in REACHING_OUT] + HOSTILE_OTHERWISE


class Canaries:
    def __init__(self, folder: Path) -> None:
        for ending in ("svg", "png", "css", "txt"):
            (folder / f"secret.{ending}").write_text(SECRET)
        self._file = (folder / "secret.svg").as_uri()
        self.files, self.web = Watch(folder), Listener()

    def aim(self, form: str) -> str:
        return plan("<h1>-</h1>" + form.format(file=self._file, web=self.web.address + "/a.svg"))

    def touched(self) -> tuple[int, int]:
        """Files opened and calls made since the last time."""
        opened, called, self.web.hits = self.files.opens(), self.web.hits, 0
        return opened, called

    def close(self) -> None:
        self.files.close()
        self.web.close()


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    canaries = Canaries(tmp_path_factory.mktemp("canaries"))
    yield canaries
    canaries.close()


def attempt(pool: PdfPool, page: str) -> bytes:
    """The file, or nothing where the page was refused in an orderly way."""
    try:
        return pool.pdf(page, language="en", title="Plan")
    except PrintFailed:
        return b""


@pytest.mark.promise("P14")
def test_forty_hostile_pages_read_no_file_and_call_nobody(pool: PdfPool, canaries: Canaries) -> None:
    assert len(PAYLOADS) >= 40
    canaries.touched()
    started = time.monotonic()
    with ThreadPoolExecutor(2) as callers:
        files = list(callers.map(lambda form: attempt(pool, canaries.aim(form)), PAYLOADS))
    assert canaries.touched() == (0, 0)
    assert time.monotonic() - started < 60
    printed = [file for file in files if file]
    assert len(printed) > len(PAYLOADS) / 2
    for file in printed:
        assert SECRET not in text(file)
        assert "root:" not in text(file)
        with pikepdf.open(io.BytesIO(file)) as pdf:
            assert not {"/EmbeddedFiles", "/JavaScript"} & set(pdf.Root.get("/Names", pikepdf.Dictionary()).keys())
            assert not {"/OpenAction", "/AA", "/AcroForm"} & set(pdf.Root.keys())
    print(f"P14: {len(PAYLOADS)} hostile pages, {len(printed)} printed: 0 files read, 0 calls out")


@pytest.mark.promise("P14")
def test_control_the_usual_fetcher_reads_the_file_and_makes_the_call(canaries: Canaries) -> None:
    import weasyprint

    canaries.touched()
    reading = calling = 0
    for form in PAYLOADS[: len(REACHING_OUT)]:
        with contextlib.suppress(OSError):  # some read first and complain after
            weasyprint.HTML(string=canaries.aim(form)).write_pdf()
        opened, called = canaries.touched()
        reading, calling = reading + (opened > 0), calling + (called > 0)
    assert reading >= 15
    assert calling >= 15


# What goes wrong


@pytest.fixture
def small(stylesheet: Path) -> Iterator[PdfPool]:
    pool = PdfPool(stylesheets={"print": stylesheet}, processes=1, seconds=2)
    yield pool
    pool.close()


def works(pool: PdfPool) -> bool:
    return "still here" in text(pool.pdf(plan("<h1>still here</h1>"), language="en", title="Plan"))


def test_a_table_without_end_is_stopped_and_the_next_page_is_printed(small: PdfPool) -> None:
    assert works(small)
    table = "<table>" + ("<tr>" + "<td>x" * 60) * 2000 + "</table>"
    started = time.monotonic()
    with pytest.raises(PrintTookTooLong, match="2 s of processor time"):
        small.pdf(plan(table), language="en", title="Plan")
    assert 2 <= time.monotonic() - started < 20
    assert works(small)
    assert "Z" not in children().values()


def only_press(pool: PdfPool) -> int:
    """The process of a pool that has one."""
    process = pool._presses[0]._process
    assert process is not None
    return process.pid


def test_a_press_that_has_to_wait_for_the_processor_prints_in_the_end(small: PdfPool) -> None:
    """On a machine that is busy a page takes longer by the clock, and no more of the processor."""
    assert works(small)
    os.kill(only_press(small), signal.SIGSTOP)
    threading.Timer(3, os.kill, (only_press(small), signal.SIGCONT)).start()
    started = time.monotonic()
    assert works(small)
    assert time.monotonic() - started > 2.5


def test_a_press_that_does_nothing_any_more_is_replaced(stylesheet: Path) -> None:
    pool = PdfPool(stylesheets={"print": stylesheet}, processes=1, seconds=0.3)
    assert works(pool)
    os.kill(before := only_press(pool), signal.SIGSTOP)
    with pytest.raises(PrintTookTooLong):
        works(pool)
    assert works(pool)
    assert only_press(pool) != before
    pool.close()


def test_a_full_queue_says_so_at_once_and_empties_again(small: PdfPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("decisionaid.printing.pool.PLACES", 3)
    assert works(small)
    os.kill(only_press(small), signal.SIGSTOP)

    def one(whose: str) -> bytes:
        return small.pdf(plan("<h1>-</h1>"), language="en", title="Plan", whose=whose)

    with ThreadPoolExecutor(3) as callers:
        mine = [callers.submit(one, "mine") for _ in range(PER_SEAT)]
        wait_until(lambda: small._inside["mine"] == PER_SEAT)
        started = time.monotonic()
        with pytest.raises(PrinterBusy):
            one("mine")
        yours = callers.submit(one, "yours")
        wait_until(lambda: small._inside["yours"] == 1)
        with pytest.raises(PrinterBusy):
            one("theirs")
        assert time.monotonic() - started < 1
        os.kill(only_press(small), signal.SIGCONT)
        assert all(each.result().startswith(b"%PDF-") for each in (*mine, yours))
    assert not small._inside
    assert one("mine").startswith(b"%PDF-")


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_one_press_prints_every_kind_of_paper(stylesheet: Path, tmp_path: Path) -> None:
    other = tmp_path / "blank.css"
    other.write_text("@page { size: A5 } body { font: 11pt 'Noto Sans' }")
    pool = PdfPool(stylesheets={"print": stylesheet, "blank": other}, processes=1)
    sizes = []
    for style in ("print", "blank", "print"):
        pdf = pool.pdf(plan("<h1>-</h1>"), language="en", title="Plan", style=style)
        with pikepdf.open(io.BytesIO(pdf)) as file:
            sizes.append(round(float(file.pages[0].mediabox[2])))
    pool.close()
    assert sizes == [595, 420, 595]


def test_a_page_that_eats_memory_takes_only_itself_down(stylesheet: Path) -> None:
    pool = PdfPool(stylesheets={"print": stylesheet}, processes=1, seconds=60, memory_mb=360)
    with pytest.raises(PrintFailed) as failed:
        pool.pdf(plan("<p>x</p>" * 60_000), language="en", title="Plan")
    assert not isinstance(failed.value, PrintTookTooLong)
    assert works(pool)
    pool.close()


def test_a_killed_press_is_replaced(small: PdfPool) -> None:
    before = set(children())
    assert works(small)
    (press,) = set(children()) - before
    os.kill(press, signal.SIGKILL)
    time.sleep(0.1)
    assert works(small)
    (another,) = set(children()) - before
    assert another != press
    threading.Timer(0.5, os.kill, (another, signal.SIGKILL)).start()
    with pytest.raises(PrintFailed, match="the press stopped"):
        small.pdf(plan("<table>" + "<tr><td>x" * 40_000), language="en", title="Plan")
    assert works(small)
    assert "Z" not in children().values()


def test_twenty_at_once_are_all_right_and_leave_nothing_behind(stylesheet: Path) -> None:
    before = set(children())
    pool = PdfPool(stylesheets={"print": stylesheet})
    started = time.monotonic()
    with ThreadPoolExecutor(20) as callers:
        files = callers.map(
            lambda n: pool.pdf(plan(f"<h1>Plan number {n}</h1>"), language="en", title=f"Plan {n}"), range(20)
        )
        for n, file in enumerate(files):
            assert f"Plan number {n}\n" in text(file)
            assert pikepdf.open(io.BytesIO(file)).docinfo.Title == f"Plan {n}"
    assert time.monotonic() - started < 10
    assert len(set(children()) - before) == 2
    pool.close()
    assert set(children()) <= before
    with pytest.raises(PrintFailed, match="closed"):
        works(pool)


def test_closing_stops_what_is_being_printed(stylesheet: Path) -> None:
    before = set(children())
    pool = PdfPool(stylesheets={"print": stylesheet}, processes=1)
    threading.Timer(1.5, pool.close).start()
    with pytest.raises(PrintFailed, match="the press stopped"):
        pool.pdf(plan("<table>" + "<tr><td>x" * 40_000), language="en", title="Plan")
    time.sleep(0.1)
    assert set(children()) <= before


def test_nothing_starts_before_it_is_needed_and_a_dropped_pool_ends(stylesheet: Path) -> None:
    before = set(children())
    pool = PdfPool(stylesheets={"print": stylesheet})
    assert set(children()) == before
    pool.warm()
    assert len(set(children()) - before) == 2
    assert works(pool)
    del pool
    gc.collect()
    assert set(children()) <= before


def test_a_press_ends_when_its_program_is_killed(stylesheet: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from decisionaid.printing import PdfPool;"
        "pool = PdfPool(stylesheets={'print': Path(sys.argv[1])}, processes=1);"
        "pool.pdf('<h1>-</h1>', language='en', title='-');"
        "print(pool._presses[0]._process.pid, pool._presses[0]._folder.name, flush=True); sys.stdin.read()"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", script, str(stylesheet)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert program.stdout is not None
    press, folder = program.stdout.readline().decode().split()
    program.kill()
    program.communicate()
    for _ in range(50):
        if not running(int(press)):
            break
        time.sleep(0.1)
    else:
        pytest.fail("the press outlived its program")
    assert not Path(folder).exists()


def running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_environments_secrets_stay_outside(stylesheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", SECRET)
    before = set(children())
    pool = PdfPool(stylesheets={"print": stylesheet}, processes=1)
    assert works(pool)
    (press,) = set(children()) - before
    environment = Path(f"/proc/{press}/environ").read_bytes()
    assert b"PYTHONHASHSEED" in environment
    assert SECRET.encode() not in environment
    pool.close()
