"""What repeats on a site's pages: counting it, and what is made of the counts."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.memory import Counts, Repetition, SiteMemory, fingerprints
from cleaner.memory.counts import Count, K, estimate
from cleaner.memory.prints import Prints, hash64
from cleaner.memory.store import Unusable

NOTICE = "The harbour club has kept the tide tables of this coast for as long as anyone remembers."
SUBJECTS = {
    "ferry": (
        "The ferry to the outer islands goes back into service on Friday after eleven weeks in the dry dock of a rival yard.",
        "Its engines were taken out one by one, and a crack as long as an arm was found in the older of the two ferry shafts.",
        "Passengers had crossed in fishing boats meanwhile, and some of them say that they liked the ferry less.",
    ),
    "bakery": (
        "Eleven people applied to take over the last bakery in town, and nine of them had never baked a loaf before.",
        "The owner gave each of them a night at the oven, with the door locked, and listened from the stairs of the bakery.",
        "She chose the one who had burnt everything and started again without a word, a former surveyor of forty.",
    ),
    "quarry": (
        "Swifts have come back to the quarry above the village, where blasting ended in the year of the long drought.",
        "Biologists counted forty nests in the north face, which engineers had wanted to cover with a net against falling stone.",
        "The net will now go round the foot of the quarry, and walkers are asked to keep to the upper path until August.",
    ),
    "school": (
        "A school without pupils has to open each morning because its contract with the county runs for six more years.",
        "Two teachers come, heat the rooms, write up the empty register of the school and go home at a quarter past twelve.",
        "County lawyers have looked for a way out since spring; so far they found a clause on skating rinks, and no more.",
    ),
    "museum": (
        "Thieves returned a painting to the museum of the coast with a letter in which they complained about its frame.",
        "Its wood was too soft, they wrote, and would have let the canvas sag within ten years if nobody had stepped in.",
        "Restorers agree. The museum has kept the new frame, which is of oak, and is looking for whoever made it.",
    ),
    "tramway": (
        "Old tramway rails came to light under the market when workers dug for a burst main on Tuesday night.",
        "Nobody alive had known of them, as the tramway had run for one summer only, before its horses were sold to the army.",
        "A short piece will stay open to view under glass, between the fish stall and the man who mends umbrellas.",
    ),
    "orchard": (
        "Frost took nearly all the blossom in the valley, but one orchard by the river stands as white as ever.",
        "Its owner had let the water in at midnight, as his grandmother taught him, and sat by the orchard gate till dawn.",
        "Neighbours who had laughed at the flooded grass are asking him for saplings, and he has begun a list.",
    ),
    "library": (
        "Readers of the mobile library may now borrow a goat for a week, together with two bales of hay.",
        "It began as a joke of the driver, who keeps six of them and could not find anybody to mind them in the holidays.",
        "Forty families have put down their names at the library, and the first goat came home a little heavier.",
    ),
}
TOPICS = list(SUBJECTS)


def page(topic: str, extra: str = "", pitch: str = NOTICE) -> str:
    first, second, third = SUBJECTS[topic]
    text = "".join(f"<p>{one}</p>" for one in (first, second, pitch, third))
    title = f"What became of the {topic} in the end"
    return (
        f"<html><head><title>{title} | Tide Post</title></head><body><ul><li><a href='/'>Tides and weather</a></li></ul>"
        f"<article><h1>{title}</h1>{text}{extra}<p>The piece {title} was first shown by Tide Post on January {len(topic)}, 2026.</p>"
        "</article><p>Tide Post is printed on the quay.</p></body></html>"
    )


def address(topic: str) -> str:
    return f"https://www.tidepost.example/{topic}"


@pytest.fixture(scope="module")
def alone() -> Cleaner:
    return Cleaner(builtin=False)


def counted(cleaner: Cleaner, pages: dict[str, str]) -> Counts:
    counts = Counts()
    for topic, html in pages.items():
        counts.add(fingerprints(cleaner.read(html, address(topic))))
    return counts


def test_what_other_pages_have_too_is_dropped_with_its_count(alone: Cleaner) -> None:
    counts = counted(alone, {topic: page(topic) for topic in TOPICS[1:]})
    article = alone.clean(page("ferry"), address("ferry"), repetition=Repetition(counts))
    why = {piece.text: piece.why for piece in article.removed if piece.rule == "repetition#block"}
    assert why[NOTICE] == "repetition: on 8 of 8 pages"
    assert any(text.startswith("The piece What became") for text in why), "its own title and date are not what tells it apart"
    assert "harbour club" not in article.text
    assert article.text.split("\n\n") == list(SUBJECTS["ferry"])


def test_it_makes_no_difference_whether_the_page_itself_was_counted(alone: Cleaner) -> None:
    without = counted(alone, {topic: page(topic) for topic in TOPICS[1:]})
    with_it = counted(alone, {topic: page(topic) for topic in TOPICS})
    one, other = (alone.clean(page("ferry"), address("ferry"), repetition=Repetition(counts)) for counts in (without, with_it))
    assert one.to_dict() == other.to_dict()


def test_too_few_pages_say_nothing(alone: Cleaner) -> None:
    counts = counted(alone, {"school": page("school")})
    article = alone.clean(page("ferry"), address("ferry"), repetition=Repetition(counts))
    assert article.to_dict() == alone.clean(page("ferry"), address("ferry")).to_dict()


def test_pages_of_other_sites_and_without_an_address_say_nothing(alone: Cleaner) -> None:
    counts = counted(alone, {topic: page(topic) for topic in TOPICS[1:]})
    for url in ("https://elsewhere.example/ferry", None):
        article = alone.clean(page("ferry"), url, repetition=Repetition(counts))
        assert article.text == alone.clean(page("ferry"), url).text


def test_a_copied_page_is_one_page(alone: Cleaner) -> None:
    counts = counted(alone, {topic: page("school") for topic in TOPICS[1:]})
    article = alone.clean(page("ferry"), address("ferry"), repetition=Repetition(counts))
    assert "harbour club" in article.text


def test_an_article_that_stands_twice_on_a_site_is_kept_and_reported(alone: Cleaner) -> None:
    lines = {topic: f"<p>Copy for the {topic} desk, with a line of its own on the {topic} at the end.</p>" for topic in TOPICS[1:]}
    pages = {topic: page("school", line) for topic, line in lines.items()}
    article = alone.clean(page("school"), address("school"), repetition=Repetition(counted(alone, pages)))
    assert "skating rinks" in article.text
    assert any(warning.startswith("repetition: more than 50%") for warning in article.warnings)


def test_the_lead_of_an_article_that_others_tease_is_kept(alone: Cleaner) -> None:
    lead = SUBJECTS["ferry"][0]
    teased = {
        topic: page(topic).replace("</article>", f"</article><aside><div class='teaser'>{lead}</div></aside>") for topic in TOPICS[1:]
    }
    article = alone.clean(page("ferry"), address("ferry"), repetition=Repetition(counted(alone, teased)))
    assert article.text.startswith(lead)


def test_plain_text_pages_learn_from_their_lines(alone: Cleaner) -> None:
    def text(topic: str) -> str:
        return "\n".join(block.text for block in alone.read(page(topic), None).blocks)

    counts = Counts()
    for topic in TOPICS[1:]:
        counts.add(fingerprints(alone.read(text(topic), input="text"), "tidepost"))
    article = alone.clean(text("ferry"), input="text", repetition=Repetition(counts, "tidepost"))
    assert "harbour club" not in article.text
    assert "was first shown by Tide Post" not in article.text
    assert article.text.split("\n\n")[-3:] == list(SUBJECTS["ferry"])


# ---------------------------------------------------------------- counts


@st.composite
def some_prints(draw: st.DrawFn) -> Prints:
    keys = draw(st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=3), min_size=1, max_size=6))
    kinds = ["w" * len(one) for one in keys]
    site, number = draw(st.sampled_from(["a.example", "b.example"])), draw(st.integers(0, 200))
    return Prints(site, hash64(str(number)), [tuple(one) for one in keys], kinds)


@settings(max_examples=60, deadline=None)
@given(st.lists(some_prints(), min_size=1, max_size=150), st.randoms(use_true_random=False))
def test_shards_merge_in_any_order_and_grouping_and_doubled(pages: list[Prints], random: object) -> None:
    whole = Counts()
    for prints in pages:
        whole.add(prints)
    mixed = [*pages, *pages[: len(pages) // 2]]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    shards = [Counts() for _ in range(4)]
    for at, prints in enumerate(mixed):
        shards[at % 4].add(prints)
    left, right = Counts(), Counts()
    for shard in shards[:3]:
        left.merge(Counts.from_bytes(shard.to_bytes()))
    right.merge(shards[3])
    right.merge(left)
    assert right.to_bytes() == whole.to_bytes()


@pytest.mark.parametrize("pages", [0, 1, K - 1, 1000, 100_000])
def test_counts_are_exact_below_k_and_near_above(pages: int) -> None:
    hashes = sorted(hash64(str(number)) for number in range(pages))[:K]
    assert estimate(hashes) == pages if pages < K else abs(estimate(hashes) - pages) < 0.4 * pages


def test_a_count_says_first_place_and_kind() -> None:
    counts = Counts()
    counts.add(Prints("a.example", 7, [(1,), (2, 3), (1,)], ["w", "wb", "w"]))
    assert counts.sites["a.example"][3] == Count([7], 1, "b")
    assert counts.sites["a.example"][1].first == 0


# ---------------------------------------------------------------- counts in a file


def count_some(path: str, topics: list[str], times: int) -> None:
    """What another process does."""
    cleaner, memory = Cleaner(builtin=False), SiteMemory(path)
    for _ in range(times):
        for topic in topics:
            memory.add(fingerprints(cleaner.read(page(topic), address(topic))))


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_file_says_what_memory_says(alone: Cleaner, tmp_path: Path) -> None:
    counts, memory = counted(alone, {topic: page(topic) for topic in TOPICS[1:]}), SiteMemory(tmp_path / "sites")
    count_some(str(memory.path), TOPICS[1:], 2)
    assert memory.counts("tidepost.example").to_bytes() == counts.to_bytes()
    assert memory.sites() == {"tidepost.example": 7}
    one, other = (alone.clean(page("ferry"), address("ferry"), repetition=Repetition(seen)) for seen in (counts, memory))
    assert one.to_dict() == other.to_dict()


def test_merged_shards_are_the_same_in_the_file(alone: Cleaner, tmp_path: Path) -> None:
    counts = counted(alone, {topic: page(topic) for topic in TOPICS})
    memory = SiteMemory(tmp_path / "sites")
    for shard in (TOPICS[:3], TOPICS[2:6], TOPICS[5:]):
        memory.merge(counted(alone, {topic: page(topic) for topic in shard}))
    assert memory.counts("tidepost.example").to_bytes() == counts.to_bytes()


def test_two_processes_lose_no_count_though_one_is_killed(alone: Cleaner, tmp_path: Path) -> None:
    path = str(tmp_path / "sites")
    SiteMemory(path).close()
    context = multiprocessing.get_context("spawn")
    killed = context.Process(target=count_some, args=(path, TOPICS[:4], 1000))
    steady = context.Process(target=count_some, args=(path, TOPICS[3:], 3))
    killed.start(), steady.start()
    wait_until(lambda: SiteMemory(path).sites().get("tidepost.example", 0) >= 5)
    os.kill(killed.pid or 0, signal.SIGKILL)
    steady.join(60)
    killed.join()
    count_some(path, TOPICS[:4], 1)
    assert SiteMemory(path).counts("tidepost.example").to_bytes() == counted(alone, {topic: page(topic) for topic in TOPICS}).to_bytes()


@pytest.mark.parametrize("content", [b"no database" * 200, None])
def test_a_file_that_is_no_memory_is_refused_and_left_alone(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "sites"
    if content is None:
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE other (x)")
        base.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(Unusable, match="site memory"):
        SiteMemory(path)
    assert path.read_bytes() == before


# ---------------------------------------------------------------- cleaner batch


def lines(path: Path, topics: list[str]) -> Path:
    path.write_text("".join(json.dumps({"id": topic, "url": address(topic), "html": page(topic)}) + "\n" for topic in topics))
    return path


def batch(*arguments: str | Path) -> dict[str, str]:
    output = arguments[arguments.index("-o") + 1]
    command = [sys.executable, "-m", "cleaner", "batch", "--no-builtin", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in Path(output).read_text().splitlines()]
    return {record["id"]: record["text"] for record in records}


def test_two_passes_give_the_same_in_any_order(tmp_path: Path) -> None:
    one = batch(lines(tmp_path / "one.jsonl", TOPICS), "-o", tmp_path / "a.jsonl", "--two-pass", "-j", "2")
    other = batch(lines(tmp_path / "other.jsonl", TOPICS[::-1]), "-o", tmp_path / "b.jsonl", "--two-pass", "-j", "1")
    assert one == other
    assert {topic: text.split("\n\n") for topic, text in one.items()} == {topic: list(SUBJECTS[topic]) for topic in TOPICS}
    assert (tmp_path / "a.jsonl.site-memory").exists()


def test_a_memory_grows_as_pages_stream_by_and_outlives_the_run(tmp_path: Path) -> None:
    memory = tmp_path / "sites"
    first = batch(lines(tmp_path / "one.jsonl", TOPICS[:5]), "-o", tmp_path / "a.jsonl", "--site-memory", memory, "-j", "1")
    assert "harbour club" in first[TOPICS[0]]
    assert "harbour club" not in first[TOPICS[4]]
    second = batch(lines(tmp_path / "two.jsonl", TOPICS[5:]), "-o", tmp_path / "b.jsonl", "--site-memory", memory, "-j", "2")
    assert not any("harbour club" in text for text in second.values())
    assert SiteMemory(memory).sites() == {"tidepost.example": len(TOPICS)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "--two-pass"], "--two-pass reads its inputs twice"),
        (["pages.jsonl", "--two-pass"], "--two-pass has no place for its counts"),
        (["pages.jsonl", "--site-memory", "pages.jsonl"], "cannot be used as a site memory"),
    ],
)
def test_what_batch_says_of_memories_it_cannot_use(tmp_path: Path, arguments: list[str], message: str) -> None:
    lines(tmp_path / "pages.jsonl", TOPICS * 4)
    command = [sys.executable, "-m", "cleaner", "batch", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert message in done.stderr


# ---------------------------------------------------------------- cleaner learn


def run(*arguments: str | Path, stdin: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cleaner", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, input=stdin, cwd=cwd)


def test_learn_writes_rules_that_clean_a_page_it_has_not_seen(tmp_path: Path) -> None:
    learned = tmp_path / "learned"
    done = run("learn", lines(tmp_path / "pages.jsonl", TOPICS[1:]), "-o", learned)
    assert done.returncode == 0, done.stderr
    assert "tidepost.example: 7 pages, body article on 7" in done.stderr
    written = (learned / "sites" / "tidepost.example.yaml").read_text()
    assert "on 7 of 7 pages" in written
    assert json.loads((learned / "profiles" / "tidepost.example.json").read_text())["pages"] == 7
    assert run("rules", "check", learned).returncode == 0
    article = Cleaner([learned], builtin=False).clean(page("ferry"), address("ferry"))
    assert article.method == "rules"
    assert article.text.split("\n\n") == list(SUBJECTS["ferry"])
    assert {piece.text: piece.why for piece in article.removed}[NOTICE] == "repeats, on 7 of 7 pages"
    again = run("learn", tmp_path / "pages.jsonl", "-o", learned)
    assert (again.returncode, "--force writes over it" in again.stderr) == (2, True)
    assert run("learn", tmp_path / "pages.jsonl", "-o", learned, "--force").returncode == 0
    assert (learned / "sites" / "tidepost.example.yaml").read_text() == written


def test_learn_says_of_what_it_could_not_learn(tmp_path: Path) -> None:
    few = run("learn", lines(tmp_path / "few.jsonl", TOPICS[:2]))
    assert (few.returncode, few.stdout) == (1, "")
    assert "tidepost.example: 2 pages, which is too few" in few.stderr
    (tmp_path / "page.txt").write_text("A line without an address.\n")
    assert "--site HOST says whose they are" in run("learn", tmp_path / "page.txt").stderr
    template = {"id": "x", "url": address("x"), "html": f"<p>{SUBJECTS['ferry'][0]}</p><p>{SUBJECTS['ferry'][1]}</p>"}
    same = "".join(
        json.dumps(
            {**template, "html": f"{template['html']}<p>{'Day ' * at} and {at} more of it for the {topic} and all of its friends.</p>"}
        )
        + "\n"
        for at, topic in enumerate(TOPICS)
    )
    assert "nearly all of their text repeats" in run("learn", "-", stdin=same).stderr
    broken = run("learn", "-", stdin="{not json}\n")
    assert (broken.returncode, "bad-json" in broken.stderr) == (1, True)


def test_learn_reads_plain_text_of_a_named_site(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    reader = Cleaner(builtin=False)
    for topic in TOPICS[1:]:
        (folder / f"{topic}.txt").write_text("\n".join(block.text for block in reader.read(page(topic)).blocks))
    done = run("learn", folder, "--site", "www.tidepost.example")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# sites/tidepost.example.yaml\n")
    assert "phrase: the harbour club has kept the tide tables of this coast" in done.stdout
    assert run("learn", folder, "--site", "no host").returncode == 2
