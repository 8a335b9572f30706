"""Connections that reach public addresses only.

A name is resolved once, all of its addresses are checked, and the connection goes to a checked address: a name
that changes its address between check and use (DNS rebinding) gains nothing. Redirects pass here too.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx
from h2.exceptions import H2Error

from extractors.frames import FrameGate

CONNECT_SECONDS = 5.0
"""For one address; a name may have several, and a dead one must not use up the request's time."""

MOST_IDLE = 40
"""Hosts whose connections are kept while nobody asks them."""

_KEEP_ALIVE = 30.0  # seconds: a crawl-delay of 10 s still finds its connection open
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address behind a translator
# What Python's `is_global` lets pass, or lets pass in some of its versions. From IANA's special-purpose address
# registries, but for the last, the address at which every machine of Azure finds its host (metadata, agent, DNS).
_INSIDE = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata at .192
            "192.88.99.0/24",  # relays of 6to4, given up
            "64:ff9b:1::/48",  # NAT64 within one network
            "2001::/23",  # protocol assignments, Teredo among them
            "3fff::/20",  # documentation
            "5f00::/16",  # segment routing within one network
            "fec0::/10",  # site-local, given up
            "168.63.129.16/32",
        ),
    )
)


class AddressRefused(Exception):  # named for what happened, as httpcore's own are
    """The host has an address that is not public; the message names the setting that would allow it."""


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to addresses that are public, or allowed by name.

    Args:
        allowed: host names, or addresses, that may be private.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = frozenset(name.lower() for name in allowed)
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of `host` that answers.

        Raises:
            AddressRefused: one of its addresses is private and not allowed.
            httpcore.ConnectError: there is no such name, or no address answers.
        """
        wait = CONNECT_SECONDS if timeout is None else min(timeout, CONNECT_SECONDS)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self._addresses(host, port):
            try:
                return FrameGate(await self._inner.connect_tcp(address, port, wait, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} does not resolve: {error}") from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if host.lower() not in self._allowed:
            for address in addresses:
                if not is_public(address) and address not in self._allowed:
                    raise AddressRefused(f"{host} is the private address {address}; http.allow_private can allow it")
        return addresses


def is_public(address: str) -> bool:
    """Say whether an IP address can be reached from anywhere: not private, loopback, link-local or reserved."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    special = ip.is_multicast or ip.is_reserved or any(ip in network for network in _INSIDE)
    return ip.is_global and not special


@dataclass(slots=True)
class _Host:
    """One host's connections, and how many of its answers are not read to the end."""

    pool: httpcore.AsyncConnectionPool
    unread: int = 0


class CheckedTransport(httpx.AsyncBaseTransport):
    """An httpx transport (HTTP/1.1 and HTTP/2) over `CheckedBackend`. It raises httpcore's exceptions.

    Each host has a pool of its own: in a common one httpcore looks at all connections at each request, and a tick asks
    some hundred hosts.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        self._backend = CheckedBackend(allowed)
        self._ssl = _ssl_context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        self._hosts: dict[tuple[bytes, bytes, int | None], _Host] = {}  # least recently used first

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of the answer is read by whoever asked."""
        origin = (request.url.raw_scheme, request.url.raw_host, request.url.port)
        url = httpcore.URL(scheme=origin[0], host=origin[1], port=origin[2], target=request.url.raw_path)
        host = self._hosts.pop(origin, None) or _Host(self._new_pool())
        self._hosts[origin] = host
        host.unread += 1
        try:
            await self._close_some()
            answer = await host.pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=url,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            host.unread -= 1
            raise
        body = _Body(answer, host)
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=answer.extensions)

    async def aclose(self) -> None:
        """Close every connection."""
        while self._hosts:
            await self._hosts.popitem()[1].pool.aclose()

    def _new_pool(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._ssl,
            max_connections=None,
            keepalive_expiry=_KEEP_ALIVE,
            http2=True,
            network_backend=self._backend,
        )

    async def _close_some(self) -> None:
        """Close the connections of the hosts that were not asked for longest, where too many are kept."""
        for origin in [origin for origin, host in self._hosts.items() if not host.unread][:-MOST_IDLE]:
            host = self._hosts.get(origin)
            if host and not host.unread:  # others may have closed or asked it meanwhile
                del self._hosts[origin]
                await host.pool.aclose()


@lru_cache(maxsize=4)
def _ssl_context(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Return the context of these certificates: reading them takes 50 ms, and a tick has a transport for each batch."""
    return httpx.create_ssl_context()  # which reads the same two variables


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, host: _Host) -> None:
        self._answer, self._host = answer, host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._answer.aiter_stream():
                yield chunk
        except H2Error as error:  # httpcore translates these only while it reads the head
            raise httpcore.RemoteProtocolError(str(error) or type(error).__name__) from None

    async def aclose(self) -> None:
        try:
            await self._answer.aclose()
        finally:
            self._host.unread -= 1
