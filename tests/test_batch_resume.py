"""A run of ``cleaner batch`` that was killed goes on, and ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cleaner.cli.program import program

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")

CLEANER = [sys.executable, "-m", "cleaner"]
RULE = "body: main\nlimits: {min_words: 1}\n"
COUNT = 2000
KILLS = 3


def page(number: int) -> str:
    paragraphs = "".join(f"<p>Word {number} and word {at}." for at in range(number % 7))
    return f"<html lang=en><title>Page {number}</title><main>{paragraphs}</main>"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    Path("rules/generic.yaml").write_text(RULE, encoding="utf-8")
    rows: list[Any] = [{"id": number, "html": page(number), "n": number} for number in range(COUNT)]
    lines = [json.dumps(row) for row in rows]
    lines[700] = "{bad"
    Path("in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def command(*args: str) -> list[str]:
    return [*CLEANER, "batch", *args, "--no-builtin", "--rules", "rules", "-j", "2", "--restart-after", "400"]


def finish(*args: str, code: int = 3) -> str:
    done = CliRunner().invoke(program, command(*args)[len(CLEANER) :])
    assert done.exit_code == code, done.output
    return done.stderr


def killed(*args: str, after: float) -> bool:
    """Whether a run was still going on when it was killed, ``after`` seconds from when it began to work."""
    manifest = Path(f"{args[args.index('-o') + 1]}.manifest.json")
    before = manifest.read_bytes() if manifest.exists() else b""
    process = subprocess.Popen(command(*args), stderr=subprocess.DEVNULL)
    while process.poll() is None and (not manifest.exists() or manifest.read_bytes() == before):
        time.sleep(0.01)
    time.sleep(after)
    alive = process.poll() is None
    process.kill()
    process.wait()
    return alive


def everything(output: str) -> dict[str, bytes]:
    path = Path(output)
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return {one.relative_to(path.parent).as_posix().partition("/")[2]: one.read_bytes() for one in files}


@pytest.mark.parametrize(
    "args",
    [
        ["out.jsonl"],
        ["out.jsonl.gz", "--dropped", "DIR/dropped.jsonl.zst", "--min-words", "9"],
        ["out.parquet", "--shard-size", "300", "--dropped", "DIR/dropped.jsonl"],
        ["texts"],
    ],
    ids=["lines", "gzip", "parquet", "folder"],
)
def test_a_killed_run_that_is_resumed_ends_like_an_undisturbed_one(args: list[str]) -> None:
    outputs, seconds = {}, 0.0
    for folder in ("whole", "killed"):
        Path(folder).mkdir()
        own = ["in.jsonl", "-o", f"{folder}/{args[0]}", *(one.replace("DIR", folder) for one in args[1:])]
        if folder == "killed":
            moments = random.Random(args[0])
            for at in range(KILLS):
                after = moments.uniform(0.02, 0.75 / KILLS) * seconds
                assert killed(*own, *(["--resume"] if at else []), after=after), "the run was over before it could be killed"
            own.append("--resume")
        finish(*own)
        outputs[folder] = {name: data for name, data in everything(folder).items() if not name.endswith("manifest.json")}
        manifest = json.loads(Path(f"{folder}/{args[0]}.manifest.json").read_bytes())
        seconds = manifest["seconds"]
        outputs[folder]["counts"] = json.dumps([manifest["pages"], manifest["read"], manifest["reasons"]]).encode()
    assert outputs["whole"].keys() == outputs["killed"].keys()
    assert [name for name, data in outputs["whole"].items() if outputs["killed"][name] != data] == []


def test_what_cannot_be_resumed_is_refused() -> None:
    finish("in.jsonl", "-o", "out.jsonl")
    manifest = json.loads(Path("out.jsonl.manifest.json").read_bytes())

    def unfinished(**changes: Any) -> None:
        Path("out.jsonl.manifest.json").write_text(json.dumps({**manifest, "state": "running", **changes}), encoding="utf-8")

    assert "other options were given then: min-words" in finish("in.jsonl", "-o", "out.jsonl", "--resume", "--min-words", "3", code=2)
    unfinished(position=10**9)
    assert "shorter than its manifest says" in finish("in.jsonl", "-o", "out.jsonl", "--resume", code=2)
    unfinished(last="in.jsonl:2000 00000000")
    assert "inputs were changed" in finish("in.jsonl", "-o", "out.jsonl", "--resume", code=2)
    unfinished()
    Path("rules/generic.yaml").write_text(RULE + "drop:\n  - {id: x, css: .x, why: x}\n", encoding="utf-8")
    assert "rules or the program were changed" in finish("in.jsonl", "-o", "out.jsonl", "--resume", code=2)
    Path("rules/generic.yaml").write_text(RULE, encoding="utf-8")
    with Path("in.jsonl").open("a", encoding="utf-8") as stream:
        stream.write("{}\n")
    assert "inputs are not the same" in finish("in.jsonl", "-o", "out.jsonl", "--resume", code=2)
    Path("out.jsonl.manifest.json").unlink()
    assert "manifest" in finish("in.jsonl", "-o", "out.jsonl", "--resume", code=2)


def test_a_finished_run_is_not_done_again() -> None:
    finish("in.jsonl", "-o", "out.jsonl")
    before = (Path("out.jsonl").stat().st_mtime_ns, Path("out.jsonl").read_bytes())
    finish("in.jsonl", "-o", "out.jsonl", "--resume")
    assert (Path("out.jsonl").stat().st_mtime_ns, Path("out.jsonl").read_bytes()) == before


def test_no_worker_outlives_a_killed_run() -> None:
    process = subprocess.Popen(command("in.jsonl", "-o", "out.jsonl"), stderr=subprocess.DEVNULL)
    while not Path("out.jsonl.manifest.json").exists():
        time.sleep(0.01)
    below = _descendants(process.pid)
    process.kill()
    process.wait()
    assert below
    end = time.monotonic() + 5
    while (left := [pid for pid in below if Path(f"/proc/{pid}").exists()]) and time.monotonic() < end:
        time.sleep(0.05)
    assert left == []


def _descendants(pid: int) -> list[int]:
    if not Path("/proc/self/task").exists():
        pytest.skip("needs /proc")
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            children = [int(one) for one in (task / "children").read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *_descendants(child)]
    return found


if os.name == "nt":
    pytestmark = pytest.mark.skip("kills by signal")
