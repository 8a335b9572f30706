"""What is detected: mentions, stories, events, decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Whether the act is said to have happened."""

    REPORTED = "reported"  # has happened or is happening
    PLANNED = "planned"  # announced intent
    HYPOTHETICAL = "hypothetical"
    DENIED = "denied"
    HISTORICAL = "historical"
    BACKGROUND = "background"  # context of another event: no event of this article
    WITHDRAWN = "withdrawn"  # of an event only: its reports were changed, and none of them says it any more


RAISING = frozenset({Status.REPORTED, Status.PLANNED})
"""Statuses that can raise an alert."""


class Severity(StrEnum):
    """How much a class of event matters, lowest first: the order of the members counts."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for the lowest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class ActorMention:
    """Words of a text that name an actor; `actor` is None where they are no known actor."""

    text: str
    actor: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Roles:
    """Who does what to whom. `parties` are the sides of the conflict that is mediated or talked about."""

    source: tuple[ActorMention, ...] = ()
    target: tuple[ActorMention, ...] = ()
    mediator: tuple[ActorMention, ...] = ()
    party: tuple[ActorMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """One sentence in which a rule fired.

    `cls` is `family.class` (`mediation.requested`), `goldstein` runs from -10 to 10, `start` and `end` bound
    the words that prove it and `sentence_start`/`sentence_end` their sentence, all in `Article.full_text`.
    `why` says in words what matched and what decided the status; `strength` is the rule's, from 1 to 5.
    """

    cls: str
    cameo: str
    plover: str
    goldstein: float
    severity: Severity
    status: Status
    roles: Roles
    rule: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    why: str
    day: date | None = None
    strength: int = 3

    @property
    def family(self) -> str:
        """`mediation`, `talks`, `deescalation` or `escalation`."""
        return self.cls.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Coded:
    """An article as detection sees it: its acts (one mention per act, the best evidence) and near misses.

    `details` of its mentions, in their order, and `published_at` are there where it was decided about, since it may be
    decided about anew.
    """

    url: str
    mentions: tuple[Mention, ...] = ()
    notes: tuple[str, ...] = ()
    details: tuple[dict[str, Any], ...] = field(default=(), hash=False)
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text to compare later ones with, as `detection.sketch` packs it.

    `terms` are all its words as numbers (32 bits each), the heaviest first, `weights` of these (floats), `prints`
    the MinHash of its `runs` five-word runs, `digest` that of all its words, and `gist` who does what to whom, as JSON:
    of a hundred thousand sketches it is read of a few. `counts` (bytes) are how often each of `terms` stands; of one
    that an earlier Détente stored there are none.
    """

    terms: bytes
    weights: bytes
    prints: bytes
    runs: int
    digest: str
    gist: str = "{}"
    counts: bytes = b""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article belongs: its story, and the article that it copies, with the reason in words and its facts.

    `follows` is the story that it nearly belongs to: in doubt there are two.
    """

    url: str
    story: str
    new: bool
    copy_of: str | None
    why: str
    published_at: datetime | None = None
    follows: str | None = None
    facts: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """What is kept of an article to place later ones by: its sketch, its story, and what it copies.

    `family` and `agency` are as in `Article`, `follows` as in `Placed`.
    """

    url: str
    published_at: datetime
    family: str
    agency: str | None
    story: str
    copy_of: str | None
    sketch: Sketch
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One article's proof of an event, or its denial. `family` is the independent family that it counts for.

    `day` is the day that it names for the act, if any; `strength` that of the rule, from 1 to 5; `details` are what
    tells the act from others like it, as `detection.details` gives them; `act` is what it says was done and by whom, as
    `detection.growth` gives it.
    """

    event: str
    url: str
    publisher: str
    family: str
    copy_of: str | None
    title: str
    sentence: str
    status: Status
    published_at: datetime
    rule: str
    why: str
    day: date | None = None
    strength: int = 3
    details: dict[str, Any] = field(default_factory=dict, hash=False)
    act: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, to whom, by whom: the unit of alerting. Actor tuples are sorted ids.

    `told` are the routes and targets that are told of it, or will be: what died or was muted does not count.
    `same_as` is the event that it turned out to be: that one has its reports now.
    """

    id: str
    cls: str
    cameo: str
    plover: str
    goldstein: float
    severity: Severity
    status: Status
    day: date
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    mediators: tuple[str, ...]
    parties: tuple[str, ...]
    story: str
    headline: str
    first_seen: datetime
    last_seen: datetime
    evidence: tuple[Evidence, ...] = ()
    told: tuple[tuple[str, str], ...] = ()
    same_as: str | None = None

    @property
    def alerted(self) -> bool:
        """Whether anybody is told of it."""
        return bool(self.told)

    @property
    def family(self) -> str:
        """`mediation`, `talks`, `deescalation` or `escalation`."""
        return self.cls.partition(".")[0]

    @property
    def actors(self) -> frozenset[str]:
        """Every actor in any role."""
        return frozenset(self.sources + self.targets + self.mediators + self.parties)

    @property
    def families(self) -> tuple[str, ...]:
        """The independent families that report it, sorted; who only denies it reports nothing."""
        return tuple(sorted({item.family for item in self.evidence if item.status is not Status.DENIED}))

    @property
    def in_passing(self) -> bool:
        """Whether one independent family alone tells it, and only in passing: undated, below headline and lead."""
        reports = [item for item in self.evidence if item.status is not Status.DENIED]
        return len(self.families) == 1 and all(item.act.get("in_passing") for item in reports)


class Verdict(StrEnum):
    """What was decided about one act of one article, or about the article as a whole."""

    NEW_EVENT = "new_event"
    SAME_EVENT = "same_event"
    DENIED_EVENT = "denied_event"  # it denies an event that is open
    WITHDRAWN = "withdrawn"  # it was changed, and no longer proves an event
    MOVED = "moved"  # an article that was published before it came home, and it proves another event, or none
    NOT_RAISING = "not_raising"  # denied, historical, hypothetical or background
    NO_RULE = "no_rule"  # no rule fired
    NO_ACTOR = "no_actor"  # a rule fired, but nobody known does it or suffers it
    UNREAD = "unread"  # its worker died or hung over it
    LANGUAGE = "language"  # a language without rules
    TOO_OLD = "too_old"  # published before the window
    WEIGHED = "weighed"  # the watchlist changed its severity
    ROUTED = "routed"  # a delivery was made
    GROUPED = "grouped"  # a delivery was made, which waits for its route's digest
    MUTED = "muted"
    UPDATED = "updated"  # a route was told of a development
    NO_UPDATE = "no_update"  # a development that no route is told of
    BELOW_SEVERITY = "below_severity"
    IN_PASSING = "in_passing"  # no route wants it before another source tells it, or one gives it its headline or lead
    NOT_ROUTED = "not_routed"  # no route wants this event
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision and its reason. `facts` are the plain values that it rested on."""

    url: str
    at: datetime
    verdict: Verdict
    why: str
    event: str | None = None
    cls: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Development:
    """An open event changed by what the article at `url` says.

    `kind` is `family` (one more independent family reports it), `actor` (one more takes part), `status`, `toll` (more
    dead), `day` (it happened on another day), `halted` (by another event, named in `what`) or `withdrawn` (an article
    no longer says it).
    """

    event: str
    at: datetime
    kind: str
    what: str
    url: str
