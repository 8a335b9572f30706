"""The sources file: who is asked for news, and how the work is shared out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from detente import yamlfile
from detente.errors import ConfigError
from detente.models import Batch, Order, RobotsFile, Source, SourceKind
from extractors.urls import host_of

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


def _web_address(url: str) -> str:
    if not re.match(r"https?://", url, re.IGNORECASE) or not host_of(url) or re.search(r"\s", url):
        raise ValueError("no address that starts with http:// or https:// and names a host")
    return url


def _regular_expression(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return pattern


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(_Model):
    id: Slug
    kind: SourceKind
    url: Annotated[str, AfterValidator(_web_address)]
    language: Language | None = None
    links: Annotated[str, AfterValidator(_regular_expression)] | None = None


class _Publisher(_Model):
    id: Slug
    name: Annotated[str, Field(min_length=1)]
    family: Slug | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    language: Language
    sources: Annotated[tuple[_Source, ...], Field(min_length=1)]


class AgencyEntry(_Model):
    """A news agency and the names that bylines and datelines give it."""

    id: Slug
    names: Annotated[tuple[str, ...], Field(min_length=1)]

    @field_validator("names")
    @classmethod
    def _no_empty_name(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if any(not name.strip() for name in names):
            raise ValueError("a name is empty")
        return names


class SourcesFile(_Model):
    """The schema of `sources.yaml`. `agencies` adds to the shipped list."""

    publishers: tuple[_Publisher, ...]
    agencies: tuple[AgencyEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who keeps sources. Only families count as independent."""

    id: str
    name: str
    family: str
    country: str | None
    language: str


def load_sources(file: Path) -> tuple[Source, ...]:
    """Return the sources of a file, in its order.

    Raises:
        ConfigError: the file is wrong; names the line and the mend.
    """
    return tuple(
        Source(
            id=source.id,
            kind=source.kind,
            url=source.url,
            publisher=publisher.id,
            family=publisher.family or publisher.id,
            language=source.language or publisher.language,
            country=publisher.country,
            links=source.links,
        )
        for publisher in read_sources_file(file).publishers
        for source in publisher.sources
    )


def load_publishers(file: Path) -> dict[str, Publisher]:
    """Return the publishers of a sources file by id, in its order.

    Raises:
        ConfigError: the file is wrong; names the line and the mend.
    """
    return {
        item.id: Publisher(item.id, item.name, item.family or item.id, item.country, item.language)
        for item in read_sources_file(file).publishers
    }


def read_sources_file(file: Path) -> SourcesFile:
    """Read and check a sources file as it stands.

    Raises:
        ConfigError: it does not fit the schema, or an id stands twice.
    """
    document = yamlfile.load(file)
    checked = yamlfile.validate(SourcesFile, document)
    publishers = [(("publishers", i, "id"), item.id) for i, item in enumerate(checked.publishers)]
    sources = [
        (("publishers", i, "sources", j, "id"), source.id)
        for i, publisher in enumerate(checked.publishers)
        for j, source in enumerate(publisher.sources)
    ]
    for what, places in (("publisher", publishers), ("source", sources)):
        _refuse_twice(document, what, places)
    return checked


def plan_batches(orders: Sequence[Order], batches: int, robots: tuple[RobotsFile, ...] = ()) -> tuple[Batch, ...]:
    """Share orders out so that neither a host nor a publisher is in two batches, and these are about equally long.

    A publisher's lists lead to the same host, whatever hosts they lie on. Who has most orders is placed first, in
    the batch that has fewest so far. The same orders give the same batches, and within a batch they keep their order.

    Args:
        orders: one per source.
        batches: the most batches to make.
        robots: what is remembered of robots.txt files; each batch gets it.

    Returns:
        Batches numbered from 0, none of them empty.
    """
    groups = _together(orders)
    loads: list[list[int]] = [[] for _ in range(min(batches, len(groups)))]
    for group in sorted(groups, key=lambda group: (-len(group), host_of(orders[group[0]].address))):
        min(loads, key=len).extend(group)
    return tuple(
        Batch(number, tuple(orders[index] for index in sorted(load)), robots) for number, load in enumerate(loads)
    )


def _together(orders: Sequence[Order]) -> list[list[int]]:
    """Return the positions of orders that share a host or a publisher, or are linked by others that do."""
    groups: dict[tuple[str, str], list[int]] = {}
    for index, order in enumerate(orders):
        keys = (("host", host_of(order.address)), ("publisher", order.source.publisher))
        found = [groups[key] for key in keys if key in groups]
        group = max(found, key=len, default=[])
        for other in found:
            if other is not group:
                group += other
                groups |= {key: group for key, held in groups.items() if held is other}
        group.append(index)
        groups |= dict.fromkeys(keys, group)
    return list({id(group): group for group in groups.values()}.values())


def _refuse_twice(document: yamlfile.Document, what: str, places: Iterable[tuple[tuple[Any, ...], str]]) -> None:
    seen: set[str] = set()
    for path, name in places:
        if name in seen:
            raise ConfigError(
                document.file, document.line(path), f"the {what} {name!r} stands twice", "give one another id"
            )
        seen.add(name)
