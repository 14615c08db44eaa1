"""What the benchmarks of quality share: their options, this program's articles for the pages of the data, and the peers."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from measure import FOLDS, fold_of, read_pages, text_dump
from peers import Peers

from cleaner import Article, Cleaner
from cleaner.load import builtin_folder


def parser(doc: str | None) -> argparse.ArgumentParser:
    """The options that every benchmark of quality has."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("data", type=Path, help="pages with gold text, .jsonl.gz")
    made.add_argument("--weights", type=Path, metavar="FOLDS", help="folder of fold weights, written by train.py --folds")
    made.add_argument("--rules", type=Path, action="append", default=[], help="a folder of further rules")
    made.add_argument("--no-builtin", action="store_true", help="without the built-in rules")
    made.add_argument("--leave-out", metavar="FOLDERS", help="built-in rules that do not take part, such as engines,themes,sources")
    made.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth page")
    made.add_argument("--vs", metavar="PYTHON", help="interpreter of an environment that has the peers (see peers.py)")
    made.add_argument("--saved", type=Path, metavar="FILE", help="keep the peers' answers there and use those it has; alone, without --vs")
    return made


def pages(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The pages asked for."""
    return islice(read_pages(arguments.data), 0, None, arguments.every)


def weights(arguments: argparse.Namespace) -> list[Path | None]:
    """A file for each fold; None, for the shipped weights, without ``--weights``."""
    return [arguments.weights / f"weights-{fold}.json" for fold in range(FOLDS)] if arguments.weights else [None]


def own(cleaners: list[Cleaner], record: dict[str, Any]) -> Cleaner:
    """The cleaner whose weights have not seen a page's site."""
    return cleaners[fold_of(record["url"]) % len(cleaners)]


def cleaners(arguments: argparse.Namespace, **options: Any) -> list[Cleaner]:
    """One cleaner for all pages, or one a fold; ``options`` are the Cleaner's."""
    files = weights(arguments)
    if not arguments.leave_out:
        return [Cleaner(arguments.rules, builtin=not arguments.no_builtin, weights=file, **options) for file in files]
    with tempfile.TemporaryDirectory() as folder:
        rest = shutil.copytree(builtin_folder(), Path(folder, "rules"), ignore=shutil.ignore_patterns(*arguments.leave_out.split(",")))
        return [Cleaner([rest, *arguments.rules], builtin=False, weights=file, **options) for file in files]


def clean(cleaners: list[Cleaner], record: dict[str, Any]) -> tuple[Article, float]:
    """A page's article by the weights that have not seen its site, and the seconds of CPU it took."""
    return _timed(cleaners, record, record["html"], record["url"])


def dump(record: dict[str, Any]) -> str:
    """The page as text."""
    return record.get("page_text") or text_dump(record["html"])


def clean_dump(cleaners: list[Cleaner], record: dict[str, Any], text: str) -> tuple[Article, float]:
    """The same of a page's text dump, which has no address."""
    return _timed(cleaners, record, text, None)


def _timed(cleaners: list[Cleaner], record: dict[str, Any], data: str, url: str | None) -> tuple[Article, float]:
    cleaner = own(cleaners, record)
    start = time.process_time()
    article = cleaner.clean(data, url)
    return article, time.process_time() - start


def peers(arguments: argparse.Namespace, tools: Sequence[str]) -> Peers:
    """The peers asked for: none without ``--vs`` or ``--saved``."""
    return Peers(tools if arguments.vs or arguments.saved else [], arguments.vs, arguments.saved)


def mean(values: Sequence[float]) -> float:
    """Mean of some values; 0 for none."""
    return sum(values) / len(values) if values else 0.0
