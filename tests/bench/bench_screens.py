"""What the client's first screen weighs on its way to a browser that has seen nothing yet, and what the next weigh."""

import gzip
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Request, sync_playwright

from decisionaid.check.server import served
from decisionaid.i18n import LANGUAGES
from tests.bench.measure import Row, a_database, a_folder
from tests.bench.people import sorters, tablet_token
from tests.browser import CHROMIUM_FLAGS, chromium

LATER = ("card/2", "cards", "order", "words", "safe/1", "goal?open=1", "check")


def rows() -> Iterator[Row]:
    with a_folder() as folder, sync_playwright() as playwright:
        with a_database(folder, "demonstration") as database:
            tokens = {language: tablet_token(sorters(database, 1, language)[0]) for language in LANGUAGES}
        # The browser is closed before the server: one that ends waits for whoever is still connected.
        with (
            served(folder) as address,
            playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS) as browser,
        ):
            for language, token in tokens.items():
                yield from _in_one_language(browser, address, language, token)


def _in_one_language(browser: Browser, address: str, language: str, token: str) -> Iterator[Row]:
    # Past the page's own worker: what that fetches the browser would count as nothing.
    context = browser.new_context(viewport={"width": 820, "height": 1180}, service_workers="block")
    context.add_cookies([{"name": "seat", "value": token, "url": address}])
    sizes = _loaded(context, f"{address}/s/welcome")
    plain = len(_fetched(address, "/s/welcome", "identity", token))
    zipped = len(gzip.compress(_fetched(address, "/s/welcome", "identity", token)))
    sent = len(_fetched(address, "/s/welcome", "br", token))
    yield Row(
        f"client's first screen, cold ({language})",
        f"{sum(sizes) / 1000:.1f} kB, {len(sizes)} requests",
        "60 kB, 8 requests",
        f"page as sent / plain {sent / plain:.2f}, / gzip {sent / zipped:.2f}",
    )
    later = [(sum(_loaded(context, f"{address}/s/{path}")), path) for path in LATER]
    heaviest, path = max(later)
    yield Row(f"heaviest later screen ({language})", f"{heaviest / 1000:.1f} kB ({path})", "10 kB", "")
    context.close()


def _loaded(context: BrowserContext, url: str) -> list[int]:
    """The bytes, with headers, of each answer that the page takes from the network, the page itself first."""
    page = context.new_page()
    done: list[Request] = []
    # Playwright marks what it calls, and a list's own method cannot be marked.
    page.on("requestfinished", lambda request: done.append(request))  # noqa: PLW0108
    answer = page.goto(url, wait_until="networkidle")
    assert answer is not None and answer.ok, url
    assert answer.headers["content-encoding"] == "br", "the browser was not sent brotli"
    sizes = [_size(request) for request in done]
    page.close()
    return [size for size in sizes if size]


def _size(request: Request) -> int:
    """0 for what the browser had kept."""
    answer = request.response()
    assert answer is not None and answer.ok, request.url
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"] if sizes["responseBodySize"] else 0


def _fetched(address: str, path: str, encoding: str = "br", token: str = "") -> bytes:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("GET", path, headers={"Accept-Encoding": encoding, "Cookie": f"seat={token}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, path
    return body
