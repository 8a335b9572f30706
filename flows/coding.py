"""A tick's articles coded: a few of them here, many in the extraction workers, since one core takes milliseconds each.

Each article is read by itself, so that what comes out is the same wherever it was read. What a worker dies or hangs
over is tried once more alone; then that article stays unread, with the reason, and the tick goes on.
"""

from __future__ import annotations

import pickle
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from detection.accounts import Account, Analyst, unread
from detection.coder import ENGLISH, Coders
from detection.watches import Watches
from detente.errors import one_line
from detente.heap import lasting
from detente.models import Article
from detente.settings import Extraction
from extractors.pool import ExtractorPool, WorkerStopped
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


def accounts(
    coders: Coders, watches: Watches, articles: Sequence[Article], settings: Extraction, told: Callable[[str], None]
) -> tuple[Account, ...]:
    """Return what each article says, in their order.

    Args:
        coders: rules, actors and words of each language.
        watches: the desk's keyword queries.
        articles: what is to be read.
        settings: the workers; `deadline` bounds a share, or an article that is tried alone.
        told: called with the address of each article that was read.

    Raises:
        ConfigError: a file of a language's rules is wrong.
    """
    found: dict[str, Account] = {}
    little = sum(len(article.text) for article in articles) < _LITTLE
    for account in _here(coders, watches, articles) if little else _shared(coders, watches, articles, settings):
        found[account.coded.url] = account
        told(account.coded.url)
    return tuple(found[article.url] for article in articles)


def _here(coders: Coders, watches: Watches, articles: Sequence[Article]) -> Iterator[Account]:
    for article in articles:
        own = coders.of(article.language)
        yield _read(Analyst(own or coders.english, watches), article, readable=own is not None)


def _shared(coders: Coders, watches: Watches, articles: Sequence[Article], settings: Extraction) -> Iterator[Account]:
    """Yield accounts as workers make them. English goes first: they read it while another language is loaded here."""
    pool, by_language = extractor_pool(settings), defaultdict[str, list[Article]](list)
    for article in articles:
        by_language[article.language or ENGLISH].append(article)
    sent: list[tuple[_Errand, Future[tuple[Account, ...]]]] = []
    with tempfile.TemporaryDirectory(prefix="detente-") as folder:
        files: dict[str, str] = {}
        for language in sorted(by_language, key=lambda code: (code != ENGLISH, code)):
            own = coders.of(language)
            rules = language if own else ENGLISH
            if rules not in files:
                files[rules] = _handed_over(Analyst(own or coders.english, watches), Path(folder) / str(len(files)))
            waiting = by_language[language]
            for start in range(0, len(waiting), _SHARE):
                errand = _Errand(files[rules], tuple(waiting[start : start + _SHARE]), readable=own is not None)
                sent.append((errand, pool.submit(_run, errand)))
        for errand, done in sent:
            yield from _done(pool, errand, done)


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


def _handed_over(analyst: Analyst, file: Path) -> str:
    file.write_bytes(pickle.dumps(analyst))
    return str(file)


def _run(errand: _Errand) -> tuple[Account, ...]:
    """Run in a worker."""
    analyst = _analyst(errand.file)
    return tuple(_read(analyst, article, readable=errand.readable) for article in errand.articles)


@lru_cache(maxsize=2)
@lasting()
def _analyst(file: str) -> Analyst:
    found: Analyst = pickle.loads(Path(file).read_bytes())  # noqa: S301  # written by the process that asks, for us alone
    return found


def _read(analyst: Analyst, article: Article, *, readable: bool) -> Account:
    try:
        return analyst.read(article, readable=readable)
    except Exception as error:  # noqa: BLE001  # whatever one article does to the rules, the others matter more
        return unread(article, f"not coded: {type(error).__name__}: {one_line(error)}")
