"""Rule files as text: one way to write them, for everything that writes rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..rulefile import ACTIONS

WIDTH = 140
_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z0-9]+)*")
_KEYWORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_UNSAFE = re.compile(r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x85\u2028\u2029\ufeff]")


def rule_file(keys: Mapping[str, Any], *, comment: Iterable[str] = ()) -> str:
    """The keys of a rule file as plain data, in; its text out. ``comment``: lines for its head."""
    parts = [f"# {line}".rstrip() for line in comment]
    for name, value in keys.items():
        if name in ACTIONS:
            parts.append(f"{name}:")
            parts += [line for rule in sorted(value, key=lambda rule: str(rule["id"])) for line in rule_lines(rule)]
        elif isinstance(value, dict) and name in ("fields", "detect", "limits"):
            parts.append(f"{name}:")
            parts += [f"  {key}: {flow(inner)}" for key, inner in value.items()]
        else:
            parts.append(f"{name}: {flow(value)}")
    return "\n".join(parts) + "\n"


def rule_lines(rule: Mapping[str, Any]) -> list[str]:
    """One rule as an item of a list: on one line where it fits, else one key a line."""
    line = f"  - {flow(rule)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"  {'-' if at == 0 else ' '} {key}: {flow(value)}" for at, (key, value) in enumerate(rule.items())]


def flow(value: Any) -> str:
    """Plain data as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value) if isinstance(value, str) else json.dumps(value)


def scalar(text: str) -> str:
    """A text as a YAML scalar: bare only where it is plain words, else in single quotes, or double where it must be escaped."""
    if _WORDS.fullmatch(text) and text.lower() not in _KEYWORDS:
        return text
    if _UNSAFE.search(text) or "\n" in text:
        return '"' + _UNSAFE.sub(_escape, re.sub(r'(["\\])', r"\\\1", text)).replace("\n", "\\n") + '"'
    return "'" + text.replace("'", "''") + "'"


def _escape(sign: re.Match[str]) -> str:
    return f"\\U{ord(sign[0]):08x}"
