"""Analysts as files, for the workers: written once while the rules stand, read by each worker when it first needs one.

Another language than English is loaded in a process of its own: its dictionary takes as much memory as all rules.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
import weakref
from concurrent.futures import BrokenExecutor, Future
from functools import lru_cache
from pathlib import Path

from detection.accounts import Analyst
from detection.coder import ENGLISH, Coders, load_leaving
from detection.watches import Watches
from detente.desk import Desk
from detente.heap import lasting
from detente.leaving import Leaving
from extractors.pool import apart


class AnalystFiles:
    """The analysts of a desk by language, each in a file; the files go when this goes."""

    def __init__(self, coders: Coders, watches: Watches) -> None:
        self._coders, self._watches = coders, watches
        self._folder = Path(tempfile.mkdtemp(prefix="detente-"))
        self._written: dict[str, Future[Leaving | None]] = {}
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def begin(self, language: str) -> bool:
        """Begin to write the file of a language that has rules, or begin anew if that failed; return if it is there."""
        written = self._written.get(language)
        if written is None or (written.done() and written.exception()):
            written = self._written[language] = self._begun(language)
        return written.done() and written.exception() is None

    def file(self, language: str) -> str:
        """Return the file of a language that has rules, as soon as it is there.

        Raises:
            ConfigError: one of the language's files is wrong.
        """
        self.begin(language)
        try:
            leaving = self._written[language].result()
        except BrokenExecutor:  # its process was killed: slower, and with more memory, it is loaded here
            leaving = _load(self._coders.desk, language, self._coders.leaving, self._watches, self._folder / language)
            self._written[language] = _done(leaving)
        if leaving and self._coders.leaving:
            self._coders.leaving.learn(leaving)
        return str(self._folder / language)

    def _begun(self, language: str) -> Future[Leaving | None]:
        file = self._folder / language
        if language != ENGLISH:
            return apart(_load, self._coders.desk, language, self._coders.leaving, self._watches, file)
        _write(Analyst(self._coders.english, self._watches), file)
        return _done(None)


@lru_cache(maxsize=1)
def analyst_files(coders: Coders, watches: Watches) -> AnalystFiles:
    """Return the files of these coders, the same ones as long as no others are asked for."""
    return AnalystFiles(coders, watches)


@lru_cache(maxsize=2)
@lasting()
def analyst_in(file: str) -> Analyst:
    """Return the analyst that a file holds."""
    found: Analyst = pickle.loads(Path(file).read_bytes())  # noqa: S301  # written by the process that asks, for us alone
    return found


def _done(leaving: Leaving | None) -> Future[Leaving | None]:
    done = Future[Leaving | None]()
    done.set_result(leaving)
    return done


@lasting()
def _load(desk: Desk, language: str, leaving: Leaving | None, watches: Watches, file: Path) -> Leaving | None:
    """Run in a process of its own; return what leaves out broken entries, which now knows of this language's."""
    _write(Analyst(load_leaving(desk, language, leaving), watches), file)
    return leaving


@lasting()
def _write(analyst: Analyst, file: Path) -> None:
    file.write_bytes(pickle.dumps(analyst))
