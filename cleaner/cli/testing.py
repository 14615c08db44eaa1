"""``cleaner rules test`` and ``cleaner rules stats``: rules against stored pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import HELP_NAMES, RuleSettings, user_folder, with_rules
from .output import Failure, message, printable, read_page, write

if TYPE_CHECKING:
    from ..pipeline import Cleaner
    from ..ruletools.samples import Sample

FAILED = 1
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("test", context_settings=HELP_NAMES)
@click.argument("path", required=False, type=_FOLDER)
@click.option("--update", is_flag=True, help="Rewrite expected.md of each sample that differs, and print the difference.")
def test_rules(path: Path | None, update: bool) -> int:
    """Clean the stored pages, and compare with the articles that are wanted of them.

    PATH is a folder of rules with samples/ in it, or a part of that; without it the built-in samples and your own are run. One line a
    sample; of one that fails, what leaked, what was lost and by which rule. Exit codes: 0 all as expected, 1 not all, 2 nothing to run.
    """
    from ..errors import RuleError
    from ..pipeline import Cleaner

    rules, roots = _places(path)
    try:
        cleaner = Cleaner([str(one) for one in rules])
        samples = [sample for root in roots for sample in _samples(root)]
    except RuleError as error:
        raise Failure(str(error)) from None
    if not samples:
        raise Failure(f"{path or 'here'}: there are no samples; they lie in samples/sites/HOST/NAME/page.html")
    wrong = sum(not _run(sample, cleaner, update) for sample in samples)
    message(f"{len(samples)} sample{'s' * (len(samples) != 1)}, {wrong} not as expected")
    return FAILED if wrong else 0


def _samples(root: Path) -> list[Sample]:
    from ..ruletools.samples import find_samples

    return find_samples(root)


def _places(path: Path | None) -> tuple[list[Path], list[Path]]:
    """Folders of rules that lie over the built-in ones, and folders of samples."""
    from ..ruletools.samples import shipped_samples

    own = user_folder()
    mine = [own] if own else []
    if path is None:
        return mine, [shipped_samples(), *(one / "samples" for one in mine)]
    whole = path.absolute()
    if (whole / "samples").is_dir():
        return [*mine, path], [path / "samples"]
    home = next((one.parent for one in (whole, *whole.parents) if one.name == "samples"), None)
    return [*mine, *([home] if home and home != shipped_samples().parent and _holds_rules(home) else [])], [path]


def _holds_rules(folder: Path) -> bool:
    from ..load import LAYER_OF_FOLDER

    return any((folder / name).is_dir() for name in LAYER_OF_FOLDER) and not (folder / "rules").is_dir()


def _run(sample: Sample, cleaner: Cleaner, update: bool) -> bool:
    """One sample: its line, and what is wrong with it. True when it is (now) as expected."""
    from ..ruletools.samples import as_file, difference, faults

    article = sample.clean(cleaner)
    if update and (changed := difference(sample, article)):
        (sample.folder / "expected.md").write_text(as_file(article), encoding="utf-8")
        sample.__dict__.pop("expected", None)
        write(printable("\n".join([f"updated  {sample}", *changed])) + "\n")
    found = faults(sample, article)
    lines = [f"{'FAIL' if found else 'ok  '}  {sample}", *(f"      {fault}" for fault in found)]
    write(printable("\n".join(lines)) + "\n")
    return not found


@click.command(context_settings=HELP_NAMES)
@click.argument("pages", metavar="PAGES...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@with_rules
def stats(pages: tuple[Path, ...], rules: RuleSettings) -> int:
    """Count which rules decide something on pages (files, or all *.html and *.txt in folders), and which never do.

    "Never" lists the rules of those files that applied to some page.
    """
    from ..errors import RuleError
    from ..pipeline import Cleaner

    try:
        cleaner = Cleaner(rules.folders(), builtin=rules.builtin)
    except RuleError as error:
        raise rules.failure(error) from None
    on_pages: Counter[str] = Counter()
    blocks: Counter[str] = Counter()
    applied: set[str] = set()
    count = 0
    for path in _page_files(pages):
        article = cleaner.clean(read_page(str(path)))
        count += 1
        applied |= {layer.name for layer in article.template}
        fired = Counter([block.rule for block in article.blocks if block.rule and block.where])
        fired.update(piece.rule for piece in article.removed if article.blocks[piece.block].verdict == "KEEP")
        on_pages.update(fired.keys())
        blocks.update(fired)
    all_rules = (
        f"{file.name}#{rule.id}"
        for file in cleaner.ruleset.files
        if file.name in applied
        for action in (file.document.drop, file.document.keep, file.document.cut)
        for rule in action
    )
    lines = ["pages blocks  rule", *(f"{on_pages[one]:5,} {blocks[one]:6,}  {one}" for one, _ in on_pages.most_common())]
    lines += ["", "never", *(f"  {one}" for one in all_rules if one not in blocks)]
    write(printable("\n".join(lines)) + "\n")
    message(f"{count} page{'s' * (count != 1)}, {len(on_pages)} rules decided something")
    return 0


def _page_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(one for one in path.rglob("*") if one.suffix in (".html", ".htm", ".txt")) if path.is_dir() else [path]
