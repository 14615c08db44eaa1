"""A profile as ``sites/<host>.yaml``: rules that a person can read, each with what speaks for it."""

from __future__ import annotations

import re
from typing import Any

from ..ruletools.propose import free_id
from ..ruletools.yamlwrite import rule_file
from .prints import BEGINNING, END, LABEL, LINK, LINKED, NAME, TITLE
from .profile import Learned, Profile
from .repetition import PART_MOST

_STANDS_FOR = {TITLE: r".{1,300}", NAME: r".{1,60}", LINK: r".{1,300}", "0": r"[\w.,:/]+"}
_HOLE = re.compile(f"[{TITLE}{NAME}{LINK}]|(?<!\\w)0(?!\\w)")
_ID_LENGTH = 30
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


def site_file(profile: Profile) -> str:
    """A profile in, the text of its rule file out; empty where nothing was learned."""
    keys: dict[str, Any] = {}
    taken: set[str] = set()
    if profile.body is not None:
        keys["body"] = profile.body.value
    rules = [_rule(one, profile, taken) for one in (*profile.elements, *profile.texts)]
    if rules:
        keys["drop"] = rules
    if not keys:
        return ""
    comment = [f"Learned by cleaner learn from {profile.pages} pages of {profile.site}; `why` says on how many of them."]
    if profile.body is not None:
        comment.append(f"The body is what varies from page to page: {_evidence(profile.body, profile)}.")
    return rule_file(keys, comment=comment)


def _evidence(one: Learned, profile: Profile) -> str:
    return f"on {one.pages} of {profile.pages} pages"


def _rule(one: Learned, profile: Profile, taken: set[str]) -> dict[str, Any]:
    words = one.value if one.kind == "css" else _HOLE.sub(" ", one.value)
    name = free_id(_NOT_IN_ID.sub("-", words)[:_ID_LENGTH].strip("-") or "text", taken)
    taken.add(name)
    return {"id": name, **_matcher(one), "why": f"repeats, {_evidence(one, profile)}"}


def _matcher(one: Learned) -> dict[str, Any]:
    if one.kind == "css":
        return {"css": one.value}
    if one.kind == LABEL:
        return {"text": rf"^\W*{_pattern(one.value)}:\s.{{1,200}}$", "max_words": PART_MOST}
    if one.kind == BEGINNING:
        return {"text": rf"^\W*{_pattern(one.value)}\b.{{0,300}}$", "max_words": PART_MOST}
    if one.kind == END:
        return {"text": rf"^.{{0,300}}\b{_pattern(one.value)}\W*$", "max_words": PART_MOST}
    if one.kind == LINKED or _HOLE.search(one.value):
        return {"text": rf"^\W*{_pattern(one.value)}\W*$", "max_words": 2 * len(one.value.split()) + 60}
    return {"phrase": one.value}


def _pattern(form: str) -> str:
    """A text with holes as a pattern of the rule language, in which apostrophes are typed in several ways."""
    parts, at = [], 0
    for hole in _HOLE.finditer(form):
        parts += [_literal(form[at : hole.start()]), _STANDS_FOR[hole[0]]]
        at = hole.end()
    return "".join([*parts, _literal(form[at:])])


def _literal(text: str) -> str:
    return re.sub(r"[\"'-]|\\-", ".", re.sub(r"([\\.^$*+?()\[\]{}|#])", r"\\\1", text)).replace(" ", r"\s+")
