"""JSON webhooks: one POST with the delivery's id as its Idempotency-Key, and the answer read as HTTP means it.

The address has apprise's form: `jsons://USER:PASSWORD@HOST:PORT/PATH?+HEADER=VALUE&-PARAMETER=VALUE&verify=no`,
of which only the host is needed; `json://` is the same without TLS.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import responses
from typing import Any

from alerts.channels import services
from detente.clock import as_utc, utc_now
from detente.errors import UsageError
from detente.models import Message, SendOutcome, SendResult
from detente.present import encodable

_QUERY = frozenset({"method", "verify", "user", "pass"})
_FORM = "write jsons://HOST/PATH, with ?+Name=Value for a header and ?-name=value for a parameter"
_TRY_AGAIN = frozenset({408, 409, 425, 429})
"""Statuses below 500 that pass: time-out, the same key still in work, too early, too many (RFC 9110, 8470, 6585)."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to post, and with what; all of it may be secret."""

    url: str = field(repr=False)
    auth: tuple[str, str] | None = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    params: dict[str, str] = field(repr=False)
    verify: bool


def read_address(url: str) -> Hook:
    """Read a `json://` or `jsons://` address.

    Raises:
        UsageError: it cannot be used; says `problem; mend`.
    """
    import requests  # noqa: PLC0415  # takes 0.1 s: only who needs it pays

    service = services.load(url, _FORM)
    services.refuse_unknown_query(url, _QUERY, _FORM, prefixes="+-")
    if service.method != "POST":
        raise UsageError("webhooks are posted; remove 'method'")
    port = f":{service.port}" if service.port else ""
    address = f"{'https' if service.secure else 'http'}://{service.host}{port}{service.fullpath}"
    auth = (service.user, service.password or "") if service.user else None
    hook = Hook(address, auth, service.headers, service.params, service.verify_certificate)
    try:
        requests.Request("POST", hook.url, hook.headers, params=hook.params, auth=hook.auth).prepare()
    except (ValueError, requests.RequestException):
        raise UsageError("the address makes no valid request; check its host, path and '+' headers") from None
    return hook


def send(hook: Hook, message: Message, delivery_id: str, timeout: float) -> SendResult:
    """Post a message: `{"id", "subject", "text", "event"}`, a digest with `events`. A redirect is not followed."""
    import requests  # noqa: PLC0415  # as above

    what: dict[str, Any] = {
        "id": delivery_id,
        "subject": encodable(message.subject),
        "text": encodable(message.text),
    }
    what |= {"events": message.event["events"]} if "events" in message.event else {"event": message.event}
    own = {"Content-Type": "application/json", "User-Agent": "Detente", "Idempotency-Key": delivery_id}
    try:
        with requests.post(
            hook.url,
            data=json.dumps(what).encode(),
            headers={**hook.headers, **own},
            params=hook.params,
            auth=hook.auth,
            verify=hook.verify,
            timeout=timeout,
            allow_redirects=False,
            stream=True,  # the answer's body is never read
        ) as answer:
            return _judge(answer.status_code, answer.headers)
    except requests.exceptions.SSLError:
        return SendResult(SendOutcome.TEMPORARY, "TLS failed: the certificate is not trusted, or there is no TLS")
    except requests.Timeout:
        return SendResult(SendOutcome.TEMPORARY, "the server did not answer in time")
    except requests.RequestException as error:  # its words hold the address
        return SendResult(SendOutcome.TEMPORARY, f"the server could not be reached ({type(error).__name__})")


def _judge(status: int, headers: Mapping[str, str]) -> SendResult:
    words = f"HTTP {status} {responses.get(status, '')}".rstrip()
    if 200 <= status < 300:  # the class of success
        return SendResult(SendOutcome.SENT, words)
    if 300 <= status < 400:  # the class of redirects
        return SendResult(SendOutcome.PERMANENT, f"{words}: it has moved, and redirects are not followed")
    if status >= 500 or status in _TRY_AGAIN:  # the class of server errors
        return SendResult(SendOutcome.TEMPORARY, words, _retry_after(headers))
    return SendResult(SendOutcome.PERMANENT, words)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110, 10.2.3), a date in it taken by the server's own clock."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        until = as_utc(parsedate_to_datetime(value))
        there = as_utc(parsedate_to_datetime(headers["Date"])) if "Date" in headers else utc_now()
    except (ValueError, OverflowError):  # no date, or one that UTC has no year for
        return None
    return max(0.0, (until - there).total_seconds())
