"""Rule and actor files: what is refused, and how it is said."""

from pathlib import Path

import pytest

from detection.actors import load_actors
from detection.coder import CLASSES, LANGUAGES, Coder
from detection.lexicon import load_lexicon
from detection.rules import load_classes, load_rules
from detente.errors import ConfigError

ACTORS = """
actors:
  - {id: PAK, kind: state, names: [Pakistan]}
  - {id: IND, kind: state, names: [India], adjectives: [Indian]}
masks: [Indian Ocean]
"""
RULE = """
family: mediation
rules:
  - id: mediation.asked
    class: mediation.requested
    verbs: [ask]
    object: [mediate]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("actors/a.yaml", ACTORS), ("rules/r.yaml", RULE)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def read(folder: Path) -> Coder:
    lexicon = load_lexicon(LANGUAGES / "en.yaml")
    return Coder(load_rules(folder / "rules", load_classes(CLASSES), lexicon), load_actors(folder / "actors"), lexicon)


def refused(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read(folder)
    text = str(caught.value)
    assert "\n" not in text
    return text.removeprefix(str(folder) + "/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE.replace("verbs", "vebs"), "rules/r.yaml:6: unknown key 'vebs'; did you mean 'verbs'?"),
        (RULE.replace("mediation.requested", "mediation.asked"), "rules/r.yaml:5: 'mediation.asked' is no class"),
        (RULE.replace("[mediate]", '["@mediat"]'), "rules/r.yaml:7: there is no word set '@mediat'"),
        (RULE.replace("    verbs: [ask]\n", ""), "has no trigger; give it 'verbs' or 'phrases'"),
        (RULE + "    roles: {source: [subjct]}\n", "rules/r.yaml:8: 'subjct' is no place to look for a source"),
        (RULE + "    status: happened\n", "rules/r.yaml:8: "),
        (RULE + '    cameo: "999"\n', "rules/r.yaml:8: CAMEO code 999 has no Goldstein value"),
        (RULE + RULE.split("rules:")[1], "the rule 'mediation.asked' exists already"),
        (RULE.replace("family", 'words: {ask: [beg, "@ask"]}\nfamily').replace("[ask]", '["@ask"]'), "holds itself"),
        (RULE + "off: [mediation.asked]\n", "r.yaml:8: there is no shipped rule 'mediation.asked' to switch off"),
        ("family: mediation\n", "no rule is listed"),
        ("family: [\n", "rules/r.yaml:2: no valid YAML"),
    ],
)
def test_a_broken_rule_is_named_with_line_and_mend(folder: Path, text: str, said: str) -> None:
    (folder / "rules" / "r.yaml").write_text(text, encoding="utf-8")
    assert said in refused(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("actors:\n  - {kind: state, names: [Peru]}\n", "actors/a.yaml:2: 'id' is missing in actors.0; add 'id: …'"),
        ("actors:\n  - {id: PER, kind: stat, names: [Peru]}\n", "actors/a.yaml:2: "),
        ("actors:\n  - {id: PER, kind: state, names: []}\n", "actors/a.yaml:2: the actor 'PER' has no 'names'"),
        (ACTORS.replace("id: IND", "id: PAK"), "actors/a.yaml:4: the actor 'PAK' is listed already"),
        ("actors: []\n", "no actor is listed"),
    ],
)
def test_a_broken_actor_is_named_with_line_and_mend(folder: Path, text: str, said: str) -> None:
    (folder / "actors" / "a.yaml").write_text(text, encoding="utf-8")
    assert said in refused(folder)


def test_one_rule_of_ones_own_is_enough(folder: Path) -> None:
    coder = read(folder)
    (mention,) = coder.code("India asked them to mediate.")
    assert (mention.cls, mention.cameo, mention.goldstein) == ("mediation.requested", "028", 4.0)


def test_masks_name_nobody(folder: Path) -> None:
    actors = load_actors(folder / "actors")
    coder = read(folder)
    assert actors.names()["IND"] == "India"
    (mention,) = coder.code("In the Indian Ocean, Pakistan asked them to mediate.")
    roles = mention.roles
    assert "IND" not in {item.actor for item in roles.source + roles.target + roles.mediator + roles.party}


def test_a_set_of_nouns_holds_their_plurals(folder: Path) -> None:
    curbs = '[curfew, embargo, state of siege, ban on, commando, fisherman, child, empress, "@more"]'
    sets = f"\nnouns: {{curbs: {curbs}}}\nwords: {{more: [toll]}}\n"
    rules = RULE.replace("[mediate]", '["@curbs"]').replace("[ask]", "[impose]")
    (folder / "rules/r.yaml").write_text(sets + rules, encoding="utf-8")
    coder = read(folder)

    def fires(act: str) -> bool:
        return bool(coder.code(f"India imposed {act} in Pakistan."))

    assert all(map(fires, ("curfews", "embargoes", "a curfew", "a ban on songs", "a toll")))
    assert all(map(fires, ("commandos", "fishermen", "children", "empresses")))
    assert not any(map(fires, ("bans on songs", "tolls")))


def test_a_particle_stands_by_its_verb_or_behind_its_object(folder: Path) -> None:
    (folder / "rules/r.yaml").write_text(RULE.replace("[ask]", "[take over]"), encoding="utf-8")
    coder = read(folder)
    assert coder.code("Pakistan took over and will mediate with India.")
    assert coder.code("Pakistan took the seat over to mediate with India.")
    assert not coder.code("Pakistan took effect on Monday over talks to mediate with India.")


def test_what_is_written_as_a_name_is_no_act(folder: Path) -> None:
    (folder / "rules/r.yaml").write_text(RULE.replace("[ask]", "[strip]").replace("[mediate]", "[party]"), "utf-8")
    coder = read(folder)
    assert not coder.code("India said people of the Gaza Strip held a party.")
    assert coder.code("India Moves to Strip Party of Its Seats")
    assert coder.code("India moved to strip the party of its seats.")


def test_no_object_is_looked_for_behind_a_comma(folder: Path) -> None:
    coder = read(folder)
    assert coder.code("India asked the elders to mediate.")
    assert not coder.code("India asked, and the elders had a day to mediate.")


def test_a_verb_doubles_its_last_letter_as_it_is_spelled_on_either_side_of_the_ocean() -> None:
    lexicon = load_lexicon(LANGUAGES / "en.yaml")
    assert set(lexicon.forms("cancel")) == {"cancel", "cancels", "cancelled", "canceled", "cancelling", "canceling"}
    assert set(lexicon.forms("lob")) == {"lob", "lobs", "lobbed", "lobbing"}
    assert set(lexicon.forms("curb")) == {"curb", "curbs", "curbed", "curbing"}


def test_before_the_hyphen_of_a_verb_stands_what_does_not_change(folder: Path) -> None:
    (folder / "rules/r.yaml").write_text(RULE.replace("[ask]", "[co-host with]"), encoding="utf-8")
    coder = read(folder)
    assert coder.code("India co-hosted with Oman a day to mediate.")
    assert coder.code("India is co hosting with Oman a day to mediate.")
    assert not coder.code("India hosted with Oman a day to mediate.")
    assert not coder.code("India cohosted with Oman a day to mediate.")
