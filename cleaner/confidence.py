"""How sure the article is: the probability, measured on pages with gold text, that its word F1 is .95 or more.

docs/confidence.md shows the table; ``benchmarks/train.py`` fits the few numbers used here.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .score import Calibration

_UNSURE = (0.2, 0.8)


def signs(words: list[int], kept: list[bool], probabilities: list[float]) -> list[float]:
    """Words, verdict and probability of each block that was judged in; the inputs of the calibration out.

    Expected word F1 (as log odds), share of words in unsure blocks, log of kept words, and how often kept and dropped alternate.
    """
    likely = sum(word * value for word, value in zip(words, probabilities, strict=True))
    taken = sum(word for word, keep in zip(words, kept, strict=True) if keep)
    right = sum(word * value for word, value, keep in zip(words, probabilities, kept, strict=True) if keep)
    expected = 2 * right / (likely + taken) if likely + taken else 0.0
    expected = min(max(expected, 1e-4), 1 - 1e-4)
    unsure = sum(word for word, value in zip(words, probabilities, strict=True) if _UNSURE[0] < value < _UNSURE[1])
    turns = sum(one != other for one, other in itertools.pairwise(kept))
    return [math.log(expected / (1 - expected)), unsure / max(taken, 1), math.log1p(taken), math.log1p(turns)]


def confidence(calibration: Calibration, given: list[float]) -> float:
    """Signs of a page in, the calibrated probability out."""
    odds = calibration.bias + sum(weight * value for weight, value in zip(calibration.weights, given, strict=True))
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))), 3)
