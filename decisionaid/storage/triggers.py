"""Triggers that keep what was finished: the database itself refuses to change or delete it.

A recorded erasure of the client is the one way past, and only for deletion.
"""

from dataclasses import dataclass

SORT_TABLES = (
    *("sort_card", "own_card", "question", "option_choice", "option_view", "safety_reply", "goal_progress"),
    "operation",
)
SIGNING_TABLES = ("signature", "printout")

_CLIENT_OF_ROUND = "SELECT client_id FROM round WHERE round.service_id = {row}.service_id AND round.id = {round}"
_CLIENT_OF_SIGNING = (
    "SELECT plan.client_id FROM signing "
    "JOIN plan ON plan.service_id = signing.service_id AND plan.id = signing.plan_id "
    "WHERE signing.service_id = OLD.service_id AND signing.id = OLD.signing_id"
)
_CLIENT_OF_PLAN = "SELECT client_id FROM plan WHERE plan.service_id = OLD.service_id AND plan.id = OLD.plan_id"
_ERASED = "EXISTS (SELECT 1 FROM erasure WHERE erasure.service_id = OLD.service_id AND erasure.client_id = ({client}))"
_FINISHED = (
    "EXISTS (SELECT 1 FROM sort WHERE sort.service_id = {row}.service_id AND sort.id = {row}.sort_id "
    "AND sort.finished_at IS NOT NULL)"
)
_CLIENT_OF_SORT = (
    "SELECT round.client_id FROM sort JOIN round ON round.service_id = sort.service_id AND round.id = sort.round_id "
    "WHERE sort.service_id = OLD.service_id AND sort.id = OLD.sort_id"
)


@dataclass(frozen=True)
class Trigger:
    """Before `action` on `table`, refuse when `when` holds, saying `why`."""

    name: str
    table: str
    action: str
    when: str
    why: str

    def create(self, dialect: str) -> list[str]:
        """The statements that make it on "sqlite" or "postgresql"."""
        if dialect == "sqlite":
            refuse = f"BEGIN SELECT RAISE(ABORT, '{self.why}'); END"
            return [f"CREATE TRIGGER {self.name} {self._before} WHEN {self.when} {refuse}"]
        kept = "OLD" if self.action == "DELETE" else "NEW"
        body = f"BEGIN IF {self.when} THEN RAISE EXCEPTION '{self.why}'; END IF; RETURN {kept}; END"
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {self.name} {self._before} FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]

    @property
    def _before(self) -> str:
        return f"BEFORE {self.action} ON {self.table}"

    def drop(self, dialect: str) -> list[str]:
        """The statements that take it away."""
        if dialect == "sqlite":
            return [f"DROP TRIGGER {self.name}"]
        return [f"DROP TRIGGER {self.name} ON {self.table}", f"DROP FUNCTION {self.name}()"]


def _finished_sorts() -> list[Trigger]:
    not_erased = f"NOT {_ERASED.format(client=_CLIENT_OF_ROUND.format(row='OLD', round='OLD.round_id'))}"
    triggers = [
        Trigger("sort_kept_update", "sort", "UPDATE", "OLD.finished_at IS NOT NULL", "finished sort"),
        Trigger("sort_kept_delete", "sort", "DELETE", f"OLD.finished_at IS NOT NULL AND {not_erased}", "finished sort"),
    ]
    for table in SORT_TABLES:
        finished, was_finished = _FINISHED.format(row="NEW"), _FINISHED.format(row="OLD")
        erased = _ERASED.format(client=_CLIENT_OF_SORT)
        triggers += [
            Trigger(f"{table}_kept_insert", table, "INSERT", finished, "finished sort"),
            Trigger(f"{table}_kept_update", table, "UPDATE", f"{was_finished} OR {finished}", "finished sort"),
            Trigger(f"{table}_kept_delete", table, "DELETE", f"{was_finished} AND NOT {erased}", "finished sort"),
        ]
    return triggers


def _signings() -> list[Trigger]:
    erased = _ERASED.format(client=_CLIENT_OF_SIGNING)
    triggers = []
    for table in SIGNING_TABLES:
        triggers += [
            Trigger(f"{table}_kept_update", table, "UPDATE", "1 = 1", f"{table} is kept"),
            Trigger(f"{table}_kept_delete", table, "DELETE", f"NOT {erased}", f"{table} is kept"),
        ]
    changed = " OR ".join(
        f"OLD.{column} <> NEW.{column}" for column in ("text", "text_hash", "language", "version", "plan_id")
    )
    not_erased = f"NOT {_ERASED.format(client=_CLIENT_OF_PLAN)}"
    triggers += [
        Trigger("signing_text_kept", "signing", "UPDATE", changed, "the text of a signing is kept"),
        Trigger("signing_kept_delete", "signing", "DELETE", not_erased, "a signing is kept"),
    ]
    return triggers


def _records() -> list[Trigger]:
    erased = _ERASED.format(client="OLD.client_id")
    confirmed = _ERASED.format(client=_CLIENT_OF_ROUND.format(row="OLD", round="OLD.round_id"))
    return [
        Trigger("history_kept_update", "history", "UPDATE", "1 = 1", "history is kept"),
        Trigger("history_kept_delete", "history", "DELETE", f"NOT {erased}", "history is kept"),
        Trigger("confirmation_kept_update", "confirmation", "UPDATE", "1 = 1", "confirmation is kept"),
        Trigger("confirmation_kept_delete", "confirmation", "DELETE", f"NOT {confirmed}", "confirmation is kept"),
    ]


def _safety() -> list[Trigger]:
    """What was answered to the safety check, and what was done about it, is only ever added to."""
    kept = [Trigger("safety_reply_kept_insert", "safety_reply", "INSERT", _FINISHED.format(row="NEW"), "finished sort")]
    of_sort = _ERASED.format(client=_CLIENT_OF_SORT)
    of_round = _ERASED.format(client=_CLIENT_OF_ROUND.format(row="OLD", round="OLD.round_id"))
    for table, erased in (("safety_reply", of_sort), ("safety_response", of_round), ("safety_told", of_round)):
        kept += [
            Trigger(f"{table}_kept_update", table, "UPDATE", "1 = 1", f"{table} is kept"),
            Trigger(f"{table}_kept_delete", table, "DELETE", f"NOT {erased}", f"{table} is kept"),
        ]
    changed = " OR ".join(
        f"COALESCE(OLD.{column}, '') <> COALESCE(NEW.{column}, '')"
        for column in ("safety_word", "safety_reason", "safety_by")
    )
    return [*kept, Trigger("signing_word_kept", "signing", "UPDATE", changed, "the word on a signing is kept")]


FIRST: tuple[Trigger, ...] = (*_finished_sorts(), *_signings(), *_records())
"""Those that migration 0001 makes."""

SAFETY = tuple(_safety())
"""Those that migration 0002 makes; those on safety replies take the place of the first ones."""

_DECK_IS_KEPT = "EXISTS (SELECT 1 FROM deck WHERE deck.service_id = OLD.service_id AND deck.digest = OLD.deck_digest)"
_OTHER_DECK = "OLD.deck_digest <> NEW.deck_digest OR OLD.deck_id <> NEW.deck_id OR OLD.service_id <> NEW.service_id"

DECKS = (
    Trigger("deck_kept_update", "deck", "UPDATE", "1 = 1", "a deck is kept"),
    Trigger("deck_kept_delete", "deck", "DELETE", "1 = 1", "a deck is kept"),
    Trigger(
        "round_deck_kept", "round", "UPDATE", f"({_OTHER_DECK}) AND {_DECK_IS_KEPT}", "the deck of a round is kept"
    ),
)
"""Those that migration 0007 makes. A round from before has no deck that is kept, and is given one."""

TRIGGERS: tuple[Trigger, ...] = (*(first for first in FIRST if first.table != "safety_reply"), *SAFETY, *DECKS)
"""Those that hold now."""
