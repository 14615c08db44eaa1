"""What every benchmark shares: reading the data, splitting it by site, and comparing texts."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_WORD = re.compile(r"\w+")
FOLDS = 5


def read_pages(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a ``.jsonl.gz`` file that have a gold text."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["text"]:
                yield record


def fold_of(url: str) -> int:
    """0 .. FOLDS-1, the same for all pages of a host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    domain = (
        ".".join(host.split(".")[-2:]) if not re.search(r"\.(?:co|com|org|gov|ac|net)\.\w\w$", host) else ".".join(host.split(".")[-3:])
    )
    return int(hashlib.sha256(domain.encode()).hexdigest(), 16) % FOLDS


def words(text: str) -> list[str]:
    """Lower-cased ``\\w+`` of a text."""
    return _WORD.findall(text.lower())


def word_scores(output: str, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1 over the multisets of words."""
    ours, theirs = Counter(words(output)), Counter(words(gold))
    common = sum((ours & theirs).values())
    precision = common / max(1, sum(ours.values()))
    recall = common / max(1, sum(theirs.values()))
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def _fold(text: str) -> str:
    return " ".join(text.lower().split())


def snippet_share(output: str, snippets: list[str]) -> float | None:
    """Share of snippets found in an output (white space folded, lower-cased); None when there are none."""
    folded = _fold(output)
    return sum(_fold(snippet) in folded for snippet in snippets) / len(snippets) if snippets else None


def text_dump(html: str) -> str:
    """Everything visible on a page as plain text, the form in which most corpora arrive."""
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=False, list_bullets=True, alt_texts=True, preserve_formatting=True))
