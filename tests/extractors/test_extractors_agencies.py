"""Agencies are found where bylines and datelines name them, and nowhere else."""

import pytest

from extractors.agencies import HEAD, find_agency, load_agencies

AGENCIES = load_agencies()


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        ("AFP", "afp"),
        ("By AFP", "afp"),
        ("Ann McBee, Reuters", "reuters"),
        ("Reuters staff", "reuters"),
        ("AFP/Reuters", "afp"),
        ("Ann McBee (dpa)", "dpa"),
        ("The Associated Press", "ap"),
        ("News desk with AFP", "afp"),
        ("Agency: TASS", "tass"),
        ("AP Singh", None),
        ("Stay with AP Singh", None),
        ("A P Singh", None),
        ("ap", None),
        ("Our correspondent", None),
    ],
)
def test_a_byline_names_the_agency(author: str, wanted: str | None) -> None:
    assert find_agency(AGENCIES, (author,), "") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("GENEVA (AFP) – Envoys met.", "afp"),
        ("GENEVA, May 5 (AFP/Reuters) - Envoys met.", "afp"),
        ("MOSCOW, May 5. /TASS/. Envoys met.", "tass"),
        ("Geneva — Reuters\nEnvoys met.", "reuters"),
        ("AFP, Geneva\nEnvoys met.", "afp"),
        ("Reuters - Envoys met.", "reuters"),
        ("(With AFP inputs) Envoys met.", "afp"),
        ("Envoys met, the minister told TASS in Moscow.", None),
        ("Reuters could not verify the report.", None),
        ("Envoys met. " * (HEAD // 12 + 1) + "(AFP)", None),
        ("", None),
    ],
)
def test_a_dateline_names_the_agency(text: str, wanted: str | None) -> None:
    assert find_agency(AGENCIES, (), text) == wanted


def test_the_byline_counts_before_the_dateline() -> None:
    assert find_agency(AGENCIES, ("Ann McBee", "Reuters"), "GENEVA (AFP) – Envoys met.") == "reuters"


def test_without_agencies_none_is_found() -> None:
    assert find_agency((), ("AFP",), "(AFP)") is None
