"""How `detente why` looks: what came of an address first, then everything that is stored about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from detente.cli.output import console, say
from detente.cli.views import delivery_json, moment
from detente.present import count, jsonable, plain

if TYPE_CHECKING:
    from flows.why import Answer
    from storage.why import History


def print_answer(answer: Answer) -> None:
    """Print what came of an address, and then its history in the order in which it happened."""
    out, history = console(), answer.history
    out.print(Text(plain(history.article.title if history and history.article else answer.url), "bold"))
    for number, reason in enumerate(answer.reasons):
        event = f" → {reason.event}" if reason.event else ""
        line = Text(f"{reason.what.replace('_', ' ')}{event}: ", "bold" if not number else "")
        line.append(plain(reason.why), "")
        say(line, indent=2)
    if history:
        out.print(Text("\nHow it went", "bold"))
        _print_history(history)


def _print_history(history: History) -> None:
    for listed in history.links:
        state = "done" if listed.done else f"to be tried again, {count(listed.attempts, 'try', 'tries')} so far"
        say(f"listed by {listed.source}, last at {moment(listed.seen_at)}: {state}", indent=2)
    for fetch in history.fetches:
        detail = f" ({plain(fetch.detail)})" if fetch.detail else ""
        say(f"{moment(fetch.at)}  fetched for {fetch.source}: {fetch.outcome}{detail}", indent=2)
    if article := history.article:
        size = count(len(article.text), "character")
        agency = f", agency {plain(article.agency)}" if article.agency else ""
        say(f"extracted by {article.extractor}: {size}, language {article.language}{agency}", indent=2)
    if placed := history.placed:
        say(f"story {placed.story}" + (", new" if placed.new else "") + f": {plain(placed.why)}", indent=2)
        if placed.follows:
            say(f"it may follow story {placed.follows}", indent=2)
        if placed.copy_of:
            say(f"copy of {plain(placed.copy_of)}", indent=2)
    for note in history.reading.notes if history.reading else ():
        say(f"near miss: {plain(note)}", indent=2)
    for decision in history.decisions:
        what = f" {decision.cls}" if decision.cls else ""
        event = f" → {decision.event}" if decision.event else ""
        say(f"{moment(decision.at)}  {decision.verdict}{what}{event}: {plain(decision.why)}", "dim", indent=2)


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return what `print_answer` prints; `outcome` is the chief reason."""
    found: dict[str, Any] = {
        "url": answer.url,
        "outcome": answer.reasons[0].what if answer.reasons else None,
        "reasons": [jsonable(reason) for reason in answer.reasons],
    }
    if history := answer.history:
        found |= {
            "listed": [jsonable(item) for item in history.links],
            "fetches": [jsonable(item) for item in history.fetches],
            "article": {k: v for k, v in jsonable(history.article).items() if k != "text"} if history.article else None,
            "placed": jsonable(history.placed) if history.placed else None,
            "near_misses": list(history.reading.notes) if history.reading else [],
            "decisions": [jsonable(item) for item in history.decisions],
            "events": [event.id for event in history.events],
            "deliveries": [delivery_json(item) for item in history.deliveries],
        }
    return found
