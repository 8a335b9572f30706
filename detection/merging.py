"""Mentions of the same act within one text are one: its best evidence, with the roles of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from detente.models import ActorMention, Mention, Roles, Status

_ORDER = (Status.REPORTED, Status.PLANNED, Status.HYPOTHETICAL, Status.DENIED, Status.BACKGROUND, Status.HISTORICAL)
_GROUPS = {
    Status.REPORTED: "live",
    Status.PLANNED: "live",
    Status.HYPOTHETICAL: "live",
    Status.DENIED: "denied",
    Status.BACKGROUND: "past",
    Status.HISTORICAL: "past",
}
_TELLING = ("source", "mediator", "target")
"""Roles in which different actors make another act."""


@dataclass(slots=True)
class _Act:
    """Mentions of one act, and the actors that they name in each telling role."""

    cls: str
    group: str
    mentions: list[Mention] = field(default_factory=list)
    known: tuple[set[str], ...] = field(default_factory=lambda: tuple(set() for _ in _TELLING))

    def fits(self, mention: Mention, who: Sequence[set[str]]) -> bool:
        if (self.cls, self.group) != (mention.cls, _GROUPS[mention.status]):
            return False
        return not any(known and here and known.isdisjoint(here) for known, here in zip(self.known, who, strict=True))

    def add(self, mention: Mention, who: Sequence[set[str]]) -> None:
        self.mentions.append(mention)
        for known, here in zip(self.known, who, strict=True):
            known.update(here)


def merge(mentions: Iterable[Mention], text: str) -> tuple[Mention, ...]:
    """Return one mention for each act, in the order of their evidence.

    Two mentions are the same act when class and kind of status agree and no role names different actors.
    A mention of strength 1 (a bare noun such as `mediation`) is dropped where a stronger one of its family
    stands in the text.
    """
    headline_end = text.find("\n")
    found = list(mentions)
    strong = {m.family for m in found if m.strength > 1 and _GROUPS[m.status] == "live"}
    acts: list[_Act] = []
    for mention in found:
        if mention.strength == 1 and mention.family in strong:
            continue
        who = tuple(actor_ids(getattr(mention.roles, role)) for role in _TELLING)
        act = next((act for act in acts if act.fits(mention, who)), None)
        if act is None:
            act = _Act(mention.cls, _GROUPS[mention.status])
            acts.append(act)
        act.add(mention, who)
    merged = [_one(act.mentions, headline_end) for act in acts]
    return tuple(sorted(merged, key=lambda m: m.start))


def actor_ids(mentions: Iterable[ActorMention]) -> set[str]:
    """Return the ids of the known actors among mentions."""
    return {m.actor for m in mentions if m.actor}


def _one(act: list[Mention], headline_end: int) -> Mention:
    if len(act) == 1:
        roles = _roles(act[0], act)
        return act[0] if roles == act[0].roles else replace(act[0], roles=roles)
    best = max(act, key=lambda m: _quality(m, headline_end))
    status = min((m.status for m in act), key=_ORDER.index)
    if best.status is not status:
        best = max((m for m in act if m.status is status), key=lambda m: _quality(m, headline_end))
    roles = _roles(best, act)
    days = [m.day for m in act if m.day and m.status is status]
    return replace(best, roles=roles, day=best.day or (days[0] if days else None))


def _quality(mention: Mention, headline_end: int) -> tuple[bool, int, int, int]:
    """Best evidence first: outside the headline, most roles with known actors, strongest rule, earliest."""
    in_headline = 0 <= mention.start < headline_end
    roles = mention.roles
    known = sum(bool(actor_ids(role)) for role in (roles.source, roles.target, roles.mediator, roles.party))
    return (not in_headline, known, mention.strength, -mention.start)


def _roles(best: Mention, act: list[Mention]) -> Roles:
    """The best evidence's roles, empty or unknown ones filled from the others; each actor in one role only."""
    taken: set[str] = set()
    filled: dict[str, tuple[ActorMention, ...]] = {}
    for role in ("source", "mediator", "target", "party"):
        own: tuple[ActorMention, ...] = getattr(best.roles, role)
        candidates = [own, *(getattr(m.roles, role) for m in act)]
        chosen = next((c for c in candidates if actor_ids(c) - taken), own)
        filled[role] = tuple(m for m in chosen if m.actor is None or m.actor not in taken)
        taken |= actor_ids(filled[role])
    return Roles(**filled)
