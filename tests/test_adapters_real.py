"""The adapters inside the real libraries: the examples of docs/pipelines.md as they stand there, on the same 1,000 pages.

Needs ``pip install datasets 'datatrove[io]' 'ray[data]' 'pyspark[sql]' scikit-learn scrapy`` and, for Spark, Java 17 or later; what is
missing is skipped.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "samples").rglob("page.html"))
PAGES = 1000
BLOCK = re.compile(r"^###? (.+?)$|^```(\w+)\n(.*?)^```$", re.M | re.S)


def example(heading: str, language: str = "python") -> list[str]:
    """The blocks of a section of docs/pipelines.md."""
    found, under = [], ""
    for title, kind, text in BLOCK.findall((ROOT / "docs/pipelines.md").read_text(encoding="utf-8")):
        under = title or under
        if kind == language and under == heading:
            found.append(text)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages in every form, and what the command makes of them."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = [row(number) for number in range(PAGES)]
    (folder / "pages.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    for name, part in (("pages", rows), ("shards/a", rows[: PAGES // 2]), ("shards/b", rows[PAGES // 2 :])):
        path = folder / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        columns = {name: [one[name] for one in part] for name in part[0]}
        columns["html"] = pa.array([one["html"].encode() for one in part], pa.binary())
        pq.write_table(pa.table(columns), path, row_group_size=100)
    (folder / "pages").mkdir()
    for one in rows[: len(SAMPLES)]:
        (folder / "pages" / f"{one['id']}.html").write_text(one["html"], encoding="utf-8")
    batch(folder, "pages.jsonl", "-o", "cli.jsonl")
    batch(folder, "pages.parquet", "-o", "cli.parquet")
    return folder


def row(number: int) -> dict[str, Any]:
    """A sample page with a line of its own in it, and an address of its own."""
    page = SAMPLES[number % len(SAMPLES)].read_text(encoding="utf-8")
    page = page.replace("</p>", f" This is copy {number} of the page.</p>", 1)
    return {"id": f"p{number:04}", "url": f"https://site{number % 7}.example/{number}", "html": page, "number": number}


def batch(folder: Path, *args: str) -> None:
    run(folder, "-m", "cleaner", "batch", *args, "--no-user-rules", "--overwrite")


def run(folder: Path, *args: str, code: int = 0) -> str:
    """A Python program in the folder of the pages; its output."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "RAY_AUTH_MODE": "disabled"}
    done = subprocess.run([sys.executable, *args], cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == code, f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def run_example(folder: Path, heading: str, *guests: str) -> str:
    """The example of a section; its output. Skips the test where a guest is missing."""
    for guest in guests:
        if importlib.util.find_spec(guest) is None:
            pytest.skip(f"{guest} is not installed")
    (code,) = example(heading)
    script = folder / f"{guests[0] if guests else 'plain'}_example.py"
    script.write_text(code, encoding="utf-8")
    return run(folder, script.name)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def texts(folder: Path) -> dict[str, str]:
    """Id -> text, as the command gives it."""
    found = {one["id"]: one["text"] for one in lines(folder / "cli.jsonl")}
    assert len(found) == PAGES
    assert len(set(found.values())) > len(SAMPLES)
    return found


def same_table(found: Any, wanted: Any, *, types: bool = True) -> None:
    """Two tables of records are equal, whatever the order of rows."""
    assert found.schema.names == wanted.schema.names
    if types:
        assert [field.type for field in found.schema] == [field.type for field in wanted.schema]
    assert found.sort_by("id").to_pylist() == wanted.sort_by("id").to_pylist()


# ---------------------------------------------------------------- the roads


def test_the_command_gives_the_same_from_lines_and_from_parquet(folder: Path) -> None:
    assert dict(zip(*(pq.read_table(folder / "cli.parquet")[name].to_pylist() for name in ("id", "text")), strict=True)) == texts(folder)


def test_datasets(folder: Path) -> None:
    run_example(folder, "Hugging Face datasets", "datasets")
    found, wanted = pq.read_table(folder / "clean-datasets.parquet"), pq.read_table(folder / "cli.parquet")
    assert sorted(found.schema.names) == sorted(wanted.schema.names)
    same_table(found.select(wanted.schema.names), wanted, types=False)


def test_datasets_finds_its_cache_in_another_process(folder: Path) -> None:
    pytest.importorskip("datasets")
    code = (
        "import datasets, sys\nfrom cleaner.adapters.huggingface import CleanBatch\n"
        "pages = datasets.load_dataset('parquet', data_files='shards/a.parquet', split='train[:40]')\n"
        "clean = CleanBatch()\n"
        "if sys.argv[1] == 'again': CleanBatch.__call__ = None\n"
        "print(pages.map(clean, batched=True, remove_columns=['html'], features=clean.features(pages.features))._fingerprint)\n"
    )
    (folder / "cache_example.py").write_text(code, encoding="utf-8")
    assert run(folder, "cache_example.py", "first") == run(folder, "cache_example.py", "again")


def test_datasets_can_stream_and_map_one_by_one(folder: Path) -> None:
    datasets = pytest.importorskip("datasets")
    from cleaner.adapters.huggingface import CleanBatch

    rows = [row(number) for number in range(20)]
    clean, wanted = CleanBatch(), [texts(folder)[one["id"]] for one in rows]
    pages = datasets.Dataset.from_list(rows)
    streamed = pages.to_iterable_dataset().map(clean, batched=True, batch_size=8, remove_columns=["html"])
    assert [one["text"] for one in streamed] == wanted
    assert pages.map(clean, remove_columns=["html"], features=clean.features(pages.features))["text"][:] == wanted
    tables = pages.with_format("arrow").map(clean, batched=True, batch_size=8, remove_columns=["html"])
    assert tables.with_format(None)["text"][:] == wanted


def test_datatrove(folder: Path) -> None:
    run_example(folder, "datatrove", "datatrove", "orjson")
    languages = {one["id"]: (one["language"], one["words"]) for one in lines(folder / "cli.jsonl")}
    kept = {one for one, (language, words) in languages.items() if language in ("en", "de", "fr", "es") and words >= 20}
    found = lines(folder / "clean-datatrove" / "00000.jsonl")
    assert {one["id"]: one["text"] for one in found} == {one: text for one, text in texts(folder).items() if one in kept}
    assert len(kept) > PAGES / 2
    assert {one["metadata"]["number"] for one in found} == {int(one[1:]) for one in kept}
    assert all(one["metadata"]["clean_error"] is None for one in found)


def test_datatrove_keeps_what_it_drops_and_does_not_hang(folder: Path) -> None:
    """A slow page, a page that kills its process, an empty one, and good ones after each of them."""
    pytest.importorskip("datatrove")
    pytest.importorskip("orjson")
    code = """
import os, time
from datatrove.data import Document
from datatrove.pipeline.writers import JsonlWriter
from cleaner import Cleaner
from cleaner.adapters.datatrove import CleanExtractor

class Poisoned(Cleaner):
    def clean(self, data, *args, **named):
        if data == "hang": time.sleep(60)
        if data == "die": os._exit(9)
        return super().clean(data, *args, **named)

good = open("pages/p0000.html").read()
pages = [Document(text=text, id=str(at)) for at, text in enumerate([good, "hang", good, "die", good, "", good])]
extractor = CleanExtractor(Poisoned(), timeout=2, exclusion_writer=JsonlWriter("poisoned", compression=None))
print([one.id for one in extractor.run(iter(pages))])
"""
    (folder / "poisoned_example.py").write_text(code, encoding="utf-8")
    assert run(folder, "poisoned_example.py").splitlines()[-1] == "['0', '2', '4', '6']"
    found = {one["id"]: one["metadata"]["filter_reason"].partition(": the")[0] for one in lines(folder / "poisoned" / "00000.jsonl")}
    assert found == {"1": "error: timeout", "3": "error: crash", "5": "empty"}


def test_ray(folder: Path) -> None:
    run_example(folder, "Ray Data", "ray")
    same_table(pq.read_table(folder / "clean-ray"), pq.read_table(folder / "cli.parquet"))


def test_the_script_for_a_ray_cluster(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    script = str(ROOT / "examples/ray_clean.py")
    for out in (str(folder / "out"), (tmp_path / "out").as_uri()):
        run(folder, script, "shards", "-o", out)
    run(folder, script, "shards", "-o", "out")
    assert sorted(path.name for path in (folder / "out").glob("*.parquet")) == ["a.parquet-00000.parquet", "b.parquet-00000.parquet"]
    wanted = pq.read_table(folder / "cli.parquet")
    assert pq.read_table(folder / "out").equals(wanted)
    assert pq.read_table(tmp_path / "out").equals(wanted)


def test_spark(folder: Path) -> None:
    need_java()
    run_example(folder, "Spark", "pyspark", "pandas")
    same_table(pq.read_table(folder / "clean-spark"), pq.read_table(folder / "cli.parquet"), types=False)


@pytest.mark.long
def test_repetition_on_ray_is_that_of_two_passes(folder: Path) -> None:
    run_example(folder, "On Ray", "ray")
    same_table(pq.read_table(folder / "clean-ray-repetition"), two_passes(folder))


def test_repetition_on_spark_is_that_of_two_passes(folder: Path) -> None:
    need_java()
    run_example(folder, "On Spark", "pyspark", "pandas")
    same_table(pq.read_table(folder / "clean-spark-repetition"), two_passes(folder), types=False)


def two_passes(folder: Path) -> Any:
    if not (folder / "cli-repetition.parquet").exists():
        batch(folder, "pages.parquet", "-o", "cli-repetition.parquet", "--two-pass")
    found = pq.read_table(folder / "cli-repetition.parquet")
    assert found["text"].to_pylist() != pq.read_table(folder / "cli.parquet")["text"].to_pylist()
    return found


def test_the_sql_for_copies_says_what_the_command_says(folder: Path) -> None:
    need_java()
    pytest.importorskip("pandas")
    sql = pytest.importorskip("pyspark.sql")
    from cleaner.batch.copies import group

    near = [0xFF, 0xFF, 0xFE000000000000FF, 0x0100000000000111, 0x8000000000000001, 0x80000000000000FE, 0x800000000000011E, 0x1F, 0x3E]
    rows = [(f"p{at}", f"{one:016x}") for at, one in enumerate(near)] + [("none", None), ("none too", None)]
    exact, pairs = example("Copies, by the engine's group-by", "sql")
    session = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        session.createDataFrame(rows, ["id", "fingerprint"]).createOrReplaceTempView("articles")
        marked = {one.id: (one.copies, one.copy_of) for one in session.sql(exact).collect()}
        found = {(one.one, one.other) for one in session.sql(pairs).collect()}
    finally:
        session.stop()
    assert marked["p0"] == (2, None)
    assert marked["p1"] == (2, "p0")
    assert len(marked) == len(near)
    known = sorted({text for _, text in rows if text})
    wanted = {(one, other) for one in known for other in known if one < other and (int(one, 16) ^ int(other, 16)).bit_count() <= 5}
    assert found == wanted
    assert {one for pair in wanted for one in pair} == {known[at] for at, size in enumerate(group(known)[1]) if size > 1}


def test_nemo(folder: Path) -> None:
    assert run_example(folder, "NeMo Curator").startswith("The ferry to the northern islands will sail twice a day")


def test_scikit_learn(folder: Path) -> None:
    assert run_example(folder, "scikit-learn", "sklearn").startswith(f"({len(SAMPLES)}, ")
    from sklearn.base import clone
    from sklearn.pipeline import Pipeline

    from cleaner.adapters.sklearn import CleanTransformer

    one = row(3)
    pipeline = clone(Pipeline([("clean", CleanTransformer())])).set_params(clean__captions=False)
    assert pipeline.fit_transform([(one["html"], one["url"])]) == [texts(folder)[one["id"]]]
    assert "CleanTransformer" in repr(pipeline)


def test_scrapy(folder: Path) -> None:
    run_example(folder, "Scrapy", "scrapy")
    found = lines(folder / "clean-scrapy.jsonl")
    wanted = {Path(name).stem: text for name, text in texts(folder).items()}
    assert len(found) == len(SAMPLES)
    assert {Path(one["url"]).stem: one["text"] for one in found} == {name: wanted[name] for name in sorted(wanted)[: len(SAMPLES)]}
    assert all(list(one) == ["url", "text", "title", "authors", "date", "error"] for one in found)


def test_scrapy_items_of_every_kind(folder: Path) -> None:
    scrapy = pytest.importorskip("scrapy")
    from dataclasses import dataclass

    from cleaner.adapters.scrapy import CleanPipeline

    class Item(scrapy.Item):  # type: ignore[misc]
        url, html, text = scrapy.Field(), scrapy.Field(), scrapy.Field()

    @dataclass
    class Data:
        url: str
        html: str
        text: str | None = None
        title: str | None = None

    one = row(5)
    wanted = texts(folder)[one["id"]]
    pipeline = CleanPipeline()
    assert dict(pipeline.process_item(Item(url=one["url"], html=one["html"]))) == {"url": one["url"], "text": wanted}
    cleaned = pipeline.process_item(Data(one["url"], one["html"]))
    assert cleaned.text == wanted
    assert cleaned.title
    with pytest.raises(scrapy.exceptions.DropItem, match="short"):
        CleanPipeline(min_words=10_000).process_item({"html": one["html"]})


def need_java() -> None:
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
