"""How a word is used: as a verb or as a noun, and whether whom it acts on stands before it. Told by its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detection.lexicon import Form, Lexicon
from detection.text import Word

PAST_FORMS = frozenset({Form.PARTICIPLE, Form.PAST})
"""Forms that a passive has; a regular verb has one word for both."""

_BEHIND_NOUNS = frozenset({"by", "of", "on", "against", "at", "over", "between"})
"""What follows a noun rather than a verb: `strikes at airports`, `strike over pay`."""

_NO_PASTS = frozenset({"cut", "found", "hit", "left", "put", "set", "shot", "shut", "split", "wound"})
"""Past forms that are other words as well: `jails left-wing activists`."""

_LEADING = frozenset({"by", "of", "from", "amid", "to", "under"})
"""Prepositions that a noun in -ing follows, where nothing is there that a verb could act on."""

_NOUN_LEADS = frozenset(
    {"'s", "the", "a", "an", "its", "their", "his", "her", "our", "this", "that's", "these", "those", "such"}
)
"""Words that a noun follows."""

_GRADES = frozenset({"more", "most", "less", "least", "very", "so", "too", "increasingly", "particularly"})
"""Words that make an adjective of a word in -ing: `more devastating bombings`."""

_SOME = frozenset({"one", "some", "many", "most", "two", "three", "several", "none", "each", "all", "any", "few"})
"""Words that count what follows them: `one of the bombs`."""

_BASE = frozenset({Form.BASE})
_INFLECTED = PAST_FORMS | {Form.ING}
_NOUN_LIKE = frozenset({Form.BASE, Form.ING})

_OWN_OBJECTS = frozenset({"fire", "gunfire", "shots", "war", "battle"})
"""Nouns that a verb has with it; nobody else is acted on then: `guards opened fire on looters`."""

_WHERE = frozenset({"in", "at", "near", "on", "during", "outside", "inside"})

HEADLINE = 14
"""A headline has fewer words."""


def is_verb(sentence: Sequence[Word], position: int, forms: frozenset[Form], lexicon: Lexicon) -> bool:
    """Whether the word is used as a verb here, judged by its neighbours: `strikes` after `air` or `the` is not."""
    before = sentence[position - 1].low if position else ""
    after = sentence[position + 1].low if position + 1 < len(sentence) else ""
    if before in _NOUN_LEADS or _is_attribute(sentence, position, forms, lexicon):
        return False
    if forms & _NOUN_LIKE and after in lexicon.status.heads and sentence[position + 1].before == " ":
        return False  # `watches a bomb plot tape`, `a stoning sentence`
    finite = after in lexicon.have_forms or after in lexicon.be_forms
    if Form.ING in forms and before in _LEADING and (not after or after in lexicon.prepositions):
        return False  # `towns hit by shelling`
    if not forms.isdisjoint(_INFLECTED):
        noun = finite or after == "between" or before in _GRADES  # `fighting has stopped`
        noun = Form.ING in forms and (noun or _is_subject(sentence, position, lexicon))
        return not noun or before in lexicon.be_forms
    if forms == _BASE:
        return _can_precede_base(sentence, position, lexicon)
    if sentence[position].low in lexicon.no_nouns:
        return True
    folk = position > 0 and sentence[position - 1].text[:1].isupper() and before.endswith(("ish", "ese"))  # `Kurdish`
    led = folk or before.endswith(("ed", "ing")) or _ends_phrase(sentence, position, lexicon)
    led = led or _is_led_by_agent(sentence, position) or (before == "and" and _is_listed(sentence, position, lexicon))
    led = led or before == "police" or _is_one_of(sentence, position)
    led = led or not (position or lexicon.gloss)  # `Clashes with the army have …`: no sentence begins with a verb in -s
    if led or any(before in listed for listed in _no_subjects(lexicon)) or _is_counted(sentence, position):
        return False
    counted = after in {"at", "over"} and _counts(sentence, position + 2)
    is_noun = (after in _BEHIND_NOUNS and not counted) or after.endswith("ed")
    is_noun = is_noun or finite or (after in lexicon.pasts and after not in _NO_PASTS)
    is_noun = is_noun or (after == "to" and _is_led(sentence, position, lexicon))
    is_noun = is_noun and not lexicon.gloss  # `media entre` is a verb: other languages tell by the form
    return not is_noun and not before.isdigit()


def _is_one_of(sentence: Sequence[Word], position: int) -> bool:
    """Whether a word in -s says of what somebody counts some: `one of the booby-trap bombs that they hid`."""
    for k in range(position - 1, max(1, position - 5), -1):
        if sentence[k].low in {"the", "these", "those", "its", "their"}:
            return sentence[k - 1].low == "of" and sentence[k - 2].low in _SOME
        if sentence[k].before not in {" ", "-"} or sentence[k].low.endswith("s"):
            return False
    return False


def _is_listed(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> bool:
    """Whether a word in -s behind `and` is one of several things: `riots and clashes with the police have become …`."""
    if position < 2 or not sentence[position - 2].low.endswith("s"):
        return False
    for word in sentence[position + 1 : position + 9]:
        if "," in word.before or word.low in lexicon.clause_openers or word.low == "and":
            return False
        if word.low in lexicon.have_forms or word.low in {"are", "were"}:
            return True
    return False


def _is_subject(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> bool:
    """Whether a word in -ing ends a phrase that another verb follows: `hurt in an IRA bombing chained herself to`."""
    if position + 2 >= len(sentence) or sentence[position + 1].before != " ":
        return False
    after, then = sentence[position + 1].low, sentence[position + 2].low
    told = after in lexicon.pasts or after.endswith("ed")
    closed = then in lexicon.determiners or then in lexicon.prepositions or then[:1].isdigit() or then.endswith("self")
    if not told or not closed or after in lexicon.prepositions:
        return False
    for word in reversed(sentence[max(0, position - 4) : position]):
        if word.low in {"a", "an"}:
            return True
        if word.before != " " or word.low in lexicon.prepositions or word.low in lexicon.auxiliaries:
            return False
    return False


def is_passive(sentence: Sequence[Word], position: int, forms: frozenset[Form], lexicon: Lexicon) -> bool:
    """Whether a form of `be` stands in the verb's group: `was not formally asked`."""
    if not forms & PAST_FORMS:
        return False
    return any(word.low in lexicon.be_forms for word in _verb_group(sentence, position, lexicon))


def is_bare_passive(sentence: Sequence[Word], first: int, last: int, forms: frozenset[Form], lexicon: Lexicon) -> bool:
    """Whether a headline left `were` out: `Four civilians killed as troops shell a town`."""
    if not forms >= {Form.PAST, Form.PARTICIPLE} or not first or sentence[first - 1].low in lexicon.have_forms:
        return False
    if last + 2 < len(sentence) and sentence[last + 2].low in lexicon.calendar:
        return False  # `threatened on Monday to secede`
    if last + 2 < len(sentence) and sentence[last + 1].low == "at" and sentence[last + 2].low in {"least", "most"}:
        return False  # `killed at least six`
    if sentence[last].low in _OWN_OBJECTS:
        return False
    after = sentence[last + 1].low if last + 1 < len(sentence) else ""
    return after in lexicon.clause_openers or after in _WHERE


def is_asked_to(
    sentence: Sequence[Word],
    first: int,
    last: int,
    found: tuple[int, int],
    forms: frozenset[Form],
    lexicon: Lexicon,
) -> bool:
    """Whether a verb of asking is passive, with its infinitive right behind: `Russia (was) urged to mediate`."""
    if found[0] != last + 2 or sentence[last + 1].low != "to" or not forms & PAST_FORMS:
        return False
    return sentence[first].low in lexicon.asking and sentence[max(first - 1, 0)].low not in lexicon.have_forms


def is_headline_passive(sentence: Sequence[Word], first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a headline left `were` out: nothing follows that the verb could act on, and nothing leads to the object.

    `Villages shelled in the night` tells of the villages, `among the villages shelled` explains them.
    """
    after, before = last + 1, [sentence[k].low for k in range(max(0, first - 2), first)]
    if any(word in lexicon.prepositions for word in before):
        return False
    return after >= len(sentence) or sentence[after].low in lexicon.prepositions


def _is_counted(sentence: Sequence[Word], position: int) -> bool:
    """Whether a number two words before makes it a noun: `33 political murders`; not `in 2020 Russia attacks`."""
    if position < 2 or sentence[position - 1].text[:1].isupper() or sentence[position].before != " ":
        return False
    return sentence[position - 2].text.isdigit() and not sentence[position - 1].low.endswith("s")


def _is_attribute(sentence: Sequence[Word], position: int, forms: frozenset[Form], lexicon: Lexicon) -> bool:
    """Whether a word belongs to a noun: `UN-brokered truce`, `aid to displaced families`, `the Tigers' attacks`."""
    gap, participle = sentence[position].before, forms <= PAST_FORMS
    joined = Form.BASE in forms and position + 1 < len(sentence) and sentence[position + 1].before == "-"
    if gap == "-" or joined:  # `army bomb-disposal squads`
        return True  # verbs with a hyphen of their own begin before it
    if not position or gap.strip() in {";", ":", "|"}:  # `Ousted President Nobody said`
        after = sentence[position + 1 : position + 2]
        named = bool(after) and after[0].before == " " and _is_content(after[0], lexicon)
        return participle and named
    if lexicon.gloss:
        return False
    before_it = sentence[position - 1]
    if participle and position > 1 and before_it.low.endswith("ly"):
        before_it = sentence[position - 2]  # `on illegally occupied islands`
    before = before_it.low
    led = gap == " " and before in lexicon.prepositions and before not in lexicon.clause_openers
    counted = before in lexicon.determiners or (before.isdigit() and before_it.before == " ")  # not `M23`
    led = led or (gap == " " and counted and _is_plural(sentence, position + 1, lexicon))
    return (participle and led) or (before.endswith("s") and gap[:1] in {"'", "’"})


def _is_plural(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> bool:
    """Whether a noun follows in the plural: `four imprisoned militants`; not `four arrested as`."""
    after = sentence[position] if position < len(sentence) else None
    return after is not None and after.before == " " and after.low.endswith("s") and _is_content(after, lexicon)


def _is_led(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> bool:
    """Whether a preposition leads the phrase that a word ends: `went on hunger strike in German jails to demand`."""
    return position > 1 and sentence[position - 2].low in lexicon.prepositions


def _is_led_by_agent(sentence: Sequence[Word], position: int) -> bool:
    """Whether `by` and a name stand before a word in -s: `families displaced by Boko Haram attacks around the lake`."""
    first = position - 1
    while first > 0 and sentence[first].text[:1].isupper() and sentence[first].before == " ":
        first -= 1
    return 0 <= first < position - 1 and sentence[first].low == "by"


def _counts(sentence: Sequence[Word], position: int) -> bool:
    """Whether a number begins there: `kills at least five`, `kills over 40`, and not `strikes at ports`."""
    low = sentence[position].low if position < len(sentence) else ""
    return low in {"least", "most"} or low[:1].isdigit()


def _is_content(word: Word, lexicon: Lexicon) -> bool:
    """Whether a word is none of grammar, and no number."""
    closed = (lexicon.prepositions, lexicon.clause_openers, lexicon.determiners, lexicon.auxiliaries, {"and", "or"})
    return not word.low[:1].isdigit() and not any(word.low in listed for listed in closed)


def _ends_phrase(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> bool:
    """Whether a word ends what a preposition leads: `demanded their release from Chadian jails, where`."""
    led = (
        position > 1
        and sentence[position - 1].text[:1].isupper()
        and sentence[position - 2].low in lexicon.prepositions
    )
    return led and (position + 1 == len(sentence) or "," in sentence[position + 1].before)


def _no_subjects(lexicon: Lexicon) -> tuple[frozenset[str], ...]:
    """The words that a noun follows and no verb: `in clashes`, `two strikes`, `the recent attacks`."""
    return lexicon.prepositions, lexicon.determiners, lexicon.no_subjects


def _can_precede_base(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> bool:
    if position == 0:
        return bool(lexicon.gloss)  # `Mass killings`: English news commands nobody
    before = sentence[position - 1]
    if before.low.endswith("ly") and before.text.islower() and position > 1:
        before = sentence[position - 2]  # `rebels briefly take a town`
    if before.low == "to":
        return True
    if _is_named(sentence, position):
        return False
    if before.low.isdigit() or before.low in lexicon.be_forms:
        return False
    if any(before.low in listed for listed in _no_subjects(lexicon)):
        return False
    return (
        before.low in lexicon.auxiliaries
        or before.low in {"and", "or", "n't", "'t", "we", "they", "who"}
        or before.low.endswith(("s", "men"))
        or before.low in lexicon.collectives
        or "," in sentence[position].before
        or (before.text[:1].isupper() and _is_of_several(sentence, position, lexicon))
        or sentence[position].low in lexicon.bare_verbs
        or _has_two_heads(sentence, position, lexicon)
    )


def _is_of_several(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> bool:
    """Whether a bare verb may follow a name: `Iran, Syria attack`, `police in Kenya disperse …`, `will Chad expel`.

    With a name alone before it the word is a noun: `the Iraq murder probe`, `a Swedish attack submarine`.
    """
    first = position - 1
    while first and sentence[first].text[:1].isupper() and sentence[first].before == " ":
        first -= 1
    before = sentence[first].low
    if (before in lexicon.prepositions or before in lexicon.seats) and _is_folk(sentence, lexicon):
        return True
    closed = (lexicon.auxiliaries, {"and", "that", "let", "lets", "letting"})
    if "," in sentence[first].before or any(before in listed for listed in closed):
        return True
    if before not in lexicon.prepositions or position + 1 == len(sentence):
        return False
    after = sentence[position + 1]
    return after.text[:1].isupper() or after.low.endswith("s") or after.low in lexicon.determiners


def _is_folk(sentence: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether a sentence begins with people and where they are: `Police in the Chadian capital Ndjamena fire on …`."""
    return (
        len(sentence) > 1 and sentence[0].low in lexicon.folk and sentence[1].low in {"in", "of", "from", "at", "near"}
    )


def _has_two_heads(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> bool:
    """Whether two do it in a headline, and something follows that they do it to: `Rebels, army sign ceasefire`."""
    after = sentence[position + 1].low if position + 1 < len(sentence) else ""
    if not after or after in lexicon.prepositions or after in lexicon.auxiliaries:
        return False
    joint = range(max(1, position - 3), position)
    return len(sentence) < HEADLINE and any("," in sentence[k].before or sentence[k].low == "and" for k in joint)


def _is_named(sentence: Sequence[Word], position: int) -> bool:
    """Whether a word ends a phrase of names: `an American attack`, `a Sao Paulo jail`."""
    first = position
    while first and sentence[first - 1].text[:1].isupper() and not sentence[first].before.strip():
        first -= 1
    return 0 < first < position and sentence[first - 1].low in {"a", "an"}


def _verb_group(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> Iterator[Word]:
    """The auxiliaries and adverbs right before a verb, nearest first."""
    for word in reversed(sentence[max(0, position - 5) : position]):
        if word.low not in lexicon.auxiliaries and not word.low.endswith("ly"):
            return
        yield word
