"""What the words before a trigger say of it: its auxiliaries, what governs it, and whether a comma shuts it off."""

from __future__ import annotations

from collections.abc import Sequence

from detection.lexicon import Form, Lexicon
from detection.matching import Candidate
from detection.phrases import Phrases
from detection.scene import Scene, clause_start
from detection.text import Word
from detection.verbs import is_verb

_NEW_CLAUSE = frozenset({"and", "but", "while", "as", "which", "who", "yet", "so", "then"})
_RELATIVE = frozenset({"who", "which", "whose", "whom", "where"})
_SHUTS = frozenset(",;—–")
_LOOSE = frozenset({"of", "in", "on", "upon", "to", "by", "for", "from"})
"""Prepositions that may stand between a verb and its infinitive: `called on Rwanda to withdraw`."""
_TIMES = frozenset(
    {"night", "evening", "morning", "afternoon", "day", "week", "month", "last", "this", "earlier", "later"}
)


def said(words: Sequence[Word], start: int, stop: int) -> str:
    """Return words between quotation marks, to be shown in a reason."""
    return repr(" ".join(word.text for word in words[max(start, 0) : stop]))


def commas(words: Sequence[Word], start: int, stop: int) -> list[int]:
    """Return the words from `start` to `stop` that a comma or a dash stands before."""
    return [k for k in range(start, stop + 1) if words[k].before != " " and not _SHUTS.isdisjoint(words[k].before)]


def group(scene: Scene, position: int) -> list[Word]:
    """Return the auxiliaries and adverbs right before a verb, nearest first; of an infinitive, those behind `to`."""
    lexicon = scene.lexicon
    found: list[Word] = []
    for k in range(position - 1, max(-1, position - 6), -1):
        word = scene.words[k]
        known = word.low in lexicon.auxiliaries or word.low in lexicon.negations or word.low in lexicon.status.possible
        if word.low == "to" or not (known or word.low.endswith("ly")) or is_month(scene, k):
            break
        found.append(word)
        if "," in word.before and word.low not in lexicon.negations:
            break
    return found


def has_own_verb(scene: Scene, start: int, verb: int) -> bool:
    """Whether a relative clause from `start` has a verb before this one, which goes on with the main clause.

    `Families who belonged to the sect | had been killed`; not `who attacked a bus and had been killed`.
    """
    lexicon, words = scene.lexicon, scene.words
    own = group(scene, verb)
    first = verb - len(own)
    if not own or own[-1].low not in lexicon.be_forms | lexicon.have_forms or words[first - 1].low in {"and", "or"}:
        return False
    if words[first - 1].low in lexicon.prepositions or words[first - 1].low in lexicon.pronouns:
        return False
    told = words[start]
    finite = _is_past(told, lexicon) or told.low in lexicon.be_forms or told.low in lexicon.have_forms
    return finite and start < first - 1


def is_month(scene: Scene, at: int) -> bool:
    """Whether `May` and `March` are months here, and not words of other use."""
    return at > 0 and scene.words[at].low in scene.lexicon.months and scene.words[at].text[:1].isupper()


def governs(scene: Scene, position: int, item: Candidate) -> bool:
    """Whether the word at `position` still speaks of a trigger behind it: no other clause has begun between.

    `denied that, on Sunday, its army had fired` it does; `denied the charge, and its army fired` it does not.
    """
    words = scene.words
    shut = commas(words, position + 1, item.first)
    if any(words[k].low in _NEW_CLAUSE or ";" in words[k].before for k in shut):
        return False
    if shut and words[position + 1].low != "that":
        return False
    between = words[position + 1 : item.first]
    if is_joined(scene, position + 1, item):
        return False
    told_again = (k for k, word in enumerate(between) if k and word.low in scene.lexicon.reporting)
    return not any(between[k - 1].low in _NEW_CLAUSE for k in told_again)


def is_joined(scene: Scene, start: int, item: Candidate) -> bool:
    """Whether an act is what a subject did besides: `has denied a role in the attack and | vowed to retaliate`.

    The words from `start` on belong to the other verb; they hold no finite verb then: `denied that its men entered the
    town and | killed ten` denies both. An infinitive is joined with the verb that it hangs on.
    """
    words, lexicon = scene.words, scene.lexicon
    joint = next((k for k in range(item.first - 1, start, -1) if words[k].low in {"and", "but"}), None)
    if joint is None or not item.is_verb:
        return False
    verb = words[item.first] if joint + 1 == item.first - len(group(scene, item.first)) else words[joint + 1]
    if not _is_past(verb, lexicon):
        return False
    inner = words[start:joint]
    return not any(
        _is_past(w, lexicon) or w.low in lexicon.auxiliaries or w.low in lexicon.clause_openers for w in inner
    )


def _is_past(word: Word, lexicon: Lexicon) -> bool:
    return word.low.endswith("ed") or word.low in lexicon.pasts


def aside_is_over(scene: Scene, opener: int, position: int) -> bool:
    """Whether `, who will meet again in May,` has ended before the word at `position`: the main clause goes on."""
    if opener and scene.words[opener - 1].low in scene.lexicon.prepositions:
        opener -= 1  # `, in which tanks were used, killed nine`
    if "," not in scene.words[opener].before:
        return False
    return bool(commas(scene.words, opener + 1, position))


def is_told(words: Sequence[Word], that: int, lexicon: Lexicon) -> bool:
    """Whether a `that` opens what somebody said: `said late on Sunday that`, `told Paris that`."""
    if any(word.low in lexicon.telling for word in words[max(0, that - 6) : that]):
        return True
    if that and words[that - 1].low in {"and", "but"}:  # `said that it agreed and that talks were under way`
        earlier = next((k for k in range(that - 1, 0, -1) if words[k].low == "that"), None)
        if earlier:
            return is_told(words, earlier, lexicon)
    timing = (lexicon.calendar, lexicon.prepositions, lexicon.auxiliaries, _TIMES)
    for word in reversed(words[max(0, that - 6) : that]):
        if word.low in lexicon.reporting:
            return True
        if not word.low.isdigit() and not any(word.low in listed for listed in timing):
            break
    return _is_resumed(words, that, lexicon)


def _is_resumed(words: Sequence[Word], that: int, lexicon: Lexicon) -> bool:
    """Whether a `that` goes on behind an aside with what was said before it: `reported, citing a source, that …`."""
    return "," in words[that].before and any(word.low in lexicon.reporting for word in words[:that])


def dates(scene: Scene, at: int, item: Candidate) -> bool:
    """Whether a time that stands at `at` is the time of an act: in its clause, and in no aside of its own."""
    words = scene.words
    if not _same_clause(scene, item, at):
        return False
    if at < item.first and _ends_relative(scene, at, item):
        return False
    shut = commas(words, min(at, item.first) + 1, max(at, item.first))
    if not shut or (at < item.first and words[shut[-1]].low in scene.lexicon.prepositions):
        return True
    first = next((k for k in range(at, 0, -1) if "," in words[k].before), 0)
    opener = words[first]
    if opener.low in scene.lexicon.prepositions or opener.low in scene.lexicon.months or opener.text[:1].isdigit():
        return True
    return not first and at < 6 and opener.low not in scene.lexicon.determiners and not opener.low.endswith("ed")


def _ends_relative(scene: Scene, at: int, item: Candidate) -> bool:
    """Whether a clause in the subject ends with the word at `at`: `two men who were held in April | were freed`."""
    led = any(word.low in _RELATIVE or word.low == "that" for word in scene.words[:at])
    return led and item.first - len(group(scene, item.first)) == at + 1


def _same_clause(scene: Scene, item: Candidate, at: int) -> bool:
    """Whether the word at `at` stands in the clause of an act, or in the one that this clause explains."""
    start = clause_start(scene, item.first)
    if start <= at:
        return clause_start(scene, at) == start
    return scene.words[start - 1].low in _RELATIVE | {"when", "that"}


def governing_infinitive(scene: Scene, item: Candidate) -> Word | None:
    """Return the word that an infinitive hangs on: `agreed` of `agreed to host`, `urged` of `urged Russia to go`."""
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    at = item.first - 1
    if not item.is_verb or item.first < 2:
        return None
    if words[at].low in {"not", "be"} and at > 1:
        at -= 1  # `called for him to be hanged`
    if words[at].low in {"and", "or"} and item.forms == {Form.BASE}:
        at = _joined_infinitive(words, at, lexicon)  # `sent envoys to meet rebels and | free the hostages`
    if at < 1 or words[at].low != "to":
        return None
    governing = words[at - 1]
    wished = (known.wish_verbs, known.plan_verbs, known.wish_nouns)
    if any(governing.low in listed for listed in (*wished, known.plan_nouns, lexicon.be_forms, known.go_on)):
        return governing
    for k in range(at - 2, max(-1, at - 9), -1):
        low = words[k].low
        if any(low in listed for listed in wished) and governs(scene, k, item):
            return words[k]
        if low in lexicon.prepositions and low not in _LOOSE:
            break
    return governing


def _joined_infinitive(words: Sequence[Word], joint: int, lexicon: Lexicon) -> int:
    """The `to` of an infinitive that another one is joined with, 0 for none."""
    for k in range(joint - 2, max(0, joint - 12), -1):
        after = words[k + 1]
        if words[k].low in lexicon.clause_openers or ";" in words[k].before:
            return 0
        if words[k].low == "to" and after.text.islower() and after.low not in lexicon.determiners:
            return k
    return 0


def is_tried(scene: Scene, at: int) -> bool:
    """Whether a word is the verb that says that it went on: `gunmen attempt to storm`, not `an attempt to storm`."""
    low, known = scene.words[at].low, scene.lexicon.status
    form = frozenset({Form.PRESENT if low.endswith("s") else Form.BASE})
    return low in known.go_on and low in known.wish_nouns and is_verb(scene.words, at, form, scene.lexicon)


def governing_that(scene: Scene, item: Candidate) -> Word | None:
    """Return the word whose `that` clause an act stands in: `fears` of `fears that Ethiopia will attack`."""
    start = clause_start(scene, item.first)
    if start < 2 or scene.words[start - 1].low not in {"that", "whether", "how"}:
        return None
    return scene.words[start - 2]


def ends_at(phrases: Phrases, words: Sequence[Word], stop: int) -> int | None:
    """Return where one of the phrases begins that ends right before `stop`, or None."""
    for start in range(max(0, stop - 5), stop):
        if phrases.at(words, start, stop) == stop - start:
            return start
    return None


def is_pluperfect(scene: Scene, item: Candidate) -> bool:
    """Whether a verb tells of what was over before: `had been shelled`."""
    return item.is_verb and any(word.low in {"had", "'d", "having"} for word in group(scene, item.first))
