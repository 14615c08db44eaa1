"""Do lists, tables, code, quotations and sub-headings of the article survive?

    python benchmarks/structure.py DATA/wcxb-dev.jsonl.gz [--weights FOLDS] [--vs PYTHON] [--saved FILE]

An element of the page's HTML counts as gold if its words stand in the gold text, one after the other: a list item, a table
cell, a <pre>, a <blockquote>, an <h2>, <h3> or <h4>. Less than four words must be a line (or a cell) of the gold text; where they
stand in the middle of one, the element counts neither way. A list item that only repeats a heading of the page is an entry of a
table of contents, and does not count. An element is found if the output holds its words in the same way. ``kept`` is the share of
gold elements found, averaged over the pages that have any; ``let in`` the share found among the other elements of that kind on the
same pages. Articles only, unless ``--all-types``.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import runs
from lxml import etree
from measure import words
from peers import Peers
from runs import mean

KINDS = {
    "li": "list items",
    "td": "table cells",
    "th": "table cells",
    "pre": "code blocks",
    "blockquote": "quotations",
    "h2": "sub-headings",
    "h3": "sub-headings",
    "h4": "sub-headings",
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
UNSEEN = {"script", "style", "template", "noscript", "svg"}
OWN = {"li": {"ul", "ol"}, "td": {"table"}, "th": {"table"}}
"""What has elements of its own inside such an element."""
SHORT = 4
"""Fewer words than this could stand anywhere: they need a line of their own."""
PEER = "trafilatura"


@dataclass
class Text:
    """A text in which elements are looked up."""

    run: str
    lines: set[str]

    @classmethod
    def of(cls, text: str) -> Text:
        return cls(_joined(text), {_joined(line) for line in re.split(r"[\n\t|]", text)})

    def holds(self, element: str) -> bool:
        return element in (self.lines if element.count(" ") - 1 < SHORT else self.run)


def _joined(text: str) -> str:
    """Its words with a space round each."""
    return f" {' '.join(words(text))} "


def elements(html: str) -> dict[str, set[str]]:
    """Kind -> the words of each element of that kind on the page, once each."""
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    found: dict[str, set[str]] = defaultdict(set)
    headings = set()
    for element in [] if root is None else root.iter(*KINDS, *HEADINGS):
        text = _joined("".join(_text(element, OWN.get(element.tag, set()))))
        if text.strip() and element.tag in KINDS:
            found[KINDS[element.tag]].add(text)
        if element.tag in HEADINGS:
            headings.add(text)
    found["list items"] -= headings
    return found


def _text(element: Any, without: set[str]) -> Iterator[str]:
    """The text below an element. Tags part words, but for the inline ones that stand inside them."""
    yield element.text or ""
    for child in element:
        apart = "" if child.tag in INLINE else "\n"
        if child.tag not in UNSEEN and child.tag not in without:
            yield apart
            yield from _text(child, without)
        yield apart
        yield child.tail or ""


INLINE = {"a", "abbr", "b", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u", "wbr"}


@dataclass
class Share:
    """What one output holds of one page's elements of one kind."""

    kept: float
    let_in: float | None
    """None where the page has no others."""


def shares(output: str, gold: Text, found: dict[str, set[str]]) -> dict[str, Share]:
    """Kind -> share, of the kinds that have gold elements on the page."""
    text, result = Text.of(output), {}
    for kind, own in found.items():
        wanted = {one for one in own if gold.holds(one)}
        others = {one for one in own if one not in gold.run}
        if wanted:
            result[kind] = Share(mean([text.holds(one) for one in wanted]), mean([text.holds(one) for one in others]) if others else None)
    return result


def measure(arguments: argparse.Namespace, peers: Peers) -> tuple[dict[tuple[str, str], list[Share]], dict[str, int]]:
    """(tool, kind) -> a share a page, and how many gold elements of each kind there are."""
    cleaners = runs.cleaners(arguments)
    result: dict[tuple[str, str], list[Share]] = defaultdict(list)
    count: dict[str, int] = defaultdict(int)
    for record in runs.pages(arguments):
        if record.get("page_type", "article") != "article" and not arguments.all_types:
            continue
        gold, found = Text.of(record["text"]), elements(record["html"])
        for kind, own in found.items():
            count[kind] += sum(map(gold.holds, own))
        outputs = {"cleaner": runs.clean(cleaners, record)[0].text, **peers.answers(record)}
        for tool, output in outputs.items():
            for kind, share in shares(output or "", gold, found).items():
                result[tool, kind].append(share)
    return result, count


def main() -> None:
    parser = runs.parser(__doc__)
    parser.add_argument("--all-types", action="store_true", help="all pages, not only articles")
    arguments = parser.parse_args()
    peers = runs.peers(arguments, [PEER])
    result, count = measure(arguments, peers)
    peers.close()
    tools = list(dict.fromkeys(tool for tool, _ in result))
    print("| elements | pages | gold | " + " | ".join(f"{peers.title(tool)} kept | let in" for tool in tools) + " |")
    print("|---" * (3 + 2 * len(tools)) + "|")
    for kind in dict.fromkeys(KINDS.values()):
        cells = []
        for tool in tools:
            own = result[tool, kind]
            cells += [f"{mean([one.kept for one in own]):.3f}", f"{mean([one.let_in for one in own if one.let_in is not None]):.3f}"]
        print(f"| {kind} | {len(result[tools[0], kind])} | {count[kind]} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
