"""Where the rules are silent: which blocks are the article, from structure and text alone.

The doors are ``Scorer`` and ``score``; nothing outside knows how a block is judged. The weights are a data file that
``benchmarks/train.py`` rebuilds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from .confidence import confidence, signs
from .model import Block, Decision, Origin, Page
from .page import is_running_text
from .pitch import Pitches
from .until import is_prose

if TYPE_CHECKING:
    from .tree_features import Floats

T = TypeVar("T")
WEIGHTS = "weights.json"
_LAST_RESORT = 0.3
"""Confidence of readability's result at most: it is asked only where nothing else was found."""
_ROWS = 20
"""Blocks judged at once: few enough that a BLAS stays in one thread (OpenBLAS below 2**18 multiplications), so that the
result does not depend on the number of cores and no threads are woken for a page."""
_SURE = {"html": (0.65, 0.42, 0.12), "text": (0.7, 0.5, 0.2)}
_UNSURE = {"html": (0.35, 0.25, 0.1), "text": (0.55, 0.4, 0.15)}
"""Thresholds for a block, for one beside a kept one, and for a paragraph of prose beside one: on pages that the scorer is sure of, and
on others. The best set of blocks is what is likelier than half the F1 that it can expect (Lipton, Elkan, Naryanaswamy 2014), so a page
of doubt wants lower ones; on text dumps these let in more furniture."""
_SURE_F1, _UNSURE_F1 = 0.9, 0.7
"""Expected word F1 from which, and below which, a page is one or the other; between them the thresholds move evenly."""
_HEADING = 0.25
"""Probability that a line of a text page after a kept one needs, and the prose after it, to be a heading and its text."""
_ROWS_OF_TABLE = 2
_LAYOUT_WORDS = 60
"""A table with a cell of so many words lays out the page."""
_NAMED = 3
"""Features that are named as the reason why a block was dropped."""
_CLIP = 5.0
"""Standard deviations beyond which a feature says no more."""


class Layer(msgspec.Struct, frozen=True):
    """One layer of a network: ``weights[input][output]`` and a bias for each output."""

    weights: list[list[float]]
    bias: list[float]


class Stored(msgspec.Struct, frozen=True):
    """A network as it lies in the weights file."""

    columns: list[str]
    mean: list[float]
    scale: list[float]
    layers: list[Layer]


class Calibration(msgspec.Struct, frozen=True):
    """From the signs of ``confidence.py`` to a probability: a logistic function."""

    bias: float
    weights: list[float]


class Weights(msgspec.Struct, frozen=True):
    """The weights file: for each kind of page a network, and how far to trust it; and how pitches are worded."""

    html: Stored
    text: Stored
    html_confidence: Calibration
    text_confidence: Calibration
    body_confidence: float
    """The share of right articles among those that a rule's body bounds."""
    pitches: dict[str, msgspec.Raw]
    """``Pitches`` by language, decoded when a page first needs them."""


@dataclass(slots=True, frozen=True)
class Network:
    """A small feed-forward network over the features of single blocks."""

    columns: list[str]
    mean: Floats
    scale: Floats
    layers: list[tuple[Floats, Floats]]

    def __call__(self, rows: Floats) -> Floats:
        """Features (blocks, features) in, the probability of each block to be article text out."""
        import numpy as np

        inputs = np.clip((rows - self.mean) * self.scale, -_CLIP, _CLIP)
        return np.concatenate([self._forward(inputs[at : at + _ROWS]) for at in range(0, max(len(inputs), 1), _ROWS)])

    def against(self, rows: Floats) -> list[tuple[str, ...]]:
        """Features (blocks, features) in; for each block the few that spoke most against it, the strongest first, out.

        A feature's say is its distance from the mean times the slope of the output there ("gradient times input": Shrikumar,
        Greenside, Kundaje 2017).
        """
        import numpy as np

        inputs = np.clip((rows - self.mean) * self.scale, -_CLIP, _CLIP)
        found = []
        for at in range(0, len(inputs), _ROWS):
            batch = inputs[at : at + _ROWS]
            says = batch * self._slopes(batch)
            strongest = []
            for _ in range(_NAMED):
                strongest.append(says.argmin(axis=1))
                says[np.arange(len(says)), strongest[-1]] = np.inf
            for block, order in enumerate(np.stack(strongest, axis=1).tolist()):
                found.append(tuple([f"{'high' if batch[block, one] > 0 else 'low'} {self.columns[one]}" for one in order]))
        return found

    def _forward(self, signal: Floats) -> Floats:
        import numpy as np

        for weights, bias in self.layers[:-1]:
            signal = np.maximum(signal @ weights + bias, 0)
        weights, bias = self.layers[-1]
        result: Floats = 1 / (1 + np.exp(-(signal @ weights + bias)[:, 0]))
        return result

    def _slopes(self, signal: Floats) -> Floats:
        """How much the output, as log odds, rises with each input."""
        import numpy as np

        active = []
        for weights, bias in self.layers[:-1]:
            signal = np.maximum(signal @ weights + bias, 0)
            active.append(signal > 0)
        slopes: Floats = np.repeat(self.layers[-1][0].T, len(signal), axis=0)
        for (weights, _), on in zip(reversed(self.layers[:-1]), reversed(active), strict=True):
            slopes = (slopes * on) @ weights.T
        return slopes


@dataclass(slots=True, frozen=True)
class Scores:
    """What the scorer says of a page's blocks."""

    reasons: list[Origin | None]
    """Why to drop each block; None to keep it."""
    probabilities: list[float]
    """Of each block to be article text; 0 for blocks that rules dropped."""
    dropped: list[bool]
    """Blocks that rules dropped, which were not judged."""


def stored_network(stored: Stored) -> Network:
    """The arrays of a network in the weights file."""
    import numpy as np

    def array(values: Any) -> Floats:
        return np.array(values, dtype=np.float32)

    layers = [(array(layer.weights), array(layer.bias)) for layer in stored.layers]
    return Network(stored.columns, array(stored.mean), array([1 / one for one in stored.scale]), layers)


class Scorer:
    """The networks of one weights file, read when first needed."""

    def __init__(self, data: bytes | None = None) -> None:
        """``data``: a weights file's bytes instead of the shipped one's. Raises ValueError for bytes that are none."""
        self.data = shipped_weights() if data is None else data
        self._weights: Weights | None = None
        self._networks: dict[str, Network] = {}
        self._pitches: dict[str, Pitches] = {}
        if data is not None:
            for kind in ("html", "text"):
                self.network(kind)
            for language in self.weights.pitches:
                self.pitches(language)

    @property
    def weights(self) -> Weights:
        """The file as data."""
        if self._weights is None:
            self._weights = _decoded(self.data, Weights)
        return self._weights

    def pitches(self, language: str | None) -> Pitches | None:
        """How pitches and notices are worded in a language; None where that is not known."""
        if language is None or language not in self.weights.pitches:
            return None
        if language not in self._pitches:
            self._pitches[language] = _decoded(self.weights.pitches[language], Pitches)
        return self._pitches[language]

    def network(self, kind: str) -> Network:
        """The network for "html" or "text" pages."""
        if kind not in self._networks:
            from .features import columns

            stored = getattr(self.weights, kind)
            if stored.columns != columns(kind):
                raise ValueError("the weights belong to other features than this program's: rebuild them with benchmarks/train.py")
            self._networks[kind] = stored_network(stored)
        return self._networks[kind]

    def confidence(self, page: Page, method: str, decisions: list[Decision], scores: Scores | None) -> float:
        """How sure an article made by a method is, 0 to 1."""
        if scores is None:
            return self.weights.body_confidence
        judged = [at for at, gone in enumerate(scores.dropped) if not gone]
        words = [page.blocks[at].words for at in judged]
        kept = [decisions[at].verdict == "KEEP" for at in judged]
        calibration = self.weights.html_confidence if page.kind == "html" else self.weights.text_confidence
        measured = confidence(calibration, signs(words, kept, [scores.probabilities[at] for at in judged]))
        return min(measured, _LAST_RESORT) if method == "readability" else measured


def _decoded(data: bytes | msgspec.Raw, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a file of scorer weights: {error}") from None


@lru_cache(maxsize=1)
def shipped_weights() -> bytes:
    """The weights file of the package; part of the ruleset digest."""
    return (files("cleaner") / WEIGHTS).read_bytes()


def score(page: Page, decisions: list[Decision], judge: Network) -> Scores:
    """A page and what the rules decided in; what the scorer says of the blocks they left open out.

    Blocks that rules dropped are not judged.
    """
    from .features import features

    dropped = [decision.verdict == "DROP" for decision in decisions]
    rows = features(page, dropped)
    probabilities = [0.0 if gone else float(value) for gone, value in zip(dropped, judge(rows), strict=True)]
    if page.kind == "html":
        _judge_tables_whole(page.blocks, page.parents, page.tags, dropped, probabilities)
    judged = [block for block in page.blocks if not dropped[block.index]]
    kept = connected(judged, [probabilities[block.index] for block in judged], page.kind)
    if page.kind == "text":
        _keep_rows(judged, kept)
    reasons: list[Origin | None] = [None] * len(page.blocks)
    refused = [block.index for block, keep in zip(judged, kept, strict=True) if not keep]
    for at, names in zip(refused, judge.against(rows[refused]), strict=True):
        reasons[at] = _reason(probabilities[at], names)
    _keep_captions(page.blocks, dropped, reasons)
    return Scores(reasons, probabilities, dropped)


def connected(blocks: list[Block], probabilities: list[float], kind: str) -> list[bool]:
    """Keep what is likely; keep what is less so where it touches kept blocks, most of all when it reads like prose.

    The last paragraph before the furniture looks most like furniture; this keeps it. ``kind``: of the page.
    """
    threshold, touching, touching_prose = _thresholds([block.words for block in blocks], probabilities, kind)
    kept = [value > threshold for value in probabilities]
    count = len(blocks)
    for order, step in ((range(1, count), -1), (range(count - 2, -1, -1), 1)):
        for at in order:
            if not kept[at] and kept[at + step]:
                kept[at] = probabilities[at] > (touching_prose if is_prose(blocks[at]) else touching)
                if kind == "text" and step < 0 and not kept[at]:
                    kept[at] = _is_heading(blocks[at : at + 2], probabilities[at : at + 2])
    return kept


def _is_heading(pair: list[Block], probabilities: list[float]) -> bool:
    """Whether a line is likely enough the heading of the prose after it. Plain text has no headings: alone it is a short line."""
    return len(pair) > 1 and not is_prose(pair[0]) and is_running_text(pair[1]) and min(probabilities) > _HEADING


def _thresholds(words: list[int], probabilities: list[float], kind: str) -> list[float]:
    sure = (_expected_f1(words, probabilities) - _UNSURE_F1) / (_SURE_F1 - _UNSURE_F1)
    share = min(max(sure, 0.0), 1.0)
    return [low + share * (high - low) for low, high in zip(_UNSURE[kind], _SURE[kind], strict=True)]


def _expected_f1(words: list[int], probabilities: list[float]) -> float:
    """The word F1 that the best choice of blocks can expect, if the probabilities are right; 0 without blocks."""
    likely = sum(word * value for word, value in zip(words, probabilities, strict=True))
    best = taken = right = 0.0
    for value, word in sorted(zip(probabilities, words, strict=True), reverse=True):
        taken += word
        right += word * value
        best = max(best, 2 * right / (taken + likely))
    return best


def _judge_tables_whole(blocks: list[Block], parents: list[int], tags: list[str], dropped: list[bool], probabilities: list[float]) -> None:
    """A table of data is kept or dropped as one: its single cells say too little. Tables that hold prose are layout."""
    tables: dict[int, list[int]] = {}
    for block in blocks:
        if block.kind == "cell" and not dropped[block.index]:
            node = block.node
            while node >= 0 and tags[node] != "table":
                node = parents[node]
            tables.setdefault(node, []).append(block.index)
    for cells in tables.values():
        words = [blocks[at].words for at in cells]
        if max(words) < _LAYOUT_WORDS:
            mean = sum(word * probabilities[at] for word, at in zip(words, cells, strict=True)) / max(sum(words), 1)
            for at in cells:
                probabilities[at] = mean


def _keep_rows(judged: list[Block], kept: list[bool]) -> None:
    """On a text page: lines with tabs between kept blocks are a table of the article."""
    start = 0
    while start < len(judged):
        end = start
        while end < len(judged) and "\t" in judged[end].text:
            end += 1
        if end - start >= _ROWS_OF_TABLE and start > 0 and kept[start - 1] and end < len(judged) and kept[end]:
            kept[start:end] = [True] * (end - start)
        start = max(end, start + 1)


def _keep_captions(blocks: list[Block], dropped: list[bool], reasons: list[Origin | None]) -> None:
    """A caption between two kept blocks goes with its image: it is no part of the text, but of Markdown and HTML."""
    kept = [block.index for block in blocks if not dropped[block.index] and reasons[block.index] is None and block.kind != "caption"]
    if kept:
        for block in blocks[kept[0] : kept[-1]]:
            if block.kind == "caption":
                reasons[block.index] = None


def _reason(probability: float, names: tuple[str, ...]) -> Origin:
    likely = f"{round(100 * probability)} % likely to be article text"
    return Origin("scorer#block", "scorer", f"reads like furniture: {likely}; {', '.join(names)}")
