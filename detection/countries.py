"""The names of states as Unicode's CLDR has them, beside those of the actor files: what differs, and taking it over.

`python -m detection.countries` lists the names of today's states that `seeds/actors/` lacks (exit code 1 if any);
with `--write` it adds them. `python -m detection.countries es` prints CLDR's names in another language, to write a
language's own actor file from. CLDR (through the package babel) knows names alone: demonyms, capitals and people
stay our own lists. Its licence is the Unicode licence, which permits copies.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from babel import Locale
from babel.core import get_global

from detection.actors import load_actors
from detente.desk import SEEDS

ACTORS = SEEDS / "actors"
FORMER = frozenset({"CSK", "DDR", "SUN", "YUG"})
"""States that are no more; CLDR gives their codes the names of the states that followed."""
_BEYOND_ISO = {"XKX": "XK"}  # Kosovo's code is in use, and in no standard


def cldr_names(language: str, codes: Mapping[str, object] | frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return CLDR's names of states in a language, by alpha-3 code; codes that it does not know are left out.

    `Myanmar (Burma)` is two names, `Congo - Kinshasa` is written with a hyphen, `&` as the language writes `and`.

    Raises:
        babel.UnknownLocaleError: there is no such language.
    """
    locale, aliases = Locale.parse(language), get_global("territory_aliases")
    joint = {"en": " and ", "es": " y "}.get(locale.language, " & ")
    found: dict[str, tuple[str, ...]] = {}
    for code in codes:
        territories = [_BEYOND_ISO[code]] if code in _BEYOND_ISO else aliases.get(code, ())
        if code in FORMER or len(territories) != 1:
            continue
        name = locale.territories[territories[0]].replace("’", "'").replace(" & ", joint).replace(" - ", "-")
        found[code] = tuple(part for part in re.split(r" \(|\)", name) if part)
    return found


def missing(folder: Path = ACTORS) -> dict[str, tuple[str, ...]]:
    """Return the English names of today's states that a folder of actor files lacks, by the states' ids.

    Raises:
        ConfigError: one of the files is wrong.
    """
    states = {actor.id: actor for actor in load_actors(folder).by_id.values() if actor.kind == "state"}
    lacking = {code: tuple(n for n in names if n not in states[code].names)
               for code, names in cldr_names("en", states).items()}  # fmt: skip
    return {code: names for code, names in lacking.items() if names}


def add(text: str, code: str, names: tuple[str, ...]) -> str:
    """Return an actor file's text with more names for one of its actors, at the end of its list; else unchanged."""
    listed = re.search(rf"^  - id: {code}\n(?:(?!  - id: ).*\n)*?    names: \[[^\]]*", text, re.MULTILINE)
    return f"{text[: listed.end()]}, {', '.join(names)}{text[listed.end() :]}" if listed else text


def main(arguments: list[str]) -> int:
    """Print what differs, or a language's names; with `--write` take over what differs. Returns the exit code."""
    write = "--write" in arguments
    languages = [word for word in arguments if not word.startswith("-")]
    if languages:
        states = load_actors(ACTORS).by_id
        for code, names in sorted(cldr_names(languages[0], states).items()):
            print(f"  - {{id: {code}, names: [{', '.join(names)}]}}")  # noqa: T201  # a script's answer
        return 0
    lacking = missing()
    for code, names in lacking.items():
        print(f"{code}: CLDR also says {', '.join(names)}")  # noqa: T201  # a script's answer
    for file in sorted(ACTORS.glob("states-*.yaml")) if write else ():
        text = before = file.read_text(encoding="utf-8")
        for code, names in lacking.items():
            text = add(text, code, names)
        if text != before:
            file.write_text(text, encoding="utf-8")
    return int(bool(lacking) and not write)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
