"""The acts that an article tells, ready to be decided about: each with its day and its particulars, in its turn.

Articles are decided about in the order of their publication. A denial that came into an article by a later change of
its text was said when the text was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from detection import growth
from detection.details import Details
from detection.sameness import Act, actors_of
from detection.text import is_in_lead
from detection.watches import WATCH
from detente.models import RAISING, Article, Mention, Placed, Status


@dataclass(frozen=True, slots=True)
class Reading:
    """One article with all that is known of it. `details` are those of its mentions, in their order."""

    article: Article
    mentions: tuple[Mention, ...]
    placed: Placed
    family: str  # the independent family that it counts for
    readable: bool = True  # false: there are no rules for its language
    details: tuple[Details, ...] = ()
    problem: str | None = None  # why it could not be read
    moved: bool = False  # it lies in another story, or counts for another family, than when it was decided about

    @property
    def changed_at(self) -> datetime:
        """When its words were published as they stand."""
        return self.article.edited_at or self.article.published_at


@dataclass(frozen=True, slots=True)
class Turn:
    """When an article's reports, or its denials, are decided about."""

    at: datetime
    reading: Reading
    denials: bool

    @property
    def order(self) -> tuple[datetime, str, bool]:
        """What turns are sorted by; an article's reports go before its denials: who reports an act denies nothing."""
        return self.at, self.reading.article.url, self.denials


def turns(readings: Iterable[Reading]) -> Iterator[Turn]:
    """Yield the two turns of each article."""
    for reading in readings:
        yield Turn(reading.article.published_at, reading, denials=False)
        yield Turn(reading.changed_at, reading, denials=True)


def acts_of(reading: Reading, *, denials: bool) -> Iterator[Act]:
    """Yield what an article says was done, or its denials."""
    for number, mention in enumerate(reading.mentions):
        if (mention.status is Status.DENIED) is denials:
            told = reading.details[number] if reading.details and mention.family != WATCH else Details()
            yield Act(
                mention=mention,
                day=_day(mention, reading.article),
                details=told,  # of a watch none: words tell no act from another, the story alone does
                story=reading.placed.story,
                is_fresh=_is_fresh(mention, reading.article),
                is_denial=denials,
            )


def may_decide(mention: Mention) -> bool:
    """Whether a mention can raise, join or deny an event."""
    status = mention.status in RAISING or mention.status is Status.DENIED
    return status and (mention.family == WATCH or bool(actors_of(mention)))


def facts(act: Act) -> dict[str, object]:
    """Return an act as a decision's facts."""
    mention = act.mention
    roles = {name: list(growth.ids(getattr(mention.roles, name))) for _, name in growth.ROLES}
    details = {name: value for name, value in act.details.facts().items() if name != "near"}
    said = {"rule": mention.rule, "status": mention.status.value, "said": mention.why, "day": act.day.isoformat()}
    return {**said, **roles, "details": details}


def _is_fresh(mention: Mention, article: Article) -> bool:
    """Whether a mention tells news: its sentence is dated, or stands at the top of its article."""
    if mention.day is not None:
        return True
    return is_in_lead(article.full_text, mention.sentence_start)


def _day(mention: Mention, article: Article) -> date:
    """Return the day of an act. A weekday of what is planned is the next one of that name, not the last."""
    published = article.published_at.date()
    day = mention.day or published
    if mention.status is Status.PLANNED and timedelta() < published - day < timedelta(days=7):
        return day + timedelta(days=7)
    return day
