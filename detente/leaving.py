"""Reading a desk as far as it can be read: a broken entry of a file is left out and named, and the others stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from detente import yamlfile
from detente.errors import ConfigError

_T = TypeVar("_T")

_LISTS = ("publishers", "agencies", "rules", "actors", "watches", "watchlist", "off")
_ENTRIES = frozenset({*((name,) for name in _LISTS), ("publishers", "sources")})
"""The lists whose entries can be done without."""


class Leaving:
    """Reads what lies under one folder and leaves out what is broken there.

    Args:
        root: the folder; a mistake in a file elsewhere is no desk's, and is raised.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._left: dict[yamlfile.Spot, ConfigError] = {}

    @property
    def errors(self) -> tuple[ConfigError, ...]:
        """What was left out and why, in the order of finding."""
        return tuple(self._left.values())

    def read(self, load: Callable[[], _T], *, whole: bool = True) -> _T:
        """Return what `load` returns once every broken entry is out of its way.

        Args:
            load: reads files by `detente.yamlfile`.
            whole: leave out a file in which no single entry is to blame, instead of raising its mistake.

        Raises:
            ConfigError: what cannot be left out.
        """
        while True:
            before = yamlfile.left_out.set(frozenset(self._left))
            try:
                return load()
            except ConfigError as error:
                self._left[self._spot(error, whole=whole)] = error
            finally:
                yamlfile.left_out.reset(before)

    def learn(self, other: Leaving) -> None:
        """Take over what another one, which read files in another process, left out there."""
        self._left |= other._left

    def _spot(self, error: ConfigError, *, whole: bool) -> yamlfile.Spot:
        """Return what is to blame for an error, which is raised if nothing can be left out for it."""
        spots = yamlfile.entries_at(error.file, error.line or 0, _ENTRIES)
        spots += ((error.file, None),) if whole else ()
        fresh = [spot for spot in spots if spot not in self._left]
        if not fresh or self._root not in error.file.parents:
            raise error
        return fresh[0]
