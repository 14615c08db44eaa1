"""``cleaner inspect``: a report of one page for the browser, or a page to make rules on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cleaning import FOUND, NOTHING, clean_page
from .options import HELP_NAMES, Settings, user_place, with_settings
from .output import STDIO, Failure, message, page_name, read_page, write

if TYPE_CHECKING:
    from ..article import Article
    from ..inspect.server import Server
    from ..model import Page
    from ..pipeline import Cleaner

_EPILOG = "Exit codes are those of cleaner itself; the report is written even if nothing was kept (1)."


@click.command(context_settings=HELP_NAMES, epilog=_EPILOG)
@click.option("--open", "show", is_flag=True, help="Open it in your browser; a report needs -o for that.")
@click.option("--serve", is_flag=True, help="Serve it on this machine instead, to make rules by a click. Ctrl-C ends it.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Of --serve; a free one is the default.")
@with_settings
def inspect(settings: Settings, show: bool, serve: bool, port: int) -> int:
    """Write a report of what was kept of a page, what went, and by which rule.

    It is one HTML file without scripts that loads nothing: the blocks of the page in order, those that went struck and coloured by
    layer, with rule, reason and file:line on hover or focus; the article beside them.

    With --serve it is a page on 127.0.0.1 where you click a block to drop or keep it, choose a rule, see what it changes here and in the
    samples, and save it: to the last --rules DIR, else to your own rules.
    """
    if serve:
        return _serve(settings, show, port)
    if show and settings.output == STDIO:
        raise click.UsageError("--open needs a file to open: -o report.html")
    from ..inspect.report import report

    article = clean_page(settings)
    write(report(article, page_name(settings.page)), settings.output)
    if show:
        _open(Path(settings.output).absolute().as_uri())
    return FOUND if article.text else NOTHING


def _serve(settings: Settings, show: bool, port: int) -> int:
    if settings.output != STDIO:
        raise click.UsageError("--serve writes no report: leave out -o.")
    server = _server(settings, port)
    try:
        message(f"{page_name(settings.page)} is at {server.address} (Ctrl-C ends it); rules go to {server.session.folder}")
        if show:
            _open(server.address)
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return FOUND


def _server(settings: Settings, port: int) -> Server:
    from ..inspect.server import Server
    from ..inspect.session import Session

    data = read_page(settings.page)

    def make(*more: Path) -> Cleaner:
        known = settings.rules.folders()
        return settings.cleaner(*(one for one in more if str(one) not in known))

    def read(cleaner: Cleaner) -> tuple[Page, Article]:
        page = cleaner.read(data, settings.url, content_type=settings.charset)
        return page, cleaner.clean(data, settings.url, content_type=settings.charset)

    try:
        return Server(Session(make, read, _place(settings)), page_name(settings.page), port)
    except OSError as error:
        raise Failure(f"port {port}: {(error.strerror or str(error)).lower()}") from None


def _place(settings: Settings) -> Path:
    """Where rules are saved. Raises UsageError where they would not be in force."""
    own = user_place() if settings.rules.user else None
    if settings.rules.rules:
        place = Path(settings.rules.rules[-1])
        if not place.is_dir():
            raise click.UsageError(f"--serve saves rules in a folder: {place} is none.")
        return place
    if own is None:
        raise click.UsageError("--serve needs a folder for rules: --rules DIR.")
    return own


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
