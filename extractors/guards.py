"""What would make the extractor fail, crawl or swell, taken out of a page before it reads it.

Limits stand far from what real pages hold: of 217, the deepest nests 50 levels, the largest has 3,319 elements.
"""

from __future__ import annotations

import re

from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import HtmlElement  # type: ignore[import-untyped]  # no types

from extractors.jsonld import LONGEST_BLOCK, is_block

DEEPEST = 150
"""Levels below which only text and its blocks are kept: at 256 libxml2 gives up, and lxml copies by recursion."""

MOST_LINKS = 3_000
"""Links of one page; on a page with more, links outside of paragraphs are removed."""

MOST_ELEMENTS = 40_000
"""Elements of one page, once it is tamed; more take the extractor longer than any deadline, for no article."""

_ZONE = re.compile(r"T[\d:.]+[+-](\d{2}):?\d{2}\s*$")
_LARGEST_OFFSET = 23  # hours that a time zone can be off in Python
_LONGEST_VALUE = 10_000  # characters of a meta tag or the title element
_READ_SCRIPTS = ("application/ld+json", "application/settings+json")
_AT_DEPTH = etree.XPath("/*" * DEEPEST)
_PARTS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "div", "section", "article", "td", "br"}
)
_KEEP_LINKS = frozenset({"p", "h1", "h2", "h3", "body"})
_SILENT = frozenset({"script", "style", "template", "noscript"})


def tame(page: HtmlElement) -> str | None:
    """Take out what would harm the extractor, in place; return why the page is not to be read, if it is not."""
    _flatten(page)
    _drop_scripts(page)
    for element in page.iter("meta", "title"):
        _shorten(element)
    for element in page.iter("meta", "time"):
        _drop_impossible_zone(element)
    links = list(page.iter("a"))
    if len(links) > MOST_LINKS:
        for link in links:
            _drop_unless_in_paragraph(link)
    size = int(page.xpath("count(.//*)"))
    return f"the page has {size:,} elements (at most {MOST_ELEMENTS:,} are read)" if size > MOST_ELEMENTS else None


def _drop_impossible_zone(element: HtmlElement) -> None:
    """Remove a time such as `2025-05-05T10:00+99:99`: the extractor's date finder gives up the page over it."""
    name = "datetime" if element.tag == "time" else "content"
    zone = _ZONE.search(element.get(name) or "")
    if zone and int(zone[1]) > _LARGEST_OFFSET:
        del element.attrib[name]


def _flatten(page: HtmlElement) -> None:
    """Put paragraphs in the place of what nests too deeply."""
    for top in _AT_DEPTH(page):
        if not len(top):
            continue
        parts = [(kind, text) for kind, text in _parts(top) if text.strip()]
        for child in list(top):
            top.remove(child)
        top.text = None
        for kind, text in parts:
            etree.SubElement(top, kind).text = text


def _parts(top: HtmlElement) -> list[tuple[str, str]]:
    """Return the text of each block inside and whether it is `h1` or `p`. No recursion: that would end the process."""
    parts, silent = [("p", [top.text or ""])], 0
    for event, element in etree.iterwalk(top, events=("start", "end")):
        if element is top:
            continue
        starts = event == "start"
        if element.tag in _SILENT:
            silent += 1 if starts else -1
        if element.tag in _PARTS:
            parts.append(("h1" if starts and element.tag == "h1" else "p", []))
        if not silent:
            parts[-1][1].append((element.text if starts else element.tail) or "")
    return [(kind, "".join(part)) for kind, part in parts]


def _drop_scripts(page: HtmlElement) -> None:
    """Remove scripts and styles that no extractor reads: every later step copies and walks the page."""
    for script in list(page.iter("script", "style")):
        kind = (script.get("type") or "").strip().lower()
        too_long = is_block(script) and len(script.text or "") > LONGEST_BLOCK
        if script.getparent() is not None and (too_long or kind not in _READ_SCRIPTS):
            script.drop_tree()


def _shorten(element: HtmlElement) -> None:
    if len(element.get("content") or "") > _LONGEST_VALUE:
        element.set("content", element.get("content")[:_LONGEST_VALUE])
    if len(element.text or "") > _LONGEST_VALUE:
        element.text = element.text[:_LONGEST_VALUE]


def _drop_unless_in_paragraph(link: HtmlElement) -> None:
    parent = link.getparent()
    if parent is None or parent.tag in _KEEP_LINKS:
        return
    link.drop_tree()
    empty = next(parent.iterchildren(), None) is None and not (parent.text or "").strip()
    if empty and parent.getparent() is not None:
        parent.drop_tree()  # an entry of a list that was nothing but the link
