"""`make bench`: each figure against a floor that is taken in the same run, as a table and as JSON.

Nothing is fetched from anywhere: pages and texts are made of the demo newsroom's own, or lie in a folder.

BENCH=full measures more than BENCH=quick, which is the default; PAGES names a folder of saved pages to extract and
collect in the place of made ones; NEWS a JSON Lines file whose `text` is coded in the place of the demo's articles.
"""

from __future__ import annotations

import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Started as a file, Python puts this folder first, and its storage.py would stand before the package of that name.
sys.path[:] = [str(ROOT), *(path for path in sys.path if Path(path).resolve() != ROOT / "benchmarks")]

from benchmarks import coding, extraction, pages, storage, stories, ticks  # noqa: E402  # the path has to be right first
from benchmarks.figures import ROUNDS, Figure, figure, in_turn, seconds  # noqa: E402  # the same


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    extracted: int
    collected: int
    rounds: int
    stored: int
    placed: int
    hosts: int = 100


SIZES = {
    "quick": Sizes(extracted=200, collected=600, rounds=1, stored=1_000_000, placed=10_000),
    "full": Sizes(extracted=1000, collected=2000, rounds=2, stored=1_000_000, placed=100_000),
}


def help_time() -> Figure:
    """How long the first answer takes, against a Python that does nothing."""
    bare = [sys.executable, "-c", "pass"]
    asked = [sys.executable, "-m", "detente", "--help"]
    floor = seconds(lambda: subprocess.run(bare, check=True, cwd=ROOT))
    value = seconds(lambda: subprocess.run(asked, check=True, cwd=ROOT, stdout=subprocess.DEVNULL))
    return figure("detente --help", value, floor, "s", "python -c pass")


def watching() -> Figure:
    """What 10,000 keyword watches cost an article, against the ten of them that can be true of one."""
    from detection.findquery import vocabulary
    from detection.watches import load_watches

    texts = articles()
    words = sorted({word for text in texts for word in vocabulary(text) if len(word) > 5 and word.isalpha()})
    dice = random.Random(1)  # noqa: S311  # the same watches each time

    def some(number: int) -> str:
        one, two = dice.sample(words, 2)
        rare = f" {one[::-1]}" if number >= 10 else ""  # all but ten ask for a word that stands nowhere, too
        return f"{{id: w{number}, query: {one[:5]}* NEAR/5 {two}{rare}}}"

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "watches.yaml"
        file.write_text("watches:\n" + "\n".join(f"- {some(n)}" for n in range(10_000)), encoding="utf-8")
        many = load_watches(file)
    few = type(many)(many.watches[:10])
    value, floor = in_turn([lambda each=each: [each.find(text) for text in texts] for each in (many, few)])
    made = figure("article, 10,000 watches", value / len(texts) * 1e3, floor / len(texts) * 1e3, "ms", "10 watches")
    return made.at_most(10)


def known_addresses() -> Figure:
    """What planning costs with 20,000 stored links, against 200."""
    from detente.models import Collected, Link, LinkUpdate, Source, SourceKind
    from storage import ingest, plan
    from storage.database import Database

    now = datetime(2025, 5, 4, tzinfo=UTC)
    source = Source("alpha", SourceKind.FEED, "https://alpha.example/feed", "alpha", "alpha", "en")

    def planned(links: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(Path(folder) / "bench.duckdb", 1)
            updates = tuple(
                LinkUpdate("alpha", Link(f"https://alpha.example/{number}"), now - timedelta(days=1), done=True)
                for number in range(links)
            )
            with database.session() as con:
                ingest.ingest(con, Collected(0, links=updates))

            def ask() -> None:
                with database.session() as con:
                    plan.orders(con, [source], now, 3)

            return seconds(ask)

    return figure("plan with 20,000 known links", planned(20_000), planned(200), "s", "with 200")


def articles() -> list[str]:
    """Return the demo's articles as detection reads them."""
    found = []
    for file in sorted((ROOT / "seeds" / "demo" / "articles").rglob("*.md")):
        _, front, body = file.read_text(encoding="utf-8").split("---", 2)
        title = re.search(r"^title: (.+)$", front, re.MULTILINE)
        found.append(f"{title[1] if title else ''}\n\n{body.strip()}")
    return found


def measured(size: Sizes, folder: Path | None) -> Iterator[Figure]:
    """Measure one thing after the other.

    Args:
        size: how much of each.
        folder: pages to take in the place of generated ones.
    """
    yield help_time()
    news = os.environ.get("NEWS")
    texts = coding.read_texts(Path(news)) if news else articles()
    yield from coding.measure(texts, f"{len(texts):,} texts of {news}" if news else f"{len(texts):,} demo articles")
    yield watching()
    yield known_addresses()
    yield extraction.extract(pages.Samples(size.extracted, folder))
    yield from ticks.collecting(pages.Samples(size.collected, folder), size.hosts, size.rounds)
    yield from storage.growth(size.stored)
    yield from stories.placing(size.placed)


def machine() -> str:
    """Name what this runs on."""
    model = platform.processor()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        found = re.search(r"^model name\s*: (.+)$", cpus.read_text(encoding="utf-8"), re.MULTILINE)
        model = found[1] if found else model
    return (
        f"{model or 'unknown processor'}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def main() -> None:
    """Measure, print a table as the figures come, then JSON."""
    name = os.environ.get("BENCH") or "quick"
    folder = Path(os.environ["PAGES"]) if os.environ.get("PAGES") else None
    if name not in SIZES:
        sys.exit(f"BENCH={name}: there is no such size; say {' or '.join(SIZES)}")
    if folder and next(pages.of_folder(folder), None) is None:
        sys.exit(f"PAGES={folder}: it holds no .html or .html.gz file")
    print(f"{name}, on {machine()}")
    print(f"{'what':<30}{'value':>10}{'floor':>12}  {'unit':<12}{'ratio':>7}  {'wanted':<14}{'floor is':<38}of")
    figures = []
    for item in measured(SIZES[name], folder):
        figures.append(item)
        numbers = f"{item.value:>10,.4g}{item.floor:>12,.4g}  {item.unit:<12}{item.ratio:>7,.3g}"
        wanted = item.wanted + ("" if item.met is None else " yes" if item.met else " NO")
        print(f"{item.name:<30}{numbers}  {wanted:<14}{item.against:<38}{item.size}".rstrip(), flush=True)
    found = {"machine": machine(), "bench": name, "rounds": ROUNDS, "figures": [asdict(item) for item in figures]}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
