"""``cleaner rules import``: rules written for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import HELP_NAMES
from .output import Failure, message, printable, write

if TYPE_CHECKING:
    from ..ruletools.carried import Report, SiteFile

PART = 3
"""Exit code when lines were left behind."""
_FOLDER = click.Path(path_type=Path)
_OUTPUT = click.option("-o", "--output", metavar="RULES", required=True, type=_FOLDER, help="The folder of rules to write.")
_FORCE = click.option("--force", is_flag=True, help="Overwrite site files that exist.")


@click.group("import", context_settings=HELP_NAMES)
def import_rules() -> None:
    """Turn rules of other programs into site files."""


@import_rules.command(context_settings=HELP_NAMES)
@click.argument("paths", metavar="FOLDER|FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_OUTPUT
@_FORCE
@click.option("--no-body", is_flag=True, help="Leave bodies out: the built-in rules and the scorer find the article.")
def ftr(paths: tuple[Path, ...], output: Path, force: bool, no_body: bool) -> int:
    """Site configs of FiveFilters (ftr-site-config): example.com.txt.

    Every line that could not be carried over is listed with the reason, then a table by key. Exit codes: 0 all was carried over
    that says what the article is, 3 something was left behind, 2 nothing could be written.
    """
    from ..errors import RuleError
    from ..ruletools.carried import Report
    from ..ruletools.ftr import configs, convert

    report = Report()
    try:
        sites = [site for path in configs(paths) if (site := convert(path, report, body=not no_body)) is not None]
    except (RuleError, OSError) as error:
        raise Failure(str(error)) from None
    return _done(sites, report, output, force)


@import_rules.command(context_settings=HELP_NAMES)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_OUTPUT
@_FORCE
def abp(path: Path, output: Path, force: bool) -> int:
    """Element-hiding lines of a filter list: example.com##.newsletter and the exceptions (#@#).

    Lines without a host go into generic.yaml. Procedural filters are listed, network filters only counted. Exit codes as for ftr.
    """
    from ..ruletools.abp import convert
    from ..ruletools.carried import Report

    report = Report()
    try:
        sites = convert(path, report)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from None
    return _done(sites, report, output, force)


def _done(sites: list[SiteFile], report: Report, output: Path, force: bool) -> int:
    from ..errors import RuleError
    from ..ruletools.carried import write_files

    try:
        written = write_files(output, sites, force=force)
    except (RuleError, OSError) as error:
        raise Failure(str(error)) from None
    lines = [f"{one.file}:{one.line}: {one.key}: {one.why}" for one in report.left]
    lines += [*([""] if lines else []), *report.table()]
    write(printable("\n".join(lines)) + "\n")
    message(f"{len(written)} files written to {output}; {len(report.left)} lines left behind")
    return PART if report.left else 0
