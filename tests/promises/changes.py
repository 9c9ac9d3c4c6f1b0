"""Every change that somebody could try on what a sort holds: each column and row, as an object and as SQL."""

from dataclasses import dataclass

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from decisionaid.storage.types import Record

ROWS = {mapper.local_table.name: mapper.class_ for mapper in Record.registry.mappers}  # type: ignore[attr-defined]
PARTS = tuple(sorted(name for name, table in Record.metadata.tables.items() if "sort_id" in table.columns))
"""The tables whose rows belong to a sort, by their shape and not by what the triggers say that they keep."""
TABLES = ("sort", *PARTS)


@dataclass(frozen=True)
class Change:
    """A change to a table of the sort: a column written, a row taken away, put in, or put in place of itself."""

    table: str
    how: str
    column: str = ""

    def statement(self) -> str:
        """As SQL, for the sort :sort."""
        table, key = self.table, "id" if self.table == "sort" else "sort_id"
        if self.how == "update":
            return f"UPDATE {table} SET {self.column} = {self.column} WHERE {key} = :sort"  # noqa: S608 - our own names
        if self.how == "delete":
            return f"DELETE FROM {table} WHERE {key} = :sort"  # noqa: S608 - our own names
        names = [column.key for column in inspect(ROWS[table]).columns]
        new = {name: f"'{value}'" for name, value in _new(table).items()} if self.how == "insert" else {}
        row = ", ".join(new.get(name, name) for name in names)
        put = "INSERT" if self.how == "insert" else "INSERT OR REPLACE"
        return f"{put} INTO {table} ({', '.join(names)}) SELECT {row} FROM {table} WHERE {key} = :sort LIMIT 1"  # noqa: S608 - our own names

    def by_objects(self, db: Session, sort_id: str) -> None:
        """The same with the row as an object."""
        model = ROWS[self.table]
        row = db.scalars(select(model).where((model.id if self.table == "sort" else model.sort_id) == sort_id)).first()
        assert row is not None
        if self.how == "update":
            flag_modified(row, self.column)
        elif self.how == "delete":
            db.delete(row)
        else:
            kept = {column.key: getattr(row, column.key) for column in inspect(model).columns}
            db.add(model(**{**kept, **_new(self.table)}))
        db.flush()


def _new(table: str) -> dict[str, str]:
    """What makes a copied row one of its own: its key and, of an operation, whose number it is."""
    key = {inspect(ROWS[table]).primary_key[-1].key: "new"}
    return {**key, "epoch": "new"} if table == "operation" else key


def columns_of(table: str) -> list[str]:
    keys = {column.key for column in inspect(ROWS[table]).primary_key}
    return [column.key for column in inspect(ROWS[table]).columns if column.key not in keys]


UPDATES = [Change(table, "update", column) for table in TABLES for column in columns_of(table)]
DELETES = [Change(table, "delete") for table in TABLES]
INSERTS = [Change(table, "insert") for table in PARTS]
REPLACES = [Change(table, "replace") for table in PARTS]
OBJECTS, STATEMENTS = [*UPDATES, *DELETES, *INSERTS], [*UPDATES, *DELETES, *INSERTS, *REPLACES]
