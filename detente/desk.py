"""A desk: one user's folder with sources, actors, rules, routes, settings and the database."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import UsageError

if TYPE_CHECKING:
    from detente.settings import Settings

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
"""What a new desk starts with; also what the engines use where there is no desk."""

DESK_VARIABLE = "DETENTE_DESK"
_COPIED = ("settings.yaml", "sources.yaml", "routes.yaml", "templates", "schemas")
_OWN = "own"
"""What of the seeds a new desk gets, besides the content of this folder: empty files for what the desk adds."""


@dataclass(frozen=True)
class Desk:
    """The paths of one desk; `root` is absolute. Nothing is read before it is asked for."""

    root: Path

    @cached_property
    def settings(self) -> Settings:
        """The settings, read once.

        Raises:
            ConfigError: settings.yaml is wrong.
        """
        from detente.settings import load_settings  # noqa: PLC0415  # pydantic takes 80 ms, and --help needs no settings

        return load_settings(self.root / "settings.yaml")

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.root / "detente.duckdb"

    @property
    def sources(self) -> Path:
        """What is asked for news."""
        return self.root / "sources.yaml"

    @property
    def routes(self) -> Path:
        """Who is told what."""
        return self.root / "routes.yaml"

    @property
    def actors(self) -> Path:
        """The folder of the desk's own actor files, which lie over the shipped ones."""
        return self.root / "actors"

    @property
    def rules(self) -> Path:
        """The folder of the desk's own rule files, which lie over the shipped ones."""
        return self.root / "rules"

    @property
    def watches(self) -> Path:
        """Keyword watches."""
        return self.root / "watches.yaml"

    @property
    def watchlist(self) -> Path:
        """What matters more, or less, to this desk."""
        return self.root / "watchlist.yaml"

    @property
    def templates(self) -> Path:
        """The folder of message templates."""
        return self.root / "templates"

    @property
    def tick_lock(self) -> Path:
        """Held while a tick runs."""
        return self.root / "tick.lock"

    @property
    def deliver_lock(self) -> Path:
        """Held while messages are sent."""
        return self.root / "deliver.lock"


def seeds() -> Desk:
    """Return the shipped data as a desk to read from: for the engines, which store nothing."""
    return Desk(SEEDS)


def find_desk(given: Path | None) -> Desk:
    """Return the desk that `given` names, else `DETENTE_DESK`, else the present folder.

    Raises:
        UsageError: there is no desk; says how to make one.
    """
    variable = os.environ.get(DESK_VARIABLE)
    root = (given or Path(variable or ".")).expanduser().resolve()
    if not (root / "settings.yaml").is_file() or root == SEEDS:
        raise UsageError(
            f"{root} is no desk; make one with 'detente init DIR', then name it with --desk DIR or {DESK_VARIABLE}"
        )
    return Desk(root)


def desk_or_seeds(given: Path | None) -> Desk:
    """Return the desk as `find_desk` does, or the shipped data where none is named and none is here."""
    if given is None and not os.environ.get(DESK_VARIABLE) and not Path("settings.yaml").is_file():
        return seeds()
    return find_desk(given)


def create_desk(root: Path) -> Desk:
    """Copy the seeds into `root`, which must be new or empty; return the desk.

    The folder appears whole or not at all.

    Raises:
        UsageError: `root` holds something already, or cannot be written.
    """
    root = root.expanduser().resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{root} is not empty; name a new folder")
    making = root.with_name(f".{root.name}.new-{os.getpid()}")
    try:
        shutil.copytree(SEEDS / _OWN, making)
        for name in _COPIED:
            origin = SEEDS / name
            if origin.is_dir():
                shutil.copytree(origin, making / name)
            else:
                shutil.copy(origin, making / name)
        making.replace(root)
    except OSError as error:
        shutil.rmtree(making, ignore_errors=True)
        raise UsageError(f"cannot make {root}: {error.strerror or error}; name a folder that you can write") from None
    return Desk(root)
