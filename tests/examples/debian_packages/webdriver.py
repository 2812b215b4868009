# SPDX-License-Identifier: BSD-3-Clause
"""Drives a headless Chromium over the WebDriver protocol (W3C), with the standard library alone."""

import base64
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 20  # seconds to wait for an expected event

CHROMIUM_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


class WebDriverError(Exception):
    pass


class Browser:
    """A browser with an empty profile. Use it in a `with` statement."""

    def __init__(self, width=1280, height=900):
        self._profile = tempfile.mkdtemp(prefix="gino-chromium-")
        self._driver = subprocess.Popen(
            ["/usr/bin/chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            self._root = f"http://127.0.0.1:{self._read_port()}"
            options = [*CHROMIUM_OPTIONS, f"--user-data-dir={self._profile}", f"--window-size={width},{height}"]
            chrome = {"binary": "/usr/bin/chromium", "args": options}
            answer = self._send("POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": chrome}}})
            self._root += f"/session/{answer['sessionId']}"
        except BaseException:
            self._stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._send("DELETE", "")
        finally:
            self._stop()

    def go(self, address):
        self._send("POST", "/url", {"url": address})

    def back(self):
        self._send("POST", "/back", {})

    def address(self):
        return self._send("GET", "/url")

    def find(self, css):
        """Waits for a visible element that matches the selector, and returns the first one."""
        return self.wait(lambda: next((e for e in self.find_all(css) if e.is_visible()), None), f"an element {css}")

    def find_all(self, css):
        found = self._send("POST", "/elements", {"using": "css selector", "value": css})
        return [Element(self, one[ELEMENT]) for one in found]

    def texts(self, css):
        return self.run("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)", css)

    def wait(self, condition, what):
        """Calls `condition` until it returns a true value, and returns that value."""
        deadline = time.monotonic() + PATIENCE
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"waited for {what}; the page shows:\n{self.texts('body')}")
            time.sleep(0.02)

    def run(self, script, *arguments):
        return self._send("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def resize(self, width, height):
        """Sets the size of the page, which unlike a window has no minimum width."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)

    def color_scheme(self, name):
        self.devtools("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def devtools(self, command, parameters):
        self._send("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screenshot(self, file):
        pathlib.Path(file).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(file).write_bytes(base64.b64decode(self._send("GET", "/screenshot")))

    def _read_port(self):
        for line in self._driver.stdout:
            match = re.search(r"started successfully on port (\d+)", line)
            if match:
                return int(match[1])
        raise WebDriverError("chromedriver did not start")

    def _send(self, method, path, body=None):
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._root + path, content, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as failure:
            raise WebDriverError(json.load(failure)["value"]["message"]) from None

    def _stop(self):
        self._driver.terminate()
        self._driver.wait()
        self._driver.stdout.close()
        shutil.rmtree(self._profile, ignore_errors=True)


class Element:
    def __init__(self, browser, identity):
        self._browser = browser
        self._path = f"/element/{identity}"

    def click(self):
        self._browser._send("POST", f"{self._path}/click", {})

    def type(self, text):
        self._browser._send("POST", f"{self._path}/value", {"text": text})

    def clear(self):
        self._browser._send("POST", f"{self._path}/clear", {})

    def text(self):
        return self._browser._send("GET", f"{self._path}/text")

    def property(self, name):
        return self._browser._send("GET", f"{self._path}/property/{name}")

    def is_visible(self):
        try:
            return self._browser._send("GET", f"{self._path}/displayed")
        except WebDriverError:
            return False  # the page has removed the element
