"""The engine over JSON Lines: one answer for each page, whatever the page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from extractors_web import PARAGRAPHS, page

from detente.errors import UsageError
from detente.settings import Extraction, Http, Settings
from extractors.lines import extract_lines

SETTINGS = Settings(http=Http(max_bytes=10_000), extraction=Extraction(workers=2))
KEYS = ["id", "title", "text", "published_at", "authors", "language", "extractor", "problem"]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    head = '<meta name="date" content="2025-05-05T12:30:00+02:00"><meta name="author" content="Ann Bee">'
    path = tmp_path / "talks.html"
    path.write_text(page(head=head), encoding="utf-8")
    return path


def line(name: Any, path: object, url: str | None = "https://news.example.org/talks") -> str:
    return json.dumps({"id": name, "url": url, "html_path": str(path)}) + "\n"


def answers(*lines: str) -> dict[Any, dict[str, Any]]:
    given = [json.loads(answer) for answer in extract_lines(lines, SETTINGS)]
    found = {answer["id"]: answer for answer in given}
    assert len(found) == len(given)
    return found


def test_an_answer_holds_the_article_of_its_page(saved: Path) -> None:
    (answer,) = extract_lines([line("a-1", saved)], SETTINGS)
    assert "\n" not in answer
    assert json.loads(answer) == {
        "id": "a-1",
        "title": "Talks go on",
        "text": "\n".join(PARAGRAPHS),
        "published_at": "2025-05-05T12:30:00+02:00",
        "authors": ["Ann Bee"],
        "language": "en",
        "extractor": "trafilatura",
        "problem": None,
    }


def test_every_line_has_its_answer_in_whatever_order(saved: Path, tmp_path: Path) -> None:
    pages = {}
    for number in range(30):
        pages[number] = tmp_path / f"{number}.html"
        pages[number].write_text(page(f"Talks of day {number}"), encoding="utf-8")
    found = answers(*(line(number, path) for number, path in pages.items()), "\n", line("text", saved, url=None))
    assert {number: found[number]["title"] for number in pages} == {n: f"Talks of day {n}" for n in pages}
    assert found["text"]["title"] == "Talks go on"
    assert len(found) == 31


def test_a_page_that_cannot_be_read_is_a_problem_of_its_own(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "long.html").write_bytes(b"<p>" * 4000)
    lines = [line(name, tmp_path / f"{name}.html") for name in ("missing", "empty", "long")]
    found = answers(*lines, line("folder", tmp_path), line("nul", "a\0b"), line("good", saved))
    problems = {name: answer["problem"] for name, answer in found.items()}
    assert problems == {
        "missing": f"cannot read {tmp_path / 'missing.html'}: No such file or directory",
        "empty": "the page is empty",
        "long": "longer than 10,000 bytes (http.max_bytes)",
        "folder": f"cannot read {tmp_path}: Is a directory",
        "nul": "cannot read a\0b: embedded null byte",
        "good": None,
    }
    assert all(list(answer) == KEYS for answer in found.values())
    assert [found["missing"][key] for key in KEYS[1:6]] == ["", "", None, [], None]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("{'id': 1}\n", "no JSON ("),
        ("[1, 2]\n", "no JSON object; write one object a line"),
        ('{"id": 1, "url": "http://example.org/"}\n', "'html_path' is missing; give id, url, html_path"),
    ],
)
def test_a_bad_line_is_refused_by_its_number(bad: str, words: str, saved: Path) -> None:
    with pytest.raises(UsageError) as caught:
        answers(line(1, saved), "\n", bad, line(2, saved))
    assert str(caught.value).startswith("stdin:3: ")
    assert words in str(caught.value)


def test_answers_come_while_lines_are_still_coming(saved: Path) -> None:
    taken: list[int] = []

    def endless() -> Iterator[str]:
        for number in range(10_000):
            taken.append(number)
            yield line(number, saved)

    found = extract_lines(endless(), SETTINGS)
    assert json.loads(next(found))["title"] == "Talks go on"
    assert len(taken) < 20
    found.close()  # type: ignore[attr-defined]  # it is a generator


def test_nothing_in_is_nothing_out() -> None:
    assert list(extract_lines([], SETTINGS)) == []
