"""What a run is to do: one object that the command line fills in and ``run`` carries out."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .columns import Columns
from .readers import STDIN, Source, format_of
from .records import MAX_BYTES
from .worker import Judge
from .writers import STDOUT

TEXTS = {"txt": "text", "md": "markdown", "json": "record"}
"""Suffixes of the files of an output folder, and what they hold."""
FORMS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet", *TEXTS)


@dataclass(frozen=True)
class Plan:
    """Everything a run needs to know."""

    inputs: tuple[str, ...]
    output: str
    form: str
    """One of ``FORMS``."""
    cleaner: dict[str, Any] = field(default_factory=dict)
    """Options of the Cleaner."""
    columns: Columns = field(default_factory=Columns)
    format: str | None = None
    glob: str | None = None
    dropped: str | None = None
    min_words: int = 0
    languages: frozenset[str] = frozenset()
    title: bool = True
    jobs: int = 1
    timeout: float = 10.0
    restart_after: int = 5000
    max_bytes: int = MAX_BYTES
    shard_rows: int = 5000
    resume: bool = False
    overwrite: bool = False
    group_copies: bool = False
    stats: bool = False
    bar: bool = False
    site_memory: str | None = None
    """The file in which what repeats on sites is counted."""
    two_pass: bool = False
    """Count all pages before the first is cleaned."""

    @property
    def memory(self) -> str | None:
        """The site memory in use; two passes have one beside the output where none is named."""
        if self.site_memory is None and self.two_pass:
            return str(beside(self.output, ".site-memory"))
        return self.site_memory

    @property
    def is_stream(self) -> bool:
        """Whether the output is a pipe or a device, from which nothing can be resumed."""
        path = Path(self.output)
        return self.output == STDOUT or (path.exists() and not path.is_file() and not path.is_dir())

    @property
    def manifest(self) -> Path | None:
        """Next to the output; None where the output is a stream."""
        return None if self.is_stream else beside(self.output, ".manifest.json")

    @property
    def dropped_output(self) -> str | None:
        """Where excluded records go. A folder of texts has no place for an error, so it always has such a file beside it."""
        if self.dropped is None and self.form in ("txt", "md"):
            return str(beside(self.output, ".dropped.jsonl"))
        return self.dropped

    def source(self, *, send_passed: bool) -> Source:
        """The inputs."""
        written = [self.output, self.dropped_output, self.manifest]
        own = frozenset(os.path.realpath(path) for path in written if path is not None and not self.is_stream)
        return Source(self.inputs, self.columns, self.format, self.glob, self.max_bytes, send_passed, own)

    def judge(self, *, passed_known: bool) -> Judge:
        """What workers do with a page."""
        form = "rows" if self.form == "parquet" else TEXTS.get(self.form, "json")
        return Judge(
            self.columns, form, self.title, self.min_words, self.languages, self.dropped_output is not None, passed_known, self.max_bytes,
            self.stats,
        )  # fmt: skip

    def described_inputs(self) -> list[dict[str, Any]]:
        """The inputs as the manifest names them."""
        return [
            {"name": name} if name == STDIN or not Path(name).is_file() else {"name": name, "bytes": Path(name).stat().st_size}
            for name in self.inputs
        ]

    def described_options(self) -> dict[str, Any]:
        """What changes the output, beside the rules."""
        columns = self.columns
        return {
            "from": self.format, "to": self.form, "glob": self.glob, "html_field": columns.html, "text_field": columns.text,
            "url_field": columns.url, "id_field": columns.id, "fields": list(columns.fields), "prefix": columns.prefix,
            "min_words": self.min_words, "languages": sorted(self.languages), "title": self.title, "max_bytes": self.max_bytes,
            "shard_size": self.shard_rows, "site_memory": self.site_memory, "two_pass": self.two_pass,
        }  # fmt: skip


def beside(output: str, suffix: str) -> Path:
    """A file next to an output file or folder."""
    path = Path(output)
    return path.with_name(f"{path.name}{suffix}")


def form_of(output: str) -> str | None:
    """What an output's name says it is to be; None for a name without a known extension (a folder)."""
    name = output.lower()
    if format_of(name) == "parquet":
        return "parquet"
    if format_of(name) == "jsonl":
        return "jsonl.gz" if name.endswith(".gz") else "jsonl.zst" if name.endswith((".zst", ".zstd")) else "jsonl"
    return None
