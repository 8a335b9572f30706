"""A test message, so that a person learns that a target works before an event depends on it."""

from __future__ import annotations

from datetime import datetime

from alerts import channels
from alerts.routes import Target, resolve
from detente.errors import UsageError
from detente.models import Message, SendOutcome, SendResult, stable_id

_SUBJECT = "Détente: test message"
_TEXT = "This is a test: alerts of Détente reach you here. Nothing has happened.\n"
_HTML = f'<!doctype html><html lang="en"><body><p>{_TEXT.strip()}</p></body></html>'


def send_trial(target: Target, now: datetime, deadline: float) -> SendResult:
    """Send a test message to one target. Never raises.

    Args:
        target: where to.
        now: the message's date.
        deadline: seconds after which the attempt is given up.
    """
    try:
        url = resolve(target)
    except UsageError as error:
        return SendResult(SendOutcome.PERMANENT, str(error))
    message = Message(_SUBJECT, _TEXT, _HTML, {"test": True})
    trial = stable_id("d", "trial", target.id, now.isoformat())
    return channels.send(url, message, delivery_id=trial, created_at=now, deadline=deadline)
