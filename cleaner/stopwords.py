"""The commonest short words of languages in Latin and Cyrillic script: enough to tell the languages apart, no more."""

from __future__ import annotations

from functools import cache

_WORDS = {
    "bg": "и на да се от за не са е по с в че ще като до към след тя той му или това които който бе беше при може също още има",
    "ca": "el la els les de del i a en que un una per amb no és són es al com més però han ha ser va seva aquest aquesta també dels "
    "perquè quan fins molt tot tots sense entre sobre després abans ara encara només estat anys on qui cada altres nou nova dos",
    "cs": "a v na se že je o s z do k i za by pro po jako jsou ale které který jeho jsem byl bylo byla také podle však nebo která ve jen "
    "už této tento tato svou své mezi před při než bude budou může musí jsme lidí let roku řekl uvedl protože pokud když kde ani "
    "až více dnes proti",
    "da": "og i at er en til af det på for de med den som har ikke et der han var fra kan vil men skal blev også efter sig hun bliver "
    "noget meget mig nogle siger mere havde været uden mod endnu nu gennem mellem hvad hvor deres skulle kunne ville fordi flere "
    "kun man over under",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach "
    "wird wie noch nur oder zum zur beim sind wurde haben hatte kann um so bei vom diese dieser wenn aber mehr schon über durch "
    "unter war sein seine ihre wir uns vor",
    "en": "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which you we been",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha este sí porque esta son entre "
    "fue ser muy ya sin sobre también hasta hay donde desde todo nos durante todos uno ni contra otros ese eso ante ellos cuando "
    "fueron había años qué quien",
    "et": "ja on ei et kui ka oli see mis ning oma ta seda aga kes nii veel olid mida selle või pärast välja siis ole eesti mille kas "
    "kus enne juba üle alla koos kuid ehk sest siin olla saab saanud aasta aastal inimesed eest mitte peab tema meie nende teine "
    "ainult ütles",
    "fi": "ja on ei se että oli hän mutta myös ovat kun joka sen tai mukaan kuin ole ollut vuoden niin sekä mitä nyt jos hänen olla ne "
    "jo voi kanssa jälkeen ennen vielä vain koska jotka tämä tämän eivät olisi saa pitää kertoo kertoi vuonna suomen noin sitä "
    "siitä siellä",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont mais avec ou son aux l d qu "
    "cette été était elle leur leurs ses sans entre aussi après avant deux très être fait comme même tout tous ces nous vous "
    "depuis encore lors ans contre si peut sous",
    "hr": "i u je se na da su za od koji s a o ne kako će bi iz što nije koje sve samo do koja kao ili bio te jer prema još biti nakon "
    "prije zbog više kada ali ako tako taj ta to nisu bila bili bilo godine godina danas kojih kojima oko jedan",
    "hu": "a az és hogy nem is egy de meg volt csak ez már még el azt mint van ha vagy kell lesz után amely között szerint majd ki ezt "
    "akkor több mert alatt voltak minden pedig ezek azok neki illetve ebben ahol amikor lehet során által",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih kata sudah "
    "oleh telah serta bagi saat tak hanya atau seperti menjadi namun kami kita agar hingga setelah sebagai antara secara para "
    "masih orang harus dapat kepada tahun",
    "it": "di e che la il un a è per in una non sono del con i le si da come al dei nel della più ma anche ha gli alla questo delle lo "
    "stato stata sua suo suoi loro anni essere fatto due quando dove molto dopo prima senza fra tra ci chi ed era sul sulla dalla "
    "dallo agli nell hanno può così",
    "lt": "ir kad į iš su tai bet kaip yra buvo apie ne jis po už ar nuo dar jau kurie tik prie dėl metų taip savo šį gali kuri kuris "
    "labai pat todėl tačiau nes iki nei visi mūsų jų pagal prieš metais sakė turi būti dabar čia daugiau jos",
    "lv": "un ir ar par no uz ka kas bija tas bet arī kā pēc gan to lai ne vai tika šo viņš nav pie jau gada latvijas kad ko pirms līdz "
    "tiek šī šis savu viņa mūsu visi vairāk nekā jo pat jāņem teica būt būs var vēl tagad kopā pret",
    "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook als bij door maar naar heeft uit nog wordt ze hij dan "
    "werd worden waren veel zou kan meer geen deze over tot toe zich onder hun haar tegen alle moet kunnen wel onze toch waar wat "
    "hebben had was ons zo na tijdens",
    "no": "og i det er en til som på å av for at med de ikke den har et om var fra kan vil men skal han etter ble seg også hun bare opp "
    "blir blitt noe mye meg noen sier mer hadde vært uten mot nå gjennom mellom hva fortsatt hvor deres skulle kunne ville fordi "
    "flere over under",
    "pl": "w i na z się do nie że to jest o od po za jak przez ale dla tym są co tego który oraz ze już czy być która jego był może "
    "które jej ich będzie była były było przed przy bez pod nad tylko także tak tej te ten ta kiedy gdzie gdy więc jednak lat roku "
    "można został została niż nawet podczas",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao das à seu sua ou são também pelo "
    "foram pela pelos pelas até sem muito já quando mesmo ainda entre depois onde nos nas isso esta este essa esse ele ela eles "
    "está tem há anos ter ser nem porque",
    "ro": "de și în a la cu pe care din nu că o un este pentru mai să au fost sunt ale prin dar fi după cel iar lui sau către al am lor "
    "ei ea el s-a va avea acest această acesta despre până fără unde când foarte numai doar încă ani toate tot ca mult astfel "
    "între peste sub fiind trebuie",
    "ru": "и в не на что он с как это по но к из у за от о так же для его то было был они если бы или уже также при после когда",
    "sk": "a v na sa že je o s z do aj za by pre po ako sú ale ktoré ktorý jeho som bol bolo bola tiež podľa však alebo ktorá vo už len "
    "tento táto svoje medzi pred keď kde ani až viac bude budú môže musí sme ľudí rokov roku povedal uviedol pretože dnes proti "
    "iba boli ich jej tak",
    "sl": "in je v na da se za so ki tudi pa z po kot od bi ne še ali pri bo do ga sta smo bil bila kar zaradi med lahko pred ker že "
    "samo več bilo biti bodo brez pod nad ter tem ta to te tega njegov njihov leta let vendar danes jih jo nas",
    "sr": "и у је се на да су за од који са а не како ће би из што није које све само до која као или био те јер према још",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag från vi så kan när efter ska också vid hade "
    "mycket mig sig några säger mer varit utan mot nu genom mellan vad deras skulle kunde ville eftersom flera bara man över under "
    "blev blir alla då sedan",
    "tr": "ve bir bu da de için çok ile daha olarak gibi kadar sonra ne olan var en ama her mi o göre değil ya ise olduğunu dedi şey "
    "bunu olduğu tarafından üzere ancak bile sadece hem nasıl neden çünkü önce şimdi hiç bazı ben sen biz siz onlar onun yer yıl "
    "yeni ilk iki büyük yok",
    "uk": "і в на не що з до та у як за це він від про але для й яка який його під було був також після або вони ще їх які де",
    "vi": "là của và có các không được trong một cho với người này đã những khi để tại cũng về ra đến từ theo nhiều như năm vào sẽ đó họ "
    "chỉ còn việc anh ông bà thể nên vì sau trước trên dưới thì mà nếu vẫn rất phải làm biết nói hơn lại nay hai đang bị do",
}  # fmt: skip

LETTERS = {
    "cs": "ěřů", "de": "ß", "es": "ñ¿", "hu": "őű", "lt": "ėįų", "lv": "āēīķļņģ", "pl": "łśźż",
    "pt": "ã", "ro": "șțţ", "sk": "ľĺŕ", "tr": "ğı",
}  # fmt: skip
"""Letters in Latin script that only one of these languages writes."""

LANGUAGES = frozenset(_WORDS)
"""ISO 639-1 codes of the languages with a list."""


@cache
def votes() -> dict[str, tuple[tuple[str, float], ...]]:
    """Word -> the languages it speaks for, each with its weight: a word shared by n languages counts 1/n."""
    owners: dict[str, list[str]] = {}
    for code, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            owners.setdefault(word, []).append(code)
    return {word: tuple((code, 1 / len(codes)) for code in codes) for word, codes in owners.items()}
