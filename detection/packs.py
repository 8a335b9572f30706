"""Languages beside English: their verbs expanded to all forms, their grammar words glossed.

A language file says which words read as which English ones (`gloss`), which verbs do (`verbs`), and by which endings
the forms of a verb are told. Irregular forms come from simplemma's dictionary (MIT), which maps a form to its verb;
regular ones are made from the endings, since that dictionary leaves out forms that are nouns as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from detection.gloss import Gloss, Lows
from detection.lexicon import Form, Lexicon
from detection.text import words
from detente import yamlfile
from detente.errors import ConfigError


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ending(_Entry):
    """Endings of one form of a verb, and the auxiliaries that it reads with.

    A `whole` ending follows the stem as it is; any other may follow a changed stem (`pid-ió` of `ped-ir`).
    """

    form: Form
    ends: tuple[str, ...]
    whole: bool = False
    reads: tuple[str, ...] = ()


class PackFile(_Entry):
    """What the file of a language beside English holds.

    `gloss` is by the English words that others read as; `verbs` likewise by the English verb. `endings` are by the
    ending of the infinitive; the first that fits a form decides. `irregular` adds forms that dictionaries lack.
    """

    code: str
    abbreviations: tuple[str, ...] = ()
    gloss: dict[str, tuple[str, ...]]
    verbs: dict[str, tuple[str, ...]]
    endings: dict[str, tuple[Ending, ...]]
    irregular: dict[str, dict[Form, tuple[str, ...]]] = {}


Forms = dict[str, tuple[Form, Lows]]
"""The forms of one verb: for each word which form it is, and the auxiliaries that it reads with."""


def load_pack(file: Path, english: Lexicon, triggers: Iterable[str]) -> Lexicon:
    """Read a language file; the language then has English grammar over its own words.

    Args:
        file: the language's file.
        english: the lexicon whose word sets its grammar words read as.
        triggers: the verbs of the language's rules, as infinitives.

    Raises:
        ConfigError: the file is wrong.
    """
    read = yamlfile.validate(PackFile, yamlfile.load(file))
    glossed = {verb: base for base, verbs in read.verbs.items() for verb in verbs}
    unknown = next((v for v in sorted({*triggers, *glossed}) if not v.endswith(tuple(read.endings))), None)
    if unknown:
        mend = f"write the infinitive; it ends in {', '.join(read.endings)}"
        raise ConfigError(file, None, f"{unknown!r} is no verb of {read.code!r}", mend)
    expanded = expand(read, {*triggers, *glossed})
    table: dict[Lows, Lows] = {}
    own: dict[str, dict[str, set[Form]]] = {}
    for verb, forms in expanded.items():
        as_english = {form: word for word, known in english.forms(glossed.get(verb, "be")).items() for form in known}
        for word, (form, auxiliaries) in forms.items():
            plain = Form.BASE if auxiliaries else form
            reads = as_english[plain] if verb in glossed else word
            table.setdefault((word,), (*auxiliaries, reads))
            own.setdefault(verb, {}).setdefault(reads, set()).add(plain if verb in glossed else form)
    for lows, phrases in read.gloss.items():
        for phrase in phrases:
            table[tuple(word.low for word in words(phrase))] = tuple(lows.split())
    shortened = frozenset(read.abbreviations)
    return replace(english, code=read.code, gloss=Gloss(table), own_forms=own, abbreviations=shortened)


def expand(read: PackFile, verbs: set[str]) -> dict[str, Forms]:
    """Return the forms of verbs: the regular ones, those that simplemma's dictionary has, and the file's own."""
    found = {verb: _regular(read, verb) for verb in verbs}
    # A factory with a cache refers to itself: 80 MB would stay until the garbage collector comes by, if it ever does.
    for word, verb in DefaultDictionaryFactory(cache_max_size=0).get_dictionary(read.code).items():
        if verb in verbs and (ending := _ending(read, verb, word)):
            found[verb].setdefault(word, (ending.form, ending.reads))
    for verb in verbs & read.irregular.keys():
        found[verb].update({word: (form, ()) for form, listed in read.irregular[verb].items() for word in listed})
    return found


def _regular(read: PackFile, verb: str) -> Forms:
    stem = verb[: -len(_class(read, verb))]
    found: Forms = {verb: (Form.BASE, ("to",))}
    for ending in read.endings[_class(read, verb)]:
        for end in ending.ends if ending.whole else ():
            found.setdefault(stem + end, (ending.form, ending.reads))
    return found


def _class(read: PackFile, verb: str) -> str:
    return next(end for end in read.endings if verb.endswith(end))


def _ending(read: PackFile, verb: str, form: str) -> Ending | None:
    stem = verb[: -len(_class(read, verb))]
    for ending in read.endings[_class(read, verb)]:
        if any(form == stem + end if ending.whole else form.endswith(end) for end in ending.ends):
            return ending
    return None
