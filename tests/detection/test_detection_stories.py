from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from detection.lines import code_lines, story_lines
from detection.stories import StoryIndex, place
from detente.errors import UsageError
from detente.models import Article, PlacedArticle
from detente.settings import Detection

START = datetime(2025, 5, 4, 8, tzinfo=UTC)

FERRY = """A ferry with 300 people on board ran aground off the island of Lessa in thick fog on Sunday, and rescue
boats took the passengers to the harbour of Port Anselm. The coast guard said that nobody was hurt, and that the
captain had reported engine trouble an hour before. Divers will look at the hull of the ferry on Monday, when
the fog is expected to lift. The ferry company has cancelled its sailings to Lessa until further notice."""
FERRY_ELSEWHERE = """Passengers spent the night in a school after the ferry to Lessa hit rocks. Fog hid the coast,
one of them said in Port Anselm, and then the engine stopped. The coast guard brought all 300 people ashore."""
BUDGET = """Parliament passed the budget by four votes after a debate that lasted until dawn. The finance minister
promised lower taxes for small firms, and higher duties on tobacco and petrol from the first of July."""
SHORTENED = FERRY.split(" Divers will", maxsplit=1)[0]


def article(number: int, title: str, text: str, **changes: Any) -> Article:
    values: dict[str, Any] = {
        "url": f"https://paper{number}.example/story",
        "source": f"paper{number}",
        "publisher": f"paper{number}",
        "family": f"paper{number}",
        "language": "en",
        "published_at": START + timedelta(hours=number),
        "fetched_at": START + timedelta(days=1),
    } | changes
    return Article(title=title, text=text, **values)


FIRST = article(1, "Ferry runs aground off Lessa in fog", FERRY)
SECOND = article(2, "Ferry passengers ashore after fog accident off Lessa", FERRY_ELSEWHERE)
OTHER = article(3, "Budget passes by four votes", BUDGET)
COPY = article(4, "Lessa ferry aground", SHORTENED)


def known(item: Article, story: str, copy_of: str | None = None) -> PlacedArticle:
    return PlacedArticle(
        item.url, item.title, item.text, item.published_at, item.publisher, item.family, item.agency, story, copy_of
    )


def test_two_reports_of_one_happening_are_one_story_and_another_is_not() -> None:
    first, second, other = place((FIRST, SECOND, OTHER), (), Detection())
    assert first.new
    assert not second.new
    assert second.story == first.story
    assert second.copy_of is None
    assert other.new
    assert other.story != first.story
    assert "nothing alike" in other.why


def test_a_shortened_reprint_is_a_copy_of_the_first_text() -> None:
    placed = place((FIRST, OTHER, COPY), (), Detection())
    assert [item.copy_of for item in placed] == [None, None, FIRST.url]
    assert placed[2].story == placed[0].story
    assert "five-word runs" in placed[2].why


def test_a_copy_of_a_copy_leads_to_the_original() -> None:
    again = article(6, "Ferry aground", SHORTENED + " More soon.")
    (placed,) = place((again,), (known(COPY, "s1", FIRST.url), known(FIRST, "s1")), Detection())
    assert placed.copy_of == FIRST.url
    assert placed.story == "s1"


def test_what_is_known_keeps_its_story_and_the_order_of_arrival_does_not_matter() -> None:
    new = (SECOND, OTHER)
    forth = place(new, (known(FIRST, "sknown"),), Detection())
    back = place(reversed(new), (known(FIRST, "sknown"),), Detection())
    assert forth == back
    assert forth[0].story == "sknown"


def test_a_story_long_silent_takes_more_likeness() -> None:
    late = article(5, SECOND.title, SECOND.text, published_at=START + timedelta(days=90))
    near = place((SECOND,), (known(FIRST, "s1"),), Detection())[0]
    far = place((late,), (known(FIRST, "s1"),), Detection())[0]
    likeness = float(near.why.split()[1])
    strict = Detection(story_similarity=likeness * 0.8)
    assert place((SECOND,), (known(FIRST, "s1"),), strict)[0].story == "s1"
    assert place((late,), (known(FIRST, "s1"),), strict)[0].new
    assert far.story == "s1"


def test_empty_articles_stand_alone() -> None:
    index = StoryIndex(Detection())
    assert index.place("a", "", "", START).new
    assert index.place("b", "", "", START).new


def answers(lines: Iterable[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


def row(item: Article, number: object) -> str:
    return json.dumps(
        {
            "id": number,
            "published_at": item.published_at.isoformat(),
            "publisher": item.publisher,
            "title": item.title,
            "text": item.text,
        }
    )


def test_the_stories_engine_answers_each_line_with_its_own_id() -> None:
    found = answers(story_lines([row(FIRST, 7), row(SECOND, "b"), row(COPY, "c")], Detection()))
    assert [item["id"] for item in found] == [7, "b", "c"]
    assert [item["copy_of"] for item in found] == [None, None, 7]
    assert [item["new"] for item in found] == [True, False, False]
    assert len({item["story"] for item in found}) == 1
    assert set(found[0]) == {"id", "story", "copy_of", "new", "why"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"published_at": "yesterday"}, "published_at 'yesterday' is no time"),
        ({"published_at": ""}, "published_at is empty"),
        ({"text": 5}, "text 5 is no text"),
    ],
)
def test_a_wrong_line_is_named(change: dict[str, Any], words: str) -> None:
    line = json.dumps(json.loads(row(FIRST, 7)) | change)
    with pytest.raises(UsageError, match="id 7") as caught:
        list(story_lines([line], Detection()))
    assert words in str(caught.value)


def test_the_code_engine_refuses_a_line_without_text(coder: Any) -> None:
    with pytest.raises(UsageError, match="stdin:2: 'text' is missing"):
        list(code_lines(['{"id": 1, "text": ""}', '{"id": 2}'], coder))
