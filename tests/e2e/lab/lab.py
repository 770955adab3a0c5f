"""The laboratory that scenarios run in: control plane, kubelet, the image, kubectl, helm, ballast."""

import json
import os
import shutil

from lab import network
from lab.container import Image
from lab.control_plane import ControlPlane
from lab.kubelet import Kubelet
from lab.log_server import PORT as KUBELET_PORT, LogServer
from lab.processes import must_run, run
from lab.report import wait_for

NAMESPACE = "ballast-system"
RELEASE = "ballast"
REPOSITORY = "localhost/ballast"
SPARK_KINDS = ("sparkoperator.k8s.io/v1beta2/sparkapplications",
               "sparkoperator.k8s.io/v1beta2/scheduledsparkapplications",
               "sparkoperator.k8s.io/v1alpha1/sparkconnects",
               "spark.apache.org/v1/sparkapplications", "spark.apache.org/v1/sparkclusters")


class Result:
    """What a command line program did."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err

    @property
    def warnings(self):
        """The lines that kubectl prints for an API server's warnings."""
        return [line[len("Warning: "):] for line in self.err.splitlines()
                if line.startswith("Warning: ")]


class Lab:
    """Everything that was started, and the ways to reach it. One thread, but for `api`."""

    def __init__(self, folder, cache, image_folder, binary, chart, report):
        self.folder = folder
        self.report = report
        self.chart = chart
        self.cache = cache
        self._binaries = os.path.join(cache, "bin")
        self.images = {}
        self._image_folder = image_folder
        self._binary = binary
        self.control_plane = None
        self.kubelet = None
        self._logs = None
        self.api = None
        self.env = None
        self._toolbox = os.path.join(folder, "toolbox")
        # The image's files with a writable layer, for ballast() and what scenarios start.
        self.toolbox_root = os.path.join(self._toolbox, "root")

    def start(self):
        """Network, control plane, Spark's definitions, nodes for our pods, the kubelet."""
        network.set_up_host()
        self._load_image()
        plane_folder = os.path.join(self.folder, "control-plane")
        self.control_plane = ControlPlane(self._binaries, plane_folder)
        self.control_plane.start()
        self.api = self.control_plane.api()
        home = os.path.join(self.folder, "home")
        os.makedirs(home)
        self.env = {"KUBECONFIG": self.control_plane.kubeconfig, "HOME": home,
                     "PATH": f"{self._binaries}:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        self._install_spark_kinds()
        system_nodes = [f"system-{n}" for n in range(1, 4)]
        self.add_nodes(system_nodes, cpu="4", memory="16Gi",
                       taints=[{"key": "system", "effect": "NoSchedule"}])
        self.kubelet = Kubelet(self.api, NAMESPACE, system_nodes, self.images,
                               os.path.join(self.folder, "pods"))
        self.kubelet.start()
        self._logs = LogServer(*self.control_plane.server_certificate(), self.kubelet.log_path)

    def stop(self):
        if self.kubelet:
            self.kubelet.stop()
        if self._logs:
            self._logs.stop()
        if self.control_plane:
            self.control_plane.stop()

    # The image

    def _load_image(self):
        if self._image_folder:
            with open(os.path.join(self._image_folder, "config.json"), encoding="utf-8") as file:
                config = json.load(file)["OCIv1"]["config"]
            rootfs = os.path.abspath(os.path.join(self._image_folder, "rootfs"))
            image = Image(rootfs, config["Entrypoint"], config["User"],
                          dict(e.split("=", 1) for e in config.get("Env", [])))
        else:
            # While developing: a program on this machine's own libraries.
            layer = os.path.join(self.folder, "binary")
            os.makedirs(os.path.join(layer, "usr/local/bin"))
            shutil.copy(self._binary, os.path.join(layer, "usr/local/bin/ballast"))
            image = Image(f"{layer}:/", ["/usr/local/bin/ballast"], "65532:65532", {})
        self.image = image
        for tag in ("e2e", "e2e-next"):
            self.images[f"{REPOSITORY}:{tag}"] = image
        for part in ("upper", "work", "root", "files"):
            os.makedirs(os.path.join(self._toolbox, part))
        root = self.toolbox_root
        must_run(["mount", "-t", "overlay", "overlay", "-o",
                  f"lowerdir={image.rootfs},upperdir={self._toolbox}/upper,"
                  f"workdir={self._toolbox}/work", root])
        os.makedirs(os.path.join(root, "files"), exist_ok=True)
        must_run(["mount", "--bind", os.path.join(self._toolbox, "files"),
                  os.path.join(root, "files")])

    # Command line programs

    def kubectl(self, *arguments, stdin=None, timeout=60):
        """kubectl as a person runs it, with all rights."""
        return Result(*run(["kubectl", *arguments], stdin, self.env, timeout))

    def helm(self, *arguments, timeout=300):
        return Result(*run(["helm", *arguments], None, self.env, timeout))

    def ballast(self, *arguments, stdin=None):
        """The image's program, offline; files of file() are in /files."""
        return Result(*run(["/usr/sbin/chroot", self.toolbox_root,
                            "/usr/local/bin/ballast", *arguments], stdin,
                           {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp",
                            "LANG": "C.UTF-8"}))

    def file(self, name, text):
        """Writes a file that kubectl reads at the path returned, and ballast() at /files/NAME."""
        path = os.path.join(self._toolbox, "files", name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text if isinstance(text, str) else json.dumps(text, indent=1))
        return path

    def install_arguments(self, tag="e2e", values=()):
        """What follows `helm install` or `helm upgrade`."""
        settings = [f"image.repository={REPOSITORY}", f"image.tag={tag}", *values]
        return [RELEASE, self.chart, "-n", NAMESPACE, "--wait", "--timeout", "4m",
                *[part for setting in settings for part in ("--set", setting)]]

    # Objects

    def _install_spark_kinds(self):
        """The definitions of the Spark operator's kinds, as its own chart has them; and Apache's."""
        folder = self.spark_crds()
        files = [os.path.join(folder, name) for name in os.listdir(folder)
                 if name.startswith("sparkoperator.k8s.io_")]
        files.append("tests/e2e/crds/apache.yaml")
        must_run(["kubectl", "apply", "--server-side", *[p for f in files for p in ("-f", f)]],
                 env=self.env)
        # Established is said a moment before the resource answers.
        for kind in SPARK_KINDS:
            wait_for(lambda path=f"/apis/{kind}": self.api.find(path), f"{kind} is not served", 60)

    def spark_crds(self):
        """The folder with the Spark operator's definitions, and its examples in a folder of it."""
        return next(os.path.join(self.cache, name) for name in sorted(os.listdir(self.cache))
                    if name.startswith("spark-crds-"))

    def reports_definition(self):
        """The file of openreports.io's own definition of a Report."""
        return next(os.path.join(self.cache, name, "openreports.io_reports.yaml")
                    for name in sorted(os.listdir(self.cache)) if name.startswith("reports-crd-"))

    def add_nodes(self, names, cpu, memory, taints=(), labels=None):
        """Nodes that say that they are ready. Nothing runs on them but what our kubelet starts."""
        for name in names:
            self.api.create("/api/v1/nodes", {
                "apiVersion": "v1", "kind": "Node",
                "metadata": {"name": name, "labels": {
                    "kubernetes.io/hostname": name, "kubernetes.io/arch": "amd64",
                    "kubernetes.io/os": "linux", **(labels or {})}},
                "spec": {"taints": list(taints)},
                "status": {
                    "capacity": {"cpu": cpu, "memory": memory, "pods": "110"},
                    "addresses": [{"type": "InternalIP", "address": network.HOST_ADDRESS}],
                    "daemonEndpoints": {"kubeletEndpoint": {"Port": KUBELET_PORT}},
                    "allocatable": {"cpu": cpu, "memory": memory, "pods": "110"},
                    "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
                                    "lastHeartbeatTime": "2026-01-01T00:00:00Z",
                                    "lastTransitionTime": "2026-01-01T00:00:00Z"}]}})

    def add_namespace(self, name, labels=None):
        self.api.create("/api/v1/namespaces", {
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": name, "labels": labels or {}}})

    def nodes_file(self):
        """What `kubectl get nodes -o json` prints, as a file for ballast(): its path there."""
        self.file("nodes.json", self.kubectl("get", "nodes", "-o", "json").out)
        return "/files/nodes.json"

    def all_pods(self):
        """The webhook's pods, those that are ending among them."""
        return self.api.get(f"/api/v1/namespaces/{NAMESPACE}/pods?labelSelector="
                            "app.kubernetes.io/component%3Dwebhook")["items"]

    def pods(self):
        """The webhook's pods that are not being deleted, as the API server has them."""
        return [p for p in self.all_pods() if not p["metadata"].get("deletionTimestamp")]

    def ready_addresses(self):
        """Where the API server may call the webhook: the ready addresses of its EndpointSlices."""
        slices = self.api.get(
            f"/apis/discovery.k8s.io/v1/namespaces/{NAMESPACE}/endpointslices"
            f"?labelSelector=kubernetes.io%2Fservice-name%3D{RELEASE}")
        return sorted({address for item in slices["items"]
                       for endpoint in item.get("endpoints") or []
                       if endpoint["conditions"].get("ready")
                       for address in endpoint["addresses"]})

    def application_path(self, namespace, name=""):
        path = f"/apis/sparkoperator.k8s.io/v1beta2/namespaces/{namespace}/sparkapplications"
        return f"{path}/{name}" if name else path
