"""HTTP/2 and TLS with real servers: what works, and what breaks at the worst moment."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from extractors_batches import FEED_TYPE, done, feed_of, one, order, outcomes, run
from extractors_tls import Authority, Stream, h2_site, listening, make_authority
from extractors_web import Site, item, page, rss

from detente.models import Collected, FetchOutcome
from extractors.pool import ExtractorPool

OK = FetchOutcome.OK


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


def beside(pool: ExtractorPool, site: Site, url: str, timeout: float = 5) -> Collected:
    """Collect a page at `url` and one that is well, listed by one feed."""
    site.put("/unharmed", page("The talks beside it"))
    found = run(pool, feed_of(site, url, "/unharmed"), timeout=timeout)
    assert one(found).title == "The talks beside it"
    assert all(fetch.detail for fetch in found.fetches if fetch.outcome != OK), "no reason was recorded"
    assert not any("unexpected" in fetch.detail for fetch in found.fetches), "a defect of ours"
    return found


# --- HTTP/2 ----------------------------------------------------------------------------------------------


def test_a_feed_and_its_pages_come_over_http_2(authority: Authority, pool: ExtractorPool) -> None:
    asked = []

    def answer(stream: Stream) -> None:
        asked.append((stream.path, id(stream.h2)))
        if stream.path == "/feed.xml":
            stream.answer(rss(item("/one"), item("/two")).encode(), kind=FEED_TYPE)
        else:
            stream.answer(page(f"Talks {stream.path[1:]}").encode())

    with h2_site(authority.context(), answer) as root:
        found = run(pool, order(f"{root}/feed.xml"))
    assert sorted(article.title for article in found.articles) == ["Talks one", "Talks two"]
    assert len({connection for _, connection in asked}) == 1, "all went over one connection"


def refused(stream: Stream) -> None:
    stream.h2.reset_stream(stream.number, 0x7)  # REFUSED_STREAM
    stream.send()


def reset_after_the_head(stream: Stream) -> None:
    stream.head()
    stream.h2.reset_stream(stream.number, 0x2)  # INTERNAL_ERROR
    stream.send()


def reset_in_the_body(stream: Stream) -> None:
    stream.head()
    stream.h2.send_data(stream.number, page().encode()[:200])
    stream.h2.reset_stream(stream.number, 0x8)  # CANCEL
    stream.send()


def goes_away(stream: Stream) -> None:
    stream.h2.close_connection(0xB)  # ENHANCE_YOUR_CALM
    stream.send()


def hangs_up(stream: Stream) -> None:
    stream.head()
    stream.wire.unwrap()
    stream.wire.shutdown(socket.SHUT_RDWR)


def huge_frame(stream: Stream) -> None:
    stream.wire.sendall(b"\xff" * 4096)  # of 16 MB, as its first bytes say


def half_a_frame(stream: Stream) -> None:
    stream.wire.sendall((4096).to_bytes(3, "big") + b"\xff" * 2000)  # of an unknown kind


def wrong_length(stream: Stream) -> None:
    stream.head(content_length="100000")
    stream.h2.send_data(stream.number, page().encode(), end_stream=True)
    stream.send()


def endless_head(stream: Stream) -> None:
    stream.send()
    block = stream.h2.encoder.encode([(":status", "200")])
    frame = len(block).to_bytes(3, "big") + b"\x01\x00" + stream.number.to_bytes(4, "big") + block
    more = stream.h2.encoder.encode([("x-more", "x" * 8000)])
    rest = len(more).to_bytes(3, "big") + b"\x09\x00" + stream.number.to_bytes(4, "big") + more
    stream.wire.sendall(frame + rest * 5000)  # CONTINUATION frames without an end


@pytest.mark.parametrize(
    "answer",
    [
        refused,
        reset_after_the_head,
        reset_in_the_body,
        goes_away,
        hangs_up,
        huge_frame,
        wrong_length,
        endless_head,
    ],
)
def test_a_connection_that_breaks_is_recorded_and_tried_again_later(
    answer: Callable[[Stream], None], authority: Authority, site: Site, pool: ExtractorPool
) -> None:
    with h2_site(authority.context(), answer) as root:
        found = beside(pool, site, f"{root}/broken")
    assert outcomes(found)["broken"] == FetchOutcome.UNREACHABLE
    assert done(found)["broken"] is False


def silent(stream: Stream) -> None:
    stream.head()


def endless(stream: Stream) -> None:
    stream.head()
    with suppress(OSError):
        while stream.h2.local_flow_control_window(stream.number) > 10_000:
            stream.h2.send_data(stream.number, b"<p>and so on" * 500)
            stream.send()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (silent, FetchOutcome.TIMEOUT),
        (half_a_frame, FetchOutcome.TIMEOUT),
        (endless, FetchOutcome.TOO_LARGE),
    ],
)
def test_a_stream_without_an_end_is_given_up(
    answer: Callable[[Stream], None], outcome: FetchOutcome, authority: Authority, site: Site, pool: ExtractorPool
) -> None:
    site.put("/unharmed", page())
    with h2_site(authority.context(), answer) as root:
        found = run(pool, feed_of(site, f"{root}/endless", "/unharmed"), timeout=1, max_bytes=20_000)
    assert outcomes(found) == {"feed.xml": OK, "endless": outcome, "unharmed": OK}


# --- TLS -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "days", "said"),
    [("127.0.0.1", -1, "expired"), ("news.example", 1, "IP address mismatch"), ("127.0.0.2", 1, "IP address mismatch")],
)
def test_a_certificate_that_does_not_fit_is_refused(
    host: str, days: int, said: str, authority: Authority, site: Site, pool: ExtractorPool
) -> None:
    with h2_site(authority.context(host, days), lambda stream: stream.answer(page().encode())) as root:
        found = beside(pool, site, f"{root}/talks")
    (refusal,) = (fetch for fetch in found.fetches if fetch.outcome != OK)
    assert refusal.outcome == FetchOutcome.UNREACHABLE
    assert said in refusal.detail


def test_a_certificate_of_an_authority_unknown_is_refused(tmp_path: Path, site: Site, pool: ExtractorPool) -> None:
    other = make_authority(tmp_path)
    with h2_site(other.context(), lambda stream: stream.answer(page().encode())) as root:
        found = beside(pool, site, f"{root}/talks")
    assert any("certificate verify failed" in fetch.detail for fetch in found.fetches)


def plain_http(wire: socket.socket) -> None:
    wire.recv(65536)
    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def cut_off(wire: socket.socket) -> None:
    wire.recv(65536)
    wire.sendall(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03")  # the first bytes of a ServerHello


def alert(wire: socket.socket) -> None:
    wire.recv(65536)
    wire.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # handshake_failure


def never_answers(wire: socket.socket) -> None:
    while wire.recv(65536):
        pass


@pytest.mark.parametrize(
    ("serve", "outcome"),
    [
        (plain_http, FetchOutcome.UNREACHABLE),
        (cut_off, FetchOutcome.UNREACHABLE),
        (alert, FetchOutcome.UNREACHABLE),
        (never_answers, FetchOutcome.TIMEOUT),
    ],
)
def test_a_handshake_that_fails_is_recorded_with_its_host(
    serve: Callable[[socket.socket], None], outcome: FetchOutcome, site: Site, pool: ExtractorPool
) -> None:
    with listening(serve) as port:
        found = beside(pool, site, f"https://127.0.0.1:{port}/talks", timeout=1)
    assert [fetch.outcome for fetch in found.fetches if fetch.outcome != OK] == [outcome]


def test_nothing_older_than_tls_1_2_is_spoken(authority: Authority, site: Site, pool: ExtractorPool) -> None:
    context = authority.context()
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with h2_site(context, lambda stream: stream.answer(page().encode())) as root:
        found = beside(pool, site, f"{root}/talks")
    assert [fetch.outcome for fetch in found.fetches if fetch.outcome != OK] == [FetchOutcome.UNREACHABLE]
