"""Which encoding, which kind of document, and what a reader of the warnings is told."""

from __future__ import annotations

import gzip
import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.decode import decode

RUSSIAN = "Сегодня утром в городе открылась новая школа. Дети пришли рано, родители были рады."
FRENCH = "La rentrée s’est très bien passée à l’école, malgré un été pluvieux."


def page(text: str, head: str = "") -> str:
    return f"<!DOCTYPE html>\n<html><head>{head}<title>x</title></head><body><p>{text}</p></body></html>"


class TestEncoding:
    @pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
    def test_byte_order_mark_wins_over_hint_and_declaration(self, codec: str) -> None:
        text = page(RUSSIAN, '<meta charset="koi8-r">')
        decoded = decode(text.encode(codec), hint="windows-1251")
        assert decoded.text == text
        assert decoded.kind == "html"

    @pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
    def test_wide_encodings_without_a_mark_are_seen_by_their_nuls(self, codec: str) -> None:
        text = page(FRENCH)
        decoded = decode(text.encode(codec))
        assert (decoded.text, decoded.encoding, decoded.warnings) == (text, codec, [])

    @pytest.mark.parametrize("hint", ["windows-1251", "text/html; charset=windows-1251", 'text/html;charset="Windows-1251"; x=y'])
    def test_hint_is_a_label_or_a_content_type(self, hint: str) -> None:
        assert decode(page(RUSSIAN).encode("cp1251"), hint=hint).text == page(RUSSIAN)

    def test_content_type_without_charset_says_nothing(self) -> None:
        decoded = decode(page(FRENCH).encode(), hint="text/html")
        assert (decoded.text, decoded.warnings) == (page(FRENCH), [])

    @pytest.mark.parametrize("hint", ["utf-8", "klingon", "rot13", "unicode_escape"])
    def test_hint_that_cannot_be_true_is_named_and_passed_over(self, hint: str) -> None:
        text = page(RUSSIAN, '<meta charset="windows-1251">')
        decoded = decode(text.encode("cp1251"), hint=hint)
        assert decoded.text == text
        assert hint in decoded.warnings[0]

    def test_valid_utf8_beats_a_declaration_that_lies(self) -> None:
        text = page(FRENCH, '<meta charset="windows-1251">')
        decoded = decode(text.encode())
        assert (decoded.text, decoded.encoding) == (text, "utf-8")
        assert "declares cp1251" in decoded.warnings[0]

    def test_declaration_on_a_page_of_ascii_is_no_lie(self) -> None:
        assert decode(page("plain", '<meta charset="windows-1251">').encode()).warnings == []

    @pytest.mark.parametrize(
        ("declaration", "codec", "text"),
        [
            ('<meta charset="iso-8859-1">', "cp1252", "It’s “fine” – c’est déjà ça"),
            ("<meta charset=windows-1251>", "cp1251", RUSSIAN),
            ('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', "cp932", "①今日は新しい学校が開きました。"),
            ("<META CHARSET='gb2312'>", "gb18030", "今天早上城里新学校开学了，镕"),
            ('<meta charset="x-cp1250">', "cp1250", "Dnes ráno se otevřela škola"),
        ],
    )
    def test_declared_label_is_read_as_browsers_read_it(self, declaration: str, codec: str, text: str) -> None:
        html = page(text, declaration)
        decoded = decode(html.encode(codec))
        assert (decoded.text, decoded.warnings) == (html, [])

    def test_xml_prolog_declares_too(self) -> None:
        html = f'<?xml version="1.0" encoding="iso-8859-5"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{RUSSIAN}</p></body></html>'
        decoded = decode(html.encode("iso8859-5"))
        assert (decoded.text, decoded.kind, decoded.warnings) == (html, "html", [])

    def test_declaration_past_the_head_is_not_read(self) -> None:
        text = page(RUSSIAN) + " " * 5000 + '<meta charset="koi8-r">'
        assert RUSSIAN in decode(text.encode("cp1251")).text

    @pytest.mark.parametrize(
        ("codec", "text"),
        [
            ("cp1251", RUSSIAN),
            ("koi8-r", RUSSIAN),
            ("cp1252", FRENCH),
            ("cp1252", "La città è bella perché c’è il mare, così più gente può venire lì."),
            ("cp1250", "Dnes ráno se v městě otevřela nová škola. Děti přišly brzy, rodiče byli šťastní."),
            ("cp1250", "Az új iskola ma reggel nyílt meg a városban. A szülők nagyon örültek, végül sikerült, tűző napon."),
            ("iso2022_jp", "今日は新しい学校が開きました。"),
            ("euc_jp", "今日は新しい学校が開きました。子どもたちは早く来ました。"),
            ("cp949", "오늘 아침 도시에 새 학교가 문을 열었습니다."),
        ],
    )
    def test_without_any_declaration_the_sample_decides(self, codec: str, text: str) -> None:
        assert decode(page(text).encode(codec)).text == page(text)

    def test_letters_far_down_the_page_are_sampled(self) -> None:
        text = page("plain words " * 20_000 + RUSSIAN)
        assert decode(text.encode("cp1251")).text == text

    def test_a_few_broken_bytes_do_not_spoil_utf8(self) -> None:
        data = page(RUSSIAN).encode().replace("школа".encode(), b"\xd1\xff", 1)
        decoded = decode(data)
        assert decoded.encoding == "utf-8"
        assert "Сегодня утром" in decoded.text
        assert "replaced" in decoded.warnings[0]

    def test_utf8_cut_in_the_middle_of_a_letter(self) -> None:
        decoded = decode(page(RUSSIAN).encode()[: page(RUSSIAN).encode().index("рады".encode()) + 1])
        assert decoded.encoding == "utf-8"
        assert decoded.text.endswith("были \ufffd")

    def test_declared_utf8_that_is_windows_1252(self) -> None:
        decoded = decode(page("It’s “fine” — really", '<meta charset="utf-8">').encode("cp1252"))
        assert "It’s “fine” — really" in decoded.text
        assert "declares utf-8" in decoded.warnings[0]


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        (page(FRENCH * 3).encode().decode("cp1252", "replace").encode(), "mojibake: "),
        (page(FRENCH * 9).encode() + f"<p>{FRENCH * 3}</p>".encode("cp1252"), "could not be read|mojibake: "),
        (b"<meta charset=utf-7><p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</p>", "an encoding that is not read: 'utf-7'"),
        (b"<meta charset=rot13><p>x</p>", "an encoding that is not read: 'rot13'"),
    ],
)
def test_what_is_wrong_with_the_characters_is_said(data: bytes, warning: str) -> None:
    decoded = decode(data)
    assert any(re.search(warning, said) for said in decoded.warnings)
    assert "<script" not in decoded.text


@pytest.mark.parametrize("text", ["SÃO PAULO Ã ÂNGELA Â", "ÃO ÃE Ãü", "l’âme, le château", "Ngôn ngữ ÂM NHẠC", "£5 and 3 Â° twice Â°"])
def test_words_that_only_look_odd_are_no_mojibake(text: str) -> None:
    assert decode(page(text).encode()).warnings == []


def test_characters_nobody_sees_are_normalised_in_one_way() -> None:
    article = Cleaner(builtin=False).clean(page("ex\u00adtra\u200b\u2060\ufeff&shy;ordinary&nbsp;thing \u2003 x, می\u200cخواهم 👨\u200d👩"))
    assert [block.text for block in article.blocks] == ["extraordinary thing x, می\u200cخواهم 👨\u200d👩"]


class TestText:
    def test_newlines_nuls_and_mark_are_tidied(self) -> None:
        assert decode("\ufeffone\r\ntwo\rthr\0ee\n").text == "one\ntwo\nthree\n"

    def test_lone_surrogates_are_replaced_and_pairs_joined(self) -> None:
        decoded = decode("a\ud800b \ud83d\ude00")
        assert decoded.text == "a\ufffdb \U0001f600"
        assert decoded.encoding == "unicode"
        assert decoded.warnings

    @pytest.mark.parametrize("data", [b"", "", b"\xef\xbb\xbf", b"\xff\xfe", b"\n \n"])
    def test_nothing_is_text(self, data: bytes | str) -> None:
        decoded = decode(data)
        assert (decoded.kind, decoded.text.strip(), decoded.warnings) == ("text", "", [])

    @given(st.binary(max_size=300), st.none() | st.text(max_size=30))
    def test_any_bytes_give_clean_text(self, data: bytes, hint: str | None) -> None:
        decoded = decode(data, hint=hint)
        decoded.text.encode("utf-8")
        assert "\0" not in decoded.text
        assert (decoded.kind == "binary") == bool(decoded.reason)


def docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


class TestKind:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "this is a PDF, not a web page"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
            (b"GIF89a\x01\0\x01\0", "GIF"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", "WebP"),
            (docx(), "Office document"),
            (gzip.compress(page("x").encode(), mtime=0), "gzip: decompress it first"),
            (bytes(range(256)) * 8, "binary data"),
            (b"\0" * 100, "binary data"),
        ],
    )
    def test_what_is_no_page_says_what_it_is(self, data: bytes, reason: str) -> None:
        decoded = decode(data)
        assert (decoded.kind, decoded.text) == ("binary", "")
        assert reason in decoded.reason

    def test_pdf_that_someone_decoded_is_still_a_pdf(self) -> None:
        assert decode("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>").kind == "binary"

    @pytest.mark.parametrize(
        "text",
        [
            page("hello"),
            "\n\n<!-- saved from a site -->\n<HTML><BODY>hello",
            "<p>One.</p><p>Two.</p>",
            "<div class='a'>One</div>",
            "<h1>Only a heading</h1>\nand a tail",
            '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html><body/></html>',
            "Opening words<br>\nand more<br>\nand an end<br>\n",
            "<b>Hello</b> <i>world</i>",
            "Warning: something failed on line 3\n" + page("x"),
        ],
    )
    def test_html(self, text: str) -> None:
        decoded = decode(text)
        assert (decoded.kind, decoded.warnings) == ("html", [])

    @pytest.mark.parametrize(
        "text",
        [
            "The tag <b> makes text bold and </b> ends it.\n\nUse it with care.",
            "If a < b and b > c, then nothing follows.",
            "A tutorial.\n\nEvery page begins with\n\n<html>\n\nand it is as simple as that.\n\nThen come the words.\n\nAnd the end.",
            "Write to Ann <ann@example.com> or see <https://example.com>.",
            "<3 this article",
            "Menu\n  • Stock\n\nA title\n\nA paragraph.",
        ],
    )
    def test_plain_text(self, text: str) -> None:
        decoded = decode(text)
        assert (decoded.kind, decoded.text, decoded.warnings) == ("text", text, [])

    def test_feed_is_read_as_html_with_a_warning(self) -> None:
        decoded = decode('<?xml version="1.0"?><rss version="2.0"><channel><item><title>x</title></item></channel></rss>')
        assert decoded.kind == "html"
        assert "feed" in decoded.warnings[0]

    def test_json_is_read_as_text_with_a_warning(self) -> None:
        decoded = decode('{"html": "<p>One</p>"}')
        assert decoded.kind == "text"
        assert "JSON" in decoded.warnings[0]

    def test_input_forces_the_kind_but_not_on_a_pdf(self) -> None:
        assert decode("plain words", input="html").kind == "html"
        assert decode(page("x"), input="text").kind == "text"
        assert decode(b"%PDF-1.7", input="html").kind == "binary"
