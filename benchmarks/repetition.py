"""How much of a site's boilerplate shows by its repetition: learned from the site's other pages, removed from the one held out.

    python benchmarks/repetition.py DATA/syndicated-dev.jsonl.gz [--text] [--others 2 3 5 7] [--weights FOLDS]

No rule takes part: the scorer alone, beside the scorer and what was counted on 2, 3, 5, 7 and all other pages of the site (those that
follow in the file, beginning anew at its end). ``--text`` takes text dumps in place of the HTML. ``recurs`` is the share of the ``without``
snippets that stand on another page of the site word for word: what does not cannot be learned whole.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import runs
from measure import snippet_share, word_scores
from runs import mean

from cleaner import Article, Cleaner
from cleaner.memory import Counts, Prints, Repetition, fingerprints

ALL = 10_000


def cleaned(cleaner: Cleaner, record: dict[str, Any], text: bool, repetition: Repetition | None) -> Article:
    """The article of a page, or of its dump."""
    if text:
        return cleaner.clean(runs.dump(record), input="text", repetition=repetition)
    return cleaner.clean(record["html"], record["url"], repetition=repetition)


def prints_of(cleaner: Cleaner, record: dict[str, Any], text: bool) -> Prints:
    """A page's fingerprints, under the site the data name."""
    page = cleaner.read(runs.dump(record), input="text") if text else cleaner.read(record["html"], record["url"])
    return fingerprints(page, record["site_id"])


def row(name: str, outputs: list[tuple[dict[str, Any], str]]) -> str:
    """A line of the table."""
    scores = [word_scores(text, record["text"]) for record, text in outputs]
    leaks = [share for record, text in outputs if (share := snippet_share(text, record["without"])) is not None]
    held = [share for record, text in outputs if (share := snippet_share(text, record["with"])) is not None]
    means = [mean([one[at] for one in scores]) for at in range(3)]
    return f"| {name} | {means[0]:.4f} | {means[1]:.4f} | {means[2]:.4f} | {mean(leaks):.4f} | {mean(held):.3f} |"


def recurring(sites: dict[str, list[dict[str, Any]]], text: bool) -> float:
    """Share of the snippets that another page of the site holds too."""
    found: list[bool] = []
    for pages in sites.values():
        dumps = [runs.dump(page) for page in pages]
        for at, page in enumerate(pages):
            rest = "\n".join(dumps[:at] + dumps[at + 1 :])
            found += [snippet_share(rest, [snippet]) == 1 for snippet in page["without"]]
    return mean(found)


def main() -> None:
    parser = runs.parser(__doc__)
    parser.add_argument("--text", action="store_true", help="clean text dumps of the pages")
    parser.add_argument("--others", type=int, nargs="+", default=[2, 3, 5, 7, ALL], help="how many other pages to learn from")
    parser.add_argument("--show", action="store_true", help="also list what leaks in the end, and what of the text was lost")
    arguments = parser.parse_args()
    cleaners = [Cleaner(builtin=False, weights=file) for file in runs.weights(arguments)]
    sites: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in runs.pages(arguments):
        sites[record["site_id"]].append(record)
    prints = {id(page): prints_of(cleaners[0], page, arguments.text) for pages in sites.values() for page in pages}
    print("| learned from | P | R | F1 | leak | with |\n|---|---|---|---|---|---|")
    everything = [page for pages in sites.values() for page in pages]
    alone = [(page, cleaned(runs.own(cleaners, page), page, arguments.text, None)) for page in everything]
    print(row("nothing: the scorer alone", [(page, article.text) for page, article in alone]), flush=True)
    for others in arguments.others:
        outputs = []
        for pages in sites.values():
            for at, page in enumerate(pages):
                counts = Counts()
                for other in [*pages[at + 1 :], *pages[:at]][:others]:
                    counts.add(prints[id(other)])
                outputs.append((page, cleaned(runs.own(cleaners, page), page, arguments.text, Repetition(counts, page["site_id"]))))
        name = "all other pages" if others >= ALL else f"{others} other pages"
        print(row(name, [(page, article.text) for page, article in outputs]), flush=True)
    print(f"\nrecurs: {recurring(sites, arguments.text):.3f}")
    for page, article in outputs:
        left = [snippet for snippet in page["without"] if snippet_share(article.text, [snippet])]
        lost = [piece for piece in article.removed if piece.layer == "repetition" and piece.text in page["text"]]
        gone = [snippet for snippet in page["with"] if not snippet_share(article.text, [snippet])]
        for snippet in gone if arguments.show else []:
            print(f"GONE {page['id']}: {snippet[:150]}")
        for snippet in left if arguments.show else []:
            print(f"LEAK {page['id']}: {snippet[:150]}")
        for piece in lost if arguments.show else []:
            print(f"LOST {page['id']}: {piece.why}: {piece.text[:150]}")


if __name__ == "__main__":
    main()
