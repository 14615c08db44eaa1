"""An article in; a report for people out: one HTML file that needs no script and no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from ..article import Article
from ..model import LAYERS, ArticleBlock, Removed

_OTHERS = ("page", "repetition", "scorer", "readability")
"""What decides besides the layers of rules; ``page`` is the title and what the page hides."""
_REST = "other"
_FOCUS = ' tabindex="0"'
GROUPS = ("kept", *LAYERS, *_OTHERS, _REST)
"""Names by which blocks are coloured and filtered; each is a class in ``report.css``."""


def report(article: Article, name: str) -> str:
    """An article, and what its page is called, in; the HTML of the report out. All text of the page is escaped."""
    return "\n".join(_document(article, name, "", [], ""))


def served(article: Article, name: str, files: Sequence[str], saved: str) -> str:
    """The report as the page of ``cleaner inspect --serve``.

    ``files``: names of the rule files that a new rule may go to; ``saved``: what was saved last.
    """
    head = [
        '<script src="inspect.js" defer></script>',
        *([f'<p role="status">saved in {_text(saved)}</p>'] if saved else []),
        "<p>Click a block, or press Enter on it, to drop or keep it by a rule.</p>",
    ]
    options = "".join(f"<option>{_text(file)}</option>" for file in files)
    form = _part("form.html").replace("FILES", options)
    return "\n".join(_document(article, name, "; script-src 'self'; connect-src 'self'", head, form))


def _document(article: Article, name: str, policy: str, head: list[str], form: str) -> Iterator[str]:
    style = _part("report.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'{policy}"
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
    yield f"<title>{_text(name)} - cleaner inspect</title>\n<style>{style}</style></head><body>"
    yield f"<header><h1>{_text(name)}</h1>"
    yield from _facts(article)
    yield from _filters(article)
    yield from head
    yield '</header>\n<main><section aria-labelledby="page"><h2 id="page">The page</h2><ol class="blocks">'
    yield from _blocks(article, choosable=bool(form))
    yield '</ol></section>\n<section aria-labelledby="article"><h2 id="article">The article</h2><article dir="auto">'
    yield f"<h1>{_text(article.title or '(no title found)')}</h1>"
    yield _article(article)
    yield f"</article></section>{form}</main></body></html>\n"


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def group(layer: str) -> str:
    """The layer of a decision in; the group under which the report shows it out."""
    return layer if layer in GROUPS else _REST


def _text(text: str) -> str:
    """Lone surrogates, which UTF-8 cannot hold, become question marks."""
    return escape(text.encode("utf-8", "replace").decode())


def _facts(article: Article) -> Iterator[str]:
    kept = sum(block.verdict == "KEEP" for block in article.blocks)
    yield "<dl>"
    for layer in article.template:
        yield f"<dt>{_text(layer.name)}</dt><dd>{_text('; '.join(layer.evidence)) or 'always'}</dd>"
    yield f"<dt>removed</dt><dd>{article.removed_share:.0%} of the characters; {kept} of {len(article.blocks)} blocks were kept</dd>"
    yield f"<dt>method</dt><dd>{_text(article.method)}, confidence {article.confidence:.2f}</dd>"
    for warning in article.warnings:
        yield f'<dt class="warning">warning</dt><dd>{_text(warning)}</dd>'
    yield "</dl>"


def _filters(article: Article) -> Iterator[str]:
    """One box for each group that the page has; ``report.css`` does the rest."""
    pieces = [group(piece.layer) for piece in article.removed]
    kept = sum(block.verdict == "KEEP" for block in article.blocks)
    counts = {name: kept if name == "kept" else pieces.count(name) for name in GROUPS}
    yield "<fieldset><legend>Show</legend>"
    for name, count in counts.items():
        if count:
            yield f'<label class="{name}"><input type="checkbox" id="show-{name}" checked>{name} ({count})</label>'
    yield '<label><input type="checkbox" id="show-reasons">all reasons</label></fieldset>'


def _blocks(article: Article, *, choosable: bool) -> Iterator[str]:
    cuts: dict[int, list[Removed]] = {}
    for piece in article.removed:
        cuts.setdefault(piece.block, []).append(piece)
    for at, block in enumerate(article.blocks):
        number = f' data-block="{at}"' if choosable else ""
        if block.verdict == "DROP":
            yield _gone(block, number)
        else:
            yield f'<li class="kept" dir="auto"{number}{choosable * _FOCUS}>{_text(block.text)}</li>'
            yield from (_gone(piece, number, "cut from the block above: ") for piece in cuts.get(at, ()))


def _gone(what: ArticleBlock | Removed, number: str, how: str = "") -> str:
    told = "  ".join(part for part in (group(what.layer), what.rule, what.why, what.where) if part)
    reason = f"<small>{how}{_text(told)}</small>"
    return f'<li class="gone {group(what.layer)}" dir="auto"{number}{_FOCUS}><del>{_text(what.text)}</del>{reason}</li>'


def _article(article: Article) -> str:
    """The article's HTML without images, so that nothing is left for a browser to fetch."""
    import nh3

    return nh3.clean(article.html, tags=nh3.ALLOWED_TAGS - {"img"})
