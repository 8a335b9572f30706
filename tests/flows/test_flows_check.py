"""One page, explained against a desk that knows something already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsstand import Newsstand

from detente.desk import Desk, seeds
from detente.errors import FetchError
from detente.models import Verdict
from flows.check import check
from flows.progress import Silent
from flows.tick import run_ticks

NOW = datetime(2025, 5, 4, 18, tzinfo=UTC)
TEXT = """Pakistan has asked Russia to mediate in its stand-off with India, its ambassador in Moscow said on Sunday.

The letter had been handed over in the morning, he said. Nobody at the ministry would say whether an answer had been \
given, and the telephones of the spokeswoman rang out all afternoon. In the bazaar few had heard of it, and a seller \
of kites said that he would believe in peace when he saw it."""


def publish(stand: Newsstand, desk: Desk) -> str:
    at = NOW - timedelta(hours=3)
    url = stand.publish("alpha", "request", "Pakistan asks Russia to mediate with India", TEXT, at)
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")
    return url


def test_a_page_of_the_web_is_explained_and_not_stored(stand: Newsstand, desk: Desk) -> None:
    url = publish(stand, desk)
    found = check(desk, url, NOW)
    assert found.article.published_at == NOW - timedelta(hours=3)
    assert [(event.cls, event.sources, event.mediators) for event in found.raised] == [
        ("mediation.requested", ("PAK",), ("RUS",))
    ]
    assert [decision.verdict for decision in found.decisions] == [Verdict.NEW_EVENT]
    assert not desk.database.exists()


@pytest.mark.usefixtures("prefect")
def test_what_the_desk_knows_is_no_news(stand: Newsstand, desk: Desk, tmp_path: Path) -> None:
    publish(stand, desk)
    (report,) = run_ticks(desk, [{"now": NOW}], Silent())
    assert report.events == 1
    file = tmp_path / "later.txt"
    file.write_text(f"Envoy wants Moscow's help\n\n{TEXT}", encoding="utf-8")
    found = check(desk, str(file), NOW, published_at=NOW)
    assert found.raised == ()
    assert [decision.verdict for decision in found.decisions] == [Verdict.SAME_EVENT]


def test_a_page_that_is_not_there_says_so(stand: Newsstand, desk: Desk) -> None:
    with pytest.raises(FetchError, match="HTTP 404"):
        check(desk, f"http://127.0.0.1:{stand.port}/alpha/none", NOW)


def test_each_act_comes_with_the_decision_about_it(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "both.txt"
    denied = "Pakistan denied that it had asked Russia to mediate with India."
    offered = "Norway has offered to mediate between Armenia and Azerbaijan."
    file.write_text(f"Envoys come and go\n\n{denied} {offered}", encoding="utf-8")
    found = check(desk, str(file), NOW, published_at=NOW)
    pairs = zip(found.mentions, found.decisions, strict=True)
    assert [(mention.cls, decision.verdict) for mention, decision in pairs] == [
        ("mediation.requested", Verdict.NOT_RAISING),
        ("mediation.offered", Verdict.NEW_EVENT),
    ]


SPANISH = """Turquía se ofrece a mediar entre Rusia y Ucrania

El presidente turco ofreció mediar entre los dos países, según la cancillería, y dijo que recibirá a las partes en una
cumbre por la paz que se celebrará con la ayuda de su homólogo."""


def test_a_spanish_text_is_read_as_spanish(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SPANISH, encoding="utf-8")
    found = check(seeds(), str(tmp_path / "a.txt"), datetime(2025, 5, 6, tzinfo=UTC))
    assert found.article.language == "es"
    assert [(event.cls, event.sources) for event in found.raised] == [("mediation.offered", ("TUR",))]
    assert found.names["TUR"] == "Turkey"
