"""``cleaner batch``: many pages in, as many records out."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from .options import CAPTIONS, DEEP_DATE, HELP_NAMES, INPUT, LANGUAGE, LIMIT, RuleSettings, languages, with_rules
from .output import STDIO, Failure, discard_rest, message, printable

if TYPE_CHECKING:
    from ..batch.plan import Plan

PIPE_CLOSED = 141
"""128 + SIGPIPE, as shells have it."""
_FORMATS = ("jsonl", "parquet", "warc", "page")
_FORMS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet", "txt", "md", "json")
_EPILOG = """\b
Examples:
  cleaner batch crawl.warc.gz -o clean.jsonl.zst
  cleaner batch pages/ -o texts/
  cleaner batch shards/*.parquet --html-field content -o clean.parquet
  cleaner batch - < pages.jsonl > clean.jsonl
\b
Exit codes: 0 all pages were cleaned (empty ones too); 3 some failed, and
their records say why; 2 wrong usage, unreadable input or bad rules;
130 interrupted."""


class _Sections(click.Command):
    """Help with its options in groups."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                groups.setdefault(_GROUP_OF.get(parameter.name or "", "Options"), []).append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


_GROUP_OF = {
    **dict.fromkeys(("form", "format", "glob", "html_field", "text_field", "url_field", "id_field", "max_bytes", "input"), "Input"),
    **dict.fromkeys(("output", "to", "fields", "with_removed", "prefix", "no_title", "shard_size", "overwrite"), "Output"),
    **dict.fromkeys(("dropped", "min_words", "languages", "group_copies"), "Selection"),
    **dict.fromkeys(("jobs", "timeout", "restart_after", "resume", "stats"), "Running"),
    **dict.fromkeys(
        ("rules", "no_builtin", "no_user_rules", "language", "captions", "deep_date", "limits", "site_memory", "two_pass"), "Cleaning"
    ),
}


def _command() -> Callable[..., Any]:
    """The options that only this command has, by group."""
    options = [
        click.argument("inputs", metavar="INPUT...", nargs=-1, required=True, type=click.Path()),
        click.option("--from", "format", type=click.Choice(_FORMATS), help="What the inputs are, where their names do not say it."),
        click.option("--glob", metavar="PATTERN", help="Which files of folders to take, by name or path; else all of known formats."),
        click.option("--html-field", metavar="NAME", default="html", help="Column of the page; html is the default."),
        click.option("--text-field", metavar="NAME", default="text", help="Column of plain text, where a record has no page; text."),
        click.option("--url-field", metavar="NAME", default="url", help="Column of the page's address; url."),
        click.option("--id-field", metavar="NAME", default="id", help="Column of the record's id; id."),
        click.option("--max-bytes", metavar="N", type=click.IntRange(1), default=10_000_000, help="Larger pages fail; 10,000,000."),
        INPUT,
        click.option("-o", "--output", metavar="OUT", type=click.Path(), default=STDIO, help="A file or a folder; - is standard output."),
        click.option("--to", type=click.Choice(_FORMS), help="What the output is, where its name does not say it; folders hold txt."),
        click.option("--fields", metavar="A,B,...", help="Columns to add to the records, in this order."),
        click.option("--with-removed", is_flag=True, help="Add what was removed, with the reasons, and the template."),
        click.option("--prefix", metavar="TEXT", default="", help="Put before the names of added columns."),
        click.option("--no-title", is_flag=True, help="Leave the title out of txt and md files."),
        click.option("--shard-size", metavar="N", type=click.IntRange(1), default=5000, help="Records read for one Parquet file; 5,000."),
        click.option("--overwrite", is_flag=True, help="Begin anew where there is an output already."),
        click.option("--dropped", metavar="FILE", type=click.Path(), help="JSON lines of what is excluded: empty, failed, filtered."),
        click.option("--min-words", metavar="N", type=click.IntRange(0), default=0, help="Exclude articles that are shorter."),
        click.option("--languages", metavar="A,B,...", callback=languages, help="Exclude articles in others (ISO 639-1)."),
        click.option("--group-copies", is_flag=True, help="At the end, mark copies of one article: copy_of, copies."),
        click.option("-j", "--jobs", metavar="N", type=click.IntRange(1), help="Worker processes; as many as there are processors."),
        click.option("--timeout", metavar="SECONDS", type=click.FloatRange(0.1), default=10.0, help="A page that takes longer fails; 10."),
        click.option("--restart-after", metavar="N", type=click.IntRange(1), default=5000, help="Pages a worker does in its life; 5,000."),
        click.option("--resume", is_flag=True, help="Go on with a run that was cut off."),
        click.option("--site-memory", metavar="FILE", type=click.Path(), help="Count there what repeats on a site's pages, and drop it."),
        click.option("--two-pass", is_flag=True, help="Count all pages first, then clean: the order makes no difference."),
        click.option("--stats", is_flag=True, help="Tell on stderr which rules fired, and which templates were met."),
        LANGUAGE,
        CAPTIONS,
        DEEP_DATE,
        LIMIT,
    ]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@click.command(cls=_Sections, context_settings=HELP_NAMES, epilog=_EPILOG)
@_command()
@with_rules
def batch(rules: RuleSettings, inputs: tuple[str, ...], output: str, **given: Any) -> int:
    """Clean many pages, in parallel.

    INPUT is a file of records (JSON lines, Parquet, WARC; .gz and .zst too), a page, a folder of such, or - for JSON lines on standard
    input. Each record comes out with its other columns, in the same order. OUT is a file of JSON lines, a folder of Parquet files
    (OUT.parquet), or a folder of one file a page. A run that was cut off goes on with --resume.
    """
    plan = _plan(rules, inputs, output, given)
    with _without_sigpipe():
        return _run(plan, rules)


def _plan(rules: RuleSettings, inputs: tuple[str, ...], output: str, given: dict[str, Any]) -> Plan:
    from ..batch.columns import PROVENANCE, Columns
    from ..batch.plan import Plan, form_of

    form = given["to"] or form_of(output) or ("jsonl" if output == STDIO else "txt")
    _check(form, inputs, output, given)
    try:
        columns = Columns(
            given["html_field"], given["text_field"], given["url_field"], given["id_field"], _fields(given, PROVENANCE), given["prefix"]
        )
    except ValueError as error:
        raise click.UsageError(f"--fields: {error}") from None
    cleaner = {
        "rules": rules.folders(), "builtin": rules.builtin, "input": given["input"], "language": given["language"],
        "captions": given["captions"], "deep_date": given["deep_date"], "limits": given["limits"],
    }  # fmt: skip
    return Plan(
        inputs, output, form, cleaner, columns, given["format"], given["glob"], given["dropped"], given["min_words"], given["languages"],
        not given["no_title"], given["jobs"] or _processors(), given["timeout"], given["restart_after"], given["max_bytes"],
        given["shard_size"], given["resume"], given["overwrite"], given["group_copies"], given["stats"], _on_terminal(),
        given["site_memory"], given["two_pass"],
    )  # fmt: skip


def _check(form: str, inputs: tuple[str, ...], output: str, given: dict[str, Any]) -> None:
    """Raises UsageError for options that cannot go together."""
    if given["two_pass"] and STDIO in inputs:
        raise click.UsageError("--two-pass reads its inputs twice, and standard input can be read once; --site-memory learns as it goes.")
    if given["two_pass"] and output == STDIO and given["site_memory"] is None:
        raise click.UsageError("--two-pass has no place for its counts beside standard output; say --site-memory FILE.")
    if output == STDIO and not form.startswith("jsonl"):
        raise click.UsageError(f"{form} cannot be written to standard output; say -o OUT.")
    if output == STDIO and given["resume"]:
        raise click.UsageError("what went to standard output cannot be resumed; say -o OUT.")
    if given["group_copies"] and (output == STDIO or form in ("txt", "md", "json")):
        raise click.UsageError("--group-copies needs an output of JSON lines or Parquet; say -o OUT.")
    if given["resume"] and given["overwrite"]:
        raise click.UsageError("--resume goes on, --overwrite begins anew: not both.")
    if given["dropped"] == STDIO:
        raise click.UsageError("--dropped needs a file of its own.")


def _fields(given: dict[str, Any], provenance: tuple[str, ...]) -> tuple[str, ...]:
    from ..batch.columns import DEFAULT_FIELDS

    chosen = [name.strip() for name in given["fields"].split(",") if name.strip()] if given["fields"] else list(DEFAULT_FIELDS)
    if given["with_removed"]:
        chosen += provenance
    if given["group_copies"]:
        chosen.append("fingerprint")
    if given["dropped"] is None:
        # Without it a failed page could not be told from an empty one.
        chosen.append("error")
    return tuple(dict.fromkeys(name for name in chosen if name not in (given["id_field"], given["url_field"])))


def _run(plan: Plan, rules: RuleSettings) -> int:
    from ..batch.columns import Clash
    from ..batch.manifest import Unusable
    from ..batch.pool import PoolError
    from ..batch.readers import BadInput
    from ..batch.run import run
    from ..batch.streams import MissingLibrary
    from ..batch.writers import Closed
    from ..errors import RuleError
    from ..memory.store import Unusable as UnusableMemory

    try:
        return run(plan, _say)
    except (BadInput, Clash, MissingLibrary, PoolError, Unusable, UnusableMemory) as error:
        raise Failure(str(error)) from None
    except RuleError as error:
        raise rules.failure(error) from None
    except Closed:
        discard_rest()
        return PIPE_CLOSED
    except OSError as error:
        raise Failure(f"{error.filename or plan.output}: {(error.strerror or str(error)).lower()}") from None


def _say(text: str) -> None:
    if "\n" in text:
        click.echo(printable(text), err=True)
    else:
        message(text)


@contextlib.contextmanager
def _without_sigpipe() -> Iterator[None]:
    """A worker that died must not end its parent, as the pipe of a filter would; a closed output is seen as an error."""
    if not hasattr(signal, "SIGPIPE"):
        yield
        return
    try:
        before = signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGPIPE, before)


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _processors() -> int:
    """Those this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
