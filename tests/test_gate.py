"""The scorer alone must not fall below the floors pinned in floors.json; ``python benchmarks/floors.py --raise`` raises them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))
import floors

from cleaner import Cleaner

GATE = floors.read()


def test_the_scorer_alone_reaches_its_floors() -> None:
    assert floors.below(GATE.floors, floors.measure(GATE.samples, Cleaner(builtin=False))) == []


def test_all_measures_are_pinned_on_enough_samples_named_once_each() -> None:
    assert {kind: set(own) for kind, own in GATE.floors.items()} == {kind: set(floors.MEASURES) for kind in floors.KINDS}
    assert GATE.samples == sorted(set(GATE.samples))
    suffixes = [floors.page_of(sample).suffix for sample in GATE.samples]
    assert suffixes.count(".html") >= 100
    assert suffixes.count(".txt") >= 20


def test_no_rule_takes_part() -> None:
    article = Cleaner(builtin=False).clean(floors.page_of("themes/soledad/zinc-prices").read_bytes())
    assert {block.where for block in article.blocks} == {""}
    assert {block.layer for block in article.blocks if block.verdict == "DROP"} >= {"scorer"}


def test_floors_are_raised_and_never_lowered() -> None:
    pinned = {"html": {"f1": 0.8, "gone": 0.9}}
    better_and_worse = {"html": {"f1": 0.8765, "gone": 0.5}}
    assert floors.raised(pinned, better_and_worse) == {"html": {"f1": 0.874, "gone": 0.9}}


def test_a_floor_that_is_reached_by_less_than_the_slack_stays() -> None:
    assert floors.raised({"html": {"f1": 0.8}}, {"html": {"f1": 0.801}}) == {"html": {"f1": 0.8}}


def test_a_floor_missed_is_named() -> None:
    assert floors.below({"text": {"f1": 0.8, "kept": 0.9}}, {"text": {"f1": 0.7512, "kept": 0.9}}) == ["text f1: 0.7512 < 0.8"]


def test_a_sample_that_is_gone_is_said() -> None:
    with pytest.raises(FileNotFoundError, match=r"samples/themes/none/such has no page: correct its name in tests/floors\.json"):
        floors.page_of("themes/none/such")
