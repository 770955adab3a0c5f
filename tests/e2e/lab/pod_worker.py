"""The life of one pod on its node: volumes, containers, probes, status, and its end."""

import os
import shutil
import signal
import subprocess
import threading
import time

from lab import container as containers
from lab import network
from lab.api import ApiError
from lab.probes import http_get
from lab.running_container import RunningContainer, now_text
from lab.volumes import Missing, PodVolumes

TICK_SECONDS = 0.1


class PodWorker(threading.Thread):
    """Runs one pod. The kubelet gives it the newest object; it writes the status."""

    def __init__(self, api, pod, image_of, addresses, folder):
        super().__init__(name=pod["metadata"]["name"], daemon=True)
        self._api = api
        self._pod = pod
        self._image_of = image_of
        self._addresses = addresses
        self._folder = folder
        self._gone = threading.Event()
        self._over = threading.Event()
        self._status = None
        self.name = pod["metadata"]["name"]
        self.address = None
        self.error = None
        self._volumes = PodVolumes(api, pod, os.path.join(folder, "volumes"))
        self._init = [RunningContainer(c) for c in pod["spec"].get("initContainers", [])]
        self._containers = [RunningContainer(c) for c in pod["spec"]["containers"]]

    def update(self, pod):
        """The newest object, or None when the API server has it no more."""
        if pod is None:
            self._gone.set()
        else:
            self._pod = pod

    def end(self):
        """The run is over: everything that was started for the pod ends at once."""
        self._over.set()

    def processes(self):
        return [c.process for c in self._containers if c.is_running]

    def log_path(self, container):
        """The file that a container writes to; None: it has not begun."""
        path = os.path.join(self._folder, f"{container}.log")
        return path if os.path.exists(path) else None

    def log(self, lines=10):
        """The last lines of the first container, less those of reviews."""
        path = self.log_path(self._containers[0].spec["name"])
        if path is None:
            return ""
        with open(path, encoding="utf-8", errors="replace") as log:
            told = [line for line in log if '"msg":"admission"' not in line]
        return "".join(line[:500].rstrip("\n") + "\n" for line in told[-lines:])

    def judged(self):
        """How many reviews the first container says in its log that it has answered."""
        path = self.log_path(self._containers[0].spec["name"])
        with open(path, encoding="utf-8", errors="replace") as log:
            return sum(1 for line in log if '"msg":"admission"' in line)

    def run(self):
        self.address = self._addresses.take()
        netns = f"pod-{self.address.rsplit('.', 1)[1]}"
        network.add_pod(netns, self.address)
        try:
            self._live(netns)
        except Exception as error:  # pylint: disable=broad-except
            # Told by the kubelet at the end of the run: a pod that hangs must have a reason.
            self.error = f"{type(error).__name__}: {error}"
        finally:
            for running in self._init + self._containers:
                if running.is_running:
                    running.process.kill()
            network.remove_pod(netns)
            self._addresses.give_back(self.address)

    def _live(self, netns):
        next_refresh = 0.0
        mounted = False
        pending_init = list(self._init)
        while not self._over.is_set() and not self._gone.is_set():
            if self._pod["metadata"].get("deletionTimestamp"):
                self._terminate()
                return
            if time.monotonic() >= next_refresh:
                next_refresh = time.monotonic() + 1.0
                mounted = self._refresh_volumes() or mounted
            if not mounted:
                self._write_status()
                self._over.wait(TICK_SECONDS)
                continue
            current = [pending_init[0]] if pending_init else self._containers
            for running in current:
                self._step(running, netns)
            if pending_init and pending_init[0].finished == 0:
                pending_init.pop(0)
            self._write_status()
            if self._phase() in ("Succeeded", "Failed"):
                while not (self._over.is_set() or self._gone.is_set()
                           or self._pod["metadata"].get("deletionTimestamp")):
                    self._over.wait(TICK_SECONDS)
                continue
            self._over.wait(TICK_SECONDS)

    def _refresh_volumes(self):
        """False when something is missing. A running container keeps what it has, as on a node."""
        try:
            self._volumes.refresh()
        except (Missing, ApiError, OSError) as error:
            self.error = str(error)
            return False
        self.error = None
        return True

    def _step(self, running, netns):
        """Starts, restarts or looks after one container."""
        if running.is_running:
            ended = running.process.exit_status()
            if ended is not None:
                running.finished = ended
                running.restart_at = time.monotonic() + min(10.0, 0.5 * 2**running.restarts)
            elif not running.run_probes():
                running.finished = running.process.stop(self._grace())
                running.restart_at = time.monotonic()
            return
        if running.finished is not None:
            policy = self._pod["spec"].get("restartPolicy", "Always")
            if running in self._init and policy == "Always":
                policy = "OnFailure"
            if policy == "Never" or (policy == "OnFailure" and running.finished == 0):
                return
            if time.monotonic() < running.restart_at:
                return
            running.restarts += 1
        try:
            process = containers.start(
                self._api, self._pod_with_address(), running.spec,
                self._image_of(running.spec["image"]), self._volumes, self._folder, netns)
        except (Missing, containers.Refused) as error:
            running.waiting = "CreateContainerConfigError"
            self.error = str(error)
            return
        running.started(process, self.address)

    def _pod_with_address(self):
        status = {**self._pod.get("status", {}), "podIP": self.address,
                  "hostIP": network.HOST_ADDRESS}
        return {**self._pod, "status": status}

    def _grace(self):
        meta = self._pod["metadata"]
        return meta.get("deletionGracePeriodSeconds",
                        self._pod["spec"].get("terminationGracePeriodSeconds", 30))

    def _terminate(self):
        """preStop, SIGTERM, the grace, SIGKILL; then the API server may forget the pod."""
        end = time.monotonic() + self._grace()
        # The pod stays ready while preStop runs unless its probe says otherwise.
        threads = [threading.Thread(target=self._end_container, args=(running, end), daemon=True)
                   for running in self._init + self._containers if running.is_running]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            self._over.wait(TICK_SECONDS)
            if self._over.is_set() or self._gone.is_set():
                return
            for running in self._containers:
                if running.is_running:
                    running.run_probes()
            self._write_status()
        self._write_status()
        while not self._forget():
            self._over.wait(TICK_SECONDS)

    def _forget(self):
        """Lets the API server delete the pod's object. False: it could not be asked."""
        meta = self._pod["metadata"]
        try:
            self._api.delete(f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}",
                             {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0,
                              "preconditions": {"uid": meta["uid"]}})
        except ApiError as error:
            return error.status == 409
        except OSError:
            return self._over.is_set()
        return True

    def _end_container(self, running, end):
        hook = running.spec.get("lifecycle", {}).get("preStop", {})
        if "sleep" in hook:
            self._over.wait(min(hook["sleep"]["seconds"], max(0.0, end - time.monotonic())))
        elif "httpGet" in hook:
            http_get(running.spec, hook["httpGet"], self.address, 5)
        elif "exec" in hook:
            # Into the container's files, as `kubectl exec` goes.
            subprocess.run(["nsenter", "-t", str(running.process.pid), "--mount", "--net",
                            "--root", "--wd", *hook["exec"]["command"]], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           timeout=max(1.0, end - time.monotonic()))
        running.process.signal(signal.SIGTERM)
        while running.process.exit_status() is None and time.monotonic() < end:
            time.sleep(0.02)
        running.finished = running.process.stop(0.1)

    def _phase(self):
        finished = [c.finished for c in self._containers]
        policy = self._pod["spec"].get("restartPolicy", "Always")
        if policy != "Always" and all(f is not None for f in finished):
            if all(f == 0 for f in finished):
                return "Succeeded"
            if policy == "Never":
                return "Failed"
        if policy == "Never" and any(c.finished not in (None, 0) for c in self._init):
            return "Failed"
        return "Running" if any(c.process for c in self._containers) else "Pending"

    def _write_status(self):
        """Patches the status when it has changed."""
        ready = all(c.is_ready for c in self._containers)
        init_done = all(c.finished == 0 for c in self._init)
        phase = self._phase()
        truth = [(("PodScheduled"), True), ("Initialized", init_done), ("ContainersReady", ready),
                 ("Ready", ready)]
        status = {
            "phase": phase, "hostIP": network.HOST_ADDRESS, "podIP": self.address,
            "podIPs": [{"ip": self.address}],
            "containerStatuses": [c.status() for c in self._containers],
            "initContainerStatuses": [c.status() for c in self._init]}
        seen = (phase, tuple(truth), tuple(
            (c["restartCount"], c["ready"], c["started"], tuple(c["state"]))
            for c in status["containerStatuses"] + status["initContainerStatuses"]))
        if seen == self._status:
            return
        status["conditions"] = [{"type": kind, "status": "True" if value else "False",
                                 "lastTransitionTime": now_text()} for kind, value in truth]
        status["startTime"] = self._pod["status"].get("startTime") or now_text()
        meta = self._pod["metadata"]
        try:
            self._api.merge(
                f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}/status",
                {"metadata": {"uid": meta["uid"]}, "status": status})
            self._status = seen
        except ApiError as error:
            if error.status in (404, 409):
                self._gone.set()
        except OSError:
            # The API server is being restarted: written again at the next tick.
            pass

    def remove_files(self):
        shutil.rmtree(self._folder, ignore_errors=True)
