"""Quotations: where they stand, and whose words they are."""

import pytest

from detection.coder import Coder
from detection.quotes import quotations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"One," he said. "Two."', ["One,", "Two."]),
        ("“One,” he said, “and two.”", ["One,", "and two."]),
        ("«One»", ["One"]),
        ('"Not closed here.\n"Closed."', ["Not closed here.", "Closed."]),
        ("No quotation, it's plain.", []),
        ('"', [""]),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == expected


@pytest.mark.parametrize(
    ("text", "cls", "source"),
    [
        ('"We have asked Russia to mediate," Pakistan\'s foreign minister said.', "mediation.requested", "PAK"),
        ('"We have asked Russia to mediate," said the foreign minister of Pakistan.', "mediation.requested", "PAK"),
        ('Pakistan\'s envoy told reporters: "We have asked Russia to mediate."', "mediation.requested", "PAK"),
        ('Sudan\'s foreign minister said, "We reject mediation by Kenya."', "mediation.rejected", "SDN"),
        ('Tehran: "We reject mediation by Oman"', "mediation.rejected", "IRN"),
        (
            "Armenia and Georgia were silent.\n\n“We reject mediation. It comes too late,” Azerbaijan's envoy said.",
            "mediation.rejected",
            "AZE",
        ),
        (
            '"It is too late," Kenya\'s president told Uganda. "We have expelled your ambassador."',
            "escalation.relations_reduced",
            "KEN",
        ),
        (
            'Chad\'s president spoke on Sunday.\n\n"We have closed the border with Sudan," he said.',
            "escalation.relations_reduced",
            "TCD",
        ),
    ],
)
def test_we_is_who_speaks(coder: Coder, text: str, cls: str, source: str) -> None:
    found = [mention for mention in coder.code(text) if mention.cls == cls]
    assert [[item.actor for item in mention.roles.source] for mention in found] == [[source]]


def test_the_words_of_an_unknown_speaker_stay_open(coder: Coder) -> None:
    text = '"We have asked Russia to mediate," a man at the bar said.'
    assert [item.actor for mention in coder.code(text) for item in mention.roles.source] == []


def test_two_speakers_are_not_taken_for_one_man_with_a_title(coder: Coder) -> None:
    text = '"They attacked our soldiers," Thailand\'s prime minister said.'
    assert all("prime minister" not in item.text for mention in coder.code(text) for item in mention.roles.target)
