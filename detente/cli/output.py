"""How results reach the terminal: tables and colours for people, JSON Lines for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from detente.jsonlines import write

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def print_json(items: Iterable[dict[str, Any]]) -> None:
    """Print one object a line."""
    for item in items:
        sys.stdout.write(write(item) + "\n")


def console(*, stderr: bool = False) -> Console:
    """Return a console that writes to the present stdout, or stderr; colours only where it is a terminal."""
    from rich.console import Console  # noqa: PLC0415  # takes 50 ms: only who prints pays

    return Console(stderr=stderr, highlight=False, soft_wrap=not sys.stdout.isatty())


def say(text: str | Text, style: str = "", *, indent: int = 0) -> None:
    """Print a paragraph; on a terminal, the lines it is broken into are all indented."""
    from rich.padding import Padding  # noqa: PLC0415  # as above
    from rich.text import Text  # noqa: PLC0415

    out = console()
    body = Text(text, style) if isinstance(text, str) else text
    if indent and out.is_terminal:
        out.print(Padding(body, (0, 0, 0, indent), expand=False))
    else:
        out.print(Text(" " * indent) + body)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; its cells are text, not markup."""
    from rich.table import Table  # noqa: PLC0415  # as above
    from rich.text import Text  # noqa: PLC0415

    table = Table(
        title=title, title_justify="left", box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0)
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)
