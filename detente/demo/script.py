"""The demo's script: at which times its ticks run, and what the days are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from detente import yamlfile
from detente.errors import ConfigError


class Told(BaseModel):
    """An event that a day's articles tell: its class, and actor ids by role."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cls: str = Field(alias="class")
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    mediator: tuple[str, ...] = ()
    party: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick: its time, one line for who watches, and the events that it must raise, no more and no fewer."""

    at: datetime
    about: str
    events: tuple[Told, ...] = ()


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Tick(_Model):
    at: AwareDatetime
    about: Annotated[str, Field(min_length=1)]
    events: tuple[Told, ...] = ()


class _Script(_Model):
    ticks: Annotated[tuple[_Tick, ...], Field(min_length=1)]


def load_script(folder: Path) -> tuple[Tick, ...]:
    """Return the ticks of `script.yaml` in `folder`, the earliest first.

    Raises:
        ConfigError: the file does not fit its schema, or a tick is not later than the one before it.
    """
    document = yamlfile.load(folder / "script.yaml")
    ticks = yamlfile.validate(_Script, document).ticks
    for number, (one, following) in enumerate(pairwise(ticks), 1):
        if following.at <= one.at:
            line = document.line(("ticks", number, "at"))
            raise ConfigError(document.file, line, "the tick is not later than the one before it", "correct its time")
    return tuple(Tick(tick.at, tick.about, tick.events) for tick in ticks)
