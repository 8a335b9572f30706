"""The command line: `detente --help`. Each command imports what it needs when it runs, so that help is quick."""

from __future__ import annotations

import os
import sys

import typer

from detente import __version__
from detente.cli import engines, look, manage, mute, rules, sources, work
from detente.errors import DetenteError

app = typer.Typer(
    name="detente",
    help="Watch the news and be told, once and with its evidence, when someone mediates or escalates.",
    epilog="Start with 'detente demo', then 'detente init DIR'. Exit codes: 0 done, 1 failed, 2 wrong usage.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:  # noqa: FBT001  # the form that typer calls
    if asked:
        typer.echo(f"detente {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),  # noqa: FBT001, FBT003  # typer's form
) -> None:
    pass


for room in (work, look, sources, rules, manage, mute, engines):
    room.register(app)


def main() -> None:
    """Run the command line; end with 0, 1 (failed) or 2 (wrong usage)."""
    code = 0
    try:
        app()
    except DetenteError as error:
        typer.echo(error.told(), err=True)
        code = error.exit_code
    except KeyboardInterrupt:
        typer.echo("detente: stopped", err=True)
        code = 130
    except BrokenPipeError:  # the reader of our output, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)  # here, where no error is left that would keep its frames until the interpreter is gone
