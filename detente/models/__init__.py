"""The data that travels between the rooms: frozen, plain, picklable.

Times are `datetime` with a zone (UTC once stored). Offsets count characters of the text that they belong to.
Actors are ISO 3166-1 alpha-3 codes for states, and ids from the actor files for all others.
"""

from detente.models.delivered import Delivery, DeliveryState, Message, Mute, SendOutcome, SendResult
from detente.models.detected import (
    RAISING,
    ActorMention,
    Coded,
    Decision,
    Development,
    Event,
    Evidence,
    Mention,
    Placed,
    PlacedArticle,
    Roles,
    Severity,
    Sketch,
    Status,
    Verdict,
)
from detente.models.ids import stable_id
from detente.models.ticks import Detected, Failure, Report
from detente.models.web import (
    PERMANENT,
    Article,
    Batch,
    Collected,
    Extracted,
    Fetch,
    FetchOutcome,
    Link,
    LinkUpdate,
    Order,
    RobotsFile,
    Source,
    SourceKind,
    SourceState,
)

__all__ = [
    "PERMANENT",
    "RAISING",
    "ActorMention",
    "Article",
    "Batch",
    "Coded",
    "Collected",
    "Decision",
    "Delivery",
    "DeliveryState",
    "Detected",
    "Development",
    "Event",
    "Evidence",
    "Extracted",
    "Failure",
    "Fetch",
    "FetchOutcome",
    "Link",
    "LinkUpdate",
    "Mention",
    "Message",
    "Mute",
    "Order",
    "Placed",
    "PlacedArticle",
    "Report",
    "RobotsFile",
    "Roles",
    "SendOutcome",
    "SendResult",
    "Severity",
    "Sketch",
    "Source",
    "SourceKind",
    "SourceState",
    "Status",
    "Verdict",
    "stable_id",
]
