"""``cleaner rules new``, and the transcript of docs/add-a-site.md, command by command."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from conftest import MORE_PROSE, PROSE

from cleaner import Cleaner
from cleaner.cli.program import program

DOC = Path(__file__).parent.parent / "docs/add-a-site.md"
NETS = "Fishermen mended their nets on the quay all afternoon, and talked of the winter in which the whole basin froze over."
VOTES = "The mayor counted the answers by hand with two clerks, and found that most of the households want the bridge to stay."
CLOSING = "The Harbour Post has come out on every working day since the mole was built, and is printed by its readers."


def page(title: str, author: str, day: str, *paragraphs: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"""<!DOCTYPE html><html lang="en"><head><title>{title}</title>
<link rel="canonical" href="https://harbour-post.example/{title.split()[0].lower()}"></head>
<body><nav><a href="/">Home</a> <a href="/tides">Tides</a></nav>
<div class="story-text"><h1 class="story-title">{title}</h1><p class="story-author">By {author}</p>
<time class="story-date" datetime="{day}">{day}</time>{text}<p>{CLOSING}</p></div>
<footer>Harbour Post, Mole Street</footer></body></html>"""


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("story.html").write_text(page("Survey of the islands is near", "Ann Lee", "2026-02-03", PROSE, VOTES))
    Path("other.html").write_text(page("Ferries stop at noon", "Bo Rask", "2026-02-04", MORE_PROSE, NETS))
    return tmp_path


def run(command: str) -> tuple[int, str]:
    done = CliRunner().invoke(program, shlex.split(command)[1:])
    return done.exit_code, done.output


def test_the_transcript_runs_as_it_is_printed(pages: Path) -> None:
    steps = re.findall(r"```console\n\$ (.*)\n((?:.*\n)*?)```", DOC.read_text())
    assert 1 < len(steps) <= 5
    for command, shown in steps:
        code, output = run(command)
        assert code == 0, (command, output)
        assert [line for line in shown.splitlines() if line not in output.splitlines()] == [], (command, output)


def test_body_fields_and_repeated_text_are_proposed(pages: Path) -> None:
    assert run("cleaner rules new story.html other.html -o my-rules")[0] == 0
    site = yaml.safe_load(Path("my-rules/sites/harbour-post.example.yaml").read_text())
    assert site["body"] == [".story-text"]
    assert site["fields"]["title"] == ".story-title"
    assert site["fields"]["date"] == {"css": ".story-date", "attr": "datetime"}
    assert CLOSING in [rule.get("phrase") for rule in site["drop"]]
    article = Cleaner(["my-rules"]).clean(Path("other.html").read_bytes())
    assert (article.method, article.title, article.authors, article.date) == ("rules", "Ferries stop at noon", ["Bo Rask"], "2026-02-04")
    assert CLOSING not in article.text and MORE_PROSE in article.text
    meta = yaml.safe_load(Path("my-rules/samples/sites/harbour-post.example/other/meta.yaml").read_text())
    assert meta["must_keep"] and meta["must_drop"] and meta["expect"]["title"] == "Ferries stop at noon"


def test_nothing_is_overwritten_unasked_and_a_site_must_be_named(pages: Path) -> None:
    assert run("cleaner rules new story.html -o my-rules")[0] == 0
    for name in ("my-rules/sites/harbour-post.example.yaml", "my-rules/samples/sites/harbour-post.example/story/expected.md"):
        Path(name).write_text("drop: []\n")
    code, output = run("cleaner rules new story.html -o my-rules")
    assert code == 2 and "--force" in output
    assert Path("my-rules/sites/harbour-post.example.yaml").read_text() == "drop: []\n"
    assert run("cleaner rules new story.html -o my-rules --force")[0] == 0
    assert "body" in Path("my-rules/sites/harbour-post.example.yaml").read_text()
    Path("plain.txt").write_text(f"{PROSE}\n\n{MORE_PROSE}\n")
    code, output = run("cleaner rules new plain.txt -o more")
    assert code == 2 and "--url" in output
    assert run("cleaner rules new plain.txt -o more --url https://wire.example/a")[0] == 0
    assert yaml.safe_load(Path("more/sites/wire.example.yaml").read_text())["fields"]["site_name"] == {"value": "wire.example"}
    assert run("cleaner rules test more")[0] == 0
