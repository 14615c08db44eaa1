"""How probabilities become verdicts: the thresholds follow what the page lets the scorer expect."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.model import Block
from cleaner.score import Network, connected

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))


def blocks(*words: int) -> list[Block]:
    return [Block(at, "word " * count, "paragraph", 0, at, [], 0, count) for at, count in enumerate(words)]


def test_on_a_page_without_doubt_a_lone_unsure_block_goes() -> None:
    assert connected(blocks(200, 3, 5, 200), [0.99, 0.01, 0.6, 0.01], "html") == [True, False, False, False]


def test_on_a_page_of_doubt_it_stays() -> None:
    assert connected(blocks(40, 3, 5, 40), [0.5, 0.01, 0.4, 0.01], "html") == [True, False, True, False]
    assert connected(blocks(40, 3, 5, 40), [0.5, 0.01, 0.4, 0.01], "text") == [False] * 4
    assert connected(blocks(40, 3, 5, 40), [0.6, 0.01, 0.4, 0.01], "text") == [True, False, False, False]


def test_a_line_of_a_text_page_is_kept_with_the_prose_it_heads() -> None:
    assert connected(blocks(200, 3, 40, 3), [0.99, 0.3, 0.3, 0.01], "text") == [True, True, True, False]
    assert connected(blocks(200, 3, 40, 3), [0.99, 0.3, 0.2, 0.01], "text") == [True, False, False, False]
    assert connected(blocks(200, 3, 5, 3), [0.99, 0.3, 0.3, 0.01], "text") == [True, False, False, False]


def test_beside_a_kept_block_less_is_enough() -> None:
    assert connected(blocks(200, 5, 5), [0.99, 0.6, 0.3], "html") == [True, True, False]


@given(st.lists(st.tuples(st.integers(1, 200), st.floats(0, 1)), max_size=20))
def test_certain_blocks_are_never_in_question(page: list[tuple[int, float]]) -> None:
    probabilities = [value for _, value in page]
    kept = connected(blocks(*[words for words, _ in page]), probabilities, "html")
    assert all(kept[at] for at, value in enumerate(probabilities) if value > 0.7)
    assert not any(kept[at] for at, value in enumerate(probabilities) if value <= 0.1)


def test_a_dropped_block_names_the_features_that_spoke_most_against_it() -> None:
    prose = "<p>" + "The river rose in the night, and by morning the lower street stood under water, as it had in May. " * 3 + "</p>"
    links = "".join(f"<li><a href=/{at}>Some other story {at}</a></li>" for at in range(8))
    article = Cleaner(builtin=False).clean(f"<article>{prose * 5}</article><div class=links><ul>{links}</ul></div>")
    dropped = [block for block in article.blocks if block.rule == "scorer#block"]
    assert dropped
    for block in dropped:
        names = block.why.partition("; ")[2].split(", ")
        assert len(names) == 3
        assert all(name.startswith(("high ", "low ")) for name in names)


def test_the_feature_that_lowers_the_output_most_comes_first() -> None:
    identity, none = np.eye(3, dtype=np.float32), np.zeros(3, dtype=np.float32)
    last = np.array([[3], [-5], [-1]], dtype=np.float32), np.zeros(1, dtype=np.float32)
    network = Network(["a", "b", "c"], none, none + 1, [(identity, none), last])
    assert network.against(np.array([[1, 1, 1], [1, 0.1, 2]], dtype=np.float32)) == [
        ("high b", "high c", "high a"),
        ("high c", "high b", "high a"),
    ]


def test_networks_side_by_side_give_the_mean_of_their_log_odds() -> None:
    from train import HIDDEN, joined

    chance, sizes = np.random.default_rng(7), [5, *HIDDEN, 1]

    def layers(values: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
        return list(zip(values[::2], values[1::2], strict=True))

    def log_odds(values: list[np.ndarray]) -> np.ndarray:
        network = Network([], np.zeros(5, np.float32), np.ones(5, np.float32), layers(values))
        found = network(rows)
        return np.log(found / (1 - found))

    members = [
        [chance.normal(size=size).astype(np.float32) for at in range(3) for size in ((sizes[at], sizes[at + 1]), sizes[at + 1])]
        for _ in range(3)
    ]
    rows = chance.normal(size=(30, 5)).astype(np.float32) / 4
    mean = np.mean([log_odds(member) for member in members], axis=0)
    assert np.allclose(log_odds(joined(members)), mean, atol=1e-3)
