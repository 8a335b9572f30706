"""Whether an act is only possible, wished for, or planned."""

from __future__ import annotations

from detection.lexicon import Form
from detection.matching import Candidate
from detection.scene import Scene, clause_start
from detection.scope import (
    commas,
    ends_at,
    governing_infinitive,
    governing_that,
    group,
    is_joined,
    is_month,
    is_tried,
    said,
)
from detection.text import Word
from detente.models import Status

Judged = tuple[Status, str]

AGREED = frozenset({"deescalation.ceasefire", "deescalation.agreement", "mediation.accepted"})
"""Whoever agrees to one of these has done it."""

_WHERE = frozenset({"in", "inside", "within", "from", "near", "at", "on"})
"""With one of these before it a name says where: `use camps inside Mali to launch raids` announces none."""

_PEACEABLE = frozenset({"mediation", "talks"})

_ARMED = frozenset({"escalation.assault", "escalation.fighting", "escalation.mobilisation"})

_ENDS = frozenset({"talks.halted", "talks.rejected", "mediation.halted", "mediation.rejected"})
"""What befalls what was only planned: `the planned talks have been put off` tells of it."""

_CARRIED = 6
"""Words between what carries out a threat and the threat: `followed through on Monday on their threat`."""


def foreseen(scene: Scene, item: Candidate) -> Judged | None:
    """Return whether an act is only possible or planned, and why; None where neither is said."""
    return hypothetical(scene, item) or _modal(scene, item) or _intended(scene, item)


def modal_or_intended(scene: Scene, item: Candidate) -> Judged | None:
    """Return what the verb's own auxiliaries, or what it hangs on, make of it; wishes and conditions left out.

    A phrase may begin with a verb (`could volunteer as a broker`), but `there will be no talks` refuses them now.
    """
    if not item.is_verb:
        modal = _modal(scene, item) if group(scene, item.first) else None
        return modal if modal and modal[0] is Status.HYPOTHETICAL else None
    return _modal(scene, item) or _intended(scene, item)


def hypothetical(scene: Scene, item: Candidate) -> Judged | None:
    """Return why an act is only possible, wished for or asked about, or None."""
    words, known = scene.words, scene.lexicon.status
    modal = _modal(scene, item)
    if modal and modal[0] is Status.HYPOTHETICAL:
        return modal
    if _asks(scene, item) and (modal is None or scene.question):
        return Status.HYPOTHETICAL, f"{words[0].text!r} makes it a question or a condition"
    start = clause_start(scene, item.first)
    if start and words[start - 1].low in known.conditions and not commas(words, start, item.first):
        return Status.HYPOTHETICAL, f"{words[start - 1].text!r} makes it a condition"
    why = _wished(scene, item) if item.is_verb else _doubted(scene, item)
    return (Status.HYPOTHETICAL, why) if why else None


def _wished(scene: Scene, item: Candidate) -> str | None:
    """Why a verb tells of no deed: what governs it is a wish, a call, a fear, or was not even said."""
    words, known = scene.words, scene.lexicon.status
    if governing := governing_infinitive(scene, item):
        wish = governing.low in known.wish_verbs or governing.low in known.wish_nouns
        if wish and not is_tried(scene, words.index(governing)) and not _is_fulfilled(scene, governing):
            return f"{governing.text!r} makes it a wish or a call"
        had = words[words.index(governing) - 1].low in {"had", "'d"}
        if had and governing.low in known.unfulfilled:
            return f"'had {governing.text}' says that it came to nothing"
        if governing.low in {"expect", "expects"} and governing is not words[item.first - 2]:
            return f"{governing.text!r} only foresees it"
        main = range(max(clause_start(scene, item.first), item.first - 8), words.index(governing))
        if possible := next((k for k in main if words[k].low in known.possible and not is_month(scene, k)), None):
            return f"{words[possible].text!r} makes it a possibility"
    if unsure := _told(scene, item) or _feared(scene, item):
        return unsure
    near = [word.low for word in words[max(0, item.first - 4) : item.first]]
    if Form.BASE in item.forms and not known.letting.isdisjoint(near):
        return "somebody may do it, which does not say that he has"
    adds = "," in words[item.first].before  # `shot at a train, injuring two`
    if Form.ING in item.forms and item.first and not adds and words[item.first - 1].low in known.wish_verbs:
        return f"{words[item.first - 1].text!r} makes it a thought"
    return None


def _feared(scene: Scene, item: Candidate) -> str | None:
    """The fear that a clause without `that` hangs on: `as they fear they will be killed there`."""
    words, lexicon = scene.words, scene.lexicon
    for k in range(item.first - 2, max(clause_start(scene, item.first), item.first - 12) - 1, -1):
        if "," in words[k + 1].before:
            return None
        who = words[k + 1].low in lexicon.pronouns or words[k + 1].low in lexicon.determiners
        if words[k].low in lexicon.status.fearing and who and not is_joined(scene, k + 1, item):
            return f"{words[k].text!r} makes it a wish or a fear"
    return None


def _is_fulfilled(scene: Scene, noun: Word) -> bool:
    """Whether somebody did as he had threatened or planned: `made good on its threat to close the pass`."""
    at = scene.words.index(noun)
    return scene.lexicon.status.fulfilled.find(scene.words, max(0, at - _CARRIED), at) is not None


def _told(scene: Scene, item: Candidate) -> str | None:
    """Why a verb in a `that` clause tells of no deed: a wish, a fear, or what nobody is sure of leads to it."""
    words, known = scene.words, scene.lexicon.status
    told = governing_that(scene, item)
    if told is None:
        return None
    subjunctive = Form.BASE in item.forms and told.low in known.wish_verbs and not group(scene, item.first)
    if told.low in known.wish_nouns or subjunctive:
        return f"{told.text!r} makes it a wish or a fear"
    if told.low in scene.lexicon.reporting and _is_unsaid(scene, words.index(told)):
        return f"nobody {told.text!r} it"
    return _is_unsure(scene, words.index(told))


def _is_unsure(scene: Scene, told: int) -> str | None:
    """Why a `that` behind a noun tells nothing sure: `examining claims that …`, `no evidence that …`."""
    words, lexicon = scene.words, scene.lexicon
    before = words[told - 1].low if told else ""
    if words[told].low in lexicon.status.testimony:
        return f"{words[told].text!r} leaves it open"
    leads = before in lexicon.prepositions or before in lexicon.determiners or before.endswith("ing")
    if (words[told].low in lexicon.status.dismissed and leads) or (
        words[told].low in lexicon.status.proofs and before == "no"
    ):
        return f"{said(words, told - 1, told + 1)} leaves it open"
    return None


def _doubted(scene: Scene, item: Candidate) -> str | None:
    """Why a noun tells of no deed: it is called possible, or somebody only thinks of it."""
    known = scene.lexicon.status
    unsure = item.rule.cls not in _ENDS
    if unsure and any(w.low in known.doubtful for w in scene.words[max(0, item.first - 2) : item.first]):
        return "it is called possible, alleged or planned"
    behind = scene.words[item.last + 1] if item.last + 1 < len(scene.words) else None
    if behind and behind.before == " " and behind.low in known.heads and item.rule.family not in _PEACEABLE:
        return f"{behind.text!r} is what it only describes"
    if item.rule.family in _PEACEABLE and (leads := _led_up_to(scene, item)):
        return f"{leads} only leads up to it"
    if (told := governing_that(scene, item)) and (reason := _is_unsure(scene, scene.words.index(told))):
        return reason
    weighed = _before_noun(scene, item, known.weighing) or _enabled(scene, item)
    return f"{weighed!r} makes it a thought" if weighed else None


def _enabled(scene: Scene, item: Candidate) -> str | None:
    """The noun that the verb of an act hangs on: `their ability to unleash | deadlier suicide bombings`."""
    words, known = scene.words, scene.lexicon.status
    if item.rule.cls not in _ARMED:
        return None
    for k in range(item.first - 2, max(0, item.first - 7), -1):
        led = words[k + 1].low in scene.lexicon.prepositions and words[k].low != "to"
        if "," in words[k + 1].before or words[k].low in scene.lexicon.clause_openers or led:
            return None
        if words[k].low == "to":
            leads = words[k - 1].low in known.wish_nouns and not is_tried(scene, k - 1)
            plain = words[k + 1].text.islower() and words[k + 1].low not in scene.lexicon.determiners
            return words[k - 1].text if leads and plain else None
    return None


def _led_up_to(scene: Scene, item: Candidate) -> str | None:
    """What says that talks are yet to come, with at most two words between: `pave the way for direct peace talks`."""
    for stop in range(item.first, max(0, item.first - 3), -1):
        if (start := ends_at(scene.lexicon.status.leading, scene.words, stop)) is not None:
            return said(scene.words, start, stop)
    return None


def _is_unsaid(scene: Scene, verb: int) -> bool:
    """Whether a verb of saying is denied: `could not confirm that`, `neither side said that`."""
    lexicon = scene.lexicon
    start = clause_start(scene, verb)
    negative = scene.words[start].low in lexicon.status.negative_subjects
    return negative or any(word.low in lexicon.negations for word in group(scene, verb))


def _before_noun(scene: Scene, item: Candidate, verbs: frozenset[str]) -> str | None:
    """One of these verbs right before a noun, with at most an adjective between: `weighs new air strikes`."""
    near = scene.words[max(0, item.first - 2) : item.first]
    return next((word.text for word in near if word.low in verbs), None)


def _modal(scene: Scene, item: Candidate) -> Judged | None:
    """What `could`, `will` and their like make of an act: in its verb group, or in that of the noun that tells it."""
    words, known = scene.words, scene.lexicon.status
    own = group(scene, item.first)
    around = own if item.is_verb or own else _verb_around(scene, item)
    for word in around:
        if word.low in known.possible:
            if word.low == "would" and any(w.low in scene.lexicon.reporting for w in words[: item.first]):
                return Status.PLANNED, "'would' after a verb of saying: an announced intent"
            return Status.HYPOTHETICAL, f"{word.text!r} makes it a possibility"
        if word.low in known.planned:
            if word.low == "wo" and not any(w.start == word.end and w.low == "'t" for w in words):
                continue
            threat = item.rule.cls == "escalation.threat"  # what is threatened on a condition is threatened now
            if not threat and (condition := _condition(scene, item)):
                return Status.HYPOTHETICAL, f"{condition!r} makes it a condition"
            return Status.PLANNED, f"{word.text!r} puts it in the future"
    return None


def _verb_around(scene: Scene, item: Candidate) -> list[Word]:
    """The auxiliary of a noun's verb: `would` of `would bring a massacre`, `may` of `a truce in the Congo may come`."""
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    far = item.rule.family in _PEACEABLE  # `would fly to Florida on Thursday for a further round of talks`

    def tells(low: str) -> bool:
        return low in known.possible or low in known.planned

    for k in range(item.first - 1, max(-1, item.first - (14 if far else 6)), -1):
        low = words[k].low
        if tells(low) and not is_month(scene, k):
            return [words[k]]
        led = low in lexicon.prepositions and words[k - 1].low not in known.resulting
        if "," in words[k].before or low in lexicon.clause_openers or (led and not far):
            break
    for k in range(item.last + 1, min(item.last + 9, len(words))):
        low = words[k].low
        if "," in words[k].before or low in lexicon.clause_openers or low in lexicon.reporting:
            break
        if (low in lexicon.auxiliaries or tells(low)) and low != "to" and not is_month(scene, k):
            return [words[k]]
    return []


def _condition(scene: Scene, item: Candidate) -> str | None:
    """The `if` or `unless` of another clause that the act depends on."""
    words, known = scene.words, scene.lexicon.status
    start = clause_start(scene, item.first)
    for k, word in enumerate(words):
        if word.low in {"if", "unless", "provided"} and word.low in known.conditions:
            own = k + 1 == start and not commas(words, start, item.first)
            if not own:
                return word.text
    return None


def _asks(scene: Scene, item: Candidate) -> bool:
    """Whether the sentence is a question, or begins with an auxiliary as one does: `Had it not …`."""
    first = scene.words[0].low
    if scene.question:
        return True
    inverted = first in scene.lexicon.auxiliaries and first in scene.lexicon.status.possible | {
        "will", "is", "are", "does", "do", "did", "has", "have", "had", "can"}  # fmt: skip
    return inverted and item.is_verb and 1 < item.first < 12 and not commas(scene.words, 1, item.first)


def _announced(scene: Scene, item: Candidate) -> Judged | None:
    """Whether a noun is one that somebody plans: `plans for talks`, `talks will begin`."""
    known = scene.lexicon.status
    if item.rule.cls not in _ENDS and (announced := _before_noun(scene, item, known.planning)):
        return Status.PLANNED, f"{announced!r} announces it"
    behind = scene.words[item.last + 1 : item.last + 4]
    planned = next((w for w in behind if w.low in known.plan_verbs or w.low in known.planned), None)
    return (Status.PLANNED, f"{planned.text!r} puts it in the future") if planned else None


def _intended(scene: Scene, item: Candidate) -> Judged | None:
    """Whether an infinitive hangs on a plan (`decided to send`), or is a headline's future (`Ankara to host`)."""
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    if not item.is_verb:
        return _announced(scene, item)
    governing = governing_infinitive(scene, item)
    if governing is None or (governing.low in known.plan_nouns and _is_fulfilled(scene, governing)):
        return None
    at = words.index(governing)
    if (
        governing.low == "going"
        and at
        and (words[at - 1].low in lexicon.be_forms or words[at - 1].low in {"'s", "'re"})
    ):
        return Status.PLANNED, "'going to' announces it"
    if governing.low in known.go_on or (item.rule.cls in AGREED and governing.low in lexicon.status.agreeing):
        return None
    if any(governing.low in listed for listed in (known.plan_verbs, known.plan_nouns, lexicon.be_forms)):
        return Status.PLANNED, f"{governing.text!r} announces it"
    named = governing is words[max(0, item.first - 2)] and governing.text[:1].isupper()
    if named and words[max(0, at - 1)].low not in _WHERE:
        return Status.PLANNED, "a headline's infinitive announces it"
    leading = words[clause_start(scene, item.first) : item.first - 1]
    if ahead := next((word.text for word in leading if word.low in known.planned), None):
        return Status.PLANNED, f"{ahead!r} puts it in the future"  # `will meet rebels to discuss a truce`
    return None
