"""Train the models of how pitches and notices are worded (``cleaner/pitch.py``), one a language. ``train.py`` calls it.

They learn from made lines (``lines/LANGUAGE/*pitch*.txt`` and ``*article*.txt``, one block a line) and from the rules' own examples; the
English one also from blocks of the pages' gold texts and their ``without`` snippets. A letter in braces stands for any name of its kind
(``{P}`` a person, ``{S}`` a site, ``{C}`` a company, ``{X}`` a product, ``{T}`` a topic, ...; ``lines/names.yaml``) and is filled in
several ways.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from measure import words

from cleaner.model import Block
from cleaner.pitch import FEWEST, SHORT, Pitches, grams, is_looked_at, tokens

LINES = Path(__file__).parent / "lines"
RULES = Path(__file__).parent.parent / "rules"
OF_PAGES = "en"
"""The language of the pages with gold text."""
FILLINGS = 3
"""How many times a line with names to fill in is used."""
WEIGHTS = {"made": 3.0, "rules": 2.0, "snippets": 2.0, "gold": 1.0}
"""What one text of each kind counts."""
SHORTEST_SNIPPET = 3
LEAST = {True: (12, 8), False: (3, 2)}
"""How many texts hold a word that is told apart, and a gram that is weighed: with pages, and with lines alone."""
DECAY, STEPS, RATE = 0.3, 150, 0.7
SMALLEST = 0.3
"""Grams that weigh less are left out of the file."""
ALLOWED = 0.0095
"""Share of the article's short blocks that may be dropped: of gold texts, most of which people read as pitches as well, or of lines."""


@dataclass
class Source:
    """What one page teaches, and its fold."""

    fold: int
    gold: list[str] = field(default_factory=list)
    """Short blocks of its article."""
    snippets: list[str] = field(default_factory=list)
    """Short snippets that must not come out."""


Texts = list[tuple[str, float, float]]
"""(text, 1 for a pitch or 0, what it counts)"""


def source(record: Mapping[str, Any], fold: int, blocks: Iterable[Block], gold: Iterable[float]) -> Source:
    """A page's record, its blocks and the share of each that stands in the gold text in; what is learned of it out."""
    own = [block.text for block, share in zip(blocks, gold, strict=True) if share > 0.5 and is_looked_at(block) and block.words <= SHORT]
    whole = " ".join(words(record["text"]))
    snippets = [one for one in record["without"] if SHORTEST_SNIPPET <= len(words(one)) <= SHORT and " ".join(words(one)) not in whole]
    return Source(fold, own, snippets)


def of_pages(pages: list[Source], folds: int) -> list[Pitches]:
    """Pages in; models of their language out: one without the pages of each fold, and one of all.

    The threshold is the one that ``ALLOWED`` of the gold blocks pass, judged by a model that has not seen their site.
    """
    lines = _line_texts(OF_PAGES)
    parts = [[page for page in pages if page.fold != fold] for fold in range(folds)]
    models = [train(_page_texts(part) + lines, LEAST[True]) for part in (*parts, pages)]
    return _with_threshold(models, [models[page.fold].log_odds(text) for page in pages for text in page.gold])


def of_lines(language: str, folds: int) -> Pitches:
    """The model of a language of which there are made lines only; its threshold is judged on lines it has not seen."""
    texts = _line_texts(language)
    odds = []
    for fold in range(folds):
        model = train([text for at, text in enumerate(texts) if at % folds != fold], LEAST[False])
        odds += [model.log_odds(text) for text, wanted, _ in texts[fold::folds] if not wanted]
    return _with_threshold([train(texts, LEAST[False])], odds)[0]


def other_languages() -> list[str]:
    """Those with lines, but for the pages' own."""
    return sorted(folder.name for folder in LINES.iterdir() if folder.is_dir() and folder.name != OF_PAGES)


def _with_threshold(models: list[Pitches], odds: list[float]) -> list[Pitches]:
    threshold = round(sorted(odds, reverse=True)[int(ALLOWED * len(odds))], 3)
    return [Pitches(model.words, model.grams, model.bias, threshold) for model in models]


def train(texts: Texts, least: tuple[int, int]) -> Pitches:
    """Texts in, a model without a threshold out: logistic regression by Adagrad over whole batches."""
    least_words, least_grams = least
    counts = Counter(word for text, _, _ in texts for word in {token.lower() for token in tokens(text) if token[0].isalpha()})
    known = frozenset(word for word, count in counts.items() if count >= least_words)
    rows = [grams(text, known) for text, _, _ in texts]
    common = Counter(gram for row in rows for gram in row)
    numbers = {gram: at for at, gram in enumerate(sorted(gram for gram, count in common.items() if count >= least_grams))}
    values, bias = _descend([sorted(numbers[gram] for gram in row if gram in numbers) for row in rows], texts, len(numbers))
    kept = {gram: round(float(values[at]), 3) for gram, at in numbers.items() if abs(values[at]) >= SMALLEST}
    return Pitches(known, kept, round(bias, 3), 0.0)


def _descend(rows: list[list[int]], texts: Texts, count: int) -> tuple[Any, float]:
    sizes = np.array([len(row) for row in rows])
    grams_of, row_of = np.array([gram for row in rows for gram in row], dtype=np.int64), np.repeat(np.arange(len(rows)), sizes)
    share = (1 / np.sqrt(np.maximum(sizes, 1)))[row_of]
    wanted, weight = np.array([text[1] for text in texts]), np.array([text[2] for text in texts])
    values, bias = np.zeros(count), -3.0
    steepness, bias_steepness = np.full(count, 1e-3), 1e-3
    for _ in range(STEPS):
        odds = np.bincount(row_of, values[grams_of] * share, minlength=len(rows)) + bias
        error = (1 / (1 + np.exp(-odds)) - wanted) * weight
        slopes = np.bincount(grams_of, error[row_of] * share, minlength=count) + DECAY * values
        steepness += slopes**2
        bias_steepness += error.sum() ** 2
        values -= RATE * slopes / np.sqrt(steepness)
        bias -= RATE * error.sum() / np.sqrt(bias_steepness)
    return values, float(bias)


def _page_texts(pages: list[Source]) -> Texts:
    texts = [(text, 0.0, WEIGHTS["gold"]) for page in pages for text in page.gold]
    return texts + [(text, 1.0, WEIGHTS["snippets"]) for page in pages for text in page.snippets]


def _line_texts(language: str) -> Texts:
    texts = [(text, wanted, WEIGHTS["made"]) for kind, wanted in (("pitch", 1.0), ("article", 0.0)) for text in made(language, kind)]
    texts += [(text, wanted, WEIGHTS["rules"]) for kind, wanted in (("match", 1.0), ("keep", 0.0)) for text in examples(language, kind)]
    return [entry for entry in texts if FEWEST <= len(entry[0].split()) <= SHORT]


@cache
def made(language: str, kind: str) -> list[str]:
    """The made lines of a kind, with names filled in."""
    names, chance = yaml.safe_load((LINES / "names.yaml").read_text(encoding="utf-8")), random.Random(0)
    files = sorted((LINES / language).glob(f"*{kind}*.txt"))
    filled: dict[str, None] = {}
    for line in filter(None, [line.strip() for path in files for line in path.read_text(encoding="utf-8").splitlines()]):
        for _ in range(FILLINGS if "{" in line else 1):
            filled[re.sub(r"\{(\w)\}", lambda found: str(chance.choice(names[found[1]])), line)] = None
    return list(filled)


@cache
def examples(language: str, kind: str) -> list[str]:
    """What the phrase pack of a language gives as examples, and as phrases; for English the wire sources too."""
    packs = [path for path in [RULES / "phrases" / f"{language}.yaml"] if path.exists()]
    found: dict[str, None] = {}
    for path in packs + (sorted((RULES / "sources").glob("*.yaml")) if language == OF_PAGES else []):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8")).get("drop", ()):
            phrases = rule.get("phrase", []) if kind == "match" else []
            own = [*rule.get("examples", {}).get(kind, ()), *([phrases] if isinstance(phrases, str) else phrases)]
            found.update((str(text), None) for text in own)
    return list(found)
