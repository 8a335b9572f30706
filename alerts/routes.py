"""Which events reach whom: `routes.yaml`, read and checked."""

from __future__ import annotations

import difflib
import os
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from alerts import channels
from alerts.digest import Grouping, rhythm
from detente import yamlfile
from detente.errors import ConfigError, UsageError
from detente.models import RAISING, Severity, Status
from detente.settings import Development

Family = Literal["mediation", "talks", "deescalation", "escalation", "watch"]
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Target:
    """One recipient at one address. `url` may hold credentials, or `${NAME}` for a part of it: never shown."""

    id: str
    url: str = field(repr=False)


IN_PASSING: tuple[Family, ...] = ("mediation", "watch")
"""Families that are told however little is said of them: an offer to mediate often stands in a late paragraph."""


@dataclass(frozen=True, slots=True)
class Route:
    """Which events (all conditions hold) go to which targets. An empty set or tuple means any.

    `updates` are the developments that it is told of later; None means those of the settings. `digest` says what waits
    for one message that tells of several events; None means that nothing does.

    `in_passing` are the families of events that it is told of even where one source alone mentions them in passing.
    `classes` are patterns such as `escalation.*`; `actors` are ids, of which one in any role is enough.
    """

    id: str
    targets: tuple[Target, ...]
    families: frozenset[str] = frozenset()
    classes: tuple[str, ...] = ()
    actors: frozenset[str] = frozenset()
    min_severity: Severity = Severity.LOW
    statuses: frozenset[Status] = RAISING
    in_passing: frozenset[str] = frozenset(IN_PASSING)
    updates: tuple[Development, ...] | None = None
    digest: Grouping | None = None


def _check_class(pattern: str) -> str:
    family, dot, _ = pattern.partition(".")
    known = get_args(Family)
    if family not in known and not set(family) & set("*?["):
        near = difflib.get_close_matches(family, known, n=1)
        hint = f"perhaps {near[0]!r} is meant" if near else f"there are {', '.join(known)}"
        raise ValueError(f"{pattern!r} names no family of events, {hint}")
    if not dot and family in known:
        raise ValueError(f"{pattern!r} is a family, all its classes are '{family}.*'")
    return pattern


def _check_rhythm(text: str) -> str:
    rhythm(text)
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class _When(_Strict):
    families: list[Family] | None = Field(None, min_length=1)
    classes: list[Annotated[str, AfterValidator(_check_class)]] | None = Field(None, min_length=1)
    actors: list[str] | None = Field(None, min_length=1)
    min_severity: Severity = Severity.LOW
    statuses: list[Status] | None = Field(None, min_length=1)
    in_passing: list[Family] = [*IN_PASSING]  # pydantic copies it


class _Target(_Strict):
    id: _Slug
    url: str = Field(min_length=1)


class _Route(_Strict):
    id: _Slug
    when: _When = _When()
    updates: list[Development] | None = None
    digest: Annotated[str, AfterValidator(_check_rhythm)] | None = None
    at_once: Severity | None = None
    targets: list[_Target] = Field(min_length=1)

    @model_validator(mode="after")
    def _at_once_beside_digest(self) -> _Route:
        if self.at_once and not self.digest:
            raise ValueError("'at_once' means something only beside 'digest'")
        return self


class _File(_Strict):
    routes: list[_Route]


def load_routes(file: Path, classes: Collection[str] = (), actors: Collection[str] = ()) -> tuple[Route, ...]:
    """Read a routes file. Environment variables in it are left alone until a message is sent.

    Args:
        file: the file.
        classes: the classes of events that there are; none means that patterns are not compared with them.
        actors: the ids of the actors that there are; likewise.

    Raises:
        ConfigError: it cannot be used; names the line, and never a target's address.
    """
    try:
        document = yamlfile.load(file)
        read = yamlfile.validate(_File, document)
    except ConfigError as error:
        if "://" not in error.problem:
            raise
        problem, mend = "an address stands where none belongs", 'write it like url: "ADDRESS", with a space after url:'
        raise ConfigError(file, error.line, problem, mend) from None
    _refuse_twins([route.id for route in read.routes], document, ("routes",))
    for number, route in enumerate(read.routes):
        place: tuple[int | str, ...] = ("routes", number, "targets")
        _refuse_twins([target.id for target in route.targets], document, place)
        _refuse_unknown(route.when, classes, actors, document, number)
        for position, target in enumerate(route.targets):
            _check_address(target, document, (*place, position, "url"))
    return tuple(_freeze(route) for route in read.routes)


def resolve(target: Target) -> str:
    """Return the target's address with every `${NAME}` replaced by that environment variable.

    Raises:
        UsageError: a variable is not set.
    """

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if not found:
            raise UsageError(f"environment variable {match[1]} is not set; set it where Détente runs")
        return found

    return _VARIABLE.sub(value, target.url)


def _freeze(read: _Route) -> Route:
    when = read.when
    return Route(
        read.id,
        tuple(Target(target.id, target.url) for target in read.targets),
        frozenset(when.families or ()),
        tuple(when.classes or ()),
        frozenset(when.actors or ()),
        when.min_severity,
        frozenset(when.statuses) if when.statuses else RAISING,
        frozenset(when.in_passing),
        None if read.updates is None else tuple(read.updates),
        Grouping(rhythm(read.digest), read.at_once) if read.digest else None,
    )


def _refuse_twins(ids: list[str], document: yamlfile.Document, place: tuple[int | str, ...]) -> None:
    name, times = Counter(ids).most_common(1)[0] if ids else ("", 0)
    if times > 1:
        second = ids.index(name, ids.index(name) + 1)
        raise ConfigError(
            document.file,
            document.line((*place, second, "id")),
            f"the id {name!r} stands twice",
            "rename one",
        )


def _refuse_unknown(
    when: _When, classes: Collection[str], actors: Collection[str], document: yamlfile.Document, number: int
) -> None:
    """Refuse a route that waits for what never comes."""
    for key, wanted, known in (("classes", when.classes, classes), ("actors", when.actors, actors)):
        for position, name in enumerate(wanted or ()):
            if known and not any(fnmatchcase(one, name) for one in known):
                near = difflib.get_close_matches(name, known, n=1)
                line = document.line(("routes", number, "when", key, position))
                mend = f"{near[0]} is meant?" if near else "correct it, or add it to the desk's files"
                raise ConfigError(document.file, line, f"there is nothing like {name!r} among the {key}", mend)


def _check_address(target: _Target, document: yamlfile.Document, place: tuple[int | str, ...]) -> None:
    """Refuse an address that could never work; one with a variable is known only when a message is sent."""
    if "${" in _VARIABLE.sub("", target.url):
        problem: str | None = "${…} holds no variable name; write it like ${DETENTE_PHONE_URL}"
    else:
        problem = None if _VARIABLE.search(target.url) else channels.check(target.url)
    if problem:
        what, _, mend = problem.partition("; ")
        raise ConfigError(document.file, document.line(place), f"target {target.id!r}: {what}", mend)
