"""What is not wrong with a rule file, but will be: the warnings of ``cleaner rules check``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from time import thread_time
from typing import Any

from .. import pattern, select
from ..errors import RuleError
from ..load import LoadedFile
from ..model import Page
from ..pipeline import Cleaner
from ..rulefile import ACTIONS, Rule
from ..wording import MAX_WORDS, is_worded, listed
from .names import lasting
from .onerule import matched
from .samples import Sample

SLOW_SECONDS = pattern.TIMEOUT_SECONDS / 2
"""On the processor, for one stress text: half the time after which a pattern is given up on a block."""
TOO_BROAD = 0.5
"""Share of the words of other samples' articles inside what a drop rule's selectors match."""
TOO_MANY = 3
"""So many other samples."""
_STRESS = ("a" * 3000, "a " * 1500, "1" * 3000, "a " * 55 + "!", "Aaaaaaaaaa, " * 55, " " * 3000 + "x", "-" * 3000, "https://a.b/" * 200)


def still_warnings(file: LoadedFile, re2: Any = None) -> Iterator[RuleError]:
    """What a file's text alone gives reason to warn of; ``re2``: the module of google-re2, to tell also what that engine refuses."""
    for action in ACTIONS:
        ids = [rule.id for rule in getattr(file.document, action)]
        if wrong := next((one for one, other in zip(ids, sorted(ids), strict=True) if one != other), None):
            yield _warning(file, wrong, f"the rules of {action} are not in order of id", "sort them; merges stay small")
        for rule in getattr(file.document, action):
            yield from _of_rule(file, rule, re2)


def _of_rule(file: LoadedFile, rule: Rule, re2: Any) -> Iterator[RuleError]:
    for name in _names(rule):
        if not lasting(name[1:]):
            yield _warning(file, rule.id, f"{name} looks made by a program, and will change", "choose an id, role or word that will last")
    if is_worded(rule) and file.layer == "generic" and not rule.examples:
        yield _warning(file, rule.id, "a wording for every page has no examples", "add examples: {match: [...], keep: [...]}")
    if rule.text is not None:
        if any(_slow(rule.text, text) for text in _STRESS if len(text.split()) <= (rule.max_words or MAX_WORDS)):
            yield _warning(file, rule.id, "the pattern is slow on a stress text", "bound its repeats, for instance {1,40} instead of +")
        if re2 is not None and (why := _refused(rule.text, re2)):
            yield _warning(file, rule.id, f"RE2 refuses the pattern: {why}", "do without look-around and back-references where you can")


def _names(rule: Rule) -> list[str]:
    """Ids and classes in the selectors of a rule."""
    compounds = [
        compound
        for css in (*listed(rule.css), *listed(rule.inside), *listed(rule.not_inside))
        for selector in select.parse(css)
        for compound in (selector.subject, *(one for _, one in selector.steps))
    ]
    return list(dict.fromkeys(token for one in compounds for token in one.tokens if token[0] in "#."))


def _slow(regex: str, text: str) -> bool:
    start = thread_time()
    try:
        pattern.search(regex, text)
    except TimeoutError:
        return True
    return thread_time() - start > SLOW_SECONDS


def _refused(regex: str, re2: Any) -> str:
    """Why RE2 refuses a pattern; empty when it takes it."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(regex, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return ""


def sample_warnings(files: Sequence[LoadedFile], samples: Sequence[Sample], cleaner: Cleaner) -> Iterator[RuleError]:
    """What the samples show of these files: rules that decide nothing, and selectors that hold other samples' articles."""
    with_sample = {sample.own for sample in samples}
    rules = {f"{file.name}#{rule.id}": (file, rule) for file in files for action in ACTIONS for rule in getattr(file.document, action)}
    drops = {f"{file.name}#{rule.id}": rule for file in files for rule in file.document.drop if rule.css and _bare(rule)}
    decided: set[str] = set()
    rivals: dict[str, Counter[str]] = {}
    broad: Counter[str] = Counter()
    for sample in samples:
        article = sample.clean(cleaner)
        page = cleaner.read(sample.page.read_bytes(), sample.meta.get("url"))
        if len(page.blocks) != len(article.blocks):
            continue
        decided |= {block.rule for block in article.blocks if block.rule} | {piece.rule for piece in article.removed}
        for mark in matched(cleaner, page).marks:
            if mark.origin.rule in rules:
                others = {article.blocks[at].rule or "" for at in range(mark.first, mark.last)}
                rivals.setdefault(mark.origin.rule, Counter()).update(others)
        kept = [block.words if judged.verdict == "KEEP" else 0 for block, judged in zip(page.blocks, article.blocks, strict=True)]
        for name, rule in drops.items():
            if name.partition("#")[0] != sample.own and _held(page, rule, kept) > TOO_BROAD * sum(kept) > 0:
                broad[name] += 1
    for file in files:
        if file.name not in with_sample:
            yield _warning(file, "", "the file has no sample", "cleaner rules new makes one from a saved page")
    for name, (file, rule) in rules.items():
        if broad[name] >= TOO_MANY:
            hint = "name the element more closely"
            yield _warning(file, rule.id, f"its selectors hold over half of the article on {broad[name]} samples of other files", hint)
        if name in decided or file.name not in with_sample:
            continue
        rival = next((one for one, _ in rivals[name].most_common() if one and one != name), None) if name in rivals else None
        if rival:
            yield _warning(file, rule.id, f"it matches, but {rival} always decides", "delete it, or disable the other")
        else:
            yield _warning(file, rule.id, "it fires in no sample", "add a sample that shows it, or delete it")


def _bare(rule: Rule) -> bool:
    """Whether a rule drops whatever its selectors match."""
    guards = (rule.inside, rule.not_inside, rule.within, rule.min_words, rule.max_words, rule.min_link_density, rule.max_link_density)
    return not (is_worded(rule) or rule.kind or any(one is not None for one in guards))


def _held(page: Page, rule: Rule, kept: list[int]) -> int:
    """How many kept words stand inside what a rule's selectors match."""
    blocks: set[int] = set()
    for node in select.find(page, tuple(one for css in listed(rule.css) for one in select.parse(css))):
        blocks.update(range(page.first_block[node], page.last_block[node]))
    return sum(kept[at] for at in blocks)


def _warning(file: LoadedFile, rule_id: str, message: str, hint: str) -> RuleError:
    return RuleError(message, file=file.path, line=file.lines.get(f"#{rule_id}", 1), key=rule_id, hint=hint)


def in_order(found: Iterable[RuleError]) -> list[RuleError]:
    """Errors or warnings by file and line."""
    return sorted(found, key=lambda one: (one.file, one.line, one.column, one.message))
