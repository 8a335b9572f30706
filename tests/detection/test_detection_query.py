"""The query language of watches: what is understood, what is found, and where a mistake is pointed at."""

from __future__ import annotations

import random
import re

import pytest

from detection.findquery import Page, needs, rarest, vocabulary
from detection.query import FIELDS, And, Near, Node, Not, Or, QueryError, Within, Words, parse

ARTICLE = """Grain ships leave Odesa again

Three ships with Ukrainian grain left the port of Odesa on Monday. The corridor across the Black Sea had been shut.
President Erdoğan of Türkiye praised “good offices” and Russia's cease-fire of 2.5 days near U.S. MH17 wreckage."""


def finds(query: str, text: str = ARTICLE) -> list[str] | None:
    page = Page(text)
    found = page.find(parse(query))
    return None if found is None else [text[page.where[a][0] : page.where[b][1]] for a, b in found]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grain", ["Grain", "grain"]),
        ("GRAIN", ["Grain", "grain"]),
        ("Erdogan", ["Erdoğan"]),
        ("erdoğan turkiye", ["Erdoğan", "Türkiye"]),
        ("ukrain*", ["Ukrainian"]),
        ("*ridor", ["corridor"]),
        ("pr?ised", ["praised"]),
        ("s?ips", ["ships", "ships"]),
        ("U.S.", ["U.S."]),
        ("MH17", ["MH17"]),
        ("MH1*", ["MH17"]),
        ("2.5", ["2.5"]),
        ("cease-fire", ["cease-fire"]),
        ('"cease fire"', ["cease-fire"]),
        ("ceasefire", None),
        ("Russia", ["Russia"]),
        ("russia's", ["Russia"]),
        ('"russia cease"', ["Russia's cease"]),
        ('"good offices"', ["good offices"]),
        ("“good offices”", ["good offices"]),
        ('"black *"', ["Black Sea"]),
        ('"port * odesa"', ["port of Odesa"]),
        ('"odesa again three"', None),
        ('"monday the"', None),
        ("grain AND tanks", None),
        ("grain ships odesa", ["Grain", "ships", "Odesa", "ships", "grain", "Odesa"]),
        ("tanks OR corridor", ["corridor"]),
        ("corridor NOT tanks", ["corridor"]),
        ("corridor -tanks", ["corridor"]),
        ("corridor NOT odesa", None),
        ("corridor NOT NOT odesa", ["Odesa", "Odesa", "corridor"]),
        ("tanks OR grain AND corridor", ["Grain", "grain", "corridor"]),
        ("(tanks OR grain) AND jets", None),
        ("grain NEAR/3 ships", ["Grain ships", "ships with Ukrainian grain"]),
        ("ships NEAR/2 grain", ["Grain ships"]),
        ("grain NEAR/1 again", None),
        ("again NEAR/9 three", None),
        ('(corridor OR tanks) NEAR/4 "black sea"', ["corridor across the Black Sea"]),
        ("port NEAR/2 odesa NEAR/2 monday", ["port of Odesa on Monday"]),
        ("ships NEAR/90 ships", None),
        ("title:grain", ["Grain"]),
        ("TITLE: grain", ["Grain"]),
        ("text:grain", ["grain"]),
        ("title:corridor", None),
        ("title:(corridor OR again)", ["again"]),
        ("grain NOT title:again", None),
        ('title:"grain ships" text:monday', ["Grain ships", "Monday"]),
        ("title:(grain NEAR/1 ships)", ["Grain ships"]),
        ('"OR" OR monday', ["Monday"]),
    ],
)
def test_what_is_found(query: str, found: list[str] | None) -> None:
    assert finds(query) == found


def test_a_text_of_one_line_has_no_headline() -> None:
    assert finds("title:grain", "Grain moves.") is None
    assert finds("text:grain", "Grain moves.") == ["Grain"]
    assert finds("title:grain", "Grain moves.\n\n") == ["Grain"]
    assert finds("text:grain", "Grain moves.\n\n") is None
    assert finds("text:grain", "\n\nGrain moves.") == ["Grain"]


@pytest.mark.parametrize(
    ("query", "at", "said"),
    [
        ("", "^", "missing before the end of the query"),
        ("grain AND", "grain AND^", "missing before the end of the query"),
        ("AND grain", "^AND grain", "missing before 'AND'"),
        ("grain OR OR wheat", "grain OR ^OR wheat", "missing before 'OR'"),
        ("(grain OR wheat", "^(grain OR wheat", "this bracket is never closed"),
        ("grain) wheat", "grain^) wheat", "this bracket closes none"),
        ("()", "(^)", "missing before ')'"),
        ('sea "black', 'sea ^"black', "this quotation mark is never closed"),
        ('sea ""', 'sea "^"', '"" holds no word'),
        ("grain *", "grain ^*", "'*' holds no word"),
        ("grain && wheat", "grain ^&& wheat", "'&&' holds no word"),
        ("grain or wheat", "grain ^or wheat", "'or' may be an operator or a word"),
        ("grain NEAR wheat", "grain ^NEAR wheat", "does not say how near"),
        ("grain NEAR/x wheat", "grain ^NEAR/x wheat", "does not say how near"),
        ("grain NEAR/0 wheat", "grain ^NEAR/0 wheat", "NEAR/0 is never true"),
        ("grain NEAR/5", "grain NEAR/5^", "missing before the end of the query"),
        ("grain NEAR/5 (a AND b)", "grain NEAR/5 ^(a AND b)", "NEAR cannot measure from here"),
        ("(a b) NEAR/5 grain", "^(a b) NEAR/5 grain", "NEAR cannot measure from here"),
        ("title:a NEAR/5 b", "^title:a NEAR/5 b", "NEAR cannot measure from here"),
        ("grain titel:sea", "grain ^titel:sea", "there is no field 'titel'"),
        ("title:(a text:b)", "title:(a ^text:b)", "'text:' stands within 'title:'"),
        ("title:", "title:^", "missing before the end of the query"),
        ("(" * 41 + "a" + ")" * 41, "(" * 40 + "^(a" + ")" * 41, "more than 40 brackets"),
        ("a " * 2001, "a " * 2000 + "^a ", "longer than 4000 characters"),
    ],
)
def test_a_mistake_is_pointed_at(query: str, at: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert query[: caught.value.offset] + "^" + query[caught.value.offset :] == at
    assert said in caught.value.problem


@pytest.mark.parametrize(
    ("query", "needed"),
    [
        ("grain", {"grain"}),
        ("grain NOT wheat", {"grain"}),
        ("a OR corridor", {"a", "corridor"}),
        ("(a OR b) corridor", {"corridor"}),
        ('"of the corridor"', {"corridor"}),
        ("mediat* NEAR/5 odesa", {"odesa"}),
        ("mediat*", {"mediat"}),
        ("*diplomacy", {""}),
        ("*diplomacy norway", {"norway"}),
        ("NOT grain", None),
        ("grain OR NOT wheat", None),
    ],
)
def test_the_rarest_words_that_an_article_must_hold(query: str, needed: set[str] | None) -> None:
    found = needs(parse(query))
    assert ({key.word for key in rarest(found)} if found else None) == needed


# --- made at random, and compared with what is so simple that it must be right --------------------------------

WORDS = ("ash", "birch", "cedar", "elm", "fir")


def some_node(dice: random.Random, depth: int, *, measured: bool = False, field: bool = True) -> Node:
    kinds = ["words", "words"] if depth else ["words"]
    if depth:
        kinds += ["near", "or"] if measured else ["near", "or", "and", "not", *(["within"] if field else [])]
    kind = dice.choice(kinds)
    if kind == "words":
        single = parse(
            " ".join(['"', *(dice.choice((*WORDS, "c*", "?ir")) for _ in range(dice.choice((1, 1, 2)))), '"'])
        )
        assert isinstance(single, Words)
        return single
    if kind == "near":
        sides = [some_node(dice, depth - 1, measured=True) for _ in range(2)]
        return Near(sides[0], sides[1], dice.randint(1, 4))
    if kind == "not":
        return Not(some_node(dice, depth - 1, field=field))
    if kind == "within":
        return Within(dice.choice(FIELDS), some_node(dice, depth - 1, field=False))
    parts = tuple(some_node(dice, depth - 1, measured=measured, field=field) for _ in range(dice.randint(2, 3)))
    return Or(parts) if kind == "or" else And(parts)


def spelled(node: Node, dice: random.Random) -> str:
    """Write a node as a query, with every bracket, and operators in any of their forms."""
    if isinstance(node, Words):
        return '"' + " ".join(pattern.text for pattern in node.patterns) + '"'
    if isinstance(node, Near):
        return f"({spelled(node.left, dice)} NEAR/{node.distance} {spelled(node.right, dice)})"
    if isinstance(node, Not):
        return f"({dice.choice(('NOT ', '-'))}{spelled(node.part, dice)})"
    if isinstance(node, Within):
        return f"{node.field}:{dice.choice(('', ' '))}({spelled(node.part, dice)})"
    joint = " OR " if isinstance(node, Or) else dice.choice((" AND ", " "))
    return "(" + joint.join(spelled(part, dice) for part in node.parts) + ")"


def some_text(dice: random.Random) -> str:
    lines = [" ".join(dice.choice(WORDS) for _ in range(dice.randint(0, 5))) for _ in range(2)]
    return "\n\n".join(lines)


def truth(node: Node, title: list[str], body: list[str]) -> bool:
    """Whether a query is true, from its definition."""
    if isinstance(node, Within):
        return truth(node.part, title, []) if node.field == "title" else truth(node.part, [], body)
    if isinstance(node, And):
        return all(truth(part, title, body) for part in node.parts)
    if isinstance(node, Or):
        return any(truth(part, title, body) for part in node.parts)
    if isinstance(node, Not):
        return not truth(node.part, title, body)
    return any(stretches(node, words) for words in (title, body))


def stretches(node: Node, words: list[str]) -> set[tuple[int, int]]:
    if isinstance(node, Words):
        wanted = [re.compile(p.text.replace("*", ".*").replace("?", ".")) for p in node.patterns]
        starts = range(len(words) - len(wanted) + 1)
        return {
            (k, k + len(wanted) - 1) for k in starts if all(w.fullmatch(words[k + n]) for n, w in enumerate(wanted))
        }
    if isinstance(node, Or):
        return {span for part in node.parts for span in stretches(part, words)}
    assert isinstance(node, Near)
    return {
        (min(a, c), max(b, d))
        for a, b in stretches(node.left, words)
        for c, d in stretches(node.right, words)
        if 1 <= max(c - b, a - d) <= node.distance
    }


@pytest.mark.parametrize("seed", range(40))
def test_what_is_written_is_what_is_read_and_found(seed: int) -> None:
    dice = random.Random(seed)
    outcomes = set()
    for _ in range(50):
        node, text = some_node(dice, 3), some_text(dice)
        query = spelled(node, dice)
        assert parse(query) == node, query
        title, body = ([*part.split()] for part in text.split("\n\n"))
        wanted = truth(node, title, body)
        found = Page(text).find(node)
        assert (found is not None) is wanted, (query, text)
        outcomes.add(wanted)
        words = vocabulary(text)
        for need in needs(node) if wanted else ():
            held = (key.word in words if key.whole else any(w.startswith(key.word) for w in words) for key in need)
            assert any(held), (query, text)
    assert outcomes == {True, False}


@pytest.mark.parametrize("seed", range(20))
def test_no_words_at_random_make_it_stumble(seed: int) -> None:
    dice = random.Random(seed)
    scraps = ["grain", "*", "?", '"', "“", "(", ")", "AND", "OR", "NOT", "NEAR/3", "NEAR/", "title:", "x:", "-", "'s",
              "\n", " ", "é", "\u0301", "2.5", "U.S.", "\u202e", "中国", "/", ":", "\x00"]  # fmt: skip
    for _ in range(200):
        query = "".join(dice.choice(scraps) + dice.choice(("", " ")) for _ in range(dice.randint(0, 9)))
        outcome = read(query)
        if isinstance(outcome, int):
            assert 0 <= outcome <= len(query), query
        else:
            Page(ARTICLE).find(outcome)


def read(query: str) -> Node | int:
    """Return what a query means, or the character that is refused."""
    try:
        return parse(query)
    except QueryError as error:
        return error.offset


def test_a_text_that_repeats_itself_takes_no_longer_than_its_length() -> None:
    found = Page("ash " * 50_000).find(parse("ash NEAR/100 (ash NEAR/100 ash)"))
    assert found is not None
    assert len(found) < 4 * 50_000


@pytest.mark.parametrize(
    ("pattern", "words", "too"),
    [
        ("*a*a*a*a*a*a*a*a*a*a*b", {"aaaaaaaaaaab"}, set()),
        ("a*b*", {"ab", "aab", "abc", "axbxc"}, set()),
        ("?*a", {"aa", "xya"}, {"a" * 60, "ba"}),
        ("**a**", {"a", "xax"}, {"a" * 60, "ba"}),
        ("a?c", {"abc"}, set()),
    ],
)
def test_wildcards(pattern: str, words: set[str], too: set[str]) -> None:
    others = ["a" * 60, "b", "ba", "c", "xy"]
    page = Page(" ".join([*others, *sorted(words)]))
    told = {page.text[page.where[first][0] : page.where[last][1]] for first, last in page.find(parse(pattern)) or []}
    assert told - set(others) == words
    assert told & set(others) == too
