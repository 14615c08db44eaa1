"""``cleaner rules new``: a site file and samples from saved pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import HELP_NAMES, user_folder, user_place
from .output import Failure, message, printable, read_page, write

if TYPE_CHECKING:
    from ..pipeline import Cleaner
    from ..ruletools.newsite import Saved


@click.command("new", context_settings=HELP_NAMES)
@click.argument("pages", metavar="PAGE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", metavar="URL", help="Address of the page, or any of the site: where the pages do not name it.")
@click.option("-o", "--output", metavar="RULES", type=click.Path(path_type=Path), help="The folder of rules; else your own.")
@click.option("--force", is_flag=True, help="Overwrite a site file and samples that exist.")
def new_rules(pages: tuple[Path, ...], url: str | None, output: Path | None, force: bool) -> int:
    """Propose a site file, and samples, from saved pages of one site.

    It says which template the pages match already and how much is left over; then it writes sites/HOST.yaml and, for each page,
    samples/sites/HOST/NAME/. All of it is a guess to confirm. Exit codes: 0 written, 2 not.
    """
    from ..errors import RuleError
    from ..pipeline import Cleaner
    from ..ruletools.carried import write_files
    from ..ruletools.newsite import host_of_pages, propose_site, read_saved

    own = user_folder()
    folder = output or user_place()
    if folder is None:
        raise Failure("there is no home for your own rules; say -o RULES")
    mine = [own] if own and own != folder else []
    try:
        cleaner = Cleaner(mine)
        saved = [read_saved(path, read_page(str(path)), cleaner, url) for path in pages]
        host = host_of_pages(saved)
        if not host:
            raise Failure("the pages do not name their site; say --url https://example.com/story")
        site = propose_site(saved, host)
        folders = _sample_folders(saved, folder / "samples" / site.name, force)
        written = write_files(folder, [site], force=force)
        written += _write_samples(saved, folders, Cleaner([*mine, folder]), url)
    except (RuleError, OSError) as error:
        raise Failure(str(error)) from None
    lines = [line for one in saved for line in _told(one)] + [f"wrote       {path}" for path in written]
    write(printable("\n".join(lines)) + "\n")
    message(f"look at what was written, then: cleaner rules check {folder}; cleaner rules test {folder}")
    return 0


def _told(saved: Saved) -> list[str]:
    article = saved.article
    layers = [layer for layer in article.template if layer.layer not in ("generic", "language")]
    left = sum(len(one.text.split()) for one in article.blocks if one.verdict == "DROP" and not one.where)
    by_rule = sum(len(one.text.split()) for one in article.blocks if one.verdict == "DROP" and one.where)
    return [
        f"page        {saved.path}",
        *(f"template    {layer.name}: {'; '.join(layer.evidence)}" for layer in layers or ()),
        *([] if layers else ["template    none that is known"]),
        f"article     {len(article.text.split())} words; rules dropped {by_rule}, the scorer {left}",
    ]


def _sample_folders(saved: list[Saved], root: Path, force: bool) -> list[Path]:
    """One folder a page. Raises RuleError for one that exists, unless ``force``."""
    from ..errors import RuleError
    from ..ruletools.newsite import sample_name

    folders: list[Path] = []
    for one in saved:
        name = sample_name(one.path)
        path = next(path for n in range(len(saved) + 1) if (path := root / (f"{name}-{n + 1}" if n else name)) not in folders)
        if path.exists() and not force:
            raise RuleError("the sample exists", file=str(path), hint="--force overwrites")
        folders.append(path)
    return folders


def _write_samples(saved: list[Saved], folders: list[Path], cleaner: Cleaner, url: str | None) -> list[Path]:
    from ..ruletools.newsite import sample_files

    for one, folder in zip(saved, folders, strict=True):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("page.*"):
            old.unlink()
        for name, data in sample_files(one, cleaner, url).items():
            (folder / name).write_bytes(data)
    return folders
