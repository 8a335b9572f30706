from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from detection.coder import Coder, Coders
from detection.copies import counted_for, recounted
from detection.gist import Gist
from detection.lines import code_lines, story_lines
from detection.placing import place
from detection.sketch import Frequencies, draw, outline, shared_part, terms_of
from detection.stories import StoryIndex
from detente.desk import seeds
from detente.errors import UsageError
from detente.models import Article, Event, Evidence, PlacedArticle, Severity, Status
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


EVENT = Event(
    id="e1",
    cls="talks.held",
    cameo="040",
    plover="CONSULT",
    goldstein=1.0,
    severity=Severity.LOW,
    status=Status.REPORTED,
    day=START.date(),
    sources=("IND",),
    targets=("PAK",),
    mediators=(),
    parties=(),
    story="s1",
    headline="",
    first_seen=START,
    last_seen=START,
)
FIRST = article(1, "Ferry runs aground off Lessa in fog", FERRY)
SECOND = article(2, "Ferry passengers ashore after fog accident off Lessa", FERRY_ELSEWHERE)
OTHER = article(3, "Budget passes by four votes", BUDGET)
COPY = article(4, "Lessa ferry aground", SHORTENED)


def known(item: Article, story: str, copy_of: str | None = None) -> PlacedArticle:
    sketch = place((item,), (), Detection()).sketches[item.url]
    return PlacedArticle(item.url, item.published_at, item.family, item.agency, story, copy_of, sketch)


def test_two_reports_of_one_happening_are_one_story_and_another_is_not() -> None:
    first, second, other = place((FIRST, SECOND, OTHER), (), Detection()).placed
    assert first.new
    assert not second.new
    assert second.story == first.story
    assert second.copy_of is None
    assert other.new
    assert other.story != first.story
    assert "nothing alike" in other.why


def test_a_shortened_reprint_is_a_copy_of_the_first_text() -> None:
    placed = place((FIRST, OTHER, COPY), (), Detection()).placed
    assert [item.copy_of for item in placed] == [None, None, FIRST.url]
    assert placed[2].story == placed[0].story
    assert "five-word runs" in placed[2].why
    assert FIRST.url in placed[2].why


def test_a_copy_of_a_copy_leads_to_the_original() -> None:
    again = article(6, "Ferry aground", SHORTENED + " More soon.")
    (placed,) = place((again,), (known(COPY, "s1", FIRST.url), known(FIRST, "s1")), Detection()).placed
    assert placed.copy_of == FIRST.url
    assert placed.story == "s1"


def test_what_is_known_keeps_its_story_and_the_order_of_arrival_does_not_matter() -> None:
    new = (SECOND, OTHER)
    forth = place(new, (known(FIRST, "sknown"),), Detection()).placed
    back = place(reversed(new), (known(FIRST, "sknown"),), Detection()).placed
    assert forth == back
    assert forth[0].story == "sknown"


def test_a_story_long_silent_takes_more_likeness() -> None:
    late = article(5, SECOND.title, SECOND.text, published_at=START + timedelta(days=90))
    near = place((SECOND,), (known(FIRST, "s1"),), Detection()).placed[0]
    far = place((late,), (known(FIRST, "s1"),), Detection()).placed[0]
    likeness = float(near.why.split()[1])
    strict = Detection(story_similarity=likeness * 0.8)
    assert place((SECOND,), (known(FIRST, "s1"),), strict).placed[0].story == "s1"
    assert place((late,), (known(FIRST, "s1"),), strict).placed[0].new
    assert far.story == "s1"


def test_whoever_was_fetched_first_the_earliest_is_the_original() -> None:
    placing = place((FIRST,), (known(COPY, "s1"), known(OTHER, "s2")), Detection())
    found = {item.url: item for item in placing.placed}
    assert (found[FIRST.url].copy_of, found[COPY.url].copy_of) == (None, FIRST.url)
    assert found[COPY.url].why.endswith("; in s1 before an earlier article came home, or was changed")
    assert [item.url for item in place((COPY,), (known(FIRST, "s1"),), Detection()).placed] == [COPY.url]


def test_the_very_same_short_text_is_a_copy_and_a_stub_is_not() -> None:
    short = "The coast guard of Port Anselm said on Sunday that nobody was hurt."
    stub = "Details will follow soon."
    for text, copied in ((short, True), (stub, False)):
        one, two = article(1, "Ferry", text), article(2, "Aground", text)
        assert (place((one, two), (), Detection()).placed[1].copy_of == one.url) is copied


def test_minhash_tells_about_how_much_of_the_shorter_text_is_in_the_longer() -> None:
    words = [f"word{number}" for number in range(400)]
    whole, quarter, other = " ".join(words), " ".join(words[:100]), " ".join(reversed(words))

    def drawn(text: str) -> Any:
        found = outline("", text)
        return draw(found, Frequencies().weights(found.counted))

    assert shared_part(drawn(whole), drawn(quarter)) == pytest.approx(1, abs=0.25)
    assert shared_part(drawn(whole), drawn(other)) == 0
    assert shared_part(drawn(whole), drawn("")) == 0


def test_a_copy_counts_for_its_original_and_for_the_agency_that_one_of_them_names() -> None:
    families = {"a": "lantern", "b": "paper", "c": "site", "d": "other"}
    nobody = dict.fromkeys(families)
    copied = {"b": "a", "c": "b"}
    assert counted_for(copied, families, nobody) == {"a": "lantern", "b": "lantern", "c": "lantern", "d": "other"}
    assert counted_for(copied, families, {**nobody, "c": "mpa"})["a"] == "mpa"
    assert counted_for(copied, families, {**nobody, "c": "mpa", "a": "tna"})["b"] == "tna"
    assert counted_for({"c": "gone"}, {"c": "site"}, {"c": None}) == {"c": "site"}
    assert set(counted_for({"b": "c", "c": "b"}, families, nobody)) == set(families)


def test_names_weigh_more_than_other_words() -> None:
    terms = terms_of("", "A ferry went to the island of Lessa in thick fog.")
    weights = Frequencies().weights(terms)
    (lessa,) = [term for term, count in terms.items() if count < 0]
    assert weights[lessa] == max(weights.values())


ENVOYS = "Envoys of the two sides met in the old customs house of Port Anselm and spoke until the evening about fish."


@pytest.mark.parametrize(
    ("one", "two", "words"),
    [
        ({"actors": {"IND", "PAK"}}, {"actors": {"RUS"}}, "other actors"),
        (
            {"acts": {("escalation.fighting", "IND", "PAK")}},
            {"acts": {("escalation.fighting", "PAK", "IND")}},
            "direction",
        ),
        ({"ordinals": {"round": 2}}, {"ordinals": {"round": 3}}, "another ordinal"),
        (
            {"places": {"lessa"}, "near": {"lessa"}},
            {"places": {"port anselm"}, "near": {"port anselm"}},
            "another place",
        ),
    ],
)
def test_alike_reports_of_two_happenings_are_two_stories(one: dict[str, Any], two: dict[str, Any], words: str) -> None:
    def gist_of(said: dict[str, Any]) -> Gist:
        found = {name: value if isinstance(value, dict) else frozenset(value) for name, value in said.items()}
        return Gist(**found, named=frozenset(said.get("actors", ())))

    first, second = (
        article(1, "Envoys meet in Port Anselm", ENVOYS),
        article(2, "Envoys talk of fish", ENVOYS + " Again."),
    )
    far = Detection(copy_similarity=1)
    told = place((first, second), (), far, {first.url: gist_of(one), second.url: gist_of(two)}).placed
    assert told[1].new
    assert told[1].follows == told[0].story
    assert words in told[1].why
    assert len({item.story for item in place((first, second), (), far).placed}) == 1


def test_the_placing_of_a_day_depends_on_no_order() -> None:
    day = [FIRST, SECOND, OTHER, COPY]
    random = Random(3)
    placings = set()
    for _ in range(5):
        random.shuffle(day)
        placings.add(place(day, (), Detection()).placed)
    assert len(placings) == 1


def test_evidence_learns_of_an_original_that_came_late() -> None:
    evidence = Evidence(
        "e1", COPY.url, "paper4", "paper4", None, "", "", Status.REPORTED, COPY.published_at, "rule", "why"
    )
    event = replace(EVENT, evidence=(evidence,))
    (after,) = recounted((event,), {COPY.url: FIRST.url}, {COPY.url: "paper1"})
    assert (after.evidence[0].copy_of, after.families) == (FIRST.url, ("paper1",))
    assert recounted((event,), {}, {}) == (event,)


def test_empty_articles_stand_alone() -> None:
    index = StoryIndex(Detection())
    assert index.place("a", outline("", ""), START)[0].new
    assert index.place("b", outline("", ""), START)[0].new


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


def test_the_stories_engine_answers_each_line_with_its_own_id(coder: Coder) -> None:
    found = answers(story_lines([row(FIRST, 7), row(SECOND, "b"), row(COPY, "c")], Detection(), coder))
    assert [item["id"] for item in found] == [7, "b", "c"]
    assert [item["copy_of"] for item in found] == [None, None, 7]
    assert [item["new"] for item in found] == [True, False, False]
    assert len({item["story"] for item in found}) == 1
    assert set(found[0]) == {"id", "story", "copy_of", "new", "follows", "why"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"published_at": "yesterday"}, "published_at 'yesterday' is no time"),
        ({"published_at": ""}, "published_at is empty"),
        ({"text": 5}, "text 5 is no text"),
    ],
)
def test_a_wrong_line_is_named(change: dict[str, Any], words: str, coder: Coder) -> None:
    line = json.dumps(json.loads(row(FIRST, 7)) | change)
    with pytest.raises(UsageError, match="id 7") as caught:
        list(story_lines([line], Detection(), coder))
    assert words in str(caught.value)


def test_the_code_engine_refuses_a_line_without_text() -> None:
    with pytest.raises(UsageError, match="stdin:2: 'text' is missing"):
        list(code_lines(['{"id": 1, "text": ""}', '{"id": 2}'], Coders(seeds())))
