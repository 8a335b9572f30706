"""OPML 2.0, in which feed readers exchange their lists: sources go out and come in.

What OPML has no word for stands in attributes of our own namespace, which other programs pass by: what we write
comes back as the same sources. Feeds bear `xmlUrl`; sitemaps and sections are links (`url`), since a feed reader
could not read them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # it ships no types

from detente.errors import UsageError, one_line
from detente.models import Source, SourceKind
from extractors.sources import Publisher
from extractors.urls import host_of

NAMESPACE = "urn:detente:sources"
"""Of the attributes id, family, country, language, kind and links."""

_OWN = f"{{{NAMESPACE}}}"
_CODE = re.compile(r"([a-z]{2})(?:[-_]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outline:
    """One source as a file lists it; what the file does not say is None.

    `group` is the same for the sources of one publisher: its id, else the host of the source's address.
    """

    url: str
    kind: SourceKind
    group: str
    title: str | None = None
    id: str | None = None
    publisher: str | None = None
    name: str | None = None
    family: str | None = None
    country: str | None = None
    language: str | None = None
    publisher_language: str | None = None
    links: str | None = None


def write_opml(sources: tuple[Source, ...], publishers: Mapping[str, Publisher]) -> bytes:
    """Return sources as an OPML file in UTF-8: an outline for each publisher, and its sources in it.

    Args:
        sources: what to write.
        publishers: their publishers by id; they come in this order.
    """
    ET.register_namespace("detente", NAMESPACE)
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "Sources"
    body = ET.SubElement(root, "body")
    for publisher in publishers.values():
        mine = [source for source in sources if source.publisher == publisher.id]
        if not mine:
            continue
        outer = ET.SubElement(body, "outline", text=publisher.name)
        _set(outer, id=publisher.id, country=publisher.country, language=publisher.language)
        _set(outer, family=publisher.family if publisher.family != publisher.id else None)
        for source in mine:
            outer.append(_outline(source, publisher))
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def read_opml(content: bytes, name: str) -> tuple[Outline, ...]:
    """Return the sources of an OPML file, in its order, each once. Nothing that it refers to is loaded.

    Args:
        content: the file.
        name: what to call it in errors.

    Raises:
        UsageError: it is no OPML, or lists no source.
    """
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UsageError(f"{name}: no XML ({one_line(error)}); export the list again as OPML") from None
    if root.tag != "opml":
        raise UsageError(f"{name}: no OPML, its first element is {str(root.tag)[:40]!r}; export the list as OPML")
    found: dict[tuple[str, str | None], Outline] = {}
    for outline in _outlines(root):
        found.setdefault((outline.url, outline.id), outline)
    if not found:
        raise UsageError(f"{name}: it lists no feed; an outline of one has an 'xmlUrl'")
    return tuple(found.values())


def _outline(source: Source, publisher: Publisher) -> ET.Element:
    feed = source.kind is SourceKind.FEED
    address = {"xmlUrl": source.url} if feed else {"url": source.url}
    outline = ET.Element("outline", {"text": source.id, "type": "rss" if feed else "link", **address})
    if feed:
        outline.set("language", source.language)
    _set(outline, id=source.id, kind=source.kind.value, links=source.links)
    _set(outline, language=source.language if source.language != publisher.language else None)
    return outline


def _set(element: ET.Element, **values: str | None) -> None:
    for name, value in values.items():
        if value is not None:
            element.set(_OWN + name, value)


def _outlines(root: Any) -> Iterator[Outline]:
    for item in root.iter("outline"):
        kind = _kind(item)
        url = (item.get("xmlUrl") or item.get("xmlurl") or item.get("url") or "").strip()
        if kind is None or not url:
            continue
        parent = item.getparent()
        ours = parent if parent is not None and parent.get(f"{_OWN}id") else None
        declared = _CODE.match((item.get("language") or "").strip())
        own = item.get(f"{_OWN}language")
        yield Outline(
            url=url,
            kind=kind,
            group=host_of(url) if ours is None else f"={ours.get(f'{_OWN}id')}",
            title=_words(item.get("title") or item.get("text")),
            id=item.get(f"{_OWN}id"),
            publisher=None if ours is None else ours.get(f"{_OWN}id"),
            name=None if ours is None else _words(ours.get("text")),
            family=None if ours is None else ours.get(f"{_OWN}family"),
            country=None if ours is None else ours.get(f"{_OWN}country"),
            language=own or (declared[1].lower() if declared and ours is None else None),
            publisher_language=None if ours is None else ours.get(f"{_OWN}language"),
            links=item.get(f"{_OWN}links"),
        )


def _kind(item: Any) -> SourceKind | None:
    """Return how an outline's source lists its pages; None where it is a folder, or a link of another program's."""
    own = item.get(f"{_OWN}kind")
    if own in set(SourceKind):
        return SourceKind(own)
    return SourceKind.FEED if item.get("xmlUrl") or item.get("xmlurl") else None


def _words(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
