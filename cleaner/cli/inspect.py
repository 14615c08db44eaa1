"""``cleaner inspect``: a report of one page for the browser."""

from __future__ import annotations

from pathlib import Path

import click

from .cleaning import FOUND, NOTHING, clean_page
from .options import HELP_NAMES, Settings, with_settings
from .output import STDIO, page_name, write

_EPILOG = "Exit codes are those of cleaner itself; the report is written even if nothing was kept (1)."


@click.command(context_settings=HELP_NAMES, epilog=_EPILOG)
@click.option("--open", "show", is_flag=True, help="Open the report in your browser; needs -o.")
@with_settings
def inspect(settings: Settings, show: bool) -> int:
    """Write a report of what was kept of a page, what went, and by which rule.

    It is one HTML file without scripts that loads nothing: the blocks of the page in order, those that went struck and coloured by
    layer, with rule, reason and file:line on hover or focus; the article beside them.
    """
    from ..inspect.report import report

    if show and settings.output == STDIO:
        raise click.UsageError("--open needs a file to open: -o report.html")
    article = clean_page(settings)
    write(report(article, page_name(settings.page)), settings.output)
    if show:
        import webbrowser

        webbrowser.open(Path(settings.output).absolute().as_uri())
    return FOUND if article.text else NOTHING
