"""Other extractors on the same pages, run in an environment of their own: they and this program need not agree on versions.

    python3 -m venv PEERS && PEERS/bin/pip install -U pip
    PEERS/bin/pip install trafilatura readability-lxml newspaper4k resiliparse justext htmldate
    python benchmarks/accuracy.py DATA/wcxb-dev.jsonl.gz --vs PEERS/bin/python

The other benchmarks start this file with that python and talk to it in JSON lines: a page in, each tool's answer out. It
imports nothing of this program, and every tool only when it is asked.
"""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

Record = dict[str, Any]
Answer = Any
"""A text, or for the tools that read metadata {title, authors, date}."""


# ---------------------------------------------------------------- in their environment: one function a tool


def trafilatura(page: Record) -> Answer:
    from trafilatura import extract

    return extract(page["html"], url=page["url"], include_comments=False)


def readability(page: Record) -> Answer:
    from readability import Document
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(Document(page["html"]).summary(), main_content=False, alt_texts=False)


def newspaper(page: Record) -> Answer:
    from newspaper import Article

    article = Article(page["url"], fetch_images=False)
    article.download(input_html=page["html"])
    article.parse()
    return article.text


def resiliparse(page: Record) -> Answer:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(page["html"], main_content=True, alt_texts=False)


def justext(page: Record) -> Answer:
    from justext import get_stoplist
    from justext import justext as paragraphs

    words = get_stoplist({"de": "German", "es": "Spanish", "fr": "French"}.get(page["language"], "English"))
    return "\n".join(one.text for one in paragraphs(page["html"], words) if not one.is_boilerplate)


def trafilatura_metadata(page: Record) -> Answer:
    from trafilatura import extract_metadata

    found = extract_metadata(page["html"], default_url=page["url"])
    return {"title": found.title, "authors": found.author, "date": found.date}


def htmldate(page: Record) -> Answer:
    from htmldate import find_date

    return {"date": find_date(page["html"], url=page["url"], original_date=True)}


TOOLS = {
    "trafilatura": (trafilatura, "trafilatura"),
    "readability-lxml": (readability, "readability-lxml"),
    "newspaper4k": (newspaper, "newspaper4k"),
    "resiliparse main_content": (resiliparse, "resiliparse"),
    "jusText": (justext, "justext"),
    "trafilatura extract_metadata": (trafilatura_metadata, "trafilatura"),
    "htmldate": (htmldate, "htmldate"),
}
"""Name in the tables -> function, and the package whose version is told."""
TEXT_TOOLS = list(TOOLS)[:5]
METADATA_TOOLS = list(TOOLS)[5:]


def serve() -> None:
    """Pages in on standard input, answers out on standard output, a line each, until the input ends."""
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        page = json.loads(line)
        answers: dict[str, Answer] = {}
        for name in page["tools"]:
            try:
                answers[name] = TOOLS[name][0](page)
            except Exception as error:  # whatever a peer raises, its answer is then empty
                print(f"{name} failed on {page['url']}: {error!r}"[:200], file=sys.stderr)
                answers[name] = None
        versions = {name: version(TOOLS[name][1]) for name in page["tools"]}
        print(json.dumps({"key": page["key"], "versions": versions, "answers": answers}), flush=True)


# ---------------------------------------------------------------- in ours: asking them


class Peers:
    """The peers' answers, page by page.

    ``python``: the interpreter of their environment, or None when all answers are saved already; ``saved``: a file (JSON lines)
    of answers to use in place of asking again, to which new ones are added. A page is known by its address and HTML.
    """

    def __init__(self, tools: Sequence[str], python: str | None, saved: Path | None) -> None:
        self.tools = list(tools)
        self.versions: dict[str, str] = {}
        self._python, self._saved = python, saved
        self._process: subprocess.Popen[str] | None = None
        self._known: dict[str, dict[str, Answer]] = {}
        for line in _lines(saved):
            reply = json.loads(line)
            self._known.setdefault(reply["key"], {}).update(reply["answers"])
            self.versions.update({name: said for name, said in reply["versions"].items() if name in self.tools})

    def answers(self, record: Record) -> dict[str, Answer]:
        """Each tool's answer for a page; None where it failed or found nothing."""
        key = hashlib.sha256(f"{record['url']}\n{record['html']}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        known = self._known.setdefault(key, {})
        if missing := [name for name in self.tools if name not in known]:
            language = record.get("lang", "en")
            known.update(self._ask({"key": key, "tools": missing, "language": language, "url": record["url"], "html": record["html"]}))
        return {name: known[name] for name in self.tools}

    def title(self, name: str) -> str:
        """A tool's name with its version."""
        first, space, rest = name.partition(" ")
        return f"{first} {self.versions[name]}{space}{rest}" if name in self.versions else name

    def close(self) -> None:
        """End their process."""
        if self._process and self._process.stdin:
            self._process.stdin.close()
            self._process.wait()

    def _ask(self, request: Record) -> dict[str, Answer]:
        if not self._python:
            raise SystemExit(f"{', '.join(request['tools'])}: no saved answers for {request['url']}; --vs PYTHON asks for them")
        if not self._process:
            self._process = subprocess.Popen(
                [self._python, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._python} {__file__} ended on {request['url']}")
        reply = json.loads(line)
        self.versions.update(reply["versions"])
        if self._saved:
            with self._saved.open("a", encoding="utf-8") as stream:
                stream.write(line)
        return dict(reply["answers"])


def _lines(path: Path | None) -> Iterator[str]:
    with suppress(FileNotFoundError):
        if path:
            with path.open(encoding="utf-8") as stream:
                yield from stream


if __name__ == "__main__":
    serve()
