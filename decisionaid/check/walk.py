"""The walk itself: keyworker and client in turn, each step a press on a page that the step before led to."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from decisionaid.demonstration import PASSWORD, PIN
from decisionaid.visitor import Page, Visitor, WentAstray
from decisionaid.web.two_words import WORDS

CARDS = 24
YES, MAYBE, NOT_NOW = "definitely", "possibly", "definitely_not"
REFERENCE = "WT-0001"
CODE = re.compile(r"[2-9A-Z]{4} [2-9A-Z]{4}")

Steps = Iterator[tuple[str, Callable[[], object]]]


class Walk:
    """One client's first round on the tablet and review on their own device; the two plans are left in `folder`.

    `visitor` is the keyworker's browser and the tablet, `phone` the client's own.
    """

    def __init__(self, visitor: Visitor, folder: Path) -> None:
        self.visitor = self.desk = visitor
        self.phone = Visitor(visitor.address)
        self.folder = folder
        self.client = self.round = self.code = ""
        self.name = "Walter Trial"

    def steps(self) -> Steps:
        """Each step by its name, in order."""
        yield "the keyworker signs in", self.sign_in
        yield "adds a client", self.add_client
        for number in (1, 2):
            what = "a round" if number == 1 else "the review"
            yield f"opens {what}", self.open_round
            yield f"sorts alone ({number})", self.keyworker_sorts
            yield from self.on_the_tablet() if number == 1 else self.on_their_own_device()
            yield f"the client confirms their own answers ({number})", self.confirm
            yield f"they compare ({number})", self.compare
            if number > 1:
                yield "they look at what moved", lambda: self.visitor.go("/together/moved")
            yield f"they talk the first difference through ({number})", self.talk
            yield f"they agree a goal with a step ({number})", self.agree
            yield f"they look at the whole plan ({number})", lambda: self.visitor.go("/together/preview")
            yield f"both sign ({number})", self.sign
            yield f"plan {number} prints", lambda n=number: self.print(n)  # type: ignore[misc]
            yield f"back to the desk ({number})", self.to_desk

    def on_the_tablet(self) -> Steps:
        """The client's part of the first round."""
        yield "hands the tablet over", self.hand_over
        yield "the client sorts alone", self.client_sorts
        yield "the desk stays shut to the client", self.desk_is_shut
        yield "the client finishes, and the PIN takes the tablet back", self.take_back

    def on_their_own_device(self) -> Steps:
        """The client's part of the review."""
        yield "shows a code for the client's own device", self.show_code
        yield "the device takes the code, and both show the same two words", self.type_code
        yield "the keyworker says yes, and the cards open there", self.connect
        yield "the client sorts alone on their own device", self.client_sorts
        yield "the desk stays shut to that device, PIN or not", self.desk_is_shut
        yield "the desk, which stayed open, sits the two down together", self.sit_together

    def sign_in(self) -> None:
        self.visitor.go("/sign-in")
        self.visitor.send("/sign-in", login="maya", password=PASSWORD)
        self.at("/desk/")

    def add_client(self) -> None:
        self.visitor.go("/desk/clients/new")
        self.visitor.send("/desk/clients/new", name=self.name, preferred_name="Walter", reference=REFERENCE)
        self.client = self.visitor.page.path
        if not self.client.startswith("/desk/clients/"):
            raise WentAstray(f"the new client's page was expected, not {self.client}")

    def open_round(self) -> None:
        self.visitor.go(self.client)
        page = self.visitor.send(f"{self.client}/rounds")
        found = [urlsplit(form.action).path for form in page.forms if form.action.startswith("/desk/rounds/")]
        links = [link for link in page.links if link.startswith("/desk/rounds/") and link.endswith("/sort/")]
        self.round = "/".join((found + links + [page.path])[0].split("/")[:4])

    def keyworker_sorts(self) -> None:
        self.visitor.go(f"{self.round}/sort/")
        self.visitor.send(f"{self.round}/sort/")
        self.sort(f"{self.round}/sort", lambda place: YES if place % 3 == 1 else NOT_NOW)
        self.finish(f"{self.round}/sort")

    def hand_over(self) -> None:
        self.visitor.go(f"{self.round}/hand-over")
        self.visitor.send(f"{self.round}/hand-over")
        self.visitor.go("/s/welcome")
        self.visitor.send("/s/welcome")

    def show_code(self) -> None:
        self.desk.go(f"{self.round}/own-device")
        page = self.desk.send(f"{self.round}/own-device")
        found = CODE.search(page.words) or astray("the desk shows no code", page)
        self.code = found[0]

    def type_code(self) -> None:
        self.phone.go("/join")
        shown = self.phone.send("/join", code=self.code).words
        words = [str(word) for word in WORDS if f" {word} " in shown]
        seen = self.desk.go(f"{self.round}/own-device")
        if len(words) < 2 or any(word not in seen.words for word in words):  # noqa: PLR2004 - two words
            astray(f"the device shows {words}, and the desk does not", seen)

    def connect(self) -> None:
        self.desk.send(f"{self.round}/own-device/words", same="yes")
        self.phone.go("/join/words")
        self.phone.send("/join/go")
        self.visitor = self.phone
        self.at("/s/welcome")
        self.visitor.send("/s/welcome")

    def sit_together(self) -> None:
        self.visitor = self.desk
        self.visitor.go(f"{self.round}/own-device")
        self.visitor.send(f"{self.round}/together")

    def client_sorts(self) -> None:
        self.sort("/s", lambda place: YES if place % 4 == 1 else MAYBE)
        self.visitor.go("/s/words")
        self.visitor.send("/s/words", what_matters="To wake up with a clear head.")
        self.visitor.go("/s/words/1")
        self.visitor.send("/s/words/1", success="I sleep through.", why="I am tired.", importance="8", confidence="5")
        self.visitor.go("/s/goal")
        self.visitor.send("/s/goal", option="less")
        self.visitor.go("/s/safe/1")
        self.finish("/s")

    def desk_is_shut(self) -> None:
        way_back = () if self.visitor is self.desk else ("/s/back",)
        for path in ("/desk/", "/admin/", "/together/", "/sign-in", self.client, *way_back):
            try:
                self.visitor.go(path)
            except WentAstray:
                if self.visitor.page.status == 404:  # noqa: PLR2004 - not found
                    continue
            raise WentAstray(f"{path} answered {self.visitor.page.status} to the client's seat")

    def take_back(self) -> None:
        self.visitor.go("/s/back")
        self.visitor.send("/s/back", pin=PIN, go="together")

    def confirm(self) -> None:
        self.visitor.go("/together/")
        self.visitor.send("/together/confirm")

    def compare(self) -> None:
        self.visitor.go("/together/side-by-side")
        self.visitor.go("/together/table")

    def talk(self) -> None:
        self.visitor.go("/together/card/1")
        self.visitor.send("/together/card/1", heard="Nights are the hardest.", right="yes")
        self.visitor.send("/together/card/1", outcome="client_choice")

    def agree(self) -> None:
        self.visitor.go("/together/goals")
        self.visitor.send("/together/goals", title="Sleep through the night")
        self.visitor.go("/together/goal/1")
        soon = datetime.now(UTC).date() + timedelta(days=7)
        by_when = {f"step-by_when-{part}": str(getattr(soon, part)) for part in ("day", "month", "year")}
        self.visitor.send("/together/goal/1/action", **{"step-what": "Ask the doctor", "step-who": "Walter"}, **by_when)
        self.visitor.go("/together/choice")
        self.visitor.send("/together/choice", option="less")
        self.visitor.go("/together/safe")
        advice = {f"planned-day-{part}": str(getattr(soon, part)) for part in ("day", "month", "year")}
        self.visitor.send("/together/safe/planned", **{"planned-with_whom": "Example Surgery"}, **advice)

    def sign(self) -> None:
        self.visitor.go("/together/preview")
        self.visitor.send("/together/freeze")
        self.visitor.send("/together/sign/client", **{"client-signs": "yes", "client-name": self.name})
        self.visitor.go("/together/sign")
        word = {"keyworker-signs": "yes", "keyworker-name": "Maya Osei", "keyworker-pin": PIN}
        self.visitor.send("/together/sign/keyworker", **word)

    def print(self, number: int) -> None:
        page = self.visitor.go("/together/done")
        actions = [urlsplit(form.action).path for form in page.forms]
        action = next(path for path in actions if path.startswith("/together/print/"))
        paper = self.visitor.send(action)
        if not paper.body.startswith(b"%PDF-"):
            raise WentAstray(f"{paper.path} is no PDF")
        (self.folder / f"plan-{number}.pdf").write_bytes(paper.body)

    def to_desk(self) -> None:
        self.visitor.go("/together/desk")
        self.visitor.send("/together/desk", pin=PIN)
        self.at("/desk/")

    def sort(self, under: str, answer: Callable[[int], str]) -> None:
        """Rate every card, and put the first three of the pile in order."""
        for place in range(1, CARDS + 1):
            self.visitor.go(f"{under}/card/{place}")
            self.visitor.send(f"{under}/card/{place}", answer=answer(place))
        self.visitor.go(f"{under}/order")
        for _ in range(3):
            offered = [value for name, value in self.visitor.page.form(f"{under}/order").buttons if name == "add"]
            self.visitor.send(f"{under}/order", add=offered[0])

    def finish(self, under: str) -> None:
        self.visitor.go(f"{under}/check")
        self.visitor.send(f"{under}/check")

    def at(self, path: str) -> None:
        """The visitor stands where they should."""
        if self.visitor.page.path != path:
            raise WentAstray(f"{path} was expected, not {self.visitor.page.path}: {self.visitor.page.words[:200]}")


def astray(what: str, page: Page) -> NoReturn:
    """What was not as it should be, and what stood there instead."""
    raise WentAstray(f"{what}: {page.words[:300]}")
