from __future__ import annotations

from pathlib import Path

import pytest
from alerts_examples import SECRET, routes_file

from alerts.routes import Route, Target, load_routes, resolve
from detente.desk import SEEDS
from detente.errors import ConfigError, UsageError
from detente.models import RAISING, Severity, Status

SCREEN = "targets: [{id: screen, url: 'terminal://'}]"
ADDRESS = f"mailtos://clerk:{SECRET}@mail.example.org"


def with_when(when: str) -> str:
    return f"routes:\n  - id: desk\n    when: {when}\n    {SCREEN}\n"


def with_target(target: str) -> str:
    return f"routes:\n  - id: desk\n    targets:\n{target}\n"


def with_url(url: str) -> str:
    return with_target(f"      - id: phone\n        url: {url}")


def refusal(folder: Path, text: str) -> ConfigError:
    """Return the error that a routes file meets, after what all of them share was looked at."""
    file = routes_file(folder, text)
    with pytest.raises(ConfigError) as caught:
        load_routes(file)
    said = str(caught.value)
    place = f"{file}:{caught.value.line}" if caught.value.line else str(file)
    assert said == f"{place}: {caught.value.problem}; {caught.value.mend}"
    assert "\n" not in said
    assert caught.value.mend
    return caught.value


def test_a_route_says_which_events_and_which_targets(tmp_path: Path) -> None:
    (route,) = load_routes(
        routes_file(
            tmp_path,
            """
routes:
  - id: south-asia
    when:
      families: [escalation, talks]
      classes: [escalation.fighting, "talks.*"]
      actors: [IND, NO]
      min_severity: medium
      statuses: [reported, denied]
      in_passing: [talks]
    targets:
      - {id: screen, url: "terminal://"}
      - {id: hook, url: "jsons://hooks.example.org/${HOOK}"}
""",
        )
    )
    assert route == Route(
        "south-asia",
        (Target("screen", "terminal://"), Target("hook", "jsons://hooks.example.org/${HOOK}")),
        frozenset({"escalation", "talks"}),
        ("escalation.fighting", "talks.*"),
        frozenset({"IND", "NO"}),
        Severity.MEDIUM,
        frozenset({Status.REPORTED, Status.DENIED}),
        frozenset({"talks"}),
    )


def test_a_condition_left_out_means_any_and_only_what_can_raise_an_alert(tmp_path: Path) -> None:
    (route,) = load_routes(routes_file(tmp_path, f"routes:\n  - id: all\n    {SCREEN}\n"))
    assert (route.families, route.classes, route.actors) == (frozenset(), (), frozenset())
    assert (route.min_severity, route.statuses) == (Severity.LOW, RAISING)
    assert route.in_passing == {"mediation", "watch"}


def test_the_routes_of_a_new_desk_are_valid_and_so_are_its_examples(tmp_path: Path) -> None:
    text = (SEEDS / "routes.yaml").read_text(encoding="utf-8")
    assert [route.id for route in load_routes(SEEDS / "routes.yaml")] == ["everything"]
    examples = "\n".join(line.replace("#", "", 1) if line.startswith("#  ") else line for line in text.split("\n"))
    start = examples.index("routes:\n")
    ids = [route.id for route in load_routes(routes_file(tmp_path, examples[start:]))]
    assert ids == ["everything", "mediation", "south-asia", "morning", "fighting", "archive"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "'routes' is missing in the file"),
        ("routes:\n", 1, "input should be a valid list"),
        ("routes: [1\n", 2, "no valid YAML"),
        ("routes: []\nroute: []\n", 2, "did you mean 'routes'?"),
        (f"routes:\n  - {SCREEN}\n", 2, "'id' is missing"),
        (f"routes:\n  - id: The Desk\n    {SCREEN}\n", 2, "routes.0.id: string should match"),
        ("routes:\n  - id: desk\n", 2, "'targets' is missing"),
        ("routes:\n  - id: desk\n    targets: []\n", 3, "at least 1 item"),
        (with_when("{family: [talks]}"), 3, "did you mean 'families'?"),
        (with_when("{families: []}"), 3, "at least 1 item"),
        (with_when("{families: [mediaton]}"), 3, "'mediation', 'talks', 'deescalation', 'escalation' or 'watch'"),
        (with_when("{min_severity: urgent}"), 3, "'low', 'medium' or 'high'"),
        (with_when("{statuses: [reported, sent]}"), 3, "routes.0.when.statuses.1"),
        (with_when("{actors: [404]}"), 3, "routes.0.when.actors.0: input should be a valid string"),
        (with_url("''"), 5, "at least 1 character"),
        (with_target("      - id: phone"), 4, "'url' is missing"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_mend(tmp_path: Path, text: str, line: int | None, said: str) -> None:
    error = refusal(tmp_path, text)
    assert error.line == line
    assert said in str(error)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("mediaton.requested", "'mediaton.requested' names no family of events, perhaps 'mediation' is meant"),
        ("de-escalation.*", "perhaps 'deescalation' is meant"),
        ("climate.rain", "'climate.rain' names no family of events, there are mediation, talks, deescalation"),
        ("talks", "'talks' is a family, all its classes are 'talks.*'"),
    ],
)
def test_a_pattern_of_an_unknown_family_is_told_the_nearest_one(tmp_path: Path, pattern: str, said: str) -> None:
    error = refusal(tmp_path, with_when(f"{{classes: ['talks.held', '{pattern}']}}"))
    assert error.line == 3
    assert error.problem.startswith("routes.0.when.classes.1: ")
    assert said in error.problem


@pytest.mark.parametrize("pattern", ["*", "*.threat*", "[mt]*.requested", "escalation.*", "esc*"])
def test_a_pattern_may_leave_its_family_open(tmp_path: Path, pattern: str) -> None:
    (route,) = load_routes(routes_file(tmp_path, with_when(f"{{classes: ['{pattern}']}}")))
    assert route.classes == (pattern,)


def test_two_routes_of_one_id_are_refused_at_the_second(tmp_path: Path) -> None:
    route = f"  - id: desk\n    {SCREEN}\n"
    error = refusal(tmp_path, f"routes:\n{route}{route.replace('desk', 'other')}{route}")
    assert (error.line, error.problem, error.mend) == (6, "the id 'desk' stands twice", "rename one")


def test_two_targets_of_one_id_are_refused_within_a_route_only(tmp_path: Path) -> None:
    twins = "      - {id: a, url: 'terminal://'}\n      - {id: b, url: 'terminal://'}\n      - {id: b, url: 'xml://h'}"
    error = refusal(tmp_path, with_target(twins))
    assert (error.line, error.problem) == (6, "the id 'b' stands twice")

    across = f"routes:\n  - id: one\n    {SCREEN}\n  - id: two\n    {SCREEN}\n"
    one, two = load_routes(routes_file(tmp_path, across))
    assert one.targets == two.targets


# --- addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "line", "said"),
    [
        (f"      - id: phone\n        url: {ADDRESS}?cc=a@b.c", 5, "a part after the '?' would have no effect"),
        (f"      - id: phone\n        url: mailtox://clerk:{SECRET}@h", 5, "did you mean mailto://?"),
        (f"      - id: phone\n        url: https://clerk:{SECRET}@h", 5, "write jsons://"),
        (f"      - id: phone\n        url: {SECRET}", 5, "the address has no scheme"),
        (f"      - id: phone\n        url: slack://{SECRET}", 5, "does not have the form of slack://"),
        (f"      - id: phone\n        url: terminal://{SECRET}", 5, "terminal:// takes nothing after it"),
        (f"      - id: phone\n        url: [{ADDRESS}]", 5, "url: input should be a valid string"),
        (f"      - id: phone\n        url:{ADDRESS}", 6, "no valid YAML"),
        (f"      - {ADDRESS}", 4, "routes.0.targets.0: input should be a valid dictionary"),
        (f"      - id: {ADDRESS}\n        url: terminal://", 4, "targets.0.id: string should match"),
        (f"      - {{id: phone, url:{ADDRESS}}}", 4, "an address stands where none belongs"),
        (f"      - {{id: phone, url: 'terminal://', url:{ADDRESS}}}", 4, "an address stands where none belongs"),
        (f"      - {{id: phone, a:{ADDRESS}, a:{ADDRESS}}}", 4, "an address stands where none belongs"),
        (f"      - id: phone\n        url: !{ADDRESS}", 5, "an address stands where none belongs"),
    ],
)
def test_no_error_shows_a_part_of_an_address(tmp_path: Path, target: str, line: int, said: str) -> None:
    error = refusal(tmp_path, with_target(target))
    assert error.line == line
    assert said in str(error)
    for shown in (str(error), repr(error)):
        assert SECRET not in shown
        assert "clerk" not in shown


def test_a_route_shows_its_targets_without_their_addresses(tmp_path: Path) -> None:
    (route,) = load_routes(routes_file(tmp_path, with_url(f"{ADDRESS}?to=desk@example.org")))
    assert "phone" in repr(route)
    assert SECRET not in repr(route)


def test_a_variable_is_read_only_when_a_message_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_USER", raising=False)
    monkeypatch.delenv("DESK_2", raising=False)
    (route,) = load_routes(routes_file(tmp_path, with_url("jsons://${DESK_USER}:x@h/${DESK_2}/${DESK_USER}")))
    (target,) = route.targets

    monkeypatch.setenv("DESK_USER", "clerk")
    with pytest.raises(UsageError, match="environment variable DESK_2 is not set; set it"):
        resolve(target)
    monkeypatch.setenv("DESK_2", "${DESK_USER}")
    assert resolve(target) == "jsons://clerk:x@h/${DESK_USER}/clerk"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_URL", "")
    with pytest.raises(UsageError, match="DESK_URL is not set"):
        resolve(Target("phone", "${DESK_URL}"))


@pytest.mark.parametrize("url", ["mailtos://${}@h", "mailtos://${1ST}@h", "jsons://h/${TOKEN", "jsons://${A}/${B C}"])
def test_a_variable_without_a_name_is_refused(tmp_path: Path, url: str) -> None:
    error = refusal(tmp_path, with_url(f"'{url}'"))
    assert error.line == 5
    assert error.problem == "target 'phone': ${…} holds no variable name"
    assert error.mend == "write it like ${DETENTE_PHONE_URL}"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    with pytest.raises(ConfigError) as caught:
        load_routes(file)
    assert str(caught.value) == f"{file}: the file is missing; make a desk with 'detente init DIR'"
