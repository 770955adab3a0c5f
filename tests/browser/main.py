"""The page in a real browser: what it shows, to whom, by which means, and what it lets nobody do.

    tests/browser/main.py --binary build/ballast [--screenshots DIR]

Needs Chromium and its driver (scripts/install-deps.sh --browser) and Python's standard library.
"""
import argparse
import http.server
import os
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
from ballast import Ballast, application  # noqa: E402
from webdriver import Browser  # noqa: E402

HOSTILE = "\"><script>window.pwned = 1</script><img src=x onerror=\"window.pwned = 2\">"
MANIFEST = """apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: pasted, namespace: team-b}
spec:
  sparkVersion: 3.5.6
  driver: {memory: 2g}
  executor: {memory: 100g, cores: 8, instances: 4}
"""

# Of each text that is seen, its contrast against the first ground behind it that is not clear.
CONTRAST = """
const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((c) => {
    c /= 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const worst = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walk.nextNode(); node; node = walk.nextNode()) {
  const element = node.parentElement;
  if (!node.textContent.trim() || element.closest("script, style")) continue;
  if (!element.checkVisibility()) continue;
  let ground = element;
  let colour = [0, 0, 0, 0];
  while (ground) {
    colour = channels(getComputedStyle(ground).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) break;
    ground = ground.parentElement;
  }
  const a = light(channels(getComputedStyle(element).color));
  const b = light(colour);
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  worst.push([ratio, node.textContent.trim().slice(0, 40)]);
}
worst.sort((x, y) => x[0] - y[0]);
return [worst.length, worst[0]];
"""


class Tests:
    def __init__(self, ballast, browser, screenshots):
        self.ballast = ballast
        self.browser = browser
        self.screenshots = screenshots

    def picture(self, name):
        if self.screenshots:
            self.browser.screenshot(os.path.join(self.screenshots, name + ".png"))

    def fresh(self):
        self.browser.size(1200, 900)
        self.browser.media(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
        self.browser.open(self.ballast.page)
        self.browser.complaints()

    def test_it_shows_decisions_with_before_after_and_reason(self):
        text = self.browser.text("#decisions")
        for part in ("team-a/etl", "team-a/oversized", "Rewritten", "became", "executor-fits-node",
                     "team-b/too-much", "dry run"):
            assert part in text, part + "\n" + text
        assert "asked for" in self.browser.text("#cluster")
        assert "executor-fits-node" in self.browser.text("#rules")
        assert "organisation" in self.browser.text("#policies")
        assert "Its certificate ends in" in self.browser.text("header")

    def test_names_of_others_stay_text(self):
        assert self.browser.run("return window.pwned") is None
        assert self.browser.run("return document.scripts.length") == 1
        assert self.browser.run("return document.images.length") == 0
        assert HOSTILE in self.browser.text("#decisions")
        assert self.browser.complaints() == []

    def test_a_screen_reader_finds_its_way(self):
        tree = self.browser.cdp("Accessibility.getFullAXTree")["nodes"]
        seen = [(node.get("role", {}).get("value"), node.get("name", {}).get("value", ""))
                for node in tree if not node.get("ignored")]
        roles = [role for role, _ in seen]
        for role in ("banner", "navigation", "main", "contentinfo"):
            assert roles.count(role) == 1, (role, roles.count(role))
        names = [name for role, name in seen if role == "region"]
        assert {"Cluster", "Decisions", "Rules", "Policies"} <= set(names), names
        for role, name in seen:
            if role in ("table", "image", "button", "textbox", "checkbox", "link"):
                assert name, "without a name: " + role
        bars = [name for role, name in seen if role == "image"]
        assert len(bars) == 2 and all("asked for" in name for name in bars), bars
        assert "columnheader" in roles and "rowheader" in roles
        assert self.browser.run("return document.querySelectorAll('h1').length") == 1
        assert self.browser.run("return document.documentElement.lang") == "en"

    def test_it_is_used_by_keyboard_alone(self):
        self.browser.press("Tab")
        assert self.browser.focused() == "Skip to the content", self.browser.focused()
        assert self.browser.run(
            "return document.activeElement.getBoundingClientRect().left >= 0")
        self.browser.press("Enter")
        assert self.browser.focused() == "main", self.browser.focused()
        for _ in range(40):
            self.browser.press("Tab")
            if self.browser.focused() == "manifest":
                break
        assert self.browser.focused() == "manifest"
        self.browser.press(*MANIFEST)
        self.browser.press("Tab", "Enter")
        self.browser.wait("the explanation",
                          lambda: "SparkApplication team-b/pasted" in self.browser.text("#explain-part"))
        assert self.browser.focused() == "explained", self.browser.focused()
        explained = self.browser.text("#explain-part")
        assert "executor-fits-node" in explained and "heap" in explained, explained
        assert self.browser.run("return location.pathname") == "/"
        assert self.browser.complaints() == []
        self.picture("explained")

    def test_a_mistake_in_a_manifest_is_told_with_its_place(self):
        self.browser.run("document.getElementById('manifest').value = 'a: [<b>'")
        self.browser.click("#explain-form button")
        self.browser.wait("the mistake",
                          lambda: "the manifest:1:" in self.browser.text("#explain-part"))
        assert self.browser.run("return document.querySelector('#explain-part b')") is None

    def test_it_keeps_itself_up_to_date(self):
        assert self.browser.run("return document.getElementById('live').checked") is True
        self.ballast.submit(application("came-later", "4g"))
        self.browser.click("#live")
        assert "came-later" not in self.browser.text("#decisions")
        self.browser.click("#live")
        self.browser.wait("the new decision",
                          lambda: "came-later" in self.browser.text("#decisions"))
        assert self.browser.complaints() == []

    def test_whoever_wants_no_motion_has_none(self):
        self.browser.media(prefers_reduced_motion="reduce")
        self.browser.open(self.ballast.page)
        assert self.browser.run("return document.getElementById('live').checked") is False
        assert self.browser.run(
            "return getComputedStyle(document.documentElement).scrollBehavior") == "auto"

    def test_it_works_without_a_script(self):
        self.browser.cdp("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.browser.open(self.ballast.page)
            self.browser.click("#manifest")
            self.browser.press(*MANIFEST)
            self.browser.click("#explain-form button")
            self.browser.wait("the explanation", lambda: "team-b/pasted" in
                              self.browser.text("#explain-part"))
            # The form has kept what was typed.
            value = self.browser.call(
                "GET", f"/element/{self.browser.find('#manifest')}/property/value")
            assert value == MANIFEST, value
        finally:
            self.browser.cdp("Emulation.setScriptExecutionDisabled", value=False)

    def test_text_stands_out_from_its_ground(self):
        for scheme in ("light", "dark"):
            self.browser.media(prefers_color_scheme=scheme)
            self.browser.run("document.getElementById('manifest').value = 'a: ['")
            self.browser.click("#explain-form button")
            self.browser.wait("the mistake", lambda: "the manifest" in
                              self.browser.text("#explain-part"))
            count, (ratio, text) = self.browser.run(CONTRAST)
            assert count > 50 and ratio >= 4.5, (scheme, count, ratio, text)
            print(f"    {scheme}: {count} texts, the least contrast is {ratio:.2f} ({text})")
            self.browser.open(self.ballast.page)
            self.picture(scheme)

    def test_it_fits_a_phone(self):
        for scheme in ("light", "dark"):
            self.browser.media(prefers_color_scheme=scheme)
            self.browser.size(360, 740, mobile=True)
            self.browser.open(self.ballast.page)
            wide, there = self.browser.run(
                "return [document.documentElement.scrollWidth, window.innerWidth]")
            assert wide <= there == 360, (wide, there)
            low = self.browser.run(
                "return Math.min(...[...document.querySelectorAll('button')]"
                ".map((b) => b.getBoundingClientRect().height))")
            assert low >= 44, low
            self.picture("phone-" + scheme)

    def test_another_site_can_neither_read_nor_send(self):
        class Elsewhere(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = b"<!DOCTYPE html><title>elsewhere</title>"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            for host in ("localhost", "elsewhere.example"):
                self.browser.open(f"http://{host}:{server.server_address[1]}/")
                told = self.browser.run_async("""
                    const [page, done] = arguments;
                    const ask = (options) => fetch(page + "/explain", options)
                        .then((answer) => "read " + answer.status, () => "refused");
                    Promise.all([ask({}), ask({method: "POST", body: "manifest=a"}),
                        ask({method: "POST", mode: "no-cors", body: new URLSearchParams("manifest=a")})])
                        .then(done);""", self.ballast.page)
                # What no-cors is answered is hidden from whoever sends it.
                assert told[0] == "refused" and told[1] == "refused", (host, told)
                assert told[2] in ("refused", "read 0"), (host, told)
                self.browser.run_async("""
                    const [page, done] = arguments;
                    const frame = document.createElement("iframe");
                    frame.onload = () => done(true);
                    frame.src = page;
                    document.body.append(frame);""", self.ballast.page)
                self.browser.call("POST", "/frame", {"id": 0})
                framed = self.browser.run("return document.URL")
                self.browser.call("POST", "/frame", {"id": None})
                assert framed.startswith("chrome-error:"), framed
        finally:
            server.shutdown()
        self.browser.complaints()

    def test_a_name_that_is_made_to_mean_loopback_gets_nothing(self):
        self.browser.open(f"http://rebound.example:{self.ballast.page_port}/")
        text = self.browser.text("body")
        assert "this page is for localhost alone" in text, text
        assert "team-a" not in text
        self.browser.complaints()


def prepare(ballast):
    ballast.submit(application("etl", "8g", cores=2, instances=10))
    ballast.submit(application("oversized", "100g", cores=8, instances=4))
    ballast.submit(application("too-much", "900g", cores=1, namespace="team-b"))
    ballast.submit(application("tried", "4g", namespace="team-b"), dry_run=True)
    ballast.submit(application(HOSTILE, "4g"))
    kryo = application("kryo", "12g", cores=2, instances=6, namespace="analytics")
    kryo["spec"]["sparkConf"] = {"spark.kryoserializer.buffer.max": "2048m"}
    ballast.submit(kryo)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default="build/ballast")
    parser.add_argument("--screenshots", help="a folder for pictures of the page")
    parser.add_argument("--only", default="", help="tests whose name holds this")
    options = parser.parse_args()
    if options.screenshots:
        os.makedirs(options.screenshots, exist_ok=True)
    ballast = Ballast(os.path.abspath(options.binary))
    browser = None
    failed = 0
    try:
        prepare(ballast)
        browser = Browser("MAP *.example 127.0.0.1")
        tests = Tests(ballast, browser, options.screenshots)
        names = [name for name in dir(tests) if name.startswith("test_") and options.only in name]
        if not names:
            raise SystemExit("browser: no test is called like that")
        for name in names:
            start = time.monotonic()
            try:
                tests.fresh()
                getattr(tests, name)()
                print(f"ok    {name} ({time.monotonic() - start:.1f} s)", flush=True)
            except AssertionError as error:
                failed += 1
                print(f"FAIL  {name}: {error}", flush=True)
        print(f"{len(names)} tests in Chromium, {failed} failed")
    finally:
        if browser is not None:
            browser.close()
        ballast.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
