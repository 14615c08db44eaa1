"""Addresses of links and images: which ones may leave the program, and how they are made absolute."""

from __future__ import annotations

from urllib.parse import urljoin

_WEB = frozenset({"http", "https"})
_LINK = _WEB | {"mailto"}
_UNWRITABLE = {**dict.fromkeys(range(32), None), 127: None, 32: "%20"}
"""Browsers ignore tabs and line ends inside an address; a page must not use that to hide a scheme."""


def safe_address(address: str, *, mail: bool = True) -> str:
    """An address as a page wrote it in; the same out if it is http, https, mailto (where ``mail``) or relative, else empty."""
    if address.startswith(("https://", "http://")) and address.isascii() and address.isprintable() and " " not in address:
        return address
    address = address.strip().translate(_UNWRITABLE)
    scheme, colon, _ = address.partition(":")
    if not colon or any(mark in scheme for mark in "/?#"):
        return "" if address == "#" else address
    return address if scheme.lower() in (_LINK if mail else _WEB) else ""


def absolute(address: str, base: str, *, mail: bool = True) -> str:
    """A link target and the address of its page in, the absolute target out; empty where it is not safe, relative without a base."""
    address = safe_address(address, mail=mail)
    if not address or not base or address.startswith(("https://", "http://")):
        return address
    try:
        return safe_address(urljoin(base, address), mail=mail)
    except ValueError:
        return ""
