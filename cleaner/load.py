"""Rule files from disk: found by their place in the folder, checked, and kept compiled in a cache."""

from __future__ import annotations

import difflib
import gc
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import msgspec

from . import wording
from .detect import detection_keys
from .errors import RuleError
from .literal import Needs
from .rulefile import ACTIONS, RuleFile
from .version import __version__
from .yamlread import MAX_BYTES, too_large

LAYER_OF_FOLDER = {"phrases": "language", "engines": "engine", "themes": "theme", "sources": "source", "sites": "site"}
BUILTIN = "rules"
"""What the folder of the built-in rules is called in messages, as in the source tree."""
PACK, PACK_GROUP = "pack:", "cleaner.rules"
"""What stands before the name of a rule pack, and the group of entry points in which packs are found."""
_CACHED_PARTS = 32
_MAX_FILES = 50_000


class LoadedFile(msgspec.Struct, frozen=True):
    """One rule file, checked, with what the indexes need to find it."""

    name: str
    """``generic``, ``themes/soledad``, ``sites/example.com``"""
    layer: str
    path: str
    """As shown to people."""
    document: RuleFile
    lines: dict[str, int]
    """Line of each rule (``#id``), and of the keys ``body``, ``source`` and ``extends``."""
    exact: list[tuple[str, str, int]]
    """(bare wording, action, place in the list of that action)"""
    starts: list[tuple[str, str, int]]
    """The same for beginnings of a block's text."""
    inner: list[tuple[str, str, int]]
    """The same for strings anywhere in it; "" when the rule must look at every block."""
    needs: dict[str, Needs]
    """Rule id -> what else a text must hold (``literal.needs``)."""
    keys: list[tuple[str, str]]
    """What in a page makes this file worth a look: (host | token | asset | address | generator | meta | text, value)."""


class RuleSet(msgspec.Struct, frozen=True):
    """Every rule file in reach: built-in first, then the user's, each in order of name."""

    files: list[LoadedFile]
    digest: str


class FoundFile(msgspec.Struct, frozen=True):
    """One rule file as it lies on disk, not looked into."""

    name: str
    layer: str
    shown: str
    data: bytes


def builtin_folder() -> Path:
    """Where the rules shipped with the package lie."""
    return Path(str(files("cleaner_rules")))


def pack_folder(shown: str) -> Path:
    """Where the rules of an installed pack lie; ``shown`` is ``pack:NAME``. Raises RuleError when no such pack can be used."""
    from importlib.metadata import entry_points

    installed = entry_points(group=PACK_GROUP)
    entry = next(iter(installed.select(name=shown.removeprefix(PACK))), None)
    if entry is None:
        names = ", ".join(sorted({one.name for one in installed})) or "none"
        raise RuleError("no rule pack of this name is installed", file=shown, hint=f"installed are: {names}")
    try:
        return Path(str(files(entry.module)))
    except (ImportError, TypeError) as error:
        raise RuleError(f"the rule pack cannot be used: {error}", file=shown, hint="its entry point names a package of rules") from None


def load(folders: Iterable[str | Path] = (), *, builtin: bool = True) -> RuleSet:
    """Folders of rules (or single files) in, all their files checked out; the user's lie over the built-in ones.

    ``pack:NAME`` is the folder of an installed rule pack. Raises RuleError for the first file that cannot be used, and for a folder
    or pack that is not there.
    """
    shipped = list(find_files(builtin_folder(), BUILTIN)) if builtin else []
    own: list[FoundFile] = []
    for folder in folders:
        is_pack = str(folder).startswith(PACK)
        own += find_files(pack_folder(str(folder)) if is_pack else Path(folder), str(folder) if is_pack else "")
    return RuleSet(_checked(shipped, proven=True) + _checked(own, proven=False), _digest([*shipped, *own])[:16])


def _checked(found: list[FoundFile], *, proven: bool) -> list[LoadedFile]:
    """Found files in, from the cache if it has them all; who changes one of his own does not wait for the built-in ones."""
    if not found:
        return []
    path = _cache_file(found)
    checked = _read_cache(path) if path else None
    if checked is None:
        checked = [_read_once(one, proven) for one in found]
        if path:
            _write_cache(path, checked)
    return checked


def _digest(found: list[FoundFile]) -> str:
    digest = hashlib.sha256()
    for one in found:
        digest.update(f"{one.name}\0{len(one.data)}\0".encode() + one.data)
    return digest.hexdigest()


@contextmanager
def without_collector() -> Iterator[None]:
    """Thousands of rules are made at once and all of them stay: the garbage collector would look through them again and again."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def find_files(root: Path, shown: str = "") -> Iterator[FoundFile]:
    """Rule files below a folder in order of name, out; ``shown`` stands for the folder in messages.

    A layer's folder may be given alone, or a single file: it belongs to the layer its folder is named after, else to ``sites``.
    Raises RuleError where there is nothing, where a file cannot be read, and (last) for a file that lies in no layer's folder.
    """
    shown = (shown or str(root)).encode(errors="replace").decode()
    try:
        if root.is_file():
            yield _single(root, shown)
            return
        if not root.is_dir():
            raise RuleError("there are no rules here: no such file or folder", file=shown, hint="check the path")
        if root.name in LAYER_OF_FOLDER and not any((root / folder).is_dir() for folder in LAYER_OF_FOLDER):
            yield from _below(root, root.name, shown)
            return
        if (root / "generic.yaml").is_file():
            yield FoundFile("generic", "generic", f"{shown}/generic.yaml", _bytes_of(root / "generic.yaml", f"{shown}/generic.yaml"))
        for folder in LAYER_OF_FOLDER:
            if (root / folder).is_dir():
                yield from _below(root / folder, folder, f"{shown}/{folder}")
        for folder in sorted(one.name for one in root.iterdir() if one.is_dir()):
            if folder not in LAYER_OF_FOLDER and folder != "samples" and any((root / folder).glob("*.yaml")):
                close = difflib.get_close_matches(folder, LAYER_OF_FOLDER, 1)
                hint = f"did you mean {close[0]}/?" if close else "the layers are " + ", ".join(f"{name}/" for name in LAYER_OF_FOLDER)
                raise RuleError("no layer has a folder of this name", file=f"{shown}/{folder}", hint=hint)
        for stray in sorted(root.glob("*.y*ml")):
            if stray.name not in ("generic.yaml", ".pre-commit-config.yaml"):
                hint = "move it to " + ", ".join(f"{name}/" for name in LAYER_OF_FOLDER)
                raise RuleError("a rule file lies in the folder of its layer", file=f"{shown}/{stray.name}", hint=hint)
    except OSError as error:
        raise RuleError(f"cannot be read: {(error.strerror or str(error)).lower()}", file=str(error.filename or shown)) from None


def _single(path: Path, shown: str) -> FoundFile:
    if path.name == "generic.yaml":
        return FoundFile("generic", "generic", shown, _bytes_of(path, shown))
    folder = path.absolute().parent.name
    folder = folder if folder in LAYER_OF_FOLDER else "sites"
    return FoundFile(f"{folder}/{path.stem}", LAYER_OF_FOLDER[folder], shown, _bytes_of(path, shown))


def _below(root: Path, folder: str, shown: str) -> Iterator[FoundFile]:
    names = sorted(path.name for path in root.iterdir() if path.name.endswith((".yaml", ".yml")))
    if len(names) > _MAX_FILES:
        raise RuleError(f"{len(names):,} rule files; a folder holds {_MAX_FILES:,} at most", file=shown, hint="leave some out")
    for name in names:
        path = f"{shown}/{name}"
        yield FoundFile(f"{folder}/{name.rpartition('.')[0]}", LAYER_OF_FOLDER[folder], path, _bytes_of(Path(f"{root}/{name}"), path))


def _bytes_of(path: Path, shown: str) -> bytes:
    """A rule file's bytes. Raises RuleError for what is no file (a pipe would hang, a device never end) and for one too large."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise RuleError("cannot be read: is no file", file=shown, hint="a rule file is an ordinary file")
    if status.st_size > MAX_BYTES:
        raise too_large(status.st_size, shown)
    return path.read_bytes()


@lru_cache(maxsize=4096)
def _read_once(one: FoundFile, proven: bool) -> LoadedFile:
    return read(one.data, one.name, one.layer, one.shown, proven=proven)


def read(data: bytes, name: str, layer: str, shown: str, *, proven: bool = False) -> LoadedFile:
    """Bytes of one rule file in, the checked file out. Raises RuleError. ``proven``: as for ``validate``."""
    from .validate import validate
    from .yamlread import read_yaml

    value, places = read_yaml(data, shown)
    document = validate(value, places, shown, layer, proven=proven)
    lines = {key: places[(key,)][0] for key in ("body", "source", "extends", "disable") if (key,) in places}
    exact, starts, inner, needs = [], [], [], {}
    for action in ACTIONS:
        for at, rule in enumerate(getattr(document, action)):
            lines[f"#{rule.id}"] = places[(action, at)][0]
            if not (rule.css or rule.xpath):
                exact += [(key, action, at) for key in wording.exact_keys(rule)]
                beginnings, anywhere = wording.index_keys(rule)
                starts += [(key, action, at) for key in beginnings]
                inner += [(key, action, at) for key in anywhere]
                if others := wording.needs(rule):
                    needs[rule.id] = others
    return LoadedFile(name, layer, shown, document, lines, exact, starts, inner, needs, detection_keys(document, layer, name))


# ---------------------------------------------------------------- the cache


def _cache_file(found: list[FoundFile]) -> Path | None:
    """The name covers the rules, where they lie (shown in messages), and the program that read them; None where nobody is at home."""
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    except RuntimeError:
        return None
    sources = sorted(Path(__file__).parent.glob("*.py"))
    program = [f"{path.name}{path.stat().st_mtime_ns}" for path in sources]
    stamp = hashlib.sha256("\0".join([_digest(found), __version__, *program, *(one.shown for one in found)]).encode()).hexdigest()
    return Path(base, "cleaner", f"rules-{stamp[:32]}.msgpack")


def _read_cache(path: Path) -> list[LoadedFile] | None:
    try:
        checked = msgspec.msgpack.decode(path.read_bytes(), type=list[LoadedFile])
    except (OSError, msgspec.MsgspecError):
        return None
    with suppress(OSError):
        os.utime(path)
    return checked


def _write_cache(path: Path, checked: list[LoadedFile]) -> None:
    """Best effort: without a writable home the rules are read anew each time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            fresh = Path(folder, path.name)
            fresh.write_bytes(msgspec.msgpack.encode(checked))
            fresh.replace(path)
        # The one not used for longest goes first: reading one makes it young.
        for old in sorted(path.parent.glob("rules-*.msgpack"), key=lambda one: one.stat().st_mtime)[:-_CACHED_PARTS]:
            old.unlink(missing_ok=True)
    except OSError:
        return
