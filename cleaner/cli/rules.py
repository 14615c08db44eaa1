"""``cleaner rules``: what rules there are, and whether they can be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cleaning import rule_count
from .options import HELP_NAMES, RuleSettings, user_folder, with_rules
from .output import message, printable, write

if TYPE_CHECKING:
    from ..errors import RuleError
    from ..load import LoadedFile

BAD = 2
"""Exit code when rules cannot be used."""
Place = tuple[Path, str]
"""A folder or file of rules, and what it is called in messages."""


@click.group(context_settings=HELP_NAMES)
def rules() -> None:
    """List the rules, or check a folder of them."""


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
    for action in ("drop", "keep", "cut"):
        for rule in getattr(file.document, action):
            yield f"{action}  {file.name}#{rule.id}  {file.path}:{file.lines[rule.id]}  {rule.why}".rstrip()


@rules.command(context_settings=HELP_NAMES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
def check(paths: tuple[str, ...]) -> int:
    """Check rule files: form, keys, selectors, patterns, examples, and what they extend.

    PATH is a folder like rules/, one layer's folder in it, or one file; without it the built-in rules and your own are checked.
    Of each file the first error is told. Exit codes: 0 all good, 2 something is not.
    """
    own = user_folder()
    shipped = [_builtin(), *([(own, str(own))] if own else [])]
    places = [(Path(path), path) for path in paths] or shipped
    files, problems = _read_all(places)
    around = _read_all(shipped)[0] if paths else []
    problems += _reference_problems(files, around)
    for problem in sorted(problems, key=lambda one: (one.file, one.line, one.column)):
        message(f"error: {problem}")
    summary = f"{len(files)} file{'s' if len(files) != 1 else ''}, {sum(map(rule_count, files))} rules"
    if problems:
        message(f"{summary}: {len({problem.file for problem in problems})} with errors")
        return BAD
    write(f"{summary}: all good\n")
    return 0


def _builtin() -> Place:
    from ..load import BUILTIN, builtin_folder

    return builtin_folder(), BUILTIN


def _read_all(places: list[Place]) -> tuple[list[LoadedFile], list[RuleError]]:
    """Every rule file and the first error of each; a file that cannot be used stands empty, so that others may extend it."""
    from ..errors import RuleError
    from ..load import LAYER_OF_FOLDER, LoadedFile, find_files, read
    from ..rulefile import RuleFile

    files: list[LoadedFile] = []
    problems: list[RuleError] = []
    for root, shown in places:
        before = len(files)
        try:
            for found in find_files(root, shown):
                try:
                    files.append(read(found.data, found.name, found.layer, found.shown))
                except RuleError as error:
                    problems.append(error)
                    files.append(LoadedFile(found.name, found.layer, found.shown, RuleFile(), {}, [], [], []))
            if len(files) == before:
                raise RuleError("there are no rule files here", file=shown, hint=f"they lie in {', '.join(LAYER_OF_FOLDER)}")
        except RuleError as error:
            problems.append(error)
    return files, problems


def _reference_problems(files: list[LoadedFile], around: list[LoadedFile]) -> list[RuleError]:
    """Files that extend what is not there, or themselves, when they lie over the files ``around`` them."""
    import msgspec

    from ..compile import Rules
    from ..errors import RuleError
    from ..load import RuleSet
    from ..template import check_references

    problems: list[RuleError] = []
    everything = [*around, *files]
    while True:
        try:
            check_references(Rules(RuleSet(everything, "")))
            return problems
        except RuleError as error:
            at = next(index for index in reversed(range(len(everything))) if everything[index].path == error.file)
            guilty = everything[at]
            if at >= len(around):
                error.line = guilty.lines.get("extends", error.line)
                problems.append(error)
            everything[at] = msgspec.structs.replace(guilty, document=msgspec.structs.replace(guilty.document, extends=None))
