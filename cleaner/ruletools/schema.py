"""The JSON Schema of rule files, made from the structures that check them, so that editors complete and flag keys."""

from __future__ import annotations

import json
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from ..rulefile import RuleFile

PATH = Path(__file__).parent.parent / "rules.schema.json"
"""The schema as shipped."""
MODELINE = "# yaml-language-server: $schema="
"""How a rule file names its schema to editors; the address of the schema follows."""


def schema() -> str:
    """The JSON Schema as text."""
    made = _undented(msgspec.json.schema(RuleFile))
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Rule file of cleaner", **made}, indent=1) + "\n"


def _undented(part: Any) -> Any:
    """A part of the schema, its descriptions without the margin of the docstrings they are; some versions of msgspec leave it."""
    if isinstance(part, list):
        return [_undented(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {name: cleandoc(value) if name == "description" and isinstance(value, str) else _undented(value) for name, value in part.items()}
