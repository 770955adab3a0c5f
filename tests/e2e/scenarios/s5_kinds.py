"""5b. Every kind: the operators' own examples, and what each kind is held to."""

import json
import os

from lab import json_patch
from lab.applications import apache, apache_cluster, connect, scheduled, too_wide
from lab.report import CheckFailed, check, check_equal, check_in, wait_for
from scenarios.s1_submit import decided_offline
from scenarios.s5_spark_submit import HOPELESS, WIDE, begin, no_policy

TEAM = "team-kinds"
GROUPS = ("sparkoperator.k8s.io/", "spark.apache.org/")
# What the operators' own releases put into their examples.
PLACEHOLDERS = {"{{SPARK_VERSION}}": "4.2.0", "{IMAGE_REGISTRY}/{IMAGE_REPOSITORY}/": ""}

# Every application lacks the setting, and every pod is smaller: an object that is not rewritten, or
# a cluster, which has no such settings, that is not warned of, was not judged.
WANTED = {
    "apiVersion": "policy.ballast.dev/v1alpha1", "kind": "SparkResourcePolicy",
    "metadata": {"name": "wanted"},
    "spec": {"mode": "Enforce", "rules": {"settings": "Enforce", "executor-shape": "Warn"},
             "limits": {"executor": {"memory": {"min": "30Gi"}}},
             "settings": [{"key": "spark.e2e.judged", "type": "text", "default": "yes"}]}}


def run(lab, report):
    report.scenario("5b. Every kind, and the operators' own examples")
    begin(lab, TEAM)
    apply_wanted(lab)
    theirs = os.path.join(lab.spark_crds(), "examples")
    examples(lab, report, "the Spark operator's module", theirs)
    # Apache's operator is in no package registry: its examples are looked at where somebody has
    # laid them, and ours of the same kinds always.
    apaches = "../shared/examples/apache"
    if os.path.isdir(apaches):
        examples(lab, report, "Apache's operator", apaches)
    no_policy(lab, TEAM)
    known_fields(lab, report)
    for version in ("v1", "v1beta1"):
        apache_kinds(lab, report, version)
    refused(lab, report)
    unknown_version(lab, report)


def apply_wanted(lab):
    done = lab.kubectl("apply", "-f", lab.file("wanted.json", WANTED))
    check_equal(done.status, 0, done.err)
    path = lab.application_path(TEAM) + "?dryRun=All"
    wait_for(lambda: all("spark.e2e.judged" in json.dumps(lab.api.send(
        "POST", path, too_wide("probe", TEAM)).body) for _ in range(20)), "not in force", 10)


def read(lab, path):
    """The Spark objects of a file."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for placeholder, value in PLACEHOLDERS.items():
        text = text.replace(placeholder, value)
    # kubectl, since Python's own library reads no YAML.
    done = lab.kubectl("create", "--dry-run=client", "-o", "json", "-f", "-", stdin=text)
    check_equal(done.status, 0, f"{path}: {done.err}")
    decoder = json.JSONDecoder()
    rest, items = done.out.strip(), []
    while rest:
        item, end = decoder.raw_decode(rest)
        items += item["items"] if item["kind"] == "List" else [item]
        rest = rest[end:].strip()
    return [item for item in items if item["apiVersion"].startswith(GROUPS)]


def dry_create(lab, manifest):
    return lab.kubectl("create", "--dry-run=server", "-o", "json", "-f",
                       lab.file("example.json", manifest))


def examples(lab, report, whose, folder):
    """Each example, through the API server, against `ballast check` of the same file."""
    files = sorted(os.path.join(place, name) for place, _, names in os.walk(folder)
                   for name in names if name.endswith((".yaml", ".yml")))
    told, wrong = [], []
    with report.step(f"every example of {whose} is accepted, judged, and answered as `ballast check` "
                     "answers offline"):
        # As it is in force, since a decision names the policy's generation.
        lab.file("wanted.json", lab.kubectl("get", "sparkresourcepolicy", "wanted", "-o", "json").out)
        for path in files:
            for manifest in read(lab, path):
                manifest["metadata"]["namespace"] = TEAM
                try:
                    told.append(one_example(lab, path, manifest))
                except CheckFailed as failure:
                    wrong.append(str(failure))
        check(not wrong, "\n".join(wrong))
        check(told, f"no example in {folder}")
        report.note("\n".join(told))


def one_example(lab, path, manifest):
    """A line that says what became of it."""
    name = f"{os.path.basename(path)}: {manifest['kind']} {manifest['metadata']['name']}"
    decision = decided_offline(lab, manifest, "--policy", "/files/wanted.json")
    done = dry_create(lab, manifest)
    check_equal(done.status, 0, f"{name}: {done.err}")
    check_equal(done.warnings, decision["warnings"], f"{name}: warnings")
    check(decision["warnings"], f"{name}: no warning")
    is_cluster = manifest["kind"] == "SparkCluster"
    check_equal(decision["verdict"], "Admitted" if is_cluster else "Rewritten", name)
    stored = json.loads(done.out)
    wanted = json_patch.apply(manifest, decision["patch"])
    # What the operator's definition fills in is not ours.
    check_equal(stored["metadata"].get("annotations"), wanted["metadata"].get("annotations"),
                f"{name}: annotations")
    if not is_cluster:
        check_in('"spark.e2e.judged": "yes"', json.dumps(stored["spec"]), f"{name}: spec")
    after = decision["after"]
    what = ("master", "workers") if is_cluster else ("driver", "executors")
    return (f"{name}: {what[0]} {after['driver']['memoryMiB']} MiB, {counted(after)} {what[1]} of "
            f"{after['executor']['memoryMiB']} MiB and {after['executor']['cpuMillis']} millicores")


def counted(after):
    executors = after["executors"]
    if "instances" in executors:
        return str(executors["instances"])
    return f"{executors['min']} to {executors['max']}"


def same_as_offline(lab, manifest, verdict):
    """Creates it as a dry run; the decision, and what the API server would have stored."""
    decision = decided_offline(lab, manifest)
    check_equal(decision["verdict"], verdict, f"ballast check: {decision['findings']}")
    done = dry_create(lab, manifest)
    check_equal(done.warnings, decision["warnings"], "warnings")
    if verdict == "Rejected":
        check_equal(done.status, 1, "status of kubectl")
        for finding in decision["findings"]:
            if finding["action"] == "Reject":
                check_in(finding["message"], done.err, "refusal")
        return decision, None
    check_equal(done.status, 0, done.err)
    return decision, json.loads(done.out)


def apache_kinds(lab, report, version):
    with report.step(f"Apache's SparkApplication {version}: split in its sparkConf, as `ballast "
                     "check` says"):
        manifest = apache("wide", TEAM, WIDE, version)
        decision, stored = same_as_offline(lab, manifest, "Rewritten")
        check_equal(stored["spec"], json_patch.apply(manifest, decision["patch"])["spec"], "spec")
        check_equal(stored["apiVersion"], f"spark.apache.org/{version}", "version")
        report.note(", ".join(f"{key} {value}" for key, value in sorted(
            stored["spec"]["sparkConf"].items()) if key in WIDE))
    with report.step(f"Apache's SparkCluster {version}: workers that fit are taken, workers that fit "
                     "nowhere are refused with the reason"):
        same_as_offline(lab, apache_cluster("small", TEAM, 3, "4Gi", "2", version), "Admitted")
        decision, _ = same_as_offline(lab, apache_cluster("huge", TEAM, 3, "400Gi", "2", version),
                                      "Rejected")
        report.note(decision["findings"][0]["message"])


def every_field(schema, depth):
    """An object with all fields that a definition has, down to some depth; they hold null."""
    fields = schema.get("properties")
    if depth == 0 or not fields:
        return None
    return {name: every_field(field, depth - 1) for name, field in fields.items()}


def known_fields(lab, report):
    """What `ballast check` would tell to be mistyped is no field of the operator's definitions."""
    with report.step("no field of the Spark operator's definitions is taken for a mistyped one"):
        counted = []
        for definition in lab.api.get(DEFINITIONS)["items"]:
            spec = definition["spec"]
            if spec["group"] != "sparkoperator.k8s.io":
                continue
            for version in spec["versions"]:
                schema = version["schema"]["openAPIV3Schema"]["properties"]["spec"]
                # One that is scheduled has the others' spec a level deeper.
                fields = every_field(schema, 3 if "template" in schema["properties"] else 2)
                kind = spec["names"]["kind"]
                mistyped = min(fields) + "x"
                lab.file("fields.json", {
                    "apiVersion": f"{spec['group']}/{version['name']}", "kind": kind,
                    "metadata": {"name": "fields"}, "spec": {**fields, mistyped: None}})
                done = lab.ballast("check", "-f", "/files/fields.json")
                check(done.status in (0, 1), f"{kind}: {done.err}")
                told = [line for line in done.err.splitlines() if "is no field" in line]
                check_equal(len(told), 1, f"{kind}: {told}")
                check_in(f"/spec/{mistyped} ", told[0], kind)
                counted.append(f"{kind}: {len(fields)} in its spec")
        check_equal(len(counted), 3, counted)
        report.note(", ".join(counted))


def refused(lab, report):
    wide = too_wide("hopeless", TEAM)["spec"]
    wide["executor"]["cores"] = 1
    executor = {"cores": 1, "instances": 3, "memory": "60g"}
    for manifest in (scheduled("hopeless", TEAM, wide), connect("hopeless", TEAM, executor),
                     apache("hopeless", TEAM, HOPELESS)):
        with report.step(f"a {manifest['kind']} of {manifest['apiVersion']} that fits nowhere is "
                         "refused with the reason"):
            same_as_offline(lab, manifest, "Rejected")


DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
CLUSTERS = "sparkclusters.spark.apache.org"


def serve(lab, definition, versions):
    """The definition anew, with these versions alone; the first is the one that is stored."""
    if lab.api.find(f"{DEFINITIONS}/{CLUSTERS}"):
        lab.api.delete(f"{DEFINITIONS}/{CLUSTERS}")
        wait_for(lambda: not lab.api.find(f"{DEFINITIONS}/{CLUSTERS}"), "it is still there", 30)
    any_version = next(one for one in definition["spec"]["versions"] if one["name"] == "v1")
    lab.api.create(DEFINITIONS, {
        "apiVersion": definition["apiVersion"], "kind": definition["kind"],
        "metadata": {"name": CLUSTERS},
        "spec": {key: definition["spec"][key] for key in ("group", "scope", "names")} | {
            "versions": [{**any_version, "name": name, "served": True, "storage": name == versions[0]}
                         for name in versions]}})


def unknown_version(lab, report):
    definition = lab.api.get(f"{DEFINITIONS}/{CLUSTERS}")
    path = f"/apis/spark.apache.org/v9/namespaces/{TEAM}/sparkclusters?dryRun=All"
    small = apache_cluster("future", TEAM, 3, "4Gi", "2", "v9")

    def always(condition, what, seconds=60):
        """Of twenty answers in a row: every replica's."""
        def holds():
            answers = [lab.api.send("POST", path, small) for _ in range(20)]
            return all(condition(one) for one in answers) and answers[0]
        return wait_for(holds, what, seconds, every=1)

    def told(answer):
        return [text for text in answer.warnings if "not judged: spark.apache.org/v9" in text]
    try:
        with report.step("a SparkCluster in a version v9 that the API server converts to a known one "
                         "is judged in that one, and nothing is said of v9"):
            serve(lab, definition, ["v1", "v9"])
            always(lambda one: one.status == 201 and not told(one), "v9 is not served, or told of")
            huge = lab.api.send("POST", path, apache_cluster("huge", TEAM, 3, "400Gi", "2", "v9"))
            check_in("executor-fits-node", json.dumps(huge.body), "refusal of workers of 400Gi")
        with report.step("where v9 alone is served, it is admitted with a warning that names the "
                         "versions that are known"):
            serve(lab, definition, ["v9"])
            # Replicas ask twice a minute what is served.
            answer = always(lambda one: one.status == 201 and told(one), "no warning")
            report.note(f"Warning: {told(answer)[0]}")
        with report.step("with onUnknownKindVersion=reject it is refused, and told how to go on"):
            upgrade(lab, "onUnknownKindVersion=reject")
            answer = always(lambda one: one.status == 422, "it is not refused")
            check_in("cannot be judged: spark.apache.org/v9 SparkCluster", answer.message, "refusal")
            report.note(answer.message)
    finally:
        serve(lab, definition, ["v1", "v1beta1"])
        upgrade(lab, "onUnknownKindVersion=warn")


def upgrade(lab, value):
    done = lab.helm("upgrade", *lab.install_arguments(values=(value,)))
    check_equal(done.status, 0, done.err)
