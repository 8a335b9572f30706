"""What is delivered: messages, and the life of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeliveryState(StrEnum):
    """The life of one message to one target."""

    WAITING = "waiting"
    GROUPED = "grouped"  # waits for its digest, or within it
    SENT = "sent"
    DEAD = "dead"  # refused for good, or out of tries
    MUTED = "muted"  # its event was muted while it waited


@dataclass(frozen=True, slots=True)
class Message:
    """An alert ready to send, in both forms.

    `event` is the event as `detente events --json` prints it, with the words of an `update` where it is one; that of a
    digest holds a list of such `events`.
    """

    subject: str
    text: str
    html: str
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one target: made with its event, kept until its end is known.

    `id` is the same however often it is made or sent: copies can be recognised by it. One that a digest gathers has the
    id of that one in `digest` and shares its fate; a digest itself has no `event`.
    """

    id: str
    event: str
    route: str
    target: str
    message: Message
    created_at: datetime
    due_at: datetime
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    last_error: str = ""
    ended_at: datetime | None = None
    digest: str | None = None

    @property
    def is_digest(self) -> bool:
        """Whether it tells of what other deliveries wait to tell."""
        return not self.event


@dataclass(frozen=True, slots=True)
class Mute:
    """Events that are not told until a moment. What it does not name does not matter.

    `event` is an id, `actors` take part all of them, `classes` are patterns such as `escalation.*` of which one fits,
    and `route` is the only one that keeps silent.
    """

    id: str
    created_at: datetime
    until: datetime
    reason: str
    route: str | None = None
    event: str | None = None
    actors: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


class SendOutcome(StrEnum):
    """What a channel says about one attempt."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class SendResult:
    """One attempt to send: its outcome, and the words that go with it (no secret in them)."""

    outcome: SendOutcome
    detail: str = ""
    retry_after: float | None = None
