"""Words that stand for somebody named before: resolved where one reading is left, open where not."""

from __future__ import annotations

import pytest

from detection.actors import Actors, load_actors
from detection.coder import LANGUAGES, REFERENCES, Coder
from detection.lexicon import load_lexicon
from detection.references import References, Told, load_references
from detection.text import sentences
from detente.desk import SEEDS


@pytest.fixture(scope="module")
def references() -> References:
    return load_references(REFERENCES / "en.yaml")


@pytest.fixture(scope="module")
def shipped(references: References) -> Actors:
    return load_actors(SEEDS / "actors", offices=references.offices)


@pytest.fixture(scope="module")
def reporting() -> frozenset[str]:
    return load_lexicon(LANGUAGES / "en.yaml").reporting


RESOLVED = [
    (
        "India and Pakistan met. The two nuclear-armed neighbours agreed.",
        "The two nuclear armed neighbours",
        ["IND", "PAK"],
    ),
    ("Talks between Serbia and Kosovo began. Both sides stayed firm.", "Both sides", ["SRB", "XKX"]),
    ("Doha praised Sudan and Chad. The warring parties sat down.", "The warring parties", ["SDN", "TCD"]),
    ("UN envoy Anna Example spoke. Hours later the envoy left.", "the envoy", ["UN"]),
    ("French President Jean Example came. The president left.", "The president", ["FRA"]),
    ("NATO refused. The alliance said why.", "The alliance", ["NATO"]),
    ("Hamas fired at Israel. The group claimed it.", "The group", ["HAMAS"]),
    ("Iran protested. The foreign ministry called it a crime.", "The foreign ministry", ["IRN"]),
    ("Turkey said on Monday that it would mediate.", "it", ["TUR"]),
    ("Iran shelled Iraq. Tehran said it would go on.", "it", ["IRN"]),
    ("Greece and Turkey said they would talk.", "they", ["GRC", "TUR"]),
    ("Israeli Prime Minister Example met the press. He refused.", "He", ["ISR"]),
]


@pytest.mark.parametrize(("text", "words", "expected"), RESOLVED)
def test_a_reference_is_resolved_where_it_is_plain(
    references: References, shipped: Actors, reporting: frozenset[str], text: str, words: str, expected: list[str]
) -> None:
    assert read(references, shipped, reporting, text).get(words) == expected


OPEN = [
    "Both sides agreed.",
    "India, Pakistan and China met. Both sides agreed.",
    "Iran met Iraq and Syria. The country refused.",
    "A French envoy met a British envoy. The envoy left.",
    "France warned Mali. It refused.",
    "The president of the club left. The president of the bank came.",
    "Japan voted. The group photo was taken. The army-backed party won.",
    "It rained. They left, and he slept.",
    "A region called Kashmir waited. It snowed.",
    "France helped. One. Two. Three. The country slept.",
]


@pytest.mark.parametrize("text", OPEN)
def test_a_reference_stays_open_where_it_is_not_plain(
    references: References, shipped: Actors, reporting: frozenset[str], text: str
) -> None:
    assert read(references, shipped, reporting, text) == {}


def read(references: References, actors: Actors, reporting: frozenset[str], text: str) -> dict[str, list[str]]:
    """Return the references of a text with their actors."""
    told: list[Told] = []
    surnames: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for sentence in sentences(text):
        named = references.resolve(sentence.words, actors.find(sentence.words, None, surnames), told, actors, reporting)
        told.append(Told(sentence.words, named))
        for item in named:
            if item.how == "reference":
                spelled = " ".join(word.text for word in sentence.words[item.first : item.last + 1])
                found.setdefault(spelled, []).append(item.actor)
    return found


def test_a_role_shows_whom_a_reference_stands_for(coder: Coder) -> None:
    text = "The Iranian army held a parade. On Monday it fired missiles at Israel."
    source = coder.code(text)[0].roles.source[0]
    assert source.actor == "IRN"
    assert text[source.start : source.end] == source.text == "Iranian army"
