"""``cleaner inspect --serve``: what it answers, to whom, and, in a real browser, from the click to the saved rule."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from cleaner import Article, Cleaner
from cleaner.cli.program import program
from cleaner.inspect.server import Server
from cleaner.inspect.session import Session
from cleaner.model import Page

PROSE = "The harbour of the town was closed for three days while divers looked for the cable that the storm had torn. "
NOTICE = "The cable club of the islands has met on the first Sunday of the month since 1931."
PAGE = f"""<html lang="en"><head><title>Cable found</title><link rel="canonical" href="https://www.harbour.example/cable"></head><body>
<article class="story"><h1>Cable found</h1><p>{PROSE * 3}</p><div class="reader-appeal"><p>{NOTICE}</p></div><p>{PROSE * 2}</p></article>
<div class="sidebar"><p>{PROSE}</p></div></body></html>"""
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def session(folder: Path) -> Session:
    def read(cleaner: Cleaner) -> tuple[Page, Article]:
        return cleaner.read(PAGE), cleaner.clean(PAGE)

    return Session(lambda *more: Cleaner(more), read, folder)


@pytest.fixture
def server(session: Session) -> Iterator[Server]:
    server = Server(session, "cable.html")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def pitch(session: Session) -> int:
    return next(at for at, block in enumerate(session.article.blocks) if block.text == NOTICE)


def ask(server: Server, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    data = None if body is None else json.dumps(body)
    sent = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, data, {**sent, **{name.replace("_", "-"): value for name, value in headers.items()}})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


# ---------------------------------------------------------------- what can be chosen


def test_several_selectors_and_the_wording_are_offered_with_their_reach(session: Session) -> None:
    choices = session.choices(pitch(session))
    by_css = {one.value: one for one in choices if one.key == "css"}
    assert len(by_css) > 1
    assert (by_css[".reader-appeal"].blocks, by_css[".reader-appeal"].kept) == (1, 1)
    assert not any("sidebar" in css or css == ".story" for css in by_css), "neither elsewhere nor the whole article"
    assert [one.value for one in choices if one.key == "phrase"] == [NOTICE]
    assert session.files() == ["sites/harbour.example", "generic"]


def test_the_effect_is_told_for_the_page_and_the_samples_and_nothing_is_written(session: Session, folder: Path) -> None:
    effect = session.effect("sites/harbour.example", "drop", {"id": "appeal", "css": ".reader-appeal", "why": "w"})
    assert (effect.page.gone, effect.page.come, effect.samples) == ([NOTICE], [], 0)
    everywhere = session.effect("generic", "drop", {"id": "quotes", "css": "blockquote", "why": "w"})
    assert everywhere.samples > 100
    assert any(one.gone and one.faults > 0 for one in everywhere.changed)
    assert not folder.exists()


def test_a_saved_rule_is_in_force_at_once_and_can_be_overruled_by_the_next(session: Session, folder: Path) -> None:
    path = session.save("sites/harbour.example", "drop", {"id": "appeal", "css": ".reader-appeal", "why": "w"})
    assert path == folder / "sites/harbour.example.yaml"
    assert session.article.blocks[pitch(session)].rule == "sites/harbour.example#appeal"
    session.save("sites/harbour.example", "keep", {"id": "appeal-kept", "phrase": NOTICE, "why": "w"})
    assert session.article.blocks[pitch(session)].verdict == "KEEP"


def test_a_saved_rule_never_takes_the_place_of_a_built_in_one(session: Session, folder: Path) -> None:
    taken = Cleaner().ruleset.files[0].document.drop[0].id
    session.save("generic", "drop", {"id": taken, "css": ".reader-appeal", "why": "w"})
    assert session.article.blocks[pitch(session)].rule == f"generic#{taken}-2"


def test_text_pages_are_served_too(folder: Path) -> None:
    text = f"{PROSE}\n\n{NOTICE}\n\n{PROSE}"

    def read(cleaner: Cleaner) -> tuple[Page, Article]:
        return cleaner.read(text), cleaner.clean(text)

    session = Session(lambda *more: Cleaner(more), read, folder)
    assert {one.key for one in session.choices(pitch(session))} == {"phrase", "starts"}
    session.save("generic", "drop", {"id": "appeal", "phrase": NOTICE, "why": "w"})
    assert session.article.blocks[pitch(session)].rule == "generic#appeal"


# ---------------------------------------------------------------- who is answered


def test_only_who_knows_the_token_and_names_this_machine_is_answered(server: Server) -> None:
    home = urlsplit(server.address).path
    assert server.server_address[0] == "127.0.0.1"
    assert len(server.token) >= 20
    status, page = ask(server, "GET", home)
    assert (status, b"data-block" in page, b"inspect.js" in page) == (200, True, True)
    assert ask(server, "GET", f"{home}inspect.js")[0] == 200
    assert ask(server, "GET", home, Host=f"localhost:{server.server_port}")[0] == 200
    for path in ("/", "/wrong/", f"{home}../report.css", f"{home}report.css", f"{home}?x", home.rstrip("/")[:-1] + "/"):
        assert ask(server, "GET", path) == (404, b"not found\n"), path
    assert ask(server, "GET", home, Host="attacker.example") == (404, b"not found\n")
    assert ask(server, "POST", "/choices", {"block": 0})[0] == 404


def test_requests_that_are_none_are_refused_and_change_nothing(server: Server, folder: Path) -> None:
    home = urlsplit(server.address).path
    good = {"file": "sites/harbour.example", "action": "drop", "rule": {"id": "a", "css": ".reader-appeal", "why": "w"}}
    wrong: list[tuple[str, Any, dict[str, str]]] = [
        ("choices", {"block": 10_000}, {}),
        ("choices", {"block": "x"}, {}),
        ("save", {**good, "action": "destroy"}, {}),
        ("save", {**good, "file": "../../etc/x"}, {}),
        ("save", {**good, "rule": {"id": "a", "css": "p >", "why": "w"}}, {}),
        ("save", {**good, "rule": {"id": "a", "css": "x" * 200_000, "why": "w"}}, {}),
        ("save", good, {"Content_Type": "text/plain"}),
    ]
    for place, body, headers in wrong:
        status, answer = ask(server, "POST", home + place, body, **headers)
        assert (status, list(json.loads(answer))) == (400, ["error"]), (place, body)
    assert not folder.exists()
    assert ask(server, "POST", home + "save", good)[0] == 200
    assert (folder / "sites/harbour.example.yaml").is_file()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["-o", "x.html"], "leave out -o"),
        (["--no-user-rules"], "--rules DIR"),
        (["--rules", "PAGE"], "in a folder"),
        (["--port", "99999"], "--port"),
    ],
)
def test_wrong_usage_is_said(args: list[str], said: str, tmp_path: Path) -> None:
    page = tmp_path / "page.yaml"
    page.write_text("drop: []\n", encoding="utf-8")
    done = CliRunner().invoke(program, ["inspect", "--serve", str(page), *(one.replace("PAGE", str(page)) for one in args)])
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_the_command_says_where_it_is_and_ends_quietly(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "rules").mkdir()
    command = [sys.executable, "-m", "cleaner", "inspect", "--serve", str(tmp_path / "page.html"), "--rules", str(tmp_path / "rules")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = process.stderr.readline()
        assert "http://127.0.0.1:" in said
        assert f"rules go to {tmp_path / 'rules'}" in said
        process.send_signal(signal.SIGINT)
        assert (process.wait(10), process.stderr.read()) == (0, "")


# ---------------------------------------------------------------- in a real browser


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver")
    driver = shutil.which("chromedriver")
    if not CHROMIUM or not driver:
        pytest.skip("needs Chromium and chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--user-data-dir={tmp_path / 'browser'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
    browser.implicitly_wait(20)
    yield browser
    browser.quit()


@pytest.mark.integration
def test_a_click_proposes_a_rule_shows_its_effect_and_saves_it(browser: Any, server: Server, folder: Path) -> None:
    browser.get(server.address)
    find = browser.find_element
    find("xpath", f"//li[contains(., '{NOTICE}')]").click()
    assert find("css selector", "#effect .goes").text == NOTICE
    assert len(browser.find_elements("css selector", "#choices input")) > 2
    assert "1 block, 1 kept now" in find("id", "choices").text
    assert not folder.exists()
    find("name", "save").click()
    status = find("css selector", "[role=status]").text
    assert "sites/harbour.example.yaml" in status
    assert "reader-appeal" in (folder / "sites/harbour.example.yaml").read_text("utf-8")
    gone = find("css selector", "li.gone.site")
    assert NOTICE in gone.get_attribute("textContent")
    assert NOTICE not in find("tag name", "article").text
    assert [one for one in browser.get_log("browser") if one["level"] == "SEVERE" and "favicon" not in one["message"]] == []


@pytest.mark.integration
def test_the_keyboard_is_enough_and_the_wording_may_be_taken_instead(browser: Any, server: Server, folder: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.get(server.address)
    item = browser.find_element("xpath", f"//li[contains(., '{NOTICE}')]")
    for _ in range(60):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        if browser.switch_to.active_element == item:
            break
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    browser.find_element("css selector", "#effect .goes")
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert browser.switch_to.active_element == item
    assert not browser.find_element("id", "rule").is_displayed()
    item.send_keys(Keys.SPACE)
    wording = browser.find_element("xpath", "//label[contains(., 'phrase: ')]/input")
    for _ in range(20):
        if browser.switch_to.active_element == wording:
            break
        browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    browser.find_element("css selector", "#effect .goes")
    save = browser.find_element("css selector", "[name=save]:enabled")
    save.send_keys(Keys.ENTER)
    browser.find_element("css selector", "[role=status]")
    assert f"phrase: '{NOTICE}'" in (folder / "sites/harbour.example.yaml").read_text("utf-8")
