"""CSS selectors over a Page: looked up by their rightmost token, verified on those candidates only, never by XPath."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from time import thread_time
from typing import Any

from .errors import RuleError
from .model import Page
from .page import attribute, values

SECONDS = 2.0
"""Time on the processor for one selector on one page: sibling combinators and ``:has()`` can take the square of a page."""
_LOOK = 50
"""After so many candidates the time is looked at."""
_OPERATORS = frozenset({"exists", "=", "~=", "|=", "^=", "$=", "*="})
_PSEUDO = frozenset({"first-child", "last-child", "only-child", "empty"})


@dataclass(slots=True, frozen=True, eq=False)
class Compound:
    """What stands between two combinators: ``div.share[data-x]:not(.y)``."""

    tokens: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str, str], ...] = ()
    """(name, operator, value)"""
    negations: tuple[Compound, ...] = ()
    relations: tuple[tuple[str, Selector], ...] = ()
    """``:has``: (combinator, selector)"""
    pseudos: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True, eq=False)
class Selector:
    """One selector without commas, right to left: the subject, then (combinator towards it, compound) pairs."""

    text: str
    subject: Compound
    steps: tuple[tuple[str, Compound], ...]
    key: str
    """The subject's rarest kind of token, under which pages are looked up; empty when it has none."""
    plain: bool
    """Every element with that token, and with the subject's first attribute if it has one, matches."""


def find(page: Page, selectors: tuple[Selector, ...]) -> list[int]:
    """Elements that any of the selectors matches, in document order."""
    tokens = page.tokens
    present = [selector for selector in selectors if selector.key in tokens]
    if len(present) < 2:
        return _matching(page, present[0]) if present else []
    found: set[int] = set()
    for selector in present:
        found.update(_matching(page, selector))
    return sorted(found)


def _matching(page: Page, selector: Selector) -> list[int]:
    """Elements that one selector matches, in document order; none, with a warning on the page, where that takes too long."""
    candidates = _candidates(page, selector)
    if selector.plain:
        return list(candidates)
    if len(candidates) < _LOOK:
        return [node for node in candidates if matches(page, node, selector)]
    found: list[int] = []
    start = thread_time()
    for first in range(0, len(candidates), _LOOK):
        if thread_time() - start > SECONDS:
            page.warnings.append(f"slow-rule: the selector {selector.text!r} ran out of time and was skipped")
            return []
        found += [node for node in candidates[first : first + _LOOK] if matches(page, node, selector)]
    return found


def _candidates(page: Page, selector: Selector) -> list[int]:
    """Elements with the selector's token whose value of the subject's first attribute is right."""
    if not selector.subject.attributes:
        return page.tokens[selector.key]
    name, operator, wanted = selector.subject.attributes[0]
    return [node for node, value in values(page, selector.key, name) if _is_value(value, operator, wanted)]


def matches(page: Page, node: int, selector: Selector) -> bool:
    """Whether element ``node`` is what the selector names."""
    return _is(page, node, selector.subject) and (not selector.steps or _climb(page, node, selector.steps, 0) is True)


def _climb(page: Page, node: int, steps: tuple[tuple[str, Compound], ...], at: int) -> bool | None:
    """Whether the rest of a selector matches left of ``node``; None when a search for an ancestor reached the root:
    then no higher start can help, and the searches around it end too (their cost would be depth to the power of steps)."""
    if at == len(steps):
        return True
    combinator, compound = steps[at]
    if compound.tokens and any(token not in page.tokens for token in compound.tokens):
        return None
    if combinator == " ":
        node = page.parents[node]
        while node >= 0:
            if _is(page, node, compound) and (found := _climb(page, node, steps, at + 1)) is not False:
                return found
            node = page.parents[node]
        return None
    if combinator == ">":
        node = page.parents[node]
        return _climb(page, node, steps, at + 1) if node >= 0 and _is(page, node, compound) else False
    before = _previous(page, node)
    while before >= 0:
        if _is(page, before, compound) and (found := _climb(page, before, steps, at + 1)) is not False:
            return found
        if combinator == "+":
            return False
        before = _previous(page, before)
    return False


def _previous(page: Page, node: int) -> int:
    """The element sibling before ``node``, or -1."""
    parent, before = page.parents[node], node - 1
    if before == parent:
        return -1
    while before >= 0 and page.parents[before] != parent:
        before = page.parents[before]
    return before


def _is(page: Page, node: int, compound: Compound) -> bool:
    for token in compound.tokens:
        if not _has_token(page, node, token):
            return False
    for name, operator, value in compound.attributes:
        if not _has_attribute(page, node, name, operator, value):
            return False
    for refused in compound.negations:
        if _is(page, node, refused):
            return False
    for combinator, selector in compound.relations:
        if not _has_relation(page, node, combinator, selector):
            return False
    return not compound.pseudos or all(_has_place(page, node, pseudo) for pseudo in compound.pseudos)


def _has_token(page: Page, node: int, token: str) -> bool:
    if token[0] not in "#.":
        return page.tags[node] == token
    nodes = page.tokens.get(token)
    if not nodes:
        return False
    at = bisect_left(nodes, node)
    return at < len(nodes) and nodes[at] == node


def _has_attribute(page: Page, node: int, name: str, operator: str, wanted: str) -> bool:
    value = attribute(page, node, name)
    return value is not None and _is_value(value, operator, wanted)


def _is_value(value: str, operator: str, wanted: str) -> bool:
    if operator == "=":
        return value == wanted
    if operator == "exists":
        return True
    if operator == "~=":
        return wanted in value.split()
    if operator == "|=":
        return value == wanted or value.startswith(wanted + "-")
    if not wanted:
        return False
    if operator == "^=":
        return value.startswith(wanted)
    return value.endswith(wanted) if operator == "$=" else wanted in value


def _has_relation(page: Page, node: int, combinator: str, selector: Selector) -> bool:
    nodes = page.tokens.get(selector.key, [])
    for at in range(bisect_left(nodes, node + 1), len(nodes)):
        if nodes[at] >= page.ends[node]:
            return False
        if (combinator == " " or page.parents[nodes[at]] == node) and matches(page, nodes[at], selector):
            return True
    return False


def _has_place(page: Page, node: int, pseudo: str) -> bool:
    parent = page.parents[node]
    first = node == parent + 1
    last = parent < 0 or page.ends[node] == page.ends[parent]
    if pseudo == "empty":
        blocks = page.blocks[page.first_block[node] : page.last_block[node]]
        return page.ends[node] == node + 1 and not any(holder == node for block in blocks for holder, _ in block.runs)
    return {"first-child": first, "last-child": last, "only-child": first and last}[pseudo]


# ---------------------------------------------------------------- reading CSS


@lru_cache(maxsize=20_000)
def parse(css: str) -> tuple[Selector, ...]:
    """A selector list as text in, compiled selectors out. Raises RuleError for bad or unsupported CSS."""
    import cssselect

    try:
        trees = cssselect.parse(css)
    except cssselect.SelectorError as error:
        raise RuleError(f"bad selector {css!r}: {error}", hint="write it as in a style sheet, in quotes") from None
    selectors = tuple(_selector(tree.parsed_tree, css) for tree in trees)
    if any(tree.pseudo_element for tree in trees):
        raise RuleError(f"bad selector {css!r}: pseudo-elements have no text", hint="leave out what follows ::")
    for selector in selectors:
        if not selector.subject.tokens:
            raise RuleError(
                f"selector {css!r} is too broad: its last part has no tag, id or class",
                hint="write for instance `div[data-x]` instead of `[data-x]`",
            )
    return selectors


def _selector(tree: Any, css: str) -> Selector:
    steps = []
    while type(tree).__name__ == "CombinedSelector":
        steps.append((tree.combinator, tree.subselector))
        tree = tree.selector
    parts = [_compound(part, css) for part in [*(sub for _, sub in steps), tree]]
    key = min(parts[0].tokens, key=lambda token: ("#.".find(token[0]) + 3) % 3, default="")
    subject = parts[0]
    more = len(subject.attributes) > 1 or subject.negations or subject.relations or subject.pseudos
    plain = not steps and subject.tokens == (key,) and not more
    return Selector(css, subject, tuple((combinator, parts[at + 1]) for at, (combinator, _) in enumerate(steps)), key, plain)


def _compound(tree: Any, css: str) -> Compound:
    tokens, attributes, negations, relations, pseudos = [], [], [], [], []
    while True:
        kind = type(tree).__name__
        if kind == "Element":
            if tree.element:
                tokens.append(tree.element.lower())
            break
        if kind == "Class":
            tokens.append("." + tree.class_name)
        elif kind == "Hash":
            tokens.append("#" + tree.id)
        elif kind == "Attrib" and tree.operator in _OPERATORS:
            attributes.append((tree.attrib.lower(), tree.operator, tree.value.value if tree.value is not None else ""))
        elif kind == "Negation":
            negations.append(_compound(tree.subselector, css))
        elif kind == "Relation":
            combinator = tree.combinator.value if tree.combinator is not None else " "
            if combinator not in (" ", ">"):
                raise _unsupported(css, f":has({combinator} ...)")
            relations.append((combinator, _selector(tree.subselector.parsed_tree, css)))
            if not relations[-1][1].subject.tokens:
                raise _unsupported(css, ":has() without a tag, id or class in its last part")
        elif kind == "Pseudo" and tree.ident in _PSEUDO:
            pseudos.append(tree.ident)
        else:
            what = getattr(tree, "operator", None) or ":" + (getattr(tree, "ident", None) or getattr(tree, "name", None) or "is")
            raise _unsupported(css, what)
        tree = tree.selector
    return Compound(tuple(tokens), tuple(attributes), tuple(negations), tuple(relations), tuple(pseudos))


def _unsupported(css: str, what: str) -> RuleError:
    return RuleError(
        f"selector {css!r} uses {what}, which is not supported",
        hint="supported: :not(), :has(), :first-child, :last-child, :only-child, :empty; write a list of selectors for the rest",
    )
