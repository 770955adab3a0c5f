"""4. Without Ballast, with two that see things differently, and when it goes for good."""

import json
import re

from lab import inventory
from lab.api import ApiError
from lab.applications import KIND, small, too_wide
from lab.lab import NAMESPACE, RELEASE
from lab.processes import run as run_program
from lab.report import check, check_equal, check_in, wait_for

TEAM = "team-down"


def run(lab, report):
    report.scenario("4. Ballast is down, is turned off, is uninstalled")
    before_down(lab)
    lab.kubectl("scale", "deployment", RELEASE, "-n", NAMESPACE, "--replicas=0")
    # To the last one: an API server goes on using connections to pods that are terminating.
    wait_for(lambda: not lab.all_pods(), "pods are still there", 90)
    down(lab, report)
    emergency(lab, report)
    back(lab, report)
    by_namespace(lab, report)
    uninstall(lab, report)


def path_of(name=""):
    return lab_path(TEAM, name)


def lab_path(namespace, name):
    path = f"/apis/sparkoperator.k8s.io/v1beta2/namespaces/{namespace}/sparkapplications"
    return f"{path}/{name}" if name else path


def before_down(lab):
    """Applications that were stored while Ballast was there."""
    lab.add_namespace(TEAM)
    for name in ("running", "finishing", "left"):
        lab.api.create(path_of(), too_wide(name, TEAM))


def must(lab, *arguments, stdin=None):
    done = lab.kubectl(*arguments, stdin=stdin)
    check_equal(done.status, 0, f"kubectl {' '.join(arguments)}: {done.err}")


def down(lab, report):
    with report.step("a new SparkApplication: /mutate is skipped, /validate refuses; nothing goes "
                     "through unjudged"):
        done = lab.kubectl("create", "-f", lab.file("new.json", small("new", TEAM)))
        check_equal(done.status, 1, "status")
        check_in('failed calling webhook "validate.ballast.dev"', done.err, "refusal")
        check_equal(lab.api.find(path_of("new")), None, "stored object")
        report.note(done.err.strip())
    with report.step("a change of a spec is refused"):
        try:
            lab.api.merge(path_of("running"), {"spec": {"executor": {"memory": "70g"}}})
            check(False, "changed")
        except ApiError as error:
            check_in("failed calling webhook", error.message, "refusal")
    with report.step("labels, annotations and finalizers of stored applications change"):
        must(lab, "label", KIND, "-n", TEAM, "running", "team=x")
        must(lab, "annotate", KIND, "-n", TEAM, "running", "note=y")
        lab.api.merge(path_of("finishing"), {"metadata": {"finalizers": ["e2e.example/wait"]}})
    with report.step("the operator's status is written"):
        lab.api.merge(path_of("running") + "/status", {"status": {
            "applicationState": {"state": "RUNNING"}, "driverInfo": {}}})
        item = lab.api.get(path_of("running"))
        check_equal(item["status"]["applicationState"]["state"], "RUNNING", "state")
    with report.step("a deletion waits for its finalizer and ends when that is taken away"):
        must(lab, "delete", KIND, "-n", TEAM, "finishing", "--wait=false")
        check(lab.api.get(path_of("finishing"))["metadata"].get("deletionTimestamp"),
              "no deletionTimestamp")
        lab.api.merge(path_of("finishing"), {"metadata": {"finalizers": None}})
        wait_for(lambda: lab.api.find(path_of("finishing")) is None, "still there")
    with report.step("drivers, executors and their ConfigMaps, which only /mutate sees, are stored"):
        for role in ("driver", "executor"):
            must(lab, "create", "-f", "-", stdin=json.dumps({
                "apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": f"spark-{role}", "namespace": TEAM,
                             "labels": {"spark-role": role, "spark-app-selector": "spark-1"}},
                "spec": {"containers": [{
                    "name": f"spark-kubernetes-{role}", "image": "docker.io/library/spark:4.0.0",
                    "args": [role]}]}}))
        must(lab, "create", "-f", "-", stdin=json.dumps({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "spark-drv-0123456789abcdef-conf-map", "namespace": TEAM},
            "data": {"spark.properties": "spark.executor.memory=60g\n"}}))
    with report.step("everything else works: Deployments, Secrets, namespaces, nodes"):
        must(lab, "create", "deployment", "other", "-n", TEAM, "--image=example.invalid/x:1")
        wait_for(lambda: lab.api.get(f"/api/v1/namespaces/{TEAM}/pods?labelSelector=app%3Dother")
                 ["items"], "its ReplicaSet makes no pod")
        must(lab, "create", "secret", "generic", "other", "-n", TEAM, "--from-literal=a=b")
        must(lab, "label", "node", "spark-001", "note=y")
        must(lab, "cordon", "spark-001")
        must(lab, "uncordon", "spark-001")
        must(lab, "create", "namespace", "another")
    with report.step("a namespace that holds applications is deleted to the end"):
        must(lab, "delete", "namespace", "another", "--timeout=60s")
        must(lab, "delete", "namespace", TEAM, "--timeout=90s")


def emergency(lab, report):
    notes = lab.helm("get", "notes", RELEASE, "-n", NAMESPACE).out
    with report.step("the emergency command of the chart's notes turns Ballast off, without any "
                     "of its pods"):
        command = re.search(r"IN AN EMERGENCY.*?\n\s+(kubectl .*)", notes)
        check(command, f"no command in the notes: {notes}")
        lab.add_namespace(TEAM + "-2")
        status, _, err = run_program(["bash", "-c", command.group(1)], env=lab.env)
        check_equal(status, 0, err)
        # The API server hears of it by its watch.
        job = lab.file("new.json", too_wide("new", TEAM + "-2"))
        wait_for(lambda: lab.kubectl("create", "-f", job).status == 0, "still refused", 10)
        report.note(command.group(1))


def back(lab, report):
    with report.step("helm upgrade turns it on again"):
        done = lab.helm("upgrade", *lab.install_arguments())
        check(done.status == 0, done.err)
        check_equal(len(lab.pods()), 3, "replicas")
        job = lab.file("again.json", too_wide("again", TEAM + "-2"))
        done = lab.kubectl("create", "--dry-run=server", "-f", job)
        check_equal(done.status, 0, done.err)
        check(done.warnings, "not judged")


def by_namespace(lab, report):
    with report.step("ballast.dev/admission=off on a namespace turns it off there alone"):
        must(lab, "label", "namespace", TEAM + "-2", "ballast.dev/admission=off")
        job = lab.file("off.json", too_wide("off", TEAM + "-2"))

        def unjudged():
            done = lab.kubectl("create", "--dry-run=server", "-f", job)
            return done.status == 0 and not done.warnings
        wait_for(unjudged, "still judged", 10)


def uninstall(lab, report):
    with report.step("helm uninstall leaves nothing of the release behind, in no kind of object"):
        for kind in ("sparkresourcepolicies", "sparkpolicyexceptions"):
            lab.kubectl("delete", kind, "-A", "--all")
        done = lab.helm("uninstall", RELEASE, "-n", NAMESPACE, "--wait", "--timeout", "3m")
        check_equal(done.status, 0, done.err)
        wait_for(lambda: not lab.all_pods(), "pods are still there", 90)
        left = {name for name in inventory.take(lab.api) if "ballast" in name.lower()}
        left -= {f"/api/v1/namespaces /{NAMESPACE}",
                 f"/api/v1/serviceaccounts {NAMESPACE}/default",
                 f"/api/v1/configmaps {NAMESPACE}/kube-root-ca.crt"}
        check(not left, "left behind:\n" + "\n".join(sorted(left)))
    with report.step("and every kind of object can be made without it"):
        must(lab, "create", "-f", lab.file("after.json", too_wide("after", TEAM + "-2")))
