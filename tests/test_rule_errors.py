"""Broken rule files: each is one RuleError that names the file, the line, the key and the mend."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import write_rules

from cleaner import Cleaner, RuleError
from cleaner.cli.program import program

# (file, its text, line, a word of the key or message, a word of the hint)
BROKEN = {
    "null selector": ("generic.yaml", "drop:\n  - id: a\n    why: w\n    css: #share\n", 4, "no value", "quote"),
    "selector cut short by #": ("generic.yaml", "drop:\n  - {id: a, why: w, css: #share}\n", 2, "css: not YAML", "quote the selector"),
    "duplicate key": (
        "generic.yaml",
        "drop:\n  - {id: a, why: w, css: p}\nkeep: []\ndrop: []\n",
        4,
        "`drop` stands twice (first in line 1)",
        "join",
    ),
    "duplicate key in a rule": (
        "generic.yaml",
        "drop:\n  - id: a\n    why: w\n    css: p\n    css: div\n",
        5,
        "`css` stands twice",
        "join",
    ),
    "misspelt key": (
        "generic.yaml",
        "drop:\n  - id: a\n    why: w\n    css: p\n    max_word: 3\n",
        5,
        "unknown key `max_word`",
        "did you mean `max_words`",
    ),
    "misspelt key at the top": ("generic.yaml", "\ndropp: []\n", 2, "unknown key `dropp`", "did you mean `drop`"),
    "misspelt key in detect": ("themes/x.yaml", "detect:\n  any:\n    - {hots: e.org}\n", 3, "unknown key `hots`", "did you mean `hosts`"),
    "bad CSS": (
        "generic.yaml",
        "drop:\n  - id: a\n    why: w\n    css: ['p', 'div..x']\n",
        4,
        "css[1]: bad selector 'div..x'",
        "style sheet",
    ),
    "CSS too broad": ("generic.yaml", "drop:\n  - {id: a, why: w, css: '[data-x]'}\n", 2, "", "div[data-x]"),
    "CSS not supported": ("generic.yaml", "body: 'p:nth-child(2)'\n", 1, "body: selector", "supported:"),
    "bad CSS in a guard": ("generic.yaml", "drop:\n  - {id: a, why: w, css: p, not_inside: 'p >'}\n", 2, "not_inside", "style sheet"),
    "bad CSS in until": ("generic.yaml", "drop:\n  - {id: a, why: w, css: p, until: 'p >'}\n", 2, "until", "style sheet"),
    "bad CSS in a field": ("generic.yaml", "fields:\n  title: ['h1', 'p >']\n", 2, "fields.title[1]", "style sheet"),
    "bad CSS in detect": ("themes/x.yaml", "detect:\n  all: ['p >']\n", 2, "detect.all[0]", "style sheet"),
    "bad regex": ("generic.yaml", "drop:\n  - id: a\n    why: w\n    text: '('\n", 4, "bad regular expression", "test it"),
    "explosive regex": (
        "generic.yaml",
        "drop:\n  - id: a\n    why: w\n    text: '^(\\w+\\s?)*$'\n",
        4,
        "can run for ever",
        "bound the inner repeat",
    ),
    "explosive regex with properties": (
        "generic.yaml",
        "drop:\n  - {id: a, why: w, text: '(\\p{L}+)+$'}\n",
        2,
        "can run for ever",
        "bound",
    ),
    "explosive field": ("generic.yaml", "fields:\n  title: {text: '(a+)+b'}\n", 2, "fields.title.text", "bound"),
    "explosive path": ("themes/x.yaml", "detect: {css: p, path: '(a+)+b'}\n", 1, "detect.path", "bound"),
    "regex nested too deeply": (
        "generic.yaml",
        f"drop:\n  - {{id: a, why: w, text: '{'(' * 3000}a{')' * 3000}'}}\n",
        2,
        "bad regular expression",
        "test it",
    ),
    "extends itself": ("themes/x.yaml", "detect: {css: p}\nextends: themes/x\n", 2, "themes/x -> themes/x", "break the circle"),
    "unknown parent": (
        "themes/x.yaml",
        "detect: {css: p}\nextends: engines/nowhere\n",
        2,
        "'engines/nowhere', which does not exist",
        "rules list",
    ),
    "wrong type": (
        "generic.yaml",
        "drop:\n  - id: a\n    why: w\n    css: p\n    max_words: many\n",
        5,
        "drop[0].max_words: expected `int",
        "rules.md",
    ),
    "a mapping for a list": ("generic.yaml", "drop:\n  id: a\n", 1, "drop: expected", "- {id: ..."),
    "a number out of range": (
        "generic.yaml",
        "drop:\n  - {id: a, why: w, css: p, min_link_density: 2}\n",
        2,
        "min_link_density",
        "rules.md",
    ),
    "a number beyond all reason": (
        "generic.yaml",
        "drop:\n  - {id: a, why: w, css: p, max_words: 100000000000000000000000000}\n",
        2,
        "max_words",
        "",
    ),
    "duplicate id": ("generic.yaml", "drop:\n  - {id: a, why: w, css: p}\nkeep:\n  - {id: a, css: p}\n", 4, "`a` stands twice", "unique"),
    "bad id": ("generic.yaml", "drop:\n  - {id: Share Me, why: w, css: p}\n", 2, "drop[0].id", ""),
    "no id": ("generic.yaml", "drop:\n  - {why: w, css: p}\n", 2, "missing required field `id`", ""),
    "no reason": ("generic.yaml", "drop:\n  - {id: a, css: p}\n", 2, "no reason", "add `why:`"),
    "nothing to match": ("generic.yaml", "drop:\n  - {id: a, why: w, max_words: 3}\n", 2, "names no block", "css, phrase"),
    "a wording of signs alone": ("generic.yaml", "drop:\n  - {id: a, why: w, starts: ['more', '»']}\n", 2, "»", ""),
    "an empty wording": ("generic.yaml", "drop:\n  - {id: a, why: w, contains: ''}\n", 2, "drop[0]", ""),
    "a detection text of signs alone": ("themes/x.yaml", "detect: {text: '...'}\n", 1, "detect", ""),
    "no such kind": ("generic.yaml", "drop:\n  - {id: a, why: w, kind: header}\n", 2, "'header' is no kind", "heading"),
    "a cut without characters": ("generic.yaml", "cut:\n  - {id: a, why: w, css: p}\n", 2, "needs the characters", "text:"),
    "a deep drop": ("generic.yaml", "drop:\n  - {id: a, why: w, css: p, deep: true}\n", 2, "only a keep rule", "delete"),
    "record without a pattern": ("generic.yaml", "drop:\n  - {id: a, why: w, css: p, record: source}\n", 2, "record", "text:"),
    "record of an unknown field": (
        "generic.yaml",
        "drop:\n  - {id: a, why: w, text: '(x)', record: colour}\n",
        2,
        "'colour' cannot be recorded",
        "site_name",
    ),
    "record of a missing group": ("generic.yaml", "drop:\n  - {id: a, why: w, text: 'x', record: source}\n", 2, "no group", "(?P<source>"),
    "an example that does not match": (
        "generic.yaml",
        "drop:\n  - {id: a, why: w, phrase: x, examples: {match: [x, y]}}\n",
        2,
        "examples.match[1]",
        "mend",
    ),
    "an example that must be kept": (
        "generic.yaml",
        "drop:\n  - {id: a, why: w, contains: x, examples: {keep: [an x]}}\n",
        2,
        "examples.keep[0]",
        "narrower",
    ),
    "a phrase without examples": (
        "phrases/xx.yaml",
        "language: xx\ndrop:\n  - {id: a, why: w, phrase: x}\n",
        3,
        "no examples",
        "examples: {match",
    ),
    "a phrase pack without language": ("phrases/xx.yaml", "drop: []\n", 1, "names its language", "language: en"),
    "nothing says when it applies": ("themes/x.yaml", "drop: []\n", 1, "when this file applies", "add `detect:`"),
    "only negative evidence": ("themes/x.yaml", "detect: {none: ['p']}\n", 1, "nothing positive", "hosts"),
    "an alternative without a key": ("themes/x.yaml", "detect:\n  any: ['p', {path: /blog/}]\n", 2, "detect.any[1]", ""),
    "a source with a body": ("sources/x.yaml", "detect: {text: wire}\nbody: 'main'\n", 2, "no body", "theme"),
    "a field that is two things": ("generic.yaml", "fields:\n  title: {css: h1, value: x}\n", 2, "exactly one", "list"),
    "a short rule id": ("generic.yaml", "disable: [share]\n", 1, "'share' is no full rule id", "themes/soledad#share"),
    "empty file": ("generic.yaml", "", 1, "empty", "delete"),
    "only comments": ("generic.yaml", "# nothing\n", 1, "empty", "delete"),
    "not YAML": ("generic.yaml", "drop:\n  - {id: a\nkeep: [\n", 3, "not YAML", ""),
    "a selector that is an alias": ("generic.yaml", "drop:\n  - {id: a, why: w, css: *share}\n", 2, "not YAML", "quote"),
    "a repeated alias": ("generic.yaml", "body: &x [p]\nfields: {title: *x}\n", 2, "alias", "write the value out"),
    "a tab": ("generic.yaml", "drop:\n\t- x\n", 2, "not YAML", ""),
    "two documents": ("generic.yaml", "drop: []\n---\ndrop: []\n", 2, "not YAML", ""),
    "a list": ("generic.yaml", "- drop\n", 1, "mapping", "keys"),
    "a Python object": ("generic.yaml", "drop: !!python/object:os.system x\n", 1, "not allowed", "quote"),
    "nested too deeply": ("generic.yaml", "drop: " + "[" * 900 + "]" * 900, 1, "", ""),
    "a 5 MB file": ("generic.yaml", "# x\n" * 1_300_000, 1, "bytes", "split"),
    "newer schema": ("generic.yaml", "body: 'main'\nschema: 99\nfuture_key: 1\n", 2, "schema 99 is newer", "upgrade"),
}


@pytest.mark.parametrize(("name", "text", "line", "message", "hint"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_clear_error(tmp_path: Path, name: str, text: str, line: int, message: str, hint: str) -> None:
    folder = write_rules(tmp_path, {name: text})
    with pytest.raises(RuleError) as caught:
        Cleaner([folder], builtin=False)
    error = caught.value
    assert error.file == f"{folder}/{name}"
    assert error.line == line, str(error)
    assert message in str(error)
    assert error.hint
    assert hint in error.hint
    assert str(error).startswith(f"{folder}/{name}:{line}:")
    assert "\n" not in str(error)
    assert len(str(error)) < 1500


TWELVE = (
    "null selector", "duplicate key", "misspelt key", "bad CSS", "explosive regex", "extends itself", "unknown parent", "wrong type",
    "duplicate id", "empty file", "not YAML", "a 5 MB file",
)  # fmt: skip


@pytest.mark.parametrize("kind", TWELVE)
def test_the_command_tells_each_in_one_line_and_exits_with_2(tmp_path: Path, kind: str) -> None:
    name, text, line, message, _ = BROKEN[kind]
    folder = write_rules(tmp_path, {name: text})
    done = CliRunner().invoke(program, ["rules", "check", str(folder)])
    told = [one for one in done.stderr.splitlines() if "error: " in one]
    assert (done.exit_code, len(told)) == (2, 1), done.stderr
    assert f"{folder}/{name}:{line}" in told[0] and message in told[0] and told[0].endswith(")")


@pytest.mark.parametrize(
    "files",
    [{"themes/a.yaml": "themes/b", "themes/b.yaml": "themes/a"}, {f"themes/{a}.yaml": f"themes/{b}" for a, b in ("ab", "bc", "ca")}],
)
def test_files_that_extend_each_other_in_a_circle(tmp_path: Path, files: dict[str, str]) -> None:
    write_rules(tmp_path, {name: f"detect: {{css: p}}\nextends: {parent}\n" for name, parent in files.items()})
    with pytest.raises(RuleError) as caught:
        Cleaner([tmp_path], builtin=False)
    assert caught.value.file.removeprefix(f"{tmp_path}/") in files
    assert caught.value.line == 2
    assert "themes/a" in str(caught.value)


@pytest.mark.parametrize("text", ["drop: " + "[" * 50_000 + "]" * 50_000, "- " * 50_000 + "x", "a: " + "{a: " * 50_000])
def test_nesting_never_kills_the_process(text: str, tmp_path: Path) -> None:
    write_rules(tmp_path, text)
    program = "import sys, cleaner\ntry: cleaner.Cleaner([sys.argv[1]], builtin=False)\nexcept cleaner.RuleError as error: print(error)"
    child = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True)
    assert (child.returncode, child.stderr) == (0, "")
    assert child.stdout.startswith(f"{tmp_path}/generic.yaml:1")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "generic.yaml").write_bytes(b"# fine\nbody: 'caf\xe9'\n")
    with pytest.raises(RuleError) as caught:
        Cleaner([tmp_path], builtin=False)
    assert (caught.value.line, caught.value.hint) == (2, "save the file as UTF-8")


def test_an_unknown_parent_of_the_right_name_is_suggested(tmp_path: Path) -> None:
    write_rules(tmp_path, {"themes/x.yaml": "detect: {css: p}\nextends: y\n", "engines/y.yaml": "detect: {css: p}\n"})
    with pytest.raises(RuleError, match="did you mean `engines/y`"):
        Cleaner([tmp_path], builtin=False)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        Cleaner([tmp_path / "nowhere"])
    assert caught.value.file == str(tmp_path / "nowhere")
    assert caught.value.hint


def test_a_file_outside_the_folder_of_its_layer(tmp_path: Path) -> None:
    write_rules(tmp_path, {"soledad.yaml": "drop: []\n"})
    with pytest.raises(RuleError, match=r"soledad\.yaml.*move it to .*themes/"):
        Cleaner([tmp_path])


def test_a_folder_named_like_a_rule_file(tmp_path: Path) -> None:
    (tmp_path / "themes" / "x.yaml").mkdir(parents=True)
    with pytest.raises(RuleError):
        Cleaner([tmp_path])


def test_an_error_survives_pickling() -> None:
    error = RuleError("bad", file="f.yaml", line=3, column=7, key="drop[0]", hint="mend it")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "f.yaml:3:7: drop[0]: bad (mend it)"
    assert (again.file, again.line, again.hint) == ("f.yaml", 3, "mend it")


def test_what_is_unusual_but_right(tmp_path: Path) -> None:
    write_rules(
        tmp_path,
        {
            "generic.yaml": """\
                \ufeff# a byte order mark, quoted signs, a text that looks like a date, escapes
                fields: {date: {value: 2026-01-14}, title: {text: "^(.+)\\u00a0$"}}
                body: ["#main", '.a\\:b', "div[style*='x: y']"]
                drop:
                  - {id: 1-2, why: 'it''s # fine', css: ["a[href*='/x?y=#z']"], min_link_density: 0, max_link_density: 1}
                """,
            "sites/example.com.yaml": "drop: []\n",
            "README.md": "no rule file\n",
            "themes/notes.txt": "no rule file either\n",
        },
    )
    assert [file.name for file in Cleaner([tmp_path], builtin=False).ruleset.files] == ["generic", "sites/example.com"]
