"""The two schedules of a desk: watch and deliver."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import warnings
from datetime import timedelta

from prefect import aserve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.schedules import Interval

from detente.clock import utc_now
from detente.settings import Schedule
from flows.deliver import deliver
from flows.watch import watch

_FIRST = timedelta(seconds=5)
"""From the start to the first tick: without an anchor Prefect waits for a whole interval."""

_ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def keep(schedule: Schedule) -> None:
    """Run both flows on their schedules until the process is told to stop, by Ctrl-C or SIGTERM."""
    # On SIGTERM Prefect's runner leaves a coroutine and its connections to runs behind, loudly, and exits
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop' was never awaited", RuntimeWarning)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        asyncio.run(_keep(schedule))


async def _keep(schedule: Schedule) -> None:
    first = utc_now() + _FIRST
    deployments = [
        await flow.ato_deployment(
            "scheduled",
            schedule=Interval(timedelta(seconds=seconds), anchor_date=first),
            concurrency_limit=_ONE_AT_A_TIME,
            tags=["detente"],
        )
        for flow, seconds in ((watch, schedule.watch_minutes * 60), (deliver, schedule.deliver_seconds))
    ]
    await aserve(*deployments, print_starting_message=False)
