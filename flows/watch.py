"""One tick as a Prefect flow: plan, collect, ingest, detect, deliver, report.

Few tasks, each with much to do: a task costs the server some 20 ms. What they are given is quoted, else Prefect
would walk through every address of it in search of futures.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from prefect import flow, get_run_logger, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

from detente.clock import utc_now
from detente.desk import find_desk
from detente.errors import DeskBusy, one_line
from detente.locks import exclusive
from detente.models import (
    Article,
    Batch,
    Collected,
    Delivery,
    DeliveryState,
    Failure,
    Fetch,
    FetchOutcome,
    Report,
    stable_id,
)
from detente.settings import Settings
from extractors.agencies import Agency
from extractors.collect import collect as collect_batch
from flows import stages
from flows.coding import Coding
from flows.parameters import WatchParameters
from flows.pools import extractor_pool
from flows.progress import observer
from flows.report import as_line, as_markdown

_T = TypeVar("_T")

_FINE = frozenset({FetchOutcome.OK, FetchOutcome.NOT_MODIFIED, FetchOutcome.ROBOTS})
"""Outcomes that no report need mention: what robots.txt forbids is as its owner wants it."""


@flow(name="watch", persist_result=False)
async def watch(tick: WatchParameters = WatchParameters()) -> Report:  # noqa: B008  # frozen; Prefect reads it here
    """Ask the sources for news, find new events, send what is due, and report.

    The desk is the one that `DETENTE_DESK` names, or the present folder.

    Raises:
        ConfigError: a file of the desk cannot be done without and is wrong; nothing was started.
        DeskBusy: another tick runs on this desk.
    """
    began = time.monotonic()
    setup = stages.read_desk(find_desk(None))
    stages.check_sources(setup, tick.sources)
    now = tick.clock(utc_now())
    oldest = tick.oldest(now)
    with exclusive(setup.desk.tick_lock, setup.settings.storage.wait):
        observer().stage("plan", 0)
        batches = plan(_whole(setup), tick.sources, now)
        with stages.new_coding(setup) as coding:
            gathered = await _gather(setup, batches, now, coding, dry_run=tick.dry_run)
            unstored = gathered.articles if tick.dry_run else None
            found = detect(_whole(setup), now, oldest, _whole(unstored), _whole(coding))
        delivered = () if tick.dry_run else deliver(_whole(setup), now)
        gathered.failures += setup.left_out()
        report = _report(tick, now, batches, gathered, found, delivered, time.monotonic() - began)
        if not tick.dry_run:
            stages.close_tick(setup, report)
    observer().ended(report)
    get_run_logger().info(as_line(report))
    await acreate_markdown_artifact(as_markdown(report), key="tick", description="What the tick did.")
    return report


@task(cache_policy=NO_CACHE, persist_result=False)
def plan(setup: stages.Setup, only: Sequence[str], now: datetime) -> tuple[Batch, ...]:
    """Choose the sources that are due and share them out."""
    return stages.plan_tick(setup, only, now)


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="collect-{number}")
async def collect(
    number: int,  # noqa: ARG001  # names the task run
    batch: Batch,
    settings: Settings,
    agencies: tuple[Agency, ...],
    now: datetime,
) -> Collected:
    """Fetch and clean one batch's news. It touches no database, so that it can run on any machine."""
    return await collect_batch(batch, settings, extractor_pool(settings.extraction), now, agencies)


@task(cache_policy=NO_CACHE, persist_result=False)
def detect(
    setup: stages.Setup,
    now: datetime,
    oldest: datetime | None,
    unstored: tuple[Article, ...] | None,
    coding: Coding,
) -> stages.Found:
    """Find the new events and write them with the deliveries that they cause."""
    watcher = observer()
    watcher.stage("detect", 0)
    found = stages.detect(setup, now, oldest, unstored, watcher.step, coding)
    for event, message in found.raised:
        watcher.raised(event, message)
    return found


@task(cache_policy=NO_CACHE, persist_result=False)
def deliver(setup: stages.Setup, now: datetime) -> tuple[Delivery, ...]:
    """Send what is due, unless another process is at it."""
    watcher = observer()
    watcher.stage("deliver", 0)
    try:
        return stages.deliver(setup, now, lambda delivery: watcher.step(delivery.target))
    except DeskBusy as busy:
        get_run_logger().info("left to the one who sends: %s", busy)
        return ()


def _whole(value: _T) -> _T:
    """Return `value` so that Prefect passes it on unopened."""
    return cast("_T", quote(value))


@dataclass(slots=True)
class _Gathered:
    """What the collect tasks brought home."""

    articles: tuple[Article, ...] = ()
    fetches: list[Fetch] = field(default_factory=list)
    new: int = 0
    failures: list[Failure] = field(default_factory=list)


async def _gather(
    setup: stages.Setup, batches: Sequence[Batch], now: datetime, coding: Coding, *, dry_run: bool
) -> _Gathered:
    """Run the collect tasks at once, ingest each as it comes home, and begin to code what is new."""
    gathered, settings, watcher = _Gathered(), setup.settings, observer()
    futures = [
        collect.submit(batch.number, _whole(batch), _whole(settings), _whole(setup.agencies), now) for batch in batches
    ]
    watcher.stage("collect", len(futures))
    waiting = [asyncio.to_thread(future.result, raise_on_failure=False) for future in futures]
    for coming in asyncio.as_completed(waiting):
        home = await coming
        if isinstance(home, Collected):
            gathered.fetches += home.fetches
            fresh = home.articles
            if dry_run:
                gathered.articles += fresh
            else:
                new = ingest(_whole(setup), _whole(home))
                fresh = tuple(article for article in fresh if article.url in new)
            gathered.new += len(fresh)
            coding.begin(fresh)
            watcher.step(f"{len(home.articles)} articles")
        else:
            gathered.failures.append(Failure("collect", one_line(home) if isinstance(home, Exception) else str(home)))
            watcher.step("failed")
    return gathered


@task(cache_policy=NO_CACHE, persist_result=False)
def ingest(setup: stages.Setup, collected: Collected) -> frozenset[str]:
    """Write one batch's articles and records; only this and the tasks after it write. Returns the new addresses."""
    return stages.ingest_batch(setup, collected)


def _report(
    tick: WatchParameters,
    now: datetime,
    batches: Sequence[Batch],
    gathered: _Gathered,
    found: stages.Found,
    delivered: Sequence[Delivery],
    seconds: float,
) -> Report:
    lists = [fetch for fetch in gathered.fetches if not fetch.page]
    failures = [*gathered.failures, *found.failures]
    failures += [
        Failure(fetch.url if fetch.page else f"source {fetch.source}", f"{fetch.outcome}: {fetch.detail}".rstrip(": "))
        for fetch in gathered.fetches
        if fetch.outcome not in _FINE
    ]
    failures += [
        Failure(f"target {item.target} of route {item.route}", item.last_error)
        for item in delivered
        if item.state is not DeliveryState.SENT
    ]
    return Report(
        id=stable_id("t", now.isoformat(), *tick.sources),
        started_at=now,
        seconds=round(seconds, 2),
        sources=sum(len(batch.orders) for batch in batches),
        unchanged=sum(fetch.outcome is FetchOutcome.NOT_MODIFIED for fetch in lists),
        pages=len(gathered.fetches) - len(lists),
        articles=gathered.new,
        copies=found.copies,
        events=len(found.raised),
        developments=len(found.detected.developments),
        alerts=len(found.detected.deliveries),
        sent=sum(item.state is DeliveryState.SENT for item in delivered),
        dry_run=tick.dry_run,
        failures=tuple(failures),
    )
