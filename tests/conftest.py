"""What the tests share: a cache and a configuration of their own, and cleaners made of a few lines of YAML."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner import Article, Cleaner

PROSE = (
    "The council said on Monday that it will publish the results of the survey before the end of the month, "
    "and that nobody should draw early conclusions."
)
"""One paragraph that reads like an article (26 words)."""
MORE_PROSE = (
    "Ferries between the two islands stopped running at noon, "
    "because the harbour master had closed the outer gate after the wind rose to nine."
)
"""Another (25 words), with no word group in common."""

BODY = "body: ['main']\nlimits: {min_words: 1}\n"
"""The start of a rule file that takes <main> for the body, however short."""


def main(*inner: str) -> str:
    """An HTML page with ``inner`` in its <main>, which the rules below take for the body."""
    return f"<!DOCTYPE html><html><head><title>t</title></head><body><main>{''.join(inner)}</main></body></html>"


def drop(rule: str) -> str:
    """A rule file with <main> as the body and one DROP rule, ``x``."""
    return f"{BODY}drop:\n  - {{id: x, why: w, {rule}}}\n"


def kept(article: Article) -> list[str]:
    """The blocks of an article's text."""
    return article.text.split("\n\n") if article.text else []


def words(article: Article) -> list[str]:
    """The words kept, without the hyphens of lists."""
    return article.text.replace("- ", "").split()


def marked(page: str) -> tuple[str, list[str], list[str]]:
    """A page with [brackets] round what must go, in; the page, and the words that stay and go, out."""
    goes, stays, depth, word = [], [], 0, ""
    plain = page.replace("[", "").replace("]", "")
    inside_tag = False
    for character in page + " ":
        if character in "[]<> \n" and not inside_tag:
            if word:
                (goes if depth else stays).append(word)
            word = ""
        if character in "<>":
            inside_tag = character == "<"
        elif character in "[]":
            depth += 1 if character == "[" else -1
        elif not inside_tag and not character.isspace():
            word += character
    return plain, stays, goes


def verdicts(article: Article) -> dict[str, str | None]:
    """Text of each dropped block or cut piece -> the rule that took it."""
    return {piece.text: piece.rule for piece in article.removed}


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the cache and the rules of whoever runs it."""
    before = {name: os.environ.get(name) for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    base = tmp_path_factory.getbasetemp()
    # One cache for all processes of a run: reading the built-in rules anew takes seconds.
    os.environ["XDG_CACHE_HOME"] = str(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))
    yield
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


def write_rules(folder: Path, files: str | dict[str, str]) -> Path:
    """Rule files below ``folder``; a single string is ``generic.yaml``."""
    for name, text in ({"generic.yaml": files} if isinstance(files, str) else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


@pytest.fixture
def cleaner_of(tmp_path: Path) -> Callable[..., Cleaner]:
    """``cleaner_of(files, ..., builtin=False, **options)``: a Cleaner of these rules, later ones over earlier; see ``write_rules``."""

    def make(*layers: str | dict[str, str], builtin: bool = False, **options: Any) -> Cleaner:
        folders = [write_rules(tmp_path / f"rules-{len(list(tmp_path.iterdir()))}", files) for files in layers]
        return Cleaner(folders, builtin=builtin, **options)

    return make


@pytest.fixture(scope="session")
def builtin() -> Cleaner:
    """The Cleaner with the rules that are shipped."""
    return Cleaner()
