"""How events, pages and their reasons look in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.text import Text

from detection.confidence import confidence
from detente.cli.output import console, say
from detente.models import RAISING, Decision, Delivery, DeliveryState, Development, Event, Mention, Status, Verdict
from detente.present import count, event_json, jsonable, kind_in_words, mention_json, plain, shorten
from flows.check import Checked

_FAMILY_STYLES = {
    "mediation": "bold cyan",
    "talks": "bold blue",
    "deescalation": "bold green",
    "escalation": "bold red",
    "watch": "bold magenta",
}
_GREW = {
    "family": "also reported by",
    "actor": "a further actor:",
    "status": "now",
    "toll": "the dead:",
    "day": "the day:",
    "halted": "ended by",
    "withdrawn": "no longer told by",
}
_WILL = {
    Verdict.NEW_EVENT: "new event",
    Verdict.SAME_EVENT: "known event",
    Verdict.NOT_RAISING: "no event",
    Verdict.NO_ACTOR: "no event",
}
_UNSENT = frozenset(
    {Verdict.NOT_ROUTED, Verdict.NOT_RAISING, Verdict.BELOW_SEVERITY, Verdict.IN_PASSING, Verdict.MUTED}
)


def who(ids: Mapping[str, Iterable[str]], names: Mapping[str, str]) -> str:
    """Return the actors of an event in words: `Pakistan → Russia as mediator, with India`."""

    def said(role: str) -> str:
        return ", ".join(names.get(actor, actor) for actor in ids.get(role, ()))

    parts = said("source") or "somebody"
    if target := said("target"):
        parts += f" → {target}"
    if (mediator := said("mediator")) and mediator != said("source"):
        parts += f" → {mediator} as mediator"
    if party := said("party"):
        parts += f" · about {party}"
    return parts


def event_roles(event: Event) -> dict[str, tuple[str, ...]]:
    """Return an event's actors by role."""
    return {"source": event.sources, "target": event.targets, "mediator": event.mediators, "party": event.parties}


def _named(event: Event, names: Mapping[str, str]) -> str:
    """Who takes part in an event; nothing for a watch, which asks for words and not for actors."""
    return f"  {who(event_roles(event), names)}" if event.actors else ""


def print_event(event: Event, names: Mapping[str, str], *, status: str = "") -> None:
    """Print one event: what, who to whom, the evidence and the families that report it."""
    out = console()
    line = Text("● ", _FAMILY_STYLES[event.family])
    line.append(kind_in_words(event.cls), _FAMILY_STYLES[event.family])
    line.append(_named(event, names), "bold")
    line.append(f"  {event.status}, {event.day.isoformat()}", "dim")
    line.append(f"  {status}" if status else "", "yellow")
    out.print(line)
    say(plain(event.headline), indent=2)
    first = event.evidence[0] if event.evidence else None
    if first is not None:
        say(f"“{shorten(plain(first.sentence), 300)}”", "italic", indent=2)
        copies = sum(item.copy_of is not None for item in event.evidence)
        told = f"reported by {_families(event)}: {', '.join(event.families)}"
        told += f" · {len(event.evidence)} articles" if len(event.evidence) > 1 else ""
        told += f", {count(copies, 'copy', 'copies')} among them" if copies else ""
        say(told, "dim", indent=2)
    say(event.id, "dim", indent=2)


def print_checked(checked: Checked, *, has_desk: bool) -> None:
    """Print what one page would do, and why."""
    out, article = console(), checked.article
    out.print(Text(plain(article.title), "bold"))
    facts = [
        moment(article.published_at)
        if article.is_dated
        else "no date: say it with --date, else days and years are taken as they stand"
    ]
    facts += [article.language or "language unknown", count(len(article.text), "character")]
    facts += [] if article.extractor == "text" else [f"extracted by {article.extractor}"]
    facts += [f"agency {article.agency}"] if article.agency else []
    out.print(Text(" · ".join(facts), "dim"))
    if not checked.mentions:
        out.print("\nNothing would fire: no rule matched a sentence.")
    if checked.near_miss:
        say(f"\n{plain(checked.near_miss)[:1].upper()}{plain(checked.near_miss)[1:]}", "dim")
    pairs = list(zip(checked.mentions, checked.decisions, strict=False))
    for heading, wanted in (("Would raise", True), ("Would stay silent", False)):
        group = [
            pair for pair in pairs if (pair[0].status in RAISING and pair[1].verdict is Verdict.NEW_EVENT) is wanted
        ]
        if group:
            out.print(Text(f"\n{heading}", "bold"))
        for mention, decision in group:
            _print_mention(checked, mention, decision)
    if not has_desk:
        out.print(Text("\nChecked without a desk: known events and routes were not looked at.", "dim"))


def _print_mention(checked: Checked, mention: Mention, decision: Decision) -> None:
    out = console()
    live = decision.verdict in {Verdict.NEW_EVENT, Verdict.SAME_EVENT}
    style = _FAMILY_STYLES[mention.family] if live else "dim"
    roles = {
        name: dict.fromkeys(item.actor or item.text for item in getattr(mention.roles, name))
        for name in ("source", "target", "mediator", "party")
    }
    line = Text("● " if live else "○ ", style)
    line.append(kind_in_words(mention.cls), style)
    if any(roles.values()):
        line.append(f"  {plain(who(roles, checked.names))}", "bold" if live else "dim")
    line.append(f"  {mention.status}", "dim")
    line.append(f"  CAMEO {mention.cameo}, Goldstein {mention.goldstein:+.1f}" if mention.cameo else "", "dim")
    out.print(line)
    text = checked.article.full_text
    sentence = Text("“")
    sentence.append(
        plain(text[mention.sentence_start : mention.start]) + (" " if mention.start > mention.sentence_start else "")
    )
    sentence.append(plain(text[mention.start : mention.end]), "reverse" if live else "underline")
    rest = text[mention.end : mention.sentence_end]
    sentence.append((" " if rest[:1].isspace() else "") + plain(rest) + "”")
    say(sentence, indent=2)
    say(f"rule {mention.rule}: {plain(mention.why)}", "dim", indent=2)
    joined = decision.verdict is Verdict.SAME_EVENT and decision.event in {event.id for event in checked.raised}
    why = "joins the event above" if joined else plain(decision.why)
    say(f"{_WILL.get(decision.verdict, decision.verdict)}: {why}", "dim", indent=2)
    weighed = (d for d in checked.decisions if d.verdict is Verdict.WEIGHED and d.event == decision.event)
    for item in weighed if decision.verdict is Verdict.NEW_EVENT else ():
        say(plain(item.why), "dim", indent=2)
    if any(event.id == decision.event and event.in_passing for event in checked.raised):
        say("in passing: most routes wait for another source, a headline, a lead or a day", "dim", indent=2)


def print_event_line(event: Event, names: Mapping[str, str], muted: str | None = None) -> None:
    """Print one event in two lines: day, class, who to whom; id, headline and families, and by what it was muted."""
    line = Text(f"{event.day.isoformat()}  ", "dim")
    line.append(kind_in_words(event.cls), _FAMILY_STYLES[event.family])
    line.append(_named(event, names), "bold")
    line.append("" if event.status is Status.REPORTED else f"  {event.status}", "yellow")
    out = console()
    out.print(line)
    alerted = "" if event.alerted else ", no alert"
    alerted += ", in passing" if event.in_passing else ""
    alerted += f", muted {plain(muted)}" if muted else ""
    say(f"{event.id}  {shorten(plain(event.headline), 70)} ({_families(event)}{alerted})", "dim", indent=12)


def print_life(
    event: Event,
    developments: Sequence[Development],
    deliveries: Sequence[Delivery],
    decisions: Sequence[Decision],
    names: Mapping[str, str],
) -> None:
    """Print one event with all its evidence, how it grew, what was sent, and why so."""
    out = console()
    print_event(event, names)
    codes = f"CAMEO {event.cameo}, PLOVER {event.plover}, Goldstein {event.goldstein:+.1f}, " if event.cameo else ""
    say(f"{codes}severity {event.severity}", "dim", indent=2)
    for decision in decisions:
        if decision.verdict is Verdict.WEIGHED:
            say(plain(decision.why), "dim", indent=2)
    say(f"first seen {moment(event.first_seen)}, last {moment(event.last_seen)}", "dim", indent=2)
    sure = confidence(event)
    say(f"confidence {sure.value:.2f}: {', '.join(sure.grounds)}", "dim", indent=2)
    _print_evidence(event)
    if developments:
        out.print(Text("\nDevelopments", "bold"))
    for development in developments:
        say(f"{moment(development.at)}  {_GREW[development.kind]} {plain(development.what)}", indent=2)
        say(plain(development.url), "dim", indent=4)
    joined = [item for item in decisions if item.facts.get("route") is None and item.verdict is not Verdict.WEIGHED]
    if joined:
        out.print(Text("\nDecisions", "bold"))
    for decision in joined:
        say(f"{moment(decision.at)}  {decision.verdict}: {plain(decision.why)}", indent=2)
        say(plain(decision.url), "dim", indent=4)
    _print_messages(deliveries, decisions)


def _print_evidence(event: Event) -> None:
    console().print(Text("\nEvidence", "bold"))
    for item in event.evidence:
        copy = f"  copy of {item.copy_of}" if item.copy_of else ""
        say(f"{moment(item.published_at)}  {item.publisher} (counts for {item.family}){copy}", indent=2)
        denies = "denies it: " if item.status is Status.DENIED else ""
        say(f"{denies}“{shorten(plain(item.sentence), 300)}”", "italic", indent=4)
        say(plain(item.url), "dim", indent=4)
        say(f"rule {item.rule}: {plain(item.why)}", "dim", indent=4)


def _print_messages(deliveries: Sequence[Delivery], decisions: Sequence[Decision]) -> None:
    out = console()
    out.print(Text("\nMessages", "bold"))
    for delivery in deliveries:
        error = f": {delivery.last_error}" if delivery.last_error else ""
        tries = f" after {count(delivery.attempts, 'try', 'tries')}" if delivery.attempts else ""
        group = f" in {delivery.digest}" if delivery.digest else ""
        if delivery.state is DeliveryState.GROUPED and not delivery.digest:
            group = f" into the digest of {moment(delivery.due_at)}"
        say(f"{delivery.id}  {delivery.target}  {delivery.state.value}{group}{tries}{plain(error)}", indent=2)
    silent = [item for item in decisions if item.verdict in _UNSENT and "route" in item.facts]
    if not deliveries:
        is_muted = any(item.verdict is Verdict.MUTED for item in silent)
        out.print("  none" if is_muted else "  none: no route wanted it")
    for item in silent:
        if not deliveries or item.verdict is Verdict.MUTED:
            words = "muted " if item.verdict is Verdict.MUTED else ""
            say(f"route {item.facts['route']}: {words}{plain(item.why)}", "dim", indent=2)


def life_json(
    event: Event,
    developments: Sequence[Development],
    deliveries: Sequence[Delivery],
    decisions: Sequence[Decision],
) -> dict[str, Any]:
    """Return what `print_life` prints, the event as `events --json` gives it with more of its evidence."""
    return {
        **event_json(event),
        "plover": event.plover,
        "goldstein": event.goldstein,
        "same_as": event.same_as,
        "confidence": jsonable(confidence(event)),
        "proof": [jsonable(item) for item in event.evidence],
        "developments": [jsonable(item) for item in developments],
        "deliveries": [delivery_json(item) for item in deliveries],
        "decisions": [jsonable(item) for item in decisions],
    }


def checked_json(checked: Checked) -> dict[str, Any]:
    """Return what `print_checked` prints."""
    text = checked.article.full_text
    return {
        "url": checked.article.url,
        "title": checked.article.title,
        "published_at": checked.article.published_at.isoformat() if checked.article.is_dated else None,
        "language": checked.article.language,
        "extractor": checked.article.extractor,
        "mentions": [
            {
                **mention_json(mention),
                "sentence": text[mention.sentence_start : mention.sentence_end],
                "verdict": decision.verdict.value,
                "because": decision.why,
            }
            for mention, decision in zip(checked.mentions, checked.decisions, strict=False)
        ],
        "events": [event_json(event) for event in checked.raised],
        "near_miss": checked.near_miss,
    }


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """Return a message as JSON shows it: of its content only the subject."""
    found = jsonable(delivery)
    found["message"] = delivery.message.subject
    return found


def _families(event: Event) -> str:
    return count(len(event.families), "independent family", "independent families")


def moment(at: datetime) -> str:
    """Return a time as people read it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
