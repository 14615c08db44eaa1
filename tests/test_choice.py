"""What users may choose to keep: rules with a `choice`, through the command line, Python and the rule files."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import MORE_PROSE, PROSE, main, write_rules

from cleaner import Cleaner, RuleError
from cleaner.cli.program import program

ABOUT = "Quarry & Sons cuts slate and has done so since 1881."
RULE = "drop:\n  - {id: about, why: about the company, starts: Quarry & Sons cuts, choice: press-release}\n"
PAGE = main(f"<h1>Slate is back</h1><p>{PROSE}</p><p>{MORE_PROSE}</p><p>{PROSE} Once more.</p><p>{ABOUT}</p><p>{MORE_PROSE} At last.</p>")
RELEASE = (
    Path(__file__).parent.parent / "samples/sources/business-wire/spring-balers/page.html",
    "About Ridgeway Balers",
    "View source version on businesswire.com",
)


def rules(tmp_path: Path, text: str = RULE) -> list[str]:
    return [str(write_rules(tmp_path, {"generic.yaml": text}))]


def test_what_is_a_choice_goes_and_says_so_unless_it_is_kept(tmp_path: Path) -> None:
    folder = rules(tmp_path)
    without = Cleaner(folder, builtin=False).clean(PAGE)
    assert ABOUT not in without.text
    assert [(piece.rule, piece.text) for piece in without.removed if piece.rule == "generic#about"] == [("generic#about", ABOUT)]
    kept = Cleaner(folder, builtin=False, keep=["press-release"]).clean(PAGE)
    assert ABOUT in kept.text
    assert all(piece.rule != "generic#about" for piece in kept.removed)


def test_keeping_a_choice_leaves_other_rules_alone(tmp_path: Path) -> None:
    folder = rules(tmp_path, RULE + "  - {id: brand, why: brand, contains: Once more}\n")
    text = Cleaner(folder, builtin=False, keep=["press-release"]).clean(PAGE).text
    assert ABOUT in text
    assert "Once more" not in text


def test_a_cut_can_be_a_choice(tmp_path: Path) -> None:
    folder = rules(tmp_path, "cut:\n  - {id: since, why: history, contains: since 1881, choice: press-release}\n")
    assert "since 1881" not in Cleaner(folder, builtin=False).clean(PAGE).text
    assert "since 1881" in Cleaner(folder, builtin=False, keep=["press-release"]).clean(PAGE).text


def test_the_digest_covers_the_choice_and_pickles_keep_it(tmp_path: Path) -> None:
    folder = rules(tmp_path)
    plain, keeping = Cleaner(folder, builtin=False), Cleaner(folder, builtin=False, keep=("press-release",))
    assert plain.digest != keeping.digest
    assert keeping.clean(PAGE).ruleset_digest == keeping.digest
    again = pickle.loads(pickle.dumps(keeping))
    assert again.digest == keeping.digest
    assert ABOUT in again.clean(PAGE).text


@pytest.mark.parametrize("keep", [("press-releases",), ("press-release", "adverts")])
def test_an_unknown_choice_is_refused(keep: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"keep: there is no choice '\w.+'; one of pitches, press-release"):
        Cleaner(builtin=False, keep=keep)


def test_one_choice_may_be_given_as_it_is() -> None:
    assert Cleaner(builtin=False, keep="press-release").digest == Cleaner(builtin=False, keep=["press-release"]).digest


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (RULE.replace("press-release", "press"), "'press' is no choice", "one of pitches, press-release"),
        ("keep:\n  - {id: about, css: p, choice: press-release}\n", "only what is dropped or cut", "delete the key"),
    ],
)
def test_a_rule_file_with_a_wrong_choice_is_refused(tmp_path: Path, text: str, message: str, hint: str) -> None:
    with pytest.raises(RuleError) as caught:
        Cleaner(rules(tmp_path, text), builtin=False)
    assert message in str(caught.value)
    assert hint in caught.value.hint
    assert (caught.value.line, caught.value.key.rpartition(".")[2]) == (2, "choice")


def test_a_press_release_keeps_its_last_sections_on_request() -> None:
    page, *lines = RELEASE
    plain, keeping = Cleaner().clean(page.read_bytes()), Cleaner(keep=["press-release"]).clean(page.read_bytes())
    assert [line for line in lines if line in plain.text] == []
    assert {line for line in lines if any(line in piece.text for piece in plain.removed)} == set(lines)
    assert not any(piece.rule and piece.rule.startswith("sources/press-release#about") for piece in keeping.removed)
    assert len(keeping.text) > len(plain.text)
    assert keeping.source == plain.source


def test_the_command_line_has_the_same_switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    asked = ["--no-user-rules", "--no-builtin", "--rules", *rules(tmp_path / "rules"), str(tmp_path / "page.html")]
    run = CliRunner().invoke(program, asked)
    assert (run.exit_code, ABOUT in run.stdout) == (0, False)
    run = CliRunner().invoke(program, ["--keep", "press-release", *asked])
    assert (run.exit_code, ABOUT in run.stdout) == (0, True)
    run = CliRunner().invoke(program, ["explain", "--keep", "press-release", *asked])
    assert "generic#about" not in run.stdout
    run = CliRunner().invoke(program, ["--keep", "adverts", *asked])
    assert (run.exit_code, "press-release" in run.stderr) == (2, True)
