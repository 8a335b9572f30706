"""The hard pairs: what the second article of each must do to the first one's event. Run it to see the table.

`pairs.jsonl` holds one pair a line: `id`, `kind`, `expect`, and two articles `a` and `b` with `published_at`, `title`
and `text`. `expect` is `same` (b proves a's event), `new` (b raises an event of its own, and does not prove a's) or
`update` (b changes the status of a's event, and raises nothing).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from detection import details, gist, novelty, placing
from detection.coder import Coder, load_coder
from detente.desk import seeds
from detente.models import Article
from detente.settings import Detection

PAIRS = Path(__file__).parent / "pairs.jsonl"


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair with what became of it: `same`, `new`, `update`, or `silent` where b did nothing at all."""

    id: str
    kind: str
    expect: str
    got: str
    why: str

    @property
    def is_right(self) -> bool:
        return self.got == self.expect


def judged(coder: Coder) -> Iterator[Judged]:
    """Judge every pair, each article in a tick of its own."""
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        got, why = _judge(coder, _article(pair, "a"), _article(pair, "b"))
        yield Judged(pair["id"], pair["kind"], pair["expect"], got, why)


def _article(pair: dict[str, Any], which: str) -> Article:
    item, name = pair[which], f"{pair['id']}{which}"
    at = datetime.fromisoformat(item["published_at"])
    return Article(
        f"https://{name}.example/", name, name, name, item["title"], item["text"], "en", at, at + timedelta(1)
    )


def _judge(coder: Coder, first: Article, second: Article) -> tuple[str, str]:
    settings, concerns = Detection(), coder.actors.concerns()
    read = []
    for article in (first, second):
        mentions = coder.code(article.full_text, article.published_at, article.url)
        read.append((mentions, details.read(article, mentions, coder.actors)))
    about = {
        article.url: gist.of(article, *found, coder.actors)
        for article, found in zip((first, second), read, strict=True)
    }
    placed = placing.place((first, second), (), settings, about).placed
    open_events: tuple[Any, ...] = ()
    outcome = None
    for article, place, (mentions, found) in zip((first, second), placed, read, strict=True):
        reading = novelty.Reading(article, mentions, place, article.family, details=found)
        outcome = novelty.decide((reading,), open_events, settings, article.fetched_at, first.published_at, concerns)
        if article is first:
            open_events = outcome.events
    assert outcome is not None
    why = "; ".join(f"{item.verdict} {item.cls}: {item.why}" for item in outcome.decisions)
    known = {event.id for event in open_events}
    if not known:
        return "silent", f"nothing in the first article: {why}"
    if any(item.kind == "status" and item.event in known for item in outcome.developments):
        return "update", why
    if any(item.event in known for item in outcome.evidence):
        return "same", why
    return ("new" if outcome.new else "silent"), why


def table(found: list[Judged]) -> str:
    """Return how many of each kind are right."""
    total, right = Counter(item.kind for item in found), Counter(item.kind for item in found if item.is_right)
    lines = [f"{kind:<36}{right[kind]:>5} of {total[kind]:<4}{right[kind] / total[kind]:>6.3f}" for kind in total]
    share = sum(right.values()) / len(found)
    return "\n".join([*lines, f"{'all':<36}{sum(right.values()):>5} of {len(found):<4}{share:>6.3f}"])


def main() -> None:
    """Print the table, and with --errors each pair that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="print each pair that is wrong, and why")
    found = list(judged(load_coder(seeds())))
    if parser.parse_args().errors:
        for item in found:
            if not item.is_right:
                sys.stdout.write(f"{item.id} {item.kind}: {item.got}, not {item.expect}: {item.why}\n")
    sys.stdout.write(table(found) + "\n")


if __name__ == "__main__":
    main()
