"""How many random cuts of the same news into two to four ticks come out other than one tick over all of it.

    python benchmarks/cuts.py 40 [ARTICLES.jsonl | SEED]

Without more, the news of the demo's fourth and fifth day; of a file one article a line (`published_at`, `publisher`,
`title`, `text`); for a number generated news, in which all is like something else. Any article may come home in any
tick. What is compared: what the events say, report by report; which articles are one story; which copies which. Each
cut that differs is named, with what it lacks.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
# Started as a file, Python puts this folder first, and its storage.py would stand before the package of that name.
_others = [path for path in sys.path if Path(path).resolve() != ROOT / "benchmarks"]
sys.path[:] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "flows"), *_others]

from event_contents import contents  # noqa: E402  # the path has to be right first
from flows_ticks import demo_days, places, stored, tick  # noqa: E402  # the same
from hard_news import hard_news  # noqa: E402  # the same

from detente.clock import parse_time  # noqa: E402  # the same
from detente.desk import Desk, create_desk  # noqa: E402  # the same
from detente.models import Article  # noqa: E402  # the same
from flows import stages  # noqa: E402  # the same


def news(file: str | None) -> list[Article]:
    """Return the articles of a file, those generated from a number, or the demo's."""
    if file is None:
        return [item for _, articles in demo_days()[3:5] for item in articles]
    if file.isdigit():
        return hard_news(int(file), 80, datetime(2025, 5, 20, 18, tzinfo=UTC))
    found = []
    for number, line in enumerate(Path(file).read_text(encoding="utf-8").splitlines()):
        item = json.loads(line)
        at, who = parse_time(item["published_at"], datetime.now(UTC)), item["publisher"]
        url = f"https://n{number}.example/"
        found.append(Article(url, who, who, who, item["title"], item["text"], "en", at, at))
    return found


def dealt(articles: Sequence[Article], seed: int) -> list[list[Article]]:
    """Return the articles in two to four pieces, at random."""
    random = Random(seed)  # noqa: S311  # no secret
    pieces: list[list[Article]] = [[] for _ in range(2 + seed % 3)]
    for item in articles:
        random.choice(pieces).append(item)
    return pieces


def run(setup: stages.Setup, pieces: Sequence[Sequence[Article]], now: datetime) -> dict[str, list[object]]:
    """Let each piece come home in a tick of its own; return what comes of it."""
    setup.desk.database.unlink(missing_ok=True)
    for number, piece in enumerate(pieces):
        tick(setup, piece, now + timedelta(minutes=10 * number))
    return {"events": [*contents(stored(setup))], **places(setup)}


def main() -> None:
    """Print which cuts differ, and how many."""
    cuts, articles = int(sys.argv[1]), news(sys.argv[2] if len(sys.argv) > 2 else None)
    now, differ = max(item.published_at for item in articles) + timedelta(hours=1), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        desk = create_desk(Path(folder) / "desk")
        (desk.root / "settings.yaml").write_text("detection: {max_age_days: 365}\n", encoding="utf-8")
        desk.watches.write_text("watches:\n  - {id: kites, query: kite*}\n", encoding="utf-8")  # see `hard_news`
        setup = stages.read_desk(Desk(desk.root))
        whole = run(setup, [articles], now)
        for seed in range(cuts):
            found = run(setup, dealt(articles, seed), now)
            for what, expected in whole.items():
                differ[what] += found[what] != expected
                for item in expected if found[what] != expected else ():
                    if item not in found[what]:
                        print(f"cut {seed}: missing of {what}: {str(item)[:200]}")
    print(f"{len(articles)} articles, {cuts} cuts; what there is of each, and how many cuts differ in it:")
    for what, expected in whole.items():
        print(f"  {what:<8}{len(expected):>5}{differ[what]:>5}")


if __name__ == "__main__":
    main()
