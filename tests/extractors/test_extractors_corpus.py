"""Feeds, sitemaps, OPML and robots.txt files as the parsers' own test suites hold them, where they are at hand.

They belong to others and are no part of this project: `DETENTE_FEEDS` names the archive, else it is looked for beside
the checkout, in shared/corpora.
"""

from __future__ import annotations

import asyncio
import os
import tarfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from extractors_batches import FEED_TYPE, NOW, order
from extractors_web import Site
from protego import Protego

from detente.errors import FetchError, UsageError
from detente.models import FetchOutcome, Link
from detente.settings import Http, Settings
from extractors.feeds import parse_feed
from extractors.http import Web
from extractors.lists import ask
from extractors.opml import read_opml
from extractors.robots import Hosts
from extractors.sections import parse_section
from extractors.sitemaps import parse_sitemap
from extractors.urls import clean_url

ROOT = "https://news.example/list"
ARCHIVE = Path(
    os.environ.get("DETENTE_FEEDS", "")
    or Path(__file__).parents[2].resolve().parent / "shared" / "corpora" / "feeds.dev.tar.gz"
)
pytestmark = pytest.mark.skipif(not ARCHIVE.is_file(), reason="the archive of feeds is not there")


@cache
def files() -> dict[str, bytes]:
    """Return every file of the archive by its name."""
    with tarfile.open(ARCHIVE) as archive:
        held = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
        return {name: file.read() for name, file in held.items() if file}


def as_feed(content: bytes, _: str) -> tuple[Link, ...]:
    return parse_feed(content, ROOT)


def as_sitemap(content: bytes, _: str) -> tuple[Link, ...]:
    return parse_sitemap(content, ROOT, 5_000_000).links


def as_section(content: bytes, _: str) -> tuple[Link, ...]:
    return parse_section(content, ROOT, None, None)


def as_opml(content: bytes, name: str) -> tuple[Link, ...]:
    return tuple(Link(clean_url(outline.url) or ROOT) for outline in read_opml(content, name))


def as_robots(content: bytes, _: str) -> tuple[Link, ...]:
    rules = Protego.parse(content.decode("utf-8-sig", errors="replace"))
    assert rules.can_fetch(ROOT, "Detente") in {True, False}
    assert rules.crawl_delay("Detente") is None or float(rules.crawl_delay("Detente")) >= 0
    return ()


@pytest.mark.parametrize("read", [as_feed, as_sitemap, as_section, as_opml, as_robots])
def test_every_file_is_read_or_refused_with_a_reason(read: Callable[[bytes, str], tuple[Link, ...]]) -> None:
    reasons = {}
    for name, content in files().items():
        try:
            links = read(content, name)
        except (FetchError, UsageError) as error:
            reasons[name] = str(error)
        else:
            assert [clean_url(link.url) for link in links] == [link.url for link in links], name
    assert all(reasons.values())


def test_none_of_them_served_as_a_feed_breaks_a_batch(site: Site) -> None:
    """Only the lists are asked for: what they name lies on hosts of others."""
    settings = Settings(http=Http(delay=0, allow_private=("127.0.0.1",), per_host=8, timeout=60))
    urls = [site.put(f"/{number}", content, FEED_TYPE) for number, content in enumerate(files().values())]

    reasons: dict[str, str] = {}

    async def ask_one(url: str, web: Web, hosts: Hosts) -> str:
        try:
            return (await ask(order(url), web, hosts, settings, NOW)).outcome
        except FetchError as error:
            reasons[url] = error.detail
            return error.outcome

    async def ask_all() -> list[str]:
        async with Web(settings.http) as web:
            hosts = Hosts(web, settings.http)
            return await asyncio.gather(*(ask_one(url, web, hosts) for url in urls))

    assert set(asyncio.run(ask_all())) == {FetchOutcome.OK, FetchOutcome.UNREADABLE}
    assert all(reasons.values())
