"""A page of Chromium that shows what a test client fetches: no server, one thread, one seat."""

from dataclasses import dataclass

from playwright.sync_api import Page, Route

from decisionaid.assets import BUILD, URL
from tests.police import Police

HOST = "http://localhost"


@dataclass
class Screen:
    """A page that looks through the eyes of this visitor."""

    page: Page
    visitor: Police

    def show(self, path: str) -> Page:
        """Open the page there, which has to come."""
        came = self.page.goto(f"{HOST}{path}")
        assert came is not None and came.status == 200, path
        return self.page

    def answer(self, route: Route) -> None:
        """Give the browser what it asks for: what was built from its file, the rest from the program."""
        path = route.request.url.removeprefix(HOST)
        if path.startswith(URL):
            return route.fulfill(path=BUILD / path.removeprefix(URL))
        response = self.visitor.get(path, follow_redirects=True)
        return route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.data)


def screen(page: Page, visitor: Police) -> Screen:
    """From now on this page shows what this visitor fetches."""
    shown = Screen(page, visitor)
    page.unroute_all()
    page.route("**/*", shown.answer)
    return shown
