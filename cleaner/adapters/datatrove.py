"""datatrove: an extractor that sees the url, and a filter.

    [WarcReader(...), CleanExtractor(), CleanFilter(min_words=50), JsonlWriter(...)]
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from ..batch import Columns
from ..batch.columns import DEFAULT_FIELDS, Clash
from ..batch.records import MAX_BYTES
from ..pipeline import Cleaner
from ..text import count_words
from .records import RecordCleaner, exclusion

try:
    from datatrove.pipeline.extractors.base import BaseExtractor, ExtractorSandbox
    from datatrove.pipeline.filters.base_filter import BaseFilter
    from datatrove.utils.typeshelper import StatHints
except ImportError as missing:
    raise ImportError(f"cleaner.adapters.datatrove needs datatrove ({missing}): pip install 'cleaner[datatrove]'") from missing

if TYPE_CHECKING:
    from datatrove.data import Document, DocumentsPipeline
    from datatrove.pipeline.writers.disk_base import DiskWriter

PREFIX = "clean_"
"""Before the names of metadata: datatrove's own readers have a ``date`` already, that of the crawl."""
RESTART_AFTER = 5000
"""Documents after which the process that parses is replaced, because its memory grows."""


class CleanExtractor(BaseExtractor):  # type: ignore[misc, unused-ignore]
    """The page in ``document.text`` becomes its article, and ``metadata`` gets the other fields.

    The address is taken from ``metadata[url_key]``. As extractors do, it drops documents without text; those and the pages that
    failed go to ``exclusion_writer``, if there is one, with their page and the reason (``filter_reason``). ``timeout``: seconds a page
    may take in its own process. ``max_bytes`` as in RecordCleaner.
    """

    name = "🧽 cleaner"

    def __init__(
        self,
        cleaner: Cleaner | None = None,
        *,
        fields: Iterable[str] = DEFAULT_FIELDS,
        prefix: str = PREFIX,
        url_key: str = "url",
        timeout: float = 10,
        max_bytes: int = MAX_BYTES,
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        super().__init__(timeout)
        self.fields = [name for name in fields if name != "text"]
        self.prefix, self.url_key, self.exclusion_writer = prefix, url_key, exclusion_writer
        self._records = RecordCleaner(cleaner, Columns(fields=tuple(dict.fromkeys(("text", "error", *self.fields)))), max_bytes=max_bytes)

    def extract(self, text: str) -> str:
        """A page in, its text out: without an address, for whoever calls it by hand."""
        return str(self._records.page(text)["text"])

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Documents in, those with an article out."""
        # Before the sandbox is forked: its first page must not pay for what is loaded when first used.
        self._records.warm_up()
        with ExitStack() as stack, ExitStack() as sandboxes:
            writer = stack.enter_context(self.exclusion_writer) if self.exclusion_writer else None
            for number, document in enumerate(data or ()):
                if number % RESTART_AFTER == 0:
                    sandboxes.close()
                    sandbox = sandboxes.enter_context(ExtractorSandbox(self.timeout, warmup_text=("", None)))
                self.stat_update(StatHints.total)
                with self.track_time():
                    reason = self._clean(document, sandbox)
                if not reason:
                    self.stat_update(StatHints.forwarded)
                    self.update_doc_stats(document)
                    yield document
                    continue
                self.stat_update(StatHints.dropped, f"dropped_{_word(reason)}")
                if writer:
                    document.metadata["filter_reason"] = reason
                    writer.write(document, rank)

    def _clean(self, document: Document, sandbox: Any) -> str:
        """The article into its document; why there is none, or "". Raises Clash."""
        names = {name: self.prefix + name for name in self.fields}
        clashing = [shown for shown in names.values() if shown in document.metadata]
        if clashing:
            raise Clash(clashing)
        try:
            record = sandbox.process_document((document.text, document.metadata.get(self.url_key)), self._records.page)
        except TimeoutError:
            return f"error: timeout: the page took longer than {self.timeout:g} s"
        except EOFError:
            return "error: crash: the process died"
        reason = exclusion(words=count_words(record["text"]), language=None, error=record["error"], min_words=0, languages=())
        if not reason:
            document.text = record["text"]
        document.metadata.update({shown: record[name] for name, shown in names.items()})
        return reason


class CleanFilter(BaseFilter):  # type: ignore[misc, unused-ignore]
    """Drops articles as ``cleaner batch`` does, by what CleanExtractor wrote into ``metadata``.

    ``min_words``: of the text; ``languages``: ISO 639-1 codes, all if empty; ``min_confidence``: 0 to 1. Reasons are ``empty``,
    ``language``, ``short`` and ``confidence``.
    """

    name = "🧽 cleaner"

    def __init__(
        self,
        *,
        min_words: int = 0,
        languages: Collection[str] = (),
        min_confidence: float = 0.0,
        prefix: str = PREFIX,
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        super().__init__(exclusion_writer)
        self.min_words, self.languages, self.min_confidence, self.prefix = min_words, frozenset(languages), min_confidence, prefix

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """A document in; True, or False and why, out. Raises KeyError where metadata that is needed is missing."""
        language = self._known(doc, "language") if self.languages else None
        reason = exclusion(
            words=count_words(doc.text), language=language, error=None, min_words=self.min_words, languages=self.languages
        )  # fmt: skip
        if not reason and self.min_confidence and self._known(doc, "confidence") < self.min_confidence:
            reason = "confidence"
        return (False, _word(reason)) if reason else True

    def _known(self, doc: Document, name: str) -> Any:
        try:
            return doc.metadata[self.prefix + name]
        except KeyError:
            raise KeyError(f"metadata has no {self.prefix + name!r}: CleanExtractor must run before CleanFilter") from None


def _word(reason: str) -> str:
    """``timeout`` of ``error: timeout: ...``, ``language`` of ``language: fr``: statistics need few words."""
    return reason.removeprefix("error: ").partition(":")[0]
