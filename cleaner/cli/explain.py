"""``cleaner explain``: every block of a page, with its verdict, the rule that gave it, and where that rule stands."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from .cleaning import FOUND, NOTHING, clean_page
from .options import HELP_NAMES, Settings, with_settings
from .output import Failure, coloured, page_name, printable, read_page, write

if TYPE_CHECKING:
    from ..article import Article
    from ..model import ArticleBlock, Removed

_SHOWN = 100
"""Characters shown of a block."""
_NARROW, _WIDE = 60, 120
_LABEL, _INDENT = 12, 5
_METHODS = {
    "rules": "a body rule bounds the article",
    "scorer": "no body rule applies: blocks were scored",
    "readability": "no body rule applies and scoring found too little: readability-lxml chose",
    "none": "nothing was kept",
}
_IN_JSON = (
    "title", "url", "language", "template", "method", "confidence", "removed_share", "warnings", "blocks", "removed", "ruleset_digest",
    "version",
)  # fmt: skip
_EPILOG = "Exit codes are those of cleaner itself; the blocks are shown even if none was kept (1)."


@click.command(context_settings=HELP_NAMES, epilog=_EPILOG)
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Of the output; text is the default.")
@click.option("--full", is_flag=True, help=f"Show whole blocks, not the first {_SHOWN} characters.")
@click.option("--rule", "rule_id", metavar="ID", help="Tell of this one rule (themes/soledad#share): what it does here, and why not more.")
@with_settings
def explain(settings: Settings, form: str, full: bool, rule_id: str | None) -> int:
    """Show why each block of a page was kept or dropped.

    First the template that was detected, and on what evidence; then every block in order with KEEP or DROP, its kind, and the
    rule that decided: id, reason, file:line. CUT shows what a rule took out of the kept block above it.
    """
    if rule_id:
        return _one_rule(settings, rule_id)
    article = clean_page(settings)
    if form == "json":
        import json

        record = article.to_dict()
        text = json.dumps({name: record[name] for name in _IN_JSON}, ensure_ascii=False, indent=2) + "\n"
    else:
        width = max(_NARROW, min(_WIDE, shutil.get_terminal_size((_WIDE, 24)).columns))
        text = "\n".join(_Explanation(article, page_name(settings.page), width, full, coloured(settings.output)).lines()) + "\n"
    write(text, settings.output, styled=form == "text")
    return FOUND if article.text else NOTHING


def _one_rule(settings: Settings, rule_id: str) -> int:
    """What one rule does on the page. FOUND when it decides something, else NOTHING. Raises Failure when there is no such rule."""
    from ..errors import RuleError
    from ..ruletools.onerule import account

    cleaner, data = settings.cleaner(), read_page(settings.page)
    article = cleaner.clean(data, settings.url, content_type=settings.charset)
    page = cleaner.read(data, settings.url, content_type=settings.charset)
    try:
        told = account(cleaner, page, article, rule_id)
    except RuleError as error:
        raise Failure(str(error)) from None
    origin = told.rule.origin
    lines = [f"{told.rule.action}  {rule_id}  {origin.file}:{origin.line}  {origin.why}".rstrip(), told.state]
    lines += [f"{'done':9} {_first_words(article, at)}" for at in told.decided]
    lines += [f"{by or 'kept':9} {_first_words(article, at)}" for at, by in told.overruled]
    write(printable("\n".join(lines)) + "\n", settings.output)
    return FOUND if told.decided else NOTHING


def _first_words(article: Article, at: int) -> str:
    return " ".join(article.blocks[at].text.split())[:_SHOWN]


class _Explanation:
    """One article explained to a reader whose screen is ``width`` columns wide."""

    def __init__(self, article: Article, name: str, width: int, full: bool, colour: bool) -> None:
        self.article, self.name, self.width, self.full, self.colour = article, name, width, full, colour

    def lines(self) -> Iterator[str]:
        yield from self._head()
        cuts = _cut_pieces(self.article)
        for at, block in enumerate(self.article.blocks):
            yield from self._block(block)
            for piece in cuts.get(at, ()):
                yield from self._entry("CUT", "yellow", "", piece.rule, piece.why, piece.where, piece.text)

    def _head(self) -> Iterator[str]:
        article = self.article
        kept = sum(block.verdict == "KEEP" for block in article.blocks)
        yield from self._labelled("page", self.name)
        yield from self._labelled("title", article.title or "(none found)")
        wide = max((len(layer.name) for layer in article.template), default=0)
        for at, layer in enumerate(article.template):
            yield from self._labelled("template" if at == 0 else "", f"{layer.name:{wide}}  {'; '.join(layer.evidence)}", wide + 2)
        yield from self._labelled("method", f"{article.method}: {_METHODS[article.method]}")
        yield from self._labelled("confidence", f"{article.confidence:.2f}")
        share = f"{article.removed_share:.0%} of the characters were removed"
        yield from self._labelled("kept", f"{kept} of {len(article.blocks)} blocks; {share}")
        for warning in article.warnings:
            yield from self._labelled("warning", warning)
        yield ""

    def _labelled(self, label: str, text: str, indent: int = 0) -> Iterator[str]:
        first = f"{label:{_LABEL}}"
        yield from self._wrapped(first, " ".join(printable(text).split("\n")), " " * (_LABEL + indent))

    def _block(self, block: ArticleBlock) -> Iterator[str]:
        colour = "green" if block.verdict == "KEEP" else "red"
        yield from self._entry(block.verdict, colour, block.kind, block.rule or "", block.why, block.where, block.text)

    def _entry(self, verdict: str, colour: str, kind: str, rule: str, why: str, where: str, text: str) -> Iterator[str]:
        said = "  ".join(printable(part) for part in (f"{kind:9}", rule, where, why) if part.strip())
        first, *others = self._wrapped(f"{verdict:{_INDENT}}", said, " " * _INDENT)
        yield click.style(verdict, fg=colour, bold=True) + first[len(verdict) :] if self.colour else first
        yield from others
        for line in self._shown(text):
            yield " " * _INDENT + (click.style(line, dim=True) if self.colour and verdict != "KEEP" else line)

    def _shown(self, text: str) -> list[str]:
        text = printable(text)
        if self.full:
            return text.split("\n")
        line, most = " ".join(text.split()), min(_SHOWN, self.width - _INDENT)
        return [line if len(line) <= most else line[: most - 1].rstrip() + "…"]

    def _wrapped(self, first: str, text: str, indent: str) -> list[str]:
        wrapper = textwrap.TextWrapper(self.width, first, indent, break_long_words=False, break_on_hyphens=False)
        return wrapper.wrap(text) or [first.rstrip()]


def _cut_pieces(article: Article) -> dict[int, list[Removed]]:
    """Index of each kept block that lost pieces -> those pieces."""
    cuts: dict[int, list[Removed]] = {}
    for piece in article.removed:
        if article.blocks[piece.block].verdict == "KEEP":
            cuts.setdefault(piece.block, []).append(piece)
    return cuts
