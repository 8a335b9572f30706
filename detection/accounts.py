"""What one article says by itself: its acts, the particulars of each, and its gist. No other article bears on it.

All of it is pure and all of it pickles, so that articles can be read in any process and in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from detection import details, gist
from detection.actors import Actors
from detection.coder import Coder
from detection.details import Details
from detection.explain import near_miss
from detection.gist import Gist
from detection.sketch import Outline, outline
from detection.watches import Watches
from detente.models import RAISING, Article, Coded


@dataclass(frozen=True, slots=True)
class Account:
    """An article's acts with the particulars of each, in the same order, what its lead says, and its outline.

    `readable` is false where its language has no rules; `problem` is why it could not be read at all, or None;
    then there is no outline.
    """

    coded: Coded
    details: tuple[Details, ...] = ()
    gist: Gist = field(default_factory=Gist)
    readable: bool = True
    problem: str | None = None
    outline: Outline | None = None


@dataclass(frozen=True, slots=True)
class Analyst:
    """All that it takes to read articles of one language, and to look for actors and keywords in those of others."""

    coder: Coder
    watches: Watches

    def read(self, article: Article, *, readable: bool = True) -> Account:
        """Return an article's account; where no act is told as fact or plan, it notes which rule came nearest.

        Args:
            article: the article.
            readable: whether the coder's rules are for its language.
        """
        text, coder = article.full_text, self.coder
        acts = coder.code(text, article.published_at, article.url) if readable else ()
        silent = readable and not any(act.status in RAISING for act in acts)
        note = near_miss(coder, text, article.published_at.date()) if silent else None
        coded = Coded(article.url, (*acts, *self.watches.find(text)), (note,) if note else ())
        return account(article, coded, coder.actors, readable=readable)


def account(article: Article, coded: Coded, actors: Actors, *, readable: bool) -> Account:
    """Return the account of an article whose acts are known."""
    found = details.read(article, coded.mentions, actors)
    about = gist.of(article, coded.mentions, found, actors)
    return Account(coded, found, about, readable, outline=outline(article.title, article.text))


def unread(article: Article, problem: str) -> Account:
    """Return the account of an article that could not be read."""
    return Account(Coded(article.url), problem=problem)
