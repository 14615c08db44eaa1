"""The adapters without their guests: signatures, columns, hashes, and what is said when a guest is missing."""

from __future__ import annotations

import copy
import importlib
import importlib.util
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import MORE_PROSE, PROSE, write_rules

from cleaner import Cleaner
from cleaner.adapters import tables
from cleaner.adapters.huggingface import CleanBatch
from cleaner.adapters.nemo import CleanExtractor
from cleaner.adapters.ray import CleanBatches
from cleaner.adapters.records import RecordCleaner, exclusion
from cleaner.adapters.scrapy import CleanPipeline
from cleaner.adapters.sklearn import CleanTransformer
from cleaner.adapters.spark import map_in_arrow, schema
from cleaner.batch import Columns, record
from cleaner.batch.columns import DEFAULT_FIELDS, Clash

ROOT = Path(__file__).resolve().parent.parent
RULE = "body: main\nlimits: {min_words: 1}\ndrop:\n  - {id: share, css: '.share', why: share buttons}\n"
SITE = "detect: {hosts: [news.example]}\ndrop:\n  - {id: note, css: '.note', why: note}\n"
PAGE = (
    "<html lang='en'><head><title>T</title></head><body><main><p>The ferry sails twice a day.</p><p class='note'>A note of ours.</p>"
    "<p class='share'>Facebook</p></main></body></html>"
)
URL = "https://news.example/1"
TEXT = "The ferry sails twice a day."
"""With the rule of the site; without an address the note stays."""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return write_rules(tmp_path / "rules", {"generic.yaml": RULE, "sites/news.example.yaml": SITE})


@pytest.fixture
def cleaner(rules: Path) -> Cleaner:
    return Cleaner([rules], builtin=False)


def table(**columns: Any) -> pa.Table:
    return pa.table({"id": ["a", "b"], "url": [URL, None], "html": pa.array([PAGE.encode(), None], pa.binary()), **columns})


# ---------------------------------------------------------------- what they share


def test_no_adapter_imports_its_guest() -> None:
    guests = ("datasets", "ray", "pyspark", "nemo_curator", "sklearn", "scrapy", "itemadapter", "pyarrow")
    code = (
        f"import sys\nfor name in {guests!r}: sys.modules[name] = None\n"
        "from cleaner.adapters import huggingface, nemo, ray, records, scrapy, sklearn, spark, tables\n"
        "print(len(huggingface.CleanBatch()({'html': ['<p>x</p>'] * 3})['text']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_the_core_imports_no_adapter() -> None:
    code = "import sys, cleaner.cli.batch, cleaner.batch.run; print([name for name in sys.modules if 'cleaner.adapters' in name])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_pickle_is_the_same_in_every_process_with_and_without_the_cache_of_rules(rules: Path, tmp_path: Path) -> None:
    code = (
        "import hashlib, pickle, sys\nfrom cleaner import Cleaner\nfrom cleaner.adapters.huggingface import CleanBatch\n"
        "data = pickle.dumps(CleanBatch(Cleaner([sys.argv[1]])))\n"
        "print(hashlib.sha256(data).hexdigest(), hashlib.sha256(pickle.dumps(pickle.loads(data))).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", code, rules], capture_output=True, text=True, check=True, env=environment)
        seen.update(done.stdout.split())
    assert len(seen) == 1


def test_whatever_changes_the_output_changes_the_pickle(cleaner: Cleaner, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def made() -> list[RecordCleaner]:
        return [
            RecordCleaner(Cleaner([rules], builtin=False)),
            RecordCleaner(Cleaner([rules], builtin=False, captions=True)),
            RecordCleaner(Cleaner([rules], builtin=False, language="de")),
            RecordCleaner(cleaner, Columns(prefix="x_")),
            RecordCleaner(cleaner, Columns(html="content")),
            RecordCleaner(cleaner, max_bytes=5),
            CleanBatch(cleaner),
        ]

    before = [pickle.dumps(one) for one in made()]
    assert len(set(before)) == len(before)
    assert [pickle.dumps(one) for one in made()] == before
    monkeypatch.setattr("cleaner.adapters.records.__version__", "9.9")
    assert set(map(pickle.dumps, made())).isdisjoint(before)
    monkeypatch.undo()
    (rules / "generic.yaml").write_text(RULE.replace("share buttons", "buttons"), encoding="utf-8")
    assert pickle.dumps(made()[0]) != before[0]


def test_an_adapter_that_travelled_cleans_as_it_did(cleaner: Cleaner) -> None:
    here = CleanBatch(cleaner, Columns(prefix="x_", fields=("text", "error")), max_bytes=1000)
    there = pickle.loads(pickle.dumps(here))
    assert type(there) is CleanBatch
    assert (there.columns, there.max_bytes, there.cleaner.digest) == (here.columns, 1000, cleaner.digest)
    assert there.page(PAGE, URL) == here.page(PAGE, URL)
    assert copy.deepcopy(here).page("x" * 1001)["x_error"].startswith("too-large")


def test_exclusion_uses_the_words_of_the_command() -> None:
    def why(words: int, language: str | None = "en", error: str | None = None) -> str:
        return exclusion(words=words, language=language, error=error, min_words=10, languages=("en",))

    assert [why(10), why(9), why(1), why(0), why(99, "fr"), why(99, None), why(0, error="crash: x")] == [
        "", "short: 9 words", "short: 1 word", "empty", "language: fr", "language: unknown", "error: crash: x"
    ]  # fmt: skip


# ---------------------------------------------------------------- tables


def test_a_table_gets_the_columns_of_the_command(cleaner: Cleaner, tmp_path: Path, rules: Path) -> None:
    pages = table(n=pa.array([1, 2], pa.int16()), when=pa.array([1, None], pa.timestamp("ns", "UTC")), words_of_ours=["x", None])
    pq.write_table(pages, tmp_path / "pages.parquet")
    command = [sys.executable, "-m", "cleaner", "batch", "pages.parquet", "-o", "cli.parquet", "-j1", "--no-builtin", "--no-user-rules"]
    done = subprocess.run([*command, "--rules", rules], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    wanted = pq.read_table(tmp_path / "cli.parquet")
    found = tables.cleaned(RecordCleaner(cleaner), pages)
    assert found.schema.equals(wanted.schema)
    assert found.equals(wanted)
    assert found["text"].to_pylist() == [TEXT, ""]


@pytest.mark.parametrize("kind", ["table", "batch"])
def test_tables_and_batches_come_out_as_they_went_in(cleaner: Cleaner, kind: str) -> None:
    pages = table() if kind == "table" else table().to_batches()[0]
    found = tables.cleaned(RecordCleaner(cleaner), pages)
    assert type(found) is type(pages)
    assert found.column("error").to_pylist()[1].startswith("no-html")


def test_columns_that_are_not_there_are_null_and_empty_tables_keep_their_types(cleaner: Cleaner) -> None:
    full = tables.cleaned(RecordCleaner(cleaner), pa.table({"html": [PAGE]}))
    assert (full["id"].to_pylist(), full["url"].to_pylist()) == ([None], [None])
    empty = tables.cleaned(RecordCleaner(cleaner), pa.table({"html": [PAGE]}).slice(0, 0))
    assert empty.schema.equals(full.schema)
    nothing = tables.cleaned(RecordCleaner(cleaner), pa.table({"n": [1, 2, 3]}))
    assert [one.partition(":")[0] for one in nothing["error"].to_pylist()] == ["no-html"] * 3


def test_plain_text_is_taken_where_there_is_no_page(cleaner: Cleaner) -> None:
    plain = f"{PROSE}\n\n{MORE_PROSE}"
    found = tables.cleaned(RecordCleaner(cleaner), pa.table({"text": [plain]}))
    assert found["text"].to_pylist() == [plain]
    assert found.schema.names.count("text") == 1
    both = pa.table({"html": [PAGE, None], "text": ["kept", plain]})
    with pytest.raises(Clash, match="'text'"):
        tables.cleaned(RecordCleaner(cleaner), both)
    found = tables.cleaned(RecordCleaner(cleaner, Columns(prefix="x_")), both)
    assert found["text"].to_pylist() == ["kept", plain]
    assert found["x_text"].to_pylist()[1] == plain


@pytest.mark.parametrize("adapter", [CleanBatch, CleanBatches])
def test_a_clash_is_an_error_however_the_batch_comes(adapter: type[Any], cleaner: Cleaner) -> None:
    with pytest.raises(Clash, match="title"):
        adapter(cleaner)(table(title=["x", "y"]))


# ---------------------------------------------------------------- one by one


def test_datasets_gets_lists_a_table_or_one_record(cleaner: Cleaner) -> None:
    clean = CleanBatch(cleaner, Columns(fields=("text", "error")))
    added = clean({"html": [PAGE, None], "url": [URL, None], "n": [1, 2]})
    assert list(added) == ["text", "error"]
    assert added["text"] == [TEXT, ""]
    assert clean(table(n=[1, 2])).schema.names == ["id", "url", "text", "error", "n"]
    assert clean({"html": PAGE, "url": URL, "n": 1}) == {"text": TEXT, "error": None}
    assert clean({"html": [], "url": []}) == {"text": [], "error": []}


@pytest.mark.parametrize(("call", "guest"), [(lambda: CleanBatch().features({}), "datasets"), (lambda: schema(None), "pyspark")])
def test_a_missing_guest_is_named_with_its_extra(call: Any, guest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, guest, None)
    monkeypatch.setitem(sys.modules, f"{guest}.sql", None)
    monkeypatch.setitem(sys.modules, f"{guest}.sql.pandas.types", None)
    with pytest.raises(ImportError, match=r"pip install 'cleaner\["):
        call()


def test_ray_says_which_batches_it_needs(cleaner: Cleaner) -> None:
    assert CleanBatches(cleaner=cleaner)(table())["text"].to_pylist() == [TEXT, ""]
    with pytest.raises(TypeError, match='batch_format="pyarrow"'):
        CleanBatches(cleaner)({"html": [PAGE]})


def test_spark_gets_a_function_from_batches_to_batches(cleaner: Cleaner) -> None:
    function = pickle.loads(pickle.dumps(map_in_arrow(cleaner, Columns(fields=("text",)))))
    found = list(function(iter(table().to_batches() * 2)))
    assert [batch.column("text").to_pylist() for batch in found] == [[TEXT, ""]] * 2
    assert all(isinstance(batch, pa.RecordBatch) for batch in found)


def test_nemo_gets_what_its_stage_asks_for(cleaner: Cleaner) -> None:
    extractor = CleanExtractor(cleaner)
    row = {"url": URL, "warc_id": "<urn:1>", "source_id": "s", "content": PAGE.encode()}
    assert sorted(extractor.input_columns()) == sorted(row)
    found = extractor.extract(row)
    assert found is not None
    assert (list(found), found["text"], found["source_id"]) == (extractor.output_columns(), TEXT, "s")
    assert extractor.extract({**row, "content": float("nan")}) is None
    kept = CleanExtractor(cleaner, keep_empty=True).extract({**row, "content": float("nan")})
    assert kept is not None
    assert kept["error"].startswith("bad-html")
    assert pickle.loads(pickle.dumps(extractor)).extract(row) == found


def test_the_transformer_keeps_to_the_conventions_of_scikit_learn(rules: Path) -> None:
    transformer = CleanTransformer(rules=[rules], builtin=False)
    assert transformer.fit([PAGE], None) is transformer
    assert transformer.transform([(PAGE, URL), PAGE, b"", ""]) == [TEXT, f"{TEXT}\n\nA note of ours.", "", ""]
    assert CleanTransformer(**transformer.get_params()).fit_transform([(PAGE, URL)]) == [TEXT]
    assert pickle.loads(pickle.dumps(transformer)).transform([(PAGE, URL)]) == [TEXT]
    with pytest.raises(ValueError, match="no such parameter: alpha"):
        transformer.set_params(alpha=1)
    assert transformer.set_params(rules=(), builtin=True).get_params()["rules"] == ()
    assert repr(transformer) == "CleanTransformer(rules=(), builtin=True, input='auto', language=None, captions=False)"
    assert "Facebook" not in transformer.transform([PAGE])[0]
    (rules / "generic.yaml").write_text("body: main\nlimits: {min_words: 1}\n", encoding="utf-8")
    assert "Facebook" in transformer.set_params(rules=[rules], builtin=False).transform([PAGE])[0]


# ---------------------------------------------------------------- scrapy


class DropItem(Exception):
    """Stands for Scrapy's."""


class Settings(dict[str, Any]):
    """As much of Scrapy's settings as is used."""

    def getlist(self, name: str, default: Any = None) -> list[str]:
        value = self.get(name, default or [])
        return value.split(",") if isinstance(value, str) else list(value)

    def getint(self, name: str) -> int:
        return int(self.get(name, 0))


def test_an_item_gets_its_article_for_its_page(cleaner: Cleaner) -> None:
    pipeline = CleanPipeline(cleaner, Columns(fields=("text", "title")))
    item = {"html": PAGE, "url": URL, "price": 3}
    assert pipeline.process_item(item) is item
    assert item == {"url": URL, "price": 3, "text": TEXT, "title": "T"}
    assert pipeline.process_item({"price": 3}, spider=object()) == {"price": 3}
    with pytest.raises(Clash, match="title"):
        pipeline.process_item({"html": PAGE, "title": "mine"})
    assert pipeline.process_item({"html": PAGE, "title": None})["title"] == "T"


def test_an_item_with_declared_fields_gets_those(cleaner: Cleaner) -> None:
    class Declared(dict[str, Any]):
        fields = dict.fromkeys(("html", "url", "text"))

    pipeline = CleanPipeline(cleaner)
    assert pipeline.process_item(Declared(html=PAGE, url=URL)) == {"url": URL, "text": TEXT}
    with pytest.raises(ValueError, match="Declared declares none of the fields x_text"):
        CleanPipeline(cleaner, Columns(prefix="x_")).process_item(Declared(html=PAGE))


def test_scrapy_settings_say_what_to_do(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exceptions = ModuleType("scrapy.exceptions")
    exceptions.DropItem = DropItem  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "scrapy", ModuleType("scrapy"))
    monkeypatch.setitem(sys.modules, "scrapy.exceptions", exceptions)
    settings = Settings(
        CLEANER_RULES=[str(rules)], CLEANER_HTML_FIELD="body", CLEANER_URL_FIELD="link", CLEANER_FIELDS="text,error", CLEANER_PREFIX="c_",
        CLEANER_MIN_WORDS="5", CLEANER_LANGUAGES="en",
    )  # fmt: skip
    pipeline = CleanPipeline.from_crawler(SimpleNamespace(settings=settings))
    assert pipeline.process_item({"body": PAGE, "link": URL}) == {"link": URL, "c_text": TEXT, "c_error": None}
    with pytest.raises(DropItem, match="short: 2 words"):
        pipeline.process_item({"body": "<html lang='en'><main><p>Two words.</p></main></html>"})
    with pytest.raises(DropItem, match="error: bad-html"):
        pipeline.process_item({"body": 7})
    plain = CleanPipeline.from_crawler(SimpleNamespace(settings=Settings()))
    assert set(DEFAULT_FIELDS) < set(plain.process_item({"html": "", "url": URL}))


# ---------------------------------------------------------------- datatrove, of which as much is made here as its two base classes use


class Step:
    """BaseExtractor and BaseFilter in one: what steps of a pipeline have."""

    def __init__(self, first: Any = None) -> None:
        self.timeout = self.exclusion_writer = first
        self.stats: list[str] = []

    def stat_update(self, *names: str) -> None:
        self.stats += names

    def track_time(self) -> Any:
        return nullcontext()

    def update_doc_stats(self, document: Any) -> None:
        self.stats.append("doc")


class Sandbox:
    """Runs in this process; three pages of its own bring about what pages can do to a process."""

    made: list[tuple[Any, Any]] = []  # noqa: RUF012

    def __init__(self, timeout: float, warmup_text: Any) -> None:
        self.made.append((timeout, warmup_text))
        self.warmup = warmup_text

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def process_document(self, given: tuple[Any, ...], function: Any) -> Any:
        function(*self.warmup)
        if given[0] in ("hang", "die"):
            raise {"hang": TimeoutError, "die": EOFError}[given[0]]
        return pickle.loads(pickle.dumps(function))(*given)


class Writer:
    """Of what is excluded."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str, int]] = []

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def write(self, document: Any, rank: int) -> None:
        self.written.append((document.text, document.metadata["filter_reason"], rank))


@pytest.fixture
def datatrove(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    parts: dict[str, dict[str, Any]] = {
        "datatrove": {},
        "datatrove.pipeline": {},
        "datatrove.pipeline.extractors": {},
        "datatrove.pipeline.extractors.base": {"BaseExtractor": Step, "ExtractorSandbox": Sandbox},
        "datatrove.pipeline.filters": {},
        "datatrove.pipeline.filters.base_filter": {"BaseFilter": Step},
        "datatrove.utils": {},
        "datatrove.utils.typeshelper": {"StatHints": SimpleNamespace(total="total", forwarded="forwarded", dropped="dropped")},
    }
    for name, content in parts.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delitem(sys.modules, "cleaner.adapters.datatrove", raising=False)
    Sandbox.made.clear()
    yield importlib.import_module("cleaner.adapters.datatrove")
    sys.modules.pop("cleaner.adapters.datatrove", None)


def document(text: str, **metadata: Any) -> Any:
    return SimpleNamespace(text=text, id="x", metadata=metadata)


def test_datatrove_documents_get_their_article_by_the_rules_of_their_site(datatrove: Any, cleaner: Cleaner) -> None:
    extractor = datatrove.CleanExtractor(cleaner, fields=("text", "title", "words"))
    (found,) = extractor.run(iter([document(PAGE, url=URL, date="2026-11-01")]))
    assert found.text == TEXT
    assert found.metadata == {"url": URL, "date": "2026-11-01", "clean_title": "T", "clean_words": 6}
    assert extractor.extract(PAGE) == f"{TEXT}\n\nA note of ours."
    assert extractor.extract("") == ""
    assert Sandbox.made == [(10, ("", None))]
    assert list(extractor.run(None)) == []


def test_datatrove_documents_without_an_article_go_to_the_exclusion_writer(datatrove: Any, cleaner: Cleaner) -> None:
    writer = Writer()
    extractor = datatrove.CleanExtractor(cleaner, exclusion_writer=writer, max_bytes=900, timeout=3)
    pages = [document(text) for text in ("hang", PAGE, "die", "", "x" * 901)]
    assert [one.text for one in extractor.run(iter(pages), rank=4)] == [f"{TEXT}\n\nA note of ours."]
    assert writer.written == [
        ("hang", "error: timeout: the page took longer than 3 s", 4),
        ("die", "error: crash: the process died", 4),
        ("", "empty", 4),
        ("x" * 901, "error: too-large: 901 characters, 900 are allowed", 4),
    ]
    assert extractor.stats.count("total") == 5
    assert [name for name in extractor.stats if name.startswith("dropped_")] == [
        "dropped_timeout", "dropped_crash", "dropped_empty", "dropped_too-large"
    ]  # fmt: skip


def test_a_datatrove_process_is_replaced_before_it_grows(datatrove: Any, cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datatrove, "RESTART_AFTER", 2)
    assert len(list(datatrove.CleanExtractor(cleaner).run(document(PAGE) for _ in range(5)))) == 5
    assert len(Sandbox.made) == 3


def test_a_clash_with_metadata_is_an_error(datatrove: Any, cleaner: Cleaner) -> None:
    with pytest.raises(Clash, match="title"):
        list(datatrove.CleanExtractor(cleaner, prefix="").run(iter([document(PAGE, title="mine")])))


def test_the_datatrove_filter_drops_with_a_word(datatrove: Any) -> None:
    keeps = datatrove.CleanFilter(min_words=2, languages=["en"], min_confidence=0.5)
    known = {"clean_language": "en", "clean_confidence": 0.9}
    assert keeps.filter(document("two words", **known)) is True
    assert keeps.filter(document("one", **known)) == (False, "short")
    assert keeps.filter(document("", **known)) == (False, "empty")
    assert keeps.filter(document("two words", **{**known, "clean_language": "fr"})) == (False, "language")
    assert keeps.filter(document("two words", **{**known, "clean_confidence": 0.1})) == (False, "confidence")
    assert datatrove.CleanFilter().filter(document("one")) is True
    with pytest.raises(KeyError, match="CleanExtractor must run before"):
        keeps.filter(document("two words"))


def test_without_datatrove_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datatrove", None)
    monkeypatch.delitem(sys.modules, "cleaner.adapters.datatrove", raising=False)
    with pytest.raises(ImportError, match=r"needs datatrove .* pip install 'cleaner\[datatrove\]'"):
        importlib.import_module("cleaner.adapters.datatrove")


# ---------------------------------------------------------------- examples/ray_clean.py, but for Ray


@pytest.fixture
def ray_clean() -> Any:
    spec = importlib.util.spec_from_file_location("ray_clean", ROOT / "examples/ray_clean.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["ray_clean"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("in_folder")
def test_a_shard_gives_what_the_command_gives(ray_clean: Any, rules: Path, tmp_path: Path) -> None:
    pq.write_table(table(n=pa.array([1, 2], pa.int16())), "pages.parquet")
    Path("lines.jsonl").write_text(json.dumps({"html": PAGE, "url": URL}) + "\n", encoding="utf-8")
    cli = ["--no-builtin", "--no-user-rules", "--rules", str(rules), "--with-removed", "-j1"]
    task = ray_clean.Task(str(tmp_path / "out"), ("--no-builtin", "--with-removed", "--jobs", "1"), ray_clean.packed([str(rules)]))
    shards = list(ray_clean.shards_of(["pages.parquet", (tmp_path / "lines.jsonl").as_uri()]))
    assert ray_clean.done_before(task, ray_clean.empty_run(task)) == {}
    for shard in shards:
        manifest = ray_clean.clean_shard(task, shard)
        out = f"cli-{shard.name}.parquet"
        done = subprocess.run([sys.executable, "-m", "cleaner", "batch", shard.name, "-o", out, *cli], capture_output=True, check=False)
        assert done.returncode == (3 if manifest.pages["failed"] else 0)
        found, wanted = pq.read_table(f"out/{shard.name}-00000.parquet"), pq.read_table(out)
        assert found.schema.equals(wanted.schema)
        assert found.drop_columns("removed").equals(wanted.drop_columns("removed"))
        assert [[piece["rule"] for piece in one] for one in found["removed"].to_pylist()] == [
            [piece["rule"] for piece in one] for one in wanted["removed"].to_pylist()
        ]
        assert found["text"].to_pylist()[0] == TEXT
    assert pq.read_table("out")["text"].to_pylist() == [TEXT, TEXT, ""]
    assert sorted(ray_clean.done_before(task, ray_clean.empty_run(task))) == ["lines.jsonl", "pages.parquet"]
    other = ray_clean.Task(task.out, (*task.options, "--min-words", "3"), task.rules)
    with pytest.raises(ray_clean.Unusable, match="min-words"):
        ray_clean.done_before(other, ray_clean.empty_run(other))
    (rules / "generic.yaml").write_text(RULE.replace("share buttons", "buttons"), encoding="utf-8")
    changed = ray_clean.Task(task.out, task.options, ray_clean.packed([str(rules)]))
    with pytest.raises(ray_clean.Unusable, match="the rules or the program were changed"):
        ray_clean.done_before(changed, ray_clean.empty_run(changed))


def test_shards_have_names_of_their_own(ray_clean: Any, tmp_path: Path) -> None:
    for name in ("a/x.jsonl", "a/y.warc.gz", "a/_z.jsonl", "a/readme.md", "a/below/n.jsonl", "b/x.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [shard.name for shard in ray_clean.shards_of([str(tmp_path / "a")])] == ["x.jsonl", "y.warc.gz"]
    for given, said in ((["a", "b"], "the same name"), (["c"], "no such"), (["a/readme.md"], "neither")):
        with pytest.raises(ValueError, match=said):
            list(ray_clean.shards_of([str(tmp_path / one) for one in given]))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="no shards"):
        list(ray_clean.shards_of([str(tmp_path / "empty")]))


@pytest.mark.usefixtures("in_folder")
def test_wrong_options_are_said_first(ray_clean: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.jsonl").touch()
    monkeypatch.setattr(sys, "argv", ["ray_clean", "x.jsonl", "-o", "out", "--fields", "txet"])
    assert ray_clean.main() == 2
    assert "txet" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["ray_clean", "x.jsonl", "-o", "out", "--group-copies"])
    with pytest.raises(SystemExit):
        ray_clean.main()
    assert "not for shards: --group-copies" in capsys.readouterr().err
    assert not Path("out").exists()


def test_the_report_says_what_was_not_done(ray_clean: Any, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = ray_clean.Manifest([], "", None, {}, pages={"kept": 2, "empty": 0, "dropped": 0, "failed": 0})
    assert ray_clean.report([manifest], iter([])) == 0
    assert ray_clean.report([], iter([(ray_clean.Shard("/a", "a"), manifest), (ray_clean.Shard("/b", "b"), OSError("gone"))])) == 3
    said = capsys.readouterr().err
    assert "a: 2 kept" in said
    assert "b: NOT DONE: gone" in said
    manifest.pages["failed"] = 1
    assert ray_clean.report([manifest], iter([])) == 3


def test_the_record_of_the_adapters_is_that_of_batch(cleaner: Cleaner) -> None:
    row = {"id": 1, "url": URL, "html": PAGE, "n": 2}
    assert RecordCleaner(cleaner).record(row) == record(cleaner, row)
