"""How long `./run` takes a second time, from the press of Enter to the first answer."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.measure import Row, a_folder, each, p50

ROOT = Path(__file__).parent.parent.parent
RUN = [str(ROOT / "run")] if (ROOT / ".setup").is_dir() else [sys.executable, "-m", "decisionaid", "demo"]
"""`./run`, unless nothing was set up by it or by `./test`: then it would have to install things first."""

LOADED = "from decisionaid import create_app; from decisionaid.application import build"


def rows() -> Iterator[Row]:
    with a_folder() as folder:
        first, second = _until_answer(folder), _until_answer(folder)
    loading = p50(each(lambda: subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, check=True), 3)) / 1000
    yield Row(
        f"second start to the first answer ({'./run' if len(RUN) == 1 else 'without the checks of ./run'})",
        f"{second:.1f} s",
        "3 s",
        f"{second / loading:.1f} times loading the program; the first time, which makes the people: {first:.1f} s",
    )


def _until_answer(folder: Path) -> float:
    environment = {**os.environ, "INSTANCE": str(folder)}
    started = time.perf_counter()
    with subprocess.Popen(
        [*RUN, "--port", "0"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            said = next(line for line in server.stdout if "http://" in line)
            address = "http://" + said.partition("http://")[2].split()[0]
            connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
            connection.request("GET", "/sign-in")
            assert connection.getresponse().status == 200
            connection.close()
            return time.perf_counter() - started
        finally:
            server.terminate()
            server.wait(timeout=20)
