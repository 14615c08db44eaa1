"""``cleaner rules test`` and ``stats``, and the schema that editors read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from conftest import MORE_PROSE, PROSE, write_rules

from cleaner import rulefile
from cleaner.cli.program import program
from cleaner.ruletools.schema import MODELINE, PATH, schema

PITCH = "Our brass buttons are made by hand, and you may order a dozen of them today for less than a dinner."
INNER = f"<h1>Zinc</h1><p>{PROSE}</p><p class=pitch>{PITCH}</p><p>{MORE_PROSE}</p>"
PAGE = f"<html><head><title>Zinc</title></head><body><main>{INNER}</main></body></html>"
RULES = "body: main\nlimits: {min_words: 1}\ndrop:\n  - {id: pitch, css: .pitch, why: newsletter}\n"
REFERENCE = Path(__file__).parent.parent / "docs/rules.md"


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(program, ["rules", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_rules(tmp_path, {"sites/example.com.yaml": RULES})
    sample = tmp_path / "samples/sites/example.com/zinc"
    sample.mkdir(parents=True)
    (sample / "page.html").write_text(PAGE)
    (sample / "expected.md").write_text(f"# Zinc\n\n{PROSE}\n\n{MORE_PROSE}\n")
    (sample / "meta.yaml").write_text("url: https://example.com/a\nexpect: {title: Zinc}\nmust_keep: [Ferries]\nmust_drop: [Our brass]\n")
    return tmp_path


@pytest.mark.parametrize("below", ["", "samples", "samples/sites/example.com", "samples/sites/example.com/zinc"])
def test_a_sample_that_is_as_expected(folder: Path, below: str) -> None:
    code, output = run("test", folder / below)
    assert (code, output.splitlines()[0]) == (0, "ok    sites/example.com/zinc")


def test_what_leaked_and_what_was_lost_and_by_which_rule(folder: Path) -> None:
    (folder / "sites/example.com.yaml").write_text(RULES.replace(".pitch", "p:last-child"))
    code, output = run("test", folder)
    assert code == 1
    assert "FAIL  sites/example.com/zinc" in output
    assert "leaked   Our brass" in output
    assert re.search(r"lost +Ferries .*\[sites/example.com#pitch  .*example.com.yaml:4  newsletter\]", output)
    assert "must_drop is in the article: Our brass" in output
    assert "must_keep is not in the article: Ferries" in output


def test_update_rewrites_expected_files_alone(folder: Path) -> None:
    sample = folder / "samples/sites/example.com/zinc"
    before = (sample / "meta.yaml").read_text()
    (sample / "expected.md").write_text("# Zinc\n\nold\n")
    code, output = run("test", folder, "--update")
    assert code == 0 and "-old" in output and "updated  sites/example.com/zinc" in output
    assert (sample / "expected.md").read_text() == f"# Zinc\n\n{PROSE}\n\n{MORE_PROSE}\n"
    assert (sample / "meta.yaml").read_text() == before
    assert run("test", folder)[0] == 0


def test_nothing_to_test_and_samples_that_cannot_be_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert run("test", tmp_path / "none")[0] == 2
    (folder / "samples/sites/example.com/zinc/meta.yaml").write_text("must_keep: [a: b: c\n")
    code, output = run("test", folder)
    assert code == 2 and "meta.yaml: not YAML" in output


def test_stats_count_what_fires_and_what_never_does(folder: Path) -> None:
    (folder / "sites/example.com.yaml").write_text("detect: {css: .pitch}\n" + RULES + "  - {id: void, css: .void, why: w}\n")
    code, output = run("stats", folder / "samples", "--no-builtin", "--rules", folder)
    assert code == 0
    assert re.search(r"^ +1 +1  sites/example.com#pitch$", output, re.M)
    assert output.index("never") < output.index("sites/example.com#void")


def test_the_shipped_schema_is_made_from_the_structures_that_check() -> None:
    assert PATH.read_text() == schema(), "run: cleaner rules schema > cleaner/rules.schema.json"
    assert run("schema") == (0, schema())
    assert json.loads(schema())["$defs"]["Rule"]["additionalProperties"] is False


def test_every_rule_file_names_the_schema_to_editors() -> None:
    root = Path(__file__).parent.parent
    without = []
    for path in sorted((root / "rules").rglob("*.yaml")):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        if not first.startswith(MODELINE) or (path.parent / first.removeprefix(MODELINE)).resolve() != PATH.resolve():
            without.append(str(path.relative_to(root)))
    assert without == [], f"the first line is {MODELINE}../../cleaner/rules.schema.json"


def test_the_reference_tells_of_every_key() -> None:
    blocks = "\n".join(re.findall(r"```yaml\n(.*?)```", REFERENCE.read_text(), re.S))
    structs = [one for one in vars(rulefile).values() if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    keys = {key for struct in structs for key in struct.__struct_encode_fields__}
    assert sorted(key for key in keys if not re.search(rf"\b{key}: ", blocks) and not re.search(rf"^ *{key}:$", blocks, re.M)) == []
