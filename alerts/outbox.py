"""Sends what is due: several targets at a time, each target's messages in their order."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from alerts import channels, policy
from alerts.routes import Route, Target, resolve
from detente import settings as knobs
from detente.clock import utc_now
from detente.errors import UsageError
from detente.models import Delivery, SendOutcome, SendResult

TARGETS_AT_ONCE = 4


def deliver(
    due: Sequence[Delivery],
    routes: Sequence[Route],
    settings: knobs.Delivery,
    clock: Callable[[], datetime] = utc_now,
    jitter: Callable[[], float] = random.random,
) -> Iterator[Delivery]:
    """Send deliveries, and yield each as its attempt leaves it.

    A target's next message is sent only when the caller comes back for more: by then the last one can be stored,
    so that a kill repeats at most one message a target. After a temporary failure a target's other messages are
    left due, and are not yielded: a server that does not answer costs one deadline a run.

    Args:
        due: waiting deliveries, in the order of sending.
        routes: the present routes; a delivery whose target left them is dead.
        settings: the delivery section of the settings.
        clock: tells when an attempt ended.
        jitter: gives a random number in [0, 1).
    """
    targets = {(route.id, target.id): target for route in routes for target in route.targets}
    queues: dict[str, deque[tuple[Delivery, Target]]] = {}
    for delivery in due:
        target = targets.get((delivery.route, delivery.target))
        if target is None:
            why = f"target {delivery.target} of route {delivery.route} is no longer in routes.yaml"
            yield policy.dead(delivery, why, clock())
        else:
            queues.setdefault(target.url, deque()).append((delivery, target))
    with ThreadPoolExecutor(TARGETS_AT_ONCE, thread_name_prefix="deliver") as pool:
        running: dict[Future[SendResult], deque[tuple[Delivery, Target]]] = {
            pool.submit(_attempt, *queue[0], settings): queue for queue in queues.values()
        }
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                queue, result = running.pop(future), future.result()
                yield policy.after_attempt(queue.popleft()[0], result, settings, clock(), jitter())
                if queue and result.outcome is not SendOutcome.TEMPORARY:
                    running[pool.submit(_attempt, *queue[0], settings)] = queue


def _attempt(delivery: Delivery, target: Target, settings: knobs.Delivery) -> SendResult:
    try:
        url = resolve(target)
    except UsageError as error:
        return SendResult(SendOutcome.TEMPORARY, str(error))
    return channels.send(
        url,
        delivery.message,
        delivery_id=delivery.id,
        created_at=delivery.created_at,
        deadline=settings.deadline,
    )
