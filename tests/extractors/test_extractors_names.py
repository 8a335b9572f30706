"""Names whose addresses change between look-ups: what was checked is what is connected to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from extractors_batches import FEED_TYPE, feed_of, order, outcomes, run
from extractors_web import Site, item, page, rss

from detente.models import FetchOutcome
from extractors.pool import ExtractorPool

NAME = "rebind.example"
OK = FetchOutcome.OK


@contextmanager
def name_service(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> Iterator[list[str]]:
    """Answer the look-ups of NAME in turn, the last one again and again; give the list of names looked up.

    Every loop of the process asks this service, as it would ask the system's: the answers are what is made up.
    """
    asked: list[str] = []
    left = list(answers)
    real = asyncio.base_events.BaseEventLoop.getaddrinfo

    async def getaddrinfo(loop: Any, host: str, port: int, **options: Any) -> Any:
        if host != NAME:
            return await real(loop, host, port, **options)
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
    yield asked


def test_the_address_that_was_checked_is_the_one_connected_to(
    site: Site, pool: ExtractorPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/feed.xml", rss(), FEED_TYPE)
    with name_service(monkeypatch, ["127.0.0.1"], ["127.0.0.3"]) as asked:
        found = run(pool, order(f"http://{NAME}:{site.port}/feed.xml"))
    assert outcomes(found) == {"feed.xml": OK}
    assert asked == [NAME], "one look-up for one connection"


def test_a_name_that_turns_inward_is_refused_at_its_next_connection(
    site: Site, pool: ExtractorPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = f"http://{NAME}:{site.port}"
    site.put("/feed.xml", rss(item(f"{root}/talks")), FEED_TYPE, headers={"Connection": "close"})
    site.put("/talks", page())
    with name_service(monkeypatch, ["127.0.0.1"], ["169.254.169.254"]):
        found = run(pool, order(f"{root}/feed.xml"))
    assert outcomes(found) == {"feed.xml": OK, "robots.txt": FetchOutcome.UNREACHABLE}
    assert f"{NAME} is the private address 169.254.169.254" in found.fetches[1].detail
    assert site.asked == ["/feed.xml"]


def test_a_redirect_to_a_name_that_turns_inward_is_refused(
    site: Site, pool: ExtractorPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = f"http://{NAME}:{site.port}"
    site.put("/robots.txt", "", "text/plain", headers={"Connection": "close"})
    site.put("/out", "", status=302, headers={"Location": f"{root}/in"})
    with name_service(monkeypatch, ["127.0.0.1"], ["10.0.0.1"]):
        found = run(pool, feed_of(site, "/out"))
    assert outcomes(found)["out"] == FetchOutcome.UNREACHABLE
    assert "/in" not in site.asked


@pytest.mark.parametrize("answer", [["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"]])
def test_one_private_address_among_several_refuses_the_name(
    answer: list[str], site: Site, pool: ExtractorPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with name_service(monkeypatch, answer):
        found = run(pool, order(f"http://{NAME}:{site.port}/feed.xml"))
    assert "is the private address 10.0.0.1" in found.fetches[0].detail
    assert site.asked == []
