"""From a link to an article: fetch its page, clean it, and say what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from detente.clock import as_utc
from detente.errors import FetchError
from detente.models import Article, Extracted, FetchOutcome, Link, Source
from detente.settings import Settings
from extractors.agencies import Agency, find_agency
from extractors.charsets import charset_in
from extractors.http import Response, Web
from extractors.language import language_of
from extractors.page import NO_ARTICLE, NO_PAGE
from extractors.pool import ExtractorPool
from extractors.robots import Hosts
from extractors.urls import clean_url

FUTURE = timedelta(days=1)
"""A date further ahead than this is a mistake, or the day of an announced happening."""

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a page: its article, or None and the reason in `outcome` and `detail`."""

    article: Article | None
    outcome: FetchOutcome
    detail: str
    response: Response


class Reader:
    """Reads pages for one batch.

    Args:
        web: the client.
        hosts: whose turn it is, and what robots.txt allows.
        pool: the workers that clean pages.
        settings: the least characters of an article.
        now: the tick's time.
        agencies: whose names in byline and dateline count.
    """

    def __init__(
        self,
        web: Web,
        hosts: Hosts,
        pool: ExtractorPool,
        settings: Settings,
        now: datetime,
        agencies: tuple[Agency, ...] = (),
    ) -> None:
        self._web, self._hosts, self._pool = web, hosts, pool
        self._min_chars = settings.extraction.min_chars
        self._now = now
        self._agencies = agencies

    async def read(self, link: Link, source: Source) -> Read:
        """Fetch and clean the page of a link. Where it holds no article, the feed's own words may stand in.

        Raises:
            HostRefused: its host is left alone for this tick.
            FetchError: the page could not be had.
        """
        answer = await self._web.get(link.url, accept=_ACCEPT, types=("html",), admit=self._hosts.allowed)
        self._hosts.heed(answer)
        if not answer.ok:
            raise FetchError(link.url, FetchOutcome.HTTP_ERROR, f"HTTP {answer.status}")
        found = await self._pool.extract(answer.content, answer.url, charset_in(answer.content_type))
        problem = found.problem
        if problem is None and len(found.text) < self._min_chars:
            problem = f"only {len(found.text)} characters (extraction.min_chars)"
        if problem is None:
            return Read(self._article(link, source, answer.url, found), FetchOutcome.OK, "", answer)
        summary = link.summary or ""
        if summary and len(summary) >= self._min_chars:
            own = Extracted(
                title=found.title,
                text=summary,
                published_at=found.published_at,
                language=language_of(summary, None),
                canonical_url=found.canonical_url,
                extractor="feed",
                image=found.image,
            )
            article = self._article(link, source, answer.url, own)
            return Read(article, FetchOutcome.OK, f"the feed's own words: {problem}", answer)
        empty = found.problem in {None, NO_ARTICLE, NO_PAGE}
        return Read(None, FetchOutcome.EMPTY if empty else FetchOutcome.EXTRACTION_FAILED, problem, answer)

    def _article(self, link: Link, source: Source, url: str, found: Extracted) -> Article:
        authors = tuple(dict.fromkeys((*found.authors, *link.authors)))
        return Article(
            url=found.canonical_url or clean_url(url) or link.url,
            source=source.id,
            publisher=source.publisher,
            family=source.family,
            title=found.title or link.title or link.url,
            text=found.text,
            language=found.language or source.language,
            published_at=publication_time(link.published_at or found.published_at, self._now),
            fetched_at=self._now,
            authors=authors,
            agency=find_agency(self._agencies, authors, found.text),
            extractor=found.extractor,
            image=found.image,
        )


def publication_time(named: datetime | None, now: datetime) -> datetime:
    """Return the time that feed or page names, in UTC; `now` where there is none, or it is too far ahead."""
    moment = as_utc(named) if named else None
    return moment if moment and moment <= now + FUTURE else now.astimezone(UTC)
