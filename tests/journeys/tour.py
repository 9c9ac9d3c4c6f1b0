"""A tour of every page there is, each at the point of a round where it has most to show, in every language.

A visitor presses a review through as people would, and then what an admin does. Before some of the presses the tour
stops: browsers in the same seat, one for each language, open the pages of that moment and hand them to whoever looks.
In the short form each page whose turn it is is opened in one language, which changes from page to page.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page, Response

from decisionaid.check.walk import Walk
from decisionaid.demonstration import PASSWORD, PIN
from decisionaid.i18n import LANGUAGES
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Round, Staff
from decisionaid.visitor import Page as Arrived
from decisionaid.visitor import Visitor
from tests.browser import in_turn
from tests.promises.onlookers import addresses
from tests.turns import has_turn
from tests.web.doors import STEPS

CLIENT, NAME = "JM-0388", "Joe Marsh"
"""Of the demonstration: whoever has one signed plan, and now comes to the review."""
SORT = "card cards order words card_words goal goal_detail goal_all ask ask_card last_goal check"
STOPS = {
    "public.try_sign_in": "public: sign_in away join",
    "keyworker.lock": "keyworker: account password pin",
    "keyworker.unlock": "keyworker: locked",
    "keyworker.keep_first_steps": "keyworker: first_steps",
    "keyworker.open_round": "keyworker: caseload plans blank new_client client_page client_details "
    "choose_cards safety_answers",
    "keyworker.sort_begin": "keyworker: sort_start closing",
    "keyworker.sort_finish": "keyworker: " + re.sub(r"(\w+)", r"sort_\1", SORT),
    "keyworker.give_tablet": "keyworker: hand_over from_paper own_device client_page caseload",
    "client.begin": "client: welcome",
    "client.finish": f"client: say own listened safe_question safe_end reading blank unreachable {SORT}",
    "client.take_back": "client: done back",
    "together.confirm": "together: start not_right",
    "together.freeze": "together: side_by_side table moved moved_table card how goals goal choice safe questions dates "
    "plan part preview pause",
    "together.give_word": "together: sign",
    "together.take_back": "together: done desk",
    "admin.lock": "admin: people new_person person new_first_password clients client service texts crisis_lines "
    "spare_cards account password pin",
    "admin.unlock": "admin: locked",
    "admin.keep_first_steps": "admin: first_steps",
}
"""Before which press (an endpoint) which pages are looked at."""
SENT_EMPTY = {
    "public.sign_in",
    "public.join",
    "keyworker.new_client",
    "keyworker.pin",
    "keyworker.locked",
    "keyworker.first_steps",
    "client.own",
    "client.back",
    "client.ask",
    "together.not_right",
    "together.goals",
    "together.goal",
    "together.safe",
    "together.dates",
    "together.sign",
    "together.desk",
    "admin.new_person",
    "admin.password",
}
"""Pages whose form is sent with nothing in it too, so that they say what is to be put right."""
REFUSALS = "public.said"
"""The page that a refused press leads to."""

EMPTY = """form => {
    for (const box of form.elements) { if (box.type !== "hidden") { box.checked = false; box.value = ""; } }
    form.submit();
}"""
SEND = """token => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/s/card/1" });
    if (token) form.append(document.querySelector("[name=csrf_token]").cloneNode());
    document.body.append(form);
    form.submit();
}"""

OF_PAGES = 2
"""How many pages there are for each that is looked at in the short form."""

Look = Callable[[dict[str, Page], str], None]
"""Looks at a page that has come, once in each language; is told what to call it."""


def pages() -> set[str]:
    """The endpoint of every page on the tour."""
    return {page for stop in STOPS.values() for page in _at(stop)} | {REFUSALS}


def _at(stop: str) -> list[str]:
    seat, _, names = stop.partition(": ")
    return [f"{seat}.{name}" for name in names.split()]


def _pressed(press: Callable[[Page], object]) -> Callable[[Page], Response | None]:
    """A press that leads to another page; gives what that answers with."""

    def come(screen: Page) -> Response | None:
        with screen.expect_navigation() as coming:
            press(screen)
        return coming.value

    return come


class Tour(Visitor):
    """The visitor who presses, and for each language a screen that looks along."""

    def __init__(self, app: Flask, database: Database, screens: dict[str, Page], address: str, look: Look) -> None:
        super().__init__(urlsplit(address).netloc)
        self.app, self.database, self.screens, self.look = app, database, screens, look
        self.made: set[str] = set()
        self.seen: set[str] = set()
        self.looks = 0
        """Pages that were come to, whether it was their turn or not."""

    def take(self) -> None:
        """All of it."""
        walk = Walk(self, Path())
        walk.client, walk.name = f"/desk/clients/{self._ids()['client_id']}", NAME
        walk.sign_in()
        walk.open_round()
        walk.keyworker_sorts()
        walk.hand_over()
        walk.client_sorts()
        walk.take_back()
        walk.confirm()
        walk.talk()
        walk.agree()
        walk.sign()
        walk.to_desk()
        self._account("admin", "robin")
        self._account("desk", "maya")

    def send(self, action: str, **values: str) -> Arrived:
        """Press; and before, the first time, stop where this press has a stop."""
        endpoint, _ = self.app.url_map.bind("localhost").match(action, "POST")
        if endpoint in STOPS and endpoint not in self.made:
            self.made.add(endpoint)
            self._seat()
            for name in _at(STOPS[endpoint]):
                self._visit(name)
            if endpoint == "client.take_back":
                self._refusals()
            self._speak("en")
        return super().send(action, **values)

    def _account(self, area: str, login: str) -> None:
        """Somebody signs in, locks their desk, opens it again, and takes the first steps."""
        self.cookies.clear()
        self.go("/sign-in")
        self.send("/sign-in", login=login, password=PASSWORD)
        self.go(f"/{area}/account")
        self.send(f"/{area}/lock")
        self.go(f"/{area}/locked")
        self.send(f"/{area}/locked", pin=PIN)
        with self.database.writing() as db:
            db.query(Staff).filter_by(login=login).one().must_change = True
        self.go(f"/{area}/first-steps")
        self.send(f"/{area}/first-steps", **STEPS)

    def _visit(self, name: str) -> None:
        """Open a page in this seat; and, where that is due, send its form with nothing in it."""
        path = next(asked.path for asked in addresses(self.app, "GET", **self._ids()) if asked.endpoint == name)
        self._come(path, 200, lambda screen: screen.goto(path))
        self.seen.add(name)
        if name in SENT_EMPTY:
            form = "main form:has(.box, .tick)"
            emptied = _pressed(lambda screen: screen.locator(form).first.evaluate(EMPTY))
            self._come(f"{path}, sent empty", 200, emptied, before=path)

    def _refusals(self) -> None:
        """Pages that say why something was not taken: a finished sort, an old form, an address that is none."""
        for token, status in ((True, 409), (False, 400)):
            sent = partial(Page.evaluate, expression=SEND, arg=token)
            self._come(f"a press answered {status}", status, _pressed(sent), before="/s/back")
        self.seen.add(REFUSALS)
        self._come("/nothing", 404, lambda screen: screen.goto("/nothing"))

    def _come(self, called: str, status: int, come: Callable[[Page], Response | None], before: str = "") -> None:
        """A page comes to each screen, in the language of that screen; then it is looked at.

        The desk does not speak every language: a screen in one that it lacks would show the English page again.
        """
        at_desk = called.startswith(("/desk", "/admin"))
        spoken = [code for code in self.screens if not at_desk or LANGUAGES[code].at_desk]
        screens = {code: self.screens[code] for code in in_turn(spoken, self.looks)}
        self.looks += 1
        if not has_turn(self.looks, OF_PAGES):
            return
        for language, screen in screens.items():
            self._speak(language)
            if before:
                screen.goto(before)
            response = come(screen)
            assert response is not None
            assert response.status == status, f"{called} in {language}: {response.status}, not {status}"
            here, path = urlsplit(screen.url).path, called.partition(",")[0]
            assert status != 200 or here == path, f"{called} sent on to {screen.url}"
            assert screen.locator("html").get_attribute("lang") == language, f"{called} is not in {language}"
        self.look(screens, called)

    def _seat(self) -> None:
        """The screens have the visitor's seat."""
        for language, screen in self.screens.items():
            screen.context.clear_cookies()
            for name, value in {**self.cookies, "language": language}.items():
                screen.context.add_cookies([{"name": name, "value": value, "url": f"http://{self.address}"}])

    def _speak(self, language: str) -> None:
        """Everybody speaks this language."""
        with self.database.writing() as db:
            db.query(Staff).update({"language": language})
            db.query(Client).filter_by(reference=CLIENT).update({"language": language})

    def _ids(self) -> dict[str, str]:
        """The ids that addresses carry: the client's, the newest round's, and a colleague's."""
        with self.database.reading() as db:
            client = db.query(Client).filter_by(reference=CLIENT).one()
            newest = db.query(Round).filter_by(client_id=client.id).order_by(Round.opened_at.desc()).first()
            assert newest
            colleague = db.query(Staff).filter_by(login="idris").one()
            return {"client_id": client.id, "round_id": newest.id, "staff_id": colleague.id}
