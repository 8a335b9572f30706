"""Whether an act only serves another: it is what that one is for, or what somebody concludes something from."""

from __future__ import annotations

from collections.abc import Sequence

from detection.lexicon import Form
from detection.matching import Candidate
from detection.participles import behind
from detection.scene import Scene, clause_start, clause_stop
from detection.scope import said

VIOLENT = "escalation"

_SHARED = 9
"""Words over which two plain verbs share a `to`."""


def serves(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> str | None:
    """Return why a violent act is told only for another's sake, or None."""
    if item.rule.family != VIOLENT:
        return None
    if judged := _judged(scene, item):
        return f"it is what {judged!r} says something of"
    if served := _purpose(scene, item, others):
        return f"it only says what {said(scene.words, served.first, served.last + 1)} is for"
    return None


def _judged(scene: Scene, item: Candidate) -> str | None:
    """The verb whose subject an act is: `said that blowing up a pipeline was no joke`, `the crackdown shows that …`."""
    if not item.is_verb:
        stop = clause_stop(scene, item.last + 1) + 1  # with the `that` of what it proves
        proves = scene.lexicon.status.proving.find(scene.words, item.last + 1, stop)
        return " ".join(word.text for word in scene.words[slice(*proves)]) if proves else None
    opens = item.first == clause_start(scene, item.first)
    return behind(scene, item.last + 1) if opens and item.forms == {Form.ING} else None


def _purpose(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> Candidate | None:
    """The peaceable act that a violent one is the purpose of: `sent engineers to help them fight the rebels`."""
    words, known = scene.words, scene.lexicon.status
    if item.forms.isdisjoint({Form.BASE}) or item.first < 3:
        return None
    start = clause_start(scene, item.first)
    to = next((k for k in range(item.first - 1, start, -1) if words[k].low == "to"), 0)
    if to < item.first - 1 and not _is_joined(scene, to, item.first):
        return None
    listed = (known.wish_verbs, known.wish_nouns, known.plan_verbs, known.plan_nouns, known.go_on)
    before = words[to - 1].low
    if not to or "," in words[to].before or any(before in words_of for words_of in listed):
        return None
    for other in others:
        if other.rule.family == VIOLENT or not other.is_verb or not start <= other.first < item.first:
            continue
        leads = other.last + 1 < to and not any("," in word.before for word in words[other.last + 1 : to])
        if leads or other.first == to + 1:
            return other
    return None


def _is_joined(scene: Scene, to: int, verb: int) -> bool:
    """Whether a verb shares the `to` of one before it: `to patrol its borders and | stop`, `to help them | fight`."""
    if verb - to > _SHARED:
        return False
    return scene.words[verb - 1].low == "and" or scene.words[to + 1].low in {"help", "let"}
