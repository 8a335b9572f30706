"""Whether an act is a habit or a sum of many: `often shells the town`, `has killed thousands since the invasion`."""

from __future__ import annotations

from itertools import pairwise

from detection.dates import month_at, years
from detection.lexicon import Form
from detection.matching import Candidate
from detection.scene import Scene, clause_start, fronted_stop
from detection.scope import commas, said

_DEADLY = frozenset({"escalation.assault", "escalation.fighting", "escalation.mass_violence"})
_COUNTED = _DEADLY | {"escalation.coercion", "escalation.mobilisation"}
"""Classes of which there are many in a war; ties are reduced, and threats made, one by one."""

_OFTEN = frozenset(
    {
        "often",
        "frequently",
        "regularly",
        "routinely",
        "usually",
        "typically",
        "normally",
        "always",
        "sometimes",
        "occasionally",
    }
)

_PERFECT = 14
"""Words over which a perfect still tells of a noun behind it."""

_COST = 12
"""Words behind which a fight tells at the latest whom it cost."""


def summed(scene: Scene, item: Candidate) -> str | None:
    """Return why an act is a habit or a sum and no deed, or None: `often shells`, `has killed ten since the coup`."""
    words, lexicon = scene.words, scene.lexicon
    if item.rule.cls not in _COUNTED:
        return _again(scene, item)
    leading = [word.low for word in words[max(clause_start(scene, item.first), item.first - 5) : item.first]]
    known, perfect = lexicon.status, not lexicon.have_forms.isdisjoint(leading)
    if not item.is_verb and (sums := _as_a_noun(scene, item)):
        return sums
    if item.is_verb and "previously" in leading:
        return "'previously' says that it is known"
    again = next((low for low in leading if low in known.repeated), None)
    if again and (perfect or _is_present(item)):
        return f"{again!r} makes it a habit or a sum"
    start = clause_start(scene, item.first)
    if any(word.low in known.long_lasting for word in words[start : start + 3]) and any(
        word.low in lexicon.have_forms for word in words[start : item.first]
    ):
        return f"{words[start].text!r} … counts what happened over a long time"  # `the war has killed thousands`
    around = (*words[max(start, item.first - 6) : item.first], *words[item.last + 1 : item.last + 4])
    many = next((word.low for word in around if word.low in known.multitudes or "," in word.low), None)
    if many and perfect and item.rule.cls in _DEADLY:
        return f"{many!r} counts what happened over a long time"
    span = (known.spans.find(words) or _in_a_war(scene, item) or _between(scene, item)) if perfect else None
    if perfect and not span and item.rule.cls in _DEADLY and known.records.isdisjoint(word.low for word in words):
        span = known.months_of.find(words)
    if span and (span[0] > item.last or span[1] <= fronted_stop(scene, item.first)):
        return f"{said(words, *span)} counts what happened over a long time"
    return _since(scene, item, perfect=perfect)


def just_ended(scene: Scene, item: Candidate) -> int:
    """Where `after` stands before talks that lasted until the act it follows: `parted after two days of talks`; else 0.

    They are news as much as that act is. `After years of talks` is history, and `after the talks` speaks of known ones.
    """
    known, words = scene.lexicon.status, scene.words
    if item.rule.cls != "talks.held" or not known.until_now.at(words, item.first):
        return 0
    return next((k for k in range(item.first - 1, max(0, item.first - 4), -1) if words[k].low in known.right_after), 0)


def _again(scene: Scene, item: Candidate) -> str | None:
    """The adverb that sums up threats or tells what is usual: `has repeatedly threatened`, `are frequently barred`."""
    start = max(clause_start(scene, item.first), item.first - 5)
    leading = [word.low for word in scene.words[start : item.first]]
    perfect = not scene.lexicon.have_forms.isdisjoint(leading)
    again = next((low for low in leading if low in scene.lexicon.status.repeated and low != "long"), None)
    usual = again in _OFTEN and item.is_verb and not perfect and "had" not in leading
    summed_up = perfect and item.rule.cls == "escalation.threat"
    return f"{again!r} makes it a habit or a sum" if again and (usual or summed_up) else None


def _as_a_noun(scene: Scene, item: Candidate) -> str | None:
    """Why a noun tells of many acts: they are usual, or what they cost is summed up."""
    if habit := _is_usual(scene, item):
        return f"{habit!r} makes it a habit"
    sums = _took(scene, item) or _among_the_dead(scene, item)
    return f"{said(scene.words, item.first, sums)} counts what happened over a long time" if sums else None


def _among_the_dead(scene: Scene, item: Candidate) -> int | None:
    """Where the perfect ends that sums up whom acts cost: `has left 90 dead this year from gun attacks`."""
    words, known = scene.words, scene.lexicon.status
    for k in range(item.first - 1, max(clause_start(scene, item.first), item.first - _PERFECT) - 1, -1):
        if words[k].low in scene.lexicon.have_forms:
            year = any(one.low == "this" and two.low == "year" for one, two in pairwise(words[k:]))
            span = year or known.spans.find(words, k) or known.months_of.find(words, k)
            return k + 2 if span and words[k + 1].low in known.taking else None
    return None


def _is_usual(scene: Scene, item: Candidate) -> str | None:
    """The adjective that makes many acts a habit: `the scene of frequent suicide bombings`, `regular raids`."""
    before = scene.words[item.first - 1].low if item.first and not item.is_verb else ""
    return before if before in scene.lexicon.status.usual and scene.words[item.last].low.endswith("s") else None


def _took(scene: Scene, item: Candidate) -> int | None:
    """Where the perfect ends by which a fight sums up whom it cost: `clashes between A and B have killed hundreds`."""
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    for k in range(item.last + 1, min(item.last + _COST, len(words) - 1)):
        if "," in words[k].before or words[k].low in lexicon.clause_openers - {"that", "which"}:
            return None
        if words[k].low in lexicon.have_forms:
            behind = words[k + 1 : k + 7]
            cost = any(word.low in known.taking for word in behind[:3])
            many = any(word.low in known.multitudes | {"hundreds", "scores"} or "," in word.low for word in behind)
            counted = many or known.spans.find(words, k) or _since(scene, item, perfect=True)
            return k + 2 if cost and counted else None
    return None


def _between(scene: Scene, item: Candidate) -> tuple[int, int] | None:
    """The months or years behind an act between which it was one of many: `between December 2006 and August 2010`."""
    words, lexicon = scene.words, scene.lexicon
    for k in range(item.last + 1, len(words) - 3):
        if words[k].low == "between" and (years(words[k + 1 : k + 3]) or month_at(words, k + 1, lexicon) is not None):
            return k, k + 3
    return None


def _in_a_war(scene: Scene, item: Candidate) -> tuple[int, int] | None:
    """The war behind an act in which it was one of many: `during the 7-month-old civil war`."""
    words, lexicon = scene.words, scene.lexicon
    for k in range(item.last + 1, len(words) - 2):
        if words[k].low in {"in", "during", "throughout"} and words[k + 1].low in lexicon.determiners:
            war = next(
                (j for j in range(k + 2, min(k + 7, len(words))) if words[j].low in lexicon.status.long_lasting), 0
            )
            if war and not commas(words, k + 1, war):
                return k, war + 1
    return None


def _since(scene: Scene, item: Candidate, *, perfect: bool) -> str | None:
    """Since when a sum is counted, behind an act or at the start of its sentence: a war, an invasion, a year."""
    words, lexicon = scene.words, scene.lexicon

    def counts(at: int, stop: int) -> bool:
        parted = next(iter(commas(words, at + 1, min(at + 6, stop - 1))), stop)
        begun = any(word.low in lexicon.status.counted_from for word in words[at + 1 : min(at + 6, parted)])
        deadly = item.rule.cls in _DEADLY and Form.ING not in item.forms
        month = deadly and any(month_at(words, k, lexicon) is not None for k in range(at + 1, min(at + 3, len(words))))
        month = month or any(word.low in lexicon.status.several for word in scene.words[item.first : at])
        return begun or month or bool(years(words[at:stop]))

    stop = fronted_stop(scene, item.first)
    long_after = perfect and lexicon.status.long_after.find(words, 0, 4) and commas(words, 3, item.first)
    if perfect and (long_after or (words[0].low == "since" and counts(0, stop))):
        return f"{said(words, 0, 3)} counts what happened over a long time"
    record = any(word.low in lexicon.status.records for word in words)  # `killed in its worst raid since the war`
    if record or not (perfect or Form.PARTICIPLE in item.forms):
        return None
    for k in range(item.last + 1, len(words) - 1):
        if words[k].low in lexicon.clause_openers - {"since"} or ";" in words[k].before:
            return None
        if words[k].low == "since":
            before, at = (words[j].low for j in (item.first - 1, item.first))
            lasts = (before, at, item.last + 1) == ("been", "under", k)  # `has been under siege since March`: a state
            known = lasts or counts(k, len(words))
            return f"{said(words, k, k + 3)} counts what happened over a long time" if known else None
    return None


def _is_present(item: Candidate) -> bool:
    return Form.PRESENT in item.forms or item.forms == {Form.BASE}
