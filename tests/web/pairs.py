"""A desk and a device that come together, in tests."""

from bs4 import BeautifulSoup

from decisionaid.casework import pairing
from decisionaid.storage.models import Pairing
from tests.builders import Case
from tests.police import Police
from tests.web.sorters import one, token


def own_device(case: Case) -> str:
    """The desk's page about the client's own device."""
    return f"/desk/rounds/{case.round_id}/own-device"


def show_code(desk: Police, case: Case) -> None:
    desk.send(own_device(case))


def code_on(desk: Police, case: Case) -> str:
    """The code that the desk shows: "7K3M WX9C"."""
    return one(desk.page(own_device(case)), ".code").get_text(strip=True)


def token_on(desk: Police, case: Case) -> str:
    """The token inside the picture, which the desk can work out anew."""
    cookie = desk.get_cookie("seat")
    assert cookie is not None
    with case.database.reading() as db:
        return pairing.offer(cookie.value, db.query(Pairing).filter_by(round_id=case.round_id).one().id).token


def type_code(phone: Police, desk: Police, case: Case) -> None:
    phone.send("/join", code=code_on(desk, case))


def scanned(phone: Police, desk: Police, case: Case) -> None:
    """What the script does with what a scan brings."""
    data = {"csrf_token": token(phone, "/join"), "token": token_on(desk, case)}
    assert phone.post("/join/scan", data=data).headers["Location"] == "/join/words"


def words_on(screen: Police, path: str) -> list[str]:
    """The two words that a screen shows."""
    page: BeautifulSoup = screen.page(path)
    return [word.get_text() for word in one(page, ".two-words").find_all("b")]


def agree(desk: Police, case: Case, same: str = "yes") -> None:
    """The keyworker says whether both screens show the same words."""
    desk.send(own_device(case), f"{own_device(case)}/words", same=same)


def connected(desk: Police, phone: Police, case: Case) -> None:
    """The whole way, up to the client's first page on their own device."""
    show_code(desk, case)
    type_code(phone, desk, case)
    agree(desk, case)
    phone.send("/join/words", "/join/go")
