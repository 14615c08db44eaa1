"""The template of a page: the rule files that apply to it, weakest layer first, each with its evidence."""

from __future__ import annotations

from .compile import CompiledFile, Rules
from .detect import candidates, evidence, gather
from .errors import RuleError
from .language import code_of, spoken
from .load import LoadedFile
from .model import Layer, Page
from .wordindex import Hits

_FOREIGN_PHRASES = 2
"""Blocks that are exactly a pack's phrases before a pack of yet another language applies; they must also be more than those of
the packs that apply in any case, because languages share words ("menu", "reklama")."""


def detect(page: Page, rules: Rules, hits: Hits, language: str | None = None) -> list[tuple[CompiledFile, Layer]]:
    """A page and the wordings found in it in; the files that apply out, weakest layer first, children after parents."""
    facts = gather(page, hits.texts)
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(candidates(facts, page, rules.detection, rules.tokens, rules.parts_of_facts)):
        for part in rules.parts[name]:
            if why := evidence(part.document, part.layer, name, page, facts):
                found[name] = (*found.get(name, ()), *why)
    declared = code_of(language or page.head.language)
    heard = spoken(page.blocks) if language is None else None
    packs = {name: rules.parts[name][0].document.language or "" for name in rules.standing}
    usual = max((hits.phrases.get(name, 0) for name, pack in packs.items() if pack in ("en", declared, heard)), default=0)
    for name in rules.standing:
        parts = rules.parts[name]
        if parts[0].layer == "generic":
            found[name] = ("applies to every page",)
        elif why := _language_evidence(packs[name], declared, heard, hits.phrases.get(name, 0), usual):
            found[name] = why
    ordered: dict[str, tuple[str, ...]] = {}
    for name, why in found.items():
        _with_parents(name, why, rules, ordered, ())
    active = [(file, Layer(name, file.layer, why)) for name, why in ordered.items() if (file := rules.file(name)) is not None]
    return sorted(active, key=lambda pair: pair[0].rank)


def _language_evidence(pack: str, declared: str | None, heard: str | None, count: int, usual: int) -> tuple[str, ...]:
    if pack == declared:
        return (f"the page's language is {pack}",)
    if pack == heard:
        return (f"its text is in {pack}",)
    if pack == "en":
        return ("English furniture occurs in every language",)
    return (f"{count} of its phrases occur",) if count >= _FOREIGN_PHRASES and count > usual else ()


def _with_parents(name: str, why: tuple[str, ...], rules: Rules, ordered: dict[str, tuple[str, ...]], below: tuple[str, ...]) -> None:
    file = rules.file(name)
    if file is None or name in below:
        return
    for parent in file.extends:
        _with_parents(parent, (f"{name} extends it",), rules, ordered, (*below, name))
    ordered[name] = tuple(dict.fromkeys((*ordered.get(name, ()), *why)))


def check_references(rules: Rules) -> None:
    """Raise RuleError when a file is never detected, or names a file or rule that is not there, or extends itself in a circle."""
    for name, parts in rules.parts.items():
        if parts[0].layer in ("engine", "theme", "source") and not any(part.document.detect for part in parts):
            hint = "add `detect:` with hosts, css, meta, asset, generator or text"
            raise RuleError("nothing says when this file applies", file=parts[0].path, line=1, hint=hint)
        for part in parts:
            _check_disable(part, rules)
        _check_extends(name, rules, (name,))


def _check_disable(part: LoadedFile, rules: Rules) -> None:
    for rule_id in part.document.disable:
        name, _, wanted = rule_id.partition("#")
        loaded = [known for known in rules.ruleset.files if known.name == name]
        if loaded and not any(f"#{wanted}" in known.lines for known in loaded):
            line = part.lines.get("disable", 1)
            raise RuleError(
                f"there is no rule {rule_id!r}", file=part.path, line=line, key="disable", hint="`cleaner rules list --ids` shows the ids"
            )


def _check_extends(name: str, rules: Rules, chain: tuple[str, ...]) -> None:
    for part in rules.parts[name]:
        path, line = part.path, part.lines.get("extends", 1)
        extends = part.document.extends
        for parent in [extends] if isinstance(extends, str) else extends or []:
            if parent not in rules.parts:
                close = [known for known in rules.parts if known.endswith(f"/{parent}")]
                hint = f"did you mean `{close[0]}`?" if close else "`cleaner rules list` shows the names"
                raise RuleError(f"extends {parent!r}, which does not exist", file=path, line=line, key="extends", hint=hint)
            if parent in chain:
                raise RuleError(
                    "extends itself: " + " -> ".join([*chain, parent]), file=path, line=line, key="extends", hint="break the circle"
                )
            _check_extends(parent, rules, (*chain, parent))
