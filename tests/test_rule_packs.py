"""Rule packs: installed packages that bring rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import MORE_PROSE, PROSE, write_rules

from cleaner import Cleaner, RuleError
from cleaner.cli.program import program

RULES = "detect: {css: main}\nbody: main\nlimits: {min_words: 1}\ndrop:\n  - {id: pitch, css: .pitch, why: advert}\n"
PAGE = f"<main><p>{PROSE}</p><div class=pitch>{MORE_PROSE}</div></main>"


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack as pip would install it."""
    folder = tmp_path / "acme_rules"
    write_rules(folder, {"themes/acme.yaml": RULES})
    (folder / "__init__.py").write_text('"""Rules."""\n')
    info = tmp_path / "acme_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[cleaner.rules]\nacme = acme_rules\nbroken = no_such_module\n")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_a_pack_is_read_when_it_is_named(acme: Path) -> None:
    assert Cleaner(["pack:acme"], builtin=False).clean(PAGE).text == PROSE
    assert MORE_PROSE in Cleaner([], builtin=False).clean(PAGE).text
    page = acme / "page.html"
    page.write_text(PAGE)
    done = CliRunner().invoke(program, ["explain", str(page), "--no-builtin", "--rules", "pack:acme"])
    assert "themes/acme#pitch  pack:acme/themes/acme.yaml:5  advert" in done.output


@pytest.mark.parametrize(("name", "told"), [("pack:other", "installed are: acme, broken"), ("pack:broken", "cannot be used")])
def test_a_pack_that_cannot_be_used_is_one_clear_error(acme: Path, name: str, told: str) -> None:
    with pytest.raises(RuleError, match=told) as caught:
        Cleaner([name])
    assert caught.value.file == name
