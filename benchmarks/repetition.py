"""How much of a site's boilerplate shows by its repetition: learned from the site's other pages, removed from the one held out.

    python benchmarks/repetition.py DATA/syndicated-dev.jsonl.gz [--text] [--others 2 3 5 7] [--weights FOLDS]
    python benchmarks/repetition.py DATA/syndicated-dev.jsonl.gz --learned

No rule takes part: the scorer alone, beside the scorer and what was counted on 2, 3, 5, 7 and all other pages of the site (those that
follow in the file, beginning anew at its end). ``--text`` takes text dumps in place of the HTML. ``recurs`` is the share of the ``without``
snippets that stand on another page of the site word for word: what does not cannot be learned whole.

``--learned`` writes the site file that ``cleaner learn`` would write from the other pages, cleans the page by it alone (no built-in rule),
and compares F1 with that of all built-in rules, site by site; and the CPU time of learning a site with that of cleaning its pages.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import runs
from measure import fold_of, snippet_share, word_scores
from runs import mean

from cleaner import Article, Cleaner
from cleaner.hosts import host_of, registrable
from cleaner.memory import Counts, Prints, Repetition, fingerprints
from cleaner.memory.profile import Profile, profile
from cleaner.memory.sitefile import site_file

ALL = 10_000
NEAR = 0.01


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


def learned(sites: dict[str, list[dict[str, Any]]], cleaners: list[Cleaner], weights: list[Path | None]) -> None:
    """The second table."""
    builtin = Cleaner()
    print("| site | learned file: F1 | leak | built-in rules: F1 | leak | body | rules | learning, x cleaning |")
    print("|---|---|---|---|---|---|---|---|")
    near, ratios = [], []
    for name, pages in sites.items():
        host = registrable(host_of(pages[0]["url"]))
        began = time.process_time()
        for page in pages:
            builtin.clean(page["html"], page["url"])
        cleaning = time.process_time() - began
        began = time.process_time()
        whole = site_profile(cleaners[0], host, pages)
        ratios.append((time.process_time() - began) / cleaning)
        ours, theirs = [], []
        for at, page in enumerate(pages):
            found = site_profile(cleaners[0], host, pages[:at] + pages[at + 1 :])
            text = site_file(found) if found else ""
            with tempfile.TemporaryDirectory() as folder:
                if text:
                    Path(folder, "sites").mkdir()
                    Path(folder, "sites", f"{host}.yaml").write_text(text)
                cleaner = Cleaner([folder] if text else [], builtin=False, weights=weights[fold_of(page["url"]) % len(weights)])
            ours.append((page, cleaner.clean(page["html"], page["url"]).text))
            theirs.append((page, builtin.clean(page["html"], page["url"]).text))
        f1 = [mean([word_scores(text, page["text"])[2] for page, text in outputs]) for outputs in (ours, theirs)]
        leak = [mean([snippet_share(text, page["without"]) or 0 for page, text in outputs]) for outputs in (ours, theirs)]
        near.append(f1[0] >= f1[1] - NEAR)
        body = whole.body.value if whole and whole.body else ""
        rules = len(whole.elements) + len(whole.texts) if whole else 0
        print(f"| {name} | {f1[0]:.4f} | {leak[0]:.4f} | {f1[1]:.4f} | {leak[1]:.4f} | `{body}` | {rules} | {ratios[-1]:.2f} |", flush=True)
    print(f"\nwithin {NEAR} of the built-in rules: {mean(near):.0%} of the sites; learning: {mean(ratios):.2f} x cleaning")


def site_profile(cleaner: Cleaner, host: str, pages: list[dict[str, Any]]) -> Profile | None:
    """What ``cleaner learn`` makes of some pages."""
    read = [cleaner.read(page["html"], page["url"]) for page in pages]
    counts = Counts()
    for page in read:
        counts.add(fingerprints(page, host))
    return profile(host, read, counts)


def main() -> None:
    parser = runs.parser(__doc__)
    parser.add_argument("--text", action="store_true", help="clean text dumps of the pages")
    parser.add_argument("--others", type=int, nargs="+", default=[2, 3, 5, 7, ALL], help="how many other pages to learn from")
    parser.add_argument("--show", action="store_true", help="also list what leaks in the end, and what of the text was lost")
    parser.add_argument("--learned", action="store_true", help="compare learned site files with the built-in rules")
    arguments = parser.parse_args()
    cleaners = [Cleaner(builtin=False, weights=file) for file in runs.weights(arguments)]
    sites: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in runs.pages(arguments):
        sites[record["site_id"]].append(record)
    if arguments.learned:
        learned(sites, cleaners, runs.weights(arguments))
        return
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
