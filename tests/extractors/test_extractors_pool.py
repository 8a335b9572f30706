"""A page that hangs, swells or crashes costs its worker and nothing else."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from extractors_web import PARAGRAPHS, page

from detente.models import Extracted
from detente.settings import Extraction
from extractors.pool import ExtractorPool

URL = "https://news.example.org/talks"
GOOD = page().encode()
# A minute's work: the parser compares each attribute with all before it.
ENDLESS = b"<article><p " + b" ".join(b"a%d" % number for number in range(150_000)) + b">"
WIDE = b"<article>" + b"<p>a<b>b" * 400_000  # a few hundred megabytes as a tree
PATIENCE = 20.0  # seconds until a test gives up

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def workers() -> set[int]:
    """The worker processes of this one: the children of its children that were forked from the pool's server."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
    return {pid for pid, parent in parents.items() if parents.get(parent) == os.getpid()}


def seconds_of(pid: int) -> float:
    """The processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(happens: Callable[[], bool]) -> None:
    """Look again until it is so."""
    limit = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < limit, "it never happened"
        os.sched_yield()


def assert_works(pool: ExtractorPool) -> None:
    found = pool.extract_now(GOOD, URL, None)
    assert (found.problem, found.text) == (None, "\n".join(PARAGRAPHS))


def test_a_page_that_takes_too_long_is_stopped_and_the_next_one_works() -> None:
    with ExtractorPool(Extraction(workers=1, deadline=2)) as pool:
        began = time.monotonic()
        found = pool.extract_now(ENDLESS, URL, None)
        assert found == Extracted(problem="the extraction worker took longer than 2 s (extraction.deadline)")
        assert time.monotonic() - began < PATIENCE
        assert_works(pool)


def test_the_pages_behind_a_slow_one_get_their_own_time() -> None:
    async def both(pool: ExtractorPool) -> list[Extracted]:
        pages = (ENDLESS, *[GOOD] * 6)
        return list(await asyncio.gather(*(pool.extract(html, URL, None) for html in pages)))

    with ExtractorPool(Extraction(workers=1, deadline=2)) as pool:
        slow, *others = asyncio.run(both(pool))
    assert slow.problem
    assert [found.problem for found in others] == [None] * 6


def test_memory_is_bounded_and_its_end_is_no_empty_page() -> None:
    with ExtractorPool(Extraction(workers=1, memory_mb=128)) as pool:
        found = pool.extract_now(WIDE, URL, None)
        assert found == Extracted(problem="extraction needed more memory than extraction.memory_mb allows")
        assert_works(pool)


@linux
def test_a_worker_killed_between_pages_is_replaced() -> None:
    others = workers()
    with ExtractorPool(Extraction(workers=1)) as pool:
        assert_works(pool)
        (worker,) = workers() - others
        os.kill(worker, signal.SIGKILL)
        assert_works(pool)


@linux
def test_a_worker_killed_over_a_page_costs_that_page_only() -> None:
    others = workers()
    found: list[Extracted] = []
    with ExtractorPool(Extraction(workers=1)) as pool:
        assert_works(pool)
        (worker,) = workers() - others
        used = seconds_of(worker)
        thread = threading.Thread(target=lambda: found.append(pool.extract_now(ENDLESS, URL, None)))
        thread.start()
        until(lambda: seconds_of(worker) > used + 0.1)  # it has taken the page
        os.kill(worker, signal.SIGKILL)
        thread.join(PATIENCE)
        assert found == [Extracted(problem="the extraction worker died with exit code -9")]
        assert_works(pool)


@linux
def test_a_worker_retires_after_its_pages() -> None:
    others = workers()
    with ExtractorPool(Extraction(workers=1, pages_per_worker=1)) as pool:
        assert_works(pool)
        first = workers() - others
        assert_works(pool)
        assert_works(pool)
        until(lambda: not first & workers())


@linux
def test_a_page_that_is_under_way_starts_no_workers_after_the_end() -> None:
    others = workers()
    with ExtractorPool(Extraction(workers=1)) as pool:
        assert_works(pool)
    assert pool.extract_now(WIDE, URL, None) == Extracted(problem="the extraction worker was ended with all others")
    until(lambda: workers() <= others)


@linux
def test_the_workers_end_with_the_pool() -> None:
    others = workers()
    with ExtractorPool(Extraction(workers=2)) as pool:
        assert_works(pool)
        mine = workers() - others
        assert mine
    until(lambda: not mine & workers())


def test_any_failure_of_the_extractor_is_a_problem_in_words(pool: ExtractorPool) -> None:
    found = pool.extract_now(GOOD, 5, None)  # type: ignore[arg-type]  # what no caller does makes it fail
    assert found.problem is not None
    assert found.problem.startswith("extraction failed: ")
    assert_works(pool)
