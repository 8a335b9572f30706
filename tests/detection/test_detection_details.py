"""What tells one act from the next of its kind, as sentences say it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from detection.coder import Coder
from detection.details import Details, read, restore, together
from detente.models import Article

NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)


def details(coder: Coder, text: str, title: str = "News of the day") -> Details:
    article = Article("https://a.example/", "a", "a", "a", title, text, "en", NOW, NOW)
    mentions = coder.code(article.full_text, NOW)
    assert mentions, text
    return read(article, mentions, coder.actors)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The European Union imposed its 13th package of sanctions on Russia.", {"ordinals": {"package": 13}}),
        ("India and Pakistan held a third round of talks.", {"ordinals": {"round": 3}}),
        ("India and Pakistan held talks for the first time.", {"ordinals": {}}),
        ("Pakistan rejected mediation by any third party in its dispute with India.", {"ordinals": {}}),
        ("Algeria expelled 12 French diplomats.", {"counts": {"diplomat": 12}}),
        ("Hamas released three Israeli hostages after 500 days.", {"counts": {"hostage": 3}}),
        ("Russian forces shelled a village in Ukraine and killed 12 people.", {"killed": 12, "counts": {}}),
        ("Russian forces shelled a school in Kharkiv in Ukraine.", {"sites": {"school"}}),
        ("Russian forces shelled a school in Ukraine again.", {"again": "again"}),
        ("The European Union imposed fresh sanctions on Russia.", {"again": "fresh"}),
        ("The European Union imposed more than 20 sanctions on Russia.", {"again": None}),
        ("India and Pakistan held talks, the foreign ministry said.", {"official": "ministry said"}),
        ("India and Pakistan held talks, two people said.", {"official": None}),
    ],
)
def test_a_sentence_gives_its_particulars(coder: Coder, text: str, expected: dict[str, Any]) -> None:
    found = details(coder, text)
    assert {name: getattr(found, name) for name in expected} == expected
    assert restore(found.facts()) == found


def test_places_are_towns_and_not_the_states_that_act(coder: Coder) -> None:
    found = details(coder, "Russian forces shelled a village near Kupiansk in Ukraine, the army said.")
    assert found.places == {"kupiansk"}
    assert "kupiansk" in found.near


def test_the_place_of_another_act_is_none_of_this_one(coder: Coder) -> None:
    text = "Russian forces shelled a village in Ukraine in retaliation for the raid on Kupiansk."
    assert details(coder, text).places == frozenset()


def test_a_headline_in_capitals_names_nothing(coder: Coder) -> None:
    found = details(coder, "Russian forces shelled a village in Ukraine.", "Russian Forces Shell Border Village Again")
    assert found.near == frozenset()
    assert found.again == "again"


def test_of_two_reports_the_first_ordinal_and_the_higher_toll_stand() -> None:
    one = restore({"ordinals": {"round": 3}, "killed": 4, "places": ["odesa"]})
    two = restore({"ordinals": {"round": 4, "day": 2}, "killed": 9, "again": "again"})
    both = together([one, two])
    assert dict(both.ordinals) == {"round": 3, "day": 2}
    assert (both.killed, both.again, both.places) == (9, "again", {"odesa"})
