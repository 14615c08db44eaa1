"""The command line as people and shells use it."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleaner.cli.program import program
from cleaner.version import __version__

ROOT = Path(__file__).resolve().parent.parent
CLEANER = [sys.executable, "-m", "cleaner"]
LAMP = "The keeper of the mole climbs forty steps each evening and lights a lamp that no ship has needed since the harbour silted up."
OIL = "He is paid in oil, he says, and in the view, which on a clear night reaches from the salt works to the far lights of Ostrava Point."
PAGE = f"""<!doctype html><html lang="en"><head><title>The lamp on the mole</title>
<link rel="canonical" href="https://harbour.example/lamp"></head><body>
<nav><a href="/">Home</a></nav>
<main><h1>The lamp on the mole</h1>
<p>{LAMP} (advert)</p>
<div class="share">Share this story</div>
<figure><img src="lamp.jpg" alt="a lamp"><figcaption>The lamp at dusk</figcaption></figure>
<p>{OIL}</p></main></body></html>"""
SITE = """body: "main"
drop:
  - {id: share, css: ".share", why: share buttons}
cut:
  - {id: advert, text: '\\(advert\\)', why: advert label}
"""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from the settings and the cache of whoever runs the tests, in an empty folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture
def page() -> str:
    Path("lamp.html").write_text(PAGE, encoding="utf-8")
    write_rules("rules", SITE)
    return "lamp.html"


def write_rules(folder: str | Path, text: str, name: str = "sites/harbour.example") -> None:
    path = Path(folder, f"{name}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(*args: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(program, args, input=stdin)


def run_alone(*args: str, stdin: str | bytes = "") -> Result:
    """With the rules of this test only."""
    return run(*args, "--no-builtin", "--rules", "rules", stdin=stdin)


# ---------------------------------------------------------------- cleaning


def test_text_is_the_title_a_blank_line_and_paragraphs_between_blank_lines(page: str) -> None:
    done = run_alone(page)
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"The lamp on the mole\n\n{LAMP}\n\n{OIL}\n", "")


@pytest.mark.parametrize("args", [(), ("-",), ("-o", "-")])
def test_a_page_from_standard_input_gives_what_the_file_gives(page: str, args: tuple[str, ...]) -> None:
    assert run_alone(*args, stdin=PAGE).stdout == run_alone(page).stdout


@pytest.mark.parametrize(
    ("form", "title"),
    [("text", "The lamp on the mole\n\n"), ("markdown", "# The lamp on the mole\n\n"), ("html", "<h1>The lamp on the mole</h1>\n")],
)
def test_each_form_writes_the_title_in_its_own_way_and_can_leave_it_out(page: str, form: str, title: str) -> None:
    whole, body = run_alone(page, "-f", form).stdout, run_alone(page, "-f", form, "--no-title").stdout
    assert whole == title + body
    assert LAMP in body


def test_markup_in_a_title_stays_text() -> None:
    stdin = PAGE.replace("The lamp on the mole<", "5 * 4 # &lt;b&gt;<")
    assert run("--no-builtin", "-f", "html", stdin=stdin).stdout.startswith("<h1>5 * 4 # &lt;b&gt;</h1>\n")
    assert run("--no-builtin", "-f", "markdown", stdin=stdin).stdout.startswith("# 5 \\* 4 # \\<b>\n")


def test_json_is_the_whole_article(page: str) -> None:
    record = json.loads(run_alone("--format", "json", page).stdout)
    assert record["title"] == "The lamp on the mole"
    assert record["text"] == f"{LAMP}\n\n{OIL}"
    assert [one["rule"] for one in record["removed"] if one["text"] == "Share this story"] == ["sites/harbour.example#share"]


def test_json_is_valid_unicode_whatever_the_arguments_were(page: str) -> None:
    done = subprocess.run([*CLEANER, page, "-f", "json", "--url", b"https://harbour.example/\xff"], capture_output=True, check=True)
    assert json.loads(done.stdout.decode("utf-8", "strict"))["url"] == "https://harbour.example/\ufffd"


def test_captions_are_in_the_text_when_asked_for(page: str) -> None:
    assert "The lamp at dusk" not in run_alone(page).stdout
    assert "The lamp at dusk" in run_alone(page, "--captions").stdout


def test_the_address_tells_the_site(page: str) -> None:
    stdin = PAGE.replace("https://harbour.example/lamp", "/lamp")
    assert "Share this story" in run_alone("-f", "json", stdin=stdin).stdout
    record = json.loads(run_alone("-f", "json", "--url", "https://www.harbour.example/lamp", stdin=stdin).stdout)
    assert [layer["name"] for layer in record["template"]] == ["sites/harbour.example"]


def test_what_the_input_is_can_be_said(page: str) -> None:
    assert "</main>" not in run("--no-builtin", page).stdout
    assert "</main>" in run("--no-builtin", "--input", "text", page).stdout


def test_the_language_can_be_said_in_every_usual_way(page: str) -> None:
    for code in ("nl", "NL", "nl-BE", "nld"):
        assert json.loads(run_alone(page, "-f", "json", "--language", code).stdout)["language"] == "nl"
    for wrong in ("dutch", "qq", ""):
        done = run_alone(page, "--language", wrong)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "ISO 639-1" in done.stderr


# ---------------------------------------------------------------- files


def test_output_to_a_file_replaces_it_and_keeps_its_permissions(page: str) -> None:
    target = Path("out.txt")
    target.write_text("old")
    target.chmod(0o640)
    Path("link.txt").symlink_to(target)
    done = run_alone(page, "-o", "link.txt")
    assert (done.exit_code, done.stdout) == (0, "")
    assert target.read_text(encoding="utf-8") == run_alone(page).stdout
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert Path("link.txt").is_symlink()
    assert sorted(path.name for path in Path().iterdir()) == ["lamp.html", "link.txt", "out.txt", "rules"]


def test_a_new_output_file_has_the_permissions_of_any_new_file(page: str) -> None:
    Path("other").touch()
    run_alone(page, "-o", "out.txt")
    assert Path("out.txt").stat().st_mode == Path("other").stat().st_mode


def test_a_page_may_be_replaced_by_its_article(page: str) -> None:
    expected = run_alone(page).stdout
    run_alone(page, "-o", page)
    assert Path(page).read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("target", ["missing/out.txt", "rules"])
def test_output_that_cannot_be_written_is_one_line(page: str, target: str) -> None:
    done = run_alone(page, "-o", target)
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.fullmatch(rf"cleaner: error: cannot write {target}: .+\n", done.stderr)


def test_a_file_that_cannot_be_read_is_one_line() -> None:
    Path("folder").mkdir()
    for name, reason in (("no.html", "no such file"), ("folder", "is a folder, not a page")):
        done = run(name)
        assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"cleaner: error: {name}: {reason}\n")


def test_an_address_in_place_of_a_file_gets_the_command_that_works() -> None:
    done = run("https://harbour.example/lamp")
    assert done.exit_code == 2
    assert "curl -sL 'https://harbour.example/lamp' | cleaner --url 'https://harbour.example/lamp'" in done.stderr


def test_several_files_are_refused_with_the_ways_that_work(page: str) -> None:
    done = run(page, page)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "cleaner batch FILE... -o FOLDER" in done.stderr
    assert "clean_many" in done.stderr


def test_a_file_named_like_a_command_is_read_by_its_path(page: str) -> None:
    Path("explain").write_text(PAGE, encoding="utf-8")
    assert run_alone("./explain").stdout == run_alone(page).stdout
    assert run_alone("explain", "./explain").stdout.startswith("page        ./explain\n")


def test_a_command_in_the_wrong_place_or_misspelt_is_told() -> None:
    assert "a command goes first: cleaner explain" in run("-v", "explain", "page.html").stderr
    misspelt = run("explian")
    assert misspelt.exit_code == 2
    assert "'explian' is neither a file nor a command (batch, explain, inspect, learn, rules)" in misspelt.stderr


# ---------------------------------------------------------------- exit codes and messages


@pytest.mark.parametrize(
    ("stdin", "reason"),
    [(b"", "empty"), (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "not-a-page"), (b"<html><script>var a = 1</script></html>", "empty")],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_worth_keeping_is_exit_code_1_with_a_reason_and_no_output(stdin: bytes, reason: str, form: str) -> None:
    Path("out.txt").write_text("old")
    done = run("-f", form, stdin=stdin)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"cleaner: warning: standard input: {reason}: " in done.stderr
    assert run("-f", form, "-o", "out.txt", stdin=stdin).exit_code == 1
    assert Path("out.txt").read_text() == ""


def test_warnings_of_the_article_go_to_stderr() -> None:
    done = run("--no-builtin", stdin="<main><h1>Closed</h1><p>The office stays closed this Thursday.</p></main>")
    assert "cleaner: warning: standard input: short: only " in done.stderr


def test_bad_rules_are_told_with_file_line_and_mend(page: str) -> None:
    write_rules("bad", "drop:\n  - {id: share, cs: '.share', why: share buttons}\n")
    for command in ([], ["explain"]):
        done = run(*command, page, "--rules", "bad")
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith("cleaner: error: bad/sites/harbour.example.yaml:2:")
        assert "did you mean `css`?" in done.stderr
    assert run(page, "--rules", "missing").stderr.startswith("cleaner: error: missing: there are no rules here")


def test_verbose_tells_rules_template_method_and_counts_on_stderr_only(page: str) -> None:
    done = run_alone(page, "-v")
    assert done.stdout == run_alone(page).stdout
    for line in (
        "cleaner: rules: rules (1 file, 2 rules)",
        "cleaner: template: sites/harbour.example: canonical harbour.example",
        "cleaner: method: rules, confidence ",
        "cleaner: kept 3 blocks, dropped 3; ",
    ):
        assert line in done.stderr


def test_a_fault_of_the_program_does_not_look_like_an_empty_page(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cleaner.pipeline.Cleaner.clean", fault)
    done = run(page)
    assert (done.exit_code, done.stdout) == (70, "")
    assert "ZeroDivisionError" in done.stderr


# ---------------------------------------------------------------- the user's own rules


def test_own_rules_lie_over_the_built_in_ones_and_below_those_of_the_command_line(page: str, tmp_path: Path) -> None:
    own = tmp_path / "config/cleaner"
    write_rules(own, f"detect: {{hosts: harbour.example}}\ndrop:\n  - {{id: first, starts: {LAMP[:22]}, why: own}}\n")
    write_rules("more", f"drop:\n  - {{id: first, starts: {OIL[:13]}, why: more}}\n")
    assert LAMP not in run(page).stdout
    assert LAMP in run(page, "--no-user-rules").stdout
    both = run(page, "--rules", "more", "-v")
    assert LAMP in both.stdout
    assert OIL not in both.stdout
    assert f"cleaner: rules: built-in, {own}, more (" in both.stderr


def test_own_rules_that_cannot_be_used_name_the_way_out(page: str, tmp_path: Path) -> None:
    write_rules(tmp_path / "config/cleaner", "drops: []\n")
    done = run(page)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--no-user-rules" in done.stderr
    assert run(page, "--no-user-rules").exit_code == 0


# ---------------------------------------------------------------- explain


def test_explain_shows_the_template_and_each_block_with_its_rule(page: str) -> None:
    done = run_alone("explain", page)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert "template    sites/harbour.example  canonical harbour.example" in lines
    assert "DROP paragraph  sites/harbour.example#share  rules/sites/harbour.example.yaml:3  share buttons" in lines
    assert lines[lines.index("     Share this story") - 1].startswith("DROP")
    assert "CUT  sites/harbour.example#advert  rules/sites/harbour.example.yaml:5  advert label" in lines
    assert lines[lines.index("     (advert)") - 2].startswith(f"     {LAMP[:60]}")
    order = [done.stdout.index(text) for text in ("     Home", LAMP[:60], "     (advert)", "Share this story", OIL[:60])]
    assert order == sorted(order)


@pytest.mark.parametrize("columns", ["80", "100"])
def test_explain_fits_the_screen_and_shows_whole_blocks_when_asked_to(page: str, columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert max(map(len, run("explain", page, "--rules", "rules").stdout.splitlines())) <= int(columns)
    assert OIL in run("explain", page, "--full").stdout


def test_explain_shows_the_blocks_of_a_page_without_an_article() -> None:
    write_rules("rules", "drop:\n  - {id: all, kind: paragraph, why: everything}\n")
    done = run_alone("explain", "--url", "https://harbour.example/", stdin="<p>The office stays closed this Thursday.</p>")
    assert done.exit_code == 1
    assert "DROP paragraph  sites/harbour.example#all" in done.stdout


def test_explain_as_json_has_blocks_and_template(page: str) -> None:
    record = json.loads(run_alone("explain", "-f", "json", page).stdout)
    assert [block["verdict"] for block in record["blocks"]] == ["DROP", "DROP", "KEEP", "DROP", "KEEP", "KEEP"]
    assert record["template"][0]["evidence"] == ["canonical harbour.example"]


def test_explain_takes_control_characters_out() -> None:
    stdin = f"<title>\x9b31mRed</title><p>{LAMP} \x9b2J\x1b]0;owned\x07 \u202egnp</p>"
    shown = run("explain", "--full", "--no-builtin", stdin=stdin.encode()).stdout
    assert "owned" in shown
    assert not set(shown) & set("\x1b\x9b\x07\u202e")


# ---------------------------------------------------------------- rules list and check


def test_rules_list_names_each_file_with_its_owner_and_path(page: str) -> None:
    listing = run("rules", "list", "--rules", "rules").stdout
    assert re.search(r"^generic +\d+ rules  built-in  /.+/generic\.yaml$", listing, re.M)
    assert re.search(r"^sites/harbour\.example +2 rules  yours     rules/sites/harbour\.example\.yaml$", listing, re.M)
    for path in re.findall(r"built-in  (.+)", listing):
        assert Path(path).is_file()


def test_rules_list_shows_single_rules_and_can_be_narrowed(page: str) -> None:
    done = run_alone("rules", "list", "harbour", "--ids")
    assert done.stdout.splitlines()[1:] == [
        "  drop  sites/harbour.example#share  rules/sites/harbour.example.yaml:3  share buttons",
        "  cut  sites/harbour.example#advert  rules/sites/harbour.example.yaml:5  advert label",
    ]
    nothing = run("rules", "list", "no-such-file")
    assert (nothing.exit_code, nothing.stdout) == (2, "")


@pytest.mark.parametrize("path", ["rules", "rules/sites", "rules/sites/harbour.example.yaml"])
def test_rules_check_accepts_a_folder_a_layer_and_a_file(page: str, path: str) -> None:
    done = run("rules", "check", path)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "1 file, 2 rules: all good\n", "")


def test_rules_check_reports_the_first_error_of_every_file() -> None:
    write_rules("rules", "drop:\n  - {id: a, css: '.a', why: x}\n  - {id: a, css: '.b', why: x}\n", "sites/one.example")
    write_rules("rules", "drop:\n  - css: #share\n", "sites/two.example")
    write_rules("rules", "extends: engines/nosuch\n" + SITE, "sites/three.example")
    write_rules("rules", "body: main\n\nextends: sites/five.example\n", "sites/four.example")
    write_rules("rules", "extends: sites/four.example\nbody: main\n", "sites/five.example")
    write_rules("rules", SITE, "sites/six.example")
    write_rules("rules", "extends: [engines/wordpress, sites/one.example]\ndisable: [sites/one.example#b]\n", "sites/seven.example")
    write_rules("rules", "body: main\ndisable: [sites/six.example#shares]\n", "sites/eight.example")
    done = run("rules", "check", "rules")
    assert (done.exit_code, done.stdout) == (2, "")
    found = [re.match(r"cleaner: error: rules/sites/(\w+)\.example\.yaml:(\d+):", line) for line in done.stderr.splitlines()[:-1]]
    assert [one.groups() for one in found if one] == [("eight", "2"), ("four", "3"), ("one", "3"), ("three", "1"), ("two", "2")]
    assert len(found) == 5
    assert done.stderr.endswith("cleaner: 8 files, 4 rules: 5 with errors\n")


def test_rules_check_refuses_a_place_without_rules() -> None:
    Path("empty").mkdir()
    for path in ("empty", "missing"):
        done = run("rules", "check", path)
        assert done.exit_code == 2
        assert done.stderr.startswith(f"cleaner: error: {path}: ")


def test_rules_check_without_a_path_checks_the_built_in_rules_and_ones_own(tmp_path: Path) -> None:
    shipped = run("rules", "check")
    assert shipped.exit_code == 0, shipped.stderr
    assert shipped.stdout.endswith(": all good\n")
    write_rules(tmp_path / "config/cleaner", "drops: []\n")
    assert run("rules", "check").exit_code == 2


# ---------------------------------------------------------------- as a process


def test_version_and_help_answer_at_once() -> None:
    for option, expected in (("--version", f"cleaner {__version__}\n"), ("--help", "Usage: cleaner [OPTIONS] [FILE|-]")):
        started = time.perf_counter()
        done = subprocess.run([*CLEANER, option], capture_output=True, text=True, check=True)
        assert time.perf_counter() - started < 1.05
        assert done.stdout.startswith(expected)


def test_one_small_page_through_the_pipe_takes_a_moment() -> None:
    command = [*CLEANER, "--no-user-rules"]
    subprocess.run(command, input=PAGE.encode(), capture_output=True, check=True)
    started = time.perf_counter()
    done = subprocess.run(command, input=PAGE.encode(), capture_output=True, check=True)
    assert time.perf_counter() - started < 4
    assert LAMP.encode() in done.stdout


def test_output_is_utf_8_whatever_the_locale() -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii:strict", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    page = PAGE.replace("oil", "öl – 油")
    for command in ([], ["explain", "--full"]):
        done = subprocess.run([*CLEANER, *command], input=page.encode(), capture_output=True, env=environment, check=True)
        assert "öl – 油" in done.stdout.decode()


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="no such signal here")
@pytest.mark.parametrize("command", [["-f", "json"], ["explain"], ["--help"]])
def test_a_closed_pipe_ends_quietly(command: list[str]) -> None:
    paragraphs = "".join(f"<p>{number} {LAMP}</p>" for number in range(3000))
    Path("long.html").write_text(f"<main>{paragraphs}</main>", encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    file = [] if command == ["--help"] else ["long.html"]
    done = subprocess.run([*CLEANER, *command, *file], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")
def test_a_full_disk_is_one_line(page: str) -> None:
    with Path("/dev/full").open("wb") as full:
        for args in ([page], ["--help"]):
            done = subprocess.run([*CLEANER, *args], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
            assert done.returncode == 2
            assert re.fullmatch(r"cleaner: error: .*no space left on device\n", done.stderr, re.I)


def test_an_interrupt_ends_quietly() -> None:
    with subprocess.Popen(CLEANER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(4)  # a busy machine takes its time to import
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate()
    assert process.returncode == 130
    assert messages.strip() == b""


def on_terminal(*args: str, stdin: bytes | None = None, **environment: str) -> tuple[int, str]:
    """Run on a terminal; give the exit code and what the screen got. ``stdin``: a pipe with these bytes, else the keyboard."""
    import pty

    main, terminal = pty.openpty()
    settings = {**os.environ, "TERM": "xterm", "COLUMNS": "90", **environment}
    source = terminal if stdin is None else subprocess.PIPE
    with subprocess.Popen([*CLEANER, *args], stdin=source, stdout=terminal, stderr=terminal, env=settings) as process:
        os.close(terminal)
        if process.stdin:
            process.stdin.write(stdin or b"")
            process.stdin.close()
        screen = b""
        while True:
            try:
                part = os.read(main, 65536)
            except OSError:
                break
            if not part:
                break
            screen += part
    os.close(main)
    return process.returncode, screen.decode().replace("\r\n", "\n")


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals here")
def test_on_a_terminal_without_input_help_is_shown() -> None:
    for command in ([], ["explain"]):
        code, screen = on_terminal(*command)
        assert code == 2
        assert screen.startswith("Usage: cleaner")


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals here")
def test_colours_are_for_terminals_and_control_characters_of_the_page_never_are(page: str) -> None:
    stdin = PAGE.replace("oil", "\x9b31moil").encode()
    assert "\x1b[" in on_terminal("explain", stdin=stdin)[1]
    assert "\x1b[" not in on_terminal("explain", stdin=stdin, NO_COLOR="1")[1]
    for command in ("explain", "-"):
        assert "\x9b" not in on_terminal(command, stdin=stdin)[1]
    assert "\x1b[" not in run("explain", page).stdout


# ---------------------------------------------------------------- what the README shows


def readme(after: str) -> list[str]:
    """Lines of the first indented or fenced block that follows a text of the README, without what it leaves out."""
    rest = (ROOT / "README.md").read_text(encoding="utf-8").partition(after)[2]
    block = re.search(r"\n\n(    [^\n]*\n(?:    [^\n]*\n|\n)*)|```yaml\n(.*?)```", rest, re.S)
    assert block, after
    lines = (block[2] or block[1]).splitlines()
    return [line if block[2] else line[4:] for line in lines if line.strip() and "[…]" not in line]


def assert_in_order(expected: list[str], output: str) -> None:
    lines = iter(re.sub(r"(yaml:)\d+", r"\1", output).splitlines())
    for line in expected:
        assert re.sub(r"(yaml:)\d+", r"\1", line) in lines, line


def test_the_output_in_the_readme_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    name = "samples/themes/soledad/zinc-prices/page.html"
    assert_in_order(readme(f"What `cleaner {name}` gives"), run(name).stdout)
    assert_in_order(readme("then every block (excerpt)"), run("explain", name).stdout)


def test_the_readme_adds_a_site_as_it_says() -> None:
    commands = readme("## Add a site in four commands")
    assert [command.split()[0] for command in commands] == ["mkdir", "$EDITOR", "cleaner", "cleaner"]
    write_rules("my-rules", "\n".join(readme("A file applies to the host")) + "\n", "sites/estuarypost.example")
    Path("samples").symlink_to(ROOT / "samples")
    check, explain = (run(*command.split()[1:]) for command in commands[2:])
    assert check.stdout == "1 file, 1 rule: all good\n"
    assert_in_order(readme("shows the new rule at work"), explain.stdout)
