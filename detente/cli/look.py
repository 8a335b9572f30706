"""The commands that look and change nothing: check, why, events, show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.options import DeskOption, JsonOption
from detente.cli.output import console, print_json
from detente.clock import parse_time, utc_now
from detente.desk import Desk, desk_or_seeds, find_desk
from detente.errors import UsageError

if TYPE_CHECKING:
    from storage.database import Database


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    panel = "Look"
    app.command("check", rich_help_panel=panel)(check)
    app.command("why", rich_help_panel=panel)(why)
    app.command("events", rich_help_panel=panel)(events)
    app.command("show", rich_help_panel=panel)(show)


def check(
    what: Annotated[str, typer.Argument(metavar="URL_OR_FILE", help="A page's address, or a .html or text file.")],
    date: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it was published, where it does not say: 2025-05-05.")
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Explain one page: what is extracted, what would fire, who does what to whom, and why. Stores nothing.

    Without a desk the shipped rules and actors are used.

    [bold]Examples:[/bold] detente check article.txt --date 2025-05-04   |   detente check https://news.example/story
    """
    from detente.cli import views  # noqa: PLC0415  # heavy
    from flows.check import check as look  # noqa: PLC0415  # heavy

    here = desk_or_seeds(desk)
    checked = look(here, what, utc_now(), parse_time(date, utc_now()) if date else None)
    if as_json:
        print_json([views.checked_json(checked)])
    else:
        views.print_checked(checked, has_desk=here.database.exists())


def why(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of an article, seen or not.")],
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Tell why an article did, or did not, raise an alert: every decision, from its listing to its mails.

    [bold]Example:[/bold] detente why https://news.example/story
    """
    from detente.cli import reasons  # noqa: PLC0415  # heavy
    from flows.why import ask  # noqa: PLC0415  # heavy

    answer = ask(find_desk(desk), url)
    if as_json:
        print_json([reasons.answer_json(answer)])
    else:
        reasons.print_answer(answer)


def events(  # noqa: PLR0913, PLR0917  # each is an option of the command
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Events of this day and later: 3d, 2025-05-05.")
    ] = None,
    family: Annotated[
        list[str] | None, typer.Option(metavar="FAMILY", help="mediation, talks, deescalation, escalation or watch.")
    ] = None,
    cls: Annotated[
        list[str] | None, typer.Option("--class", metavar="CLASS", help="Such as mediation.requested.")
    ] = None,
    actor: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="In any role: PAK, RUS, UN; given twice, both take part.")
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option(metavar="STATUS", help="reported, planned, denied or withdrawn.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="What happened on this day or later.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="What happened on this day or earlier.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 50,
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """List the events that were found, newest first.

    [bold]Examples:[/bold] detente events --actor PAK --actor IND --from 2025-05-01 | detente events --since 7d --json
    """
    from detente.cli import views  # noqa: PLC0415  # heavy
    from detente.present import event_json  # noqa: PLC0415  # with the others
    from storage import events as stored  # noqa: PLC0415  # heavy
    from storage import mutes  # noqa: PLC0415  # heavy

    here = find_desk(desk)
    now = utc_now()
    moment = parse_time(since, now) if since else None
    days = tuple(parse_time(day, now).date() if day else None for day in (first, last))
    with _database(here).session() as con:
        found = stored.list_events(
            con,
            since=moment,
            families=family or (),
            classes=cls or (),
            statuses=status or (),
            actors=actor or (),
            days=(days[0], days[1]),
            limit=limit,
        )
        muted = mutes.muted(con, [event.id for event in found])
    if as_json:
        print_json(event_json(event) | {"muted": muted.get(event.id)} for event in found)
    elif not found:
        console().print(
            "no events"
            + (" that fit" if since or family or cls or actor or status or first or last else " yet: run 'detente run'")
        )
    else:
        names = _names(here)
        for event in found:
            views.print_event_line(event, names, muted.get(event.id))


def show(
    event_id: Annotated[str, typer.Argument(metavar="ID", help="An event's id, or its beginning.")],
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Tell the life of one event: evidence, families, developments, and what was sent to whom.

    [bold]Example:[/bold] detente show e1k9
    """
    from detente.cli import views  # noqa: PLC0415  # heavy
    from storage import events as stored  # noqa: PLC0415  # heavy
    from storage import outbox  # noqa: PLC0415  # heavy
    from storage import why as history  # noqa: PLC0415  # heavy

    here = find_desk(desk)
    with _database(here).session() as con:
        event = stored.get_event(con, event_id)
        if event is None:
            raise UsageError(f"there is no event {event_id!r}; list them with 'detente events'")
        developments = stored.developments(con, event.id)
        deliveries = outbox.of_event(con, event.id)
        decisions = history.about_event(con, event.id)
    if as_json:
        print_json([views.life_json(event, developments, deliveries, decisions)])
    else:
        views.print_life(event, developments, deliveries, decisions, _names(here))


def _database(desk: Desk) -> Database:
    from storage.database import Database  # noqa: PLC0415  # heavy

    return Database(desk.database, desk.settings.storage.wait)


def _names(desk: Desk) -> dict[str, Any]:
    from detection.coder import actors_of  # noqa: PLC0415  # heavy

    return actors_of(desk).names()
