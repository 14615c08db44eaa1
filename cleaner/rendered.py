"""An article as one text with its title on top: what the command line prints and a folder of clean pages holds."""

from __future__ import annotations

import json
from dataclasses import replace

from .article import Article
from .model import Inline, Piece


def rendered(article: Article, form: str, *, title: bool) -> str:
    """An article in; one of its forms (``text``, ``markdown``, ``html``, ``json``) out, ending in a newline."""
    if form == "json":
        return json.dumps(article.to_dict(), ensure_ascii=False, indent=2) + "\n"
    if title and article.title:
        article = _with_title(article, " ".join(article.title.split()))
    body: str = getattr(article, form)
    return body.rstrip("\n") + "\n"


def _with_title(article: Article, title: str) -> Article:
    """The article with its title as the first block, so that each form writes it in its own way."""
    heading = Piece("heading", title, level=1, inlines=(Inline(title),))
    return replace(article, text=f"{title}\n\n{article.text}", document=[heading, *article.document])
