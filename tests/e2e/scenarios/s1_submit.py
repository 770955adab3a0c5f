"""1. Install, and submit in every way that a person does."""

import json

from lab import json_patch
from lab.applications import KIND, hopeless, small, too_wide, tuning_guide
from lab.lab import NAMESPACE, RELEASE
from lab.report import check, check_equal, check_in, wait_for

TEAM = "team-a"
OURS = "ballast.dev/"


def run(lab, report):
    report.scenario("1. Submit in every way that a person does")
    submit(lab, report)
    submit_otherwise(lab, report)


def prepare(lab):
    """The tuning guides' cluster, and a namespace for a team."""
    lab.add_nodes([f"spark-{n:03}" for n in range(1, 101)], cpu="10", memory="39Gi")
    lab.add_namespace(TEAM)
    # Restricted: the chart's pods and hooks have to meet the strictest Pod Security level.
    lab.add_namespace(NAMESPACE, {"pod-security.kubernetes.io/enforce": "restricted"})


def install(lab, report):
    """What every scenario starts from. False: there is nothing to go on with."""
    prepare(lab)
    with report.step("helm install --wait of the unmodified chart ends well: hooks ran, the "
                     "probe had its answers through the API server"):
        done = lab.helm("install", *lab.install_arguments())
        check(done.status == 0, done.err + done.out + lab.kubelet.told())
    if report.failed:
        return False
    with report.step("helm test passes"):
        done = lab.helm("test", RELEASE, "-n", NAMESPACE)
        check(done.status == 0, done.err + done.out)
        check_in("Succeeded", done.out, "helm test")
    look_at_pods(lab, report)
    return True


def look_at_pods(lab, report):
    with report.step("three replicas are ready behind the Service, each on a node of its own"):
        wait_for(lambda: len(lab.ready_addresses()) == 3,
                 lambda: f"three addresses, but {lab.ready_addresses()}")
        check_equal(len({p["spec"]["nodeName"] for p in lab.pods()}), 3, "nodes")
    with report.step("the processes run as user 65532 with no capability, on a root that they "
                     "cannot write to"):
        for worker in lab.kubelet.pods():
            for process in worker.processes():
                with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
                    status = dict(line.split(":", 1) for line in file.read().splitlines())
                check_equal(status["Uid"].split()[0], "65532", "user")
                check_equal(int(status["CapEff"].strip(), 16), 0, "effective capabilities")
                check_equal(status["NoNewPrivs"].strip(), "1", "no_new_privs")
                with open(f"/proc/{process.pid}/mounts", encoding="utf-8") as file:
                    root = next(line.split() for line in file if line.split()[1] == "/")
                check("ro" in root[3].split(","), f"the root is mounted {root[3]}")
    for worker in lab.kubelet.pods():
        for process in worker.processes():
            report.note(f"{worker.name}: {process.resident_mib()} MiB resident")


def decided_offline(lab, manifest, *options):
    """What `ballast check` says of the same manifest, the nodes as they are now, no policy."""
    lab.file("job.json", manifest)
    done = lab.ballast("check", "-f", "/files/job.json", "--cluster", lab.nodes_file(),
                       "-o", "json", *options)
    check(done.status in (0, 1), f"ballast check: status {done.status}: {done.err}")
    return json.loads(done.out)


def without_ours(annotations):
    return {k: v for k, v in (annotations or {}).items() if not k.startswith(OURS)}


def submit(lab, report):
    """One that is admitted, two that are rewritten, one that is rejected."""
    with report.step("kubectl create of a job that fits: stored as it was written, no warning, "
                     "no annotation"):
        manifest = small("fits", TEAM)
        done = lab.kubectl("create", "-f", lab.file("fits.json", manifest))
        check_equal(done.status, 0, done.err)
        check_equal(done.warnings, [], "warnings")
        stored = lab.api.get(lab.application_path(TEAM, "fits"))
        check_equal(stored["spec"], manifest["spec"], "spec")
        check_equal(stored["metadata"].get("annotations"), None, "annotations")
    for name, make in (("too-wide", too_wide), ("tuning-guide", tuning_guide)):
        manifest = make(name, TEAM)
        decision = decided_offline(lab, manifest)
        with report.step(f"kubectl create of {name}: {decision['verdict'].lower()}; a person sees "
                         "the warnings, and what is stored is what `ballast check` says offline"):
            done = lab.kubectl("create", "-f", lab.file(f"{name}.json", manifest))
            check_equal(done.status, 0, done.err)
            check(done.warnings, "no warning")
            check_equal(done.warnings, decision["warnings"], "warnings")
            stored = lab.api.get(lab.application_path(TEAM, name))
            wanted = json_patch.apply(manifest, decision["patch"])
            check_equal(stored["spec"], wanted["spec"], "spec")
            check_equal(stored["metadata"].get("annotations"),
                        wanted["metadata"].get("annotations"), "annotations")
            for warning in done.warnings:
                report.note(f"Warning: {warning}")
    manifest = hopeless("hopeless", TEAM)
    decision = decided_offline(lab, manifest)
    with report.step("kubectl create of a job that fits nowhere: refused with the reason that "
                     "`ballast check` gives offline, and nothing is stored"):
        check_equal(decision["verdict"], "Rejected", "verdict offline")
        done = lab.kubectl("create", "-f", lab.file("hopeless.json", manifest))
        check_equal(done.status, 1, "status of kubectl")
        for finding in decision["findings"]:
            if finding["action"] == "Reject":
                check_in(finding["message"], done.err, "refusal")
        check_equal(lab.api.find(lab.application_path(TEAM, "hopeless")), None, "stored object")
        report.note(done.err.strip())


def submit_otherwise(lab, report):
    """Dry run, server-side apply, kubectl diff."""
    manifest = too_wide("dry", TEAM)
    path = lab.file("dry.json", manifest)
    decision = decided_offline(lab, manifest)
    wanted = json_patch.apply(manifest, decision["patch"])
    with report.step("kubectl apply --dry-run=server tells the same in advance, and stores nothing"):
        done = lab.kubectl("apply", "--dry-run=server", "-f", path, "-o", "json")
        check_equal(done.status, 0, done.err)
        check_equal(done.warnings, decision["warnings"], "warnings")
        check_equal(json.loads(done.out)["spec"], wanted["spec"], "spec")
        check_equal(lab.api.find(lab.application_path(TEAM, "dry")), None, "stored object")
        done = lab.kubectl("apply", "--dry-run=server", "-f",
                           lab.file("hopeless.json", hopeless("hopeless", TEAM)))
        check_equal(done.status, 1, "status for a job that is refused")
    with report.step("kubectl diff shows what Ballast would change"):
        done = lab.kubectl("diff", "-f", path)
        check_equal(done.status, 1, f"status of kubectl diff: {done.err}")
        executor = wanted["spec"]["executor"]
        check_in(f"+    instances: {executor['instances']}", done.out, "difference")
        check_in(f"+    memory: {executor['memory']}", done.out, "difference")
    with report.step("server-side apply is rewritten alike, and again changes nothing"):
        done = lab.kubectl("apply", "--server-side", "-f", path)
        check_equal(done.status, 0, done.err)
        first = lab.api.get(lab.application_path(TEAM, "dry"))
        check_equal(first["spec"], wanted["spec"], "spec")
        done = lab.kubectl("apply", "--server-side", "-f", path)
        check_equal(done.status, 0, done.err)
        again = lab.api.get(lab.application_path(TEAM, "dry"))
        check_equal(again["spec"], first["spec"], "spec after the second apply")
        check_equal(again["metadata"]["generation"], first["metadata"]["generation"], "generation")
    with report.step("after it kubectl diff shows nothing"):
        done = lab.kubectl("diff", "--server-side", "-f", path)
        check_equal((done.status, done.out), (0, ""), f"kubectl diff: {done.err}")
    with report.step("ballast restore prints the manifest as it was written"):
        lab.file("stored.json", lab.kubectl("get", "-n", TEAM, KIND, "dry", "-o",
                                            "json").out)
        done = lab.ballast("restore", "-f", "/files/stored.json", "-o", "json")
        check_equal(done.status, 0, done.err)
        check_equal(json.loads(done.out)["spec"], manifest["spec"], "spec")
