"""The stages of a tick as plain functions: what they read, decide and write. `flows.watch` gives them their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from alerts import compose, outbox, policy, updates
from alerts.routes import Route, load_routes
from detection import novelty, reading, rewind
from detection.accounts import Account
from detection.coder import Coders, class_names
from detection.placing import ANEW
from detection.stories import WINDOW
from detection.watches import Watches, load_watches
from detection.watchlist import Concern, load_watchlist, weigh_all
from detente.clock import utc_now
from detente.desk import Desk
from detente.errors import ConfigError, UsageError
from detente.leaving import Leaving
from detente.locks import exclusive
from detente.models import (
    Article,
    Batch,
    Coded,
    Collected,
    Decision,
    Delivery,
    Detected,
    Development,
    Event,
    Failure,
    Message,
    Mute,
    Report,
    Source,
    Verdict,
)
from detente.settings import Settings
from extractors.agencies import Agency, load_agencies
from extractors.sources import load_sources, plan_batches
from flows import coding, sending
from storage import articles, events, ingest, mutes, plan, ticks
from storage import outbox as stored
from storage.database import Database

_READ = frozenset({".yaml", ".j2"})
"""What the files of a desk that are read for a tick end with."""


@dataclass(frozen=True, slots=True)
class Setup:
    """A desk's files, read and checked; what may be missing is left out where it is broken, else nothing starts."""

    desk: Desk
    settings: Settings
    database: Database
    sources: tuple[Source, ...]
    agencies: tuple[Agency, ...]
    routes: tuple[Route, ...]
    coders: Coders
    watches: Watches
    watchlist: tuple[Concern, ...]
    leaving: Leaving

    def left_out(self) -> tuple[Failure, ...]:
        """Return what of the files is left out, and why; a language's rules are read when a text asks for them."""
        return tuple(Failure(item.place, f"left out: {item.problem}; {item.mend}") for item in self.leaving.errors)


def read_desk(desk: Desk) -> Setup:
    """Read every file of a desk, if one was changed since this process did so last: to read the rules takes seconds.

    The settings are read each time: environment variables lie over them, and over nothing else. Broken sources, rules,
    actors, watches and entries of the watchlist are left out.

    Raises:
        ConfigError: a file is wrong without which the tick would lose news or alerts, or find nothing.
    """
    files = (path for path in desk.root.rglob("*") if path.suffix in _READ)
    stamps = sorted((str(path), path.stat().st_mtime_ns) for path in files)
    return _as_it_stands(desk.root, tuple(stamps), desk.settings)


@lru_cache(maxsize=1)
def _as_it_stands(root: Path, _files: tuple[tuple[str, int], ...], settings: Settings) -> Setup:
    desk = Desk(root)
    compose.check(desk.templates)
    leaving = Leaving(root)
    coders = Coders(desk, leaving=leaving)
    watches = leaving.read(lambda: load_watches(desk.watches))
    actors = coders.english.actors.by_id
    classes = (*class_names(), *watches.classes())
    try:
        routes = load_routes(desk.routes, classes, actors)
    except ConfigError as error:  # of an actor or a watch that was left out, perhaps
        named = (item for item in leaving.errors if item.file == desk.watches or item.file.parent == desk.actors)
        raise next(named, error) from None
    return Setup(
        desk=desk,
        settings=settings,
        database=Database(desk.database, settings.storage.wait),
        sources=leaving.read(lambda: load_sources(desk.sources), whole=False),
        agencies=leaving.read(lambda: load_agencies(desk.sources), whole=False),
        routes=routes,
        coders=coders,
        watches=watches,
        watchlist=leaving.read(lambda: load_watchlist(desk.watchlist, actors, classes)),
        leaving=leaving,
    )


# --- plan -------------------------------------------------------------------------------------------------


def check_sources(setup: Setup, only: Sequence[str]) -> None:
    """Refuse ids that no source bears.

    Raises:
        UsageError: names the first such id.
    """
    known = {source.id for source in setup.sources}
    for name in only:
        if name not in known:
            raise UsageError(f"there is no source {name!r}; list them with 'detente sources'")


def plan_tick(setup: Setup, only: Sequence[str], now: datetime) -> tuple[Batch, ...]:
    """Return the sources that are due, with what each needs to know, in batches; `only` names some, due or not."""
    sources = [source for source in setup.sources if not only or source.id in only]
    with setup.database.session() as con:
        tries, hours = setup.settings.http.max_attempts, setup.settings.detection.revisit_hours
        revisit = timedelta(hours=hours) if hours else None
        orders = plan.orders(con, sources, now, tries, due_only=not only, revisit=revisit)
        robots = plan.robots(con)
    return plan_batches(orders, setup.settings.schedule.batches, robots)


# --- ingest -----------------------------------------------------------------------------------------------


def ingest_batch(setup: Setup, collected: Collected) -> frozenset[str]:
    """Write what one batch brought home, in one transaction; return the addresses of the new articles."""
    with setup.database.session() as con:
        return ingest.ingest(con, collected)


# --- detect -----------------------------------------------------------------------------------------------


def new_coding(setup: Setup) -> coding.Coding:
    """Return the coding of one tick's articles, none of them begun."""
    return coding.Coding(setup.coders, setup.watches, setup.settings.extraction)


@dataclass(frozen=True, slots=True)
class Found:
    """What one detect step found: what it writes, the new events with their messages, and articles left unread."""

    detected: Detected
    raised: tuple[tuple[Event, Message], ...]
    failures: tuple[Failure, ...] = ()

    @property
    def copies(self) -> int:
        """How many of the new articles are copies."""
        new = set(self.detected.articles)
        return sum(placed.copy_of is not None and placed.url in new for placed in self.detected.placed)


def detect(
    setup: Setup,
    now: datetime,
    oldest: datetime | None,
    unstored: Sequence[Article] | None,
    told: Callable[[str], None],
    begun: coding.Coding | None = None,
) -> Found:
    """Find the events of all articles not looked at so far, and write them with their deliveries in one transaction.

    Args:
        setup: the desk.
        now: the tick's time.
        oldest: what was published before raises nothing; None for the setting.
        unstored: for a dry run, the articles to look at, none of them stored; nothing is written then.
        told: called with the address of each article that was coded.
        begun: the coding of those that came in with this tick.
    """
    settings = setup.settings.detection
    oldest = oldest or now - timedelta(days=settings.max_age_days)
    with setup.database.session() as con:
        fresh = tuple(unstored) if unstored is not None else articles.uncoded(con)
        if not fresh:
            return Found(Detected(), ())
        changed = articles.placed_at(con, [article.url for article in fresh if article.edited_at])
        first = min(*(article.published_at for article in fresh), *changed, now)
        known = articles.recent(con, articles.bounded(con, first, ANEW) - WINDOW)
        muted = mutes.in_force(con, now)
    accounts = (begun or new_coding(setup)).accounts(fresh, told)
    names, concerns = setup.coders.english.actors.names(), setup.coders.english.actors.concerns()
    read = reading.read(fresh, accounts, known, settings)
    begin = min(max(first, oldest), *read.changed.values(), now)
    with setup.database.session() as con:
        open_events = events.open_events(con, (begin - timedelta(days=novelty.PASSING_DAYS)).date())
        since = rewind.since(fresh, accounts, open_events, oldest, read.changed)
        decided = articles.decided(con, since) if since else ()
    again, counted = tuple(read.again(decided, open_events)), read.recounted(open_events)
    outcome = novelty.decide(read.readings, counted, settings, now, oldest, concerns, again)
    outcome = weigh_all(outcome, setup.watchlist, names, now)
    raised = tuple(
        (event, compose.compose(event, names, setup.desk.templates))
        for event in outcome.events
        if event.id in outcome.new
    )
    before = {event.id: event for event in open_events}
    changes = [(before[event.id], event) for event in outcome.events if event.id not in outcome.new]
    decisions, deliveries = _tell(setup, raised, changes, outcome.developments, now, muted, dry=unstored is not None)
    detected = Detected(
        articles=tuple(article.url for article in fresh),
        placed=read.placing.placed,
        coded=tuple(_coded(article, account, oldest) for article, account in zip(fresh, accounts, strict=True)),
        events=outcome.events,
        evidence=outcome.evidence,
        developments=outcome.developments,
        deliveries=tuple(deliveries),
        decisions=(*outcome.decisions, *decisions),
        withdrawn=outcome.withdrawn,
        sketches=read.sketches,
        moved=read.moved(open_events),
    )
    if unstored is None:
        with setup.database.session() as con:
            events.record(con, detected, now)
    return Found(detected, raised, tuple(Failure(a.coded.url, a.problem) for a in accounts if a.problem))


def _coded(article: Article, account: Account, oldest: datetime) -> Coded:
    """Return an article's acts with what it takes to decide about them anew, if they were decided about."""
    if article.published_at < oldest:
        return account.coded
    details = tuple(item.facts() for item in account.details)
    return replace(account.coded, details=details, published_at=article.published_at)


def _tell(
    setup: Setup,
    raised: Sequence[tuple[Event, Message]],
    changes: Sequence[tuple[Event, Event]],
    developments: Sequence[Development],
    now: datetime,
    muted: Sequence[Mute],
    *,
    dry: bool,
) -> tuple[list[Decision], list[Delivery]]:
    """Decide who is told of the new events, and of what the known ones gained; `changes` has these before and after."""
    decisions, deliveries = list[Decision](), list[Delivery]()
    for event, message in raised:
        verdicts = policy.route_event(event, setup.routes, now, muted)
        decisions += _route(event, verdicts, dry=dry)
        deliveries += policy.deliveries(event, verdicts, setup.routes, message, now)
    for change in changes:
        more, sent = _update(setup, change, developments, now, muted, dry=dry)
        decisions += more
        deliveries += sent
    return decisions, deliveries


def _route(event: Event, verdicts: Sequence[policy.RouteVerdict], *, dry: bool) -> Iterator[Decision]:
    for verdict in verdicts:
        reason = Verdict.DRY_RUN if dry and verdict.wanted else verdict.reason
        facts = {"route": verdict.route, **verdict.facts}
        yield Decision(event.evidence[0].url, verdict.at, reason, verdict.why, event.id, event.cls, facts)


def _update(
    setup: Setup,
    change: tuple[Event, Event],
    developments: Sequence[Development],
    now: datetime,
    muted: Sequence[Mute],
    *,
    dry: bool,
) -> tuple[list[Decision], list[Delivery]]:
    """Decide who is told of what an event gained, and who is told of it at all, since they want it now."""
    (before, event), names = change, setup.coders.english.actors.names()
    late = updates.late(before, event, setup.routes, now, muted)
    decisions, deliveries = list(_route(event, late, dry=dry)), list[Delivery]()
    if late:
        message = compose.compose(event, names, setup.desk.templates)
        deliveries += policy.deliveries(event, late, setup.routes, message, now)
    mine = [item for item in developments if item.event == event.id]
    if not mine:
        return decisions, deliveries
    routes = [route for route in setup.routes if route.id not in {verdict.route for verdict in late}]
    verdicts = updates.weigh(event, mine, routes, setup.settings.delivery, names, now, muted)
    decisions += [
        Decision(
            mine[-1].url,
            now,
            Verdict.DRY_RUN if dry and verdict.told else verdict.reason,
            verdict.why,
            event.id,
            event.cls,
            {"route": verdict.route, "developments": [item.kind for item in mine], **verdict.facts},
        )
        for verdict in verdicts
    ]
    if told := [item for verdict in verdicts for item in verdict.told]:
        message = compose.compose(event, names, setup.desk.templates, updates.in_words(event, told, names))
        deliveries += updates.deliveries(event, verdicts, routes, message, now)
    return decisions, deliveries


# --- deliver ----------------------------------------------------------------------------------------------


def deliver(
    setup: Setup, now: datetime, told: Callable[[Delivery], None], clock: Callable[[], datetime] = utc_now
) -> tuple[Delivery, ...]:
    """Send what is due and record each attempt as soon as its end is known; return the deliveries as they now stand.

    Raises:
        DeskBusy: another process is sending for this desk.
    """
    done = []
    with exclusive(setup.desk.deliver_lock, wait=0):
        names = setup.coders.english.actors.names()
        due = sending.due(setup.database, setup.routes, names, setup.desk.templates, now)
        for delivery in outbox.deliver(due, setup.routes, setup.settings.delivery, clock=clock):
            with setup.database.session() as con:
                stored.record_attempt(con, delivery)
            told(delivery)
            done.append(delivery)
    return tuple(done)


# --- report -----------------------------------------------------------------------------------------------


def close_tick(setup: Setup, report: Report) -> None:
    """Write a tick's report, and forget links that no source has listed for long."""
    with setup.database.session() as con:
        ticks.record(con, report)
        ingest.forget_links(con, report.started_at - timedelta(days=setup.settings.storage.links_days))
