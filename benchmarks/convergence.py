"""Whether the same article comes out as the same text, whichever site shows it.

    python benchmarks/convergence.py DATA/convergence-dev.jsonl.gz [--vs PYTHON] [--saved FILE]

The data hold several copies of each article (``article`` names it), each in the template of another site. Of all pairs of copies:
``identical`` is the share whose texts are equal after folding white space and typographic quotes, F1 the mean word F1 between them.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import runs
from measure import word_scores
from peers import TEXT_TOOLS

_QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})

Copies = dict[str, list[tuple[str, str]]]
"""article -> (id of the page, its text)"""


def folded(text: str) -> str:
    """A text with white space and typographic quotes folded."""
    return " ".join(text.translate(_QUOTES).split())


def row(tool: str, copies: Copies) -> str:
    """A line of the table: pairs, share of identical ones, mean F1."""
    pairs = [(one[1], other[1]) for texts in copies.values() for one, other in combinations(texts, 2)]
    identical = runs.mean([one == other for one, other in pairs])
    return f"| {tool} | {len(pairs)} | {identical:.3f} | {runs.mean([word_scores(one, other)[2] for one, other in pairs]):.4f} |"


def odd_ones(copies: Copies) -> list[str]:
    """Pages whose text is not the one that most copies of their article have."""
    found = []
    for article, texts in sorted(copies.items()):
        seen: dict[str, int] = defaultdict(int)
        for _, text in texts:
            seen[text] += 1
        usual = max(seen, key=lambda text: seen[text])
        found += [f"{article}: {page}, {len(text) - len(usual):+d} characters" for page, text in texts if text != usual]
    return found


def main() -> None:
    parser = runs.parser(__doc__)
    parser.add_argument("--odd", action="store_true", help="also list the pages whose text differs from that of most copies")
    arguments = parser.parse_args()
    cleaners, peers = runs.cleaners(arguments), runs.peers(arguments, TEXT_TOOLS)
    texts: dict[str, Copies] = defaultdict(lambda: defaultdict(list))
    for record in runs.pages(arguments):
        article, _ = runs.clean(cleaners, record)
        for tool, answer in {"cleaner": article.text, **peers.answers(record)}.items():
            texts[tool][record["article"]].append((record["id"], folded(answer or "")))
    peers.close()
    print("| tool | pairs | identical | F1 |\n|---|---|---|---|")
    for tool, copies in texts.items():
        print(row(peers.title(tool), copies))
    if arguments.odd:
        print("\n".join(odd_ones(texts["cleaner"])))


if __name__ == "__main__":
    main()
