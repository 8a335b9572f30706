import pytest

from detection.text import dateline_end, is_in_lead, sentences, words


def split(text: str) -> list[str]:
    return [sentence.of(text) for sentence in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One came. Two left.", ["One came.", "Two left."]),
        ("Dr. Rao met Gen. Malik. They spoke.", ["Dr. Rao met Gen. Malik.", "They spoke."]),
        ("The U.S. and the U.N. agreed. Oslo did not.", ["The U.S. and the U.N. agreed.", "Oslo did not."]),
        ("S. Jaishankar rang. Nobody answered.", ["S. Jaishankar rang.", "Nobody answered."]),
        ("Headline without a stop\n\nThe text begins.", ["Headline without a stop", "The text begins."]),
        ('"Stop!" he said. "Now."', ['"Stop!" he said.', '"Now."']),
        ("Talks on May 2. were brief.", ["Talks on May 2. were brief."]),
        ("At 3.5 per cent. lower", ["At 3.5 per cent. lower"]),
        ("The raid began at 5 p.m. Tuesday. Nobody slept.", ["The raid began at 5 p.m. Tuesday.", "Nobody slept."]),
        ("They met at 9 a.m. Officials smiled.", ["They met at 9 a.m.", "Officials smiled."]),
        ("Egypt left the talks.Sudan stayed.", ["Egypt left the talks.", "Sudan stayed."]),
        ("Write to desk@news.example.com today.", ["Write to desk@news.example.com today."]),
        ("", []),
        ("...", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_offsets_point_into_the_text() -> None:
    text = "Kyiv's envoy won’t go.\n\n  Ankara’s will — on Monday."
    for sentence in sentences(text):
        for word in sentence.words:
            assert text[word.start : word.end].replace("’", "'") == word.text
            assert sentence.start <= word.start < word.end <= sentence.end


def test_apostrophes_begin_a_word_and_hyphens_separate() -> None:
    assert [word.text for word in words("Russia's US-backed plan won't do")] == [
        "Russia", "'s", "US", "backed", "plan", "won", "'t", "do",
    ]  # fmt: skip
    assert words("US-backed")[1].before == "-"


@pytest.mark.parametrize(
    "line",
    [
        "By Anna Berg",
        "BY ANNA BERG AND CARLOS RUIZ",
        "By Anna Berg and Carlos Ruiz, Northern Wire",
        "By Our Correspondent in Nairobi",
        "Reporting by Jordan Chad in Paris; editing by Israel Brown.",
        "(Additional reporting by Ines Mali)",
        "Staff Reporter",
    ],
)
def test_a_byline_is_no_sentence(line: str) -> None:
    assert split(f"Kenya offers to mediate\n{line}\nKenya offered help.") == [
        "Kenya offers to mediate",
        "Kenya offered help.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "By Monday Russia had attacked four towns.",
        "By land and by sea Egypt closed in on Gaza.",
        "By Turkey's reckoning, the talks failed.",
        "Reporting for duty, the soldiers marched.",
    ],
)
def test_what_only_begins_like_a_byline_is_a_sentence(line: str) -> None:
    assert split(f"A headline\n{line}") == ["A headline", line]


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("KYIV, Ukraine (AW) — ", "Russia attacked Odesa."),
        ("CAIRO/WASHINGTON, June 9 (Wire) - ", "Egypt asked Qatar to mediate."),
        ("UNITED NATIONS (AW) _ ", "The council met."),
        ("NAIROBI — ", "Kenya offered to mediate."),
        ("PORT-AU-PRINCE: ", "Gangs attacked a hospital."),
        ("Beirut, Lebanon – ", "Israel bombed two villages."),
        ("New Delhi: ", "India expelled two diplomats."),
        ("Addis Ababa, 3 June (Wire) - ", "Sudan asked Ethiopia to mediate."),
        ("", "Israel - which denies it - bombed two villages."),
        ("", "Egypt: a country between two seas."),
        ("", "France, Italy and Spain met."),
        ("", "Modi: We will strike back."),
    ],
)
def test_a_dateline_ends_before_the_report(dateline: str, rest: str) -> None:
    text = f"A headline\n{dateline}{rest}"
    lead = sentences(text)[1]
    assert text[dateline_end(text, lead) : lead.end].strip() == rest


@pytest.mark.parametrize("headline", ["INDIA AGREES: TRUMP", "Kabul: border shut", "Ukraine – Russia: talks stall"])
def test_a_headline_has_no_dateline(headline: str) -> None:
    assert dateline_end(headline, sentences(headline)[0]) == 0


@pytest.mark.parametrize(
    ("before", "lead"),
    [
        ("", True),
        ("Synopsis\n\nMay 5, 2025\nA flag.\n", True),
        ("The envoy spoke to reporters in Oslo. He gave no names that day.\n", True),
        ("The envoy spoke to reporters in Oslo.\nHe gave no names that day.\nTwo aides stood at his side.\n", False),
        ("He came. " * 10, False),
    ],
)
def test_what_stands_below_the_lead(before: str, *, lead: bool) -> None:
    text = f"A headline of some words, and more of them.\n{before}Chad asked for help."
    assert is_in_lead(text, text.index("Chad")) is lead
