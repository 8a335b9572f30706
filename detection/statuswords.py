"""The words of a language that decide whether what a sentence tells has happened: what `detection.status` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from detection.phrases import Phrases


class StatusFile(BaseModel):
    """The `status` section of a language file. What each list is for stands in the file, beside its words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    denials: tuple[str, ...]
    dismissals: tuple[str, ...]
    dismissed: tuple[str, ...]
    false: tuple[str, ...]
    calling: tuple[str, ...]
    negative_subjects: tuple[str, ...]
    never: tuple[str, ...]
    no_negation: tuple[str, ...]
    holding_back: tuple[str, ...]
    preventing: tuple[str, ...] = ()
    possible: tuple[str, ...]
    conditions: tuple[str, ...]
    planned: tuple[str, ...]
    plan_verbs: tuple[str, ...]
    plan_nouns: tuple[str, ...]
    wish_verbs: tuple[str, ...]
    wish_nouns: tuple[str, ...]
    go_on: tuple[str, ...]
    agreeing: tuple[str, ...]
    weighing: tuple[str, ...]
    planning: tuple[str, ...]
    leading: tuple[str, ...]
    fulfilled: tuple[str, ...]
    doubtful: tuple[str, ...]
    heads: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    letting: tuple[str, ...] = ()
    counted_from: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    long_lasting: tuple[str, ...] = ()
    multitudes: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    warding: tuple[str, ...] = ()
    known_by: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    counted_among: tuple[str, ...] = ()
    inquirers: tuple[str, ...] = ()
    judging: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    taking: tuple[str, ...] = ()
    fearing: tuple[str, ...] = ()
    unfulfilled: tuple[str, ...] = ()
    testimony: tuple[str, ...] = ()
    resulting: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
    months_of: tuple[str, ...] = ()
    wars: tuple[str, ...] = ()
    strong_background: tuple[str, ...]
    attitudes: tuple[str, ...] = ()
    long_after: tuple[str, ...]
    right_after: tuple[str, ...] = ()
    until_now: tuple[str, ...] = ()
    about: tuple[str, ...]
    proving: tuple[str, ...] = ()
    harmed: tuple[str, ...]
    spared: tuple[str, ...] = ()
    anaphoric: tuple[str, ...]
    past_markers: tuple[str, ...]
    recent_past: tuple[str, ...]
    past_states: tuple[str, ...]
    accords: tuple[str, ...]
    hard: tuple[str, ...]
    domains: dict[str, tuple[str, ...]]


_VERBS = frozenset(
    {
        "calling",
        "denials",
        "dismissals",
        "plan_verbs",
        "wish_verbs",
        "go_on",
        "agreeing",
        "weighing",
        "planning",
        "preventing",
        "judging",
        "effects",
    }
)
_PHRASES = frozenset(
    {
        "never",
        "no_negation",
        "false",
        "holding_back",
        "leading",
        "strong_background",
        "attitudes",
        "long_after",
        "until_now",
        "spans",
        "months_of",
        "about",
        "proving",
        "past_markers",
        "recent_past",
        "fulfilled",
    }
)


@dataclass(frozen=True)
class StatusWords:
    """Those lists ready for use: verbs in all their forms, phrases indexed, all in lower case."""

    denials: frozenset[str]
    dismissals: frozenset[str]
    dismissed: frozenset[str]
    false: Phrases
    calling: frozenset[str]
    negative_subjects: frozenset[str]
    never: Phrases
    no_negation: Phrases
    holding_back: Phrases
    preventing: frozenset[str]
    possible: frozenset[str]
    conditions: frozenset[str]
    planned: frozenset[str]
    plan_verbs: frozenset[str]
    plan_nouns: frozenset[str]
    wish_verbs: frozenset[str]
    wish_nouns: frozenset[str]
    go_on: frozenset[str]
    agreeing: frozenset[str]
    weighing: frozenset[str]
    planning: frozenset[str]
    leading: Phrases
    fulfilled: Phrases
    doubtful: frozenset[str]
    heads: frozenset[str]
    proofs: frozenset[str]
    letting: frozenset[str]
    counted_from: frozenset[str]
    repeated: frozenset[str]
    records: frozenset[str]
    long_lasting: frozenset[str]
    multitudes: frozenset[str]
    usual: frozenset[str]
    warding: frozenset[str]
    known_by: frozenset[str]
    several: frozenset[str]
    counted_among: frozenset[str]
    inquirers: frozenset[str]
    judging: frozenset[str]
    effects: frozenset[str]
    taking: frozenset[str]
    fearing: frozenset[str]
    unfulfilled: frozenset[str]
    testimony: frozenset[str]
    resulting: frozenset[str]
    spans: Phrases
    months_of: Phrases
    wars: frozenset[str]
    strong_background: Phrases
    attitudes: Phrases
    long_after: Phrases
    right_after: frozenset[str]
    until_now: Phrases
    about: Phrases
    proving: Phrases
    harmed: frozenset[str]
    spared: frozenset[str]
    anaphoric: frozenset[str]
    past_markers: Phrases
    recent_past: Phrases
    past_states: frozenset[str]
    accords: frozenset[str]
    hard: frozenset[str]
    domains: dict[str, Phrases]


def status_words(read: StatusFile, all_forms: Callable[[Iterable[str]], frozenset[str]]) -> StatusWords:
    """Make the lists ready; `all_forms` gives every form of verbs."""
    ready: dict[str, frozenset[str] | Phrases | dict[str, Phrases]] = {}
    for name in StatusFile.model_fields:
        listed = getattr(read, name)
        if name == "domains":
            ready[name] = {domain: Phrases(phrases) for domain, phrases in listed.items()}
        elif name in _PHRASES:
            ready[name] = Phrases(listed)
        else:
            ready[name] = all_forms(listed) if name in _VERBS else frozenset(listed)
    return StatusWords(**ready)  # type: ignore[arg-type]  # names and kinds are those of the file
