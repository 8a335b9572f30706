"""One tick: what it writes, what failed, its figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from detente.models.delivered import Delivery
from detente.models.detected import Coded, Decision, Development, Event, Evidence, Placed, PlacedArticle


@dataclass(frozen=True, slots=True)
class Detected:
    """All that one detect step writes, in one transaction.

    `sketches` are what later articles are placed by. `withdrawn` are the events, and the articles whose evidence of
    them goes; `moved` known articles with what they turned out to copy, if anything, and the family they count for.
    """

    articles: tuple[str, ...] = ()
    placed: tuple[Placed, ...] = ()
    coded: tuple[Coded, ...] = ()
    events: tuple[Event, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    developments: tuple[Development, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    decisions: tuple[Decision, ...] = ()
    withdrawn: tuple[tuple[str, str], ...] = ()
    sketches: tuple[PlacedArticle, ...] = ()
    moved: tuple[tuple[str, str | None, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong in a tick and stopped nothing else."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """One tick in figures."""

    id: str
    started_at: datetime
    seconds: float
    sources: int = 0
    unchanged: int = 0
    pages: int = 0
    articles: int = 0
    copies: int = 0
    events: int = 0
    developments: int = 0
    alerts: int = 0
    sent: int = 0
    dry_run: bool = False
    failures: tuple[Failure, ...] = ()
