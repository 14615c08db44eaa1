"""What dropping hidden text does to the articles: mean F1 with it dropped, and with it kept.

    python benchmarks/hidden.py DATA/wcxb-dev.jsonl.gz [--worst 10]

Only the pages on which something was dropped are cleaned twice. The shipped weights may have been trained on these pages: the
differences count, not the figures.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from measure import read_pages, word_scores

from cleaner import Cleaner, pipeline
from cleaner.model import Body, Mark, Page


def _nothing(page: Page, body: Body | None) -> tuple[list[Mark], list[str]]:
    return [], []


def f1(cleaner: Cleaner, record: dict[str, str]) -> tuple[float, float]:
    """Of one page: with its hidden text dropped, and with it kept."""
    article = cleaner.clean(record["html"], record["url"])
    dropped = word_scores(article.text, record["text"])[2]
    if all(piece.rule != "page#hidden" for piece in article.removed):
        return dropped, dropped
    marks = pipeline.hidden_marks
    pipeline.hidden_marks = _nothing
    try:
        return dropped, word_scores(cleaner.clean(record["html"], record["url"]).text, record["text"])[2]
    finally:
        pipeline.hidden_marks = marks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help=".jsonl.gz with gold texts")
    parser.add_argument("--worst", type=int, default=0, help="also list so many of the pages that lose most")
    arguments = parser.parse_args()
    cleaner = Cleaner()
    groups: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    losses: list[tuple[float, str]] = []
    for record in read_pages(arguments.data):
        dropped, kept = f1(cleaner, record)
        for group in (record.get("page_type", "article"), "all"):
            groups[group].append((dropped, kept))
        losses.append((dropped - kept, str(record["url"])))
    print("| pages | n | hidden text dropped | kept | difference | better | worse |\n|---|---|---|---|---|---|---|")
    for group, pairs in sorted(groups.items()):
        dropped, kept = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
        better, worse = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
        print(f"| {group} | {len(pairs)} | {dropped:.4f} | {kept:.4f} | {dropped - kept:+.4f} | {better} | {worse} |")
    for loss, url in sorted(losses)[: arguments.worst]:
        print(f"{loss:+.3f} {url}")


if __name__ == "__main__":
    main()
