"""Who is named: by which words, from when to when."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from detection.actors import Actors, load_actors
from detection.coder import Coder
from detection.references import load_references
from detection.text import words
from detente import yamlfile
from detente.desk import SEEDS
from detente.errors import ConfigError


@pytest.fixture(scope="module")
def shipped() -> Actors:
    return load_actors(SEEDS / "actors", offices=load_references(SEEDS / "references" / "en.yaml").offices)


def spelled(actors: Actors, text: str, day: date | None = None) -> list[tuple[str, str]]:
    sentence = words(text)
    return [
        (found.actor, " ".join(word.text for word in sentence[found.first : found.last + 1]))
        for found in actors.find(sentence, day, {})
    ]


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


TRAPS = [
    "On Friday the Brown family met Rice farmers near the River Jordan.",
    "Michael Jordan, Jordan Peele and Chad Smith flew home.",
    "Deputies in Atlanta, Georgia, said so, and the Georgia Supreme Court agreed.",
    "They ate roast Turkey with French fries.",
    "A guinea pig and a Guinea pig lived there.",
    "The Panama Papers and the Paris Hilton story ran in the Washington Post.",
    "She sold fine china and told us why.",
    "Islamabad United won; Dawn French and Jack London laughed.",
    "He may march in May.",
    "Laura Bush and Amanda Rice spoke; Straw was burnt, and the powell had gone.",
    "let us talk turkey, said the polish man who is in the quad",
    "jordan scores twice for the bulls as georgia beat alabama",
    "bone china and chad left us",
    "THE MAN WHO IS LOST",
]


@pytest.mark.parametrize("text", TRAPS)
def test_what_only_looks_like_an_actor_is_none(shipped: Actors, text: str) -> None:
    assert spelled(shipped, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("us strikes kill five in iraq", [("IRQ", "iraq")]),
        (
            "palestinian envoy meets un chief in east timor",
            [("PSE", "palestinian envoy"), ("UN", "un"), ("TLS", "east timor")],
        ),
        ("US STRIKES KILL FIVE IN IRAQ", [("USA", "US"), ("IRQ", "IRAQ")]),
        ("TURKEY SHELLS KURDS, SAYS PUTIN", [("TUR", "TURKEY"), ("KURDISTAN", "KURDS")]),
    ],
)
def test_without_a_difference_of_case_only_plain_names_count(
    shipped: Actors, text: str, expected: list[tuple[str, str]]
) -> None:
    assert spelled(shipped, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Indian foreign ministry and the Pakistan Army spoke.",
            [("IND", "Indian foreign ministry"), ("PAK", "Pakistan Army")],
        ),
        ("The US forces Iran to meet Israeli forces.", [("USA", "US"), ("IRN", "Iran"), ("ISR", "Israeli forces")]),
        (
            "Kenyan Foreign Minister Amina Otieno-Example left after talks that failed.",
            [("KEN", "Kenyan Foreign Minister Amina Otieno Example")],
        ),
        ("The president of France called the army of Chad.", [("FRA", "president of France"), ("TCD", "army of Chad")]),
        ("Ukraine's defence minister agreed.", [("UKR", "Ukraine 's defence minister")]),
        ("US-led forces stayed away.", [("USA", "US")]),
        ("French Ministers Reject The Plan Of Their Own Prime Minister", [("FRA", "French Ministers")]),
    ],
)
def test_offices_and_who_holds_them_belong_to_the_name(
    shipped: Actors, text: str, expected: list[tuple[str, str]]
) -> None:
    assert spelled(shipped, text) == expected


def test_a_title_with_a_surname_names_who_held_the_office(shipped: Actors) -> None:
    assert spelled(shipped, "President Putin met Prime Minister Sharif.", date(2025, 5, 4)) == [
        ("RUS", "President Putin"),
        ("PAK", "Prime Minister Sharif"),
    ]
    assert spelled(shipped, "President Assad spoke.", date(2012, 5, 4)) == [("SYR", "President Assad")]
    assert spelled(shipped, "President Assad spoke.", date(2026, 5, 4)) == []
    day = date(2024, 5, 4)
    assert spelled(shipped, "Guards let President Mohamud pass at noon.", day) == [("SOM", "President Mohamud")]
    assert spelled(shipped, "Guards let President Mohamud Anwar pass in the afternoon.", day) == []
    assert spelled(shipped, "Guards let President Mohamud pass on Sunday.", day) == [("SOM", "President Mohamud")]
    assert spelled(shipped, "President Brown and Prime Minister Putin spoke.", date(2025, 5, 4)) == []


def test_a_bare_surname_counts_only_once_it_was_explained(shipped: Actors) -> None:
    day = date(2025, 5, 4)
    surnames: dict[str, str] = {}
    assert shipped.find(words("Putin and Lavrov refused."), day, surnames) == []
    shipped.find(words("President Putin sent Sergei Lavrov."), day, surnames)
    assert [item.actor for item in shipped.find(words("Putin and Mr. Lavrov refused."), day, surnames)] == [
        "RUS",
        "RUS",
    ]
    assert shipped.find(words("A sister, Anna Lavrov, refused as well."), day, surnames) == []


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


def test_no_bare_surname_is_listed_as_a_name(shipped: Actors) -> None:
    nicknames = [
        "Saddam",
        "Lula",
        "AMLO",
        "MBZ",
        "MbZ",
        "MbS",
        "Jokowi",
        "Hemedti",
        "Hemeti",
        "Farmajo",
        "Farmaajo",
        "Timochenko",
        "Basavaraju",
    ]
    only_names = ["Sugiono", "Suharto", "Wiranto", "Najibullah", "Ganapathy"]
    single = {
        name for actor in shipped.by_id.values() for person in actor.people for name in person.names if " " not in name
    }
    assert single - {*nicknames, *only_names} == set()


def test_what_happens_in_a_place_happens_to_its_state(coder: Coder) -> None:
    struck = coder.code("Russia fired missiles at Kharkiv.")[0].roles
    assert [(item.text, item.actor) for item in struck.target] == [("Kharkiv", "UKR")]
    own = coder.code("The Syrian army shelled Aleppo.")[0].roles
    assert [(item.text, item.actor) for item in (*own.source, *own.target)] == [
        ("Syrian army", "SYR"),
        ("Aleppo", None),
    ]
    assert [item.actor for item in coder.code("Kharkiv bombed Russia.")[0].roles.source] != ["UKR"]


@pytest.mark.parametrize("file", sorted((SEEDS / "actors").rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_actor_file_says_where_it_comes_from(file: Path) -> None:
    data = yamlfile.load(file).data
    assert data["origin"]
    assert "Apache-2.0" in data["license"]
    assert isinstance(data["checked"], date)
