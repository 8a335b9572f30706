"""Ticks without the web: articles go into a real database, and the detect stage finds what is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from detente.demo.articles import load_publishers, load_stories
from detente.demo.script import load_script
from detente.desk import SEEDS
from detente.models import Article, Collected, Event
from flows import stages
from storage import articles as articles_in
from storage import events

DEMO = SEEDS / "demo"


def tick(setup: stages.Setup, articles: Sequence[Article], now: datetime) -> stages.Found:
    """Ingest articles and detect, as a tick at `now` does."""
    stages.ingest_batch(setup, Collected(0, articles=tuple(replace(item, fetched_at=now) for item in articles)))
    return stages.detect(setup, now, None, None, lambda _: None)


def stored(setup: stages.Setup) -> tuple[Event, ...]:
    """Return all events of a desk."""
    with setup.database.session() as con:
        return events.list_events(con)


def places(setup: stages.Setup) -> dict[str, list[object]]:
    """Return which articles are one story, and which copies which."""
    stories: defaultdict[str, list[str]] = defaultdict(list)
    with setup.database.session() as con:
        placed = sorted(articles_in.recent(con, datetime(1970, 1, 1, tzinfo=UTC)), key=lambda item: item.url)
    for item in placed:
        stories[item.story].append(item.url)
    return {
        "stories": [*sorted(stories.values())],
        "copies": [(item.url, item.copy_of) for item in placed if item.copy_of],
    }


def demo_days() -> list[tuple[datetime, list[Article]]]:
    """Return the demo's ticks with their articles, as its newsroom publishes them."""
    publishers = {item.id: item for item in load_publishers(DEMO).publishers}
    found: list[tuple[datetime, list[Article]]] = [(day.at, []) for day in load_script(DEMO)]
    for story in load_stories(DEMO):
        publisher = publishers[story.publisher]
        if publisher.down or any(story.path.startswith(path) for path in publisher.forbids):
            continue
        at, articles = next(day for day in found if story.published_at < day[0])
        articles.append(
            Article(
                url=f"https://{publisher.id}.example{story.path}",
                source=publisher.id,
                publisher=publisher.id,
                family=publisher.family,
                title=story.title,
                text="\n".join(block.text for block in story.blocks if not block.heading),
                language=story.language,
                published_at=story.published_at,
                fetched_at=at,
                agency=story.agency,
            )
        )
    return found
