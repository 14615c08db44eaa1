"""The run manifest: what was read, what came of it, and how far the output may be trusted. A run is resumed from it."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

State = Literal["running", "interrupted", "cleaned", "done"]
OUTCOMES = ("kept", "empty", "dropped", "failed")


class Unusable(Exception):
    """A manifest that is none, or of another run; ``str()`` says what differs."""


@dataclass
class Manifest:
    """Everything about a run. What is counted is counted up to the last cut of the output."""

    inputs: list[dict[str, Any]]
    """Name, and bytes where it is a file, in the order of reading."""
    output: str
    dropped_output: str | None
    options: dict[str, Any]
    """Whatever changes the output."""
    ruleset_digest: str = ""
    version: str = ""
    state: State = "running"
    read: int = 0
    """Records of the input that the output covers, kept or not."""
    last: str = ""
    """The key of the last of them."""
    position: int = 0
    """Of the output: bytes, files or shards."""
    dropped_position: int = 0
    pages: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    reasons: dict[str, int] = field(default_factory=dict)
    """First words of the reasons of what was dropped or failed."""
    copies: int | None = None
    """Records marked as copies of earlier ones; None where nobody asked."""
    skipped: int = 0
    """Records that hold no page."""
    rules: dict[str, list[int]] = field(default_factory=dict)
    """Rule -> pages on which it fired, blocks it removed (with --stats)."""
    templates: dict[str, int] = field(default_factory=dict)
    """Rule file -> pages to which it applied (with --stats)."""
    seconds: float = 0.0
    """Of all runs together."""
    pages_per_second: float = 0.0
    runs: int = 1

    @property
    def total(self) -> int:
        """Pages so far."""
        return sum(self.pages.values())

    def timed(self, seconds: float) -> None:
        """Note how long it all took."""
        self.seconds = round(seconds, 2)
        self.pages_per_second = round(self.total / seconds, 1) if seconds > 0 else 0.0

    def save(self, path: Path) -> None:
        """Write it, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.partial")
        with temporary.open("wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(asdict(self)), indent=2) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)


def load(path: Path) -> Manifest | None:
    """The manifest of an earlier run; None where there is none. Raises Unusable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise Unusable(f"{path} cannot be read: {error}") from None


def check_same(old: Manifest, new: Manifest) -> None:
    """Raises Unusable where a run with ``new`` could not go on where ``old`` stopped."""
    if old.inputs != new.inputs:
        raise Unusable("the inputs are not the same, or were changed")
    if (old.ruleset_digest, old.version) != (new.ruleset_digest, new.version):
        raise Unusable("the rules or the program were changed")
    differing = [name for name in {**old.options, **new.options} if old.options.get(name) != new.options.get(name)]
    if differing or old.dropped_output != new.dropped_output:
        names = ", ".join(name.replace("_", "-") for name in differing) or "dropped"
        raise Unusable(f"other options were given then: {names}")
