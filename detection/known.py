"""Whether readers know of an act: it has a name, somebody explains it, inquires into it, or thinks something of it."""

from __future__ import annotations

from detection.dates import years
from detection.lexicon import Form
from detection.matching import Candidate
from detection.scene import Scene, clause_start
from detection.scope import is_pluperfect, said

_VIOLENT = "escalation"
_TIES = "escalation.relations_reduced"
_MASS = "escalation.mass_violence"

_CALLED = frozenset({"escalation.assault", "escalation.fighting", "escalation.mass_violence"})

_ASKING = frozenset({"how", "why"})

_COUNTING = frozenset({"many", "much", "long", "far", "to", "few", "soon", "often", "ever"})

_FINDING = frozenset(
    {"found", "finds", "concluded", "concludes", "heard", "ruled", "recalled", "described", "showed", "alleged"}
)

_NEAR = 6
"""Words over which an attitude still speaks of an act."""

_AND = frozenset({"and", "or", "but"})


def known_of(scene: Scene, item: Candidate) -> str | None:
    """Return how a sentence says that an act is known, or None where it may be the news."""
    return (
        _asked_about(scene, item)
        or _found_out(scene, item)
        or _supposed(scene, item)
        or _long_before(scene, item)
        or _joined_to_since(scene, item)
        or _named(scene, item)
        or _thought_of(scene, item)
    )


def _asked_about(scene: Scene, item: Candidate) -> str | None:
    """The `how` or `why` that somebody explains an act by: `recalled how soldiers shot at them`, `why Chad invaded`."""
    words = scene.words
    if item.rule.family != _VIOLENT:
        return None
    for k in range(item.first - 1, max(-1, clause_start(scene, item.first) - 1), -1):
        if words[k].low in _ASKING and words[k + 1].low not in _COUNTING and (not k or words[k - 1].low != "is"):
            return f"{words[k].text!r} asks about it"
        if "," in words[k].before or ";" in words[k].before:
            return None
    return None


def _found_out(scene: Scene, item: Candidate) -> str | None:
    """Who looks into what is over: `the report said that soldiers had tortured prisoners and | burned villages`."""
    words, lexicon = scene.words, scene.lexicon
    if item.rule.family != _VIOLENT or not item.is_verb or item.rule.cls == _MASS:
        return None
    joint = words[item.first - 1].low in _AND
    had = next(
        (k for k in range(item.first - 1, max(1, item.first - (12 if joint else 5)), -1) if words[k].low == "had"), 0
    )
    if not had or (not joint and not is_pluperfect(scene, item)):
        return None
    for k in range(had - 1, 1, -1):
        if ";" in words[k].before:
            return None
        if words[k].low in lexicon.reporting or words[k].low in _FINDING:
            who = next((w for w in words[max(0, k - 5) : k] if w.low in lexicon.status.inquirers), None)
            return f"{who.text!r} speaks of what is over" if who else None
    return None


def _supposed(scene: Scene, item: Candidate) -> str | None:
    """Why what somebody may have done is known: `are believed to have carried out the attack`."""
    words, first = scene.words, item.first
    if not item.is_verb or first < 3 or [w.low for w in words[first - 2 : first]] != ["to", "have"]:
        return None
    known = any(word.low in {"the", "this", "that"} for word in words[first + 1 : item.span.stop - 1])
    return f"{words[first - 3].text!r} says who may have done what is known" if known else None


def _thought_of(scene: Scene, item: Candidate) -> str | None:
    """The attitude that an act is the object of: `support for the bombing`, `memories of soldiers shooting at them`."""
    if item.rule.family != _VIOLENT or (item.is_verb and Form.ING not in item.forms):
        return None
    words = scene.words
    for k in range(item.first - 2, max(-1, item.first - _NEAR - 2), -1):
        if "," in words[k + 1].before or words[k].low in scene.lexicon.clause_openers:
            return None
        if length := scene.lexicon.status.attitudes.at(words, k, item.first):
            return f"it stands behind {said(words, k, k + length)}"
    return None


def _long_before(scene: Scene, item: Candidate) -> str | None:
    """Why what happened earlier still is known: `before the attack it was clear that rebels had opened a front`."""
    opens = scene.words[0].low if scene.words[0].low != "even" else scene.words[1].low
    if item.rule.family == _VIOLENT and opens == "before" and is_pluperfect(scene, item):
        return "'before' says that it is known"
    return None


def _joined_to_since(scene: Scene, item: Candidate) -> str | None:
    """Why a participle is known: `thousands have died since Chad declared war on the clans, | deploying soldiers`."""
    words, start = scene.words, clause_start(scene, item.first)
    joined = item.is_verb and Form.ING in item.forms and "," in words[item.first].before
    since = joined and 0 < start < item.first - 1 and words[start - 1].low == "since"
    return "'since' says that it is known" if since else None


def _named(scene: Scene, item: Candidate) -> str | None:
    """Why readers know of an act: it is called by a day, or has caused a dispute.

    `the March 11 attacks`, `the 7 July bombings`, `criticism over jailing monks`.
    """
    first = item.first
    if item.object and item.object[0] > item.last and (year := _year(scene, item.object[0], item)):
        return f"{year!r} says that it is known"  # `is responsible for the 1994 genocide`
    if item.is_verb:
        led = scene.words[first - 1].low if first and Form.ING in item.forms else ""
        return f"{led!r} says that it is known" if led == "over" else None
    if year := _year(scene, item.first, item):
        return f"{year!r} says that it is known"
    if place := _place_of(scene, item):
        return f"{place!r} says that it is known"
    leads = scene.words[first - 3].low if first > 2 else ""
    if leads not in scene.lexicon.determiners and leads != "'s":
        return None
    one, two = scene.words[first - 2], scene.words[first - 1]
    named = (one.low in scene.lexicon.months and two.text.isdigit()) or (
        two.low in scene.lexicon.months and one.text.isdigit()
    )
    return f"'{one.text} {two.text}' says that it is known" if named else None


def _place_of(scene: Scene, item: Candidate) -> str | None:
    """The place that a known act is called by, or what it came after: `the Luxor massacre`, `the subsequent attack`."""
    words, first = scene.words, item.first
    if item.rule.cls not in _CALLED or first < 2 or words[first - 2].low not in {"the", "these", "those"}:
        return None
    before = words[first - 1]
    if before.low in scene.lexicon.status.known_by:
        return before.text
    placed = before.text[:1].isupper() and words[first].text[:1].islower()
    named = any(named.first <= first - 1 <= named.last and named.how != "place" for named in scene.named)
    return before.text if placed and not named and not before.text.isupper() else None


def _year(scene: Scene, first: int, item: Candidate) -> str | None:
    """The year that a known act of violence is called by: `the 2003 invasion of`, `the 2016 Brussels bombings`."""
    words = scene.words
    if item.rule.family != _VIOLENT or (first != item.first and item.rule.cls == _TIES):
        return None
    for k in range(first - 1, max(0, first - 4), -1):
        if years(words[k : k + 1]):
            led = words[k - 1].low in scene.lexicon.determiners or words[k - 1].low in {"'s", "of"}
            return words[k].text if led else None
        if words[k].before != " " or not words[k].text[:1].isupper():
            return None
    return None
