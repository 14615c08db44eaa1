"""How good the articles are, on pages with gold text.

    python benchmarks/accuracy.py DATA/wcxb-dev.jsonl.gz [--weights FOLDS] [--vs PYTHON] [--saved FILE]
    python benchmarks/accuracy.py DATA/wcxb-dev.jsonl.gz --text [--weights FOLDS]
    python benchmarks/accuracy.py DATA/syndicated-dev.jsonl.gz --leave-out engines,themes,sources

``--weights`` takes a folder that ``train.py --folds`` wrote, so that no page is judged by weights that saw its site. ``--vs``
measures other extractors on the same pages beside this program (peers.py says how to install them). ``--text`` cleans the pages'
text dumps instead of their HTML, beside the dump as it is and C4's line rule. Word F1 is over multisets of ``\\w+``, averaged over
pages; leak is the share of ``without`` snippets found in the output, with the share of ``with`` snippets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import runs
from measure import snippet_share, word_scores
from peers import TEXT_TOOLS, Peers
from runs import mean

from cleaner import Article, Cleaner

OURS = "cleaner"
C4_ENDS = (".", "!", "?", '"', "”")
C4_WORDS = 5


@dataclass
class Row:
    """What one tool made of one page."""

    tool: str
    page: str
    """Id and address."""
    type: str
    language: str
    """Of the page: as the data say, or else as this program does."""
    scores: tuple[float, float, float]
    leak: float | None
    held: float | None
    seconds: float
    theme: str = ""
    """Of the made pages of syndicated-dev."""
    method: str = ""
    """This and the next: of this program's rows only."""
    confidence: float = 0.0


def c4(dump: str) -> str:
    """The lines that C4 would keep: five words and a sign that ends a sentence."""
    return "\n".join(line for line in dump.splitlines() if len(line.split()) >= C4_WORDS and line.rstrip().endswith(C4_ENDS))


def html_rows(record: dict[str, Any], cleaners: list[Cleaner], peers: Peers) -> Iterator[Row]:
    """A page's HTML cleaned by this program and the peers."""
    article, seconds = runs.clean(cleaners, record)
    yield _row(OURS, record, article, article.text, seconds)
    for tool, answer in peers.answers(record).items():
        yield _row(tool, record, article, answer or "")


def text_rows(record: dict[str, Any], cleaners: list[Cleaner]) -> Iterator[Row]:
    """A page's text dump cleaned by this program, as it is, and by C4's line rule."""
    dump = runs.dump(record)
    article, seconds = runs.clean_dump(cleaners, record, dump)
    yield _row(OURS, record, article, article.text, seconds)
    yield _row("C4 line rule", record, article, c4(dump))
    yield _row("left as it is", record, article, dump)


def _row(tool: str, record: dict[str, Any], article: Article, output: str, seconds: float = 0.0) -> Row:
    row = Row(
        tool,
        f"{record['id']} {record['url']}",
        record.get("page_type", "article"),
        str(record.get("lang") or article.language),
        word_scores(output, record["text"]),
        snippet_share(output, record["without"]),
        snippet_share(output, record["with"]),
        seconds,
        record.get("theme", ""),
    )
    if tool == OURS:
        row.method, row.confidence = article.method, article.confidence
    return row


HEAD = "| pages | tool | n | P | R | F1 | leak | with | F1>=.95 | F1<.5 |\n|---|---|---|---|---|---|---|---|---|---|"


def line(name: str, tool: str, rows: list[Row]) -> str:
    """One row of the table."""
    precision, recall, f1 = (mean([row.scores[at] for row in rows]) for at in range(3))
    leak = mean([row.leak for row in rows if row.leak is not None])
    held = mean([row.held for row in rows if row.held is not None])
    good, bad = mean([row.scores[2] >= 0.95 for row in rows]), mean([row.scores[2] < 0.5 for row in rows])
    start = f"| {name} | {tool} | {len(rows)} | {precision:.3f} | {recall:.3f} | {f1:.4f}"
    return f"{start} | {leak:.4f} | {held:.3f} | {good:.3f} | {bad:.3f} |"


def lines(name: str, rows: list[Row], titles: dict[str, str]) -> list[str]:
    """A row for each tool that has any."""
    own = {tool: [row for row in rows if row.tool == tool] for tool in titles}
    return [line(name, title, own[tool]) for tool, title in titles.items() if own[tool]]


def groups(rows: list[Row], name: str, key: Callable[[Row], Any], titles: dict[str, str]) -> list[str]:
    """Rows of the table by the value of a key; none where it has one value only."""
    values = sorted({str(key(row)) for row in rows})
    if len(values) < 2:
        return []
    return [one for value in values for one in lines(f"{name} {value}", [row for row in rows if str(key(row)) == value], titles)]


def f1_table(rows: list[Row], titles: dict[str, str]) -> list[str]:
    """F1 of each tool by page type, side by side, and the types in which another tool is ahead."""
    types = sorted({row.type for row in rows})
    found = {
        (kind, tool): mean([row.scores[2] for row in rows if (row.type, row.tool) == (kind, tool)]) for kind in types for tool in titles
    }
    everything = {tool: mean([row.scores[2] for row in rows if row.tool == tool]) for tool in titles}
    said = ["", "| F1 | " + " | ".join(titles.values()) + " |", "|---" * (len(titles) + 1) + "|"]
    said += [f"| {kind} | " + " | ".join(f"{found[kind, tool]:.3f}" for tool in titles) + " |" for kind in types]
    said += ["| all | " + " | ".join(f"{one:.3f}" for one in everything.values()) + " |", ""]
    behind = [
        f"{kind}: {title} {found[kind, tool] - found[kind, OURS]:+.3f}"
        for kind in types
        for tool, title in titles.items()
        if found[kind, tool] > found[kind, OURS]
    ]
    return [*said, f"ahead of {OURS}: {'; '.join(behind) or 'none'}"]


def confidence_table(rows: list[Row]) -> list[str]:
    """How often articles of each confidence are right: what docs/confidence.md shows."""
    bounds = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.01]
    said = ["", "| confidence | articles | F1 >= .95 | mean F1 |", "|---|---|---|---|"]
    for low, high in pairwise(bounds):
        own = [row for row in rows if low <= row.confidence < high]
        good, f1 = mean([row.scores[2] >= 0.95 for row in own]), mean([row.scores[2] for row in own])
        said.append(f"| {low:.1f} to {min(high, 1):.1f} | {len(own)} | {good:.3f} | {f1:.3f} |")
    return said


def report(rows: list[Row], titles: dict[str, str]) -> list[str]:
    """All tables."""
    articles = [row for row in rows if row.type == "article"]
    ours = [row for row in articles if row.tool == OURS]
    said = [
        HEAD,
        *lines("articles", articles, titles),
        *groups([row for row in rows if row.type != "article"], "type", lambda row: row.type, titles),
        *groups(articles, "language", lambda row: row.language, titles),
        *groups(articles, "theme", lambda row: row.theme, titles),
        *groups(ours, "method", lambda row: row.method, titles),
        *lines("all", rows, titles),
    ]
    if len(titles) > 1:
        said += f1_table(rows, titles)
    milliseconds = 1000 * mean([row.seconds for row in rows if row.tool == OURS])
    return [*said, *confidence_table(ours), "", f"{milliseconds:.1f} ms of CPU a page"]


def main() -> None:
    parser = runs.parser(__doc__)
    parser.add_argument("--text", action="store_true", help="clean text dumps of the pages")
    parser.add_argument("--worst", type=int, default=0, help="also list so many of the worst articles")
    arguments = parser.parse_args()
    cleaners = runs.cleaners(arguments)
    peers = runs.peers(arguments, [] if arguments.text else TEXT_TOOLS)
    rows: list[Row] = []
    for record in runs.pages(arguments):
        rows += text_rows(record, cleaners) if arguments.text else html_rows(record, cleaners, peers)
    peers.close()
    titles = {tool: peers.title(tool) for tool in dict.fromkeys(row.tool for row in rows)}
    print("\n".join(report(rows, titles)))
    ours = [row for row in rows if row.tool == OURS and row.type == "article"]
    for row in sorted(ours, key=lambda row: row.scores[2])[: arguments.worst]:
        precision, recall, _ = row.scores
        print(f"P {precision:.2f} R {recall:.2f} {row.method} {row.confidence} {row.page}")


if __name__ == "__main__":
    main()
