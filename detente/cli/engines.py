"""The three engines over JSON Lines on standard input: extract, code, stories."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import typer

from detente.cli.options import DeskOption
from detente.desk import desk_or_seeds


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    panel = "Engines: JSON Lines in and out"
    app.command("extract", rich_help_panel=panel)(extract)
    app.command("code", rich_help_panel=panel)(code)
    app.command("stories", rich_help_panel=panel)(stories)


def extract(desk: DeskOption = None) -> None:
    """Clean pages: {"id", "url", "html_path"} a line on stdin; answers come in any order.

    [bold]Example:[/bold] echo '{"id": 1, "url": "https://news.example/a", "html_path": "a.html"}' | detente extract
    """
    from extractors.lines import extract_lines  # noqa: PLC0415  # heavy

    _print(extract_lines(sys.stdin, desk_or_seeds(desk).settings))


def code(desk: DeskOption = None) -> None:
    """Code texts to events: {"id", "text", "date"?, "language"?} a line on stdin, a sentence or an article each.

    [bold]Example:[/bold] echo '{"id": 1, "text": "Kyiv asked Ankara to mediate."}' | detente code
    """
    from detection.coder import Coders  # noqa: PLC0415  # heavy
    from detection.lines import code_lines  # noqa: PLC0415  # heavy

    _print(code_lines(sys.stdin, Coders(desk_or_seeds(desk))))


def stories(desk: DeskOption = None) -> None:
    """Group articles by happening: {"id", "published_at", "publisher", "title", "text"} a line, in time order.

    [bold]Example:[/bold] detente stories < articles.jsonl
    """
    from detection.coder import load_coder  # noqa: PLC0415  # heavy
    from detection.lines import story_lines  # noqa: PLC0415  # heavy

    here = desk_or_seeds(desk)
    _print(story_lines(sys.stdin, here.settings.detection, load_coder(here)))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
