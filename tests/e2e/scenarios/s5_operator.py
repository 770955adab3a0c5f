"""5a. The real Spark operator: what it makes of an application is what Ballast decided, once."""

import json
import shlex

from lab.applications import small, too_wide
from lab.report import check, check_equal, wait_for
from lab.spark import Spark, config_map, pods_of, size_of, versions
from lab.spark_operator import SparkOperator
from scenarios.s1_submit import decided_offline
from scenarios.s2_policy import forget_nodes
from scenarios.s5_spark_submit import (begin, check_executors, expected, explained, no_policy,
                                       shape)

TEAM = "team-operator"

# Under it nothing of these jobs would be admitted as it was.
TIGHTER = {
    "apiVersion": "policy.ballast.dev/v1alpha1", "kind": "SparkResourcePolicy",
    "metadata": {"name": "tighter"},
    "spec": {"mode": "Enforce", "rules": {"executor-shape": "Enforce"},
             "limits": {"executor": {"memory": {"max": "4Gi"}}}}}

# What Argo CD writes on an object that it keeps equal to Git.
TRACKED = {"argocd.argoproj.io/tracking-id":
           f"jobs:sparkoperator.k8s.io/SparkApplication:{TEAM}/tracked"}


# A submission that failed on a busy machine, and a driver that died, are tried again.
RETRY = {"type": "OnFailure", "onFailureRetries": 3, "onFailureRetryInterval": 1,
         "onSubmissionFailureRetries": 3, "onSubmissionFailureRetryInterval": 1}


def run(lab, report):
    report.scenario("5a. The real Spark operator")
    begin(lab, TEAM)
    spark = Spark(lab, versions()[-1])
    operator = SparkOperator(lab, spark, TEAM)
    failed_before = len(report.failed)
    operator.start()
    try:
        judged_once(lab, report, spark)
        scheduled(lab, report)
        connect(lab, report, spark)
        tracked(lab, report, spark)
        retried_on_fewer_nodes(lab, report, spark)
        retried(lab, report, spark)
        if len(report.failed) > failed_before:
            report.note(operator.log())
    finally:
        operator.stop()


def retrying(manifest):
    manifest["spec"]["restartPolicy"] = RETRY
    return manifest


def create(lab, manifest):
    done = lab.kubectl("create", "-f", lab.file(f"{manifest['metadata']['name']}.json", manifest))
    check_equal(done.status, 0, done.err)
    return done


def driver_of(lab, name, but=None):
    """The driver pod that the operator's spark-submit has made, with its ConfigMap."""
    def made():
        for pod in pods_of(lab.api, TEAM, f"spark-role=driver,sparkoperator.k8s.io/app-name={name}"):
            ended = pod["metadata"].get("deletionTimestamp")
            if pod["metadata"]["uid"] != but and not ended and config_map(lab.api, pod):
                return pod
        return None

    def state():
        item = lab.api.find(lab.application_path(TEAM, name)) or {}
        says = item.get("status", {}).get("applicationState", {})
        return (f"no driver pod of {name} with a ConfigMap; its state is {says.get('state')}: "
                f"{says.get('errorMessage')}")
    return wait_for(made, state, 90)


def properties_of(lab, driver):
    return config_map(lab.api, driver)["data"]["spark.properties"]


def check_untouched(lab, driver):
    """Neither the driver pod nor its ConfigMap carries a record of a rewrite."""
    for item in (driver, config_map(lab.api, driver)):
        ours = [key for key in item["metadata"].get("annotations") or {}
                if key.startswith("ballast.dev/")]
        check_equal(ours, [], f"annotations of {item['metadata']['name']}")


def check_pods(lab, spark, driver, after):
    """The driver's pod and its real executors are as big as the decision says."""
    check_equal(size_of(driver), (after["driver"]["memoryMiB"], after["driver"]["cpuMillis"]),
                "MiB and millicores of the driver")
    check_executors(spark.executors_of(driver, after["executors"]["instances"]), shape(after))


def judged_once(lab, report, spark):
    driver = None
    with report.step("a SparkApplication that is split: the operator's driver pod and the executors "
                     "that real Spark asks for are as big as `ballast check` said"):
        manifest = retrying(too_wide("wide", TEAM))
        after = expected(lab, manifest)
        create(lab, manifest)
        driver = driver_of(lab, "wide")
        check_pods(lab, spark, driver, after)
        report.note(f"{shape(after)[0]} executors of {shape(after)[1]} MiB and {shape(after)[2]} "
                    "millicores")
    with report.step("its driver pod and its ConfigMap, which conform already, pass untouched"):
        check(driver, "no driver pod")
        check_untouched(lab, driver)
        check_equal(explained(lab, properties_of(lab, driver)), shape(after), "ConfigMap")


def scheduled(lab, report):
    with report.step("a ScheduledSparkApplication is judged by its template, and the application "
                     "that the operator makes of it is taken as it is"):
        template = too_wide("nightly", TEAM)["spec"]
        manifest = {"apiVersion": "sparkoperator.k8s.io/v1beta2",
                    "kind": "ScheduledSparkApplication",
                    "metadata": {"name": "nightly", "namespace": TEAM},
                    "spec": {"schedule": "@every 1s", "concurrencyPolicy": "Forbid",
                             "template": template}}
        decision = decided_offline(lab, manifest)
        check_equal(decision["verdict"], "Rewritten", "ballast check")
        check_equal(shape(decision["after"]), shape(expected(lab, too_wide("nightly", TEAM))),
                    "executors, MiB, millicores, as of a SparkApplication")
        done = create(lab, manifest)
        check_equal(done.warnings, decision["warnings"], "warnings")
        path = f"/apis/sparkoperator.k8s.io/v1beta2/namespaces/{TEAM}/scheduledsparkapplications"
        stored = lab.api.get(f"{path}/nightly")

        def children():
            return [item for item in lab.api.get(lab.application_path(TEAM))["items"]
                    if item["metadata"]["name"].startswith("nightly-")]
        child = wait_for(children, lambda: f"no run of {json.dumps(stored.get('status'))}", 60)[0]
        lab.api.merge(f"{path}/nightly", {"spec": {"suspend": True}})
        for role in ("driver", "executor"):
            for key, value in stored["spec"]["template"][role].items():
                check_equal(child["spec"][role][key], value, f"{role}.{key} of the run")
        ours = [key for key in child["metadata"].get("annotations") or {}
                if key == "ballast.dev/original"]
        check_equal(ours, [], "records of a rewrite")


def connect(lab, report, spark):
    with report.step("a SparkConnect is judged: the server's own settings make the split executors"):
        manifest = {
            "apiVersion": "sparkoperator.k8s.io/v1alpha1", "kind": "SparkConnect",
            "metadata": {"name": "connect", "namespace": TEAM},
            "spec": {"sparkVersion": "4.0.0", "image": spark.image,
                     "server": {"cores": 1, "memory": "1g"},
                     "executor": {"instances": 3, "cores": 8, "memory": "60g"}}}
        decision = decided_offline(lab, manifest)
        check_equal(decision["verdict"], "Rewritten", "ballast check")
        done = create(lab, manifest)
        check_equal(done.warnings, decision["warnings"], "warnings")
        path = f"/api/v1/namespaces/{TEAM}/pods/connect-server"
        server = wait_for(lambda: lab.api.find(path), "the operator makes no server", 60)
        words = shlex.split(server["spec"]["containers"][0]["args"][0])
        conf = dict(following.partition("=")[::2] for here, following in zip(words, words[1:])
                    if here == "--conf" and "emplate" not in following)
        executors = spark.client_mode(TEAM, "connect-executors", conf, shape(decision["after"])[0])
        check_executors(executors, shape(decision["after"]))


def tracked(lab, report, spark):
    with report.step("a SparkApplication that Argo CD keeps equal to Git stays as it is written, to "
                     "the byte, and warnings tell what will happen"):
        manifest = retrying(too_wide("tracked", TEAM))
        manifest["metadata"]["annotations"] = dict(TRACKED)
        after = expected(lab, too_wide("tracked", TEAM))
        done = create(lab, manifest)
        check(done.warnings, "no warning")
        stored = lab.api.get(lab.application_path(TEAM, "tracked"))
        check_equal(json.dumps(stored["spec"], sort_keys=True),
                    json.dumps(manifest["spec"], sort_keys=True), "spec")
        for warning in done.warnings:
            report.note(f"Warning: {warning}")
    with report.step("its driver pod and its ConfigMap are rewritten instead: the executors are the "
                     "split ones"):
        driver = driver_of(lab, "tracked")
        check_pods(lab, spark, driver, after)
        stored = lab.api.get(lab.application_path(TEAM, "tracked"))
        check_equal(stored["spec"], manifest["spec"], "spec of the SparkApplication, afterwards")
        check_equal(stored["metadata"]["generation"], 1, "generation")


def fail(lab, driver):
    """What a node that is lost, or a driver out of memory, looks like."""
    meta = driver["metadata"]
    lab.api.merge(f"/api/v1/namespaces/{TEAM}/pods/{meta['name']}/status", {"status": {
        "phase": "Failed", "containerStatuses": [{
            "name": "spark-kubernetes-driver", "image": "x", "imageID": "", "ready": False,
            "restartCount": 0, "state": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]}})


def by_every_replica(lab, make, answered, what):
    """Waits until twenty answers in a row to a dry run are such."""
    path = lab.application_path(TEAM) + "?dryRun=All"
    wait_for(lambda: all(answered(lab.api.send("POST", path, make("probe", TEAM)))
                         for _ in range(20)), what, 20)


def is_whole(answer):
    """Not split: the executors are those of too_wide."""
    return answer.body["spec"]["executor"]["memory"] == "60g"


def retried_on_fewer_nodes(lab, report, spark):
    """An application that fits on large nodes alone, and was admitted as it is while they were there."""
    large = [f"large-{n}" for n in range(1, 9)]
    with report.step("large nodes go, the driver of a job that fits on nothing else dies, and the "
                     "retry runs with the same sizes; the same job under another name is split"):
        lab.add_nodes(large, cpu="20", memory="80Gi")
        by_every_replica(lab, too_wide, is_whole, "still split")
        manifest = retrying(too_wide("again-large", TEAM))
        after = decided_offline(lab, manifest)["after"]
        create(lab, manifest)
        stored = lab.api.get(lab.application_path(TEAM, "again-large"))
        check_equal(stored["spec"]["executor"], manifest["spec"]["executor"], "executor, as stored")
        first = driver_of(lab, "again-large")
        for name in large:
            lab.api.delete(f"/api/v1/nodes/{name}")
        forget_nodes(lab)
        by_every_replica(lab, too_wide, lambda answer: not is_whole(answer), "not split")
        fail(lab, first)
        again = driver_of(lab, "again-large", but=first["metadata"]["uid"])
        check_untouched(lab, again)
        check_pods(lab, spark, again, after)
        report.note(f"{shape(after)[0]} executors of {shape(after)[1]} MiB, twice")


def retried(lab, report, spark):
    """Applications of before a policy, whose drivers die after it."""
    jobs = {}
    for name, make in (("again-split", too_wide), ("again-as-is", small)):
        manifest = retrying(make(name, TEAM))
        after = decided_offline(lab, manifest)["after"]
        create(lab, manifest)
        jobs[name] = after, driver_of(lab, name)
    lab.kubectl("apply", "-f", lab.file("tighter.json", TIGHTER))
    by_every_replica(lab, small, lambda answer: answer.warnings, "the policy is not in force")
    for name, (after, driver) in jobs.items():
        with report.step(f"{name}: the policy is tightened, the driver dies, and the retry runs with "
                         "the same sizes"):
            fail(lab, driver)
            again = driver_of(lab, name, but=driver["metadata"]["uid"])
            check_pods(lab, spark, again, after)
    no_policy(lab, TEAM)
