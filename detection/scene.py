"""One sentence with its actors, and where its clauses begin and end."""

from __future__ import annotations

from dataclasses import dataclass

from detection.lexicon import Lexicon
from detection.matching import Candidate
from detection.naming import Named
from detection.text import Word
from detente.models import ActorMention

_STOPS = frozenset(';:—"“”')
_BREAKS = frozenset(';:—"“”()')


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
        return self.phrase(named.first, named.last + 1, named.actor)

    def phrase(self, first: int, stop: int, actor: str | None = None) -> ActorMention:
        """Return words that name an actor, or nobody who is known."""
        span = self.words[first:stop]
        return ActorMention(" ".join([word.text for word in span]), actor, span[0].start, span[-1].end)


def clause_start(scene: Scene, position: int) -> int:
    """Return the first word of the clause that the word at `position` belongs to."""
    words, openers = scene.words, scene.lexicon.clause_openers
    for k in range(position, 0, -1):
        before = words[k].before
        if before != " " and (not _BREAKS.isdisjoint(before) or " – " in before or " - " in before):
            return k
        if words[k].low in openers and k < position:
            return k + 1
    return int(position > 0 and words[0].low in openers)


def fronted_stop(scene: Scene, position: int) -> int:
    """Return where the phrase that leads up to a main clause ends, 0 for none.

    `In the wake of the attack that shook Paris, | France asked` puts nobody from before the comma in charge.
    """
    words, lexicon = scene.words, scene.lexicon
    marked = (k for k in range(position, 0, -1) if words[k].before != " " and not _BREAKS.isdisjoint(words[k].before))
    start = next(marked, 0)
    if words[start].low not in lexicon.prepositions and words[start].low not in lexicon.clause_openers:
        return 0
    return next((k for k in range(start + 1, position + 1) if "," in words[k].before), 0)


def own_words(scene: Scene, item: Candidate) -> tuple[Word, ...]:
    """Return the words that tell of the act itself: its clause, up to the background or the clause that follows."""
    start, stop = clause_start(scene, item.span.start), clause_stop(scene, item.span.stop)
    for k in range(item.span.stop, stop):
        if scene.lexicon.background.at(scene.words, k):
            return scene.words[start:k]
    return scene.words[start:stop]


def clause_stop(scene: Scene, start: int) -> int:
    """Return the word that ends the clause of the word at `start`: where a mark or an opener begins another."""
    words, openers = scene.words, scene.lexicon.clause_openers
    for k in range(start, len(words)):
        before = words[k].before
        if before != " " and not _STOPS.isdisjoint(before):
            return k
        if words[k].low in openers and k > start:
            return k
    return len(words)
