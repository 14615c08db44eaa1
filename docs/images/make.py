"""The screenshots of docs/inspect.md, in real Chromium: ``python docs/images/make.py``. Needs Chromium, chromedriver and selenium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

HERE = Path(__file__).parent
PAGE = "samples/themes/newspaper/repair-lane/page.html"
SIZE = "--window-size=1300,900"


def main() -> None:
    browser = _browser()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.html")
        command = [sys.executable, "-m", "cleaner", "inspect", PAGE, "--rules", folder]
        subprocess.run([*command, "-o", str(report)], check=True, cwd=HERE.parent.parent)
        with subprocess.Popen([*command, "--serve"], stderr=subprocess.PIPE, text=True, cwd=HERE.parent.parent) as server:
            assert server.stderr
            address = next(word for word in server.stderr.readline().split() if word.startswith("http"))
            for scheme in ("light", "dark"):
                browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
                browser.get(report.as_uri())
                browser.find_element(By.CSS_SELECTOR, "li.gone.theme").click()
                browser.save_screenshot(str(HERE / f"report-{scheme}.png"))
                browser.get(address)
                browser.find_elements(By.CSS_SELECTOR, "li.kept")[2].click()
                browser.find_element(By.CSS_SELECTOR, "#effect .goes")
                browser.save_screenshot(str(HERE / f"serve-{scheme}.png"))
            server.terminate()
    browser.quit()


def _browser() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", SIZE):
        options.add_argument(flag)
    browser = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver") or "chromedriver"))
    browser.implicitly_wait(20)
    return browser


if __name__ == "__main__":
    main()
