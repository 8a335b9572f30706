"""Addresses: one form for each page, and the host that politeness counts by."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from courlan import clean_url as courlan_clean

# Parameters that say where a reader came from and never which page is meant: the common ones of the public
# query-stripping lists of browsers. Whole names only: courlan's own filter also drops `cid`, `uid`, `gallery`
# or `reference`, which name the article on some sites and would make two articles one.
_TRACKER = re.compile(
    r"(?:utm|mtm|pk|hsa|itm|oly|vero|at|ga|gs|mkt|ns|s|sc)_(?:source|src|medium|campaign|content|term|id|cid|eid|"
    r"kwd|channel|recipient_id|tok|lid|name|format|size|mchannel|linkname|fee)\w*"
    r"|utm\w*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|ysclid|igsh|igshid|mc_[ce]id"
    r"|mkt_tok|_ga|_gl|_hsenc|_hsmi|cmp|cmpid|cmp_?id|icid|ito|ocid|smid|smtyp|sref|xtor|guccounter|guce_\w+"
    r"|ref|ref_?src|ref_?url|referr?er|sr_share|soc_src|soc_trk|wt_mc|wt_zmc|traffic_source|__twitter_impression",
    re.IGNORECASE,
)
_SOURCE_WORD = re.compile(r"(?:source|from|src)=(?:rss|feed|atom|twitter|facebook|newsletter|email)", re.IGNORECASE)
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")  # white space and control characters
# Addresses of copies that AMP caches and search engines keep: the page's own follows, with `s/` for https (AMP's
# documentation, "AMP Cache URL format").
_CACHED = re.compile(
    r"https?://(?:[^/]+\.cdn\.ampproject\.org/(?:c|v|wp)/|(?:www\.)?(?:google(?:\.[a-z]+)+|bing\.com)/amp/)(s/)?(?=[^/]+\.)",
    re.IGNORECASE,
)
_ROUNDS = 5
_LONGEST = 4000  # characters; browsers and servers give up earlier


def clean_url(url: str, base: str | None = None) -> str | None:
    """Return the one form of a page's address, or None where it is no address of a web page.

    Relative addresses are resolved against `base`; tracking parameters and the fragment go; scheme and host
    are lower case; a copy in an AMP cache becomes the page that it is a copy of. The result is stable: cleaning it
    again changes nothing.
    """
    if len(url) > _LONGEST:
        return None
    try:
        url.encode()  # fails where half a character stands, as JSON can hold it: no such address can be asked for
        url = _UNSEEN.sub(lambda found: quote(found[0]), url.strip())  # as browsers do; courlan would join the words
        while "&amp;" in url:  # escaped once, or again by a careless feed
            url = url.replace("&amp;", "&")
        url = urljoin(base, url) if base else url
        if cached := _CACHED.match(url):
            url = f"http{'s' if cached[1] else ''}://{url[cached.end() :]}"
        parts = urlsplit(url)
        query = "&".join(filter(_says_which_page, map(str.strip, parts.query.split("&"))))
        cleaned = urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, "", ""))
        nested = "://" in parts.path  # an address within the path: courlan would cut it off
        for _ in range(0 if nested else _ROUNDS):  # its cleaning is not idempotent
            address, cleaned = cleaned, courlan_clean(cleaned) or ""
            if cleaned in {"", address}:
                break
        parts = urlsplit(cleaned)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0 or "\\" in parts.netloc:
            return None
    except ValueError:  # a broken port, a bracket without its pair, half a character
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


def host_of(url: str) -> str:
    """Return the host of an address, with its port where that is not the scheme's own; empty if it has none."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    return host if port in {None, 80, 443} else f"{host}:{port}"


def same_site(one: str, other: str) -> bool:
    """Say whether two addresses belong to one registrable domain (`example.co.uk`), or to one host."""
    from courlan import extract_domain  # noqa: PLC0415  # the public suffix list is read on first use only

    if host_of(one) == host_of(other):
        return True
    domain = extract_domain(one)
    return domain is not None and domain == extract_domain(other)


def _says_which_page(parameter: str) -> bool:
    name = parameter.partition("=")[0]
    return bool(parameter) and not _TRACKER.fullmatch(name) and not _SOURCE_WORD.fullmatch(parameter)
