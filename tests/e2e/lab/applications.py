"""What the scenarios submit: applications, in the kinds of both operators."""

# As kubectl is told it: Apache's operator has a kind of the same name.
KIND = "sparkapplications.sparkoperator.k8s.io"


def application(name, namespace, executor=None, driver=None, conf=None, **spec):
    """A SparkApplication that fits anywhere, unless told otherwise."""
    return {
        "apiVersion": "sparkoperator.k8s.io/v1beta2",
        "kind": "SparkApplication",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "type": "Scala", "mode": "cluster", "sparkVersion": "4.0.0",
            "image": "docker.io/library/spark:4.0.0",
            "mainClass": "org.apache.spark.examples.SparkPi",
            "mainApplicationFile": "local:///opt/spark/examples/jars/spark-examples.jar",
            **({"sparkConf": conf} if conf else {}),
            "driver": {"cores": 1, "memory": "1g", "serviceAccount": "default", **(driver or {})},
            "executor": {"cores": 2, "instances": 2, "memory": "4g", **(executor or {})},
            **spec}}


def small(name, namespace):
    """Fits: admitted as it is."""
    return application(name, namespace)


def too_wide(name, namespace):
    """66 GiB an executor where the largest node has 39: split in two, the driver's node kept."""
    return application(name, namespace, executor={"cores": 8, "instances": 3, "memory": "60g"})


def hopeless(name, namespace):
    """One task needs more than any node has: there is no way to split it."""
    return application(name, namespace, executor={"cores": 1, "instances": 3, "memory": "60g"})


def tuning_guide(name, namespace):
    """The tuning guides' own job: 200 executors of 28g + 4g and 4 cores on 39 GiB and 10 cores."""
    return application(name, namespace, executor={
        "cores": 4, "instances": 200, "memory": "28g", "memoryOverhead": "4g"})


def scheduled(name, namespace, spec):
    """The same spec, every night."""
    return {"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "ScheduledSparkApplication",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"schedule": "0 3 * * *", "concurrencyPolicy": "Forbid", "template": spec}}


def connect(name, namespace, executor):
    """A Spark Connect server, and its executors."""
    return {"apiVersion": "sparkoperator.k8s.io/v1alpha1", "kind": "SparkConnect",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"sparkVersion": "4.0.0", "image": "docker.io/library/spark:4.0.0",
                     "server": {"cores": 1, "memory": "1g"}, "executor": executor}}


def apache(name, namespace, conf, version="v1"):
    """A SparkApplication of Apache's own operator: all sizes are settings."""
    return {"apiVersion": f"spark.apache.org/{version}", "kind": "SparkApplication",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"mainClass": "org.apache.spark.examples.SparkPi",
                     "jars": "local:///opt/spark/examples/jars/spark-examples.jar",
                     "sparkConf": {"spark.kubernetes.container.image":
                                   "docker.io/library/spark:4.0.0", **conf},
                     "runtimeVersions": {"sparkVersion": "4.0.0"}}}


def apache_cluster(name, namespace, workers, memory, cpu, version="v1"):
    """A SparkCluster of that operator: one master, and workers of a StatefulSet."""
    def server(container):
        resources = {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}}
        return {"statefulSetSpec": {"template": {"spec": {"containers": [
            {"name": container, "resources": resources}]}}}}
    return {"apiVersion": f"spark.apache.org/{version}", "kind": "SparkCluster",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"runtimeVersions": {"sparkVersion": "4.0.0"},
                     "clusterTolerations": {"instanceConfig": {
                         "initWorkers": workers, "minWorkers": workers, "maxWorkers": workers}},
                     "masterSpec": {}, "workerSpec": server("worker"),
                     "sparkConf": {"spark.kubernetes.container.image":
                                   "docker.io/library/spark:4.0.0"}}}
