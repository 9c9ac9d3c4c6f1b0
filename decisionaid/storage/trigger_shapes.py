"""What a trigger is, on either database, and the conditions that several of them share.

A recorded erasure of the client is the one way past those on deletion.
"""

from dataclasses import dataclass

CLIENT_OF_ROUND = "SELECT client_id FROM round WHERE round.service_id = {row}.service_id AND round.id = {round}"
CLIENT_OF_PLAN = "SELECT client_id FROM plan WHERE plan.service_id = OLD.service_id AND plan.id = OLD.plan_id"
ERASED = "EXISTS (SELECT 1 FROM erasure WHERE erasure.service_id = OLD.service_id AND erasure.client_id = ({client}))"


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


def changed(*columns: str) -> str:
    """Whether one of these columns gets another value. None of them is ever empty."""
    return " OR ".join(f"OLD.{column} <> NEW.{column}" for column in columns)


def changed_text(*columns: str) -> str:
    """Whether one of these columns, which hold text or nothing, gets another value."""
    return " OR ".join(f"COALESCE(OLD.{column}, '') <> COALESCE(NEW.{column}, '')" for column in columns)
