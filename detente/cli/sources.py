"""The commands about sources: how they do, trying them, adding a site, and OPML in and out."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.options import DeskOption, JsonOption
from detente.cli.output import print_json, print_table, say
from detente.clock import utc_now
from detente.desk import find_desk
from detente.errors import UsageError
from detente.jsonlines import write
from detente.present import count, jsonable, plain

if TYPE_CHECKING:
    from extractors.discover import Candidate, Site
    from extractors.probe import Trial
    from extractors.sourcefile import NewPublisher

_DAY = timedelta(days=1)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(invoke_without_command=True)
    group.callback()(sources)
    group.command("add")(sources_add)
    group.command("test")(sources_test)
    group.command("import")(sources_import)
    group.command("export")(sources_export)
    app.add_typer(group, name="sources", rich_help_panel="Keep in order")


def sources(
    ctx: typer.Context,
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """List the sources with how they do: last success, failures in a row, next due, articles a day.

    Articles a day are those of the last 7 days, beside what is usual over the last 28. Pages read are those of the
    last 7 days, with the commonest reason why one was not, or why its feed's own words stand in. With --json each
    source also tells its kind, family, language and number of articles.

    [bold]Example:[/bold] detente sources
    """
    if ctx.invoked_subcommand is not None:
        if as_json or desk is not None:
            raise UsageError(f"write --json and --desk after '{ctx.invoked_subcommand}'")
        return
    now = utc_now()
    rows = _health_rows(desk, now)
    if as_json:
        print_json(rows)
        return
    cells = (
        [
            row["id"],
            f"{row['a_day']:.1f} / {row['usual']:.1f}",
            str(row["failures"]),
            _since(row["last_success"], now) or "never",
            _until(row["next_due"], now),
            "; ".join(filter(None, (_last(row), _pages(row)))),
        ]
        for row in rows
    )
    columns = ("id", "a day / usual", "failures", "success", "due", "last answer; pages read")
    print_table(count(len(rows), "source"), columns, cells)


def _last(row: dict[str, Any]) -> str:
    return " ".join(filter(None, (row["last_outcome"] or "never asked", plain(row["detail"]))))


def _pages(row: dict[str, Any]) -> str:
    if not row["pages"]:
        return ""
    reason = f", {plain(row['page_reason'])}" if row["page_reason"] else ""
    return f"{row['pages'] - row['unread']} of {row['pages']}{reason}"


def _health_rows(desk: Path | None, now: datetime) -> list[dict[str, Any]]:
    from extractors.sources import load_sources  # noqa: PLC0415  # heavy
    from storage import sources as stored  # noqa: PLC0415  # heavy
    from storage.database import Database  # noqa: PLC0415  # heavy

    here = find_desk(desk)
    listed = load_sources(here.sources)
    with Database(here.database, here.settings.storage.wait).session() as con:
        health = stored.health(con, listed, now)
    rows = []
    for source in listed:
        known = health[source.id]
        state, last, pages = known.state, known.last, known.pages
        rows.append(
            {
                "id": source.id,
                "kind": source.kind.value,
                "family": source.family,
                "language": source.language,
                "country": source.country,
                "url": source.url,
                "articles": known.articles,
                "a_day": round(known.a_day, 2),
                "usual": round(known.usual, 2),
                "failures": state.failures,
                "last_success": state.last_success.isoformat() if state.last_success else None,
                "next_due": state.due_at.isoformat() if state.due_at else None,
                "last_outcome": last.outcome.value if last else None,
                "detail": last.detail if last else "",
                "pages": pages.asked,
                "unread": pages.unread,
                "page_reason": pages.reason,
            }
        )
    return rows


def sources_add(  # noqa: PLR0913, PLR0917  # each is an option of the command
    url: Annotated[str, typer.Argument(metavar="URL", help="The site's address.")],
    family: Annotated[str | None, typer.Option(metavar="F", help="What counts as one voice. Default: its own.")] = None,
    name: Annotated[
        str | None, typer.Option(metavar="N", help="The publisher's name. Default: the site's own.")
    ] = None,
    language: Annotated[str | None, typer.Option(metavar="xx", help="ISO 639-1. Default: what the lists say.")] = None,
    country: Annotated[str | None, typer.Option(metavar="CODE", help="ISO 3166-1 alpha-3, such as KEN.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Add without asking.")] = False,  # noqa: FBT002  # typer's form
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Find the feeds and news sitemaps of a site, and add it to the end of sources.yaml.

    With --json it asks nothing, and adds only with --yes.

    [bold]Example:[/bold] detente sources add https://www.example.org --country NOR
    """
    from flows.sources import Wish, add_publishers, find_site  # noqa: PLC0415  # heavy

    here, now = find_desk(desk), utc_now()
    site, publisher = find_site(here, url, Wish(family, name, language, country), now)
    if not as_json:
        _print_site(site, publisher, now)
    add = yes or (not as_json and _confirmed(f"Add it to {here.sources}?"))
    if add:
        add_publishers(here, [publisher])
    if as_json:
        ids = {item.url: item.id for item in publisher.sources}
        print_json(_candidate_json(item, ids.get(item.url), publisher.id, added=add) for item in site.candidates)
    elif add:
        first = publisher.sources[0].id
        typer.echo(f"added {publisher.id} with {count(len(publisher.sources), 'source')}")
        typer.echo(f"next:  detente sources test {first}")
    else:
        typer.echo("nothing was added")


def _confirmed(question: str) -> bool:
    try:
        return typer.confirm(question)
    except typer.Abort:  # nobody is there to answer
        raise UsageError("nothing was added, for nobody said yes; answer y, or give --yes") from None


def _print_site(site: Site, publisher: NewPublisher, now: datetime) -> None:
    about = [f"language {publisher.language}", f"family {publisher.family or publisher.id}"]
    about += [f"country {publisher.country}"] if publisher.country else []
    say(f"{plain(publisher.name)} ({publisher.id}): {', '.join(about)}")
    cells = (
        [
            "no" if item.why_not else "yes",
            item.kind.value,
            plain(item.url),
            str(item.items),
            _age(item.newest, now) or "undated",
            item.language or "unknown",
            plain(item.why_not),
        ]
        for item in site.candidates
    )
    columns = ("take", "kind", "url", "items", "newest", "language", "why not")
    print_table(count(len(site.candidates), "list"), columns, cells)


def _candidate_json(item: Candidate, name: str | None, publisher: str, *, added: bool) -> dict[str, Any]:
    return {
        "publisher": publisher,
        "id": name,
        "kind": item.kind.value,
        "url": item.url,
        "items": item.items,
        "newest": item.newest.isoformat() if item.newest else None,
        "language": item.language,
        "take": not item.why_not,
        "why_not": item.why_not,
        "added": added and name is not None,
    }


def _age(moment: datetime | None, now: datetime) -> str:
    """Return an age in its largest unit, `5 min`, `3 h`, `12 d`; empty where there is no time, or it is to come."""
    if moment is None:
        return ""
    span = now - moment
    if span < timedelta(0):
        return "ahead"
    if span >= 2 * _DAY:
        return f"{span.days} d"
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return f"{hours} h" if hours else f"{minutes} min"


def _since(text: str | None, now: datetime) -> str:
    return f"{_age(datetime.fromisoformat(text), now)} ago" if text else ""


def _until(text: str | None, now: datetime) -> str:
    due = datetime.fromisoformat(text) if text else now
    return "now" if due <= now else f"in {_age(now, due)}"


def sources_test(
    source: Annotated[str | None, typer.Argument(metavar="[ID]", help="A source's id; none means all.")] = None,
    pages: Annotated[int, typer.Option(min=0, max=10, metavar="N", help="Pages to read of each source.")] = 3,
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Ask sources and read a few of their pages, and say what came; stores nothing.

    Ends with 1 where a source could not be had.

    [bold]Example:[/bold] detente sources test bbc-world
    """
    from flows.sources import try_out  # noqa: PLC0415  # heavy

    now = utc_now()
    trials = try_out(find_desk(desk), source, pages, now)
    if as_json:
        print_json(_trial_json(trial) for trial in trials)
    elif source is not None:
        for trial in trials:
            _print_trial(trial, now)
    else:
        columns = ("id", "answer", "items", "newest", "oldest", "languages", "robots.txt", "pages")
        print_table(count(len(trials), "source"), columns, (_trial_row(trial, now) for trial in trials))
    if not all(trial.ok for trial in trials):
        raise typer.Exit(1)


def _answer(trial: Trial) -> str:
    status = f"HTTP {trial.status}" if trial.status else ""
    words = " ".join(filter(None, (trial.outcome.value, status if trial.detail != status else "", plain(trial.detail))))
    return words or "ok"


def _trial_row(trial: Trial, now: datetime) -> list[str]:
    read = sum(page.characters > 0 for page in trial.pages)
    return [
        trial.source,
        _answer(trial),
        str(trial.items),
        _age(trial.newest, now) or "undated",
        _age(trial.oldest, now) or "undated",
        " ".join(trial.languages),
        trial.robots,
        f"{read} of {len(trial.pages)} read",
    ]


def _print_trial(trial: Trial, now: datetime) -> None:
    say(f"{trial.source}  {plain(trial.url)}")
    say(f"answer: {_answer(trial)}, {trial.seconds:.1f} s", indent=2)
    ages = f"newest {_age(trial.newest, now)}, oldest {_age(trial.oldest, now)}" if trial.newest else "undated"
    say(f"items: {trial.items}, {ages}; languages: {' '.join(trial.languages) or 'unknown'}", indent=2)
    say(f"robots.txt: {plain(trial.robots)}", indent=2)
    for page in trial.pages:
        say(f"{plain(page.title or 'no title')}", indent=2)
        say(plain(page.url), indent=4)
        length = (
            f"{page.characters:,} characters, {page.language}, by {page.extractor}" if page.extractor else "no article"
        )
        say(f"{length}{f' ({plain(page.problem)})' if page.problem else ''}", indent=4)


def _trial_json(trial: Trial) -> dict[str, Any]:
    found = jsonable(trial)
    return {"id": found.pop("source"), "ok": trial.ok, **found}


def sources_import(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list that a feed reader exported.")],
    language: Annotated[str, typer.Option(metavar="xx", help="Of feeds for which the file names none.")] = "en",
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Add the feeds of an OPML file to sources.yaml, a publisher for each site; what is listed already stays.

    [bold]Example:[/bold] detente sources import feeds.opml
    """
    from flows.sources import add_publishers, plan_import  # noqa: PLC0415  # heavy

    here = find_desk(desk)
    plan = plan_import(here, file, language)
    if plan.publishers:
        add_publishers(here, plan.publishers)
    added = [source for publisher in plan.publishers for source in publisher.loaded()]
    if as_json:
        print_json({"id": item.id, "publisher": item.publisher, "url": item.url, "added": True} for item in added)
        print_json({"id": None, "publisher": None, "url": url, "added": False} for url in plan.known)
        return
    known = f"; {count(len(plan.known), 'source')} listed already" if plan.known else ""
    typer.echo(f"added {count(len(plan.publishers), 'publisher')} with {count(len(added), 'source')}{known}")


def sources_export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write. Default: standard output.")
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Write the sources as OPML 2.0, which feed readers take; news agencies of sources.yaml are left out.

    With --json the sources come as JSON instead.

    [bold]Example:[/bold] detente sources export --output feeds.opml
    """
    from extractors.sources import load_sources  # noqa: PLC0415  # heavy
    from flows.sources import export_opml  # noqa: PLC0415  # heavy

    here = find_desk(desk)
    content = export_opml(here)
    if as_json:
        content = "".join(write(jsonable(source)) + "\n" for source in load_sources(here.sources)).encode()
    if output is None:
        typer.echo(content.decode(), nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror or error}; name a file that you can write") from None
    typer.echo(f"wrote {output}")
