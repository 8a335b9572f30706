"""The two schedules of a desk: watch and deliver."""

from __future__ import annotations

import asyncio

from prefect import aserve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy

from detente.settings import Schedule
from flows.deliver import deliver
from flows.watch import watch

_ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def keep(schedule: Schedule) -> None:
    """Run both flows on their schedules until the process is told to stop."""
    asyncio.run(_keep(schedule))


async def _keep(schedule: Schedule) -> None:
    watching = await watch.ato_deployment(
        "scheduled", interval=schedule.watch_minutes * 60, concurrency_limit=_ONE_AT_A_TIME, tags=["detente"]
    )
    delivering = await deliver.ato_deployment(
        "scheduled", interval=schedule.deliver_seconds, concurrency_limit=_ONE_AT_A_TIME, tags=["detente"]
    )
    await aserve(watching, delivering, print_starting_message=False)
