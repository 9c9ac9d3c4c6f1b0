"""Reading decks: ours are whole, and whatever is amiss in a deck is told with file and place, all at once and soon."""

import json
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from decisionaid import application, cli, packaged
from decisionaid.core.in_english import InEnglish
from decisionaid.core.safety import NOT_STOPPING
from decisionaid.core.sort import Party, Rating
from decisionaid.storage import deck_checks
from decisionaid.storage.decks import CARD_DECK, BrokenDecks, Decks, Fault, check, load_decks
from tests.own_decks import CARDS, OWN, add_own
from tests.storage.bad_decks import BAD, GOAL, GOAL_EN, HOME, LIFE, LIFE_EN, SAFE, SAFE_EN, Edit, put

OURS = packaged("questionnaires")
ICONS = Path("node_modules/@phosphor-icons/core/assets/duotone")


@pytest.fixture(scope="module")
def ours() -> Decks:
    return load_decks(OURS)


@pytest.fixture(scope="module")
def icons(ours: Decks) -> frozenset[str]:
    """The pictures that our decks name, as a set in which everything else is unknown."""
    deck, goal = ours.cards("life-areas"), ours.options("drinking-goal")
    named = {name for card in deck.cards + deck.spares for name in card.pictures}
    return frozenset(named | {option.picture for option in goal.options} | set(goal.heading_pictures.values()))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OURS, tmp_path / "decks"))


def test_ours_have_no_faults(copy: Path, icons: frozenset[str]) -> None:
    """The control: what every bad deck is made from is good."""
    assert check(copy, icons) == []


@pytest.mark.parametrize(("file", "edit", "place", "reason"), BAD.values(), ids=BAD)
def test_a_bad_deck_is_told_with_file_and_place(
    copy: Path, icons: frozenset[str], file: str, edit: Edit, place: str, reason: str
) -> None:
    edit(copy / file)
    before = time.process_time()
    faults = check(copy, icons)
    assert time.process_time() - before < 1, "it takes seconds of the processor"
    told = [fault for fault in faults if fault.file == file and reason in fault.reason]
    assert told, f"{reason!r} was not told of {file}, but {[str(fault) for fault in faults]}"
    assert place in [fault.place for fault in told]
    with pytest.raises(BrokenDecks) as refused:
        load_decks(copy, icons)
    assert refused.value.faults == faults
    assert all(str(fault) in str(refused.value) for fault in faults)


def test_all_faults_are_told_at_once(copy: Path) -> None:
    put("cards", "food", "title", to="a" * 41)(copy / LIFE_EN)
    put("questions", "illness", "text", to="<b>")(copy / SAFE_EN)
    put("top", to=0)(copy / LIFE)
    assert {(fault.file, fault.place) for fault in check(copy)} >= {
        (LIFE_EN, "cards.food.title"),
        (SAFE_EN, "questions.illness.text"),
        (LIFE, "top"),
    }


def test_a_service_may_add_a_question_an_answer_a_sign_and_a_card(copy: Path) -> None:
    """The control of what may not be lost."""
    question = {"id": "alone", "answers": [{"id": id, "warns": id != "no"} for id in ("yes", "no", "dont_know")]}
    for path in (copy / "safety-check").glob("*.json"):
        held = json.loads(path.read_text("utf-8"))
        if path == copy / SAFE:
            held["questions"].append(question)
            held["questions"][2]["answers"].append({"id": "over-50", "warns": True})
        else:
            said = {"yes": "Yes", "no": "No", "dont_know": "I don’t know"}
            held["questions"]["alone"] = {"text": "Do you live alone?", "help": "It helps to know.", "answers": said}
            held["questions"]["units"]["answers"]["over-50"] = "Over 50"
            held["red_cards"]["drinking"]["signs"].append("are alone")
        path.write_text(json.dumps(held), "utf-8")
    assert check(copy) == []


def test_control_without_the_list_a_lost_question_is_not_told(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (copy / "safety-check").glob("*.json"):
        held = json.loads(path.read_text("utf-8"))
        if path == copy / SAFE:
            held["questions"] = [one for one in held["questions"] if one["id"] != "pregnancy"]
        else:
            del held["questions"]["pregnancy"]
        path.write_text(json.dumps(held), "utf-8")
    assert [fault.reason for fault in check(copy)] == ["The question 'pregnancy' may not be taken out"]
    monkeypatch.setattr(deck_checks, "check_required", lambda _deck: ())
    assert check(copy) == []


def test_a_folder_without_a_safety_check_does_not_start(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(copy / "safety-check")
    monkeypatch.setattr(cli, "packaged", lambda _: copy)
    monkeypatch.setattr(application, "packaged", lambda _: copy)
    with pytest.raises(BrokenDecks, match=r"safety-check/safety-check\.json: The program needs this deck"):
        application.build()
    for command in ("serve", "demo"):
        refused = CliRunner().invoke(cli.main, [command])
        assert refused.exit_code == 1
        assert "safety-check/safety-check.json: The program needs this deck" in refused.output


@pytest.mark.parametrize("name", ["notes.txt", "en.json.bak", "extra"])
def test_only_json_lies_in_a_deck(copy: Path, name: str) -> None:
    (copy / "life-areas" / name).write_text("{}", "utf-8")
    assert check(copy) == [Fault(f"life-areas/{name}", "", "Only JSON files belong here")]


def test_a_deck_that_the_program_needs_must_be_there(copy: Path, tmp_path: Path) -> None:
    assert {fault.file for fault in check(tmp_path / "missing")} == {LIFE, GOAL, SAFE}
    shutil.rmtree(copy / "safety-check")
    assert [fault.file for fault in check(copy)] == [SAFE]


OUR_SAFETY_CHECK = (4, "b685bda6c8d41b83")
"""The version of our safety check, and its digest. A service's own names the version that it was compared with, so each
change of ours, in whatever language, has a new number: change both here."""


def test_a_change_of_our_safety_check_raises_its_version(ours: Decks) -> None:
    assert (ours.safety("safety-check").version, ours.digest("safety-check")[:16]) == OUR_SAFETY_CHECK


@pytest.mark.parametrize("made_from", [None, OUR_SAFETY_CHECK[0] - 1, OUR_SAFETY_CHECK[0] + 1])
def test_a_safety_check_of_the_services_own_that_was_not_compared_with_ours_of_now_is_a_fault(
    tmp_path: Path, made_from: int | None
) -> None:
    own = own_safety_check(tmp_path, made_from)
    (fault,) = check(OURS, own=own)
    assert (fault.file, fault.place) == (f"{own}/{SAFE}", "made_from")
    assert fault.reason.startswith(f"Ours is version {OUR_SAFETY_CHECK[0]}. Compare this deck with it")
    with pytest.raises(BrokenDecks):
        load_decks(OURS, own=own)


def test_control_a_safety_check_of_the_services_own_that_was_compared_is_asked(tmp_path: Path) -> None:
    own = own_safety_check(tmp_path, OUR_SAFETY_CHECK[0])
    put("version", to=17)(own / SAFE)
    assert load_decks(OURS, own=own).safety("safety-check").version == 17
    shutil.rmtree(own / "safety-check")
    assert check(OURS, own=own) == [], "where a service has none of its own, nothing is compared"


def test_a_newer_safety_check_of_ours_stops_an_older_one_of_the_services_own(copy: Path, tmp_path: Path) -> None:
    own = own_safety_check(tmp_path / "own", OUR_SAFETY_CHECK[0])
    assert check(copy, own=own) == []
    put("version", to=OUR_SAFETY_CHECK[0] + 1)(copy / SAFE)
    assert [fault.place for fault in check(copy, own=own)] == ["made_from"]


def own_safety_check(folder: Path, made_from: int | None) -> Path:
    """A safety check of the service's own in this folder, as ours but for what it says that it was made from."""
    shutil.copytree(OURS / "safety-check", folder / "safety-check")
    if made_from is not None:
        put("made_from", to=made_from)(folder / SAFE)
    return folder


def test_decks_of_cards_with_one_title_cannot_be_told_apart(tmp_path: Path) -> None:
    own = add_own(tmp_path)
    assert check(OURS, own=own) == [], "the control"
    put("title", to="what MATTERS in my life")(own / OWN / "en.json")
    (fault,) = check(OURS, own=own)
    said = (fault.file, fault.place, fault.reason)
    assert said in (
        (f"{own}/{OWN}/en.json", "title", f"The deck {CARD_DECK!r} has this title too"),
        (f"{CARD_DECK}/en.json", "title", f"The deck {OWN!r} has this title too"),
    )


@pytest.mark.parametrize(
    ("card", "field", "to", "place"),
    [
        ("drinking", "points", False, "points"),
        ("drinking", "warns", "drugs", "warns"),
        ("drinking", "opens", None, "opens"),
    ],
)
def test_another_deck_may_do_without_a_card_on_drinking_but_not_without_its_warning(
    tmp_path: Path, card: str, field: str, to: object, place: str
) -> None:
    own = add_own(tmp_path)
    assert "drugs" not in load_decks(OURS, own=own).cards(OWN).ids, "the control: a card that ours may not lose"
    at = CARDS.index(card)
    put("cards", at, field, to=to)(own / OWN / f"{OWN}.json")
    assert f"cards.{at}.{place}" in [fault.place for fault in check(OURS, own=own)]


def test_a_needed_deck_must_be_of_its_kind(copy: Path) -> None:
    shutil.rmtree(copy / "safety-check")
    shutil.copytree(copy / "life-areas", copy / "safety-check")
    (copy / "safety-check" / "life-areas.json").rename(copy / SAFE)
    put("id", to="safety-check")(copy / SAFE)
    for language in ("en", "cy", "pl"):
        put("title", to="Another title")(copy / "safety-check" / f"{language}.json")
    assert [(fault.file, fault.place) for fault in check(copy)] == [(SAFE, "kind")]


def test_a_broken_deck_of_options_is_not_said_to_be_missing(copy: Path) -> None:
    put("version", to=0)(copy / GOAL)
    assert [(fault.file, fault.place) for fault in check(copy)] == [(GOAL, "version")]


def test_a_deck_without_any_words_is_a_fault(copy: Path) -> None:
    for folder in ("drinking-goal", "life-areas", "safety-check"):
        for words in set((copy / folder).glob("*.json")) - {copy / folder / f"{folder}.json"}:
            words.unlink()
    assert {fault.reason for fault in check(copy)} == {
        "Every deck needs English: it is shown where a language is missing"
    }


def test_every_picture_of_ours_exists(icons: frozenset[str]) -> None:
    folder = OURS.parent / ICONS
    if not folder.is_dir():
        pytest.skip("the icon package is not installed here")
    assert sorted(name for name in icons if not (folder / f"{name}-duotone.svg").is_file()) == []


def test_the_digest_binds_structure_and_words_but_not_their_layout(copy: Path, ours: Decks) -> None:
    first = ours.digest("life-areas")
    put("version", to=2)(copy / LIFE)
    assert load_decks(copy).digest("life-areas") == first
    put("cards", "food", "line", to="Having enough to eat.")(copy / LIFE_EN)
    second = load_decks(copy).digest("life-areas")
    put(*HOME, "domain", to="housing")(copy / LIFE)
    third = load_decks(copy).digest("life-areas")
    assert len({first, second, third}) == 3
    assert load_decks(copy).digest("safety-check") == ours.digest("safety-check")


@pytest.mark.parametrize("file", [LIFE_EN, GOAL_EN, SAFE_EN])
def test_the_digest_of_several_decks_binds_the_words_of_each(copy: Path, ours: Decks, file: str) -> None:
    every = ("life-areas", "drinking-goal", "safety-check")
    assert load_decks(copy).digest(*every) == ours.digest(*every)
    put("title", to="In other words")(copy / file)
    assert load_decks(copy).digest(*every) != ours.digest(*every)


def test_a_language_with_a_region_falls_back_on_the_plain_one_and_any_other_on_english(ours: Decks) -> None:
    assert ours.card_words("life-areas", "en-GB") is ours.card_words("life-areas", "en")
    english, instead = ours.card_words("life-areas", "en"), ours.card_words("life-areas", "fr-CA")
    assert instead == english
    marked = [isinstance(words.cards["food"].examples[0], InEnglish) for words in (english, instead)]
    assert marked == [False, True], "words that stand for another language say that they are English"


def test_a_deck_of_another_kind_does_not_exist(ours: Decks) -> None:
    for ask in (ours.options, ours.safety):
        with pytest.raises(KeyError):
            ask("life-areas")
    with pytest.raises(KeyError):
        ours.cards("drinking-goal")
    with pytest.raises(KeyError):
        ours.safety_words("life-areas", "en")


def test_the_cards_are_the_24_areas_and_the_spares(ours: Decks) -> None:
    deck = ours.cards("life-areas")
    assert (len(deck.cards), len(deck.spares), deck.top) == (24, 6, 5)
    assert {card.id: card.opens for card in deck.cards if card.opens} == {"drinking": "drinking-goal"}
    warning = {card.id: card.warns for card in deck.cards + deck.spares if card.warns}
    assert warning == {"drinking": "drinking", "drugs": "drugs", "safer-using": "drugs"}
    pointing = {card.id for card in deck.cards + deck.spares if card.points}
    assert pointing == {"drinking", "drugs", "safer-using", "medicines"}
    assert len({card.domain for card in deck.cards}) == 24


def test_every_language_says_every_card_question_and_answer(ours: Decks) -> None:
    assert ours.languages[0] == "en" and {"cy", "pl"} <= set(ours.languages)
    english = ours.card_words("life-areas", "en")
    for language in ours.languages:
        words = ours.card_words("life-areas", language)
        assert set(words.questions) == set(words.answers) == {party.value for party in Party}
        assert set(words.short) == {rating.value for rating in Rating}
        assert all(len(said.examples) == 3 for said in words.cards.values())
        titles = [said.title for said in words.cards.values()]
        assert len(set(titles)) == len(titles)
        assert language == "en" or all(words.cards[id] != said for id, said in english.cards.items())
        assert len(english.cues) == len(words.cues)


def test_a_language_that_nobody_has_read_says_so(ours: Decks) -> None:
    assert {language: ours.is_reviewed(language) for language in ("en", "cy", "pl")} == {
        "en": True,
        "cy": False,
        "pl": False,
    }


def test_the_safety_check_asks_everybody_two_things_first(ours: Decks) -> None:
    deck = ours.safety("safety-check")
    assert [question.id for question in deck.gates] == ["drinks", "sedatives"]
    assert [question.id for question in deck.questions if question.lifetime] == ["fit-or-dts"]
    rest = ["units", "withdrawal", "fit-or-dts", "pregnancy", "illness", "medicines"]
    assert [question.id for question in deck.questions] == ["drinks", "sedatives", *rest]


def test_the_red_card_stands_with_every_goal_that_needs_the_safe_step(ours: Decks) -> None:
    options = {option.id: option.warns for option in ours.options("drinking-goal").options}
    assert options == {id: id not in NOT_STOPPING for id in ("stop", "less", "pause", "safer", "unsure")}
