"""Pitches and notices that no rule foresaw, between the paragraphs of an article and at its end."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from cleaner import Cleaner

LINES = Path(__file__).parent / "lines"
"""Lines on which nothing was trained: one block a line."""
PITCHES_GONE, ARTICLE_KEPT = 0.6, 0.94
"""Shares of the lines; .64 and .95 when this was written. Lowering one is an edit by hand, with the reason in the commit."""
PROSE = [
    "The council said on Monday that it will publish the results of the survey before the end of the month, and not before.",
    "Ferries between the two islands stopped at noon, because the harbour master had closed the outer gate in the rising wind.",
    "Engineers spent most of the year replacing the old cables under the bridge, which had carried trams since the autumn of 1931.",
    "Prices for fresh fish rose by a fifth in the first week, and two of the smaller restaurants on the quay did not open at all.",
    "The minister promised to look at the figures again, but would not say when the second half of the grant would be paid out.",
    "At the school on the hill the children had drawn the storm on long rolls of paper, with the lighthouse in red at one end.",
]
PITCH = "Slide our weekend dispatch into your inbox, free of charge."
PLEA = "Fancy a deeper dive? Grab our handbook and join the next cohort today."


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner()


@pytest.fixture
def bounded(tmp_path: Path) -> Cleaner:
    """One rule, that says where the article is: of what stands in there only the wording is judged."""
    (tmp_path / "generic.yaml").write_text("body: div\n", encoding="utf-8")
    return Cleaner([tmp_path], builtin=False)


def html(blocks: list[str], lang: str = "en") -> str:
    body = "".join(block if block.startswith("<") else f"<p>{escape(block)}</p>" for block in blocks)
    return f"<html lang={lang}><head><title>Storm closes the harbour</title></head><body><h1>Storm closes the harbour</h1><div>{body}</div>"


@pytest.mark.parametrize("at", [2, 6])
@pytest.mark.parametrize("pitch", [PITCH, PLEA])
def test_what_is_worded_like_a_pitch_goes_and_says_why(bounded: Cleaner, pitch: str, at: int) -> None:
    article = bounded.clean(html([*PROSE[:at], pitch, *PROSE[at:]]))
    assert article.text == "\n\n".join(PROSE)
    [why] = [piece.why for piece in article.removed if piece.rule == "scorer#pitch"]
    assert why.startswith("worded like a pitch or a notice: \u201c")


@pytest.mark.parametrize("pitch", [PITCH, PLEA])
def test_it_goes_from_plain_text_too(cleaner: Cleaner, pitch: str) -> None:
    assert cleaner.clean("\n\n".join([*PROSE, pitch])).text == "\n\n".join(PROSE)


def test_a_heading_with_its_text_and_a_step_among_steps_stay(bounded: Cleaner) -> None:
    steps = "<ol><li>Open the lid of the meter.</li><li>Request a new seal.</li><li>Write down the figure.</li></ol>"
    article = bounded.clean(html([*PROSE[:3], "<h2>Contact your insurer</h2>", *PROSE[3:], "<h2>How it is read</h2>", steps]))
    assert "Contact your insurer" in article.text
    assert "Request a new seal." in article.text


def test_a_rule_that_keeps_it_is_obeyed(tmp_path: Path) -> None:
    rules = f"body: div\nkeep:\n  - {{id: dispatch, phrase: '{PITCH}', why: asked for}}\n"
    (tmp_path / "generic.yaml").write_text(rules, encoding="utf-8")
    text = Cleaner([tmp_path], builtin=False).clean(html([*PROSE, PITCH, PLEA])).text
    assert PITCH in text
    assert PLEA not in text


def test_the_user_can_keep_them(tmp_path: Path) -> None:
    (tmp_path / "generic.yaml").write_text("body: div\n", encoding="utf-8")
    assert PITCH in Cleaner([tmp_path], builtin=False, keep=["pitches"]).clean(html([*PROSE, PITCH])).text


def test_what_the_user_keeps_by_choice_does_not_go_by_its_wording(tmp_path: Path) -> None:
    rules = f"body: div\ndrop:\n  - {{id: dispatch, phrase: '{PITCH}', choice: press-release, why: w}}\n"
    (tmp_path / "generic.yaml").write_text(rules, encoding="utf-8")
    page = html([*PROSE, PITCH])
    assert PITCH in Cleaner([tmp_path], builtin=False, keep=["press-release"]).clean(page).text
    assert PITCH not in Cleaner([tmp_path], builtin=False).clean(page).text


def test_a_page_that_is_all_pitches_is_left_as_it_is(bounded: Cleaner) -> None:
    text = bounded.clean(html([PITCH, PLEA, *PROSE[:2]])).text
    assert PITCH in text
    assert PLEA in text


def test_pages_in_other_languages_are_not_judged(bounded: Cleaner) -> None:
    german = [
        "Der Rat der Stadt will die Ergebnisse der Umfrage noch in diesem Monat vorlegen, wie er am Montag sagte.",
        "Die F\u00e4hren zwischen den beiden Inseln standen seit dem Mittag still, weil der Wind auf neun gestiegen war.",
        "Die Preise f\u00fcr frischen Fisch stiegen in der ersten Woche um ein F\u00fcnftel, und zwei Lokale blieben zu.",
    ]
    assert PITCH in bounded.clean(html([*german, PITCH], "de")).text


@pytest.mark.parametrize(("name", "least"), [("pitch", 1 - PITCHES_GONE), ("article", ARTICLE_KEPT)])
def test_lines_that_nothing_was_trained_on(cleaner: Cleaner, name: str, least: float) -> None:
    lines = (LINES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    kept = 0
    for at in range(0, len(lines), 3):
        text = cleaner.clean(html([*PROSE, *lines[at : at + 3]])).text.split("\n\n")
        kept += sum(line in text for line in lines[at : at + 3])
    share = kept / len(lines)
    assert share <= least if name == "pitch" else share >= least
