"""``cleaner rules``: what rules there are, and whether they can be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .cleaning import counted, rule_count
from .importing import import_rules
from .newsite import new_rules
from .options import HELP_NAMES, RuleSettings, user_folder, with_rules
from .output import Failure, message, printable, write
from .testing import stats, test_rules

if TYPE_CHECKING:
    from ..errors import RuleError
    from ..load import LoadedFile

BAD = 2
"""Exit code when rules cannot be used."""
_EMPTY = b"schema: 1"
Place = tuple[Path, str]
"""A folder or file of rules, and what it is called in messages."""


@click.group(context_settings=HELP_NAMES)
def rules() -> None:
    """List, check, test and import rules."""


@rules.command("list", context_settings=HELP_NAMES)
@click.argument("name", required=False)
@click.option("--ids", is_flag=True, help="Each rule too: id, what it does, file:line, why.")
@with_rules
def list_rules(name: str | None, ids: bool, rules: RuleSettings) -> int:
    """List the rule files in force, weakest layer first.

    With NAME only those whose name contains it: soledad, themes/, sites/example.com.
    """
    from ..load import load

    files = rules.load().files
    shipped = len(load().files) if rules.builtin else 0
    owned = [("built-in" if at < shipped else "yours", file) for at, file in enumerate(files)]
    owned = [(owner, file) for owner, file in owned if name is None or name in file.name]
    if not owned:
        message(f"error: no rule file is called {name!r}" if name else "error: there are no rules")
        return BAD
    wide = max(len(file.name) for _, file in owned)
    lines = []
    for owner, file in owned:
        count = rule_count(file)
        lines.append(f"{file.name:{wide}}  {count:4} {'rule ' if count == 1 else 'rules'}  {owner:8}  {_real_path(file, owner)}")
        lines += [f"  {line}" for line in _rule_lines(file)] if ids else []
    write(printable("\n".join(lines)) + "\n")
    return 0


def _real_path(file: LoadedFile, owner: str) -> str:
    """Where the file can be read: messages call the folder of the built-in rules ``rules``, wherever it lies."""
    from ..load import BUILTIN, builtin_folder

    return str(builtin_folder() / Path(file.path).relative_to(BUILTIN)) if owner == "built-in" else file.path


def _rule_lines(file: LoadedFile) -> Iterator[str]:
    from ..rulefile import ACTIONS

    for action in ACTIONS:
        for rule in getattr(file.document, action):
            yield f"{action}  {file.name}#{rule.id}  {file.path}:{file.lines[f'#{rule.id}']}  {rule.why}".rstrip()


@rules.command(context_settings=HELP_NAMES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@click.option("-f", "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="Of errors and warnings.")
@click.option("--samples", is_flag=True, help="Run all samples too, and warn of what they show: see below.")
@click.option("--re2", is_flag=True, help="Warn of patterns that RE2 refuses: look-around, back-references. Needs google-re2.")
def check(paths: tuple[str, ...], form: str, samples: bool, re2: bool) -> int:
    """Check rule files: form, keys, selectors, patterns, examples, and what they extend.

    PATH is a folder like rules/, one layer's folder in it, or one file; without it the built-in rules and your own are checked.
    Of each file the first error is told. Warnings change no exit code: names made by programs, lists out of order, wordings for every
    page without examples, slow patterns; with --samples files without a sample, rules that fire in
    none, rules that another always forestalls, selectors that hold other samples' articles. Exit codes: 0 no error, 2 errors.
    """
    own = user_folder()
    shipped = [_builtin(), *([(own, str(own))] if own else [])]
    places = [(Path(path), path) for path in paths] or shipped
    checked = _read_all(places)
    files = checked.files
    problems = checked.problems + _reference_problems(checked, _around(shipped, own) if paths else _Read())
    warnings = _warnings(checked, [Path(path) for path in paths], samples and not problems, _re2() if re2 else None)
    _tell(problems, warnings, form)
    summary = counted(files)
    if problems:
        message(f"{summary}: {len({problem.file for problem in problems})} with errors")
        return BAD
    told = f"{len(warnings)} warning{'s' * (len(warnings) != 1)}" if warnings else "all good"
    (write if form == "text" else message)(f"{summary}: {told}" + "\n" * (form == "text"))
    return 0


def _re2() -> Any:
    """The module of google-re2. Raises Failure where it is not installed."""
    from importlib import import_module

    try:
        return import_module("re2")
    except ImportError:
        raise Failure("--re2 needs google-re2; try: pip install google-re2") from None


def _warnings(checked: _Read, paths: list[Path], samples: bool, re2: Any) -> list[RuleError]:
    """What is not wrong, but will be, by file and line."""
    from ..ruletools.lint import in_order, still_warnings

    found = [one for file in checked.files if file.name not in checked.broken for one in still_warnings(file, re2)]
    return in_order(found + (_shown_by_samples(checked, paths) if samples else []))


def _shown_by_samples(checked: _Read, paths: list[Path]) -> list[RuleError]:
    from ..pipeline import Cleaner
    from ..ruletools.lint import sample_warnings
    from ..ruletools.samples import find_samples, shipped_samples

    own = user_folder()
    folders = paths or ([own] if own else [])
    roots = [shipped_samples(), *(root for one in folders for root in (one / "samples", one.parent / "samples") if root.is_dir())]
    samples = [sample for root in dict.fromkeys(roots) for sample in find_samples(root)]
    return list(sample_warnings(checked.files, samples, Cleaner(folders)))


def _tell(problems: list[RuleError], warnings: list[RuleError], form: str) -> None:
    """Errors, then warnings: to people on stderr, or on standard output as JSON or as annotations of GitHub's workflows."""
    from ..ruletools.lint import in_order

    levelled = [*(("error", one) for one in in_order(problems)), *(("warning", one) for one in warnings)]
    if form == "json":
        import json

        names = ("file", "line", "column", "key", "message", "hint")
        write(json.dumps([{"level": level, **{name: getattr(one, name) for name in names}} for level, one in levelled], indent=1) + "\n")
    for level, one in levelled if form != "json" else ():
        if form == "github":
            text = f"{one.message} ({one.hint})".replace("%", "%25").replace("\n", "%0A")
            write(printable(f"::{level} file={one.file},line={one.line or 1},col={one.column or 1}::{text}") + "\n")
        else:
            message(f"{level}: {one}")


def _builtin() -> Place:
    from ..load import BUILTIN, builtin_folder

    return builtin_folder(), BUILTIN


@dataclass
class _Read:
    """Rule files as far as they can be read."""

    files: list[LoadedFile] = field(default_factory=list)
    """A file with an error stands here empty, so that others may extend it."""
    problems: list[RuleError] = field(default_factory=list)
    """The first error of each file."""
    broken: set[str] = field(default_factory=set)
    """Names of the files with an error."""


def _read_all(places: list[Place]) -> _Read:
    from ..errors import RuleError
    from ..load import LAYER_OF_FOLDER, find_files, read

    done = _Read()
    for root, shown in places:
        before = len(done.files)
        try:
            for found in find_files(root, shown):
                try:
                    done.files.append(read(found.data, found.name, found.layer, found.shown))
                except RuleError as error:
                    done.problems.append(error)
                    done.broken.add(found.name)
                    done.files.append(_mute(read(_EMPTY, found.name, "site", found.shown)))
            if len(done.files) == before:
                raise RuleError("there are no rule files here", file=shown, hint=f"they lie in {', '.join(LAYER_OF_FOLDER)}")
        except RuleError as error:
            done.problems.append(error)
    return done


def _around(shipped: list[Place], own: Path | None) -> _Read:
    """What the checked files lie over. Only what is checked need be read anew."""
    from ..errors import RuleError
    from ..load import load

    try:
        return _Read(load([own] if own else []).files)
    except RuleError:
        return _read_all(shipped)


def _reference_problems(checked: _Read, around: _Read) -> list[RuleError]:
    """What files say of each other and is not so, when they lie over the files ``around`` them."""
    from ..compile import Rules
    from ..errors import RuleError
    from ..load import RuleSet
    from ..template import check_references

    problems: list[RuleError] = []
    files = [_trusting(file, checked.broken | around.broken) for file in [*around.files, *checked.files]]
    unheard = list(range(len(files)))
    while True:
        try:
            check_references(Rules(RuleSet(files, "")))
            return problems
        except RuleError as error:
            at = next((index for index in reversed(unheard) if files[index].path == error.file), None)
            if at is None:
                return problems
            if at >= len(around.files):
                problems.append(error)
            files[at] = _mute(files[at])
            unheard.remove(at)


def _trusting(file: LoadedFile, broken: set[str]) -> LoadedFile:
    """A file without what it says of rules in files that could not be read."""
    from msgspec.structs import replace

    document = file.document
    return replace(file, document=replace(document, disable=[one for one in document.disable if one.partition("#")[0] not in broken]))


def _mute(file: LoadedFile) -> LoadedFile:
    """A file that says nothing of others, and that nothing can be said against."""
    from msgspec.structs import replace

    from ..rulefile import Detect

    return replace(file, document=replace(file.document, extends=None, disable=[], detect=Detect(css="html")))


@rules.command(context_settings=HELP_NAMES)
def schema() -> int:
    """Print the JSON Schema of rule files, by which editors complete and check them."""
    from ..ruletools.schema import schema as made

    write(made())
    return 0


for command in (new_rules, import_rules, test_rules, stats):
    rules.add_command(command)
