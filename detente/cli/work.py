"""The commands that do the work: demo, init, run, serve."""

from __future__ import annotations

import contextlib
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import DeskOption, JsonOption
from detente.cli.output import print_json
from detente.clock import parse_time, utc_now
from detente.desk import create_desk, find_desk


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    panel = "Work"
    app.command("demo", rich_help_panel=panel)(demo)
    app.command("init", rich_help_panel=panel)(init)
    app.command("run", rich_help_panel=panel)(run)
    app.command("serve", rich_help_panel=panel)(serve)


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the demo's desk and mails are left.")] = Path(
        "demo-desk"
    ),
) -> None:
    """Watch six days of a crisis pass in a newsroom on this machine, from news page to mail.

    Needs no internet and no account. A desk that an earlier demo left in DIR is replaced.

    [bold]Example:[/bold] detente demo
    """
    from detente.demo.show import run_demo  # noqa: PLC0415  # heavy

    run_demo(folder)


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Make a desk: sources, actors, rules, routes and settings to edit.

    [bold]Example:[/bold] detente init mydesk
    """
    desk = create_desk(folder)
    typer.echo(f"made {desk.root}")
    for name, what in (
        ("sources.yaml", "which feeds are read"),
        ("routes.yaml", "who is told what, and where"),
        ("settings.yaml", "how often, how politely, how long"),
        ("watches.yaml", "keyword queries to be told of"),
        ("watchlist.yaml", "who matters more, or less, to you"),
        ("rules/, actors/", "what you change about the shipped ones: what is an event, and who is who"),
    ):
        typer.echo(f"  {name:<16} {what}")
    typer.echo(f"next: set 'contact' in settings.yaml, then  detente run --desk {folder}")


def run(
    source: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Ask only this source, due or not; may be given again.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="What was published before raises nothing: 12h, 3d, 2025-05-05.")
    ] = None,
    now: Annotated[str | None, typer.Option(metavar="TIME", help="The tick's clock, for replays and tests.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Find events, but store and send nothing.")] = False,  # noqa: FBT002  # typer's form
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Run one tick now: ask the sources, find new events, send what is due.

    [bold]Examples:[/bold] detente run   |   detente run --source bbc-world --since 12h --dry-run
    """
    here = find_desk(desk)
    clock: datetime | None = parse_time(now, utc_now()) if now else None

    from detente.cli.progress import TickDisplay  # noqa: PLC0415  # heavy
    from detente.cli.stop import stop_at_once  # noqa: PLC0415  # with the others
    from flows.tick import run_ticks  # noqa: PLC0415  # heavy

    display = TickDisplay(show_events=dry_run)
    stop_at_once(display.close)
    ask = {"sources": tuple(source or ()), "since": since, "dry_run": dry_run, "now": clock}
    # under --json, stdout is the report's alone: alerts to terminal:// go to stderr
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        (report,) = run_ticks(here, [ask], display)
    if as_json:
        from detente.present import report_json  # noqa: PLC0415  # beside its use

        print_json([report_json(report)])
    else:
        display.summary(report)


def serve(desk: DeskOption = None) -> None:
    """Keep the schedules until stopped: watch every 10 minutes, deliver every minute (settings.yaml has both).

    Starts a Prefect server of its own on loopback, unless PREFECT_API_URL names a running one.

    [bold]Example:[/bold] detente serve --desk mydesk
    """
    here = find_desk(desk)

    from flows.stages import read_desk  # noqa: PLC0415  # heavy

    setup = read_desk(here)
    schedule = setup.settings.schedule
    for item in setup.left_out():
        typer.echo(f"{item.what}: {item.why}", err=True)

    from flows.server import server  # noqa: PLC0415  # heavy

    with server(here, services=True) as address:
        from flows.schedule import keep  # noqa: PLC0415  # imports prefect, which reads the environment as it is now

        typer.echo(f"watching every {schedule.watch_minutes} min, delivering every {schedule.deliver_seconds} s")
        typer.echo(f"Prefect: {address.removesuffix('/api')}   stop with Ctrl-C")
        keep(schedule)
    typer.echo("stopped")
