"""Every exception that Détente raises on purpose.

    DetenteError                    one line for a person; exit code 1
    ├── UsageError                  the call or a file of the desk is wrong; exit code 2
    │   └── ConfigError             a YAML file: names file, line and mend
    ├── StorageError                the database said no
    │   └── DatabaseBusy            another process holds it: names it
    ├── DeskBusy                    another tick runs on this desk: names it
    ├── FetchError                  an address could not be had: url, outcome
    └── FlowError                   the Prefect server did not start, or a stage of the tick failed

Each carries its facts as attributes, survives pickling (worker processes hand them over) and prints
as one line that says what to do.
"""

from __future__ import annotations

from pathlib import Path


class DetenteError(Exception):
    """Base of all: `str(error)` is one line for a person; `exit_code` is what the command ends with.

    `shown` are lines that a terminal prints below it, where the place of the mistake can be shown.
    """

    exit_code = 1
    shown = ""

    def told(self) -> str:
        """Return the line for a person, and below it what is `shown`."""
        return f"detente: {self}" + (f"\n{self.shown}" if self.shown else "")


class UsageError(DetenteError):
    """The command line, or a file that the user wrote, cannot be used as it is."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration file is wrong at a place.

    Args:
        file: the file.
        line: its line, from 1; None when the file as a whole is meant.
        problem: what is wrong, without a full stop.
        mend: what to do about it, without a full stop.
        column: the character of the line, from 1, where one character is to blame.
        shown: the words around it with a mark below it, as lines to print after the message.
    """

    def __init__(
        self, file: Path | str, line: int | None, problem: str, mend: str, column: int | None = None, shown: str = ""
    ) -> None:
        super().__init__(file, line, problem, mend, column, shown)
        self.file, self.line, self.problem, self.mend = Path(file), line, problem, mend
        self.column, self.shown = column, shown

    @property
    def place(self) -> str:
        """The file, with the line and the character where they are known."""
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return place + (f":{self.column}" if self.line and self.column else "")

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}; {self.mend}"


class StorageError(DetenteError):
    """The database could not be opened, migrated, read or written."""


class DatabaseBusy(StorageError):
    """Another process holds the database and did not let go in time.

    Args:
        path: the database file.
        pid: the process that holds it, if the operating system told.
        command: that process's command line, if it could be read.
        waited: seconds waited.
    """

    def __init__(self, path: Path | str, pid: int | None, command: str | None, waited: float) -> None:
        super().__init__(path, pid, command, waited)
        self.path, self.pid, self.command, self.waited = Path(path), pid, command, waited

    def __str__(self) -> str:
        return (
            f"the database {self.path} is held by {describe_process(self.pid, self.command)}; "
            f"waited {self.waited:.1f} s: try again when it has ended"
        )


class DeskBusy(DetenteError):
    """Another tick runs on the same desk.

    Args:
        path: the lock file.
        pid: the process that holds it, as it wrote there.
        command: its command line, as it wrote there.
        waited: seconds waited.
    """

    def __init__(self, path: Path | str, pid: int | None, command: str | None, waited: float) -> None:
        super().__init__(path, pid, command, waited)
        self.path, self.pid, self.command, self.waited = Path(path), pid, command, waited

    def __str__(self) -> str:
        return (
            f"another tick runs on {self.path.parent}: {describe_process(self.pid, self.command)}; "
            f"waited {self.waited:.1f} s: try again when it has ended"
        )


class FetchError(DetenteError):
    """An address could not be fetched, or not used once fetched.

    Args:
        url: the address.
        outcome: a `detente.models.FetchOutcome` value.
        detail: what happened, e.g. `HTTP 503` or `timed out after 20 s`.
        status: the HTTP status where one was answered.
    """

    def __init__(self, url: str, outcome: str, detail: str, status: int | None = None) -> None:
        super().__init__(url, outcome, detail, status)
        self.url, self.outcome, self.detail, self.status = url, outcome, detail, status

    def __str__(self) -> str:
        return f"{self.url}: {self.detail} ({self.outcome})"


class FlowError(DetenteError):
    """The Prefect server did not start, or a stage of the tick failed."""


def describe_process(pid: int | None, command: str | None) -> str:
    """Return `process 12 (detente run)`, or what is known of it."""
    if pid is None:
        return "another process"
    return f"process {pid} ({command})" if command else f"process {pid}"


def one_line(error: BaseException, limit: int = 300) -> str:
    """Return any exception as one line of at most `limit` characters, its type's name where it says nothing."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= limit else text[: limit - 1] + "…"
