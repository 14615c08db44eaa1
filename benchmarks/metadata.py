"""Title, authors and date beside trafilatura's ``extract_metadata`` and htmldate.

    python benchmarks/metadata.py DATA/wcxb-dev.jsonl.gz [--vs PYTHON] [--saved FILE] [--deep-date]

Exact match after folding: of titles the words (``\\w+``, lower case), of authors the words in any order without "by" and "and", of
dates the day (or as much as the data give). ``right``, ``more`` and ``wrong`` are shares of the pages for which the data have a value,
the rest was left empty; ``more`` holds the right words and others round them, such as the site's name after the title. ``said`` is the
share of the other pages for which the tool named one all the same; the data may lack a value that the page has. Articles only,
unless ``--all-types``.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import runs
from measure import words
from peers import METADATA_TOOLS, Peers
from runs import mean

from cleaner import Article

FIELDS = ("title", "authors", "date")
ANSWERED = {"htmldate": ("date",)}
"""Tools that know only some of the fields."""


def folded(field: str, value: str | None) -> str:
    """A value as it is compared; empty where there is none."""
    text = unicodedata.normalize("NFKC", value or "")
    if field == "date":
        return text[:10]
    found = words(text)
    return " ".join(found if field == "title" else sorted(word for word in found if word not in ("by", "and")))


def gold(record: dict[str, Any]) -> dict[str, str | None]:
    """What the data say of a page."""
    return {"title": record["title"], "authors": record["author"], "date": record["date"]}


def ours(article: Article) -> dict[str, str | None]:
    """What this program says."""
    return {"title": article.title, "authors": ", ".join(article.authors), "date": article.date}


@dataclass
class Verdict:
    """One field of one page by one tool."""

    known: bool
    """The data have a value."""
    said: bool
    right: bool
    more: bool


def verdict(field: str, wanted: str | None, value: str | None) -> Verdict:
    """A tool's value against that of the data."""
    truth, found = folded(field, wanted), folded(field, value)
    same = found[: len(truth)] == truth if field == "date" else found == truth
    right = bool(truth) and same
    return Verdict(bool(truth), bool(found), right, bool(truth) and not right and _holds(field, found, truth))


def _holds(field: str, found: str, truth: str) -> bool:
    """Are the right words among those found?"""
    if field == "title":
        return f" {truth} " in f" {found} "
    return field == "authors" and set(truth.split()) <= set(found.split())


def measure(arguments: argparse.Namespace, peers: Peers) -> dict[tuple[str, str], list[Verdict]]:
    """(field, tool) -> a verdict a page."""
    cleaners = runs.cleaners(arguments, deep_date=arguments.deep_date)
    result: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for record in runs.pages(arguments):
        if record.get("page_type", "article") != "article" and not arguments.all_types:
            continue
        found = {"cleaner": ours(runs.clean(cleaners, record)[0]), **peers.answers(record)}
        for tool, said in found.items():
            for field in ANSWERED.get(tool, FIELDS):
                result[field, tool].append(verdict(field, gold(record)[field], (said or {}).get(field)))
    return result


def line(field: str, tool: str, verdicts: list[Verdict]) -> str:
    """One row of the table."""
    known = [one for one in verdicts if one.known]
    right, more = mean([one.right for one in known]), mean([one.more for one in known])
    wrong = mean([one.said for one in known]) - right - more
    others = [one.said for one in verdicts if not one.known]
    share = f"{mean(others):.3f}" if others else ""
    return f"| {field} | {tool} | {len(known)} | {right:.3f} | {more:.3f} | {abs(wrong):.3f} | {share} | {len(others)} |"


def main() -> None:
    parser = runs.parser(__doc__)
    parser.add_argument("--deep-date", action="store_true", help="let this program search the whole page for a date")
    parser.add_argument("--all-types", action="store_true", help="all pages, not only articles")
    arguments = parser.parse_args()
    peers = runs.peers(arguments, METADATA_TOOLS)
    result = measure(arguments, peers)
    peers.close()
    print("| field | tool | pages | right | more | wrong | said | of |\n|---|---|---|---|---|---|---|---|")
    for field in FIELDS:
        for (own, tool), verdicts in result.items():
            if own == field:
                print(line(field, peers.title(tool), verdicts))


if __name__ == "__main__":
    main()
