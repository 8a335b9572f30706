"""Pages that stand in an article's place: consent walls, log-ins, robot checks, and error pages that answer 200.

Where the page bears the headline that its feed gave, it is the article, whatever else it looks like.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_FRONT = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?", re.IGNORECASE)  # of a site, or of one of its languages
# Whole parts of an address, between slashes or dots: within a headline's words they may mean anything.
_PART = re.compile(
    r"consent(?:-?wall)?|gdpr|cookie-?wall|privacy-?(?:wall|gate)|log-?in|sign-?in|subscribe|paywall|captcha|blocked"
    r"|access-?denied|40[34]|not-?found|page-?not-?found|error",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\W*(?:(?:error\s+|http\s+)?40[34](?:\s*[-:]?\s*(?:error|forbidden|(?:page\s+)?not found|access denied))?"
    r"|(?:sorry[,.]?\s+)?(?:the |this )?page (?:you requested |was |could )*not (?:be )?found|not found"
    r"|page (?:unavailable|does not exist|no longer exists)|seite nicht gefunden|page (?:introuvable|non trouvée)"
    r"|p[áa]gina no (?:encontrada|existe)|página não encontrada|pagina non trovata|pagina niet gevonden"
    r"|страница не найдена|access (?:to this page has been )?denied|forbidden|request blocked|attention required"
    r"|just a moment|one (?:more )?moment,? please|checking your browser|security check|robot check|are you a robot"
    r"|are you human|verify (?:that )?you are (?:a )?human|human verification|pardon our interruption"
    r"|(?:please )?enable (?:js|javascript|cookies)(?: and .{1,40})?|before you continue|we value your privacy"
    r"|your privacy(?: choices)?|privacy settings|cookie (?:consent|settings|policy)|log ?in|sign ?in"
    r"|subscribe(?: to (?:read|continue|continue reading))?|subscription required)\W*",
    re.IGNORECASE,
)
_BRAND = re.compile(r"\s+[|•·–—-]\s+.*")
_TERMS = re.compile(
    r"\bcookies?\b|\bconsent\b|\bGDPR\b|privacy (?:policy|settings|choices)|personal data|legitimate interest"
    r"|\bvendors?\b|\bpartners\b|personali[sz]ed ad"
    r"|einwilligung|datenschutz|personenbezogen|zustimm|consentement|données personnelles|traceurs"
    r"|confidentialité|consentimiento|datos personales|privacidad|\bconsenso\b|dati personali|informativa"
    r"|toestemming|persoonsgegevens|consentimento|dados pessoais|privacidade|samtycke|samtykke",
    re.IGNORECASE,
)
_TO_THE_READER = re.compile(
    r"\b(?:we|our|you|your|wir|unsere[rn]?|sie|ihre[rn]?|nous|nos|vous|votre|nosotros|nuestros|usted|su|noi|nostri"
    r"|tuoi|wij|onze|uw|nós|nossos|você|seus|vi|våra|vores)\b",
    re.IGNORECASE,
)
_MOSTLY = 0.6  # share of a text's characters
_SHORT = 3000  # characters: a longer text is more than a notice


def wall(asked: str, answered: str, wanted: str | None, title: str, text: str) -> str | None:
    """Return in words what stands in the article's place; None if nothing does.

    Args:
        asked: the address that was asked for.
        answered: the one that answered, after redirects.
        wanted: the headline that the list gave, if any.
        title: the page's headline.
        text: its text; may be empty.
    """
    if is_front(answered) and not is_front(asked):
        return "it leads to the front page: the article is gone, or moved"
    if wanted and title and _same(wanted, title):
        return None
    parts = _parts(answered) - _parts(asked)
    if found := next((part for part in sorted(parts) if _PART.fullmatch(part)), None):
        return f"it leads to a page of another kind ({found})"
    if len(text) > _SHORT:
        return None
    if _TITLE.fullmatch(_BRAND.sub("", title)):
        return f"a page of another kind: {title[:80]!r}"
    return "a consent notice" if _is_notice(text) else None


def is_front(url: str) -> bool:
    """Say whether an address is a site's front page."""
    parts = urlsplit(url)
    return not parts.query and _FRONT.fullmatch(parts.path) is not None


def _parts(url: str) -> set[str]:
    parts = urlsplit(url)
    return {*(parts.hostname or "").split("."), *re.split(r"[/.]", parts.path)}


def _is_notice(text: str) -> bool:
    lines = text.splitlines()
    notice = sum(len(line) for line in lines if _TERMS.search(line) and _TO_THE_READER.search(line))
    return notice > _MOSTLY * sum(map(len, lines))


def _same(one: str, other: str) -> bool:
    first, second = sorted((re.sub(r"[\W_]+", " ", text).casefold().strip() for text in (one, other)), key=len)
    return bool(first) and (first == second or (len(first) > 15 and first in second))
