"""The seed corpus: the sample pages, and one page a kind of trouble. ``python fuzz/seeds.py FOLDER`` writes it."""

from __future__ import annotations

import sys
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"
_LONGEST = 4_000
_TROUBLE = [
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf<p>x", b"%PDF-1.7", b"<" * 50, b"&" * 50, b"<a " * 50, b"<div>" * 300, b"{" * 50, b"<!--" * 20,
    b"<p hidden>x<p style='display:none;color:rgb(0,0,0)'>y", b"<table><tr><td colspan=9007199254740991>x<td>y<tr><th>z",
    b"<script type=application/ld+json>[{\"@graph\":[{\"@type\":[\"NewsArticle\"],\"author\":[{\"name\":\"\\ud800\"}]}]}</script>x",
    b"<ul><li>a<ul><li>b<blockquote>c<pre>d\n\te</pre></blockquote></ul></ul>", "\ufeff\u2028\u200b\u00ad\u202e語".encode(),
    "Größe und Köche".encode("cp1252"), "Сегодня утром".encode("koi8-r"), b"+ADw-script+AD4-", "Ã©tÃ© â€œquotedâ€\u009d".encode(),
]  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    pages = [page.read_bytes()[:_LONGEST] for page in sorted(SAMPLES.glob("**/page.*"))]
    for at, data in enumerate([*_TROUBLE, *(bytes([kind]) + page for kind, page in zip([0, 1, 2, 3] * len(pages), pages, strict=False))]):
        (folder / f"seed-{at:04}").write_bytes(data)
    for at in range(0, 256, 8):
        (folder / f"pieces-{at:03}").write_bytes(bytes([0x80 + at // 8, *(byte % 256 for byte in range(at, at + 40))]))


if __name__ == "__main__":
    main()
