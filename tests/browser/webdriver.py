"""Drives Debian's Chromium through its chromedriver: the W3C protocol over loopback, as much of it
as the tests need. Everything of a run lies in one new folder, and ends with the object."""
import base64
import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Space": "\ue00d"}


class Browser:
    def __init__(self, host_rules=""):
        self.folder = tempfile.mkdtemp(prefix="ballast-browser-")
        driver = shutil.which("chromedriver")
        if driver is None:
            raise SystemExit("browser: no chromedriver: run scripts/install-deps.sh --browser")
        self.process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True,
                                        env=dict(os.environ, HOME=self.folder))
        self.session = None
        self.port = self._port()
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 "--disable-dev-shm-usage", "--user-data-dir=" + os.path.join(self.folder, "data")]
        if host_rules:
            flags.append("--host-resolver-rules=" + host_rules)
        options = {"args": flags, "binary": shutil.which("chromium") or "chromium"}
        answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = answer["sessionId"]

    def _port(self):
        for line in self.process.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found.group(1))
        raise SystemExit("browser: chromedriver did not start")

    def _call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, None if body is None else json.dumps(body),
                           {"Content-Type": "application/json"})
        value = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(value, dict) and "error" in value:
            raise AssertionError(value["error"] + ": " + value["message"].splitlines()[0])
        return value

    def call(self, method, path, body=None):
        return self._call(method, f"/session/{self.session}{path}", body)

    def cdp(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        return self.call("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        # At once, since the driver does not wait for a page that scrolls smoothly.
        self.run("document.querySelector(arguments[0])"
                 ".scrollIntoView({block: 'center', behavior: 'instant'})", selector)
        self.call("POST", f"/element/{self.find(selector)}/click", {})

    def text(self, selector):
        return self.call("GET", f"/element/{self.find(selector)}/text")

    def press(self, *keys):
        """Keys as a person presses them, at whatever has the focus."""
        steps = []
        for key in keys:
            value = KEYS["Enter"] if key == "\n" else KEYS.get(key, key)
            steps += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": steps}]})

    def focused(self):
        return self.run("const e = document.activeElement;"
                        "return e.id || e.textContent.trim().slice(0, 40) || e.tagName")

    def media(self, **features):
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def size(self, width, height, mobile=False):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=mobile)

    def screenshot(self, path):
        picture = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def complaints(self):
        """What the console says since it was asked last: a blocked script or style is told there."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})]

    def wait(self, what, holds, seconds=20):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError("not in time: " + what)
            time.sleep(0.05)

    def close(self):
        try:
            if self.session is not None:
                self.call("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait(20)
            shutil.rmtree(self.folder, ignore_errors=True)
