"""Did it happen: reported, planned, hypothetical, denied, historical, or the background of another event.

The checks run in this order, and the first that applies decides: fiction, sport and business, history, denial,
background, possibility, plan; what is left is reported. Each answer comes with its reason in words. Each
check has a module of its own; the words that they read stand in the language's file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from detection.background import background, stale
from detection.denial import denied, negation
from detection.history import historical, past_month
from detection.intent import Judged, foreseen, hypothetical, modal_or_intended
from detection.matching import Candidate
from detection.phrases import places_of
from detection.scene import Scene
from detection.scope import said
from detente.models import Status

WORK = "work"
UNREAL = frozenset({"fiction", "opinion"})
"""Domains in which missiles are none."""

VIOLENT = frozenset({"escalation.assault", "escalation.coercion", "escalation.mass_violence", "deescalation.release"})
"""Classes of what happens to people at work as well: miners are kidnapped and freed; a rail strike is no air strike."""


def judge(scene: Scene, item: Candidate, others: Sequence[Candidate], today: date | None) -> Judged:
    """Return a mention's status and why.

    Args:
        scene: the sentence.
        item: the rule that fired.
        others: the other rules that fired in the sentence, with those of the family `other`.
        today: the article's day, if known.
    """
    return (
        _as(Status.BACKGROUND, _elsewhere(scene, item))
        or _as(Status.HISTORICAL, historical(scene, item, today))
        or _as(Status.DENIED, denied(scene, item))
        or _told_of(scene, item, others)
        or (foreseen(scene, item) if item.rule.status is None else _overruled(scene, item))
        or _as(Status.BACKGROUND, stale(scene, item, today))
        or ((item.rule.status, "as its rule says") if item.rule.status else None)
        or _as(Status.HISTORICAL, past_month(scene, item, today))
        or (Status.REPORTED, "told as a fact")
    )


def _as(status: Status, why: str | None) -> Judged | None:
    return (status, why) if why else None


def is_negated(scene: Scene, item: Candidate) -> bool:
    """Whether the trigger stands under a negation: `did not ask`, `no mediation`, `without talks`."""
    return negation(scene, item) is not None


def _elsewhere(scene: Scene, item: Candidate) -> str | None:
    """Why a sentence is no news of ours: a film, a match or a merger, where people fight and make peace as well.

    More of its words must speak of that than of war; an army, a truce or a threat proves no war by its own words.
    """
    known = scene.lexicon.status
    own = () if item.rule.cls in VIOLENT or item.rule.cls == "escalation.fighting" else item.span
    places = places_of(scene.words)
    for domain, phrases in known.domains.items():
        if not (said_of := phrases.count(scene.words, places)) or (domain == WORK and item.rule.cls in VIOLENT):
            continue
        hard = {word.low for k, word in enumerate(scene.words) if word.low in known.hard and k not in own}
        if domain in UNREAL or said_of > len(hard):
            found = phrases.find(scene.words) or (0, 0)
            return f"{said(scene.words, *found)} says that this is {domain}"
    return None


def _told_of(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> Judged | None:
    """What an act is that something else speaks of: a wish (`urged them to withdraw`), or else background."""
    why = background(scene, item, others)
    return (hypothetical(scene, item) or (Status.BACKGROUND, why)) if why else None


def _overruled(scene: Scene, item: Candidate) -> Judged | None:
    """What the future or a possibility makes of an act that its rule calls reported: `will offer`, `may offer`."""
    told_of_now = item.rule.negated or item.rule.status is not Status.REPORTED
    return None if told_of_now else modal_or_intended(scene, item)
