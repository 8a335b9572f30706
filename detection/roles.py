"""Who does what to whom: the words around a trigger that fill a rule's roles.

The places that a rule may name:

- `subject`: who stands before the verb in its clause; in the passive, whom `by` names.
- `object`: who stands right after the verb; in the passive, who stands before it.
- `affected`: the object with its whole phrase (`a camp of Hamas fighters`); in the passive, who stands before the verb.
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
from dataclasses import replace
from functools import cache

from detection.background import opened_by
from detection.matching import Candidate
from detection.naming import Named
from detection.nouns import affected, attached, is_compound, phrase_after, phrase_before, whole
from detection.rulefile import FINDERS
from detection.scene import Scene, clause_start, clause_stop, fronted_stop
from detection.scope import group, has_own_verb
from detente.models import ActorMention, Roles

_OWNING = frozenset({"its", "their", "his", "her"})
_BARE = frozenset({"to", "from", "out", "off", "into", "under"})
"""Words that an object may begin with and that leave those before it alone: `ordered the paper | to close`."""

_VIOLENT = "escalation"
_RELATIVE = frozenset({"who", "which", "whose", "whom"})
_BREAKS = frozenset(';:—"“”')
_ARTICLES = frozenset({"the", "a", "an"})
_ASIDE = 20
"""Words that a relative clause between subject and verb may have."""
_AND = frozenset({"and", "or", "&"})
_VAGUE = frozenset({"between", "among"})
"""Places anywhere in the sentence: words there that name nobody give way to whom another place names."""


def find_roles(scene: Scene, item: Candidate) -> Roles:
    """Return who fills the roles of a rule that fired, each with the whole phrase that names him.

    A role that nobody fills is empty. An actor fills one role only, in the order source, mediator, target, party;
    where an act of violence strikes somebody else of the same country, only the words for him are given.
    """
    taken: set[str] = set()
    filled: dict[str, tuple[ActorMention, ...]] = {}
    for role in ("source", "mediator", "target", "party"):
        for finders in _grouped(getattr(item.rule.roles, role)):
            found = _untaken(scene, _find(scene, item, finders, taken), taken, filled.get("source", ()), item)
            known = [m.actor for m in found if m.actor]
            if known or (found and role not in filled):
                filled[role] = _distinct(found)
                taken.update(known)
            if known or (found and finders[0] not in _VAGUE):
                break
    trigger, own = frozenset(item.trigger), frozenset((*item.trigger, *range(*(item.object or (0, 0)))))
    stops = {"target": trigger if item.rule.family == _VIOLENT else own}  # `bombed a factory in the Yemeni capital`
    return Roles(
        **{role: tuple(_grown(scene, m, stops.get(role, own)) for m in mentions) for role, mentions in filled.items()}
    )


@cache
def _grouped(finders: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return finders in order, prepositions that follow each other as one group."""
    groups: list[tuple[str, ...]] = []
    for finder in finders:
        plain = finder not in FINDERS and finder not in _VAGUE
        if plain and groups and groups[-1][0] not in FINDERS and groups[-1][0] not in _VAGUE:
            groups[-1] = (*groups[-1], finder)
        else:
            groups.append((finder,))
    return groups


def _untaken(
    scene: Scene, found: Sequence[ActorMention], taken: set[str], source: Sequence[ActorMention], item: Candidate
) -> list[ActorMention]:
    """Leave out actors that have their role; of an act of violence, who else is struck stays without his country."""
    kept: list[ActorMention] = []
    for mention in found:
        if mention.actor is None or mention.actor not in taken:
            kept.append(mention)
        elif _is_place(scene, mention) or (
            item.rule.family == _VIOLENT and all(m.end <= mention.start or mention.end <= m.start for m in source)
        ):
            kept.append(replace(mention, actor=None))
    return kept


def _is_place(scene: Scene, mention: ActorMention) -> bool:
    """Whether a mention is of a place, which an actor may have as well: `the Syrian army shelled Aleppo`."""
    return any(n.how == "place" and scene.words[n.first].start == mention.start for n in scene.named)


def _grown(scene: Scene, mention: ActorMention, own: frozenset[int]) -> ActorMention:
    """Return a mention with its whole phrase; a pronoun gives way to the name that the sentence has for it."""
    if mention.text.lower() not in scene.lexicon.pronouns:
        return whole(scene, mention, own)
    for named in scene.named:
        if scene.words[named.first].start >= mention.start:
            break
        if mention.actor in {named.actor, None} and not _led_by_preposition(scene, named, 0):
            return whole(scene, scene.mention(named), own)
    return mention


def _find(scene: Scene, item: Candidate, finders: Sequence[str], taken: set[str]) -> list[ActorMention]:
    finder = finders[0]
    before = item.passive if finder == "affected" else item.has_object_before
    if finder in {"object", "affected"} and before:
        return _subject(scene, item.first)
    match finder:
        case "subject" if not item.is_verb and opened_by(scene, item):
            return []  # `after the attack, Chad asked`: who asks did not attack
        case "subject":
            return _agent(scene, item) if item.passive else _subject(scene, item.first)
        case "object":
            found = _object(scene, item)
        case "affected":
            found = affected(scene, item)
        case "possessor":
            found = _possessor(scene, item)
        case "agent":
            found = _agent(scene, item)
        case "inside" | "behind" | "before":
            found = _around_trigger(scene, item, finder)
        case "rest":
            found = _others(scene, item, taken)
        case _:
            found = _nearest(scene, item, finders, taken)
    return found


def _around_trigger(scene: Scene, item: Candidate, finder: str) -> list[ActorMention]:
    if finder == "inside":
        return [scene.mention(n) for n in scene.named if n.first in item.trigger]
    if finder == "behind":
        return next((_joined(scene, n) for n in scene.named if n.first <= item.span.stop <= n.last), [])
    return next((_joined(scene, n) for n in reversed(scene.named) if n.last < item.first), [])


def _others(scene: Scene, item: Candidate, taken: set[str]) -> list[ActorMention]:
    """Every other actor that acts: of the sentence, or for violence of its clause."""
    stop = clause_stop(scene, item.span.stop) if item.rule.family == _VIOLENT else len(scene.words)
    free = (n for n in scene.named if n.actor not in taken and n.first not in item.trigger and n.first < stop)
    if item.rule.family == _VIOLENT:
        free = (n for n in free if not is_compound(scene, n) or _brokers(scene, n))  # `Soviet-made tanks`
    return [scene.mention(n) for n in free if n.how != "place" and not _only_speaks(scene, item, n)]


def _brokers(scene: Scene, named: Named) -> bool:
    """Whether an actor is who made a peace that is spoken of: `violated the UN-brokered truce`."""
    return scene.words[named.last + 1].low in scene.lexicon.brokering


def _subject(scene: Scene, verb: int) -> list[ActorMention]:
    """Who acts: the first actor of the clause that no preposition leads; else the words before the verb."""
    verb = _before_relative(scene, verb)
    start = max(clause_start(scene, verb), fronted_stop(scene, verb))
    while True:
        inside = [n for n in scene.named if start <= n.first and n.last < verb and n.how != "place"]
        heads = [n for n in inside if not _is_led(scene, n, start) and not is_compound(scene, n)]
        if start <= (told := _told_by(scene, heads, verb)):
            start, heads = told, [n for n in heads if n.first >= told]
        if heads:
            return _joined(scene, heads[0], stop=verb)
        if start == 0 and scene.words[0].low in scene.lexicon.pronouns and scene.earlier:
            return list(scene.earlier[:1])
        if phrase := phrase_before(scene, start, verb):
            if phrase.text.lower() in scene.lexicon.pronouns:
                return list(scene.earlier[:1])
            return _with_joined(scene, _owned(scene, attached(scene, phrase, verb, acts=True)), verb)
        if start == 0:
            return list(scene.earlier[:1])
        start = clause_start(scene, max(start - 1, 0)) if start > 1 else 0


def _is_led(scene: Scene, named: Named, start: int) -> bool:
    """Whether a preposition leads to an actor, or to the one that it is joined to: `ships from Japan and | Taiwan`."""
    if _led_by_preposition(scene, named, start):
        return True
    k = scene.named.index(named)
    between = scene.words[scene.named[k - 1].last + 1 : named.first] if k else ()
    joined = [word.low for word in between] == ["and"] and scene.named[k - 1].first >= start
    return joined and _led_by_preposition(scene, scene.named[k - 1], start)


def _with_joined(scene: Scene, phrase: ActorMention, verb: int) -> list[ActorMention]:
    """Return words that are somebody's, with whose they are besides: `ships from Japan and Taiwan`."""
    own = next((n for n in scene.named if n.actor == phrase.actor and scene.words[n.last].end == phrase.end), None)
    return [phrase, *_joined(scene, own, stop=verb)[1:]] if own else [phrase]


def _told_by(scene: Scene, heads: Sequence[Named], verb: int) -> int:
    """Return where that begins what an actor only tells, -1 for nowhere: `the RSF said | the convoy was hit`."""
    words, lexicon = scene.words, scene.lexicon
    for named in heads[:1]:
        for k in range(named.last + 1, min(named.last + 8, verb)):
            if words[k].low not in lexicon.reporting or words[k].low in lexicon.telling:
                continue
            for at in range(k + 1, verb - 1):
                led = words[at - 1].low in lexicon.prepositions
                if words[at].low in _ARTICLES and not led and words[at - 1].before in {" ", ""}:
                    return at
    return -1


def _before_relative(scene: Scene, verb: int) -> int:
    """Return where a relative clause begins that a comma ends right before a verb, else the verb.

    `Monks, | who saw in it an insult, attacked`: monks attacked.
    """
    words = scene.words
    first = verb - len(group(scene, verb))
    shut = "," in words[first].before
    for k in range(first - 2, max(0, first - _ASIDE), -1):
        if words[k].low in _RELATIVE and (("," in words[k].before) if shut else has_own_verb(scene, k + 1, verb)):
            return k
        if words[k].before != " " and not _BREAKS.isdisjoint(words[k].before):
            break
    return verb


def _owned(scene: Scene, phrase: ActorMention) -> ActorMention:
    """Give words that name nobody to whom `its` and `their` point: `Mali said its guns had fired` tells of Mali's."""
    first = next(k for k, word in enumerate(scene.words) if word.start == phrase.start)
    if phrase.actor or not first or scene.words[first - 1].low not in _OWNING:
        return phrase
    before = (n for n in scene.named if n.last < first - 1 and n.how != "place")
    owner = next((n for n in before if not _led_by_preposition(scene, n, 0)), None)
    return replace(phrase, actor=owner.actor) if owner else phrase


def _object(scene: Scene, item: Candidate) -> list[ActorMention]:
    """On whom: the first actor after the verb in its clause that no preposition leads; else the words there."""
    start = item.last + 1
    if start < len(scene.words) and scene.words[start].low in scene.lexicon.clause_openers:
        return []
    stop = item.object[0] if item.object and item.object[0] > item.last else clause_stop(scene, start)
    for named in scene.named:
        if start <= named.first < stop and not is_compound(scene, named):
            if any(w.low in scene.lexicon.prepositions and w.low != "to" for w in scene.words[start : named.first]):
                break
            return _joined(scene, named)
    phrase = phrase_after(scene, start, stop)
    leads_up = item.object is not None and stop == item.object[0] and scene.words[stop].low not in _BARE
    if phrase is None or (leads_up and phrase.end == scene.words[stop - 1].end):
        return []  # `a 21-day ultimatum`: the words before it belong to the object
    return [attached(scene, phrase, len(scene.words))]


def _possessor(scene: Scene, item: Candidate) -> list[ActorMention]:
    """Whose: the nearest actor right before the object (or the phrase), with at most three words between."""
    at = item.object[0] if item.object else item.first
    for named in reversed(scene.named):
        if named.first >= at or at - named.last > 4:
            continue
        if item.rule.family == _VIOLENT and is_compound(scene, named) and not _brokers(scene, named):
            continue  # `a US-backed offensive` is somebody's whom they back
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
    inside = not item.is_verb and scene.words[item.last].low == preposition  # `attack by | herders`
    starts = range(item.last + int(not inside), _phrase_stop(scene, item))
    if preposition in _VAGUE:
        starts = range(len(scene.words))
    for k in starts:
        word = scene.words[k]  # one that a gloss put in has no text, and leads nobody
        if word.low == preposition and word.text and (found := _led(scene, k)):
            return found
    return []


def _phrase_stop(scene: Scene, item: Candidate) -> int:
    """Where the words about an act end: with its clause, or with an aside (`After the raid, | Chad asked`)."""
    words, stop = scene.words, clause_stop(scene, item.span.stop)
    opener = None if item.is_verb else opened_by(scene, item)
    if opener and (opener[0] == 0 or words[opener[0]].before.strip()):
        return next((k for k in range(item.last + 1, stop) if "," in words[k].before), stop)
    return stop


def _led(scene: Scene, at: int) -> list[ActorMention]:
    """Who follows the preposition at `at`: the next actor, or else the next words; a bare verb after `to` is nobody."""
    for named in scene.named:
        if at < named.first < at + 7:
            if any(w.low in scene.lexicon.prepositions for w in scene.words[at + 1 : named.first]):
                break
            return _joined(scene, named)
    if scene.words[at].low == "to" and scene.words[at + 1 : at + 2]:
        follows = scene.words[at + 1]
        if follows.low not in scene.lexicon.determiners and not follows.text[:1].isupper():
            return []
    phrase = phrase_after(scene, at + 1, len(scene.words))
    return [attached(scene, phrase, len(scene.words))] if phrase else []


def _nearest(scene: Scene, item: Candidate, prepositions: Sequence[str], taken: set[str]) -> list[ActorMention]:
    """The actor whom the first of these prepositions in the sentence leads to, else the first of the list."""
    found = [_after_preposition(scene, item, preposition) for preposition in prepositions]
    known = [mentions for mentions in found if any(m.actor and m.actor not in taken for m in mentions)]
    if known:
        return min(known, key=lambda mentions: mentions[0].start)
    return next((mentions for mentions in found if mentions), [])


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
    if len(between) > 5:
        return False
    plain = (scene.lexicon.prepositions, scene.lexicon.auxiliaries, scene.lexicon.reporting, _AND)
    if any(mark in word.before for word in (*between, scene.words[other.first]) for mark in '"“”'):
        return False  # one of them is spoken of in a quotation, the other speaks
    return not any(word.low in listed for word in between for listed in plain)


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


def _distinct(found: Sequence[ActorMention]) -> tuple[ActorMention, ...]:
    seen: set[str | None] = set()
    kept: list[ActorMention] = []
    for item in found:
        if item.actor is None or item.actor not in seen:
            kept.append(item)
            seen.add(item.actor)
    return tuple(kept)
