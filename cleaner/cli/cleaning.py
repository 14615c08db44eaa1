"""The command without a name: one page in, its article out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from .options import HELP_NAMES, Settings, version_option, with_settings
from .output import message, page_name, read_page, write

if TYPE_CHECKING:
    from ..article import Article
    from ..load import LoadedFile
    from ..pipeline import Cleaner

FOUND, NOTHING = 0, 1
"""Exit codes of commands that clean."""
FORMS = ("text", "markdown", "html", "json")
_EPILOG = """\b
Examples:
  cleaner page.html
  curl -sL URL | cleaner --url URL -f markdown
  cleaner explain page.html
\b
Exit codes: 0 an article came out; 1 nothing worth keeping was found;
2 wrong usage, unreadable input or bad rules."""


class MainCommand(click.Command):
    """Its help is the help of the whole program, so it names the other commands (the context's object)."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(80)) for name, command in (ctx.obj or {}).items()])
        super().format_epilog(ctx, formatter)


@click.command(cls=MainCommand, context_settings=HELP_NAMES, epilog=_EPILOG)
@click.option("-f", "--format", "form", type=click.Choice(FORMS), default="text", help="Of the output; text is the default.")
@click.option("--no-title", is_flag=True, help="Leave the title out (of text, markdown and html).")
@with_settings
@version_option
def clean(settings: Settings, form: str, no_title: bool) -> int:
    """Take the article out of one page.

    The page, HTML or plain text, comes from FILE or from standard input (-, or no FILE); the article goes to standard output,
    messages go to stderr.
    """
    article = clean_page(settings)
    if not article.text:
        write("", settings.output)
        message(f"{page_name(settings.page)}: nothing worth keeping was found")
        return NOTHING
    from ..rendered import rendered

    write(rendered(article, form, title=not no_title), settings.output)
    return FOUND


def clean_page(settings: Settings) -> Article:
    """Read and clean the page; warnings go to stderr, and with ``-v`` how it went."""
    started = time.perf_counter()
    cleaner = settings.cleaner()
    ready = time.perf_counter() - started
    data = read_page(settings.page)
    started = time.perf_counter()
    article = cleaner.clean(data, settings.url, content_type=settings.charset)
    done = time.perf_counter() - started
    if settings.verbose:
        _report(settings, cleaner, article)
        message(f"rules ready in {ready:.3f} s, page done in {done:.3f} s")
    for warning in article.warnings:
        message(f"warning: {page_name(settings.page)}: {warning}")
    return article


def _report(settings: Settings, cleaner: Cleaner, article: Article) -> None:
    files = cleaner.ruleset.files
    folders = [*(["built-in"] if settings.rules.builtin else []), *settings.rules.folders()]
    message(f"rules: {', '.join(folders) or 'none'} ({counted(files)})")
    for layer in article.template:
        message(f"template: {layer.name}: {'; '.join(layer.evidence)}")
    kept = sum(block.verdict == "KEEP" for block in article.blocks)
    message(f"method: {article.method}, confidence {article.confidence:.2f}")
    message(f"kept {kept} blocks, dropped {len(article.blocks) - kept}; {article.removed_share:.0%} of the characters were removed")


def counted(files: list[LoadedFile]) -> str:
    """Rule files in; "2 files, 31 rules" out."""
    rules = sum(map(rule_count, files))
    return f"{len(files)} file{'s' * (len(files) != 1)}, {rules} rule{'s' * (rules != 1)}"


def rule_count(file: LoadedFile) -> int:
    """How many rules a file holds."""
    document = file.document
    return len(document.drop) + len(document.keep) + len(document.cut)
