"""A coverage-guided fuzz target: any bytes are a page, and the first byte says how they are read.

    pip install atheris
    fuzz/run [SECONDS]                       # an hour by default
    python fuzz/fuzz_clean.py crash-FILE     # one input again
"""

from __future__ import annotations

import json
import re
import sys
import time

import atheris

with atheris.instrument_imports(include=["cleaner"]):
    from cleaner import Article, Cleaner

_OPENED = "p div span a ul ol li dl dt dd h1 h2 table tr td th pre code blockquote figure figcaption br b i".split()
_STYLES = ("display:none", "font-size:0", "color:#fff;background:#fff", "left:-9999px;position:fixed")
_PIECES = [
    piece.encode()
    for piece in (
        *(f"<{tag}>" for tag in _OPENED),
        *(f"</{tag}>" for tag in "p div span a ul ol li table tr td pre code blockquote figure body html".split()),
        *(f'<div style="{style}">' for style in _STYLES),
        "<div hidden>", "<p aria-hidden=true>", "<dialog>", '<div class="entry-content">', '<article class="post">', "<main>",
        "<!--", "-->",
        '<a href="javascript:x">', '<a href="https://x.example/y">', '<img src="x.png" alt="y">', "<td colspan=99>", "<ol start=7>",
        '<meta name="generator" content="WordPress 6">', '<link rel="canonical" href="https://paper.example/x">', "<title>",
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","datePublished":"2026-01-02"}</script>',
        "The ferries between the islands stopped at noon because the wind rose to nine, the harbour master said on Monday. ",
        "You may also like ", "Share this: ", "by Ann Lee March 11, 2026 0 comments ", "The post X appeared first on Y. ", "Read more: ",
        "| a | b |", "](x)", "```", "&lt;", "\u2028", "\u00ad", "\u200b", "语言模型", "\n\n", "\t", "•",
    )
]  # fmt: skip
_KINDS = ("auto", "html", "text")
SECONDS = 2
"""Of the processor, instrumented. The fuzzer's own limit goes by the clock, and a busy machine would trip it."""
CLEANER = Cleaner()
_UNSAFE = re.compile(
    r"<(?:script|style|iframe|svg|form|meta|object|embed)\b"
    r"|\son\w+=\s*[\"']|(?:href|src)=\"\s*(?:javascript|data|vbscript):",
    re.I,
)


def page_of(data: bytes) -> bytes:
    """Fuzzer's bytes in, a page out: as they are, or each byte a piece of markup or of text."""
    if data[:1] < b"\x80":
        return data[1:]
    return b"".join(_PIECES[byte % len(_PIECES)] if byte < 224 else bytes([byte % 95 + 32]) for byte in data[1:])


def check(article: Article) -> None:
    """What must be true of any article."""
    record = article.to_dict()
    json.dumps(record, ensure_ascii=False).encode()
    assert article.text or article.warnings
    assert 0 <= article.confidence <= 1
    for tag in re.findall(r"<[^>]*>", article.html):
        assert not _UNSAFE.search(tag), tag


def one_input(data: bytes) -> None:
    """Called by the fuzzer with each input."""
    if data:
        start = time.thread_time()
        check(CLEANER.clean(page_of(data), "https://paper.example/a" if data[0] % 2 else None, input=_KINDS[data[0] % 3]))
        assert time.thread_time() - start < SECONDS


def main() -> None:
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
