"""The whole program as code: read this file first.

bytes -> decode -> parse -> one walk -> Page -> rule layers -> marks -> resolve -> (score where rules are silent) -> Article -> render
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from . import document, verdicts
from .article import Article
from .compile import CompiledFile, Rules
from .decode import decode
from .fallback import readability_origins
from .fields import template_fields
from .hidden import hidden_marks
from .language import language
from .limits import PageLimits, hold, within_bytes
from .load import RuleSet, load, without_collector
from .match import Found, Matcher, choose_body
from .metadata import metadata
from .model import Body, Decision, Layer, Metadata, Page
from .page import read_html
from .pitch import drop_pitches
from .render_text import render_text
from .resolve import resolve
from .rulefile import CHOICES
from .score import Scorer, Scores, score
from .template import check_references, detect
from .textpage import read_text
from .version import TEXT_VERSION, __version__

if TYPE_CHECKING:
    from .memory import Repetition

Input = Literal["auto", "html", "text"]
Data = bytes | str


@dataclass(frozen=True, slots=True)
class Options:
    """What a ``Cleaner`` was told besides its rules, in types that travel as plain data; ``weights`` as bytes, ``keep`` sorted."""

    input: Input
    language: str | None
    captions: bool
    deep_date: bool
    weights: bytes | None
    keep: tuple[str, ...]
    limits: PageLimits


class Cleaner:
    """Cleans pages with one set of rules, compiled once. Immutable, picklable, safe in threads; never raises on page content.

    ``rules``: folders (or files) of rules that lie over the built-in ones; ``builtin=False`` leaves the built-in rules out;
    ``input``: what pages are, told apart by content when "auto"; ``language``: ISO 639-1 code when it is known beforehand;
    ``captions``: keep image captions in ``text``; ``weights``: a file of the scorer's weights instead of the shipped one
    (``benchmarks/train.py`` writes such files); ``deep_date``: let htmldate search the whole page where nothing else gives a
    date, which can take seconds; ``keep``: choices, such as "press-release", whose rules shall not run;
    ``limits``: how much of a page is read. Raises RuleError for
    rules that cannot be used, ValueError for weights that are none and for unknown choices.
    """

    def __init__(
        self,
        rules: Sequence[str | Path] = (),
        *,
        builtin: bool = True,
        input: Input = "auto",
        language: str | None = None,
        captions: bool = False,
        deep_date: bool = False,
        weights: Path | None = None,
        keep: Sequence[str] = (),
        limits: PageLimits | None = None,
    ) -> None:
        kept = frozenset([keep] if isinstance(keep, str) else keep)
        if unknown := kept.difference(CHOICES):
            raise ValueError(f"keep: there is no choice {min(unknown)!r}; one of {', '.join(CHOICES)}")
        own_weights = weights.read_bytes() if weights else None
        options = Options(input, language, captions, deep_date, own_weights, tuple(sorted(kept)), limits or PageLimits())
        with without_collector():
            self.__setstate__((load(rules, builtin=builtin), options))

    def __getstate__(self) -> tuple[RuleSet, Options]:
        return self.rules.ruleset, self._options

    def __setstate__(self, state: tuple[RuleSet, Options]) -> None:
        ruleset, options = state
        self.rules = Rules(ruleset)
        self._options = options
        self._scorer = Scorer(options.weights)
        check_references(self.rules)
        told = f"{ruleset.digest} {TEXT_VERSION} {replace(options, weights=None)} "
        self.digest = hashlib.sha256(told.encode() + self._scorer.data).hexdigest()[:16]

    @property
    def ruleset(self) -> RuleSet:
        """The rule files in force."""
        return self.rules.ruleset

    def clean(
        self,
        data: Data,
        url: str | None = None,
        *,
        content_type: str | None = None,
        input: Input | None = None,
        repetition: Repetition | None = None,
    ) -> Article:
        """One page (bytes or str, HTML or plain text) in, its article out.

        ``content_type``: what the transport said of the bytes, as an HTTP ``Content-Type`` value or just a charset;
        ``input``: what this page is, where it is not what the Cleaner was told; ``repetition``: what is known of the site's other
        pages.
        """
        page = self.read(data, url, content_type=content_type, input=input)
        return self._clean_page(page, repetition) if page.blocks else self._nothing(page)

    def read(self, data: Data, url: str | None = None, *, content_type: str | None = None, input: Input | None = None) -> Page:
        """One page in, its blocks as they will be judged out; none, and a warning that says why, where it has no text."""
        data, cut = within_bytes(data, self._options.limits)
        decoded = decode(data, hint=content_type, input=input or self._options.input)
        decoded.warnings[:] = [*cut, *(f"input: {warning}" for warning in decoded.warnings)]
        if decoded.kind == "binary":
            return Page("text", url, warnings=[*decoded.warnings, f"not-a-page: {decoded.reason}"])
        limits = self._options.limits
        if decoded.kind == "html":
            page = read_html(decoded.text, url, limits.elements, limits.depth, limits.attributes)
        else:
            page = read_text(decoded.text, url)
        hold(page, limits)
        page.warnings[:0] = decoded.warnings
        if not page.blocks:
            page.warnings.append("empty: the page has no text")
        return page

    def clean_many(self, pages: Iterable[Data | tuple[Data, str | None]]) -> Iterator[Article]:
        """Pages, or (page, url) pairs, in; their articles out, in order and one at a time."""
        for page in pages:
            yield self.clean(*page) if isinstance(page, tuple) else self.clean(page)

    def _nothing(self, page: Page) -> Article:
        return Article("", url=page.url, warnings=page.warnings, ruleset_digest=self.digest, version=__version__)

    def _clean_page(self, page: Page, repetition: Repetition | None) -> Article:
        hits = self.rules.words.scan(page.blocks)
        active = detect(page, self.rules, hits, self._options.language)
        files = [file for file, _ in active]
        matcher = Matcher(page, self.rules, hits, self._options.keep, self._options.limits.seconds)
        found = matcher.run(files)
        body = self._believed(page, found, choose_body(page, files, matcher))
        hidden, warnings = hidden_marks(page, body)
        found.marks += hidden
        page.warnings += warnings
        method, decisions, scores = self._decide(page, matcher, found, body, repetition)
        verdicts.drop_copies(page, decisions)
        known = _metadata(page, files, found, decisions, self._options.deep_date)
        verdicts.drop_title(page, decisions, known.title)
        confidence = self._scorer.confidence(page, method, decisions, scores)
        spoken = language(page.head.language, _kept(decisions), self._options.language)
        if "pitches" not in self._options.keep and (model := self._scorer.pitches(spoken)):
            drop_pitches(model, page, decisions, found.wanted)
        return self._article(page, [layer for _, layer in active], method, confidence, decisions, known, spoken, found, body)

    def _believed(self, page: Page, found: Found, body: Body | None) -> Body | None:
        """The body, or None where it is a guess, or holds next to nothing, and the scorer sees the article elsewhere."""
        if body is None or (body.agreement is None and not verdicts.is_doubtful(page, body)):
            return body
        marks = found.marks + hidden_marks(page, None)[0]
        scored, ruled = resolve(page, marks, None), resolve(page, marks, body)
        reasons = self._score(page, scored).reasons
        for decisions in (scored, ruled):
            verdicts.overlay(decisions, reasons)
        least = verdicts.LEAST_AGREEMENT if body.agreement is None else body.agreement
        return body if verdicts.agreement(page, scored, ruled) >= least else None

    def _score(self, page: Page, decisions: list[Decision]) -> Scores:
        return score(page, decisions, self._scorer.network(page.kind))

    def _decide(
        self, page: Page, matcher: Matcher, found: Found, body: Body | None, repetition: Repetition | None
    ) -> tuple[str, list[Decision], Scores | None]:
        """How the article was found, one decision a block, and what the scorer said if it was asked.

        The scorer judges the page without what is known of others: its weights come from single pages.
        """
        decisions = resolve(page, found.marks, body)
        scores, method, reasons = None, "rules", []
        if body is None:
            scores = self._score(page, decisions)
            method, reasons = "scorer", scores.reasons
            verdicts.overlay(decisions, reasons)
            if page.kind == "html" and not verdicts.plausible(page, decisions) and (origins := readability_origins(page)) is not None:
                method, reasons = "readability", origins
                decisions = resolve(page, found.marks, None)
                verdicts.overlay(decisions, reasons)
        elif body.agreement is not None:
            reasons = self._score(page, resolve(page, found.marks, None)).reasons
            verdicts.overlay(decisions, reasons)
        late = matcher.place(decisions, found)
        if repetition is not None:
            repeated, warnings = repetition.marks(page, [decision.verdict == "KEEP" for decision in decisions])
            late += repeated
            page.warnings += warnings
        if late:
            found.marks += late
            decisions = resolve(page, found.marks, body)
            verdicts.overlay(decisions, reasons)
        return method, decisions, scores

    def _article(
        self,
        page: Page,
        template: list[Layer],
        method: str,
        confidence: float,
        decisions: list[Decision],
        known: Metadata,
        spoken: str | None,
        found: Found,
        body: Body | None,
    ) -> Article:
        kept_document = document.build(page, decisions, verdicts.kept_images(page, decisions, found.marks, body))
        text = render_text(kept_document, captions=self._options.captions)
        warnings = [*page.warnings, *verdicts.budget(page, decisions, body, found.max_removed)]
        warnings += [f"slow-rule: {rule} ran out of time and was skipped" for rule in found.slow]
        return Article(
            text=text,
            title=known.title,
            authors=known.authors,
            date=known.date,
            site_name=known.site_name,
            url=page.url,
            canonical_url=known.canonical_url,
            language=spoken,
            source=known.source,
            image=known.image,
            description=known.description,
            judged=verdicts.judged(page, decisions),
            template=template,
            method=method if text else "none",
            confidence=confidence if text else 0.0,
            removed_share=verdicts.removed_share(page, decisions),
            warnings=warnings,
            ruleset_digest=self.digest,
            version=__version__,
            document=kept_document,
        )


def _kept(decisions: list[Decision]) -> list[str]:
    return [decision.text for decision in decisions if decision.verdict == "KEEP"]


def _metadata(page: Page, files: list[CompiledFile], found: Found, decisions: list[Decision], deep_date: bool) -> Metadata:
    first = next((at for at, decision in enumerate(decisions) if decision.verdict == "KEEP"), None)
    recorded = {**_said_by_site(page, files), **found.values()}
    furniture = {at for at, decision in enumerate(decisions) if decision.verdict == "DROP" and decision.origin and decision.origin.file}
    return metadata(page, template_fields(page, files), recorded, first, furniture=furniture, deep_date=deep_date)


def _said_by_site(page: Page, files: list[CompiledFile]) -> dict[str, str]:
    """Fields of site files stand above all other evidence: someone wrote them for this very site."""
    said = template_fields(page, [file for file in files if file.layer == "site"])
    values = {"title": said.title, "authors": ", ".join(said.authors), "date": said.date, "site_name": said.site_name}
    return {name: value for name, value in values.items() if value}


@lru_cache(maxsize=1)
def _default() -> Cleaner:
    return Cleaner()


def clean(data: Data, url: str | None = None) -> Article:
    """One page in, its article out, by the built-in rules."""
    return _default().clean(data, url)


def extract(data: Data, url: str | None = None) -> str | None:
    """One page in; the article's text without its title out, or None when the page holds none."""
    return _default().clean(data, url).text or None
