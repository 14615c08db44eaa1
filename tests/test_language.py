"""The language of an article, from the declaration, the words and the letters."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from cleaner.language import code_of, language

NEWS = {
    "en": "The council has said that it will publish the results of the survey before the end of the month, and "
    "that nobody should draw conclusions from early figures.",
    "de": "Die Stadt hat am Montag mitgeteilt, dass die neue Schule im Herbst nicht eröffnet wird, weil das Geld "
    "für den Bau noch fehlt und die Arbeiten dauern.",
    "fr": "La ville a annoncé lundi que la nouvelle école ne sera pas ouverte cet automne, parce que l’argent manque "
    "encore pour les travaux et que le chantier dure.",
    "es": "La ciudad anunció el lunes que la nueva escuela no se abrirá este otoño, porque todavía falta dinero "
    "para las obras y los trabajos van con retraso.",
    "it": "La città ha annunciato lunedì che la nuova scuola non aprirà in autunno, perché mancano ancora i soldi "
    "per i lavori e il cantiere è in ritardo.",
    "pt": "A cidade anunciou na segunda-feira que a nova escola não será aberta neste outono, porque ainda falta "
    "dinheiro para as obras e os trabalhos estão atrasados.",
    "nl": "De stad heeft maandag bekendgemaakt dat de nieuwe school in het najaar niet opengaat, omdat er nog geld "
    "nodig is voor de bouw en het werk vertraging heeft.",
    "sv": "Staden meddelade på måndagen att den nya skolan inte kommer att öppna i höst, eftersom det fortfarande "
    "saknas pengar till bygget och arbetet är försenat.",
    "da": "Byen meddelte mandag, at den nye skole ikke åbner til efteråret, fordi der stadig mangler penge til byggeriet, "
    "og arbejdet er blevet forsinket af vejret.",
    "no": "Byen meldte mandag at den nye skolen ikke åpner til høsten, fordi det fortsatt mangler penger til byggingen "
    "og arbeidet har blitt forsinket av været.",
    "fi": "Kaupunki kertoi maanantaina, että uusi koulu ei avaudu syksyllä, koska rahaa puuttuu vielä ja työt ovat "
    "myöhässä, mutta lapset ovat jo tulossa.",
    "pl": "Miasto poinformowało w poniedziałek, że nowa szkoła nie zostanie otwarta jesienią, ponieważ nadal brakuje "
    "pieniędzy na budowę, a prace się opóźniają.",
    "cs": "Město v pondělí oznámilo, že se nová škola na podzim neotevře, protože na stavbu stále chybí peníze a "
    "práce jsou opožděné, ale děti už čekají.",
    "sk": "Mesto v pondelok oznámilo, že nová škola sa na jeseň neotvorí, pretože na stavbu stále chýbajú peniaze "
    "a práce sú oneskorené, ale deti už čakajú.",
    "hu": "A város hétfőn közölte, hogy az új iskola nem nyílik meg ősszel, mert még hiányzik a pénz az építkezésre, "
    "és a munka is késik, de már várják.",
    "ro": "Orașul a anunțat luni că noua școală nu va fi deschisă în toamnă, pentru că încă lipsesc bani pentru "
    "lucrări și că acestea sunt întârziate.",
    "hr": "Grad je u ponedjeljak objavio da se nova škola neće otvoriti na jesen, jer još nedostaje novca za gradnju, "
    "a radovi kasne i za to nije kriv nitko.",
    "sl": "Mesto je v ponedeljek sporočilo, da se nova šola jeseni ne bo odprla, ker za gradnjo še manjka denarja "
    "in so dela v zamudi, ki pa ni velika.",
    "tr": "Belediye pazartesi günü yeni okulun sonbaharda açılmayacağını duyurdu, çünkü inşaat için daha çok para "
    "gerekiyor ve işler de gecikti, ama olan bu.",
    "id": "Kota itu mengumumkan pada hari Senin bahwa sekolah baru tidak akan dibuka karena uang untuk pembangunan "
    "masih kurang dan pekerjaan juga terlambat.",
    "vi": "Thành phố cho biết hôm thứ hai rằng trường mới sẽ không được mở vào mùa thu, vì vẫn còn thiếu tiền cho "
    "việc xây dựng và các công việc đã bị chậm.",
    "ca": "La ciutat va anunciar dilluns que la nova escola no obrirà aquesta tardor, perquè encara falten diners "
    "per a les obres i els treballs van amb retard.",
    "et": "Linn teatas esmaspäeval, et uus kool ei ava sügisel uksi, sest ehituseks on veel raha puudu ja tööd ka "
    "hilinevad, aga lapsed on juba siin.",
    "lt": "Miestas pirmadienį pranešė, kad nauja mokykla rudenį nebus atidaryta, nes statyboms dar trūksta pinigų "
    "ir darbai vėluoja, bet vaikai jau yra čia.",
    "lv": "Pilsēta pirmdien paziņoja, ka jaunā skola rudenī netiks atvērta, jo celtniecībai vēl trūkst naudas un "
    "darbi kavējas, bet bērni jau ir klāt.",
    "ru": "Город сообщил в понедельник, что новая школа осенью не откроется, потому что на стройку ещё не хватает "
    "денег, и работы идут с опозданием.",
    "uk": "Місто повідомило в понеділок, що нова школа восени не відкриється, бо на будівництво ще не вистачає грошей, "
    "і роботи йдуть із запізненням.",
    "bg": "Градът съобщи в понеделник, че новото училище няма да бъде отворено през есента, защото за строежа още "
    "не достигат пари и работата се бави.",
    "sr": "Град је у понедељак објавио да се нова школа неће отворити на јесен, јер још недостаје новца за градњу, а радови касне.",
    "el": "Ο δήμος ανακοίνωσε τη Δευτέρα ότι το νέο σχολείο δεν θα ανοίξει το φθινόπωρο, επειδή λείπουν ακόμη χρήματα για το έργο.",
    "he": "העירייה הודיעה ביום שני כי בית הספר החדש לא ייפתח בסתיו, משום שעדיין חסר כסף לבנייה והעבודות מתעכבות.",
    "ar": "أعلنت المدينة يوم الاثنين أن المدرسة الجديدة لن تفتح في الخريف لأن المال لا يزال ينقص لأعمال البناء.",
    "fa": "شهرداری روز دوشنبه اعلام کرد که مدرسه جدید در پاییز باز نخواهد شد، زیرا هنوز پول کافی برای ساخت و کار وجود ندارد.",
    "hi": "शहर ने सोमवार को बताया कि नया स्कूल शरद ऋतु में नहीं खुलेगा, क्योंकि निर्माण के लिए अभी भी पैसे की कमी है।",
    "th": "เมืองประกาศเมื่อวันจันทร์ว่าโรงเรียนใหม่จะไม่เปิดในฤดูใบไม้ร่วงเพราะยังขาดเงินสำหรับการก่อสร้าง",
    "ja": "市は月曜日、建設資金がまだ不足しているため、新しい学校はこの秋に開校しないと発表しました。",
    "ko": "시는 월요일 공사 자금이 아직 부족해 새 학교가 올가을에 문을 열지 않는다고 발표했습니다.",
    "zh": "市政府星期一宣布，由于建设资金仍然不足，新学校今年秋天不会开学，工程也将推迟。",
}  # fmt: skip


@pytest.mark.parametrize("code", NEWS)
def test_one_sentence_is_enough_without_a_declaration(code: str) -> None:
    assert language("", [NEWS[code]]) == code


@pytest.mark.parametrize("code", ["ar", "bg", "de", "es", "fi", "fr", "he", "ja", "ko", "pl", "ru", "tr", "uk", "zh"])
def test_text_overrules_a_template_that_says_english(code: str) -> None:
    assert language("en-US", [NEWS[code], NEWS[code]]) == code


def test_capitals_change_nothing() -> None:
    assert language("", [NEWS["de"].upper()]) == "de"
    assert language("", [NEWS["da"].upper()]) == "da"


def test_most_of_the_text_decides() -> None:
    assert language("", ["Subscribe to our newsletter and never miss a story.", NEWS["de"], NEWS["de"] + " " + NEWS["de"]]) == "de"


@pytest.mark.parametrize("declared", ["sw", "eu", "gl-ES", "af", "bs"])
def test_declared_language_without_a_word_list_is_believed_on_its_own_text(declared: str) -> None:
    text = {
        "sw": "Jiji lilitangaza Jumatatu kwamba shule mpya haitafunguliwa kwa sababu fedha za ujenzi bado hazitoshi.",
        "eu": "Udalak astelehenean jakinarazi zuen eskola berria ez dela udazkenean irekiko, dirua falta delako.",
        "gl-ES": "A cidade anunciou o luns que a nova escola non abrirá este outono, porque aínda falta diñeiro para as obras.",
        "af": "Die stad het Maandag gesê dat die nuwe skool nie sal oopmaak nie, want daar is nog nie genoeg geld vir die bouwerk nie.",
        "bs": "Grad je u ponedjeljak objavio da se nova škola neće otvoriti na jesen, jer još nedostaje novca za gradnju, a radovi kasne.",
    }[declared]
    assert language(declared, [text]) == declared[:2]


def test_names_and_numbers_do_not_overrule_the_declaration() -> None:
    assert language("en", ["Canon EOS R5 Mark II, Nikon Z8, Sony A7 IV, Panasonic LUMIX S9, Leica Q3", "1999 2000 2001 2002"]) == "en"


@pytest.mark.parametrize("blocks", [[], [""], ["12 345"], ["OK"], ["\ufffd" * 200], ["1 2 3 " * 100]])
def test_too_little_text_and_no_declaration_is_none(blocks: list[str]) -> None:
    assert language("", blocks) is None
    assert language("fr-CA", blocks) == "fr"


def test_forced_language_settles_it() -> None:
    assert language("en", [NEWS["de"]], forced="PT-br") == "pt"
    assert language("en", [NEWS["de"], NEWS["de"]], forced="not a code") == "de"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-US", "en"),
        (" EN_gb ", "en"),
        ("zh-Hant-TW", "zh"),
        ("nb-NO", "no"),
        ("deu", "de"),
        ("iw", "he"),
        ("en, fr", "en"),
        ("", None),
        ("x-default", None),
        ("english", None),
        ("{{lang}}", None),
    ],
)
def test_tags_as_people_write_them(tag: str, code: str | None) -> None:
    assert code_of(tag) == code


def test_same_answer_in_any_order_and_thread() -> None:
    # Danish and Norwegian share their short words, so that langdetect has to decide each time.
    tasks = [(code, [NEWS[code]]) for code in ("da", "no", "cs", "lv")] * 6
    random.Random(7).shuffle(tasks)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda task: language("", task[1]), tasks))
    assert answers == [code for code, _ in tasks]
