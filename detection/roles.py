"""Who does what to whom: the words around a trigger that fill a rule's roles.

The places that a rule may name:

- `subject`: who stands before the verb in its clause; in the passive, whom `by` names.
- `object`: who stands right after the verb; in the passive, who stands before it.
- `possessor`: whose the object is: `Russia's mediation`, `Russian mediation`.
- `behind`: who stands right behind trigger and object, in languages that say it so: `mediación rusa`.
- `inside`: who is named in the trigger's own words: `appeal for Russian mediation`.
- `agent`: whom `by` names after the trigger.
- `before`: the nearest actor before the trigger.
- `rest`: every other actor of the sentence, but for places and for who only says so.
- any preposition (`with`, `between`, `against`): who follows it after the trigger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from detection.lexicon import Lexicon
from detection.matching import Candidate
from detection.naming import Named
from detection.text import Word
from detente.models import ActorMention, Roles

_AND = frozenset({"and", "or", "&"})
_BREAKS = ';:—"“”()'
_NO_NAMES = frozenset({"today", "yesterday", "tomorrow", "now", "again", "late", "early", "last", "next"})
_ATTACHING = frozenset({"of", "in", "from", "near", "at", "inside"})
"""Prepositions that tie words to whom they belong to."""


_VAGUE = frozenset({"between", "among"})
"""Places anywhere in the sentence: words there that name nobody give way to whom another place names."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence with the actors found in it, and those that the sentence before was about.

    `last_named` are those of its last clause: `These include …` points back to what is told there. `question` says
    that it ends with a question mark.
    """

    words: tuple[Word, ...]
    named: tuple[Named, ...]
    lexicon: Lexicon
    earlier: tuple[ActorMention, ...] = ()
    last_named: tuple[ActorMention, ...] = ()
    question: bool = False

    def mention(self, named: Named) -> ActorMention:
        """Return an actor's words with their place in the text; of a reference, the words that it stands for."""
        if named.stands_for:
            text, start, end = named.stands_for
            return ActorMention(text, named.actor, start, end)
        first, last = self.words[named.first], self.words[named.last]
        text = " ".join(word.text for word in self.words[named.first : named.last + 1])
        return ActorMention(text, named.actor, first.start, last.end)

    def phrase(self, first: int, stop: int) -> ActorMention:
        """Return words that name no known actor."""
        span = self.words[first:stop]
        return ActorMention(" ".join(word.text for word in span), None, span[0].start, span[-1].end)


def find_roles(scene: Scene, item: Candidate) -> Roles:
    """Return who fills the roles of a rule that fired. A role that nobody fills is empty.

    An actor fills one role only, in the order source, mediator, target, party.
    """
    taken: set[str] = set()
    filled: dict[str, tuple[ActorMention, ...]] = {}
    for role in ("source", "mediator", "target", "party"):
        finders: tuple[str, ...] = getattr(item.rule.roles, role)
        for finder in finders:
            found = [_left_for(scene, m, taken) for m in _find(scene, item, finder, taken)]
            found = [m for m in found if m.actor not in taken or m.actor is None]
            known = [m.actor for m in found if m.actor]
            if known or (found and role not in filled):
                filled[role] = _distinct(found)
                taken.update(known)
            if known or (found and finder not in _VAGUE):
                break
    return Roles(**filled)


def _left_for(scene: Scene, mention: ActorMention, taken: set[str]) -> ActorMention:
    """A place of an actor that has its role is still a place: `the Syrian army shelled Aleppo`."""
    is_place = any(n.how == "place" and scene.words[n.first].start == mention.start for n in scene.named)
    return replace(mention, actor=None) if is_place and mention.actor in taken else mention


def clause_start(scene: Scene, position: int) -> int:
    """Return the first word of the clause that the word at `position` belongs to."""
    for k in range(position, 0, -1):
        before = scene.words[k].before
        if any(mark in before for mark in _BREAKS) or (" – " in before) or (" - " in before):
            return k
        if k < position and scene.words[k].low in scene.lexicon.clause_openers:
            return k + 1
    return int(position > 0 and scene.words[0].low in scene.lexicon.clause_openers)


def fronted_stop(scene: Scene, position: int) -> int:
    """Return where the phrase that leads up to a main clause ends, 0 for none.

    `In the wake of the attack that shook Paris, | France asked` puts nobody from before the comma in charge.
    """
    words, lexicon = scene.words, scene.lexicon
    start = next((k for k in range(position, 0, -1) if any(mark in words[k].before for mark in _BREAKS)), 0)
    if words[start].low not in lexicon.prepositions | lexicon.clause_openers:
        return 0
    return next((k for k in range(start + 1, position + 1) if "," in words[k].before), 0)


def own_words(scene: Scene, item: Candidate) -> tuple[Word, ...]:
    """Return the words that tell of the act itself: its clause, up to the background or the clause that follows."""
    start, stop = clause_start(scene, item.span.start), _clause_stop(scene, item.span.stop)
    for k in range(item.span.stop, stop):
        if scene.lexicon.background.at(scene.words, k):
            return scene.words[start:k]
    return scene.words[start:stop]


def _find(scene: Scene, item: Candidate, finder: str, taken: set[str]) -> list[ActorMention]:
    if finder == "subject":
        return _agent(scene, item) if item.passive else _subject(scene, item.first)
    if finder == "object":
        return _subject(scene, item.first) if item.has_object_before else _object(scene, item)
    if finder == "possessor":
        return _possessor(scene, item)
    if finder == "agent":
        return _agent(scene, item)
    if finder in {"inside", "behind"}:
        return _at_trigger(scene, item, finder)
    if finder == "before":
        listed = [n for n in scene.named if n.last < item.first]
        return _joined(scene, listed[-1]) if listed else []
    if finder == "rest":
        inside = item.trigger
        others = [n for n in scene.named if n.actor not in taken and n.first not in inside and n.how != "place"]
        return [scene.mention(n) for n in others if not _only_speaks(scene, item, n)]
    return _after_preposition(scene, item, finder)


def _at_trigger(scene: Scene, item: Candidate, finder: str) -> list[ActorMention]:
    if finder == "inside":
        return [scene.mention(n) for n in scene.named if n.first in item.trigger]
    return next((_joined(scene, n) for n in scene.named if n.first <= item.span.stop <= n.last), [])


def _subject(scene: Scene, verb: int) -> list[ActorMention]:
    """Who acts: the first actor of the clause that no preposition leads; else the words before the verb."""
    start = max(clause_start(scene, verb), fronted_stop(scene, verb))
    while True:
        inside = [n for n in scene.named if start <= n.first and n.last < verb and n.how != "place"]
        heads = [n for n in inside if not _led_by_preposition(scene, n, start) and not _is_compound(scene, n)]
        if heads:
            return _joined(scene, heads[0], stop=verb)
        if start == 0 and scene.words[0].low in scene.lexicon.pronouns and scene.earlier:
            return list(scene.earlier[:1])
        if phrase := _noun_phrase_before(scene, start, verb):
            if phrase.text.lower() in scene.lexicon.pronouns:
                return list(scene.earlier[:1])
            return _attached(scene, phrase, verb) or [phrase]
        if start == 0:
            return list(scene.earlier[:1])
        start = clause_start(scene, max(start - 1, 0)) if start > 1 else 0


def _object(scene: Scene, item: Candidate) -> list[ActorMention]:
    """On whom: the first actor after the verb in its clause that no preposition leads; else the words there."""
    start = item.last + 1
    if start < len(scene.words) and scene.words[start].low in scene.lexicon.clause_openers:
        return []
    stop = item.object[0] if item.object and item.object[0] > item.last else _clause_stop(scene, start)
    for named in scene.named:
        if start <= named.first < stop and not _is_compound(scene, named):
            if any(w.low in scene.lexicon.prepositions and w.low != "to" for w in scene.words[start : named.first]):
                break
            return _joined(scene, named)
    phrase = _noun_phrase_after(scene, start, stop)
    return _attached(scene, phrase, len(scene.words)) or [phrase] if phrase else []


def _attached(scene: Scene, phrase: ActorMention, stop: int) -> list[ActorMention]:
    """Whose or where words are that name nobody: Iran, of `the leader of Iran`; Mali, of `two villages in Mali`."""
    at = next(k for k, word in enumerate(scene.words) if word.end == phrase.end) + 1
    if at >= stop or scene.words[at].low not in _ATTACHING:
        return []
    for named in scene.named:
        if at < named.first < min(stop, at + 6):
            between = scene.words[at + 1 : named.first]
            if any(w.low in scene.lexicon.prepositions and w.low not in _ATTACHING for w in between):
                return []
            return _joined(scene, named)
    return []


def _possessor(scene: Scene, item: Candidate) -> list[ActorMention]:
    """Whose: the nearest actor right before the object (or the phrase), with at most three words between."""
    at = item.object[0] if item.object else item.first
    for named in reversed(scene.named):
        if named.first >= at or at - named.last > 4:
            continue
        between = scene.words[named.last + 1 : at]
        if any((w.low in scene.lexicon.prepositions and w.low != "of") or "," in w.before for w in between):
            return []
        if item.object and named.last < item.last < at and item.last in range(named.last + 1, at):
            return []
        return _joined_back(scene, named)
    return []


def _agent(scene: Scene, item: Candidate) -> list[ActorMention]:
    return _after_preposition(scene, item, "by")


def _after_preposition(scene: Scene, item: Candidate, preposition: str) -> list[ActorMention]:
    """Who follows a preposition: after the trigger first, else anywhere for `between`."""
    starts = range(item.last + 1, _clause_stop(scene, item.span.stop))
    if preposition in _VAGUE:
        starts = range(len(scene.words))
    for k in starts:
        if scene.words[k].low != preposition or not scene.words[k].text:  # a word that a gloss put in leads nobody
            continue
        stop = min(k + 7, len(scene.words))
        for named in scene.named:
            if k < named.first < stop:
                between = scene.words[k + 1 : named.first]
                if any(w.low in scene.lexicon.prepositions for w in between):
                    break
                return _joined(scene, named)
        if phrase := _noun_phrase_after(scene, k + 1, len(scene.words)):
            return _attached(scene, phrase, len(scene.words)) or [phrase]
    return []


def _joined(scene: Scene, first: Named, stop: int | None = None) -> list[ActorMention]:
    """Return an actor and those that `and` or commas join to it: India and Pakistan; France, Italy and Spain."""
    found = [first]
    for named in scene.named[scene.named.index(first) + 1 :]:
        if stop is not None and named.first >= stop:
            break
        if named.actor == found[-1].actor and _is_title(scene, found[-1], named):
            found[-1] = Named(named.actor, found[-1].first, named.last, named.how)
        elif _is_joined(scene, found[-1], named):
            found.append(named)
        else:
            break
    return [scene.mention(n) for n in found]


def _is_title(scene: Scene, one: Named, other: Named) -> bool:
    """Whether two names are one person's: `Russian Foreign Minister Sergei Lavrov`."""
    between = scene.words[one.last + 1 : other.first]
    plain = scene.lexicon.prepositions | scene.lexicon.auxiliaries | scene.lexicon.reporting | _AND
    if any(mark in word.before for word in (*between, scene.words[other.first]) for mark in '"“”'):
        return False  # one of them is spoken of in a quotation, the other speaks
    return len(between) <= 5 and not any(word.low in plain for word in between)


def _only_speaks(scene: Scene, item: Candidate, named: Named) -> bool:
    """Whether an actor stands in the sentence only because it says so: `…, Washington said on Monday`."""
    for other in scene.named[scene.named.index(named) + 1 :]:
        if other.actor == named.actor and _is_title(scene, named, other):
            named = other
    after = named.last + 1
    while after < len(scene.words) and scene.words[after].low in scene.lexicon.auxiliaries:
        after += 1
    return after < len(scene.words) and after not in item.trigger and scene.words[after].low in scene.lexicon.reporting


def _is_joined(scene: Scene, one: Named, other: Named) -> bool:
    """Whether two actors act together: `and` stands between them, or a comma or hyphen alone; or `both sides`."""
    if one.first == other.first:
        return True
    between = scene.words[one.last + 1 : other.first]
    words = [w.low for w in between if w.low not in scene.lexicon.determiners]
    if words:
        return words[-1] in _AND and len(words) <= 4 and not any(w in scene.lexicon.auxiliaries for w in words)
    marks = "".join(w.before for w in (*between, scene.words[other.first]))
    return any(mark in marks for mark in ",-–")


def _joined_back(scene: Scene, last: Named) -> list[ActorMention]:
    index = scene.named.index(last)
    if index and scene.named[index - 1].first == last.first:
        return [scene.mention(scene.named[index - 1]), scene.mention(last)]
    if (
        index
        and scene.named[index].first - scene.named[index - 1].last == 2
        and (scene.words[scene.named[index].first - 1].low in _AND)
    ):
        return [scene.mention(scene.named[index - 1]), scene.mention(last)]
    return [scene.mention(last)]


def _led_by_preposition(scene: Scene, named: Named, start: int) -> bool:
    """Whether a preposition of the clause from `start` leads to an actor; `after` before a clause only opens it."""
    k = named.first - 1
    while k >= start and (
        scene.words[k].low in scene.lexicon.determiners or scene.words[k].low in {"neighbouring", "rival"}
    ):
        k -= 1
    return k >= start and scene.words[k].low in scene.lexicon.prepositions and "," not in scene.words[k + 1].before


def _is_compound(scene: Scene, named: Named) -> bool:
    """Whether the actor only colours another word: `US-backed rebels`."""
    following = scene.words[named.last + 1] if named.last + 1 < len(scene.words) else None
    return following is not None and following.low in scene.lexicon.compounds and "-" in following.before


def _clause_stop(scene: Scene, start: int) -> int:
    for k in range(start, len(scene.words)):
        if any(mark in scene.words[k].before for mark in ';:—"“”'):
            return k
        if k > start and scene.words[k].low in scene.lexicon.clause_openers:
            return k
    return len(scene.words)


def _noun_phrase_before(scene: Scene, start: int, verb: int) -> ActorMention | None:
    """Return the words before a verb that name who acts, or None."""
    lexicon = scene.lexicon
    end = verb
    while end > start and (scene.words[end - 1].low in lexicon.auxiliaries or scene.words[end - 1].low.endswith("ly")):
        end -= 1
    first = start
    for k in range(end - 1, start, -1):
        if "," in scene.words[k].before:
            first = k
            break
    while first < end and (scene.words[first].low in lexicon.determiners or scene.words[first].low in _AND):
        first += 1
    if first + 2 < end and scene.words[first].low == "at" and scene.words[first + 1].low in {"least", "most"}:
        first += 2
    if first >= end or scene.words[first].low in lexicon.prepositions:
        return None
    stop = next((k for k in range(first, end) if scene.words[k].low in lexicon.prepositions), end)
    return scene.phrase(first, min(stop, first + 6))


def _noun_phrase_after(scene: Scene, start: int, stop: int) -> ActorMention | None:
    """Return the words from `start` that name on whom, up to a preposition, a comma or a verb form, or None."""
    lexicon = scene.lexicon
    while start < stop and (scene.words[start].low in lexicon.determiners or scene.words[start].low.isdigit()):
        start += 1
    if start < stop and scene.words[start].low in _NO_NAMES | lexicon.clause_openers | lexicon.hypothetical | set(
        lexicon.months + lexicon.weekdays
    ):
        return None
    end = start
    while end < min(stop, start + 6):
        word = scene.words[end]
        if word.low in lexicon.prepositions or word.low in lexicon.auxiliaries or word.low in _AND:
            break
        if end > start and "," in word.before:
            break
        end += 1
    return scene.phrase(start, end) if end > start else None


def _distinct(found: Sequence[ActorMention]) -> tuple[ActorMention, ...]:
    seen: set[str | None] = set()
    kept: list[ActorMention] = []
    for item in found:
        if item.actor is None or item.actor not in seen:
            kept.append(item)
            seen.add(item.actor)
    return tuple(kept)
