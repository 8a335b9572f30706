"""Templates that users write: they are used, and a mistake in one is named with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alerts_examples import NAMES, TEMPLATES, event, evidence

from alerts import compose
from detente.errors import ConfigError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the templates that a new desk gets."""
    return shutil.copytree(TEMPLATES, tmp_path / "templates")


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_templates_of_a_new_desk_are_in_order() -> None:
    compose.check(TEMPLATES)


def test_a_user_s_templates_are_used(folder: Path) -> None:
    write(folder, compose.SUBJECT, "{{ event.cls }}\n{{ who.parties | join('+') }}\n")
    write(
        folder, compose.TEXT, "\n{% for report in evidence %}\n- {{ report.title }} {{ report.link }}\n{% endfor %}\n"
    )
    write(folder, compose.HTML, "<p>{% include 'names.html.j2' %}</p>")
    write(folder, "names.html.j2", "{{ who.sources | join(', ') }}")
    reports = (evidence(1, title="A & B"), evidence(2, url="ftp://h/x"))

    compose.check(folder)
    found = compose.compose(event(evidence=reports), {**NAMES, "PAK": "<b>"}, folder)

    assert found.subject == "mediation.requested India+<b>"
    assert found.text == "- A & B https://northline.example/1\n- Russia asked to step in None\n"
    assert found.html == "<p>&lt;b&gt;</p>\n"


def test_two_desks_keep_their_templates_apart(folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    write(folder, compose.SUBJECT, "one")
    write(other, compose.SUBJECT, "two")
    subjects = [compose.compose(event(), NAMES, where).subject for where in (folder, other, folder)]
    assert subjects == ["one", "two", "one"]


@pytest.mark.parametrize("name", [compose.SUBJECT, compose.TEXT, compose.HTML])
@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("one\n{% if event.kind %} two", 2, "no valid template: "),
        ("one\n{{ event.kind\n", 2, "no valid template: "),
        ("{% fi %}", 1, "unknown tag 'fi'"),
        ("one\n\n{{ evnt.kind }}\n", 3, "the template fails: 'evnt' is undefined"),
        ("one\n{{ event.kin }}\n", 2, "no attribute 'kin'"),
        ("one\n{{ event.goldstein | nosuch }}\n", 2, "No filter named 'nosuch'"),
        ("{% for report in evidence %}\n{{ report.quot }}\n{% endfor %}", 2, "no attribute 'quot'"),
        ("{{ event.kind }}\n{% if not evidence %}\n{{ families[0] }}\n{% endif %}", 3, "the template fails: "),
        ("{{ event.kind }}\n{% if more %}\n{{ 1 / 0 }}\n{% endif %}", 3, "the template fails: division by zero"),
        ("{{ event.kind.__class__.__mro__ }}", 1, "is unsafe"),
    ],
)
def test_a_broken_template_is_named_with_its_line(folder: Path, name: str, text: str, line: int, said: str) -> None:
    file = write(folder, name, text)
    with pytest.raises(ConfigError) as caught:
        compose.check(folder)
    error = caught.value
    assert (error.file, error.line) == (file, line)
    assert said in error.problem
    assert "\n" not in str(error)
    assert str(error).endswith("; correct the template, or copy the one that a new desk has")


def test_a_mistake_in_an_included_file_is_named_there(folder: Path) -> None:
    write(folder, compose.TEXT, "one\n{% include 'part.j2' %}\n")
    part = write(folder, "part.j2", "one\ntwo\n{{ nobody }}\n")
    with pytest.raises(ConfigError) as caught:
        compose.check(folder)
    assert (caught.value.file, caught.value.line) == (part, 3)

    write(folder, "part.j2", "{% endif %}")
    with pytest.raises(ConfigError) as caught:
        compose.check(folder)
    assert (caught.value.file, caught.value.line) == (part, 1)

    part.unlink()
    with pytest.raises(ConfigError, match=r"part\.j2: the template is missing"):
        compose.check(folder)


@pytest.mark.parametrize("name", [compose.SUBJECT, compose.TEXT, compose.HTML])
def test_a_missing_template_is_named_with_a_mend(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ConfigError) as caught:
        compose.check(folder)
    assert (caught.value.file, caught.value.problem) == (folder / name, "the template is missing")
    assert "detente init DIR" in caught.value.mend


def test_a_template_that_is_no_utf8_is_refused(folder: Path) -> None:
    (folder / compose.HTML).write_bytes(b"<p>caf\xe9</p>")
    with pytest.raises(ConfigError) as caught:
        compose.check(folder)
    assert caught.value.file == folder / compose.HTML
    assert (caught.value.problem, caught.value.mend) == ("byte 6 is no UTF-8", "save the file as UTF-8")
