"""Noun phrases: the words around a name, or in place of one, that say who is meant."""

from __future__ import annotations

from dataclasses import replace

from detection.matching import Candidate
from detection.naming import Named
from detection.scene import Scene, clause_stop
from detente.models import ActorMention

_AND = frozenset({"and", "or", "&"})
_NO_NAMES = frozenset(
    {"today", "yesterday", "tomorrow", "now", "again", "late", "early", "last", "next", "recent", "previous", "coming"}
)
_ABOUT = frozenset({"at", "more", "around", "about", "up", "nearly", "some", "over", "almost", "less", "than", "least"})
"""Words before a number: `more than 40`, `at least 12`, `around 20,000`."""

_ATTACHING = frozenset({"of", "in", "from", "near", "at", "inside", "for", "outside"})
"""Prepositions that tie words to whom they belong to."""

_ASIDE = 15
"""Words that may stand between two commas and still be an aside."""

_LONGEST = 6
"""Words that a phrase may have around its name."""


def phrase_before(scene: Scene, start: int, verb: int) -> ActorMention | None:
    """Return the words before a verb that name who acts, or None."""
    lexicon = scene.lexicon
    end = aside = _before_aside(scene, start, verb)
    while end > start and (scene.words[end - 1].low in lexicon.auxiliaries or scene.words[end - 1].low.endswith("ly")):
        end -= 1
    first = start
    if aside == verb:
        first = next((k for k in range(end - 1, start, -1) if "," in scene.words[k].before), start)
    first, end = _behind_saying(scene, first, end)
    while first < end and (scene.words[first].low in lexicon.determiners or scene.words[first].low in _AND):
        first += 1
    if first + 2 < end and scene.words[first].low == "at" and scene.words[first + 1].low in {"least", "most"}:
        first += 2
    if first >= end or scene.words[first].low in lexicon.prepositions:
        return None
    closed = (
        lexicon.prepositions,
        lexicon.be_forms,
        lexicon.have_forms,
        lexicon.status.possible,
        lexicon.status.planned,
    )
    stop = next((k for k in range(first, end) if any(scene.words[k].low in listed for listed in closed)), end)
    stop = _before_verb(scene, first, stop, verb)
    if stop == first:
        return None
    return scene.phrase(first, min(stop, first + 6))


def _is_told(scene: Scene, at: int) -> bool:
    """Whether a word is a verb in the past: `jihadists | massacred 51`; not `heavily armed men`."""
    past = scene.words[at].low.endswith("ed") or scene.words[at].low in scene.lexicon.pasts
    return past and not scene.words[at - 1].low.endswith("ly")


def _before_verb(scene: Scene, first: int, stop: int, verb: int) -> int:
    """Return where who acts ends before a verb of his own: `drivers | guarding the mall`, `police | used dogs to`."""
    words, lexicon = scene.words, scene.lexicon
    for k in range(first + 1, stop - 1):
        after = words[k + 1]
        named = after.low in lexicon.determiners or after.text[:1].isupper() or after.low in lexicon.prepositions
        if words[k].low.endswith("ing") and named:
            return k
    joined = scene.words[verb - 1].low == "and"
    if joined and (own := next((k for k in range(first + 1, stop) if _is_told(scene, k)), 0)):
        return own
    if scene.words[verb - 1].low == "to":
        told = (k for k in range(stop - 1, first, -1) if words[k].low in lexicon.pasts or words[k].low.endswith("ed"))
        return next(told, stop)
    return stop


def _behind_saying(scene: Scene, first: int, end: int) -> tuple[int, int]:
    """Narrow a phrase to who acts by what was said: `police said | three men`; to who said it where that is `they`."""
    lexicon = scene.lexicon
    verb = next((k for k in range(end - 1, first, -1) if scene.words[k].low in lexicon.reporting), None)
    if verb is None:
        return first, end
    no_names = (lexicon.auxiliaries, lexicon.pronouns, {"that"})
    if all(any(word.low in listed for listed in no_names) for word in scene.words[verb + 1 : end]):
        return first, verb
    return verb + 1, end


def _before_aside(scene: Scene, start: int, verb: int) -> int:
    """Return where an aside before a verb begins, else the verb: `Police, | on Thursday, arrested`."""
    first = verb
    while (
        first > start
        and scene.words[first - 1].low in scene.lexicon.auxiliaries
        and "," not in scene.words[first].before
    ):
        first -= 1
    if first >= len(scene.words) or "," not in scene.words[first].before:
        return verb
    opening = (k for k in range(first - 1, max(start, first - _ASIDE), -1) if "," in scene.words[k].before)
    return next(opening, verb)


def phrase_after(scene: Scene, start: int, stop: int) -> ActorMention | None:
    """Return the words from `start` that name on whom, up to a preposition, a comma or a verb form, or None."""
    lexicon = scene.lexicon
    start = _counted(scene, start, stop)
    ruled_out = (_NO_NAMES, lexicon.clause_openers, lexicon.hypothetical, lexicon.calendar)
    if start < stop and any(scene.words[start].low in listed for listed in ruled_out):
        return None
    if start + 1 < stop and scene.words[start].low.endswith("ing") and _takes_object(scene, start + 1):
        return None  # `a policy of taking in refugees`
    end = start
    while end < min(stop, start + _LONGEST):
        word = scene.words[end]
        part = word.low == "of" and start < end < stop - 1
        if not part and (word.low in lexicon.prepositions or word.low in lexicon.auxiliaries or word.low in _AND):
            break
        if end > start and ("," in word.before or word.low in {"that", "which"} or _acts_on(scene, end)):
            break
        end += 1
    return scene.phrase(start, end) if end > start else None


def _acts_on(scene: Scene, at: int) -> bool:
    """Whether a word says what those before it do: `officers | escorting tourists`; not `fishing boats`."""
    before = scene.words[at - 1].low
    return scene.words[at].low.endswith("ing") and (
        before.endswith("s") or before in {"people", "men", "women", "children"}
    )


def _takes_object(scene: Scene, at: int) -> bool:
    """Whether the word at `at` shows that the one before it is a verb: `taking the`, `taking and giving`."""
    low = scene.words[at].low
    return low in scene.lexicon.determiners or low in _AND or low in scene.lexicon.particles


def _counted(scene: Scene, start: int, stop: int) -> int:
    """Return where a phrase begins behind its articles and numbers: `the`, `more than 100,000`."""
    k = start
    while k < stop and (scene.words[k].low in _ABOUT or scene.words[k].low[:1].isdigit()):
        k += 1
    if k > start and not scene.words[k - 1].low[:1].isdigit():
        k = start  # `around Kherson` is a place
    while k < stop and (scene.words[k].low in scene.lexicon.determiners or scene.words[k].low[:1].isdigit()):
        k += 1
    return k + int(start < k < stop - 1 and scene.words[k].low == "of")  # `dozens of officials`


def attached(scene: Scene, phrase: ActorMention, stop: int, *, acts: bool = False) -> ActorMention:
    """Return words that name nobody with whom or what they belong to: `two villages in Mali` are Mali's.

    A place is struck, but it does not act: who `acts` is not called by it.
    """
    for named in scene.named:
        if phrase.start <= scene.words[named.first].start < phrase.end and not is_compound(scene, named):
            return phrase if acts and named.how == "place" else replace(phrase, actor=named.actor)
    at = next(k for k, word in enumerate(scene.words) if word.end == phrase.end) + 1
    if at >= stop or (scene.words[at].low not in _ATTACHING and not _meets(scene, at)):
        return phrase
    for named in scene.named:
        if at < named.first < min(stop, at + _LONGEST):
            between = scene.words[at + 1 : named.first]
            if any(w.low in scene.lexicon.prepositions and w.low not in _ATTACHING for w in between):
                return phrase
            first = next(k for k, word in enumerate(scene.words) if word.start == phrase.start)
            return scene.phrase(first, named.last + 1, named.actor)
    return phrase


def _meets(scene: Scene, at: int) -> bool:
    """Whether a preposition says on whom something borders: `its frontier with Darfur`."""
    return scene.words[at].low == "with" and scene.words[at - 1].low in scene.lexicon.bordering


def affected(scene: Scene, item: Candidate) -> list[ActorMention]:
    """Return whom or what an act strikes: the whole phrase behind the verb, the rule's own object with it."""
    start = _counted(scene, _deed(scene, item) + 1, len(scene.words))
    first = scene.words[start].low if start < len(scene.words) else ""
    if not first or first in scene.lexicon.clause_openers or first in scene.lexicon.prepositions:
        return []
    stop = clause_stop(scene, start)
    phrase = phrase_after(scene, start, stop)
    return [attached(scene, phrase, len(scene.words))] if phrase else []


def _deed(scene: Scene, item: Candidate) -> int:
    """Return the last word of what is done: of `threatened to close the schools` that is `close`.

    Where the object parts a verb from its particle (`found a man guilty`), it is the verb.
    """
    words, lexicon = scene.words, scene.lexicon
    if item.is_verb and item.last - item.first > 1 and words[item.first + 1].low in lexicon.determiners:
        return item.first
    deed = item.last + 2
    if deed + 1 >= len(words) or words[deed - 1].low != "to" or not words[deed].text.islower():
        return item.last
    return item.last if words[deed].low in lexicon.determiners else deed + int(words[deed + 1].low in lexicon.particles)


def whole(scene: Scene, mention: ActorMention, stops: frozenset[int]) -> ActorMention:
    """Return an actor's mention with the rest of its phrase: `Taliban` of `Taliban fighters near Ghazni` grows by one.

    `stops` are words of the act itself, which end a phrase.
    """
    last = next((k for k, word in enumerate(scene.words) if word.end == mention.end), None)
    first = next((k for k, word in enumerate(scene.words) if word.start == mention.start), None)
    if first is None or last is None:
        return mention
    stop = last + 1
    while stop < min(len(scene.words), last + _LONGEST) and stop not in stops and _belongs(scene, stop):
        stop += 1
    return scene.phrase(first, stop, mention.actor)


def _belongs(scene: Scene, at: int) -> bool:
    """Whether a word still belongs to the phrase before it."""
    word, lexicon = scene.words[at], scene.lexicon
    if word.before not in {" ", "-", ""}:
        return False
    closed = (lexicon.prepositions, lexicon.auxiliaries, lexicon.clause_openers, lexicon.reporting, lexicon.determiners)
    if any(word.low in listed for listed in (*closed, _AND, _NO_NAMES, lexicon.pronouns, lexicon.calendar)):
        return False
    return not word.low.endswith(("ed", "ing", "ly"))


def is_compound(scene: Scene, named: Named) -> bool:
    """Whether the actor only colours another word: `US-backed rebels`."""
    following = scene.words[named.last + 1] if named.last + 1 < len(scene.words) else None
    return following is not None and following.low in scene.lexicon.compounds and "-" in following.before
