"""The data that travels between the rooms: frozen, plain, picklable.

Times are `datetime` with a zone (UTC once stored). Offsets count characters of the text that they belong to.
Actors are ISO 3166-1 alpha-3 codes for states, and ids from the actor files for all others.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

# --- the web --------------------------------------------------------------------------------------------


class SourceKind(StrEnum):
    """How a source lists its pages."""

    FEED = "feed"  # RSS or Atom
    SITEMAP = "sitemap"  # a (news) sitemap
    SECTION = "section"  # a page of links


@dataclass(frozen=True, slots=True)
class Source:
    """One list of pages that one publisher keeps.

    `family` is what counts as independent: an agency with those who reprint it, or one owner's titles.
    `language` is ISO 639-1, `country` ISO 3166-1 alpha-3. `links` is a regular expression that the address of
    an article must contain; it serves section pages, where other links abound.
    """

    id: str
    kind: SourceKind
    url: str
    publisher: str
    family: str
    language: str
    country: str | None = None
    links: str | None = None


class FetchOutcome(StrEnum):
    """What became of one request, or of one page."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    ROBOTS = "robots"  # robots.txt forbids it
    UNREACHABLE = "unreachable"  # no connection, no name, broken TLS
    TIMEOUT = "timeout"
    HTTP_ERROR = "http_error"  # 4xx, 5xx
    TOO_LARGE = "too_large"
    NOT_HTML = "not_html"
    UNREADABLE = "unreadable"  # a feed or sitemap that no parser reads
    EMPTY = "empty"  # a page without an article
    EXTRACTION_FAILED = "extraction_failed"  # the worker died or ran out of time


PERMANENT = frozenset({FetchOutcome.OK, FetchOutcome.ROBOTS, FetchOutcome.NOT_HTML, FetchOutcome.EMPTY,
                       FetchOutcome.TOO_LARGE})  # fmt: skip
"""Outcomes after which a page is not asked for again; the others are tried in later ticks, up to a limit."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a source listed, with what the list itself said about it."""

    url: str
    title: str | None = None
    summary: str | None = None
    published_at: datetime | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetch:
    """The record of one request: a list (`page` false) or an article's page (`page` true)."""

    source: str
    url: str
    at: datetime
    page: bool
    outcome: FetchOutcome
    status: int | None = None
    detail: str = ""
    bytes: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Extracted:
    """What extraction made of one page. `problem` is None, or why there is no usable text."""

    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    extractor: str = "trafilatura"
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One cleaned page. `url` is canonical and the article's identity.

    `family` is the source's; `agency` the news agency that byline or dateline names, if any.
    `extractor` is `trafilatura`, `feed` where the page gave nothing and the feed's own words stand in, or `text`
    for a plain text. Where nobody names a date, `published_at` is when it was fetched.
    """

    url: str
    source: str
    publisher: str
    family: str
    title: str
    text: str
    language: str | None
    published_at: datetime
    fetched_at: datetime
    authors: tuple[str, ...] = ()
    agency: str | None = None
    extractor: str = "trafilatura"

    @property
    def is_dated(self) -> bool:
        """Whether feed or page named the day of publication."""
        return self.published_at != self.fetched_at

    @property
    def full_text(self) -> str:
        """Headline and text, as detection reads them and as offsets count."""
        return f"{self.title}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered about a source between ticks."""

    source: str
    etag: str | None = None
    last_modified: str | None = None
    due_at: datetime | None = None
    failures: int = 0
    last_success: datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One source to ask in this tick, with what it needs to know.

    `known` are addresses that need no fetch; `pending` are links of earlier ticks still to be fetched.
    """

    source: Source
    state: SourceState
    known: frozenset[str] = frozenset()
    pending: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Sources that one collect task asks; a host is never in two batches."""

    number: int
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class LinkUpdate:
    """What to remember about a link: `done` false means it is asked for again, after `attempts` tries."""

    source: str
    link: Link
    seen_at: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class Collected:
    """What one collect task brings home."""

    batch: int
    articles: tuple[Article, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    links: tuple[LinkUpdate, ...] = ()
    states: tuple[SourceState, ...] = ()


# --- what is detected ------------------------------------------------------------------------------------


class Status(StrEnum):
    """Whether the act is said to have happened."""

    REPORTED = "reported"  # has happened or is happening
    PLANNED = "planned"  # announced intent
    HYPOTHETICAL = "hypothetical"
    DENIED = "denied"
    HISTORICAL = "historical"
    BACKGROUND = "background"  # context of another event: no event of this article


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
    """An article as detection sees it: its acts (one mention per act, the best evidence) and near misses."""

    url: str
    mentions: tuple[Mention, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article belongs: its story, and the article that it copies, with the reason in words."""

    url: str
    story: str
    new: bool
    copy_of: str | None
    why: str


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """What is kept of an article to place later ones by: its words, its story, and what it copies.

    `family` and `agency` are as in `Article`.
    """

    url: str
    title: str
    text: str
    published_at: datetime
    publisher: str
    family: str
    agency: str | None
    story: str
    copy_of: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One article's proof of an event. `family` is the independent family that it counts for."""

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


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, to whom, by whom: the unit of alerting. Actor tuples are sorted ids."""

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
    alerted: bool = False

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
        """The independent families that report it, sorted."""
        return tuple(sorted({item.family for item in self.evidence}))


class Verdict(StrEnum):
    """What was decided about one act of one article, or about the article as a whole."""

    NEW_EVENT = "new_event"
    SAME_EVENT = "same_event"
    NOT_RAISING = "not_raising"  # denied, historical, hypothetical or background
    NO_RULE = "no_rule"  # no rule fired
    NO_ACTOR = "no_actor"  # a rule fired, but nobody known does it or suffers it
    LANGUAGE = "language"  # a language without rules
    TOO_OLD = "too_old"  # published before the window
    ROUTED = "routed"  # a delivery was made
    BELOW_SEVERITY = "below_severity"
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
    """An open event grew: `kind` is `family` (one more independent family reports it), `actor` or `status`."""

    event: str
    at: datetime
    kind: str
    what: str
    url: str


# --- what is delivered -----------------------------------------------------------------------------------


class DeliveryState(StrEnum):
    """The life of one message to one target."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # refused for good, or out of tries


@dataclass(frozen=True, slots=True)
class Message:
    """An alert ready to send, in both forms. `event` is the event as `detente events --json` prints it."""

    subject: str
    text: str
    html: str
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one target: made with its event, kept until its end is known.

    `id` is the same however often it is made or sent: copies can be recognised by it.
    """

    id: str
    event: str
    route: str
    target: str
    message: Message
    created_at: datetime
    due_at: datetime
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    last_error: str = ""
    ended_at: datetime | None = None


class SendOutcome(StrEnum):
    """What a channel says about one attempt."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class SendResult:
    """One attempt to send: its outcome, and the words that go with it (no secret in them)."""

    outcome: SendOutcome
    detail: str = ""
    retry_after: float | None = None


# --- the tick --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Detected:
    """All that one detect step writes, in one transaction."""

    articles: tuple[str, ...] = ()
    placed: tuple[Placed, ...] = ()
    coded: tuple[Coded, ...] = ()
    events: tuple[Event, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    developments: tuple[Development, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    decisions: tuple[Decision, ...] = ()


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


def stable_id(prefix: str, *parts: object) -> str:
    """Return `prefix` and 10 characters that depend on nothing but `parts`: 50 bits of their SHA-256."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    number = int.from_bytes(digest[:7], "big")
    letters = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: none is mistaken for another
    return prefix + "".join(letters[(number >> shift) & 31] for shift in range(0, 50, 5))
