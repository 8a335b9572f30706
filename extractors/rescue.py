"""A second reading, by another method, of pages whose article the extractor does not see."""

from __future__ import annotations

from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from lxml.html import HtmlElement  # type: ignore[import-untyped]  # no types
from resiliparse.extract.html2text import extract_plain_text  # type: ignore[import-untyped,unused-ignore]  # no types

_SHORTEST_LINE = 40  # characters; what is shorter is a label, a menu's entry or a byline
_SHORTEST_TEXT = 200  # characters, in lines of that length
# Full stops and question marks of Latin, Chinese, Japanese, Hindi, Urdu and Arabic, and what closes a quotation.
_ENDS = tuple('.!?…”“"»)。」।؟\uff01\uff1f\u06d4')


def reread(page: HtmlElement) -> str:
    """Return the page's sentences, a paragraph a line; empty where they make no article.

    Args:
        page: the parsed page, tamed and without its asides.
    """
    html = etree.tostring(page, encoding="unicode", method="html")
    text: str = extract_plain_text(
        html, main_content=True, list_bullets=False, alt_texts=False, comments=False, post_meta=False
    )
    lines = (" ".join(line.split()) for line in text.splitlines())
    kept = [line for line in lines if len(line) >= _SHORTEST_LINE and line.endswith(_ENDS)]
    return "\n".join(kept) if sum(map(len, kept)) >= _SHORTEST_TEXT else ""
