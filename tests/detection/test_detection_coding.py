"""What the shipped rules make of sentences and articles: class, status, roles, evidence."""

from datetime import UTC, date, datetime

import pytest

from detection.coder import Coder
from detection.examples import check_examples
from detente.models import Mention, Status

MAY_4 = datetime(2025, 5, 4, 12, tzinfo=UTC)


def ids(mention: Mention, role: str) -> list[str | None]:
    return [item.actor for item in getattr(mention.roles, role)]


def only(coder: Coder, text: str, cls: str) -> Mention:
    found = [mention for mention in coder.code(text, MAY_4) if mention.cls == cls]
    assert len(found) == 1, found
    return found[0]


def test_every_example_of_every_rule_comes_out(coder: Coder) -> None:
    count, problems = check_examples(coder)
    assert [str(problem) for problem in problems] == []
    assert count > 80


@pytest.mark.parametrize(
    ("text", "cls", "status"),
    [
        ("Pakistan has asked Russia to mediate with India.", "mediation.requested", Status.REPORTED),
        ("Pakistan will ask Russia to mediate with India.", "mediation.requested", Status.PLANNED),
        ("Cyprus threatened to veto the entry of Turkey.", "escalation.threat", Status.REPORTED),
        ("Syria decided not to recall its ambassador from Lebanon.", "escalation.relations_reduced", Status.DENIED),
        ("Pakistan denied that it had asked Russia to mediate with India.", "mediation.requested", Status.DENIED),
        ("Pakistan did not ask Russia to mediate with India.", "mediation.requested", Status.DENIED),
        ("In 1965 Pakistan asked Russia to mediate with India.", "mediation.requested", Status.HISTORICAL),
        ("Oman could mediate between India and Pakistan if asked.", "mediation.conducted", Status.HYPOTHETICAL),
        (
            "Sixty years ago the Soviet Union mediated between India and Pakistan.",
            "mediation.conducted",
            Status.HISTORICAL,
        ),
        ("India fired missiles at Pakistan on Sunday.", "escalation.fighting", Status.REPORTED),
        ("Calm returned to India following the missile attack on Pakistan.", "escalation.fighting", Status.BACKGROUND),
        ("India rejected third-party mediation over Kashmir.", "mediation.rejected", Status.REPORTED),
        ("India will not accept mediation by Russia.", "mediation.rejected", Status.REPORTED),
        ("The United Nations condemned the attack by Russia on Ukraine.", "escalation.assault", None),
        ("If Chad and Sudan ever wanted a go-between, Egypt is near.", "mediation.requested", Status.HYPOTHETICAL),
        ("India suspended the 1960 Indus Waters Treaty.", "escalation.relations_reduced", Status.REPORTED),
        ("The Soviet Union brokered the peace accord of 1966 with Pakistan.", "mediation.conducted", Status.HISTORICAL),
        ("Iran offered its good offices to India last week.", "mediation.offered", Status.BACKGROUND),
        ("Modi told the army to answer the massacre in Kashmir.", "escalation.mass_violence", None),
        ("Qatar is seeking to mediate between Ethiopia and Eritrea.", "mediation.offered", Status.PLANNED),
    ],
)
def test_status(coder: Coder, text: str, cls: str, status: Status | None) -> None:
    found = {mention.status for mention in coder.code(text, MAY_4) if mention.cls == cls}
    if status is None:
        assert not found & {Status.REPORTED, Status.PLANNED}
    else:
        assert found == {status}


@pytest.mark.parametrize(
    ("text", "cls", "roles"),
    [
        (
            "Ukraine has asked Turkey to mediate in its war with Russia.",
            "mediation.requested",
            {"source": ["UKR"], "mediator": ["TUR"], "party": ["RUS"]},
        ),
        (
            "Egypt offered to mediate between Ethiopia and Eritrea.",
            "mediation.offered",
            {"source": ["EGY"], "party": ["ETH", "ERI"]},
        ),
        ("Armenia's army was attacked by Azerbaijan.", "escalation.fighting", {"source": ["AZE"]}),
        (
            "France expelled two Russian diplomats.",
            "escalation.relations_reduced",
            {"source": ["FRA"], "target": ["RUS"]},
        ),
        ("India and Pakistan agreed to a ceasefire.", "deescalation.ceasefire", {"source": ["IND", "PAK"]}),
        (
            "India and Pakistan agreed to a ceasefire, U.S. President Donald Trump announced.",
            "deescalation.ceasefire",
            {"source": ["IND", "PAK"], "target": []},
        ),
        ("Russia urged to mediate in Kashmir", "mediation.requested", {"source": [], "mediator": ["RUS"]}),
        (
            "Russia was asked by Islamabad to mediate with India.",
            "mediation.requested",
            {"source": ["PAK"], "mediator": ["RUS"], "party": ["IND"]},
        ),
        (
            "Following the deadly Pahalgam attack, Pakistan's envoy has sought Russia's mediation with India.",
            "mediation.requested",
            {"source": ["PAK"], "mediator": ["RUS"], "party": ["IND"]},
        ),
        (
            "In the wake of the attack that shook Kashmir, Pakistan has approached Russia to mediate with India.",
            "mediation.requested",
            {"source": ["PAK"], "mediator": ["RUS"], "party": ["IND"]},
        ),
        (
            "Russian Foreign Minister Sergei Lavrov and his Indian counterpart, S. Jaishankar, held telephone talks.",
            "talks.held",
            {"source": ["RUS", "IND"]},
        ),
        (
            "WASHINGTON, May 4 (AFP) - India and Pakistan agreed to a ceasefire.",
            "deescalation.ceasefire",
            {"source": ["IND", "PAK"], "target": []},
        ),
        (
            "Civilians killed as Pakistan shells Kashmir",
            "escalation.assault",
            {"source": ["PAK"], "target": [None, "KASHMIR"]},
        ),
        (
            "Israel threatened to close schools in East Jerusalem if the list ran in the election.",
            "escalation.threat",
            {"source": ["ISR"], "target": ["EAST-JERUSALEM"]},
        ),
        (
            "A Minsk court on Monday found a Polish man guilty of spying.",
            "escalation.coercion",
            {"source": ["BLR"], "target": ["POL"]},
        ),
        (
            "Chad has massed troops on its border with Darfur.",
            "escalation.mobilisation",
            {"source": ["TCD"], "target": ["DARFUR"]},
        ),
        (
            "Washington imposed sanctions on dozens of Chinese officials in May.",
            "escalation.coercion",
            {"source": ["USA"], "target": ["CHN"]},
        ),
        (
            "Somali forces backed by American drones overran an al Shabaab base.",
            "escalation.fighting",
            {"source": ["SOM"], "target": ["AL-SHABAAB"]},
        ),
        (
            "Following the deadly suicide bombing, Chad's envoy in Rome asked for help.",
            "escalation.assault",
            {"source": [], "target": []},
        ),
        (
            "Chad asked Egypt for help after the suicide bombing in Sudan.",
            "escalation.assault",
            {"source": [], "target": ["SDN"]},
        ),
        ("Lagos police, on Friday, arrested a smuggler.", "escalation.coercion", {"source": [None]}),
        ("Two Pakistani advisers were declared persona non grata.", "escalation.relations_reduced", {"source": []}),
        (
            "Pakistan shut its airspace. He said five men were killed because of the shelling by Indian troops.",
            "escalation.assault",
            {"source": ["IND"]},
        ),
        (
            "Rockets were fired from Gaza into southern Israel.",
            "escalation.fighting",
            {"source": ["GAZA"], "target": ["ISR"]},
        ),
        (
            "Local police in Chad said three men were arrested by Nigerian troops.",
            "escalation.coercion",
            {"source": ["NGA"]},
        ),
        (
            "Syria moved 40 Soviet-made tanks to Lebanon.",
            "escalation.mobilisation",
            {"source": ["SYR"], "target": ["LBN"]},
        ),
        (
            "A US-backed offensive against rebels in Yemen began at dawn.",
            "escalation.fighting",
            {"source": [None]},
        ),
        (
            "Two monks were killed on Sunday after an attack by Chadian herders.",
            "escalation.assault",
            {"source": ["TCD"]},
        ),
    ],
)
def test_roles(coder: Coder, text: str, cls: str, roles: dict[str, list[str]]) -> None:
    mention = only(coder, text, cls)
    assert {role: ids(mention, role) for role in roles} == roles


@pytest.mark.parametrize(
    "text",
    [
        "The dockers' union and their employer agreed to go to mediation.",
        "The striker and his club held peace talks after Friday's quarrel.",
        "The price war between the two supermarkets escalated.",
        "An insurance broker helped the couple with their claim.",
        "Lightning strikes killed two cows on a hill farm.",
        "The immediate remediation of the site will cost millions.",
        "Two firms strike a deal over chips.",
        "The Red Cross gave blankets to displaced families in Aceh.",  # an attribute displaces nobody
        "Opposition leaders in Ghana attacked the decision on Tuesday.",  # with words
        "Demonstrators in Togo blocked a highway.",  # CAMEO's root 14
        "Thousands marched in Iran against an American attack on Iraq.",
        "Sri Lanka remembered those killed in the Tigers' attacks.",
        "A fuel tanker blew up in Tanzania.",  # nobody blew it up
        "Syria decided not to recall its ambassador from Lebanon.",
        "Downing Street said the bases on Cyprus remain British territory.",
        "Fighting has stopped in the capital of Sudan.",
        "Mali's hopes of joining the bloc have been clouded by a raid.",
    ],
)
def test_what_only_sounds_like_it_raises_nothing(coder: Coder, text: str) -> None:
    live = [m for m in coder.code(text, MAY_4) if m.status in {Status.REPORTED, Status.PLANNED}]
    assert [m for m in live if any(ids(m, role) for role in ("source", "target", "mediator", "party"))] == []


ARTICLE = """Islamabad turns to Moscow to calm its quarrel with Delhi

Muscat: In the wake of the killings at the Pahalgam meadow, Pakistan has asked Russia to mediate in its stand-off \
with India, its envoy in Moscow said on Sunday.

He recalled the accord of 1966, where the then Soviet Union brokered a peace agreement between India and Pakistan, \
and the paper that both signed at Simla in 1972.

The plea for Russian mediation comes after the Indian government announced steps against Pakistan. These include \
putting the river treaty in abeyance.

On Friday Sergei Lavrov held a telephone conversation with Subrahmanyam Jaishankar and spoke of the Lahore \
declaration of 1999.
"""


@pytest.mark.parametrize("verb", ["cancelled", "canceled", "is cancelling", "is canceling", "has annulled"])
def test_verbs_are_known_in_british_and_american_spelling(coder: Coder, verb: str) -> None:
    assert ids(only(coder, f"Togo {verb} its treaty with Benin.", "escalation.relations_reduced"), "target") == ["BEN"]


def test_an_article_of_the_kind_that_this_began_with(coder: Coder) -> None:
    found = coder.code(ARTICLE, MAY_4)
    live = {(m.cls, tuple(ids(m, "source")), tuple(ids(m, "target")), tuple(ids(m, "mediator")), tuple(ids(m, "party")))
            for m in found if m.status is Status.REPORTED}  # fmt: skip
    assert live == {
        ("mediation.requested", ("PAK",), (), ("RUS",), ("IND",)),
        ("escalation.relations_reduced", ("IND",), ("PAK",), (), ()),
        ("talks.held", ("RUS",), ("IND",), (), ()),
    }
    for mention in found:
        assert ARTICLE[mention.sentence_start : mention.sentence_end].strip()
        assert mention.sentence_start <= mention.start < mention.end <= mention.sentence_end
        assert mention.why


def test_the_day_of_an_act_is_read_from_its_own_words(coder: Coder) -> None:
    assert only(coder, "Pakistan asked Russia to mediate with India on Friday.", "mediation.requested").day == date(
        2025, 5, 2
    )
    text = "Pakistan asked Russia to mediate following the attack of April 22 in India."
    assert only(coder, text, "mediation.requested").day is None


def test_an_opinion_page_reports_nothing(coder: Coder) -> None:
    text = "Who will speak up?\n\nPakistan has asked Russia to mediate with India."
    assert {m.status for m in coder.code(text, MAY_4, "https://news.example/opinion/2025/who")} == {Status.BACKGROUND}
    assert {m.status for m in coder.code(text, MAY_4, "https://news.example/world/2025/who")} == {Status.REPORTED}


def test_any_text_is_survived(coder: Coder) -> None:
    for text in ("", "\n\n", "a" * 50_000, "(((" * 500, "mediate " * 2_000, "\ud800 asked \x00 to mediate", "…。"):
        for mention in coder.code(text, MAY_4):
            assert mention.end <= len(text)


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("Two monks, including the brother of an imam, were killed by gunmen in Mali.", "monks"),
        ("Gunmen opened fire on police officers escorting tourists in Mali.", "police officers"),
        ("Tribesmen who belonged to the sect have been shot by soldiers in Mali.", "Tribesmen"),
        ("Hamas said in a note a convoy was hit by gunmen near Rafah.", "convoy"),
    ],
)
def test_whole_target(coder: Coder, text: str, whom: str) -> None:
    found = [item.text for mention in coder.code(text) for item in mention.roles.target]
    assert found[:1] == [whom]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Monks, who saw in the raid an insult, attacked the garrison in Mali.", "Monks"),
        ("Drivers guarding the mall of Lagos opened fire on looters in Nigeria.", "Drivers"),
        ("Guards used clubs to disperse the protesters in Nigeria.", "Guards"),
        ("Jihadists stormed a hamlet and killed nine farmers in Mali.", "Jihadists"),
    ],
)
def test_whole_subject(coder: Coder, text: str, who: str) -> None:
    found = [item.text for mention in coder.code(text) for item in mention.roles.source]
    assert found[:1] == [who]


def test_two_states_behind_one_preposition(coder: Coder) -> None:
    mention = only(coder, "Coastguard ships from Japan and Taiwan fired on two trawlers.", "escalation.fighting")
    assert ids(mention, "source") == ["JPN", "TWN"]
