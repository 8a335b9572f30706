"""Did it happen: reported, planned, hypothetical, denied, historical, or the background of another event.

The checks run in this order, and the first that applies decides: fiction, sport and business, history, denial,
background, possibility, plan; what is left is reported. Each answer comes with its reason in words. What the words
before a trigger say of it is read by `detection.scope`; the words themselves stand in the language's file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from detection.dates import named_day
from detection.history import historical, past_month
from detection.lexicon import Form
from detection.matching import Candidate
from detection.roles import Scene, clause_start, fronted_stop, own_words
from detection.rulefile import OTHER
from detection.scope import (
    aside_is_over,
    commas,
    ends_at,
    governing_infinitive,
    governing_that,
    governs,
    group,
    is_month,
    said,
)
from detection.text import Word
from detente.models import Status

STALE = timedelta(days=4)
"""A sentence that dates its act further back than this tells background: the news was told then."""

_RELATIVE = frozenset({"who", "which", "whose", "that"})

Judged = tuple[Status, str]


def judge(scene: Scene, item: Candidate, others: Sequence[Candidate], today: date | None) -> Judged:
    """Return a mention's status and why.

    Args:
        scene: the sentence.
        item: the rule that fired.
        others: the other rules that fired in the sentence, with those of the family `other`.
        today: the article's day, if known.
    """
    return (
        _elsewhere(scene)
        or _past(historical(scene, item, today))
        or _denied(scene, item)
        or _background(scene, item, others, today)
        or _ruled(scene, item)
        or _hypothetical(scene, item)
        or _planned(scene, item)
        or _past(past_month(scene, item, today))
        or (Status.REPORTED, "told as a fact")
    )


def _past(why: str | None) -> Judged | None:
    return (Status.HISTORICAL, why) if why else None


def is_negated(scene: Scene, item: Candidate) -> bool:
    """Whether the trigger stands under a negation: `did not ask`, `no mediation`, `without talks`."""
    return _negation(scene, item) is not None


def _elsewhere(scene: Scene) -> Judged | None:
    """Whether a sentence speaks of a film, a match or a merger: what fights there, or makes peace, is no event."""
    known = scene.lexicon.status
    lows = {word.low for word in scene.words}
    if not lows.isdisjoint(known.hard):
        return None
    for domain, phrases in known.domains.items():
        if phrases.stands_in(scene.words, lows) and (found := phrases.find(scene.words)):
            return Status.BACKGROUND, f"{said(scene.words, *found)} says that this is {domain}"
    return None


def _denied(scene: Scene, item: Candidate) -> Judged | None:
    words, known = scene.words, scene.lexicon.status
    for k in range(item.first):
        if words[k].low in known.denials and governs(scene, k, item):
            return Status.DENIED, f"{words[k].text!r} stands before it"
        if words[k].low in known.dismissals and governs(scene, k, item):
            behind = words[k + 1 : min(k + 7, item.first)]
            if any(word.low in known.dismissed for word in behind):
                return Status.DENIED, f"{words[k].text!r} dismisses what follows"
    if item.rule.negated:
        return None
    if called := _called_false(scene, item):
        return Status.DENIED, called
    if negation := _negation(scene, item):
        return Status.DENIED, f"negated by {negation!r}"
    if item.is_verb and (start := ends_at(known.holding_back, words, item.first)) is not None:
        return Status.DENIED, f"{said(words, start, item.first)} stands before it"
    return None


def _called_false(scene: Scene, item: Candidate) -> str | None:
    """Why a claim is denied that the sentence calls false: `the report that … was untrue`, `it is not true that …`."""
    words, known = scene.words, scene.lexicon.status
    told = any(word.low in known.dismissed for word in words)
    for k, word in enumerate(words):
        if told and word.low in known.false and not (k + 1 < len(words) and words[k + 1].low == "flag"):
            return f"the sentence calls it {word.text!r}"
        if word.low in {"true", "truth"} and 0 < k < item.first and words[k - 1].low in scene.lexicon.negations:
            return f"{said(words, k - 1, k + 1)} stands before it"
    return None


def _negation(scene: Scene, item: Candidate) -> str | None:
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status

    def negates(at: int) -> bool:
        return words[at].low in lexicon.negations and not known.no_negation.at(words, at)

    if item.is_verb:
        reach = range(item.first - len(group(scene, item.first)), item.first)
        return next((words[k].text for k in reach if negates(k)), None) or _negative_subject(scene, item)
    for k in range(item.first - 1, max(-1, item.first - 4), -1):
        if negates(k):
            return words[k].text
        if words[k].low in lexicon.prepositions:
            break
    return None


def _negative_subject(scene: Scene, item: Candidate) -> str | None:
    """The word that denies a verb through its subject: `no missile was fired`, `neither side asked`."""
    words, known = scene.words, scene.lexicon.status
    start = max(clause_start(scene, item.first), fronted_stop(scene, item.first))
    if shut := commas(words, start + 1, item.first):
        start = shut[-1]
    first = words[start]
    if start < item.first and first.low in known.negative_subjects and not known.no_negation.at(words, start):
        return first.text
    return None


def _background(scene: Scene, item: Candidate, others: Sequence[Candidate], today: date | None) -> Judged | None:
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    if ruled := _governor(scene, item, others):
        return Status.BACKGROUND, f"it is what {said(words, ruled.first, ruled.last + 1)} speaks of"
    if explains := _relative(scene, item, others):
        return Status.BACKGROUND, explains
    if (behind := known.about.find(words, item.last + 1)) is not None:
        return Status.BACKGROUND, f"something else {said(words, *behind)}"
    if opener := _opener(scene, item):
        inside = words[opener[1] : item.first + 1]
        if known.strong_background.at(words, opener[0]) or ends_at(known.long_after, words, opener[1]) is not None:
            return Status.BACKGROUND, f"it stands behind {said(words, *opener)}"
        harmed = any(word.low in known.harmed for word in words[: opener[0]])
        if not item.is_verb and not harmed and any(word.low in known.anaphoric for word in inside):
            return Status.BACKGROUND, f"it stands behind {said(words, *opener)}, as something known"
        if any((other is not item and other.first < opener[0]) or other.first > item.last + 3 for other in others):
            return (
                Status.BACKGROUND,
                f"it stands behind {said(words, *opener)}, which opens the background of another act",
            )
    day = named_day(own_words(scene, item), lexicon, today)
    if day and today and today - day > STALE:
        return Status.BACKGROUND, f"it is dated {day.isoformat()}, {(today - day).days} days before the article"
    return None


def _relative(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> str | None:
    """Why an act in a relative clause is known already: another act stands before it, or `the attack that killed`."""
    words, known = scene.words, scene.lexicon.status
    start = clause_start(scene, item.first)
    opener = words[start - 1].low if start else ""
    if opener in {"when", "where"} and any(word.low in {"who", "whose"} for word in words[: start - 1]):
        return f"{opener!r} explains with it what another clause is about"
    if not item.is_verb or start < 2 or opener not in _RELATIVE:
        return None
    if start < fronted_stop(scene, item.first) or aside_is_over(scene, start - 1, item.first):
        return None
    before = words[start - 2].low
    if opener == "that" and before in (
        scene.lexicon.reporting | known.wish_verbs | known.wish_nouns | known.plan_verbs | known.denials
    ):
        return None
    if any(other.first < start - 1 and other.is_verb for other in others):
        return None if _adds(scene, start, item) else f"{opener!r} explains with it what another act is about"
    if any(word.low in known.anaphoric for word in words[max(0, start - 5) : start - 1]):
        return f"{said(words, max(0, start - 3), start)} explains something known with it"
    return None


def _adds(scene: Scene, start: int, item: Candidate) -> bool:
    """Whether a relative clause goes on telling: `, which ruled out …`, `, under which it is to free …`."""
    words = scene.words
    opener = start - 1
    if words[opener - 1].low in scene.lexicon.prepositions:
        opener -= 1
    loose = "," in words[opener].before and words[start - 1].low != "that"
    return loose and not any(word.low in {"had", "'d"} for word in group(scene, item.first))


def _governor(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> Candidate | None:
    """The verb of another kind (accuse, condemn, call for an end to) that has this act as its object, if any."""
    for other in others:
        if other.rule.family != OTHER or not other.last < item.first <= other.last + 14:
            continue
        if clause_start(scene, item.first) > other.last and item.is_verb:
            continue
        between = scene.words[other.last + 1 : item.first]
        to_infinitive = bool(between) and between[-1].low == "to"
        told = bool(between) and between[0].low in {"how", "where", "when"}
        if not item.is_verb or Form.ING in item.forms or to_infinitive or told:
            return other
    return None


def _opener(scene: Scene, item: Candidate) -> tuple[int, int] | None:
    """The words before the trigger that open a background phrase around it (`after`, `in response to`), if any."""
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    start = clause_start(scene, item.first)
    near = 12 if item.is_verb else 8
    for k in range(item.first - 1, max(-1, item.first - 12), -1):
        if "," in words[k + 1].before:
            return None
        length = lexicon.background.at(words, k, item.first) if item.first - k < near else 0
        length = length or known.strong_background.at(words, k, item.first)
        if length and not _is_a_date(scene, k + length) and (start <= k + length or k + length == start):
            return k, k + length
    return None


def _is_a_date(scene: Scene, at: int) -> bool:
    """Whether a time follows: `since 2022` and `after Monday` open no background."""
    word, lexicon = scene.words[at], scene.lexicon
    return word.text.isdigit() or (word.text[:1].isupper() and word.low in lexicon.months + lexicon.weekdays)


def _ruled(scene: Scene, item: Candidate) -> Judged | None:
    """The status that the rule itself gives, unless the verb is in the future or only possible."""
    if item.rule.status is None:
        return None
    if item.is_verb and not item.rule.negated and item.rule.status is Status.REPORTED:
        modal = _modal(scene, item) or _intended(scene, item)
        if modal:
            return modal
    return item.rule.status, "as its rule says"


def _hypothetical(scene: Scene, item: Candidate) -> Judged | None:
    words, known = scene.words, scene.lexicon.status
    modal = _modal(scene, item)
    if modal and modal[0] is Status.HYPOTHETICAL:
        return modal
    if modal is None and _asks(scene, item):
        return Status.HYPOTHETICAL, f"{words[0].text!r} makes it a question or a condition"
    start = clause_start(scene, item.first)
    if start and words[start - 1].low in known.conditions and not commas(words, start, item.first):
        return Status.HYPOTHETICAL, f"{words[start - 1].text!r} makes it a condition"
    if any(w.low in known.doubtful for w in words[max(0, item.first - 2) : item.first]) and not item.is_verb:
        return Status.HYPOTHETICAL, "it is called possible, alleged or planned"
    governing = governing_infinitive(scene, item)
    if governing and governing.low in known.wish_verbs | known.wish_nouns:
        return Status.HYPOTHETICAL, f"{governing.text!r} makes it a wish or a call"
    if item.is_verb and (told := governing_that(scene, item)):
        subjunctive = Form.BASE in item.forms and told.low in known.wish_verbs and not group(scene, item.first)
        if told.low in known.wish_nouns or subjunctive:
            return Status.HYPOTHETICAL, f"{told.text!r} makes it a wish or a fear"
    if item.is_verb and Form.ING in item.forms and item.first and words[item.first - 1].low in known.wish_verbs:
        return Status.HYPOTHETICAL, f"{words[item.first - 1].text!r} makes it a thought"
    return None


def _modal(scene: Scene, item: Candidate) -> Judged | None:
    """What `could`, `will` and their like make of an act: in its verb group, or in that of the noun that tells it."""
    words, known = scene.words, scene.lexicon.status
    around = group(scene, item.first) if item.is_verb else _verb_around(scene, item)
    for word in around:
        if word.low in known.possible:
            if word.low == "would" and any(w.low in scene.lexicon.reporting for w in words[: item.first]):
                return Status.PLANNED, "'would' after a verb of saying: an announced intent"
            return Status.HYPOTHETICAL, f"{word.text!r} makes it a possibility"
        if word.low in known.planned:
            if word.low == "wo" and not any(w.start == word.end and w.low == "'t" for w in words):
                continue
            if condition := _condition(scene, item):
                return Status.HYPOTHETICAL, f"{condition!r} makes it a condition"
            return Status.PLANNED, f"{word.text!r} puts it in the future"
    return None


def _verb_around(scene: Scene, item: Candidate) -> list[Word]:
    """The auxiliary of a noun's verb: `would` of `would bring a massacre`, `may` of `a truce in the Congo may come`."""
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    telling = known.possible | known.planned
    for k in range(item.first - 1, max(-1, item.first - 6), -1):
        if words[k].low in telling and not is_month(scene, k):
            return [words[k]]
        if "," in words[k].before or words[k].low in lexicon.clause_openers | lexicon.prepositions:
            break
    for k in range(item.last + 1, min(item.last + 9, len(words))):
        if "," in words[k].before or words[k].low in lexicon.clause_openers | lexicon.reporting:
            break
        if words[k].low in lexicon.auxiliaries | telling and words[k].low != "to" and not is_month(scene, k):
            return [words[k]]
    return []


def _condition(scene: Scene, item: Candidate) -> str | None:
    """The `if` or `unless` of another clause that the act depends on."""
    words, known = scene.words, scene.lexicon.status
    start = clause_start(scene, item.first)
    for k, word in enumerate(words):
        if word.low in {"if", "unless", "provided"} & known.conditions and k + 1 != start:
            return word.text
    return None


def _asks(scene: Scene, item: Candidate) -> bool:
    """Whether the sentence begins with an auxiliary, as questions and `Had it not …` do."""
    first = scene.words[0].low
    inverted = first in scene.lexicon.auxiliaries and first in scene.lexicon.status.possible | {
        "will", "is", "are", "does", "do", "did", "has", "have", "had", "can"}  # fmt: skip
    return inverted and item.is_verb and 1 < item.first < 12 and not commas(scene.words, 1, item.first)


def _planned(scene: Scene, item: Candidate) -> Judged | None:
    return _modal(scene, item) or _intended(scene, item)


def _intended(scene: Scene, item: Candidate) -> Judged | None:
    """Whether an infinitive hangs on a plan (`decided to send`), or is a headline's future (`Ankara to host`)."""
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    if not item.is_verb:
        behind = words[item.last + 1 : item.last + 4]
        planned = next((w for w in behind if w.low in known.plan_verbs | known.planned), None)
        return (Status.PLANNED, f"{planned.text!r} puts it in the future") if planned else None
    governing = governing_infinitive(scene, item)
    if governing is None:
        return None
    at = words.index(governing)
    if governing.low == "going" and at and words[at - 1].low in lexicon.be_forms | {"'s", "'re"}:
        return Status.PLANNED, "'going to' announces it"
    if governing.low in known.go_on:
        return None
    if governing.low in known.plan_verbs | known.plan_nouns | lexicon.be_forms:
        return Status.PLANNED, f"{governing.text!r} announces it"
    if governing is words[max(0, item.first - 2)] and governing.text[:1].isupper():
        return Status.PLANNED, "a headline's infinitive announces it"
    return None
