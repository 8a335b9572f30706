"""YAML that people write: read with line numbers, checked against a pydantic model, refused in one line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from detente.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)

Spot = tuple[Path, tuple[int, int] | None]
"""A file, and where an entry of it begins (line and column, from 0); None is the file as a whole."""

left_out: ContextVar[frozenset[Spot]] = ContextVar("left_out", default=frozenset())
"""What `load` passes over as if it were not written; `detente.leaving` sets it."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the fast one where libyaml is there
    """YAML 1.2 booleans: only true and false. `on`, `no` and `off` are words, which rules are full of."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(?:true|false|True|False)$"), list("tfTF"))


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its data, and the node tree that knows the lines."""

    file: Path
    data: Any
    node: yaml.Node | None
    text: str = ""

    def line(self, path: tuple[int | str, ...]) -> int | None:
        """Return the line, from 1, of the place that `path` (keys and indices) leads to, or its nearest parent."""
        node, line = self.node, None
        for step in path:
            if node is None:
                break
            line = line or node.start_mark.line + 1
            node, key_line = _descend(node, step)
            if node is not None:
                line = key_line or node.start_mark.line + 1
        return line

    def character(self, path: tuple[int | str, ...], offset: int) -> tuple[int, int] | None:
        """Return line and column, from 1, of a character of the string that `path` leads to; None if it is none."""
        node = self.node
        for step in path:
            node = _descend(node, step)[0] if node is not None else None
        if not isinstance(node, yaml.ScalarNode):
            return None
        at = _source(self.text, node.start_mark.index, node.value, offset)
        before = self.text[:at]
        return before.count("\n") + 1, at - before.rfind("\n")


def load(file: Path) -> Document:
    """Read a YAML file of plain data (no tags, no duplicate keys), without what is `left_out` of it.

    Raises:
        ConfigError: it cannot be read, is no UTF-8, no YAML, or names a key twice.
    """
    passed_over = {place for left, place in left_out.get() if left == file}
    if None in passed_over:
        return Document(file, {}, None)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(file, None, "the file is missing", "make a desk with 'detente init DIR'") from None
    except UnicodeDecodeError as error:
        raise ConfigError(file, None, f"byte {error.start} is no UTF-8", "save the file as UTF-8") from None
    except OSError as error:
        raise ConfigError(file, None, error.strerror or "it cannot be read", "check its permissions") from None
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            for listed, _ in _lists(node) if passed_over else ():
                listed.value = [item for item in listed.value if _begins(item) not in passed_over]
            _refuse_duplicates(file, node)
            data = loader.construct_document(node) if node is not None else {}
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        line = mark.line + 1 if mark else None
        raise ConfigError(file, line, f"no valid YAML: {problem}", "check indentation, colons and quotes") from None
    return Document(file, data, node, text)


def entries_at(file: Path, line: int, lists: Collection[tuple[str, ...]]) -> tuple[Spot, ...]:
    """Return the entries of certain lists that a line lies in, the innermost first; none where two share it.

    Args:
        file: where it cannot be parsed, there are no entries.
        line: from 1.
        lists: the lists by the keys that lead there.
    """
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), _Loader)
    except (OSError, ValueError, yaml.YAMLError):
        return ()
    found: list[Spot] = []
    for listed, path in _lists(node):
        inside = [item for item in listed.value if item.start_mark.line < line <= _last_line(item)]
        if len(inside) > 1:
            break
        if inside and path in lists:
            found.append((file, _begins(inside[0])))
    return tuple(reversed(found))


def validate(model: type[Model], document: Document, over: Mapping[str, Mapping[str, Any]] | None = None) -> Model:
    """Return `document` as a `model`; `over` holds values by section and field that win over the file.

    Raises:
        ConfigError: the first thing that does not fit, with its line and, for an unknown key, the nearest known one.
    """
    data = document.data
    if not isinstance(data, dict):
        raise ConfigError(document.file, 1, "the file holds no mapping", "start it with 'key: value' lines")
    if over:
        data = dict(data)
        for section, fields in over.items():
            data[section] = {**(data.get(section) or {}), **fields}
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = _first(error)
        path = tuple(first["loc"])
        raise ConfigError(document.file, document.line(path), *_explain(model, first)) from None


def _first(error: ValidationError) -> Any:
    """Return the first mistake; where a key is missing beside an unknown one, that one, since it is misspelt."""
    found = error.errors()
    if found[0]["type"] != "missing":
        return found[0]
    beside = (item for item in found if item["type"] == "extra_forbidden" and item["loc"][:-1] == found[0]["loc"][:-1])
    return next(beside, found[0])


def _source(text: str, start: int, value: str, offset: int) -> int:
    """Return where in a file the character at `offset` of a scalar stands that begins at `start`.

    The file's characters are followed along the value's: what the value lacks (quotation marks, the indentation of
    further lines, the backslash of an escape) is passed over.
    """
    at = start + 1 if text[start : start + 1] in {"'", '"'} else start
    if text[start : start + 1] in {"|", ">"}:
        at = text.find("\n", start) + 1
    for position, char in enumerate(value[: offset + 1]):
        while at < len(text) and text[at] != char and not (text[at].isspace() and char.isspace()):
            at += 1
        if position < offset:
            at += 1
            while char.isspace() and not value[position + 1].isspace() and at < len(text) and text[at].isspace():
                at += 1
    return at


def _descend(node: yaml.Node, step: int | str) -> tuple[yaml.Node | None, int | None]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], None
    return None, None


def _begins(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line, node.start_mark.column


def _last_line(node: yaml.Node) -> int:
    """Return the last line of a node, from 1: a block's own end mark stands at whatever comes after it."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        return int(node.end_mark.line) + (node.end_mark.column > 0)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _lists(node: yaml.Node | None, path: tuple[str, ...] = ()) -> Iterator[tuple[yaml.SequenceNode, tuple[str, ...]]]:
    """Yield every list at or below a node with the keys that lead there, outer ones before those inside them."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _lists(value, (*path, str(name.value)))
    elif isinstance(node, yaml.SequenceNode):
        yield node, path
        for item in node.value:
            yield from _lists(item, path)


def _refuse_duplicates(file: Path, node: yaml.Node | None) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise ConfigError(file, key.start_mark.line + 1, f"the key {key.value!r} stands twice", "remove one")
            seen.add(key.value)
            _refuse_duplicates(file, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_duplicates(file, item)


def _explain(model: type[BaseModel], error: Any) -> tuple[str, str]:
    place = ".".join(str(step) for step in error["loc"])
    name = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, _field_names(model), n=1)
        return (
            f"unknown key {name!r}",
            f"did you mean {near[0]!r}?" if near else "remove it or correct its name",
        )
    if error["type"] == "missing":
        return (
            f"{name!r} is missing in {'.'.join(map(str, error['loc'][:-1])) or 'the file'}",
            f"add '{name}: …'",
        )
    message = error["msg"].removeprefix("Value error, ")
    mend = f"it says {error['input']!r:.80}: correct it"
    if model.model_config.get("hide_input_in_errors"):  # the file may hold credentials
        mend = "correct it"
    return f"{place}: {message[:1].lower()}{message[1:]}", mend


def _field_names(model: type[BaseModel]) -> list[str]:
    """Every key that the model and the models inside it know."""
    names: list[str] = []
    queue, seen = [model], set()
    while queue:
        here = queue.pop()
        if here in seen:
            continue
        seen.add(here)
        for name, info in here.model_fields.items():
            names.append(info.alias or name)
            queue += _models_in(info.annotation)
    return names


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in getattr(annotation, "__args__", ()) for model in _models_in(inner)]
