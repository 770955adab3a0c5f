"""The real program with its page, and reviews to decide about."""
import json
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import http.client

POLICY = """apiVersion: policy.ballast.dev/v1alpha1
kind: SparkResourcePolicy
metadata: {name: organisation}
spec:
  limits: {application: {memoryShare: 80%}}
  rules: {cluster-share: Enforce, executor-shape: Enforce}
"""


def nodes(count):
    return "".join(
        f"---\napiVersion: v1\nkind: Node\nmetadata: {{name: node-{i}}}\nstatus:\n"
        "  allocatable: {cpu: '16', memory: 64Gi, pods: '110'}\n"
        "  conditions: [{type: Ready, status: 'True'}]\n" for i in range(count))


def application(name, heap, cores=4, instances=4, namespace="team-a"):
    return {"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"type": "Scala", "mode": "cluster", "sparkVersion": "3.5.6",
                     "driver": {"cores": 1, "memory": "2g"},
                     "executor": {"cores": cores, "memory": heap, "instances": instances}}}


class Ballast:
    def __init__(self, binary):
        self.folder = tempfile.mkdtemp(prefix="ballast-page-")
        for name, text in (("policy.yaml", POLICY), ("nodes.yaml", nodes(40))):
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(text)
        environment = {key: value for key, value in os.environ.items() if key != "KUBECONFIG"}
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--page-listen", "127.0.0.1:0",
             "--policy", os.path.join(self.folder, "policy.yaml"),
             "--cluster", os.path.join(self.folder, "nodes.yaml"),
             "--state-dir", os.path.join(self.folder, "state")],
            stderr=subprocess.PIPE, text=True, env=environment)
        self.port = self._port('"listening"')
        self.page_port = self._port('"listening for the page"')
        self.page = f"http://localhost:{self.page_port}"
        # Whoever writes lines must find somebody who reads them.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def _port(self, message):
        for line in self.process.stderr:
            if message in line:
                return int(re.search(r'"port":(\d+)', line).group(1))
        raise SystemExit("browser: ballast did not start")

    def submit(self, document, dry_run=False):
        kind = document["apiVersion"].split("/")
        review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
            "uid": "1", "operation": "CREATE", "dryRun": dry_run,
            "kind": {"group": kind[0], "version": kind[1], "kind": document["kind"]},
            "name": document["metadata"]["name"],
            "namespace": document["metadata"]["namespace"],
            "userInfo": {"username": "somebody"}, "object": document, "oldObject": None}}
        context = ssl.create_default_context(cafile=os.path.join(self.folder, "state", "ca.crt"))
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=30)
        connection.request("POST", "/mutate?timeout=10s", json.dumps(review),
                           {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())["response"]
        connection.close()
        return answer

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
