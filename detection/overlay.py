"""How a desk's own entries (rules, actors) lie over the shipped ones: added, changed by their id, or switched off."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from detente.errors import ConfigError
from detente.yamlfile import Document

SHIPPED = "@shipped"
"""In a list of a desk's file: what the shipped entry of the same id lists there."""

Shipped = Literal["@shipped"]
"""The same, for lists of more than words."""

Origin = Literal["shipped", "changed", "own"]
"""As shipped, a shipped entry that the desk changes, or the desk's own."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: `path` are the keys and positions that lead to it."""

    document: Document
    path: tuple[int | str, ...]

    def line(self, *keys: int | str) -> int | None:
        """Return the line of the entry, or of what `keys` lead to within it."""
        return self.document.line((*self.path, *keys))

    def wrong(self, key: str, problem: str, mend: str) -> ConfigError:
        """Return an error at one key of the entry."""
        return ConfigError(self.document.file, self.line(key), problem, mend)


def laid_over(shipped: Model, own: Model) -> Model:
    """Return `shipped` with the fields that `own` gives; `@shipped` in a list is what the shipped one holds there."""
    changes = {}
    for name in own.model_fields_set:
        mine, theirs = getattr(own, name), getattr(shipped, name)
        both = isinstance(mine, BaseModel) and isinstance(theirs, BaseModel)
        changes[name] = laid_over(theirs, mine) if both else spliced(mine, theirs)
    return shipped.model_copy(update=changes)


def refuse_shipped(entry: BaseModel, what: str, place: Place) -> None:
    """Refuse `@shipped` in an entry that lies over none.

    Raises:
        ConfigError: names the list's line.
    """
    for name, info in type(entry).model_fields.items():
        value = getattr(entry, name)
        if isinstance(value, BaseModel):
            refuse_shipped(value, what, place)
        elif isinstance(value, tuple) and SHIPPED in value:
            mend = f"write its items out, or give the {what} a shipped id"
            raise place.wrong(
                info.alias or name, f"{SHIPPED!r} means nothing here: no {what} of this id is shipped", mend
            )


def spliced(own: Any, shipped: Any) -> Any:
    """Return a desk's value; in a list, the shipped list stands where it says `@shipped`."""
    if not isinstance(own, tuple) or SHIPPED not in own:
        return own
    return tuple(item for listed in own for item in (shipped if listed == SHIPPED else (listed,)))


def switched_off(
    what: str, files: Iterable[tuple[tuple[str, ...], Document]], shipped: Collection[str], mine: Mapping[str, object]
) -> frozenset[str]:
    """Return the ids that a desk's files list under `off`.

    Args:
        what: `rule` or `actor`.
        files: for each file its `off`, and the file.
        shipped: the ids that there are to switch off.
        mine: the ids that the desk's files themselves describe.

    Raises:
        ConfigError: an id is not shipped, or the desk changes it as well.
    """
    off: set[str] = set()
    for listed, document in files:
        for number, name in enumerate(listed):
            line = document.line(("off", number))
            if name in mine:
                raise ConfigError(
                    document.file, line, f"the {what} {name!r} is described and switched off", "do one of the two"
                )
            if name not in shipped:
                raise ConfigError(
                    document.file, line, f"there is no shipped {what} {name!r} to switch off", nearest(name, shipped)
                )
            off.add(name)
    return frozenset(off)


def nearest(name: str, known: Collection[str]) -> str:
    """Return how to mend a name that is not known."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else "correct or remove it"
