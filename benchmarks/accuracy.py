"""How good the articles are, on pages with gold text.

    python benchmarks/accuracy.py DATA/wcxb-dev.jsonl.gz [--text] [--weights DIR] [--no-builtin] [--rules DIR]

``--text`` cleans the pages' text dumps instead of their HTML; ``--weights`` takes a folder that ``train.py --folds`` wrote,
so that no page is judged by weights that saw its site. Word F1 is over multisets of ``\\w+``, averaged over pages; leak is the
share of ``without`` snippets found in the output, with the share of ``with`` snippets.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from measure import FOLDS, fold_of, read_pages, snippet_share, text_dump, word_scores

from cleaner import Article, Cleaner


@dataclass
class Row:
    """One page's scores."""

    record: dict[str, Any]
    article: Article
    scores: tuple[float, float, float]
    leak: float | None
    held: float | None
    seconds: float


def measure(arguments: argparse.Namespace) -> list[Row]:
    """Every page of the data cleaned and compared with its gold text."""
    options = {"rules": arguments.rules, "builtin": not arguments.no_builtin}
    folds = range(FOLDS) if arguments.weights else [0]
    cleaners = [Cleaner(**options, weights=arguments.weights / f"weights-{fold}.json" if arguments.weights else None) for fold in folds]
    rows = []
    for record in read_pages(arguments.data):
        cleaner = cleaners[fold_of(record["url"]) % len(cleaners)]
        data = (record.get("page_text") or text_dump(record["html"])) if arguments.text else record["html"]
        start = time.process_time()
        article = cleaner.clean(data, None if arguments.text else record["url"])
        seconds = time.process_time() - start
        scores = word_scores(article.text, record["text"])
        rows.append(
            Row(
                record,
                article,
                scores,
                snippet_share(article.text, record["without"]),
                snippet_share(article.text, record["with"]),
                seconds,
            )
        )
    return rows


def mean(values: list[float]) -> float:
    """Mean of a list; 0 for none."""
    return sum(values) / len(values) if values else 0.0


def line(name: str, rows: list[Row]) -> str:
    """One row of the table."""
    precision, recall, f1 = (mean([row.scores[at] for row in rows]) for at in range(3))
    leak = mean([row.leak for row in rows if row.leak is not None])
    held = mean([row.held for row in rows if row.held is not None])
    good, bad = mean([row.scores[2] >= 0.95 for row in rows]), mean([row.scores[2] < 0.5 for row in rows])
    return f"| {name} | {len(rows)} | {precision:.3f} | {recall:.3f} | {f1:.4f} | {leak:.4f} | {held:.3f} | {good:.3f} | {bad:.3f} |"


def groups(rows: list[Row], name: str, key: Callable[[Row], Any]) -> list[str]:
    """Rows of the table by the value of a key."""
    values = sorted({str(key(row)) for row in rows})
    return [line(f"{name} {value}", [row for row in rows if str(key(row)) == value]) for value in values] if len(values) > 1 else []


def confidence_table(rows: list[Row]) -> list[str]:
    """How often articles of each confidence are right: what docs/confidence.md shows."""
    bounds = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.01]
    lines = ["", "| confidence | articles | F1 >= .95 | mean F1 |", "|---|---|---|---|"]
    for low, high in pairwise(bounds):
        own = [row for row in rows if low <= row.article.confidence < high]
        good, f1 = mean([row.scores[2] >= 0.95 for row in own]), mean([row.scores[2] for row in own])
        lines.append(f"| {low:.1f} to {min(high, 1):.1f} | {len(own)} | {good:.3f} | {f1:.3f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--text", action="store_true", help="clean text dumps of the pages")
    parser.add_argument("--weights", type=Path, help="folder of fold weights")
    parser.add_argument("--no-builtin", action="store_true")
    parser.add_argument("--rules", type=Path, action="append", default=[])
    parser.add_argument("--worst", type=int, default=0, help="also list so many of the worst articles")
    arguments = parser.parse_args()
    rows = measure(arguments)
    articles = [row for row in rows if row.record.get("page_type", "article") == "article"]
    print("| pages | n | P | R | F1 | leak | with | F1>=.95 | F1<.5 |\n|---|---|---|---|---|---|---|---|---|")
    print(line("articles", articles))
    print(
        "\n".join(
            [
                *groups(rows, "type", lambda row: row.record.get("page_type", "article")),
                *groups(articles, "language", lambda row: row.article.language),
            ]
        )
    )
    print("\n".join([*groups(articles, "method", lambda row: row.article.method), line("all", rows), *confidence_table(articles)]))
    print(f"\n{1000 * mean([row.seconds for row in rows]):.1f} ms of CPU a page")
    for row in sorted(articles, key=lambda row: row.scores[2])[: arguments.worst]:
        article = row.article
        print(f"{row.record['id']} P {row.scores[0]:.2f} R {row.scores[1]:.2f} {article.method} {article.confidence} {row.record['url']}")


if __name__ == "__main__":
    main()
