"""How long the program takes over the page of a card, and over the comparison of all of them, in one process."""

from collections.abc import Iterator

from tests.bench.measure import Row, a_database, a_folder, each, p50
from tests.bench.people import an_app, at_seat, tablet_token, together_token
from tests.builders import a_case
from tests.web.cases import counted

TIMES = 200


def rows() -> Iterator[Row]:
    with a_folder() as folder, a_database(folder, "pages") as database, an_app(database) as app:
        sorter = at_seat(app, tablet_token(a_case(database, reference="A").with_open_sorts()))
        sorter.get("/s/welcome")
        both = at_seat(app, together_token(a_case(database, reference="B").sorted_by_both().confirmed()))
        bare = p50(each(lambda: sorter.get("/health"), TIMES))
        pages = (("card page", sorter, "/s/card/12", 5), ("comparison page", both, "/together/side-by-side", 10))
        for what, browser, path, target in pages:
            assert browser.get(path).status_code == 200, path
            with counted(database) as sent:
                browser.get(path)
            taken = p50(each(lambda browser=browser, path=path: browser.get(path), TIMES))  # type: ignore[misc]
            yield Row(
                f"{what}, server time, 24 cards",
                f"p50 {taken:.1f} ms",
                f"p50 {target} ms",
                f"{len(sent)} queries; {taken / bare:.1f} times an empty answer",
            )
