"""What a document is by its first characters: HTML, a feed, JSON, plain text, or a binary format that is no page."""

from __future__ import annotations

import re

_START = 16384
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"?PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\1\0", "an icon"),
    (b"PK\5\6", "an empty ZIP archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"OggS\0", "an Ogg file"),
    (b"ID3\2", "an MP3 file"),
    (b"ID3\3", "an MP3 file"),
    (b"ID3\4", "an MP3 file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
)
_COMPRESSED: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh91AY&SY", "bzip2"),
)
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\r\f\x1b"})

_SPACE = re.compile(r"\s*")
_DOCUMENT = re.compile(r"<(?:!doctype\s+html|html|head|body|frameset)\b", re.I)
_XML = re.compile(r"<(?:\?xml\b|!doctype\s+(?!html)|rss\b|feed\b|rdf:rdf\b|urlset\b|sitemapindex\b|svg\b)", re.I)
_XML_ROOT = re.compile(r"<([a-z][\w:.-]*)", re.I)
_BLOCK_TAGS = (
    "p|div|h[1-6]|ul|ol|li|dl|table|tr|td|th|section|article|main|header|footer|nav|aside|blockquote|pre|figure|form|br|hr|body|title|meta|link|script|style"
)
_INLINE_TAGS = "a|abbr|b|strong|i|em|u|s|span|font|img|code|sup|sub|small|center|time|iframe|picture|video|button|svg|noscript|input|label"
_TAG = re.compile(rf"<(/?)(?:({_BLOCK_TAGS})|{_INLINE_TAGS})(?:\s[^<>]{{0,2000}})?/?>", re.I)


def binary_reason(start: bytes, *, wide: bool = False) -> str:
    """The first few KB in; why this is no page out, empty when it may be one. ``wide``: UTF-16 or 32, whose NULs are no evidence."""
    for magic, name in _MAGIC:
        if start.startswith(magic):
            return f"this is {name}, not a web page"
    for magic, name in _COMPRESSED:
        if start.startswith(magic):
            return f"{name}: decompress it first"
    if start.startswith(b"PK\3\4"):
        return f"this is {_zip_name(start)}, not a web page"
    if start.startswith(b"RIFF") and start[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "this is a WebP image, not a web page" if start[8:12] == b"WEBP" else "this is a sound or film file, not a web page"
    if start[4:8] == b"ftyp":
        return "this is an AVIF image, not a web page" if start[8:12] == b"avif" else "this is an MP4 film or HEIC image, not a web page"
    if wide or start.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return ""
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return "this is binary data, not a web page" if controls > 3 and controls * 20 > len(start) else ""


def looks_like_html(text: str) -> bool:
    """A decoded document in, whether it is HTML (a page or a fragment of one) out. Prose that mentions tags is not."""
    begin = _after_comments(text)
    if text.startswith("<", begin) and (_DOCUMENT.match(text, begin) or _XML.match(text, begin)):
        return True
    if text[-200:].rstrip().lower().endswith("</html>"):
        return True
    start = text[begin : begin + _START]
    tags = list(_TAG.finditer(start))
    if not any(tag[2] for tag in tags):
        return _is_inline_fragment(start, tags)
    if start.startswith("<") and tags[0].start() == 0:
        return True
    return len(tags) >= 3 and _tagged_lines(start) >= 0.5


def looks_like_feed(text: str) -> bool:
    """Whether a decoded document is XML of another kind than XHTML: a feed, a site map, a drawing."""
    start = text[:2048].lstrip()
    root = _XML_ROOT.search(start) if _XML.match(start) else None
    return root is not None and root[1].lower() != "html"


def looks_like_json(text: str) -> bool:
    """Whether a decoded document opens and closes like a JSON object or a list of objects."""
    start, end = text[:200].lstrip(), text[-200:].rstrip()
    return bool(re.match(r"\{\s*\"|\[\s*[{\[\"]", start)) and end.endswith(("}", "]"))


def _after_comments(text: str) -> int:
    """Where the document begins once white space and leading comments are passed."""
    begin = _skip_space(text, 0)
    while text.startswith("<!--", begin) and (end := text.find("-->", begin)) > 0:
        begin = _skip_space(text, end + 3)
    return begin


def _skip_space(text: str, begin: int) -> int:
    space = _SPACE.match(text, begin)
    return space.end() if space else begin


def _is_inline_fragment(start: str, tags: list[re.Match[str]]) -> bool:
    """``<b>Hello</b> <i>world</i>``: begins with a tag, and tags are closed again."""
    return bool(tags) and tags[0].start() == 0 and any(tag[1] for tag in tags) and _tagged_lines(start) >= 0.5


def _tagged_lines(start: str) -> float:
    lines = [line for line in start.split("\n") if line.strip()]
    return sum(1 for line in lines if _TAG.search(line)) / max(1, len(lines))


def _zip_name(start: bytes) -> str:
    if b"word/" in start or b"[Content_Types].xml" in start:
        return "an Office document (docx, xlsx or pptx)"
    if b"mimetypeapplication/epub" in start:
        return "an EPUB book"
    if b"mimetypeapplication/vnd.oasis" in start:
        return "an OpenDocument file"
    return "a ZIP archive"
