"""The real Spark operator: its controller, for one namespace, with the spark-submit of one Spark."""

import os
import urllib.request

from lab.control_plane import PORT
from lab.network import HOST_ADDRESS
from lab.processes import Process
from lab.report import wait_for

HEALTH = "127.0.0.1:8081"


class SparkOperator:
    """start() to stop(). What it submits with is the spark-submit of `spark`."""

    def __init__(self, lab, spark, namespace):
        self._arguments = [
            os.path.join(lab.cache, "bin/spark-operator"), "controller", "start",
            f"--namespaces={namespace}", "--leader-election=false", "--metrics-bind-address=0",
            "--enable-metrics=false", f"--health-probe-bind-address={HEALTH}",
            "--pprof-bind-address=0", "--enable-ui-service=false", "--zap-log-level=1"]
        self._log = os.path.join(lab.folder, "spark-operator.log")
        self._env = {**spark.env, "KUBERNETES_SERVICE_HOST": HOST_ADDRESS,
                     "KUBERNETES_SERVICE_PORT": str(PORT)}
        self._process = None

    def start(self):
        self._process = Process("spark-operator", self._arguments, self._log, self._env)
        wait_for(self._is_ready, self._process.log_tail, 60)

    @staticmethod
    def _is_ready():
        try:
            with urllib.request.urlopen(f"http://{HEALTH}/readyz", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self):
        """Ends it and the submissions that it has under way."""
        if self._process:
            self._process.kill_group()

    def log(self):
        return self._process.log_tail(30)
