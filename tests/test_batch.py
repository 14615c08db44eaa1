"""``cleaner batch`` as people and other programs use it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cleaner import Cleaner
from cleaner.batch import Columns, record
from cleaner.batch.columns import DEFAULT_FIELDS, FIELDS
from cleaner.cli.program import program

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")
pytest.importorskip("fastwarc")

CLEANER = [sys.executable, "-m", "cleaner"]
RULE = "body: main\nlimits: {min_words: 1}\ndrop:\n  - {id: share, css: '.share', why: share buttons}\n"
PROSE = (
    "The council said on Monday that it will publish the results of the survey before the end of the month, and that nobody should draw "
    "early conclusions from what has been said about it so far in the papers."
)
WORDS = "tide gauge harbour lamp keeper winter ledger rope granite signal brass fog salt timber ballast anchor pilot wharf storm".split()


def page(number: int, words: int = 30) -> str:
    """A page with an article of its own."""
    text = " ".join(WORDS[(number * 7 + at * (1 + number % 5)) % len(WORDS)] for at in range(words))
    return (
        f"<!doctype html><html lang='en'><head><title>Page {number}</title></head><body><main><p>Number {number}: {text}.</p>"
        "<div class='share'>Share this</div></main></body></html>"
    )


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "120")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    Path("rules").mkdir()
    Path("rules/generic.yaml").write_text(RULE, encoding="utf-8")


def run(*args: str, stdin: bytes = b"", jobs: int = 1, code: int = 0) -> Result:
    """``cleaner batch`` with the rules of this test only."""
    done = CliRunner().invoke(program, ["batch", *args, "--no-builtin", "--rules", "rules", "-j", str(jobs)], input=stdin)
    assert done.exit_code == code, done.output
    return done


def as_lines(rows: list[Any]) -> bytes:
    return b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows)


def records(data: bytes | str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


def pages(count: int) -> list[dict[str, Any]]:
    return [{"id": number, "url": f"https://a.example/{number}", "html": page(number), "tags": ["x", number]} for number in range(count)]


def cleaner() -> Cleaner:
    return Cleaner(["rules"], builtin=False)


# ---------------------------------------------------------------- JSON lines


def test_each_line_comes_out_in_order_with_its_article_and_its_other_columns() -> None:
    found = records(run("-", "-o", "-", stdin=as_lines(pages(50)), jobs=2).stdout)
    assert [one["id"] for one in found] == list(range(50))
    assert [one["text"] for one in found] == [cleaner().clean(page(number)).text for number in range(50)]
    assert found[7]["url"] == "https://a.example/7"
    assert found[7]["tags"] == ["x", 7]
    assert "html" not in found[7]
    assert list(found[0]) == ["id", "url", *DEFAULT_FIELDS, "tags"]


def test_the_command_gives_what_record_gives() -> None:
    rows = [*pages(3), {"id": "t", "text": "A line.\n\nAnother line."}, {"html": ""}, {"id": 9}]
    wanted = [record(cleaner(), {"id": f"-:{at}", **row}) for at, row in enumerate(rows, 1)]
    assert records(run("-", stdin=as_lines(rows), code=3).stdout) == wanted


def test_an_empty_page_is_a_record_without_text_and_no_failure() -> None:
    (found,) = records(run("-", stdin=as_lines([{"id": 1, "html": ""}])).stdout)
    assert (found["id"], found["text"], found["error"], found["fingerprint"]) == (1, "", None, None)


def test_what_passes_through_is_not_touched() -> None:
    line = b'{"id": 12345678901234567890123, "html": "<main>a", "big": 1e400, "f": 1.50, "s": "\\u00e9\\ud83d\\ude00", "n": {"b": [ 1,2]}}'
    out = run("-", stdin=line).stdout_bytes
    for part in (b'"id":12345678901234567890123', b'"big":1e400', b'"f":1.50', b'"s":"\\u00e9\\ud83d\\ude00"', b'"n":{"b": [ 1,2]}'):
        assert part in out


def test_fields_prefix_and_the_names_of_columns() -> None:
    line = as_lines([{"nr": 5, "link": "https://a.example/", "body": page(1), "title": "theirs"}])
    names = ["--html-field", "body", "--url-field", "link", "--id-field", "nr"]
    (found,) = records(run("-", *names, "--fields", "title,words", "--prefix", "c_", stdin=line).stdout)
    assert found == {"nr": 5, "link": "https://a.example/", "c_title": "Page 1", "c_words": 32, "c_error": None, "title": "theirs"}


def test_a_clash_of_names_is_an_error_that_names_the_way_out() -> None:
    clashing = {"id": 1, "html": page(1), "title": "theirs"}
    assert "--prefix" in run("-", stdin=as_lines([clashing]), code=2).stderr
    later = records(run("-", stdin=as_lines([*pages(1), clashing]), code=3).stdout)
    assert later[1]["error"].startswith("clash: ")
    assert "--prefix" in later[1]["error"]


def test_every_field_can_be_chosen() -> None:
    (found,) = records(run("-", "--fields", ",".join(FIELDS), stdin=as_lines(pages(1))).stdout)
    assert [name for name in found if name in FIELDS] == list(FIELDS)
    assert [one["rule"] for one in found["removed"]] == ["generic#share"]
    assert "no such field" in run("-", "--fields", "txt", code=2).stderr


def test_what_is_excluded_goes_to_the_dropped_file_with_its_reason() -> None:
    rows = [
        {"id": "kept", "html": page(1)},
        {"id": "short", "html": "<html lang=en><main><p>Only three words."},
        {"id": "german", "html": page(2).replace("lang='en'", "lang='de'")},
        {"id": "empty", "html": "<main></main>"},
        b"{nonsense",
    ]
    args = ["--dropped", "out/dropped.jsonl", "--min-words", "10", "--languages", "en,fr", "--language"]
    Path("out").mkdir()
    found = records(run("-", *args[:-1], stdin=as_lines(rows), code=3).stdout)
    dropped = {one["id"]: one["dropped"] for one in records(Path("out/dropped.jsonl").read_bytes())}
    assert [one["id"] for one in found] == [name for name in ("kept", "german") if name not in dropped]
    assert dropped["short"] == "short: 3 words"
    assert dropped["empty"] == "empty"
    assert dropped["-:5"].startswith("error: bad-json: ")


def test_articles_in_other_languages_are_excluded() -> None:
    german = "Der Hafen ist seit dem Winter geschlossen, und die Leute fragen sich, wann er wieder geöffnet wird. " * 3
    rows = [{"id": 1, "html": page(1)}, {"id": 2, "html": f"<html lang=de><main><p>{german}"}]
    assert [one["id"] for one in records(run("-", "--languages", "de", stdin=as_lines(rows)).stdout)] == [2]


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz", "in.jsonl.zst"])
@pytest.mark.parametrize("out", ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst"])
def test_compressed_files_go_in_and_out(name: str, out: str) -> None:
    import zstandard

    pack = {"gz": gzip.compress, "zst": zstandard.compress}
    unpack = {"gz": gzip.decompress, "zst": lambda data: zstandard.ZstdDecompressor().stream_reader(data).read()}
    kind, kind_out = name.rpartition(".")[2], out.rpartition(".")[2]
    data = as_lines(pages(5))
    Path(name).write_bytes(pack[kind](data) if kind in pack else data)
    run(name, "-o", out)
    written = Path(out).read_bytes()
    found = records(unpack[kind_out](written) if kind_out in unpack else written)
    assert [one["id"] for one in found] == list(range(5))


# ---------------------------------------------------------------- other inputs and outputs


def test_a_folder_is_mirrored() -> None:
    files = {"a.html": page(1), "a.htm": page(2), "sub/b.txt": PROSE, "sub/.hidden.html": "x", "sub/c.png": "x"}
    for name, text in files.items():
        Path("in", name).parent.mkdir(parents=True, exist_ok=True)
        Path("in", name).write_text(text, encoding="utf-8")
    run("in", "-o", "out")
    found = {path.relative_to("out").as_posix(): path.read_text("utf-8") for path in Path("out").rglob("*") if path.is_file()}
    assert sorted(found) == ["a.htm.txt", "a.html.txt", "sub/b.txt"]
    assert found["a.html.txt"].startswith("Page 1\n\nNumber 1: ")
    assert json.loads(Path("out.manifest.json").read_bytes())["pages"]["kept"] == 3
    run("in", "-o", "new/out-json", "--to", "json", "--glob", "*.html")
    assert json.loads(Path("new/out-json/a.json").read_bytes())["title"] == "Page 1"
    assert records(run("in", "--glob", "*.txt", "--fields", "text").stdout)[0]["text"] == PROSE


@pytest.mark.parametrize("out", ["out.jsonl", "texts", "out.parquet"])
def test_an_output_inside_the_input_folder_is_not_read(out: str) -> None:
    for number in range(3):
        Path(f"{number}.html").write_text(page(number), encoding="utf-8")
    for _ in range(2):
        run(".", "-o", out, "--overwrite", "--dropped", "dropped.jsonl")
        assert json.loads(Path(f"{out}.manifest.json").read_bytes())["read"] == 3


def test_errors_of_a_folder_of_texts_stand_in_a_file_beside_it() -> None:
    Path("in").mkdir()
    Path("in/good.html").write_text(page(1), encoding="utf-8")
    Path("in/huge.html").write_bytes(b"x" * 2001)
    assert "huge" not in run("in", "-o", "out", "--max-bytes", "2000", code=3).stdout
    assert [path.name for path in Path("out").iterdir()] == ["good.txt"]
    (failed,) = records(Path("out.dropped.jsonl").read_bytes())
    assert (failed["id"], failed["dropped"]) == ("in/huge.html", "error: too-large: 2,001 bytes, 2,000 are allowed")


def warc_record(number: int, body: bytes, content_type: bytes = b"text/html; charset=koi8-r", extra: bytes = b"") -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: " + content_type + b"\r\n" + extra + b"\r\n" + body
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/%d\r\nWARC-Record-ID: <urn:uuid:%d>\r\n"
        b"WARC-Date: 2026-03-01T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
    )
    return head % (number, number, len(http)) + http + b"\r\n\r\n"


def test_warc_gives_pages_with_address_charset_and_date() -> None:
    russian = "<html lang=ru><main><p>Гавань закрыта с начала зимы, говорит смотритель маяка."
    chunked = b"3\r\nThe\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(PROSE) - 3, PROSE[3:].encode())
    parts = [
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 2\r\n\r\nab\r\n\r\n",
        warc_record(1, russian.encode("koi8-r")),
        warc_record(2, b"\x89PNG", b"image/png"),
        warc_record(3, gzip.compress(page(3).encode()), b"text/html", b"Content-Encoding: gzip\r\n"),
        warc_record(4, chunked, b"text/plain", b"Transfer-Encoding: chunked\r\n"),
        b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <wet>\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (len(PROSE), PROSE.encode()),
    ]
    Path("a.warc").write_bytes(b"".join(parts))
    Path("b.warc.gz").write_bytes(b"".join(map(gzip.compress, parts)))
    for name in ("a.warc", "b.warc.gz"):
        found = records(run(name).stdout)
        assert [one["id"] for one in found] == ["<urn:uuid:1>", "<urn:uuid:3>", "<urn:uuid:4>", "<wet>"]
        assert found[0]["text"] == "Гавань закрыта с начала зимы, говорит смотритель маяка."
        assert (found[0]["url"], found[0]["warc_date"], found[0]["http_status"]) == ("https://a.example/1", "2026-03-01T10:00:00Z", 200)
        assert found[1]["title"] == "Page 3"
        assert found[2]["text"] == found[3]["text"] == PROSE


def test_a_damaged_warc_costs_what_is_damaged() -> None:
    good = [gzip.compress(warc_record(number, page(number).encode(), b"text/html")) for number in range(5)]
    Path("a.warc.gz").write_bytes(good[0] + good[1][:-60] + good[2] + b"junk junk junk" + good[3] + good[4][:-60])
    found = records(run("a.warc.gz", code=3).stdout)
    assert [one["id"] for one in found if not one["error"]] == [f"<urn:uuid:{number}>" for number in (0, 2, 3)]
    assert all(one["error"].split(":")[0] in ("damaged", "truncated", "bad-warc") for one in found if one["error"])
    assert any(one["error"] for one in found)
    one, two = (warc_record(number, page(number).encode(), b"text/html") for number in (1, 2))
    Path("b.warc").write_bytes(one + b"nonsense\r\n" + two)
    assert [bool(one["error"]) for one in records(run("b.warc", code=3).stdout)] == [False, True, False]


def write_parquet(path: str, count: int, **extra: Any) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = pages(count)
    table = pa.table(
        {
            "id": pa.array([row["id"] for row in rows], pa.uint16()),
            "html": pa.array([row["html"].encode() for row in rows], pa.binary()),
            "when": pa.array(range(count), pa.timestamp("ns", "UTC")),
            "nested": pa.array([[{"a": 1, "b": None}]] * count),
            **extra,
        }
    )
    pq.write_table(table, path, row_group_size=7)
    return table


def test_parquet_to_parquet_keeps_columns_and_types() -> None:
    import pyarrow.parquet as pq

    table = write_parquet("in.parquet", 40)
    run("in.parquet", "-o", "out.parquet", "--shard-size", "15", jobs=2)
    assert sorted(path.name for path in Path("out.parquet").iterdir()) == [f"part-0000{number}.parquet" for number in range(3)]
    found = pq.read_table("out.parquet")
    for name in ("id", "when", "nested"):
        assert found.column(name).combine_chunks() == table.column(name).combine_chunks()
        assert found.schema.field(name).type == table.schema.field(name).type
    wanted = [cleaner().clean(page(number)).text for number in range(40)]
    assert found.column("text").to_pylist() == wanted
    assert "html" not in found.column_names
    assert [one["text"] for one in records(run("in.parquet").stdout)] == wanted


def test_a_clash_in_parquet_is_found_before_anything_is_done() -> None:
    import pyarrow as pa

    write_parquet("in.parquet", 3, title=pa.array(["a", "b", "c"]))
    assert "--prefix" in run("in.parquet", "-o", "out.parquet", code=2).stderr
    assert not Path("out.parquet").exists()


def test_json_lines_to_parquet_lose_nothing_that_fits_no_column() -> None:
    import pyarrow.parquet as pq

    rows = [{"id": at, "html": page(at), "n": at, "tags": ["a"], "mixed": at if at % 2 else "x"} for at in range(4)]
    rows += [{"id": 4, "html": page(4), "n": "four", "tags": [1], "new": {"a": 1}}]
    run("-", "-o", "out.parquet", "--shard-size", "4", stdin=as_lines(rows))
    found = pq.read_table("out.parquet").to_pylist()
    assert [one["n"] for one in found] == [0, 1, 2, 3, None]
    assert [json.loads(one["mixed"]) for one in found[:4]] == ["x", 1, "x", 3]
    assert json.loads(found[4]["rest"]) == {"n": "four", "tags": [1], "new": {"a": 1}}


# ---------------------------------------------------------------- what goes wrong


def test_every_good_page_of_a_nasty_corpus_comes_out_and_each_bad_one_has_a_reason() -> None:
    lines = [
        {"id": "good-1", "html": page(1)},
        {"id": "huge", "html": "<main><p>" + "word " * 10_000_000},
        {"id": "deep", "html": "<main>" + "<div>" * 3000 + "deep down" + "</div>" * 3000 + f"<p>{WORDS}"},
        b'{"id": "bad", "html": "<p>',
        {"id": "no-html", "title_": "x"},
        {"id": "number", "html": 5},
        {"id": "null", "html": None},
        b"[1, 2]",
        b'{"id": "surrogate", "html": "<main><p>A lone \\ud800 surrogate among many good words."}',
        b'{"id": "not-utf8", "html": "<main><p>An \xe9 that is Latin-1."}',
        b'{"id": "nested", "html": "<main>x", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"",
        {"id": "good-2", "html": page(2)},
    ]
    member = gzip.compress(as_lines(pages(3)))
    Path("in").mkdir()
    Path("in/a.jsonl").write_bytes(as_lines(lines))
    Path("in/b.jsonl.gz").write_bytes(member + gzip.compress(as_lines([{"id": "in cut member", "html": page(9)}] * 300))[:-200] + member)
    Path("in/c.html").write_bytes("<html lang=de><meta charset=utf-8><main><p>Der Zeiger zeigt für jeden größere Übel.".encode("cp1252"))
    Path("in/d.parquet").write_bytes(b"PAR1 this is none")
    Path("in/e.html").write_text(page(5), encoding="utf-8")
    found = records(run("in", "--timeout", "20", code=3).stdout)
    errors = {one["id"]: one["error"].partition(":")[0] for one in found if one["error"]}
    cut = {name: word for name, word in errors.items() if "b.jsonl.gz" in str(name)}
    assert "damaged" in cut.values()
    assert set(cut.values()) <= {"damaged", "bad-json"}
    assert {name: word for name, word in errors.items() if name not in cut} == {
        "in/a.jsonl:2": "too-large",
        "in/a.jsonl:4": "bad-json",
        "no-html": "no-html",
        "number": "bad-html",
        "null": "no-html",
        "in/a.jsonl:8": "bad-json",
        "in/a.jsonl:11": "bad-json",
        "in/d.parquet:1": "unreadable",
    }
    before_cut = [one for one in found if one["id"] == "in cut member"]
    assert before_cut
    assert {one["text"] for one in before_cut} == {cleaner().clean(page(9)).text}
    texts = {one["id"]: one["text"] for one in found if not one["error"] and one["id"] not in (0, 1, 2)}
    assert texts["good-1"] == cleaner().clean(page(1)).text
    assert "größere Übel" in texts["in/c.html"]
    assert "A lone" in texts["surrogate"]
    assert "that is Latin-1" in texts["not-utf8"]
    assert {"deep", "good-2", "in/e.html"} <= set(texts)
    assert [one["id"] for one in found if one["id"] in (0, 1, 2)] == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nowhere.html"], "no such file"),
        (["https://a.example/"], "not fetched"),
        (["notes.doc"], "--from"),
        (["-", "--to", "parquet"], "-o OUT"),
        (["-", "--resume"], "-o OUT"),
        (["-", "--group-copies"], "-o OUT"),
        (["-", "--languages", "english"], "ISO 639-1"),
        (["empty"], "no pages"),
        (["-", "-o", "no/such/out.jsonl"], "no such folder"),
        (["same.jsonl", "-o", "same.jsonl", "--overwrite"], "input and output"),
    ],
)
def test_wrong_usage_is_said_and_ends_with_2(args: list[str], said: str) -> None:
    Path("notes.doc").write_text("x", encoding="utf-8")
    Path("same.jsonl").write_text("{}\n", encoding="utf-8")
    Path("empty").mkdir()
    assert said in run(*args, code=2).stderr


def test_bad_rules_are_said_by_file_and_line() -> None:
    Path("rules/generic.yaml").write_text("drop:\n  - {id: x, css: 'p >'}\n", encoding="utf-8")
    assert "generic.yaml:2" in run("-", stdin=as_lines(pages(1)), code=2).stderr


def test_an_output_that_exists_is_not_overwritten_unasked() -> None:
    Path("out.jsonl").write_text("precious\n", encoding="utf-8")
    assert "--overwrite" in run("-", "-o", "out.jsonl", stdin=as_lines(pages(1)), code=2).stderr
    assert Path("out.jsonl").read_text("utf-8") == "precious\n"
    run("-", "-o", "out.jsonl", "--overwrite", stdin=as_lines(pages(1)))
    assert len(records(Path("out.jsonl").read_bytes())) == 1


def test_several_pages_for_the_nameless_command_are_told_of_batch() -> None:
    done = CliRunner().invoke(program, ["a.html", "b.html"])
    assert (done.exit_code, "cleaner batch" in done.stderr) == (2, True)


# ---------------------------------------------------------------- workers

POISON = """
import os, signal, time
import cleaner.pipeline
original = cleaner.pipeline.Cleaner.clean
def clean(self, data, *args, **named):
    if "HANG" in data:
        time.sleep(60)
    if "KILL" in data:
        os.kill(os.getpid(), signal.SIGKILL)
    if "RAISE" in data:
        raise ZeroDivisionError("by nought")
    return original(self, data, *args, **named)
cleaner.pipeline.Cleaner.clean = clean
"""


@pytest.fixture
def poisoned(tmp_path: Path) -> dict[str, str]:
    """An environment in which some pages hang, kill their worker or hit a fault."""
    (tmp_path / "poison").mkdir()
    (tmp_path / "poison/sitecustomize.py").write_text(POISON, encoding="utf-8")
    root = Path(__file__).resolve().parent.parent
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "poison"), str(root)])}


def test_a_page_that_hangs_or_kills_its_worker_costs_that_page_only(poisoned: dict[str, str]) -> None:
    rows = pages(60)
    for at, word in {3: "HANG", 20: "KILL", 21: "RAISE", 59: "KILL"}.items():
        rows[at]["html"] = word
    command = [*CLEANER, "batch", "-", "--no-builtin", "--rules", "rules", "-j", "2", "--timeout", "1", "--restart-after", "20"]
    done = subprocess.run(command, input=as_lines(rows), capture_output=True, env=poisoned, check=False, timeout=60)
    found = records(done.stdout)
    assert [one["id"] for one in found] == list(range(60))
    errors = {one["id"]: one["error"] for one in found if one["error"]}
    assert {name: error.partition(":")[0] for name, error in errors.items()} == {3: "timeout", 20: "crash", 21: "fault", 59: "crash"}
    assert "SIGKILL" in errors[20]
    assert found[3]["tags"] == ["x", 3]
    assert (done.returncode, b"Traceback" in done.stderr) == (3, False)


@pytest.fixture
def talking() -> Iterator[subprocess.Popen[bytes]]:
    """A running ``cleaner batch -`` with pipes."""
    command = [*CLEANER, "batch", "-", "-o", "-", "--no-builtin", "--rules", "rules", "-j", "2"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()


def test_a_lone_line_is_answered_at_once(talking: subprocess.Popen[bytes]) -> None:
    assert talking.stdin and talking.stdout
    seconds = []
    for row in pages(9):
        start = time.monotonic()
        talking.stdin.write(as_lines([row]))
        talking.stdin.flush()
        assert json.loads(talking.stdout.readline())["id"] == row["id"]
        seconds.append(time.monotonic() - start)
    # The first answer waits for the workers to start.
    assert max(seconds[1:]) < 0.5
    talking.stdin.close()
    assert talking.wait(10) == 0


def test_a_reader_that_goes_away_ends_it_quietly(talking: subprocess.Popen[bytes]) -> None:
    assert talking.stdin and talking.stdout and talking.stderr
    talking.stdin.write(as_lines(pages(1)))
    talking.stdin.flush()
    talking.stdout.readline()
    talking.stdout.close()
    talking.stdin.write(as_lines(pages(50)))
    talking.stdin.close()
    assert (talking.wait(10), talking.stderr.read()) == (141, b"")


def test_an_interrupt_finishes_what_is_begun_and_says_how_to_go_on() -> None:
    Path("in.jsonl").write_bytes(as_lines(pages(4000)))
    command = [*CLEANER, "batch", "in.jsonl", "-o", "out.jsonl", "--no-builtin", "--rules", "rules", "-j", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    while not Path("out.jsonl").exists() or Path("out.jsonl").stat().st_size == 0:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, b"--resume" in said, b"Traceback" in said) == (130, True, False)
    manifest = json.loads(Path("out.jsonl.manifest.json").read_bytes())
    written = records(Path("out.jsonl").read_bytes())
    assert manifest["state"] == "interrupted"
    assert 0 < manifest["read"] == len(written) < 4000
    run("in.jsonl", "-o", "out.jsonl", "--resume", jobs=2)
    assert [one["id"] for one in records(Path("out.jsonl").read_bytes())] == list(range(4000))


# ---------------------------------------------------------------- reports


def test_the_manifest_says_what_was_done() -> None:
    Path("in.jsonl").write_bytes(as_lines([*pages(3), {"html": ""}, b"{"]))
    run("in.jsonl", "-o", "out.jsonl", "--stats", code=3)
    manifest = json.loads(Path("out.jsonl.manifest.json").read_bytes())
    assert manifest["pages"] == {"kept": 3, "empty": 1, "dropped": 0, "failed": 1}
    assert manifest["inputs"] == [{"name": "in.jsonl", "bytes": Path("in.jsonl").stat().st_size}]
    assert manifest["ruleset_digest"] == cleaner().digest == records(Path("out.jsonl").read_bytes())[0]["ruleset_digest"]
    assert (manifest["state"], manifest["reasons"], manifest["rules"]) == ("done", {"bad-json": 1}, {"generic#share": [3, 3]})
    assert manifest["seconds"] > 0
    assert manifest["pages_per_second"] > 0


def test_stats_are_a_table_on_stderr_and_nothing_else_is() -> None:
    assert run("-", stdin=as_lines(pages(2))).stderr == ""
    said = run("-", "--stats", stdin=as_lines(pages(2))).stderr.splitlines()
    assert said[1].split() == ["2", "2", "generic#share"]
    assert said[-1].split() == ["2", "generic"]


@pytest.mark.parametrize("out", ["out.jsonl", "out.jsonl.gz", "out.parquet"])
def test_copies_are_marked(out: str) -> None:
    import pyarrow.parquet as pq

    long = [page(number, 300) for number in range(3)]
    changed = long[0].replace("Number 0", "No. 0")
    given = [long[0], long[1], changed, "<main></main>", "", long[1], long[2], long[0]]
    rows = [{"id": f"p{at}", "html": html} for at, html in enumerate(given)]
    run("-", "-o", out, "--group-copies", "--shard-size", "3", "--fields", "text", stdin=as_lines(rows))
    if out.endswith("parquet"):
        found = pq.read_table(out).to_pylist()
    else:
        data = Path(out).read_bytes()
        found = records(gzip.decompress(data) if out.endswith("gz") else data)
    assert [one["copy_of"] for one in found] == [None, None, "p0", None, None, "p1", None, "p0"]
    assert [one["copies"] for one in found] == [3, 2, 3, 1, 1, 2, 1, 3]


def test_adapters_can_choose_columns() -> None:
    columns = Columns(html="h", fields=("text",), prefix="x_")
    text = cleaner().clean(page(1)).text
    assert record(cleaner(), {"h": page(1), "k": b"v"}, columns) == {"id": None, "url": None, "x_text": text, "k": b"v"}
    with pytest.raises(ValueError, match="--prefix"):
        record(cleaner(), {"html": page(1), "title": "theirs"})
