"""How fast a tick collects, and what memory that takes, against the least that could do it.

`python -m benchmarks.ticks SIDE PAGES PORTS` is one side, in a process tree of its own; it prints seconds as JSON.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.extraction import plainly
from benchmarks.figures import Figure, figure
from benchmarks.pages import ROOT, Samples, generated
from benchmarks.web import ETAG, FEEDS, NOW, page_path, paths_of, serving

WORKERS = 2
_SOURCES_AT_ONCE = 20  # as in extractors.collect
_PER_HOST = 2
_HTTP = {"delay": 0, "allow_private": ["127.0.0.1"], "per_host": _PER_HOST, "max_links": 1000}
_READ = frozenset({"ok", "empty"})  # outcomes of a page that was extracted; among real ones some hold no article
_WARM = 6  # pages, so that no worker starts or loads anything while the clock runs
_UNCHANGED_ROUNDS = 7
_UNCHANGED_RUNS = 3
_SAMPLE_SECONDS = 0.2


def collecting(samples: Samples, hosts: int, rounds: int) -> list[Figure]:
    """Measure a collect of new pages, its memory, the whole tick around it, and a collect with nothing new.

    The sides take turns, so that what else the machine does hits all of them.
    """
    pages = samples.count
    with serving(samples, hosts) as ports:
        cold = _in_turn(("collect", "bare-collect"), rounds, pages, ports)
        cold |= _in_turn(("tick",), 1, pages, ports)
        same = _in_turn(("unchanged", "bare-unchanged"), _UNCHANGED_RUNS, pages, ports)
    rate = {side: pages / median(took for took, _ in found) for side, found in cold.items()}
    peak = {side: max(peak for _, peak in found) for side, found in cold.items()}
    waited = {side: median(took for took, _ in found) for side, found in same.items()}
    size = f"{pages:,} {samples.origin} pages, {hosts} hosts"
    bare = f"httpx and trafilatura, {WORKERS} processes"
    floor = rate["bare-collect"]
    found = [
        figure("collect", rate["collect"], floor, "pages/s", bare, size=size).at_least(0.9),
        figure("the whole tick around it", rate["tick"], floor, "pages/s", bare, size=size).at_least(0.9),
    ]
    if peak["collect"]:  # elsewhere than on Linux nobody tells
        for side, name in (("collect", "memory of collect, at most"), ("tick", "memory of the tick, at most")):
            found.append(figure(name, peak[side], peak["bare-collect"], "MB", bare, size=size).value_at_most(900))
    feeds = len(ports) * len(FEEDS)
    requests = figure("collect, nothing new", waited["unchanged"], waited["bare-unchanged"], "s", "bare httpx requests",
                      size=f"{feeds} feeds")  # fmt: skip
    return [*found, requests.at_most(2)]


def _in_turn(sides: Sequence[str], rounds: int, pages: int, ports: list[int]) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            found[side].append(_run(side, pages, ports))
    return found


def _run(side: str, pages: int, ports: list[int]) -> tuple[float, float]:
    """Run one side; return its seconds and the most memory that its processes held together, in MB."""
    command = [sys.executable, "-m", "benchmarks.ticks", side, str(pages), json.dumps(ports)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        over, peak = threading.Event(), [0.0]

        def look() -> None:
            while not over.wait(_SAMPLE_SECONDS):
                peak[0] = max(peak[0], _memory(process.pid))

        looker = threading.Thread(target=look)
        looker.start()
        answer = process.communicate()[0]
        over.set()
        looker.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command[1:4])} ended with {process.returncode}")
    return float(json.loads(answer.splitlines()[-1])), peak[0]


def _memory(root: int) -> float:
    """Return the proportional set size of a process and all below it, in MB; 0 where the system does not tell."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    total, todo = 0, [root]
    while todo:
        pid = todo.pop()
        todo += children.get(pid, [])
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


# --- the sides, each in its own process -------------------------------------------------------------------


def _collect(pages: int, ports: list[int]) -> float:
    from detente.desk import seeds
    from detente.models import Batch, Order, Source, SourceKind, SourceState
    from detente.settings import Extraction, Http, Settings
    from extractors.agencies import load_agencies
    from extractors.collect import collect
    from extractors.pool import ExtractorPool

    settings = Settings(http=Http.model_validate(_HTTP), extraction=Extraction(workers=WORKERS))
    agencies = load_agencies(seeds().sources)
    orders = []
    for number, port in enumerate(ports):
        source = Source(f"s{number}", SourceKind.FEED, _url(port, FEEDS[0]), f"p{number}", f"p{number}", "en")
        orders.append(Order(source, SourceState(source.id)))
    with ExtractorPool(settings.extraction) as pool:
        for sample in generated(_WARM):
            pool.extract_now(sample.html, "", None)
        began = time.perf_counter()
        found = asyncio.run(collect(Batch(0, tuple(orders)), settings, pool, NOW, agencies))
        took = time.perf_counter() - began
    _expect(sum(fetch.page and fetch.outcome in _READ for fetch in found.fetches), pages)
    return took


def _tick(pages: int, ports: list[int]) -> float:
    """Run a whole tick of a new desk: Prefect, database, detection and all, but for the start of the server."""
    from detente.desk import Desk, create_desk
    from flows.progress import Silent
    from flows.tick import run_ticks

    with tempfile.TemporaryDirectory() as folder:
        desk = create_desk(Path(folder) / "desk")
        settings = {"http": _HTTP, "extraction": {"workers": WORKERS}}
        (desk.root / "settings.yaml").write_text(json.dumps(settings), encoding="utf-8")
        publishers = [
            {"id": f"p{number}", "name": f"Paper {number}", "family": f"p{number}", "language": "en",
             "sources": [{"id": f"s{number}", "kind": "feed", "url": _url(port, FEEDS[0])}]}
            for number, port in enumerate(ports)
        ]  # fmt: skip
        desk.sources.write_text(json.dumps({"publishers": publishers}), encoding="utf-8")
        desk.routes.write_text(json.dumps({"routes": []}), encoding="utf-8")
        os.environ["DETENTE_DESK"] = str(desk.root)
        (report,) = run_ticks(Desk(desk.root), [{"now": NOW}], Silent())
    _expect(report.pages, pages)
    return report.seconds


def _bare_collect(pages: int, ports: list[int]) -> float:
    import httpx

    async def all_of(pool: ProcessPoolExecutor) -> int:
        loop, slots = asyncio.get_running_loop(), asyncio.Semaphore(_SOURCES_AT_ONCE * _PER_HOST)
        async with httpx.AsyncClient() as client:

            async def one(url: str) -> int:
                async with slots:
                    answer = await client.get(url)
                    return await loop.run_in_executor(pool, plainly, answer.content, url)

            urls = [
                _url(port, page_path(page))
                for number, port in enumerate(ports)
                for page in paths_of(number, pages, len(ports))
            ]
            return len(await asyncio.gather(*map(one, urls)))

    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("forkserver")) as pool:
        list(pool.map(plainly, [sample.html for sample in generated(_WARM)], [""] * _WARM))
        began = time.perf_counter()
        count = asyncio.run(all_of(pool))
        took = time.perf_counter() - began
    _expect(count, pages)
    return took


def _unchanged(_pages: int, ports: list[int]) -> float:
    from detente.models import Batch, FetchOutcome, Order, Source, SourceKind, SourceState
    from detente.settings import Http, Settings
    from extractors.collect import collect
    from extractors.pool import ExtractorPool

    settings = Settings(http=Http.model_validate(_HTTP))
    orders = []
    for number, url in enumerate(_feeds(ports)):
        source = Source(f"s{number}", SourceKind.FEED, url, f"p{number}", f"p{number}", "en")
        orders.append(Order(source, SourceState(source.id, etag=ETAG)))

    async def ask() -> int:
        found = await collect(Batch(0, tuple(orders)), settings, pool, NOW)
        return sum(fetch.outcome is FetchOutcome.NOT_MODIFIED for fetch in found.fetches)

    with ExtractorPool(settings.extraction) as pool:
        return _asked(ask, len(orders))


def _bare_unchanged(_pages: int, ports: list[int]) -> float:
    import httpx

    async def ask() -> int:
        slots = asyncio.Semaphore(_SOURCES_AT_ONCE)
        async with httpx.AsyncClient(headers={"If-None-Match": ETAG}) as client:

            async def one(url: str) -> bool:
                async with slots:
                    return (await client.get(url)).status_code == 304

            return sum(await asyncio.gather(*map(one, _feeds(ports))))

    return _asked(ask, len(ports) * len(FEEDS))


def _asked(ask: Callable[[], Coroutine[Any, Any, int]], wanted: int) -> float:
    """Return the median time of asking, after a first time that does not count."""
    times = []
    for _ in range(_UNCHANGED_ROUNDS + 1):
        began = time.perf_counter()
        _expect(asyncio.run(ask()), wanted)
        times.append(time.perf_counter() - began)
    return median(times[1:])


def _feeds(ports: list[int]) -> list[str]:
    return [_url(port, path) for path in FEEDS for port in ports]


def _url(port: int, path: str) -> str:
    return f"http://127.0.0.1:{port}{path}"


def _expect(count: int, wanted: int) -> None:
    if count != wanted:
        raise SystemExit(f"{count} of {wanted} came back: nothing was measured")


_SIDES = {
    "collect": _collect,
    "bare-collect": _bare_collect,
    "tick": _tick,
    "unchanged": _unchanged,
    "bare-unchanged": _bare_unchanged,
}

if __name__ == "__main__":
    print(json.dumps(_SIDES[sys.argv[1]](int(sys.argv[2]), json.loads(sys.argv[3]))))
