"""The floors below which the scorer alone must not fall on the sample pages: tests/floors.json, held by tests/test_gate.py.

    python benchmarks/floors.py            # what is measured, the floors, and what they could be raised to
    python benchmarks/floors.py --raise    # raises those that can be raised; no floor is ever lowered

Every sample named in tests/floors.json is cleaned without any rule, so what comes out is the scorer's doing. Of its HTML pages and
of its text pages three means over samples are pinned, all of them better when higher: ``f1``, word F1 against expected.md without
its title; ``kept``, the share of ``must_keep`` lines found; ``gone``, the share of ``must_drop`` lines not found (1 - leak).

A floor that is too high for a change is lowered by hand, in the change itself, with the reason in its message. So are samples
added to the list, or renamed in it: a new sample is not part of the gate until its name stands there.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import yaml
from measure import snippet_share, word_scores

from cleaner import Cleaner

ROOT = Path(__file__).parent.parent
SAMPLES, FLOORS = ROOT / "samples", ROOT / "tests" / "floors.json"
MEASURES = ("f1", "kept", "gone")
KINDS = {"html": ".html", "text": ".txt"}
SLACK = 0.002
"""How far under the measured value a floor is set: another BLAS may round a block to the other side of the threshold."""

Values = dict[str, dict[str, float]]
"""Kind of page -> measure -> value."""


@dataclass
class Gate:
    """The content of tests/floors.json."""

    floors: Values
    samples: list[str]


def read(path: Path = FLOORS) -> Gate:
    """The pinned floors, and the samples they are for."""
    return Gate(**json.loads(path.read_text(encoding="utf-8")))


def write(gate: Gate, path: Path = FLOORS) -> None:
    path.write_text(json.dumps({"floors": gate.floors, "samples": gate.samples}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def page_of(sample: str) -> Path:
    """The page of a sample named ``themes/soledad/zinc-prices``. Raises FileNotFoundError where there is none."""
    found = sorted((SAMPLES / sample).glob("page.*"))
    if not found:
        raise FileNotFoundError(f"samples/{sample} has no page: correct its name in tests/{FLOORS.name}")
    return found[0]


def scores(page: Path, cleaner: Cleaner) -> dict[str, float]:
    """What becomes of one sample page."""
    meta = yaml.safe_load(page.with_name("meta.yaml").read_text(encoding="utf-8"))
    article = cleaner.clean(page.read_bytes(), meta.get("url"))
    _, _, gold = page.with_name("expected.md").read_text(encoding="utf-8").partition("\n")
    kept, leak = snippet_share(article.text, meta["must_keep"]), snippet_share(article.text, meta["must_drop"])
    return {"f1": word_scores(article.markdown, gold)[2], "kept": kept or 0.0, "gone": 1 - (leak or 0.0)}


def measure(samples: list[str], cleaner: Cleaner) -> Values:
    """The means over samples, by kind of page."""
    pages = [page_of(sample) for sample in samples]
    found = {kind: [scores(page, cleaner) for page in pages if page.suffix == suffix] for kind, suffix in KINDS.items()}
    return {kind: {name: fmean(one[name] for one in own) for name in MEASURES} for kind, own in found.items()}


def below(floors: Values, measured: Values) -> list[str]:
    """Every floor that is not reached."""
    return [
        f"{kind} {name}: {measured[kind][name]:.4f} < {floor}"
        for kind, own in floors.items()
        for name, floor in own.items()
        if measured[kind][name] < floor
    ]


def raised(floors: Values, measured: Values) -> Values:
    """The floors that the measured values allow; none is lower than it was."""
    return {kind: {name: max(floor, _floor(measured[kind][name])) for name, floor in own.items()} for kind, own in floors.items()}


def _floor(value: float) -> float:
    return max(0.0, math.floor(1000 * (value - SLACK)) / 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raise", action="store_true", dest="write", help="write the floors that can be raised")
    arguments = parser.parse_args()
    gate = read()
    measured = measure(gate.samples, Cleaner(builtin=False))
    possible = raised(gate.floors, measured)
    print("| pages | measure | measured | floor | could be |\n|---|---|---|---|---|")
    for kind, own in gate.floors.items():
        for name, floor in own.items():
            print(f"| {kind} | {name} | {measured[kind][name]:.4f} | {floor:.3f} | {possible[kind][name]:.3f} |")
    if arguments.write and possible != gate.floors:
        write(Gate(possible, gate.samples))
        print(f"\nwrote {FLOORS.name}")


if __name__ == "__main__":
    main()
