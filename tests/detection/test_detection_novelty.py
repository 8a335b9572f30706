"""Same event or a new one: pure decisions, with their reasons."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from detection.confidence import confidence
from detection.details import restore
from detection.novelty import PASSING_DAYS, Outcome, Reading, decide
from detente.models import (
    ActorMention,
    Article,
    Event,
    Mention,
    Placed,
    Roles,
    Severity,
    Status,
    Verdict,
)
from detente.settings import Detection

NOW = datetime(2025, 5, 4, 18, tzinfo=UTC)
SETTINGS = Detection()
LONG_AGO = NOW - timedelta(days=7)


def actors(*ids: str) -> tuple[ActorMention, ...]:
    return tuple(ActorMention(name, name, 0, 1) for name in ids)


REQUEST = Mention(
    cls="mediation.requested",
    cameo="028",
    plover="REQUEST",
    goldstein=4.0,
    severity=Severity.HIGH,
    status=Status.REPORTED,
    roles=Roles(source=actors("PAK"), mediator=actors("RUS"), party=actors("IND")),
    rule="mediation.requested.ask",
    start=0,
    end=5,
    sentence_start=0,
    sentence_end=20,
    why="'asks' … 'mediate': told as a fact",
)


def reading(name: str, *mentions: Mention, family: str = "", story: str = "s1", at: datetime = NOW) -> Reading:
    family = family or name
    article = Article(
        url=f"https://{name}.example/a",
        source=name,
        publisher=name,
        family=family,
        title="Pakistan asks Russia to mediate",
        text="It asked on Sunday. " * 30,
        language="en",
        published_at=at,
        fetched_at=at,
    )
    return Reading(article, mentions, Placed(article.url, story, new=False, copy_of=None, why=""), family)


def run(*readings: Reading, known: tuple[Event, ...] = ()) -> Outcome:
    return decide(readings, known, SETTINGS, NOW, LONG_AGO)


def verdicts(outcome: Outcome) -> list[Verdict]:
    return [decision.verdict for decision in outcome.decisions]


def test_three_families_tell_one_event() -> None:
    outcome = run(*(reading(name, REQUEST) for name in ("alpha", "beta", "gamma")))
    (event,) = outcome.events
    assert event.families == ("alpha", "beta", "gamma")
    assert outcome.new == {event.id}
    assert (event.sources, event.mediators, event.parties) == (("PAK",), ("RUS",), ("IND",))
    assert [d.what for d in outcome.developments] == ["beta", "gamma"]
    assert verdicts(outcome) == [Verdict.NEW_EVENT, Verdict.SAME_EVENT, Verdict.SAME_EVENT]


def test_the_order_of_arrival_changes_nothing() -> None:
    readings = [reading(name, REQUEST, at=NOW - timedelta(hours=hours)) for hours, name in enumerate(("a", "b", "c"))]
    outcomes = {run(*order).events for order in itertools.permutations(readings)}
    assert len(outcomes) == 1


def test_the_next_tick_is_silent() -> None:
    first = run(reading("alpha", REQUEST))
    second = run(reading("beta", REQUEST), known=first.events)
    assert not second.new
    assert second.events[0].families == ("alpha", "beta")
    assert second.events[0].id == first.events[0].id


def test_reading_the_same_article_again_changes_nothing() -> None:
    first = run(reading("alpha", REQUEST))
    again = run(reading("alpha", REQUEST), known=first.events)
    assert (again.events, again.evidence, again.new) == ((), (), frozenset())


def test_another_direction_is_another_event() -> None:
    back = replace(REQUEST, roles=Roles(source=actors("IND"), mediator=actors("RUS"), party=actors("PAK")))
    outcome = run(reading("alpha", REQUEST), reading("beta", back))
    assert len(outcome.new) == 2
    assert "another source" in outcome.decisions[1].why


def test_another_mediator_is_another_event() -> None:
    other = replace(REQUEST, roles=replace(REQUEST.roles, mediator=actors("CHN")))
    assert len(run(reading("alpha", REQUEST), reading("beta", other)).new) == 2


def test_in_talks_it_does_not_matter_who_is_named_first() -> None:
    one = replace(REQUEST, cls="talks.held", roles=Roles(source=actors("RUS"), target=actors("IND")))
    other = replace(one, roles=Roles(source=actors("IND"), target=actors("RUS")))
    assert len(run(reading("alpha", one), reading("beta", other)).new) == 1


def test_unknown_roles_join_what_shares_an_actor_and_gain_from_it() -> None:
    vague = replace(REQUEST, roles=Roles(mediator=actors("RUS")))
    outcome = run(reading("alpha", vague), reading("beta", REQUEST))
    (event,) = outcome.events
    assert (event.sources, event.parties) == (("PAK",), ("IND",))
    assert {(d.kind, d.what) for d in outcome.developments} == {("family", "beta"), ("actor", "PAK"), ("actor", "IND")}


def test_nothing_in_common_is_never_one_event() -> None:
    one = replace(REQUEST, roles=Roles(source=actors("PAK")))
    other = replace(REQUEST, roles=Roles(mediator=actors("QAT")))
    assert len(run(reading("alpha", one, story="s1"), reading("beta", other, story="s2")).new) == 2
    assert len(run(reading("alpha", one, story="s1"), reading("beta", other, story="s1")).new) == 1


def test_the_window_ends() -> None:
    first = run(reading("alpha", REQUEST))
    old = tuple(replace(event, day=NOW.date() - timedelta(days=SETTINGS.window_days + 1)) for event in first.events)
    assert len(run(reading("beta", REQUEST), known=old).new) == 1
    passing = replace(REQUEST, start=400, end=405, sentence_start=400)
    outcome = run(reading("beta", passing), known=old)
    assert not outcome.new, "far down and undated, it recalls what was told before"
    dated = replace(passing, day=date(2025, 5, 4))
    assert len(run(reading("beta", dated), known=old).new) == 1
    very_old = tuple(replace(event, day=NOW.date() - timedelta(days=PASSING_DAYS + 1)) for event in first.events)
    assert len(run(reading("beta", passing), known=very_old).new) == 1


def test_what_did_not_happen_raises_nothing_and_says_why() -> None:
    for status in (Status.DENIED, Status.HISTORICAL, Status.HYPOTHETICAL, Status.BACKGROUND):
        outcome = run(reading("alpha", replace(REQUEST, status=status)))
        assert (outcome.events, verdicts(outcome)) == ((), [Verdict.NOT_RAISING])
        assert status.value in outcome.decisions[0].why


def test_nobody_known_raises_nothing() -> None:
    unknown = Roles(source=(ActorMention("the couple", None, 0, 3),))
    outcome = run(reading("alpha", replace(REQUEST, roles=unknown)))
    assert (outcome.events, verdicts(outcome)) == ((), [Verdict.NO_ACTOR])


def test_old_news_and_other_languages_are_named_as_such() -> None:
    assert verdicts(run(reading("alpha", REQUEST, at=LONG_AGO - timedelta(minutes=1)))) == [Verdict.TOO_OLD]
    assert verdicts(run(replace(reading("alpha"), readable=False))) == [Verdict.LANGUAGE]
    assert verdicts(run(reading("alpha"))) == [Verdict.NO_RULE]


def test_planned_becomes_reported() -> None:
    outcome = run(reading("alpha", replace(REQUEST, status=Status.PLANNED)), reading("beta", REQUEST))
    assert outcome.events[0].status is Status.REPORTED
    assert ("status", "planned → reported") in {(d.kind, d.what) for d in outcome.developments}


def test_ids_depend_on_nothing_but_the_news() -> None:
    assert run(reading("alpha", REQUEST)).new == decide((reading("alpha", REQUEST),), (), SETTINGS, NOW, LONG_AGO).new
    later = decide((reading("alpha", REQUEST),), (), SETTINGS, NOW + timedelta(hours=3), LONG_AGO)
    assert later.new == run(reading("alpha", REQUEST)).new


def test_a_region_does_not_contradict_the_states_that_it_concerns() -> None:
    strike = replace(REQUEST, cls="escalation.fighting", roles=Roles(source=actors("PAK"), target=actors("IND")))
    there = replace(strike, roles=Roles(source=actors("PAK"), target=actors("KASHMIR")))
    readings = (reading("alpha", strike), reading("beta", there))
    assert len(run(*readings).new) == 2
    concerned = decide(readings, (), SETTINGS, NOW, LONG_AGO, {"KASHMIR": ("IND", "PAK")})
    assert len(concerned.new) == 1


def test_what_is_done_again_two_days_later_is_news_again() -> None:
    strike = replace(REQUEST, cls="escalation.fighting", roles=Roles(source=actors("PAK"), target=actors("IND")))
    days = [NOW - timedelta(days=2), NOW - timedelta(days=1), NOW]
    readings = [reading(name, strike, at=at) for name, at in zip("abc", days, strict=True)]
    outcome = run(*readings)
    assert [(event.day, len(event.evidence)) for event in outcome.events] == [
        (days[0].date(), 2),
        (days[2].date(), 1),
    ]
    asked = run(*(reading(name, REQUEST, at=at) for name, at in zip("abc", days, strict=True)))
    assert len(asked.events) == 1


STRIKE = replace(
    REQUEST, cls="escalation.fighting", roles=Roles(source=actors("RUS"), target=actors("UKR")), day=NOW.date()
)


def test_a_denial_changes_the_status_and_counts_as_no_report() -> None:
    told = run(reading("alpha", STRIKE))
    denial = replace(STRIKE, status=Status.DENIED, why="'denied' stands before it")
    outcome = run(reading("beta", denial), known=told.events)
    (event,) = outcome.events
    assert (event.status, event.families, outcome.new) == (Status.DENIED, ("alpha",), frozenset())
    assert [(item.kind, item.what) for item in outcome.developments] == [("status", "reported → denied")]
    assert verdicts(outcome) == [Verdict.DENIED_EVENT]
    again = run(reading("gamma", denial), known=outcome.events)
    assert again.developments == (), "the second denial changes nothing"


def test_who_reports_and_denies_in_one_article_denies_nothing() -> None:
    outcome = run(reading("alpha", replace(STRIKE, status=Status.DENIED), STRIKE))
    assert outcome.events[0].status is Status.REPORTED
    assert "also reports it" in outcome.decisions[1].why


def test_an_article_that_was_changed_no_longer_proves_what_it_dropped() -> None:
    told = run(reading("alpha", STRIKE), reading("beta", STRIKE))
    first = run(reading("alpha"), known=told.events)
    assert first.withdrawn == ((told.events[0].id, "https://alpha.example/a"),)
    assert (first.events[0].status, first.events[0].families) == (Status.REPORTED, ("beta",))
    assert [item.kind for item in first.developments] == ["withdrawn"]
    second = run(reading("beta"), known=first.events)
    assert second.events[0].status is Status.WITHDRAWN
    assert ("status", "reported → withdrawn") in {(item.kind, item.what) for item in second.developments}
    back = run(reading("gamma", STRIKE), known=second.events)
    assert back.events[0].status is Status.REPORTED
    assert not back.new


def detailed(name: str, mention: Mention, at: datetime = NOW, **details: object) -> Reading:
    return replace(reading(name, mention, at=at), details=(restore(details),))


def test_what_counts_another_one_is_another_event() -> None:
    first = detailed("alpha", STRIKE, ordinals={"package": 12})
    for other in ({"ordinals": {"package": 13}}, {"places": ["odesa"]}):
        known = run(replace(first, details=(restore({"ordinals": {"package": 12}, "places": ["kharkiv"]}),)))
        assert len(run(detailed("beta", STRIKE, **other), known=known.events).new) == 1
    known = run(first)
    assert not run(detailed("beta", STRIKE, ordinals={"package": 12}), known=known.events).new
    assert not run(detailed("gamma", STRIKE, places=["odesa"]), known=known.events).new


def test_a_later_day_is_a_new_event_only_with_details_of_its_own() -> None:
    seized = replace(STRIKE, cls="escalation.coercion", day=None)
    monday = run(detailed("alpha", seized, counts={"ship": 12}))
    later = NOW + timedelta(days=1)
    for details, new in (({"counts": {"ship": 15}}, 1), ({"again": "further"}, 1), ({"counts": {"ship": 12}}, 0)):
        tuesday = decide((detailed("beta", seized, later, **details),), monday.events, SETTINGS, later, LONG_AGO)
        assert len(tuesday.new) == new, details
    same_day = run(detailed("beta", seized, counts={"ship": 15}), known=monday.events)
    assert not same_day.new, "on one day, two numbers are two views of one thing"


def test_the_dead_are_counted_and_make_no_new_event() -> None:
    told = run(detailed("alpha", STRIKE, killed=3))
    outcome = run(detailed("beta", STRIKE, killed=7), known=told.events)
    assert not outcome.new
    assert ("toll", "3 → 7 dead") in {(item.kind, item.what) for item in outcome.developments}


def test_the_day_that_most_families_name_is_the_events_day() -> None:
    undated = replace(STRIKE, day=None)
    dated = replace(STRIKE, day=NOW.date() - timedelta(days=1))
    told = run(reading("alpha", undated))
    outcome = run(reading("beta", dated), known=told.events)
    assert outcome.events[0].day == dated.day
    assert ("day", "2025-05-04 → 2025-05-03") in {(item.kind, item.what) for item in outcome.developments}


def test_an_attack_told_as_fighting_and_as_assault_is_one_event_in_one_story() -> None:
    assault = replace(STRIKE, cls="escalation.assault")
    assert len(run(reading("alpha", STRIKE, assault)).new) == 1
    assert len(run(reading("alpha", STRIKE, story="s1"), reading("beta", assault, story="s1")).new) == 1
    vague = replace(assault, roles=replace(STRIKE.roles, target=()))
    assert len(run(reading("alpha", STRIKE, story="s1"), reading("beta", vague, story="s2")).new) == 2


def test_talks_broken_off_are_an_event_and_a_development_of_the_talks() -> None:
    held = replace(STRIKE, cls="talks.held")
    halted = replace(STRIKE, cls="talks.halted")
    told = run(reading("alpha", held))
    outcome = run(reading("beta", halted), known=told.events)
    (ending,) = outcome.new
    assert [(item.event, item.kind, item.what) for item in outcome.developments] == [
        (told.events[0].id, "halted", ending)
    ]


def test_talks_and_the_mediation_that_brought_them_about_are_one_event() -> None:
    held = replace(STRIKE, cls="talks.held")
    hosted = replace(STRIKE, cls="mediation.conducted", roles=Roles(source=actors("QAT"), party=actors("RUS", "UKR")))
    for order in ((held, hosted), (hosted, held)):
        outcome = run(reading("alpha", order[0], story="s1"), reading("beta", order[1], story="s2"))
        assert len(outcome.new) == 1
    with_host = replace(held, roles=Roles(source=actors("QAT"), target=actors("RUS", "UKR")))
    assert len(run(reading("alpha", hosted), reading("beta", with_host)).new) == 1
    one_side = replace(held, roles=Roles(source=actors("QAT"), target=actors("RUS")))
    assert len(run(reading("alpha", hosted), reading("beta", one_side)).new) == 2


DENIAL = replace(STRIKE, status=Status.DENIED, why="'denied' stands before it")


def after(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def test_reports_of_enough_families_after_a_denial_undo_it() -> None:
    readings = [reading("alpha", STRIKE), reading("beta", DENIAL, at=after(1))]
    readings += [reading(name, STRIKE, at=after(2)) for name in ("gamma", "delta", "alpha2")]
    denied = run(*readings[:4])
    assert denied.events[0].status is Status.DENIED
    again = run(readings[4], known=denied.events)
    assert again.events[0].status is Status.REPORTED
    assert [(item.kind, item.what, item.url) for item in again.developments] == [
        ("family", "alpha2", readings[4].article.url),
        ("status", "denied → reported", readings[4].article.url),
    ]
    assert {item.status for item in again.events[0].evidence} == {Status.REPORTED, Status.DENIED}
    assert "denied before, and reported since (-0.15)" in confidence(again.events[0]).grounds
    more = run(reading("eps", DENIAL, at=after(3)), known=again.events)
    assert more.events[0].status is Status.DENIED


def test_who_reported_before_a_denial_or_denies_does_not_undo_it() -> None:
    before = [reading(name, STRIKE) for name in ("alpha", "gamma", "delta", "zeta")]
    after_it = [reading("beta2", STRIKE, family="beta", at=after(2)), reading("eta", STRIKE, at=after(2))]
    after_it += [reading("eta2", STRIKE, family="eta", at=after(3))]
    found = run(*before, reading("beta", DENIAL, at=after(1)), *after_it)
    assert found.events[0].status is Status.DENIED


def test_whether_a_denial_stands_does_not_depend_on_what_came_home_first() -> None:
    readings = [reading("alpha", STRIKE), reading("beta", DENIAL, at=after(1))]
    readings += [reading(name, STRIKE, at=after(2)) for name in ("gamma", "delta", "zeta")]
    late = run(readings[1], known=run(readings[0], *readings[2:]).events)
    assert late.events[0].status is run(*readings).events[0].status is Status.REPORTED


def test_an_article_that_was_changed_to_a_denial_denies() -> None:
    told = run(reading("alpha", STRIKE), reading("gamma", STRIKE))
    edited = run(reading("alpha", DENIAL), known=told.events)
    (event,) = edited.events
    assert (event.status, event.families) == (Status.DENIED, ("gamma",))
    assert edited.withdrawn == ((event.id, "https://alpha.example/a"),)
    assert [item.status for item in edited.evidence] == [Status.DENIED]
    back = run(reading("alpha", STRIKE), known=edited.events)
    assert (back.events[0].status, back.events[0].families) == (Status.REPORTED, ("alpha", "gamma"))


def test_what_an_event_is_does_not_depend_on_which_report_came_home_first() -> None:
    vague = replace(STRIKE, cls="escalation.assault", severity=Severity.LOW, roles=Roles(source=actors("RUS")))
    first, second = reading("alpha", STRIKE), reading("beta", vague, at=after(2))
    whole = run(first, second)
    early = run(second)
    late = run(first, known=early.events)
    (event,), (other,) = whole.events, late.events
    assert (event.cls, event.severity, event.sources, event.targets, event.headline) == (
        other.cls,
        other.severity,
        other.sources,
        other.targets,
        other.headline,
    )
    assert (early.events[0].cls, other.cls) == ("escalation.assault", STRIKE.cls)


def test_an_event_recalled_long_after_gains_nothing() -> None:
    told = run(reading("alpha", replace(STRIKE, day=None)))
    passing = replace(STRIKE, day=None, start=900, sentence_start=900)
    later = after(24 * 9)
    article = replace(reading("beta", passing, at=later).article, text="One thing. Another one. A third. " * 40)
    recalled = replace(reading("beta", passing, at=later), article=article)
    outcome = decide((recalled,), told.events, SETTINGS, later, LONG_AGO)
    assert (outcome.new, outcome.events, outcome.evidence) == (frozenset(), (), ())
    (decision,) = outcome.decisions
    assert decision.verdict is Verdict.SAME_EVENT
    assert decision.why.endswith("recalled in passing, which proves nothing more")


def test_one_attack_of_one_day_told_in_two_words_is_one_event_in_two_stories() -> None:
    assault = replace(STRIKE, cls="escalation.assault")
    assert len(run(reading("alpha", STRIKE), reading("beta", assault, story="s2")).events) == 1
    other_day = replace(assault, day=STRIKE.day - timedelta(days=1) if STRIKE.day else (NOW - timedelta(days=1)).date())
    assert len(run(reading("alpha", STRIKE), reading("beta", other_day, story="s2")).events) == 2
