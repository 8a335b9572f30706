"""The polite client: it says who asks, bounds every answer, and follows redirects by hand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpcore
import httpx

from detente import __version__
from detente.errors import FetchError, one_line
from detente.models import FetchOutcome
from detente.settings import Http
from extractors.bodies import ACCEPTED, TooLarge, Undecodable, read_body
from extractors.network import CONNECT_SECONDS, AddressRefused, CheckedTransport

AGENT = "Detente"
"""The product token, which robots.txt files can name."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_OK = range(200, 300)

Admit = Callable[[str], AbstractAsyncContextManager[None]]
"""Given an address, a context in which it may be asked: entering waits, or raises FetchError."""


@dataclass(frozen=True, slots=True)
class Response:
    """One final answer, after redirects. `content` is unpacked; it is empty unless `status` is 2xx.

    `seconds` is what the last request took. `moved_to` is where permanent redirects led before any other answer.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float
    moved_to: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return self.status in _OK

    @property
    def content_type(self) -> str | None:
        """The value of Content-Type, if any."""
        return self.headers.get("content-type")


def http_error(url: str, status: int) -> FetchError:
    """Return the error of an answer that is none of ours, such as a 404."""
    return FetchError(url, FetchOutcome.HTTP_ERROR, f"HTTP {status}", status)


def user_agent(contact: str) -> str:
    """Return `Detente/0.1.0 (+contact)`, without the brackets where there is no contact."""
    return f"{AGENT}/{__version__} (+{contact})" if contact else f"{AGENT}/{__version__}"


class Web:
    """An HTTP client for one batch; use it as a context manager.

    Args:
        settings: time, size and redirect limits, and the contact address.
    """

    def __init__(self, settings: Http) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(
            transport=CheckedTransport(settings.allow_private),
            headers={"User-Agent": user_agent(settings.contact), "Accept-Encoding": ACCEPTED},
            # One deadline for the whole request is set around each. A handshake gets less than that, since one that is
            # cancelled, rather than out of time, leaves its socket to the garbage collector.
            timeout=httpx.Timeout(None, connect=min(CONNECT_SECONDS, settings.timeout / 2)),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        accept: str,
        types: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
        admit: Admit | None = None,
    ) -> Response:
        """Return the final answer to a GET, whatever its status.

        Args:
            url: the address.
            accept: the value of the Accept header.
            types: words of which the content type must hold one; empty takes any, and so does a missing header.
            headers: more headers.
            admit: asked before each request, redirects included, and held while it runs.

        Raises:
            FetchError: no answer, none in time (each, and all together), too long, of another type, redirected too
                often, or not admitted.
        """
        sent = {"Accept": accept, **(headers or {})}
        moved_to: str | None = None
        for_good = True
        left = self._settings.page_timeout
        for _ in range(self._settings.max_redirects + 1):
            async with admit(url) if admit else nullcontext():
                began = time.monotonic()
                answer = await self._once(url, sent, types, left)
                left -= time.monotonic() - began
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not target:
                return replace(answer, moved_to=moved_to)
            url = _redirected(url, target)
            for_good = for_good and answer.status in _FOR_GOOD
            moved_to = url if for_good else moved_to
        raise FetchError(url, FetchOutcome.UNREACHABLE, f"more than {self._settings.max_redirects} redirects")

    async def _once(self, url: str, headers: dict[str, str], types: tuple[str, ...], left: float) -> Response:
        """Ask once. `left` is the seconds that redirects have left of `http.page_timeout`."""
        limit = min(self._settings.timeout, max(left, 0.0))
        began = time.monotonic()
        try:
            async with asyncio.timeout(limit), self._client.stream("GET", url, headers=headers) as answer:
                content = await self._read(url, answer, types)
                return Response(url, answer.status_code, answer.headers, content, time.monotonic() - began)
        except TimeoutError:
            what = f"{limit:g} s" if limit >= self._settings.timeout else "all of http.page_timeout, redirects included"
            raise FetchError(url, FetchOutcome.TIMEOUT, f"timed out after {what}") from None
        except (httpcore.TimeoutException, httpx.TimeoutException):
            raise FetchError(url, FetchOutcome.TIMEOUT, "timed out while connecting") from None
        except AddressRefused as error:
            raise FetchError(url, FetchOutcome.UNREACHABLE, str(error)) from None
        except TooLarge:
            raise FetchError(
                url, FetchOutcome.TOO_LARGE, f"longer than {self._settings.max_bytes:,} bytes (http.max_bytes)"
            ) from None
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            httpx.HTTPError,
            httpx.InvalidURL,
            Undecodable,
            OSError,
        ) as error:
            raise FetchError(url, FetchOutcome.UNREACHABLE, one_line(error)) from None

    async def _read(self, url: str, answer: httpx.Response, types: tuple[str, ...]) -> bytes:
        if answer.status_code not in _OK:
            return b""
        content_type = answer.headers.get("content-type", "").lower()
        if types and content_type and not any(word in content_type for word in types):
            raise FetchError(url, FetchOutcome.NOT_HTML, f"content type {content_type.partition(';')[0]}")
        return await read_body(answer.aiter_raw(), answer.headers.get("content-encoding", ""), self._settings.max_bytes)


def _redirected(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        raise FetchError(url, FetchOutcome.UNREACHABLE, f"redirected to {target[:100]!r}, no address") from None
