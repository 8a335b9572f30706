"""When a source is asked again: what its host asks for, and how often it has news."""

import pickle
from dataclasses import replace
from datetime import timedelta

import pytest
from extractors_batches import FEED_TYPE, NOW, done, feed_of, order, outcomes, run
from extractors_web import Site, item, page, rss

from detente.models import FetchOutcome, Link, SourceKind, SourceState
from detente.settings import Schedule
from extractors.pool import ExtractorPool
from extractors.robots import HostRefused
from extractors.waits import after_failure, after_success, fresh_for, pause, retry_after

DATE = "Tue, 06 May 2025 12:00:00 GMT"
HOUR = {"Retry-After": "3600"}


# --- what a host asks for --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("86401", 86400),
        ("9" * 5000, 86400),
        ("Tue, 06 May 2025 12:30:00 GMT", 1800),
        ("Tue, 06 May 2025 11:00:00 GMT", 0),
        ("Fri, 09 May 2025 12:00:00 GMT", 86400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
    ],
)
@pytest.mark.parametrize(("date", "now"), [(DATE, NOW + timedelta(days=400)), ("", NOW)])
def test_a_wait_is_given_in_seconds_or_as_a_date(value: str, seconds: int | None, date: str, now: object) -> None:
    headers = {"retry-after": value, "date": date}
    wanted = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after(headers, now) == wanted  # type: ignore[arg-type]  # one of the two times above


@pytest.mark.parametrize(
    ("status", "headers", "wanted"),
    [
        (429, {"retry-after": "60"}, 60),
        (429, {}, 0),
        (429, {"retry-after": "soon"}, 0),
        (503, {"retry-after": "60"}, 60),
        (503, {}, None),
        (500, {"retry-after": "60"}, None),
        (200, {"retry-after": "60"}, None),
    ],
)
def test_only_some_answers_ask_for_a_pause(status: int, headers: dict[str, str], wanted: int | None) -> None:
    assert pause(status, headers, NOW) == (None if wanted is None else timedelta(seconds=wanted))


@pytest.mark.parametrize("status", [429, 503])
def test_a_list_is_not_asked_sooner_than_its_host_wants(status: int, site: Site, pool: ExtractorPool) -> None:
    found = run(pool, order(site.put("/feed.xml", "", status=status, headers=HOUR)))
    assert outcomes(found) == {"feed.xml": FetchOutcome.HTTP_ERROR}
    assert found.fetches[0].detail == f"HTTP {status}, Retry-After 3600 s: the host is left alone in this tick"
    (state,) = found.states
    assert (state.due_at, state.failures) == (NOW + timedelta(hours=1), 1)


def test_a_short_wait_does_not_hurry_us() -> None:
    state = after_failure(SourceState("a", failures=3), Schedule(), NOW, timedelta(seconds=1))
    assert state.due_at == NOW + timedelta(minutes=40)


@pytest.mark.parametrize(("status", "headers"), [(429, HOUR), (503, HOUR), (429, {})])
def test_a_host_that_wants_a_pause_gets_it_and_its_pages_stay_pending(
    status: int, headers: dict[str, str], site: Site, other_site: Site, pool: ExtractorPool
) -> None:
    site.put("/one", "", status=status, headers=headers)
    other_site.put("/talks", page())
    found = run(pool, feed_of(site, "/one", "/two", "/three", other_site.url("/talks")), per_host=1)
    assert outcomes(found) == {"feed.xml": FetchOutcome.OK, "one": FetchOutcome.HTTP_ERROR, "talks": FetchOutcome.OK}
    refusal = next(fetch for fetch in found.fetches if fetch.outcome is FetchOutcome.HTTP_ERROR)
    assert not refusal.page, "no try at the page is used up"
    assert refusal.detail.startswith(f"HTTP {status}")
    assert done(found) == {"one": False, "two": False, "three": False, "talks": True}
    assert site.asked == ["/feed.xml", "/robots.txt", "/one"]
    (state,) = found.states
    assert state.due_at == NOW + (timedelta(hours=1) if headers else timedelta(minutes=5))
    assert state.failures == 0


def test_another_hosts_pause_does_not_hold_up_the_source(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    url = other_site.put("/one", "", status=429, headers=HOUR)
    (state,) = run(pool, feed_of(site, url)).states
    assert state.due_at == NOW + timedelta(minutes=5)


def test_a_busy_robots_txt_is_a_pause_and_no_permission(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "", status=429, headers=HOUR)
    site.put("/talks", page())
    found = run(pool, feed_of(site, "/talks"))
    assert outcomes(found) == {"feed.xml": FetchOutcome.OK, "robots.txt": FetchOutcome.HTTP_ERROR}
    assert done(found) == {"talks": False}
    assert "/talks" not in site.asked


def test_an_unavailable_page_without_a_wait_is_a_failed_try(site: Site, pool: ExtractorPool) -> None:
    site.put("/one", "", status=503)
    site.put("/talks", page())
    found = run(pool, feed_of(site, "/one", "/talks"))
    assert [(fetch.page, fetch.outcome.value) for fetch in found.fetches[1:]].count((True, "http_error")) == 1
    assert done(found) == {"one": False, "talks": True}


def test_a_refusal_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(HostRefused("u", FetchOutcome.HTTP_ERROR, "HTTP 429", timedelta(hours=1))))
    assert (error.url, error.detail, error.wait) == ("u", "HTTP 429", timedelta(hours=1))


# --- how often a source has news -------------------------------------------------------------------------


def waits(state: SourceState, changes: str, schedule: Schedule, *, backlog: bool = False) -> list[float]:
    """Return the minutes to the tick that asks next, after each answer: `n` is news, `-` none."""
    found = []
    for change in changes:
        state = after_success(state, schedule, NOW, changed=change == "n", backlog=backlog)
        assert state.due_at is not None
        found.append((state.due_at - NOW) / timedelta(minutes=1) + schedule.watch_minutes / 2)
    return found


def test_a_source_without_news_is_asked_less_and_less_often_up_to_the_longest_wait() -> None:
    found = waits(SourceState("a"), "n" + "-" * 12, Schedule())
    assert found[:3] == [10, 10, 11.25], "the first unchanged answer costs nothing"
    assert found[2:] == sorted(found[2:])
    assert found[-1] == 180


def test_news_brings_a_quiet_source_back_to_the_shortest_wait() -> None:
    assert waits(SourceState("a", interval=180 * 60), "nnnn", Schedule()) == [60, 20, 10, 10]


def test_the_bounds_are_settings() -> None:
    schedule = Schedule(shortest_minutes=30, longest_minutes=40)
    assert waits(SourceState("a"), "n-----", schedule) == [30, 30, 33.75, 40, 40, 40]
    assert waits(SourceState("a"), "n-----", Schedule(shortest_minutes=30, longest_minutes=10)) == [30] * 6


def test_a_source_with_pages_still_to_fetch_is_asked_as_soon_as_may_be() -> None:
    assert waits(SourceState("a", interval=180 * 60), "-", Schedule(), backlog=True) == [10]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=3600"}, 3600),
        ({"cache-control": "max-age=3600", "age": "600"}, 3000),
        ({"cache-control": "max-age=60", "age": "600"}, 0),
        ({"cache-control": 's-maxage=9, MAX-AGE = "120"'}, 120),
        ({"cache-control": "no-cache, max-age=3600"}, 0),
        ({"cache-control": "max-age=999999999"}, 86_400),
        ({"cache-control": "max-age=soon"}, 0),
        ({"expires": "Mon, 05 May 2025 10:30:00 GMT", "date": "Mon, 05 May 2025 10:00:00 GMT"}, 1800),
        ({"expires": "Tue, 06 May 2025 12:10:00 GMT"}, 600),
        ({"expires": "0"}, 0),
        ({"expires": "Mon, 01 Jan 1601 00:00:00 GMT"}, 0),
        ({}, 0),
    ],
)
def test_an_answer_says_how_long_it_stays_the_same(headers: dict[str, str], seconds: int) -> None:
    assert fresh_for(headers, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("age", "minutes"), [(60, 5), (3600, 55), (36_000, 175)])
def test_a_list_is_not_asked_while_it_says_that_it_stays_the_same(
    age: int, minutes: int, site: Site, pool: ExtractorPool
) -> None:
    site.put("/talks", page())
    site.put("/feed.xml", rss(item("/talks")), FEED_TYPE, headers={"Cache-Control": f"max-age={age}"})
    (state,) = run(pool, order(site.url("/feed.xml"))).states
    assert state.due_at == NOW + timedelta(minutes=minutes)


def test_a_slow_schedule_makes_nothing_due_in_the_past() -> None:
    state = after_success(SourceState("a"), Schedule(watch_minutes=1440), NOW, changed=True, backlog=False)
    assert state.due_at == NOW


def test_news_is_a_page_that_was_not_listed_before(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page())
    asked = feed_of(site, "/talks")
    quiet = replace(asked, state=replace(asked.state, interval=3600))
    known = replace(quiet, known=frozenset({site.url("/talks")}))
    pending = replace(quiet, pending=(Link(site.url("/talks")),))
    intervals = [run(pool, each).states[0].interval for each in (quiet, known, pending)]
    assert intervals == [1200, 5400, 5400]


@pytest.mark.parametrize(("paths", "minutes"), [(("/talks",), 85), (("/gone",), 5), (("/talks", "/more"), 5)])
def test_what_is_left_over_brings_the_next_request_forward(
    paths: tuple[str, ...], minutes: int, site: Site, pool: ExtractorPool
) -> None:
    site.put("/talks", page())
    asked = feed_of(site, *paths)
    pending = tuple(Link(site.url(path)) for path in paths)
    quiet = replace(asked, state=replace(asked.state, interval=3600), pending=pending)
    (state,) = run(pool, quiet, max_links=1).states
    assert state.due_at == NOW + timedelta(minutes=minutes)


# --- lists that moved ------------------------------------------------------------------------------------


def moving(site: Site, *statuses: int) -> str:
    """Serve a list behind redirects: /0 leads to /1 and so on; return the address of /0."""
    site.put("/talks", page())
    for number, status in enumerate(statuses):
        site.put(f"/{number}", "", status=status, headers={"Location": f"/{number + 1}"})
    site.put(f"/{len(statuses)}", rss(item("/talks")), FEED_TYPE, headers={"ETag": '"one"'})
    return site.url("/0")


@pytest.mark.parametrize(
    ("statuses", "end"),
    [((301,), "/1"), ((308, 301), "/2"), ((301, 302, 301), "/1"), ((302,), None), ((307, 301), None)],
)
def test_a_permanent_redirect_is_remembered_and_asked_first(
    statuses: tuple[int, ...], end: str | None, site: Site, pool: ExtractorPool
) -> None:
    asked = order(moving(site, *statuses))
    found = run(pool, asked)
    (state,) = found.states
    assert state.moved_to == (end and site.url(end))
    assert found.fetches[0].detail == (f"moved for good to {site.url(end)}" if end else "")
    site.asked.clear()
    again = run(pool, replace(asked, state=state, known=frozenset({site.url("/talks")})))
    assert site.asked[0] == (end or "/0")
    assert again.fetches[0].url == site.url("/0"), "the record names the source's own address"
    assert again.fetches[0].outcome is FetchOutcome.NOT_MODIFIED
    assert again.states[0].moved_to == state.moved_to


def test_a_moved_address_that_fails_gives_way_to_the_original(site: Site, pool: ExtractorPool) -> None:
    asked = order(moving(site))
    state = replace(asked.state, etag='"one"', moved_from=site.url("/0"), moved_to=site.url("/lost"))
    found = run(pool, replace(asked, state=state))
    assert site.asked[:2] == ["/lost", "/0"]
    assert "if-none-match" not in site.headers["/0"], "the validators were the other address's"
    assert found.fetches[0].outcome is FetchOutcome.OK
    assert found.fetches[0].detail == f"{site.url('/lost')}, where it had moved, failed (HTTP 404)"
    assert (found.states[0].moved_from, found.states[0].moved_to) == (None, None)


def test_where_both_addresses_fail_both_reasons_are_told(site: Site, pool: ExtractorPool) -> None:
    asked = order(site.put("/0", "", status=500))
    state = replace(asked.state, moved_from=site.url("/0"), moved_to=site.url("/lost"))
    found = run(pool, replace(asked, state=state))
    assert found.fetches[0].detail == f"HTTP 500; {site.url('/lost')}, where it had moved, failed (HTTP 404)"
    assert found.states[0].moved_to == site.url("/lost"), "a failure forgets nothing"


def test_a_moved_address_that_wants_a_pause_gets_it(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    moved_to = other_site.put("/1", "", status=429, headers=HOUR)
    asked = order(site.put("/0", "", status=301, headers={"Location": moved_to}))
    state = replace(asked.state, moved_from=site.url("/0"), moved_to=moved_to)
    found = run(pool, replace(asked, state=state))
    assert other_site.asked == ["/1"]
    assert found.states[0].due_at == NOW + timedelta(hours=1)


def test_a_source_whose_address_was_edited_forgets_the_move(site: Site, pool: ExtractorPool) -> None:
    asked = order(moving(site))
    state = replace(asked.state, moved_from=site.url("/old"), moved_to=site.url("/lost"))
    found = run(pool, replace(asked, state=state))
    assert site.asked[0] == "/0"
    assert (found.states[0].moved_from, found.states[0].moved_to) == (None, None)


def test_a_list_that_leads_to_no_list_has_not_moved(site: Site, pool: ExtractorPool) -> None:
    url = site.put("/0", "", status=301, headers={"Location": "/login"})
    site.put("/login", page("Log in"))
    assert run(pool, order(url, SourceKind.FEED)).states[0].moved_to is None
