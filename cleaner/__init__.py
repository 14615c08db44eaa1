"""A syndicated page in, the clean article out, with a reason for every line removed.

    import cleaner
    cleaner.extract(data)                  # the text, or None
    cleaner.clean(data, url=...)           # an Article
    cleaner.Cleaner(rules=["my-rules"])    # compiled once, for many pages

Names are imported when first used, so that ``import cleaner`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .article import Article
    from .errors import RuleError
    from .limits import PageLimits
    from .pipeline import Cleaner, clean, extract
    from .version import __version__

_HOME = {
    "Article": "article",
    "Cleaner": "pipeline",
    "PageLimits": "limits",
    "RuleError": "errors",
    "__version__": "version",
    "clean": "pipeline",
    "extract": "pipeline",
}

__all__ = ["Article", "Cleaner", "PageLimits", "RuleError", "__version__", "clean", "extract"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
