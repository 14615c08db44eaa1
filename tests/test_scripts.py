"""Wordings in scripts without spaces, with accents of their own, or with four kinds of i; and the pack of the language a page speaks."""

from __future__ import annotations

import pytest
from conftest import PROSE
from test_language import NEWS
from test_pattern import one_rule, tried

from cleaner import Cleaner
from cleaner.language import spoken
from cleaner.page import read_html
from cleaner.rulefile import Rule
from cleaner.text import count_words
from cleaner.textpage import read_text
from cleaner.wording import says


@pytest.mark.parametrize(
    ("keys", "text", "matches"),
    [
        ({"starts": "相关阅读"}, "相关阅读老桥是怎样修好的", True),
        ({"ends": "版权所有"}, "河口日报版权所有", True),
        ({"contains": "公众号"}, "欢迎关注我们的微信公众号获取更多", True),
        ({"starts": "関連記事"}, "関連記事橋はこうして直された", True),
        ({"contains": "メルマガ"}, "無料メルマガ登録", True),
        ({"starts": "อ่าน"}, "อ่านต่อ", True),
        ({"contains": "관련기사"}, "▶관련기사보기", True),
        ({"starts": "이전"}, "이전글", True),
        ({"starts": "पढ़"}, "पढ़ें", False),
        ({"starts": "पढ़ें"}, "पढ़ें और भी", True),
        ({"contains": "اقرأ"}, "اقرأ أيضا", True),
        ({"contains": "قرأ"}, "اقرأ أيضا", False),
        ({"ends": "читайте"}, "зачитайте", False),
        ({"phrase": "更多"}, "更多：", True),
        ({"contains": "关注", "max_words": 5}, "他们整整一个冬天都在关注这座桥", False),
    ],
)
def test_wordings_stand_inside_unspaced_text_but_not_inside_words(keys: dict[str, object], text: str, matches: bool) -> None:
    assert says(Rule(id="x", **keys), text) is matches  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("text: '^içeriğe geç'", "İçeriğe geç"),
        ("text: '^yazının devamı'", "YAZININ DEVAMI"),
        ("text: '^ilgili'", "İLGİLİ HABERLER"),
        ("text: 'sakl[ıi]'", "TÜM HAKLARI SAKLIDIR"),
        ("text: 'saklıdır'", "TÜM HAKLARI SAKLIDIR"),
        ("text: '^\\W*(?:广告|文)\\W*$'", "【文】"),
        ("text: '^\\W*読む$|^\\W*次へ$'", "▶次へ"),
        ("text: '^\\W*(?:[اإأ]قر[أا]) أيضا'", "إقرأ أيضا"),
    ],
)
def test_the_index_proposes_them(keys: str, text: str) -> None:
    rules, rule = one_rule(keys)
    assert says(rule, text)
    assert ("generic", "x") in tried(rules, text)


@pytest.mark.parametrize("text", ["未经书面许可，禁止转载本站内容。", "本サイトは無断転載を禁じます。", "ห้ามคัดลอกเนื้อหาโดยไม่ได้รับอนุญาต"])
def test_two_characters_count_as_a_word_where_nobody_writes_spaces(text: str) -> None:
    assert len(text) // 2 - 3 <= count_words(text) <= len(text)


@pytest.mark.parametrize("code", sorted(set(NEWS) - {"da", "no"}))
def test_a_glance_tells_the_language_of_a_text_page(code: str) -> None:
    assert spoken(read_text(f"Menu\n\n{NEWS[code]}\n\nFacebook").blocks) == code


@pytest.mark.parametrize("text", ["", "OK", "12 345 678 901 234 567 890 123", "Canon EOS R5 Mark II, Nikon Z8, Sony A7 IV"])
def test_a_glance_does_not_guess(text: str) -> None:
    assert spoken(read_text(text).blocks) is None


def applied(page: str, cleaner: Cleaner) -> set[str]:
    return {layer.name for layer in cleaner.clean(page).template if layer.layer == "language"}


def test_the_pack_of_the_language_applies_whatever_the_page_declares() -> None:
    cleaner = Cleaner()
    text = f"{NEWS['ru']}\n\n{NEWS['ru']}"
    assert applied(text, cleaner) == {"phrases/en", "phrases/ru"}
    assert applied(f"<html lang='en'><body><p>{NEWS['zh']}</p></body></html>", cleaner) == {"phrases/en", "phrases/zh"}
    assert applied(f"<html lang='zh-Hant-TW'><body><p>{PROSE}</p></body></html>", cleaner) == {"phrases/en", "phrases/zh"}
    assert applied(f"<html lang='en'><body><p>{PROSE}</p></body></html>", cleaner) == {"phrases/en"}


def test_a_forced_language_decides_alone() -> None:
    assert applied(f"{NEWS['ru']}\n\n{NEWS['ru']}", Cleaner(language="de")) <= {"phrases/en", "phrases/de"}


def test_the_glance_reads_html_too() -> None:
    assert spoken(read_html(f"<p>{NEWS['ja']}</p><p>Twitter</p>", None).blocks) == "ja"
