"""Hosts of addresses: which site they belong to."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from .address import absolute

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+\.?|\[[0-9a-f:.]+\]|localhost", re.I)


def web_address(value: str, base: str | None) -> str | None:
    """An address as a page wrote it in, an absolute http(s) address with a possible host out; None where that cannot be had."""
    whole = absolute(value, base or "", mail=False)
    return whole if whole.lower().startswith(("http://", "https://")) and host_of(whole) else None


def host_of(address: str | None) -> str:
    """The host of an absolute address, lower case and without ``www.``; empty when it has none."""
    try:
        host = urlsplit(address or "").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if _HOST.fullmatch(host) or ":" in host else ""


def same_site(one: str, other: str) -> bool:
    """Whether two hosts belong to one site: one domain, one above the other, or one name under several suffixes."""
    if one == other or one.endswith("." + other) or other.endswith("." + one):
        return True
    if _share_no_name(one, other):
        return False
    first, second = registrable(one), registrable(other)
    name, other_name = first.split(".")[0], second.split(".")[0]
    return first == second or name in other.split(".") or other_name in one.split(".")


def _share_no_name(one: str, other: str) -> bool:
    """Whether two hosts have no label in common but the last, which needs no list: reading the list takes a third of a second."""
    labels, others = one.split("."), other.split(".")
    return set(labels[:-1]).isdisjoint(others) and set(others[:-1]).isdisjoint(labels)


def registrable(host: str) -> str:
    """The registrable domain by the public suffix list; hosts it does not know (``.example``, intranets) keep their last two labels."""
    found = _suffixes()(host)
    return f"{found.domain}.{found.suffix}" if found.suffix and found.domain else ".".join(host.split(".")[-2:])


@cache
def _suffixes() -> Any:
    """The list that ships with tldextract: the network is never asked."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
