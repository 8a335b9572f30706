"""Did it happen: reported, planned, hypothetical, denied, historical, or the background of another event.

The checks run in this order, and the first that applies decides: history, denial, background, condition and
possibility, plan; what is left is reported. Each answer comes with its reason in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from detection.dates import named_day, years
from detection.lexicon import Form
from detection.matching import Candidate
from detection.roles import Scene, clause_start, fronted_stop, own_words
from detection.rulefile import OTHER
from detection.text import Word
from detente.models import Status

STALE = timedelta(days=4)
"""A sentence that dates its act further back than this tells background: the news was told then."""

_MAKING = frozenset({"mediation.conducted", "deescalation.agreement", "deescalation.ceasefire"})
"""Classes that bring an accord about: with them its year dates the act too."""

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
        _historical(scene, item, today)
        or _denied(scene, item)
        or _background(scene, item, others, today)
        or ((item.rule.status, "as its rule says") if item.rule.status else None)
        or _hypothetical(scene, item)
        or _planned(scene, item)
        or (Status.REPORTED, "told as a fact")
    )


def is_negated(scene: Scene, item: Candidate) -> bool:
    """Whether the trigger stands under a negation: `did not ask`, `no mediation`, `without talks`."""
    return _negation(scene, item) is not None


def _historical(scene: Scene, item: Candidate, today: date | None) -> Judged | None:
    words, lexicon = scene.words, scene.lexicon
    if marker := lexicon.past_markers.find(words):
        return Status.HISTORICAL, f"{_said(words, *marker)} points to the past"
    for year in years(words):
        at = next(k for k, w in enumerate(words) if w.text == str(year))
        if not _same_clause(scene, item, at):
            continue
        if words[at - 1].low == "since" or (item.rule.cls not in _MAKING and _names_accord(scene, at)):
            continue
        if today is not None and year < today.year:
            return Status.HISTORICAL, f"the sentence speaks of {year}"
        if today is None and _is_near_accord(scene, at):
            return Status.HISTORICAL, f"the sentence speaks of {year}, and no date says that this is now"
    return None


def _is_near_accord(scene: Scene, at: int) -> bool:
    return any(word.low in scene.lexicon.accords for word in scene.words[max(0, at - 3) : at + 3])


def _names_accord(scene: Scene, at: int) -> bool:
    """Whether a year is part of an accord's name: `the 1960 Indus Waters Treaty`, `the treaty of 1960`."""
    words, lexicon = scene.words, scene.lexicon
    if words[at - 1].low == "of" and words[at - 2].low in lexicon.accords:
        return True
    for word in words[at + 1 : at + 6]:
        if word.low in lexicon.accords:
            return True
        if not word.text[:1].isupper() or word.before != " ":
            return False
    return False


def _same_clause(scene: Scene, item: Candidate, at: int) -> bool:
    """Whether the word at `at` stands in the clause of an act, or in the one that this clause explains."""
    start = clause_start(scene, item.first)
    if start <= at:
        return clause_start(scene, at) == start
    return scene.words[start - 1].low in {"where", "when", "which", "that", "who"}


def _denied(scene: Scene, item: Candidate) -> Judged | None:
    words, lexicon = scene.words, scene.lexicon
    for k in range(item.first):
        if words[k].low in lexicon.denials:
            return Status.DENIED, f"{words[k].text!r} stands before it"
        if words[k].low in lexicon.dismissals and any(w.low in lexicon.dismissed for w in words[k + 1 : k + 5]):
            return Status.DENIED, f"{words[k].text!r} dismisses what follows"
    if item.rule.negated:
        return None
    if negation := _negation(scene, item):
        return Status.DENIED, f"negated by {negation!r}"
    if item.first >= 2 and words[item.first - 1].low == "to" and words[item.first - 2].low in lexicon.refusals:
        return Status.DENIED, f"{words[item.first - 2].text!r} stands before it"
    return None


def _negation(scene: Scene, item: Candidate) -> str | None:
    words, lexicon = scene.words, scene.lexicon
    if item.is_verb:
        for word in _group(scene, item.first):
            if word.low in lexicon.negations:
                return word.text
        return None
    for k in range(item.first - 1, max(-1, item.first - 4), -1):
        if words[k].low in lexicon.negations:
            return words[k].text
        if words[k].low in lexicon.prepositions:
            return None
    return None


def _background(scene: Scene, item: Candidate, others: Sequence[Candidate], today: date | None) -> Judged | None:
    words, lexicon = scene.words, scene.lexicon
    if ruled := _governor(scene, item, others):
        return Status.BACKGROUND, f"it is what {_said(words, ruled.first, ruled.last + 1)} speaks of"
    if known := _relative(scene, item, others):
        return Status.BACKGROUND, known
    opener = _opener(scene, item)
    if opener:
        said = _said(words, *opener)
        if lexicon.strong_background.at(words, opener[0]):
            return Status.BACKGROUND, f"it stands behind {said}"
        inside = words[opener[1] : item.first + 1]
        if not item.is_verb and any(w.low in lexicon.anaphoric for w in inside):
            return Status.BACKGROUND, f"it stands behind {said}, as something known"
        if any((other is not item and other.first < opener[0]) or other.first > item.last + 3 for other in others):
            return Status.BACKGROUND, f"it stands behind {said}, which opens the background of another act"
    day = named_day(own_words(scene, item), lexicon, today)
    if day and today and today - day > STALE:
        return Status.BACKGROUND, f"it is dated {day.isoformat()}, {(today - day).days} days before the article"
    return None


def _relative(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> str | None:
    """Why an act in a relative clause is known already: another act stands before it, or `the attack that killed`."""
    words, lexicon = scene.words, scene.lexicon
    start = clause_start(scene, item.first)
    opener = words[start - 1].low if start else ""
    if not item.is_verb or start < 2 or opener not in {"who", "which", "whose", "that"}:
        return None
    if start < fronted_stop(scene, item.first):
        return None
    before = words[start - 2].low
    if opener == "that" and before in lexicon.reporting | lexicon.wish_verbs | lexicon.plan_verbs | lexicon.denials:
        return None
    if any(other.first < start - 1 and other.is_verb for other in others):
        return f"{opener!r} explains with it what another act is about"
    if any(word.low in lexicon.anaphoric for word in words[max(0, start - 5) : start - 1]):
        return f"{_said(words, max(0, start - 3), start)} explains something known with it"
    return None


def _governor(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> Candidate | None:
    """The verb of another kind (accuse, condemn, call for an end to) that has this act as its object, if any."""
    for other in others:
        if other.rule.family != OTHER or not other.last < item.first <= other.last + 14:
            continue
        if clause_start(scene, item.first) > other.last and item.is_verb:
            continue
        between = scene.words[other.last + 1 : item.first]
        to_infinitive = bool(between) and between[-1].low == "to"
        if not item.is_verb or Form.ING in item.forms or to_infinitive:
            return other
    return None


def _opener(scene: Scene, item: Candidate) -> tuple[int, int] | None:
    """The words before the trigger that open a background phrase around it (`after`, `in response to`), if any."""
    reach = 12 if item.is_verb else 8
    for k in range(item.first - 1, max(-1, item.first - reach), -1):
        if length := scene.lexicon.background.at(scene.words, k, item.first):
            return k, k + length
        if "," in scene.words[k].before and k < item.first - 2:
            return None
    return None


def _hypothetical(scene: Scene, item: Candidate) -> Judged | None:
    words, lexicon = scene.words, scene.lexicon
    start = clause_start(scene, item.first)
    around = _group(scene, item.first) if item.is_verb else list(words[item.last + 1 : item.last + 4])
    for word in around:
        if word.low in lexicon.hypothetical:
            if word.low == "would" and any(w.low in lexicon.reporting for w in words[: item.first]):
                return Status.PLANNED, "'would' after a verb of saying: an announced intent"
            return Status.HYPOTHETICAL, f"{word.text!r} makes it a possibility"
    if (
        start
        and words[start - 1].low in {"if", "unless", "whether", "until"}
        and not _comma_between(words, start, item.first)
    ):
        return Status.HYPOTHETICAL, f"{words[start - 1].text!r} makes it a condition"
    if any(w.low in lexicon.doubtful for w in words[max(0, item.first - 2) : item.first]) and not item.is_verb:
        return Status.HYPOTHETICAL, "it is called possible, alleged or planned"
    governing = _governing_infinitive(scene, item)
    if governing and governing.low in lexicon.wish_verbs | lexicon.wish_nouns:
        return Status.HYPOTHETICAL, f"{governing.text!r} makes it a wish or a call"
    if item.is_verb and Form.ING in item.forms and item.first and words[item.first - 1].low in lexicon.wish_verbs:
        return Status.HYPOTHETICAL, f"{words[item.first - 1].text!r} makes it a thought"
    return None


def _comma_between(words: Sequence[Word], start: int, stop: int) -> bool:
    return any("," in word.before for word in words[start : stop + 1])


def _planned(scene: Scene, item: Candidate) -> Judged | None:
    words, lexicon = scene.words, scene.lexicon
    around = _group(scene, item.first) if item.is_verb else list(words[item.last + 1 : item.last + 4])
    for word in around:
        if word.low in lexicon.planned or (word.low == "won" and word.end and _followed_by_t(words, word)):
            return Status.PLANNED, f"{word.text!r} puts it in the future"
        if not item.is_verb and word.low in lexicon.plan_verbs:
            return Status.PLANNED, f"{word.text!r} puts it in the future"
    governing = _governing_infinitive(scene, item)
    if governing is None or governing.low in lexicon.go_on:
        return None
    if governing.low in lexicon.plan_verbs | lexicon.plan_nouns | lexicon.be_forms:
        return Status.PLANNED, f"{governing.text!r} announces it"
    if governing is words[max(0, item.first - 2)] and governing.text[:1].isupper():
        return Status.PLANNED, "a headline's infinitive announces it"
    return None


def _governing_infinitive(scene: Scene, item: Candidate) -> Word | None:
    """The word that an infinitive hangs on: `agreed` of `agreed to host`, `urged` of `urged Russia to mediate`."""
    words, lexicon = scene.words, scene.lexicon
    if not item.is_verb or item.first < 2:
        return None
    at = item.first - 1
    if words[at].low == "not":
        at -= 1
    if words[at].low != "to":
        return None
    governing = words[at - 1]
    known = lexicon.wish_verbs | lexicon.wish_nouns | lexicon.plan_verbs | lexicon.plan_nouns | lexicon.be_forms
    if governing.low in known | lexicon.go_on:
        return governing
    for k in range(at - 2, max(-1, at - 8), -1):
        if words[k].low in lexicon.wish_verbs | lexicon.plan_verbs:
            return words[k]
        if words[k].low in lexicon.prepositions and words[k].low not in {"of", "in"}:
            break
    return governing


def _group(scene: Scene, position: int) -> list[Word]:
    """The auxiliaries and adverbs right before a verb, nearest first; of an infinitive, those before its governor."""
    found: list[Word] = []
    for k in range(position - 1, max(-1, position - 6), -1):
        word = scene.words[k]
        if word.low == "to" or (word.low not in scene.lexicon.auxiliaries and not word.low.endswith("ly")
                                and word.low not in scene.lexicon.negations):  # fmt: skip
            break
        found.append(word)
    return found


def _followed_by_t(words: Sequence[Word], word: Word) -> bool:
    return any(w.start == word.end and w.low == "'t" for w in words)


def _said(words: Sequence[Word], start: int, stop: int) -> str:
    return repr(" ".join(word.text for word in words[max(start, 0) : stop]))
