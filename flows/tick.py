"""Ticks on demand: a server, then one `watch` flow run after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable, Mapping
from copy import copy
from traceback import clear_frames
from typing import Any

from detente.desk import Desk
from detente.errors import DetenteError, UsageError
from detente.models import Report
from flows.environment import prepare
from flows.parameters import WatchParameters
from flows.pools import warm_up
from flows.progress import Observer, observed
from flows.server import server
from flows.stages import check_sources, read_desk

_REST_SECONDS = 5


def run_ticks(desk: Desk, asked: Iterable[Mapping[str, Any]], watcher: Observer) -> Generator[Report]:
    """Run ticks in this process and yield their reports; everything is checked before the server starts.

    Args:
        desk: the desk.
        asked: for each tick the fields of `WatchParameters`.
        watcher: told how the ticks get on.

    Raises:
        ConfigError: a file of the desk cannot be done without and is wrong.
        UsageError: a parameter is wrong.
        FlowError: no Prefect server can be had.
        DeskBusy: another tick runs on this desk.
    """
    ticks = _all_checked(desk, asked)
    prepare(desk, console="CRITICAL")  # what fails is raised here
    with observed(watcher):
        watcher.stage("start", 0)
        warm_up(desk.settings.extraction)
        with server(desk):
            from flows.watch import watch  # noqa: PLC0415  # imports prefect, which reads the environment as it is now

            try:
                for parameters in ticks:
                    yield asyncio.run(watch(parameters))
            except DetenteError as error:
                raise _without_frames(error) from None
            finally:
                _send_the_rest()


def _without_frames(error: DetenteError) -> DetenteError:
    """Return a copy of an error, and free what the error holds: Prefect keeps it until the interpreter ends."""
    kept: BaseException | None = error
    while kept is not None:
        clear_frames(kept.__traceback__)
        kept.__traceback__, kept = None, kept.__context__
    return copy(error)


def _send_the_rest() -> None:
    """Wait for what Prefect sends from its own threads; the server may be gone a moment later."""
    from prefect.events.worker import EventsWorker  # noqa: PLC0415  # imports prefect
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415  # imports prefect

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=_REST_SECONDS)


def _all_checked(desk: Desk, asked: Iterable[Mapping[str, Any]]) -> list[WatchParameters]:
    """Check all that is asked for, with the desk's files, which the ticks then find read."""
    setup = read_desk(desk)
    ticks = [_checked(fields) for fields in asked]
    for parameters in ticks:
        check_sources(setup, parameters.sources)
    return ticks


def _checked(fields: Mapping[str, Any]) -> WatchParameters:
    from pydantic import ValidationError  # noqa: PLC0415  # beside its use

    try:
        return WatchParameters.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise UsageError(f"{place} {first['input']!r}: {first['msg'].lower()}; see 'detente run --help'") from None
