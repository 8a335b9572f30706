"""A tick's articles coded: a few of them here, many in the extraction workers, since one core takes milliseconds each.

Coding begins as articles come in, so that no worker idles while others are fetched or stored. Each article is read by
itself: what comes out is the same wherever, and whenever, it was read. What a worker dies or hangs over is tried once
more alone; then that article stays unread, with the reason, and the tick goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from detection.accounts import Account, Analyst, unread
from detection.coder import ENGLISH, Coders, languages
from detection.watches import Watches
from detente.errors import one_line
from detente.models import Article
from detente.settings import Extraction
from extractors.pool import ExtractorPool, WorkerStopped
from flows.analysts import analyst_files, analyst_in
from flows.pools import extractor_pool

_LITTLE = 300_000
"""Characters of text below which no worker is asked: to give it the rules takes as long as coding that many."""

_SHARE = 20
"""Articles that a worker is given at once."""


@dataclass(frozen=True, slots=True)
class _Errand:
    """What a worker is sent: the file that holds its analyst, and articles; `readable` if the rules are for them."""

    file: str
    articles: tuple[Article, ...]
    readable: bool


class Coding:
    """The coding of one tick's articles, as a context manager: what is not wanted any more at its end is not begun.

    Args:
        coders: rules, actors and words of each language.
        watches: the desk's keyword queries.
        settings: the workers; `deadline` bounds a share, or an article that is tried alone.
    """

    def __init__(self, coders: Coders, watches: Watches, settings: Extraction) -> None:
        self._coders, self._watches, self._settings = coders, watches, settings
        self._begun: dict[str, Article] = {}
        self._characters = 0
        self._unsent: defaultdict[str, list[Article]] = defaultdict(list)
        """By language."""
        self._sent: list[tuple[_Errand, Future[tuple[Account, ...]]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, done in self._sent:
            done.cancel()

    def begin(self, articles: Sequence[Article]) -> None:
        """Take articles that will be asked for; once they are many, workers begin with them."""
        for article in articles:
            self._begun[article.url] = article
            self._unsent[article.language or ENGLISH].append(article)
            self._characters += len(article.text)
        self._send(wait=False)

    def accounts(self, articles: Sequence[Article], told: Callable[[str], None]) -> tuple[Account, ...]:
        """Return what each article says, in their order.

        Args:
            articles: what is to be read, begun or not; of one that has changed since, the begun reading does not count.
            told: called with the address of each article that was read.

        Raises:
            ConfigError: a file of a language's rules is wrong.
        """
        self.begin([article for article in articles if self._begun.get(article.url) != article])
        self._send(wait=True)
        wanted, found = {article.url: article for article in articles}, dict[str, Account]()
        for article, account in self._read():
            if wanted.get(article.url) == article:
                found[article.url] = account
                told(article.url)
        return tuple(found[article.url] for article in articles)

    def _send(self, *, wait: bool) -> None:
        """Send the workers what their analysts are ready for; `wait` for the others, and raise what is wrong there."""
        if self._characters < _LITTLE:
            return
        pool, files = extractor_pool(self._settings), analyst_files(self._coders, self._watches)
        known = languages()
        for language in sorted(self._unsent, key=lambda code: (code != ENGLISH, code)):
            readable = language in known
            rules = language if readable else ENGLISH
            if not files.begin(rules) and not wait:
                continue
            file, articles = files.file(rules), self._unsent.pop(language)
            for start in range(0, len(articles), _SHARE):
                errand = _Errand(file, tuple(articles[start : start + _SHARE]), readable)
                self._sent.append((errand, pool.submit(_run, errand)))

    def _read(self) -> Iterator[tuple[Article, Account]]:
        pool = extractor_pool(self._settings)
        for errand, done in self._sent:
            yield from zip(errand.articles, _done(pool, errand, done), strict=True)
        for language, articles in self._unsent.items():
            own = self._coders.of(language)
            analyst = Analyst(own or self._coders.english, self._watches)
            for article in articles:
                yield article, _read(analyst, article, readable=own is not None)


def _done(pool: ExtractorPool, errand: _Errand, done: Future[tuple[Account, ...]]) -> Iterator[Account]:
    try:
        yield from done.result()
    except WorkerStopped as error:
        if len(errand.articles) == 1:
            yield unread(errand.articles[0], f"not coded: the worker {error}")
            return
        for article in errand.articles:
            alone = replace(errand, articles=(article,))
            yield from _done(pool, alone, pool.submit(_run, alone))


def _run(errand: _Errand) -> tuple[Account, ...]:
    """Run in a worker."""
    analyst = analyst_in(errand.file)
    return tuple(_read(analyst, article, readable=errand.readable) for article in errand.articles)


def _read(analyst: Analyst, article: Article, *, readable: bool) -> Account:
    try:
        return analyst.read(article, readable=readable)
    except Exception as error:  # noqa: BLE001  # whatever one article does to the rules, the others matter more
        return unread(article, f"not coded: {type(error).__name__}: {one_line(error)}")
