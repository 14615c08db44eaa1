"""What stands before a name or a date in a byline, in the languages that phrase packs know: alternatives for patterns.

Words that stand for nothing else are used bare ("by Jane Doe"); those that also begin sentences and titles want a colon ("Text: Jane Doe").
"""

BY = (
    r"by|authors?|von|par|por|di|door|av|af|przez|автор|oleh|bởi|بقلم|بواسطة|מאת|"
    r"skriven av|skrevet a[vf]|kirjoittanut|escrito por|écrit par|scritto da|verfasst von|geschrieben von|geschreven door|scris de|escrit per|"  # noqa: E501
    r"γράφ(?:ει|ουν) (?:ο|η|οι)|ditulis oleh"
)
"""Bare words before a name."""
BY_COLON = (
    r"autor(?:a|e|i|es|as|en|in|ka|ky|ul)?|auteure?s?|autrice|författare|forfattere?|kirjoittajat?|teksti?|tekst|texte?|texto|testo|tekst i zdjęcia|"  # noqa: E501
    r"verfasser(?:in)?|redaktør|skribent|journalist|napsala?|napísala?|zapsala?|szerző|írta|szöveg|редактор|авторка|авторы|автори|текст|"
    r"editör|yazar|yazan|muhabir|haber|haberci|penulis|reporter|tác giả|συντάκτης|συντάκτρια|κείμενο|συγγραφέας|"
    r"الكاتب|الكاتبة|كاتب|كتب|كتبت|كتبه|المؤلف|إعداد|نویسنده|نوشته|کاتب|خبرنگار|כתב|כתבה|כותב|כותבת|"
    r"作者|文|撰文|記者|记者|编辑|編輯|著者|執筆|筆者|取材|글|글쓴이|저자|기자"
)
"""Words that need a colon, or a slash in Chinese and Japanese, before the name."""
PUBLISHED = (
    r"published|posted|veröffentlicht|erschienen|publié|posté|publicado|pubblicato|gepubliceerd|geplaatst|publicerad|publicerat|publiceret|"
    r"udgivet|offentliggjort|publisert|julkaistu|opublikowano|publikacja|data publikacji|publikováno|vydáno|zveřejněno|publikované|zverejnené|"  # noqa: E501
    r"közzétéve|megjelent|megjelenés|publicat|опубликован[оа]?|дата публикации|опубліковано|yayınlanma|yayınlandı|yayın tarihi|"
    r"δημοσιεύτηκε|δημοσιεύθηκε|δημοσίευση|diterbitkan|dipublikasikan|diposting|đăng|ngày đăng|نشر|نُشر|نُشرت|تاريخ النشر|منتشر شده|"
    r"תאריך פרסום|פורסם|发布|發布|发表|發表|公開|掲載|投稿|입력|등록|게시"
)
"""Words before the day of publication."""
UPDATED = (
    r"updat|modif|review|revised|aktualisiert|aktualizov|aktualizac|zaktualizowano|mis à jour|actualizado|actualitzat|actualizat|atualizado|"  # noqa: E501
    r"aggiornato|bijgewerkt|gewijzigd|uppdatera|opdateret|oppdatert|päivitetty|muokattu|upravené|upraveno|frissít|módosít|"
    r"обновлен|изменен|оновлен|змінен|güncelle|ενημερώ|ενημέρωση|diperbarui|cập nhật|تحديث|به‌روز|به روز|עודכן|עדכון|更新|수정|업데이트"
)
"""Parts of words that say when an article was last changed."""
