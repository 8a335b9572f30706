"""Whether a past participle only says which: `mines laid by the army were cleared`, `met a man shot in March`."""

from __future__ import annotations

from collections.abc import Sequence

from detection.lexicon import Form, Lexicon
from detection.matching import Candidate
from detection.scene import Scene, clause_start, clause_stop
from detection.text import Word
from detection.verbs import HEADLINE, PAST_FORMS

_JOINS = frozenset({"and", "or", "but", "with", "including", "leaving", "than"})
"""What opens a clause that a headline leaves without its `were`: `five died and ten wounded in a raid`."""

_ARTICLES = frozenset({"a", "an", "the"})

_SINCE = frozenset({"since", "in", "on", "by", "for", "during", "last"})
"""What follows a participle that ends a sentence as an aside."""

_STILL = frozenset({"already", "still", "now", "once"})

_PEACEABLE = frozenset({"mediation", "talks"})

_AMONG = frozenset({"including", "among"})

_NAMED = 6
"""Words that may stand between `including` and what is said of whom it names."""

_WHEN = frozenset({"last", "earlier", "yesterday"})
"""What may follow a participle as a preposition may: `would not free the crew abducted last month`."""

_TIMES = frozenset({"late", "early", "on", "yesterday", "today"})

_ASIDE = 16
"""Words that an aside may have."""

_FINDING = frozenset({"found", "find", "finds", "left", "lost", "saw", "sees", "had", "recovered", "discovered"})
"""What these verbs are followed by is news itself: `found six men shot in a ditch`."""


def own_verb(scene: Scene, item: Candidate) -> str | None:
    """Return the verb of the clause in which a participle explains its noun, or None where it may be the verb itself.

    What a participle is told from: nothing follows that it could act on, no auxiliary stands before it, and another
    verb of its clause does, before its noun or behind it.
    """
    words = scene.words
    if not item.is_verb or not item.forms <= PAST_FORMS or Form.PARTICIPLE not in item.forms or not item.first:
        return None
    if words[item.first - 1].low == "being":
        return _being(scene, item)
    first = item.first - int(words[item.first - 1].low in _STILL)
    before, at = words[first - 1], item.last + 1
    if _is_told(scene, item.first):
        return behind(scene, item.last)
    if before.low == "and" or words[first - 2].low == "and":
        return _joined_aside(scene, first, at)
    return _behind_noun(scene, item, first, at)


def _being(scene: Scene, item: Candidate) -> str | None:
    """The verb of a clause in which `being` leads an aside: `rejected talks on hostages still being held in caves`."""
    words, first = scene.words, item.first - 1
    first -= int(words[first - 1].low in _STILL)
    if first < 1 or not _is_noun(words[first - 1], scene.lexicon) or "," in words[first].before:
        return None
    lexicon = scene.lexicon
    for k in range(first - 2, clause_start(scene, first) - 1, -1):
        led = bool(k) and (words[k - 1].low in lexicon.determiners or words[k - 1].low in lexicon.prepositions)
        told = words[k].low in lexicon.pasts or words[k].low.endswith("ed")
        if _is_auxiliary(words, k, scene) or (told and k and not led):
            return words[k].text
        if "," in words[k + 1].before:
            break
    return behind(scene, item.last + 1)


def _behind_noun(scene: Scene, item: Candidate, first: int, at: int) -> str | None:
    """The verb of a clause in which a participle from `first` to `at` stands right behind the noun that it explains."""
    words, lexicon = scene.words, scene.lexicon
    before = words[first - 1]
    if not _is_noun(before, lexicon) or before.low in _FINDING or at >= len(words):
        return None  # `was found murdered in a ditch`
    trigger = words[item.first + 1 : at]
    plain = all(word.low in lexicon.particles or word.low in lexicon.prepositions for word in trigger)
    if "," in words[at].before or not plain:
        return None
    if item.first == item.last and (words[at].low in lexicon.be_forms or words[at].low in lexicon.have_forms):
        return words[at].text  # `among the twelve arrested | were two judges`
    if Form.PAST in item.forms and words[at].low not in lexicon.prepositions and words[at].low not in _WHEN:
        return None
    if "," in words[first].before:
        told = _past_aside(scene, first, at, finite=item.rule.family not in _PEACEABLE)
        return told or _trailing(scene, first, at) or _set_off(scene, first, at)
    return (
        behind(scene, at) or _ahead(scene, item.first, passive=words[at].low == "by") or _counted_in(scene, first, at)
    )


def _is_told(scene: Scene, first: int) -> bool:
    """Whether a verb of saying stands before a word, with at most a time between: `said late Sunday | captured men`."""
    words, lexicon = scene.words, scene.lexicon
    k = first - 1
    while k > 0 and (words[k].low in lexicon.calendar or words[k].low in _TIMES):
        k -= 1
    return k > 0 and words[k].low in lexicon.reporting and "," not in words[first].before


def _counted_in(scene: Scene, first: int, start: int) -> str | None:
    """The verb behind people who are only named among others: `ten parties, including one banned in May, signed …`."""
    words = scene.words
    led = any(word.low in _AMONG for word in words[max(clause_start(scene, first), first - _NAMED) : first])
    closing = next((k for k in range(start + 1, min(start + _ASIDE, len(words) - 1)) if "," in words[k].before), 0)
    finite = closing and (words[closing].low in scene.lexicon.pasts or words[closing].low.endswith("ed"))
    return words[closing].text if led and finite else None


def subject_of(scene: Scene, item: Candidate) -> str | None:
    """Return the verb whose subject an act is, or None: `warned that bombing the city | could be a crime`."""
    if item.forms != {Form.ING} or not item.is_verb:
        return None
    opens = clause_start(scene, item.first) in {item.first, item.first - 1}
    led = scene.words[item.first - 1] if item.first else None
    if not opens or (led and led.low in scene.lexicon.auxiliaries) or "," in scene.words[item.first].before:
        return None
    return behind(scene, item.last)


def _is_noun(word: Word, lexicon: Lexicon) -> bool:
    """Whether a word is neither one of grammar, a number, an adverb nor a verb of saying."""
    closed = (lexicon.auxiliaries, lexicon.determiners, lexicon.prepositions, lexicon.pronouns, lexicon.reporting)
    ruled_out = any(word.low in listed for listed in (*closed, lexicon.clause_openers, _JOINS))
    return not ruled_out and not word.low[:1].isdigit() and not word.low.endswith("ly")


def behind(scene: Scene, start: int) -> str | None:
    """Return the auxiliary behind an act that says that its noun is the subject of another verb, or None."""
    words, lexicon = scene.words, scene.lexicon
    for k in range(start, clause_stop(scene, start)):
        parted = "," in words[k].before
        if parted and k > start and _is_auxiliary(words, k, scene):
            return words[k].text  # `Smith, who shot three in Lima, Peru, is on trial`
        if (parted and not _is_place(words[k])) or words[k].low in lexicon.pronouns or words[k].low in _JOINS:
            return None
        if k > start + 1 and _is_auxiliary(words, k, scene):
            return words[k].text
    return None


def _is_place(word: Word) -> bool:
    """Whether what follows a comma only says where or when: `in Lima, Peru, in May 2020`."""
    return word.text[:1].isupper() or word.low in {"in", "on"}


def _past_aside(scene: Scene, first: int, start: int, *, finite: bool) -> str | None:
    """The verb behind an aside between commas: `the mosque, dynamited in the war, has been rebuilt`.

    `finite` says that a verb in the past will do as well (`…, drew crowds`): asides on who mediated may be news.
    """
    words, lexicon = scene.words, scene.lexicon
    closing = next((k for k in range(start + 1, min(start + _ASIDE, len(words) - 1)) if "," in words[k].before), 0)
    if not closing:
        return None
    if _is_auxiliary(words, closing, scene) or words[closing].low == "of":
        return words[closing].text  # `accused Mr Nobody, ousted in May, of …`
    before = range(clause_start(scene, first), first)
    if not finite or any(_is_auxiliary(words, k, scene) or words[k].low in _JOINS for k in before):
        return None
    told = words[closing].low in lexicon.pasts or words[closing].low.endswith("ed")
    return words[closing].text if told and words[closing + 1].low != "by" else None


def _joined_aside(scene: Scene, first: int, start: int) -> str | None:
    """The verb behind an aside that a participle ends: `Mr Nobody, deposed in May and later | expelled, appealed …`."""
    words = scene.words
    opening = next((k for k in range(first, max(1, first - _ASIDE), -1) if "," in words[k].before), 0)
    led = words[opening].low.endswith(("ed", "en")) and words[opening + 1].low in scene.lexicon.prepositions
    return _past_aside(scene, opening, start, finite=True) if opening and led and start < len(words) else None


def _set_off(scene: Scene, first: int, start: int) -> str | None:
    """The verb before an aside that says by whom: `rushed to Balkh, already surrounded by rebels, to seek help`."""
    words = scene.words
    closed = any("," in word.before for word in words[start + 1 : start + _ASIDE])
    if words[start].low != "by" or not closed:
        return None
    pasts = scene.lexicon.pasts
    told = (k for k in range(1, first) if words[k].low.endswith("ed") or words[k].low in pasts)
    return next((words[k].text for k in told), None)


def _trailing(scene: Scene, first: int, start: int) -> str | None:
    """The verb of a sentence that an aside ends: `ignored appeals to free the nurse, jailed since May`."""
    words, lexicon = scene.words, scene.lexicon
    if words[start].low not in _SINCE or any("," in word.before for word in words[start:]):
        return None
    told = (
        k for k in range(1, first - 1) if _is_auxiliary(words, k, scene) or _is_past(words, k, lexicon, passive=True)
    )
    return next((words[k].text for k in told), None)


def _ahead(scene: Scene, stop: int, *, passive: bool) -> str | None:
    """The finite verb before a participle's noun, with no word between that opens another clause.

    `passive` says that `by` follows: `farmers replanted groves uprooted by settlers` can be read in one way only.
    """
    words, lexicon = scene.words, scene.lexicon
    for k in range(stop - 2, clause_start(scene, stop), -1):
        low = words[k].low
        if passive and "," in words[k + 1].before and words[k].text[:1].isupper() and words[k + 1].low in _ARTICLES:
            return words[k].text  # `wrote to Ahmed Ali, a cleric jailed by the regime`
        if "," in words[k + 1].before or low in lexicon.reporting or low in _JOINS or low in _FINDING:
            return None
        if _is_auxiliary(words, k, scene) or _is_past(words, k, lexicon, passive=passive):
            return words[k].text
    return None


def _is_auxiliary(words: Sequence[Word], at: int, scene: Scene) -> bool:
    low, known = words[at].low, scene.lexicon.status
    if low in {"being", "been", "be", "having"} or (at and words[at - 1].low in {"to", "and"}):
        return False
    modal = (low in known.possible or low in known.planned) and not words[at].text[:1].isupper()
    return low in scene.lexicon.be_forms or low in scene.lexicon.have_forms or (modal and not low.endswith("ly"))


def _is_past(words: Sequence[Word], at: int, lexicon: Lexicon, *, passive: bool) -> bool:
    """Whether a word is a verb in the past: `paid blankets`, `welcomed the`; not `armed men`, `aid sent to`.

    Before a `passive` that names who did it, `appealed for` is one too; not so in a headline (`man sought for murder
    killed by police`).
    """
    low, before, after = words[at].low, words[at - 1].low, words[at + 1]
    if before in lexicon.determiners or before in lexicon.prepositions:
        return False
    if after.low in lexicon.prepositions:
        asks = low in lexicon.pasts or low in lexicon.status.wish_verbs or low in lexicon.status.plan_verbs
        return asks and passive and len(words) > HEADLINE
    if low in lexicon.pasts:
        return True
    named = after.text[:1].isupper() or after.text[:1].isdigit()
    return low.endswith("ed") and (passive or named or after.low in lexicon.determiners)
