"""The layout of the database, brought up to date by numbered SQL files that only ever grow in number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from detente.clock import utc_now
from detente.errors import StorageError, one_line
from storage.rows import query

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number, from 1, and its file, named like `0001_initial.sql`."""

    number: int
    file: Path


def available(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """Return the migrations of a folder by number.

    Raises:
        StorageError: a file's name does not begin with the number that comes next.
    """
    found = []
    for expected, file in enumerate(sorted(folder.glob("*.sql")), 1):
        number = file.name.partition("_")[0]
        if not number.isdigit() or int(number) != expected:
            raise StorageError(f"{file.name} in {folder} does not follow number {expected - 1}: install Détente again")
        found.append(Migration(expected, file))
    return tuple(found)


def migrate(con: duckdb.DuckDBPyConnection, folder: Path = MIGRATIONS) -> int:
    """Apply the migrations that are pending, each in one transaction; return the number of the last one.

    Args:
        con: a connection outside any transaction.
        folder: where the migrations are.

    Raises:
        StorageError: a migration failed, and the layout is as the one before left it; or the database was
            written by a newer program.
    """
    con.execute(
        "CREATE TABLE IF NOT EXISTS migrations "
        "(number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
    )
    present = query(con, "SELECT coalesce(max(number), 0) AS number FROM migrations")[0]["number"]
    migrations = available(folder)
    if present > len(migrations):
        raise StorageError(
            f"the database was written by a newer Détente (layout {present}, this one knows {len(migrations)}): "
            "use that version, or a newer one"
        )
    for migration in migrations[present:]:
        _apply(con, migration)
    return len(migrations)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block does, or, when an exception leaves it, undo it."""
    con.execute("BEGIN")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # a commit that failed has undone it already
            con.execute("ROLLBACK")
        raise


def _apply(con: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    done = {"number": migration.number, "name": migration.file.stem, "at": utc_now()}
    try:
        with transaction(con):
            con.execute(migration.file.read_text(encoding="utf-8"))
            query(con, "INSERT INTO migrations VALUES ($number, $name, $at)", done)
    except duckdb.OperationalError:  # the disk or the file, not the migration: the session explains it
        raise
    except duckdb.Error as error:
        raise StorageError(
            f"{migration.file.name} cannot be applied ({one_line(error, 200)}): the data is as it was; "
            "use the version of Détente that wrote it, and report this"
        ) from error
