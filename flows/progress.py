"""Who is told how a tick gets on: the command line hangs its display here, everybody else hangs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from detente.models import Event, Message


class Observer(Protocol):
    """Told of the tick's steps, in the process that runs the flow."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins that has `total` steps; 0 where that is not known."""

    def step(self, what: str) -> None:
        """One step of the stage is done."""

    def raised(self, event: Event, message: Message) -> None:
        """A new event was found, and is stored unless the run is dry."""


class Silent:
    """Tells nobody."""

    def stage(self, name: str, total: int) -> None:
        """Do nothing."""

    def step(self, what: str) -> None:
        """Do nothing."""

    def raised(self, event: Event, message: Message) -> None:
        """Do nothing."""


@dataclass(slots=True)
class _Told:
    observer: Observer


_told = _Told(Silent())
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
        _told.observer = Silent()
