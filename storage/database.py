"""One DuckDB file, one process at a time: open, one transaction, close."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from detente.errors import DatabaseBusy, StorageError, one_line
from detente.locks import own_command, until_free
from storage.migrate import migrate, transaction

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False  # nothing is downloaded, and what is published fits another DuckDB
}

_HELD = "Could not set lock on file"
_HOLDER = re.compile(r"\(PID (\d+)\)")

_MENDS = (
    (
        ("No space left on device", "File too large", "Disk quota exceeded"),
        "the disk is full: free some space and run it again; nothing was half written",
    ),
    (
        ("Permission denied", "Read-only file system", "Operation not permitted", "Is a directory"),
        "it cannot be opened for writing: give this user the right to write the file and its folder",
    ),
    (("No such file or directory",), "its folder is missing: make it, or name another desk"),
    (
        ("not a valid DuckDB database", "orrupt", "Could not read enough bytes", "checksum"),
        "the file is damaged: move it and its .wal away, then restore a copy or begin anew",
    ),
    (("Out of Memory", "bad_alloc"), "memory ran out: end other programs, or give this one more"),
)
"""What DuckDB's message says of the operating system's errors and of the file, and what to do about it."""

_turns: dict[Path, threading.Lock] = {}
"""Threads of one process take turns as processes do: DuckDB would let them in together, and into conflicts."""


class Database:
    """The database of a desk. Holds nothing open between sessions; a session must not cross a fork.

    Args:
        path: the file; made with its first session. Its folder must be there.
        wait: seconds to wait for another process or thread that holds it.
    """

    def __init__(self, path: Path, wait: float) -> None:
        self.path, self.wait = path.absolute(), wait

    @contextmanager
    def session(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the file, bring its layout up to date, and run one transaction in it.

        The transaction is committed when the block ends, and rolled back when an exception leaves it.

        Raises:
            DatabaseBusy: another process or thread kept the file for `wait` seconds.
            StorageError: anything else that DuckDB objects to, in one line that says what to do.
        """
        started = time.monotonic()
        turn = _turns.setdefault(self.path, threading.Lock())
        if not turn.acquire(timeout=self.wait):
            raise DatabaseBusy(self.path, os.getpid(), own_command(), time.monotonic() - started)
        try:
            if not os.path.exists(self.path):  # noqa: PTH110  # Path.exists raises where a folder may not be entered
                _make(self.path)
            con = self._open(started)
            try:
                con.execute("SET TimeZone = 'UTC'")
                migrate(con)
                with transaction(con):
                    yield con
            finally:
                con.close()
        except duckdb.Error as error:
            raise _explained(self.path, error) from error
        finally:
            turn.release()

    def _open(self, started: float) -> duckdb.DuckDBPyConnection:
        def attempt(waited: float) -> duckdb.DuckDBPyConnection | None:
            try:
                return duckdb.connect(self.path, config=_CONFIG)
            except duckdb.IOException as error:
                if _HELD not in str(error):
                    raise
                if waited < self.wait:
                    return None
                raise _busy(self.path, str(error), waited) from None

        return until_free(attempt, started, self.wait)


def _make(path: Path) -> None:
    """Make an empty database that appears whole: one that DuckDB is still making looks damaged to other processes."""
    making = path.with_name(f".{path.name}.new-{os.getpid()}")
    try:
        duckdb.connect(making, config=_CONFIG).close()
        with suppress(FileExistsError):  # another process was first
            path.hardlink_to(making)
    except OSError as error:
        raise StorageError(
            f"the database {path} cannot be made: {error.strerror}; put the desk on a file system with hard links"
        ) from error
    finally:
        with suppress(OSError):
            making.unlink()


def _busy(path: Path, message: str, waited: float) -> DatabaseBusy:
    found = _HOLDER.search(message)
    pid = int(found[1]) if found else None
    return DatabaseBusy(path, pid, _command(pid) if pid else None, waited)


def _command(pid: int) -> str | None:
    """Return a process's command as a person would type it, where the system tells."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return None
    return " ".join([Path(words[0]).name, *words[1:]]).strip()[:200] or None


def _explained(path: Path, error: duckdb.Error) -> StorageError:
    message = one_line(error, 200)
    for signs, mend in _MENDS:
        if any(sign in str(error) for sign in signs):
            return StorageError(f"the database {path}: {mend} ({message})")
    return StorageError(f"the database {path} refused: {message}; if it happens again, report it")
