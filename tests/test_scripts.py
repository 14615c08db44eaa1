"""Wordings in scripts without spaces, with accents of their own, or with four kinds of i; and the pack of the language a page speaks."""

from __future__ import annotations

import pytest
from conftest import PROSE
from test_language import NEWS
from test_pattern import one_rule, tried

from cleaner import Cleaner
from cleaner.language import spoken
from cleaner.load import load
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


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ru", "Главный и единственный канал связи оборвался ещё ночью."),
        ("ru", "Наш канал прорыли в 1937 году, вспоминает смотритель."),
        ("ru", "Источник — подземные воды."),
        ("ru", "Новости — дело тонкое, сказал редактор."),
        ("uk", "Ми в каналі провели все літо, згадує рибалка."),
        ("uk", "Джерело — підземні води."),
        ("tr", "YouTube kanalına yüklenen video bir günde silindi."),
        ("tr", "Çerez satan dükkânda fıstık da kullanılır."),
        ("zh", "他加入了Facebook，第二年成为主管。"),
        ("zh", "记者会结束"),
        ("zh", "警方关注的是另一个微博账号，账号主人早已离开。"),
        ("ja", "彼女のXをフォローする人は三百人だった。"),
        ("ja", "クッキーの使用をやめる会社が増えた。"),
        ("ko", "유튜브 채널 구독자가 하루 만에 두 배로 늘었다."),
        ("ko", "브라우저는 이제 쿠키를 사용하지 않는다."),
        ("ar", "انضم إلى قناة محلية عام 2003 مراسلا."),
        ("ar", "تابع الملايين الخطاب على فيسبوك مساء أمس."),
        ("he", "העוגיות נאפו עשר דקות בתנור חם."),
        ("vi", "Chia sẻ trên Facebook, ông Hải nói cây cầu sẽ đóng một năm."),
        ("vi", "Nhận được email từ hải quan, ông Hải ra cảng."),
        ("id", "Ia bergabung dengan Facebook pada tahun 2012."),
        ("fa", "کانال تلگرام روزنامه دیروز بسته شد."),
    ],
)
def test_sentences_that_talk_about_the_thing_match_no_rule(language: str, sentence: str) -> None:
    pack = next(file.document for file in load().files if file.name == f"phrases/{language}")
    assert [rule.id for rule in pack.drop if not rule.css and says(rule, sentence)] == []


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
