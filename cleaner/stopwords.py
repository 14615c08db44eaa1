"""The commonest short words of languages in Latin and Cyrillic script: enough to tell the languages apart, no more."""

from __future__ import annotations

from functools import cache

_WORDS = {
    "bg": "и на да се от за не са е по с в че ще като до към след тя той му или това които който бе беше при може също още има",
    "ca": "el la els les de del i a en que un una per amb no és són es al com més però han ha ser va seva aquest aquesta també dels",
    "cs": "a v na se že je o s z do k i za by pro po jako jsou ale které který jeho jsem byl bylo byla také podle však nebo která ve",
    "da": "og i at er en til af det på for de med den som har ikke et der han var fra kan vil men skal blev også efter sig hun af",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach",
    "en": "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which you we been",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha este sí porque esta son entre",
    "et": "ja on ei et kui ka oli see mis ning oma ta seda aga kes nii veel olid mida selle või pärast välja siis ole eesti",
    "fi": "ja on ei se että oli hän mutta myös ovat kun joka sen tai mukaan kuin ole ollut vuoden niin sekä mitä nyt jos hänen olla ne jo",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont mais avec ou son aux l d qu",
    "hr": "i u je se na da su za od koji s a o ne kako će bi iz što nije koje sve samo do koja kao ili bio te jer prema još biti",
    "hu": "a az és hogy nem is egy de meg volt csak ez már még el azt mint van ha vagy kell lesz után amely között szerint majd ki ezt",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih kata sudah",
    "it": "di e che la il un a è per in una non sono del con i le si da come al dei nel della più ma anche ha gli alla questo delle lo",
    "lt": "ir kad į iš su tai bet kaip yra buvo apie ne jis po už ar nuo dar jau kurie tik prie dėl metų taip savo šį gali",
    "lv": "un ir ar par no uz ka kas bija tas bet arī kā pēc gan to lai ne vai tika šo viņš nav pie jau gada latvijas",
    "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook als bij door maar naar heeft uit nog wordt ze hij dan",
    "no": "og i det er en til som på å av for at med de ikke den har et om var fra kan vil men skal han etter ble seg også hun bare opp",
    "pl": "w i na z się do nie że to jest o od po za jak przez ale dla tym są co tego który oraz ze już czy być która jego był może które",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao das à seu sua ou são também pelo",
    "ro": "de și în a la cu pe care din nu că o un este pentru mai să au fost sunt ale prin dar fi după cel iar lui sau către al am",
    "ru": "и в не на что он с как это по но к из у за от о так же для его то было был они если бы или уже также при после когда",
    "sk": "a v na sa že je o s z do aj za by pre po ako sú ale ktoré ktorý jeho som bol bolo bola tiež podľa však alebo ktorá vo",
    "sl": "in je v na da se za so ki tudi pa z po kot od bi ne še ali pri bo do ga sta smo bil bila kar zaradi med lahko",
    "sr": "и у је се на да су за од који са а не како ће би из што није које све само до која као или био те јер према још",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag från vi så kan när efter ska också vid hade",
    "tr": "ve bir bu da de için çok ile daha olarak gibi kadar sonra ne olan var en ama her mi o göre değil ya ise olduğunu dedi şey bunu",
    "uk": "і в на не що з до та у як за це він від про але для й яка який його під було був також після або вони ще їх які де",
    "vi": "là của và có các không được trong một cho với người này đã những khi để tại cũng về ra đến từ theo nhiều như năm vào sẽ đó",
}  # fmt: skip

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
