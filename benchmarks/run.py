"""`make bench`: each figure against a floor that is taken in the same run, as a table and as JSON.

Nothing is fetched from anywhere: pages and texts are the demo newsroom's own.
"""

from __future__ import annotations

import json
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured: `value` and `floor` in `unit`, and what their ratio may be at most or must be at least."""

    name: str
    value: float
    floor: float
    unit: str
    against: str
    ratio: float


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of a piece of work."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def figure(name: str, value: float, floor: float, unit: str, against: str) -> Figure:
    """Return a figure with its ratio to the floor."""
    return Figure(name, round(value, 4), round(floor, 4), unit, against, round(value / floor, 3))


def help_time() -> Figure:
    """How long the first answer takes, against a Python that does nothing."""
    bare = [sys.executable, "-c", "pass"]
    asked = [sys.executable, "-m", "detente", "--help"]
    floor = seconds(lambda: subprocess.run(bare, check=True, cwd=ROOT))
    value = seconds(lambda: subprocess.run(asked, check=True, cwd=ROOT, stdout=subprocess.DEVNULL))
    return figure("detente --help", value, floor, "s", "python -c pass")


def coding() -> Figure:
    """How fast texts are coded, against splitting them into words with one regular expression."""
    from detection.coder import load_coder
    from detection.text import sentences
    from detente.desk import seeds

    texts = articles()
    count = sum(len(sentences(text)) for text in texts)
    coder, word = load_coder(seeds()), re.compile(r"\w+")
    now = datetime(2025, 5, 4, tzinfo=UTC)
    value = seconds(lambda: [coder.code(text, now) for text in texts])
    floor = seconds(lambda: [word.findall(text) for text in texts])
    return figure("coding, one core", count / value, count / floor, "sentences/s", "splitting into words")


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


def main() -> None:
    """Measure, print a table, then JSON."""
    figures = [help_time(), coding(), known_addresses()]
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    print(f"{'what':<32}{'value':>12}{'floor':>14}  {'unit':<12}{'ratio':>8}  floor is")
    for item in figures:
        figures_of = f"{item.value:>12,.4g}{item.floor:>14,.4g}  {item.unit:<12}{item.ratio:>8,.3g}"
        print(f"{item.name:<32}{figures_of}  {item.against}")
    print(json.dumps({"machine": machine, "rounds": ROUNDS, "figures": [asdict(item) for item in figures]}))


if __name__ == "__main__":
    main()
