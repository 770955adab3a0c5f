"""5. Real spark-submit, in cluster mode and in client mode: no operator between it and us."""

import json

from lab import json_patch
from lab.applications import application, hopeless, too_wide, tuning_guide
from lab.report import check, check_equal, check_in, wait_for
from lab.spark import Spark, settings_of, size_of, versions
from scenarios.s1_submit import decided_offline

TEAM = "team-submit"

# What an executor's pod carries that is not what it should be.
MISMATCH = "ballast.dev/mismatch"
# And what one carries whose driver's ConfigMap was rewritten.
GRANTED = "ballast.dev/granted"

SMALL_EXECUTORS = {
    "apiVersion": "policy.ballast.dev/v1alpha1", "kind": "SparkResourcePolicy",
    "metadata": {"name": "small-executors"},
    "spec": {"limits": {"executor": {"memory": {"max": "2Gi"}}},
             "rules": {"executor-shape": "Enforce"}}}

# The settings of applications.too_wide and applications.hopeless.
WIDE = {"spark.executor.memory": "60g", "spark.executor.cores": "8",
        "spark.executor.instances": "3", "spark.driver.memory": "1g"}
HOPELESS = {**WIDE, "spark.executor.cores": "1"}


def run(lab, report):
    report.scenario("5. Real spark-submit")
    begin(lab, TEAM)
    for version in versions():
        spark = Spark(lab, version)
        cluster_mode(lab, report, spark)
        refused(lab, report, spark)
        client_mode(lab, report, spark)


def begin(lab, namespace):
    """A namespace, and no policy but the built-in one."""
    lab.add_namespace(namespace)
    no_policy(lab, namespace)


def no_policy(lab, namespace):
    """Returns when every replica has forgotten all policies: twenty answers in a row say so."""
    lab.kubectl("delete", "sparkresourcepolicies", "--all")
    job = tuning_guide("probe", namespace)
    wanted = json_patch.apply(job, decided_offline(lab, job)["patch"])

    def asked():
        stored = lab.api.create(lab.application_path(namespace) + "?dryRun=All", job)
        return stored["spec"], stored["metadata"].get("annotations")
    wait_for(lambda: all(asked() == (wanted["spec"], wanted["metadata"].get("annotations"))
                         for _ in range(20)), lambda: f"{asked()} instead of {wanted}", 20)


def expected(lab, manifest):
    """What `ballast check` says of the same job, as a SparkApplication: its `after`."""
    decision = decided_offline(lab, manifest)
    check_equal(decision["verdict"], "Rewritten", "what ballast check says of the SparkApplication")
    return decision["after"]


def shape(after):
    """(executors, MiB, millicores) of a decision's workload."""
    return (after["executors"]["instances"], after["executor"]["memoryMiB"],
            after["executor"]["cpuMillis"])


def explained(lab, properties):
    """(executors, MiB, millicores) that `ballast explain` computes from a spark.properties."""
    lab.file("spark.properties", properties)
    done = lab.ballast("explain", "--properties", "/files/spark.properties", "-o", "json")
    check_equal(done.status, 0, done.err)
    sizes = json.loads(done.out)
    return (int(settings_of(properties)["spark.executor.instances"]),
            sizes["executor"]["memoryMiB"], sizes["executor"]["cpuMillis"])


def check_executors(executors, wanted):
    """Real executor pods against (executors, MiB, millicores)."""
    count, mib, cpu = wanted
    check_equal(len(executors), count, "executor pods")
    check_equal({size_of(pod) for pod in executors}, {(mib, cpu)}, "MiB and millicores of each")


def cluster_mode(lab, report, spark):
    name = f"wide-{spark.version.replace('.', '-')}"
    wanted = None
    with report.step(f"spark-submit {spark.version} --deploy-mode cluster of an oversized job ends "
                     "well, and its ConfigMap is what `ballast check` said before"):
        wanted = expected(lab, too_wide(name, TEAM))
        submission = spark.cluster_mode(TEAM, name, WIDE)
        check_equal(submission.status, 0, submission.output)
        check(submission.config_map, "no ConfigMap")
        properties = submission.config_map["data"]["spark.properties"]
        check_equal(explained(lab, properties), shape(wanted), "executors, MiB, millicores")
        report.note(f"{WIDE['spark.executor.instances']} executors of "
                    f"{WIDE['spark.executor.memory']} became {shape(wanted)[0]} of "
                    f"{settings_of(properties)['spark.executor.memory']}, {shape(wanted)[1]} MiB "
                    f"and {shape(wanted)[2]} millicores each")
    if not wanted:
        return
    with report.step("the driver pod is as big as `ballast check` said"):
        check_equal(size_of(submission.driver),
                    (wanted["driver"]["memoryMiB"], wanted["driver"]["cpuMillis"]),
                    "MiB and millicores")
    executors = []
    with report.step("the driver's own client-mode submit, with that ConfigMap, makes the split "
                     "executors, to the mebibyte"):
        executors = spark.executors_of(submission.driver, shape(wanted)[0])
        check_executors(executors, shape(wanted))
        marked = [pod["metadata"] for pod in executors if MISMATCH in json.dumps(pod["metadata"])]
        check_equal(marked, [], "executors that are said not to be what was decided")
    if executors:
        held_against_decision(lab, report, executors[0])


def held_against_decision(lab, report, pod):
    """What the ConfigMap's decision granted counts for its executors, and not the policy of today."""
    mib, cpu = size_of(pod)
    with report.step("an executor that is larger than its ConfigMap was given is told of, though "
                     "it would fit"):
        check_equal(pod["metadata"]["annotations"].get(GRANTED), f"{mib}Mi {cpu // 1000}", GRANTED)
        told, mark = asked_for(lab, pod, mib + 1)
        check_in(f"this one has {mib + 1}Mi", mark or "", MISMATCH)
        check_in(mark, "".join(told), "warnings")
        report.note(mark)
    with report.step("a policy that is tightened afterwards marks none of those that were granted, "
                     "and others it does"):
        other = json.loads(json.dumps(pod))
        del other["metadata"]["annotations"][GRANTED]
        try:
            done = lab.kubectl("apply", "-f", lab.file("small.json", SMALL_EXECUTORS))
            check_equal(done.status, 0, done.err)
            wait_for(lambda: all(asked_for(lab, other, mib)[1] for _ in range(20)),
                     "the policy in force in all replicas", 30)
            check_equal(asked_for(lab, pod, mib)[1], None, MISMATCH)
        finally:
            no_policy(lab, TEAM)


def asked_for(lab, pod, mib):
    """What kubectl shows to whoever makes such an executor, of so many MiB, and how it is marked."""
    again = {"apiVersion": "v1", "kind": "Pod",
             "spec": {"containers": pod["spec"]["containers"], "restartPolicy": "Never"},
             "metadata": {"name": "again", "namespace": TEAM, "labels": pod["metadata"]["labels"],
                          "annotations": pod["metadata"]["annotations"]}}
    again = json.loads(json.dumps(again))
    for container in again["spec"]["containers"]:
        container.pop("volumeMounts", None)
        for part in ("requests", "limits"):
            container["resources"][part]["memory"] = f"{mib}Mi"
    done = lab.kubectl("create", "--dry-run=server", "-o", "json", "-f",
                       lab.file("again.json", again))
    check_equal(done.status, 0, done.err)
    annotations = json.loads(done.out)["metadata"].get("annotations") or {}
    return done.warnings, annotations.get(MISMATCH)


def refused(lab, report, spark):
    name = f"hopeless-{spark.version.replace('.', '-')}"
    with report.step(f"spark-submit {spark.version} of a job that fits nowhere ends with 1 and shows "
                     "why, in numbers; its driver pod is gone"):
        finding = next(f["message"] for f in decided_offline(lab, hopeless(name, TEAM))["findings"]
                       if f["action"] == "Reject")
        submission = spark.cluster_mode(TEAM, name, HOPELESS)
        check_equal(submission.status, 1, submission.output)
        check_in(finding, submission.output, "output of spark-submit")
        check("Forbidden!" not in submission.output, submission.output)
        check_equal(submission.driver, None, "driver pod")
        report.note(finding)
    with report.step("and so does one whose driver fits nowhere"):
        manifest = application("driver", TEAM, driver={"memory": "200g"})
        finding = next(f["message"] for f in decided_offline(lab, manifest)["findings"]
                       if f["action"] == "Reject")
        submission = spark.cluster_mode(TEAM, f"driver-{name}", {"spark.driver.memory": "200g"})
        check_equal(submission.status, 1, submission.output)
        # What is to be lowered is named as each of them calls it.
        check_in(finding.partition(": lower")[0], submission.output, "output of spark-submit")
        check_equal(submission.driver, None, "driver pod")
        report.note(finding)


def client_mode(lab, report, spark):
    name = f"client-{spark.version.replace('.', '-')}"
    with report.step(f"spark-submit {spark.version} --deploy-mode client of the same job: its "
                     "executors are made as it asks for them, and each says what is wrong with it"):
        executors = spark.client_mode(TEAM, name, WIDE, 3)
        check_equal(len(executors), 3, "executor pods")
        # The heap and a tenth of it.
        check_equal({size_of(pod) for pod in executors}, {(67584, 8000)}, "MiB and millicores")
        for pod in executors:
            annotations = pod["metadata"].get("annotations") or {}
            check(MISMATCH in annotations, f"{pod['metadata']['name']} has {annotations}")
        report.note(f"{MISMATCH}: {executors[0]['metadata']['annotations'][MISMATCH]}")
    with report.step("kubectl shows the warning to whoever makes such a pod"):
        told, _ = asked_for(lab, executors[0], 67584)
        check(told, "no warning")
        for warning in told:
            report.note(f"Warning: {warning}")
