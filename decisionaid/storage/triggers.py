"""Triggers that keep what was finished: the database itself refuses to change or delete it.

A recorded erasure of the client is the one way past, and only for deletion.
"""

from decisionaid.storage.trigger_plans import PLANS
from decisionaid.storage.trigger_shapes import (
    CLIENT_OF_PLAN,
    CLIENT_OF_ROUND,
    ERASED,
    Trigger,
    changed,
    changed_text,
)

SORT_TABLES = (
    *("sort_card", "own_card", "question", "option_choice", "option_view", "safety_reply", "goal_progress"),
    "operation",
)
SIGNING_TABLES = ("signature", "printout")

_CLIENT_OF_SIGNING = (
    "SELECT plan.client_id FROM signing "
    "JOIN plan ON plan.service_id = signing.service_id AND plan.id = signing.plan_id "
    "WHERE signing.service_id = OLD.service_id AND signing.id = OLD.signing_id"
)
_FINISHED = (
    "EXISTS (SELECT 1 FROM sort WHERE sort.service_id = {row}.service_id AND sort.id = {row}.sort_id "
    "AND sort.finished_at IS NOT NULL)"
)
_CLIENT_OF_SORT = (
    "SELECT round.client_id FROM sort JOIN round ON round.service_id = sort.service_id AND round.id = sort.round_id "
    "WHERE sort.service_id = OLD.service_id AND sort.id = OLD.sort_id"
)


def _finished_sorts() -> list[Trigger]:
    not_erased = f"NOT {ERASED.format(client=CLIENT_OF_ROUND.format(row='OLD', round='OLD.round_id'))}"
    triggers = [
        Trigger("sort_kept_update", "sort", "UPDATE", "OLD.finished_at IS NOT NULL", "finished sort"),
        Trigger("sort_kept_delete", "sort", "DELETE", f"OLD.finished_at IS NOT NULL AND {not_erased}", "finished sort"),
    ]
    for table in SORT_TABLES:
        finished, was_finished = _FINISHED.format(row="NEW"), _FINISHED.format(row="OLD")
        erased = ERASED.format(client=_CLIENT_OF_SORT)
        triggers += [
            Trigger(f"{table}_kept_insert", table, "INSERT", finished, "finished sort"),
            Trigger(f"{table}_kept_update", table, "UPDATE", f"{was_finished} OR {finished}", "finished sort"),
            Trigger(f"{table}_kept_delete", table, "DELETE", f"{was_finished} AND NOT {erased}", "finished sort"),
        ]
    return triggers


def _signings() -> list[Trigger]:
    erased = ERASED.format(client=_CLIENT_OF_SIGNING)
    triggers = []
    for table in SIGNING_TABLES:
        triggers += [
            Trigger(f"{table}_kept_update", table, "UPDATE", "1 = 1", f"{table} is kept"),
            Trigger(f"{table}_kept_delete", table, "DELETE", f"NOT {erased}", f"{table} is kept"),
        ]
    other_text = changed("text", "text_hash", "language", "version", "plan_id")
    not_erased = f"NOT {ERASED.format(client=CLIENT_OF_PLAN)}"
    triggers += [
        Trigger("signing_text_kept", "signing", "UPDATE", other_text, "the text of a signing is kept"),
        Trigger("signing_kept_delete", "signing", "DELETE", not_erased, "a signing is kept"),
    ]
    return triggers


def _records() -> list[Trigger]:
    erased = ERASED.format(client="OLD.client_id")
    confirmed = ERASED.format(client=CLIENT_OF_ROUND.format(row="OLD", round="OLD.round_id"))
    return [
        Trigger("history_kept_update", "history", "UPDATE", "1 = 1", "history is kept"),
        Trigger("history_kept_delete", "history", "DELETE", f"NOT {erased}", "history is kept"),
        Trigger("confirmation_kept_update", "confirmation", "UPDATE", "1 = 1", "confirmation is kept"),
        Trigger("confirmation_kept_delete", "confirmation", "DELETE", f"NOT {confirmed}", "confirmation is kept"),
    ]


def _safety() -> list[Trigger]:
    """What was answered to the safety check, and what was done about it, is only ever added to."""
    kept = [Trigger("safety_reply_kept_insert", "safety_reply", "INSERT", _FINISHED.format(row="NEW"), "finished sort")]
    of_sort = ERASED.format(client=_CLIENT_OF_SORT)
    of_round = ERASED.format(client=CLIENT_OF_ROUND.format(row="OLD", round="OLD.round_id"))
    for table, erased in (("safety_reply", of_sort), ("safety_response", of_round), ("safety_told", of_round)):
        kept += [
            Trigger(f"{table}_kept_update", table, "UPDATE", "1 = 1", f"{table} is kept"),
            Trigger(f"{table}_kept_delete", table, "DELETE", f"NOT {erased}", f"{table} is kept"),
        ]
    other_word = changed_text("safety_word", "safety_reason", "safety_by")
    return [*kept, Trigger("signing_word_kept", "signing", "UPDATE", other_word, "the word on a signing is kept")]


FIRST: tuple[Trigger, ...] = (*_finished_sorts(), *_signings(), *_records())
"""Those that migration 0001 makes."""

SAFETY = tuple(_safety())
"""Those that migration 0002 makes; those on safety replies take the place of the first ones."""

_DECK_IS_KEPT = "EXISTS (SELECT 1 FROM deck WHERE deck.service_id = OLD.service_id AND deck.digest = OLD.deck_digest)"
_OTHER_DECK = changed("deck_digest", "deck_id", "service_id")

DECKS = (
    Trigger("deck_kept_update", "deck", "UPDATE", "1 = 1", "a deck is kept"),
    Trigger("deck_kept_delete", "deck", "DELETE", "1 = 1", "a deck is kept"),
    Trigger(
        "round_deck_kept", "round", "UPDATE", f"({_OTHER_DECK}) AND {_DECK_IS_KEPT}", "the deck of a round is kept"
    ),
)
"""Those that migration 0009 makes. A round from before has no deck that is kept, and is given one."""

TRIGGERS: tuple[Trigger, ...] = (*(first for first in FIRST if first.table != "safety_reply"), *SAFETY, *DECKS, *PLANS)
"""Those that hold now."""
