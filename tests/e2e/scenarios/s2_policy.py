"""2. Policies, exceptions and quotas as objects; a decision stays with its object."""

import json
import time

from lab.applications import KIND, application, too_wide, tuning_guide
from lab.lab import NAMESPACE, RELEASE
from lab.report import check, check_equal, check_in, wait_for
from lab.review import ask
from scenarios.s1_submit import decided_offline

TEAM = "team-b"
QUOTA_TEAM = "team-quota"
POLICIES = "/apis/policy.ballast.dev/v1alpha1/sparkresourcepolicies"

# A fixed limit, so that what it asks for does not depend on what the cluster has just now.
LIMITS = {
    "apiVersion": "policy.ballast.dev/v1alpha1", "kind": "SparkResourcePolicy",
    "metadata": {"name": "limits"},
    "spec": {"mode": "Enforce",
             "limits": {"executor": {"memory": {"max": "36Gi"}, "heap": {"max": "32g"}}},
             "rules": {"executor-shape": "Enforce"}}}

SHARE = {
    "apiVersion": "policy.ballast.dev/v1alpha1", "kind": "SparkResourcePolicy",
    "metadata": {"name": "share"},
    "spec": {"mode": "Enforce", "priority": 1,
             "limits": {"application": {"memoryShare": "30%", "cpuShare": "30%"}},
             "rules": {"cluster-share": "Enforce", "namespace-quota": "Enforce"},
             "exceptions": {"namespaceSelector": {"matchLabels": {"exceptions": "allowed"}},
                            "rules": ["cluster-share"], "maxDuration": "30d"}}}


def run(lab, report):
    report.scenario("2. Policies, exceptions and quotas as objects")
    lab.add_namespace(TEAM, {"exceptions": "allowed"})
    lab.add_namespace(QUOTA_TEAM)
    explained(lab, report)
    policy_takes_effect(lab, report)
    exception_takes_effect(lab, report)
    bad_policy_is_refused(lab, report)
    told_afterwards(lab, report)
    quota_is_explained(lab, report)
    decision_stays(lab, report)


def instances(answer):
    return answer["spec"]["executor"]["instances"]


def dry_create(lab, manifest):
    return lab.api.create(lab.application_path(manifest["metadata"]["namespace"]) + "?dryRun=All",
                          manifest)


def takes_effect(lab, report, proves, change, is_new):
    """Every replica, asked by itself, gives the new answer within a second after change()."""
    with report.step(proves):
        addresses = lab.ready_addresses()
        check_equal(len(addresses), 3, "replicas")
        change()
        begin = time.monotonic()
        took = {}
        while len(took) < len(addresses):
            for address in addresses:
                if address not in took and is_new(ask(address, tuning_guide("probe", TEAM))):
                    took[address] = time.monotonic() - begin
            check(time.monotonic() - begin < 10, f"after 10 s only {took} have it")
        check(max(took.values()) <= 1.0, f"seconds until it was in force: {took}")
        report.note("in force after " + ", ".join(f"{s * 1000:.0f} ms" for s in took.values()))


def apply(lab, name, manifest):
    done = lab.kubectl("apply", "-f", lab.file(f"{name}.json", manifest))
    check_equal(done.status, 0, done.err)


def explained(lab, report):
    with report.step("kubectl explain teaches the policy's fields"):
        done = lab.kubectl("explain", "sparkresourcepolicy.spec.limits.executor")
        check_equal(done.status, 0, done.err)
        for word in ("heap", "memory", "cores"):
            check_in(word, done.out, "kubectl explain")
    with report.step("the API server itself refuses a policy that its schema excludes"):
        wrong = json.loads(json.dumps(LIMITS))
        wrong["spec"]["mode"] = "Perhaps"
        done = lab.kubectl("apply", "-f", lab.file("wrong.json", wrong))
        check_equal(done.status, 1, "status")
        check_in("spec.mode", done.err, "refusal")


def policy_takes_effect(lab, report):
    before = instances(dry_create(lab, tuning_guide("probe", TEAM)))
    takes_effect(lab, report,
                 "a policy that is applied is in force in all replicas within a second",
                 lambda: apply(lab, "share", SHARE), lambda a: instances(a) < before)
    job = tuning_guide("probe", TEAM)
    lab.file("share.json", SHARE)
    decision = decided_offline(lab, job, "--policy", "/files/share.json")
    with report.step("and what it makes of a job is what `ballast check --policy` says offline"):
        answer = dry_create(lab, job)
        check_equal(instances(answer), decision["after"]["executors"]["instances"], "instances")
        report.note(f"{before} executors became {instances(answer)}")


def exception_takes_effect(lab, report):
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7 * 24 * 3600))
    exception = {
        "apiVersion": "policy.ballast.dev/v1alpha1", "kind": "SparkPolicyException",
        "metadata": {"name": "quarter-end", "namespace": TEAM},
        "spec": {"rules": ["cluster-share"], "until": until, "reason": "quarter end"}}
    job = tuning_guide("probe", TEAM)
    asked = job["spec"]["executor"]["instances"]
    takes_effect(lab, report, "an exception lifts the rule for its namespace within a second",
                 lambda: apply(lab, "exception", exception), lambda a: instances(a) == asked)
    with report.step("in another namespace, that the policy does not name, an exception is refused"):
        other = json.loads(json.dumps(exception))
        other["metadata"]["namespace"] = QUOTA_TEAM
        done = lab.kubectl("apply", "-f", lab.file("other.json", other))
        check_equal(done.status, 1, "status")
        report.note(done.err.strip())
    takes_effect(lab, report, "without the exception the rule is back within a second",
                 lambda: lab.kubectl("delete", "sparkpolicyexception", "-n", TEAM, "quarter-end"),
                 lambda a: instances(a) < asked)


def bad_policy_is_refused(lab, report):
    bad = json.loads(json.dumps(LIMITS))
    bad["spec"]["limits"]["executor"]["heap"] = {"min": "40g", "max": "2g"}
    with report.step("a policy that contradicts itself is refused, with its path and the remedy; "
                     "what was in force stays"):
        done = lab.kubectl("apply", "-f", lab.file("bad.json", bad))
        check_equal(done.status, 1, "status")
        check_in("limits.executor.heap", done.err, "refusal")
        check_equal(lab.api.find(f"{POLICIES}/limits"), None, "stored policy")
        report.note(done.err.strip())


def condition(item, kind):
    for entry in item.get("status", {}).get("conditions", []):
        if entry["type"] == kind:
            return entry
    return {}


def told_afterwards(lab, report):
    with report.step("the policy's status says that it is accepted and ready, for its generation"):
        def ready():
            item = lab.api.get(f"{POLICIES}/share")
            entry = condition(item, "Ready")
            return (entry.get("status") == "True" and condition(item, "Accepted").get("status") ==
                    "True" and entry.get("observedGeneration") == item["metadata"]["generation"])
        wait_for(ready, lambda: json.dumps(lab.api.get(f"{POLICIES}/share").get("status")), 30)
        done = lab.kubectl("get", "sparkresourcepolicies")
        check_in("share", done.out, "kubectl get")
        report.note(done.out.strip())
    with report.step("an Event on the stored object says what was decided"):
        apply(lab, "told", tuning_guide("told", TEAM))
        events = f"/api/v1/namespaces/{TEAM}/events?fieldSelector=involvedObject.name%3Dtold"
        found = wait_for(lambda: lab.api.get(events)["items"], "no Event", 30)
        check_equal(found[0]["involvedObject"]["kind"], "SparkApplication", "kind")
        report.note(f"{found[0]['reason']}: {found[0]['message']}")
    with report.step("audit annotations name the rule and the policy"):
        with open(lab.control_plane.path("audit.log"), encoding="utf-8") as file:
            kept = [json.loads(line).get("annotations", {}) for line in file]
        ours = [a for a in kept if any("ballast.dev/" in key for key in a)]
        check(ours, "no audit event carries an annotation of ours")
        check_in("cluster-share", json.dumps(ours[-1]), "annotations")


def quota_is_explained(lab, report):
    lab.api.create(f"/api/v1/namespaces/{QUOTA_TEAM}/resourcequotas", {
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"},
        "spec": {"hard": {"requests.memory": "8Gi", "requests.cpu": "20"}}})
    wait_for(lambda: lab.api.get(f"/api/v1/namespaces/{QUOTA_TEAM}/resourcequotas/team")
             ["status"].get("hard"), "the quota has no status")
    job = application("over-quota", QUOTA_TEAM, executor={"memory": "4g", "instances": 4})
    path = lab.file("over-quota.json", job)
    with report.step("a job above its namespace's quota is refused, and the sum is printed"):
        wait_for(lambda: lab.kubectl("create", "--dry-run=server", "-f", path).status == 1,
                 "admitted", 5)
        done = lab.kubectl("create", "--dry-run=server", "-f", path)
        check_in("requests.memory", done.err, "refusal")
        check_in("8", done.err, "refusal")
        report.note(done.err.strip())
    with report.step("one within the quota is admitted"):
        fits = application("in-quota", QUOTA_TEAM, driver={"memory": "512m"},
                           executor={"memory": "1g", "instances": 1, "cores": 1})
        done = lab.kubectl("create", "--dry-run=server", "-f", lab.file("in-quota.json", fits))
        check_equal(done.status, 0, done.err)


def decision_stays(lab, report):
    """An application, then twice the cluster and another policy, then the same file again."""
    client_side = too_wide("client-side", TEAM)
    server_side = too_wide("server-side", TEAM)
    paths = {"client-side": lab.file("client-side.json", client_side),
             "server-side": lab.file("server-side.json", server_side)}
    check_equal(lab.kubectl("apply", "-f", paths["client-side"]).status, 0, "apply")
    check_equal(lab.kubectl("apply", "--server-side", "-f", paths["server-side"]).status, 0,
                "server-side apply")
    before = {name: lab.api.get(lab.application_path(TEAM, name)) for name in paths}
    for name, item in before.items():
        check(item["metadata"].get("annotations", {}).get("ballast.dev/original"),
              f"{name} was not rewritten")
    lab.add_nodes([f"huge-{n:03}" for n in range(1, 101)], cpu="20", memory="80Gi")
    loose = json.loads(json.dumps(SHARE))
    loose["spec"]["limits"]["application"] = {"memoryShare": "90%", "cpuShare": "90%"}
    apply(lab, "share", loose)
    # Now the same file would be admitted as it is: 66 GiB fit on the new nodes.
    with report.step("after the cluster has doubled and the policy has changed, the same job under "
                     "a new name is judged anew"):
        wait_for(lambda: instances(dry_create(lab, too_wide("fresh", TEAM))) == 3,
                 "still split", 10)
    for how, name, arguments in (
            ("client-side apply", "client-side", ("apply",)),
            ("server-side apply", "server-side", ("apply", "--server-side")),
            ("kubectl replace", "client-side", ("replace",))):
        with report.step(f"the same file again by {how}: the stored spec stays byte for byte, the "
                         "generation does not move"):
            done = lab.kubectl(*arguments, "-f", paths[name])
            check_equal(done.status, 0, done.err)
            item = lab.api.get(lab.application_path(TEAM, name))
            check_equal(json.dumps(item["spec"]), json.dumps(before[name]["spec"]), "spec")
            check_equal(item["metadata"]["generation"], before[name]["metadata"]["generation"],
                        "generation")
    with report.step("ballast.dev/rejudge asks for a new decision, and gets the user's own text"):
        done = lab.kubectl("annotate", KIND, "-n", TEAM, "server-side",
                           "ballast.dev/rejudge=now")
        check_equal(done.status, 0, done.err)
        item = lab.api.get(lab.application_path(TEAM, "server-side"))
        check_equal(item["spec"], server_side["spec"], "spec")
    for n in range(1, 101):
        lab.api.delete(f"/api/v1/nodes/huge-{n:03}")
    lab.api.delete(f"{POLICIES}/share")
    forget_nodes(lab)


def forget_nodes(lab):
    """Nodes that are gone count for a day: replicas that never saw them take over."""
    old = {pod["metadata"]["uid"] for pod in lab.all_pods()}
    done = lab.kubectl("rollout", "restart", "deployment", RELEASE, "-n", NAMESPACE)
    check_equal(done.status, 0, done.err)
    # To the last one: an API server goes on using connections to pods that are terminating.
    wait_for(lambda: not old & {pod["metadata"]["uid"] for pod in lab.all_pods()} and
             len(lab.ready_addresses()) == 3, "the old replicas are still there", 120)
