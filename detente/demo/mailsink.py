"""A mail server that keeps what it gets: each mail becomes a file that any mail program opens."""

from __future__ import annotations

import asyncio
import email.policy
import re
import socket
import threading
import unicodedata
from email.parser import BytesHeaderParser
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

_LONGEST_SLUG = 60


class MailSink:
    """An SMTP server on a free loopback port, while the `with` block lasts.

    Each mail is stored as it came, as `NNN-subject.eml` in `folder`, counting on from what is there; a mail that
    comes twice is stored twice. `port` is the server's port and `url` a target address for routes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._sessions: list[SMTP] = []
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="mailsink", daemon=True)

    @property
    def url(self) -> str:
        """The address that routes mail here."""
        return f"mailto://127.0.0.1:{self.port}?from=detente@example.org&to=desk@example.org"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._socket = socket.create_server(("127.0.0.1", 0))  # listens: who connects from now on is answered
        self.port = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802  # aiosmtpd's form
        """Store one mail."""
        content = envelope.original_content or b""
        subject = BytesHeaderParser(policy=email.policy.default).parsebytes(content).get("Subject", "")
        numbers = [int(file.name.partition("-")[0]) for file in self.folder.glob("[0-9][0-9][0-9]*-*.eml")]
        name = f"{max(numbers, default=0) + 1:03}-{_slug(subject)}.eml"
        (self.folder / name).write_bytes(content)
        return "250 stored"

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await self._loop.create_server(self._answer, sock=self._socket)
        await self._stop.wait()
        server.close()
        for session in self._sessions:
            if isinstance(session.transport, asyncio.WriteTransport):
                session.transport.abort()
        await asyncio.sleep(0)  # lets the loop close what was aborted

    def _answer(self) -> SMTP:
        session = SMTP(self, hostname="localhost", loop=self._loop)
        self._sessions.append(session)
        return session


def _slug(subject: str) -> str:
    letters = unicodedata.normalize("NFKD", subject).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters)[:_LONGEST_SLUG].strip("-") or "message"
