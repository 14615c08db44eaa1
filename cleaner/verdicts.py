"""What is said about decisions once they stand: the scorer's share, the title, images, the budget, the provenance."""

from __future__ import annotations

from .match import MIN_WORDS
from .model import ArticleBlock, Body, Decision, Judged, Mark, Origin, Page, Removed
from .page import is_running_text
from .resolve import cancels
from .text import bare, comparable, count_words

MAX_REMOVED = 0.5
"""Share of the words inside the article's bounds that rules may drop before a warning says so."""
LEAST_AGREEMENT = 0.8
"""Word F1 with what the scorer keeps, below which a doubtful body is not believed."""
_PROSE_OUTSIDE = 5
"""How many times the body's words must stand in prose outside it to make it doubtful: on 1 of 291 pages with a body."""
TITLE_RULE = Origin("page#title", "page", "the title, which stands apart from the text")
_TITLE_BLOCKS = 3
"""How many kept blocks may come before a repeated title (a category, a byline)."""
COPY_RULE = Origin("page#copy", "page", "said already further up, word for word")
_COPY_BLOCKS, _COPY_WORDS, _COPY_PROSE = 3, 60, 20
"""How many blocks and words a passage must have to be a copy, and its longest block: shorter ones are refrains and labels."""
_DEFAULT = Origin("", "", "nothing objected")


def overlay(decisions: list[Decision], scored: list[Origin | None]) -> None:
    """Drop what the scorer would drop, wherever no rule spoke; without a scorer (an empty list) nothing."""
    for decision, origin in zip(decisions, scored, strict=bool(scored)):
        if origin is not None and decision.verdict == "KEEP" and decision.origin is None:
            decision.verdict, decision.origin = "DROP", origin


def plausible(page: Page, decisions: list[Decision]) -> bool:
    """Whether enough is left to be an article."""
    return _kept_words(page, decisions, captions=True) >= MIN_WORDS


def is_doubtful(page: Page, body: Body) -> bool:
    """Whether most of a page's prose stands outside the body of an engine: a short introduction above a transcript, an empty template.

    Engines name containers of very many sites. Who writes a theme's or a site's body has seen its pages.
    """
    if body.origin.layer != "engine":
        return False
    inside = sum([page.words_before[last] - page.words_before[first] for first, last in body.ranges])
    prose = sum([block.words for block in page.blocks if is_running_text(block)])
    return prose - inside > _PROSE_OUTSIDE * inside


def agreement(page: Page, one: list[Decision], other: list[Decision]) -> float:
    """How far two ways to decide a page keep the same: F1 over the words of its blocks."""
    words = both = 0
    for block, left, right in zip(page.blocks, one, other, strict=True):
        times = (left.verdict == "KEEP") + (right.verdict == "KEEP")
        words += times * block.words
        both += block.words if times == 2 else 0
    return 2 * both / words if words else 0.0


def _kept_words(page: Page, decisions: list[Decision], *, captions: bool) -> int:
    return sum(
        [
            block.words if decision.text is block.text else count_words(decision.text)
            for block, decision in zip(page.blocks, decisions, strict=True)
            if decision.verdict == "KEEP" and (captions or block.kind != "caption")
        ]
    )


def drop_copies(page: Page, decisions: list[Decision]) -> None:
    """Drop passages that were kept further up in the same words: pages hold the article once for each width of screen."""
    kept = [at for at, decision in enumerate(decisions) if decision.verdict == "KEEP"]
    texts = [decisions[at].text for at in kept]
    first_seen: dict[tuple[str, ...], int] = {}
    place = 0
    while place <= len(kept) - _COPY_BLOCKS:
        earlier = first_seen.setdefault(tuple(texts[place : place + _COPY_BLOCKS]), place)
        passage = kept[place : place + _alike(texts, earlier, place)]
        if _is_copy([page.blocks[at].words for at in passage]):
            for at in passage:
                if decisions[at].origin is None:
                    decisions[at].verdict, decisions[at].origin = "DROP", COPY_RULE
            place += len(passage)
        else:
            # What was compared is not compared again, or a page that says one word ten thousand times takes the square of that.
            place += max(1, len(passage) - _COPY_BLOCKS + 1)


def _alike(texts: list[str], earlier: int, later: int) -> int:
    """How many texts from ``later`` on are those from ``earlier`` on, which end before ``later``."""
    most = min(later - earlier, len(texts) - later)
    return next((length for length in range(most) if texts[earlier + length] != texts[later + length]), most)


def _is_copy(words: list[int]) -> bool:
    return len(words) >= _COPY_BLOCKS and sum(words) >= _COPY_WORDS and max(words) >= _COPY_PROSE


def drop_title(page: Page, decisions: list[Decision], title: str | None) -> None:
    """Drop the title where it is printed above (or as) the first kept block: it stands in ``Article.title``."""
    wanted = bare(comparable(title or ""))
    kept = [at for at, decision in enumerate(decisions) if decision.verdict == "KEEP" and decision.origin is None][:_TITLE_BLOCKS]
    same = [at for at in kept if wanted and bare(comparable(decisions[at].text)) == wanted]
    for at in same or [at for at in kept[:1] if page.blocks[at].level == 1]:
        decisions[at].verdict, decisions[at].origin = "DROP", TITLE_RULE


def kept_images(page: Page, decisions: list[Decision], marks: list[Mark], body: Body | None) -> set[int]:
    """Elements of the images that belong to the article: within its bounds, and in nothing that was dropped."""
    kept = [at for at, decision in enumerate(decisions) if decision.verdict == "KEEP"]
    if not page.images or not kept:
        return set()
    keeps = [mark for mark in marks if mark.verdict == "KEEP"]
    drops = [mark for mark in marks if mark.verdict == "DROP" and mark.node >= 0 and not mark.spans and _covers(page, mark)]
    gone = _covered(page, drops)
    images = set()
    for at, node in page.images:
        inside = kept[0] <= at <= kept[-1] + 1 if body is None else any(start <= node < page.ends[start] for start in body.nodes)
        if inside and (not gone[node] or _brought_back(page, node, keeps, drops)):
            images.add(node)
    return images


def _covered(page: Page, drops: list[Mark]) -> list[bool]:
    """For each element whether a drop stands on it or above; one pass, however the drops nest."""
    gone = [False] * len(page.tags)
    end = 0
    for start, stop in sorted((mark.node, page.ends[mark.node]) for mark in drops):
        for node in range(max(start, end), stop):
            gone[node] = True
        end = max(end, stop)
    return gone


def _brought_back(page: Page, image: int, keeps: list[Mark], drops: list[Mark]) -> bool:
    own = [keep for keep in keeps if keep.node >= 0 and keep.node <= image < page.ends[keep.node]]
    return bool(own) and all(any(cancels(page, keep, drop) for keep in own) for drop in drops if drop.node <= image < page.ends[drop.node])


def _covers(page: Page, mark: Mark) -> bool:
    """Whether a mark speaks of its whole element, so that the element's images go with it."""
    return mark.inline or (page.first_block[mark.node] >= mark.first and page.last_block[mark.node] <= mark.last)


def budget(page: Page, decisions: list[Decision], body: Body | None, max_removed: float | None = None) -> list[str]:
    """Warnings when little is left, or when rules removed more than a share of the words inside the article's bounds."""
    kept = _kept_words(page, decisions, captions=False)
    if not kept:
        return ["empty: nothing on the page reads like an article"]
    warnings = [f"short: only {kept} words are left"] if kept < MIN_WORDS else []
    if body is not None:
        inside = [at for first, last in body.ranges for at in range(first, last)]
        words = sum(page.blocks[at].words for at in inside)
        dropped = sum(page.blocks[at].words for at in inside if decisions[at].verdict == "DROP")
        if words and dropped / words > (MAX_REMOVED if max_removed is None else max_removed):
            warnings.append(f"removed-most: rules removed {dropped / words:.0%} of the words inside the article body")
    return warnings


def removed_share(page: Page, decisions: list[Decision]) -> float:
    """Share of the page's visible characters that is not in the article."""
    total = page.chars_before[-1]
    kept = sum(len(decision.text) for decision in decisions if decision.verdict == "KEEP")
    return round(1 - kept / total, 4) if total else 0.0


def judged(page: Page, decisions: list[Decision]) -> list[Judged]:
    """What an article keeps of the decisions."""
    return [
        (block.text, block.kind, decision.verdict, decision.origin, decision.cut)
        for block, decision in zip(page.blocks, decisions, strict=True)
    ]


def labelled(verdicts: list[Judged]) -> list[ArticleBlock]:
    """Every block with its verdict and reason."""
    blocks = []
    for text, kind, verdict, who, _ in verdicts:
        origin = who or _DEFAULT
        blocks.append(ArticleBlock(text, kind, verdict, origin.rule or None, origin.why, origin.layer, where(origin)))
    return blocks


def removed(verdicts: list[Judged]) -> list[Removed]:
    """Every run of text that went, in the order of the page: whole blocks, and pieces cut from kept ones."""
    pieces = []
    for at, (text, _, verdict, who, cut) in enumerate(verdicts):
        for piece, origin in [(text, who or _DEFAULT)] if verdict == "DROP" else cut:
            pieces.append(Removed(piece, origin.rule, origin.why, origin.layer, where(origin), at))
    return pieces


def where(origin: Origin) -> str:
    """``file:line`` of a rule, or an empty string."""
    return f"{origin.file}:{origin.line}" if origin.file else ""
