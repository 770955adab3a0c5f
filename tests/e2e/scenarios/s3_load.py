"""3. Three replicas under 200 submissions a second: nothing that is done to them loses a call."""

import ssl
import time

from lab import json_patch
from lab.applications import hopeless, too_wide
from lab.lab import NAMESPACE, RELEASE
from lab.load import Load, Submission, must_be_refused, must_be_rewritten
from lab.processes import must_run
from lab.report import check, check_equal, wait_for
from scenarios.s1_submit import decided_offline
from scenarios.s2_policy import LIMITS

TEAM = "team-load"
RATE = 200
CALLS = 10000


def run(lab, report):
    report.scenario(f"3. Three replicas under {RATE} submissions a second")
    lab.add_namespace(TEAM)
    check_equal(lab.kubectl("apply", "-f", lab.file("limits.json", LIMITS)).status, 0, "policy")
    load = Load(lab.api, lab.application_path(TEAM), submissions(lab), RATE)
    wait_until_judged(lab)
    load.start()
    try:
        under_load(lab, report, load)
    finally:
        load.stop()
    lab.api.delete(f"/api/v1/namespaces/{TEAM}")


def submissions(lab):
    """One that a fixed limit of the policy splits, one that it refuses."""
    wide = too_wide("wide", TEAM)
    decision = decided_offline(lab, wide, "--policy", "/files/limits.json")
    check_equal(decision["verdict"], "Rewritten", "what ballast check says of the wide one")
    spec = json_patch.apply(wide, decision["patch"])["spec"]
    refusal = next(f["message"] for f in decided_offline(
        lab, hopeless("hopeless", TEAM), "--policy", "/files/limits.json")["findings"]
        if f["action"] == "Reject")
    return [Submission("rewritten", lambda name: too_wide(name, TEAM), must_be_rewritten(spec)),
            Submission("refused", lambda name: hopeless(name, TEAM), must_be_refused(refusal))]


def wait_until_judged(lab):
    """The policy is in force in all replicas: twenty calls in a row say so."""
    def in_force():
        return all("ballast.dev/decision" in (lab.api.create(
            lab.application_path(TEAM) + "?dryRun=All", too_wide("first", TEAM))["metadata"].get(
                "annotations") or {}) for _ in range(20))
    wait_for(in_force, "the policy is not in force", 10)


def under_load(lab, report, load):
    for what, change in (
            ("nothing is done to them", lambda *_: load.wait_for(3 * RATE, 30)),
            ("a rolling upgrade (helm upgrade --wait, all three replaced)", upgrade),
            ("a pod is deleted, as a drained node does", delete_pod),
            ("the leaf certificate is replaced", rotate_leaf),
            ("the authority is replaced, with both trusted meanwhile", rotate_authority),
            ("the API server is restarted", restart_api_server)):
        with report.step(f"no call failed and none went through unjudged: {what}"):
            before = load.answered
            change(lab, report, load)
            # What is left of the change shows in the next seconds.
            load.wait_for(load.answered + 3 * RATE, 30)
            none_lost(load)
            report.note(f"{load.answered - before} calls")
    with report.step(f"no call failed and none went through unjudged: at least {CALLS} calls"):
        load.wait_for(CALLS, 180)
        none_lost(load)
        check(load.answered >= CALLS, f"{load.answered} calls")
        report.note(load.figures())
    lost_without_a_word(lab, report, load)
    for worker in lab.kubelet.pods():
        for process in worker.processes():
            report.note(f"{worker.name}: {worker.judged()} reviews, {process.resident_mib()} MiB "
                        "resident")


def none_lost(load):
    wrong = load.take_wrong()
    check(not wrong, "\n".join(f"{count} x {text}" for text, count in wrong.most_common(5)))


def upgrade(lab, report, load):
    before = {p["metadata"]["uid"] for p in lab.pods()}
    begin = time.monotonic()
    done = lab.helm("upgrade", *lab.install_arguments("e2e-next"))
    check(done.status == 0, done.err)
    # Helm waits for the new ones alone.
    wait_for(lambda: not before & {p["metadata"]["uid"] for p in lab.pods()} and
             len(lab.pods()) == 3, "pods of before are still there", 60)
    report.note(f"all three were replaced in {time.monotonic() - begin:.1f} s")


def busiest(lab):
    """The replica that has answered most in the last second: the API server keeps connections."""
    pods = [lab.kubelet.pod(p["metadata"]["name"]) for p in lab.pods()]
    before = {pod.name: pod.judged() for pod in pods}
    time.sleep(1)
    return max(pods, key=lambda pod: pod.judged() - before[pod.name])


def delete_pod(lab, report, load):
    name = busiest(lab).name
    check_equal(lab.kubectl("delete", "pod", "-n", NAMESPACE, name).status, 0, "kubectl delete")
    wait_for(lambda: len(lab.ready_addresses()) == 3, "no third replica again", 60)


def lost_without_a_word(lab, report, load):
    """SIGKILL: what was in flight to it is lost, and nobody but the kubelet can know at first."""
    with report.step("a process that dies without a word: no call goes through unjudged"):
        busiest(lab).processes()[0].kill()
        wait_for(lambda: len(lab.ready_addresses()) < 3, "its address is still ready", 30, 0.02)
        wait_for(lambda: len(lab.ready_addresses()) == 3, "it is not started again", 60)
        load.wait_for(load.answered + 2 * RATE, 30)
        wrong = load.take_wrong()
        check(not any("unjudged" in text for text in wrong), str(wrong.most_common(5)))
        report.note(f"{sum(wrong.values())} calls were refused meanwhile, and can be sent again:")
        for text, count in wrong.most_common(2):
            report.note(f"{count} x {text}")


def rotate_leaf(lab, report, load):
    before, authority = served(lab)
    run_rotation(lab, "rotate-leaf", "--renew=serving")
    after, its_authority = wait_for_new(lab, before)
    check_equal(its_authority, authority, "authority of the new certificate")
    report.note(f"serial {before} became {after}")


def rotate_authority(lab, report, load):
    """The next one is trusted first, and signs when it has been for a while."""
    before, authority = served(lab)
    run_rotation(lab, "rotate-authority-1", "--renew=authority", "--settle-seconds=5")
    check_equal(served(lab)[0], before, "served while the next authority settles")
    time.sleep(6)
    run_rotation(lab, "rotate-authority-2", "--settle-seconds=5")
    after, its_authority = wait_for_new(lab, before)
    check(its_authority != authority, "the old authority has signed the new certificate")
    report.note(f"serial {before} became {after}, authority {authority[-11:]} {its_authority[-11:]}")


def run_rotation(lab, name, *arguments):
    """Runs the Job of the chart's CronJob now, with some arguments more."""
    jobs = f"/apis/batch/v1/namespaces/{NAMESPACE}/jobs"
    template = lab.api.get(f"/apis/batch/v1/namespaces/{NAMESPACE}/cronjobs/{RELEASE}-certs")[
        "spec"]["jobTemplate"]
    template["spec"]["template"]["spec"]["containers"][0]["args"] += arguments
    lab.api.create(jobs, {"apiVersion": "batch/v1", "kind": "Job", "spec": template["spec"],
                          "metadata": {"name": name}})
    wait_for(lambda: lab.api.get(f"{jobs}/{name}")["status"].get("succeeded"),
             lambda: f"job {name}: {lab.kubelet.told()}", 60)
    lab.api.delete(f"{jobs}/{name}", {"propagationPolicy": "Background"})


def served(lab):
    """(serial, key of the authority) of the certificate that all replicas show; None: not one."""
    shown = set()
    for address in lab.ready_addresses():
        pem = ssl.get_server_certificate((address, 8443))
        text = must_run(["openssl", "x509", "-noout", "-serial", "-ext", "authorityKeyIdentifier"],
                        stdin=pem)
        serial, _, key = text.strip().partition("\n")
        shown.add((serial.split("=")[1], key.split()[-1]))
    return shown.pop() if len(shown) == 1 else None


def wait_for_new(lab, before):
    """Until all replicas show another certificate: a kubelet takes a moment to bring it."""
    def other():
        shown = served(lab)
        return shown if shown and shown[0] != before else None
    return wait_for(other, "the old certificate is still shown", 60)


def restart_api_server(lab, report, load):
    load.api_server_may_be_away = True
    away = lab.control_plane.restart_apiserver()
    # Until the last connection to the old one has been noticed.
    load.wait_for(load.answered + RATE, 30)
    load.api_server_may_be_away = False
    report.note(f"{away:.1f} s from SIGTERM until the API server was ready again")
