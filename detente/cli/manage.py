"""The commands that keep the messages of a desk in order: alerts."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import DeskOption, JsonOption
from detente.cli.output import console, print_json, print_table
from detente.clock import utc_now
from detente.desk import find_desk
from detente.errors import UsageError
from detente.present import count


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    panel = "Keep in order"
    alerts_app = typer.Typer(help="List what was sent, send it again, or send a test message.", no_args_is_help=True)
    alerts_app.command("list")(alerts_list)
    alerts_app.command("retry")(alerts_retry)
    alerts_app.command("test")(alerts_test)
    app.add_typer(alerts_app, name="alerts", rich_help_panel=panel)


def alerts_list(
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """List the messages: which event, to which target, sent, waiting or dead, and why.

    [bold]Example:[/bold] detente alerts list
    """
    from storage import outbox  # noqa: PLC0415  # heavy
    from storage.database import Database  # noqa: PLC0415  # heavy

    here = find_desk(desk)
    with Database(here.database, here.settings.storage.wait).session() as con:
        found = outbox.list_deliveries(con)
    rows = [
        {
            "id": item.id,
            "event": item.event,
            "route": item.route,
            "target": item.target,
            "state": item.state.value,
            "attempts": item.attempts,
            "due_at": item.due_at.isoformat() if item.ended_at is None else None,
            "digest": item.digest,
            "subject": item.message.subject,
            "error": item.last_error,
        }
        for item in found
    ]
    if as_json:
        print_json(rows)
    elif not rows:
        console().print("no messages yet")
    else:
        columns = ("id", "event", "target", "state", "attempts", "subject", "error")
        for row in rows:
            row["event"] = row["event"] or "digest"
            if row["state"] == "grouped":
                row["state"] = f"grouped: {row['digest'] or row['due_at']}"
        print_table(count(len(rows), "message"), columns, ([str(row[column]) for column in columns] for row in rows))


def alerts_retry(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Messages; none means all dead ones.")
    ] = None,
    desk: DeskOption = None,
) -> None:
    """Send dead messages again: they are due at once, and go out with the next tick or delivery run.

    [bold]Example:[/bold] detente alerts retry
    """
    from storage import outbox  # noqa: PLC0415  # heavy
    from storage.database import Database  # noqa: PLC0415  # heavy

    here = find_desk(desk)
    with Database(here.database, here.settings.storage.wait).session() as con:
        again = outbox.retry(con, ids or None, utc_now())
    typer.echo(f"{count(again, 'message is', 'messages are')} due again")


def alerts_test(
    target: Annotated[str | None, typer.Argument(metavar="[TARGET]", help="A target's id; none means all.")] = None,
    desk: DeskOption = None,
) -> None:
    """Send a test message to the targets of routes.yaml, and say what each answered.

    [bold]Example:[/bold] detente alerts test phone
    """
    from alerts.routes import load_routes  # noqa: PLC0415  # heavy
    from alerts.trial import send_trial  # noqa: PLC0415  # heavy
    from detente.models import SendOutcome  # noqa: PLC0415  # with the others

    here = find_desk(desk)
    targets = {item.id: item for route in load_routes(here.routes) for item in route.targets}
    if target is not None and target not in targets:
        raise UsageError(f"routes.yaml has no target {target!r}; it has {', '.join(targets)}")
    failed = False
    for name in [target] if target else targets:
        result = send_trial(targets[name], utc_now(), here.settings.delivery.deadline)
        failed |= result.outcome is not SendOutcome.SENT
        typer.echo(f"{name}: {result.outcome.value}" + (f" ({result.detail})" if result.detail else ""))
    if failed:
        raise typer.Exit(1)
