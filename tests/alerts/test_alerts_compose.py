from __future__ import annotations

import html.parser
import json
from datetime import timedelta, timezone
from typing import Any

import pytest
from alerts_examples import MOMENT, NAMES, TEMPLATES, event, evidence

from alerts import compose
from detente.models import Message, Severity, Status
from detente.present import event_json, kind_in_words

HOSTILE = "</p><script>alert(1)</script> <img src=x onerror='x()'> {{ event.id }} {% raise %} & \"so\""
DIRTY = "War\r\nBcc: all@example.org\x1b[2J\x00\u202eback\u2066\u200b\u2028end\ud800"


def made(names: dict[str, str] | None = None, **changes: Any) -> Message:
    return compose.compose(event(**changes), NAMES if names is None else names, TEMPLATES)


class Page(html.parser.HTMLParser):
    """The tags, links and words of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_an_alert_says_who_did_what_and_when_with_the_sentences_that_prove_it() -> None:
    found = made()
    who = "Pakistan → Russia (mediator: Russia; parties: India, Pakistan)"
    assert found.subject == "Mediation requested: Pakistan → Russia – Pakistan asks Russia to step in"
    assert (
        found.text
        == f"""Pakistan asks Russia to step in

Mediation requested (reported as fact), Sunday 4 May 2025, severity high
{who}

“Report 1: Pakistan has asked Russia to mediate.”
  Northline, 4 May 2025, 09:31 UTC
  https://northline.example/1

“Report 2: Pakistan has asked Russia to mediate.”
  Courier, 4 May 2025, 09:32 UTC
  https://northline.example/2

Reported by 2 independent families: mpa, northline
CAMEO 028, PLOVER REQUEST, Goldstein +4.0
Event e7k2m9x4qa; all that is known of it: detente show e7k2m9x4qa
"""
    )
    assert found.event == event_json(event())
    json.dumps(found.event)


def test_the_page_says_the_same_and_links_the_reports() -> None:
    page = Page(made().html)
    assert made().html.startswith("<!doctype html>")
    assert page.links == ["https://northline.example/1", "https://northline.example/2"]
    for words in (
        "Pakistan asks Russia to step in",
        "Mediation requested (reported as fact) · severity high",
        "Pakistan → Russia (mediator: Russia; parties: India, Pakistan)",
        "“Report 1: Pakistan has asked Russia to mediate.”",
        "Northline, 4 May 2025, 09:31 UTC",
        "Reported by 2 independent families: mpa, northline",
        "Goldstein +4.0",
    ):
        assert words in page.words


@pytest.mark.parametrize(
    ("status", "subject", "words"),
    [
        (Status.PLANNED, "Mediation requested (planned): ", "(announced, not yet done)"),
        (Status.DENIED, "Mediation requested (denied): ", "(denied)"),
        (Status.HYPOTHETICAL, "Mediation requested (hypothetical): ", "(spoken of as possible)"),
        (Status.REPORTED, "Mediation requested: ", "(reported as fact)"),
    ],
)
def test_what_has_not_happened_is_not_told_as_if_it_had(status: Status, subject: str, words: str) -> None:
    found = made(status=status)
    assert found.subject.startswith(subject)
    assert words in found.text
    assert words in Page(found.html).words


@pytest.mark.parametrize(
    ("cls", "words"),
    [
        ("mediation.halt_threatened", "Mediation halt threatened"),
        ("talks.held", "Talks held"),
        ("deescalation.ceasefire", "De-escalation: ceasefire"),
        ("escalation.relations_reduced", "Escalation: relations reduced"),
    ],
)
def test_a_class_is_said_as_a_reader_would_say_it(cls: str, words: str) -> None:
    assert kind_in_words(cls) == words
    assert made(cls=cls).subject.startswith(f"{words}: ")


@pytest.mark.parametrize(
    ("roles", "who"),
    [
        ({"targets": (), "mediators": (), "parties": ()}, "Pakistan"),
        ({"sources": (), "mediators": (), "parties": ("PAK",)}, "unknown → Russia (party: Pakistan)"),
        ({"sources": (), "targets": (), "parties": ()}, "mediator: Russia"),
        ({"sources": ("IND", "PAK"), "mediators": ("RUS", "un"), "parties": ()}, None),
    ],
)
def test_roles_that_nobody_has_are_left_out(roles: dict[str, Any], who: str | None) -> None:
    lines = made(**roles).text.split("\n")
    assert lines[3] == (who or "India, Pakistan → Russia (mediators: Russia, un)")


def test_an_event_of_which_next_to_nothing_is_known_is_told_all_the_same() -> None:
    found = made(sources=(), targets=(), mediators=(), parties=(), headline="", evidence=(), severity=Severity.LOW)
    assert found.subject == "Mediation requested"
    assert found.text.startswith("Mediation requested\n\nMediation requested (reported as fact), Sunday 4 May 2025,")
    assert "families" not in found.text
    assert "None" not in found.text + found.html
    assert "<blockquote" not in found.html


# --- evidence ---------------------------------------------------------------------------------------------


def test_originals_are_quoted_and_copies_counted_and_no_sentence_stands_twice() -> None:
    copy = evidence(3, copy_of="https://northline.example/1", sentence="Only the copy says so.", publisher="Copyist")
    reports = (
        copy,
        evidence(1),
        evidence(4, sentence="report 1:\n pakistan has asked RUSSIA to mediate.", publisher="Echo"),
        evidence(2, publisher="Courier"),
    )
    text = made(evidence=reports).text
    assert "Echo" not in text
    assert "Copyist" not in text
    assert text.index("Northline,") < text.index("Courier,")
    assert "\n… and 1 more report and 1 copy.\n" in text


def test_a_copy_is_quoted_where_its_original_is_not_known() -> None:
    text = made(evidence=(evidence(1, copy_of="https://elsewhere.example/1", publisher="Copyist"),)).text
    assert "  Copyist, " in text
    assert "… and" not in text


def test_a_sentence_that_both_have_is_quoted_from_the_original() -> None:
    copy = evidence(1, copy_of="https://northline.example/1", url="https://copyist.example/1", publisher="Copyist")
    text = made(evidence=(copy, evidence(1))).text
    assert "  Northline, " in text
    assert "Copyist" not in text


@pytest.mark.parametrize(("reports", "words"), [(5, None), (6, "… and 1 more report."), (40, "… and 35 more reports.")])
def test_five_reports_are_quoted_and_the_others_are_counted(reports: int, words: str | None) -> None:
    found = made(evidence=tuple(evidence(number, family="one") for number in range(1, reports + 1)))
    assert [f"“Report {number}:" in found.text for number in range(1, 8)] == [True] * 5 + [False] * 2
    assert len(Page(found.html).links) == 5
    assert "Reported by 1 independent family: one" in found.text
    if words:
        assert words in found.text
        assert words in Page(found.html).words
    else:
        assert "more report" not in found.text + found.html


def test_a_time_is_told_in_utc() -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    text = made(evidence=(evidence(1, published_at=MOMENT.astimezone(there).replace(hour=2)),)).text
    assert "Northline, 3 May 2025, 20:30 UTC" in text


# --- strangers' words -------------------------------------------------------------------------------------


def test_no_word_of_a_stranger_becomes_a_tag_of_the_page() -> None:
    reports = (evidence(1, sentence=HOSTILE, publisher=HOSTILE, title=HOSTILE, family=HOSTILE),)
    found = made({"PAK": HOSTILE, "RUS": HOSTILE}, headline=HOSTILE, evidence=reports)
    calm, page = Page(made(evidence=(evidence(1),)).html), Page(found.html)
    assert page.tags == calm.tags
    assert page.attributes == calm.attributes
    assert page.links == calm.links
    assert page.words.count("<script>alert(1)</script>") >= 4
    assert "{{ event.id }}" in found.text, "a stranger's words were read as a template"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript://h/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "https://h/\" onmouseover='x()'",
        "https://h/<b>",
        "https://h/\u202egpj.exe",
        "//h/x",
        "https://",
        "https://[broken",
        "",
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url: str) -> None:
    found = made(evidence=(evidence(1, url=url), evidence(2)))
    page = Page(found.html)
    assert page.links == ["https://northline.example/2"]
    assert "onmouseover" not in page.attributes
    assert "Northline, " in page.words


def test_no_character_of_a_stranger_does_anything_in_the_text() -> None:
    reports = (evidence(1, sentence=DIRTY, publisher=DIRTY, title=DIRTY, family=DIRTY, url=f"https://h/{DIRTY}"),)
    found = made({"PAK": DIRTY, "RUS": DIRTY}, headline=DIRTY, evidence=reports)
    clean = "War Bcc: all@example.org [2J back end\ufffd"
    assert found.subject == f"Mediation requested: {clean} → {clean} – {clean}"
    assert found.text.startswith(f"{clean}\n\n")
    assert f"“{clean}”\n  {clean}, 4 May 2025" in found.text
    for part in (found.subject, found.text.replace("\n", ""), found.html.replace("\n", "")):
        assert part.isprintable()
        part.encode()
    assert not [line for line in found.text.split("\n") if line.startswith("Bcc")]


def test_what_is_too_long_is_cut_where_it_is_shown() -> None:
    found = made(headline="h" * 900, evidence=(evidence(1, sentence="s" * 5000),))
    assert len(found.subject) == compose.LONGEST_SUBJECT
    assert found.subject.endswith("h…")
    assert f"“{'s' * 399}…”" in found.text
    assert found.text.startswith(f"{'h' * 199}…\n")
    assert found.event["headline"] == "h" * 900


def test_quotation_marks_within_a_quotation_are_single() -> None:
    text = made(evidence=(evidence(1, sentence="“We ask,” said the envoy."),)).text
    assert "“\u2018We ask,\u2019 said the envoy.”" in text
