"""The commands about rules and watches: list them with what they did, run their examples, try a sentence."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.options import DeskOption, JsonOption
from detente.cli.output import print_json, print_table
from detente.clock import parse_time, utc_now
from detente.desk import SEEDS, Desk, desk_or_seeds
from detente.errors import UsageError
from detente.present import count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.rules import Fired

_COLUMNS = ("id", "class", "cameo", "severity", "strength", "examples", "from")
_COUNTED = ("id", "severity", "strength", "from", "mentions", "events", "last")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    help_ = "List the rules, run the examples that they carry, or see what they make of a sentence."
    rules_app = typer.Typer(help=help_, no_args_is_help=True)
    rules_app.command("list")(rules_list)
    rules_app.command("check")(rules_check)
    rules_app.command("test")(rules_test)
    app.add_typer(rules_app, name="rules", rich_help_panel="Keep in order")


def rules_list(
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Count only articles published since: 7d, 2025-05-05.")
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """List rules and watches, and how often each fired in the desk's articles.

    A rule counts where it is an article's best evidence of an act, whatever its status; events are those it proves.

    [bold]Examples:[/bold] detente rules list   |   detente rules list --since 30d --json
    """
    from detection.coder import languages, load_coder  # noqa: PLC0415  # heavy
    from detection.watches import load_watches  # noqa: PLC0415  # heavy

    here = desk_or_seeds(desk)
    rules = [rule for language in languages() for rule in load_coder(here, language).rules.rules]
    watches = load_watches(here.watches).watches
    done = _fired(here, parse_time(since, utc_now()) if since else None)
    rows: list[dict[str, Any]] = [
        {
            "id": rule.id,
            "class": rule.cls,
            "cameo": rule.cameo,
            "severity": rule.severity.value,
            "strength": rule.strength,
            "examples": len(rule.hit) + len(rule.miss),
            "from": rule.origin,
            **_did(done, rule.id),
            "file": str(rule.file),
            "line": rule.line,
        }
        for rule in rules
    ]
    rows += [
        {
            "id": watch.cls,
            "class": watch.cls,
            "cameo": "",
            "severity": watch.severity.value,
            "strength": None,
            "examples": len(watch.hit) + len(watch.miss),
            "from": "own",
            **_did(done, watch.cls),
            "file": str(watch.file),
            "line": watch.line,
        }
        for watch in watches
    ]
    if as_json:
        print_json(rows)
        return
    columns = _COLUMNS if done is None else _COUNTED
    title = count(len(rules), "rule") + (f", {count(len(watches), 'watch', 'watches')}" if watches else "")
    shown = ({**row, "last": (row.get("last") or "")[:10]} for row in rows)
    print_table(title, columns, (["" if row[c] is None else str(row[c]) for c in columns] for row in shown))


def rules_check(
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Load rules, actors, watches and watchlist, and run every example that a rule or a watch carries.

    Every broken entry is named. A tick leaves out what is broken, and says so in its report.

    [bold]Example:[/bold] detente rules check
    """
    from detection.coder import ENGLISH, class_names, languages, load_coder  # noqa: PLC0415  # heavy
    from detection.examples import check_examples, unproved  # noqa: PLC0415  # heavy
    from detection.watches import load_watches  # noqa: PLC0415  # heavy
    from detection.watchlist import load_watchlist  # noqa: PLC0415  # heavy
    from detente.leaving import Leaving  # noqa: PLC0415  # heavy

    here = desk_or_seeds(desk)
    leaving = Leaving(here.root)
    coder, watches = leaving.read(lambda: load_coder(here)), leaving.read(lambda: load_watches(here.watches))
    classes = (*class_names(), *watches.classes())
    leaving.read(lambda: load_watchlist(here.watchlist, coder.actors.by_id, classes))
    others = (language for language in languages() if language != ENGLISH)
    coders = [coder, *(leaving.read(partial(load_coder, here, language)) for language in others)]
    if leaving.errors:
        *first, last = leaving.errors
        for error in first:
            typer.echo(error.told(), err=True)
        raise last
    checked = [check_examples(each, watches if each is coder else None) for each in coders]
    examples, problems = sum(number for number, _ in checked), [item for _, found in checked for item in found]
    if as_json:
        print_json(
            {"rule": item.rule, "file": str(item.file), "line": item.line, "text": item.text, "what": item.what}
            for item in problems
        )
    else:
        idle = [item for each in coders for item in unproved(each, shipped=here.root == SEEDS)]
        for problem in (*problems, *idle):
            typer.echo(str(problem))
        if note := _old_schemas(here):
            typer.echo(note)
        rules, watched = [rule for each in coders for rule in each.rules.rules], watches.watches
        own = sum(rule.origin != "shipped" for rule in rules)
        told = [count(len(rules), "rule") + (f" ({own} of the desk)" if own else "")]
        told += [count(len(watched), "watch", "watches")] if watched else []
        told += [count(len(coder.actors.by_id), "actor"), count(examples, "example"), f"{len(problems)} wrong"]
        typer.echo(", ".join(told))
    if problems:
        raise typer.Exit(1)


def rules_test(
    text: Annotated[str, typer.Argument(metavar="TEXT_OR_FILE", help="A sentence in quotation marks, or a text file.")],
    rule: Annotated[str | None, typer.Option(metavar="ID", help="Only this rule, with all that it wants.")] = None,
    query: Annotated[str | None, typer.Option(metavar="QUERY", help="A watch's query instead of the rules.")] = None,
    date: Annotated[str | None, typer.Option(metavar="TIME", help="As of this day: 2025-05-05.")] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="The language of the text; English if not said.")
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002  # typer's form
    desk: DeskOption = None,
) -> None:
    """Show word by word what rules make of a sentence: what fires, and what nearly does and what it lacks.

    [bold]Examples:[/bold] detente rules test "Oman has offered to host talks between Iran and Iraq."
    | detente rules test --rule mediation.offered "Oman might."
    | detente rules test --query 'grain NEAR/5 corridor' article.txt
    """
    from detente.cli import ruleviews  # noqa: PLC0415  # heavy

    said = _text(text)
    if query is not None:
        ruleviews.try_query(query, said, as_json=as_json)
        return
    moment = parse_time(date, utc_now()) if date else None
    coder = ruleviews.coder_of(desk_or_seeds(desk), language, rule)
    ruleviews.try_rules(coder, said, moment, rule, as_json=as_json)


def _old_schemas(desk: Desk) -> str | None:
    """Return what to do about schemas that an editor reads and that are not those of this Détente, or None."""
    shipped, own = SEEDS / "schemas", desk.root / "schemas"
    if all(
        not (own / file.name).exists() or (own / file.name).read_bytes() == file.read_bytes()
        for file in shipped.iterdir()
    ):
        return None
    return f"{own}: note: these are the schemas of another Détente; copy those of {shipped} over them"


def _fired(desk: Desk, since: datetime | None) -> Mapping[str, Fired] | None:
    """What the rules did on a desk; None where it has no history yet."""
    if desk.root == SEEDS or not desk.database.exists():
        return None
    from storage import rules as stored  # noqa: PLC0415  # heavy
    from storage.database import Database  # noqa: PLC0415  # heavy

    with Database(desk.database, desk.settings.storage.wait).session() as con:
        return stored.fired(con, since)


def _did(done: Mapping[str, Fired] | None, rule: str) -> dict[str, Any]:
    if done is None:
        return {}
    did = done.get(rule)
    return {
        "mentions": did.mentions if did else 0,
        "raising": did.raising if did else 0,
        "events": did.events if did else 0,
        "last": did.last.isoformat() if did else None,
    }


def _text(text: str) -> str:
    """Return the text itself, or what the file of this name holds."""
    if len(text) > 200 or "\n" in text or not Path(text).is_file():  # longer than a path of this system may be
        return text
    try:
        return Path(text).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{text} cannot be read as text ({error}); give a text file, or a sentence") from None
