"""Accuracy with imported site rules beside accuracy without, on the pages whose host has such rules.

    cleaner rules import ftr FTR-SITE-CONFIG -o RULES
    python benchmarks/imported.py DATA/wcxb-dev.jsonl.gz --rules RULES --weights FOLDS
"""

from __future__ import annotations

from typing import Any

import runs
from measure import snippet_share, word_scores
from runs import mean

from cleaner import Article


def scores(article: Article, record: dict[str, Any]) -> tuple[float, float | None]:
    """Word F1, and the share of the unwanted snippets that leaked."""
    return word_scores(article.text, record["text"])[2], snippet_share(article.text, record.get("without") or [])


def main() -> None:
    arguments = runs.parser(__doc__).parse_args()
    ruled = runs.cleaners(arguments)
    arguments.rules = []
    plain = runs.cleaners(arguments)
    own = {part.name for part in plain[0].ruleset.files if part.layer == "site"}
    rows: dict[str, list[tuple[tuple[float, float | None], tuple[float, float | None]]]] = {}
    changed = []
    for record in runs.pages(arguments):
        article = runs.clean(ruled, record)[0]
        if not any(layer.layer == "site" and layer.name not in own for layer in article.template):
            continue
        before, after = scores(runs.clean(plain, record)[0], record), scores(article, record)
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
