"""The names of states against CLDR's."""

from __future__ import annotations

from pathlib import Path

from detection.actors import load_actors
from detection.countries import FORMER, add, cldr_names, missing
from detente.desk import SEEDS

STATES = """actors:
  - id: MMR
    kind: state
    names: [Myanmar]
    adjectives: [Burmese]
  - id: IND
    kind: state
    names: [India]
"""


def test_the_shipped_states_have_every_name_that_cldr_has() -> None:
    assert missing() == {}


def test_cldr_knows_every_shipped_state_but_the_former_ones() -> None:
    states = {actor.id for actor in load_actors(SEEDS / "actors").by_id.values() if actor.kind == "state"}
    assert states - set(cldr_names("en", frozenset(states))) == FORMER


def test_a_name_that_is_lacking_is_reported_and_added_where_it_belongs(tmp_path: Path) -> None:
    file = tmp_path / "states.yaml"
    file.write_text(STATES, encoding="utf-8")
    assert missing(tmp_path) == {"MMR": ("Burma",)}
    file.write_text(add(STATES, "MMR", ("Burma",)), encoding="utf-8")
    assert missing(tmp_path) == {}
    assert load_actors(tmp_path).by_id["MMR"].names == ("Myanmar", "Burma")
    assert load_actors(tmp_path).by_id["MMR"].adjectives == ("Burmese",)
    assert add(STATES, "PAK", ("Pakistan",)) == STATES


def test_names_come_in_other_languages_too() -> None:
    assert cldr_names("es", frozenset({"DEU", "BIH"})) == {"DEU": ("Alemania",), "BIH": ("Bosnia y Herzegovina",)}
