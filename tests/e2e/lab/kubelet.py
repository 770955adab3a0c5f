"""A small kubelet for the pods of one namespace: binds them to nodes of ours and runs them."""

import os
import threading

from lab.api import ApiError
from lab.network import Addresses
from lab.pod_worker import PodWorker

POLL_SECONDS = 0.1


class Kubelet:
    """start() to stop(). Pods of other namespaces, Spark's among them, stay unscheduled."""

    def __init__(self, api, namespace, nodes, images, folder):
        self._api = api
        self._namespace = namespace
        self._nodes = nodes
        self._images = images
        self._folder = folder
        self._addresses = Addresses()
        self._workers = {}
        self._ended = []
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="kubelet", daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        """Ends every pod's processes; returns when they are gone."""
        self._stop.set()
        self._thread.join()
        for worker in self._workers.values():
            worker.end()
        for worker in self._workers.values():
            worker.join()

    def pod(self, name):
        """The worker of a pod that runs now."""
        with self._lock:
            for worker in self._workers.values():
                if worker.name == name:
                    return worker
        raise KeyError(name)

    def pods(self):
        with self._lock:
            return list(self._workers.values())

    def log_path(self, pod, container):
        """The file with a container's output, also of a pod that has just gone; None: no such."""
        with self._lock:
            workers = list(self._workers.values()) + self._ended[::-1]
        for worker in workers:
            if worker.name == pod:
                return worker.log_path(container)
        return None

    def told(self):
        """For a failed run: what each pod says last, those that have ended too."""
        parts = []
        with self._lock:
            workers = self._ended[-6:] + list(self._workers.values())
        for worker in workers:
            parts.append(f"--- pod {worker.name}: {worker.error or ''}\n{worker.log()}")
        return "\n".join(parts)

    def _image_of(self, reference):
        if reference not in self._images:
            raise KeyError(f"no image {reference} here; there are {', '.join(self._images)}")
        return self._images[reference]

    def _run(self):
        while not self._stop.wait(POLL_SECONDS):
            try:
                self._look()
            except (OSError, ApiError):
                # The API server is being restarted: containers run on meanwhile.
                continue

    def _look(self):
        pods = self._api.get(f"/api/v1/namespaces/{self._namespace}/pods")["items"]
        seen = set()
        for pod in pods:
            uid = pod["metadata"]["uid"]
            seen.add(uid)
            if not pod["spec"].get("nodeName"):
                self._bind(pod, pods)
            elif uid in self._workers:
                self._workers[uid].update(pod)
            elif pod["status"].get("phase") not in ("Succeeded", "Failed"):
                worker = PodWorker(self._api, pod, self._image_of, self._addresses,
                                   os.path.join(self._folder, uid))
                with self._lock:
                    self._workers[uid] = worker
                worker.start()
        for uid in set(self._workers) - seen:
            with self._lock:
                worker = self._workers.pop(uid)
                self._ended.append(worker)
            worker.update(None)

    def _bind(self, pod, pods):
        """The node with the fewest pods: what topology spread comes to on equal nodes."""
        load = {node: 0 for node in self._nodes}
        for other in pods:
            node = other["spec"].get("nodeName")
            if node in load and other["status"].get("phase") not in ("Succeeded", "Failed"):
                load[node] += 1
        node = min(load, key=load.get)
        name = pod["metadata"]["name"]
        self._api.create(
            f"/api/v1/namespaces/{self._namespace}/pods/{name}/binding",
            {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": name},
             "target": {"apiVersion": "v1", "kind": "Node", "name": node}})
        pod["spec"]["nodeName"] = node
