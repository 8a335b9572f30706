"""What is delivered: messages, and the life of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeliveryState(StrEnum):
    """The life of one message to one target."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # refused for good, or out of tries


@dataclass(frozen=True, slots=True)
class Message:
    """An alert ready to send, in both forms. `event` is the event as `detente events --json` prints it."""

    subject: str
    text: str
    html: str
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one target: made with its event, kept until its end is known.

    `id` is the same however often it is made or sent: copies can be recognised by it.
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
