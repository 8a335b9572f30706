"""What is to be sent now: messages that are due, digests that are, and nothing that was muted meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from alerts import compose, digest, policy
from alerts.routes import Route
from detente.models import Delivery, Detected
from storage import events, mutes, outbox
from storage.database import Database


def due(
    database: Database, routes: Sequence[Route], names: Mapping[str, str], templates: Path, now: datetime
) -> tuple[Delivery, ...]:
    """Take back what was muted while it waited, write the digests whose time has come, and return what is due.

    All of it is one transaction: a digest and what it gathers are written together, and it is sent like any other
    message from then on.

    Args:
        database: the desk's.
        routes: the desk's routes.
        names: what to call actors, by id.
        templates: the desk's templates.
        now: the clock of whoever sends.
    """
    with database.session() as con:
        waiting = (*outbox.due(con, now), *outbox.ripe(con, now))
        found = events.by_id(con, {item.event for item in waiting})
        silenced = policy.silenced(waiting, found, mutes.in_force(con, now), now)
        for item, _ in silenced:
            outbox.record_attempt(con, item)
        events.record(con, Detected(decisions=tuple(decision for _, decision in silenced)), now)
        addresses = {(route.id, target.id): target.url for route in routes for target in route.targets}
        for members in digest.gathered(outbox.ripe(con, now), addresses):
            message = compose.compose_digest(digest.contents(members, found), names, templates)
            outbox.gather(con, digest.digest(members, message, now), members)
        return outbox.due(con, now)
