"""Worker processes that clean pages, read long lists and do what else is asked of them.

What hangs, swells or crashes costs its worker and no more.

Workers are forked from one server process that has the extractor loaded, so that replacing one takes milliseconds.
They are processes and never threads: crashes of the extractor in threads are on record.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.context import BaseContext
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from detente.errors import one_line
from detente.models import Extracted
from detente.settings import Extraction
from extractors.page import extract_page

_T = TypeVar("_T")

_START_SECONDS = 60.0  # a worker that has not taken a page after so long never will
_MEGABYTE = 1024 * 1024


class WorkerStopped(Exception):  # named for what happened
    """A worker was stopped at the deadline, or died; the message goes on after "the worker"."""


class ExtractorPool:
    """The workers, as a context manager. They start with the first page; any thread and event loop may use them.

    Args:
        settings: how many workers, and what a page may cost.
    """

    def __init__(self, settings: Extraction) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._ended = False
        # Each waits for one page; further pages queue here, so that no page's deadline runs before its turn.
        self._waiting = ThreadPoolExecutor(settings.workers + 1, thread_name_prefix="extract")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waiting.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._ended = True  # else a page under way would start the workers anew, and leave their semaphores behind
            if self._pool is not None:
                _end(self._pool)

    async def extract(self, html: bytes, url: str, charset: str | None) -> Extracted:
        """Return a page's article; `problem` says so where its worker died or was stopped at the deadline."""
        return await asyncio.get_running_loop().run_in_executor(self._waiting, self.extract_now, html, url, charset)

    def extract_now(self, html: bytes, url: str, charset: str | None) -> Extracted:
        """Do as `extract` does, and block meanwhile."""
        try:
            return self._run(_work, (html, url, charset))
        except WorkerStopped as error:
            return Extracted(problem=f"the extraction worker {error}")

    async def run(self, work: Callable[..., _T], *args: Any) -> _T:
        """Return what a module's function makes of its arguments, in a worker; what it raises is raised here.

        Raises:
            WorkerStopped: the worker was stopped at the deadline, or died.
        """
        return await asyncio.wrap_future(self.submit(work, *args))

    def submit(self, work: Callable[..., _T], *args: Any) -> Future[_T]:
        """Do as `run` does, for those who wait in a thread of their own."""
        return self._waiting.submit(self._run, work, args)

    def _run(self, work: Callable[..., _T], args: tuple[Any, ...]) -> _T:
        try:
            return self._once(work, args)
        except RuntimeError:  # the pool broke: a worker died between two pages, and this one is not to blame
            try:
                return self._once(work, args)
            except RuntimeError as error:
                raise WorkerStopped(f"does not start: {one_line(error)}") from None

    def _once(self, work: Callable[..., _T], args: tuple[Any, ...]) -> _T:
        deadline = self._settings.deadline
        task = self._running().schedule(work, args=args, timeout=deadline)
        try:
            done: _T = task.result(_START_SECONDS + deadline)
        except TimeoutError:
            task.cancel()  # type: ignore[no-untyped-call]  # pebble's own
            raise WorkerStopped(f"took longer than {deadline:g} s (extraction.deadline)") from None
        except ProcessExpired as error:
            raise WorkerStopped(f"died with exit code {error.exitcode}") from None
        except RecursionError:
            raise WorkerStopped("found it nested too deeply") from None
        except MemoryError:
            raise WorkerStopped("needed more memory than extraction.memory_mb allows") from None
        except OSError as error:
            raise WorkerStopped(f"failed: {one_line(error)}") from None
        return done

    def _running(self) -> ProcessPool:
        """Return the workers, started if need be, and started anew where a dead one took the pool down."""
        with self._lock:
            if self._ended:
                raise WorkerStopped("was ended with all others")
            if self._pool is not None and not self._pool.active:
                _end(self._pool)
                self._pool = None
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._settings.workers,
                    max_tasks=self._settings.pages_per_worker,
                    initializer=_prepare,
                    initargs=(self._settings.memory_mb,),
                    context=_context(),
                )
            return self._pool


def apart(work: Callable[..., _T], *args: Any) -> Future[_T]:
    """Do a module's function in a process of its own, which ends with it and gives all its memory back.

    For what may take long and much: there is neither deadline nor limit. What it raises is in the future.
    """
    process = ProcessPoolExecutor(1, _context(), signal.signal, (signal.SIGINT, signal.SIG_IGN))
    done = process.submit(work, *args)
    process.shutdown(wait=False)
    return done


def _context() -> BaseContext:
    """Return how processes are made: forked from a server that has the extractor loaded, where that can be done."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__, "extractors.lists"])
    return context


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble's own
    pool.join()


def _work(html: bytes, url: str, charset: str | None) -> Extracted:
    """Run in a worker: any failure becomes a problem in words."""
    try:
        return extract_page(html, url, charset)
    except MemoryError:
        return Extracted(problem="extraction needed more memory than extraction.memory_mb allows")
    except RecursionError:
        return Extracted(problem="the page is nested too deeply")
    except Exception as error:  # noqa: BLE001  # whatever a page does to the extractor, the next page matters more
        return Extracted(problem=f"extraction failed: {type(error).__name__}: {one_line(error)}")


def _prepare(memory_mb: int) -> None:
    """Run once in each worker: bound its memory, and let it be stopped even inside compiled code."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    usage = Path("/proc/self/statm")
    if usage.exists():  # Linux; elsewhere the deadline alone bounds a page
        import resource  # noqa: PLC0415  # Unix only

        taken = int(usage.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        limit = taken + memory_mb * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
