"""A container of a pod: its process, its probes, and what its status says."""

from datetime import datetime, timezone

from lab.probes import Probe


def now_text():
    """This moment as the API writes it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class RunningContainer:
    """Not started, running, or finished with a status; used by its pod's thread alone."""

    def __init__(self, spec):
        self.spec = spec
        self.process = None
        self.startup = self.readiness = self.liveness = None
        self.restarts = 0
        self.started_at = None
        self.finished = None
        self.restart_at = 0.0
        self.waiting = "ContainerCreating"

    def started(self, process, address):
        self.process = process
        self.started_at = now_text()
        self.finished = None
        make = lambda key, at_first: (Probe(self.spec, self.spec[key], address, at_first)
                                      if key in self.spec else None)
        self.startup = make("startupProbe", False)
        self.readiness = make("readinessProbe", False)
        self.liveness = make("livenessProbe", True)

    @property
    def is_running(self):
        return self.process is not None and self.finished is None

    @property
    def is_started(self):
        return self.is_running and (self.startup is None or self.startup.passing)

    @property
    def is_ready(self):
        return self.is_started and (self.readiness is None or self.readiness.passing)

    def run_probes(self):
        """False when the container is to be ended: its startup or liveness probe has failed."""
        if self.startup and not self.startup.passing:
            self.startup.run_if_due()
            return not self.startup.failed_for_good
        if self.readiness:
            self.readiness.run_if_due()
        if self.liveness:
            self.liveness.run_if_due()
            return not self.liveness.failed_for_good
        return True

    def status(self):
        if self.finished is not None:
            state = {"terminated": {
                "exitCode": self.finished if self.finished >= 0 else 128 - self.finished,
                "reason": "Completed" if self.finished == 0 else "Error",
                "startedAt": self.started_at, "finishedAt": now_text()}}
        elif self.process is not None:
            state = {"running": {"startedAt": self.started_at}}
        else:
            state = {"waiting": {"reason": self.waiting}}
        return {"name": self.spec["name"], "image": self.spec["image"], "imageID": "",
                "ready": self.is_ready, "started": self.is_started,
                "restartCount": self.restarts, "state": state, "lastState": {}}
