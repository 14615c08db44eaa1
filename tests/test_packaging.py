"""The package as users get it: the wheel holds what the source tree holds, and works away from it."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

import cleaner
from cleaner.version import __version__

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = {
    "cleaner": ("**/*",),
    "rules": ("__init__.py", "**/*.yaml"),
    "samples": ("__init__.py", "**/page.*", "**/expected.md", "**/meta.yaml"),
}
PACKAGE_OF = {"cleaner": "cleaner", "rules": "cleaner_rules", "samples": "cleaner_samples"}
PAGE = ROOT / "samples/themes/soledad/zinc-prices/page.html"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the source, so that no old build folder can lend it files."""
    source = tmp_path_factory.mktemp("source")
    for name in SHIPPED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    _run([sys.executable, "-m", "build", "--wheel", "--outdir", "out", "."], cwd=source)
    (built,) = (source / "out").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs folder of a new environment that holds the wheel and its dependencies, nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    _run([programs / "python", "-m", "pip", "install", "-q", wheel], cwd=folder)
    return programs


def test_every_package_of_the_source_is_listed() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(config["options"]["packages"].split())
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "cleaner").rglob("*.py")}
    assert {".".join(folder.parts) for folder in folders} == {name for name in listed if name.split(".")[0] == "cleaner"}


@pytest.mark.integration
def test_the_wheel_holds_the_source_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == set(_expected_names())


@pytest.mark.integration
def test_the_installed_program_tells_its_version(installed: Path, tmp_path: Path) -> None:
    assert __version__ in _run([installed / "cleaner", "--version"], cwd=tmp_path)


@pytest.mark.integration
def test_the_installed_program_finds_every_rule_file(installed: Path, tmp_path: Path) -> None:
    listing = _run([installed / "cleaner", "rules", "list"], cwd=tmp_path)
    names = [path.relative_to(ROOT / "rules").with_suffix("").as_posix() for path in (ROOT / "rules").rglob("*.yaml")]
    assert names
    assert [name for name in names if name not in listing] == []


@pytest.mark.integration
def test_a_page_through_the_pipe_gives_the_article_of_the_source_tree(installed: Path, tmp_path: Path) -> None:
    page = PAGE.read_bytes()
    here = cleaner.clean(page)
    there = json.loads(_run([installed / "cleaner", "--format", "json"], cwd=tmp_path, stdin=page))
    assert here.text
    assert (there["text"], there["ruleset_digest"]) == (here.text, here.ruleset_digest)


@pytest.mark.integration
def test_the_samples_can_be_read_as_resources(installed: Path, tmp_path: Path) -> None:
    name = PAGE.relative_to(ROOT / "samples").as_posix()
    code = f"import importlib.resources as r; print(len((r.files('cleaner_samples') / {name!r}).read_bytes()))"
    assert int(_run([installed / "python", "-c", code], cwd=tmp_path)) == PAGE.stat().st_size


def _expected_names() -> Iterable[str]:
    for folder, patterns in SHIPPED.items():
        for pattern in patterns:
            for path in (ROOT / folder).glob(pattern):
                if path.is_dir() or "__pycache__" in path.parts:
                    continue
                yield f"{PACKAGE_OF[folder]}/{path.relative_to(ROOT / folder).as_posix()}"


def _run(command: list[str | Path], *, cwd: Path, stdin: bytes = b"") -> str:
    """Run a program away from the source tree and from the user's own settings; give its output, or fail with its messages."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"XDG_CONFIG_HOME": str(cwd / "config"), "XDG_CACHE_HOME": str(cwd / "cache"), "PYTHONUTF8": "1"}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}:\n{done.stdout.decode()}\n{done.stderr.decode()}"
    return done.stdout.decode()
