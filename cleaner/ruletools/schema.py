"""The JSON Schema of rule files, made from the structures that check them, so that editors complete and flag keys."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from ..rulefile import RuleFile

PATH = Path(__file__).parent.parent / "rules.schema.json"
"""The schema as shipped."""
MODELINE = "# yaml-language-server: $schema="
"""How a rule file names its schema to editors; the address of the schema follows."""


def schema() -> str:
    """The JSON Schema as text."""
    made = msgspec.json.schema(RuleFile)
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Rule file of cleaner", **made}, indent=1) + "\n"
