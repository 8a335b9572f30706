"""Why an address did, or did not, raise an alert: what is stored about it, and what that comes to in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from detente.desk import Desk
from detente.models import Decision, Delivery, DeliveryState, Event, FetchOutcome, Source, Verdict
from detente.present import count
from extractors.sources import load_sources
from extractors.urls import clean_url, host_of, same_site
from storage import why as stored
from storage.database import Database
from storage.why import History

_UNSENT = {
    Verdict.BELOW_SEVERITY,
    Verdict.IN_PASSING,
    Verdict.NOT_ROUTED,
    Verdict.NOT_RAISING,
    Verdict.DRY_RUN,
    Verdict.NO_UPDATE,
    Verdict.MUTED,
}
_SENT = {
    DeliveryState.SENT: "sent",
    DeliveryState.WAITING: "waits to be sent",
    DeliveryState.GROUPED: "grouped into a digest",
    DeliveryState.DEAD: "could not be sent",
}
_WORDS = {
    DeliveryState.SENT: "delivered",
    DeliveryState.WAITING: "undelivered",
    DeliveryState.GROUPED: "grouped",
    DeliveryState.DEAD: "unsent",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that came of an article: what, in one word of `Verdict`, `FetchOutcome` or below, and why in words.

    Words besides: `never_listed`, `waiting`, `copy`, `delivered`, `undelivered`, `grouped`, `unsent`.
    """

    what: str
    why: str
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an address, the first reason being the chief one; `history` is None where nothing is stored."""

    url: str
    reasons: tuple[Reason, ...]
    history: History | None = field(default=None)


def ask(desk: Desk, url: str) -> Answer:
    """Return what became of an address, whether it was ever seen or not; its cleaned form is tried as well.

    Raises:
        ConfigError: a file of the desk is wrong.
    """
    with Database(desk.database, desk.settings.storage.wait).session() as con:
        for form in dict.fromkeys((url, clean_url(url) or url)):
            if history := stored.history(con, form):
                decided = tuple(
                    item for event in history.events for item in stored.about_event(con, event.id) if item.url != form
                )
                return Answer(form, tuple(reasons(history, decided)), history)
    return Answer(url, (Reason("never_listed", _never(url, load_sources(desk.sources))),))


def reasons(history: History, of_events: Sequence[Decision] = ()) -> Iterator[Reason]:
    """Yield what came of an article, the chief reason first.

    Args:
        history: what is stored about it.
        of_events: decisions about its events that bear another article's address.
    """
    if history.article is None and not history.decisions:
        yield _unfetched(history)
        return
    if history.reading is None:
        yield Reason("waiting", "fetched, and not read yet: the next tick does")
        return
    if history.placed and history.placed.copy_of:
        yield Reason("copy", f"{history.placed.why}; it proves nothing more")
    own = [item for item in history.decisions if item.facts.get("route") is None]
    yield from (Reason(item.verdict.value, _said(item, history), item.event) for item in sorted(own, key=_rank))
    for event in history.events:
        routed = [item for item in (*history.decisions, *of_events) if item.event == event.id]
        yield from _told(event, [item for item in history.deliveries if item.event == event.id], routed)


def _never(url: str, sources: Sequence[Source]) -> str:
    host = host_of(url)
    listing = [source.id for source in sources if host and same_site(url, source.url)]
    if listing:
        said = f"{', '.join(listing)} of this desk {'is' if len(listing) == 1 else 'are'} of that site"
        return f"{said} and did not name it; look at it with 'detente check {url}'"
    return (
        f"none of the {count(len(sources), 'source')} of this desk is of {host or 'that site'}; "
        f"add it with 'detente sources add', or look at the page with 'detente check {url}'"
    )


def _unfetched(history: History) -> Reason:
    last = history.fetches[-1] if history.fetches else None
    listed = ", ".join(link.source for link in history.links)
    if last is None:
        return Reason("waiting", f"listed by {listed}, and not fetched yet: the next ticks do")
    if last.outcome is FetchOutcome.ROBOTS:
        return Reason(last.outcome.value, last.detail or "robots.txt of its site forbids it")
    detail = f" ({last.detail})" if last.detail else ""
    tries = max((link.attempts for link in history.links), default=0)
    done = all(link.done for link in history.links)
    again = "it is not tried again" if done else f"tried {count(tries, 'time')}, and tried again while tries are left"
    return Reason(last.outcome.value, f"no article came of it: {last.outcome}{detail}; {again}")


def _rank(decision: Decision) -> int:
    order = (Verdict.NEW_EVENT, Verdict.DENIED_EVENT, Verdict.WITHDRAWN, Verdict.SAME_EVENT)
    return order.index(decision.verdict) if decision.verdict in order else len(order)


def _said(decision: Decision, history: History) -> str:
    what = f"{decision.cls}: " if decision.cls else ""
    said = f"{what}{decision.why}"
    if decision.verdict is Verdict.NO_RULE and history.reading and history.reading.notes:
        return f"{said}; the closest: {history.reading.notes[0]}"
    if decision.verdict is Verdict.SAME_EVENT and "new_if" in decision.facts:
        facts = decision.facts
        shared = ", ".join(facts.get("shared", ())) or "no actor"
        story = "the same story" if facts.get("same_story") else "another story"
        apart = count(abs(int(facts.get("days_apart", 0))), "day")
        return f"{said}; shared: {shared}, {story}, {apart} apart; it would have been new with {facts['new_if']}"
    return said


def _told(event: Event, deliveries: Sequence[Delivery], routed: Sequence[Decision]) -> Iterator[Reason]:
    for item in deliveries:
        if item.state is DeliveryState.MUTED:
            continue  # the decision to mute it says more
        when = f" at {item.ended_at:%Y-%m-%d %H:%M} UTC" if item.ended_at else ""
        if item.digest:
            when += f" in digest {item.digest}"
        elif item.state is DeliveryState.GROUPED:
            when = f", due {item.due_at:%Y-%m-%d %H:%M} UTC"
        error = f" ({item.last_error})" if item.last_error else ""
        why = f"message {item.id} to {item.target} by route {item.route}: {_SENT[item.state]}{when}{error}"
        yield Reason(_WORDS[item.state], why, event.id)
    seen = set()
    for decision in routed:
        route = decision.facts.get("route")
        if decision.verdict in _UNSENT and route is not None and (route, decision.why) not in seen:
            seen.add((route, decision.why))
            yield Reason(decision.verdict.value, f"route {route}: {decision.why}", event.id)
