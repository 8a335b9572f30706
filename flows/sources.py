"""The sources of a desk, kept in order: a site's lists found and added, sources tried, lists exchanged as OPML."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from detente.desk import Desk
from detente.errors import DetenteError, UsageError
from detente.models import Source
from detente.present import plain, shorten
from extractors.discover import Site, discover, site_address
from extractors.opml import Outline, read_opml, write_opml
from extractors.pool import ExtractorPool
from extractors.probe import Trial, try_sources
from extractors.sourcefile import NewPublisher, NewSource, append_publishers, free_id
from extractors.sources import Language, Publisher, Slug, load_publishers, load_sources
from extractors.urls import host_of

_LONGEST_NAME = 80  # characters; a page's title can be a sentence


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person said about a publisher to add; None is left to what the site says."""

    family: str | None = None
    name: str | None = None
    language: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an OPML file would add: publishers, and the addresses that the desk has already."""

    publishers: tuple[NewPublisher, ...]
    known: tuple[str, ...]


def find_site(desk: Desk, address: str, wish: Wish, now: datetime) -> tuple[Site, NewPublisher]:
    """Look at a site, and return what it offers and the publisher that would be added.

    Raises:
        UsageError: the wish or the address is wrong, the host is listed already, or the language cannot be told.
        FetchError: nothing of the site could be had.
        DetenteError: it offers nothing of use.
    """
    check_wish(wish)
    sources = load_sources(desk.sources)
    url = site_address(address)
    refuse_listed(desk, url, sources)
    site = asyncio.run(discover(url, desk.settings, now))
    refuse_listed(desk, site.url, sources)
    if not site.taken:
        others = "; ".join(f"{item.url}: {item.why_not}" for item in site.candidates)
        raise DetenteError(
            f"{site.url} offers no feed or news sitemap of use{f' ({others})' if others else ''}; "
            "put a section page into sources.yaml by hand"
        )
    for item in site.taken:
        if known := next((source for source in sources if source.url == item.url), None):
            raise UsageError(f"{desk.sources} lists {item.url} already, as {known.id!r}; edit its entry there")
    return site, _publisher(site, wish, sources, load_publishers(desk.sources))


def check_wish(wish: Wish) -> None:
    """Refuse what would not fit into a sources file.

    Raises:
        UsageError: names the option and what it takes.
    """
    kinds = (("--family", wish.family, Slug, "lower case letters, digits and single hyphens"),
             ("--language", wish.language, Language, "two lower case letters (ISO 639-1)"))  # fmt: skip
    for option, value, kind, form in kinds:
        if value is None:
            continue
        try:
            TypeAdapter(kind).validate_python(value)
        except ValidationError:
            raise UsageError(f"{option} {value!r} does not fit; it takes {form}") from None
    if wish.country is not None and not (
        len(wish.country) == 3 and wish.country.isascii() and wish.country.isalpha() and wish.country.isupper()
    ):
        raise UsageError(f"--country {wish.country!r} does not fit; it takes three capitals (ISO 3166-1 alpha-3)")
    if wish.name is not None and not wish.name.strip():
        raise UsageError("--name is empty; leave it out, or give the publisher's name")


def refuse_listed(desk: Desk, url: str, sources: Iterable[Source]) -> None:
    """Refuse a site whose host the desk asks already, with or without `www.`.

    Raises:
        UsageError: names the source.
    """
    for source in sources:
        if _site(source.url) == _site(url):
            raise UsageError(
                f"{desk.sources} lists {host_of(url)} already, with the source {source.id!r}; edit its entry there"
            )


def add_publishers(desk: Desk, publishers: Sequence[NewPublisher]) -> None:
    """Write publishers at the end of the desk's list, which stays whole whatever happens.

    Raises:
        UsageError: the file takes no entry, or cannot be written.
    """
    append_publishers(desk.sources, publishers)


def try_out(desk: Desk, name: str | None, pages: int, now: datetime) -> tuple[Trial, ...]:
    """Try one source of the desk, or all of them; see `extractors.probe`.

    Raises:
        UsageError: the desk has no such source.
    """
    sources = load_sources(desk.sources)
    wanted = tuple(source for source in sources if name in {None, source.id})
    if name is not None and not wanted:
        raise UsageError(f"there is no source {name!r} in {desk.sources}; 'detente sources' lists them")
    with ExtractorPool(desk.settings.extraction) as pool:
        return asyncio.run(try_sources(wanted, desk.settings, pool, now, pages))


def export_opml(desk: Desk) -> bytes:
    """Return the desk's sources as an OPML file."""
    return write_opml(load_sources(desk.sources), load_publishers(desk.sources))


def plan_import(desk: Desk, file: Path, language: str) -> Imported:
    """Return what an OPML file would add to the desk; sources whose address it has already are left out.

    A publisher whose id the desk has, or whose host it asks already, joins that one's family.

    Args:
        desk: the desk.
        file: the OPML file.
        language: of sources for which the file names none.

    Raises:
        UsageError: the file cannot be read, or is no OPML.
    """
    check_wish(Wish(language=language))
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}; name an OPML file") from None
    outlines = read_opml(content, str(file))
    sources, publishers = load_sources(desk.sources), load_publishers(desk.sources)
    listed = {source.url for source in sources}
    groups: dict[str, list[Outline]] = {}
    for item in outlines:
        if item.url not in listed:
            groups.setdefault(item.group, []).append(item)
    taken, taken_sources = set(publishers), {source.id for source in sources}
    families = {_site(source.url): source.family for source in reversed(sources)}
    families |= {f"={name}": publisher.family for name, publisher in publishers.items()}
    new = tuple(_imported(items, families, taken, taken_sources, language) for items in groups.values())
    return Imported(new, tuple(item.url for item in outlines if item.url in listed))


def _imported(
    items: Sequence[Outline], families: dict[str, str], taken: set[str], taken_sources: set[str], language: str
) -> NewPublisher:
    first = items[0]
    wanted = first.publisher or _site(first.url)
    known = families.get(first.group) if first.publisher else families.get(_site(first.url))
    own = first.publisher_language or first.language or language
    name = free_id(wanted, taken)
    return NewPublisher(
        id=name,
        name=shorten(plain(first.name or first.title or ""), _LONGEST_NAME) or _site(first.url),
        language=own,
        family=known or first.family,
        country=first.country,
        sources=tuple(
            NewSource(
                id=free_id(item.id or f"{name}-{item.kind.value}", taken_sources),
                kind=item.kind,
                url=item.url,
                language=item.language if item.language != own else None,
                links=item.links,
            )
            for item in items
        ),
    )


def _publisher(site: Site, wish: Wish, sources: Sequence[Source], publishers: dict[str, Publisher]) -> NewPublisher:
    languages = Counter(item.language for item in site.taken if item.language)
    language = wish.language or next((code for code, _ in languages.most_common(1)), None)
    if language is None:
        raise UsageError(f"{site.url} does not say in which language it writes; give --language, such as --language en")
    name = free_id(_site(site.url), set(publishers))
    taken = {source.id for source in sources}
    return NewPublisher(
        id=name,
        name=shorten(plain(wish.name or site.name or ""), _LONGEST_NAME) or _site(site.url),
        language=language,
        family=wish.family,
        country=wish.country,
        sources=tuple(
            NewSource(
                id=free_id(f"{name}-{item.kind.value}", taken),
                kind=item.kind,
                url=item.url,
                language=item.language if not wish.language and item.language not in {None, language} else None,
            )
            for item in site.taken
        ),
    )


def _site(url: str) -> str:
    """Return the host of an address, with its port, without `www.`."""
    return host_of(url).removeprefix("www.")
