"""``cleaner learn``: a site's boilerplate from its own pages, as rules that a person can read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import HELP_NAMES
from .output import Failure, message

if TYPE_CHECKING:
    from ..batch.readers import Source
    from ..memory.learn import Given
    from ..memory.profile import Profile

NOTHING = 1
_FORMATS = ("jsonl", "parquet", "warc", "page")
_EPILOG = """\b
Examples:
  cleaner learn crawl.warc.gz -o learned
  cleaner learn saved/ --site example.com -o learned
  cleaner batch crawl.warc.gz --rules learned -o clean.jsonl
\b
Exit codes: 0 something was learned; 1 nothing was; 2 wrong usage or
unreadable input."""


@click.command(context_settings=HELP_NAMES, epilog=_EPILOG)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True, type=click.Path())
@click.option("-o", "--output", metavar="FOLDER", type=click.Path(path_type=Path), help="A folder of rules to write; else standard output.")
@click.option("--site", metavar="HOST", help="Whose pages they all are; else each page's address says it.")
@click.option("--min-pages", metavar="N", type=click.IntRange(3), default=3, help="Say nothing of sites with fewer pages; 3.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@click.option("--from", "format", type=click.Choice(_FORMATS), help="What the inputs are, where their names do not say it.")
@click.option("--glob", metavar="PATTERN", help="Which files of folders to take, by name or path; else all of known formats.")
@click.option("--html-field", metavar="NAME", default="html", help="Column of the page; html is the default.")
@click.option("--text-field", metavar="NAME", default="text", help="Column of plain text, where a record has no page; text.")
@click.option("--url-field", metavar="NAME", default="url", help="Column of the page's address; url.")
def learn(inputs: tuple[str, ...], output: Path | None, site: str | None, min_pages: int, force: bool, **given: Any) -> int:
    """Learn a site's boilerplate from its own pages.

    INPUT is what `cleaner batch` reads. Of every site with enough pages FOLDER/sites/HOST.yaml says what repeats on them, and
    FOLDER/profiles/HOST.json the same as data; FOLDER serves as --rules. Built-in rules take no part.
    """
    from ..batch.readers import BadInput
    from ..batch.streams import MissingLibrary
    from ..memory.learn import learn as learn_from
    from ..pipeline import Cleaner

    bad: list[str] = []
    try:
        source = _source(inputs, given)
        lesson = learn_from(Cleaner(builtin=False), _pages(source, bad), site=_host(site), min_pages=min_pages)
    except (BadInput, MissingLibrary) as error:
        raise Failure(str(error)) from None
    for name, pages in lesson.too_few.items():
        message(f"{name}: {pages} page{'s' * (pages != 1)}, which is too few")
    if lesson.homeless:
        message(f"{lesson.homeless:,} pages without an address belong to no site; --site HOST says whose they are")
    for reason in bad[:3]:
        message(reason)
    if len(bad) > 3:
        message(f"and {len(bad) - 3:,} more records that could not be read")
    written = _write(lesson.profiles, output, force)
    return 0 if written else NOTHING


def _source(inputs: tuple[str, ...], given: dict[str, Any]) -> Source:
    from ..batch.columns import Columns
    from ..batch.readers import Source

    columns = Columns(given["html_field"], given["text_field"], given["url_field"])
    source = Source(inputs, columns, given["format"], given["glob"])
    source.check()
    return source


def _host(site: str | None) -> str | None:
    from ..errors import RuleError
    from ..hosts import registrable
    from ..ruletools.propose import site_name

    if site is None:
        return None
    try:
        return registrable(site_name(site))
    except RuleError as error:
        raise click.UsageError(f"--site: {error}") from None


def _pages(source: Source, bad: list[str]) -> Iterator[Given]:
    """The pages of all inputs; what cannot be read is said in ``bad``."""
    from ..batch.items import row_of
    from ..batch.records import BadRecord, page_of
    from ..batch.warc import NoPage

    for item in source.items():
        try:
            row, content_type, _ = row_of(*item.load(), source.columns, source.max_bytes)
            yield *page_of(row, source.columns, source.max_bytes), content_type
        except NoPage:
            continue
        except BadRecord as error:
            bad.append(f"{item.name}: {error}")


def _write(profiles: list[Profile], output: Path | None, force: bool) -> int:
    """Write what was learned; of how many sites something was."""
    from ..memory.sitefile import site_file

    files = {one.site: site_file(one) for one in profiles}
    if output is not None and not force:
        there = next((path for site in files if (path := _path(output, site)).exists()), None)
        if there is not None:
            raise Failure(f"{there} is there already; --force writes over it")
    for one in profiles:
        text = files[one.site]
        if not text:
            message(f"{one.site}: {one.pages} pages, and {_why_nothing(one)}")
        elif output is None:
            click.echo(f"# sites/{one.site}.yaml\n{text}")
        else:
            _save(_path(output, one.site), text)
            _save(output / "profiles" / f"{one.site}.json", _as_json(one))
            message(f"{one.site}: {one.pages} pages, {_summary(one)}: {_path(output, one.site)}")
    sys.stdout.flush()
    return sum(map(bool, files.values()))


def _path(output: Path, site: str) -> Path:
    return output / "sites" / f"{site}.yaml"


def _save(path: Path, text: str) -> None:
    from ..ruletools.propose import replace_file

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)
    except OSError as error:
        raise Failure(f"{error.filename or path}: {(error.strerror or str(error)).lower()}") from None


def _why_nothing(one: Profile) -> str:
    if one.all_template:
        return "nearly all of their text repeats, so it cannot be told what the article is"
    return "nothing inside the article repeats, nor is there one element round it"


def _summary(one: Profile) -> str:
    rules = len(one.elements) + len(one.texts)
    body = f"body {one.body.value} on {one.body.pages}" if one.body else "no body"
    return f"{body}, {rules} rule{'s' * (rules != 1)}"


def _as_json(one: Profile) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(asdict(one)), indent=2).decode() + "\n"
