"""Rules from strangers: no code, no other files, no bombs, no runaway patterns."""

from __future__ import annotations

import os
import pkgutil
import re
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from conftest import write_rules
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner, RuleError
from cleaner.load import LoadedFile, load
from cleaner.pattern import compile_pattern, explosive

RULE = "drop:\n  - {{id: a, why: w, {0}}}\n"


def refused(folder: Path, text: str, name: str = "generic.yaml") -> str:
    start = time.process_time()
    with pytest.raises(RuleError) as caught:
        Cleaner([write_rules(folder, {name: text})], builtin=False)
    assert time.process_time() - start < 5
    return str(caught.value)


BOMBS = {
    "python object": "drop: !!python/object/apply:os.system ['touch owned']\n",
    "python name": "drop: !!python/name:os.system\n",
    "own tag": "drop: !include /etc/passwd\n",
    "binary": "drop: !!binary aGVsbG8=\n",
    "set": "drop: !!set {a, b}\n",
    "alias": "drop: &a []\nkeep: *a\n",
    "alias of itself": "drop: &a [*a]\n",
    "billion laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)),
    "merge key": "base: &b {drop: []}\n<<: *b\n",
    "two documents": "drop: []\n---\ndrop: []\n",
    "deep": "drop: " + "[" * 5000 + "]" * 5000 + "\n",
    "large": "drop: []\n#" + "x" * 1_000_001 + "\n",
    "many rules": "drop:\n" + "".join(f"  - {{id: r{at}, why: w, css: p}}\n" for at in range(10_001)),
    "long pattern": RULE.format("text: '" + "a" * 20_001 + "'"),
    "long selector": RULE.format("css: '" + "div " * 600 + "p'"),
    "deep pattern": RULE.format("text: '" + "(" * 3000 + "a" + ")" * 3000 + "'"),
    "huge repeat": RULE.format("text: '(?:a{1,99999}){1,99999}'"),
    "exponential pattern": RULE.format("text: '(a+)+$'"),
    "exponential alternatives": RULE.format("text: '(?:a|a)*$'"),
    "number of any size": "schema: " + "9" * 5000 + "\n",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_one_error_and_quick(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(tmp_path / "rules", text)
    assert not (tmp_path / "owned").exists()


_AWAY = ["../../../etc/passwd", "sites/../../secret", "/etc/passwd", "themes/..", "themes/x\\..\\y", "file:///etc/passwd"]


@pytest.mark.parametrize("name", _AWAY)
def test_names_are_looked_up_among_the_rules_and_never_on_the_disk(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.yaml").write_text("secret: hunter2\n", encoding="utf-8")
    message = refused(tmp_path / "rules", f"extends: '{name}'\ndetect: {{css: p}}\n", "themes/x.yaml")
    assert "hunter2" not in message and "root:" not in message


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    os.mkfifo(tmp_path / "sites" / "pipe.example.yaml")
    with pytest.raises(RuleError, match="is no file"):
        load([tmp_path], builtin=False)


def test_a_file_elsewhere_that_is_no_rule_file_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("password: hunter2\n", encoding="utf-8")
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "a.example.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(RuleError) as caught:
        load([tmp_path], builtin=False)
    assert "hunter2" not in str(caught.value)


_SCALARS = "a 'p' '#x' [] {} 1 -1 1e9 true null '' *a !x 2026-01-01 '(a+)+' '.*.*.*'".split()
_YAML = st.recursive(
    st.sampled_from(_SCALARS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.dictionaries(st.sampled_from("id why css text phrase starts within kind any hosts first record".split()), inner, max_size=4).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        ),
    ),
    max_leaves=12,
)


_KEYS = st.sampled_from("drop keep cut body detect extends fields source language limits".split())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.dictionaries(_KEYS, _YAML, max_size=4))
@example({"drop": "[{id: a, why: w, css: 'p', within: {first: 1}}]"})
def test_any_rule_file_works_or_is_a_rule_error(tmp_path: Path, keys: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in keys.items()) or "{}"
    try:
        cleaner = Cleaner([write_rules(tmp_path / "rules", {"sites/a.example.yaml": text})], builtin=False)
    except RuleError as error:
        assert error.file
        return
    cleaner.clean("<html><body><p>One two three.</p></body></html>", url="https://a.example/").to_dict()


# ---------------------------------------------------------------- our own patterns


def own_patterns() -> dict[str, str]:
    def of(file: LoadedFile) -> dict[str, str]:
        rules = [*file.document.drop, *file.document.keep, *file.document.cut]
        return {f"{file.name}#{rule.id}": rule.text for rule in rules if rule.text}

    return {name: text for file in load().files for name, text in of(file).items()}


_REFERRING = {"sources/press-release#about-inline", "cleaner.dates._ISO", "cleaner.dates._NUMERIC", "cleaner.dates._IN_URL"}
"""May look back at one short group: the company's name, said twice; the sign between the parts of a date."""


def test_our_patterns_are_regular_but_for_look_arounds() -> None:
    """RE2 reads every one, look-arounds taken for groups and counts for `*`: so there is no recursion and no condition."""
    re2 = pytest.importorskip("re2", reason="google-re2 is not installed")
    for name, text in own_patterns().items():
        assert not explosive(text), name
        plain = re.sub(r"\(\?<?[=!]", "(?:", text)
        if name in _REFERRING:
            plain = plain.replace(r"\1", "x")
        plain = re.sub(r"\{\d*,?\d+\}", "*", plain)
        try:
            re2.compile(plain)
        except re2.error as error:
            pytest.fail(f"{name}: {error}")


_PIECES = ("a ", "a", " ", "1 ", "A. ", "a, ", ": ", "» ", "É", "文")
_ATTACKS = [piece * (1500 // len(piece)) + end for piece in _PIECES for end in ("", "!")]


_ODD = {"cleaner.cli.output._SURROGATES"}
"""One class of characters that UTF-8, and so RE2, has not."""


def program_patterns() -> dict[str, re.Pattern[Any]]:
    """Those of the program itself, at the top of its modules."""
    names = [module.name for module in pkgutil.walk_packages(cleaner.__path__, "cleaner.")]
    modules = [import_module(name) for name in names if not name.startswith("cleaner.adapters.") and not name.endswith("__main__")]
    every = {f"{module.__name__}.{name}": value for module in modules for name, value in vars(module).items()}
    return {name: value for name, value in every.items() if isinstance(value, re.Pattern) and name not in _ODD}


def test_the_programs_own_patterns_are_regular_but_for_look_arounds() -> None:
    re2 = pytest.importorskip("re2", reason="google-re2 is not installed")
    patterns = program_patterns()
    assert len(patterns) > 80
    for name, pattern in patterns.items():
        text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        plain = re.sub(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))", lambda found: chr(int(found[1] or found[2], 16)), text)
        plain = re.sub(r"\s+", "", plain) if pattern.flags & re.VERBOSE else plain
        plain = re.sub(r"\\[1-9]", "x", plain) if name in _REFERRING else plain
        plain = re.sub(r"\{\d*,?\d+\}", "*", re.sub(r"\(\?<?[=!]", "(?:", plain))
        try:
            re2.compile(plain)
        except re2.error as error:
            pytest.fail(f"{name}: {error}")


def test_our_patterns_end_soon_on_texts_made_to_slow_them() -> None:
    """0.2 seconds is what a search may take; ours stay far below on 1,500 characters that never match."""
    slow = {}
    for name, text in own_patterns().items():
        compiled = compile_pattern(text)
        head = re.split(r"[\\(\[.?*+{|]", text.lstrip("^").removeprefix(r"\W*"))[0]
        for attack in _ATTACKS:
            start = time.thread_time()
            compiled.search(head + attack, timeout=1)
            if (took := time.thread_time() - start) > 0.1:
                slow[name] = took
    assert not slow
