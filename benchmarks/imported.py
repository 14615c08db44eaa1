"""Accuracy with imported site rules beside accuracy without, on the pages whose host has such rules.

    cleaner rules import ftr FTR-SITE-CONFIG -o RULES
    python benchmarks/imported.py DATA/wcxb-dev.jsonl.gz RULES
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from measure import read_pages, snippet_share, word_scores
from runs import mean

from cleaner import Article, Cleaner


def scores(article: Article, record: dict[str, Any]) -> tuple[float, float | None]:
    """Word F1, and the share of the unwanted snippets that leaked."""
    return word_scores(article.text, record["text"])[2], snippet_share(article.text, record.get("without") or [])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("rules", type=Path)
    arguments = parser.parse_args()
    plain, ruled = Cleaner(), Cleaner([arguments.rules])
    own = {part.name for part in plain.ruleset.files if part.layer == "site"}
    rows: dict[str, list[tuple[tuple[float, float | None], tuple[float, float | None]]]] = {}
    changed = []
    for record in read_pages(arguments.data):
        article = ruled.clean(record["html"], record["url"])
        if not any(layer.layer == "site" and layer.name not in own for layer in article.template):
            continue
        before, after = scores(plain.clean(record["html"], record["url"]), record), scores(article, record)
        for kind in ("all", record["page_type"]):
            rows.setdefault(kind, []).append((before, after))
        if abs(before[0] - after[0]) > 0.005:
            changed.append(f"{before[0]:.3f} -> {after[0]:.3f}  {record['url'][:100]}")
    for kind, pairs in rows.items():
        for name, scored in zip(("without", "with"), zip(*pairs, strict=True), strict=True):
            leaks = [leak for _, leak in scored if leak is not None]
            print(f"{kind:14} {name:8} {len(scored):4} pages  F1 {mean([f1 for f1, _ in scored]):.4f}  leak {mean(leaks):.4f}")
    print("\n".join(changed))


if __name__ == "__main__":
    main()
