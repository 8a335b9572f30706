"""Whether an act is a habit or a sum of many: `often shells the town`, `has killed thousands since the invasion`."""

from __future__ import annotations

from detection.dates import years
from detection.lexicon import Form
from detection.matching import Candidate
from detection.scene import Scene, clause_start, fronted_stop
from detection.scope import commas, said

_DEADLY = frozenset({"escalation.assault", "escalation.fighting", "escalation.mass_violence"})
_COUNTED = _DEADLY | {"escalation.coercion", "escalation.mobilisation"}
"""Classes of which there are many in a war; ties are reduced, and threats made, one by one."""


def summed(scene: Scene, item: Candidate) -> str | None:
    """Return why an act is a habit or a sum and no deed, or None: `often shells`, `has killed ten since the coup`."""
    words, lexicon = scene.words, scene.lexicon
    if item.rule.cls not in _COUNTED:
        return None
    leading = [word.low for word in words[max(clause_start(scene, item.first), item.first - 5) : item.first]]
    known, perfect = lexicon.status, not lexicon.have_forms.isdisjoint(leading)
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
    span = known.spans.find(words) if perfect else None
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


def _since(scene: Scene, item: Candidate, *, perfect: bool) -> str | None:
    """Since when a sum is counted, behind an act or at the start of its sentence: a war, an invasion, a year."""
    words, lexicon = scene.words, scene.lexicon

    def counts(at: int, stop: int) -> bool:
        parted = next(iter(commas(words, at + 1, min(at + 6, stop - 1))), stop)
        begun = any(word.low in lexicon.status.counted_from for word in words[at + 1 : min(at + 6, parted)])
        deadly = item.rule.cls in _DEADLY and Form.ING not in item.forms
        month = deadly and any(word.low in lexicon.months for word in words[at + 1 : at + 3])
        return begun or month or bool(years(words[at:stop]))

    stop = fronted_stop(scene, item.first)
    if perfect and words[0].low == "since" and counts(0, stop):
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
