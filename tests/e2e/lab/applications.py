"""SparkApplications that the scenarios submit."""


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
