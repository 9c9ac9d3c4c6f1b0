"""What is signed is the exact text that was frozen; the paper of each signing is kept byte for byte."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from decisionaid.core.plan import text_hash
from decisionaid.core.sort import Party
from decisionaid.printing import PrintFailed
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Plan, Printout, Round, Signature, Signing
from tests.builders import DECK, DECKS, PIN, Case, a_case
from tests.police import Police, parsed, words
from tests.promises.every_form import Drawn, on_page
from tests.web.doors import sat_once, sign_in
from tests.web.together_table import both_sign, in_days, paper, printed, sit, write

CLIENT, KEYWORKER = "/together/sign/client", "/together/sign/keyworker"
MAYA_SIGNS = {"keyworker-signs": "yes", "keyworker-name": "Maya Osei", "keyworker-pin": PIN}
SIGNS = {"client-signs": "yes", "client-name": "Rowan Ellis"}


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both().confirmed()


@pytest.fixture
def table(app: Flask, case: Case) -> Police:
    return sat_once(with_a_goal, app, case)


def with_a_goal(app: Flask, case: Case) -> Police:
    """The two sit over a plan with one goal, ready to be signed."""
    browser = sit(app, case)
    write(browser, "/together/goals", {"title": "Walk more"})
    return browser


@pytest.fixture
def signing(table: Police) -> Police:
    """The text is frozen."""
    write(table, "/together/preview", to="/together/freeze")
    return table


def test_what_was_previewed_is_what_is_signed_and_printed(table: Police) -> None:
    shown = parsed(table.get("/together/preview")).select_one("article.plan")
    write(table, "/together/preview", to="/together/freeze")
    frozen = parsed(table.get("/together/sign")).select_one("article.plan")
    assert shown is not None
    assert str(shown) == str(frozen)


def tab(app: Flask, table: Police, page: str, to: str) -> Drawn:
    """The form to `to`, as a tab holds it that was opened now."""
    return next(each for each in on_page(app, "together", page, table.page(page)) if each.path == to)


def test_only_the_text_on_the_screen_is_frozen(app: Flask, table: Police, database: Database) -> None:
    old = tab(app, table, "/together/preview", "/together/freeze")
    write(table, "/together/goals", {"title": "Sleep better"})
    page = table.press(old.path, old.data, status=409)
    assert parsed(page).select_one("[data-changed]") is not None
    assert "Sleep better" in words(page)
    with database.reading() as db:
        assert db.query(Signing).count() == 0
    write(table, "/together/preview", to="/together/freeze")
    assert "Sleep better" in words(table.get("/together/sign"))


def test_a_tab_of_an_older_version_does_not_take_back_the_newer(
    app: Flask, signing: Police, database: Database
) -> None:
    old = tab(app, signing, "/together/sign", "/together/withdraw")
    write(signing, "/together/sign", to="/together/withdraw")
    write(signing, "/together/preview", to="/together/freeze")
    write(signing, "/together/sign", SIGNS, to=CLIENT)
    assert "The plan has changed" in words(signing.press(old.path, old.data, status=409))
    with database.reading() as db:
        assert [bool(held.withdrawn_at) for held in db.query(Signing).order_by(Signing.version)] == [True, False]


def test_a_signature_binds_every_deck_that_the_plan_speaks_with(signing: Police, database: Database) -> None:
    every = (DECK.id, "drinking-goal", "safety-check")
    with database.reading() as db:
        held = db.query(Signing).one()
        assert held.deck_digest == DECKS.digest(*every)
        assert held.text_hash == text_hash(held.text, held.language, held.version, DECKS.digest(*every))
    text = words(signing.get("/together/sign"))
    names = [f"{DECKS.words(deck, 'en').title}, version {DECKS.decks[deck].version}." for deck in every]
    assert [name for name in names if name not in text] == []


def test_a_word_binds_the_text_that_was_on_the_screen(signing: Police, database: Database) -> None:
    refused = write(signing, "/together/sign", {**SIGNS, "client-text_hash": "0" * 64}, to=CLIENT, status=409)
    assert "Please read it again before you sign" in words(refused)
    with database.reading() as db:
        assert db.query(Signature).count() == 0
    write(signing, "/together/sign", SIGNS, to=CLIENT)
    with database.reading() as db:
        assert db.query(Signature).one().text_hash == db.query(Signing).one().text_hash


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({}, "client-signs"),
        ({"client-signs": "yes"}, "client-name"),
        ({"client-signs": "no", "client-name": "Rowan"}, "client-reason"),
        ({"client-signs": "perhaps"}, "client-signs"),
        ({"client-signs": "yes", "client-name": "n" * 81}, "client-name"),
        ({**SIGNS, "client-agreement": "shrug"}, "client-agreement"),
    ],
)
def test_a_word_that_lacks_something(signing: Police, database: Database, fields: dict[str, str], at: str) -> None:
    refused = parsed(write(signing, "/together/sign", fields, to=CLIENT, status=422))
    assert refused.select_one(f"[data-error-summary] a[href='#{at}']") is not None
    with database.reading() as db:
        assert db.query(Signature).count() == 0


def test_name_of_which_nothing_can_be_seen_signs_nothing(app: Flask, database: Database) -> None:
    """Of a client who goes by a reference, any name is taken."""
    case = a_case(database).sorted_by_both().confirmed()
    with database.writing() as db:
        client = db.get_one(Client, (case.service_id, case.client_id))
        client.name = client.preferred_name = ""
    table = with_a_goal(app, case)
    write(table, "/together/preview", to="/together/freeze")
    for name in ("\u200b", "\ufeff \u2060"):
        write(table, "/together/sign", {"client-signs": "yes", "client-name": name}, to=CLIENT, status=422)
    with database.reading() as db:
        assert db.query(Signature).count() == 0
    write(table, "/together/sign", {"client-signs": "yes", "client-name": "R."}, to=CLIENT)


def test_nobody_signs_twice_and_nobody_else_signs(signing: Police) -> None:
    write(signing, "/together/sign", SIGNS, to=CLIENT)
    page = signing.page("/together/sign")
    token = {str(box["name"]): str(box["value"]) for box in page.select("form input[type=hidden]")}
    mine = {**SIGNS, "client-text_hash": token["keyworker-text_hash"], "csrf_token": token["csrf_token"]}
    assert signing.heard(CLIENT, mine) == 409
    assert signing.heard("/together/sign/sister", mine) == 404


def test_does_not_sign_because_is_a_way_to_finish(signing: Police, database: Database) -> None:
    write(signing, "/together/sign", {"client-signs": "no", "client-reason": "I want to think"}, to=CLIENT)
    write(signing, "/together/sign", MAYA_SIGNS, to=KEYWORKER)
    said = words(signing.get("/together/done"))
    assert "This plan is not signed by both" in said
    assert "Rowan does not sign this plan, because: I want to think" in said
    assert "Your plan is ready" not in said
    assert "I want to think" in printed(paper(signing))
    with database.reading() as db:
        assert db.query(Round).one().closed_as == "plan"


@pytest.mark.parametrize("share", [True, False])
def test_how_the_client_feels_prints_only_if_they_share_it(signing: Police, share: bool) -> None:
    private = {**SIGNS, "client-agreement": "can_live_with", **({"client-share_agreement": "y"} if share else {})}
    write(signing, "/together/sign", private, to=CLIENT)
    assert "agreement" not in str(signing.page("/together/sign").select("section[data-party=client]"))
    write(signing, "/together/sign", MAYA_SIGNS, to=KEYWORKER)
    assert ("I can live with it" in printed(paper(signing))) is share


def test_nothing_is_changed_while_it_is_being_signed(signing: Police) -> None:
    assert signing.get("/together/dates").headers["Location"] == "/together/sign"
    token = str(signing.page("/together/sign").find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    assert signing.heard("/together/goals", {"csrf_token": token, "title": "Another"}) == 409
    write(signing, "/together/sign", to="/together/withdraw")
    write(signing, "/together/goals", {"title": "Another"})
    write(signing, "/together/preview", to="/together/freeze")
    assert "Another" in words(signing.get("/together/sign"))


def test_the_paper_is_kept_byte_for_byte_and_its_name_tells_nothing(table: Police, database: Database) -> None:
    both_sign(table)
    first = paper(table)
    assert first == paper(table)
    with database.reading() as db:
        assert db.query(Printout).one().pdf == first
    file = table.get(write(table, "/together/done", to="/together/print/1").headers["Location"])
    assert file.request.path == "/together/plan-1-1.pdf"
    assert file.headers["Content-Disposition"].startswith("inline")


def test_a_change_between_reviews_is_a_new_version_and_the_old_one_says_so(table: Police, database: Database) -> None:
    both_sign(table)
    old = paper(table)
    write(table, "/together/plan/support", {"aftercare": "Evening group"})
    both_sign(table)
    newest = printed(paper(table, 2))
    assert "Evening group" in newest
    assert "Plan 1, version 2" in newest
    assert "was replaced" not in newest
    again = printed(paper(table, 1))
    assert "This plan was replaced by plan 1, version 2, on" in again
    assert "Evening group" not in again
    with database.reading() as db:
        kept = {
            signed.version: db.get_one(Printout, (signed.service_id, signed.id)).pdf for signed in db.query(Signing)
        }
        assert kept[1] == old
        assert db.query(Plan).count() == 1


def test_a_replaced_version_says_when_the_next_one_was_signed_and_not_when_it_was_written(
    app: Flask, case: Case, table: Police
) -> None:
    both_sign(table)
    write(table, "/together/preview", to="/together/freeze")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        next_day = sit(app, case)
        write(next_day, "/together/sign", SIGNS, to=CLIENT)
        write(next_day, "/together/sign", MAYA_SIGNS, to=KEYWORKER)
        said, on = printed(paper(next_day, 1)), in_days(0)
    assert f"This plan was replaced by plan 1, version 2, on {on.day} {on:%B %Y}." in said


def test_a_fault_of_the_printer_does_not_undo_the_signatures(
    table: Police, database: Database, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def jams(*_: object, **__: object) -> bytes:
        raise PrintFailed("jammed")

    with monkeypatch.context() as broken:
        broken.setattr(app.extensions["pdf"], "pdf", jams)
        both_sign(table)
        with database.reading() as db:
            assert db.query(Signature).count() == 2
            assert db.query(Printout).count() == 0
        write(table, "/together/done", to="/together/print/1", status=500)
    assert "Walk more" in printed(paper(table))


def test_a_language_that_nobody_checked_says_so_at_signing(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database, language="cy").sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Cerdded"})
    write(table, "/together/preview", to="/together/freeze")
    notice = table.page("/together/sign").select_one(".page-body > .note")
    assert notice is not None
    assert table.page("/together/sign").html["lang"] == "cy"  # type: ignore[index]
    both = notice.select_one("[lang=en]")
    assert both is not None
    assert "This translation has not been checked yet" in both.get_text()


@pytest.mark.parametrize("reviewed", [True, False])
@pytest.mark.parametrize("spoken", [True, False])
def test_the_text_that_is_signed_says_that_its_words_are_unchecked_or_partly_english(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, *, reviewed: bool, spoken: bool
) -> None:
    monkeypatch.setitem(app.jinja_env.globals, "language_reviewed", lambda: reviewed)
    monkeypatch.setitem(app.jinja_env.globals, "language_spoken", lambda: spoken)
    table = sit(app, a_case(database, language="cy").sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Cerdded"})
    write(table, "/together/preview", to="/together/freeze")
    notices = {
        "Nid yw’r cyfieithiad hwn wedi’i wirio eto.": not reviewed,
        "Mae rhai cardiau neu ddewisiadau yn Saesneg": not spoken,
    }
    with database.reading() as db:
        text = db.query(Signing).one().text
    assert {notice: notice in text for notice in notices} == notices


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"keyworker-name": "Idris Rahman"}, "keyworker-name"),
        ({"keyworker-name": "Rowan Ellis"}, "keyworker-name"),
        ({"keyworker-pin": ""}, "keyworker-pin"),
        ({"keyworker-pin": "000000"}, "keyworker-pin"),
        ({"keyworker-signs": "no", "keyworker-reason": "Too soon", "keyworker-pin": "000000"}, "keyworker-pin"),
    ],
)
def test_only_this_rounds_keyworker_signs_beside_the_client(
    signing: Police, database: Database, fields: dict[str, str], at: str
) -> None:
    write(signing, "/together/sign", SIGNS, to=CLIENT)
    refused = parsed(write(signing, "/together/sign", {**MAYA_SIGNS, **fields}, to=KEYWORKER, status=422))
    assert refused.select(f"#{at}-error")
    with database.reading() as db:
        assert [word.party for word in db.query(Signature)] == [Party.CLIENT]


@pytest.mark.parametrize("name", ["Somebody Else", "Maya Osei", "E"])
def test_nobody_signs_in_the_clients_place(signing: Police, database: Database, name: str) -> None:
    refused = parsed(write(signing, "/together/sign", {**SIGNS, "client-name": name}, to=CLIENT, status=422))
    assert "Enter your own name" in refused.select_one("#client-name-error").get_text()  # type: ignore[union-attr]
    with database.reading() as db:
        assert db.query(Signature).all() == []


@pytest.mark.parametrize("name", ["rowan", "Rowan Ellis", "R. Ellis", "ELLIS"])
def test_people_sign_as_they_do(signing: Police, name: str) -> None:
    write(signing, "/together/sign", {**SIGNS, "client-name": name}, to=CLIENT)
    assert "Rowan has signed this plan." in words(signing.get("/together/sign"))


def test_people_sign_with_the_name_they_like_to_be_called(signing: Police, database: Database) -> None:
    with database.writing() as db:
        db.query(Client).one().preferred_name = "Robbie"
    write(signing, "/together/sign", {**SIGNS, "client-name": "robbie"}, to=CLIENT)
    assert "Robbie has signed this plan." in words(signing.get("/together/sign"))


def test_the_paper_says_the_names_with_which_they_signed(signing: Police) -> None:
    write(signing, "/together/sign", {**SIGNS, "client-name": "R. Ellis"}, to=CLIENT)
    write(signing, "/together/sign", {**MAYA_SIGNS, "keyworker-name": "Osei, M."}, to=KEYWORKER)
    said = printed(paper(signing))
    assert ["R. Ellis, signed on" in said, "Osei, M., signed on" in said] == [True] * 2


def test_the_history_says_who_signed(app: Flask, signing: Police, database: Database) -> None:
    write(signing, "/together/sign", {"client-signs": "no", "client-reason": "I want to think"}, to=CLIENT)
    write(signing, "/together/sign", MAYA_SIGNS, to=KEYWORKER)
    with database.reading() as db:
        client = db.query(Client).one()
    text = words(sign_in(app).get(f"/desk/clients/{client.id}"))
    assert "Maya Osei signed version 1 of the plan" in text
    assert "The client did not sign version 1 of the plan, and said why" in text
