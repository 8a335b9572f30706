"""robots.txt from tick to tick: remembered for a day, obeyed for a month where it cannot be had (RFC 9309)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from extractors_batches import NOW, feed_of, outcomes, run
from extractors_web import Site, page

from detente.models import FetchOutcome, RobotsFile
from detente.settings import Http
from extractors.http import Web
from extractors.pool import ExtractorPool
from extractors.robots import Hosts
from extractors.urls import host_of

OK = FetchOutcome.OK
RULES = "User-agent: *\nDisallow: /private\nCrawl-delay: 0.2\n"


def remembered(site: Site, days: float, text: str = RULES) -> tuple[RobotsFile, ...]:
    return (RobotsFile(host_of(site.url("/")), NOW - timedelta(days=days), text),)


def test_what_was_fetched_comes_home_to_be_remembered(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", RULES, "text/plain")
    site.put("/talks", page())
    other_site.put("/talks", page())
    found = run(pool, feed_of(site, "/talks", other_site.url("/talks")))
    assert sorted(found.robots, key=lambda file: file.text) == [
        RobotsFile(host_of(other_site.url("/")), NOW),
        RobotsFile(host_of(site.url("/")), NOW, RULES),
    ]


def test_what_is_remembered_is_obeyed_without_asking(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "", "text/plain")
    site.put("/talks", page())
    found = run(pool, feed_of(site, "/private/talks", "/talks"), robots=remembered(site, 0.9))
    assert [fetch.outcome for fetch in found.fetches] == [OK, FetchOutcome.ROBOTS, OK]
    assert "/robots.txt" not in site.asked
    assert found.robots == ()


@pytest.mark.parametrize("days", [1.1, -1.1, 40])
def test_after_a_day_it_is_asked_for_again(days: float, site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /talks", "text/plain")
    found = run(pool, feed_of(site, "/talks"), robots=remembered(site, days))
    assert outcomes(found)["talks"] == FetchOutcome.ROBOTS
    assert [file.fetched_at for file in found.robots] == [NOW]


@pytest.mark.parametrize(("days", "read"), [(2, True), (29, True), (31, False)])
def test_where_it_cannot_be_had_what_it_said_counts_for_a_month(
    days: float, site: Site, pool: ExtractorPool, *, read: bool
) -> None:
    site.put("/robots.txt", "", status=503)
    site.put("/talks", page())
    found = run(pool, feed_of(site, "/private/talks", "/talks"), robots=remembered(site, days))
    assert ("/talks" in site.asked) is read
    assert "/private/talks" not in site.asked
    assert found.robots == (), "nothing new was learnt"


def test_a_host_that_asks_for_a_pause_gets_it_whatever_is_remembered(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "", status=429)
    site.put("/talks", page())
    run(pool, feed_of(site, "/talks"), robots=remembered(site, 2))
    assert "/talks" not in site.asked


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_robots_txt_that_is_refused_forbids_nothing(status: int, site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain", status=status)
    site.put("/talks", page())
    assert outcomes(run(pool, feed_of(site, "/talks")))["talks"] == OK


def test_a_robots_txt_that_moved_is_followed(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    other_site.put("/robots.txt", "User-agent: *\nDisallow: /talks", "text/plain")
    site.put("/robots.txt", "", status=301, headers={"Location": other_site.url("/robots.txt")})
    assert outcomes(run(pool, feed_of(site, "/talks")))["talks"] == FetchOutcome.ROBOTS


def test_rules_beyond_half_a_megabyte_are_not_read(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: *\n" + "# so on\n" * 100_000 + "Disallow: /talks", "text/plain")
    site.put("/talks", page())
    found = run(pool, feed_of(site, "/talks"))
    assert outcomes(found)["talks"] == OK
    assert len(found.robots[0].text) == 512_000


def test_many_rules_hold_up_nobody_else(site: Site) -> None:
    text = "User-agent: *\n" + "".join(f"Disallow: /private/{number}/*/a$\n" for number in range(15_000))
    turns, others = 0, True

    async def go_on() -> None:
        nonlocal turns
        while others:
            turns += 1
            await asyncio.sleep(0)

    async def read() -> None:
        nonlocal others
        settings = Http(delay=0)
        async with Web(settings) as web:
            beside = asyncio.create_task(go_on())
            async with Hosts(web, settings, remembered(site, 0, text), NOW).allowed(site.url("/talks")):
                others = False
            await beside

    asyncio.run(read())
    assert turns > 50


def test_a_publishers_hosts_share_nothing_but_their_batch(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    files = tuple(replace(file, text="User-agent: *\nDisallow: /") for file in remembered(site, 0.1))
    other_site.put("/talks", page())
    found = run(pool, feed_of(site, "/talks", other_site.url("/talks")), robots=files)
    assert [fetch.outcome for fetch in found.fetches if fetch.page] == [FetchOutcome.ROBOTS, OK]
