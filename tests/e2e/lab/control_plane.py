"""A real control plane: etcd, kube-apiserver and kube-controller-manager, on the host's address."""

import os
import time

from lab.api import Api, ApiError
from lab.network import HOST_ADDRESS
from lab.processes import Process, must_run

PORT = 6443

# Nodes are made by us and send no heartbeats: the controller that taints silent nodes is off.
CONTROLLERS = "*,-node-lifecycle-controller"


class ControlPlane:
    """Started by start(), ended by stop(). Keys, data and logs are in `folder`."""

    def __init__(self, binaries, folder):
        self._binaries = binaries
        self._folder = folder
        self._etcd = self._apiserver = self._controllers = None
        self.kubeconfig = self.path("kubeconfig")
        os.makedirs(self.path("pki"))

    def path(self, name):
        return os.path.join(self._folder, name)

    def _pki(self, name):
        return self.path(os.path.join("pki", name))

    def start(self):
        """Returns when the API server is ready and makes service accounts."""
        self._make_keys()
        self._write_kubeconfig(self.kubeconfig, "admin")
        self._etcd = Process("etcd", [
            os.path.join(self._binaries, "etcd"), "--data-dir", self.path("etcd"),
            "--listen-client-urls", "http://127.0.0.1:2379",
            "--advertise-client-urls", "http://127.0.0.1:2379",
            "--listen-peer-urls", "http://127.0.0.1:2380",
            "--initial-advertise-peer-urls", "http://127.0.0.1:2380",
            "--initial-cluster", "default=http://127.0.0.1:2380",
            "--unsafe-no-fsync=true", "--log-level", "warn"], self.path("etcd.log"))
        self.start_apiserver()
        self._write_kubeconfig(self.path("controllers.kubeconfig"), "controllers")
        self._controllers = Process("kube-controller-manager", [
            os.path.join(self._binaries, "kube-controller-manager"),
            "--kubeconfig", self.path("controllers.kubeconfig"),
            "--bind-address=127.0.0.1", "--leader-elect=false", "--profiling=false",
            "--service-account-private-key-file", self._pki("sa.key"),
            "--root-ca-file", self._pki("ca.crt"), "--cert-dir", self.path("pki"),
            "--use-service-account-credentials=false", f"--controllers={CONTROLLERS}",
            # The disruption, quota and job controllers' work on many small objects is not held back.
            "--kube-api-qps=200", "--kube-api-burst=400"], self.path("controllers.log"))
        api = self.api()
        self._await(lambda: api.find("/api/v1/namespaces/default/serviceaccounts/default"),
                    self._controllers)

    def start_apiserver(self):
        """Starts the API server and waits until it says that it is ready."""
        self._apiserver = Process("kube-apiserver", [
            os.path.join(self._binaries, "kube-apiserver"),
            "--etcd-servers=http://127.0.0.1:2379", "--bind-address=0.0.0.0",
            f"--secure-port={PORT}", f"--advertise-address={HOST_ADDRESS}",
            "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.96.0.0/16",
            # Admission Services are resolved by their EndpointSlices: no kube-proxy is needed.
            "--enable-aggregator-routing=true", "--authorization-mode=RBAC",
            # What it shows to kubelets when it asks for logs.
            "--kubelet-client-certificate", self._pki("admin.crt"),
            "--kubelet-client-key", self._pki("admin.key"),
            "--disable-admission-plugins=TaintNodesByCondition", "--profiling=false",
            "--client-ca-file", self._pki("ca.crt"), "--cert-dir", self.path("pki"),
            "--tls-cert-file", self._pki("apiserver.crt"),
            "--tls-private-key-file", self._pki("apiserver.key"),
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file", self._pki("sa.pub"),
            "--service-account-signing-key-file", self._pki("sa.key"),
            "--audit-policy-file", self._audit_policy(),
            "--audit-log-path", self.path("audit.log")], self.path("apiserver.log"))
        api = self.api()
        self._await(lambda: api.send("GET", "/readyz").status == 200, self._apiserver)

    def restart_apiserver(self):
        """Ends the API server as an upgrade does, and starts it again. Seconds without one."""
        # It lets requests in flight end; open watches hold it back longer than anybody waits.
        before = time.monotonic()
        self._apiserver.stop(grace_seconds=5)
        self.start_apiserver()
        return time.monotonic() - before

    def stop(self):
        for process in (self._controllers, self._apiserver, self._etcd):
            if process:
                process.stop()

    def api(self):
        """A client with all rights."""
        return Api(HOST_ADDRESS, PORT, self._pki("ca.crt"), self._pki("admin.crt"),
                   self._pki("admin.key"))

    def server_certificate(self):
        """(certificate, key) of the host's address."""
        return self._pki("apiserver.crt"), self._pki("apiserver.key")

    def processes(self):
        return [p for p in (self._etcd, self._apiserver, self._controllers) if p]

    def _audit_policy(self):
        """Records the metadata, with the annotations of webhooks, of writes of Spark's kinds."""
        path = self.path("audit-policy.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("""apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  verbs: [create, update, patch]
  resources: [{group: sparkoperator.k8s.io}]
- level: None
""")
        return path

    @staticmethod
    def _await(condition, process, seconds=90):
        end = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except (OSError, ApiError):
                pass
            if process.exit_status() is not None or time.monotonic() > end:
                raise RuntimeError(f"{process.name} does not get ready:\n{process.log_tail()}")
            time.sleep(0.1)

    def _make_keys(self):
        must_run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                  "-subj", "/CN=e2e-ca", "-keyout", self._pki("ca.key"),
                  "-out", self._pki("ca.crt")])
        self._make_certificate(
            "apiserver", "/CN=kube-apiserver",
            "subjectAltName=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,"
            f"DNS:kubernetes.default.svc,IP:127.0.0.1,IP:{HOST_ADDRESS},IP:10.96.0.1\n"
            "extendedKeyUsage=serverAuth\n")
        for name in ("admin", "controllers"):
            self._make_certificate(name, f"/O=system:masters/CN={name}",
                                   "extendedKeyUsage=clientAuth\n")
        must_run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                  "-out", self._pki("sa.key")])
        must_run(["openssl", "pkey", "-in", self._pki("sa.key"), "-pubout",
                  "-out", self._pki("sa.pub")])

    def _make_certificate(self, name, subject, extensions):
        must_run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", subject,
                  "-keyout", self._pki(name + ".key"), "-out", self._pki(name + ".csr")])
        with open(self._pki(name + ".ext"), "w", encoding="utf-8") as file:
            file.write(extensions)
        must_run(["openssl", "x509", "-req", "-in", self._pki(name + ".csr"), "-days", "2",
                  "-CA", self._pki("ca.crt"), "-CAkey", self._pki("ca.key"), "-CAcreateserial",
                  "-extfile", self._pki(name + ".ext"), "-out", self._pki(name + ".crt")])

    def _write_kubeconfig(self, path, user):
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"""apiVersion: v1
kind: Config
clusters:
- {{name: e2e, cluster: {{server: "https://{HOST_ADDRESS}:{PORT}",
   certificate-authority: {self._pki("ca.crt")}}}}}
users:
- {{name: u, user: {{client-certificate: {self._pki(user + ".crt")},
   client-key: {self._pki(user + ".key")}}}}}
contexts: [{{name: e2e, context: {{cluster: e2e, user: u, namespace: default}}}}]
current-context: e2e
""")
