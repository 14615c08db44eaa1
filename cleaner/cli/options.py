"""Options that mean the same on every command, each declared once."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..rulefile import CHOICES
from ..version import __version__
from .output import STDIO, Failure

if TYPE_CHECKING:
    from ..limits import PageLimits
    from ..load import RuleSet
    from ..pipeline import Cleaner, Input

Command = Callable[..., Any]

HELP_NAMES = {"help_option_names": ["-h", "--help"]}
_MANY = """one page at a time. Many are cleaned by
  cleaner batch FILE... -o FOLDER
or, in Python, by cleaner.Cleaner().clean_many"""
_LANGUAGES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa "
    "ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr "
    "ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl "
    "ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk "
    "ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
"""ISO 639-1."""


@dataclass(frozen=True)
class RuleSettings:
    """Which rules are in force."""

    rules: tuple[str, ...]
    builtin: bool
    user: bool

    def folders(self) -> list[str]:
        """Folders over the built-in rules, weakest first."""
        own = user_folder() if self.user else None
        return [*([str(own)] if own else []), *self.rules]

    def load(self) -> RuleSet:
        """The rules in force. Raises Failure for rules that cannot be used."""
        from ..compile import Rules
        from ..errors import RuleError
        from ..load import load
        from ..template import check_references

        try:
            ruleset = load(self.folders(), builtin=self.builtin)
            check_references(Rules(ruleset))
        except RuleError as error:
            raise self.failure(error) from None
        return ruleset

    def failure(self, error: Exception) -> Failure:
        """What is said of rules that cannot be used; it names the way out where the user's own folder is to blame."""
        own = user_folder() if self.user else None
        blamed = own is not None and getattr(error, "file", "").startswith(str(own))
        return Failure(f"{error}{'; --no-user-rules does without your rules' if blamed else ''}")


@dataclass(frozen=True)
class Settings:
    """What every command that cleans is told."""

    page: str
    """A file name, or ``-`` for standard input."""
    url: str | None
    input: Input
    rules: RuleSettings
    language: str | None
    captions: bool
    charset: str | None
    deep_date: bool
    limits: PageLimits | None
    keep: tuple[str, ...]
    output: str
    verbose: bool

    def cleaner(self, *more: Path) -> Cleaner:
        """The cleaner that these settings describe, with ``more`` rules over theirs. Raises Failure for rules that cannot be used."""
        from ..errors import RuleError
        from ..pipeline import Cleaner

        try:
            return Cleaner(
                [*self.rules.folders(), *more],
                builtin=self.rules.builtin,
                input=self.input,
                language=self.language,
                captions=self.captions,
                deep_date=self.deep_date,
                keep=self.keep,
                limits=self.limits,
            )
        except RuleError as error:
            raise self.rules.failure(error) from None


def user_folder() -> Path | None:
    """The folder of the user's own rules; None when there is none."""
    folder = user_place()
    return folder if folder is not None and folder.is_dir() else None


def user_place() -> Path | None:
    """Where the user's own rules lie or would lie, by the XDG Base Directory Specification; None for a user without a home."""
    base = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    try:
        return (base if base.is_absolute() else Path.home() / ".config") / "cleaner"
    except RuntimeError:
        return None


def _language(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    from ..language import code_of

    code = code_of(value)
    if code not in _LANGUAGES:
        raise click.BadParameter(f"{value!r} is no code of ISO 639-1; write for instance en, de or zh.")
    return code


def languages(ctx: click.Context, parameter: click.Parameter, value: str | None) -> frozenset[str]:
    """Callback of an option that takes codes of ISO 639-1 with commas between them."""
    found = (_language(ctx, parameter, one.strip()) for one in (value or "").split(",") if one.strip())
    return frozenset(code for code in found if code)


def _limits(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> PageLimits | None:
    """``("blocks=50", "seconds=2")`` in, the limits out; None where none is given."""
    if not given:
        return None
    from ..limits import PageLimits

    kinds = {name: type(default) for name, default in asdict(PageLimits()).items()}
    values = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name not in kinds:
            raise click.BadParameter(f"{one!r} is no NAME=N; the names are {', '.join(kinds)}.")
        try:
            values[name] = kinds[name](value)
        except ValueError:
            raise click.BadParameter(f"{name}: {value!r} is no number.") from None
    try:
        return PageLimits(**values)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


def _page(ctx: click.Context, parameter: click.Parameter, files: tuple[str, ...]) -> str:
    """The only file, or standard input. Without either there is nothing to do but to help."""
    if ctx.resilient_parsing:
        return STDIO
    commands = ctx.obj or ()
    if len(files) > 1:
        command = next((name for name in files if name in commands), None)
        if command is not None:
            raise click.UsageError(f"a command goes first: cleaner {command} ... (a file of that name is ./{command}).")
        raise click.UsageError(f"{len(files)} files were given, but this command cleans {_MANY}")
    if not files and sys.stdin is not None and sys.stdin.isatty():
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)
    name = files[0] if files else STDIO
    if commands and name.isidentifier() and not Path(name).exists():
        raise click.UsageError(f"{name!r} is neither a file nor a command ({', '.join(commands)}).")
    return name


_RULES_HELP = "Rules that lie over the built-in ones: a folder like rules/, one file, or pack:NAME. Repeatable; the last is the strongest."
RULES: list[Command] = [
    click.option("--rules", metavar="DIR", multiple=True, help=_RULES_HELP),
    click.option("--no-builtin", is_flag=True, help="Leave out the built-in rules."),
    click.option("--no-user-rules", is_flag=True, help="Leave out your own rules in $XDG_CONFIG_HOME/cleaner (~/.config/cleaner)."),
]
_INPUT = click.Choice(["auto", "html", "text"])
INPUT = click.option("--input", type=_INPUT, default="auto", help="What the page is; auto, the default, looks at its content.")
LANGUAGE = click.option("--language", metavar="CODE", callback=_language, help="Language of the page (ISO 639-1), when you know it.")
CAPTIONS = click.option("--captions", is_flag=True, help="Keep image captions in the text.")
DEEP_DATE = click.option("--deep-date", is_flag=True, help="Search the whole page for a date where nothing else gives one (slow).")
_LIMIT_HELP = "How much of a page is read: blocks=5000; also bytes, elements, depth, attributes, text, seconds. Repeatable."
LIMIT = click.option("--limit", "limits", metavar="NAME=N", multiple=True, callback=_limits, help=_LIMIT_HELP)
_CLEANING: list[Command] = [
    click.argument("page", metavar="[FILE|-]", nargs=-1, type=click.Path(), callback=_page),
    click.option("--url", metavar="URL", help="Address of the page: tells the site, and makes links whole."),
    INPUT,
    *RULES,
    LANGUAGE,
    CAPTIONS,
    click.option("--charset", metavar="NAME", help="What the server said of the bytes: a charset, or a whole Content-Type value."),
    DEEP_DATE,
    LIMIT,
    click.option("--keep", type=click.Choice(CHOICES), multiple=True, help="Keep what goes by choice. Repeatable."),
    click.option("-o", "--output", metavar="FILE", type=click.Path(), default=STDIO, help="Write to FILE; - is standard output."),
    click.option("-v", "--verbose", is_flag=True, help="Tell on stderr which rules and template were used, how sure it is, and the time."),
]


def with_rules(function: Command) -> Command:
    """Decorator: the options that say which rules are in force, handed over as ``rules: RuleSettings``."""

    @functools.wraps(function)
    def gathered(*, rules: tuple[str, ...], no_builtin: bool, no_user_rules: bool, **rest: Any) -> Any:
        return function(rules=RuleSettings(rules, not no_builtin, not no_user_rules), **rest)

    return _all(RULES, gathered)


def with_settings(function: Command) -> Command:
    """Decorator: the page and every option of commands that clean, handed over as ``settings: Settings``."""

    @functools.wraps(function)
    def gathered(*, rules: tuple[str, ...], no_builtin: bool, no_user_rules: bool, **given: Any) -> Any:
        own = {name: given.pop(name) for name in (field.name for field in fields(Settings)) if name in given}
        return function(settings=Settings(rules=RuleSettings(rules, not no_builtin, not no_user_rules), **own), **given)

    return _all(_CLEANING, gathered)


def _all(options: list[Command], function: Command) -> Command:
    for option in reversed(options):
        function = option(function)
    return function


def version_option(function: Command) -> Command:
    """Decorator: ``--version``."""
    return click.version_option(__version__, message="%(prog)s %(version)s")(function)
