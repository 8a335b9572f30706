"""Whether an act is only told to explain something else: the background of another event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from detection.dates import named_day
from detection.known import known_of
from detection.lexicon import Form
from detection.matching import Candidate
from detection.participles import behind, own_verb, subject_of
from detection.phrases import Phrases
from detection.rulefile import OTHER
from detection.scene import Scene, clause_start, fronted_stop, own_words
from detection.scope import aside_is_over, ends_at, group, has_own_verb, is_joined, is_pluperfect, is_told, said
from detection.serving import VIOLENT, serves
from detection.sums import just_ended, summed
from detection.text import Word

STALE = timedelta(days=4)
"""A sentence that dates its act further back than this tells background: the news was told then."""

_RELATIVE = frozenset({"who", "which", "whose", "that"})

_AND = frozenset({"and", "or", "but"})

_FINITE = frozenset({"is", "are", "was", "were", "will", "would", "shall"})

_THREAT, _RELATIONS = "escalation.threat", "escalation.relations_reduced"

_NEAR = 6

_LISTED = 60
"""Words over which a list of charges goes on: `accused of killing …, of making bombs and of …`."""

_INSTEAD = Phrases(["instead of", "rather than"])

_DASHES = frozenset({"-", "--", "–", "—"})

_PEACEABLE = frozenset({"mediation", "talks"})

_VISITS = "other.consult"
"""The rule of visits and arrivals: what they are made for comes with them."""


def background(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> str | None:
    """Return why an act is background, or None.

    Args:
        scene: the sentence.
        item: the rule that fired.
        others: the other rules that fired in the sentence, with those of the family `other`.
    """
    return (
        _ruled(scene, item, others)
        or _relative(scene, item, others)
        or _grounds(scene, item)
        or known_of(scene, item)
        or _goes_with(scene, item, others)
        or _described(scene, item)
        or serves(scene, item, others)
        or _spoken_of(scene, item)
        or _behind_opener(scene, item, others)
        or _attendant(scene, item)
        or _dates_from(scene, item)
        or summed(scene, item)
    )


def stale(scene: Scene, item: Candidate, today: date | None) -> str | None:
    """Return why an act is old news, or None: the sentence dates it more than `STALE` before the article."""
    day = named_day(own_words(scene, item), scene.lexicon, today) if today else None
    if day and today and today - day > STALE:
        return f"it is dated {day.isoformat()}, {(today - day).days} days before the article"
    return None


def _as_known(scene: Scene, item: Candidate, opener: tuple[int, int], others: Sequence[Candidate]) -> str | None:
    """How what stands behind an opener is known already, as the end of a reason; None where it may be the news."""
    words, known = scene.words, scene.lexicon.status
    long_since = ends_at(known.long_after, words, opener[1]) is not None or is_pluperfect(scene, item)
    long_since = long_since or _is_over(scene, opener)
    if long_since or known.strong_background.at(words, opener[0]) or known.long_after.at(words, opener[0]):
        return ""
    harmed = any(word.low in known.harmed for word in words[: opener[0]])
    inside = words[opener[1] : item.first + 1]
    if not item.is_verb and not harmed and any(word.low in known.anaphoric for word in inside):
        return ", as something known"
    if just_ended(scene, item):
        return None
    if any((other is not item and other.first < opener[0]) or other.first > item.last + 3 for other in others):
        return ", which opens the background of another act"
    return None


def _is_over(scene: Scene, opener: tuple[int, int]) -> bool:
    """Whether somebody is well again: `found alive after being held for eight years`."""
    words, stop = scene.words, opener[1]
    behind = words[stop].low if stop < len(words) else ""
    return behind in {"being", "having"} and words[opener[0] - 1].low in scene.lexicon.status.spared


def _relative(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> str | None:
    """Why an act in a relative clause is known already: another act stands before it, or `the attack that killed`."""
    words, known = scene.words, scene.lexicon.status
    start = clause_start(scene, item.first)
    if dashed := words[start].low in _RELATIVE and words[start].before.strip() in _DASHES and start < item.first:
        start += 1  # `The group - which planted a bomb in May - declared a truce`
    opener = words[start - 1].low if start else ""
    over = start > 0 and (aside_is_over(scene, start - 1, item.first) or _resumes(scene, start, item))
    over = over or (opener in {"who", "which", "that"} and _is_second(scene, start, item))
    past = opener in {"when", "where"} and (_explains(scene, start - 1) or is_pluperfect(scene, item))
    if past and not over:
        return f"{opener!r} explains with it what another clause is about"
    if not item.is_verb or start < 2 or opener not in _RELATIVE or _is_cleft(scene, start - 1):
        return None
    if over or start < fronted_stop(scene, item.first) or (opener == "that" and _tells(scene, start - 1)):
        return None
    if _identifies(scene, start - 1):
        return f"{opener!r} says with it who somebody is"
    led = any(known.strong_background.at(words, k, start) for k in range(max(0, start - 11), start - 1))
    led = led or (opener in {"which", "whom"} and _has_own_subject(scene, start, item))
    defining = opener == "that" and _is_defining(scene, start, item)
    closed = opener != "that" and (behind(scene, item.last + 1) or _is_closed(scene, start - 1, item))
    closed = closed or (dashed and any(word.before.strip() in _DASHES for word in words[item.last + 1 :]))
    if led or defining or closed:
        return f"{opener!r} explains something with it"
    if any(other.first < start - 1 and other.is_verb for other in others):
        return None if _adds(scene, start, item) else f"{opener!r} explains with it what another act is about"
    if any(word.low in known.anaphoric for word in words[max(0, start - 5) : start - 1]):
        return f"{said(words, max(0, start - 3), start)} explains something known with it"
    return None


def _tells(scene: Scene, that: int) -> bool:
    """Whether a `that` opens what is said, wished or planned: `said that …, and that …`."""
    words, known = scene.words, scene.lexicon.status
    opens = (_AND, known.wish_verbs, known.wish_nouns, known.plan_verbs, known.denials)
    return is_told(words, that, scene.lexicon) or any(words[that - 1].low in listed for listed in opens)


def _identifies(scene: Scene, opener: int) -> bool:
    """Whether a clause says who somebody is: `is one of five states that …`, `villagers whose homes were burned …`."""
    words, known = scene.words, scene.lexicon.status
    if "," in words[opener].before:
        return False
    if words[opener].low == "whose":
        return True
    for k in range(opener - 1, max(0, opener - 9), -1):
        if words[k].low in scene.lexicon.be_forms:
            return words[k + 1].low in known.counted_among or words[min(k + 2, opener)].low in known.counted_among
        if "," in words[k].before:
            return False
    return False


def _is_closed(scene: Scene, opener: int, item: Candidate) -> bool:
    """Whether a verb that is nothing else follows the aside: `the monk, who was jailed for prayers, dies`."""
    words, lexicon = scene.words, scene.lexicon
    if "," not in words[opener].before:
        return False
    after = (word.low for word in words[item.last + 1 :] if "," in word.before)
    return any(low in lexicon.no_nouns or low in lexicon.reporting for low in after)


def _is_defining(scene: Scene, start: int, item: Candidate) -> bool:
    """Whether `that` is who was acted on: `relations that were cut in May`; not `it said that three were killed`."""
    return item.passive and start == item.first - len(group(scene, item.first)) and start < item.first


def _resumes(scene: Scene, start: int, item: Candidate) -> bool:
    """Whether a comma ends the relative clause: `Iran, angered by a law that names it, | attacked`."""
    words, first = scene.words, item.first - len(group(scene, item.first))
    listed = item.last + 1 < len(words) and words[item.last + 1].low in _AND  # `who beat, kicked and robbed`
    parted = "," in words[first].before or has_own_verb(scene, start, item.first)
    return item.is_verb and first > start and parted and not listed


def _is_second(scene: Scene, start: int, item: Candidate) -> bool:
    """Whether the relative clause has its verb already: `aid workers who were kidnapped by rebels | were freed`."""
    words, lexicon, own = scene.words, scene.lexicon, group(scene, item.first)
    first = item.first - len(own)
    if not item.is_verb or not own or own[-1].low not in lexicon.be_forms | lexicon.have_forms or first < start + 2:
        return False
    led = words[first - 1].low
    if led in _AND or led in lexicon.pronouns or any(word.low in lexicon.reporting for word in words[start:first]):
        return False
    return any(
        word.low in lexicon.be_forms or word.low in lexicon.have_forms or word.low in lexicon.pasts
        for word in words[start : start + 2]
    )


def _is_cleft(scene: Scene, opener: int) -> bool:
    """Whether `that` opens the news itself: `it was the third time that rebels attacked`."""
    return scene.words[0].low == "it" and opener > 1 and scene.words[1].low in scene.lexicon.be_forms


def _explains(scene: Scene, opener: int) -> bool:
    """Whether what stands before `when` speaks of somebody's past: `who lost his house when`, `victims of … when`."""
    before = scene.words[:opener]
    relative = any(word.low in {"who", "whose"} for word in before)
    past = scene.words[opener - 1].low == "ago" and "," in scene.words[opener].before  # `until two weeks ago, when …`
    known = scene.lexicon.status.strong_background.find(before)
    return relative or past or (known is not None and not _is_a_date(scene, known[1]))


def _adds(scene: Scene, start: int, item: Candidate) -> bool:
    """Whether a relative clause goes on telling: `, which ruled out …`, `, under which it is to free …`."""
    words = scene.words
    opener = start - 1
    if words[opener - 1].low in scene.lexicon.prepositions:
        opener -= 1
    loose = "," in words[opener].before and words[start - 1].low != "that"
    return loose and not is_pluperfect(scene, item)


def _has_own_subject(scene: Scene, start: int, item: Candidate) -> bool:
    """Whether a relative clause tells what somebody else did to it: `Omdurman, which the army retook`."""
    led = scene.words[start - 2].low in scene.lexicon.prepositions
    return not led and start + len(group(scene, item.first)) < item.first


def _grounds(scene: Scene, item: Candidate) -> str | None:
    """Why an act is what somebody is thanked, fined or insulted for: `bans the paper for allegedly inciting`."""
    if not item.is_verb or Form.ING not in item.forms:
        return None
    at = item.first - 1
    while at > 0 and (scene.words[at].low.endswith("ly") or scene.words[at].low in {"not", "having", "being"}):
        at -= 1
    return "'for' says why something else was done" if at > 0 and scene.words[at].low == "for" else None


def _dates_from(scene: Scene, item: Candidate) -> str | None:
    """Why an act only says since when something else lasts: `prices have risen since the junta took power`."""
    start = clause_start(scene, item.first)
    if not item.is_verb or start < 2 or scene.words[start - 1].low != "since":
        return None
    if scene.words[start - 2].low in scene.lexicon.have_forms:
        return None  # `police have since jailed nine`
    lasting = any(word.low in scene.lexicon.have_forms for word in scene.words[: start - 1])
    return "'since' says how long something else has lasted" if lasting else None


def _attendant(scene: Scene, item: Candidate) -> str | None:
    """Why a participle in a fronted `with` phrase tells no news: `With the border closed by Chad, traders …`."""
    stop = fronted_stop(scene, len(scene.words) - 1)
    led = item.is_verb and item.last < stop and scene.words[0].low == "with" and Form.BASE not in item.forms
    return "'with' makes it a circumstance of something else" if led else None


def _ruled(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> str | None:
    """Why an act is the object of a verb of another kind."""
    ruled = _governor(scene, item, others)
    return f"it is what {said(scene.words, ruled.first, ruled.last + 1)} speaks of" if ruled else None


def _governor(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> Candidate | None:
    """The verb of another kind (accuse, condemn, call for an end to) that has this act as its object, if any."""
    if _is_free(scene, item):
        return None
    far = 20 if item.rule.family == VIOLENT else 14  # words over which a verb still speaks of an act
    listed = item.first > 1 and Form.ING in item.forms and scene.words[item.first - 1].low == "of"
    for other in others:
        reach = _LISTED if listed and other.rule.id == "other.accuse" else far
        if not other.last < item.first <= other.last + reach or not _speaks(scene, other, item):
            continue
        if clause_start(scene, item.first) > other.last and item.is_verb and not _is_charged(scene, item, other):
            continue
        between = scene.words[other.last + 1 : item.first]
        if other.rule.id == _VISITS and item.rule.family in _PEACEABLE and between and between[-1].low == "to":
            continue  # `arrived in Mali on Sunday to meet the junta`
        if other.is_verb and between and between[0].low == "by" and not group(scene, other.first):
            continue  # `troops backed by helicopters began to …`
        if any(";" in word.before for word in between) or _tells_anew(between, scene):
            continue
        tells = scene.words[other.first].low in scene.lexicon.telling
        if tells and any(word.low == "that" or word.low in scene.lexicon.pronouns for word in between):
            continue  # `told Paris that it rejected …` tells of it
        if not item.is_verb or Form.ING in item.forms or _hangs_on(between) or _is_charged(scene, item, other):
            return other
    return None


def _is_charged(scene: Scene, item: Candidate, other: Candidate) -> bool:
    """Whether a `while` belongs to what somebody is accused of: `accuses the UN of idling while people are killed`."""
    start, between = clause_start(scene, item.first), scene.words[other.last + 1 : item.first]
    accused = other.is_verb and other.rule.id == "other.accuse" and any(word.low == "of" for word in between)
    opens = any(word.low in {"while", "when"} for word in scene.words[start - 1 : start + 1])
    return accused and opens and not any("," in word.before for word in between)


def _tells_anew(between: Sequence[Word], scene: Scene) -> bool:
    """Whether another verb of saying has begun: `recognises Castillo and says that ties are cut`."""
    lows = [word.low for word in between]
    return any(
        that == "that" and says in scene.lexicon.reporting and joins in {"and", "but"}
        for joins, says, that in zip(lows, lows[1:], lows[2:], strict=False)
    )


def _speaks(scene: Scene, other: Candidate, item: Candidate) -> bool:
    """Whether a rule may tell what is said of an act: one of another kind, or talks that are about it.

    `Met to discuss joint patrols`; not `met in Oslo as fighting …`.
    """
    if other.rule.family == OTHER:
        return True
    between = scene.words[other.last + 1 : item.first]
    if item.is_verb or item.rule.family != VIOLENT or other.rule.family != "talks" or not other.is_verb:
        return False
    lows = {word.low for word in between}
    led = lows.isdisjoint(scene.lexicon.prepositions - {"of", "on", "about"})
    return led and lows.isdisjoint(scene.lexicon.clause_openers) and not any("," in word.before for word in between)


def _is_free(scene: Scene, item: Candidate) -> bool:
    """Whether no verb before an act can have it as its object."""
    first = scene.words[item.first]
    if item.is_verb:  # `has denounced the plan, threatening to bomb a base`
        return item.rule.cls == _THREAT and "," in first.before
    # who praises, joins or seeks talks tells that there are some; `was shot at` is the verb of its own clause
    # `told them to leave or face air strikes` threatens whom it tells
    return item.rule.family in _PEACEABLE or first.low in _FINITE or first.low == "or"


def _hangs_on(between: Sequence[Word]) -> bool:
    """Whether a verb belongs to another: `accused Paris of having armed them`, `a plan to partly close`, `saw how`."""
    led = [word.low for word in between if not word.low.endswith("ly")]
    return bool(led) and (led[-1] in {"to", "having"} or led[0] in {"how", "where", "when"})


def _goes_with(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> str | None:
    """The act of background that a noun belongs to: `the funeral of a general who was killed by | a suicide bomber`."""
    if item.is_verb or scene.words[item.first].low == "or":
        return None
    for other in others:
        between = scene.words[other.last + 1 : item.first]
        if other.rule.family == OTHER or not other.is_verb or not 0 < len(between) < _NEAR:
            continue
        parted = any("," in w.before or w.low in scene.lexicon.clause_openers for w in between)
        if not parted and background(scene, other, others):
            return f"it goes with {said(scene.words, other.first, other.last + 1)}"
    return None


def _described(scene: Scene, item: Candidate) -> str | None:
    """Why a participle only describes what another verb is about."""
    has_own = own_verb(scene, item) or subject_of(scene, item)
    return f"it only says which: its clause has {has_own!r}" if has_own else None


def _behind_opener(scene: Scene, item: Candidate, others: Sequence[Candidate]) -> str | None:
    """Why what stands behind `after` or `in response to` explains something else."""
    if between := _parts_object(scene, item):
        return f"its object stands behind {said(scene.words, *between)}"
    opener = opened_by(scene, item)
    known = _as_known(scene, item, opener, others) if opener else None
    return f"it stands behind {said(scene.words, *opener)}{known}" if opener and known is not None else None


def _parts_object(scene: Scene, item: Candidate) -> tuple[int, int] | None:
    """What says that a verb acts on something else: `condolences poured in for victims of | the attack`."""
    if not item.is_verb or not item.object or item.object[0] <= item.last + 1:
        return None
    start, stop, known = item.last + 1, item.object[0], scene.lexicon.status
    for k in range(start, stop if item.rule.family == VIOLENT else start):
        if scene.words[k].low in known.warding and (k > start or scene.words[k].low.endswith("ing")):
            return k, k + 1  # `committed to restraint to avoid | further hostilities`
    return known.strong_background.find(scene.words, start, stop) or _INSTEAD.find(scene.words, start, stop)


def _spoken_of(scene: Scene, item: Candidate) -> str | None:
    """Why a sentence only speaks of an act: it `is the subject of` a film, it `was the deadliest` of a war."""
    found = scene.lexicon.status.about.find(scene.words, item.last + 1)
    if found is None or (item.is_verb and Form.ING not in item.forms):
        return None
    return None if scene.words[found[0] - 1].low in _RELATIVE else f"something else {said(scene.words, *found)}"


def opened_by(scene: Scene, item: Candidate) -> tuple[int, int] | None:
    """The words before the trigger that open a background phrase around it (`after`, `in response to`), if any."""
    words, lexicon, known = scene.words, scene.lexicon, scene.lexicon.status
    start = clause_start(scene, item.first)
    near = 12 if item.is_verb else 8
    for k in range(item.first - 1, max(-1, item.first - 12), -1):
        if "," in words[k + 1].before:
            return None
        if k and words[k].low == "since" and words[k - 1].low in lexicon.have_forms:
            continue  # `police have since rounded up dozens`
        length = lexicon.background.at(words, k, item.first) if item.first - k < near else 0
        length = length or known.strong_background.at(words, k, item.first) or known.long_after.at(words, k, item.first)
        if not length or _is_a_date(scene, k + length) or start > k + length:
            continue
        return None if is_joined(scene, k + length, item) else (k, k + length)
    return None


def _is_a_date(scene: Scene, at: int) -> bool:
    """Whether a time follows: `since 2022` and `after Monday` open no background."""
    word, lexicon = scene.words[at], scene.lexicon
    return word.text.isdigit() or (word.text[:1].isupper() and word.low in lexicon.calendar)
