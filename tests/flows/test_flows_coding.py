"""Articles coded in worker processes: what comes out is what comes out here, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flows_ticks import demo_days, stored, tick

from detection.accounts import Account
from detection.coder import Coders
from detection.watches import Watches
from detente.desk import SEEDS, Desk
from detente.errors import ConfigError
from detente.leaving import Leaving
from detente.models import Article, Mention, Verdict
from detente.settings import Extraction
from extractors.pool import apart
from flows import analysts, coding, stages
from storage import why

NOW = datetime(2025, 5, 4, 18, tzinfo=UTC)
REQUEST = "Pakistan has asked Russia to mediate in its stand-off with India, its ambassador said.\n"


class Deadly(Watches):
    """Keyword queries that end the process over an article that speaks of poison."""

    def find(self, text: str) -> tuple[Mention, ...]:
        """Look for nothing."""
        if "poison" in text:
            os._exit(3)
        return ()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def article(name: str, text: str = REQUEST) -> Article:
    return Article(f"https://alpha.example/{name}", "alpha", "alpha", "alpha", name, text, "en", NOW, NOW)


@pytest.fixture(scope="module")
def coders() -> Coders:
    return Coders(Desk(SEEDS))


@pytest.fixture
def always_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the workers for however little."""
    monkeypatch.setattr(coding, "_LITTLE", 0)


def read(
    coders: Coders, watches: Watches, articles: Sequence[Article], begun: Sequence[Article] = (), **settings: float
) -> dict[str, Account]:
    told: list[str] = []
    with coding.Coding(coders, watches, Extraction.model_validate({"workers": 1, **settings})) as work:
        for item in begun:
            work.begin([item])
        found = work.accounts(articles, told.append)
    assert [account.coded.url for account in found] == [item.url for item in articles]
    assert sorted(told) == sorted(account.coded.url for account in found)
    return {account.coded.url: account for account in found}


def test_it_makes_no_difference_where_articles_are_read(coders: Coders, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [item for _, day in demo_days() for item in day]
    assert len({item.language for item in articles}) > 1
    here = read(coders, Watches(), articles)
    monkeypatch.setattr(coding, "_LITTLE", 0)
    assert read(coders, Watches(), articles) == here
    assert read(coders, Watches(), articles, workers=3) == here
    assert read(coders, Watches(), articles, articles[::3]) == here
    assert sum(len(account.coded.mentions) for account in here.values()) > len(articles) / 2


@pytest.mark.parametrize("little", [0, 10**9])
def test_what_was_begun_and_has_changed_is_read_again(
    coders: Coders, monkeypatch: pytest.MonkeyPatch, little: int
) -> None:
    monkeypatch.setattr(coding, "_LITTLE", little)
    same, gone, changed = article("same"), article("gone"), article("changed", "Nothing happened.\n")
    now = replace(changed, text=REQUEST, language="fr")
    found = read(coders, Watches(), [now, same], [same, gone, changed])
    assert [(account.readable, len(account.coded.mentions)) for account in found.values()] == [(False, 0), (True, 1)]


@pytest.fixture
def slip(desk: Desk) -> Path:
    """A file of Spanish rules with a mistake."""
    file = desk.rules / "es" / "own.yaml"
    file.parent.mkdir()
    file.write_text("off: [talks.hold]\n", encoding="utf-8")
    return file


@pytest.mark.usefixtures("always_shared")
def test_a_mistake_in_a_language_is_raised_when_its_articles_are_asked_for(desk: Desk, slip: Path) -> None:
    spanish = replace(article("spanish"), language="es")
    with coding.Coding(Coders(desk), Watches(), Extraction(workers=1)) as work:
        work.begin([spanish])
        with pytest.raises(ConfigError, match=r"talks[.]hold"):
            work.accounts([spanish, article("english")], print)
        slip.unlink()
        assert [account.readable for account in work.accounts([spanish], print)] == [True]


@pytest.mark.usefixtures("always_shared")
def test_what_of_a_language_is_left_out_is_known_once_its_articles_are_read(desk: Desk, slip: Path) -> None:
    leaving = Leaving(desk.root)
    read(Coders(desk, leaving=leaving), Watches(), [replace(article("spanish"), language="es")])
    assert [error.file for error in leaving.errors] == [slip]


@pytest.mark.usefixtures("always_shared")
def test_a_language_whose_loading_was_killed_is_loaded_here(coders: Coders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysts, "apart", lambda *_: apart(_die))
    spanish = replace(article("spanish", "Noruega se ofreció a mediar entre Armenia y Azerbaiyán.\n"), language="es")
    found = read(coders, Watches(), [spanish, article("english")], [spanish])
    assert [(account.problem, len(account.coded.mentions)) for account in found.values()] == [(None, 1), (None, 1)]


@pytest.mark.usefixtures("always_shared")
def test_an_article_that_kills_its_worker_is_left_unread_alone(coders: Coders) -> None:
    articles = [article(f"story-{number}") for number in range(30)]
    articles[7] = article("story-7", f"{REQUEST}It was poison.")
    found = read(coders, Deadly(), articles)
    assert found.pop(articles[7].url).problem == "not coded: the worker died with exit code 3"
    assert {account.problem for account in found.values()} == {None}
    assert all(account.coded.mentions for account in found.values())


@pytest.mark.usefixtures("always_shared")
def test_an_article_that_takes_too_long_is_left_unread_alone(coders: Coders) -> None:
    endless = article("endless", REQUEST * 100_000)
    found = read(coders, Watches(), [article("before"), endless, article("after")], deadline=2)
    assert found.pop(endless.url).problem == "not coded: the worker took longer than 2 s (extraction.deadline)"
    assert [len(account.coded.mentions) for account in found.values()] == [1, 1]


@pytest.mark.usefixtures("always_shared")
def test_a_tick_goes_on_without_what_it_could_not_read_and_says_so(desk: Desk) -> None:
    setup = replace(stages.read_desk(desk), watches=Deadly())
    good, bad = article("good"), article("bad", f"{REQUEST}It was poison.")
    found = tick(setup, [good, bad], NOW)
    assert [(item.what, item.why) for item in found.failures] == [
        (bad.url, "not coded: the worker died with exit code 3")
    ]
    assert [event.cls for event in stored(setup)] == ["mediation.requested"]
    with setup.database.session() as con:
        history = why.history(con, bad.url)
    assert history is not None
    assert [decision.verdict for decision in history.decisions] == [Verdict.UNREAD]
    assert tick(setup, [], NOW).failures == (), "it is not read again"


@pytest.mark.usefixtures("always_shared")
def test_what_proves_an_event_goes_on_proving_it_where_its_new_words_cannot_be_read(desk: Desk) -> None:
    setup = replace(stages.read_desk(desk), watches=Deadly())
    first = article("request")
    dated = replace(first, published_at=NOW.replace(hour=9))
    tick(setup, [dated], NOW)
    changed = replace(dated, text=f"{REQUEST}It was poison.")
    later = NOW.replace(hour=20)
    assert tick(setup, [changed], later).failures
    (event,) = stored(setup)
    assert [item.url for item in event.evidence] == [first.url]
