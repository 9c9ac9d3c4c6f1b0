"""The connection: SQLite as strict as it can be, or PostgreSQL; reading and writing kept apart.

Measured: with synchronous=NORMAL a power cut lost 300 of 300 acknowledged writes, with FULL none; with deferred
transactions 68 of 800 writes came through under 8 writers, with BEGIN IMMEDIATE and one writer at a time all 800.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from decisionaid.storage.files import make_private

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "secure_delete": 1,
    "recursive_triggers": 1,  # else a row that REPLACE puts in place of another would slip past what keeps the other
}
"""What each SQLite connection is set to, and must read back."""


LONGEST_WAIT = 10.0
"""Seconds that a writer waits for its turn."""


class DatabaseBusy(Exception):
    """No turn to write came in time; nothing was written."""


class DatabaseTooWeak(Exception):
    """The database would not keep what it acknowledged. Holds the setting and what was read back."""


class Database:
    """One database: `reading()` for what looks, `writing()` for what changes; a reader that writes is refused by
    the database.

    Args:
        url: a SQLAlchemy URL; `sqlite:///…` or `postgresql+psycopg://…`.

    Raises:
        DatabaseTooWeak: SQLite does not read back WAL, FULL and the rest of `PRAGMAS`.
    """

    def __init__(self, url: str) -> None:
        self.engine = _sqlite(url) if url.startswith("sqlite") else create_engine(url, pool_pre_ping=True)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._reader = sessionmaker(self.engine.execution_options(reads_only=True), expire_on_commit=False)
        self._writer = sessionmaker(self.engine, expire_on_commit=False)
        self._passer_by = sessionmaker(self.engine.execution_options(never_waits=True), expire_on_commit=False)
        if self.is_sqlite:
            turn = threading.Lock()
            _take_turns(self._writer, turn, LONGEST_WAIT)
            _take_turns(self._passer_by, turn, 0)
        event.listen(self.engine, "begin", self._begin)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that can only look."""
        with self._reader() as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when the block ends well, and rolls back when it does not."""
        with self._writer() as db:
            yield db
            db.commit()

    @contextmanager
    def writing_if_free(self) -> Iterator[Session | None]:
        """The same where nobody else writes now, and None where somebody does: for what can wait, in a look."""
        with self._passer_by() as db:
            try:
                db.connection()
            except DatabaseBusy:
                yield None
                return
            yield db
            db.commit()

    def open_writer(self) -> Session:
        """A writing session; its transaction begins, and other writers wait, at its first use."""
        return self._writer()

    def open_reader(self) -> Session:
        """A reading session that the caller closes."""
        return self._reader()

    def close(self) -> None:
        self.engine.dispose()

    def _begin(self, connection: Connection) -> None:
        reads_only = bool(connection.get_execution_options().get("reads_only"))
        if self.is_sqlite:
            connection.exec_driver_sql(f"PRAGMA query_only = {int(reads_only)}")
            if connection.get_execution_options().get("never_waits"):
                _begin_if_free(connection)
            else:
                connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
        elif reads_only:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _take_turns(writer: sessionmaker[Session], turn: threading.Lock, patience: float) -> None:
    """Make sessions of `writer` wait for each other before they begin, not busily inside SQLite.

    Only the transaction that got the turn gives it back: one that waited in vain leaves another's alone.
    """
    has_turn: WeakSet[SessionTransaction] = WeakSet()

    def begin(_db: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is not None:
            return
        if not turn.acquire(timeout=patience):
            transaction.close()  # else the session would go on in it, without a turn
            raise DatabaseBusy
        has_turn.add(transaction)

    def end(_db: Session, transaction: SessionTransaction) -> None:
        if transaction in has_turn:
            has_turn.remove(transaction)
            turn.release()

    event.listen(writer, "after_transaction_create", begin)
    event.listen(writer, "after_transaction_end", end)


def _begin_if_free(connection: Connection) -> None:
    """Begin to write, unless another process is writing."""
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        raise DatabaseBusy from error
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {PRAGMAS['busy_timeout']}")


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        make_private(Path(path))
    # One for each thread that the server may have at work, for pages and for papers.
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 5}, pool_size=50)
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # so that BEGIN is ours to say
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
    for name, value in PRAGMAS.items():
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != value:
            raise DatabaseTooWeak(name, value, found)
