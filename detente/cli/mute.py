"""The commands that keep events silent for a while: mute."""

from __future__ import annotations

from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import DeskOption, JsonOption
from detente.cli.output import console, print_json, print_table
from detente.clock import parse_span, parse_time, utc_now
from detente.desk import Desk, find_desk
from detente.errors import UsageError
from detente.present import count, jsonable

if TYPE_CHECKING:
    from detente.models import Mute
    from storage.database import Database


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    mute_app = typer.Typer(help="Keep events silent for a while: recorded, and not told.", no_args_is_help=True)
    mute_app.command("add")(mute_add)
    mute_app.command("list")(mute_list)
    mute_app.command("remove")(mute_remove)
    app.add_typer(mute_app, name="mute", rich_help_panel="Keep in order")


def mute_add(  # noqa: PLR0913, PLR0917  # each is an option of the command
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why: 'why' and 'show' repeat it.")],
    event: Annotated[str | None, typer.Option(metavar="ID", help="One event, by the beginning of its id.")] = None,
    actor: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="In any role: PAK, UN; given twice, both take part.")
    ] = None,
    cls: Annotated[
        list[str] | None, typer.Option("--class", metavar="CLASS", help="Such as talks.held or 'escalation.*'.")
    ] = None,
    route: Annotated[str | None, typer.Option(metavar="ID", help="Only this route; left out: all of them.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="2025-05-05, 2025-05-05T08:00Z.")] = None,
    length: Annotated[str | None, typer.Option("--for", metavar="SPAN", help="12h, 3d, 2w.")] = None,
    desk: DeskOption = None,
) -> None:
    """Mute one event, or all that fit. They are recorded, and neither they nor their developments are told.

    What waits to be sent is taken back.

    [bold]Examples:[/bold] detente mute add --event e1k9 --for 2d --reason "we know"   |
    detente mute add --actor IND --actor PAK --class 'talks.*' --route chat --until 2026-05-05 --reason "daily talks"
    """
    from detente.models import Mute, stable_id  # noqa: PLC0415  # with the others
    from storage import mutes  # noqa: PLC0415  # heavy

    here, now = find_desk(desk), utc_now()
    if not (event or actor or cls or route):
        raise UsageError("this would mute everything; name an --event, an --actor, a --class or a --route")
    end = _end(until, length, now)
    _check(here, actor or [], cls or [], route)
    with _database(here).session() as con:
        if event:
            from storage import events  # noqa: PLC0415  # heavy

            found = events.get_event(con, event)
            if found is None:
                raise UsageError(f"there is no event {event!r}; list them with 'detente events'")
            event = found.id
        name = stable_id("m", now.isoformat(), route, event, *(actor or ()), *(cls or ()))
        mute = Mute(name, now, end, reason, route, event, tuple(sorted(actor or ())), tuple(cls or ()))
        mutes.add(con, mute)
    typer.echo(f"{mute.id} mutes {_what(mute)} until {end:%Y-%m-%d %H:%M} UTC")


def mute_list(
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """List the mutes in force: what, until when, why.

    [bold]Example:[/bold] detente mute list
    """
    from storage import mutes  # noqa: PLC0415  # heavy

    with _database(find_desk(desk)).session() as con:
        found = mutes.in_force(con, utc_now())
    if as_json:
        print_json(jsonable(mute) for mute in found)
    elif not found:
        console().print("nothing is muted")
    else:
        rows = ([mute.id, _what(mute), f"{mute.until:%Y-%m-%d %H:%M} UTC", mute.reason] for mute in found)
        print_table(count(len(found), "mute"), ("id", "what", "until", "reason"), rows)


def mute_remove(
    mute: Annotated[str, typer.Argument(metavar="ID", help="A mute's id, as 'detente mute list' shows it.")],
    desk: DeskOption = None,
) -> None:
    """End a mute. What it kept silent is not told afterwards; what happens from now on is.

    [bold]Example:[/bold] detente mute remove m4x09tz2kq
    """
    from storage import mutes  # noqa: PLC0415  # heavy

    with _database(find_desk(desk)).session() as con:
        if not mutes.remove(con, mute):
            raise UsageError(f"there is no mute {mute!r}; list them with 'detente mute list'")
    typer.echo(f"{mute} is over")


def _end(until: str | None, length: str | None, now: datetime) -> datetime:
    if (until is None) == (length is None):
        raise UsageError("say how long: either --until TIME or --for SPAN")
    end = parse_time(until, now) if until else now + parse_span(length or "")
    if end <= now:
        raise UsageError(f"{until or length} is over; a mute ends later than now")
    return end


def _check(desk: Desk, actors: list[str], classes: list[str], route: str | None) -> None:
    """Refuse what fits nothing: a mistyped mute would let everything through."""
    from alerts.routes import load_routes  # noqa: PLC0415  # heavy
    from detection.coder import actors_of, class_names  # noqa: PLC0415  # heavy
    from detection.overlay import nearest  # noqa: PLC0415  # heavy
    from detection.watches import load_watches  # noqa: PLC0415  # heavy

    routes = [item.id for item in load_routes(desk.routes)]
    known = (*class_names(), *load_watches(desk.watches).classes())
    if route is not None and route not in routes:
        raise UsageError(f"routes.yaml has no route {route!r}; it has {', '.join(routes)}")
    for pattern in classes:
        if not any(fnmatchcase(name, pattern) for name in known):
            raise UsageError(f"there is no class like {pattern!r}; {nearest(pattern, known)}")
    names = actors_of(desk).names() if actors else {}
    for actor in actors:
        if actor not in names:
            raise UsageError(f"there is no actor {actor!r}; {nearest(actor, names)}")


def _what(mute: Mute) -> str:
    parts = [f"event {mute.event}"] if mute.event else []
    parts += [" with ".join(mute.actors)] if mute.actors else []
    parts += [" or ".join(mute.classes)] if mute.classes else []
    return " and ".join(parts or ["everything"]) + (f" for route {mute.route}" if mute.route else "")


def _database(desk: Desk) -> Database:
    from storage.database import Database  # noqa: PLC0415  # heavy

    return Database(desk.database, desk.settings.storage.wait)
