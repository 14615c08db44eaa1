"""Scrapy: an item pipeline.

    ITEM_PIPELINES = {"cleaner.adapters.scrapy.CleanPipeline": 300}
"""

from __future__ import annotations

from collections.abc import Collection, MutableMapping
from typing import Any

from ..batch import Columns
from ..batch.columns import DEFAULT_FIELDS, Clash
from ..pipeline import Cleaner
from ..text import count_words
from .records import RecordCleaner, exclusion


class CleanPipeline:
    """The page of an item becomes its article.

    Dicts get all of ``columns.fields``; items with declared fields get those of them that they declare. The page is taken out.
    ``min_words`` and ``languages`` drop articles as ``cleaner batch`` does. Settings:

    ``CLEANER_RULES`` (list of folders), ``CLEANER_HTML_FIELD``, ``CLEANER_URL_FIELD``, ``CLEANER_FIELDS`` (list), ``CLEANER_PREFIX``,
    ``CLEANER_MIN_WORDS``, ``CLEANER_LANGUAGES`` (list). A list may be a string with commas.
    """

    def __init__(
        self, cleaner: Cleaner | None = None, columns: Columns | None = None, *, min_words: int = 0, languages: Collection[str] = ()
    ) -> None:
        self.columns = columns or Columns()
        self._shown = dict(zip(self.columns.fields, self.columns.output(), strict=True))
        self._records = RecordCleaner(cleaner, Columns(fields=tuple(dict.fromkeys((*self._shown, "text", "language", "error")))))
        self.min_words, self.languages = min_words, frozenset(languages)

    @classmethod
    def from_crawler(cls, crawler: Any) -> CleanPipeline:
        """As Scrapy makes it: from the settings. Raises RuleError, and ValueError for a field that is none."""
        settings = crawler.settings
        columns = Columns(
            html=settings.get("CLEANER_HTML_FIELD", "html"),
            url=settings.get("CLEANER_URL_FIELD", "url"),
            fields=tuple(settings.getlist("CLEANER_FIELDS", DEFAULT_FIELDS)),
            prefix=settings.get("CLEANER_PREFIX", ""),
        )
        return cls(
            Cleaner(settings.getlist("CLEANER_RULES")),
            columns,
            min_words=settings.getint("CLEANER_MIN_WORDS"),
            languages=settings.getlist("CLEANER_LANGUAGES"),
        )

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """An item in, the same item with its article out; one without a page goes through as it is.

        Raises DropItem, ValueError for an item that declares none of the fields, and Clash for one that has a value there already.
        """
        values, declared = _opened(item)
        page = values.get(self.columns.html)
        if page is None:
            return item
        wanted = {name: shown for name, shown in self._shown.items() if declared is None or shown in declared}
        if not wanted:
            raise ValueError(f"{type(item).__name__} declares none of the fields {', '.join(self._shown.values())}")
        clashing = [shown for shown in wanted.values() if shown != self.columns.html and values.get(shown) is not None]
        if clashing:
            raise Clash(clashing)
        found = self._records.page(page, values.get(self.columns.url))
        self._check(found)
        del values[self.columns.html]
        for name, shown in wanted.items():
            values[shown] = found[name]
        return item

    def _check(self, found: dict[str, Any]) -> None:
        if not (self.min_words or self.languages):
            return
        reason = exclusion(
            words=count_words(found["text"]), language=found["language"], error=found["error"], min_words=self.min_words,
            languages=self.languages,
        )  # fmt: skip
        if reason:
            from scrapy.exceptions import DropItem

            raise DropItem(reason)


def _opened(item: Any) -> tuple[Any, Collection[str] | None]:
    """An item in; its values as a mapping out, and the names of its fields, None where any name will do."""
    if isinstance(item, MutableMapping):
        return item, getattr(item, "fields", None)
    from itemadapter import ItemAdapter

    values = ItemAdapter(item)
    return values, values.field_names()
