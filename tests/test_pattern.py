"""Patterns and wordings: what they match, what is refused, and that the index never misses what they would match."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleaner import RuleError
from cleaner.compile import Rules
from cleaner.load import RuleSet, load, read
from cleaner.pattern import compile_pattern, explosive, search
from cleaner.probe import is_plain, probe
from cleaner.rulefile import Rule
from cleaner.textpage import read_text
from cleaner.wordindex import worth_trying
from cleaner.wording import says


@pytest.mark.parametrize(
    ("keys", "text", "matches"),
    [
        ({"phrase": "You may also like"}, "You may also like", True),
        ({"phrase": "You may also like"}, "» YOU MAY  ALSO LIKE: »", True),
        ({"phrase": "You may also like"}, "You may also like this", False),
        ({"phrase": "Editor's pick"}, "Editor’s Pick", True),
        ({"phrase": ["one", "two"]}, "Two!", True),
        ({"phrase": "prev - next"}, "Prev – Next", True),
        ({"phrase": "straße"}, "STRASSE", True),
        ({"phrase": "更多"}, "更多：", True),
        ({"phrase": "word " * 70}, "word " * 70, True),
        ({"starts": "read more"}, "» Read more about it", True),
        ({"starts": "read more"}, "Read moreover", False),
        ({"starts": "read more"}, "Do read more", False),
        ({"starts": "阅读"}, "阅读更多", True),
        ({"starts": "by"}, "By: Dana", True),
        ({"ends": "click here"}, "For more, click here!", True),
        ({"ends": "here"}, "there", False),
        ({"contains": "sign up"}, "Do sign up now", True),
        ({"contains": "sign up"}, "Design upwards", False),
        ({"contains": "sign up"}, "design up, sign up", True),
        ({"contains": "#ad"}, "an ad", False),
        ({"contains": "#ad"}, "see it #ad", True),
        ({"contains": "don't miss"}, "And don’t miss it", True),
        ({"contains": "sign up"}, "sign up " + "word " * 59, False),
        ({"contains": "sign up", "max_words": 90}, "sign up " + "word " * 59, True),
        ({"contains": "sign up", "min_words": 4}, "do sign up", False),
        ({"text": "^by .+$"}, "By Dana", True),
        ({"text": "^by .+$"}, "Standby Dana", False),
        ({"text": "(?-i:^By)"}, "by Dana", False),
        ({"phrase": "a", "starts": "b", "text": "c$"}, "abc", True),
    ],
)
def test_wordings(keys: dict[str, object], text: str, matches: bool) -> None:
    assert says(Rule(id="x", **keys), " ".join(text.split())) is matches  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(?:\w+\s?)*x", r"(a|a)*b", r"(?:.|\s)*x", r"(?=(a+)+$)b", r"(\p{L}+)+$", r"((ab)*c*)*d", r"(?:a{1,2000})+b"]
)
def test_explosive_patterns_are_known(pattern: str) -> None:
    assert explosive(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"^by \w+( \w+){0,3}$", r"(?:foo|bar)+", r"\d+ comments?", r"^.{1,300} appeared first on .+$", r"(?:ab)*cd", r"\p{L}+", r"a*b*"],
)
def test_harmless_patterns_pass(pattern: str) -> None:
    assert explosive(pattern) == ""


@pytest.mark.parametrize("pattern", ["(", "a{2,1}", "(?<n>a)(?<n", "[", "*a", "(" * 3000 + "a" + ")" * 3000, r"\p{Nonsense}"])
def test_bad_patterns_are_rule_errors(pattern: str) -> None:
    with pytest.raises(RuleError) as error:
        compile_pattern(pattern)
    assert error.value.hint
    assert len(str(error.value)) < 1000


def test_a_search_ends_in_time() -> None:
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        search("(?:a|aa)+$", "a" * 60 + "b")
    assert time.monotonic() - start < 5


# ---------------------------------------------------------------- the index


def tried(rules: Rules, text: str) -> set[tuple[str, str]]:
    """Rules that the index proposes for a page of this one line."""
    hits = rules.words.scan(read_text(text).blocks)
    found = rules.words.candidates(hits, rules.parts)
    return {(file, rule) for file, own in found.items() for rule, looks in own.items() if worth_trying(looks, hits)}


def one_rule(keys: str) -> tuple[Rules, Rule]:
    file = read(f"drop:\n  - {{id: x, why: w, {keys}}}\n".encode(), "generic", "generic", "rules.yaml")
    return Rules(RuleSet([file], "")), file.document.drop[0]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("phrase: '» More «'", "- more -"),
        (f"phrase: '{'word ' * 70}'", "word " * 70),
        ("starts: 'More:'", "→ MORE: of it"),
        ("starts: 'é'", "É bien"),
        ("ends: '(more)'", "see (more)"),
        ("contains: '(more)'", "see (more) here"),
        ("contains: '…'", "wait... what"),
        ("text: 'colou?r'", "Color"),
        ("text: '^by|^von'", "Von hier"),
        ("text: '^by|from$'", "where from"),
        ("text: '^(?:by|von)? ?dana'", "Dana"),
        ("text: '^\\W*share'", "»» – Share this"),
        ("text: '^\\d+ comments'", "73 comments"),
        ("text: '^(?:no|\\d+) comments?'", "5 comments"),
        ("text: 'don.t'", "DON’T"),
        ("text: 'donʼt'", "donʼt"),
        ("text: 'straße'", "Straße"),
        ("text: '[’'']s pick$'", "Editor’s Pick"),
        ("text: '\\p{Lu}{3}'", "see ABC"),
        ("text: '(?m)^foo'", "foo"),
        ("text: '©'", "© 2026"),
        ("text: '^.?$'", "x"),
        ("text: '(?i:a)bc|d'", "D"),
        ("text: '^(?=read)\\w+ more'", "Read more"),
        ("text: '(?:^|\\W)ad(?:$|\\W)'", "an ad"),
        ("text: '^x{0}abc'", "ABC"),
        ("text: '^(?:ab)+c'", "ababc"),
        ("text: '^a?b?c?de'", "bde"),
        ("text: '^[a-z]bc'", "abc"),
        ("text: '^(?>abc)d'", "abcd"),
        ("text: '^(a)\\1bc'", "aabc"),
        ("text: '更多'", "看更多"),
    ],
)
def test_the_index_proposes_every_rule_that_matches(keys: str, text: str) -> None:
    rules, rule = one_rule(keys)
    shown = read_text(text).blocks[0].text
    assert says(rule, shown)
    assert ("generic", "x") in tried(rules, text)


_ATOMS = st.sampled_from(
    ["a", "b", "ab", "re", "more", " ", "é", "'", "-", "1", r"\d", r"\w", r"\s", r"\W", ".", "[ab]", "[^a]", "[0-9]", "ß", "…", r"\b"]
)
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.builds(lambda part, repeat: f"(?:{part}){repeat}", inner, st.sampled_from(["?", "*", "+", "{0,2}", "{2}", "*?"])),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["", "^", r"^\W*"]), _PATTERNS)
def test_the_index_never_misses_a_match(data: st.DataObject, anchor: str, inner: str) -> None:
    pattern = anchor + inner
    text = data.draw(st.from_regex(inner.replace(r"\b", ""), fullmatch=True) | st.text("abmore é'’-–1.…ß»", max_size=12))
    text = text.replace("\0", "").replace("\n", " ")  # decoding takes NUL away
    blocks = read_text(text).blocks
    assume(blocks and not explosive(pattern))
    quoted = pattern.replace("'", "''")
    rules, rule = one_rule(f"text: '{quoted}'")
    if says(rule, blocks[0].text):
        assert ("generic", "x") in tried(rules, blocks[0].text)


def _examples() -> list[tuple[str, str, str]]:
    return [
        (file.name, rule.id, " ".join(line.split()))
        for file in load().files
        for rule in [*file.document.drop, *file.document.keep, *file.document.cut]
        if rule.examples and not rule.css
        for line in rule.examples.match
    ]


def test_the_index_proposes_each_built_in_rule_for_its_own_examples() -> None:
    rules = Rules(load())
    examples = _examples()
    assert len(examples) > 100
    assert [(name, rule, line) for name, rule, line in examples if (name, rule) not in tried(rules, line)] == []


# ---------------------------------------------------------------- the quick look


@pytest.mark.parametrize(
    "pattern",
    [
        r"[[:alpha:]]x",
        r"\p{Lu}x",
        r"(?:foo){e<=1}",
        r"[a-z--b]",
        r"(?|a|b)c",
        r"(?<=a+)b",
        r"a\X",
        "(",
        "foo(?i)bar",
        "[a||b]",
        "ı",
        r"\u0131",
        "[à-ž]",
    ],
)
def test_what_the_standard_engine_reads_otherwise_is_not_asked_of_it(pattern: str) -> None:
    assert probe(pattern) is None


@pytest.mark.parametrize("text", ["x²", "½ off", "İstanbul", "\u212a2", "ſharp", "e\u0301", "ΟΔΟΣ", "更多", "a\u00a0b", "ǅ"])
def test_texts_that_the_engines_read_otherwise_are_not_shown_to_the_standard_one(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize("text", ["", "Read more!", "Editor’s “Pick” – 5 €…", "Überstraße, naïve Ångström", "Żółć", "Подписка на №1"[:-2]])
def test_texts_in_letters_with_capitals_are(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    ("pattern", "longest"), [("^by .{2,60}$", 1000), (".*a.*b.*c.*d.*e", 40), (r"^(?:\w+ ){0,9}x", 20), ("(?:a+)+$", 20)]
)
def test_the_more_repeats_the_shorter_the_text(pattern: str, longest: int) -> None:
    found = probe(pattern)
    assert found is not None
    assert found.longest <= longest


@pytest.mark.parametrize(("pattern", "lowered"), [("^read more", True), ("read [A-Z]", False), (r"\W(?-i:SOURCE)", False), ("É", False)])
def test_a_pattern_with_capitals_sees_them(pattern: str, lowered: bool) -> None:
    found = probe(pattern)
    assert found is not None
    assert found.lowered is lowered


def test_the_quick_look_says_what_the_search_says() -> None:
    """Every built-in pattern on the examples of all rules: what it must match, and what it must not."""
    files = load().files
    rules = [rule for file in files for rule in [*file.document.drop, *file.document.keep, *file.document.cut]]
    texts = {line for rule in rules if rule.examples for line in [*rule.examples.match, *rule.examples.keep]}
    texts = {" ".join(text.split()) for text in texts}
    asked = 0
    for rule in rules:
        look = probe(rule.text) if rule.text else None
        for text in texts if look else ():
            if is_plain(text) and len(text) <= look.longest:
                asked += 1
                seen = look.run(text.lower() if look.lowered else text)
                assert bool(seen) is bool(search(rule.text or "", text)), (rule.id, text)
    assert asked > 100_000
