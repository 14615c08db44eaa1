"""Element-hiding lines of ad blockers' filter lists, as site files. https://help.adblockplus.org/hc/en-us/articles/360062733293"""

from __future__ import annotations

import re
from pathlib import Path

from .. import select
from ..errors import RuleError
from .carried import Left, Report, SiteFile

_LINE = re.compile(r"([^#\s]*)#([@?$%]*)#(.+)")
_NAME = re.compile(r"[a-z0-9]+")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_PROCEDURAL = re.compile(r":-abp-|:(?:has-text|upward|xpath|matches-\w+|min-text-length|remove|style|contains|watch-attr|nth-ancestor)\(")
_MAX_RULES = 10_000


def convert(path: Path, report: Report) -> list[SiteFile]:
    """A filter list in, its site files (and ``generic`` for lines without a host) out. Raises OSError for a file that cannot be read."""
    files: dict[str, SiteFile] = {}
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        text = line.strip()
        if not text or text[0] in "![":
            continue
        found = _LINE.fullmatch(text)
        if found is None:
            report.unneeded["network"] += 1
            continue
        key = "exception" if found[2] == "@" else "procedural" if found[2] else "hiding"
        try:
            for host in _hosts(found[1], found[2], found[3]):
                _add(files, host, "keep" if key == "exception" else "drop", found[3].strip(), path.name)
        except RuleError as error:
            report.left.append(Left(path.name, number, key, error.message))
        else:
            report.carried[key] += 1
    return list(files.values())


def _hosts(domains: str, kind: str, css: str) -> list[str]:
    """The hosts a line is for, "" for all. Raises RuleError, with the reason, for a line that cannot be carried over."""
    if kind not in ("", "@") or _PROCEDURAL.search(css):
        raise RuleError("procedural filters are not selectors")
    hosts = [one.strip().lower().removeprefix("www.") for one in domains.split(",") if one.strip()]
    if any(host[0] == "~" for host in hosts):
        raise RuleError("hosts are left out (~): write two files with detect:")
    if wrong := next((host for host in hosts if not _HOST.fullmatch(host)), None):
        raise RuleError(f"{wrong!r} is no host")
    if not hosts and kind == "@":
        raise RuleError("an exception for every page is a rule left out")
    select.parse(css)
    return hosts or [""]


def _add(files: dict[str, SiteFile], host: str, action: str, css: str, origin: str) -> None:
    name = f"sites/{host}" if host else "generic"
    site = files.setdefault(name, SiteFile(name, origin))
    if sum(len(site.keys.get(key, ())) for key in ("drop", "keep")) >= _MAX_RULES:
        raise RuleError(f"a rule file holds {_MAX_RULES:,} rules")
    rule_id = "-".join(_NAME.findall(css.lower())[:5]) or "element"
    site.add(action, rule_id, {"css": css, "why": "hidden by a filter list" if action == "drop" else "exception of a filter list"})
