"""Whether an act only serves another: it is what that one is for, or what somebody concludes something from."""

from __future__ import annotations

from collections.abc import Sequence

from detection.lexicon import Form
from detection.matching import Candidate
from detection.participles import behind
from detection.scene import Scene, clause_start, clause_stop
from detection.scope import said

VIOLENT = "escalation"

_DEFINITE = frozenset({"the", "this", "that", "these", "those", "his", "her", "their", "its", "last"})

_GRADES = frozenset(
    {"widely", "strongly", "sharply", "roundly", "largely", "also", "being", "long", "mainly", "initially"}
)

_PHRASE = 6
"""Words that a phrase may have before its noun."""

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
        proves = scene.lexicon.status.proving.find(scene.words, item.last + 1, stop) or _remarked(scene, item)
        return " ".join(word.text for word in scene.words[slice(*proves)]) if proves else None
    opens = item.first == clause_start(scene, item.first)
    return behind(scene, item.last + 1) if opens and item.forms == {Form.ING} else None


def _remarked(scene: Scene, item: Candidate) -> tuple[int, int] | None:
    """The verb that says what people make of an act, or what it did to them: `the air strikes have been criticised`.

    What an act did says that it is known only where it has an article: `the abduction of the girls shocked Nigeria`,
    but `a suicide bombing shocked Kabul on Sunday`.
    """
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    opens = _phrase_start(scene, item.first)
    if opens and words[opens - 1].low in lexicon.prepositions:
        return None
    definite = words[opens].low in _DEFINITE or any(word.low == "'s" for word in words[opens : item.first])
    stop = clause_stop(scene, item.last + 1)
    for k in range(item.last + 1, stop):
        low = words[k].low
        if "," in words[k].before or low in lexicon.reporting or low in {"and", "by"}:
            return None  # `the seizure of a tanker by Russia angered Estonia` tells who did it
        if low in lexicon.be_forms or low in lexicon.have_forms:
            verb = next((j for j in range(k + 1, stop) if words[j].low not in lexicon.auxiliaries | _GRADES), k)
            passive = any(words[j].low in lexicon.be_forms for j in range(k, verb))
            judged = words[verb].low in known.judging if passive else definite and words[verb].low in known.effects
            return (k, verb + 1) if judged else None
        if definite and low in known.effects and words[k - 1].low not in lexicon.determiners:
            return k, k + 1
    return None


def _phrase_start(scene: Scene, at: int) -> int:
    """Where the phrase begins that a noun ends: `the | latest | suicide | bombing`."""
    words, lexicon = scene.words, scene.lexicon
    start = at
    while start and at - start < _PHRASE and words[start].before == " ":
        low = words[start - 1].low
        if low in lexicon.prepositions or low in lexicon.clause_openers or low in lexicon.auxiliaries - {"'s"}:
            break
        if low in lexicon.reporting:
            break
        start -= 1
        if low in lexicon.determiners:
            break
    return start


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
