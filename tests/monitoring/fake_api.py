"""As much of an API server as a Ballast that leads asks for: lists, watches that stay open, and
writes that are taken. Plain HTTP on loopback."""
import http.server
import json
import threading
import time
import urllib.parse

NOW = time.time()


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW + seconds))


def node(name):
    return {"metadata": {"name": name, "uid": name}, "spec": {}, "status": {
        "allocatable": {"cpu": "16", "memory": "64Gi", "pods": "110"},
        "conditions": [{"type": "Ready", "status": "True"}]}}


def policy(name, spec):
    return {"apiVersion": "policy.ballast.dev/v1alpha1", "kind": "SparkResourcePolicy",
            "metadata": {"name": name, "uid": name, "generation": 1}, "spec": spec}


def application(name, annotations=None):
    return {"metadata": {"name": name, "namespace": "team-a", "uid": "uid-" + name,
                         "generation": 1, "creationTimestamp": moment(-5),
                         "annotations": annotations or {}},
            "spec": {"type": "Scala", "sparkVersion": "3.5.6",
                     "driver": {"cores": 1, "memory": "2g"},
                     "executor": {"cores": 4, "memory": "100g", "instances": 4}}}


POLICY_API = "/apis/policy.ballast.dev/v1alpha1/"
DECISION = json.dumps({"verdict": "Rewritten", "rules": "executor-fits-node",
                       "policy": "organisation@1", "before": "a", "after": "b"})
COLLECTIONS = {
    "/api/v1/nodes": [node(f"node-{i}") for i in range(20)],
    "/api/v1/namespaces": [{"metadata": {"name": "team-a", "uid": "team-a"}}],
    "/api/v1/resourcequotas": [],
    "/api/v1/limitranges": [],
    "/apis/apps/v1/daemonsets": [],
    POLICY_API + "sparkresourcepolicies": [
        policy("organisation", {"rules": {"executor-shape": "Enforce"},
                                "limits": {"executor": {"heap": {"max": "32g"}}},
                                "exceptions": {"rules": ["executor-shape"], "maxDuration": "720h"}}),
        policy("trial", {"mode": "Audit", "limits": {"executor": {"heap": {"max": "2g"}}},
                         "rules": {"executor-shape": "Enforce"}}),
        policy("broken", {"mood": "bad"})],
    POLICY_API + "sparkpolicyexceptions": [
        {"apiVersion": "policy.ballast.dev/v1alpha1", "kind": "SparkPolicyException",
         "metadata": {"name": "quarter-end", "namespace": "team-a", "uid": "quarter-end",
                      "generation": 1, "creationTimestamp": moment(-60)},
         "spec": {"rules": ["executor-shape"], "reason": "the quarter ends",
                  "until": moment(3 * 86400)}}],
    "/apis/sparkoperator.k8s.io/v1beta2/sparkapplications": [
        application("stored", {"ballast.dev/decision": DECISION}), application("oversized")],
    "/apis/openreports.io/v1alpha1/reports": [],
}


class FakeApi(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects = {}  # by path: what was written
        self.ending = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):  # a watch whose client has gone
        pass

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.ending.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def not_found(self):
        self.answer(404, {"kind": "Status", "apiVersion": "v1", "status": "Failure",
                          "reason": "NotFound", "code": 404, "message": "not found"})

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"null")

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        items = COLLECTIONS.get(url.path)
        if url.path in self.server.objects:
            self.answer(200, self.server.objects[url.path])
        elif items is None:
            self.not_found()
        elif "watch" in query:
            self.watch()
        else:
            self.answer(200, {"kind": "List", "apiVersion": "v1", "items": items,
                              "metadata": {"resourceVersion": "1"}})

    # Nothing changes; a bookmark now and then says that.
    def watch(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        line = json.dumps({"type": "BOOKMARK",
                           "object": {"metadata": {"resourceVersion": "1"}}}).encode() + b"\n"
        while not self.server.ending.wait(2):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.flush()

    def do_POST(self):
        document = self.body()
        name = document["metadata"]["name"]
        document["metadata"]["resourceVersion"] = "2"
        self.server.objects[urllib.parse.urlsplit(self.path).path + "/" + name] = document
        self.answer(201, document)

    def do_PUT(self):
        document = self.body()
        document["metadata"]["resourceVersion"] = str(time.monotonic_ns())
        self.server.objects[self.path] = document
        self.answer(200, document)

    def do_PATCH(self):
        self.answer(200, self.body() or {})

    def do_DELETE(self):
        self.body()
        self.answer(200, {})

    def log_message(self, *_):
        pass
