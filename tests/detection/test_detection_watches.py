"""Keyword watches: their file, what they find, and that cost grows with hits."""

from __future__ import annotations

from pathlib import Path

import pytest

from detection.coder import Coder
from detection.examples import check_examples
from detection.findquery import Page
from detection.watches import Watches, load_watches
from detente.errors import ConfigError

ARTICLE = """Grain ships leave Odesa again

Nobody was on the quay. Three ships with wheat and grain left along the corridor on Monday. A corridor in a hotel was \
painted."""


def written(tmp_path: Path, text: str) -> Watches:
    file = tmp_path / "watches.yaml"
    file.write_text(text, encoding="utf-8")
    return load_watches(file)


def one(tmp_path: Path, query: str) -> Watches:
    return written(tmp_path, f"watches:\n  - id: w\n    query: >-\n      {query}\n")


def test_no_file_and_an_empty_one_mean_no_watches(tmp_path: Path) -> None:
    assert load_watches(tmp_path / "none.yaml").find(ARTICLE) == ()
    assert written(tmp_path, "watches: []\n").find(ARTICLE) == ()


def test_a_hit_is_a_mention_of_its_own_class_with_its_best_sentence(tmp_path: Path) -> None:
    watches = written(
        tmp_path, "watches:\n  - {id: grain, severity: high, query: (grain OR wheat) NEAR/6 corridor OR odesa}\n"
    )
    assert watches.classes() == ("watch.grain",)
    (mention,) = watches.find(ARTICLE)
    assert (mention.cls, mention.family, mention.rule, mention.severity, mention.status) == (
        "watch.grain", "watch", "watch.grain", "high", "reported",
    )  # fmt: skip
    assert ARTICLE[mention.start : mention.end] == "wheat and grain left along the corridor"
    assert ARTICLE[mention.sentence_start : mention.sentence_end].startswith("Three ships")
    assert ARTICLE[mention.sentence_start : mention.sentence_end].endswith("on Monday.")
    assert mention.why == (
        "'Odesa' … 'wheat and grain left along the corridor' … 'grain left along the corridor': "
        "the query is true of the article"
    )
    assert watches.find("Grain fell in Chicago.") == ()


def test_the_headline_shows_it_where_nothing_else_does(tmp_path: Path) -> None:
    (mention,) = one(tmp_path, "title:grain NOT title:market*").find(ARTICLE)
    assert ARTICLE[mention.sentence_start : mention.sentence_end] == "Grain ships leave Odesa again"
    assert ARTICLE[mention.start : mention.end] == "Grain"


def test_it_reads_any_language(tmp_path: Path) -> None:
    (mention,) = one(tmp_path, '"cessez-le-feu" médiat*').find("Paris propose sa médiation\n\nUn cessez-le-feu tient.")
    assert mention.cls == "watch.w"


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("query: grain AND (corridor", "3:22: this bracket is never closed"),
        ('query: "grain AND (corridor"', "3:23: this bracket is never closed"),
        ("query: 'it''s AND (corridor'", "3:23: this bracket is never closed"),
        ('query: "\\"a b\\" AND (corridor"', "3:25: this bracket is never closed"),
        ("query: grain\n      AND\n      (corridor", "5:7: this bracket is never closed"),
        ("query: >-\n      grain AND\n      (corridor", "5:7: this bracket is never closed"),
        ("query: |\n      grain AND\n        (corridor", "5:9: this bracket is never closed"),
        ("query: NOT grain", "3:12: the query is true of articles that hold none of its words"),
        ("query: grain AND", "3:21: a word, a phrase or a bracket is missing before the end of the query"),
    ],
)
def test_a_mistake_is_pointed_at_in_its_file(tmp_path: Path, query: str, place: str) -> None:
    with pytest.raises(ConfigError) as caught:
        written(tmp_path, f"watches:\n  - id: w\n    {query}\n")
    assert str(caught.value).startswith(f"{tmp_path}/watches.yaml:{place}; ")
    line, mark = caught.value.shown.splitlines()
    pointed = line[mark.index("^") :] if len(line) > mark.index("^") else ""
    wanted = {"this": "(corridor", "the ": "NOT grain", "a wo": ""}[place.split(": ")[1][:4]]
    assert pointed == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("watches:\n  - {id: w, qeury: a}\n", "watches.yaml:2: unknown key 'qeury'; did you mean 'query'?"),
        ("watches:\n  - {id: w}\n", "'query' is missing"),
        ('watches:\n  - id: w\n    query: "a b" OR c\n', "watches.yaml:3: no valid YAML: "),
        ("watches:\n  - id: w\n    query: *a\n", "goes into single quotes: query: "),
        ("watches:\n  - {id: W w, query: a}\n", "watches.yaml:2: "),
        ("watches:\n  - {id: w, query: a}\n  - {id: w, query: b}\n", "watches.yaml:3: the watch 'w' exists already"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        written(tmp_path, text)
    assert said in str(caught.value)


def test_a_number_is_a_word_to_look_for(tmp_path: Path) -> None:
    watches = written(tmp_path, "watches:\n  - {id: w, query: 2334, hit: [2334]}\n")
    assert len(watches.find("Resolution 2334 stands.")) == 1


def test_its_examples_are_run_with_those_of_the_rules(tmp_path: Path, coder: Coder) -> None:
    before, _ = check_examples(coder)
    watches = written(
        tmp_path,
        "watches:\n  - id: grain\n    query: grain\n    hit: [Grain moves., Wheat moves.]\n    miss: [Grain rots.]\n",
    )
    count, problems = check_examples(coder, watches)
    assert count == before + 3
    assert [str(problem).removeprefix(str(tmp_path)) for problem in problems] == [
        "/watches.yaml:2: rule watch.grain: finds nothing: 'Wheat moves.'",
        "/watches.yaml:2: rule watch.grain: finds it: 'Grain rots.'",
    ]


def test_only_watches_whose_words_stand_there_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"  - {{id: w{n}, query: word{'abcdefghij'[n % 10]}x{n} grain}}" for n in range(500)]
    lines += ["  - {id: begun, query: corrid* NEAR/9 grain}", "  - {id: never, query: corrida* OR hotelier}"]
    lines += ["  - {id: always, query: '*uay'}"]
    watches = written(tmp_path, "watches:\n" + "\n".join(lines) + "\n")
    tried = []
    find = Page.find
    monkeypatch.setattr(Page, "find", lambda page, node: tried.append(node) or find(page, node))
    assert [mention.cls for mention in watches.find(ARTICLE)] == ["watch.begun", "watch.always"]
    assert len(tried) == 2
