"""Texts that no desk would write: coded all the same, with places that are the text's own."""

import random
import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from detection.coder import Coder
from detection.text import spans
from detente.models import Status

WHEN = datetime(2025, 5, 4, tzinfo=UTC)
_WORDS = """Pakistan India Kashmir Moscow Rubio he they it who which that neighbours both asked offered refused rejected
denied struck shelled killed expelled signed met talks mediation to mediate between and with not never if would after
before since of in on by the a its ceasefire treaty missiles troops border embassy sanctions sanctioned last year 1966
Monday May 7th . , ; : ! ? " “ ” ‘ ’ ( ) [ - – — … / İSTANBUL ß 印度 🙂 ' 's U.S. Mr. 12 26,000 5% £3m"""
_STRANGE = ("\n", "\n\n", "\u00a0", "\u200b", "\u202e", "\ufffd", "\ud800", "\x00", "e\u0301")
_BITS = (*re.findall(r"\S+", _WORDS), *_STRANGE)


def test_whatever_the_words_the_places_are_in_the_text(coder: Coder) -> None:
    @given(st.lists(st.sampled_from(_BITS), min_size=1, max_size=80).map(" ".join))
    def check(text: str) -> None:
        found = coder.code(text, WHEN)
        assert coder.code(text, WHEN) == found
        for mention in found:
            assert 0 <= mention.sentence_start <= mention.start < mention.end <= mention.sentence_end <= len(text)
            roles = mention.roles
            for actor in (*roles.source, *roles.target, *roles.mediator, *roles.party):
                assert text[actor.start : actor.end].strip()

    check()


@given(st.text(max_size=6000), st.integers(0, 3))
def test_sentences_are_in_order_trimmed_and_never_long(text: str, longer: int) -> None:
    text *= 10**longer
    end = 0
    for start, stop in spans(text):
        assert end <= start < stop <= start + 2_000
        assert text[start:stop] == text[start:stop].strip()
        end = stop


def test_a_text_without_a_full_stop_is_coded_piece_by_piece(coder: Coder) -> None:
    act = "Pakistan asked Russia to mediate with India"
    found = coder.code(" and ".join([act] * 3_000), WHEN)  # as one sentence it took minutes
    assert ("mediation.requested", Status.REPORTED) in {(m.cls, m.status) for m in found}


def test_the_acts_of_a_text_do_not_depend_on_how_often_they_are_told(coder: Coder) -> None:
    acts = [
        "Pakistan asked Russia to mediate with India.",
        "India fired missiles at Pakistan.",
        "Norway offered to mediate between Armenia and Azerbaijan.",
        "Iran denied that it had asked Oman to mediate.",
    ]
    once = coder.code(" ".join(acts), WHEN)
    often = coder.code(" ".join(random.Random(1).sample(acts * 500, 2_000)), WHEN)
    assert {(m.cls, m.status) for m in often} == {(m.cls, m.status) for m in once}
    assert len(often) == len(once)
