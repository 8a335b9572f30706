"""HTTP/2 frames that are longer than allowed are refused by their heads, before their bodies are held."""

from __future__ import annotations

import ssl
from typing import Any

import httpcore

LONGEST_FRAME = 16_384
"""Bytes of an HTTP/2 frame's payload: the most where the client does not ask for more (RFC 9113, 4.2)."""

_HEAD = 9  # bytes: three of length, then type, flags and stream


class FrameGate(httpcore.AsyncNetworkStream):
    """A connection; where HTTP/2 is spoken over it, frames longer than `LONGEST_FRAME` end it.

    The h2 library looks at a frame's length only when it has the whole frame: up to 16 MB.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        secured = inner.get_extra_info("ssl_object")
        self._framed = secured is not None and secured.selected_alpn_protocol() == "h2"
        self._head = b""
        self._body = 0  # bytes of the current frame that are still to come

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's
        """Read what has come.

        Raises:
            httpcore.RemoteProtocolError: a frame is too long.
        """
        data = await self._inner.read(max_bytes, timeout)
        if self._framed:
            self._follow(data)
        return data

    def _follow(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            if self._body:
                step = min(self._body, len(data) - at)
                self._body -= step
            else:
                step = min(_HEAD - len(self._head), len(data) - at)
                self._head += data[at : at + step]
                if len(self._head) == _HEAD:
                    self._body, self._head = int.from_bytes(self._head[:3], "big"), b""
                    if self._body > LONGEST_FRAME:
                        raise httpcore.RemoteProtocolError(
                            f"the server announced an HTTP/2 frame of {self._body:,} bytes, more than {LONGEST_FRAME:,}"
                        )
            at += step

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's
        """Send."""
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's
    ) -> FrameGate:
        """Speak TLS from here on."""
        return FrameGate(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection, such as `ssl_object`."""
        return self._inner.get_extra_info(info)
