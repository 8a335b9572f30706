"""Whether an act is denied: by a negation, by who calls it false, by what leads to it and was not done."""

from __future__ import annotations

from detection.lexicon import Form
from detection.matching import Candidate
from detection.scene import Scene, clause_start, fronted_stop
from detection.scope import commas, ends_at, governing_infinitive, governs, group, said


def denied(scene: Scene, item: Candidate) -> str | None:
    """Return why an act is denied, or None."""
    words, known = scene.words, scene.lexicon.status
    for k in range(item.first):
        if words[k].low in known.denials and governs(scene, k, item):
            return f"{words[k].text!r} stands before it"
        if words[k].low in known.dismissals and governs(scene, k, item):
            behind = words[k + 1 : min(k + 7, item.first)]
            if any(word.low in known.dismissed for word in behind):
                return f"{words[k].text!r} dismisses what follows"
    if item.rule.negated:
        return None
    if called := _called_false(scene, item):
        return called
    if negated := negation(scene, item) or _negated_governor(scene, item):
        return f"negated by {negated!r}"
    if held_back := _held_back(scene, item):
        return held_back
    if item.is_verb and (length := known.holding_back.at(words, 0)) and commas(words, item.last + 1, len(words) - 1):
        shut = commas(words, 1, item.first)  # `Instead of sending jets to bomb them, Paris …`
        return None if shut else f"{said(words, 0, length)} rules it out"
    return _prevented(scene, item)


def _held_back(scene: Scene, item: Candidate) -> str | None:
    """Why a verb tells what was not done: `stopped short of | firing`, `an accord has yet to | be signed`."""
    words, known = scene.words, scene.lexicon.status
    for stop in (item.first, item.first - len(group(scene, item.first))):
        if item.is_verb and (start := ends_at(known.holding_back, words, stop)) is not None:
            return f"{said(words, start, stop)} stands before it"
    return None


def _prevented(scene: Scene, item: Candidate) -> str | None:
    """Why an act is one that somebody is kept from: `banned Libya from testing missiles`."""
    words = scene.words
    if Form.ING not in item.forms or words[item.first - 1].low != "from":
        return None
    for word in words[max(clause_start(scene, item.first), item.first - 9) : item.first - 1]:
        if word.low in scene.lexicon.status.preventing:
            return f"{word.text!r} keeps from it"
    return None


def _called_false(scene: Scene, item: Candidate) -> str | None:
    """Why a claim is denied that the sentence calls false: `the report that … was untrue`, `it is not true that …`."""
    words, known = scene.words, scene.lexicon.status
    told = any(word.low in known.dismissed for word in words)
    if told and (place := known.false.find(words)) and _is_said_of_it(scene, place[0]):
        return f"the sentence calls it {said(words, *place)}"
    for k in range(1, item.first):
        if words[k].low in {"true", "truth"} and words[k - 1].low in scene.lexicon.negations:
            return f"{said(words, k - 1, k + 1)} stands before it"
    return None


def _is_said_of_it(scene: Scene, at: int) -> bool:
    """Whether `false` is said of something: `is false`, `as false`, `called it a lie`; not `false papers`."""
    before = [word.low for word in scene.words[:at]]
    return any(word in scene.lexicon.be_forms or word == "as" for word in before[-3:]) or any(
        word in scene.lexicon.status.calling for word in before
    )


def negation(scene: Scene, item: Candidate) -> str | None:
    """Return the word that negates a trigger: `did not ask`, `no mediation`, `without talks`; None for none."""
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status

    def negates(at: int) -> bool:
        return words[at].low in lexicon.negations and not known.no_negation.at(words, at)

    if item.is_verb:
        reach = range(item.first - len(group(scene, item.first)), item.first)
        denied_by = next((words[k].text for k in reach if negates(k)), None) or _negative_subject(scene, item)
        denied_by = denied_by or _negative_object(scene, item)
        if denied_by or words[reach.start - 1].low != "or":
            return denied_by
        joined = range(clause_start(scene, reach.start), reach.start)  # `has not sent troops or closed the sky`
        return next((words[k].text for k in joined if negates(k)), None)
    for k in range(item.first - 1, max(-1, item.first - 4), -1):
        if negates(k):
            return words[k].text
        if words[k].low in lexicon.prepositions:
            break
    return None


def _negative_object(scene: Scene, item: Candidate) -> str | None:
    """The word behind a verb that says that it struck nobody: `killed no one`; not `killed no fewer than ten`."""
    words, known, at = scene.words, scene.lexicon.status, item.last + 1
    if at >= len(words) or known.no_negation.at(words, at) or "," in words[at].before:
        return None
    return words[at].text if words[at].low in {"no", "none", "nobody"} & known.negative_subjects else None


def _negated_governor(scene: Scene, item: Candidate) -> str | None:
    """The negation of what an infinitive hangs on: `did not agree to withdraw`, `at no time did it agree to`."""
    governing = governing_infinitive(scene, item)
    known = scene.lexicon.status
    if governing is None or (governing.low not in known.plan_verbs and governing.low not in known.go_on):
        return None
    before = group(scene, scene.words.index(governing))
    return next((word.text for word in before if word.low in scene.lexicon.negations), None)


def _negative_subject(scene: Scene, item: Candidate) -> str | None:
    """The word that denies a verb through its subject: `no missile was fired`, `neither side asked`."""
    words, known = scene.words, scene.lexicon.status
    governing = governing_infinitive(scene, item)
    if governing and governing.low not in known.plan_verbs and governing.low not in known.wish_verbs:
        return None  # `no country did more to mediate` denies no mediation
    start = max(clause_start(scene, item.first), fronted_stop(scene, item.first))
    if length := known.never.at(words, start):
        return " ".join(word.text for word in words[start : start + length])
    if shut := commas(words, start + 1, item.first):
        start = shut[-1] + int(words[shut[-1]].low in {"and", "but"})
    told = (k + 1 for k in range(item.first - 2, start, -1) if words[k].low in scene.lexicon.reporting)
    start = next(told, start)
    first = words[start]
    if start < item.first and first.low in known.negative_subjects and not known.no_negation.at(words, start):
        return first.text
    return None
