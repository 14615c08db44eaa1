#!/usr/bin/env python3
"""Clean a corpus on a Ray cluster: shards of Parquet, WARC or JSON lines in, Parquet out.

    python examples/ray_clean.py /data/crawl/*.warc.gz -o /data/clean
    python examples/ray_clean.py s3://bucket/crawl -o s3://bucket/clean --address auto --min-words 50

Each shard is a task that runs `cleaner batch` on it, so columns, bytes of text, limits of time and size, and errors are those of that
command; options that are not listed below are handed on to it (--html-field, --fields, --timeout, ...). OUT is a flat folder:

    OUT/SHARD-00000.parquet ...     the records of a shard, in its order
    OUT/_manifests/SHARD.json       written last: what became of its pages

The same command goes on where it was stopped: a shard with a manifest is done; the others begin anew and write the same files again.
Where OUT was made with other options, rules or another version, it refuses.

Every node needs `pip install 'cleaner[batch,ray]'`. Rules given with --rules travel with the tasks; those in your own configuration
are not read. Paths lie on storage that all nodes share, or are addresses for pyarrow.fs: s3://, gs://, hdfs://, file://.

Exit codes: 0 no page failed; 3 some did, or a shard could not be done; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.fs as pafs

from cleaner import RuleError
from cleaner.batch.manifest import OUTCOMES, Manifest, Unusable, check_same
from cleaner.batch.readers import format_of
from cleaner.load import find_files

DONE, SOME_FAILED, WRONG_USAGE = 0, 3, 2
MANIFESTS = "_manifests"
"""Spark and pyarrow pass over names that begin with _ when they read a folder."""
OF_ONE_MACHINE = ("--dropped", "--glob", "--group-copies", "--jobs", "-j", "--no-user-rules", "--overwrite", "--resume", "--to")
"""Options of `cleaner batch` that make no sense for a shard."""


@dataclass(frozen=True)
class Shard:
    """A file of the input; its files in the output begin with its name."""

    address: str
    name: str


@dataclass(frozen=True)
class Task:
    """What is to be done with every shard."""

    out: str
    options: tuple[str, ...]
    """Of `cleaner batch`."""
    rules: dict[str, bytes]
    """Rule files by path, so that nodes need not have them."""


def main() -> int:
    given, options = arguments()
    try:
        task = Task(absolute(given.output), tuple(options), packed(given.rules))
        shards = list(shards_of(given.inputs))
        before = done_before(task, empty_run(task))
    except (RuleError, Unusable, ValueError, OSError) as error:
        print(f"ray_clean: {error}", file=sys.stderr)
        return WRONG_USAGE
    done = [before[shard.name] for shard in shards if shard.name in before]
    left = [shard for shard in shards if shard.name not in before]
    print(f"{len(shards):,} shards, {len(done):,} of them done before", file=sys.stderr)
    return report(done, on_cluster(task, left, given))


def arguments() -> tuple[argparse.Namespace, list[str]]:
    """Our options, and those of `cleaner batch`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("inputs", nargs="+", metavar="SHARD", help="a file, or a folder whose files are taken (not those below)")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="a folder")
    parser.add_argument("--rules", action="append", default=[], metavar="DIR", help="rules over the built-in ones; may be repeated")
    parser.add_argument("--address", metavar="ADDRESS", help="of the Ray cluster, or auto; without it Ray is started on this machine")
    parser.add_argument("--cpus", type=int, default=1, metavar="N", help="processors, and workers, for a shard; 1")
    parser.add_argument("--retries", type=int, default=3, metavar="N", help="how often a shard is tried again when its node dies; 3")
    given, options = parser.parse_known_args()
    refused = [name for name in OF_ONE_MACHINE if any(one.partition("=")[0] == name for one in options)]
    if refused:
        parser.error(f"not for shards: {', '.join(refused)}")
    return given, [*options, "--jobs", str(given.cpus)]


# ---------------------------------------------------------------- shards


def shards_of(addresses: list[str]) -> Iterator[Shard]:
    """Files and folders in, every shard out. Raises ValueError for what is none, and for two of one name."""
    seen: dict[str, str] = {}
    for address in map(absolute, addresses):
        for one in files_of(address):
            name = one.rpartition("/")[2]
            if name in seen:
                raise ValueError(f"{seen[name]} and {one} have the same name: clean them into different folders")
            seen[name] = one
            yield Shard(one, name)
    if not seen:
        raise ValueError("there are no shards here")


def files_of(address: str) -> list[str]:
    """The address of a shard, or the addresses of those in a folder."""
    files, path = opened(address)
    found = files.get_file_info(path)
    if found.type == pafs.FileType.Directory:
        inside = sorted(one.base_name for one in files.get_file_info(pafs.FileSelector(path)) if one.type == pafs.FileType.File)
        return [f"{address}/{name}" for name in inside if is_shard(name)]
    if found.type != pafs.FileType.File:
        raise ValueError(f"{address}: no such file or folder")
    if not is_shard(found.base_name):
        raise ValueError(f"{address}: by its name this is neither Parquet nor WARC nor JSON lines")
    return [address]


def is_shard(name: str) -> bool:
    return format_of(name) in ("parquet", "warc", "jsonl") and not name.startswith((".", "_"))


def absolute(address: str) -> str:
    return address.rstrip("/") if "://" in address else str(Path(address).absolute())


def opened(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path there."""
    found: tuple[Any, str] = pafs.FileSystem.from_uri(address) if "://" in address else (pafs.LocalFileSystem(), address)
    return found


def done_before(task: Task, now: Manifest) -> dict[str, Manifest]:
    """The manifests of shards that are done. Raises Unusable where they were made otherwise than ``now`` is."""
    files, path = opened(task.out)
    found = {}
    for one in files.get_file_info(pafs.FileSelector(f"{path}/{MANIFESTS}", allow_not_found=True)):
        if one.extension != "json" or one.base_name.startswith("."):
            continue
        with files.open_input_stream(one.path) as stream:
            old = msgspec.json.decode(stream.read(), type=Manifest)
        try:
            check_same(old, replace(now, inputs=old.inputs))
        except Unusable as why:
            raise Unusable(f"{task.out} holds shards that cannot be added to: {why}; give another folder") from None
        found[one.base_name.removesuffix(".json")] = old
    return found


# ---------------------------------------------------------------- one shard


def clean_shard(task: Task, shard: Shard) -> Manifest:
    """Fetch a shard, clean it, and put its files and then its manifest into OUT; on whatever node."""
    with tempfile.TemporaryDirectory(prefix="ray_clean-") as folder:
        # By its bare name: ids of records without one hold it, and must not depend on the node.
        source = Path(folder, shard.name)
        fetch(shard.address, source)
        manifest = batch(task, source)
        manifest.inputs, manifest.output = [{"name": shard.address, "bytes": source.stat().st_size}], task.out
        for part in sorted(Path(folder, "clean.parquet").glob("part-*.parquet")):
            put(part, task.out, f"{shard.name}-{part.stem.removeprefix('part-')}.parquet")
        written = Path(folder, "manifest.json")
        written.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        put(written, task.out, f"{MANIFESTS}/{shard.name}.json")
        return manifest


def empty_run(task: Task) -> Manifest:
    """The manifest of a shard without records: it says which options, rules and version are in force. Raises ValueError."""
    with tempfile.TemporaryDirectory(prefix="ray_clean-") as folder:
        source = Path(folder, "empty.jsonl")
        source.touch()
        return batch(task, source)


def batch(task: Task, source: Path) -> Manifest:
    """Run `cleaner batch` on a file, into clean.parquet beside it; its manifest. Raises ValueError with what it complained of."""
    folder = source.parent
    for name, data in task.rules.items():
        path = folder / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    rules = sorted({name.partition("/")[0] for name in task.rules}, key=int)
    command = [sys.executable, "-m", "cleaner", "batch", source.name, "-o", "clean.parquet", "--no-user-rules", *task.options]
    command += [word for name in rules for word in ("--rules", f"rules/{name}")]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode not in (DONE, SOME_FAILED):
        raise ValueError(done.stderr.strip() or f"cleaner batch ended with {done.returncode}")
    return msgspec.json.decode(Path(folder, "clean.parquet.manifest.json").read_bytes(), type=Manifest)


def fetch(address: str, path: Path) -> None:
    """A shard as a local file: a link to it, or a copy."""
    if "://" not in address:
        path.symlink_to(address)
        return
    files, source = opened(address)
    pafs.copy_files(source, str(path), source_filesystem=files, destination_filesystem=pafs.LocalFileSystem())


def put(path: Path, out: str, name: str) -> None:
    """A local file into OUT. Whole or not at all: object stores do so by themselves."""
    files, folder = opened(out)
    target = f"{folder}/{name}"
    where, _, last = target.rpartition("/")
    is_local = isinstance(files, pafs.LocalFileSystem)
    partial = f"{where}/.{last}.partial" if is_local else target
    files.create_dir(where)
    pafs.copy_files(str(path), partial, source_filesystem=pafs.LocalFileSystem(), destination_filesystem=files)
    if is_local:
        files.move(partial, target)


def packed(folders: list[str]) -> dict[str, bytes]:
    """Folders of rules in; their files out, named by the number of the folder and their layer. Raises RuleError."""
    return {f"{at}/{one.name}.yaml": one.data for at, folder in enumerate(folders) for one in find_files(Path(folder))}


# ---------------------------------------------------------------- all of them


def on_cluster(task: Task, shards: list[Shard], given: argparse.Namespace) -> Iterator[tuple[Shard, Manifest | Exception]]:
    """Shards in; out, as they end, their manifests, or why one could not be done."""
    if not shards:
        return
    import ray

    ray.init(address=given.address)
    shared = ray.put(task)
    remote = ray.remote(num_cpus=given.cpus, max_retries=given.retries)(clean_shard)
    at_once = 2 * max(1, int(ray.cluster_resources().get("CPU", 1)) // given.cpus)
    left, running = deque(shards), {}
    while left or running:
        while left and len(running) < at_once:
            shard = left.popleft()
            running[remote.remote(shared, shard)] = shard
        for ended in ray.wait(list(running))[0]:
            shard = running.pop(ended)
            try:
                yield shard, ray.get(ended)
            except Exception as error:
                yield shard, getattr(error, "cause", None) or error


def report(done: list[Manifest], ends: Iterator[tuple[Shard, Manifest | Exception]]) -> int:
    """Say what becomes of each shard as it ends, then the sum; the exit code."""
    lost, started = 0, time.monotonic()
    for shard, end in ends:
        if isinstance(end, Manifest):
            done.append(end)
            print(f"{shard.name}: {described(end.pages)} in {end.seconds:,.1f} s", file=sys.stderr)
        else:
            lost += 1
            print(f"{shard.name}: NOT DONE: {end}", file=sys.stderr)
    pages = {name: sum(one.pages[name] for one in done) for name in OUTCOMES}
    print(f"in all {described(pages)}; this run took {time.monotonic() - started:,.1f} s", file=sys.stderr)
    if lost:
        print(f"{lost:,} shards were not done; the same command tries them again", file=sys.stderr)
    return SOME_FAILED if lost or pages["failed"] else DONE


def described(pages: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in pages.items() if number) or "no pages"


if __name__ == "__main__":
    sys.exit(main())
