"""The query language of keyword watches: what Lucene's users expect, read by recursive descent.

    words         grain                 in any case, with or without accents
    wildcards     mediat*  organi?e     any letters, one letter
    phrases       "good offices"        these words side by side; "ceasefire * agreement" leaves one word open
    both          a AND b, a b          either: a OR b; without: NOT b, -b; ( ) groups
    nearness      a NEAR/5 b            at most five words apart, in any order
    places        title:grain           in the headline; text: below it

AND binds closer than OR, NOT closer than AND, NEAR closest. Operators are written in capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

FIELDS = ("title", "text")
LONGEST, DEEPEST = 4000, 40
"""Characters of a query, and brackets within brackets."""

NO_SUFFIX = r"(?!(?<=[^\W\d_]['’])(?:s|t|re|ve|ll|d|m)\b)"
"""Where no word begins: at the `s` of `Russia's`."""

_PART = re.compile(rf"(?:[A-Z]\.){{2,}}|[*?]*\d(?:[\d*?]|[.,](?=\d))*|(?<![^\W\d_]){NO_SUFFIX}(?:[^\W\d_]|[*?])+")
_SPLIT = re.compile(r'[\s()"“”]')
_NEAR = re.compile(r"NEAR/(\d{1,3})")
_QUOTES = '"“”'
_PLAIN = str.maketrans("ıłøđ", "ilod")


class QueryError(ValueError):
    """A query is wrong at a character.

    Args:
        offset: which, from 0.
        problem: what is wrong, without a full stop.
        mend: what to do about it, without a full stop.
    """

    def __init__(self, offset: int, problem: str, mend: str) -> None:
        super().__init__(offset, problem, mend)
        self.offset, self.problem, self.mend = offset, problem, mend


@dataclass(frozen=True, slots=True)
class Pattern:
    """One word as a query has it, folded; `regex` is None where it has no wildcard."""

    text: str
    regex: re.Pattern[str] | None

    @property
    def prefix(self) -> str:
        """What stands before the first wildcard."""
        return re.split(r"[*?]", self.text, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Words:
    """Words side by side; mostly one."""

    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Both, at most `distance` words apart."""

    left: Node
    right: Node
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of them."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Where it does not stand."""

    part: Node


@dataclass(frozen=True, slots=True)
class Within:
    """In one place of the article only."""

    field: str
    part: Node


Node = Words | Near | And | Or | Not | Within


def fold(word: str) -> str:
    """Return a word as it is compared: in small letters, without accents."""
    if word.isascii():
        return word.lower()
    spread = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in spread if not unicodedata.combining(c)).translate(_PLAIN)


def parse(text: str) -> Node:
    """Read a query.

    Raises:
        QueryError: it is wrong; names the character.
    """
    if len(text) > LONGEST:
        raise QueryError(LONGEST, f"the query is longer than {LONGEST} characters", "make several watches of it")
    return _Parser(text).read()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # ( ) AND OR NOT NEAR field words end
    offset: int
    text: str = ""
    patterns: tuple[Pattern, ...] = ()
    distance: int = 0


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()":
            yield _Token(char, at, char)
            at += 1
        elif char in _QUOTES:
            close = next((k for k in range(at + 1, len(text)) if text[k] in _QUOTES), -1)
            if close < 0:
                raise QueryError(at, "this quotation mark is never closed", 'write the phrase as in "good offices"')
            yield _words(text[at + 1 : close], at + 1, phrase=True)
            at = close + 1
        else:
            end = split.start() if (split := _SPLIT.search(text, at)) else len(text)
            token, at = _bare(text, at, end)
            yield token
    yield _Token("end", len(text), "the end of the query")


def _bare(text: str, at: int, end: int) -> tuple[_Token, int]:
    """Return the token between `at` and `end`, and where the next one begins."""
    word = text[at:end]
    if word in {"AND", "OR", "NOT"}:
        return _Token(word, at, word), end
    if word.upper() in {"AND", "OR", "NOT"}:
        mend = f'write {word.upper()} for the operator, or "{word}" for the word itself'
        raise QueryError(at, f"{word!r} may be an operator or a word", mend)
    if near := _NEAR.fullmatch(word.upper()):
        return _Token("NEAR", at, word, distance=int(near[1])), end
    if word.upper() == "NEAR" or word.upper().startswith("NEAR/"):
        raise QueryError(at, f"{word!r} does not say how near", "write NEAR/5 for at most five words apart")
    if word[0] in "-!" and len(text) > at + 1 and not text[at + 1].isspace():
        return _Token("NOT", at, word[0]), at + 1
    name, colon, _ = word.partition(":")
    if colon and name.lower() in FIELDS:
        return _Token("field", at, name.lower()), at + len(name) + 1
    if colon:
        raise QueryError(
            at, f"there is no field {name!r}", f"use {' or '.join(FIELDS)}, or put the word in quotation marks"
        )
    return _words(word, at, phrase=False), end


def _words(text: str, offset: int, *, phrase: bool) -> _Token:
    parts = [match.group() for match in _PART.finditer(text)]
    if not any(part.strip("*?") for part in parts):
        shown = f'"{text}"' if phrase else repr(text)
        raise QueryError(offset, f"{shown} holds no word to look for", "give it a letter or a digit")
    patterns = tuple(_pattern(part) for part in parts)
    return _Token("words", offset, text, patterns)


def _pattern(part: str) -> Pattern:
    folded = fold(part)
    if not set(folded) & set("*?"):
        return Pattern(folded, None)
    first, *middle = ("".join("." if c == "?" else re.escape(c) for c in piece) for piece in folded.split("*"))
    last = f".*{middle.pop()}" if middle else ""
    # what lies between two stars is taken where it first stands, and never again: no pattern takes long
    return Pattern(folded, re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + last))


class _Parser:
    """One query, read from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at, self._depth, self._field = 0, 0, ""

    def read(self) -> Node:
        node = self._either()
        token = self._peek()
        if token.kind == ")":
            raise QueryError(token.offset, "this bracket closes none", "remove it, or open one before it")
        return node

    def _peek(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _either(self) -> Node:
        parts = [self._both()]
        while self._peek().kind == "OR":
            self._next()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self) -> Node:
        parts = [self._unless()]
        while self._peek().kind in {"AND", "NOT", "words", "field", "("}:
            if self._peek().kind == "AND":
                self._next()
            parts.append(self._unless())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _unless(self) -> Node:
        negated = False
        while self._peek().kind == "NOT":
            self._next()
            negated = not negated
        node = self._near()
        return Not(node) if negated else node

    def _near(self) -> Node:
        first = self._peek().offset
        node = self._place()
        while self._peek().kind == "NEAR":
            token = self._next()
            second = self._peek().offset
            right = self._place()
            for side, offset in ((node, first), (right, second)):
                if not _has_places(side):
                    mend = "join words, phrases and (a OR b) with it; a field goes before brackets: title:(a NEAR/5 b)"
                    raise QueryError(offset, "NEAR cannot measure from here", mend)
            if not token.distance:
                raise QueryError(token.offset, "NEAR/0 is never true", "write NEAR/1 for side by side")
            node = Near(node, right, token.distance)
        return node

    def _place(self) -> Node:
        if self._peek().kind != "field":
            return self._one()
        token = self._next()
        if self._field:
            raise QueryError(token.offset, f"'{token.text}:' stands within '{self._field}:'", "take one of them away")
        self._field = token.text
        node = Within(token.text, self._one())
        self._field = ""
        return node

    def _one(self) -> Node:
        token = self._next()
        if token.kind == "words":
            return Words(token.patterns)
        if token.kind != "(":
            self._at -= 1
            said = token.text if token.kind == "end" else repr(token.text)
            raise QueryError(
                token.offset, f"a word, a phrase or a bracket is missing before {said}", "add or remove one"
            )
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError(token.offset, f"there are more than {DEEPEST} brackets within brackets", "simplify it")
        node = self._either()
        if self._peek().kind != ")":
            raise QueryError(token.offset, "this bracket is never closed", "add ')' where it ends")
        self._next()
        self._depth -= 1
        return node


def _has_places(node: Node) -> bool:
    """Whether a part stands at words whose distance can be measured."""
    if isinstance(node, Words):
        return True
    if isinstance(node, Near):
        return _has_places(node.left) and _has_places(node.right)
    return isinstance(node, Or) and all(_has_places(part) for part in node.parts)
