"""What `detente rules test` shows of a sentence, as a person and as a program reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.text import Text

from detection.coder import ENGLISH, Coder, languages, load_coder
from detection.explain import Miss, closest_first, listed, misses, other_forms, triggers
from detection.findquery import Page
from detection.query import QueryError
from detection.rules import Rule
from detection.watches import compiled, pointed
from detente.cli.output import console, print_json, print_table, say
from detente.cli.views import who
from detente.desk import Desk
from detente.errors import UsageError
from detente.models import Mention
from detente.present import count, kind_in_words, mention_json, plain

_SHOWN = 8
"""Misses shown to a person."""

_ROLES = ("source", "target", "mediator", "party")


def coder_of(desk: Desk, language: str | None, rule: str | None) -> Coder:
    """Return a desk's coder of a language; where none is said, that of a rule, else the English one.

    Raises:
        UsageError: there are no rules for the language, or there is no such rule.
    """
    if language and language not in languages():
        raise UsageError(f"there are no rules for the language {language!r}; there are {', '.join(languages())}")
    english_first = sorted(languages(), key=lambda code: code != ENGLISH)
    for code in [language] if language else english_first:
        coder = load_coder(desk, code)
        if rule is None or any(item.id == rule for item in coder.rules.rules):
            return coder
    raise UsageError(f"there is no rule {rule!r}; list them with 'detente rules list'")


def try_rules(coder: Coder, text: str, published: datetime | None, only: str | None, *, as_json: bool) -> None:
    """Print what rules make of a text, or what one of them does."""
    today = published.date() if published else None
    rule = next((item for item in coder.rules.rules if item.id == only), None)
    fired = [m for m in coder.code(text, published) if only in {None, m.rule}]
    missed = [m for m in _missed(coder, text, today) if only in {None, m.rule}]
    rows = list(_words(coder, text, today, fired))
    if as_json:
        found = [{**mention_json(mention), "severity": mention.severity.value} for mention in fired]
        wants = {"wants": _wants(coder, rule)} if rule else {}
        print_json([{"words": rows, "events": found, "misses": [_miss_json(item) for item in missed], **wants}])
        return
    if rule is None:
        columns = ("word", "actor", "fires", "begins")
        print_table("", columns, ([row[column] for column in columns] for row in map(_row, rows)))
    else:
        _print_wants(coder, rule)
    _print_fired(fired, coder.actors.names())
    shown = missed if rule else missed[:_SHOWN]
    if shown:
        console().print(Text("\nDoes not fire", "bold"))
    for miss in shown:
        say(f"○ {miss.rule}  at {plain(miss.trigger)!r}", indent=0)
        for _, words in miss.wants:
            say(plain(words), "dim", indent=2)
    if len(shown) < len(missed):
        say(f"\n{count(len(missed) - len(shown), 'rule')} more came less near: --json shows all of them", "dim")
    if rule and not fired and not missed:
        console().print("None of its triggers stands there.")


def try_query(query: str, text: str, *, as_json: bool) -> None:
    """Print whether a watch's query is true of a text, and of which words.

    Raises:
        UsageError: the query is wrong; points at the character.
    """
    try:
        node, _ = compiled(query)
    except QueryError as error:
        wrong = UsageError(f"query, character {error.offset + 1}: {error.problem}; {error.mend}")
        wrong.shown = pointed(query, error.offset)
        raise wrong from None
    page = Page(text)
    found = page.find(node) or []
    places = [(page.where[first][0], page.where[last][1]) for first, last in found]
    if as_json:
        words = [{"text": text[start:end], "start": start, "end": end} for start, end in places]
        print_json([{"query": query, "true": bool(found), "found": words}])
    elif not found:
        console().print("The query is not true of it.")
    else:
        shown = ", ".join(dict.fromkeys(repr(plain(text[start:end])) for start, end in places))
        console().print(Text(f"The query is true of it: {shown}"))


def _missed(coder: Coder, text: str, today: date | None) -> list[Miss]:
    """Every rule that did not fire, the nearest first; other forms of a phrase where no trigger of its rule stands."""
    found = list(misses(coder, text, today))
    known = {(miss.rule, miss.start) for miss in found}
    known |= {(mention.rule, mention.start) for mention in coder.mentions(text, today)}
    forms = (miss for miss in other_forms(coder, text, today) if (miss.rule, miss.start) not in known)
    return closest_first([*found, *forms])


def _words(coder: Coder, text: str, today: date | None, fired: Sequence[Mention]) -> Iterator[dict[str, Any]]:
    """Yield each word with the actor and the evidence that it is part of, and the rules whose triggers begin there."""
    for _, scene in coder.scenes(text, today):
        for position, word in enumerate(scene.words):
            named = next((item for item in scene.named if item.first <= position <= item.last), None)
            verbs = (trigger.rule.id for trigger in coder.rules.verbs.get(word.low, ()))
            phrases = (
                rule.id
                for rule, phrase in coder.rules.phrases_at(scene.words, position)
                if tuple(each.low for each in scene.words[position : position + len(phrase)]) == phrase
            )
            yield {
                "text": word.text,
                "start": word.start,
                "end": word.end,
                "actor": named.actor if named else None,
                "how": named.how if named else None,
                "fires": [mention.rule for mention in fired if mention.start <= word.start < mention.end],
                "rules": list(dict.fromkeys((*verbs, *phrases))),
            }


def _row(word: Mapping[str, Any]) -> dict[str, Any]:
    actor = f"{word['actor']} ({word['how']})" if word["actor"] else ""
    begins = ", ".join(word["rules"])
    return {"word": plain(word["text"]), "actor": actor, "fires": "●" if word["fires"] else "", "begins": begins}


def _print_fired(fired: list[Mention], names: Mapping[str, str]) -> None:
    console().print(Text("\nFires", "bold") if fired else "\nNothing fires.")
    for mention in fired:
        roles = {name: dict.fromkeys(m.actor or m.text for m in getattr(mention.roles, name)) for name in _ROLES}
        line = Text(f"● {kind_in_words(mention.cls)}", "bold")
        line.append(f"  {plain(who(roles, names))}", "bold").append(f"  {mention.status}, {mention.severity}", "dim")
        console().print(line)
        say(f"rule {mention.rule}: {plain(mention.why)}", "dim", indent=2)


def _wants(coder: Coder, rule: Rule) -> dict[str, Any]:
    verbs, phrases = triggers(coder, rule.id)
    return {
        "verbs": list(verbs),
        "phrases": list(phrases),
        "object": [" ".join(phrase) for several in rule.object.by_first.values() for phrase in several],
        "gap": rule.gap,
        "near": [" ".join(phrase) for several in rule.near.by_first.values() for phrase in several],
        "not": [" ".join(phrase) for several in rule.without.by_first.values() for phrase in several],
        "actors": rule.actors,
        "negated": rule.negated,
        "roles": rule.roles.model_dump(),
        "file": str(rule.file),
        "line": rule.line,
    }


def _print_wants(coder: Coder, rule: Rule) -> None:
    verbs, phrases = triggers(coder, rule.id)
    say(f"{rule.id}: {rule.cls}, strength {rule.strength}, {rule.origin}, {rule.file}:{rule.line}", "bold")
    lines = [f"a verb: {', '.join(verbs)}"] if verbs else []
    lines += [f"or the words: {', '.join(phrases)}" if verbs else f"the words: {', '.join(phrases)}"] if phrases else []
    lines += [f"then, within {count(rule.gap, 'word')}: {listed(rule.object)}"] if rule.object else []
    lines += [f"in the sentence: {listed(rule.near)}"] if rule.near else []
    lines += [f"not in the sentence: {listed(rule.without)}"] if rule.without else []
    lines += [f"at least {count(rule.actors, 'known actor')}"] if rule.actors else []
    lines += ["only under a negation"] if rule.negated else []
    for line in lines:
        say(line, "dim", indent=2)


def _miss_json(miss: Miss) -> dict[str, Any]:
    return {
        "rule": miss.rule,
        "class": miss.cls,
        "trigger": miss.trigger,
        "start": miss.start,
        "end": miss.end,
        "wants": [{"reason": reason.value, "why": why} for reason, why in miss.wants],
    }
