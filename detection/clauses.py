"""Which act a sentence is about: acts of the main clause win over what clauses below it only mention.

`The court freed a man who was jailed for protesting`: that he was freed is the news, that he was jailed explains it.
Clauses are told apart from left to right by their openers, by commas and by their verbs; no parser of grammar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from detection.lexicon import Form, Lexicon
from detection.matching import Candidate
from detection.scene import Scene
from detection.scope import is_told, is_tried
from detection.sums import just_ended
from detection.text import Word
from detection.verbs import PAST_FORMS

_VIOLENT = "escalation"
_RELATIVE = frozenset({"who", "which", "whose", "whom", "where"})
_EQUAL = frozenset({"but", "whereas", "while", "although", "though"})
"""What follows these weighs as much as what stands before them."""

_REACH = 12
"""Words over which a verb still speaks of what it ends."""

_ENDING = frozenset(
    {
        "end",
        "ends",
        "ended",
        "ending",
        "stop",
        "stops",
        "stopped",
        "cease",
        "ceases",
        "ceased",
        "halted",
        "subsided",
        "eased",
    }
)
_LEAVE = frozenset(
    {"permission", "authority", "power", "powers", "right", "approval", "consent", "refusal", "failure", "declaration"}
    | {"announcement", "bid", "attempt", "vow", "pledge", "suggestion", "idea", "call", "demand"}
)
"""Nouns that an infinitive hangs on: `permission to detain` detains nobody yet."""

_BREAKS = frozenset(";:—")
_SUBJECTS = frozenset({"it", "he", "she", "they", "we"})


@dataclass(slots=True)
class _Clause:
    depth: int
    relative: bool
    verbs: int = 0
    at: int = 0


def subordinate(scene: Scene, kept: Sequence[Candidate]) -> dict[int, str]:
    """Return why acts are only mentioned, by their first word: those below the clause of another act.

    Args:
        scene: the sentence.
        kept: every rule that fired and won its words, those of other kinds of verb too.
    """
    if len(kept) < 2:
        return {}
    ended = {item.first: ending for item in kept if (ending := _ended(scene, item, kept))}
    depths = _depths(scene, kept)
    ranked = [(depths[_place(scene, item)] + _hangs_on(scene, item, kept), item) for item in kept]
    top = min(depth for depth, _ in ranked)
    main = next(item for depth, item in ranked if depth == top)
    said = " ".join(word.text for word in scene.words[main.first : main.last + 1])
    below = {item.first: f"it stands below {said!r}" for depth, item in ranked if depth > top}
    return {**below, **ended}


def _place(scene: Scene, item: Candidate) -> int:
    """The word whose clause an act belongs to: `unless` says more of what stands before it than of what it opens."""
    if at := just_ended(scene, item):
        return at - 1
    return max(0, item.first - int(scene.words[item.first].low in scene.lexicon.clause_openers))


def _ended(scene: Scene, item: Candidate, kept: Sequence[Candidate]) -> str | None:
    """Why an act is one that a ceasefire or a withdrawal ends: `agreed to halt all firing and military operations`."""
    if item.is_verb or item.rule.family != _VIOLENT or item.rule.cls == "escalation.threat":
        return None
    for word in scene.words[item.last + 1 : item.last + 4]:
        if word.low in _ENDING:
            return f"{word.text!r} says that it ends"
    for other in kept:
        between = scene.words[other.last + 1 : item.first]
        if other.rule.family != "deescalation" or not other.is_verb or not 0 < len(between) < _REACH:
            continue
        if not any(word.low in scene.lexicon.clause_openers for word in between):
            return f"{' '.join(w.text for w in scene.words[other.first : other.last + 1])!r} puts an end to it"
    return None


def _depths(scene: Scene, kept: Sequence[Candidate]) -> list[int]:
    """For each word, how many clauses stand above the one it belongs to; a speaker's words count as his own level."""
    words, lexicon = scene.words, scene.lexicon
    verbs = {item.first for item in kept if item.is_verb}
    stack, found = [_Clause(0, relative=False)], list[int]()
    for at, word in enumerate(words):
        if at and word.before != " " and not _BREAKS.isdisjoint(word.before):
            stack = [_Clause(0, relative=False)]
        elif len(stack) > 1 and _closes(words, at, stack[-1], lexicon) and _is_over(words, at, lexicon):
            stack.pop()
        if opened := _opened(words, at, lexicon, stack[-1]):
            opened.at = at
            stack.append(opened)
        elif _is_finite(word, at, verbs, lexicon) and (
            not _continues(words, at, lexicon) or (words[at - 1].low == "and" and word.low in lexicon.auxiliaries)
        ):
            if stack[-1].relative and (stack[-1].verbs or words[at - 1].low == "and"):
                stack.pop()
            stack[-1].verbs += int(not _is_credit(words, at, lexicon))
        found.append(stack[-1].depth)
    return found


def _closes(words: Sequence[Word], at: int, clause: _Clause, lexicon: Lexicon) -> bool:
    """Whether a comma ends a clause: it has its verb, or another one's follows (`Chad, known as a refuge, | has …`).

    What leads up to a clause may have none: `told a newspaper: "After days of tough talks, | we freed …`.
    """
    if clause.verbs or words[at].low in lexicon.have_forms:
        return True
    leads = clause.at > 0 and words[clause.at].before != " " and "," not in words[clause.at].before
    inner = words[clause.at + 1 : at]
    return leads and not any(word.low.endswith(("ed", "ing")) or word.low in lexicon.pasts for word in inner)


def _opened(words: Sequence[Word], at: int, lexicon: Lexicon, above: _Clause) -> _Clause | None:
    """The clause that a word opens, if any."""
    word = words[at]
    before = words[at - 1].low if at else ""
    if word.low == "that":
        if before in lexicon.reporting and _is_noun(words, at - 1, lexicon):
            return _Clause(above.depth + 1, relative=True)  # `declined to comment on reports that`
        if not at or before in lexicon.status.denials or is_told(words, at, lexicon):
            return _Clause(above.depth, relative=False)
        return None if before in lexicon.prepositions else _Clause(above.depth + 1, relative=True)
    if word.low in _RELATIVE:
        return _Clause(above.depth + int(not _goes_on(words, at, lexicon)), relative=True)
    if "," in word.before and word.low.endswith("ing") and word.low in lexicon.reporting:
        return _Clause(above.depth + 1, relative=False)
    if word.low in _SUBJECTS and at and word.before == " " and _is_contact(words, at, lexicon):
        return _Clause(above.depth + 1, relative=True)
    if word.low in lexicon.clause_openers and word.low not in _EQUAL and before != "even":  # `even as jets strike`
        return _Clause(above.depth + int(not _breaks_in(words, at, lexicon)), relative=False)
    return None


def _is_over(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a comma ends a clause: it goes on neither with `and` nor with `where he`, nor is it that of a credit."""
    if "," not in words[at].before or words[at].low in {"and", "or"} or _goes_on(words, at, lexicon):
        return False
    return not any(_is_credit(words, k, lexicon) for k in (at - 1, at + 1, at + 2))


def _is_credit(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a verb stands with its subject between commas to say who says so: `where police, it says, searched`."""
    if at >= len(words) - 1 or words[at].low not in lexicon.reporting or "," not in words[at + 1].before:
        return False
    return any("," in words[k].before for k in (at - 1, at - 2) if k > 0)


def _is_noun(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a word of saying is a noun: `on reports that`, `the claim that`."""
    return at > 0 and (words[at - 1].low in lexicon.prepositions or words[at - 1].low in lexicon.determiners)


def _goes_on(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a loose `where` or `who` goes on telling: `flew to Oslo, where he met rebels`, `, who will mediate`."""
    if "," not in words[at].before or at + 2 >= len(words):
        return False
    one, two = words[at + 1].low, words[at + 2].low
    if words[at].low == "where":
        return one in lexicon.pronouns
    return one in {"will", "plans"} or (one in lexicon.be_forms and two in {"to", "due", "expected", "scheduled"})


def _breaks_in(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a `when` tells what broke in on something: `they were walking home when soldiers fired`."""
    if words[at].low != "when":
        return False
    lows = [word.low for word in words[max(0, at - _REACH) : at]]
    return any(one in lexicon.be_forms and (two.endswith("ing") or two == "about") for one, two in pairwise(lows))


def _is_contact(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a clause follows its noun with no word between: `weapons it has seized`; not `said Friday it had`."""
    if at + 1 >= len(words) or words[at + 1].low not in lexicon.have_forms:
        return False
    before = words[at - 1].low
    closed = (lexicon.reporting, lexicon.clause_openers, lexicon.prepositions, lexicon.auxiliaries, lexicon.calendar)
    return not (before.isdigit() or before in {"and", "or"} or any(before in listed for listed in closed))


def _is_finite(word: Word, at: int, verbs: set[int], lexicon: Lexicon) -> bool:
    return (
        at in verbs or word.low in lexicon.be_forms or word.low in lexicon.have_forms or word.low in lexicon.reporting
    )


def _continues(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a verb belongs to the verb before it: `has been seized`, `attacked and burned`, `to seize`."""
    before = words[at - 1].low if at else ""
    return before in lexicon.auxiliaries or before in {"and", "or"} or before.endswith("ly")


def _hangs_on(scene: Scene, item: Candidate, kept: Sequence[Candidate]) -> int:
    """1 where an act hangs on a noun: `sanctions imposed on Iran`, `permission to detain`; else 0."""
    words, lexicon = scene.words, scene.lexicon
    if not item.is_verb or not item.first:
        return 0
    before = words[item.first - 1]
    if before.low == "to" and item.first > 1:
        noun = words[item.first - 2].low
        violent = item.rule.family == _VIOLENT  # a call to mediate is mediation asked for
        leads = noun in lexicon.status.plan_nouns or noun in lexicon.status.wish_nouns
        return int((leads or (violent and noun in _LEAVE)) and not is_tried(scene, item.first - 2))
    if item.forms == {Form.ING} and _explains(scene, item, kept):
        return 1
    if not _may_explain(scene, item):
        return 0
    if _is_passive_aside(scene, item, kept):
        return 1
    for other in kept:
        beside = other.last + 1 == item.first  # `swap captured policemen`
        if other.is_verb and (beside or _flows(scene, other, item)) and not _is_passive_aside(scene, other, kept):
            return 1
    return 0


def _may_explain(scene: Scene, item: Candidate) -> bool:
    """Whether a verb may be a participle that only says which: `sanctions imposed in May`; `overran` is none."""
    before = scene.words[item.first - 1] if item.first else None
    if before is None or not item.forms <= PAST_FORMS or Form.PARTICIPLE not in item.forms:
        return False
    closed = (scene.lexicon.auxiliaries, scene.lexicon.reporting, {"and", "or", "but"})
    return "," not in scene.words[item.first].before and not any(before.low in listed for listed in closed)


def _is_passive_aside(scene: Scene, item: Candidate, kept: Sequence[Candidate]) -> bool:
    """Whether a participle explains its noun, and the verb comes later: `forces backed by drones overran a base`."""
    after = scene.words[item.last + 1].low if item.last + 1 < len(scene.words) else ""
    if after not in {"by", "to"} or item.last > item.first or not _may_explain(scene, item):
        return False  # `paid tribute to` is a verb of its own
    later = [other for other in kept if other.is_verb and other.first > item.last]
    # `threatened to veto` is no aside: what follows is its own infinitive
    return any(_flows(scene, item, other) and scene.words[other.first - 1].low != "to" for other in later)


def _flows(scene: Scene, one: Candidate, other: Candidate) -> bool:
    """Whether some words stand between two acts, and neither a comma nor the opener of a clause is among them."""
    between = scene.words[one.last + 1 : other.first]
    return bool(between) and not any("," in w.before or w.low in scene.lexicon.clause_openers for w in between)


def _explains(scene: Scene, item: Candidate, kept: Sequence[Candidate]) -> bool:
    """Whether a participle only says which: `the coalition fighting rebels in Yemen has declared a truce`."""
    words, lexicon = scene.words, scene.lexicon
    before = words[item.first - 1].low
    closed = (lexicon.auxiliaries, lexicon.prepositions, lexicon.clause_openers)
    if words[item.first].before != " " or any(before in listed for listed in (*closed, lexicon.status.go_on)):
        return False
    if any(other.is_verb and other.last < item.first for other in kept) or before in lexicon.reporting:
        return False
    for other in kept:
        between = words[item.last + 1 : other.first]
        if other.first > item.last and other.is_verb and not any("," in word.before for word in between):
            return bool(between) and between[-1].low in lexicon.auxiliaries and between[-1].low != "to"
    return False
