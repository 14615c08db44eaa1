"""The form of a rule file: what YAML may say. Every key is declared here once, and unknown keys are errors.

These structures are plain data as written in the file; ``compile.py`` turns them into rules that run.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

SCHEMA = 1
"""Version of the rule language that this program reads."""

CHOICES = ("pitches", "press-release")
"""What some readers want to keep: rules with one of these as ``choice`` run unless the user keeps it."""

ACTIONS = ("drop", "keep", "cut")
"""What rules do; the keys of a rule file under which they stand."""

RuleId = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]*$", description="Lower case, digits and hyphens; unique within the file.")]
Texts = str | list[str]
"""One string or a list of them."""
Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=1, le=1_000_000)]


class Strict(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, gc=False):
    """Base of all: an unknown key is an error."""


class Within(Strict, frozen=True):
    """Position among the blocks that survived the other rules: fewer than ``first`` before it, or fewer than ``last`` after it."""

    first: Count | None = None
    last: Count | None = None


class Examples(Strict, frozen=True):
    """Lines that prove a text rule: ``match`` must be caught, ``keep`` must not."""

    match: list[str] = []
    keep: list[str] = []


class Condition(Strict, frozen=True):
    """One piece of evidence; when several keys are given, all must hold."""

    hosts: Texts | None = None
    path: str | None = None
    css: str | None = None
    meta: dict[str, str] | None = None
    asset: str | None = None
    generator: str | None = None
    text: str | None = None


class Detect(Condition, frozen=True):
    """When a file applies: its own keys must all hold, plus ``any`` / ``all`` / ``none`` of lists."""

    any: list[str | Condition] = []
    all: list[str | Condition] = []
    none: list[str | Condition] = []


class FieldSource(Strict, frozen=True):
    """Where a field's value stands: an element (or one attribute of it), a pattern over the page's text, or a constant.

    Of an element's value, ``after`` and ``before`` leave what stands after the one text and before the other.
    """

    css: str | None = None
    xpath: str | None = None
    attr: str | None = None
    text: str | None = None
    value: str | None = None
    after: str | None = None
    before: str | None = None


FieldSources = str | FieldSource | list[str | FieldSource]


class Fields(Strict, frozen=True):
    """Metadata the template itself gives; lists are tried in order."""

    title: FieldSources | None = None
    authors: FieldSources | None = None
    date: FieldSources | None = None
    site_name: FieldSources | None = None
    description: FieldSources | None = None
    image: FieldSources | None = None


class BodySource(Strict, frozen=True):
    """A body that one selector cannot say: by XPath, or as alternatives of which the first that holds enough words is taken."""

    xpath: str | None = None
    first: list[str | BodySource] | None = None


class SourceName(Strict, frozen=True):
    """Whom pages with this text were syndicated from."""

    name: str
    url: str | None = None


class Rule(Strict, frozen=True):
    """One ``drop``, ``keep`` or ``cut`` rule. It needs at least one of css, xpath, phrase, starts, ends, contains, text, kind."""

    id: RuleId
    why: str = ""
    css: Texts | None = None
    xpath: Texts | None = None
    phrase: Texts | None = None
    starts: Texts | None = None
    ends: Texts | None = None
    contains: Texts | None = None
    text: str | None = None
    kind: Texts | None = None
    inside: Texts | None = None
    not_inside: Texts | None = None
    within: Within | None = None
    min_words: Count | None = None
    max_words: Count | None = None
    min_link_density: Share | None = None
    max_link_density: Share | None = None
    until: str | None = None
    max_blocks: Count | None = None
    record: str | dict[str, str | int] | None = None
    choice: str | None = None
    deep: bool = False
    examples: Examples | None = None


class Limits(Strict, frozen=True):
    """When to warn or to distrust a body."""

    min_words: Count | None = None
    max_removed: Share | None = None
    agreement: Share | None = None


class RuleFile(Strict, frozen=True):
    """One file of ``rules/``."""

    schema: int = SCHEMA
    extends: Texts | None = None
    language: str | None = None
    source: SourceName | None = None
    detect: Detect | None = None
    body: str | BodySource | list[str | BodySource] | None = None
    fields: Fields | None = None
    drop: list[Rule] = []
    keep: list[Rule] = []
    cut: list[Rule] = []
    disable: list[str] = []
    limits: Limits | None = None
    replace: bool = False
