"""The watchlist: which entry fits, what it does to a severity, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from detection.coder import Coder, class_names
from detection.novelty import Outcome
from detection.watchlist import Concern, load_watchlist, weigh, weigh_all
from detente.errors import ConfigError
from detente.models import Event, Evidence, Severity, Status, Verdict

NOW = datetime(2025, 5, 4, tzinfo=UTC)
NAMES = {"IND": "India", "PAK": "Pakistan", "KASHMIR": "Kashmir", "FJI": "Fiji"}


def concern(severity: str, **names: object) -> Concern:
    return Concern.model_validate({"id": "mine", "severity": severity, **names})


@pytest.mark.parametrize(
    ("entry", "changed", "why"),
    [
        (concern("raise", actors=["IND"]), "high", "raised from medium to high by 'mine': India takes part"),
        (
            concern("lower", actors=["FJI", "IND"]),
            "low",
            "lowered from medium to low by 'mine': India takes part",
        ),
        (
            concern("high", dyads=[["PAK", "IND"]]),
            "high",
            "to high by 'mine': Pakistan and India take part",
        ),
        (concern("high", regions=["KASHMIR"]), "high", "from medium to high by 'mine': Kashmir is named"),
        (concern("low", classes=["talks.*"]), "low", "from medium to low by 'mine': its class is talks.held"),
        (concern("low", classes=["talks.*"], actors=["IND"]), "low", "India takes part"),
        (concern("medium", actors=["IND"]), None, ""),
        (concern("raise", actors=["FJI"]), None, ""),
        (concern("raise", dyads=[["IND", "FJI"]]), None, ""),
        (concern("raise", classes=["escalation.*"], actors=["IND"]), None, ""),
    ],
)
def test_what_an_entry_does(entry: Concern, changed: str | None, why: str) -> None:
    found = weigh("talks.held", frozenset({"IND", "PAK", "KASHMIR"}), Severity.MEDIUM, [entry], NAMES)
    assert (found.severity if found else None) == changed
    assert found is None or why in found.why


def test_severity_ends_at_its_ends_and_the_first_entry_that_fits_decides() -> None:
    up, down = concern("raise", actors=["IND"]), concern("lower", actors=["IND", "PAK"])
    actors = frozenset({"IND"})
    assert weigh("talks.held", actors, Severity.HIGH, [up, down], NAMES) is None
    assert weigh("talks.held", actors, Severity.LOW, [down, up], NAMES) is None
    found = weigh("talks.held", frozenset({"PAK"}), Severity.HIGH, [up, down], NAMES)
    assert found is not None
    assert found.severity is Severity.MEDIUM


def event(name: str) -> Event:
    evidence = Evidence(name, f"https://n.example/{name}", "N", "n", None, "T", "S.", Status.REPORTED, NOW, "r", "w")
    return Event(
        id=name, cls="talks.held", cameo="040", plover="CONSULT", goldstein=1.0, severity=Severity.LOW,
        status=Status.REPORTED, day=date(2025, 5, 4), sources=("IND",), targets=("PAK",), mediators=(), parties=(),
        story="s", headline="T", first_seen=NOW, last_seen=NOW, evidence=(evidence,),
    )  # fmt: skip


def test_only_new_events_are_weighed_and_the_reason_is_a_decision() -> None:
    outcome = Outcome((event("new"), event("old")), frozenset({"new"}), (), (), ())
    weighed = weigh_all(outcome, [concern("high", dyads=[["IND", "PAK"]])], NAMES, NOW)
    assert [item.severity for item in weighed.events] == [Severity.HIGH, Severity.LOW]
    (decision,) = weighed.decisions
    assert (decision.verdict, decision.event, decision.url) == (Verdict.WEIGHED, "new", "https://n.example/new")
    assert decision.facts == {"entry": "mine", "from": "low", "to": "high"}
    assert replace(weighed, events=outcome.events, decisions=()) == outcome


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{id: a, severity: raise}", "2: watchlist.0: the entry fits nothing: give it 'actors'"),
        ("{id: a, severity: up, actors: [IND]}", "2: "),
        ("{id: a, actors: [IND]}", "'severity' is missing"),
        ("{id: a, severity: raise, actor: [IND]}", "2: unknown key 'actor'; did you mean 'actors'?"),
        ("{id: a, severity: raise, actors: [INDI]}", "2: there is no actor 'INDI'; did you mean 'IND'?"),
        ("{id: a, severity: raise, dyads: [[IND, PAKI]]}", "2: there is no actor 'PAKI'; did you mean 'PAK'?"),
        ("{id: a, severity: raise, dyads: [[IND]]}", "2: "),
        ("{id: a, severity: raise, regions: [IND]}", "2: there is no region 'IND'"),
        ("{id: a, severity: raise, classes: [talk.*]}", "2: there is no class like 'talk.*'; did you mean 'talks."),
        ("{id: a, severity: raise, actors: [IND]}\n  - {id: a, severity: low, actors: [PAK]}", "3: the entry 'a'"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(tmp_path: Path, coder: Coder, entry: str, said: str) -> None:
    file = tmp_path / "watchlist.yaml"
    file.write_text(f"watchlist:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_watchlist(file, coder.actors.by_id, class_names())
    assert said in str(caught.value).removeprefix(f"{file}:")
    assert "\n" not in str(caught.value)


def test_no_file_means_no_watchlist(tmp_path: Path) -> None:
    assert load_watchlist(tmp_path / "none.yaml", {}, ()) == ()
