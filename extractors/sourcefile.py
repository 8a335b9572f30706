"""Publishers put at the end of a sources file: the rest of it stays as it stands, byte for byte.

The file is edited as text, since a YAML writer would lose its comments and its layout.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from detente import yamlfile
from detente.errors import ConfigError, UsageError
from detente.models import Source, SourceKind
from extractors.sources import load_sources

# What YAML counts as the end of a line.
_LINE = re.compile(r"[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029]|$)")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?: [A-Za-z0-9-]+)*")
# Some readers of YAML take these for something other than words; `no` is also Norwegian.
_NO_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"})


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to write; `language` only where it is not the publisher's."""

    id: str
    kind: SourceKind
    url: str
    language: str | None = None
    links: str | None = None


@dataclass(frozen=True, slots=True)
class NewPublisher:
    """A publisher to write, with at least one source."""

    id: str
    name: str
    language: str
    sources: tuple[NewSource, ...]
    family: str | None = None
    country: str | None = None

    def loaded(self) -> tuple[Source, ...]:
        """Return its sources as `load_sources` will."""
        return tuple(
            Source(
                item.id,
                item.kind,
                item.url,
                self.id,
                self.family or self.id,
                item.language or self.language,
                self.country,
                item.links,
            )
            for item in self.sources
        )


def free_id(wanted: str, taken: set[str]) -> str:
    """Return a lower case id made of `wanted` that is not among `taken`, and add it to them."""
    base = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:70].strip("-") or "site"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def append_publishers(file: Path, publishers: Sequence[NewPublisher]) -> None:
    """Write publishers after the last one of a sources file. The file is replaced whole, or stays as it is.

    Raises:
        ConfigError: the file is wrong as it stands.
        UsageError: an entry does not fit, or the file cannot be written.
    """
    target = file.resolve()  # a link stays a link
    before = load_sources(target)
    wanted = (*before, *(source for item in publishers for source in item.loaded()))
    old = target.read_bytes()
    new = _inserted(target, old.decode("utf-8"), publishers)
    making = target.with_name(f".{target.name}.new-{os.getpid()}")
    try:
        with making.open("wb") as out:
            out.write(new.encode("utf-8"))
            out.flush()
            os.fsync(out.fileno())
        shutil.copymode(target, making)
        _check(making, wanted, target)
        if target.read_bytes() != old:
            raise UsageError(f"{target} was changed by someone else meanwhile; try again")
        making.replace(target)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}; check its permissions") from None
    finally:
        making.unlink(missing_ok=True)


def _check(made: Path, wanted: Sequence[Source], target: Path) -> None:
    try:
        found = load_sources(made)
    except ConfigError as error:
        raise UsageError(f"{target} was left as it is, for the new entry would not fit: {error.problem}") from None
    if found != tuple(wanted):
        raise UsageError(f"{target} was left as it is: its layout takes no entry at its end; add it by hand")


def _inserted(file: Path, text: str, publishers: Sequence[NewPublisher]) -> str:
    root = yamlfile.load(file).node
    values = root.value if isinstance(root, yaml.MappingNode) else ()
    node = next((value for key, value in values if key.value == "publishers"), None)
    if not isinstance(node, yaml.SequenceNode):
        raise UsageError(f"{file} has no list of publishers; start it with 'publishers:'")
    lines = _LINE.findall(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    if node.flow_style:
        return _in_brackets(node, lines, publishers, newline)
    dash = node.start_mark.column
    at = _line_after(node.value[-1], dash, lines)
    before, after = "".join(lines[:at]), "".join(lines[at:])
    if before and not re.search(r"[\r\n\x85\u2028\u2029]$", before):
        before += newline
    block = "\n".join(line for item in publishers for line in _block(item))
    indented = "".join(" " * dash + line + newline for line in block.split("\n"))
    return before + indented + after


def _line_after(last: yaml.Node, dash: int, lines: Sequence[str]) -> int:
    """Return the number, from 0, of the line before which a new item goes: after the comments that lie deeper."""
    while not getattr(last, "flow_style", True) and last.value:  # a block ends where what follows it begins
        tail = last.value[-1]
        last = tail[1] if isinstance(tail, tuple) else tail
    mark = last.end_mark
    at: int = mark.line if mark.column == 0 else mark.line + 1
    here = at
    while here < len(lines):
        line = lines[here]
        bare = line.lstrip(" ")
        if bare.strip() and not (bare.startswith("#") and len(line) - len(bare) > dash):
            break
        here += 1
        if bare.strip():
            at = here
    return at


def _in_brackets(
    node: yaml.SequenceNode, lines: Sequence[str], publishers: Sequence[NewPublisher], newline: str
) -> str:
    """Write into a list in brackets, as JSON has it; into an empty one as a block."""
    mark = node.end_mark
    text, end = "".join(lines), sum(map(len, lines[: mark.line])) + mark.column
    if not node.value and "\n" not in text[end - 2 : end] and text[: end - 2].rstrip(" ").endswith("publishers:"):
        block = "".join(f"{newline}  {line}" for item in publishers for line in _block(item))
        return text[: end - 2].rstrip(" ") + block + text[end:]
    last = node.value[-1].end_mark if node.value else None
    begin = sum(map(len, lines[: last.line])) + last.column if last else end
    comma = "" if last is None or "," in text[begin : end - 1] else ", "
    entries = ", ".join(json.dumps(_plain(item), ensure_ascii=False) for item in publishers)
    return f"{text[: end - 1]}{comma}{entries}{text[end - 1 :]}"


def _plain(item: NewPublisher) -> dict[str, object]:
    found: dict[str, object] = {"id": item.id, "name": item.name}
    found |= {"family": item.family} if item.family else {}
    found |= {"country": item.country} if item.country else {}
    return {**found, "language": item.language, "sources": [_plain_source(source) for source in item.sources]}


def _plain_source(source: NewSource) -> dict[str, str]:
    found = {"id": source.id, "kind": source.kind.value, "url": source.url}
    found |= {"language": source.language} if source.language else {}
    return {**found, "links": source.links} if source.links else found


def _block(item: NewPublisher) -> list[str]:
    plain = _plain(item)
    scalars = [f"{key}: {_scalar(str(value))}" for key, value in plain.items() if key != "sources"]
    lines = [f"- {scalars[0]}", *(f"  {line}" for line in scalars[1:]), "  sources:"]
    for source in item.sources:
        pairs = ", ".join(f"{key}: {_scalar(value)}" for key, value in _plain_source(source).items())
        lines.append(f"    - {{{pairs}}}")
    return lines


def _scalar(value: str) -> str:
    """Return a word as it stands, anything else in JSON's quotes, which are YAML's double ones."""
    plain = _PLAIN.fullmatch(value) and value.lower() not in _NO_WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)
