"""Which rule files apply to a page, by evidence: hosts, tokens, assets, metas and wordings, found through one index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from . import pattern, select
from .model import Page
from .rulefile import Condition, RuleFile
from .wording import bare_form, listed

_DOMAIN = re.compile(r"\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,18}\b")
_ABSOLUTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
PARTS = frozenset({"generator", "address"})
"""Kinds of keys that are only part of what a page says."""
_HEAD_BLOCKS, _TAIL_BLOCKS = 10, 20
"""Where a page names its own domain: beside the site's title and in its footer."""


def detection_keys(document: RuleFile, layer: str, name: str) -> list[tuple[str, str]]:
    """What to look for in a page before a file's conditions are evaluated, as (kind, value) pairs."""
    keys: dict[tuple[str, str], None] = {}
    detect = document.detect
    if layer == "site":
        keys.update((("host", host), None) for host in site_hosts(document, name))
    for condition in [detect, *detect.any, *detect.all] if detect is not None else []:
        keys.update((key, None) for key in _condition_keys(condition))
    return list(keys)


def site_hosts(document: RuleFile, name: str) -> list[str]:
    """Hosts of a site file: those it names, or else the one in its file name."""
    named = listed(document.detect.hosts) if document.detect is not None else []
    return [plain_host(host) for host in named] or ([] if document.detect is not None else [plain_host(name.partition("/")[2])])


def _condition_keys(condition: str | Condition) -> Iterator[tuple[str, str]]:
    css = condition if isinstance(condition, str) else condition.css
    if css is not None:
        yield from (("token", selector.key) for selector in select.parse(css))
    if isinstance(condition, str):
        return
    yield from (("host", plain_host(host)) for host in listed(condition.hosts))
    yield from (("meta", name.lower()) for name in condition.meta or {})
    if condition.generator is not None:
        yield "generator", condition.generator.lower()
    if condition.asset is not None:
        segment = _segment(condition.asset)
        yield ("asset", segment) if segment else ("address", condition.asset)
    if condition.text is not None:
        yield "text", bare_form(condition.text)


@lru_cache(maxsize=20_000)
def _segment(asset: str) -> str:
    """The last part of an address that stands whole, between slashes, in part of an address; empty when none does."""
    whole = asset.split("/")[1:-1]
    return whole[-1] if whole else ""


@lru_cache(maxsize=20_000)
def plain_host(host: str) -> str:
    """A host without ``www.``, port, case and trailing dot. One that begins with a dot stands for its sub-domains."""
    return host.lower().partition(":")[0].rstrip(".").removeprefix("www.")


@dataclass(slots=True)
class Facts:
    """What a page shows of its origin, gathered once."""

    hosts: dict[str, str]
    """host, parent domain, and parent domain after a dot -> how it is known"""
    path: str
    metas: dict[str, str]
    assets: str
    """Addresses of scripts, styles and images, one a line."""
    segments: set[str]
    texts: dict[str, str] = field(default_factory=dict)
    """wording (bare) -> the block's text in which it was found"""


def gather(page: Page, texts: dict[str, str]) -> Facts:
    """A page, and the indexed wordings found in it, in; its facts out."""
    metas: dict[str, str] = {}
    for name, content in page.head.metas:
        metas[name] = f"{metas[name]}\n{content}" if name in metas else content
    stated = {"url": page.url or "", "canonical": page.head.canonical, "og:url": metas.get("og:url", "").partition("\n")[0]}
    places = [(known_by, *_split(address)) for known_by, address in stated.items()]
    known_by, host, path = next((place for place in places if place[1]), ("", "", ""))
    hosts = dict.fromkeys(_parents(host), f"{known_by} {host}") if host else _named_domains(page)
    assets = "\n".join([address for address in page.head.assets if not address.startswith("data:")])
    segments = {"", *assets.replace("\n", "/").split("/")} if assets else set()
    return Facts(hosts, path, metas, assets, segments, texts)


def _split(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address if _ABSOLUTE.match(address) else f"//{address}")
        if "." not in (parts.hostname or ""):
            return "", ""
        return plain_host((parts.hostname or "").strip(".")), parts.path
    except ValueError:
        return "", ""


def _parents(host: str) -> Iterator[str]:
    labels = host.split(".")
    for start in range(max(1, len(labels) - 1)):
        parent = ".".join(labels[start:])
        yield from (parent, "." + parent) if start else (parent,)


def _named_domains(page: Page) -> dict[str, str]:
    """Domain-like strings in a page's first and last blocks stand in for its address."""
    hosts: dict[str, str] = {}
    blocks = page.blocks[:_HEAD_BLOCKS] + page.blocks[max(_HEAD_BLOCKS, len(page.blocks) - _TAIL_BLOCKS) :]
    for block in blocks:
        for found in _DOMAIN.finditer(block.text[:2000].lower()):
            hosts.setdefault(plain_host(found[0]), f"domain in the text: {found[0]}")
    return hosts


def candidates(
    facts: Facts, page: Page, index: dict[tuple[str, str], list[str]], tokens: Iterable[str], parts: Iterable[tuple[str, str]]
) -> set[str]:
    """Names of the files of which at least one key occurs in the page.

    ``tokens``: the token keys of the index; ``parts``: its keys of the kinds in ``PARTS``, which are looked for one by one.
    """
    found: set[str] = set()
    keys = [("host", host) for host in facts.hosts]
    keys += [("token", token) for token in page.tokens.keys() & tokens]
    keys += [("asset", segment) for segment in facts.segments]
    keys += [("meta", name) for name in facts.metas]
    keys += [("text", wording) for wording in facts.texts]
    whole = {"generator": facts.metas.get("generator", "").lower(), "address": facts.assets}
    keys += [key for key in parts if key[1] in whole[key[0]]]
    for key in keys:
        found.update(index.get(key, ()))
    return found


def evidence(document: RuleFile, layer: str, name: str, page: Page, facts: Facts) -> tuple[str, ...]:
    """Why a file applies to a page, as readable lines; empty when it does not."""
    detect = document.detect
    if detect is None:
        return tuple(facts.hosts[host] for host in site_hosts(document, name) if host in facts.hosts) if layer == "site" else ()
    own = _holds(detect, page, facts)
    if own is None or any(_check(one, page, facts) is not None for one in detect.none):
        return ()
    lines = own
    for one in detect.all:
        found = _check(one, page, facts)
        if found is None:
            return ()
        lines += found
    if detect.any:
        hits = [found for one in detect.any if (found := _check(one, page, facts)) is not None]
        if not hits:
            return ()
        lines += [line for found in hits for line in found]
    return tuple(lines)


def _check(condition: str | Condition, page: Page, facts: Facts) -> list[str] | None:
    if isinstance(condition, str):
        return [f"css {condition}"] if select.find(page, select.parse(condition)) else None
    return _holds(condition, page, facts)


def _holds(condition: Condition, page: Page, facts: Facts) -> list[str] | None:
    """Evidence when every key of the condition holds, None when one does not."""
    lines: list[str] = []
    if condition.hosts is not None:
        host = next((host for host in map(plain_host, listed(condition.hosts)) if host in facts.hosts), None)
        if host is None:
            return None
        lines.append(facts.hosts[host])
    if condition.path is not None:
        if pattern.search_or_none(condition.path, facts.path) is None:
            return None
        lines.append(f"path {facts.path}")
    if condition.css is not None:
        if not select.find(page, select.parse(condition.css)):
            return None
        lines.append(f"css {condition.css}")
    for name, wanted in [*(condition.meta or {}).items(), *([("generator", condition.generator)] if condition.generator else [])]:
        value = facts.metas.get(name.lower())
        if value is None or wanted.lower() not in value.lower():
            return None
        lines.append(f"meta {name}: {wanted}")
    if condition.asset is not None:
        if _segment(condition.asset) not in facts.segments or condition.asset not in facts.assets:
            return None
        lines.append(f"asset {condition.asset}")
    if condition.text is not None:
        if bare_form(condition.text) not in facts.texts:
            return None
        lines.append(f"text {condition.text!r}")
    return lines
