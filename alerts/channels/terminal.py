"""Prints alerts to standard output: what a new desk starts with."""

from __future__ import annotations

import sys

from detente.models import Message, SendOutcome, SendResult
from detente.present import plain_lines


def send(message: Message) -> SendResult:
    """Print the alert's text, made plain, and an empty line; in one piece, so that no other output gets between."""
    text = f"{plain_lines(message.text).rstrip()}\n\n"
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        return SendResult(SendOutcome.TEMPORARY, f"cannot print: {error.strerror or type(error).__name__}")
    return SendResult(SendOutcome.SENT)
