"""Site configs of FiveFilters' Full-Text RSS, as site files. https://help.fivefilters.org/full-text-rss/site-patterns.html"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .. import xpath
from ..errors import RuleError
from .carried import Left, Report, SiteFile
from .names import escaped, quoted
from .xpathcss import as_css

_FIELDS = {"title": "title", "author": "authors", "date": "date"}
_NO_USE = frozenset(
    "tidy prune parser autodetect_on_failure autodetect_next_page skip_json_ld convert_double_br_tags insert_detected_image "
    "strip_comments test_url test_contains src_lazy_load_attr strip_attr post_strip_attr".split()
)
"""Options of that program's parser, tests by live addresses, and what concerns tags that the text does not show."""
_FETCHING = frozenset(
    "single_page_link single_page_link_in_feed next_page_link http_header requires_login not_logged_in_xpath login_uri "
    "login_username_field login_password_field login_extra_fields".split()
)
_REASONS = {
    **dict.fromkeys(_FETCHING, "cleaner fetches no pages"),
    **dict.fromkeys(("find_string", "replace_string"), "the source of a page is not changed"),
    **dict.fromkeys(("wrap_in", "move_into", "dissolve"), "elements are neither moved nor wrapped"),
    **dict.fromkeys(("if_page_contains", "native_ad_clue"), "conditions on the page are written as detect:"),
    "footnotes": "there is no such field",
    "skip_id_or_class": "there is no such exception; write a keep rule",
}
_CONTENT = ("title", "author", "date", "body", "strip", "strip_id_or_class", "strip_image_src")
_LINE = re.compile(r"([A-Za-z_]+)(?:\([^)]*\))?\s*:\s*(.*)")
_NO_ELEMENTS = re.compile(r"(?:/@[\w:-]+|/(?:text|comment)\(\)(?:\[[^\]]*\])?)\s*$")
_NAME = re.compile(r"[a-z0-9]+")
_AGREEMENT = 0.8
"""These bodies are old and untested: each is a guess. Chosen on pages of 121 such sites, where .6 and .9 are worse by .001 of F1."""
_HOST = re.compile(r"\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")


def configs(paths: Iterable[Path]) -> list[Path]:
    """Files, and all ``*.txt`` of folders. Raises RuleError where there are none."""
    found = [one for path in paths for one in (sorted(path.glob("*.txt"), key=lambda one: one.name) if path.is_dir() else [path])]
    if not found:
        raise RuleError("there are no site configs here", hint="they are called example.com.txt")
    return found


def convert(path: Path, report: Report, *, body: bool = True) -> SiteFile | None:
    """One site config in, its site file out, None when nothing could be carried over; what became of each line goes to the report.

    ``body``: carry the lines over that name the body. Raises OSError for a file that cannot be read.
    """
    host = path.name.removesuffix(".txt").lower()
    if not _HOST.fullmatch(host):
        report.left.append(Left(path.name, 1, "file", "its name is no host"))
        return None
    site = SiteFile(f"sites/{'sub-domains' if host[0] == '.' else ''}{host}", f"{path.name} of ftr-site-config")
    site.keys["detect"] = {"hosts": host} if host[0] == "." else {"hosts": host, "none": [{"hosts": f".{host}"}]}
    bodies: list[Any] = []
    fields: dict[str, list[Any]] = {}
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        found = _LINE.match(line.strip().removeprefix("\ufeff"))
        if found is None:
            continue
        key, value = found[1].lower(), found[2].strip()
        if key in _NO_USE or not value:
            report.unneeded[key] += 1
            continue
        try:
            if key == "body" and not body:
                raise RuleError("bodies are left out (--no-body)")
            _carry(key, value, site, bodies, fields)
        except RuleError as error:
            report.left.append(Left(path.name, number, key, error.message))
        else:
            report.carried[key] += 1
    if bodies:
        site.keys["body"] = bodies[0] if len(bodies) == 1 else {"first": bodies}
        site.keys["limits"] = {"agreement": _AGREEMENT}
    if fields:
        site.keys["fields"] = {name: found[0] if len(found) == 1 else found for name, found in fields.items()}
    order: tuple[str, ...] = ("detect", "body", "limits", "fields", "drop")
    site.keys = {name: site.keys[name] for name in order if name in site.keys}
    return site if site.keys.keys() - {"detect"} else None


def _carry(key: str, value: str, site: SiteFile, bodies: list[Any], fields: dict[str, list[Any]]) -> None:
    """One line. Raises RuleError, with the reason, where it cannot be carried over."""
    if key == "body":
        source = _elements(value)
        if source not in bodies:
            bodies.append(source)
    elif key in _FIELDS:
        css = as_css(value)
        xpath.compile_xpath(value)
        fields.setdefault(_FIELDS[key], []).append(css or {"xpath": value})
    elif key == "strip":
        named = _elements(value)
        rule = {"css": named} if isinstance(named, str) else named
        site.add("drop", _rule_id(value), {**rule, "why": "not the article"})
    elif key == "strip_id_or_class":
        names = re.sub(r"[\"']", "", value).split()
        if not names:
            raise RuleError("it names nothing")
        css_of = [f"{sign}{escaped(names[0])}" if len(names) == 1 else f".{'.'.join(map(escaped, names))}" for sign in ".#"]
        site.add("drop", _rule_id(value), {"css": list(dict.fromkeys(css_of)), "why": "not the article"})
    elif key == "strip_image_src":
        address = value.strip("\"'")
        site.add("drop", _rule_id(f"image {value}"), {"css": f"img[src*={quoted(address)}]", "why": "image"})
    else:
        close = difflib.get_close_matches(key, _CONTENT, 1)
        raise RuleError(_REASONS.get(key) or (f"unknown key; did you mean {close[0]}?" if close else "unknown key"))


def _elements(value: str) -> Any:
    """An XPath of elements as a selector or, where none says the same, as ``{"xpath": ...}``."""
    if _NO_ELEMENTS.search(value):
        raise RuleError("it names attributes, texts or comments, not elements")
    xpath.compile_xpath(value)
    return as_css(value) or {"xpath": value}


def _rule_id(text: str) -> str:
    """A short id of the words of a name or an XPath."""
    quoted_parts = re.findall(r"'([^']+)'|\"([^\"]+)\"", text)
    words = " ".join(one or other for one, other in quoted_parts) or text
    return "-".join(_NAME.findall(words.lower())[:5]) or "part"
