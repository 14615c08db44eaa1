"""Warnings of ``cleaner rules check``, its formats, and ``cleaner explain --rule``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import MORE_PROSE, PROSE, write_rules

from cleaner.cli.program import program

SHIPPED = Path(__file__).parent.parent
PAGE = f"<main><p>{PROSE}</p><div class=pitch><p>Brass buttons, cheap today</p></div><p>{MORE_PROSE}</p></main>"
HEAD = "detect: {css: .pitch}\nbody: main\nlimits: {min_words: 1}\ndrop:\n"


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(program, [*map(str, arguments)])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("name", "rules", "line", "told"),
    [
        ("sites/x.org.yaml", "drop:\n  - {id: a, css: .css-1x2y3z, why: w}\n", 2, "made by a program"),
        ("sites/x.org.yaml", "drop:\n  - {id: b, css: .b, why: w}\n  - {id: a, css: .a, why: w}\n", 2, "not in order"),
        ("generic.yaml", "drop:\n  - {id: a, phrase: brass buttons, why: w}\n", 2, "no examples"),
        ("sites/x.org.yaml", "drop:\n  - {id: a, text: '\\w+\\w+\\w+[;:]$', why: w}\n", 2, "slow"),
    ],
)
def test_what_will_go_wrong_is_a_warning(tmp_path: Path, name: str, rules: str, line: int, told: str) -> None:
    write_rules(tmp_path, {name: rules})
    code, output = run("rules", "check", tmp_path)
    assert code == 0
    assert re.search(rf"warning: .*{re.escape(name)}:{line}: .*{told}", output), output


def test_patterns_that_re2_refuses_are_told_on_request(tmp_path: Path) -> None:
    pytest.importorskip("re2", reason="google-re2 is not installed")
    write_rules(tmp_path, {"sites/x.org.yaml": "drop:\n  - {id: a, text: 'brass(?! band)', why: w}\n  - {id: b, text: 'iron', why: w}\n"})
    assert "RE2" not in run("rules", "check", tmp_path)[1]
    assert run("rules", "check", tmp_path, "--re2")[1].count("a: RE2 refuses the pattern") == 1


def test_formats_for_other_programs(tmp_path: Path) -> None:
    write_rules(tmp_path, {"sites/x.org.yaml": "drop:\n  - {id: a, css: .css-1x2y3z, why: w}\n", "sites/y.org.yaml": "dropp: []\n"})
    done = CliRunner().invoke(program, ["rules", "check", str(tmp_path), "--format", "json"])
    found = json.loads(done.stdout)
    assert done.exit_code == 2
    told = [(one["level"], Path(one["file"]).name, one["line"]) for one in found]
    assert told == [("error", "y.org.yaml", 1), ("warning", "x.org.yaml", 2)]
    done = CliRunner().invoke(program, ["rules", "check", str(tmp_path), "--format", "github"])
    assert done.stdout.splitlines()[0].startswith(f"::error file={tmp_path}/sites/y.org.yaml,line=1,col=1::unknown key")


def test_samples_show_what_a_rule_is_worth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The samples of the sites stand for all: the rest would take half a minute.
    monkeypatch.setattr("cleaner.ruletools.lint.TOO_MANY", 1)
    monkeypatch.setattr("cleaner.ruletools.samples.shipped_samples", lambda: SHIPPED / "samples/sites")
    rules = "  - {id: box, css: .pitch, why: w}\n  - {id: deep, css: '.pitch p', why: w}\n  - {id: void, css: .void, why: w}\n"
    write_rules(tmp_path, {"sites/example.com.yaml": HEAD + rules, "sites/none.org.yaml": "drop:\n  - {id: wide, css: body, why: w}\n"})
    sample = tmp_path / "samples/sites/example.com/brass"
    sample.mkdir(parents=True)
    (sample / "page.html").write_text(PAGE)
    output = run("rules", "check", tmp_path, "--samples")[1]
    assert re.search(r"example.com.yaml:7: void: it fires in no sample", output)
    assert re.search(r"example.com.yaml:[56]: (box|deep): it matches, but sites/example.com#(box|deep) always decides", output)
    assert re.search(r"none.org.yaml:1: the file has no sample", output)
    assert re.search(r"none.org.yaml:2: wide: its selectors hold over half of the article on \d+ samples", output)


def test_one_rule_explained(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    rules = "  - {id: pitch, css: .pitch, why: advert}\n  - {id: void, css: .void, why: w}\n"
    rules += "  - {id: worded, css: main, phrase: something else, why: w}\n"
    write_rules(tmp_path / "rules", {"themes/t.yaml": HEAD + rules, "sites/x.org.yaml": "drop:\n  - {id: a, css: p, why: w}\n"})

    def explained(rule: str) -> tuple[int, str]:
        return run("explain", page, "--no-builtin", "--rules", tmp_path / "rules", "--rule", rule)

    code, output = explained("themes/t#pitch")
    assert code == 0
    assert re.search(r"^drop  themes/t#pitch  .*t.yaml:5  advert\nit matches 1 blocks and decides 1 of them\ndone +Brass buttons", output)
    assert explained("themes/t#void") == (1, output_of := explained("themes/t#void")[1]) and "no element of this page" in output_of
    assert "one of its guards does not hold" in explained("themes/t#worded")[1]
    assert "sites/x.org does not apply" in explained("sites/x.org#a")[1]
    code, output = explained("themes/t#pich")
    assert code == 2 and "did you mean themes/t#pitch?" in output
