"""A desk's own rules and actors over the shipped ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from detection.coder import Coder, load_coder
from detection.examples import check_examples
from detente.desk import SEEDS, Desk, create_desk
from detente.errors import ConfigError

OFFER = "Norway offered to mediate between Armenia and Azerbaijan."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return create_desk(tmp_path / "desk")


def with_rules(desk: Desk, text: str) -> Coder:
    (desk.rules / "own.yaml").write_text(text, encoding="utf-8")
    return load_coder(desk)


def with_actors(desk: Desk, text: str) -> Coder:
    (desk.actors / "own.yaml").write_text(text, encoding="utf-8")
    return load_coder(desk)


def refused(desk: Desk, folder: str, text: str) -> str:
    (desk.root / folder / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_coder(desk)
    return str(caught.value).removeprefix(str(desk.root) + "/")


def rule(coder: Coder, name: str) -> object:
    (found,) = [item for item in coder.rules.rules if item.id == name]
    return found


def test_a_new_desk_has_the_shipped_rules_and_actors_and_copies_none(desk: Desk, coder: Coder) -> None:
    own = load_coder(desk)
    assert [item.id for item in own.rules.rules] == [item.id for item in coder.rules.rules]
    assert {item.origin for item in own.rules.rules} == {"shipped"}
    assert {item.file.parent for item in own.rules.rules} == {SEEDS / "rules"}
    assert own.actors.by_id == coder.actors.by_id


def test_the_commented_examples_of_a_new_desk_work(desk: Desk) -> None:
    for folder in ("rules", "actors"):
        file = desk.root / folder / "own.yaml"
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text(
            "\n".join(
                line.removeprefix("# ") for line in lines[4:] if line not in {"off: []", "rules: []", "actors: []"}
            ),
            encoding="utf-8",
        )
    coder = load_coder(desk)
    assert {"mediation.offered": "changed", "talks.held.walk": "own"}.items() <= {
        item.id: item.origin for item in coder.rules.rules
    }.items()
    assert "talks.held.noun" not in {item.id for item in coder.rules.rules}
    assert "HARBOUR-CONTACT-GROUP" in coder.actors.by_id
    assert "TRANSNISTRIA" not in coder.actors.by_id
    _, problems = check_examples(coder)
    assert [str(problem) for problem in problems if "walk" in problem.rule] == []


def test_an_override_changes_what_it_says_and_keeps_the_rest(desk: Desk, coder: Coder) -> None:
    own = with_rules(desk, "rules:\n  - {id: mediation.offered, severity: low, gap: 2}\n")
    shipped, changed = (
        next(item for item in each.rules.rules if item.id == "mediation.offered") for each in (coder, own)
    )
    assert (changed.origin, changed.severity, changed.gap) == ("changed", "low", 2)
    assert (changed.cls, changed.family, changed.strength, changed.roles, changed.hit) == (
        shipped.cls, shipped.family, shipped.strength, shipped.roles, shipped.hit,
    )  # fmt: skip
    assert changed.object.by_first == shipped.object.by_first
    assert changed.without.by_first == shipped.without.by_first, "the vetoes of the shipped file hold on"
    assert (changed.file, changed.line) == (desk.rules / "own.yaml", 2)
    assert own.code(OFFER)[0].severity == "low"


def test_a_list_takes_the_shipped_one_in_with_a_word(desk: Desk) -> None:
    odd = "Norway offered a parley ground to Armenia and Azerbaijan."
    text = "rules:\n  - {id: mediation.offered, object: [%sparley ground]}\n"
    own = with_rules(desk, text % '"@shipped", ')
    assert [[m.cls for m in own.code(said)] for said in (OFFER, odd)] == [["mediation.offered"]] * 2
    alone = with_rules(desk, text % "")
    assert "mediation.offered" not in {m.rule for m in alone.code(OFFER)}
    assert [m.cls for m in alone.code(odd)] == ["mediation.offered"]


def test_a_set_of_words_is_replaced_or_extended_for_all_rules(desk: Desk, coder: Coder) -> None:
    said = "India and Pakistan held a hushaphone chat on Sunday."
    assert coder.code(said) == ()
    own = with_rules(desk, 'words:\n  call: ["@shipped", hushaphone chat]\n')
    assert [m.rule for m in own.code(said)] == ["talks.held.call"]


def test_a_rule_is_switched_off(desk: Desk) -> None:
    own = with_rules(desk, "off: [mediation.offered]\n")
    assert "mediation.offered" not in {m.rule for m in own.code(OFFER)}


def test_a_rule_of_ones_own_needs_no_family_but_a_class(desk: Desk) -> None:
    own = with_rules(desk, "rules:\n  - {id: mine, class: talks.held, phrases: [walk in the woods]}\n")
    (mention,) = own.code("Norway and Iran took a walk in the woods.")
    assert (mention.rule, mention.cls, mention.cameo) == ("mine", "talks.held", "040")


@pytest.mark.parametrize(
    ("text", "said", "mend"),
    [
        (
            "rules:\n  - id: mediation.oferred\n    severity: low\n",
            "rules/own.yaml:2: the rule 'mediation.oferred' has no trigger; ",
            "give it 'verbs' or 'phrases'; if it changes a shipped rule, did you mean 'mediation.offered'?",
        ),
        (
            "off:\n  - mediation.oferred\n",
            "rules/own.yaml:2: there is no shipped rule 'mediation.oferred' to switch off; ",
            "did you mean 'mediation.offered'?",
        ),
        ("off: [quite.other]\n", "there is no shipped rule 'quite.other' to switch off; ", "correct or remove it"),
        (
            "off: [mediation.offered]\nrules:\n  - {id: mediation.offered, gap: 1}\n",
            "rules/own.yaml:1: the rule 'mediation.offered' is described and switched off; ",
            "do one of the two",
        ),
        (
            "rules:\n  - {id: talks.held, gap: 1}\n  - {id: talks.held, gap: 2}\n",
            "rules/own.yaml:3: the rule 'talks.held' exists already; ",
            "give it another id",
        ),
        (
            "rules:\n  - {id: mine, phrases: [a]}\n",
            "rules/own.yaml:2: '' is no class of the family ''; ",
            "use one of ",
        ),
        (
            "rules:\n  - {id: talks.held, class: mediation.offered}\n",
            "is no class of the family 'talks'; ",
            "use one of talks.proposed",
        ),
        (
            "rules:\n  - id: talks.held\n    verbs: ['@nosuch']\n",
            "rules/own.yaml:3: there is no word set '@nosuch'; ",
            "define it",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, text: str, said: str, mend: str) -> None:
    assert said + mend in refused(desk, "rules", text)


def test_actors_are_added_changed_and_switched_off(desk: Desk, coder: Coder) -> None:
    own = with_actors(
        desk,
        """
off: [TRANSNISTRIA]
actors:
  - {id: NOR, seats: ["@shipped", Victoria Terrasse]}
  - {id: HCG, kind: organisation, names: [Harbour Contact Group]}
masks: [Norway Lane]
""",
    )
    norway = own.actors.by_id["NOR"]
    assert norway.seats == (*coder.actors.by_id["NOR"].seats, "Victoria Terrasse")
    assert norway.names == coder.actors.by_id["NOR"].names
    assert "TRANSNISTRIA" not in own.actors.by_id
    (mention,) = own.code("The Harbour Contact Group offered to mediate, said Victoria Terrasse near Norway Lane.")
    assert [item.actor for item in mention.roles.source] == ["HCG"]


@pytest.mark.parametrize(
    ("text", "said", "mend"),
    [
        ("off: [NORR]\n", "actors/own.yaml:1: there is no shipped actor 'NORR' to switch off; ", "did you mean 'NOR'?"),
        (
            "actors:\n  - {id: NORR, seats: [Akershus]}\n",
            "actors/own.yaml:2: the actor 'NORR' has no 'kind'; ",
            "add 'kind: …'; if it changes a shipped actor, did you mean 'NOR'?",
        ),
        ("actors:\n  - {id: XY1, kind: region}\n", "the actor 'XY1' has no 'names'; ", "add 'names: …'"),
        (
            "off: [NOR]\nactors:\n  - {id: NOR, seats: []}\n",
            "the actor 'NOR' is described and switched off; ",
            "do one",
        ),
    ],
)
def test_an_actor_that_cannot_be_meant_is_refused(desk: Desk, text: str, said: str, mend: str) -> None:
    assert said + mend in refused(desk, "actors", text)


def test_a_new_office_holder_joins_those_that_are_known(desk: Desk, coder: Coder) -> None:
    text = """
actors:
  - id: NOR
    people:
      - "@shipped"
      - {names: [Kari Solvang], office: foreign minister, from: 2030-01-01}
"""
    own = with_actors(desk, text)
    known, now = coder.actors.by_id["NOR"].people, own.actors.by_id["NOR"].people
    assert now[:-1] == known
    (mention,) = own.code("Kari Solvang offered to mediate.")
    assert [item.actor for item in mention.roles.source] == ["NOR"]


def test_roles_are_changed_one_by_one_and_examples_joined(desk: Desk, coder: Coder) -> None:
    text = """
rules:
  - id: mediation.offered
    roles: {target: [with]}
    hit: ["@shipped", {text: Oman offered to mediate.}]
"""
    shipped, changed = (
        next(item for item in each.rules.rules if item.id == "mediation.offered")
        for each in (coder, with_rules(desk, text))
    )
    assert changed.roles == shipped.roles.model_copy(update={"target": ("with",)})
    assert changed.hit[:-1] == shipped.hit
    assert changed.hit[-1].text == "Oman offered to mediate."


@pytest.mark.parametrize(
    ("folder", "text", "said"),
    [
        ("rules", "rules:\n  - id: mine\n    phrases: ['@shipped', x]\n", "own.yaml:3: '@shipped' means nothing here"),
        ("rules", "rules:\n  - id: mine\n    roles: {source: ['@shipped']}\n", "'@shipped' means nothing here"),
        ("rules", "words:\n  cal: ['@shipped', x]\n", "own.yaml:2: '@shipped' means nothing in the word set 'cal'"),
        ("actors", "actors:\n  - {id: X1, kind: state, names: ['@shipped']}\n", "'@shipped' means nothing here"),
    ],
)
def test_shipped_means_nothing_where_nothing_is_shipped(desk: Desk, folder: str, text: str, said: str) -> None:
    assert said in refused(desk, folder, text)


def test_a_desk_that_holds_copies_of_the_shipped_files_works_as_before(desk: Desk, coder: Coder) -> None:
    for folder in ("rules", "actors"):
        shutil.copytree(SEEDS / folder, desk.root / folder, dirs_exist_ok=True)
    own = load_coder(desk)
    assert {item.origin for item in own.rules.rules} == {"changed"}
    assert own.actors.by_id == coder.actors.by_id
    assert [mention.rule for mention in own.code(OFFER)] == [mention.rule for mention in coder.code(OFFER)]
    count, problems = check_examples(own)
    assert (count, problems) == (check_examples(coder)[0], ())
