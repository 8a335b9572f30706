"""Near misses: what a rule wanted and did not get."""

from __future__ import annotations

import pytest

from detection.actors import load_actors
from detection.coder import CLASSES, LANGUAGES, Coder
from detection.explain import Reason, closest_first, misses, near_miss, other_forms, root, triggers
from detection.lexicon import load_lexicon
from detection.rules import load_classes, load_rules

RULES = """
family: mediation
context: [war]
rules:
  - id: offered
    class: mediation.offered
    verbs: [offer, hold out]
    object: [mediate, good offices, mediation]
    gap: 3
    roles: {source: [subject]}
  - id: halted
    class: mediation.halted
    verbs: [call off]
    object: [mediation]
  - id: met
    class: mediation.conducted
    strength: 2
    verbs: [meet]
    near: [envoy]
    not: [football]
    actors: 2
  - id: refused
    class: mediation.rejected
    negated: true
    verbs: [accept]
  - id: noun
    class: mediation.conducted
    strength: 1
    phrases: [round of mediation]
"""
ACTORS = """
actors:
  - {id: NOR, kind: state, names: [Norway]}
  - {id: OMN, kind: state, names: [Oman]}
"""


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Coder:
    """Five rules and two states, so that every miss is meant."""
    folder = tmp_path_factory.mktemp("few")
    for name, text in (("rules", RULES), ("actors", ACTORS)):
        (folder / name).mkdir()
        (folder / name / "a.yaml").write_text(text, encoding="utf-8")
    lexicon = load_lexicon(LANGUAGES / "en.yaml")
    return Coder(load_rules(folder / "rules", load_classes(CLASSES), lexicon), load_actors(folder / "actors"), lexicon)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Norway offered to mediate.", {}),
        (
            "Norway offered one day last spring in Oman to mediate.",
            {"offered": [(Reason.GAP, "its object 'mediate' stands behind 7 words, and the gap is 3")]},
        ),
        (
            "Norway offered its mediators.",
            {"offered": [(Reason.FORM, "its object stands as 'mediators', and the rule knows 'mediation'")]},
        ),
        (
            "Mediation is what Norway offered.",
            {"offered": [(Reason.ORDER, "its object 'Mediation' stands before it, and the verb")]},
        ),
        (
            "Norway offered tea.",
            {"offered": [(Reason.OBJECT, "one of 'mediate', 'good offices', 'mediation' must follow within 3 words")]},
        ),
        (
            "The envoy offered to mediate.",
            {
                "offered": [
                    (Reason.CONTEXT, "no known actor is named, so one of 'war' must stand in the sentence"),
                ]
            },
        ),
        ("The envoy offered to mediate in the war.", {}),
        ("Norway called the mediation good.", {"halted": [(Reason.PARTICLE, "the word that belongs to the verb")]}),
        ("Norway called the mediation off.", {}),
        (
            "The envoy of Norway met them.",
            {"met": [(Reason.ACTORS, "2 known actors must be named in the sentence, and 1 is")]},
        ),
        ("Norway met Oman.", {"met": [(Reason.NEAR, "one of 'envoy' must stand in the sentence")]}),
        (
            "The envoy of Norway met Oman at a football match.",
            {"met": [(Reason.NOT, "'football' must not stand in the sentence")]},
        ),
        (
            "Norway met them at football.",
            {"met": [(Reason.ACTORS, "2 known"), (Reason.NEAR, "one of 'envoy'"), (Reason.NOT, "'football'")]},
        ),
        ("Norway accepted it.", {"refused": [(Reason.NEGATION, "it fires only under a negation")]}),
        ("Norway did not accept it.", {}),
        (
            "Norway offered a round of mediation to Oman.",
            {"noun": [(Reason.YIELDED, "rule offered is stronger and has its words")]},
        ),
        ("The offer of Norway stands.", {"offered": [(Reason.OBJECT, "one of")]}),
        (
            "The offer to mediate came from Norway.",
            {"offered": [(Reason.USE, "the words are not used as the rule means them here")]},
        ),
    ],
)
def test_what_a_rule_wanted(few: Coder, text: str, found: dict[str, list[tuple[Reason, str]]]) -> None:
    got = {miss.rule: miss for miss in misses(few, text, None)}
    assert set(got) == set(found)
    for rule, wants in found.items():
        assert [reason for reason, _ in got[rule].wants] == [reason for reason, _ in wants]
        for (_, told), (_, wanted) in zip(got[rule].wants, wants, strict=True):
            assert told.startswith(wanted)


def test_the_rule_that_has_the_words_is_named_and_not_one_elsewhere(coder: Coder) -> None:
    text = "Russia fired missiles at Kyiv, and the United Nations condemned the missile attack on the city."
    told = [dict(miss.wants).get(Reason.YIELDED, "") for miss in misses(coder, text, None) if "attack" in miss.trigger]
    assert any(why.startswith("rule other.") for why in told), "who condemns has the attack, not who fired before"


def test_a_text_about_another_matter_says_by_which_word(coder: Coder) -> None:
    text = "Cricket: Pakistan attack\n\nPakistan attacked India at the wicket and the bowlers of the team cheered."
    off = {miss.rule: dict(miss.wants) for miss in misses(coder, text, None) if Reason.TOPIC in dict(miss.wants)}
    assert off
    assert all(wants[Reason.TOPIC].startswith("the text is about another matter: '") for wants in off.values())
    assert not {mention.rule for mention in coder.mentions(text, None)} & off.keys()


def test_a_miss_knows_its_place(few: Coder) -> None:
    text = "Nobody came.\n\nThe envoy of Norway met them."
    (miss,) = misses(few, text, None)
    assert text[miss.start : miss.end] == miss.trigger == "met"
    assert text[miss.sentence_start : miss.sentence_end] == "The envoy of Norway met them."


def test_a_miss_and_a_hit_never_go_together(coder: Coder) -> None:
    text = "Oman has offered to host talks between Iran and Iraq. Russia struck Kyiv after talks were called off."
    fired = {(mention.rule, mention.start) for mention in coder.mentions(text, None)}
    assert fired
    assert not fired & {(miss.rule, miss.start) for miss in misses(coder, text, None)}


def test_the_nearest_miss_of_a_silent_text_is_told_in_a_line(few: Coder) -> None:
    text = "Rain in May\n\nNorway offered tea. Nobody met at the football. Norway met Oman."
    assert near_miss(few, text, None) == (
        "nearest was rule met, at 'met' of “Norway met Oman.”: one of 'envoy' must stand in the sentence"
    )
    assert near_miss(few, "Norway offered tea.", None) is None, "a verb without its object is no near miss"
    assert near_miss(few, "Rain fell. " * 12 + "Norway met Oman.", None) is None, "far down stands no news"


def test_misses_are_ordered_by_how_much_they_lack(few: Coder) -> None:
    text = "Norway met them at football. Norway offered one day last spring in Oman to mediate. Norway offered tea."
    assert [(miss.rule, len(miss.wants)) for miss in closest_first(misses(few, text, None))] == [
        ("offered", 1), ("offered", 1), ("met", 3),
    ]  # fmt: skip
    assert closest_first(misses(few, text, None))[0].wants[0][0] is Reason.GAP


def test_a_phrase_in_another_form_is_seen(few: Coder) -> None:
    (miss,) = other_forms(few, "Three rounds of mediation in Oman.", None)
    assert (miss.rule, miss.trigger) == ("noun", "rounds of mediation")
    assert miss.wants == ((Reason.FORM, "wants it as 'round of mediation'"),)
    assert list(other_forms(few, "A round of mediation in Oman.", None)) == []


def test_the_triggers_of_a_rule_are_told_in_their_base_form(few: Coder) -> None:
    assert triggers(few, "offered") == (("offer", "hold out"), ())
    assert triggers(few, "noun") == ((), ("round of mediation",))


@pytest.mark.parametrize("words", [("mediate", "mediation", "mediators", "mediating", "mediates"), ("talk", "talks")])
def test_words_of_one_root(words: tuple[str, ...]) -> None:
    assert len({root(word) for word in words}) == 1


def test_every_miss_example_of_the_shipped_rules_is_explained(coder: Coder) -> None:
    silent = [(rule.id, text) for rule in coder.rules.rules for text in rule.miss if not coder.mentions(text, None)]
    assert silent
    explained = [pair for pair in silent if any(True for _ in misses(coder, pair[1], None))]
    assert len(explained) == len(silent), [pair for pair in silent if pair not in explained]
