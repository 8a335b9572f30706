"""Whichever tick an article comes home in, the events are the same, and nothing is announced twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from random import Random

import pytest
from event_contents import contents

from detection.details import restore
from detection.novelty import Outcome, Reading, decide
from detente.models import ActorMention, Article, Event, Mention, Placed, Roles, Severity, Status, Verdict
from detente.settings import Detection

START = datetime(2025, 5, 4, 6, tzinfo=UTC)
CLASSES = (
    "escalation.fighting",
    "escalation.assault",
    "talks.held",
    "talks.halted",
    "mediation.conducted",
    "escalation.threat",
)
CONCERNS = {"KASHMIR": ("IND", "PAK")}


def actors(*ids: str) -> tuple[ActorMention, ...]:
    return tuple(ActorMention(name, name, 0, 1) for name in ids)


def mention(cls: str, roles: Roles, status: Status = Status.REPORTED, day: date | None = None, at: int = 0) -> Mention:
    severity = list(Severity)[len(cls) % 3]
    return Mention(cls, "0", "P", -5.0, severity, status, roles, "rule", at, at + 5, 0, 20, "told", day)


def reading(
    name: str, *mentions: Mention, hours: float = 0, story: str = "s", family: str = "", **facts: object
) -> Reading:
    at, url = START + timedelta(hours=hours), f"https://{name}.example/"
    text = "One thing. Another one. A third. " * 40
    article = Article(url, name, name, family or name, f"{name} says", text, "en", at, at)
    placed = Placed(url, story, new=False, copy_of=None, why="")
    return Reading(article, mentions, placed, family or name, details=(restore(facts),) * len(mentions))


class Desk:
    """A desk without its files: what it keeps from one tick to the next."""

    def __init__(self) -> None:
        self.now = START + timedelta(days=3)
        self.events: dict[str, Event] = {}
        self.read: dict[str, Reading] = {}
        self.ticks: list[Outcome] = []

    def tick(self, *readings: Reading) -> Outcome:
        """Decide about new readings, and keep what comes of it."""
        self.now += timedelta(minutes=10)
        urls = {item.article.url for item in readings}
        touched = [*readings, *(self.read[url] for url in urls & self.read.keys())]
        first = min((item.article.published_at for item in touched), default=self.now)
        known = [item for url, item in self.read.items() if url not in urls and item.article.published_at >= first]
        stored = sorted(self.events.values(), key=lambda event: (event.first_seen, event.id))
        found = decide(readings, stored, Detection(), self.now, START - timedelta(days=9), CONCERNS, known)
        self._keep(found)
        self.read |= {item.article.url: item for item in readings}
        self.ticks.append(found)
        return found

    def _keep(self, found: Outcome) -> None:
        """Write as the database does: an event's evidence is what was added to it and not withdrawn."""
        for event in found.events:
            before = self.events.get(event.id)
            kept = [item for item in before.evidence if (event.id, item.url) not in found.withdrawn] if before else []
            kept += [item for item in found.evidence if item.event == event.id]
            evidence = tuple(sorted(kept, key=lambda item: (item.published_at, item.url)))
            assert evidence == event.evidence
            self.events[event.id] = event

    def contents(self) -> list[tuple[object, ...]]:
        """What the events say."""
        return contents(self.events.values())


STRIKE = mention("escalation.fighting", Roles(source=actors("RUS"), target=actors("UKR")))


def only(found: Outcome) -> Event:
    (event,) = found.events
    return event


def test_a_denial_that_comes_home_before_its_report_denies_it() -> None:
    desk = Desk()
    assert not desk.tick(reading("beta", replace(STRIKE, status=Status.DENIED), hours=2)).events
    found = desk.tick(reading("alpha", STRIKE, hours=1))
    assert (only(found).status, found.new) == (Status.DENIED, {only(found).id})
    denied = next(item for item in found.decisions if item.verdict is Verdict.DENIED_EVENT)
    assert (denied.url, denied.event) == ("https://beta.example/", only(found).id)


def test_what_comes_out_the_same_again_is_neither_recorded_nor_told_anew() -> None:
    desk = Desk()
    known = only(desk.tick(*(reading(name, STRIKE, hours=hour) for hour, name in enumerate(("a", "b", "c"), 2))))
    found = desk.tick(reading("late", STRIKE, hours=1))
    assert (only(found).id, found.new) == (known.id, frozenset())
    assert [(item.kind, item.what) for item in found.developments] == [("family", "late")]
    assert [item.url for item in found.decisions] == ["https://late.example/"]
    assert [item.url for item in found.evidence] == ["https://late.example/"]
    assert only(found).headline == "late says"


def vague(role: str, *ids: str) -> Mention:
    return replace(STRIKE, roles=Roles(**{role: actors(*ids)}))


def test_two_events_that_turn_out_to_be_one_become_one_and_what_was_told_is_taken_back() -> None:
    desk = Desk()
    one = only(desk.tick(reading("one", vague("source", "RUS"), hours=2, story="s1")))
    two = only(desk.tick(reading("two", vague("target", "UKR"), hours=3, story="s2")))
    assert one.id != two.id
    link = reading("link", STRIKE, hours=1, story="s3")
    found = desk.tick(link)
    assert not found.new, "both were told: nothing is announced"
    assert [(event.id, len(event.evidence), event.same_as) for event in found.events] == [
        (one.id, 3, None),
        (two.id, 0, one.id),
    ]
    taken_back = next(item for item in found.developments if item.event == two.id)
    assert taken_back.what == f"reported → withdrawn, the same as {one.id} (link says)"
    moved = next(item for item in found.decisions if item.verdict is Verdict.MOVED)
    assert (moved.url, moved.event) == ("https://two.example/", two.id)
    assert f"it proves {one.id}, not {two.id}" in moved.why

    apart = desk.tick(replace(link, mentions=()))
    assert not apart.new, "they are known by their ids again"
    assert {event.id: event.same_as for event in apart.events} == {one.id: None, two.id: None}
    assert ("status", "withdrawn → reported") in {(item.kind, item.what) for item in apart.developments}


def test_what_is_decided_anew_takes_nothing_from_events_of_other_actors() -> None:
    desk = Desk()
    desk.tick(reading("there", replace(STRIKE, roles=Roles(source=actors("IND"), target=actors("PAK"))), story="s2"))
    assert [event.sources for event in desk.tick(reading("here", STRIKE, hours=-1)).events] == [("RUS",)]


def news(seed: int) -> list[Reading]:
    """Make thirty articles of a few actors, days, stories and numbers, so that nearly everything is like something."""
    random = Random(seed)
    found = []
    for number in range(30):
        sides = random.sample(["IND", "PAK", "KASHMIR", "RUS"], 3)
        roles = Roles(
            source=actors(*sides[: random.randint(0, 1)]),
            target=actors(*sides[1 : random.randint(1, 2)]),
            mediator=actors("QAT") * random.randint(0, 1),
        )
        hours = random.randint(0, 60)
        told = [
            mention(
                random.choice(CLASSES),
                roles,
                random.choices([Status.REPORTED, Status.PLANNED, Status.DENIED], [6, 2, 3])[0],
                random.choice([None, (START + timedelta(hours=hours - random.choice([0, 24]))).date()]),
                random.choice([0, 900]),
            )
            for _ in range(random.randint(1, 2))
        ]
        facts = random.choice([{}, {"places": ["poonch"]}, {"places": ["quetta"]}, {"counts": {"ship": number % 3}}])
        story, family = f"s{random.randint(0, 5)}", f"family{random.randint(0, 7)}"
        found.append(reading(f"paper{number:02}", *told, hours=hours, story=story, family=family, **facts))
    return found


def cut(readings: Sequence[Reading], seed: int) -> list[list[Reading]]:
    """Deal articles out to two to four ticks at random."""
    random = Random(seed)
    pieces: list[list[Reading]] = [[] for _ in range(2 + seed % 3)]
    for item in readings:
        random.choice(pieces).append(item)
    return pieces


@pytest.mark.parametrize("seed", range(20))
def test_any_cut_of_the_same_news_gives_the_same_events(seed: int) -> None:
    readings, whole = news(seed), Desk()
    whole.tick(*readings)
    for number in range(10):
        parts = Desk()
        for piece in cut(readings, 100 * seed + number):
            parts.tick(*piece)
        assert parts.contents() == whole.contents()
        opened = list(chain.from_iterable(tick.new for tick in parts.ticks))
        assert len(opened) == len(set(opened)), "none is announced twice"
        assert not parts.tick().events, "a tick without news changes nothing"


@pytest.mark.parametrize("seed", range(20))
def test_what_was_changed_is_as_though_it_had_always_said_so(seed: int) -> None:
    readings, random, whole = news(seed), Random(seed), Desk()
    edited = {
        item.article.url: replace(item, article=replace(item.article, edited_at=START + timedelta(hours=70)))
        for item in random.sample(readings, 8)
    }
    whole.tick(*(edited.get(item.article.url, item) for item in readings))
    others = iter(news(100 + seed))
    before = [
        replace(found, article=replace(found.article, url=item.article.url)) if item.article.url in edited else item
        for item, found in zip(readings, others, strict=True)
    ]
    parts = Desk()
    for number, piece in enumerate(cut(before, seed)):
        parts.tick(*piece, *list(edited.values())[number::4] if number else ())
    parts.tick(*edited.values())
    assert parts.contents() == whole.contents()
