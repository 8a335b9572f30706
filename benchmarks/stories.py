"""What placing an article costs with 100,000 placed ones in the window, against 10,000, and the memory of it.

python benchmarks/stories.py 10000 100000     # the cost curve, as `make bench` has it
python benchmarks/stories.py late 10000 6     # a tick of 200 articles up to 6 hours late, and one of 200 in time
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from benchmarks.figures import Figure, figure

_TIMED = 300  # articles at each size
_NEW = 200  # articles of a tick
_VOCABULARY = 60_000
_REPORTS = 4  # of one happening
_START = datetime(2025, 5, 1, tzinfo=UTC)


def texts(count: int) -> Iterator[tuple[str, str]]:
    """Yield headlines and texts with words as frequent as those of a language (Zipf), four of one happening each.

    Every eighth is a copy of the one before, a few words longer.
    """
    random = Random(7)  # noqa: S311  # no secret
    words = [f"{'w' if number % 5 else 'W'}ord{number}" for number in range(_VOCABULARY)]
    shares = list(accumulate(1 / (number + 10) for number in range(_VOCABULARY)))
    happening: list[str] = []
    before = ""
    for number in range(count):
        if number % _REPORTS == 0:
            happening = random.choices(words, k=40)
        own = random.choices(words, cum_weights=shares, k=220)
        if number % 8 == 7:
            text = f"{before} {' '.join(own[:20])}"
        else:
            told = random.sample(happening, 30)
            text = " ".join(word for pair in zip(own, told + own[30:220], strict=False) for word in pair)
        before = text
        yield " ".join(random.sample(happening, 8)), text


def curve(sizes: tuple[int, ...]) -> dict[int, float]:
    """Return the median seconds of processor time that one article takes, with so many in the window of ten days."""
    from detection.sketch import outline
    from detection.stories import WINDOW, StoryIndex
    from detente.settings import Detection

    found = dict[int, float]()
    for size in sizes:
        index, times = StoryIndex(Detection(), window=WINDOW), list[float]()
        for number, (title, text) in enumerate(texts(size + _TIMED)):
            began = time.process_time()
            index.place(str(number), outline(title, text), _START + WINDOW / size * number)
            times.append(time.process_time() - began)
        found[size] = statistics.median(times[-_TIMED:])
    return found


def late(many: int, hours: float) -> dict[str, float]:
    """Return what a tick's placing costs, in seconds, with so many articles of ten days known, and 200 new ones.

    These are up to so many hours late, or in time.
    """
    from detection.placing import place
    from detection.stories import WINDOW
    from detente.models import Article, PlacedArticle
    from detente.settings import Detection

    random, now = Random(5), _START + WINDOW  # noqa: S311  # no secret
    made = [
        Article(f"https://p{n}.example/", "p", "p", "p", title, text, "en", now - WINDOW * (1 - n / many), now)
        for n, (title, text) in enumerate(texts(many))
    ]
    new = set(random.sample(range(many * 9 // 10, many), _NEW))
    before = [item for n, item in enumerate(made) if n not in new]
    found = place(before, (), Detection(), window=WINDOW)
    known = [
        PlacedArticle(item.url, item.published_at, "p", None, item.story, item.copy_of, found.sketches[item.url])
        for item in found.placed
        if item.published_at
    ]
    seconds = {}
    for name, longest in (("in time", 0.0), ("late", hours)):
        times = {n: now - timedelta(hours=longest * random.random()) for n in new}
        fresh = [replace(made[n], published_at=at) for n, at in times.items()]
        began = time.process_time()
        place(fresh, known, Detection(), window=WINDOW)
        seconds[name] = time.process_time() - began
        seconds[f"{name}: known articles placed anew"] = sum(i.published_at > min(times.values()) for i in known)
    return seconds


def placing(many: int) -> list[Figure]:
    """Measure with `many` and a tenth of them, in a process of its own, so that its memory is that of the window."""
    few = many // 10
    asked = [sys.executable, str(Path(__file__)), str(few), str(many)]
    root = Path(__file__).resolve().parent.parent
    answer = subprocess.run(asked, check=True, cwd=root, stdout=subprocess.PIPE)
    found = json.loads(answer.stdout)
    cost, floor = found["seconds"][str(many)] * 1000, found["seconds"][str(few)] * 1000
    size = f"{many:,} articles in the window"
    return [
        figure("placing an article, value", cost, floor, "ms", f"with {few:,}", size=size).value_at_most(15),
        figure("placing an article, growth", cost, floor, "ms", f"with {few:,}", size=size).at_most(1.2),
        figure("memory of the window", found["mb"], found["mb"], "MB", "itself", size=size).value_at_most(600),
    ]


def main() -> None:
    """Print the cost curve as JSON: seconds an article by size, and the memory at its end in MB; or that of `late`."""
    if sys.argv[1] == "late":
        print(json.dumps(late(int(sys.argv[2]), float(sys.argv[3]))))
        return
    few, many = map(int, sys.argv[1:])
    seconds = curve((few, (few + many) // 2, many))
    print(json.dumps({"seconds": seconds, "mb": round(_most_memory())}))


def _most_memory() -> float:
    """Return the most memory that this process held, in MB.

    Linux hands `ru_maxrss` on to the programs that a process starts, so that of a large parent would come back here.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return (
            next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:")) / 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    sys.path[:] = [str(root), *(path for path in sys.path if Path(path).resolve() != root / "benchmarks")]
    main()
