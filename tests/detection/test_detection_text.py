import pytest

from detection.text import sentences, words


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
