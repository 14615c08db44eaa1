"""Article text that was dropped, and by which rule: blocks of the gold text among those that each rule took.

    python benchmarks/dropped.py DATA/wcxb-dev.jsonl.gz --weights FOLDS [--rule scorer#pitch] [--list 60]

A block counts as article text where more than half of it stands in the gold text (``labels.py``), as furniture where less than a third
does. ``--rule`` takes only rules whose id begins so; ``--list`` shows that many of the article's blocks, evenly spread over the pages.
"""

from __future__ import annotations

from collections import Counter

import runs
from labels import labels


def main() -> None:
    parser = runs.parser(__doc__)
    parser.add_argument("--rule", default="", metavar="ID", help="only rules whose id begins so")
    parser.add_argument("--list", type=int, default=0, metavar="N", help="show N blocks of article text that were dropped")
    arguments = parser.parse_args()
    cleaners = runs.cleaners(arguments)
    blocks, wrong, right = Counter[str](), Counter[str](), Counter[str]()
    lost: list[str] = []
    for record in runs.pages(arguments):
        page = runs.own(cleaners, record).read(record["html"], record["url"])
        article = runs.clean(cleaners, record)[0]
        for block, gold in zip(article.blocks, labels(page.blocks, record["text"]), strict=True):
            rule = block.rule or ""
            blocks["gold"] += gold > 0.5
            if block.verdict == "DROP" and rule.startswith(arguments.rule):
                wrong[rule] += gold > 0.5
                right[rule] += gold < 1 / 3
                if gold > 0.5:
                    lost.append(f"{rule} | {record['url'][:60]} | {' '.join(block.text.split())[:160]}")
    print(f"{blocks['gold']:,} blocks of article text")
    print("| dropped by | furniture | article text |\n|---|---|---|")
    for rule, count in wrong.most_common(30):
        print(f"| {rule} | {right[rule]:,} | {count:,} |")
    if arguments.list and lost:
        print("\n".join(lost[:: max(1, len(lost) // arguments.list)]))


if __name__ == "__main__":
    main()
