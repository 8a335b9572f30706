"""One batch of a tick over the sites of a test, and what came of it in few words."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from extractors_web import Site, item, rss

from detente.models import Article, Batch, Collected, FetchOutcome, Order, RobotsFile, Source, SourceKind, SourceState
from detente.settings import Extraction, Http, Settings
from extractors.agencies import load_agencies
from extractors.collect import collect
from extractors.pool import ExtractorPool

NOW = datetime(2025, 5, 6, 12, tzinfo=UTC)
FEED_TYPE = "application/rss+xml"


def order(url: str, kind: SourceKind = SourceKind.FEED, name: str = "paper", links: str | None = None) -> Order:
    """Return a source that was never asked before."""
    source = Source(f"{name}-list", kind, url, name, f"{name}-group", "en", links=links)
    return Order(source, SourceState(source.id))


def run(
    pool: ExtractorPool,
    *orders: Order,
    allow: tuple[str, ...] = ("127.0.0.1",),
    min_chars: int = 200,
    robots: tuple[RobotsFile, ...] = (),
    **http: object,
) -> Collected:
    """Collect one batch; `http` holds settings of that section."""
    settings = Settings(
        http=Http.model_validate({"delay": 0, "timeout": 5, "allow_private": allow, **http}),
        extraction=Extraction(min_chars=min_chars),
    )
    return asyncio.run(collect(Batch(3, orders, robots), settings, pool, NOW, load_agencies()))


def feed_of(site: Site, *paths: str) -> Order:
    """Serve a feed of these paths and return the order for it."""
    return order(site.put("/feed.xml", rss(*map(item, paths)), FEED_TYPE))


def outcomes(found: Collected) -> dict[str, FetchOutcome]:
    """Return what became of each request, by the last part of its path."""
    return {fetch.url.rpartition("/")[2]: fetch.outcome for fetch in found.fetches}


def done(found: Collected) -> dict[str, bool]:
    """Return whether each link is settled, by the last part of its path."""
    return {update.link.url.rpartition("/")[2]: update.done for update in found.links}


def one(found: Collected) -> Article:
    """Return the only article."""
    (article,) = found.articles
    return article
