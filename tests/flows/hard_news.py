"""News made by chance, nearly all of it like something else: reports, denials, reprints, corrections, and mere talk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from detente.models import Article

SIDES = ("India", "Pakistan", "Russia", "Ukraine", "Iran", "Israel")
TOWNS = ("Quetta", "Odesa", "Shiraz", "Haifa", "Kursk", "Jammu")
TOLD = (
    "{a} has asked {c} to mediate in its dispute with {b}, officials said.",
    "{a} denied that it had asked {c} to mediate in its dispute with {b}.",
    "{c} offered to mediate between {a} and {b}.",
    "{a} and {b} held talks in {town} on {day}.",
    "{a} broke off its talks with {b}.",
    "{a} bombed {town} in {b}, killing {n} people.",
    "{a} expelled {n} diplomats of {b}.",
    "A kite rose over {town}.",
    "Nobody in {town} would say more.",
    "Traders in {town} spoke of {b}.",
)
DAYS = ("Sunday", "Monday", "Thursday")
_SYLLABLES = ("ba", "den", "kol", "mir", "tas", "ul", "ver", "zo", "ren", "pil")


def hard_news(seed: int, many: int, until: datetime, days: int = 16) -> list[Article]:
    """Make articles that were published within so many days before `until`."""
    random = Random(seed)
    words = ["".join(random.choices(_SYLLABLES, k=3)) for _ in range(600)]
    topics = [(random.sample(words, 24), random.sample(SIDES, 3), random.choice(TOWNS)) for _ in range(12)]
    found: list[Article] = []
    for number in range(many):
        at = until - timedelta(minutes=random.randrange(1, days * 1440))
        name = f"paper{number:02}"
        title, text = _told(random, words, topics, found)
        article = Article(
            f"https://{name}.example/a", name, name, f"house{number % 9}", title, text, "en", at, until,
            agency=random.choice((None, None, None, "meridian")),
        )  # fmt: skip
        found.append(article)
    return found


def corrected(articles: list[Article], seed: int) -> list[Article]:
    """Return some of them as they were changed later: another day, or what another one says. None brings a denial."""
    random = Random(seed)
    found = []
    for item in random.sample(articles, len(articles) // 6):
        other = random.choice([one for one in articles if "denied" not in one.text])
        if random.random() < 0.5:
            changed = replace(item, published_at=item.published_at - timedelta(days=random.randint(1, 6)))
        else:
            changed = replace(item, title=other.title, text=f"{other.text} It was said again.")
        if "denied" not in changed.text:
            found.append(changed)
    return found


def _told(
    random: Random, words: list[str], topics: list[tuple[list[str], list[str], str]], before: list[Article]
) -> tuple[str, str]:
    if before and random.random() < 0.15:
        copied = random.choice(before)
        return copied.title, f"{copied.text} {_filler(random, words, words, random.choice((0, 1, 2)))}"
    own, sides, town = random.choice(topics)
    a, b, c = sides if random.random() < 0.7 else random.sample(SIDES, 3)
    facts = {"a": a, "b": b, "c": c, "town": town, "day": random.choice(DAYS), "n": random.choice((3, 12, 15))}
    told = random.choice(TOLD).format(**facts)
    title = f"{a} {' '.join(random.sample(own, 3))} {b}" if random.random() < 0.5 else told.rstrip(".")
    return title, f"{told} {_filler(random, own, words, random.choice((3, 5, 8)))}"


def _filler(random: Random, own: list[str], words: list[str], sentences: int) -> str:
    """Return sentences that say nothing, of words of one's own and of anybody's."""
    return " ".join(
        "The " + " ".join(random.choice(own if random.random() < 0.45 else words) for _ in range(9)) + "."
        for _ in range(sentences)
    )
