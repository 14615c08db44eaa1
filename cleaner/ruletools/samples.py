"""Samples: stored pages with the articles that are wanted of them. This is the one place that finds, runs and judges them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..article import Article
from ..errors import RuleError
from ..pipeline import Cleaner

_SHOWN = 90
"""Characters shown of a line."""


@dataclass(frozen=True)
class Sample:
    """One folder with ``page.html`` or ``page.txt``, ``expected.md`` and ``meta.yaml``."""

    folder: Path
    own: str
    """Name of the rule file it tests: ``themes/soledad``."""
    meta: dict[str, Any] = field(hash=False, compare=False)

    @cached_property
    def page(self) -> Path:
        return next(iter(sorted(self.folder.glob("page.*"))))

    @cached_property
    def expected(self) -> str:
        path = self.folder / "expected.md"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def clean(self, cleaner: Cleaner) -> Article:
        return cleaner.clean(self.page.read_bytes(), self.meta.get("url"))

    def __str__(self) -> str:
        return f"{self.own}/{self.folder.name}"


def shipped_samples() -> Path:
    """Where the samples of the built-in rules lie."""
    return Path(str(files("cleaner_samples")))


def find_samples(root: Path) -> list[Sample]:
    """A folder of samples in; the samples out, in order of path. Raises RuleError for a ``meta.yaml`` that is no mapping."""
    return list(_found(root))


def _found(root: Path) -> Iterator[Sample]:
    import yaml

    for path in sorted(root.glob("**/page.*")):
        meta_file = path.parent / "meta.yaml"
        try:
            meta = yaml.safe_load(meta_file.read_text(encoding="utf-8")) if meta_file.is_file() else {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise RuleError(f"not YAML: {error}".splitlines()[0], file=str(meta_file), hint="quote texts with colons") from None
        if not isinstance(meta, dict):
            raise RuleError("a mapping of keys is expected", file=str(meta_file), hint="write for instance url: and must_keep:")
        folder = path.parent
        yield Sample(folder, f"{folder.parent.parent.name}/{folder.parent.name}" if folder.parent.name != "generic" else "generic", meta)


def as_file(article: Article) -> str:
    """An article in the form of ``expected.md``."""
    return f"# {article.title}\n\n{article.markdown.strip()}\n"


def faults(sample: Sample, article: Article) -> list[str]:
    """What is wrong with a sample's article, one line each; empty when it is as expected."""
    return [*_text_faults(sample, article), *_metadata_faults(sample, article), *_line_faults(sample, article)] + [
        f"warning  {warning}" for warning in article.warnings
    ]


def difference(sample: Sample, article: Article) -> list[str]:
    """The unified diff from ``expected.md`` to what was found."""
    return list(
        difflib.unified_diff(
            sample.expected.splitlines(), as_file(article).splitlines(), "expected.md", "found", lineterm="", n=1
        )
    )


def _text_faults(sample: Sample, article: Article) -> Iterator[str]:
    for line in difference(sample, article)[2:]:
        sign, text = line[:1], line[1:].strip()
        if sign == "+" and text:
            yield f"leaked   {text[:_SHOWN]}"
        elif sign == "-" and text:
            yield f"lost     {text[:_SHOWN]}{_by_whom(text, article)}"
    if not sample.expected:
        yield "expected.md is missing or empty"


def _by_whom(text: str, article: Article) -> str:
    """Which rule took a line of Markdown: the removed text that it holds, or that holds it."""
    plain = _letters(text)
    for piece in article.removed:
        letters = _letters(piece.text)
        if letters and (letters in plain or plain in letters):
            return f"  [{piece.rule}  {piece.where}  {piece.why}]"
    return ""


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _metadata_faults(sample: Sample, article: Article) -> Iterator[str]:
    record: dict[str, Any] = {}
    for name, wanted in (sample.meta.get("expect") or {}).items():
        record = record or article.to_dict()
        value = record.get(name)
        if name == "source" and isinstance(wanted, str) and value:
            value = value["name"]
        if name == "date" and value and isinstance(wanted, str):
            value = value[: len(wanted)]
        if value != wanted:
            yield f"{name:8} expected {wanted!r}, found {value!r}"


def _line_faults(sample: Sample, article: Article) -> Iterator[str]:
    shown = _folded(article.text)
    whole = _folded(unescape(sample.page.read_text(encoding="utf-8", errors="replace")))
    for line in sample.meta.get("must_keep") or ():
        if _folded(line) not in shown:
            yield f"must_keep is not in the article: {line[:_SHOWN]}{_by_whom(line, article)}"
    for line in sample.meta.get("must_drop") or ():
        if _folded(line) in shown:
            yield f"must_drop is in the article: {line[:_SHOWN]}"
        if _folded(line) not in whole:
            yield f"must_drop is not on the page at all: {line[:_SHOWN]}"


def _folded(text: str) -> str:
    return " ".join(text.split())
