"""Whichever tick an article comes home in: the same stories, copies, families, and weights of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from detection import placing, reading, stories
from detection.accounts import Account
from detection.gist import Gist
from detection.sketch import outline
from detection.stories import WINDOW
from detente.models import Article, Coded, PlacedArticle
from detente.settings import Detection

START = datetime(2025, 5, 4, tzinfo=UTC)
Told = tuple[Article, Account]


def told(article: Article, about: Gist = Gist()) -> Told:  # noqa: B008  # frozen
    return article, Account(Coded(article.url), gist=about, outline=outline(article.title, article.text))


def news(seed: int, many: int = 70, days: int = 25) -> list[Told]:
    """Make articles of a few topics, so that many of them hardly belong to a story; a quarter are nearly copies."""
    random = Random(seed)
    words = [f"{'W' if number % 4 == 0 else 'w'}ord{number}" for number in range(400)]
    topics, found = [random.sample(words, 25) for _ in range(12)], list[Told]()
    for number in range(many):
        name, at = f"paper{number}", START + timedelta(minutes=random.randrange(days * 1440))
        if found and random.random() < 0.25:
            before = random.choice(found)[0]
            title, text = before.title, f"{before.text} {' '.join(random.sample(words, random.choice([0, 3, 10])))}"
        else:
            topic, share = random.choice(topics), random.choice([0.3, 0.6])
            title = " ".join(random.sample(topic, 4))
            text = " ".join(random.choice(topic if random.random() < share else words) for _ in range(60))
        actors = frozenset(random.sample(["IND", "PAK", "RUS"], random.choice([0, 1, 1])))
        about = Gist(actors, actors, ordinals={"round": number % 2} if random.random() < 0.1 else {})
        agency = random.choice([None, None, None, "mpa", "tna"])
        url = f"https://{name}.example/"
        found.append(told(Article(url, name, name, f"family{number}", title, text, "en", at, at, agency=agency), about))
    return found


class Desk:
    """What a desk keeps of the articles that it has placed."""

    def __init__(self) -> None:
        self.placed: dict[str, PlacedArticle] = {}
        self.families: dict[str, str] = {}

    def tick(self, *told: Told) -> reading.Read:
        """Place new articles, and keep what comes of it as the database does."""
        fresh, accounts = [article for article, _ in told], [account for _, account in told]
        first = min(article.published_at for article in fresh)
        first = min([first, *(self.placed[item.url].published_at for item in fresh if item.url in self.placed)])
        known = {url: item for url, item in self.placed.items() if item.published_at >= first - WINDOW}
        older = {item.copy_of for item in known.values()} - known.keys()
        known |= {url: item for url, item in self.placed.items() if {url, item.copy_of} & older - {None}}
        found = reading.read(fresh, accounts, list(known.values()), Detection())
        self.placed |= {item.url: item for item in found.sketches}
        for item in found.placing.placed:
            now = {"story": item.story, "copy_of": item.copy_of, "follows": item.follows}
            self.placed[item.url] = replace(self.placed[item.url], **now)  # type: ignore[arg-type]  # as its fields are
        self.families |= found.families
        return found


def cut(told: Sequence[Told], random: Random, pieces: int) -> list[list[Told]]:
    """Deal articles out to so many ticks at random."""
    found: list[list[Told]] = [[] for _ in range(pieces)]
    for item in told:
        random.choice(found).append(item)
    return [piece for piece in found if piece]


@pytest.mark.parametrize("counted", [1000, 5])
@pytest.mark.parametrize("seed", range(4))
def test_any_cut_of_the_same_news_gives_the_same_stories(
    seed: int, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "_COUNTED", counted)  # so few that words are counted up to a midnight, as when busy
    everything, others, whole = news(seed), {item.url: (item, about) for item, about in news(1000 + seed)}, Desk()
    whole.tick(*everything)
    assert len({item.story for item in whole.placed.values()}) > 8
    assert sum(item.copy_of is not None for item in whole.placed.values()) > 4
    for number in range(4):
        random, parts = Random(10 * seed + number), Desk()
        edited = random.sample(everything, 6)
        first = {item.url for item, _ in edited}
        for piece in cut(everything, random, 2 + number):
            parts.tick(*(others[item[0].url] if item[0].url in first else item for item in piece))
        parts.tick(*edited[:3])
        parts.tick(*edited[3:])
        assert parts.placed == whole.placed
        assert parts.families == whole.families


def article(name: str, words: str, hours: float, **changes: str) -> Told:
    at, text = START + timedelta(hours=hours), " ".join(f"{words[:5]}{number}" for number in range(40))
    made = Article(f"https://{name}.example/", name, name, name, words, text, "en", at, at)
    return told(replace(made, **changes))  # type: ignore[arg-type]  # each test gives fitting values


FERRY = "Ferry aground off Lessa in fog"


def test_what_comes_home_late_moves_what_came_after_it_and_nothing_else() -> None:
    desk = Desk()
    later, other = article("later", FERRY, 5), article("other", "Budget passes by four votes", 1)
    desk.tick(later, other)
    found = desk.tick(article("first", FERRY + " tonight", 3))
    assert list(found.changed) == [later[0].url]
    moved = next(item for item in found.placing.placed if item.url == later[0].url)
    assert moved.story == desk.placed["https://first.example/"].story
    assert (moved.copy_of, moved.facts["before"]["copy_of"]) == ("https://first.example/", None)


def test_an_agency_that_a_late_copy_names_counts_for_what_was_published_before_it() -> None:
    desk = Desk()
    desk.tick(article("first", FERRY, 1))
    found = desk.tick(article("copy", FERRY, 2, agency="mpa"))
    assert found.changed == {"https://first.example/": START + timedelta(hours=1)}
    assert set(desk.families.values()) == {"mpa"}


def test_what_comes_home_too_late_moves_only_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "ANEW", 1)
    desk = Desk()
    desk.tick(*(article(f"paper{hour}", FERRY, hour) for hour in (2, 3, 4)))
    found = desk.tick(article("first", FERRY, 1))
    assert [item.url for item in found.placing.placed] == ["https://first.example/"]
    assert {item.story for item in desk.placed.values()} == {desk.placed["https://paper2.example/"].story}
