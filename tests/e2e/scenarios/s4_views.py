"""4a. One replica mutates and another validates that sees another cluster, or is another version."""

import base64
import json
import os
import random
import time

from lab.applications import application
from lab.network import HOST_ADDRESS
from lab.processes import Process
from lab.report import check, check_equal, wait_for

TEAM = "team-views"
JOBS = 400
SHAPES = (("10", "39Gi", 60), ("16", "64Gi", 30), ("32", "250Gi", 3))
POLICY = {
    "apiVersion": "policy.ballast.dev/v1alpha1", "kind": "SparkResourcePolicy",
    "metadata": {"name": "views"},
    "spec": {"mode": "Enforce",
             "limits": {"application": {"memoryShare": "40%", "cpuShare": "40%"},
                        "executor": {"memory": {"max": "200Gi"}}},
             "rules": {"cluster-share": "Enforce", "executor-shape": "Enforce",
                       "memory-overhead": "Enforce"}}}


def run(lab, report):
    report.scenario("4a. Two replicas that see different things never contradict each other")
    # The release does not look at this namespace: only the two of this scenario do.
    lab.add_namespace(TEAM, {"views": "on", "ballast.dev/admission": "off"})
    lab.file("views.json", POLICY)
    lab.file("all.json", nodes(fewer=0))
    lab.file("fewer.json", nodes(fewer=1))
    previous = os.path.join(lab.cache, "bin/ballast-previous")
    this = ["/usr/sbin/chroot", lab.toolbox_root, "/usr/local/bin/ballast"]
    here, there = "/files", os.path.join(lab.toolbox_root, "files")
    given = []
    for what, mutates, validates in (
            ("validates with one node fewer of each kind", (this, here, "all"), (this, here, "fewer")),
            ("mutates with one node fewer of each kind", (this, here, "fewer"), (this, here, "all")),
            ("validates as the previous version", (this, here, "all"), ([previous], there, "all")),
            ("mutates as the previous version", ([previous], there, "all"), (this, here, "all"))):
        pair = Pair(lab, mutates, validates)
        try:
            given.append(judge(lab, report, what))
        finally:
            pair.stop()
    with report.step("and they do see different things: with a node fewer some jobs become smaller"):
        differ = sum(1 for number in given[0] if given[0][number] != given[1].get(number))
        check(differ > 10, f"only {differ} jobs differ")
    report.note(f"{differ} jobs of {JOBS} differ")


def nodes(fewer):
    """Three kinds of nodes; `fewer` of each kind are not there."""
    items = []
    for number, (cpu, memory, count) in enumerate(SHAPES):
        for index in range(count - fewer):
            name = f"n{number}-{index}"
            items.append({
                "apiVersion": "v1", "kind": "Node",
                "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
                "status": {"allocatable": {"cpu": cpu, "memory": memory, "pods": "110"},
                           "conditions": [{"type": "Ready", "status": "True"}]}})
    return {"apiVersion": "v1", "kind": "List", "items": items}


class Pair:
    """Two webhooks on ports of the host's address, and the configurations that call them."""

    def __init__(self, lab, mutates, validates):
        self._lab = lab
        self._processes = []
        self._configure("Mutating", "/mutate", 9443, "Ignore", mutates)
        self._configure("Validating", "/validate", 9444, "Fail", validates)

    def _configure(self, kind, path, port, failure_policy, how):
        program, files, cluster = how
        # A folder that both see: the toolbox's own root has it under /files.
        state = f"state-{port}-{time.time_ns()}"
        own = os.path.join(self._lab.toolbox_root, "files", state)
        process = Process(f"webhook-{port}", [
            *program, "serve", "--listen", f"{HOST_ADDRESS}:{port}",
            "--state-dir", f"{files}/{state}", "--cert-name", HOST_ADDRESS,
            "--policy", f"{files}/views.json", "--cluster", f"{files}/{cluster}.json"],
            os.path.join(self._lab.folder, f"{state}.log"))
        self._processes.append(process)
        authority = os.path.join(own, "ca.crt")
        wait_for(lambda: os.path.exists(authority) and "listening" in process.log_tail(),
                 process.log_tail, 20)
        with open(authority, "rb") as file:
            bundle = base64.b64encode(file.read()).decode()
        self._lab.api.create(self._path(kind), {
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": f"{kind}WebhookConfiguration",
            "metadata": {"name": "views"},
            "webhooks": [{
                "name": f"{kind.lower()}.views.example", "admissionReviewVersions": ["v1"],
                "sideEffects": "None", "failurePolicy": failure_policy, "timeoutSeconds": 5,
                "clientConfig": {"url": f"https://{HOST_ADDRESS}:{port}{path}", "caBundle": bundle},
                "namespaceSelector": {"matchLabels": {"views": "on"}},
                "rules": [{"apiGroups": ["sparkoperator.k8s.io"], "apiVersions": ["v1beta2"],
                           "resources": ["sparkapplications"],
                           "operations": ["CREATE", "UPDATE"]}]}]})

    @staticmethod
    def _path(kind):
        return f"/apis/admissionregistration.k8s.io/v1/{kind.lower()}webhookconfigurations"

    def stop(self):
        for kind in ("Mutating", "Validating"):
            self._lab.api.delete(f"{self._path(kind)}/views")
        for process in self._processes:
            process.stop(3)


def random_job(number):
    """Sizes around those of the nodes, often just at a border."""
    chance = random.Random(number)
    executor = {"cores": chance.choice((1, 2, 4, 5, 8, 10, 16, 32)),
                "instances": chance.choice((1, 3, 40, 200, 1000)),
                "memory": f"{chance.choice((1, 4, 20, 30, 35, 36, 50, 58, 100, 190, 225, 240))}g"}
    if chance.random() < 0.3:
        executor["memoryOverhead"] = f"{chance.choice((1, 3, 8))}g"
    conf = {}
    if chance.random() < 0.2:
        conf["spark.task.cpus"] = "2"
    driver = {"memory": chance.choice(("1g", "8g", "30g"))}
    return application(f"job-{number}", TEAM, executor, driver, conf)


def judge(lab, report, what):
    """Submits all jobs; what was made of those that were admitted, by number."""
    refused = rewritten = 0
    given = {}
    contradictions = []
    with report.step(f"of {JOBS} jobs with sizes around those of the nodes none is refused by the "
                     f"one after the other let it pass: the other {what}"):
        wait_for(lambda: lab.api.send("POST", lab.application_path(TEAM) + "?dryRun=All",
                                      random_job(0)).status in (201, 422), "not in force", 10)
        for number in range(JOBS):
            answer = lab.api.send("POST", lab.application_path(TEAM) + "?dryRun=All",
                                  random_job(number))
            if answer.status == 201:
                given[number] = answer.body["spec"]
                rewritten += "ballast.dev/decision" in (
                    answer.body["metadata"].get("annotations") or {})
            elif answer.status == 422 and "mutating.views.example" in answer.message:
                refused += 1
            else:
                contradictions.append(f"{answer.status} {answer.message[:400]} for "
                                      f"{json.dumps(random_job(number)['spec']['executor'])}")
        check(not contradictions, f"{len(contradictions)} times:\n" + "\n".join(contradictions[:3]))
        check(rewritten > JOBS / 10 and refused > 0, "the jobs are too tame to show anything: "
              f"{rewritten} rewritten, {refused} refused")
        check_equal(len(given) + refused, JOBS, "answers")
    report.note(f"{len(given)} admitted, {rewritten} of them rewritten; {refused} refused by the "
                "first")
    return given
