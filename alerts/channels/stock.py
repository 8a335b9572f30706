"""Every service that apprise knows: chats, pagers, phones. They get text, in which nothing calls a whole channel."""

from __future__ import annotations

import re

from alerts.channels import services
from detente.errors import UsageError
from detente.models import Message, SendOutcome, SendResult
from detente.present import plain, plain_lines

_ZERO_WIDTH_SPACE = "\u200b"
_CALLS_ALL = re.compile(r"@(?=(?:everyone|here|channel|all|room|team)\b)", re.IGNORECASE)
_CALLS_ONE = re.compile(r"(?<![\w/])@(?=\w)")  # not in addresses of pages, which must stay what they are
_BRACKETS = str.maketrans("<>", "\u2039\u203a")


def check(url: str) -> None:
    """Refuse what apprise cannot use, and an address of several recipients.

    Raises:
        UsageError: says `problem; mend`.
    """
    count = len(services.load(url))
    if count != 1:
        raise UsageError(f"the address names {count} recipients; give each a target of its own")


def send(url: str, message: Message) -> SendResult:
    """Send through apprise, once. It tells only whether that went well: all failures count as temporary.

    Raises:
        UsageError: apprise cannot use the address.
    """
    from apprise import Apprise, NotifyFormat  # noqa: PLC0415  # takes 0.3 s: only who needs it pays

    service = services.load(url)
    services.forget_status()
    title, body = neutral(plain(message.subject)), neutral(plain_lines(message.text))
    if Apprise(service).notify(body=body, title=title, body_format=NotifyFormat.TEXT):
        return SendResult(SendOutcome.SENT)
    status = services.last_status()
    return SendResult(SendOutcome.TEMPORARY, "the service did not take it" + (f" (HTTP {status})" if status else ""))


def neutral(text: str) -> str:
    """Return `text` as it can stand in any chat: no mention, no tag, no link under other words.

    `@everyone` gets a zero-width space, `<!channel>` and `<script>` other brackets, `](` a space.
    """
    text = _CALLS_ALL.sub(f"@{_ZERO_WIDTH_SPACE}", text)
    text = _CALLS_ONE.sub(f"@{_ZERO_WIDTH_SPACE}", text)
    return text.translate(_BRACKETS).replace("](", "] (")
