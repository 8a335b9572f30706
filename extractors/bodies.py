"""The body of an answer, unpacked while it arrives and never longer than allowed.

The decoders of httpx unpack each chunk whole: 64 KB of a gzip bomb become 66 MB, and of a brotli bomb
gigabytes. These stop at the limit in the middle of a chunk.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Callable

import brotli  # type: ignore[import-untyped]  # it ships no types

ACCEPTED = "gzip, deflate, br"
"""The value of Accept-Encoding: what `read_body` can unpack."""

_GZIP = zlib.MAX_WBITS | 16  # as zlib is told that a gzip header stands before the data
_MAGIC = b"\x1f\x8b"  # what a member begins with

Decode = Callable[[bytes, int], bytes]


class TooLarge(Exception):  # named for what happened
    """The unpacked body is longer than allowed."""


class Undecodable(Exception):  # named for what happened
    """The body is not packed as its header says, or in a way that was not asked for."""


async def read_body(chunks: AsyncIterable[bytes], encoding: str, limit: int) -> bytes:
    """Return the unpacked body.

    Args:
        chunks: the raw body.
        encoding: the value of Content-Encoding; empty for none.
        limit: the most bytes to unpack.

    Raises:
        TooLarge: it is longer than `limit`; no more than that was held.
        Undecodable: it cannot be unpacked.
    """
    decode = _decoder(encoding.strip().lower())
    body = bytearray()
    async for chunk in chunks:
        try:
            body += decode(chunk, limit + 1 - len(body))
        except (zlib.error, brotli.error) as error:
            raise Undecodable(f"broken {encoding} encoding: {error}") from None
        if len(body) > limit:
            raise TooLarge
    return bytes(body)


def _decoder(encoding: str) -> Decode:
    if encoding in {"", "identity"}:
        return lambda chunk, room: chunk[:room]
    if encoding in {"gzip", "x-gzip"}:
        return Gzip().decode
    if encoding == "deflate":
        return _Deflate().decode
    if encoding == "br":
        return _Brotli().decode
    raise Undecodable(f"content encoding {encoding[:40]!r}, which was not asked for")


class Gzip:
    """One member after the other (RFC 1952, 2.2); what follows the last one and is none is left out, as gzip does."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(_GZIP)
        self._between = b""
        self._over = False

    def decode(self, chunk: bytes, room: int) -> bytes:
        """Return what a chunk unpacks to, `room` bytes at most; what is left of the chunk then is lost.

        Raises:
            zlib.error: it is broken.
        """
        unpacked = bytearray()
        while chunk and len(unpacked) < room and not self._over:
            if self._inner.eof:
                chunk, self._between = (self._between + chunk).lstrip(b"\0"), b""  # some writers fill up with zeros
                if len(chunk) < len(_MAGIC):
                    self._between = chunk
                    break
                self._over = not chunk.startswith(_MAGIC)
                self._inner = self._inner if self._over else zlib.decompressobj(_GZIP)
                continue
            unpacked += self._inner.decompress(chunk, room - len(unpacked))
            chunk = self._inner.unused_data
        return bytes(unpacked)


class _Deflate:
    """zlib data, as the standard says, or bare deflate data, as some servers send."""

    def __init__(self) -> None:
        self._inner: zlib._Decompress | None = None

    def decode(self, chunk: bytes, room: int) -> bytes:
        if self._inner is None:
            self._inner = zlib.decompressobj()
            try:
                return self._inner.decompress(chunk, room)
            except zlib.error:
                self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
        return self._inner.decompress(chunk, room)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def decode(self, chunk: bytes, room: int) -> bytes:
        unpacked = bytearray(self._inner.process(chunk, output_buffer_limit=room))
        while not self._inner.can_accept_more_data() and len(unpacked) < room:
            unpacked += self._inner.process(b"", output_buffer_limit=room - len(unpacked))
        return bytes(unpacked)
