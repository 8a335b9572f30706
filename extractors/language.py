"""Which language an article is written in.

Pages declare it, often wrongly: templates say `en` around any language, and publishers abroad leave their own
language's code on English pages. The languages of the shipped rules, English and Spanish, are looked for in the text.
"""

from __future__ import annotations

import re

# The commonest words of English that are no words of the other languages in Latin letters.
_ENGLISH = frozenset({"the", "and", "of", "to", "that", "with", "from", "has", "was", "is", "said", "by", "at", "its"})
_SPANISH = frozenset({"el", "los", "las", "y", "con", "por", "del", "una", "su", "según", "al", "más"})
_WORD = re.compile(r"[^\W\d_]+")
_HEAD = 2000  # characters looked at
_ENOUGH = 20  # words below which nothing can be said
# Of 217 real pages in 19 languages, English ones have at least .12 of these words, others at most .06.
_YES, _NO = 0.10, 0.05
# Of the same pages, Spanish ones have at least .09 of these words, others at most .04; Catalan would have some .06.
_IS_SPANISH = 0.07
_CODE = re.compile(r"[a-z]{2}(?=$|[-_])", re.IGNORECASE)


def language_of(text: str, declared: str | None) -> str | None:
    """Return an ISO 639-1 code: English or Spanish where the text is, else what the page declares, else None.

    Args:
        text: the article.
        declared: the page's own language code, such as `en-GB`, if it gives one.
    """
    match = _CODE.match((declared or "").strip())
    code = match[0].lower() if match else None
    words = _WORD.findall(text[:_HEAD].lower())
    if len(words) < _ENOUGH:
        return code
    share = sum(word in _ENGLISH for word in words) / len(words)
    if share >= _YES:
        return "en"
    if code in {None, "en"} and sum(word in _SPANISH for word in words) / len(words) >= _IS_SPANISH:
        return "es"
    return None if code == "en" and share < _NO else code
