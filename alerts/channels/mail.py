"""Mail, sent by our own hand behind apprise's addresses: a fixed Message-ID, both forms, and SMTP's codes told apart.

The address has apprise's form: `mailtos://USER:PASSWORD@DOMAIN?smtp=SERVER&from=ADDRESS&name=NAME&to=ADDRESS`.
For the large mail providers, `mailtos://USER:PASSWORD@DOMAIN?to=ADDRESS` is enough. `mailtos://` means STARTTLS
(port 587), or TLS from the start with `mode=ssl` (port 465); `mailto://` means neither (port 25).
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from typing import Any, Literal

from alerts.channels import services
from alerts.channels.attempt import reason
from detente.clock import as_utc
from detente.errors import UsageError
from detente.models import Message, SendOutcome, SendResult
from detente.present import encodable, plain, shorten

SENDER_NAME = "Détente"
_QUERY = frozenset({"from", "mode", "name", "pass", "smtp", "to", "user", "verify"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_READY = 220
_FORM = "write mailtos://USER:PASSWORD@DOMAIN?smtp=SERVER&from=ADDRESS&to=ADDRESS"
_MODES: dict[str, Literal["plain", "starttls", "tls"]] = {"insecure": "plain", "starttls": "starttls", "ssl": "tls"}


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A recipient, and the server that takes mail for it. `mode` says when TLS begins, if at all."""

    host: str = field(repr=False)
    port: int
    mode: Literal["plain", "starttls", "tls"]
    verify: bool
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: Address = field(repr=False)
    recipient: Address = field(repr=False)


def read_address(url: str) -> Mailbox:
    """Read a `mailto://` or `mailtos://` address.

    Raises:
        UsageError: it cannot be used, or not without giving the password away; says `problem; mend`.
    """
    service = services.load(url, _FORM)
    services.refuse_unknown_query(url, _QUERY, _FORM)
    if not service.targets:
        raise UsageError(f"the address names no valid recipient; {_FORM}")
    if len(service.targets) > 1:
        raise UsageError(f"the address names {len(service.targets)} recipients; give each a target of its own")
    host = service.smtp_host.strip("[]")
    if not (host and service.port):
        raise UsageError(f"the address names no server; {_FORM}")
    user, password = service.user or "", service.password or ""
    if not (user + password).isascii():
        raise UsageError("SMTP takes only ASCII for user and password; choose others")
    mode = _MODES[service.secure_mode]
    if mode == "plain" and password and host not in _LOOPBACK and "mode=insecure" not in url:
        raise UsageError(
            "the password would travel unencrypted; write mailtos:// (or add mode=insecure, if that is meant)"
        )
    name = service.from_addr[0]
    sender = _address(SENDER_NAME if name in {False, "", service.app_id} else name, service.from_addr[1])
    recipient = _address(service.targets[0][0] or "", service.targets[0][1])
    return Mailbox(service.smtp_host, service.port, mode, service.verify_certificate, user, password, sender, recipient)


def _address(name: str, addr: str) -> Address:
    try:
        address = Address(display_name=plain(name), addr_spec=addr)
    except (ValueError, IndexError, MessageError):
        raise UsageError(f"a mail address in it is not valid; {_FORM}") from None
    if not address.addr_spec.isascii():
        raise UsageError("a mail address in it is not ASCII; write the domain in its xn-- form")
    return address


class Letter:
    """One mail on its way, over one connection that another thread can cut."""

    def __init__(
        self, mailbox: Mailbox, message: Message, delivery_id: str, created_at: datetime, timeout: float
    ) -> None:
        self._mailbox, self._timeout = mailbox, timeout
        self._mail = write_mail(mailbox, message, delivery_id, created_at)
        self._client: smtplib.SMTP | None = None

    def send(self) -> SendResult:
        """Hand the mail to the server, and say what became of it."""
        try:
            self._converse()
        except smtplib.SMTPRecipientsRefused as error:
            return self._judge(*next(iter(error.recipients.values())))
        except smtplib.SMTPAuthenticationError as error:
            return self._judge(error.smtp_code, b"the server refuses this user and password")
        except smtplib.SMTPResponseException as error:
            return self._judge(error.smtp_code, error.smtp_error)
        except smtplib.SMTPServerDisconnected:
            return SendResult(SendOutcome.TEMPORARY, "the server closed the connection")
        except smtplib.SMTPNotSupportedError:
            return SendResult(SendOutcome.TEMPORARY, "the server offers no STARTTLS, or no login that we know")
        except OSError as error:
            return SendResult(SendOutcome.TEMPORARY, f"cannot talk to the server: {reason(error)}")
        return SendResult(SendOutcome.SENT)

    def cut(self) -> None:
        """Close the connection under whoever waits for it."""
        connection = self._client.sock if self._client else None
        if connection is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # TLS's own shutdown would wait for the peer

    def _converse(self) -> None:
        box, client = self._mailbox, smtplib.SMTP(timeout=self._timeout)
        if box.mode == "tls":
            client = smtplib.SMTP_SSL(timeout=self._timeout, context=_tls(verify=box.verify))
        self._client = client
        known: Any = client
        known._host = box.host  # noqa: SLF001  # only the constructor sets what certificates are checked against
        try:
            code, words = client.connect(box.host, box.port)
            if code != _READY:
                raise smtplib.SMTPConnectError(code, words)
            if box.mode == "starttls":
                client.starttls(context=_tls(verify=box.verify))
            if box.user and box.password:
                client.login(box.user, box.password)
            client.send_message(self._mail, box.sender.addr_spec, [box.recipient.addr_spec])
            client.putcmd("quit")  # its answer is not awaited: the mail is taken, and must not be sent again
        finally:
            client.close()

    def _judge(self, code: int, words: bytes | str) -> SendResult:
        """Read an SMTP reply code (RFC 5321, 4.2.1): 5yz is for good, anything else passes."""
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        box = self._mailbox
        for secret in (box.password, box.user, box.recipient.addr_spec, box.sender.addr_spec):
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "…", text) if secret else text
        for_good = 500 <= code < 600  # the class of permanent failures
        outcome = SendOutcome.PERMANENT if for_good else SendOutcome.TEMPORARY
        return SendResult(outcome, f"SMTP {code}: {shorten(plain(text), 200)}")


def write_mail(mailbox: Mailbox, message: Message, delivery_id: str, created_at: datetime) -> EmailMessage:
    """Return the mail, as plain text and HTML, with the same ids and date each time it is written."""
    mail = EmailMessage(policy=MAIL_POLICY)
    mail["From"] = mailbox.sender
    mail["To"] = mailbox.recipient
    mail["Subject"] = plain(message.subject)
    mail["Date"] = as_utc(created_at)
    mail["Message-ID"] = f"<{plain(delivery_id)}@{mailbox.sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice answers it
    events = message.event.get("events", [message.event])
    mail["X-Detente-Event"] = plain(" ".join(str(event.get("id", "")) for event in events))
    mail["X-Detente-Delivery"] = plain(delivery_id)
    # quoted-printable: not every server takes 8 bits, and lines may be of any length
    mail.set_content(encodable(message.text), cte="quoted-printable")
    mail.add_alternative(encodable(message.html), subtype="html", cte="quoted-printable")
    return mail


def _tls(*, verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:  # `verify=no` in the address
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
