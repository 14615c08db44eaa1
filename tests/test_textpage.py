"""Plain text takes the same road: lines become blocks."""

from __future__ import annotations

import pytest

from cleaner.textpage import read_text


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("One\nTwo\n\nThree\n", [("paragraph", "One"), ("paragraph", "Two"), ("paragraph", "Three")]),
        (
            "  • one\n• two\n- three\n* four\n\n•\n",
            [("item", "one"), ("item", "two"), ("item", "three"), ("item", "four"), ("paragraph", "•")],
        ),
        (
            "-5 degrees\n-- dashes\n*bold*\n1. first",
            [("paragraph", "-5 degrees"), ("paragraph", "-- dashes"), ("paragraph", "*bold*"), ("paragraph", "1. first")],
        ),
        ("a   b\u00a0c\u200b", [("paragraph", "a b c")]),
        ("name\tgoals\t\tcards\n", [("paragraph", "name\tgoals\tcards")]),
        ("\n \n\t\n", []),
        ("", []),
    ],
)
def test_lines(text: str, blocks: list[tuple[str, str]]) -> None:
    assert [(block.kind, block.text) for block in read_text(text).blocks] == blocks


def test_blank_lines_are_counted() -> None:
    assert [block.gap for block in read_text("a\nb\n\nc\n \n\n\nd").blocks] == [0, 0, 1, 3]


WRAPPED = """\
The harbour of the old town has been closed since Tuesday, when a
barge ran aground in the narrow channel between the two piers and
blocked the way for every ship that is longer than forty metres.

Divers will look at the hull tomorrow. Until then the ferries use
the northern landing, where there is room for only one at a time,
and passengers should expect to wait for an hour or even longer.
- bring water
- bring time
Short end.
"""


def test_hard_wrapped_lines_are_joined_at_paragraphs_bullets_and_short_lines() -> None:
    blocks = [block.text for block in read_text(WRAPPED).blocks]
    assert blocks[0].startswith("The harbour") and blocks[0].endswith("forty metres.")
    assert blocks[1].startswith("Divers") and blocks[1].endswith("longer.")
    assert blocks[2:] == ["bring water", "bring time", "Short end."]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(["Stock", "Economy", "Politics", "Editor’s Pick"] * 4),
        "\n".join(f"{'a headline that goes on for some seventy characters, ' * 3}{number}" for number in range(8)),
        "\n".join(["a line of some length that others follow here now ok", "short"] * 6),
    ],
)
def test_other_lines_stay_apart(text: str) -> None:
    assert len(read_text(text).blocks) == len(text.splitlines())


def test_a_text_page_has_the_tables_of_an_html_page() -> None:
    page = read_text("one two\nthree", url="https://e.org/")
    assert (page.kind, page.url, page.tokens, page.images) == ("text", "https://e.org/", {}, [])
    assert (page.parents, page.ends, page.first_block, page.last_block) == ([-1, -1], [1, 2], [0, 1], [1, 2])
    assert (page.words_before, page.chars_before) == ([0, 2, 3], [0, 7, 12])
