"""Who is named: by which words, from when to when."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from detection.actors import Actors, load_actors
from detection.text import words
from detente import yamlfile
from detente.desk import SEEDS
from detente.errors import ConfigError


@pytest.fixture(scope="module")
def shipped() -> Actors:
    return load_actors(SEEDS / "actors")


def named(actors: Actors, text: str, day: date | None = None) -> list[str]:
    return [found.actor for found in actors.find(words(text), day, {})]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Islamabad asked the Kremlin to help with New Delhi.", ["PAK", "RUS", "IND"]),
        ("South Sudan is not Sudan.", ["SSD", "SDN"]),
        ("The U.S. and the UK met us in Kyiv.", ["USA", "GBR", "UKR"]),
        ("Michael Jordan read the Washington Post.", []),
        ("INDIA AND PAKISTAN AGREE", ["IND", "PAK"]),
        ("The African Union and Hezbollah met in the Gaza Strip.", ["AU", "HEZBOLLAH", "GAZA"]),
    ],
)
def test_names_are_found_as_written_and_the_longest_wins(shipped: Actors, text: str, ids: list[str]) -> None:
    assert named(shipped, text) == ids


def test_a_surname_stands_for_who_was_named_in_full(shipped: Actors) -> None:
    surnames: dict[str, str] = {}
    shipped.find(words("Randhir Jaiswal spoke. King Charles III listened."), date(2025, 5, 4), surnames)
    assert [item.actor for item in shipped.find(words("Jaiswal said no."), date(2025, 5, 4), surnames)] == ["IND"]
    assert "III" not in surnames


OFFICES = """
actors:
  - {id: AAA, kind: state, names: [Aaland], people: [{names: [Ann Lee], office: president, to: 2020-01-01}]}
  - {id: BBB, kind: organisation, names: [Bund], people: [{names: [Ann Lee], office: head, from: 2021-01-01}]}
masks: [Aaland Times]
"""


def test_one_person_may_speak_for_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(OFFICES, encoding="utf-8")
    actors = load_actors(tmp_path)
    assert named(actors, "Ann Lee spoke.", date(2019, 6, 1)) == ["AAA"]
    assert named(actors, "Ann Lee spoke.", date(2020, 6, 1)) == []
    assert named(actors, "Ann Lee spoke.", date(2022, 6, 1)) == ["BBB"]
    assert named(actors, "The Aaland Times of Aaland") == ["AAA"]


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("actors:\n  - {id: AAA, kind: state, names: [A]}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("actors:\n  - {id: AAA, kind: state, names: [B]}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"b\.yaml:2: the actor 'AAA' is listed already"):
        load_actors(tmp_path)


def test_the_shipped_actors_are_consistent(shipped: Actors) -> None:
    assert len([actor for actor in shipped.by_id.values() if actor.kind == "state"]) >= 195
    for actor in shipped.by_id.values():
        assert [other for other in actor.concerns if other not in shipped.by_id] == []
        for person in actor.people:
            assert not person.since or not person.until or person.since <= person.until, person
    names = Counter(name for actor in shipped.by_id.values() for name in actor.names)
    assert [name for name, times in names.items() if times > 1] == []


def test_no_mask_hides_an_actor(shipped: Actors) -> None:
    masks = {mask for file in (SEEDS / "actors").glob("*.yaml") for mask in yamlfile.load(file).data.get("masks", ())}
    hidden = {
        name
        for actor in shipped.by_id.values()
        for name in (*actor.names, *actor.adjectives, *actor.capitals, *actor.seats)
        if name in masks
    }
    assert hidden == set()
