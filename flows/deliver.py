"""Sending as a Prefect flow of its own, so that a retry does not wait for the next tick."""

from __future__ import annotations

from prefect import flow, get_run_logger

from detente.clock import utc_now
from detente.desk import find_desk
from detente.errors import DeskBusy
from detente.models import DeliveryState
from flows import stages


@flow(name="deliver", persist_result=False)
async def deliver() -> int:
    """Send every message that is due; return how many went out.

    The desk is the one that `DETENTE_DESK` names, or the present folder.

    Raises:
        ConfigError: a file of the desk cannot be done without and is wrong; nothing was started.
    """
    setup = stages.read_desk(find_desk(None))
    try:
        done = stages.deliver(setup, utc_now(), lambda _: None)
    except DeskBusy as busy:
        get_run_logger().info("left to the one who sends: %s", busy)
        return 0
    for item in done:
        if item.state is not DeliveryState.SENT:
            get_run_logger().warning("target %s of route %s: %s", item.target, item.route, item.last_error)
    sent = sum(item.state is DeliveryState.SENT for item in done)
    get_run_logger().info("%d of %d due messages sent", sent, len(done))
    return sent
