"""Rule files from disk: found by their place in the folder, checked, and kept compiled in a cache."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import msgspec

from . import wording
from .detect import detection_keys
from .errors import RuleError
from .rulefile import RuleFile
from .version import __version__

LAYER_OF_FOLDER = {"phrases": "language", "engines": "engine", "themes": "theme", "sources": "source", "sites": "site"}
_CACHED_RULESETS = 8


class LoadedFile(msgspec.Struct, frozen=True):
    """One rule file, checked, with what the indexes need to find it."""

    name: str
    """``generic``, ``themes/soledad``, ``sites/example.com``"""
    layer: str
    path: str
    """As shown to people."""
    document: RuleFile
    lines: dict[str, int]
    """Line of each rule id, and of the keys ``body`` and ``source``."""
    exact: list[tuple[str, str, int]]
    """(bare wording, action, place in the list of that action)"""
    inner: list[tuple[str, str, int]]
    """The same for strings inside a block's text; "" when the rule must look at every short block."""
    keys: list[tuple[str, str]]
    """What in a page makes this file worth a look: (host | token | asset | meta | text, value)."""


class RuleSet(msgspec.Struct, frozen=True):
    """Every rule file in reach: built-in first, then the user's, each in order of name."""

    files: list[LoadedFile]
    digest: str


class _Found(msgspec.Struct, frozen=True):
    name: str
    layer: str
    shown: str
    data: bytes


def builtin_folder() -> Path:
    """Where the rules shipped with the package lie."""
    return Path(str(files("cleaner_rules")))


def load(folders: Iterable[str | Path] = (), *, builtin: bool = True) -> RuleSet:
    """Folders of rules (or single files) in, all their files checked out; the user's lie over the built-in ones.

    Raises RuleError for the first file that cannot be used, and for a folder that is not there.
    """
    found = list(_find(builtin_folder(), "rules")) if builtin else []
    for folder in folders:
        found += _find(Path(folder), str(folder))
    digest = hashlib.sha256()
    for one in found:
        digest.update(f"{one.name}\0{len(one.data)}\0".encode() + one.data)
    key = digest.hexdigest()
    cached = _read_cache(key, found)
    if cached is None:
        cached = RuleSet([read(one.data, one.name, one.layer, one.shown) for one in found], key[:16])
        _write_cache(key, found, cached)
    return cached


def _find(root: Path, shown: str) -> Iterator[_Found]:
    """Rule files below a folder, in order of name; a single file counts as a site, or as what its folder's name says."""
    if root.is_file():
        layer = LAYER_OF_FOLDER.get(root.parent.name, "site")
        name = "generic" if root.name == "generic.yaml" else f"{_folder_of(layer)}/{root.stem}"
        yield _Found(name, "generic" if name == "generic" else layer, shown, root.read_bytes())
        return
    if not root.is_dir():
        raise RuleError("there is no such folder of rules", file=shown, hint="check the path given to --rules")
    generic = root / "generic.yaml"
    if generic.is_file():
        yield _Found("generic", "generic", f"{shown}/generic.yaml", generic.read_bytes())
    for folder, layer in LAYER_OF_FOLDER.items():
        if (root / folder).is_dir():
            for path in sorted((root / folder).iterdir()):
                if path.suffix in (".yaml", ".yml"):
                    yield _Found(f"{folder}/{path.stem}", layer, f"{shown}/{folder}/{path.name}", path.read_bytes())
    for stray in sorted(root.glob("*.y*ml")):
        if stray.name not in ("generic.yaml", ".pre-commit-config.yaml"):
            raise RuleError("a rule file lies in the folder of its layer", file=f"{shown}/{stray.name}", hint="move it to " + ", ".join(f"{name}/" for name in LAYER_OF_FOLDER))


def _folder_of(layer: str) -> str:
    return next(folder for folder, name in LAYER_OF_FOLDER.items() if name == layer)


def read(data: bytes, name: str, layer: str, shown: str) -> LoadedFile:
    """Bytes of one rule file in, the checked file out. Raises RuleError."""
    from .validate import validate
    from .yamlread import read_yaml

    value, places = read_yaml(data, shown)
    document = validate(value, places, shown, layer)
    lines = {key: places[(key,)][0] for key in ("body", "source") if (key,) in places}
    exact, inner = [], []
    for action in ("drop", "keep", "cut"):
        for at, rule in enumerate(getattr(document, action)):
            lines[rule.id] = places[(action, at)][0]
            if not rule.css:
                exact += [(key, action, at) for key in wording.exact_keys(rule)]
                inner += [(key, action, at) for key in wording.inner_keys(rule)]
    return LoadedFile(name, layer, shown, document, lines, exact, inner, detection_keys(document, layer, name))


# ---------------------------------------------------------------- the cache


def _cache_file(key: str, found: list[_Found]) -> Path:
    """The name covers the rules, where they lie (shown in messages), and the program that read them."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    program = [f"{entry.name}{entry.stat().st_mtime_ns}" for entry in sorted(os.scandir(Path(__file__).parent), key=lambda entry: entry.name) if entry.name.endswith(".py")]
    stamp = hashlib.sha256("\0".join([key, __version__, *program, *(one.shown for one in found)]).encode()).hexdigest()
    return Path(base, "cleaner", f"rules-{stamp[:32]}.msgpack")


def _read_cache(key: str, found: list[_Found]) -> RuleSet | None:
    try:
        return msgspec.msgpack.decode(_cache_file(key, found).read_bytes(), type=RuleSet)
    except (OSError, msgspec.MsgspecError):
        return None


def _write_cache(key: str, found: list[_Found], ruleset: RuleSet) -> None:
    """Best effort: without a writable home the rules are read anew each time."""
    path = _cache_file(key, found)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as handle:
            handle.write(msgspec.msgpack.encode(ruleset))
        os.replace(handle.name, path)
        for old in sorted(path.parent.glob("rules-*.msgpack"), key=lambda one: one.stat().st_mtime)[:-_CACHED_RULESETS]:
            old.unlink(missing_ok=True)
    except OSError:
        return
