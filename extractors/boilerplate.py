"""What stands on a page and is not the article: link lists, related stories, notices, letters, and all that is no text.

The extractor behind this drops navigation, headers and footers; other stories and notices stand inside the article's
own element and pass it. Thresholds were set on 217 real pages: precision of the body rises by .004, recall stays.
What the extractor would drop anyway goes first of all: that is half of a real page, and each step walks the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import HtmlElement  # type: ignore[import-untyped]  # it ships no types

_NO_TEXT = ("script", "style", "noscript", "nav", "footer", "aside", "menu", "iframe", "object", "embed", "svg",
            "canvas", "video", "audio", "picture", "source", "track", "map", "button", "select", "option", "datalist",
            "input", "textarea", "label", "link", "time", "head", "meta", "img")  # fmt: skip
_INLINE = ("span", "a", "i")  # where one holds nothing but a space, that may keep two words apart
_CONTAINERS = (*_INLINE, "div", "section", "ul", "li", "header")
_LETTERS = re.compile(
    r"^(?:(?:article|post|reader|user)[-_]?)?comments?(?!ary|ator)|disqus_thread", re.IGNORECASE | re.MULTILINE
)
_WORD = r"(?:^|[\s_-])(?:{})(?:$|[\s_-])"
_NOTICE = re.compile(_WORD.format(r"newsletter|cookies?|consent|gdpr"), re.IGNORECASE)
_OTHERS = re.compile(
    _WORD.format(
        r"related|recommend(?:ed|ations?)|read[-_]?(?:next|also)|more[-_]?(?:on|from|stories|news)"
        r"|also[-_]?(?:read|like)|most[-_]?(?:read|popular|viewed)|trending|teasers?|outbrain|taboola"
    ),
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"\W*(?:related|read (?:more|next|also)|also read|more (?:on|from|stories|news|about)|most (?:read|popular)"
    r"|recommended|(?:you )?(?:may|might) also|trending|see also|don.t miss)\b",
    re.IGNORECASE,
)
_LINKED = 0.6  # share of a block's characters that are links
_SMALL = 0.2  # share of the page's characters: no larger block is taken for an aside, whatever it is called
_MOST_UNSEEN = 0.5  # the same for what is hidden, or lies over the page: some hide the article until a script runs
_UNSEEN = etree.XPath(".//*[@hidden or @role = 'dialog' or @role = 'alertdialog' or @aria-modal = 'true']")
_BLOCKS = ("div", "section", "aside", "ul", "p", "form")
_HEADINGS = ("h2", "h3", "h4", "h5", "strong", "p", "span")
_HEADING_CHARS = 40
_LONGEST_LINE = 200  # characters, indentation included: more is a paragraph, and need not be looked at further
_LETTER_BLOCKS = ("div", "section", "details", "ol", "ul")

_length = etree.XPath("string-length(normalize-space())")


def size(element: HtmlElement) -> int:
    """Return how many characters an element's text has, each run of white space counted as one."""
    return int(_length(element))  # a fifth of the time that joining the text takes


def strip(page: HtmlElement) -> None:
    """Remove from a parsed page, in place, what holds no article whatever it says; text after it stays."""
    etree.strip_elements(page, *_NO_TEXT, with_tail=False)
    doomed = [figure for figure in page.iter("figure") if figure.find(".//table") is None]
    letters = [block for block in page.iter(*_LETTER_BLOCKS) if _LETTERS.search(_names(block))]
    doomed += [block for block in letters if block.find(".//h1") is None]
    _drop(doomed)
    for span in page.iter("span"):
        if not span.attrib:
            span.tag = "unnamed"
    etree.strip_tags(page, "unnamed")
    for element in reversed(list(page.iter(*_CONTAINERS))):  # the inner ones first
        if not len(element) and not (element.text if element.tag in _INLINE else (element.text or "").strip()):
            element.drop_tree()


def prune(page: HtmlElement) -> int:
    """Remove what belongs to other stories, and notices, from a parsed page, in place; return the characters lost."""
    body = page.find(".//body")
    if body is None:
        return 0
    before = size(body)
    small = _SMALL * before
    doomed = [items for items in body.iter("ul", "ol") if len(items.findall("li")) > 1 and _is_links(items)]
    doomed += [block for block in body.iter(*_BLOCKS) if _is_named_aside(block, small)]
    doomed += [block for block in _UNSEEN(body) if size(block) < _MOST_UNSEEN * before]
    for heading in body.iter(*_HEADINGS):
        if _announces_others(heading):
            doomed += _announced(heading, small)
    _drop(doomed)
    return before - size(body)


def _drop(blocks: list[HtmlElement]) -> None:
    for block in blocks:
        if block.getparent() is not None:
            block.drop_tree()


def _names(block: HtmlElement) -> str:
    """Return class and id, a line each."""
    return f"{block.get('class') or ''}\n{block.get('id') or ''}"


@lru_cache(maxsize=10_000)
def _kind(names: str) -> str:
    """Return what class and id call a block: `notice`, `others`, or nothing of interest."""
    if _NOTICE.search(names):
        return "notice"
    return "others" if _OTHERS.search(names) else ""


def _is_named_aside(block: HtmlElement, small: float) -> bool:
    kind = _kind(_names(block))
    if kind == "notice":
        return size(block) < small and block.find(".//h1") is None
    return kind == "others" and _may_go(block, small)


def _announces_others(heading: HtmlElement) -> bool:
    if len(heading.text or "") > _LONGEST_LINE:
        return False
    text = " ".join("".join(heading.itertext()).split())
    return len(text) < _HEADING_CHARS and _HEADING.match(text) is not None


def _announced(heading: HtmlElement, small: float) -> list[HtmlElement]:
    """Return the block of links that a heading stands in, or itself and the links that follow it, if any do."""
    block = heading.getparent()
    if block is not None and block.tag in _BLOCKS and _may_go(block, small):
        return [block]
    whole = size(heading)
    while block is not None and block.tag in _BLOCKS and size(block) == whole:  # a line that is all bold
        heading, block = block, block.getparent()
    others = list(takewhile(lambda item: not size(item) or _is_links(item), heading.itersiblings()))
    return [heading, *others] if any(map(size, others)) else []


def _may_go(block: HtmlElement, small: float) -> bool:
    return _is_links(block) and size(block) < small and block.find(".//h1") is None


def _is_links(block: HtmlElement) -> bool:
    return sum(map(size, block.iter("a"))) >= _LINKED * size(block)
