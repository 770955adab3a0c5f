"""Real Spark: its own spark-submit, in cluster mode, in client mode, and as a driver pod runs it."""

import itertools
import os
import sys
from urllib.parse import quote

from lab.network import HOST_ADDRESS
from lab.control_plane import PORT
from lab.processes import Process, run
from lab.report import check, wait_for

MASTER = f"https://{HOST_ADDRESS}:{PORT}"
EXAMPLE = "local:///opt/spark/examples/jars/spark-examples.jar"

# What is true only inside of the driver's container: its address, its ports, its files.
OF_THE_CONTAINER = (
    "spark.jars", "spark.driver.host", "spark.driver.memory", "spark.submit.pyFiles",
    "spark.driver.blockManager.port", "spark.driver.port",
    "spark.kubernetes.executor.podTemplateFile", "spark.kubernetes.driver.podTemplateFile")

# A driver that has its executors asked for, and then waits to be ended.
DRIVER = """import time
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate()
time.sleep(600)
"""


class Submission:
    """What one cluster-mode spark-submit did, and what it left in the namespace."""

    def __init__(self, status, output, driver, config_map):
        self.status = status
        self.output = output
        self.driver = driver
        self.config_map = config_map


class Spark:
    """One version of Spark. Its programs run on the host's side of the lab's network."""

    def __init__(self, lab, version):
        self.version = version
        self.home = os.path.join(lab.cache, f"pyspark-{version}", "pyspark")
        self._lab = lab
        self._numbers = itertools.count()
        self._folder = os.path.join(lab.folder, f"spark-{version}")
        os.makedirs(self._folder, exist_ok=True)
        self._app = os.path.join(self._folder, "driver.py")
        with open(self._app, "w", encoding="utf-8") as file:
            file.write(DRIVER)
        self.env = {
            **lab.env, "SPARK_HOME": self.home, "SPARK_LOCAL_IP": "127.0.0.1",
            "PYTHONPATH": os.path.dirname(self.home), "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable, "SPARK_LOCAL_DIRS": self._folder,
            # Each of them lives for seconds: what the better compiler would gain it costs.
            "SPARK_SUBMIT_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"}

    @property
    def image(self):
        return f"docker.io/library/spark:{self.version}"

    def cluster_mode(self, namespace, name, conf):
        """spark-submit --deploy-mode cluster of a JVM application, to its end."""
        settings = {"spark.kubernetes.namespace": namespace,
                    "spark.kubernetes.container.image": self.image,
                    "spark.kubernetes.authenticate.driver.serviceAccountName": "default",
                    "spark.kubernetes.submission.waitAppCompletion": "false", **conf}
        status, out, err = run(
            [f"{self.home}/bin/spark-submit", "--master", f"k8s://{MASTER}", "--deploy-mode",
             "cluster", "--name", name, "--class", "org.apache.spark.examples.SparkPi",
             *_arguments(settings), EXAMPLE], env=self.env, timeout=180)
        driver = self._driver(namespace, name)
        return Submission(status, out + err, driver, config_map(self._lab.api, driver))

    def _driver(self, namespace, name):
        pods = pods_of(self._lab.api, namespace, f"spark-role=driver,spark-app-name={name}")
        return pods[0] if pods else None

    def executors_of(self, driver, number):
        """Does what the driver's container would do, until it has asked for so many executors.

        Its own client-mode submit, with the settings of its ConfigMaps and of its arguments. Returns
        the executor pods.
        """
        meta = driver["metadata"]
        folder = os.path.join(self._folder, meta["name"])
        os.makedirs(folder, exist_ok=True)
        files = mounted_files(self._lab.api, driver)
        properties = os.path.join(folder, "spark.properties")
        with open(properties, "w", encoding="utf-8") as file:
            file.writelines(line for line in files["spark.properties"].splitlines(keepends=True)
                            if line.partition("=")[0] not in OF_THE_CONTAINER)
        conf = {"spark.kubernetes.driver.master": MASTER}
        if "podspec-configmap-key" in files:
            conf["spark.kubernetes.executor.podTemplateFile"] = os.path.join(folder, "pod.yaml")
            with open(os.path.join(folder, "pod.yaml"), "w", encoding="utf-8") as file:
                file.write(files["podspec-configmap-key"])
        application = meta["labels"]["spark-app-selector"]
        return self._run_driver(
            ["--properties-file", properties, *_own_settings(driver), *_arguments(conf)],
            meta["namespace"], f"spark-app-selector={application}", number,
            {"SPARK_APPLICATION_ID": application})

    def client_mode(self, namespace, name, conf, number):
        """spark-submit --deploy-mode client, until it has asked for so many executors: the pods."""
        settings = {"spark.kubernetes.namespace": namespace, "spark.app.name": name,
                    "spark.kubernetes.container.image": self.image, **conf}
        return self._run_driver(["--master", f"k8s://{MASTER}", *_arguments(settings)],
                                namespace, f"spark-app-name={name}", number, {})

    def _run_driver(self, arguments, namespace, selector, number, env):
        process = Process(f"driver {selector}", [
            f"{self.home}/bin/spark-submit", "--deploy-mode", "client", *arguments,
            *_arguments({"spark.driver.bindAddress": "127.0.0.1",
                         "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false"}),
            self._app], os.path.join(self._folder, f"driver-{next(self._numbers)}.log"),
            {**self.env, **env})
        try:
            return wait_for(
                lambda: _enough(pods_of(self._lab.api, namespace, f"spark-role=executor,{selector}"),
                                number, process),
                lambda: f"{number} executor pods; the driver says:\n{process.log_tail(25)}", 180)
        finally:
            # Without a word: a driver that is asked to end takes its executors away.
            process.kill_group()


def _enough(pods, number, process):
    check(process.exit_status() is None,
          f"the driver has ended with {process.exit_status()}:\n{process.log_tail(25)}")
    return pods if len(pods) >= number else None


def versions():
    """The versions that fetch_spark.sh brings, the oldest first."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../spark_versions")
    with open(path, encoding="utf-8") as file:
        return file.read().split()


def _arguments(conf):
    return [part for key, value in conf.items() for part in ("--conf", f"{key}={value}")]


def _own_settings(driver):
    """The --conf pairs among the arguments of the driver's container: they beat the file."""
    arguments = driver["spec"]["containers"][0]["args"]
    return [part for here, following in zip(arguments, arguments[1:]) if here == "--conf"
            for part in (here, following)]


def pods_of(api, namespace, selector):
    """The pods that a label selector chooses."""
    return api.get(f"/api/v1/namespaces/{namespace}/pods?labelSelector={quote(selector)}")["items"]


def config_map_name(driver):
    """The ConfigMap with the driver's spark.properties, as the driver's volume names it."""
    for volume in driver["spec"]["volumes"]:
        if volume["name"] == "spark-conf-volume-driver":
            return volume["configMap"]["name"]
    return None


def config_map(api, driver):
    """That ConfigMap; None where there is none, or no driver."""
    name = config_map_name(driver) if driver else None
    return name and api.find(
        f"/api/v1/namespaces/{driver['metadata']['namespace']}/configmaps/{name}")


def mounted_files(api, driver):
    """The keys and texts of all ConfigMaps that Spark made for the driver."""
    files = {}
    for volume in driver["spec"]["volumes"]:
        if "configMap" in volume:
            path = (f"/api/v1/namespaces/{driver['metadata']['namespace']}/configmaps/"
                    f"{volume['configMap']['name']}")
            files.update(api.get(path)["data"])
    return files


def settings_of(text):
    """The settings of a spark.properties that Spark wrote; its escapes are left alone but for \\:."""
    pairs = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {key: value.replace("\\:", ":") for key, _, value in pairs}


def size_of(pod):
    """(MiB, millicores) that the pod's first container requests."""
    requests = pod["spec"]["containers"][0]["resources"]["requests"]
    memory, cpu = requests["memory"], requests["cpu"]
    check(memory.endswith(("Mi", "Gi")), f"memory of {pod['metadata']['name']}: {memory}")
    mib = int(memory[:-2]) * (1024 if memory.endswith("Gi") else 1)
    return mib, int(cpu[:-1]) if cpu.endswith("m") else int(cpu) * 1000
