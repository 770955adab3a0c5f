"""Runs each query of the Grafana dashboard and each alert against a real Prometheus that scrapes a
real Ballast under load, on loopback, and fails where one has no data.

    tests/monitoring/main.py --binary build/ballast [--prometheus FOLDER] [--seconds 30]

Needs Debian's package `prometheus` (scripts/install-deps.sh --monitoring) and Python's standard
library. What API servers count of themselves stands in for them, from a page of this program's.
"""
import argparse
import http.client
import http.server
import json
import math
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(__file__))
from fake_api import FakeApi  # noqa: E402
import rules  # noqa: E402

# What the load makes true, so that these alerts hold.
HOLD = {"BallastReplicaDown", "BallastCallsFail", "BallastRewritesSkipped", "BallastSheds",
        "BallastReloadFailed", "BallastPolicyInvalid", "BallastExceptionEnds"}
NAMES = {"job": "spark-guard-metrics", "namespace": "ballast"}  # as the rendered alerts say
POLICY = """apiVersion: policy.ballast.dev/v1alpha1
kind: SparkResourcePolicy
metadata: {name: of-a-file}
spec: {rules: {kryo-buffer: Enforce}}
"""


class ApiServerMetrics(http.server.ThreadingHTTPServer):
    """Counters that the API servers keep of their calls; they grow with each look."""
    daemon_threads = True

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.looks += 1
            count = self.server.looks
            lines = []
            for webhook in ("mutate", "validate", "policies"):
                name = f'name="{webhook}.ballast.dev"'
                lines += [
                    f'apiserver_admission_webhook_rejection_count{{{name},type="validating",'
                    f'operation="CREATE",error_type="calling_webhook_error"}} {count}',
                    f"apiserver_admission_webhook_fail_open_count{{{name},"
                    f'type="admit"}} {count}']
                for limit in ("0.005", "0.5", "+Inf"):
                    lines.append("apiserver_admission_webhook_admission_duration_seconds_bucket"
                                 f'{{{name},le="{limit}"}} {count * 10}')
            body = "\n".join(lines).encode() + b"\n"
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    def __init__(self):
        self.looks = 0
        super().__init__(("127.0.0.1", 0), self.Page)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Ballast:
    def __init__(self, binary, folder, api):
        self.folder = folder
        self.write_policy(POLICY)
        kubeconfig = os.path.join(folder, "kubeconfig")
        with open(kubeconfig, "w") as file:
            json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "here",
                       "clusters": [{"name": "c", "cluster": {"server": api.url}}],
                       "users": [{"name": "u", "user": {}}],
                       "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}]},
                      file)
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
             "--kubeconfig", kubeconfig, "--leader-election", "on", "--lease", "ballast/ballast",
             "--policy", os.path.join(folder, "policy.yaml"), "--reports",
             "--reports-interval", "10s", "--state-dir", os.path.join(folder, "state")],
            stderr=subprocess.PIPE, text=True)
        self.metrics_port = self.port = None
        for line in self.process.stderr:
            port = re.search(r'"port":(\d+)', line)
            if '"listening"' in line:
                self.port = int(port.group(1))
            elif '"listening for metrics"' in line:
                self.metrics_port = int(port.group(1))
                break
        if self.metrics_port is None:
            raise SystemExit("monitoring: ballast did not start")
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        self.context = ssl.create_default_context(
            cafile=os.path.join(folder, "state", "ca.crt"))

    def write_policy(self, text):
        path = os.path.join(self.folder, "policy.yaml")
        with open(path + ".new", "w") as file:
            file.write(text)
        os.replace(path + ".new", path)

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def review(number, operation="CREATE", heap="4g", dry_run=False, cores=2,
           version="v1beta2"):
    document = {"apiVersion": f"sparkoperator.k8s.io/{version}", "kind": "SparkApplication",
                "metadata": {"name": f"job-{number}", "namespace": f"team-{number % 3}"},
                "spec": {"type": "Scala", "sparkVersion": "3.5.6",
                         "sparkConf": {"spark.kryoserializer.buffer.max": "2048m"}
                         if number % 5 == 0 else {},
                         "driver": {"cores": 1, "memory": "2g"},
                         "executor": {"cores": cores, "memory": heap, "instances": 4}}}
    old = json.loads(json.dumps(document))
    old["spec"]["executor"]["instances"] = 2
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": str(number), "operation": operation, "dryRun": dry_run,
        "kind": {"group": "sparkoperator.k8s.io", "version": version, "kind": "SparkApplication"},
        "name": document["metadata"]["name"], "namespace": document["metadata"]["namespace"],
        "userInfo": {"username": "load"}, "object": document,
        "oldObject": old if operation == "UPDATE" else None}}


class Load:
    """Everything that is counted, at some thirty calls a second, until it is stopped."""

    def __init__(self, ballast):
        self.ballast = ballast
        self.calls = 0
        self.failures = []
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def post(self, path, body):
        connection = http.client.HTTPSConnection("localhost", self.ballast.port,
                                                 context=self.ballast.context, timeout=20)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            self.calls += 1
            return answer.status
        finally:
            connection.close()

    def step(self, number):
        kinds = (("/mutate", review(number)), ("/mutate", review(number, heap="100g", cores=8)),
                 ("/mutate", review(number, heap="900g", cores=1)),
                 ("/mutate", review(number, dry_run=True)),
                 ("/mutate", review(number, operation="UPDATE")),
                 ("/mutate", review(number, version="v1beta3")),
                 ("/validate", review(number)))
        for path, document in kinds:
            status = self.post(path + "?timeout=10s", json.dumps(document))
            if status != 200:
                self.failures.append(status)
        self.post("/mutate", "no review")
        self.post("/mutate?timeout=1ns", json.dumps(review(number)))  # too late already: 503
        with socket.create_connection(("127.0.0.1", self.ballast.port), 10) as plain:
            plain.sendall(b"\x16\x03\x01no handshake")
        # Once each: an alert has to see the first failure.
        if number == 8:
            self.ballast.write_policy("kind: nonsense\n")
        elif number == 20:
            self.ballast.write_policy(POLICY + "# again\n")

    def run(self):
        number = 0
        while not self.ending.wait(0.25):
            number += 1
            try:
                self.step(number)
            except OSError as error:
                self.failures.append(str(error))

    def stop(self):
        self.ending.set()
        self.thread.join(30)


class Prometheus:
    def __init__(self, folder, binaries, targets):
        self.folder = folder
        self.rules = os.path.join(folder, "rules.yaml")
        with open(self.rules, "w") as file:
            file.write(rules.rule_file())
        jobs = [{"job_name": name, "static_configs": [{"targets": [target], "labels": labels}]}
                for name, target, labels in targets]
        with open(os.path.join(folder, "prometheus.yml"), "w") as file:
            json.dump({"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                       "rule_files": [self.rules], "scrape_configs": jobs}, file)
        self.promtool = os.path.join(binaries, "promtool")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = open(os.path.join(folder, "prometheus.log"), "w")
        self.process = subprocess.Popen(
            [os.path.join(binaries, "prometheus"), f"--web.listen-address=127.0.0.1:{self.port}",
             f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"],
            stdout=self.log, stderr=subprocess.STDOUT)

    def check_rules(self):
        return subprocess.run([self.promtool, "check", "rules", self.rules],
                              capture_output=True, text=True)

    def get(self, path, **parameters):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path + "?" + urllib.parse.urlencode(parameters))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def query(self, expression):
        """(value, labels) of each series; an AssertionError where it is no query."""
        answer = self.get("/api/v1/query", query=expression)
        assert answer["status"] == "success", answer.get("error")
        result = answer["data"]["result"]
        return [(float(series["value"][1]), series["metric"]) for series in result]

    def label_values(self, metric, label):
        answer = self.get(f"/api/v1/label/{label}/values", **{"match[]": metric})
        return answer["data"]

    def wait(self, what, expression, seconds=60):
        end = time.monotonic() + seconds
        while True:
            try:
                if self.query(expression):
                    return
            except (OSError, http.client.HTTPException, ValueError):
                pass
            if time.monotonic() > end:
                raise SystemExit("monitoring: not in time: " + what)
            time.sleep(0.2)

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def told(series):
    numbers = [f"{value:.6g}" for value, _ in series[:3]]
    return f"{len(series)} series: " + ", ".join(numbers) + (", ..." if len(series) > 3 else "")


class Report:
    def __init__(self):
        self.failed = 0
        self.queries = 0

    def tell(self, name, expression, series, why=""):
        self.queries += 1
        good = any(not math.isnan(value) for value, _ in series) and not why
        self.failed += 0 if good else 1
        print(f"{'ok   ' if good else 'FAIL '} {name}: {why or told(series) or 'no data'}")
        if not good:
            print("      " + expression)

    def ask(self, prometheus, name, expression):
        try:
            self.tell(name, expression, prometheus.query(expression))
        except AssertionError as error:
            self.tell(name, expression, [], str(error))


def alerts(prometheus):
    groups = prometheus.get("/api/v1/rules")["data"]["groups"]
    return [rule for group in groups for rule in group["rules"]]


def run(options, folder):
    report = Report()
    api = FakeApi()
    api_metrics = ApiServerMetrics()
    ballast = Ballast(os.path.abspath(options.binary), folder, api)
    prometheus = Prometheus(folder, options.prometheus, [
        ("ballast-metrics", f"127.0.0.1:{ballast.metrics_port}", dict(NAMES, pod="ballast-0")),
        ("apiserver", f"127.0.0.1:{api_metrics.server_address[1]}", {})])
    try:
        checked = prometheus.check_rules()
        print("promtool check rules: " + " ".join(checked.stdout.split()))
        if checked.returncode != 0:
            print(checked.stderr)
            report.failed += 1
        prometheus.wait("a first scrape", "ballast_build_info")
        load = Load(ballast)
        prometheus.wait("a Report", 'ballast_report_writes_total{result="success"} > 0', 120)
        time.sleep(options.seconds)
        for title, query in rules.panels(prometheus.label_values):
            report.ask(prometheus, title, query)
            # Of Ballast alone, and not of whatever else this Prometheus watches.
            if title in ("Replicas that answer", "Memory"):
                series = prometheus.query(query)
                if len(series) != 1 or title[0] == "R" and series[0][0] != 1:
                    report.tell(title, query, series, "counts others: " + told(series))
        known = alerts(prometheus)
        for rule in known:
            name = "alert " + rule["name"]
            if rule["health"] != "ok":
                report.tell(name, rule["query"], [], rule.get("lastError", rule["health"]))
            elif rule["name"] != "BallastDown":
                report.ask(prometheus, name, rules.counted(rule["query"]))
                firing = prometheus.query(rule["query"])
                print(f"      holds now for {len(firing)} series")
                if not firing and rule["name"] in HOLD:
                    report.tell(name, rule["query"], [], "does not hold although it should")
        load.stop()
        assert load.calls > 0 and not load.failures, load.failures[:5]
        # What nobody answers is told by what is not there.
        down = next(rule for rule in known if rule["name"] == "BallastDown")
        if prometheus.query(down["query"]):
            report.tell("alert BallastDown while it answers", down["query"], [], "holds")
        ballast.close()
        prometheus.wait("BallastDown after its end", down["query"])
        report.ask(prometheus, "alert BallastDown after its end", down["query"])
        print(f"{report.queries} queries, {len(known)} alerts, {load.calls} calls to Ballast; "
              f"{report.failed} failed")
    finally:
        prometheus.close()
        ballast.close()
        api.close()
        api_metrics.shutdown()
    return 1 if report.failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default="build/ballast")
    parser.add_argument("--prometheus", help="the folder of prometheus and promtool")
    parser.add_argument("--seconds", type=float, default=20, help="of load before it is looked at")
    options = parser.parse_args()
    if options.prometheus is None:
        found = shutil.which("prometheus")
        if found is None:
            raise SystemExit("monitoring: no prometheus: run scripts/install-deps.sh --monitoring")
        options.prometheus = os.path.dirname(found)
    folder = tempfile.mkdtemp(prefix="ballast-monitoring-")
    try:
        return run(options, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
