"""What planning and a tick's writes cost with many stored articles, against few."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, figure, in_turn

if TYPE_CHECKING:
    from storage.database import Database

FEW = 1000
_SOURCES = 200
_NEW = 40  # articles of the tick
_NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
_LISTED = 1000  # the newest: of this week, and with links that are remembered; the others only fill the tables

_FILL = """
CREATE TEMP TABLE made AS
SELECT 'https://p' || n % $sources || '.example/' || n AS url, 's' || n % $sources AS source,
       'p' || n % $sources AS publisher, 'Talks ' || n AS title,
       repeat('Envoys met on day ' || n || ' and agreed to go on. ', 40) AS "text",
       $now::TIMESTAMP - CASE WHEN n < $listed THEN to_minutes(10 * n) ELSE to_minutes(60 * 24 * 60 + 10 * n) END AS day
FROM range($count) AS numbers(n)
"""
_COPY = (
    """INSERT INTO articles (url, source, publisher, family, title, "text", language, published_at, fetched_at, authors,
                             extractor, coded_at)
       SELECT url, source, publisher, publisher, title, "text", 'en', day, day, '[]', 'trafilatura', day FROM made""",
    "INSERT INTO placed BY NAME SELECT url, url AS story, true AS new, '' AS why, day AS published_at FROM made",
    """INSERT INTO sketches BY NAME SELECT url, day AS published_at, publisher AS family, $packed::BLOB AS terms,
                                           $packed::BLOB AS weights, $packed::BLOB AS prints, 200 AS runs,
                                           url AS digest, '{}' AS gist FROM made""",
    """INSERT INTO fetches BY NAME SELECT source, url, day AS "at", true AS page, 'ok' AS outcome, 200 AS status,
                                          '' AS detail, 90000 AS bytes, 0.5 AS seconds FROM made""",
    """INSERT INTO links (source, url, title, authors, seen_at, done)
       SELECT source, url, title, '[]', day, true FROM made ORDER BY day DESC LIMIT $listed""",
    "DROP TABLE made",
)


def growth(many: int) -> list[Figure]:
    """Measure with `many` articles against 1,000; what is of this week is the same in both."""
    with tempfile.TemporaryDirectory() as few_folder, tempfile.TemporaryDirectory() as many_folder:
        databases = _filled(Path(many_folder), many), _filled(Path(few_folder), FEW)
        plan, plan_few = in_turn([_plan(database) for database in databases])
        tick, tick_few = in_turn([_tick(database) for database in databases])
    size = f"{many:,} stored articles"
    against = f"with {FEW:,}"
    return [
        figure("planning", plan, plan_few, "s", against, size=size).at_most(1.1),
        figure("a tick's storage work", tick, tick_few, "s", against, size=size).at_most(1.1),
    ]


def _filled(folder: Path, count: int) -> Database:
    from storage.database import Database

    database = Database(folder / "bench.duckdb", 1)
    with database.session() as con:
        values = {"sources": _SOURCES, "now": _NOW.replace(tzinfo=None), "listed": _LISTED, "count": count}
        con.execute(_FILL, values)
        for statement in _COPY:
            values = {"listed": _LISTED, "packed": b"\x00" * 240}
            con.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})
    return database


def _plan(database: Database) -> Callable[[], None]:
    """Return planning for all sources, the opening of the file included, as in a tick."""
    from detente.models import Source, SourceKind
    from storage import plan

    names = range(_SOURCES)
    sources = [Source(f"s{n}", SourceKind.FEED, f"https://p{n}.example/", f"p{n}", f"p{n}", "en") for n in names]

    def ask() -> None:
        with database.session() as con:
            plan.orders(con, sources, _NOW, 3)

    ask()  # the first one also tidies up after the filling
    return ask


def _tick(database: Database) -> Callable[[], None]:
    """Return all else that a tick asks and writes: ingest, detect's two sessions, the report."""
    from detente.models import (
        Article,
        Coded,
        Collected,
        Detected,
        Fetch,
        FetchOutcome,
        Link,
        LinkUpdate,
        Placed,
        PlacedArticle,
        Report,
        Sketch,
    )
    from storage import articles, events, ingest, ticks

    turn = iter(range(1000))
    sketch = Sketch(*[b"\x00" * 240] * 3, 200, "")

    def work() -> None:
        number = next(turn)
        now = _NOW + timedelta(minutes=10 * number)
        new = [(f"s{n}", f"https://p{n}.example/new-{number}-{n}") for n in range(_NEW)]
        collected = Collected(
            0,
            tuple(Article(url, s, s, s, "Talks go on", "Envoys met. " * 200, "en", now, now) for s, url in new),
            tuple(Fetch(source, url, now, page=True, outcome=FetchOutcome.OK) for source, url in new),
            tuple(LinkUpdate(source, Link(url), now, done=True) for source, url in new),
        )
        with database.session() as con:
            ingest.ingest(con, collected)
        with database.session() as con:
            fresh = articles.uncoded(con)
            articles.recent(con, now - timedelta(days=10))
            events.open_events(con, (now - timedelta(days=30)).date())
        urls = tuple(article.url for article in fresh)
        detected = Detected(
            urls,
            tuple(Placed(item.url, item.url, new=True, copy_of=None, why="", published_at=now) for item in fresh),
            tuple(Coded(url) for url in urls),
            sketches=tuple(PlacedArticle(item.url, now, item.family, None, item.url, None, sketch) for item in fresh),
        )
        with database.session() as con:
            events.record(con, detected, now)
        with database.session() as con:
            ticks.record(con, Report(f"tick-{number}", now, 1.0))
            ingest.forget_links(con, now - timedelta(days=30))

    work()
    return work
