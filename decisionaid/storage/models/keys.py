"""How records point at each other: always within one service."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint

STRICT = {"sqlite_strict": True}


def within_service(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key from (service_id, `column`) to `table`: a row cannot point into another service."""
    return ForeignKeyConstraint(["service_id", column], [f"{table}.service_id", f"{table}.id"])


def of_service() -> ForeignKeyConstraint:
    """The foreign key of a row that hangs on its service alone."""
    return ForeignKeyConstraint(["service_id"], ["service.id"])


def table(*parts: Any) -> tuple[Any, ...]:
    """The `__table_args__` of a record: its constraints, in a STRICT table."""
    return (*parts, STRICT)
