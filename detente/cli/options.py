"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DeskOption = Annotated[
    Path | None,
    typer.Option("--desk", "-d", metavar="DIR", help="The desk. Default: $DETENTE_DESK, else the present folder."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
