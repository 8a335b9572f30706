"""One full example of every model that the database keeps, for the tests of this room."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from detente.models import (
    ActorMention,
    Article,
    Coded,
    Collected,
    Decision,
    Delivery,
    Detected,
    Development,
    Event,
    Evidence,
    Failure,
    Fetch,
    FetchOutcome,
    Link,
    LinkUpdate,
    Mention,
    Message,
    Placed,
    PlacedArticle,
    Report,
    Roles,
    Severity,
    Sketch,
    SourceState,
    Status,
    Verdict,
)

NOW = datetime(2025, 5, 5, 8, 0, 0, 123456, tzinfo=UTC)
KARACHI = timezone(timedelta(hours=5))
URL = "https://lantern.example/2025/05/05/envoy?id=1&lang=język"

ARTICLE = Article(
    url=URL,
    source="lantern-world",
    publisher="The Lantern",
    family="lantern",
    title="Pakistan asks Russia to mediate – «посредник»",
    text="The envoy asked.\n\nAn 'odd' \"quote\", a NUL \0, a smile 🙂 and مذاکرات.",
    language="en",
    published_at=datetime(2025, 5, 5, 11, 30, tzinfo=KARACHI),
    fetched_at=NOW,
    authors=("A. Writer", "B, C"),
    agency="mpa",
    extractor="feed",
    image="https://lantern.example/lead.jpg?w=1200",
    site_name="The Lantern – «Фонарь»",
)

ROLES = Roles(
    source=(ActorMention("Pakistan", "PAK", 0, 8), ActorMention("the envoy", None, 40, 49)),
    target=(ActorMention("Russia", "RUS", 14, 20),),
    mediator=(ActorMention("Moscow", "RUS", 60, 66),),
    party=(ActorMention("India", "IND", 70, 75), ActorMention("Pakistan", "PAK", 0, 8)),
)

MENTION = Mention(
    cls="mediation.requested",
    cameo="028",
    plover="REQUEST",
    goldstein=-0.1,
    severity=Severity.HIGH,
    status=Status.PLANNED,
    roles=ROLES,
    rule="ask-to-mediate",
    start=9,
    end=31,
    sentence_start=0,
    sentence_end=80,
    why="'asks' + 'to mediate'; planned: 'will'",
    day=date(2025, 5, 4),
    strength=5,
)

BARE_MENTION = Mention(
    "escalation.threat", "130", "THREATEN", -4.4, Severity.LOW, Status.DENIED, Roles(), "r", 0, 1, 0, 2, "w"
)

EVIDENCE = Evidence(
    event="e1abcdefghj",
    url=URL,
    publisher="The Lantern",
    family="mpa",
    copy_of="https://mpa.example/1",
    title=ARTICLE.title,
    sentence="The envoy asked.",
    status=Status.PLANNED,
    published_at=ARTICLE.published_at,
    rule="ask-to-mediate",
    why="both",
    day=date(2025, 5, 4),
    strength=4,
    details={"ordinals": {"round": 2}, "killed": 3},
    act={"cls": "mediation.requested", "goldstein": -0.1, "sources": ["PAK"]},
)

EVENT = Event(
    id="e1abcdefghj",
    cls="mediation.requested",
    cameo="028",
    plover="REQUEST",
    goldstein=-0.1,
    severity=Severity.HIGH,
    status=Status.PLANNED,
    day=date(2025, 5, 4),
    sources=("PAK",),
    targets=("RUS",),
    mediators=(),
    parties=("IND", "PAK"),
    story="s1",
    headline=ARTICLE.title,
    first_seen=NOW,
    last_seen=NOW,
    evidence=(EVIDENCE,),
)

DEVELOPMENT = Development("e1abcdefghj", NOW, "family", "mpa", URL)

MESSAGE = Message(
    "Subject – один", "plain\ntext", "<p>html</p>", {"id": "e1abcdefghj", "families": 2, "parties": ["IND"]}
)

DELIVERY = Delivery(
    id="d1",
    event="e1abcdefghj",
    route="desk",
    target="editor",
    message=MESSAGE,
    created_at=NOW,
    due_at=NOW + timedelta(minutes=1),
)

DECISION = Decision(
    url=URL,
    at=NOW,
    verdict=Verdict.NEW_EVENT,
    why="no open event of this class is like it",
    event="e1abcdefghj",
    cls="mediation.requested",
    facts={"shared": ["PAK"], "days": 1, "same_story": False, "score": 0.25, "none": None},
)

PLACED = Placed(
    URL,
    "s1",
    new=True,
    copy_of="https://mpa.example/1",
    why="0.71 of its runs",
    published_at=ARTICLE.published_at,
    follows="s0",
    facts={"likeness": 0.2, "vetoes": {"s0": "another place"}},
)
SKETCHED = PlacedArticle(
    url=URL,
    published_at=ARTICLE.published_at,
    family="lantern",
    agency="mpa",
    story="s1",
    copy_of="https://mpa.example/1",
    sketch=Sketch(
        b"\x01\x00\x00\xff", b"\x00\x00\x80?", b"\x07\x00\x00\x00", 31, "d1", '{"ordinals": {"round": 2}}', b"\x02"
    ),
    follows="s0",
)

FETCH = Fetch(
    source="lantern-world",
    url=URL,
    at=NOW,
    page=True,
    outcome=FetchOutcome.OK,
    status=200,
    detail="fine",
    bytes=5_000_000_000,
    seconds=0.25,
)
LIST_FETCH = Fetch(
    source="lantern-world",
    url="https://lantern.example/feed",
    at=NOW,
    page=False,
    outcome=FetchOutcome.HTTP_ERROR,
    status=503,
    detail="HTTP 503",
)

LINK = Link(URL, "A title", "A summary", datetime(2025, 5, 5, 11, 30, tzinfo=KARACHI), ("A. Writer",))
STATE = SourceState(
    "lantern-world",
    '"etag"',
    "Mon, 05 May 2025 08:00:00 GMT",
    NOW + timedelta(minutes=10),
    2,
    NOW,
    interval=900,
    moved_from="https://lantern.example/feed",
    moved_to="https://lantern.example/rss",
)

COLLECTED = Collected(
    batch=1,
    articles=(ARTICLE,),
    fetches=(LIST_FETCH, FETCH),
    links=(LinkUpdate("lantern-world", LINK, NOW, done=True),),
    states=(STATE,),
)

DETECTED = Detected(
    articles=(URL,),
    placed=(PLACED,),
    coded=(Coded(URL, (MENTION, BARE_MENTION), ("'mediation' alone: no verb",)),),
    events=(EVENT,),
    evidence=(EVIDENCE,),
    developments=(DEVELOPMENT,),
    deliveries=(DELIVERY,),
    decisions=(DECISION,),
    sketches=(SKETCHED,),
)

REPORT = Report(
    id="t1",
    started_at=NOW,
    seconds=12.5,
    sources=20,
    unchanged=3,
    pages=40,
    articles=30,
    copies=4,
    events=2,
    developments=1,
    alerts=2,
    sent=1,
    dry_run=True,
    failures=(Failure("lantern-world", "HTTP 503"), Failure("mail", "refused")),
)
