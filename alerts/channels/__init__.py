"""Where messages go: mail and webhooks by our own hand, the terminal, and apprise for every other service.

No secret leaves here: no result, log line or exception holds a part of a target's address beyond its scheme.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from alerts.channels import mail, services, stock, terminal, webhook
from alerts.channels.attempt import within
from detente.errors import UsageError
from detente.models import Message, SendOutcome, SendResult

GRACE = 1.0
"""Seconds by which a connection's own time-out is later than the deadline: some libraries call it a hang-up."""

MAIL = frozenset({"mailto", "mailtos"})
WEBHOOK = frozenset({"json", "jsons"})


def check(url: str) -> str | None:
    """Return None if an address can be used, else `problem; mend`, which holds no secret. Nothing is sent."""
    try:
        scheme = services.scheme_of(url)
        if scheme == "terminal":
            if url.lower() != "terminal://":
                return "terminal:// takes nothing after it; write terminal://"
        elif scheme in MAIL:
            mail.read_address(url)
        elif scheme in WEBHOOK:
            webhook.read_address(url)
        else:
            stock.check(url)
    except UsageError as error:
        return str(error)
    return None


def send(url: str, message: Message, *, delivery_id: str, created_at: datetime, deadline: float) -> SendResult:
    """Make one attempt to send a message. Never raises.

    Args:
        url: the address, without variables.
        message: what to send.
        delivery_id: the same in every attempt; mail and webhooks carry it.
        created_at: when the message was made; a mail's date.
        deadline: seconds after which the attempt is given up, whatever the server does.
    """
    try:
        scheme = services.scheme_of(url)
        if scheme == "terminal":
            return terminal.send(message)
        if scheme in MAIL:
            letter = mail.Letter(mail.read_address(url), message, delivery_id, created_at, deadline + GRACE)
            return within(deadline, letter.send, letter.cut)
        if scheme in WEBHOOK:
            hook = webhook.read_address(url)
            return within(deadline, partial(webhook.send, hook, message, delivery_id, deadline + GRACE), _leave)
        stock.check(url)
    except UsageError as error:
        return SendResult(SendOutcome.PERMANENT, str(error))
    return within(deadline, partial(stock.send, url, message), _leave)


def _leave() -> None:
    """Leave the connection to its own time-outs: its library does not hand it out."""
