"""One page, looked at without storing anything: what would be extracted, what would fire, and why."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from detection import novelty, reading
from detection.accounts import account
from detection.coder import Coders, class_names
from detection.explain import near_miss
from detection.watches import load_watches
from detection.watchlist import load_watchlist, weigh_all
from detente.desk import SEEDS, Desk
from detente.models import RAISING, Article, Coded, Decision, Event, Mention, PlacedArticle
from extractors.one import fetch_article, read_article
from extractors.pool import ExtractorPool
from storage import articles, events
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Checked:
    """What one page would do.

    `decisions` are in the order of `mentions`, then those of the watchlist; `raised` are the events it would open.
    Where no act is told as fact or plan, `near_miss` says which rule came nearest, and what it lacked.
    """

    article: Article
    mentions: tuple[Mention, ...]
    decisions: tuple[Decision, ...]
    raised: tuple[Event, ...]
    names: dict[str, str]
    near_miss: str | None = None


def check(desk: Desk, what: str, now: datetime, published_at: datetime | None = None) -> Checked:
    """Look at one address or file, as of `now`, against the desk's open events where there are any.

    The age of the article does not count here: old pages are checked to see what they would have done. Where
    neither the page nor `published_at` dates it, days and years are taken as they stand.

    Raises:
        FetchError: the address could not be had.
        UsageError: the file cannot be used.
        ConfigError: a file of the desk is wrong.
    """
    coders = Coders(desk)
    article = _article(desk, what, now)
    article = replace(article, published_at=published_at) if published_at else article
    published = article.published_at if article.is_dated else None
    coder = coders.of(article.language) or coders.english
    acts = coder.code(article.full_text, published, article.url)
    watches = load_watches(desk.watches)
    watchlist = load_watchlist(desk.watchlist, coder.actors.by_id, (*class_names(), *watches.classes()))
    mentions = (*acts, *watches.find(article.full_text))
    settings, database = desk.settings.detection, Database(desk.database, desk.settings.storage.wait)
    open_events: tuple[Event, ...] = ()
    known: tuple[PlacedArticle, ...] = ()
    if desk.root != SEEDS and desk.database.exists():
        with database.session() as con:
            since = article.published_at - timedelta(days=novelty.PASSING_DAYS)
            open_events, known = events.open_events(con, since.date()), articles.recent(con, since)
    coded, readable = Coded(article.url, mentions), coders.of(article.language) is not None
    told = account(article, coded, coder.actors, readable=readable)
    read = reading.read((article,), (told,), known, settings)
    oldest, concerns = article.published_at, coders.english.actors.concerns()
    names = coders.english.actors.names()  # as alerts show them
    outcome = novelty.decide(read.readings, read.recounted(open_events), settings, now, oldest, concerns)
    outcome = weigh_all(outcome, watchlist, names, now)
    raised = tuple(event for event in outcome.events if event.id in outcome.new)
    silent = not any(act.status in RAISING for act in acts)
    missed = near_miss(coder, article.full_text, published.date() if published else None) if silent else None
    return Checked(article, mentions, _as_told(mentions, outcome.decisions), raised, names, missed)


def _as_told(mentions: Sequence[Mention], decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return decisions in the order of the mentions that they are about, the others behind them: denials come last."""
    left = list(decisions)
    found: list[Decision] = []
    for mention in mentions:
        about = (d for d in left if (d.cls, d.facts.get("rule"), d.facts.get("said")) == _said(mention))
        if decision := next(about, None):
            left.remove(decision)
            found.append(decision)
    return (*found, *left)


def _said(mention: Mention) -> tuple[str, str, str]:
    return mention.cls, mention.rule, mention.why


def _article(desk: Desk, what: str, now: datetime) -> Article:
    with ExtractorPool(desk.settings.extraction) as pool:
        if not re.match(r"https?://", what):
            return read_article(Path(what), pool, now)
        return asyncio.run(fetch_article(what, desk.settings, pool, now))
