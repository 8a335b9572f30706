"""From bytes to text: what the bytes are, rather than what they are said to be."""

from __future__ import annotations

import codecs
import re

from trafilatura.utils import detect_encoding

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_META_BYTES = 4096  # the HTML standard wants it in the first 1,024; some sites put a comment before it
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{2,40})", re.IGNORECASE)
# What browsers read under a name that says less (the labels of the WHATWG encoding standard).
_MEANT = {"ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
          "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
          "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949",
          "ks_c_5601-1987": "cp949", "big5": "big5hkscs"}  # fmt: skip


def charset_in(content_type: str | None) -> str | None:
    """Return the charset that a Content-Type header names, if any."""
    match = _HEADER.search(content_type or "")
    return match[1] if match else None


def decode_html(html: bytes, charset: str | None) -> str:
    """Return a page as text; never fails.

    A byte order mark wins, then valid UTF-8, since nothing else looks like it by chance and servers often
    declare a charset that their pages left years ago; then what header and page declare, then detection.

    Args:
        html: the page.
        charset: what the header said, if anything.
    """
    for mark, name in _MARKS:
        if html.startswith(mark):
            return html.decode(name, errors="replace")
    meta = _META.search(html[:_META_BYTES])
    declared = [name for name in (charset, meta[1].decode("ascii") if meta else None) if name]
    if not any(name.lower().startswith(("iso-2022", "utf-16", "hz")) for name in declared):  # these are valid UTF-8
        declared.insert(0, "utf-8")
    for name in declared:
        if (text := _strictly(html, name)) is not None:
            return text
    for name in detect_encoding(html):
        if (text := _strictly(html, name)) is not None:
            return text
    return _mostly(html, declared)


def _strictly(html: bytes, name: str) -> str | None:
    try:
        return html.decode(_MEANT.get(name.lower(), name))
    except (UnicodeError, LookupError):  # some codecs of Python raise the wider error
        return None


def _mostly(html: bytes, names: list[str]) -> str:
    """Decode with the name that leaves fewest characters unread; windows-1252 is what browsers fall back to."""
    texts = []
    for name in (*names, "cp1252"):
        try:
            texts.append(html.decode(_MEANT.get(name.lower(), name), errors="replace"))
        except (UnicodeError, LookupError):
            continue
    return min(texts, key=lambda text: text.count("\N{REPLACEMENT CHARACTER}"))
