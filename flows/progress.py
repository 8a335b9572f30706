"""Who is told how a tick gets on: the command line hangs its display here, everybody else hangs nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from detente.models import Event, Message, Report
from detente.present import plain, shorten
from flows.report import as_line


class Observer(Protocol):
    """Told of the tick's steps, in the process that runs the flow."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins that has `total` steps; 0 where that is not known."""

    def step(self, what: str) -> None:
        """One step of the stage is done."""

    def raised(self, event: Event, message: Message) -> None:
        """A new event was found, and is stored unless the run is dry."""

    def ended(self, report: Report) -> None:
        """The tick is over."""


class Silent:
    """Tells nobody."""

    def stage(self, name: str, total: int) -> None:
        """Do nothing."""

    def step(self, what: str) -> None:
        """Do nothing."""

    def raised(self, event: Event, message: Message) -> None:
        """Do nothing."""

    def ended(self, report: Report) -> None:
        """Do nothing."""


class Brief(Silent):
    """Prints a line for each tick: what a person sees who watches a schedule."""

    def ended(self, report: Report) -> None:
        """Print the report's line, and what failed."""
        lines = [f"{report.started_at:%H:%M:%S} {as_line(report)}"]
        lines += [f"  failed: {plain(item.what)}: {shorten(plain(item.why), 200)}" for item in report.failures]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()


@dataclass(slots=True)
class _Told:
    observer: Observer


_told = _Told(Brief())
# No context variable: Prefect's threads keep copies of contexts until the interpreter is gone, and with them
# all that an observer refers to.


def observer() -> Observer:
    """Return whoever is told of the tick that runs in this process."""
    return _told.observer


@contextmanager
def observed(by: Observer) -> Iterator[None]:
    """Tell `by` of the ticks that run within the block."""
    _told.observer = by
    try:
        yield
    finally:
        _told.observer = Brief()
