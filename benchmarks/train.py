"""Rebuild the scorer's weights from pages with gold text, and say how good they are.

    python benchmarks/train.py DATA/wcxb-dev.jsonl.gz                 # writes cleaner/weights.json
    python benchmarks/train.py DATA/wcxb-dev.jsonl.gz --folds DIR     # and DIR/weights-0.json ..., each without one fold
    python benchmarks/train.py DATA/wcxb-dev.jsonl.gz --only pitches  # the networks in those files stay as they are

It prints 5-fold results by site: every page is judged by weights that never saw its site. The confidence is fitted on
those results. The folder of fold weights is for ``accuracy.py``.

The same data and the same versions of numpy and its BLAS give the same file, bit for bit: one thread, fixed seeds, and of the
processor's instructions those that every x86-64 of the last ten years has. Other processors end a hair away.
"""

from __future__ import annotations

import os

# Wider vectors add up in another order, and the last digits grow into other networks.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OPENBLAS_CORETYPE"] = "Haswell"
os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"

import argparse
import itertools
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pitches
from labels import labels
from measure import FOLDS, fold_of, read_pages, snippet_share, text_dump, word_scores

from cleaner.confidence import signs
from cleaner.features import columns, features
from cleaner.hidden import hidden_marks
from cleaner.match import Matcher
from cleaner.model import Decision, Page
from cleaner.page import read_html
from cleaner.pipeline import Cleaner
from cleaner.pitch import Pitches
from cleaner.resolve import resolve
from cleaner.score import WEIGHTS, Calibration, Layer, Network, Scorer, Stored, Weights, connected, stored_network
from cleaner.template import detect
from cleaner.textpage import read_text
from cleaner.tree_features import Floats

MEMBERS = 4
"""Networks whose log odds are averaged; they differ in their seeds."""
HIDDEN = (16, 8)
"""Of each member."""
EPOCHS = 25
BATCH = 2048
RATE = 2e-3
DECAY = {"html": 1e-4, "text": 1e-5}
DROPOUT = {"html": 0.3, "text": 0.1}
EXCERPT_WEIGHT = 0.2
"""What an excerpt weighs beside a page."""
EXCERPT_WORDS = 12
"""Words of a paragraph that excerpts are made of."""
RIDGE = 1.0
GOOD = 0.95
"""Word F1 from which an article counts as right."""
BODY_CONFIDENCE = 0.88
"""Share of right articles among those that a rule's body bounds, as accuracy.py prints it by method."""


@dataclass
class Example:
    """One page ready for training."""

    record: dict[str, object]
    fold: int
    page: Page
    """Its open blocks only."""
    texts: list[str]
    rows: Floats
    gold: Floats
    weight: Floats


def prepare(path: Path, kind: str) -> list[Example]:
    """Pages as examples; blocks that rules drop are left out of what is learned, but seen as neighbours."""
    cleaner = Cleaner()
    examples = []
    for record in read_pages(path):
        html = record["html"]
        page = read_html(html, record["url"]) if kind == "html" else read_text(text_dump(html))
        if page.blocks:
            examples.append(_example(page, record, cleaner))
    return examples


def _example(page: Page, record: dict[str, object], cleaner: Cleaner) -> Example:
    decisions = _rules_only(page, cleaner)
    dropped = [decision.verdict == "DROP" for decision in decisions]
    gold = np.array(labels(page.blocks, str(record["text"])), dtype=np.float32)
    words = np.array([block.words for block in page.blocks], dtype=np.float32)
    weight = np.sqrt(words + 2)
    weight /= np.sqrt(weight.sum())
    open_blocks = ~np.array(dropped)
    rows = features(page, dropped)[open_blocks]
    kept = [block for block, gone in zip(page.blocks, dropped, strict=True) if not gone]
    slim = {key: record[key] for key in ("id", "page_type", "text", "with", "without")}
    return Example(
        slim,
        fold_of(str(record["url"])),
        Page(page.kind, page.url, blocks=kept),
        [block.text for block in kept],
        rows,
        gold[open_blocks],
        weight[open_blocks],
    )


def excerpts(path: Path) -> list[Example]:
    """One to three paragraphs of each gold article as a text page of their own: all pages have furniture, and what is given to be
    cleaned may have none.
    """
    chance = np.random.default_rng(0)
    examples = []
    for record in read_pages(path):
        paragraphs = [line for line in str(record["text"]).split("\n") if len(line.split()) >= EXCERPT_WORDS]
        if record["page_type"] == "article" and paragraphs:
            count = int(chance.integers(1, 4))
            start = int(chance.integers(0, max(1, len(paragraphs) - count)))
            page = read_text("\n\n".join(paragraphs[start : start + count]))
            weight = np.sqrt(np.array([block.words for block in page.blocks], dtype=np.float32) + 2)
            weight /= np.sqrt(weight.sum())
            rows, gold = features(page, [False] * len(weight)), np.ones(len(weight), np.float32)
            texts = [block.text for block in page.blocks]
            examples.append(Example({}, fold_of(str(record["url"])), page, texts, rows, gold, weight * EXCERPT_WEIGHT))
    return examples


def _rules_only(page: Page, cleaner: Cleaner) -> list[Decision]:
    rules = cleaner.rules
    hits = rules.words.scan(page.blocks)
    matcher = Matcher(page, rules, hits)
    found = matcher.run([file for file, _ in detect(page, rules, hits)])
    hidden, _ = hidden_marks(page, None)
    return resolve(page, found.marks + hidden, None)


def train(examples: list[Example], kind: str) -> Stored:
    """Examples in, a network out: the average of some small ones, as one."""
    rows = np.concatenate([example.rows for example in examples])
    gold = np.concatenate([example.gold for example in examples])
    weight = np.concatenate([example.weight for example in examples])
    mean, scale = rows.mean(0), rows.std(0) + 1e-3
    rows = np.clip((rows - mean) / scale, -5, 5)
    values = joined([member(rows, gold, weight, kind, seed) for seed in range(MEMBERS)])
    layers = [Layer(_plain(values[at]), _plain(values[at + 1])) for at in range(0, len(values), 2)]
    return Stored(columns(kind), _plain(mean), _plain(scale), layers)


def member(rows: Floats, gold: Floats, weight: Floats, kind: str, seed: int) -> list[Floats]:
    """Standardised inputs in; weights and biases of two hidden layers and the output out. Adam with a cosine rate."""
    random = np.random.default_rng(seed)
    sizes = [rows.shape[1], *HIDDEN, 1]
    values = []
    for before, after in itertools.pairwise(sizes):
        values += [random.normal(0, np.sqrt(2 / before), (before, after)).astype(np.float32), np.zeros(after, np.float32)]
    _descend(values, rows, gold, weight, random, kind)
    return values


def joined(members: list[list[Floats]]) -> list[Floats]:
    """One network whose log odds are the mean of the members': side by side, and between their hidden layers no weights but their own."""
    first, first_bias, second, second_bias, last, last_bias = zip(*members, strict=True)
    between = np.zeros((len(members) * HIDDEN[0], len(members) * HIDDEN[1]), np.float32)
    for at, own in enumerate(second):
        between[at * HIDDEN[0] : (at + 1) * HIDDEN[0], at * HIDDEN[1] : (at + 1) * HIDDEN[1]] = own
    out, out_bias = np.concatenate(last) / len(members), np.mean(last_bias, axis=0)
    return [np.concatenate(first, axis=1), np.concatenate(first_bias), between, np.concatenate(second_bias), out, out_bias]


def _plain(array: Floats) -> list[float]:
    return np.round(array.astype(np.float64), 5).tolist()


def _descend(values: list[Floats], rows: Floats, gold: Floats, weight: Floats, random: np.random.Generator, kind: str) -> None:
    first = [np.zeros_like(value) for value in values]
    second = [np.zeros_like(value) for value in values]
    steps = EPOCHS * (len(rows) // BATCH)
    step = 0
    for _ in range(EPOCHS):
        order = random.permutation(len(rows))
        for start in range(0, len(rows) - BATCH + 1, BATCH):
            at = order[start : start + BATCH]
            inputs = rows[at] * (random.random((BATCH, rows.shape[1]), dtype=np.float32) > DROPOUT[kind]) / (1 - DROPOUT[kind])
            slopes = _slopes(values, inputs.astype(np.float32), gold[at], weight[at], DECAY[kind])
            step += 1
            rate = RATE * min(1.0, step / 200) * 0.5 * (1 + np.cos(np.pi * step / steps))
            for i, slope in enumerate(slopes):
                first[i] = 0.9 * first[i] + 0.1 * slope
                second[i] = 0.999 * second[i] + 0.001 * slope**2
                values[i] -= (rate * (first[i] / (1 - 0.9**step)) / (np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8)).astype(np.float32)


def _slopes(values: list[Floats], inputs: Floats, gold: Floats, weight: Floats, decay: float) -> list[Floats]:
    """Gradients of the weighted cross-entropy, by back-propagation."""
    signals = [inputs]
    for at in range(0, len(values) - 2, 2):
        signals.append(np.maximum(signals[-1] @ values[at] + values[at + 1], 0))
    guess = 1 / (1 + np.exp(-(signals[-1] @ values[-2] + values[-1])[:, 0]))
    error = ((guess - gold) * weight / weight.sum())[:, None].astype(np.float32)
    slopes: list[Floats] = [np.empty(0, np.float32)] * len(values)
    for at in range(len(values) - 2, -1, -2):
        signal = signals[at // 2]
        slopes[at], slopes[at + 1] = signal.T @ error + decay * values[at], error.sum(0)
        if at:
            error = (error @ values[at].T) * (signal > 0)
    return slopes


@dataclass
class Result:
    """How one page came out."""

    article: bool
    scores: tuple[float, float, float]
    leak: float
    held: float
    signs: list[float]


def judge(examples: list[Example], network: Network) -> list[Result]:
    """Every page's result under a network."""
    results = []
    for example in examples:
        values = network(example.rows)
        kept = connected(example.page.blocks, values.tolist(), example.page.kind)
        text = "\n".join(one for one, keep in zip(example.texts, kept, strict=True) if keep)
        record = example.record
        leak, held = snippet_share(text, record["without"]), snippet_share(text, record["with"])  # type: ignore[arg-type]
        page_signs = signs([block.words for block in example.page.blocks], kept, values.tolist())
        scores = word_scores(text, str(record["text"]))
        results.append(Result(record["page_type"] == "article", scores, leak or 0.0, 1.0 if held is None else held, page_signs))
    return results


def calibrate(results: list[Result]) -> Calibration:
    """Logistic regression (Newton's method, a little ridge) from the signs of articles to "word F1 is .95 or more"."""
    articles = [one for one in results if one.article]
    rows = np.array([[1.0, *one.signs] for one in articles])
    good = np.array([one.scores[2] >= GOOD for one in articles], dtype=np.float64)
    values = np.zeros(rows.shape[1])
    for _ in range(30):
        guess = 1 / (1 + np.exp(-np.clip(rows @ values, -30, 30)))
        curve = rows.T @ (rows * (guess * (1 - guess))[:, None]) + RIDGE * np.eye(len(values))
        values += 0.5 * np.linalg.solve(curve, rows.T @ (good - guess) - RIDGE * values)
    return Calibration(round(float(values[0]), 4), np.round(values[1:], 4).tolist())


def report(kind: str, results: list[Result]) -> None:
    table = np.array([(one.article, *one.scores, one.leak, one.held) for one in results], dtype=np.float64)
    articles = table[table[:, 0] == 1][:, 1:]
    p, r, f1, leak, held = articles.mean(0)
    good, bad = (articles[:, 2] >= 0.95).mean(), (articles[:, 2] < 0.5).mean()
    print(f"{kind}: articles P {p:.3f} R {r:.3f} F1 {f1:.4f} leak {leak:.4f} with {held:.3f}", end=" | ")
    print(f"F1>=.95 {good:.3f} <.5 {bad:.3f} | all types F1 {table[:, 3].mean():.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=Path, metavar="DIR", help="write the weights of the five folds there too")
    parser.add_argument("--only", choices=["pitches"], help="train this part, and leave the rest of the files as it is")
    arguments = parser.parse_args()
    html = prepare(arguments.data, "html")
    models = pitch_models(html)
    targets = [arguments.folds / f"weights-{fold}.json" for fold in range(FOLDS)] if arguments.folds else []
    shipped = Path(__file__).parent.parent / "cleaner" / WEIGHTS
    if arguments.only:
        for target, model in zip([*targets, shipped], [*models[: len(targets)], models[-1]], strict=True):
            write(target, {**msgspec.json.decode(target.read_bytes()), "pitches": model})
        return
    text = prepare(arguments.data, "text")
    *folds, whole = networks({"html": html, "text": text}, {"html": [], "text": excerpts(arguments.data)})
    if arguments.folds:
        arguments.folds.mkdir(parents=True, exist_ok=True)
    parts = zip([*targets, shipped], [*folds[: len(targets)], whole], [*models[: len(targets)], models[-1]], strict=True)
    for target, network, model in parts:
        write(target, {**network, "pitches": model})


def pitch_models(examples: list[Example]) -> list[dict[str, Pitches]]:
    """How pitches are worded, by language: without the pages of each fold, and of all pages."""
    sources = [pitches.source(one.record, one.fold, one.page.blocks, one.gold.tolist()) for one in examples]
    others = {language: pitches.of_lines(language, FOLDS) for language in pitches.other_languages()}
    models = [{pitches.OF_PAGES: model, **others} for model in pitches.of_pages(sources, FOLDS)]
    for language, model in models[-1].items():
        print(f"pitches, {language}: {len(model.grams):,} wordings, dropped from log odds of {model.threshold}", flush=True)
    return models


def networks(examples: dict[str, list[Example]], more: dict[str, list[Example]]) -> list[dict[str, object]]:
    """What the weights file holds besides: one for each fold, trained without it, and one of all pages. ``more`` is only learned from."""
    files: list[dict[str, object]] = [{"body_confidence": BODY_CONFIDENCE} for _ in range(FOLDS + 1)]
    for kind, pages in examples.items():
        taught = pages + more[kind]
        folds = [train([one for one in taught if one.fold != fold], kind) for fold in range(FOLDS)]
        results = [
            one for fold in range(FOLDS) for one in judge([page for page in pages if page.fold == fold], stored_network(folds[fold]))
        ]
        report(f"{kind}, {FOLDS}-fold by site", results)
        for file, network in zip(files, [*folds, train(taught, kind)], strict=True):
            file.update({kind: network, f"{kind}_confidence": calibrate(results)})
    return files


def write(target: Path, parts: dict[str, object]) -> None:
    """Write a weights file; the same parts make the same bytes."""
    data = msgspec.json.encode({name: parts[name] for name in Weights.__struct_fields__}, order="deterministic")
    Scorer(data)
    target.write_bytes(data + b"\n")
    print(f"wrote {target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
