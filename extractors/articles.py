"""From a link to an article: fetch its page, clean it, and say what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from detente.clock import as_utc
from detente.errors import FetchError
from detente.models import Article, Extracted, FetchOutcome, Link, Source
from detente.settings import Settings
from extractors.agencies import Agency, find_agency
from extractors.charsets import charset_in
from extractors.http import Response, Web, http_error
from extractors.language import language_of
from extractors.page import NO_ARTICLE, NO_PAGE
from extractors.pool import ExtractorPool
from extractors.robots import HostRefused, Hosts
from extractors.urls import clean_url, host_of
from extractors.walls import wall

FUTURE = timedelta(days=1)
"""A date further ahead than this is a mistake, or the day of an announced happening."""

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


_CLOSED = frozenset({401, 402, 403, 451})
"""Answers of pages that are there and not for us: a log-in, a paywall, no programs, no readers from here."""

_GONE = frozenset({404, 410})
"""Answers of pages that their publisher took away: nothing stands in for them."""

_UNUSABLE = frozenset({FetchOutcome.ROBOTS, FetchOutcome.NOT_HTML, FetchOutcome.TOO_LARGE})
_MUCH = 2  # times the page's text: a feed that gives so much more has the article, and the page a teaser


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a page: its article, or None and the reason in `outcome` and `detail`.

    `response` is None where the page was not to be had, and the feed's own words are the article.
    """

    article: Article | None
    outcome: FetchOutcome
    detail: str
    response: Response | None


class Reader:
    """Reads pages for one batch.

    Args:
        web: the client.
        hosts: whose turn it is, and what robots.txt allows.
        pool: the workers that clean pages.
        settings: the least characters of an article, and the tries for one page.
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
        self._web, self._hosts, self.pool = web, hosts, pool
        self._limits = settings.extraction
        self._tries = settings.http.max_attempts
        self._now = now
        self._agencies = agencies

    async def read(self, link: Link, source: Source) -> Read:
        """Fetch and clean the page of a link. Where it holds no article, the feed's own words may stand in.

        They also do for a page that is not for us, or that could not be had at the last try.

        Raises:
            HostRefused: its host is left alone for this tick.
            FetchError: the page could not be had.
        """
        try:
            answer = await self._fetch(link)
        except HostRefused:
            raise
        except FetchError as error:
            if self._is_final(link, error) and self._has_words(link):
                return self._feeds_own(link, source, Extracted(), link.url, None, error.detail)
            raise
        found = await self.pool.extract(answer.content, answer.url, charset_in(answer.content_type))
        blocked = wall(link.url, answer.url, link.title, found.title, found.text)
        problem = blocked or found.problem or self._shortness(link, found)
        if problem is None:
            return Read(self._article(link, source, answer.url, found), FetchOutcome.OK, "", answer)
        if self._has_words(link):
            page, url = (Extracted(), link.url) if blocked else (found, answer.url)
            return self._feeds_own(link, source, page, url, answer, problem)
        empty = blocked or found.problem in {None, NO_ARTICLE, NO_PAGE}
        return Read(None, FetchOutcome.EMPTY if empty else FetchOutcome.EXTRACTION_FAILED, problem, answer)

    async def _fetch(self, link: Link) -> Response:
        answer = await self._web.get(link.url, accept=_ACCEPT, types=("html",), admit=self._hosts.allowed)
        self._hosts.heed(answer)
        if not answer.ok:
            raise http_error(link.url, answer.status)
        return answer

    def _is_final(self, link: Link, error: FetchError) -> bool:
        last = link.attempts + 1 >= self._tries and error.status not in _GONE
        return last or error.outcome in _UNUSABLE or error.status in _CLOSED

    def _has_words(self, link: Link) -> bool:
        return len(link.summary or "") >= self._limits.min_summary and link.summary != link.title

    def _shortness(self, link: Link, found: Extracted) -> str | None:
        if len(found.text) < self._limits.min_chars:
            return f"only {len(found.text)} characters (extraction.min_chars)"
        if len(link.summary or "") > _MUCH * len(found.text):
            return f"only {len(found.text)} characters of the {len(link.summary or '')} in the feed"
        return None

    def _feeds_own(
        self, link: Link, source: Source, found: Extracted, url: str, answer: Response | None, why: str
    ) -> Read:
        """Make an article of what the feed says, and of what else the page at `url` does."""
        summary = link.summary or ""
        own = replace(
            found,
            title=link.title or found.title,
            text=summary,
            language=language_of(summary, found.language),
            extractor="feed",
            problem=None,
        )
        return Read(self._article(link, source, url, own), FetchOutcome.OK, f"the feed's own words: {why}", answer)

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
            site_name=found.site_name if found.site_name != host_of(url) else None,  # that is no name
        )


def publication_time(named: datetime | None, now: datetime) -> datetime:
    """Return the time that feed or page names, in UTC; `now` where there is none, or it is too far ahead."""
    moment = as_utc(named) if named else None
    return moment if moment and moment <= now + FUTURE else now.astimezone(UTC)
