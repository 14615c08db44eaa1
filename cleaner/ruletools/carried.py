"""What became of the lines of someone else's rules, and the writing of what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import RuleError
from .propose import free_id
from .yamlwrite import rule_file


@dataclass(frozen=True)
class Left:
    """One line that could not be carried over."""

    file: str
    line: int
    key: str
    why: str


@dataclass
class Report:
    """Lines by key: carried over, without a use here, and left behind."""

    carried: Counter[str] = field(default_factory=Counter)
    unneeded: Counter[str] = field(default_factory=Counter)
    """Lines that say nothing of what is the article: addresses for tests, options of another parser."""
    left: list[Left] = field(default_factory=list)

    def table(self) -> list[str]:
        """Lines of text: one for each key, the most frequent first."""
        left = Counter(one.key for one in self.left)
        total = self.carried + self.unneeded + left
        wide = max((len(key) for key in total), default=3)
        lines = [f"{'key':{wide}}  {'lines':>7} {'carried':>8} {'no use':>7} {'left':>6}"]
        lines += [f"{key:{wide}}  {n:7,} {self.carried[key]:8,} {self.unneeded[key]:7,} {left[key]:6,}" for key, n in total.most_common()]
        return lines


@dataclass
class SiteFile:
    """A site file in the making: its name, where it comes from, and its keys as plain data."""

    name: str
    """``sites/example.com``, ``generic``"""
    origin: str
    keys: dict[str, Any] = field(default_factory=dict)

    def add(self, action: str, rule_id: str, rule: Mapping[str, Any]) -> None:
        """Add a rule; a number is put behind an id that is taken."""
        taken = {one["id"] for key in ("drop", "keep") for one in self.keys.get(key, ())}
        self.keys.setdefault(action, []).append({"id": free_id(rule_id, taken), **rule})


def write_files(folder: Path, sites: Iterable[SiteFile], *, force: bool = False) -> list[Path]:
    """Write site files below a folder of rules. Raises RuleError, before anything is written, for one that exists, unless ``force``."""
    paths = {folder / f"{site.name}.yaml": site for site in sites}
    if not force and (there := next((path for path in paths if path.exists()), None)):
        raise RuleError("the file exists", file=str(there), hint="--force overwrites")
    for path, site in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rule_file(site.keys, comment=[f"From {site.origin}"]), encoding="utf-8")
    return list(paths)
